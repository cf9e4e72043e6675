from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError
from detente.scenarios.evidence import split_days
from detente.scenarios.explain import Explanation
from detente.scenarios.forecast import LEAST_DAYS, CompletionModel
from detente.scenarios.groups import Groups
from tests.scenarios.completions import N_ENTITIES, N_RELATIONS, made_history

QUERIES = np.array([[0, 0], [1, N_RELATIONS], [3, 2], [7, 1], [0, 0]])
DAY = 34


def fitted(n_days: int = DAY, *, rerank: bool = True, **options: Groups) -> CompletionModel:
    model = CompletionModel(rerank=rerank, **options)
    model.fit(made_history(n_days), N_ENTITIES, N_RELATIONS)
    return model


@pytest.fixture(scope="module")
def model() -> CompletionModel:
    return fitted()


def test_predict_gives_probabilities_over_all_entities(model: CompletionModel) -> None:
    stages = model.predict_stages(QUERIES, DAY)
    for scores in stages:
        assert scores.shape == (len(QUERIES), N_ENTITIES)
        assert np.exp(scores).sum(axis=1) == pytest.approx(np.ones(len(QUERIES)), abs=1e-4)


def test_predict_knows_what_repeats_in_both_directions(model: CompletionModel) -> None:
    assert model.predict(QUERIES, DAY).argmax(axis=1).tolist()[:2] == [1, 0]


def test_predict_answers_a_repeated_query_alike(model: CompletionModel) -> None:
    scores = model.predict(QUERIES, DAY)
    assert np.array_equal(scores[0], scores[4])


def test_forecasts_do_not_depend_on_the_future() -> None:
    history = made_history(40)
    known, changed = history[history[:, 3] < DAY], history.copy()
    later = changed[:, 3] >= DAY
    changed[later, 2] = (changed[later, 2] + 5) % N_ENTITIES
    seen = []
    for future in (history, changed):
        one = CompletionModel(rerank=False)
        one.fit(known, N_ENTITIES, N_RELATIONS)
        days = split_days(future[future[:, 3] >= DAY])
        scores = []
        for today in days:
            scores.append(one.predict(QUERIES, int(today[0, 3])))
            one.update(today)
        seen.append(scores)
    assert np.array_equal(seen[0][0], seen[1][0])
    assert not np.array_equal(seen[0][1], seen[1][1])  # the changed day is then the past


def test_forecasts_are_the_same_each_time(model: CompletionModel) -> None:
    assert np.array_equal(fitted().predict(QUERIES, DAY), model.predict(QUERIES, DAY))


def test_update_of_several_days_equals_one_after_another() -> None:
    history = made_history(40)
    later = history[history[:, 3] >= DAY]
    together, apart = fitted(rerank=False), fitted(rerank=False)
    together.update(later)
    for today in split_days(later):
        apart.update(today)
    assert np.array_equal(together.predict(QUERIES, 40), apart.predict(QUERIES, 40))


def test_fit_needs_some_days() -> None:
    with pytest.raises(InputError, match=f"need {LEAST_DAYS}"):
        fitted(LEAST_DAYS - 1)


def test_without_rerank_both_stages_agree() -> None:
    stages = fitted(rerank=False).predict_stages(QUERIES, DAY)
    assert np.array_equal(stages.first, stages.final)


def test_countries_move_the_forecast() -> None:
    homes = np.arange(N_ENTITIES) % 3 + 1
    grouped = fitted(rerank=False, groups=Groups(homes, np.zeros_like(homes)))
    plain = fitted(rerank=False)
    assert not np.array_equal(grouped.predict(QUERIES, DAY), plain.predict(QUERIES, DAY))


@pytest.fixture(scope="module")
def explained(model: CompletionModel) -> Explanation:
    return model.explain((0, 0), 1, DAY)


def test_explanation_sums_to_the_first_stages_log_odds(model: CompletionModel) -> None:
    stages = model.predict_stages(QUERIES, DAY)
    differences = []
    for candidate in (1, 5):
        one = model.explain((0, 0), candidate, DAY)
        assert one.log_odds == pytest.approx(sum(r.contribution for r in one.reasons))
        assert np.log(one.first_stage) == pytest.approx(stages.first[0, candidate], abs=1e-5)
        differences.append(one.log_odds)
    expected = float(stages.first[0, 1] - stages.first[0, 5])
    assert differences[0] - differences[1] == pytest.approx(expected, abs=1e-3)


def test_explanation_states_what_the_second_stage_adds(model: CompletionModel) -> None:
    stages = model.predict_stages(QUERIES, DAY)
    one, other = (model.explain((0, 0), candidate, DAY) for candidate in (1, 5))
    moved = (one.log_odds + one.shift) - (other.log_odds + other.shift)
    assert moved == pytest.approx(float(stages.final[0, 1] - stages.final[0, 5]), abs=1e-3)


def test_explanation_names_the_past_events(explained: Explanation) -> None:
    [again] = [r for r in explained.reasons if r.group == "same interaction"]
    assert [(e.source, e.relation, e.target) for e in again.events] == [(0, 0, 1)] * 5
    assert [e.day for e in again.events] == [33, 32, 31, 30, 29]
    assert made_history(DAY)[again.events[0].row].tolist() == [0, 0, 1, 33]


def test_parts_are_weight_times_value(explained: Explanation) -> None:
    for reason in explained.reasons:
        assert reason.contribution == pytest.approx(sum(p.contribution for p in reason.parts))
        for part in reason.parts:
            assert part.contribution == pytest.approx(part.value * part.weight)


def test_explanation_of_a_source_turns_the_events_round(model: CompletionModel) -> None:
    one = model.explain((1, N_RELATIONS), 0, DAY)
    [again] = [r for r in one.reasons if r.group == "same interaction"]
    assert (again.events[0].source, again.events[0].target) == (0, 1)


def test_explanation_of_a_candidate_that_is_not_listed() -> None:
    model = CompletionModel(rerank=False)
    model.fit(made_history(DAY), 300, N_RELATIONS)
    every = [model.explain((0, 0), candidate, DAY) for candidate in range(100, 300, 10)]
    alone = [one for one in every if not one.log_odds]
    assert alone
    for one in alone:
        assert [r.group for r in one.reasons] == ["not among the candidates"]
        assert one.shift == 0
        assert 0 < one.probability < 0.01

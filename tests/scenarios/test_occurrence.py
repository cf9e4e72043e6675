from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.history import read_history
from detente.scenarios.activity import QUADS, base_rates, tabulate_activity, windows
from detente.scenarios.advantage import busiest_pairs, measure_advantage, measure_occurrence
from detente.scenarios.occurrence import GRID, OccurrenceModel
from detente.scenarios.outlook import FLOOR, Forecast, forecast_question, forecast_questions
from detente.scenarios.precursors import TERMS, measure_precursors
from detente.scenarios.questions import parse_question
from tests.scenarios.histories import FIRST, Row, busy_world, history

WORLD = busy_world(200)
ON = FIRST + timedelta(days=199)


def predict(rows: list[Row], *texts: str, as_of: date = ON) -> list[float]:
    questions = [parse_question(text) for text in texts]
    chances: list[float] = OccurrenceModel().fit(history(rows), as_of).predict(questions).tolist()
    return chances


def log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def only(text: str, rows: list[Row]) -> Forecast:
    return forecast_questions(history(rows), [parse_question(text)], measured=False)[0]


def test_windows_see_an_event_from_their_first_to_their_last_day() -> None:
    days = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    assert windows(days, 2).tolist() == [0, 1, 1, 0]
    assert windows(days, 9).tolist() == []


def test_the_pool_is_picked_by_the_past() -> None:
    rows = [(day, "USA", "RUS", "AID") for day in range(10)]
    rows += [(day, "CHN", "IND", "AID") for day in range(10, 60)]
    found = tabulate_activity(
        history(rows), [], kinds=["ANY"], directed=False, as_of=ON, origins=[9, 60]
    )
    place = found.dyads.index(("CHN", "IND"))
    assert found.pool[place, :2].tolist() == [False, True]


def test_base_rates_are_drawn_to_the_pool_and_need_windows() -> None:
    rows = [*WORLD, *((day, "ARG", "BRA", "CONSULT") for day in range(200))]
    found = tabulate_activity(
        history(rows),
        [("ARG", "BRA"), ("ARG", "CHL")],
        kinds=["CONSULT"],
        directed=False,
        as_of=ON,
        origins=[10, 100],
    )
    rates = base_rates(found, 7).rate[:2, 0]
    assert np.isnan(rates[:, 0]).all()
    assert 0 < rates[1, 2] < rates[1, 1] < 0.3
    assert 0.8 < rates[0, 1] < rates[0, 2] < 1


def test_precursors_are_about_zero_where_all_is_usual_and_rise_with_a_burst() -> None:
    steady = [(day, "USA", "RUS", "CONSULT") for day in range(0, 200, 4)]
    burst = [(day, "CHN", "IND", "CONSULT") for day in (0, *range(190, 200))]
    found = tabulate_activity(
        history(steady + burst),
        [("RUS", "USA"), ("CHN", "IND")],
        kinds=["CONSULT"],
        directed=False,
        as_of=ON,
        origins=(),
    )
    values = measure_precursors(found)[:, 0, -1]
    weeks = next(number for number, term in enumerate(TERMS) if term.half_life == 32.0)
    assert abs(values[0, weeks]) < 0.3
    assert values[1, weeks] > 1


def test_an_event_each_monday_is_almost_certain_within_a_week() -> None:
    mondays = [(day, "DEU", "FRA", "CONSULT") for day in range(0, 200, 7)]
    week, tomorrow = predict(
        WORLD + mondays, "DEU FRA CONSULT within 7 days", "DEU FRA CONSULT within 1 day"
    )
    assert week > 0.85
    assert tomorrow < 0.5


def test_a_pair_without_events_gets_a_small_chance_not_none() -> None:
    [never] = predict(WORLD, "ARG BRA ASSAULT within 7 days")
    assert 0 < never < 0.05


def test_without_enough_history_to_learn_the_answer_is_the_base_rate() -> None:
    rows = [row for row in WORLD if row[0] < 40]
    found = forecast_questions(
        history(rows), [parse_question("USA RUS CONSULT within 7 days")], measured=False
    )[0]
    assert found.probability == pytest.approx(found.base_rate)
    assert found.reasons == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 60), min_size=2, max_size=4, unique=True))
def test_chances_lie_within_0_and_1_and_never_fall_with_the_horizon(
    seed: int, horizons: list[int]
) -> None:
    rows = busy_world(150, seed=seed, n_parties=4)
    texts = [f"CHN DEU ACCUSE within {days} days" for days in sorted(horizons)]
    chances = predict(rows, *texts, as_of=FIRST + timedelta(days=149))
    assert all(0 < chance < 1 for chance in chances)
    assert chances == sorted(chances)


def test_the_answer_does_not_hang_on_the_other_questions_or_on_their_order() -> None:
    texts = ["USA RUS CONSULT within 14 days", "IND CHN ACCUSE within 10 days"]
    together = predict(WORLD, *texts)
    assert together[::-1] == predict(WORLD, *reversed(texts))
    assert together == pytest.approx([predict(WORLD, text)[0] for text in texts], abs=1e-9)


def test_what_comes_later_does_not_matter() -> None:
    later = [(day, "USA", "RUS", "CONSULT") for day in range(200, 230)]
    text = "USA RUS CONSULT within 14 days"
    assert predict(WORLD, text) == predict(WORLD + later, text)
    question = parse_question(text)
    assert forecast_question(history(WORLD + later), question, ON) == forecast_question(
        history([row for row in WORLD if row[0] < 200]), question, ON
    )


@pytest.mark.parametrize("text", ["USA RUS ACCUSE within 14 days", "USA-RUS ANY within 10 days"])
def test_reasons_sum_to_the_forecast(text: str) -> None:
    found = only(text, WORLD)
    moved = sum(reason.contribution for reason in found.reasons)
    assert log_odds(found.base_rate) + moved == pytest.approx(log_odds(found.probability))
    assert found.low < found.probability < found.high
    assert found.since == FIRST.isoformat()


def test_reasons_name_the_newest_events_that_they_count() -> None:
    rows = [*WORLD, (198, "ARG", "BRA", "ACCUSE"), (199, "BRA", "ARG", "ACCUSE")]
    events = history(rows)
    found = only("ARG BRA ACCUSE within 7 days", rows)
    named = {reason.term: [past.id for past in reason.events] for reason in found.reasons}
    ids = dict(zip(events["id"], zip(events["source"], events["target"], strict=True), strict=True))
    assert [ids[key] for key in named["events of this kind in the last days"]] == [("ARG", "BRA")]
    other = "events of this kind the other way in the last days"
    assert [ids[key] for key in named[other]] == [("BRA", "ARG")]
    assert len(named["conflict of the two in the last days"]) == 2


def test_a_burst_is_a_rising_trend_and_silence_a_falling_one() -> None:
    burst = [(day, "ARG", "BRA", "CONSULT") for day in (0, 190, 195, 198, 199)]
    silence = [(day, "ARG", "CHL", "CONSULT") for day in range(0, 100, 2)]
    rows = WORLD + burst + silence
    assert only("ARG BRA CONSULT within 7 days", rows).trend == "rising"
    assert only("ARG CHL CONSULT within 7 days", rows).trend == "falling"


def test_a_longer_horizon_is_raised_to_the_shorter_one() -> None:
    texts = [f"USA RUS ACCUSE within {days} days" for days in GRID[:4]]
    forecasts = [only(text, WORLD) for text in texts]
    assert [each.probability for each in forecasts] == sorted(f.probability for f in forecasts)
    raised = [r for f in forecasts for r in f.reasons if r.term == FLOOR]
    assert all(reason.contribution > 0 for reason in raised)


def test_the_word_is_that_of_icd_203() -> None:
    assert only("ARG BRA ASSAULT within 7 days", WORLD).band == "almost no chance"


@pytest.mark.parametrize(
    ("rows", "text", "as_of", "match"),
    [
        ([], "USA RUS AID within 7 days", None, "no events"),
        (WORLD, "USA RUS AID within 180 days", FIRST + timedelta(days=100), "too short"),
        (WORLD, "USA RUS AID within 7 days", FIRST - timedelta(days=1), "no event up to"),
        (WORLD, "USA RUS AID within 7 days", FIRST + timedelta(days=900), "ends on"),
    ],
)
def test_what_cannot_be_forecast(
    rows: list[Row], text: str, as_of: date | None, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        forecast_question(history(rows), parse_question(text), as_of)


def test_a_short_history_says_that_nothing_was_measured() -> None:
    found = forecast_question(history(WORLD[:300]), parse_question("USA RUS AID within 7 days"))
    assert found.advantage is not None
    assert "measured" in found.advantage.words


def test_noise_gives_no_measured_advantage() -> None:
    draws = np.random.default_rng(1)
    states = ("CHN", "DEU", "FRA", "IND", "RUS", "USA")
    noise: list[Row] = [
        (day, a, b, "ACCUSE")
        for a in states
        for b in states
        if a < b
        for day in np.flatnonzero(draws.random(260) < 0.1).tolist()
    ]
    question = parse_question("USA-RUS ACCUSE within 7 days")
    found = measure_advantage(history(noise), question, FIRST + timedelta(days=259))
    assert found.words == "no measured advantage"
    assert found.low is not None
    assert found.low <= 0
    assert found.skill is not None
    assert found.skill > -0.05


def test_pairs_are_picked_before_the_first_origin() -> None:
    rows = [(0, "USA", "RUS", "AID"), (1, "RUS", "USA", "AID"), (0, "USA", "CHN", "AID")]
    rows += [(day, "IND", "CHN", "AID") for day in range(5, 20)]
    events = history(rows)
    assert busiest_pairs(events, FIRST + timedelta(days=5)) == [("RUS", "USA"), ("CHN", "USA")]
    assert busiest_pairs(events, FIRST + timedelta(days=5), directed=True, n=1) == [("RUS", "USA")]


def test_the_measure_has_a_number_for_each_horizon_and_quad() -> None:
    found = measure_occurrence(history(busy_world(160, n_parties=4)))
    assert list(found["brier_skill"]) == ["7", "14"]
    for skills in found["brier_skill"].values():
        assert list(skills) == list(QUADS)
        assert all(isinstance(skill, float) for skill in skills.values())
    assert (
        found["interval"]["7"]["VERBAL_CONFLICT"][0] <= found["brier_skill"]["7"]["VERBAL_CONFLICT"]
    )
    with pytest.raises(InputError, match="no events"):
        measure_occurrence(history([]))


@pytest.mark.shared
@pytest.mark.slow
def test_skill_on_icews_is_above_zero(shared: Path) -> None:
    events = read_history(shared / "data" / "icews14").events
    skills = measure_occurrence(events)["brier_skill"]
    assert all(skill > 0 for by_quad in skills.values() for skill in by_quad.values())

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.extract.likelihood import NOT_DETERMINED
from detente.scenarios.answers import (
    Estimate,
    Question,
    compare,
    estimate,
    groups_of,
    score_question,
)

NOBODY = np.empty((0, 0), dtype=np.int64)


def question(**changes: object) -> Question:
    values: dict[str, object] = {
        "id": "q",
        "text": "?",
        "about": "ties",
        "names": ("USA", "RUS"),
        "test": "rises",
        "by": 3,
    }
    return Question(**(values | changes))  # type: ignore[arg-type]


def answer(asked: Question, path: list[float]) -> bool:
    series = {("ties", "USA", "RUS"): np.array(path)[:, None]}
    return bool(score_question(asked, series, NOBODY)[0] >= 0)


@pytest.mark.parametrize(
    ("changes", "path", "yes"),
    [
        ({"amount": 0.2}, [0, 0.1, 0.3, 0.0], True),
        ({"amount": 0.2, "when": "end"}, [0, 0.1, 0.3, 0.0], False),
        ({"amount": 0.2, "by": 1}, [0, 0.1, 0.3, 0.0], False),
        ({"amount": 0.2, "by": 1, "when": "end"}, [0, 0.3, 0.0, 0.0], True),
        ({"test": "falls", "amount": 0.2}, [0.5, 0.2, 0.5, 0.5], True),
        ({"test": "above", "amount": 0.4}, [0.5, 0.2, 0.3, 0.3], False),
        ({"test": "below", "amount": 0.25}, [0.5, 0.2, 0.3, 0.3], True),
        ({"test": "loosens"}, [0.5, 0.2, 0.3, 0.3], True),
        ({"test": "breaks"}, [0.5, 0.2, 0.3, 0.3], False),
        ({"test": "breaks"}, [0.5, 0.2, -0.1, 0.3], True),
    ],
)
def test_a_question_about_a_tie(changes: dict[str, object], path: list[float], yes: bool) -> None:
    assert answer(question(**changes), path) is yes


@pytest.mark.parametrize(
    ("ties", "pattern", "holder", "yes"),
    [
        ((1, 1, -1), "romantic triangle", "USA", True),
        ((1, 1, -1), "romantic triangle", "RUS", False),
        ((1, 1, -1), "romantic triangle", None, True),
        ((1, -1, 1), "romantic triangle", "RUS", True),
        ((-1, -1, 1), "stable marriage", "USA", True),
        ((-1, -1, 1), "stable marriage", "CHN", False),
        ((1, -1, -1), "stable marriage", "CHN", True),
        ((-1, -1, -1), "unit veto", None, True),
        ((0, 0, 0), "unit veto", None, True),
        ((0, 0, 0), "ménage à trois", None, False),
        ((1, 1, 1), "ménage à trois", None, True),
    ],
)
def test_a_question_about_the_triangle(
    ties: tuple[int, ...], pattern: str, holder: str | None, yes: bool
) -> None:
    asked = question(
        about="triangle", names=("USA", "RUS", "CHN"), test="is", pattern=pattern, holder=holder,
        by=1, when="end",
    )  # fmt: skip
    series = {
        key: np.array([[0.0], [0.5 * tie]])
        for key, tie in zip(asked.series_keys(), ties, strict=True)
    }
    assert bool(score_question(asked, series, NOBODY)[0] >= 0) is yes


def test_a_question_about_blocs() -> None:
    asked = question(about="blocs", test="apart", when="end")
    scores = score_question(asked, {}, np.array([[0, 0, 1], [0, 1, 1]]))
    assert (scores >= 0).tolist() == [False, True, False]
    together = msgspec.structs.replace(asked, test="together")
    assert (score_question(together, {}, np.array([[0], [0]])) >= 0).all()


def test_chance_alone_leaves_no_interval() -> None:
    hits = np.random.default_rng(1).random(4000) < 0.3
    found = estimate(hits, 1000)
    assert found.probability == pytest.approx(0.3, abs=0.03)
    assert found.by_inputs < 0.03
    assert found.high - found.low < 0.25


def test_inputs_alone_leave_the_whole_interval() -> None:
    draws = 500
    hits = (np.random.default_rng(1).random(draws) < 0.4)[groups_of(4 * draws, draws)]
    found = estimate(hits, draws)
    assert found.by_inputs == pytest.approx(1)
    assert (found.low, found.high) == pytest.approx((0, 1), abs=0.01)
    assert found.error == pytest.approx(np.sqrt(0.24 / draws), rel=0.1)
    assert found.band == NOT_DETERMINED


def test_the_interval_is_that_of_the_probabilities_behind() -> None:
    rng = np.random.default_rng(2)
    draws = 4000
    behind = rng.beta(4, 6, draws)
    hits = rng.random(4 * draws) < behind[groups_of(4 * draws, draws)]
    found = estimate(hits, draws)
    assert found.by_inputs == pytest.approx(1 / 11, abs=0.02)
    assert (found.low, found.high) == pytest.approx(np.quantile(behind, [0.1, 0.9]), abs=0.03)


def test_no_hit_is_no_certainty() -> None:
    found = estimate(np.zeros(2000, dtype=bool), 500)
    assert (found.probability, found.low, found.high) == (0, 0, 0)
    assert found.error == pytest.approx(1 / 2000, rel=0.1)


def test_the_error_covers_the_spread_over_seeds() -> None:
    found = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        behind = rng.beta(2, 3, 100)[groups_of(400, 100)]
        found.append(estimate(rng.random(400) < behind, 100))
    spread = np.std([one.probability for one in found])
    assert np.mean([one.error for one in found]) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize(
    ("low", "p", "high", "words"),
    [
        (0.58, 0.7, 0.78, "likely"),
        (0.5, 0.6, 0.7, "likely"),
        (0.4, 0.5, 0.6, NOT_DETERMINED),
        (0.0, 0.02, 0.04, "almost no chance"),
        (0.0, 0.0, 0.0, "almost no chance"),
        (1.0, 1.0, 1.0, "almost certain"),
        (0.0, 0.5, 1.0, NOT_DETERMINED),
    ],
)
def test_words_follow_the_bands_up_to_two_of_them(
    low: float, p: float, high: float, words: str
) -> None:
    assert Estimate(p, 0.01, low, high, 0.5).band == words


def test_paired_runs_show_a_small_difference() -> None:
    rng = np.random.default_rng(1)
    units = rng.random(4000)
    effect, error = compare(units < 0.52, units < 0.5, 1000)
    assert effect == pytest.approx(0.02, abs=0.01)
    assert error < 0.004


@given(st.lists(st.booleans(), min_size=8, max_size=60), st.integers(2, 8))
def test_any_runs_give_a_probability_in_its_interval_s_range(hits: list[bool], draws: int) -> None:
    found = estimate(np.array(hits), draws)
    assert 0 <= found.low <= found.high <= 1
    assert 0 <= found.by_inputs <= 1
    assert found.error > 0
    assert found.band

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.scenarios.calibration import (
    brier_score,
    brier_skill,
    decompose_brier,
    expected_calibration_error,
    fit_isotonic,
    fit_platt,
    log_score,
    reliability,
)

forecasts = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def split(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[float]]:
    return [p for p, _ in pairs], [float(y) for _, y in pairs]


@pytest.mark.parametrize(
    ("probabilities", "outcomes", "expected"),
    [([1.0, 0.0], [1, 0], 0.0), ([0.5, 0.5], [1, 0], 0.25), ([0.0, 1.0], [1, 0], 1.0)],
)
def test_brier_score(probabilities: list[float], outcomes: list[int], expected: float) -> None:
    assert brier_score(probabilities, outcomes) == expected


def test_log_score_of_a_coin_and_of_a_sure_mistake() -> None:
    assert log_score([0.5], [1]) == pytest.approx(math.log(2))
    assert math.isfinite(log_score([0.0], [1]))


def test_skill_is_against_the_reference() -> None:
    assert brier_skill([1.0, 0.0], [1, 0], [0.5, 0.5]) == 1.0
    assert brier_skill([0.5, 0.5], [1, 0], [0.5, 0.5]) == 0.0
    assert brier_skill([0.5], [1], [1.0]) == 0.0


def test_bins_have_equal_mass_and_name_what_happened() -> None:
    table = reliability([i / 100 for i in range(100)], [1] * 50 + [0] * 50, bins=4)
    assert [row.n for row in table] == [25] * 4
    assert [row.observed for row in table] == [1, 1, 0, 0]
    assert table[0].low < 1 <= table[0].high + 1e-9


def test_equal_probabilities_share_a_bin() -> None:
    assert [row.n for row in reliability([0.3] * 10, [1, 0] * 5)] == [10]


def test_calibration_error_of_honest_and_of_boastful_forecasts() -> None:
    draws = np.random.default_rng(1)
    honest = draws.uniform(size=20_000)
    happened = (draws.random(20_000) < honest).astype(float)
    assert expected_calibration_error(honest, happened) < 0.02
    assert expected_calibration_error(np.ones(20_000), happened) == pytest.approx(0.5, abs=0.02)


@given(forecasts)
def test_parts_make_the_score(pairs: list[tuple[float, bool]]) -> None:
    parts = decompose_brier(*split(pairs))
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(parts.score, abs=1e-9)


@given(forecasts)
def test_isotonic_map_rises_within_0_and_1_and_does_no_harm(
    pairs: list[tuple[float, bool]],
) -> None:
    said, happened = split(pairs)
    better = fit_isotonic(said, happened).apply(said)
    assert ((better >= 0) & (better <= 1)).all()
    assert (np.diff(better[np.argsort(said, kind="stable")]) >= -1e-12).all()
    assert brier_score(better, happened) <= brier_score(said, happened) + 1e-9


def test_platt_takes_back_overconfidence() -> None:
    draws = np.random.default_rng(1)
    odds = draws.normal(size=50_000)
    happened = (draws.random(50_000) < 1 / (1 + np.exp(-odds))).astype(float)
    boastful = 1 / (1 + np.exp(-2 * odds))
    found = fit_platt(boastful, happened)
    assert found.slope == pytest.approx(0.5, abs=0.05)
    assert brier_score(found.apply(boastful), happened) < brier_score(boastful, happened)


def test_platt_leaves_few_forecasts_as_they_are() -> None:
    found = fit_platt([0.8], [0], ridge=1e6, weights=[1.0])
    assert found.apply([0.3, 0.8]) == pytest.approx([0.3, 0.8], abs=1e-4)


@pytest.mark.parametrize(
    ("probabilities", "outcomes"),
    [([], []), ([0.5], [1, 0]), ([1.5], [1]), ([math.nan], [1]), ([0.5], [2])],
)
def test_what_is_no_forecast_is_refused(probabilities: list[float], outcomes: list[int]) -> None:
    with pytest.raises(ValueError, match="probabilities and outcomes"):
        brier_score(probabilities, outcomes)


def test_no_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        reliability([0.5], [1], bins=0)

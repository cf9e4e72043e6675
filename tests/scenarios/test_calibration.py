from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st

from detente.scenarios.calibration import (
    brier_score,
    brier_skill,
    expected_calibration_error,
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

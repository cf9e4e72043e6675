from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.scenarios.inputs import Interval


def draw(low: float, high: float, mode: float | None, *units: float) -> list[float]:
    interval = Interval(low=low, high=high, mode=mode, source="assumption: x")
    return [float(value) for value in interval.draw(np.array(units))]


@pytest.mark.parametrize(
    ("low", "high", "mode", "expected"),
    [
        (0.0, 2.0, None, [0.0, 1.0, 2.0]),
        (0.0, 2.0, 1.0, [0.0, 1.0, 2.0]),
        (0.0, 1.0, 0.0, [0.0, 1 - np.sqrt(0.5), 1.0]),
        (0.0, 1.0, 1.0, [0.0, np.sqrt(0.5), 1.0]),
        (3.0, 3.0, 3.0, [3.0, 3.0, 3.0]),
    ],
)
def test_quantiles_of_an_interval(
    low: float, high: float, mode: float | None, expected: list[float]
) -> None:
    assert draw(low, high, mode, 0.0, 0.5, 1.0) == pytest.approx(expected)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3), st.floats(0, 1))
def test_a_draw_lies_within_its_interval(ends: list[float], unit: float) -> None:
    low, mode, high = sorted(ends)
    assert low - 1e-12 <= draw(low, high, mode, unit)[0] <= high + 1e-12

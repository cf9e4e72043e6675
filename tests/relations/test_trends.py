from __future__ import annotations

import pytest

from detente.relations.trends import trend
from tests.relations.events import tie


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        ([0.8, 0.4, 0.0, -0.4], "falling"),
        ([-0.8, -0.4, 0.1, 0.4], "rising"),
        ([0.3, 0.3, 0.3, 0.3], "undetermined"),
        ([0.5, -0.5, 0.5, -0.5], "undetermined"),
    ],
)
def test_trend(values: list[float], direction: str) -> None:
    series = [tie("RUS", "USA", s, period=f"2014-0{n}") for n, s in enumerate(values, 1)]
    found = trend(series)[0]
    assert found.direction == direction
    assert found.low <= found.slope <= found.high
    assert (found.first, found.last, found.n) == ("2014-01", "2014-04", 4)


def test_trend_counts_gaps() -> None:
    years = [("2000", -0.6), ("2001", -0.5), ("2010", 0.4)]
    found = trend([tie("RUS", "USA", s, 0.05, period=year) for year, s in years])[0]
    assert found.slope == pytest.approx(0.1, abs=0.01)


def test_trend_needs_three_periods() -> None:
    assert trend([tie("RUS", "USA", 0.1), tie("RUS", "USA", 0.4, period="2025-03")]) == []
    assert trend([tie("RUS", "USA", None, period=f"2025-0{n}") for n in range(1, 5)]) == []

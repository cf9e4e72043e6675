from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.triangle import classify_periods, classify_triangle, turning_points
from detente.schema import Tie
from tests.relations.events import tie

TRIO = ("USA", "RUS", "CHN")


def sides(
    usa_rus: float | None, usa_chn: float | None, rus_chn: float | None, period: str = "2025-02"
) -> list[Tie]:
    return [
        tie("RUS", "USA", usa_rus, period=period),
        tie("CHN", "USA", usa_chn, period=period),
        tie("CHN", "RUS", rus_chn, period=period),
    ]


@pytest.mark.parametrize(
    ("signs", "pattern", "pivot", "outsider", "roles"),
    [
        ((0.5, 0.5, 0.5), "ménage à trois", None, None, ("friend", "friend", "friend")),
        ((0.5, 0.5, -0.5), "romantic triangle", "USA", None, ("pivot", "suitor", "suitor")),
        ((0.5, -0.5, 0.5), "romantic triangle", "RUS", None, ("suitor", "pivot", "suitor")),
        ((-0.5, 0.5, 0.5), "romantic triangle", "CHN", None, ("suitor", "suitor", "pivot")),
        ((0.5, -0.5, -0.5), "stable marriage", None, "CHN", ("partner", "partner", "outsider")),
        ((-0.5, 0.5, -0.5), "stable marriage", None, "RUS", ("partner", "outsider", "partner")),
        ((-0.5, -0.5, 0.5), "stable marriage", None, "USA", ("outsider", "partner", "partner")),
        ((-0.5, -0.5, -0.5), "unit veto", None, None, ("rival", "rival", "rival")),
        ((0.5, 0.5, 0.05), "undetermined", None, None, ()),
        ((0.5, 0.5, None), "undetermined", None, None, ()),
    ],
)
def test_patterns_of_dittmer(
    signs: tuple[float | None, ...],
    pattern: str,
    pivot: str | None,
    outsider: str | None,
    roles: tuple[str, ...],
) -> None:
    found = classify_triangle(sides(*signs), TRIO, period="2025-02")
    assert (found.pattern, found.pivot, found.outsider) == (pattern, pivot, outsider)
    assert tuple(found.roles.values()) == roles


def test_a_missing_side_is_shown_as_untied() -> None:
    found = classify_triangle(sides(0.5, 0.5, 0.5)[:2], TRIO, period="2025-02")
    assert found.pattern == "undetermined"
    assert (found.ties[2].a, found.ties[2].b, found.ties[2].n) == ("CHN", "RUS", 0)
    assert found.probabilities == {}


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_probabilities_sum_to_one(values: list[float]) -> None:
    found = classify_triangle(sides(*values), TRIO, period="2025-02")
    assert sum(found.probabilities.values()) == pytest.approx(1.0)
    if found.pattern != "undetermined":
        assert found.probabilities[found.pattern] > 0.9


def test_a_side_at_zero_parts_the_probability() -> None:
    found = classify_triangle(sides(0.5, 0.5, 0.0), TRIO, period="2025-02").probabilities
    assert found["ménage à trois"] == pytest.approx(0.5)
    assert found["romantic triangle"] == pytest.approx(0.5)


@settings(deadline=None)
@given(st.permutations(TRIO), st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_pattern_does_not_depend_on_the_order_of_actors(
    order: list[str], values: list[float]
) -> None:
    ties = sides(*values)
    one = classify_triangle(ties, TRIO, period="2025-02")
    other = classify_triangle(ties[::-1], order, period="2025-02")
    assert (one.pattern, one.roles) == (other.pattern, other.roles)
    assert one.probabilities == pytest.approx(other.probabilities)


@pytest.mark.parametrize("actors", [("USA", "RUS"), ("USA", "RUS", "USA")])
def test_a_triangle_has_three_actors(actors: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="three different actors"):
        classify_triangle([], actors, period="2025")


GOOD, BAD, OPEN = (0.5, 0.5, 0.5), (0.5, 0.5, -0.5), (0.5, 0.5, 0.0)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ([GOOD, GOOD, BAD, BAD], ["2003"]),
        ([GOOD, GOOD, BAD, GOOD, GOOD], []),
        ([GOOD, GOOD, OPEN, BAD, OPEN, BAD], ["2004"]),
        ([GOOD, BAD, BAD, BAD], []),
        ([GOOD, GOOD, BAD, BAD, GOOD, GOOD], ["2003", "2005"]),
        ([OPEN, OPEN, OPEN], []),
        ([], []),
    ],
)
def test_turning_points_last(series: list[tuple[float, ...]], expected: list[str]) -> None:
    ties = [tie for n, row in enumerate(series) for tie in sides(*row, period=f"{2001 + n}")]
    patterns = classify_periods(ties, TRIO)
    assert [pattern.period for pattern in patterns] == [f"{2001 + n}" for n in range(len(series))]
    found = turning_points(patterns)
    assert [point.period for point in found] == expected
    assert all(point.before.roles != point.after.roles for point in found)


def test_a_new_pivot_is_a_turning_point() -> None:
    series = [(0.5, 0.5, -0.5)] * 2 + [(0.5, -0.5, 0.5)] * 2
    ties = [tie for n, row in enumerate(series) for tie in sides(*row, period=f"{2001 + n}")]
    point = turning_points(classify_periods(ties, TRIO))[0]
    assert (point.before.pivot, point.after.pivot) == ("USA", "RUS")

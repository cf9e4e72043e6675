from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.breaks import Break, find_breaks, raise_alarms, watch


def noise(n: int, *, seed: int = 1, scale: float = 0.3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, n)


def breaks_of(values: list[float], first: int = 1950, **options: object) -> list[Break]:
    return find_breaks(range(first, first + len(values)), values, **options)


def test_a_step_is_found_at_its_first_year() -> None:
    values = [*noise(20), *(5 + noise(20, seed=2))]
    (found,) = breaks_of(values, form="level")
    assert found.year == 1970
    assert found.low <= 1970 <= found.high
    assert found.probability > 0.9
    assert found.before == pytest.approx(0, abs=0.3)
    assert found.after == pytest.approx(5, abs=0.3)


def test_a_small_step_has_a_wide_interval() -> None:
    values = [*noise(25, scale=1), *(1.8 + noise(25, seed=2, scale=1))]
    (found,) = breaks_of(values, form="level")
    assert found.low < found.year or found.year < found.high
    assert found.probability < 0.9


def test_noise_seldom_has_a_break() -> None:
    assert sum(breaks_of(list(noise(60, seed=seed))) != [] for seed in range(100)) <= 3


def test_a_steady_line_has_no_break() -> None:
    assert breaks_of([0.2 * year for year in range(50)]) == []


def test_a_bend_is_a_break_of_a_line() -> None:
    values = np.concatenate([np.zeros(20), np.arange(1.0, 21.0)]) + noise(40, scale=0.1)
    (found,) = breaks_of(list(values))
    assert found.form == "line"
    assert abs(found.year - 1970) <= 1


def test_two_steps_are_two_breaks() -> None:
    values = [*noise(15), *(4 + noise(15, seed=2)), *(-3 + noise(15, seed=3))]
    assert [found.year for found in breaks_of(values, form="level")] == [1965, 1980]
    assert len(breaks_of(values, form="level", most=1)) == 1


def test_an_episode_is_no_lasting_change() -> None:
    values = noise(40)
    values[20:22] += 3
    assert breaks_of(list(values), form="level") == []


def test_missing_years_are_left_out() -> None:
    years = [*range(1950, 1960), *range(1975, 1985)]
    (found,) = find_breaks(years, [*noise(10), *(5 + noise(10, seed=2))], form="level")
    assert (found.low, found.year, found.high) == (1975, 1975, 1975)


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 30, [1.0, 2.0, 3.0, 9.0]])
def test_a_short_or_constant_series_has_no_break(values: list[float]) -> None:
    assert breaks_of(values) == []


def test_the_division_is_the_best_of_all() -> None:
    values = np.concatenate([noise(5), 2 + noise(6, seed=2), noise(5, seed=3) - 2])

    def squares(starts: tuple[int, ...]) -> float:
        ends = [0, *starts, len(values)]
        parts = [values[i:j] for i, j in pairwise(ends)]
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    every = [c for c in combinations(range(4, 13), 2) if c[1] - c[0] >= 4]
    best = min(every, key=squares)
    found = breaks_of(list(values), first=0, form="level", least=4, most=2)
    assert tuple(each.year for each in found) == best


@pytest.mark.parametrize(
    ("years", "values", "message"),
    [
        ([1950, 1951], [1.0], "2 years and 1 values"),
        ([1951, 1950], [1.0, 2.0], "year 1950 follows 1951"),
        ([1950, 1951], [1.0, float("nan")], "the value of 1951 is nan"),
    ],
)
def test_bad_series_are_refused(years: list[int], values: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_breaks(years, values)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-100, 100).map(float), max_size=40), st.sampled_from([0.25, 8.0]))
def test_breaks_are_in_order_and_of_no_unit(values: list[float], scale: float) -> None:
    here = breaks_of(values)
    there = breaks_of([scale * value for value in values])
    assert [found.year for found in here] == sorted({found.year for found in here})
    assert [found.year for found in there] == [found.year for found in here]
    for found in here:
        assert found.low <= found.year <= found.high
        assert 0 < found.probability <= 1 + 1e-9


Row = tuple[int, int, int, float | None]


def panel_of(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["a", "b", "year", "value"], orient="row")


def still(n_pairs: int = 20, last: int = 2000) -> list[Row]:
    """Return pairs whose values wander a little from 1950 on."""
    return [
        (2, 100 + pair, 1950 + i, float(value))
        for pair in range(n_pairs)
        for i, value in enumerate(noise(last - 1949, seed=pair))
    ]


def stepping(year: int, height: float, last: int = 2000) -> list[Row]:
    values = noise(last - 1949, seed=99)
    return [(1, 2, 1950 + i, value + height * (1950 + i >= year)) for i, value in enumerate(values)]


def alarms_of(rows: list[Row], **options: float) -> list[tuple[int, int, int, str]]:
    return (
        raise_alarms(watch(panel_of(rows)), **options).select("a", "b", "year", "direction").rows()
    )


@pytest.mark.parametrize(("height", "direction"), [(6.0, "up"), (-6.0, "down")])
def test_a_step_raises_an_alarm_when_it_has_lasted(height: float, direction: str) -> None:
    found = alarms_of([*still(), *stepping(1980, height)])
    assert (1, 2, 1981, direction) in found
    assert not any(row[:2] == (1, 2) and row[2] < 1981 for row in found)


def test_one_year_alone_raises_no_alarm() -> None:
    rows = [*still(), *stepping(1980, 0.0)]
    rows = [(a, b, y, v + 9 if (a, y) == (1, 1980) else v) for a, b, y, v in rows if v is not None]
    assert not [row for row in alarms_of(rows) if row[:2] == (1, 2)]


def test_alarms_stay_near_their_rate_where_nothing_happens() -> None:
    watched = watch(panel_of(still(n_pairs=100)))
    assert raise_alarms(watched, rate=0.02).height / watched.height < 0.02


def test_nothing_sounds_before_there_is_enough_to_compare() -> None:
    rows = [*still(n_pairs=3, last=1975), *stepping(1970, 50.0, last=1975)]
    assert alarms_of(rows) == []
    assert alarms_of(rows, rate=0.2) != []


def test_a_change_is_the_gap_between_two_stretches() -> None:
    rows: list[Row] = [(1, 2, 1950 + i, value) for i, value in enumerate([1.0] * 6 + [4.0, 3.0])]
    watched = watch(panel_of(rows), memory=5, least_known=5)
    assert watched.select("year", "direction", "size").rows() == [
        (1956, None, 0.0),
        (1957, "up", 2.0),
    ]


def test_years_without_enough_to_judge_have_no_row() -> None:
    rows: list[Row] = [(1, 2, year, 1.0) for year in range(1950, 1970) if year != 1962]
    rows.append((1, 2, 1962, None))
    years = watch(panel_of(rows))["year"].to_list()
    assert years == [*range(1956, 1962), *range(1964, 1970)]


def test_an_empty_panel_has_no_alarm() -> None:
    types = {"a": pl.Int32, "b": pl.Int32, "year": pl.Int32, "value": pl.Float64}
    assert raise_alarms(watch(pl.DataFrame(schema=types))).height == 0


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [*still(), *stepping(1980, 6.0)]
    assert watch(panel_of(rows)).equals(watch(panel_of(rows[::-1])))


@pytest.mark.parametrize("options", [{"hold": 0}, {"memory": 0}, {"memory": 4}])
def test_impossible_lengths_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(InputError, match="must be above 0"):
        watch(panel_of([(1, 2, 1950, 1.0)]), **options)


@pytest.mark.parametrize("rate", [0, 1, 5.0])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(InputError, match="not between 0 and 1"):
        raise_alarms(watch(panel_of([(1, 2, 1950, 1.0)])), rate=rate)


@settings(max_examples=60, deadline=None)
@given(
    future=st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(4, 6), st.integers(1971, 1999), st.floats(-1e3, 1e3)
        ),
        unique_by=lambda row: row[:3],
        max_size=60,
    ),
    seed=st.integers(0, 5),
)
def test_the_future_moves_no_alarm(future: list[Row], seed: int) -> None:
    past: list[Row] = [
        (a, b, 1950 + i, float(value))
        for a in (1, 2, 3)
        for b in (4, 5, 6)
        for i, value in enumerate(noise(21, seed=seed + 10 * a + b))
    ]
    before = watch(panel_of(past))
    after = watch(panel_of([*past, *future])).filter(pl.col("year") <= 1970)
    assert before.equals(after)
    assert raise_alarms(before, rate=0.1).equals(raise_alarms(after, rate=0.1))

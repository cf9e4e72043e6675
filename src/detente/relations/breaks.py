"""Breaks in a yearly series: looked back upon, and as an alarm at the time.

`find_breaks` looks back. In: one whole series. Out: the years in which its level (or its line)
changed for good, by exact least-squares segmentation (Bai & Perron 1998, 2003), the number of
breaks by the criterion of Liu, Wu & Zidek (1997), each with an interval.

`watch` looks at no future. In: a series of many pairs. Out: a row for each pair and year in which
the series tells enough, with what is new in it and how rare that is among all pairs and years
*before*; `raise_alarms` keeps the rows that are rarer than a rate stated beforehand.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from detente.errors import InputError
from detente.schema import Record

Floats = NDArray[np.float64]
Direction = Literal["up", "down"]
Form = Literal["level", "line"]

TERMS: dict[Form, int] = {"level": 1, "line": 2}
"""Numbers that a segment of each form takes."""

LEAST_YEARS = 5
"""Years that a segment must have: what lasts less is an episode, no lasting change."""

MOST_BREAKS = 5
"""Breaks that are looked for at most."""

INTERVAL = 0.95
"""Probability of the interval of a break's year."""

LWZ = (0.299, 2.1)
"""Constants of the penalty of Liu, Wu & Zidek (1997), as they chose them."""

NEGLIGIBLE = 1e-3
"""Standard deviation around a segment, as a share of the range of the series, below which it is
noise of rounding: a constant stretch does not make its neighbours infinitely improbable."""

RATE = 0.005
"""Share of dyad-years in which an alarm may sound, both directions together. Stated before any
alarm was seen: half of the one in a hundred that is asked for, as turns come in clusters."""

HOLD = 2
"""Years that a change must have lasted when the alarm sounds: one alone may be chance."""

MEMORY = 10
"""Years before those that are the past against which a change is held."""

LEAST_KNOWN = 5
"""Years of that past that must be known."""


class Break(Record, frozen=True, kw_only=True):
    """A lasting change: `year` is the first of the new segment, which most probably began there.

    `low` to `high` holds the year with the probability of `INTERVAL`, the other breaks being where
    they are; `probability` is that of `year` itself. `before` and `after` are the means of the
    segments on both sides, which are of a `form`: levels or lines.
    """

    year: int
    low: int
    high: int
    probability: float
    before: float
    after: float
    form: Form


@dataclass(slots=True, frozen=True, eq=False)
class _Division:
    """A division into segments: the first place of each, and behind them the number of places."""

    form: Form
    least: int
    costs: Floats
    ends: tuple[int, ...]
    criterion: float


def find_breaks(
    years: Sequence[int],
    values: Sequence[float],
    *,
    form: Form | None = None,
    least: int = LEAST_YEARS,
    most: int = MOST_BREAKS,
) -> list[Break]:
    """Return the lasting changes of a whole series, in the order of years.

    Args:
        years: years with a value, rising; years without one are left out, not filled.
        values: the value of each.
        form: whether each segment is a `level` or a `line`; None takes the form that the criterion
            prefers for the whole series.
        least: fewest years with a value in a segment; a line has at least three.
        most: most breaks.

    The sum of squares over all divisions into segments is minimised exactly by dynamic programming.
    Years are taken as independent around their segment; they are not quite, so the number of breaks
    is chosen by a criterion severer than BIC, and the intervals are rather too narrow.

    Raises:
        InputError: years and values differ in number, years do not rise, or a value is no number.
    """
    _check_series(years, values)
    y = np.asarray(values, dtype=float)
    spread = float(np.ptp(y)) if len(y) else 0.0
    if not spread:
        return []
    forms = (form,) if form else tuple(TERMS)
    x = np.asarray(years, dtype=float)
    divisions = [_divide(_costs(x, y / spread, form), form, least, most) for form in forms]
    division = min(divisions, key=lambda found: found.criterion)
    return [_describe(division, i, years, y) for i in range(1, len(division.ends) - 1)]


def _check_series(years: Sequence[int], values: Sequence[float]) -> None:
    if len(years) != len(values):
        raise InputError(f"{len(years)} years and {len(values)} values; give one value a year")
    for before, after in pairwise(years):
        if after <= before:
            raise InputError(f"year {after} follows {before}; give years in rising order")
    for year, value in zip(years, values, strict=True):
        if not np.isfinite(value):
            raise InputError(f"the value of {year} is {value}; leave out years without a number")


def _costs(x: Floats, y: Floats, form: Form) -> Floats:
    """Return the sum of squares around each segment: row its first place, column the one behind.

    From running sums, so that each costs the same whatever its length.
    """
    x, y = x - x.mean(), y - y.mean()
    n, sx, sy, sxx, sxy, syy = (
        _between(part) for part in (np.ones_like(x), x, y, x * x, x * y, y * y)
    )
    count = np.maximum(n, 1.0)
    cost = syy - sy**2 / count
    if form == "line":
        across = sxx - sx**2 / count
        slope = (sxy - sx * sy / count) ** 2
        cost = cost - np.divide(slope, across, out=np.zeros_like(slope), where=across > 1e-9)
    return cast(Floats, np.maximum(cost, 0.0))


def _between(part: Floats) -> Floats:
    """Return the sum of each stretch of places: row its first, column the one behind its last."""
    total = np.concatenate(([0.0], np.cumsum(part)))
    return cast(Floats, total[None, :] - total[:, None])


def _divide(costs: Floats, form: Form, least: int, most: int) -> _Division:
    """Return the best division into segments of that form, of any number up to the most."""
    n, terms = len(costs) - 1, TERMS[form]
    least = max(least, terms + 1)
    best = np.full(n + 1, np.inf)
    best[least:] = costs[0, least:]
    starts: list[list[int]] = [[] for _ in range(n + 1)]
    found = [_Division(form, least, costs, (0, n), _criterion(costs[0, n], n, terms))]
    for m in range(1, min(most, n // least - 1) + 1):
        further, longer = np.full(n + 1, np.inf), list(starts)
        for end in range((m + 1) * least, n + 1):
            last = np.arange(m * least, end - least + 1)
            sums = best[last] + costs[last, end]
            place = int(np.argmin(sums))
            further[end] = sums[place]
            longer[end] = [*starts[last[place]], int(last[place])]
        best, starts = further, longer
        value = _criterion(best[n], n, (m + 1) * terms + m)
        found.append(_Division(form, least, costs, (0, *starts[n], n), value))
    return min(found, key=lambda division: division.criterion)


def _criterion(squares: float, n: int, terms: int) -> float:
    """Return the criterion of Liu, Wu & Zidek: less is better."""
    scale, power = LWZ
    noise = max(squares, n * NEGLIGIBLE**2) / max(n - terms, 1)
    return float(np.log(noise) + terms * scale * np.log(n) ** power / n)


def _chances(division: _Division, i: int) -> Floats:
    """Return the probability of each year in which break `i` can be, the others held fast.

    The posterior of a break with flat priors on its year and on the segments, and one unknown error
    of all of them (Chin Choy & Broemeling 1980): a power of the sum of squares.
    """
    costs, ends, least = division.costs, division.ends, division.least
    n, before, after = ends[-1], ends[i - 1], ends[i + 1]
    places = np.arange(before + least, after - least + 1)
    stretches = enumerate(pairwise(ends), start=1)
    rest = sum(costs[start, end] for j, (start, end) in stretches if j not in (i, i + 1))
    squares = np.maximum(rest + costs[before, places] + costs[places, after], n * NEGLIGIBLE**2)
    freedom = n - (len(ends) - 1) * TERMS[division.form]
    power = -0.5 * freedom * np.log(squares)
    chances = np.exp(power - power.max())
    return cast(Floats, chances / chances.sum())


def _describe(division: _Division, i: int, years: Sequence[int], y: Floats) -> Break:
    """Return break `i` of a division, with its interval."""
    before, start, after = division.ends[i - 1 : i + 2]
    first = before + division.least
    chances = _chances(division, i)
    low, high = _interval(chances, start - first)
    return Break(
        year=years[start],
        low=years[first + low],
        high=years[first + high],
        probability=float(chances[start - first]),
        before=float(y[before:start].mean()),
        after=float(y[start:after].mean()),
        form=division.form,
    )


def _interval(chances: Floats, place: int) -> tuple[int, int]:
    """Return the first and last place of the shortest stretch around one that has `INTERVAL`."""
    total = np.concatenate(([0.0], np.cumsum(chances)))
    wanted = min(INTERVAL, float(total[-1])) - 1e-12
    stretches = [
        (low, max(place, int(np.searchsorted(total, total[low] + wanted)) - 1))
        for low in range(place + 1)
        if total[low] + wanted <= total[-1]
    ]
    return min(stretches, key=lambda stretch: (stretch[1] - stretch[0], stretch[0]))


def watch(
    panel: pl.DataFrame,
    *,
    hold: int = HOLD,
    memory: int = MEMORY,
    least_known: int = LEAST_KNOWN,
) -> pl.DataFrame:
    """Return what is new in each year of a series of many pairs, knowing no later year.

    A value is *new upwards* by how far the lowest of the last `hold` years lies above the highest
    of the `memory` years before them, and new downwards likewise; never below 0. How rare that is
    shows against all pairs in all earlier years: `chance` is the share of these dyad-years, itself
    counted among them, that were at least as new in the same direction. It is a rank, so no shape
    of the distribution is assumed, and it cannot be small before there is much to compare.

    Args:
        panel: columns `a`, `b`, `year`, `value`; a year without a value is left out or null.
        hold: years that a change must have lasted.
        memory: years of the past that it is held against.
        least_known: fewest of these with a value; fewer give no row, like a missing year of `hold`.

    Returns:
        A row for each pair and year in which there is enough to judge, by year and pair: `a`, `b`,
        `year`, `direction` (`up`, `down`, or null where nothing is new), `size`, and `chance`.

    Raises:
        InputError: a length is below 1, or more years must be known than are remembered.
    """
    if min(hold, memory, least_known) < 1 or least_known > memory:
        raise InputError(
            f"hold {hold}, memory {memory} and least_known {least_known} must be above 0, and no "
            "more years known than remembered"
        )
    rows = sorted(_changes(panel, hold, memory, least_known), key=lambda row: (row[2], row[:2]))
    earlier: dict[Direction, list[float]] = {"up": [], "down": []}
    found = []
    for _, now in groupby(rows, key=lambda row: row[2]):
        changes = list(now)
        for a, b, year, up, down in changes:
            direction: Direction = "up" if up >= down else "down"
            size, past = max(up, down), earlier[direction]
            chance = (1 + len(past) - bisect_left(past, size)) / (1 + len(past))
            found.append((a, b, year, direction if size > 0 else None, size, chance))
        for *_, up, down in changes:
            insort(earlier["up"], up)
            insort(earlier["down"], down)
    types = [pl.Int32, pl.Int32, pl.Int32, pl.String, pl.Float64, pl.Float64]
    names = ["a", "b", "year", "direction", "size", "chance"]
    return pl.DataFrame(found, schema=dict(zip(names, types, strict=True)), orient="row")


def _changes(
    panel: pl.DataFrame, hold: int, memory: int, least_known: int
) -> Iterator[tuple[int, int, int, float, float]]:
    """Yield pair, year and what is new upwards and downwards, where there is enough to judge."""
    known = panel.drop_nulls("value").select("a", "b", "year", "value")
    for (a, b), group in known.group_by(["a", "b"]):
        values = dict(group.select("year", "value").iter_rows())
        for year in values:
            held = [values.get(year - i) for i in range(hold)]
            past = [values[year - hold - i] for i in range(memory) if year - hold - i in values]
            last = [value for value in held if value is not None]
            if len(last) == hold and len(past) >= least_known:
                up, down = min(last) - max(past), min(past) - max(last)
                yield cast(int, a), cast(int, b), year, max(up, 0.0), max(down, 0.0)


def raise_alarms(watched: pl.DataFrame, *, rate: float = RATE) -> pl.DataFrame:
    """Return the rows of `watch` whose chance is at most half the rate: the alarms.

    Half, for either direction may raise one. The rate is what one would get if years were
    exchangeable; a turn that goes on sounds again in its later years, and each counts.

    Raises:
        InputError: the rate is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise InputError(f"a rate of alarms of {rate} is not between 0 and 1")
    return watched.filter(pl.col("direction").is_not_null(), pl.col("chance") <= rate / 2)

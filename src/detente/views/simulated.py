"""Drawings of a simulation: how ties go month by month, and the patterns of the triangle.

In: a `CaseRun`. Out: shapes for `scenario.html`. They rest on a simulation and not on records, so
none is a `Figure`; but a tie whose start was measured leads to its events.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.schema import Record
from detente.views.case_words import Source, actor_words, month_words, ordered_moves, read_source
from detente.views.figures import Index
from detente.views.wording import percent, plain, signed

if TYPE_CHECKING:
    from detente.scenarios.paths import Contribution
    from detente.scenarios.results import CaseRun, TiePath, TriangleMonth

LEFT, TOP, FLOOR = 26, 18, 126
"""Left edge, top and bottom of what is plotted."""

FAN_RIGHT = 196
"""Right edge of a tie's plot; beside it stands the last median."""

STACK_RIGHT = 172
"""Right edge of the plot of patterns; beside it stand their names."""

CROWD = 16
"""Moves nearer than this on the page share one label."""

LINE = 15
"""Least distance between two names."""

ROWS = 8
"""Months that a table shows at most, beside the last."""

PUSHES = 3
"""Causes named of each tie, the greatest; none under `LEAST_PUSH`."""

LEAST_PUSH = 0.005

FILLS: dict[str, str] = {
    "unit veto": "veto",
    "stable marriage": "marriage",
    "romantic triangle": "romantic",
    "ménage à trois": "menage",
}
"""Texture of each pattern, so that they are told apart without colour."""

LEAST_SHARE = 0.005
"""A pattern that never has this share is not drawn."""

Point = tuple[float, float]


class Tick(Record, frozen=True, kw_only=True):
    """A month named under a drawing."""

    x: float
    label: str
    align: str


class MoveMark(Record, frozen=True, kw_only=True):
    """When moves are made; the first of a crowd bears the numbers of all, the others none."""

    x: float
    label: str


class Frame(Record, frozen=True, kw_only=True):
    """The months and the moves around what is plotted."""

    ticks: tuple[Tick, ...]
    moves: tuple[MoveMark, ...]


class Fan(Record, frozen=True, kw_only=True):
    """How a tie goes: bands of 90 % and 50 % of the runs, the median, that without the moves.

    `pushes` say what moved it on average; `rows` are the same as a table.
    """

    id: str
    name: str
    source: Source
    frame: Frame
    wide: str
    narrow: str
    median: str
    without: str
    end: str
    end_y: float
    summary: str
    pushes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Layer(Record, frozen=True, kw_only=True):
    """The share of one pattern over time; `end_y` is its middle in the last month."""

    fill: str
    outline: str
    label: str
    label_y: float
    end_y: float


class Stack(Record, frozen=True, kw_only=True):
    """The shares of the patterns of a triangle, month by month."""

    id: str
    title: str
    frame: Frame
    layers: tuple[Layer, ...]
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def draw_frame(run: CaseRun, right: float, *, given: bool = False) -> Frame:
    """Return the months and moves of a plot that ends at `right`; with `given` only those moves."""
    places = {
        number: _across(move.month - 1, run.months, right)
        for number, move in enumerate(ordered_moves(run.definition), start=1)
        if move.given or not given
    }
    return Frame(
        ticks=tuple(
            Tick(x=_across(month, run.months, right), label=month_words(run.start, month), align=at)
            for month, at in ((0, "start"), (run.months, "end"))
        ),
        moves=_marks(places),
    )


def _marks(places: Mapping[int, float]) -> tuple[MoveMark, ...]:
    """Return the marks of moves, by number and in order of time."""
    crowds: list[list[int]] = []
    for number, x in places.items():
        if crowds and x - places[crowds[-1][0]] < CROWD:
            crowds[-1].append(number)
        else:
            crowds.append([number])
    labels = {crowd[0]: _numbers(crowd) for crowd in crowds}
    return tuple(MoveMark(x=x, label=labels.get(number, "")) for number, x in places.items())


def _numbers(crowd: Sequence[int]) -> str:
    """Return `3`, `1–4`, or `1,4` where they do not follow one another."""
    if len(crowd) > 1 and crowd[-1] - crowd[0] == len(crowd) - 1:
        return f"{crowd[0]}–{crowd[-1]}"
    return ",".join(map(str, crowd))


def draw_fan(index: Index, run: CaseRun, tie: TiePath, name: str, *, has_moves: bool) -> Fan:
    """Return how one tie goes, drawn and as a table."""
    low, quarter, median, three, high = zip(*tie.quantiles, strict=True)
    without = [month[2] for month in tie.without]
    words = plain(" – ".join(actor_words(index, run.definition, one) for one in (tie.a, tie.b)))
    said = (
        f"{words}: median {signed(median[0], 2)} at the start, {signed(median[-1], 2)} at the end"
    )
    beside = f"; without the moves {signed(without[-1], 2)}" if has_moves else ""
    ends = f" (90 % of the runs {signed(low[-1], 2)} to {signed(high[-1], 2)})"
    return Fan(
        id=name,
        name=words,
        source=read_source(index, tie.source),
        frame=draw_frame(run, FAN_RIGHT),
        wide=_area(_tie_points(low), _tie_points(high)),
        narrow=_area(_tie_points(quarter), _tie_points(three)),
        median=_line(_tie_points(median)),
        without=_line(_tie_points(without)) if has_moves else "",
        end=signed(median[-1], 2),
        end_y=_height((median[-1] + 1) / 2),
        summary=f"{said}{ends}{beside}.",
        pushes=_pushes(run.contributions, tie),
        rows=tuple(
            (
                month_words(run.start, month),
                *(signed(value, 2) for value in tie.quantiles[month]),
                *([signed(without[month], 2)] if has_moves else []),
            )
            for month in _table_months(run.months)
        ),
    )


def _pushes(contributions: Iterable[Contribution], tie: TiePath) -> tuple[str, ...]:
    """Return what moved a tie most, on average over the runs."""
    found = [one for one in contributions if {one.a, one.b} == {tie.a, tie.b}]
    found = [one for one in found if abs(one.change) >= LEAST_PUSH]
    return tuple(
        plain(f"{signed(one.change, 2)} {one.reason} ({one.mechanism})")
        for one in sorted(found, key=lambda one: -abs(one.change))[:PUSHES]
    )


def draw_stack(run: CaseRun, name: str, title: str, *, bare: bool = False) -> Stack:
    """Return the shares of the patterns, drawn and as a table; none that is always rare.

    Those of the runs with the moves, or, with `bare`, of those without.
    """
    triangle = run.baseline.triangle if bare else run.triangle
    patterns = [
        pattern
        for pattern in FILLS
        if any(_share(month, pattern) >= LEAST_SHARE for month in triangle)
    ]
    said = [
        ", ".join(f"{pattern} {percent(_share(month, pattern))}" for pattern in patterns)
        for month in (triangle[0], triangle[-1])
    ]
    return Stack(
        id=name,
        title=title,
        frame=draw_frame(run, STACK_RIGHT, given=bare),
        layers=_layers(triangle, patterns),
        summary=f"At the start {said[0]}; at the end {said[1]}.",
        columns=("Month", *patterns),
        rows=tuple(
            (
                month_words(run.start, month),
                *(percent(_share(triangle[month], pattern)) for pattern in patterns),
            )
            for month in _table_months(run.months)
        ),
    )


def _share(month: TriangleMonth, pattern: str) -> float:
    return month.patterns.get(pattern, 0.0)


def _layers(triangle: Sequence[TriangleMonth], patterns: Sequence[str]) -> tuple[Layer, ...]:
    """Return the patterns on top of each other, from the bottom."""
    edges = [[0.0] * len(triangle)]
    for pattern in patterns:
        pairs = zip(edges[-1], triangle, strict=True)
        edges.append([min(1.0, below + _share(month, pattern)) for below, month in pairs])
    ends = [_height((below[-1] + above[-1]) / 2) for below, above in pairwise(edges)]
    return tuple(
        Layer(
            fill=FILLS[pattern],
            outline=_area(_points(below, STACK_RIGHT), _points(above, STACK_RIGHT)),
            label=f"{pattern} {percent(_share(triangle[-1], pattern))}",
            label_y=label_y,
            end_y=end_y,
        )
        for pattern, (below, above), end_y, label_y in zip(
            patterns, pairwise(edges), ends, _spread(ends), strict=True
        )
    )


def _spread(heights: Sequence[float]) -> list[float]:
    """Return heights, the lowest place first, moved so far apart that names can be read."""
    found: list[float] = []
    for height in heights:
        found.append(min(height, found[-1] - LINE) if found else height)
    ceiling = float(TOP)
    for place in reversed(range(len(found))):
        found[place] = max(found[place], ceiling)
        ceiling = found[place] + LINE
    return found


def _points(shares: Sequence[float], right: float) -> list[Point]:
    """Return the places of shares 0 to 1, one a month."""
    months = len(shares) - 1
    return [(_across(month, months, right), _height(share)) for month, share in enumerate(shares)]


def _tie_points(values: Sequence[float]) -> list[Point]:
    return _points([(value + 1) / 2 for value in values], FAN_RIGHT)


def _across(month: int, months: int, right: float) -> float:
    return round(LEFT + (right - LEFT) * month / months, 1)


def _height(share: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * share, 1)


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _area(below: Sequence[Point], above: Sequence[Point]) -> str:
    return _line([*below, *reversed(above)]) + "z"


def _table_months(months: int) -> list[int]:
    """Return the months that a table shows: evenly, and the last."""
    return [*range(0, months, math.ceil(months / ROWS)), months]

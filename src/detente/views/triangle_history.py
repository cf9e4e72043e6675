"""The strategic triangle over time: lanes with the pattern of each period, and a row for each side.

A side's mark stands at its `s`, with its interval: a blue disc for a positive tie, an orange square
on a dashed line for a negative one, a hollow grey ring where the sign is undetermined. A period
without evidence is blank, never a zero.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from detente.relations.periods import LABELS, last_day
from detente.relations.triangle import TrianglePattern, turning_points
from detente.schema import Figure, Record, Tie
from detente.views.figures import Index, anchor
from detente.views.ties import TieRow, rests_on, tie_row
from detente.views.triangles import part_words, pattern_probability, triangle_title
from detente.views.wording import count, date_words, period_words, plain

LETTERS: dict[str, str] = {
    "ménage à trois": "M",
    "romantic triangle": "R",
    "stable marriage": "S",
    "unit veto": "V",
    "undetermined": "?",
}
"""What the lane of each pattern is headed with, in the order of the lanes."""

PERIODS = 72
"""Periods drawn at most, the latest ones; more cannot be told apart on a page."""

WIDTH, LEFT, TOP = 420, 26, 14
PLOT = WIDTH - LEFT - 4
LANE = 16
HALF, PANEL = 28, 94
"""Height of s = 1 above the zero line, and of a side's whole panel with its name."""

LETTER = 6.2
"""Width of a letter in units of the drawing."""

TICKS = 6


class Mark(Record, frozen=True, kw_only=True):
    """A side in one period; `y` is null where events are known but no reference to hold them to."""

    row: TieRow
    x: float
    y: float | None
    low: float
    high: float


class Panel(Record, frozen=True, kw_only=True):
    """A side over time; `zero` is the height of its zero line."""

    name: str
    zero: int
    marks: tuple[Mark, ...]


class Lane(Record, frozen=True, kw_only=True):
    """The lane of one pattern."""

    letter: str
    pattern: str
    y: int


class Stretch(Record, frozen=True, kw_only=True):
    """Neighbouring periods of one pattern; `label` is the pivot or outsider, if it has room."""

    x: float
    y: int
    width: float
    label: str
    pattern: str
    words: str
    anchors: str


class Turn(Record, frozen=True, kw_only=True):
    """A lasting change of the pattern, in words, with the place of its line."""

    x: float
    period: str
    before: str
    after: str
    anchors: str


class Tick(Record, frozen=True, kw_only=True):
    """A period's name under the drawing."""

    x: float
    label: str


class HistoryRow(Record, frozen=True, kw_only=True):
    """A period of the table beside the drawing."""

    period: str
    pattern: str
    probability: str
    sides: tuple[TieRow, ...]
    anchors: str


class TriangleHistory(Record, frozen=True, kw_only=True):
    """A triangle's periods with the figure that they are; drawn by `history.html`."""

    figure: Figure
    summary: str
    width: int
    height: int
    step: float
    radius: float
    lanes: tuple[Lane, ...]
    panels: tuple[Panel, ...]
    stretches: tuple[Stretch, ...]
    turns: tuple[Turn, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[HistoryRow, ...]
    n_left_out: int


def draw_history(index: Index, history: Sequence[TrianglePattern]) -> TriangleHistory | None:
    """Return one triangle's patterns in time order as a drawing and a table; None for none."""
    if not history:
        return None
    labels = _calendar([triangle.period for triangle in history])
    shown = [triangle for triangle in history if triangle.period in labels]
    step = PLOT / len(labels)
    left = {label: LEFT + step * place for place, label in enumerate(labels)}
    turns = _turns(index, history, left)
    lanes = _lanes(shown)
    top = TOP + LANE * len(lanes)
    title = f"{triangle_title(index, history[0])} over time"
    ties = [tie for triangle in shown for tie in triangle.ties]
    return TriangleHistory(
        figure=Figure(
            id="triangle-history", title=title, chart="history", records=rests_on(index, ties)
        ),
        summary=_describe(index, shown, turns),
        width=WIDTH,
        height=top + 3 * PANEL + 22,
        step=round(step, 2),
        radius=round(min(4.5, max(1.8, 0.36 * step)), 1),
        lanes=lanes,
        panels=tuple(
            _panel(index, [triangle.ties[side] for triangle in shown], zero, left, step)
            for side, zero in enumerate(range(top + PANEL - HALF - 4, top + 3 * PANEL, PANEL))
        ),
        stretches=_stretches(index, shown, {lane.pattern: lane.y for lane in lanes}, left, step),
        turns=turns,
        ticks=_ticks(labels, left, step),
        rows=tuple(_table_row(index, triangle) for triangle in shown),
        n_left_out=len(history) - len(shown),
    )


def _lanes(shown: Sequence[TrianglePattern]) -> tuple[Lane, ...]:
    """Return a lane for each pattern that is found."""
    found = {triangle.pattern for triangle in shown}
    used = [(pattern, letter) for pattern, letter in LETTERS.items() if pattern in found]
    return tuple(
        Lane(letter=letter, pattern=pattern, y=TOP + LANE * i)
        for i, (pattern, letter) in enumerate(used)
    )


def _calendar(known: Sequence[str]) -> list[str]:
    """Return all periods from the first to the last that is known, at most the latest `PERIODS`.

    Periods between them of which nothing is known keep their room, so that time runs evenly.
    Labels of no calendar width (`../2025-03-05`) stand side by side.
    """
    first, last = last_day(known[0]), last_day(known[-1])
    width = next((make for make in LABELS.values() if make(last) == known[-1]), None)
    if width is None:
        return list(known[-PERIODS:])
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = deque((label for label, _ in groupby(map(width, days))), maxlen=PERIODS)
    return list(found)


def _panel(
    index: Index, ties: Sequence[Tie], zero: int, left: dict[str, float], step: float
) -> Panel:
    """Return one side's marks; a period without its events has none."""
    return Panel(
        name=plain(f"{index.name(ties[0].a)} – {index.name(ties[0].b)}"),
        zero=zero,
        marks=tuple(_mark(index, tie, left[tie.period] + step / 2, zero) for tie in ties if tie.n),
    )


def _mark(index: Index, tie: Tie, x: float, zero: int) -> Mark:
    def height(s: float) -> float:
        return round(zero - HALF * s, 1)

    return Mark(
        row=tie_row(index, tie),
        x=round(x, 1),
        y=None if tie.s is None else height(tie.s),
        low=height(-1.0 if tie.low is None else tie.low),
        high=height(1.0 if tie.high is None else tie.high),
    )


def _stretches(
    index: Index,
    shown: Sequence[TrianglePattern],
    lanes: dict[str, int],
    left: dict[str, float],
    step: float,
) -> tuple[Stretch, ...]:
    """Return the runs of one pattern with the same parts in periods that follow one another."""
    places = {label: place for place, label in enumerate(left)}
    runs = groupby(
        enumerate(shown),
        key=lambda item: (_words(index, item[1]), places[item[1].period] - item[0]),
    )
    found = []
    for (words, _), members in runs:
        run = [triangle for _, triangle in members]
        width = step * len(run)
        found.append(
            Stretch(
                x=round(left[run[0].period], 1),
                y=lanes[run[0].pattern],
                width=round(width, 1),
                label=_label(index, run[0], width),
                pattern=run[0].pattern,
                words=f"{words}, {_span_words(run)}",
                anchors=_anchors([tie for triangle in run for tie in triangle.ties]),
            )
        )
    return tuple(found)


def _label(index: Index, triangle: TrianglePattern, width: float) -> str:
    """Return who is pivot or outsider in as many words as have room, maybe none."""
    part = part_words(index, triangle) or ""
    names = (part, part.partition(": ")[2])
    return next((plain(name) for name in names if LETTER * len(name) + 2 <= width), "")


def _span_words(run: Sequence[TrianglePattern]) -> str:
    first, last = period_words(run[0].period), period_words(run[-1].period)
    return first if len(run) == 1 else f"{first} to {last}"


def _words(index: Index, triangle: TrianglePattern) -> str:
    """Return a pattern with its pivot or outsider: `romantic triangle, pivot: Russia`."""
    return plain(", ".join(filter(None, [triangle.pattern, part_words(index, triangle)])))


def _turns(
    index: Index, history: Sequence[TrianglePattern], left: dict[str, float]
) -> tuple[Turn, ...]:
    """Return the turning points among the periods drawn, from all periods known."""
    return tuple(
        Turn(
            x=round(left[turn.period], 1),
            period=period_words(turn.period),
            before=_words(index, turn.before),
            after=_words(index, turn.after),
            anchors=_anchors(turn.after.ties),
        )
        for turn in turning_points(history)
        if turn.period in left
    )


def _ticks(labels: Sequence[str], left: dict[str, float], step: float) -> tuple[Tick, ...]:
    every = math.ceil(len(labels) / TICKS)
    return tuple(
        Tick(
            x=round(left[label] + step / 2, 1),
            label=date_words(label.removeprefix("../"), short=True),
        )
        for label in labels[::every]
    )


def _table_row(index: Index, triangle: TrianglePattern) -> HistoryRow:
    return HistoryRow(
        period=period_words(triangle.period),
        pattern=_words(index, triangle),
        probability=pattern_probability(triangle) or "–",
        sides=tuple(tie_row(index, tie) for tie in triangle.ties),
        anchors=_anchors(triangle.ties),
    )


def _anchors(ties: Sequence[Tie]) -> str:
    return " ".join(dict.fromkeys(anchor(event) for tie in ties for event in tie.events))


def _describe(index: Index, shown: Sequence[TrianglePattern], turns: Sequence[Turn]) -> str:
    """Return how often each pattern is found, and the turning points, the alternative to seeing."""
    found = Counter(_words(index, triangle) for triangle in shown)
    said = "; ".join(f"{words}: {n}" for words, n in found.most_common())
    changes = "; ".join(f"{turn.period}: {turn.after}" for turn in turns)
    return plain(
        f"{count(len(shown), 'period')} with evidence, {_span_words(shown)}. {said}. "
        f"Turning points: {changes or 'none'}."
    )

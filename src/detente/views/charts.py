"""Charts as inline SVG: Altair draws, and what it draws is made to fit the page.

The page's colours change between light, dark and paper, so a chart is drawn in stand-in colours
that are then replaced by the page's CSS variables. Altair takes over a second to import and is
therefore imported when the first chart is drawn.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from detente.scenarios.calibration import ReliabilityBin
from detente.schema import Figure, Record
from detente.views.figures import Ref
from detente.views.wording import date_words, number_words, plain

COLOURS: dict[str, str] = {
    "#010101": "var(--ink)",
    "#020202": "var(--muted)",
    "#030303": "var(--rule)",
    "#040404": "var(--plus)",
    "#050505": "var(--minus)",
    "#060606": "var(--neutral)",
}
"""Stand-in colours of the drawing, and the colours of the page that they become."""

INK, MUTED, RULE, PLUS, MINUS, NEUTRAL = COLOURS
SVG = "{http://www.w3.org/2000/svg}"
WIDTH = 460
LABELLED = 6
"""Points that each bear their value; of a longer series only the ends do."""

SQUARE = 360
"""Width and height of a plot whose two axes are the same."""

ROOM = 0.08
"""Share of the width of such a plot that a printed count of forecasts takes."""


class Point(Record, frozen=True, kw_only=True):
    """A point of a series; `label` is its value in few characters."""

    year: int
    value: float
    label: str


class Bin(Record, frozen=True, kw_only=True):
    """The events of one period: how many are of one tone; conflict counts downwards."""

    start: str
    tone: str
    records: tuple[str, ...]


class ChartRow(Record, frozen=True, kw_only=True):
    """A row of the table beside a chart: its cells and where its records are."""

    cells: tuple[str, ...]
    anchors: str
    ref: Ref


class Chart(Record, frozen=True, kw_only=True):
    """A drawing (`figure.chart`) with the table that says the same in words."""

    figure: Figure
    summary: str
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]


class HistoryChart(Record, frozen=True, kw_only=True):
    """A drawing that rests on a history of events, not on records of articles, with its table.

    It is no `Figure`: no sentence stands behind its numbers, so it cannot be traced, and says so by
    `source`, the history that it rests on.
    """

    id: str
    title: str
    source: str
    summary: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Strip(Record, frozen=True, kw_only=True):
    """Places on a line from 0 to 100: a probability, its interval, and what to compare it with."""

    probability: float
    low: float
    high: float
    usual: float | None


def make_strip(probability: float, low: float, high: float, usual: float | None) -> Strip:
    """Return the places of some probabilities, which are 0 to 1."""
    return Strip(
        probability=round(100 * probability, 1),
        low=round(100 * low, 1),
        high=round(100 * high, 1),
        usual=None if usual is None else round(100 * usual, 1),
    )


def series_svg(points: Sequence[Point], *, name: str, title: str, summary: str) -> str:
    """Return a small chart of a series over years: bars for up to four years, else a line.

    Two values of one year stay two marks; nothing is averaged.
    """
    alt = _altair()
    ends = {points[0].year, points[-1].year}
    rows = [
        {
            "year": str(p.year),
            "value": p.value,
            "label": p.label if len(points) <= LABELLED or p.year in ends else "",
        }
        for p in points
    ]
    years = [str(year) for year in _years(points)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=None, axis=None, stack=None),
    )
    if len({p.year for p in points}) <= 4:
        marks = base.mark_bar(color=PLUS, width=34)
    else:
        marks = base.mark_line(color=PLUS, point=alt.OverlayMarkDef(color=PLUS, size=40))
    labels = base.mark_text(dy=-8, color=INK, fontSize=13).encode(text="label:N")
    height = 130
    return _draw(alt, (marks + labels).properties(width=WIDTH, height=height), name, title, summary)


def timeline_svg(bins: Sequence[Bin], *, unit: str, name: str, title: str, summary: str) -> str:
    """Return events over time: cooperation counted upwards, conflict downwards.

    Args:
        bins: the counts; `start` is a full date.
        unit: `day`, `month` or `year`, the width of a bin.
        name: the id of the figure.
        title: the accessible name of the drawing.
        summary: what the drawing says, in words.
    """
    alt = _altair()
    rows = [
        {"start": b.start, "tone": b.tone, "n": -len(b.records) if _is_down(b) else len(b.records)}
        for b in bins
    ]
    zero = alt.Chart(alt.Data(values=[{"n": 0}])).mark_rule(color=MUTED).encode(y="n:Q")
    formats = {"day": "%-d %b", "month": "%b %Y", "year": "%Y"}
    domain = ["cooperative", "neutral", "conflictual"]
    ticks = sorted({b.start for b in bins})
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(width=max(3, min(22, round(300 / _n_steps(ticks, unit)))))
        .encode(
            x=alt.X(
                "start:T",
                title=None,
                scale=alt.Scale(type="utc", padding=16),
                axis=alt.Axis(
                    format=formats[unit], tickCount=6, labelOverlap=True, labelBound=True
                ),
            ),
            y=alt.Y(
                "n:Q",
                title=None,
                axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, tickCount=4),
            ),
            color=alt.Color(
                "tone:N", legend=None, scale=alt.Scale(domain=domain, range=[PLUS, NEUTRAL, MINUS])
            ),
        )
    )
    layers = (chart + zero).properties(width=WIDTH, height=120)
    return _draw(alt, layers, name, title, summary)


def reliability_svg(bins: Sequence[ReliabilityBin], *, name: str, title: str, summary: str) -> str:
    """Return stated probability against the share that happened, with intervals and the diagonal.

    A bin is a blue disc where its interval holds the stated probability, else an orange square; its
    number of forecasts stands above the interval, of bins that crowd only of the first.
    """
    alt = _altair()
    rows = [
        {"low": b.low, "high": b.high, "stated": b.forecast, "happened": b.observed, "n": label}
        | {"is_held": b.low <= b.forecast <= b.high}
        for b, label in zip(bins, _counts(bins), strict=True)
    ]
    ends = [{"stated": 0, "happened": 0}, {"stated": 1, "happened": 1}]
    held = [True, False]
    colours = alt.Scale(domain=held, range=[PLUS, MINUS])
    shapes = alt.Scale(domain=held, range=["circle", "square"])
    diagonal = alt.Chart(alt.Data(values=ends)).mark_line(color=MUTED, strokeDash=[4, 4])
    base = alt.Chart(alt.Data(values=rows)).encode(x="stated:Q")
    marks = base.encode(color=alt.Color("is_held:N", legend=None, scale=colours))
    layers = (
        diagonal.encode(
            x=alt.X("stated:Q", **_percent(alt, "stated probability")),
            y=alt.Y("happened:Q", **_percent(alt, "share that happened")),
        ),
        marks.mark_rule(strokeWidth=1.6).encode(y="low:Q", y2="high:Q"),
        marks.mark_point(filled=True, opacity=1, size=60).encode(
            y="happened:Q", shape=alt.Shape("is_held:N", legend=None, scale=shapes)
        ),
        base.mark_text(dy=-8, fontSize=12, color=MUTED).encode(y="high:Q", text="n:N"),
    )
    chart = alt.layer(*layers).properties(width=SQUARE, height=SQUARE)
    return _draw(alt, chart, name, title, summary)


def _percent(alt: Any, title: str) -> dict[str, Any]:
    """Return scale and axis of a share, from nothing to all."""
    axis = alt.Axis(title=title, labelExpr="format(100 * datum.value, '.0f') + ' %'", tickCount=5)
    return {"scale": alt.Scale(domain=[0, 1]), "axis": axis}


def _counts(bins: Sequence[ReliabilityBin]) -> list[str]:
    """Return what is printed at each bin: its forecasts, where the one before leaves room."""
    labels, last = [], -ROOM
    for found in bins:
        has_room = found.forecast - last >= ROOM
        labels.append(str(found.n) if has_room else "")
        last = found.forecast if has_room else last
    return labels


def _altair() -> Any:
    """Return Altair, imported when the first chart needs it; half of its functions are untyped."""
    return importlib.import_module("altair")


def _is_down(found: Bin) -> bool:
    return found.tone == "conflictual"


def _n_steps(ticks: Sequence[str], unit: str) -> int:
    """Return how many bins fit between the first and the last."""
    first, last = ([int(part) for part in t.split("-")] for t in (ticks[0], ticks[-1]))
    months = (last[0] - first[0]) * 12 + last[1] - first[1]
    steps = {"day": months * 30 + last[2] - first[2], "month": months, "year": months // 12}
    return steps[unit] + 1


def _years(points: Sequence[Point]) -> list[int]:
    """Return all years from the first to the last, so that gaps show; of long spans those known."""
    known = sorted({point.year for point in points})
    whole = range(known[0], known[-1] + 1)
    return list(whole) if len(whole) <= 25 else known


def _draw(alt: Any, chart: Any, name: str, title: str, summary: str) -> str:
    """Return an Altair chart as SVG in the page's colours."""
    import vl_convert

    styled = chart.configure(
        background="transparent",
        padding=2,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            domainColor=MUTED,
            grid=False,
            labelColor=MUTED,
            labelFontSize=13,
            tickColor=RULE,
            titleColor=MUTED,
            titleFontSize=13,
            titleFontWeight="normal",
        ),
    )
    return fit_svg(vl_convert.vegalite_to_svg(styled.to_dict()), name, title, summary)


def fit_svg(svg: str, name: str, title: str, summary: str) -> str:
    """Return `svg` for use inside a page: named, scalable, with unique ids and page colours.

    Scripts, links, styles and foreign content are dropped; only drawing elements stay.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.removeprefix(SVG) not in _DRAWING:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        _fit_element(element, name)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-title {name}-desc"})
    for tag, text in (("desc", summary), ("title", title)):
        label = ElementTree.Element(tag, {"id": f"{name}-{tag}"})
        label.text = plain(text)
        root.insert(0, label)
    return ElementTree.tostring(root, encoding="unicode")


_DRAWING = frozenset({"g", "path", "line", "rect", "circle", "text", "tspan", "defs", "clipPath"})
_PLACING = frozenset({"transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "dx", "dy"})
_SHAPING = frozenset({"d", "width", "height", "viewBox", "clip-path", "id", "opacity"})
_WRITING = frozenset({"text-anchor", "font-size", "font-weight"})
_PAINTING = frozenset(
    {"fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-miterlimit"}
)
_KEPT = _PLACING | _SHAPING | _WRITING | _PAINTING


def _fit_element(element: ElementTree.Element, name: str) -> None:
    """Keep drawing attributes only, prefix ids by the figure's name, set the page's colours."""
    kept = {key: value for key, value in element.attrib.items() if key in _KEPT}
    if "id" in kept:
        kept["id"] = f"{name}-{kept['id']}"
    if "clip-path" in kept:
        kept["clip-path"] = re.sub(r"url\(#(.+?)\)", rf"url(#{name}-\1)", kept["clip-path"])
    style = [
        f"{key}:{COLOURS[kept.pop(key)]}" for key in ("fill", "stroke") if kept.get(key) in COLOURS
    ]
    if style:
        kept["style"] = ";".join(style)
    element.attrib.clear()
    element.attrib.update(kept)


def describe_bins(bins: Sequence[Bin], unit: str) -> str:
    """Return what a timeline says in one sentence: how many events of each tone, and the peak."""
    total = dict.fromkeys(("cooperative", "neutral", "conflictual"), 0)
    by_start: dict[str, int] = {}
    for found in bins:
        total[found.tone] += len(found.records)
        by_start[found.start] = by_start.get(found.start, 0) + len(found.records)
    peak = max(by_start, key=lambda start: by_start[start])
    said = ", ".join(f"{number_words(n)} {tone}" for tone, n in total.items() if n)
    when = date_words(peak[: {"day": 10, "month": 7, "year": 4}[unit]])
    return f"Events by {unit}: {said}; most in {when} ({by_start[peak]})."

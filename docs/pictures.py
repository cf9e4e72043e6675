"""Draw the pictures of the mechanisms, one SVG each: `make pictures`.

In: `pictures.toml`, an entry a mechanism. Out: `methods/mechanisms/pictures/m01.svg` and so on.
Each picture is computed, never sketched: the mechanism runs alone on a shipped case that uses it,
with every input at the middle of its interval, without the case's moves and without chance movement
of ties. What an entry gives differs from that; one input may be varied along the x axis, and the
band of a curve goes over the interval of one input. `tests/test_pictures.py` draws them anew.
"""

from __future__ import annotations

import math
import textwrap
import tomllib
from functools import cache
from pathlib import Path

import altair as alt
import msgspec
import numpy as np
import vl_convert

from detente.errors import InputError
from detente.scenarios.case import Case, MechanismUse
from detente.scenarios.cases import read_case
from detente.scenarios.inputs import Inputs, Interval
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.moves import Move
from detente.scenarios.paths import Sample, trace_paths
from detente.scenarios.state import Floats
from detente.schema import Record

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "methods" / "mechanisms" / "pictures"
SOURCE = "assumption: for a picture"

STEPS = 40
"""Steps of the input along the x axis; even, so that its middle is one of them."""

LEVELS = 9
"""Values of the input of a band; odd, so that the middle is one of them."""

WIDTH, HEIGHT = 400, 220
LINE = 17
"""Height of a line of a label, so that no two stand on each other."""

NOTE = 84
"""Characters of a line of small print, which then is no wider than the rest."""

INK, MUTED, RULE = "#222222", "#5c5c5c", "#b8b8b8"
COLOURS = ("#1f5fa8", "#ad4c08", "#55606b")
"""Of the curves, in their order; the first two are those of the brief."""

DASHES: tuple[list[int], ...] = ([1, 0], [7, 3], [2, 3])
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


class Across(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The input that is varied along the x axis, between two values."""

    input: str
    low: float
    high: float


class Drive(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value of the state (a field or gauge and its names) that is set in some month."""

    of: tuple[str, ...]
    month: int
    to: float
    duration: int | None = None


class Curve(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a picture.

    Attributes:
        label: what stands at its end.
        show: a field or gauge and its names, or a finding.
        band: input over whose interval the band goes; of a line without a band, none.
        change: whether the change since the start is shown.
        given: inputs that differ from the picture's.
        drive: what is done in time.
    """

    label: str
    show: tuple[str, ...]
    band: str | None = None
    change: bool = False
    given: dict[str, float] = msgspec.field(default_factory=dict)
    drive: Drive | None = None


class Picture(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of a mechanism.

    Attributes:
        title: what is seen.
        case: the shipped case whose inputs and roles it takes.
        x: title of the x axis; months where nothing is varied along it.
        y: title of the y axis.
        months: how many are run.
        across: the input along the x axis.
        given: inputs that differ from the middle of the case's.
        repeats: runs whose mean is shown; more than one where there is chance.
        curves: the lines.
    """

    title: str
    case: str
    x: str = "months"
    y: str
    months: int = 24
    across: Across | None = None
    given: dict[str, float] = msgspec.field(default_factory=dict)
    repeats: int = 1
    curves: tuple[Curve, ...]


class Points(Record, frozen=True, kw_only=True):
    """What is drawn of a curve: its line, and the least and greatest value of its band."""

    x: list[float]
    middle: list[float]
    low: list[float]
    high: list[float]


def read_pictures() -> dict[str, Picture]:
    """Return the entries by the id of their mechanism."""
    entries = tomllib.loads((HERE / "pictures.toml").read_text(encoding="utf-8"))
    return msgspec.convert(entries, dict[str, Picture])


def path_of(mechanism: str) -> Path:
    """Return where the picture of a mechanism lies."""
    return FOLDER / f"m{int(mechanism.removeprefix('M')):02}.svg"


def case_of(mechanism: str, picture: Picture, curve: Curve) -> Case:
    """Return the case of a curve: its mechanism alone, and what is given or driven.

    Raises:
        InputError: an entry gives an input that its case has not.
    """
    case = _shipped(picture.case)
    used = next(one for one in case.mechanisms if one.name == mechanism)
    given = {
        name: Interval(low=value, high=value, source=SOURCE)
        for name, value in {**picture.given, **curve.given}.items()
    }
    if picture.across:
        ends = picture.across
        given[ends.input] = Interval(low=ends.low, high=ends.high, source=SOURCE)
    unknown = sorted(given.keys() - case.inputs().keys())
    if unknown:
        raise InputError(f"pictures.toml: {mechanism}: {picture.case} has no input {unknown[0]!r}")
    values = [
        msgspec.structs.replace(value, interval=given.get(value.name, value.interval))
        for value in case.values
    ]
    return msgspec.structs.replace(
        case,
        months=picture.months,
        values=tuple(values),
        noise=Interval(low=0.0, high=0.0, source=SOURCE),
        mechanisms=(_use_with(used, given),),
        moves=_moves(curve.drive),
    )


@cache
def _shipped(name: str) -> Case:
    """Return a shipped case; several curves take the same one."""
    return read_case(name)


def _use_with(used: MechanismUse, given: Inputs) -> MechanismUse:
    """Return a use of a mechanism with some of its intervals replaced."""
    parameters, start = (
        {name: given.get(f"{used.name}.{name}", interval) for name, interval in table.items()}
        for table in (used.parameters, used.start)
    )
    return msgspec.structs.replace(used, parameters=parameters, start=start)


def _moves(drive: Drive | None) -> tuple[Move, ...]:
    if drive is None:
        return ()
    return (
        Move(
            id="drive",
            title="what is done",
            month=drive.month,
            field=drive.of[0],
            names=drive.of[1:],
            how="to",
            amount=Interval(low=drive.to, high=drive.to, source=SOURCE),
            duration=drive.duration,
        ),
    )


def trace_curve(mechanism: str, picture: Picture, curve: Curve) -> Points:
    """Return the points of a curve: for each x the value in the middle and over the band."""
    case = case_of(mechanism, picture, curve)
    inputs = list(case.inputs())
    shape = (STEPS + 1 if picture.across else 1, LEVELS, picture.repeats)
    units = np.full((len(inputs), *shape), 0.5)
    if picture.across:
        units[inputs.index(picture.across.input)] = np.linspace(0, 1, STEPS + 1)[:, None, None]
    if curve.band:
        units[inputs.index(curve.band)] = np.linspace(0, 1, LEVELS)[None, :, None]
    sample = Sample(units.reshape(len(inputs), -1), seed=1)
    series = trace_paths(case, sample, [curve.show], MECHANISMS).series[curve.show]
    if curve.change:
        series = series - series[0]
    values = series.reshape(-1, *shape).mean(axis=3)
    if picture.across:
        x, rows = np.linspace(picture.across.low, picture.across.high, STEPS + 1), values[-1]
    else:
        x, rows = np.arange(picture.months + 1.0), values[:, 0]
    return Points(
        x=_rounded(x),
        middle=_rounded(rows[:, LEVELS // 2]),
        low=_rounded(rows.min(axis=1)),
        high=_rounded(rows.max(axis=1)),
    )


def _rounded(row: Floats) -> list[float]:
    """Return numbers in so few digits that no machine's last one shows; never minus zero."""
    found: list[float] = (row.round(5) + 0.0).tolist()
    return found


def draw(mechanism: str, picture: Picture) -> str:
    """Return the picture of a mechanism as SVG."""
    curves = [trace_curve(mechanism, picture, curve) for curve in picture.curves]
    scale = _scale_of(curves)
    places = _label_places(picture, curves, scale)
    layers = [_zero_line()] if scale[0] < 0 < scale[1] else []
    for number, (curve, points) in enumerate(zip(picture.curves, curves, strict=True)):
        layers += _layers(picture, curve, points, scale=scale, number=number)
        layers.append(_label(curve.label, points.x[-1], places[number], COLOURS[number]))
    chart = alt.layer(*layers).properties(
        width=WIDTH,
        height=HEIGHT,
        title=alt.TitleParams(f"{mechanism}  {picture.title}", subtitle=_note(mechanism, picture)),
    )
    svg: str = vl_convert.vegalite_to_svg(_styled(chart).to_dict(validate=False))
    return svg + "\n"


def _scale_of(curves: list[Points]) -> tuple[float, float]:
    """Return the ends of the y axis: what is drawn, and a little room."""
    low = min(min(points.low) for points in curves)
    high = max(max(points.high) for points in curves)
    room = 0.05 * (high - low)
    return low - room if low < 0 else max(low - room, 0.0), high + room


def _label_places(
    picture: Picture, curves: list[Points], scale: tuple[float, float]
) -> list[float]:
    """Return the y at which each label stands: at its line's end, pushed off the one below it."""
    pixel = (scale[1] - scale[0]) / HEIGHT
    order = sorted(range(len(curves)), key=lambda number: curves[number].middle[-1])
    places, floor = [0.0] * len(curves), -math.inf
    for number in order:
        half = LINE * pixel * (1 + picture.curves[number].label.count("\n")) / 2
        places[number] = max(curves[number].middle[-1], floor + half)
        floor = places[number] + half
    return places


def _layers(
    picture: Picture, curve: Curve, points: Points, *, scale: tuple[float, float], number: int
) -> list[alt.Chart]:
    """Return band and line of a curve."""
    names = ("x", "middle", "low", "high")
    columns = (points.x, points.middle, points.low, points.high)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    span = alt.Scale(domain=[points.x[0], points.x[-1]], nice=False)
    quarters = [picture.months * quarter // 4 for quarter in range(5)]
    ticks = alt.Axis() if picture.across else alt.Axis(values=quarters)
    x = alt.X("x:Q", title=picture.x, scale=span, axis=ticks)
    ends = alt.Scale(domain=list(scale), nice=False, zero=False)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    line = base.mark_line(color=COLOURS[number], strokeWidth=2.4, strokeDash=DASHES[number])
    title = picture.y.split("\n")
    drawn = [line.encode(y=alt.Y("middle:Q", title=title, scale=ends))]
    if curve.band:
        band = base.mark_area(color=COLOURS[number], opacity=0.16)
        drawn.insert(0, band.encode(y=alt.Y("low:Q", title=title, scale=ends), y2="high:Q"))
    return drawn


def _zero_line() -> alt.Chart:
    return alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color=RULE).encode(y="y:Q")


def _label(text: str, x: float, y: float, colour: str) -> alt.Chart:
    """Return the label at the end of a line."""
    lines = text.split("\n")
    rows = [{"x": x, "y": y, "text": lines}]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(
            align="left", baseline="middle", dx=7, dy=-LINE * (len(lines) - 1) / 2, color=colour
        )
        .encode(x="x:Q", y="y:Q", text="text:N")
    )


def _note(mechanism: str, picture: Picture) -> list[str]:
    """Return the small print: what the bands are, and where all other numbers come from."""
    bands = {}
    for curve in picture.curves:
        if curve.band:
            interval = case_of(mechanism, picture, curve).inputs()[curve.band]
            bands[curve.band] = f"{interval.low:.2g} to {interval.high:.2g}"
    parts = [f"{name} {words}" for name, words in bands.items()]
    shown = f"Bands: {', '.join(parts)}. " if parts else "No parameter enters. "
    given = [f"{name} {value:g}" for name, value in picture.given.items()]
    fixed = f"Given: {', '.join(given)}. " if given else ""
    text = f"{shown}{fixed}All else: the middle of the case {picture.case}."
    text = text.replace(f"{mechanism}.", "").replace(" -", " −")
    return textwrap.wrap(text, NOTE, break_on_hyphens=False)


def _styled(chart: alt.LayerChart) -> alt.LayerChart:
    """Return a chart with sizes and colours that can be read on a page."""
    axis = alt.AxisConfig(
        domainColor=MUTED,
        grid=False,
        labelColor=MUTED,
        labelFontSize=13,
        tickColor=RULE,
        tickCount=5,
        titleColor=INK,
        titleFontSize=13,
        titleFontWeight="normal",
    )
    return chart.configure(
        axis=axis,
        background="#ffffff",
        font=FONT,
        padding=10,
        text=alt.MarkConfig(fontSize=13, lineHeight=LINE),
        title=alt.TitleConfig(
            anchor="start",
            frame="bounds",
            color=INK,
            fontSize=15,
            subtitleColor=MUTED,
            subtitleFontSize=12,
            subtitlePadding=5,
            offset=12,
        ),
        view=alt.ViewConfig(stroke=None),
    )


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for mechanism, picture in read_pictures().items():
        path_of(mechanism).write_text(draw(mechanism, picture), encoding="utf-8")


if __name__ == "__main__":
    main()

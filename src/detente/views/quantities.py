"""Figures in the articles: quantities grouped by what they measure, a chart for each series."""

from __future__ import annotations

from detente.schema import Figure, Quantity, Record
from detente.views.charts import Chart, ChartRow, Point, series_svg
from detente.views.figures import Index, Ref, anchor
from detente.views.wording import date_words, number_words, quote, shorten, value_words

CHARTS = 8
"""Series drawn at most; the others stay tables."""


class QuantityRow(Record, frozen=True, kw_only=True):
    """One quantity as the text has it, its normalised value and what it measures."""

    id: str
    ref: Ref
    measures: str
    words: str
    value: str
    when: str
    qualifier: str | None
    is_new: bool


class QuantityGroup(Record, frozen=True, kw_only=True):
    """Quantities that measure the same in the same unit."""

    title: str
    rows: tuple[QuantityRow, ...]
    chart: Chart | None = None


class Quantities(Record, frozen=True, kw_only=True):
    """Measures with several quantities, each a group, and the quantities that stand alone."""

    groups: tuple[QuantityGroup, ...]
    single: tuple[QuantityRow, ...]

    @property
    def rows(self) -> tuple[QuantityRow, ...]:
        """Return all rows."""
        return (*(row for group in self.groups for row in group.rows), *self.single)


def build_quantities(index: Index, limit: int = CHARTS) -> Quantities:
    """Return the quantities by what they measure; series first, then by size.

    A series is two or more years of the same measure, unit and actors.
    """
    groups: dict[tuple[str, ...], list[Quantity]] = {}
    for quantity in index.records.quantities:
        groups.setdefault(_key(quantity), []).append(quantity)
    ordered = sorted(groups.items(), key=lambda item: (-_n_years(item[1]), -len(item[1]), item[0]))
    several = [members for key, members in ordered if len(members) > 1 and key[0]]
    single = [q for key, members in ordered if len(members) == 1 or not key[0] for q in members]
    return Quantities(
        groups=tuple(
            _group(index, number, members, with_chart=number <= limit and _n_years(members) > 1)
            for number, members in enumerate(several, start=1)
        ),
        single=tuple(_row(index, quantity) for quantity in single),
    )


def _key(quantity: Quantity) -> tuple[str, ...]:
    measures = " ".join((quantity.measures or "").casefold().split())
    return (measures, quantity.unit, quantity.currency or "", *sorted(quantity.actors))


def _n_years(quantities: list[Quantity]) -> int:
    """Return how many years a series has; quantities that measure nothing named are no series."""
    return len({q.year for q in quantities if q.year is not None and q.measures})


def _group(
    index: Index, number: int, quantities: list[Quantity], *, with_chart: bool
) -> QuantityGroup:
    title = _title(index, quantities[0])
    ordered = sorted(quantities, key=lambda q: (q.year is None, q.year or 0))
    return QuantityGroup(
        title=title,
        rows=tuple(_row(index, quantity) for quantity in ordered),
        chart=_chart(index, f"series-{number}", title, ordered) if with_chart else None,
    )


def _title(index: Index, quantity: Quantity) -> str:
    """Return what a quantity measures, and of whom where the measure does not name them."""
    line = shorten(quantity.measures or "not said", 120)
    names = [index.name(actor) for actor in quantity.actors]
    unsaid = [name for name in names if name.casefold() not in line.casefold()]
    return line[:1].upper() + line[1:] + (f" ({', '.join(unsaid)})" if unsaid else "")


def _row(index: Index, quantity: Quantity) -> QuantityRow:
    return QuantityRow(
        id=quantity.id,
        ref=index.ref(quantity.id),
        measures=_title(index, quantity),
        words=quote([quantity.span], 160),
        value=value_words(quantity),
        when=_when(quantity),
        qualifier=quantity.qualifier,
        is_new=index.is_new([quantity.document]),
    )


def _when(quantity: Quantity) -> str:
    if quantity.period:
        start, _, end = quantity.period.partition("/")
        return date_words(start, end=end)
    return str(quantity.year) if quantity.year is not None else "–"


def _short(quantity: Quantity) -> str:
    """Return a value short enough to stand over its point: `US$240bn`."""
    words = value_words(quantity)
    for long, short in ((" trillion", "tn"), (" billion", "bn"), (" million", "m")):
        words = words.replace(long, short)
    return words if len(words) <= 14 else number_words(quantity.value)


def _chart(index: Index, name: str, title: str, quantities: list[Quantity]) -> Chart:
    """Return a series as a chart, with its points as a table."""
    dated = [q for q in quantities if q.year is not None]
    points = [Point(year=q.year or 0, value=q.value, label=_short(q)) for q in dated]
    told = "; ".join(f"{q.year}: {value_words(q)}" for q in dated)
    summary = f"{title}. {told}."
    svg = series_svg(points, name=name, title=title, summary=summary)
    records = tuple(q.id for q in dated)
    rows = tuple(
        ChartRow(cells=(str(q.year), value_words(q)), anchors=anchor(q.id), ref=index.ref(q.id))
        for q in dated
    )
    return Chart(
        figure=Figure(id=name, title=title, chart=svg, records=records),
        summary=summary,
        columns=("Year", "Value"),
        rows=rows,
    )

"""What happened: canonical events in order of time, what is only spoken of apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.schema import ActorRef, Document, Event, Figure, Record, Report
from detente.views.charts import Bin, Chart, ChartRow, describe_bins, timeline_svg
from detente.views.figures import Index, Passage, Ref, anchor
from detente.views.wording import date_words, has_year, root_words, signed

APART = {"hypothetical": "Spoken of as possible", "historical": "Recalled from the past"}
"""Status of events that belong to no present: they enter no tie and stand apart."""

CHARTED = ("past", "ongoing", "scheduled")
"""Status of events that are counted over time."""

HAPPENED = ("past", "ongoing", "denied")
"""Status of events that an article can only tell on or after the day."""

SHOWN = 60
"""Events shown at once; a longer list leads with the most reported and folds the rest away."""


class EventRow(Record, frozen=True, kw_only=True):
    """One canonical event; `records` are the event and its tellings, `refs` a place for each."""

    id: str
    records: tuple[str, ...]
    refs: tuple[Ref, ...]
    date: str | None
    known_by: str | None
    when: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    host: str | None
    place: str | None
    kind: str
    root: str
    status: str
    score: str
    tone: str
    confidence: str
    passage: Passage
    n_reports: int
    n_outlets: int
    n_copies: int
    conflicts: tuple[str, ...]
    is_new: bool

    @property
    def anchors(self) -> str:
        """Return the anchors of all tellings, separated by blanks."""
        return " ".join(ref.anchor for ref in self.refs)

    @property
    def place_in_time(self) -> str | None:
        """Return the date that orders the event: its own, else that of its first article."""
        return self.date if has_year(self.date) else self.known_by

    @property
    def weight(self) -> tuple[float, ...]:
        """Return how prominent the event is: independent reports, outlets, then confidence."""
        return (self.n_reports - self.n_copies, self.n_outlets, float(self.confidence))


class EventGroup(Record, frozen=True, kw_only=True):
    """Events under one heading."""

    title: str
    rows: tuple[EventRow, ...]


class Timeline(Record, frozen=True, kw_only=True):
    """What happened, by month; `rest` is what a long list folds away."""

    groups: tuple[EventGroup, ...]
    rest: tuple[EventGroup, ...]
    apart: tuple[EventGroup, ...]
    n_shown: int
    n_rest: int


def event_rows(index: Index) -> tuple[EventRow, ...]:
    """Return a row for every canonical event, in order of time, undated ones last."""
    rows = [_row(index, key, reports) for key, reports in index.tellings().items()]
    ordered = most_reported(rows, len(rows))
    return tuple(
        sorted(ordered, key=lambda row: (row.place_in_time is None, row.place_in_time or ""))
    )


def build_timeline(rows: Sequence[EventRow], limit: int = SHOWN) -> Timeline:
    """Return the rows grouped by month; of more than `limit`, the most prominent are shown."""
    present = [row for row in rows if row.status not in APART]
    first = {row.id for row in most_reported(present, limit)}
    shown = [row for row in present if row.id in first]
    rest = [row for row in present if row.id not in first]
    titles = {"hypothetical": "Spoken of as possible", "historical": "Recalled from the past"}
    apart = [
        EventGroup(title=titles[s], rows=tuple(r for r in rows if r.status == s)) for s in APART
    ]
    return Timeline(
        groups=by_month(shown),
        rest=by_month(rest),
        apart=tuple(group for group in apart if group.rows),
        n_shown=len(shown),
        n_rest=len(rest),
    )


def most_reported(rows: Iterable[EventRow], limit: int) -> list[EventRow]:
    """Return at most `limit` rows, the most prominent first; equals keep their order."""
    return sorted(rows, key=lambda row: row.weight, reverse=True)[:limit]


def by_month(rows: Iterable[EventRow]) -> tuple[EventGroup, ...]:
    """Return rows under their months, in the order given; those without a year under one head."""
    groups: dict[str, list[EventRow]] = {}
    for row in rows:
        month = row.place_in_time
        title = date_words(month[:7]) if month else "Date or year unknown"
        groups.setdefault(title, []).append(row)
    return tuple(EventGroup(title=title, rows=tuple(rows)) for title, rows in groups.items())


def _row(index: Index, key: str, reports: list[Report]) -> EventRow:
    event = index.events[key]
    tellings = list(dict.fromkeys([key, *(report.telling for report in reports)]))
    documents = dict.fromkeys(index.events[telling].document for telling in tellings)
    docs = [index.documents[doc] for doc in documents]
    known_by = _known_by(event, docs)
    return EventRow(
        id=key,
        records=tuple(tellings),
        refs=index.refs(tellings),
        date=event.date,
        known_by=known_by,
        when=f"by {date_words(known_by, short=True)}"
        if known_by
        else date_words(event.date, event.date_precision, event.date_end, short=True),
        sources=actor_names(index, event.sources),
        targets=actor_names(index, event.targets),
        host=actor_names(index, [event.host])[0] if event.host else None,
        place=event.place,
        kind=root_words(event),
        root=event.root,
        status=event.status,
        score=signed(event.score),
        tone=tone_of(event.score),
        confidence=f"{event.confidence:.2f}",
        passage=index.passage(event.document, event.span),
        n_reports=len(docs),
        n_outlets=len({doc.outlet for doc in docs if doc.outlet}),
        n_copies=sum(doc.duplicate_of in documents for doc in docs),
        conflicts=tuple(dict.fromkeys(field for r in reports for field in r.conflicts)),
        is_new=index.is_new(documents, _dates(event)),
    )


def _known_by(event: Event, docs: Iterable[Document]) -> str | None:
    """Return the date of the first article that tells an undated event as done or under way.

    The event happened on or before it; more is not known, and nothing is invented.
    """
    if event.date is not None or event.status not in HAPPENED:
        return None
    return min((doc.date for doc in docs if doc.date and len(doc.date) == 10), default=None)


def _dates(event: Event) -> tuple[str | None, ...]:
    """Return the date that can make an event new; what was only foreseen is as old as its news."""
    return (event.date,) if event.status in ("past", "ongoing") else ()


def actor_names(index: Index, actors: Iterable[ActorRef]) -> tuple[str, ...]:
    """Return the names of some actors, each once."""
    return tuple(dict.fromkeys(index.name(ref.actor, ref.name) for ref in actors))


def tone_of(score: float | None) -> str:
    """Return `cooperative`, `conflictual` or `neutral`, by the sign of a score."""
    if not score:
        return "neutral"
    return "cooperative" if score > 0 else "conflictual"


def build_chart(index: Index, rows: Iterable[EventRow]) -> Chart | None:
    """Return the dated events as bars, cooperation up and conflict down; none for under three.

    Bins are days, months or years, the finest that leaves at most 60 of them.
    """
    dated = [row for row in rows if row.status in CHARTED and has_year(row.date)]
    full = [row for row in dated if len(str(row.date)) == 10]
    if len(full) < 3 or len({row.date for row in full}) < 2:
        return None
    unit, cut = _unit(min(str(row.date) for row in full), max(str(row.date) for row in full))
    groups: dict[tuple[str, str], list[EventRow]] = {}
    for row in sorted(full, key=lambda row: str(row.date)):
        start = (str(row.date)[:cut] + "-01-01")[:10]
        groups.setdefault((start, row.tone), []).append(row)
    bins = [
        Bin(start=start, tone=tone, records=tuple(row.id for row in members))
        for (start, tone), members in groups.items()
    ]
    title = f"Events by {unit}: cooperation upwards, conflict downwards"
    summary = describe_bins(bins, unit)
    svg = timeline_svg(bins, unit=unit, name="timeline", title=title, summary=summary)
    records = tuple(row.id for row in full)
    return Chart(
        figure=Figure(id="timeline", title=title, chart=svg, records=records),
        summary=summary,
        columns=(unit.capitalize(), "Tone", "Events"),
        rows=tuple(_chart_row(index, found, cut) for found in bins),
    )


def _chart_row(index: Index, found: Bin, cut: int) -> ChartRow:
    return ChartRow(
        cells=(date_words(found.start[:cut]), found.tone, str(len(found.records))),
        anchors=" ".join(map(anchor, found.records)),
        ref=index.ref(found.records[0]),
    )


def _unit(first: str, last: str) -> tuple[str, int]:
    """Return the width of a bin and how many characters of an ISO date name it."""
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])
    if months <= 2:
        return "day", 10
    return ("month", 7) if months <= 60 else ("year", 4)

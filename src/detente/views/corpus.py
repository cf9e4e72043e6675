"""What the brief rests on: outlets, dates, copies, boilerplate, what was skipped, what differs."""

from __future__ import annotations

from collections.abc import Sequence

from detente.schema import Document, Event, Record, Report, Skipped
from detente.views.articles import origin_notes, safe_url
from detente.views.figures import Index, Number, Ref, boilerplate_id, title_of
from detente.views.timeline import EventRow
from detente.views.wording import date_words, join_names, quote, range_words, root_words

CONFLICTS: dict[str, str] = {"date": "when", "status": "whether it happened", "root": "what it was"}
"""The fields in which accounts may contradict each other, in plain words."""


class OutletRow(Record, frozen=True, kw_only=True):
    """An outlet and its articles."""

    name: str
    articles: Number
    dates: str
    share: float


class ArticleRow(Record, frozen=True, kw_only=True):
    """An article in the list of what was read."""

    ref: Ref
    title: str
    outlet: str | None
    when: str
    words: int
    url: str | None
    notes: tuple[str, ...]


class CopyGroup(Record, frozen=True, kw_only=True):
    """Articles that are near copies of one, as wire services make them."""

    refs: tuple[Ref, ...]
    titles: tuple[str, ...]


class WasteRow(Record, frozen=True, kw_only=True):
    """Boilerplate of one reason."""

    reason: str
    pieces: Number
    words: int
    refs: tuple[Ref, ...]


class Corpus(Record, frozen=True, kw_only=True):
    """What was read and what was not."""

    n_words: int
    n_waste: int
    n_undated: int
    dates: str
    outlets: tuple[OutletRow, ...]
    articles: tuple[ArticleRow, ...]
    copies: tuple[CopyGroup, ...]
    waste: tuple[WasteRow, ...]
    skipped: tuple[Skipped, ...]


class Account(Record, frozen=True, kw_only=True):
    """How one article tells a disputed event; `differs` is false for the clearest telling."""

    ref: Ref
    source: str
    told: tuple[str, ...]
    words: str
    differs: bool


class Dispute(Record, frozen=True, kw_only=True):
    """One event whose accounts contradict each other, side by side."""

    title: str
    records: tuple[str, ...]
    fields: tuple[str, ...]
    accounts: tuple[Account, ...]


def build_corpus(index: Index) -> Corpus:
    """Return what the articles are: a folder is no sample, so the reader must see it."""
    docs = index.records.documents
    waste = _waste(index)
    return Corpus(
        n_words=sum(_n_words(doc.text) for doc in docs),
        n_waste=sum(row.words for row in waste),
        n_undated=sum(doc.date is None for doc in docs),
        dates=range_words([doc.date for doc in docs if doc.date]),
        outlets=_outlets(index),
        articles=tuple(_article(index, doc) for doc in docs),
        copies=_copies(index),
        waste=waste,
        skipped=tuple(index.records.skipped),
    )


def build_disputes(index: Index, rows: Sequence[EventRow]) -> tuple[Dispute, ...]:
    """Return the events whose accounts contradict each other, in the order of `rows`."""
    tellings = index.tellings()
    found = []
    for row in rows:
        if not row.conflicts:
            continue
        told = {report.telling: report for report in tellings[row.id]}
        own = told.pop(row.id, None)
        names = " → ".join(filter(None, [join_names(row.sources), join_names(row.targets)]))
        disputed = [report for report in told.values() if report.conflicts]
        accounts = [_account(index, row.id, own, row.conflicts)]
        accounts += [_account(index, r.telling, r, row.conflicts) for r in disputed]
        found.append(
            Dispute(
                title=f"{names}: {row.kind}",
                records=(row.id, *(report.telling for report in disputed)),
                fields=tuple(CONFLICTS.get(field, field) for field in row.conflicts),
                accounts=tuple(accounts),
            )
        )
    return tuple(found)


def _account(index: Index, telling: str, report: Report | None, fields: Sequence[str]) -> Account:
    event = index.events[telling]
    return Account(
        ref=index.ref(telling),
        source=index.source(event.document),
        told=tuple(_told(event, field) for field in fields),
        words=quote([event.span], 500),
        differs=bool(report and report.conflicts),
    )


def _told(event: Event, field: str) -> str:
    """Return what a telling says on one disputed field."""
    if field == "date":
        return date_words(event.date, event.date_precision, event.date_end)
    if field == "root":
        return root_words(event)
    return str(getattr(event, field, "") or "not said")


def _outlets(index: Index) -> tuple[OutletRow, ...]:
    groups: dict[str, list[Document]] = {}
    for doc in index.records.documents:
        groups.setdefault(doc.outlet or "Outlet not known", []).append(doc)
    total = len(index.records.documents)
    rows = [
        OutletRow(
            name=name,
            articles=index.number(
                f"outlet-{number}", f"Articles of {name}", str(len(docs)), [d.id for d in docs]
            ),
            dates=range_words([doc.date for doc in docs if doc.date]),
            share=round(100 * len(docs) / total, 1),
        )
        for number, (name, docs) in enumerate(groups.items(), start=1)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share, row.name)))


def _article(index: Index, doc: Document) -> ArticleRow:
    return ArticleRow(
        ref=index.ref(doc.id),
        title=title_of(doc),
        outlet=doc.outlet,
        when=date_words(doc.date, short=True),
        words=_n_words(doc.text),
        url=safe_url(doc.url),
        notes=tuple(note for note in origin_notes(doc) if "metadata" not in note),
    )


def _copies(index: Index) -> tuple[CopyGroup, ...]:
    groups: dict[str, list[str]] = {}
    for doc in index.records.documents:
        if doc.duplicate_of is not None and doc.duplicate_of in index.documents:
            groups.setdefault(doc.duplicate_of, [doc.duplicate_of]).append(doc.id)
    return tuple(
        CopyGroup(refs=index.refs(ids), titles=tuple(title_of(index.documents[doc]) for doc in ids))
        for ids in groups.values()
    )


def _waste(index: Index) -> tuple[WasteRow, ...]:
    groups: dict[str, list[tuple[str, int]]] = {}
    for doc in index.records.documents:
        for k, piece in enumerate(doc.boilerplate):
            found = (boilerplate_id(doc, k), _n_words(piece.quote))
            groups.setdefault(piece.reason, []).append(found)
    return tuple(
        WasteRow(
            reason=reason,
            pieces=index.number(
                f"boilerplate-{number}",
                f"Boilerplate: {reason}",
                str(len(pieces)),
                [piece for piece, _ in pieces],
            ),
            words=sum(words for _, words in pieces),
            refs=index.refs([piece for piece, _ in pieces[:10]]),
        )
        for number, (reason, pieces) in enumerate(sorted(groups.items()), start=1)
    )


def _n_words(text: str) -> int:
    return len(text.split())

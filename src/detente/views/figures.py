"""From every number to its sentences: the index of a set of records, and the trace of a figure.

A view never shows a number without the ids of the records behind it. `Index` turns such ids into
places in articles; `trace` walks a figure down to spans of text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from detente.documents.sentences import split_paragraphs, split_sentences
from detente.extract.gazetteer import load_gazetteer
from detente.schema import Document, Figure, Record, Records, Report, Span
from detente.views.wording import date_words, plain, shorten

CONTEXT = 110
"""Characters of the sentence shown on each side of a record's words."""

WORDS = 320
"""Longest piece of a record's words shown in a row."""


def title_of(doc: Document) -> str:
    """Return the title of a document, else the name of its file."""
    return doc.title or doc.path.replace("\\", "/").rstrip("/").rpartition("/")[2] or doc.path


class Ref(Record, frozen=True, kw_only=True):
    """Where the reader finds a record: `anchor` in the brief, article and paragraph on paper."""

    record: str
    anchor: str
    article: int
    paragraph: int
    source: str

    @property
    def label(self) -> str:
        """Return the short reference that also works on paper: `A2 ¶3`."""
        return f"A{self.article} ¶{self.paragraph}"


class Number(Record, frozen=True, kw_only=True):
    """A figure that is one number, with the place of the first record that it rests on."""

    figure: Figure
    ref: Ref

    @property
    def anchors(self) -> str:
        """Return the anchors of all records behind the number, separated by blanks."""
        return " ".join(anchor(record) for record in self.figure.records)


class Passage(Record, frozen=True, kw_only=True):
    """The words of a record with what stands before and after them in their sentence."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One span of a document that a record was read from."""

    record: str
    document: Document
    span: Span


@dataclass(frozen=True, slots=True)
class Novelty:
    """What counts as new: dated, or only told, from `since` on; or in no document of `known`."""

    since: str | None = None
    known: frozenset[str] | None = None

    @property
    def is_asked(self) -> bool:
        """Return whether anything was named to compare with."""
        return self.since is not None or self.known is not None


class Index:
    """Finds documents, names and evidence by id, for one set of records."""

    def __init__(self, records: Records, novelty: Novelty | None = None) -> None:
        self.records = records
        self.novelty = novelty or Novelty()
        self.documents = {doc.id: doc for doc in records.documents}
        self.events = {event.id: event for event in records.events}
        self.claims = {claim.id: claim for claim in records.claims}
        self._numbers = {doc.id: n for n, doc in enumerate(records.documents, start=1)}
        self._names = {actor.id: actor.name for actor in records.actors}
        self._paragraphs = {doc.id: split_paragraphs(doc.text) for doc in records.documents}
        self._starts = {
            doc: [start for start, _ in paragraphs] for doc, paragraphs in self._paragraphs.items()
        }
        self._spans = _collect_spans(records)
        self._marks: dict[str, list[Evidence]] = {}
        for record, (document, spans) in self._spans.items():
            doc = self.documents[document]
            marks = self._marks.setdefault(document, [])
            marks.extend(Evidence(record, doc, span) for span in spans)

    def name(self, actor: str, fallback: str | None = None) -> str:
        """Return an actor's name; the words of the text, or the id, where no actor has that id."""
        return self._names.get(actor) or fallback or actor

    def party(self, code: str) -> str:
        """Return the name under which articles or the list of actors know a party, or its code."""
        listed = load_gazetteer().actors.get(code)
        return self.name(code, listed.name if listed else None)

    def knows(self, record: str) -> bool:
        """Return whether a record with spans, or a document, has this id."""
        return record in self._spans or record in self.documents

    def article(self, document: str) -> int:
        """Return the number under which the brief prints a document, from 1."""
        return self._numbers[document]

    def source(self, document: str) -> str:
        """Return who published a document and when: `The Courier, 19 Feb 2025`."""
        doc = self.documents[document]
        date = date_words(doc.date, short=True) if doc.date else None
        return plain(", ".join(filter(None, [doc.outlet or title_of(doc), date])))

    def evidence(self, record: str) -> list[Evidence]:
        """Return the spans that a record was read from; a document yields its first sentence.

        Raises:
            ValueError: no record has this id.
        """
        if record in self._spans:
            document, spans = self._spans[record]
            return [Evidence(record, self.documents[document], span) for span in spans]
        if record in self.documents:
            doc = self.documents[record]
            return [Evidence(record, doc, span) for span in _first_sentence(doc)]
        raise ValueError(f"no record has the id {record!r}")

    def anchored(self, document: str) -> list[Evidence]:
        """Return all spans that are to be marked in one document's text."""
        return self._marks.get(document, [])

    def ref(self, record: str) -> Ref:
        """Return the place of a record's first span; of a document, its beginning.

        Raises:
            ValueError: no record has this id.
        """
        found = self.evidence(record)
        home = self._spans[record][0] if record in self._spans else record
        start = found[0].span.start if found else 0
        return Ref(
            record=record,
            anchor=anchor(record if found else home),
            article=self._numbers[home],
            paragraph=max(1, bisect_right(self._starts[home], start)),
            source=self.source(home),
        )

    def refs(self, ids: Iterable[str]) -> tuple[Ref, ...]:
        """Return the places of several records, in the order given."""
        return tuple(self.ref(record) for record in ids)

    def passage(self, document: str, span: Span) -> Passage:
        """Return a span's words, cut where they are long, within their sentence."""
        text = self.documents[document].text
        start, end = self._sentence(document, span)
        before = text[start : span.start]
        cut = before if len(before) <= CONTEXT else "… " + before[-CONTEXT:].partition(" ")[2]
        after = text[span.end : end]
        gap = " " if after[:1].isspace() else ""
        return Passage(
            before=cut, words=shorten(span.quote, WORDS), after=gap + shorten(after, CONTEXT)
        )

    def _sentence(self, document: str, span: Span) -> tuple[int, int]:
        """Return the offsets of the sentence that holds a span's beginning."""
        text = self.documents[document].text
        k = bisect_right(self._starts[document], span.start) - 1
        first, last = self._paragraphs[document][k] if k >= 0 else (span.start, span.end)
        for start, end in split_sentences(text, first, last):
            if start <= span.start < end:
                return start, max(end, span.end)
        return span.start, span.end

    def number(self, figure: str, title: str, value: str, ids: Sequence[str]) -> Number:
        """Return a number with its trace; a count of nothing rests on all documents searched.

        Raises:
            ValueError: there is neither a record nor a document to rest on.
        """
        records = tuple(ids) or tuple(self.documents)
        made = Figure(id=figure, title=title, value=value, records=records)
        return Number(figure=made, ref=self.ref(records[0]))

    def is_new(self, documents: Collection[str], dates: Iterable[str | None] = ()) -> bool:
        """Return whether a row is new that `documents` tell of things of these `dates`.

        It is new when its own date is, or when none but new documents tell of it.
        """
        since, known = self.novelty.since, self.novelty.known
        if known is not None and known.isdisjoint(documents):
            return True
        if since is None:
            return False
        published = [self.documents[doc].date or "" for doc in documents]
        return min(published, default="") >= since or any((date or "") >= since for date in dates)

    def tellings(self) -> dict[str, list[Report]]:
        """Return the reports of each canonical event; an event without one is its own report."""
        found: dict[str, list[Report]] = {}
        for report in self.records.reports:
            if report.event in self.events and report.telling in self.events:
                found.setdefault(report.event, []).append(report)
        told = {report.telling for reports in found.values() for report in reports}
        for event in self.records.events:
            if event.id not in told and event.id not in found:
                found[event.id] = [
                    Report(
                        event=event.id, document=event.document, telling=event.id, span=event.span
                    )
                ]
        return found


def anchor(record: str) -> str:
    """Return a record's id as an HTML id: letters, digits, `-`, `_` and `.` only."""
    return re.sub(r"[^\w.-]", lambda found: f"_{ord(found[0]):x}_", record, flags=re.ASCII)


def trace(figure: Figure, records: Records) -> list[Evidence]:
    """Return the spans of text that a figure rests on, each with its record and document.

    Raises:
        ValueError: the figure names a record that is not among `records`.
    """
    index = Index(records)
    return [found for record in figure.records for found in index.evidence(record)]


def boilerplate_id(doc: Document, k: int) -> str:
    """Return the id of a document's k-th piece of boilerplate, which is no record of its own."""
    return f"{doc.id}.boilerplate-{k}"


def _first_sentence(doc: Document) -> list[Span]:
    """Return the first sentence of a document, none where it has no words."""
    for start, end in split_paragraphs(doc.text)[:1]:
        for first, last in split_sentences(doc.text, start, end)[:1]:
            return [doc.span(first, last)]
    return []


def _collect_spans(records: Records) -> dict[str, tuple[str, list[Span]]]:
    """Return for each record id its document and its spans, what is said before who said it."""
    found: dict[str, tuple[str, list[Span]]] = {}
    for event in records.events:
        found[event.id] = (event.document, [event.span])
    for claim in records.claims:
        found[claim.id] = (claim.document, [*claim.content, *claim.source, *claim.cue])
    for hope in records.expectations:
        parts = [*hope.outcome, *(hope.condition or ()), *(hope.phrase or ())]
        found[hope.id] = (hope.document, parts)
    for quantity in records.quantities:
        found[quantity.id] = (quantity.document, [quantity.span])
    for doc in records.documents:
        for k, piece in enumerate(doc.boilerplate):
            found[boilerplate_id(doc, k)] = (doc.id, [piece])
    return found

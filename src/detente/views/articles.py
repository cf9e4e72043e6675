"""Articles as the brief prints them: text cut at every boundary of a span, so marks never overlap.

Browsers count UTF-16 units, détente counts code points; therefore the marks are set here.
"""

from __future__ import annotations

import itertools

from detente.documents.sentences import split_paragraphs, split_sentences
from detente.schema import Document, Record
from detente.views.figures import Evidence, Index, anchor, boilerplate_id, title_of
from detente.views.wording import date_words

ORIGINS: dict[str, str] = {
    "metadata": "from metadata",
    "dateline": "from the dateline",
    "filename": "from the file name",
    "option": "given by the user",
    "inferred": "inferred",
}


class Segment(Record, frozen=True, kw_only=True):
    """A stretch of text under one set of marks.

    `anchors` are the records that cover it, `starts` those that begin here, `reason` why it is
    boilerplate, if it is; `reason_starts` where that boilerplate begins.
    """

    text: str
    anchors: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    reason: str | None = None
    reason_starts: bool = False


class Paragraph(Record, frozen=True, kw_only=True):
    """A numbered paragraph: sentences (and the blanks between them), each a list of segments."""

    number: int
    sentences: tuple[tuple[Segment, ...], ...]


class Article(Record, frozen=True, kw_only=True):
    """A document with its marks; `url` is set only where it is safe to link to."""

    number: int
    document: str
    anchor: str
    title: str
    byline: str
    path: str
    url: str | None
    copy_of: int | None
    notes: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


def build_articles(index: Index) -> tuple[Article, ...]:
    """Return all documents with the spans of all records marked."""
    return tuple(build_article(index, doc) for doc in index.records.documents)


def build_article(index: Index, doc: Document) -> Article:
    """Return one document with the spans of all its records marked."""
    copied = doc.duplicate_of
    marks = index.anchored(doc.id)
    opened: set[str] = set()
    paragraphs = tuple(
        Paragraph(number=number, sentences=_sentences(doc, start, end, marks, opened))
        for number, (start, end) in enumerate(split_paragraphs(doc.text), start=1)
    )
    return Article(
        number=index.article(doc.id),
        document=doc.id,
        anchor=anchor(doc.id),
        title=title_of(doc),
        byline=" · ".join(
            filter(None, [doc.outlet, doc.author, date_words(doc.date)]),
        ),
        path=doc.path,
        url=safe_url(doc.url),
        copy_of=index.article(copied) if copied in index.documents else None,
        notes=origin_notes(doc),
        paragraphs=paragraphs,
    )


def safe_url(url: str | None) -> str | None:
    """Return an address only where it is plain `http(s)` without blanks; anything else is text."""
    if not url or not url.lower().startswith(("http://", "https://")):
        return None
    return url if url.isprintable() and " " not in url else None


def origin_notes(doc: Document) -> tuple[str, ...]:
    """Return where title, date, author and outlet came from: `date inferred`."""
    return tuple(f"{field} {ORIGINS[doc.origin[field]]}" for field in sorted(doc.origin))


def _sentences(
    doc: Document, start: int, end: int, marks: list[Evidence], opened: set[str]
) -> tuple[tuple[Segment, ...], ...]:
    """Return a paragraph as sentences; what lies between them is a sentence of its own."""
    edges = [start]
    for first, last in split_sentences(doc.text, start, end):
        edges.extend((first, last))
    edges.append(end)
    near = [mark for mark in marks if mark.span.start < end and start < mark.span.end]
    return tuple(
        _segments(doc, first, last, near, opened)
        for first, last in itertools.pairwise(edges)
        if first < last
    )


def _segments(
    doc: Document, start: int, end: int, marks: list[Evidence], opened: set[str]
) -> tuple[Segment, ...]:
    """Return `text[start:end]` cut at every boundary; `opened` holds the records begun so far."""
    covering = [mark for mark in marks if mark.span.start < end and start < mark.span.end]
    inner = {edge for m in covering for edge in (m.span.start, m.span.end) if start < edge < end}
    edges = sorted({start, end, *inner})
    reasons = {boilerplate_id(doc, k): piece.reason for k, piece in enumerate(doc.boilerplate)}
    segments: list[Segment] = []
    for first, last in itertools.pairwise(edges):
        here = dict.fromkeys(
            mark.record for mark in covering if mark.span.start <= first and last <= mark.span.end
        )
        fresh = [record for record in here if record not in opened]
        opened.update(fresh)
        waste = [record for record in here if record in reasons]
        segments.append(
            Segment(
                text=doc.text[first:last],
                anchors=tuple(map(anchor, here)),
                starts=tuple(map(anchor, fresh)),
                reason=reasons[waste[0]] if waste else None,
                reason_starts=any(record in reasons for record in fresh),
            )
        )
    return tuple(segments)

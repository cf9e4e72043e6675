"""The analyst's reviews: accept, correct or reject a record, kept when articles are coded again.

A review is keyed by document, kind and overlapping span, not by record id, because a newer coder
shifts spans and so makes new ids. What overlaps is the record's anchor: the words that it stands
on (an event's trigger, a claim's content, an expectation's outcome, a figure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from detente.errors import InputError, nearest
from detente.schema import TYPES, R, Record, Records, Skipped, Span

Verdict = Literal["accept", "correct", "reject"]

MIN_OVERLAP = 1 / 3
"""Smallest share of common characters (Jaccard) at which a record of another coder is the reviewed
one: a shifted edge stays above it, a long claim around a short reviewed one stays below."""

ANCHORS: dict[str, Callable[[Any], tuple[Span, ...]]] = {
    "event": lambda event: (event.trigger,),
    "claim": lambda claim: claim.content or claim.cue or claim.source,
    "expectation": lambda expectation: expectation.outcome,
    "quantity": lambda quantity: (quantity.span,),
    "mention": lambda mention: (mention.span,),
}
"""For each kind that can be reviewed the spans that tell its records apart."""

FIXED_FIELDS = frozenset({"id", "document"})


class Review(Record, frozen=True, kw_only=True):
    """One verdict on one record.

    `start` and `end` enclose the record's anchor, `record` is the record as the reviewer saw it,
    `correction` the fields that replace its fields, `at` the ISO 8601 time that the caller gave.
    """

    document: str
    kind: str
    start: int
    end: int
    verdict: Verdict
    at: str
    record: dict[str, Any]
    correction: dict[str, Any] = msgspec.field(default_factory=dict)
    reviewer: str = ""
    note: str = ""


@dataclass(slots=True)
class Reviewed:
    """A record with the reviews applied; `rejection` is the review that rejected it, or null."""

    record: Any
    rejection: Review | None = None


def make_review(
    record: Record,
    verdict: str,
    *,
    at: str,
    correction: dict[str, Any] | None = None,
    reviewer: str = "",
    note: str = "",
) -> Review:
    """Return a checked review of an event, claim, expectation, quantity or mention.

    Raises:
        InputError: the record cannot be reviewed; the verdict, the time, or a name or value in the
            correction is not allowed; the verdict is `correct` without a correction, or another
            with one.
    """
    kind = _kind_of(record)
    if verdict not in get_args(Verdict):
        raise InputError(f"unknown verdict {verdict!r}; allowed: {', '.join(get_args(Verdict))}")
    if bool(correction) != (verdict == "correct"):
        raise InputError("a correction is needed for the verdict 'correct', and only for that one")
    try:
        datetime.fromisoformat(at)
    except ValueError as err:
        raise InputError(f"the time of a review must be ISO 8601, not {at!r}") from err
    correct(record, correction or {})
    anchor = ANCHORS[kind](record)
    if not anchor:
        raise InputError(f"a record of kind {kind!r} without any span cannot be reviewed")
    return Review(
        document=record.document,  # type: ignore[attr-defined]  # every kind in ANCHORS has one
        kind=kind,
        start=min(span.start for span in anchor),
        end=max(span.end for span in anchor),
        verdict=verdict,  # type: ignore[arg-type]  # checked above
        at=at,
        record=msgspec.json.decode(msgspec.json.encode(record)),
        correction=correction or {},
        reviewer=reviewer,
        note=note,
    )


def correct(record: Record, correction: dict[str, Any]) -> Record:
    """Return the record with the fields of the correction (plain JSON values) in place of its own.

    Raises:
        InputError: a name is not a field that may be corrected, or a value does not fit its field.
    """
    kind = _kind_of(record)
    allowed = [f.name for f in msgspec.structs.fields(record) if f.name not in FIXED_FIELDS]
    for name in correction:
        if name not in allowed:
            raise InputError(
                f"{name!r} cannot be corrected in a record of kind {kind!r}; allowed: "
                f"{', '.join(allowed)}{nearest(name, allowed)}"
            )
    try:
        return msgspec.convert({**msgspec.to_builtins(record), **correction}, type(record))
    except msgspec.ValidationError as err:
        raise InputError(f"correction of a record of kind {kind!r}: {err}") from err


def check_spans(value: Any, text: str) -> None:
    """Check that all spans in a correction quote the document's text.

    Raises:
        InputError: a span's quote is not the text from its start to its end.
    """
    if isinstance(value, dict):
        if {"start", "end", "quote"} <= value.keys():
            start, end, quote = value["start"], value["end"], value["quote"]
            if not 0 <= start < end or text[start:end] != quote:
                raise InputError(
                    f"a correction quotes {quote!r} at {start}:{end}, where the article has "
                    f"{text[start:end]!r}; take start, end and quote from the article's text"
                )
        for part in value.values():
            check_spans(part, text)
    elif isinstance(value, list | tuple):
        for part in value:
            check_spans(part, text)


def apply_reviews(kind: str, records: Iterable[Any], reviews: Iterable[Review]) -> list[Reviewed]:
    """Return the records of one kind with the reviews applied, in the order that they were given.

    An accepted or corrected record is certain (`confidence` 1, where the kind has one). One that
    the coder no longer finds stands as it was reviewed, at the end; a rejection of such a record
    has no effect. The last verdict on a record wins, corrections add up.
    """
    standing = [Reviewed(record) for record in records]
    by_document: dict[str, list[Reviewed]] = {}
    for entry in standing:
        by_document.setdefault(entry.record.document, []).append(entry)
    for review in reviews:
        if review.kind != kind:
            continue
        candidates = by_document.setdefault(review.document, [])
        reviewed = msgspec.convert(review.record, TYPES[kind])
        found = _find(reviewed, candidates, ANCHORS[kind])
        if found is None and review.verdict != "reject":
            found = Reviewed(reviewed)
            candidates.append(found)
            standing.append(found)
        if found is not None:
            _apply(review, found)
    return standing


def _apply(review: Review, entry: Reviewed) -> None:
    """Let one review take effect on the record that it is about."""
    if review.verdict == "reject":
        entry.rejection = review
        return
    correction = review.correction
    if "confidence" in entry.record.__struct_fields__:
        correction = {"confidence": 1.0, **correction}
    entry.record = correct(entry.record, correction)
    entry.rejection = None


def _find(
    reviewed: Any, candidates: Sequence[Reviewed], anchor: Callable[[Any], tuple[Span, ...]]
) -> Reviewed | None:
    """Return the candidate that is the reviewed record: the same id, else the best overlap.

    Of several that overlap equally (two events of one trigger), the one with most equal fields.
    """
    fields = reviewed.__struct_fields__

    def likeness(entry: Reviewed) -> tuple[bool, float, int]:
        return (
            "id" in fields and bool(entry.record.id == reviewed.id),
            _overlap(anchor(reviewed), anchor(entry.record)),
            sum(getattr(reviewed, name) == getattr(entry.record, name) for name in fields),
        )

    ranked = [(likeness(entry), entry) for entry in candidates]
    near = [(rank, entry) for rank, entry in ranked if rank[0] or rank[1] >= MIN_OVERLAP]
    return max(near, key=lambda pair: pair[0])[1] if near else None


def _overlap(a: tuple[Span, ...], b: tuple[Span, ...]) -> float:
    """Return the share of common characters among all characters of two lists of spans."""
    chars_a = {i for span in a for i in range(span.start, span.end)}
    chars_b = {i for span in b for i in range(span.start, span.end)}
    return len(chars_a & chars_b) / max(len(chars_a | chars_b), 1)


def _kind_of(record: Record) -> str:
    """Return the kind of a record that can be reviewed.

    Raises:
        InputError: it cannot.
    """
    for kind in ANCHORS:
        if type(record) is TYPES[kind]:
            return kind
    raise InputError(
        f"a {type(record).__name__} cannot be reviewed; what can: {', '.join(ANCHORS)}"
    )


def describe_rejection(record: Any, review: Review) -> Skipped:
    """Return the row that tells of a record left out because a reviewer rejected it."""
    item = getattr(record, "id", None) or f"{review.kind} {review.document} {review.start}"
    by = f" by {review.reviewer}" if review.reviewer else ""
    note = f": {review.note}" if review.note else ""
    return Skipped(item=item, stage="review", reason=f"rejected{by}{note}")


def drop_dangling(records: Records) -> None:
    """Take out references to records that are not there, and reports without their events."""
    claims = {claim.id for claim in records.claims}
    events = {event.id for event in records.events}
    records.events = [_without(event, "within", claims) for event in records.events]
    records.claims = [_without(claim, "outer", claims) for claim in records.claims]
    records.expectations = [_without(e, "within", claims) for e in records.expectations]
    records.reports = [r for r in records.reports if r.event in events and r.telling in events]


def _without(record: R, field: str, known: set[str]) -> R:
    """Return the record with the reference in `field` null unless it is to a known record."""
    if getattr(record, field) is None or getattr(record, field) in known:
        return record
    return msgspec.structs.replace(record, **{field: None})

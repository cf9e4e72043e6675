"""The flat tables of the records: for each kind its columns, shared by the dossier and the exports.

In: a record. Out: its row, one value a column, so that a table in the dossier, a Parquet file and
a CSV file have the same names and the same order. A span becomes `start`, `end` and `quote`, a
list of spans their quotes, a list of actors three columns (ids, names, countries) whose parts
correspond; the parts of a list are joined by `; `. What a flat row cannot hold is in its last
column, `json`: the whole record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from detente.errors import InputError
from detente.schema import (
    TYPES,
    About,
    Actor,
    ActorRef,
    Claim,
    Document,
    Expectation,
    Office,
    R,
    Record,
    Span,
    to_row,
)

ColumnType = Literal["text", "integer", "number"]

SEPARATOR = "; "
"""Stands between the parts of a list in one cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its type, and how its value is read from a record."""

    name: str
    type: ColumnType
    value: Callable[[Any], Any]


def to_json(record: Record, kind: str) -> str:
    """Return the whole record as JSON under the schema's names; a document without its text."""
    row = to_row(record, kind)
    del row["record"]
    return msgspec.json.encode(row).decode()


def extent(record: Claim | Expectation) -> tuple[int, int] | None:
    """Return where a record of several spans starts and ends, or null if it has no span."""
    if isinstance(record, Claim):
        spans = (*record.source, *record.cue, *record.content)
    else:
        spans = (*record.outcome, *(record.condition or ()), *(record.phrase or ()))
    return (min(s.start for s in spans), max(s.end for s in spans)) if spans else None


def _field(name: str, type: ColumnType = "text") -> Column:
    return Column(name, type, lambda record: getattr(record, name))


def _span(field: str) -> tuple[Column, ...]:
    """Return the columns `start`, `end`, `quote` of a record's span."""
    return (
        Column("start", "integer", lambda record: getattr(record, field).start),
        Column("end", "integer", lambda record: getattr(record, field).end),
        Column("quote", "text", lambda record: getattr(record, field).quote),
    )


def _extent() -> tuple[Column, ...]:
    """Return the columns `start` and `end` of a record that has several spans."""
    return (
        Column("start", "integer", lambda record: (extent(record) or (None, None))[0]),
        Column("end", "integer", lambda record: (extent(record) or (None, None))[1]),
    )


def _list(name: str, parts: Callable[[Any], Iterable[str | None]]) -> Column:
    """Return a column of joined parts; a missing part stays empty, so that columns correspond."""
    return Column(name, "text", lambda record: SEPARATOR.join(part or "" for part in parts(record)))


def _quotes(field: str) -> Column:
    return _list(field, lambda record: [span.quote for span in getattr(record, field) or ()])


def _quote(name: str, field: str) -> Column:
    def value(record: Any) -> str | None:
        span: Span | None = getattr(record, field)
        return span.quote if span else None

    return Column(name, "text", value)


def _actors(prefix: str, field: str) -> tuple[Column, ...]:
    """Return the columns for a list of actors: their ids, names and countries, aligned."""

    def column(name: str, read: Callable[[ActorRef], str | None]) -> Column:
        return _list(f"{prefix}_{name}", lambda record: map(read, getattr(record, field)))

    return (
        column("actors", lambda ref: ref.actor),
        column("names", lambda ref: ref.name),
        column("countries", lambda ref: ref.country),
    )


def _person(field: str) -> tuple[Column, ...]:
    """Return the columns for a speaker or holder: who it is, of which country, office and sort."""

    def column(name: str, attribute: str) -> Column:
        return Column(name, "text", lambda record: getattr(getattr(record, field), attribute, None))

    return (
        column(field, "actor"),
        *(column(f"{field}_{a}", a) for a in ("name", "country", "office", "affiliation", "kind")),
    )


def _dyads(abouts: Iterable[About]) -> list[str]:
    return [f"{about.a} {about.b} {about.valence:+g}" for about in abouts]


TABLES: dict[str, tuple[Column, ...]] = {
    "document": (
        *map(_field, ("id", "path", "title", "outlet", "author", "url", "date", "language")),
        _field("n_chars", "integer"),
        _field("duplicate_of"),
        Column("date_origin", "text", lambda document: document.origin.get("date")),
    ),
    "actor": (
        *map(_field, ("id", "name", "kind", "country", "sector", "affiliation", "origin")),
        _list("offices", lambda actor: [office.title for office in actor.offices]),
    ),
    "mention": (_field("document"), _field("actor"), *_span("span")),
    "event": (
        *map(_field, ("id", "document", "date", "date_end", "date_precision")),
        _quote("date_quote", "date_text"),
        *map(_field, ("root", "mode")),
        _list("contexts", lambda event: event.contexts),
        _field("status"),
        _field("score", "number"),
        _field("confidence", "number"),
        *_actors("source", "sources"),
        *_actors("target", "targets"),
        Column("host", "text", lambda event: event.host.actor if event.host else None),
        _field("place"),
        *_span("span"),
        _quote("trigger", "trigger"),
        _field("within"),
    ),
    "report": (
        *map(_field, ("event", "document", "telling")),
        *_span("span"),
        _list("conflicts", lambda report: report.conflicts),
    ),
    "claim": (
        *map(_field, ("id", "document", "date")),
        *_person("speaker"),
        _field("kind"),
        *_extent(),
        *map(_quotes, ("source", "cue", "content")),
        _list("about", lambda claim: _dyads(claim.about)),
        _quote("original", "original"),
        _field("outer"),
        _field("confidence", "number"),
    ),
    "expectation": (
        *map(_field, ("id", "document")),
        *_person("holder"),
        _field("band"),
        *_extent(),
        *map(_quotes, ("phrase", "condition", "outcome")),
        *map(_field, ("horizon", "within")),
    ),
    "quantity": (
        *map(_field, ("id", "document")),
        _field("value", "number"),
        *map(_field, ("unit", "currency")),
        _field("year", "integer"),
        *map(_field, ("period", "qualifier", "measures")),
        _list("actors", lambda quantity: quantity.actors),
        *_span("span"),
    ),
    "skipped": tuple(map(_field, ("item", "stage", "reason"))),
}
"""The columns of each kind, without the last one, `json`."""


def to_rows(records: Iterable[Any], kind: str, document: Document | None = None) -> list[list[Any]]:
    """Return the rows of one kind: the columns of `TABLES`, then the record as JSON.

    Args:
        records: the records, all of one kind.
        kind: that kind.
        document: the document that they must belong to.

    Raises:
        InputError: a record would not be the same when read back.
        ValueError: a record belongs to another document.
    """
    rows = []
    place = document.path if document else kind
    for record in records:
        if document and getattr(record, "document", document.id) != document.id:
            raise ValueError(f"{kind} of document {record.document}, given with {document.id}")
        try:
            json = to_json(record, kind)
            text = record.text.encode().decode() if kind == "document" else ""
        except UnicodeEncodeError as err:
            raise InputError(
                f"{place}: character {err.start} is half of a surrogate pair, which UTF-8 cannot "
                "hold; save the article as UTF-8 again"
            ) from err
        if not _same(json, kind, record, text):
            raise InputError(f"{place}: this {kind} holds a value that cannot be stored: {json}")
        rows.append([*(column.value(record) for column in TABLES[kind]), json])
    return rows


def from_json(json: str, kind: str, *, text: str = "") -> Any:
    """Return the record that `to_json` wrote; a document gets its `text` back.

    Raises:
        msgspec.ValidationError: it is not a record of this kind.
    """
    if kind != "document":
        return msgspec.json.decode(json, type=TYPES[kind])
    return msgspec.convert({**msgspec.json.decode(json), "text": text}, Document)


def _same(json: str, kind: str, record: Record, text: str) -> bool:
    """Return whether the JSON reads back as the record (an infinite number, say, does not)."""
    try:
        return bool(from_json(json, kind, text=text) == record)
    except msgspec.ValidationError:
        return False


def merge_actors(known: Actor, new: Actor) -> Actor:
    """Return one actor from what two documents tell of it; no office is lost.

    The gazetteer's word goes before the text's, else the newer word before the older; gaps are
    filled from the other. Two tellings of one office (same title, country and start) become one.
    """
    first, second = (
        (known, new) if (known.origin, new.origin) == ("gazetteer", "text") else (new, known)
    )
    offices: dict[tuple[str, str | None, str | None], Office] = {}
    for office in (*first.offices, *second.offices):
        key = (office.title, office.country, office.start)
        offices[key] = _fill(offices[key], office) if key in offices else office
    ordered = sorted(offices.values(), key=lambda o: (o.start or "", o.end or "", o.title))
    return msgspec.structs.replace(_fill(first, second), offices=tuple(ordered))


def _fill(first: R, second: R) -> R:
    """Return the first record with its null fields taken from the second."""
    gaps = [name for name in first.__struct_fields__ if getattr(first, name) is None]
    return msgspec.structs.replace(first, **{name: getattr(second, name) for name in gaps})

"""Records as files for other tools: flat tables (Parquet, CSV), JSON Lines and PLOVER events.

In: finished `Records`. Out: files, written under another name and then renamed, so that nobody
reads half a file. The columns are those of `tables.TABLES`; `docs/reference/exports.md` describes
all formats. An article's text is in none of them but as quotes, for it may not be ours to pass on.
"""

from __future__ import annotations

import io
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from detente.errors import InputError
from detente.extract.lexicon import cameo_code, codebook_root, load_lexicon
from detente.schema import PLURALS, ActorRef, Document, Event, Records, Report, Span, to_row
from detente.tables import TABLES, to_rows

POLARS_TYPES = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64}

FORMULA = r"^([=+\-@\t\r\n＝＋－＠])"
"""Beginnings that make a spreadsheet run a cell as a formula (OWASP, CSV injection)."""

CODEBOOK = "PLOVER, Open Event Data Alliance, February 2024"


def to_frame(records: Iterable[Any], kind: str) -> pl.DataFrame:
    """Return the flat table of the records of one kind, with the whole record in column `json`.

    Raises:
        InputError: a record holds a text or number that no file can hold.
    """
    schema: dict[str, Any] = {column.name: POLARS_TYPES[column.type] for column in TABLES[kind]}
    return pl.DataFrame(
        to_rows(records, kind), schema={**schema, "json": pl.String}, orient="row", strict=True
    )


def write_parquet(records: Records, target: Path) -> list[Path]:
    """Write a Parquet file for each kind that has records; return the files.

    Args:
        records: what to write.
        target: a folder, made if it is not there; or, where the records are of one kind, a file
            that ends in `.parquet`.

    Raises:
        InputError: the target cannot be written, or one file is to hold several kinds.
    """
    return _write_tables(records, target, ".parquet", _parquet)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as a Parquet file.

    Raises:
        InputError: the file cannot be written.
    """
    write_bytes(path, _parquet(frame))


def write_csv(records: Records, target: Path) -> list[Path]:
    """Write a CSV file for each kind that has records; return the files.

    A cell that a spreadsheet would run as a formula is led by an apostrophe.

    Args:
        records: what to write.
        target: a folder, made if it is not there; or, where the records are of one kind, a file
            that ends in `.csv`.

    Raises:
        InputError: the target cannot be written, or one file is to hold several kinds.
    """
    return _write_tables(records, target, ".csv", _csv)


def to_jsonl(records: Records) -> Iterator[bytes]:
    """Yield the records as JSON Lines: each document, then its records; last what has no document.

    Every line names its kind: `{"record": "event", ...}`.
    """
    kinds = [kind for kind in PLURALS if kind not in {"document", "actor", "skipped"}]
    waiting: dict[str, list[bytes]] = defaultdict(list)
    for kind in kinds:
        for record in records.of_kind(kind):
            waiting[record.document].append(_line(record, kind))
    for document in records.documents:
        yield _line(document, "document")
        yield from waiting.pop(document.id, ())
    for lines in waiting.values():
        yield from lines
    for kind in ("actor", "skipped"):
        for record in records.of_kind(kind):
            yield _line(record, kind)


def write_jsonl(records: Records, path: Path) -> None:
    """Write the records as JSON Lines.

    Raises:
        InputError: the file cannot be written.
    """
    write_bytes(path, to_jsonl(records))


def to_plover(records: Records) -> list[dict[str, Any]]:
    """Return the events as PLOVER records, one an event however many articles tell it.

    The names are those of the PLOVER codebook's data fields (`id`, `date`, `source`, `recipient`,
    `event`, `mode`, `context`, `quad_code`, `event_scale`, ...), to which détente adds `status`,
    `date_precision`, `confidence`, `host`, `reports` and, where the conversion is one to one, the
    code of CAMEO, PLOVER's forerunner.
    """
    documents = {document.id: document for document in records.documents}
    events = {event.id: event for event in records.events}
    tellings: dict[str, list[Report]] = defaultdict(list)
    for report in records.reports:
        tellings[report.event].append(report)
    told = {report.telling for report in records.reports}
    canonical = [event for event in events.values() if event.id in tellings or event.id not in told]
    return [
        {
            **_plover_event(event, documents.get(event.document)),
            "reports": [
                {
                    "id": report.telling,
                    "conflicts": list(report.conflicts),
                    **_plover_source(report.span, documents.get(report.document)),
                }
                for report in tellings[event.id]
            ],
        }
        for event in canonical
    ]


def write_bytes(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; a device or pipe is written to as it is.

    Raises:
        InputError: the file or its folder cannot be written.
    """
    chunks = [content] if isinstance(content, bytes) else content
    # Renaming onto /dev/stdout would take the device's place.
    in_place = path.exists() and not path.is_file()
    draft = path if in_place else path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(chunks)
        if not in_place:
            draft.replace(path)
    except OSError as err:
        raise InputError(
            f"cannot write {path}: {err.strerror or err}; give another place with -o"
        ) from err
    finally:
        if not in_place:
            # Where the folder is none, there is no draft to remove either.
            with suppress(OSError):
                draft.unlink()


def _write_tables(
    records: Records, target: Path, suffix: str, encode: Callable[[pl.DataFrame], bytes]
) -> list[Path]:
    """Write each kind that has records as `<plural><suffix>`; see `write_parquet`."""
    kinds = [kind for kind in PLURALS if records.of_kind(kind)]
    if target.suffix.lower() == suffix and not target.is_dir():
        if len(kinds) != 1:
            raise InputError(
                f"{target} is one file, but there are {len(kinds)} tables to write; "
                "give a folder, or one kind of record with --kind"
            )
        paths = [target]
    else:
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            reason = err.strerror or err
            raise InputError(f"cannot make the folder {target}: {reason}; give another") from err
        paths = [target / f"{PLURALS[kind]}{suffix}" for kind in kinds]
    for kind, path in zip(kinds, paths, strict=True):
        write_bytes(path, encode(to_frame(records.of_kind(kind), kind)))
    return paths


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _csv(frame: pl.DataFrame) -> bytes:
    disarmed = pl.col(pl.String).str.replace(FORMULA, "'$1")
    return frame.with_columns(disarmed).write_csv().encode()


def _line(record: Any, kind: str) -> bytes:
    return msgspec.json.encode(to_row(record, kind)) + b"\n"


def _plover_event(event: Event, document: Document | None) -> dict[str, Any]:
    """Return one event under the names of the PLOVER codebook, announced acts by its rule."""
    root = codebook_root(event.root, event.status)
    mode = event.mode if root == event.root else None
    return {
        "id": event.id,
        "date": event.date,
        "enddate": event.date_end,
        "date_precision": event.date_precision,
        "source": [_plover_actor(ref) for ref in event.sources],
        "recipient": [_plover_actor(ref) for ref in event.targets],
        "host": _plover_actor(event.host) if event.host else None,
        "event": [root],
        "mode": [mode] if mode else [],
        "context": list(event.contexts),
        "cameo": cameo_code(root, mode, event.contexts),
        "quad_code": load_lexicon().quads.get(root),
        "event_scale": event.score if root == event.root else load_lexicon().score(root, None),
        "status": event.status,
        "confidence": event.confidence,
        "event_loc": {"name": event.place} if event.place else None,
        "event_text": [event.trigger.quote],
        "text": event.span.quote,
        **_plover_source(event.span, document),
    }


def _plover_actor(ref: ActorRef) -> dict[str, Any]:
    """Return an actor object: PLOVER's `code` is the country, or the organisation's own code."""
    return {
        "code": ref.country or ref.actor.partition(".")[0],
        "sector": ref.sector,
        "actor_text": ref.span.quote if ref.span else ref.name,
        "identifier_id": ref.actor,
        "identifier_text": ref.name,
    }


def _plover_source(span: Span, document: Document | None) -> dict[str, Any]:
    """Return where an event is told: PLOVER's `text_info` and `cite_info`."""
    cite: dict[str, Any] = {"codebook": CODEBOOK}
    if document is not None:
        cite |= {
            "citation": document.id,
            "title": document.title,
            "publication": document.outlet,
            "publication_date": document.date,
            "url": document.url,
            "language": document.language,
        }
    return {"text_info": {"start": span.start, "end": span.end}, "cite_info": cite}

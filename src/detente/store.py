"""The dossier: articles, their records and the analyst's reviews in one DuckDB file.

In: a `Document` with its `Records`, coded by a named version of the coder. Out: the same records,
with the reviews applied. This is the only module that holds SQL. The tables have the columns of
`tables.TABLES` and a last column `json` with the whole record, so that the file also opens in
DuckDB, R or Python without détente; `docs/reference/dossier.md` describes them.

A document and its records are written in one transaction, and the file is made under another name
before it gets its own: whoever kills the program finds whole documents or none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from detente.database import clear_errors, connect
from detente.errors import DossierError, InputError
from detente.reviews import (
    ANCHORS,
    Review,
    apply_reviews,
    check_spans,
    describe_rejection,
    drop_dangling,
    make_review,
)
from detente.schema import (
    PLURALS,
    Actor,
    Document,
    Record,
    Records,
    Report,
    Skipped,
)
from detente.settings import Settings
from detente.tables import TABLES, from_json, merge_actors, to_rows

SUFFIX = ".detente"
"""Ending of a dossier's file name."""

SCHEMA_VERSION = 2
"""Rises when the tables change in a way that an older détente would misread."""

SQL_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}
PER_DOCUMENT = ("mention", "event", "report", "claim", "expectation", "quantity")
"""The kinds whose records belong to one document and are replaced with it."""

REVIEW_COLUMNS = {
    "seq": "BIGINT",
    "document": "VARCHAR",
    "kind": "VARCHAR",
    "start": "BIGINT",
    "end": "BIGINT",
    "verdict": "VARCHAR",
    "at": "VARCHAR",
    "reviewer": "VARCHAR",
    "note": "VARCHAR",
    "correction": "VARCHAR",
    "json": "VARCHAR",
}


class Dossier:
    """One dossier file; a context manager.

    Raises (also from its methods):
        DossierError: the file is missing (when only reading), a folder, no dossier, in use by
            another process, from a newer version, or cannot be written.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        # Absolute, because DuckDB takes a name such as `md:x` or `:memory:` for something else.
        self.path = Path(path).absolute()
        self.read_only = read_only
        if self.path.is_dir():
            raise DossierError(f"{path} is a folder; a dossier is one file, such as name.detente")
        if not self.path.exists():
            if read_only:
                raise DossierError(f"{path} does not exist; `detente add {path} ARTICLES` makes it")
            if not self.path.parent.is_dir():
                raise DossierError(f"{self.path.parent} does not exist; make that folder first")
            with clear_errors(self.path):
                _create(self.path)
        with clear_errors(self.path):
            self._connection = connect(self.path, read_only=read_only)
            try:
                self._check_version()
                if not read_only:
                    # Statements are planned anew for each article: a third of the time of `add`.
                    self._connection.execute("PRAGMA disable_optimizer")
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Dossier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, so that other processes can open it."""
        self._connection.close()

    # Adding

    def add(self, document: Document, records: Records, *, coder: str) -> bool:
        """Store a document with its records, whole or not at all; return whether it was stored.

        A document that this version of the coder has coded is left as it is. Records by another
        version are replaced, and reviews kept. Actors are merged into those already known.

        Args:
            document: the article; its id is the hash of its content.
            records: the records of this document alone; `records.documents` is not read.
            coder: name and version of the coder.

        Raises:
            InputError: a text or value cannot be stored (a lone surrogate, an infinite number).
            ValueError: a record belongs to another document.
        """
        rows = {kind: to_rows(records.of_kind(kind), kind, document) for kind in PER_DOCUMENT}
        (document_row,) = to_rows([document], "document", document)
        skipped = to_rows(records.skipped, "skipped", document)
        with self._transaction():
            known = self._query("SELECT coder, position FROM documents WHERE id = ?", document.id)
            if known and known[0][0] == coder:
                return False
            if known:
                self._remove(document.id)
            position = known[0][1] if known else self._next("documents", "position")
            self._insert("document", [[position, coder, document.text, *document_row]])
            for kind in PER_DOCUMENT:
                self._insert(kind, [[i, *row] for i, row in enumerate(rows[kind])])
            self._put_skipped(skipped, document.id)
            self._merge_actors(records.actors)
        return True

    def put_reports(self, reports: Iterable[Report]) -> None:
        """Replace all reports, which are made over the events of all documents."""
        rows = [[i, *row] for i, row in enumerate(to_rows(reports, "report"))]
        with self._transaction():
            self._execute("DELETE FROM reports")
            self._insert("report", rows)

    def skip(self, *skipped: Skipped) -> None:
        """Store what a run left out; what was stored for the same item and stage is replaced."""
        rows = to_rows(skipped, "skipped")
        with self._transaction():
            self._put_skipped(rows, None)

    def put_settings(self, settings: Settings) -> None:
        """Replace the settings that the dossier was made with."""
        with self._transaction():
            self._execute("DELETE FROM settings")
            for name, value in msgspec.to_builtins(settings).items():
                row = (name, msgspec.json.encode(value).decode())
                self._execute("INSERT INTO settings VALUES (?, ?)", *row)

    def review(
        self,
        record: Record,
        verdict: str,
        *,
        at: str,
        correction: dict[str, Any] | None = None,
        reviewer: str = "",
        note: str = "",
    ) -> Review:
        """Store and return the verdict on an event, claim, expectation, quantity or mention.

        Args:
            record: the record as the reviewer saw it.
            verdict: `accept`, `correct` or `reject`.
            at: the time of the review, ISO 8601.
            correction: for `correct`, the fields that change, as plain JSON values.
            reviewer: who reviewed.
            note: why.

        Raises:
            InputError: verdict, time or correction is not allowed.
        """
        review = make_review(
            record, verdict, at=at, correction=correction, reviewer=reviewer, note=note
        )
        check_spans(review.correction, self.document(review.document).text)
        row = msgspec.to_builtins(review)
        row["correction"] = msgspec.json.encode(review.correction).decode()
        row["json"] = msgspec.json.encode(review.record).decode()
        with self._transaction():
            row["seq"] = self._next("reviews", "seq")
            marks = ", ".join("?" for _ in REVIEW_COLUMNS)
            values = [row[name] for name in REVIEW_COLUMNS]
            self._execute(f"INSERT INTO reviews VALUES ({marks})", *values)
        return review

    # Reading

    def document_ids(self, coder: str | None = None) -> set[str]:
        """Return the ids of all documents, or of those that a version of the coder has coded."""
        sql = "SELECT id FROM documents WHERE ? IS NULL OR coder = ?"
        return {row[0] for row in self._query(sql, coder, coder)}

    def documents(self, since: str | None = None) -> list[Document]:
        """Return the documents in the order in which they were added.

        Args:
            since: an ISO date; only documents dated then or later. A partial date (`2025-02`)
                counts if the document may be that new, an unknown date does not.

        Raises:
            InputError: `since` is not a date.
        """
        rows = self._query("SELECT json, text FROM documents ORDER BY position")
        documents = [from_json(json, "document", text=text) for json, text in rows]
        if since is None:
            return documents
        _check_date(since)
        return [d for d in documents if d.date and d.date >= since[: len(d.date)]]

    def document(self, document_id: str) -> Document:
        """Return one document.

        Raises:
            DossierError: there is none with this id.
        """
        rows = self._query("SELECT json, text FROM documents WHERE id = ?", document_id)
        if not rows:
            raise DossierError(f"{self.path} holds no document {document_id!r}")
        json, text = rows[0]
        document: Document = from_json(json, "document", text=text)
        return document

    def records(self, kind: str, since: str | None = None) -> list[Any]:
        """Return the records of one kind (`event`, `claim`, ...) with the reviews applied.

        Raises:
            InputError: `since` is not a date.
        """
        return self.load(since).of_kind(kind)

    def load(self, since: str | None = None) -> Records:
        """Return all records, in the order in which documents were added, with reviews applied.

        Accepted records have confidence 1, corrected ones their corrected fields. Rejected ones are
        left out and listed in `skipped` with the stage `review`; what refers to them (a claim
        around a claim, a report) loses the reference or goes with them.

        Raises:
            InputError: `since` is not a date.
        """
        documents = self.documents()
        loaded = Records(documents=documents, actors=self.actors())
        order = {document.id: i for i, document in enumerate(documents)}
        skipped = self._skipped()
        reviews = self.reviews()
        for kind in PER_DOCUMENT:
            records = self._read(kind)
            if kind in ANCHORS:
                reviewed = apply_reviews(kind, records, reviews)
                reviewed.sort(key=lambda entry: order[entry.record.document])
                records = [entry.record for entry in reviewed if entry.rejection is None]
                skipped += [
                    (describe_rejection(entry.record, entry.rejection), entry.record.document)
                    for entry in reviewed
                    if entry.rejection is not None
                ]
            setattr(loaded, PLURALS[kind], records)
        loaded.skipped = [row for row, _ in skipped]
        drop_dangling(loaded)
        if since is not None:
            loaded.documents = self.documents(since)
            kept = {document.id for document in loaded.documents}
            for kind in PER_DOCUMENT:
                records = [r for r in loaded.of_kind(kind) if r.document in kept]
                setattr(loaded, PLURALS[kind], records)
            loaded.skipped = [row for row, of in skipped if of is None or of in kept]
        return loaded

    def reviews(self) -> list[Review]:
        """Return all reviews, also those without effect now, in the order they were given."""
        columns = [name for name in REVIEW_COLUMNS if name != "seq"]
        sql = f"SELECT {_names(columns)} FROM reviews ORDER BY seq"
        reviews = []
        for values in self._query(sql):
            row = dict(zip(columns, values, strict=True))
            row["correction"] = msgspec.json.decode(row["correction"])
            row["record"] = msgspec.json.decode(row.pop("json"))
            reviews.append(msgspec.convert(row, Review))
        return reviews

    def actors(self) -> list[Actor]:
        """Return all actors, sorted by id, with every office that any document told of."""
        rows = self._query("SELECT json FROM actors ORDER BY id")
        return [from_json(row[0], "actor") for row in rows]

    @property
    def settings(self) -> Settings | None:
        """The settings that the dossier was made with; null where nobody stored any."""
        rows = self._query("SELECT name, value FROM settings")
        known = set(Settings.__struct_fields__)
        values = {name: msgspec.json.decode(value) for name, value in rows if name in known}
        return msgspec.convert(values, Settings) if values else None

    @property
    def versions(self) -> dict[str, str]:
        """The versions that the dossier was made with: `schema` and `detente`."""
        return dict(self._query("SELECT name, value FROM versions ORDER BY name"))

    # Below: one step each inside a transaction

    def _check_version(self) -> None:
        """Check that this détente reads the file's tables, and note that it wrote to them."""
        found = self._query("SELECT table_name FROM duckdb_tables() WHERE table_name = 'versions'")
        if not found:
            raise DossierError(f"{self.path} is a DuckDB file but not a dossier; give another name")
        versions = self.versions
        if int(versions["schema"]) > SCHEMA_VERSION:
            raise DossierError(
                f"{self.path} was written by détente {versions['detente']}, which is newer than "
                f"this one ({version('detente')}); install that version or a newer one"
            )
        if self.read_only:
            return
        if int(versions["schema"]) < SCHEMA_VERSION:
            self._add_columns()
        written = {"schema": str(SCHEMA_VERSION), "detente": version("detente")}
        for name, value in written.items():
            if versions[name] != value:
                self._execute("UPDATE versions SET value = ? WHERE name = ?", value, name)

    def _add_columns(self) -> None:
        """Give the tables of an older file the columns that have been added since, empty."""
        for kind, table in PLURALS.items():
            for name, sql_type in _columns(kind).items():
                self._execute(f'ALTER TABLE {table} ADD COLUMN IF NOT EXISTS "{name}" {sql_type}')

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Run a block whole or not at all."""
        import duckdb

        self._execute("BEGIN")
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            # After a failed write DuckDB may have rolled back, or closed the file, by itself.
            with suppress(duckdb.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _execute(self, sql: str, *values: Any) -> None:
        with clear_errors(self.path):
            self._connection.execute(sql, values)

    def _query(self, sql: str, *values: Any) -> list[Any]:
        with clear_errors(self.path):
            return self._connection.execute(sql, values).fetchall()

    def _insert(self, kind: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows column by column: one statement, for DuckDB is slow at one row a time."""
        if rows:
            columns = _columns(kind)
            values = ", ".join(f"unnest(?::{sql_type}[])" for sql_type in columns.values())
            by_column = [list(column) for column in zip(*rows, strict=True)]
            into = f"{PLURALS[kind]} ({_names(columns)})"
            self._execute(f"INSERT INTO {into} SELECT {values}", *by_column)

    def _next(self, table: str, column: str) -> int:
        return int(self._query(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}")[0][0])

    def _remove(self, document_id: str) -> None:
        """Delete a document with what was coded from it; reviews and actors stay."""
        self._execute("DELETE FROM documents WHERE id = ?", document_id)
        for kind in (*PER_DOCUMENT, "skipped"):
            self._execute(f"DELETE FROM {PLURALS[kind]} WHERE document = ?", document_id)

    def _put_skipped(self, rows: Sequence[Sequence[Any]], document_id: str | None) -> None:
        if not rows:
            return
        for item, stage in dict.fromkeys((row[0], row[1]) for row in rows):
            self._execute("DELETE FROM skipped WHERE item = ? AND stage = ?", item, stage)
        first = self._next("skipped", "position")
        self._insert("skipped", [[first + i, document_id, *row] for i, row in enumerate(rows)])

    def _merge_actors(self, actors: Iterable[Actor]) -> None:
        new: dict[str, Actor] = {}
        for actor in actors:
            new[actor.id] = merge_actors(new[actor.id], actor) if actor.id in new else actor
        among = "id IN (SELECT unnest(?::VARCHAR[]))"
        rows = self._query(f"SELECT json FROM actors WHERE {among}", list(new))
        known = {actor.id: actor for actor in (from_json(row[0], "actor") for row in rows)}
        merged = {id: merge_actors(known[id], new[id]) if id in known else new[id] for id in new}
        changed = [actor for id, actor in merged.items() if actor != known.get(id)]
        if changed:
            self._execute(f"DELETE FROM actors WHERE {among}", [actor.id for actor in changed])
            self._insert("actor", to_rows(changed, "actor"))

    def _read(self, kind: str) -> list[Any]:
        """Return the machine's records of one kind, in document order."""
        rows = self._query(
            f"SELECT r.json FROM {PLURALS[kind]} r JOIN documents d ON r.document = d.id "
            "ORDER BY d.position, r.position"
        )
        return [from_json(row[0], kind) for row in rows]

    def _skipped(self) -> list[tuple[Skipped, str | None]]:
        """Return what was left out, each with the document that it is about, if any."""
        rows = self._query("SELECT json, document FROM skipped ORDER BY position")
        return [(from_json(row[0], "skipped"), row[1]) for row in rows]


def _columns(kind: str) -> dict[str, str]:
    """Return the columns of a kind's table with their SQL types."""
    columns = {} if kind == "actor" else {"position": "BIGINT"}
    if kind == "document":
        columns |= {"coder": "VARCHAR", "text": "VARCHAR"}
    if kind == "skipped":
        columns |= {"document": "VARCHAR"}
    columns |= {column.name: SQL_TYPES[column.type] for column in TABLES[kind]}
    return columns | {"json": "VARCHAR"}


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _create(path: Path) -> None:
    """Make an empty dossier under another name, then give it its own, so that it is never partial.

    Raises:
        OSError: the folder cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        with connect(draft, read_only=False) as connection:
            for kind, table in PLURALS.items():
                connection.execute(_table(table, _columns(kind)))
            connection.execute(_table("reviews", REVIEW_COLUMNS))
            connection.execute(_table("settings", {"name": "VARCHAR", "value": "VARCHAR"}))
            connection.execute(_table("versions", {"name": "VARCHAR", "value": "VARCHAR"}))
            versions = ["schema", str(SCHEMA_VERSION), "detente", version("detente")]
            connection.execute("INSERT INTO versions VALUES (?, ?), (?, ?)", versions)
        # A link, unlike a rename, never takes the place of a dossier made meanwhile.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _table(name: str, columns: dict[str, str]) -> str:
    listed = ", ".join(f'"{column}" {sql_type}' for column, sql_type in columns.items())
    return f"CREATE TABLE {name} ({listed})"


def _check_date(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as err:
        raise InputError(f"{value!r} is not a date; write it as 2025-02-20") from err

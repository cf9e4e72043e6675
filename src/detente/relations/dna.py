"""Files of the Discourse Network Analyzer (DNA 3; Leifeld 2017), read and made.

A DNA file is an SQLite database of documents and coded statements. In: such a file, or a
`Discourse` with its documents. Out: a `Discourse`, or the file's bytes. This is the only module
that knows DNA's tables, and beside the store the only one that holds SQL.

DNA is a Java program, so its offsets count UTF-16 code units; ours count code points.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from detente.errors import InputError
from detente.relations.codebook import Proposition
from detente.relations.discourse import Discourse
from detente.relations.periods import days_of
from detente.relations.positions import Position
from detente.relations.tone import Stance
from detente.schema import Actor, Document, Records, Span

SUFFIX = ".dna"
VERSION = ("3.0.7", "2022-06-10")
"""Version and date of the schema that is written."""

CODER = "detente"
"""Name and password of the one coder of a file that we make; DNA asks for both."""

EPOCH = date(1970, 1, 1)
LIMIT = 190
"""Letters of a short text at most, which DNA checks."""

_SALT = b"detente exported"
_ROUNDS = 100_000
"""Salt and rounds of the password's hash, as Jasypt's strong encryptor makes and checks it."""

_PERMISSIONS = (
    *(f"Permission{verb}Documents" for verb in ("Add", "Edit", "Delete", "Import")),
    *(f"Permission{verb}Statements" for verb in ("Add", "Edit", "Delete")),
    *(f"PermissionEdit{what}" for what in ("Attributes", "Regex", "StatementTypes", "Coders")),
    "PermissionEditCoderRelations",
    *(f"Permission{verb}Others{what}" for what in ("Documents", "Statements")
      for verb in ("View", "Edit")),
)  # fmt: skip
_KEY = "ID INTEGER NOT NULL PRIMARY KEY"
_COLOUR = ", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in ("Red", "Green", "Blue"))


def _owner(column: str, table: str) -> str:
    return f"{column} INTEGER REFERENCES {table}(ID) ON DELETE CASCADE"


def _value_table(column: str) -> str:
    owners = f"{_owner('StatementId', 'STATEMENTS')}, {_owner('VariableId', 'VARIABLES')}"
    return f"{_KEY}, {owners}, {column}, UNIQUE (StatementId, VariableId)"


_TABLES = {
    "SETTINGS": "Property TEXT PRIMARY KEY, Value TEXT NOT NULL",
    "CODERS": f"{_KEY}, Name TEXT NOT NULL, {_COLOUR}, Refresh INTEGER NOT NULL DEFAULT 0, "
    "FontSize INTEGER NOT NULL DEFAULT 14, Password TEXT NOT NULL, PopupWidth INTEGER DEFAULT 300, "
    "ColorByCoder INTEGER NOT NULL DEFAULT 0, PopupDecoration INTEGER NOT NULL DEFAULT 0, "
    "PopupAutoComplete INTEGER NOT NULL DEFAULT 1, "
    + ", ".join(f"{name} INTEGER NOT NULL DEFAULT 1" for name in _PERMISSIONS),
    "DOCUMENTS": f"{_KEY}, Title TEXT NOT NULL, Text TEXT NOT NULL, {_owner('Coder', 'CODERS')}, "
    + ", ".join(f"{name} TEXT NOT NULL DEFAULT ''" for name in ("Author", "Source", "Section"))
    + ", Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL",
    "STATEMENTTYPES": f"{_KEY}, Label TEXT NOT NULL, {_COLOUR}",
    "VARIABLES": f"{_KEY}, Variable TEXT NOT NULL, DataType TEXT NOT NULL DEFAULT 'short text', "
    f"{_owner('StatementTypeId', 'STATEMENTTYPES')}, UNIQUE (Variable, StatementTypeId)",
    "VARIABLELINKS": f"{_KEY}, {_owner('SourceVariableId', 'VARIABLES')}, "
    f"{_owner('TargetVariableId', 'VARIABLES')}",
    "REGEXES": f"Label TEXT PRIMARY KEY, {_COLOUR}",
    "CODERRELATIONS": f"{_KEY}, {_owner('Coder', 'CODERS')}, {_owner('OtherCoder', 'CODERS')}, "
    + ", ".join(
        f"{verb}{what} INTEGER NOT NULL DEFAULT 1"
        for what in ("Statements", "Documents")
        for verb in ("view", "edit")
    ),
    "STATEMENTS": f"{_KEY}, {_owner('StatementTypeId', 'STATEMENTTYPES')}, "
    f"{_owner('DocumentId', 'DOCUMENTS')}, Start INTEGER NOT NULL, Stop INTEGER NOT NULL, "
    f"{_owner('Coder', 'CODERS')}, CHECK (Start < Stop)",
    "ENTITIES": f"{_KEY}, {_owner('VariableId', 'VARIABLES')}, Value TEXT NOT NULL DEFAULT '', "
    f"Red INTEGER, Green INTEGER, Blue INTEGER, {_owner('ChildOf', 'ENTITIES')}, "
    "UNIQUE (VariableId, Value)",
    "DATABOOLEAN": _value_table("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _value_table("Value INTEGER NOT NULL DEFAULT 0"),
    "DATALONGTEXT": _value_table("Value TEXT DEFAULT ''"),
    "DATASHORTTEXT": _value_table(_owner("Entity", "ENTITIES")),
    "ATTRIBUTEVARIABLES": f"{_KEY}, {_owner('VariableId', 'VARIABLES')}, "
    "AttributeVariable TEXT NOT NULL, UNIQUE (VariableId, AttributeVariable)",
    "ATTRIBUTEVALUES": f"{_KEY}, {_owner('EntityId', 'ENTITIES')}, "
    f"{_owner('AttributeVariableId', 'ATTRIBUTEVARIABLES')}, "
    "AttributeValue TEXT NOT NULL DEFAULT '', UNIQUE (EntityId, AttributeVariableId)",
}
_STATEMENT, _NEUTRAL = 1, 2
_NAMES = ("person", "organization", "concept")
_VARIABLES = (
    *((name, "short text", _STATEMENT) for name in _NAMES),
    ("agreement", "boolean", _STATEMENT),
    ("match", "long text", _STATEMENT),
    *((name, "short text", _NEUTRAL) for name in _NAMES),
    ("match", "long text", _NEUTRAL),
)
"""DNA's usual statement, and one without a side, for which its boolean has no value."""

_ATTRIBUTES = ("Type", "Alias", "Notes")

_READ = """
SELECT s.ID, s.DocumentId, s.Start, s.Stop, v.Variable, COALESCE(e.Value, b.Value)
FROM STATEMENTS s JOIN VARIABLES v ON v.StatementTypeId = s.StatementTypeId
LEFT JOIN DATASHORTTEXT t ON t.StatementId = s.ID AND t.VariableId = v.ID
LEFT JOIN ENTITIES e ON e.ID = t.Entity
LEFT JOIN DATABOOLEAN b ON b.StatementId = s.ID AND b.VariableId = v.ID
ORDER BY s.ID
"""


def read_dna(path: Path) -> tuple[list[Document], Discourse]:
    """Return the documents and the coded statements of a DNA file.

    A statement counts that has a `concept`; its actor is the `person`, else the `organization`,
    which stands as the position's country. `agreement` 1 is agree, 0 disagree, none neutral.

    Raises:
        InputError: the file is missing, is no DNA file, or is one of another version than 3.
    """
    if not path.is_file():
        raise InputError(f"no such file: {path}; give a {SUFFIX} file")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            version = connection.execute("SELECT Value FROM SETTINGS WHERE Property = 'version'")
            found = str((version.fetchone() or ("unknown",))[0])
            if not found.startswith("3."):
                raise InputError(
                    f"{path}: version {found} of DNA's files; open it in DNA 3 and save it there"
                )
            texts = connection.execute(
                "SELECT ID, Title, Text, Author, Source, Date FROM DOCUMENTS"
            )
            documents = {row[0]: _document(path, *row) for row in texts}
            return list(documents.values()), _discourse(connection.execute(_READ), documents)
        finally:
            connection.close()
    except sqlite3.Error as err:
        raise InputError(f"{path}: is no file of the Discourse Network Analyzer ({err})") from err


def _document(
    path: Path, number: int, title: str, text: str, author: str, source: str, seconds: int
) -> Document:
    published = EPOCH + timedelta(seconds=seconds) if seconds else None
    return Document(
        id=f"dna-{number}",
        path=f"{path.name}#{number}",
        text=text,
        title=title or None,
        author=author or None,
        outlet=source or None,
        date=published.isoformat() if published else None,
        n_chars=len(text),
    )


def _discourse(rows: Iterable[Sequence[Any]], documents: Mapping[int, Document]) -> Discourse:
    statements: dict[int, dict[str, Any]] = {}
    for number, document, start, stop, variable, value in rows:
        known = statements.setdefault(number, {"": (document, start, stop)})
        known[variable] = value
    positions = []
    for number, values in statements.items():
        document, start, stop = values[""]
        if values.get("concept") and document in documents:
            span = _span(documents[document], start, stop)
            positions.append(_position(number, values, documents[document], span))
    names = sorted({one.proposition for one in positions})
    propositions = tuple(Proposition(id=name, name=name) for name in names)
    return Discourse(propositions, tuple(positions))


def _position(
    number: int, values: Mapping[str, Any], document: Document, span: Span | None
) -> Position:
    person, organization = values.get("person") or None, values.get("organization") or None
    sides: dict[Any, Stance] = {1: "agree", 0: "disagree"}
    return Position(
        claim=f"dna-statement-{number}",
        document=document.id,
        actor=person or organization,
        name=person or organization or "unknown",
        proposition=values["concept"],
        stance=sides.get(values.get("agreement"), "neutral"),
        date=document.date,
        spans=(span,) if span else (),
        country=organization,
    )


def _span(document: Document, start: int, stop: int) -> Span | None:
    """Return the span between two offsets in UTF-16 code units, None outside of the text."""
    units = document.text.encode("utf-16-le", "surrogatepass")
    if not 0 <= start < stop <= len(units) // 2:
        return None
    first, last = (
        len(units[: 2 * place].decode("utf-16-le", "surrogatepass")) for place in (start, stop)
    )
    return document.span(first, last)


def make_dna(records: Records, discourse: Discourse) -> bytes:
    """Return a DNA file with the articles that hold positions, and a statement for each position.

    The file holds the articles' whole text, for DNA shows statements in it. Its one coder is
    `detente`, with that word as password. A document without a date stands at 1 January 1970. Each
    statement's `match` says what it came nearest to, so that it can be reviewed in DNA.
    """
    connection = sqlite3.connect(":memory:")
    for name, columns in _TABLES.items():
        connection.execute(f"CREATE TABLE {name}({columns})")
    _fill_frame(connection)
    told = {one.document for one in discourse.positions}
    documents = [doc for doc in records.documents if doc.id in told]
    for number, doc in enumerate(documents, start=1):
        _insert(connection, "DOCUMENTS", _document_row(number, doc))
    actors = {actor.id: actor for actor in records.actors}
    entities = _Entities(connection, discourse)
    numbers = {doc.id: number for number, doc in enumerate(documents, start=1)}
    texts = {doc.id: doc.text for doc in documents}
    held = [one for one in discourse.positions if one.document in numbers and one.spans]
    for number, one in enumerate(held, start=1):
        kind = _NEUTRAL if one.stance == "neutral" else _STATEMENT
        start, stop = (
            len(texts[one.document][:place].encode("utf-16-le", "surrogatepass")) // 2
            for place in (min(s.start for s in one.spans), max(s.end for s in one.spans))
        )
        _insert(connection, "STATEMENTS", (number, kind, numbers[one.document], start, stop, 1))
        entities.fill(number, kind, one, actors)
    connection.commit()
    made = connection.serialize()
    connection.close()
    return made


def _insert(connection: sqlite3.Connection, table: str, row: Sequence[Any]) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def _fill_frame(connection: sqlite3.Connection) -> None:
    """Fill in version, coder, statement types, variables and attributes."""
    for row in zip(("version", "date"), VERSION, strict=True):
        _insert(connection, "SETTINGS", row)
    rights = (1,) * len(_PERMISSIONS)
    coder = (1, CODER, 255, 255, 0, 0, 14, _password_hash(CODER), 300, 0, 0, 1, *rights)
    _insert(connection, "CODERS", coder)
    _insert(connection, "STATEMENTTYPES", (_STATEMENT, "DNA Statement", 239, 208, 51))
    _insert(connection, "STATEMENTTYPES", (_NEUTRAL, "Neutral statement", 211, 211, 211))
    for number, variable in enumerate(_VARIABLES, start=1):
        _insert(connection, "VARIABLES", (number, *variable))
    names = [k for k, (_, kind, _) in enumerate(_VARIABLES, start=1) if kind == "short text"]
    pairs = [(variable, attribute) for variable in names for attribute in _ATTRIBUTES]
    for number, pair in enumerate(pairs, start=1):
        _insert(connection, "ATTRIBUTEVARIABLES", (number, *pair))


def _password_hash(password: str) -> str:
    """Return the hash that DNA checks a coder's password with."""
    digest = hashlib.sha256(_SALT + password.encode()).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(_SALT + digest).decode()


def _document_row(number: int, doc: Document) -> tuple[Any, ...]:
    days = days_of(doc.date)
    since = days.first - EPOCH if days else timedelta(0)
    # Java's text panes make one character of a line's end; each of ours stays one as well.
    text = doc.text.replace("\r\n", " \n").replace("\r", "\n")
    return (
        number,
        _short(doc.title or doc.path),
        _writable(text),
        1,
        _short(doc.author or ""),
        _short(doc.outlet or ""),
        "",
        "" if days else "date unknown",
        "",
        int(since.total_seconds()),
    )


def _writable(text: str) -> str:
    """Return a text that UTF-8 can hold, of equal length."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _short(text: str) -> str:
    return _writable(" ".join(text.split()))[:LIMIT]


class _Entities:
    """The entities of a file: each name of a person, organization or concept once a variable."""

    def __init__(self, connection: sqlite3.Connection, discourse: Discourse) -> None:
        self._connection = connection
        self._numbers: dict[tuple[int, str], int] = {}
        self._values = 0
        self._propositions = {one.id: one for one in discourse.propositions}

    def fill(self, number: int, kind: int, one: Position, actors: Mapping[str, Actor]) -> None:
        """Fill in the variables of one statement."""
        person, organization = _who(one, actors)
        proposition = self._propositions.get(one.proposition)
        concept = proposition.name if proposition else one.proposition
        named = {"person": person, "organization": organization, "concept": concept}
        near = "" if one.score is None else f"cosine {one.score:.2f} to: {one.phrasing}"
        for variable, (name, _, owner) in enumerate(_VARIABLES, start=1):
            if owner != kind:
                continue
            if name in named:
                entity = self._entity(variable, named[name], proposition, name)
                self._value("DATASHORTTEXT", number, variable, entity)
            elif name == "agreement":
                self._value("DATABOOLEAN", number, variable, int(one.stance == "agree"))
            else:
                self._value("DATALONGTEXT", number, variable, _writable(near))

    def _value(self, table: str, statement: int, variable: int, value: Any) -> None:
        self._values += 1
        _insert(self._connection, table, (self._values, statement, variable, value))

    def _entity(self, variable: int, value: str, proposition: Proposition | None, name: str) -> int:
        value = _short(value)
        known = self._numbers.get((variable, value))
        if known:
            return known
        number = self._numbers[variable, value] = len(self._numbers) + 1
        _insert(self._connection, "ENTITIES", (number, variable, value, 0, 0, 0, None))
        about = proposition if name == "concept" else None
        notes = {
            "Type": "proposed by a cluster" if about and about.proposed else "",
            "Notes": _short(about.description) if about else "",
        }
        owned = self._connection.execute(
            "SELECT ID, AttributeVariable FROM ATTRIBUTEVARIABLES WHERE VariableId = ?", (variable,)
        )
        for attribute, label in owned.fetchall():
            row = (None, number, attribute, notes.get(label, ""))
            _insert(self._connection, "ATTRIBUTEVALUES", row)
        return number


def _who(one: Position, actors: Mapping[str, Actor]) -> tuple[str, str]:
    """Return person and organization: a state or body speaks for itself, a person for a state."""
    actor = actors.get(one.actor or "")
    if actor and actor.kind != "person":
        return "", actor.name
    state = actors.get(one.country or "")
    affiliation = actor.affiliation if actor else None
    return one.name, affiliation or (state.name if state else one.country or "")

"""PLOVER records in JSON: détente's own export, and files after the published codebooks.

In: a list of records, or one record a line. Out: rows of actors and codes for `history`.

Fields are read by the names of the PLOVER codebooks (Open Event Data Alliance): those of 2021 on
(`recipient`, `actor_text`, lists), which `detente export --to plover` writes, and those of 2016
(`target`, `actorText`, one event as a text), which the published gold-standard records use. As the
codebook has it, all parties of talks or mutual violence are sources, and there is no recipient.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import polars as pl

from detente.errors import InputError
from detente.relations.cameo import load_scores
from detente.relations.parties import name_party
from detente.relations.ties import APART, COUNTED, party_of
from detente.schema import ActorRef

RENAMED: dict[str, tuple[str, str | None]] = {
    "DEMAND": ("REQUEST", None),
    "DISAPPROVE": ("ACCUSE", "disapprove"),
    "FIGHT": ("ASSAULT", None),
    "INVESTIGATE": ("ACCUSE", "investigate"),
    "YIELD": ("CONCEDE", None),
}
"""Roots of the codebook of 2016 under their names of today, with the mode that took their place."""

NOT_NOW = {"historical", "hypothetical"}
"""Contexts of the codebook of 2016 that say that an event did not happen, or long ago."""

APART_SECTORS = APART | {"INS", "JRN", "SEP"}
"""`ties.APART` with the codebooks' names of journalists, insurgents and separatists."""

ORGANISATION = "IGO"
"""Code that PLOVER gives every intergovernmental organisation; its name tells which."""

# The codebooks themselves write `identifer`.
NAMES = ("identifier_text", "identifer_text", "identifier", "identifer", "actor_text", "actorText")

HEAD = 65_536
"""Bytes in which a file has to name an `event` to be taken for PLOVER records."""

WANTED = "wanted is a list of PLOVER records, or one record a line"

SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "date": pl.Date,
    "actor": pl.String,
    "other": pl.String,
    "source": pl.String,
    "target": pl.String,
    "root": pl.String,
    "mode": pl.String,
    "contexts": pl.String,
}


@dataclass(slots=True, frozen=True)
class _Actor:
    """The name of an actor, and the country or organisation that it stands for."""

    name: str | None
    party: str | None

    @property
    def key(self) -> str:
        return self.party or self.name or ""


NOBODY = _Actor(name=None, party=None)


def holds_records(path: Path) -> bool:
    """Return whether a file begins like JSON and names an `event`."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{") and b'"event"' in head


def load_codes() -> pl.DataFrame:
    """Return `code`, `root`, `mode`, `quad` and `score` of each root and mode of PLOVER."""
    return load_scores().with_row_index("code")


def read_rows(paths: Iterable[Path]) -> pl.DataFrame:
    """Return by date a row for each root and pair of actors of each record, with its `code`.

    `actor` and `other` are names, `source` and `target` the parties that they stand for; two actors
    of one country beside each other are one party. A record that is no past or ongoing event, or
    has no full date, is one row of nothing but its id. A status counts only where it is given.

    Raises:
        InputError: a file cannot be read, is no JSON, or holds something that is no PLOVER record.
    """
    codes = load_codes()
    modes = set(codes.select("root", "mode").iter_rows())
    coded = codes.select("root", "mode", "code")
    return (
        pl.concat(_read(path, modes) for path in paths)
        .with_columns(pl.col("actor", "other").cast(pl.Categorical))
        .join(coded, on=["root", "mode"], how="left", nulls_equal=True, maintain_order="left")
        .drop("root", "mode")
        .sort("date", "id", maintain_order=True)
    )


def _read(path: Path, modes: set[tuple[str, str | None]]) -> pl.DataFrame:
    rows = [
        row
        for number, record in _records(path)
        for row in _rows(record, f"{path.name}:{number}", modes)
    ]
    try:
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")
    except UnicodeEncodeError as err:
        raise InputError(f"{path}: {err.object!r} holds half a character; mend it") from err


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each record with its number in the list, or its line."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({err})") from err
    if text.lstrip().startswith("["):
        place, found = "record", list(enumerate(_decode(path, text), start=1))
    else:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
        place, found = "line", [(n, _decode(path, line, first=n)) for n, line in lines]
    for number, record in found:
        if not isinstance(record, dict) or not {"event", "has_event"} & record.keys():
            raise InputError(f"{path}: {place} {number} is no record with an `event`; {WANTED}")
        yield number, record


def _decode(path: Path, text: str, *, first: int = 1) -> Any:
    """Return what JSON stands for; `first` is the line of the file that the text begins at."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as err:
        line = first + err.lineno - 1
        raise InputError(
            f"{path}: line {line} is no JSON ({err.msg}, column {err.colno}); {WANTED}"
        ) from err
    except RecursionError as err:
        raise InputError(f"{path}: lists are nested too deeply; {WANTED}") from err


def _rows(
    record: dict[str, Any], place: str, modes: set[tuple[str, str | None]]
) -> Iterator[tuple[str | date | None, ...]]:
    """Yield the rows of a record; `place` is its id where it has none."""
    key = str(record.get("id") or place)
    contexts = _texts(record.get("context"))
    day = _day(record)
    if day is None or not _happened(record, contexts):
        yield (key, *[None] * (len(SCHEMA) - 1))
        return
    pairs = _pairs(_actors(record, "source"), _actors(record, "recipient", "target"))
    for root, mode in _codes(record, modes):
        for a, b in pairs:
            parties = (a.name, b.name, a.party, b.party)
            yield (key, day, *parties, root, mode, ";".join(contexts) or None)


def _happened(record: dict[str, Any], contexts: list[str]) -> bool:
    """Return whether a record is of something that happened or goes on, as far as it says."""
    if record.get("has_event") is False or NOT_NOW.intersection(contexts):
        return False
    return record.get("status") in (None, *COUNTED)


def _day(record: dict[str, Any]) -> date | None:
    """Return the day of a record; of a week, month or year nothing is made."""
    text = record.get("date")
    if record.get("date_precision") not in (None, "day"):
        return None
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _codes(
    record: dict[str, Any], modes: set[tuple[str, str | None]]
) -> list[tuple[str | None, str | None]]:
    """Return the roots of a record, each with the first of the modes that it knows.

    An unknown root stays as None, so that it is counted.
    """
    given = [mode.lower() for mode in _texts(record.get("mode"))]
    codes: list[tuple[str | None, str | None]] = []
    for name in _texts(record.get("event")):
        root, usual = RENAMED.get(name.upper(), (name.upper(), None))
        mode = next((mode for mode in given if (root, mode) in modes), usual)
        codes.append((root, mode) if (root, None) in modes else (None, None))
    return list(dict.fromkeys(codes)) or [(None, None)]


def _texts(value: object) -> list[str]:
    """Return the texts of a field: a list of them, or one text in which `;` or `,` parts them."""
    parts = re.split("[;,]", value) if isinstance(value, str) else value
    if not isinstance(parts, list):
        return []
    return [part.strip() for part in parts if isinstance(part, str) and part.strip()]


def _pairs(sources: list[_Actor], targets: list[_Actor]) -> list[tuple[_Actor, _Actor]]:
    """Return each pair of parties once; a side that names nobody is `NOBODY`.

    Sources with targets, or the parties of talks, in order, where no target is given: as in
    `recorded.events_of_records`, but with the actors whom no country is known for.
    """
    if targets or len(sources) < 2:
        pairs = list(product(sources or [NOBODY], targets or [NOBODY]))
    else:
        parties = {actor.key: actor for actor in sources}
        pairs = list(combinations([parties[key] for key in sorted(parties)], 2))
        # Talks inside one country are a pair too, to be counted as such.
        pairs = pairs or [(sources[0], sources[1])]
    return list({(a.key, b.key): (a, b) for a, b in pairs}.values())


def _actors(record: dict[str, Any], *names: str) -> list[_Actor]:
    """Return the actors of the first of the fields that has any; a text is no list of actors."""
    for name in names:
        given = record.get(name)
        if isinstance(given, list) and given:
            return [_actor(item if isinstance(item, dict) else {"code": item}) for item in given]
    return []


def _actor(item: dict[str, Any]) -> _Actor:
    code = _first_text(item, "code")
    name = _first_text(item, *NAMES) or code
    return _Actor(name=name, party=_party(item, code))


def _party(item: dict[str, Any], code: str | None) -> str | None:
    """Return the country or organisation that an actor object stands for, or None."""
    # A sector is one or two codes of three letters, with nothing between them.
    sectors = re.findall("[A-Z]{3}", " ".join(_texts(item.get("sector"))).upper())
    if APART_SECTORS.intersection(sectors):
        return None
    if code and (_first_text(item, "identifier_id") or "").partition(".")[0] == code:
        # Only détente's own ids begin with the code, which it vouches for (`EU`, `XKX`).
        return party_of(ActorRef(actor=code, name=code))
    if code and code != ORGANISATION:
        return name_party(code)
    found = (name_party(item[name]) for name in NAMES if _first_text(item, name))
    return next(filter(None, found), None)


def _first_text(item: dict[str, Any], *names: str) -> str | None:
    """Return the first of the fields that is a text with anything in it."""
    texts = (item.get(name) for name in names)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), None)

"""Questions about the future: will these two have an event of this kind within so many days?

In: text such as `USA RUS CONSULT within 14 days`, or a TOML file with many. Out: `Question`s, or an
`InputError` that says what is allowed and what is nearest to it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from detente.errors import InputError, nearest
from detente.extract.gazetteer import load_gazetteer
from detente.relations.parties import country_codes, name_party
from detente.scenarios.activity import SYMMETRIC, Dyad, kind_names, of_kind
from detente.schema import Record

UNITS = {"day": 1, "week": 7, "month": 30}
"""Units of a horizon, in days; a month is 30."""

LONGEST = 180
"""Longest horizon that is answered, in days."""

_FORM = '"USA RUS CONSULT within 14 days", or "USA-RUS ACCUSE within 2 weeks" for either direction'
_QUESTION = re.compile(
    r"(?P<parties>.+?)\s+(?P<kind>[A-Za-z_]+)\s+(?:with)?in\s+(?P<count>\d+)\s+"
    r"(?P<unit>day|week|month)s?\s*\??",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\s*[-–/]\s*|\s+and\s+", re.IGNORECASE)
_TOWARDS = re.compile(r"\s*(?:->|→|>)\s*|\s+to\s+", re.IGNORECASE)
_KEYS = ("text", "source", "target", "kind", "horizon_days", "directed")


class Question(Record, frozen=True, kw_only=True):
    """Will `source` and `target` have at least one event of a kind within `horizon_days`?

    Attributes:
        source: country (ISO 3166-1 alpha-3) or organisation; it acts, where directed.
        target: the other one.
        kind: PLOVER root, quad class (`VERBAL_COOPERATION`, ...) or `ANY`.
        horizon_days: days that count, from the day after the newest that is known.
        directed: whether only events from source to target count.
        text: the question in words, as `parse_question` reads it.
    """

    source: str
    target: str
    kind: str
    horizon_days: int
    directed: bool
    text: str

    @property
    def dyad(self) -> Dyad:
        """The two parties; in alphabetical order where the question has no direction."""
        ends = (self.source, self.target)
        return ends if self.directed else (min(ends), max(ends))

    def reversed(self) -> Question:
        """Return the question the other way round."""
        return ask(self.target, self.source, self.kind, self.horizon_days, directed=self.directed)

    def matches(self) -> pl.Expr:
        """Return which rows of `History.events` would answer the question with yes.

        A row of the symmetric root has no direction, so it counts both ways.
        """
        there = (pl.col("source") == self.source) & (pl.col("target") == self.target)
        back = (pl.col("source") == self.target) & (pl.col("target") == self.source)
        if self.directed:
            back &= pl.col("root") == SYMMETRIC
        return of_kind(self.kind) & (there | back)


def ask(source: str, target: str, kind: str, horizon_days: int, *, directed: bool) -> Question:
    """Return the question in its one form: names and kind checked, words written.

    CONSULT has no direction, so it is asked of the pair.

    Raises:
        InputError: an unknown party or kind, one party twice, or a horizon out of range.
    """
    ends = (_party(source), _party(target))
    if ends[0] == ends[1]:
        raise InputError(f"question about {ends[0]} and itself; give two different parties")
    named = _kind(kind)
    if not 1 <= horizon_days <= LONGEST:
        raise InputError(f"horizon of {horizon_days} days: give 1 to {LONGEST} days")
    towards = directed and named != SYMMETRIC
    between = " " if towards or named == SYMMETRIC else "-"
    days = "1 day" if horizon_days == 1 else f"{horizon_days} days"
    return Question(
        source=ends[0],
        target=ends[1],
        kind=named,
        horizon_days=horizon_days,
        directed=towards,
        text=f"{between.join(ends)} {named} within {days}",
    )


def parse_question(text: str) -> Question:
    """Return the question that a text asks.

    `USA RUS ACCUSE within 14 days` asks whether the United States will accuse Russia;
    `USA-RUS ACCUSE within 14 days` whether either will accuse the other. Parties go by code, id or
    name; the horizon is in days, weeks or months of 30 days.

    Raises:
        InputError: the text has another form, or names something unknown.
    """
    found = _QUESTION.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{text!r} is no question that can be answered; write it as {_FORM}")
    source, target, directed = _split(found["parties"], text)
    days = int(found["count"]) * UNITS[found["unit"].lower()]
    try:
        return ask(source, target, found["kind"], days, directed=directed)
    except InputError as error:
        raise InputError(f"{text!r}: {error}") from None


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a TOML file, in its order.

    Each `[[question]]` has either `text`, or `source`, `target`, `kind`, `horizon_days` and, for
    one direction only, `directed = true`.

    Raises:
        InputError: the file cannot be read, or a question in it is wrong.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as TOML ({error})") from None
    rows = table.pop("question", [])
    if table:
        key = next(iter(table))
        raise InputError(f"{path}: unknown key {key!r}; questions stand under [[question]]")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path}: no question; each stands under [[question]]")
    return [_question(row, f"{path}: question {number}") for number, row in enumerate(rows, 1)]


def _question(row: dict[str, Any], place: str) -> Question:
    for key in row:
        if key not in _KEYS:
            raise InputError(f"{place}: unknown key {key!r}{nearest(key, _KEYS)}")
    try:
        if "text" in row:
            if len(row) > 1:
                raise InputError("give either text or the other keys")
            return parse_question(_typed(row, "text", str))
        return ask(
            _typed(row, "source", str),
            _typed(row, "target", str),
            _typed(row, "kind", str),
            _typed(row, "horizon_days", int),
            directed=_typed(row, "directed", bool) if "directed" in row else False,
        )
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


def _typed(row: dict[str, Any], key: str, wanted: type) -> Any:
    if type(row.get(key)) is not wanted:
        raise InputError(f"{key} must be given, as {wanted.__name__}")
    return row[key]


def _split(parties: str, text: str) -> tuple[str, str, bool]:
    """Return the two parties and whether the order tells who acts.

    With only blanks between them, the place to split is the one that leaves two known names.
    """
    parts = re.split(r"\s+", parties.strip())
    if len(parts) == 2:
        return parts[0], parts[1], True
    for separator, directed in ((_TOWARDS, True), (_EITHER, False)):
        ends = [end for end in separator.split(parties.strip()) if end]
        if len(ends) == 2:
            return ends[0], ends[1], directed
    for cut in range(1, len(parts)):
        source, target = " ".join(parts[:cut]), " ".join(parts[cut:])
        if _find(source) and _find(target):
            return source, target, True
    raise InputError(f"{text!r} does not name two parties; write it as {_FORM}")


def _party(name: str) -> str:
    """Return the country or organisation of a code, id or name."""
    if found := _find(name):
        return found
    raise InputError(
        f"unknown party {name!r}{nearest(name, _parties())}; give a country (as RUS or Russia) or "
        "an organisation (as NATO)"
    )


def _find(name: str) -> str | None:
    parties = _parties()
    return parties.get(name) or parties.get(name.upper()) or name_party(name)


@cache
def _parties() -> dict[str, str]:
    """Return the countries and organisations that events are summed to, by code, id and name."""
    whole = [
        actor
        for actor in load_gazetteer().actors.values()
        if actor.kind in ("state", "organisation", "alliance") and "." not in actor.id
    ]
    named = {name: actor.id for actor in whole for name in (actor.name, actor.id)}
    return named | {code: code for code in country_codes()}


def _kind(kind: str) -> str:
    """Return the kind in capitals, checked."""
    named = kind.upper()
    allowed = kind_names()
    if named not in allowed:
        raise InputError(
            f"unknown kind {kind!r}{nearest(named, allowed)}; kinds are {', '.join(allowed)}"
        )
    return named

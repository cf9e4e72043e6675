"""Checked reading of the TOML tables of a case file.

In: a file's text. Out: `Table`s, whose values are taken one by one with their type and limits;
`close` complains of what nobody asked for. Every error names file, key, what is allowed, and the
nearest name.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from detente.errors import InputError, nearest
from detente.scenarios.inputs import SOURCES, Interval
from detente.scenarios.state import FIELDS

T = TypeVar("T")
Range = tuple[float, float]
ANY: Range = (-math.inf, math.inf)


class Table:
    """A TOML table that knows where it stands, and which of its keys were asked for."""

    def __init__(self, values: dict[str, Any], file: str, key: str = "") -> None:
        self.values = values
        self.file = file
        self.key = key
        self._asked: list[str] = []

    def error(self, key: str, problem: str) -> InputError:
        """Return the error that names file and key, to be raised."""
        where = ".".join(part for part in (self.key, key) if part)
        return InputError(f"{self.file}: {where}: {problem}")

    def has(self, key: str) -> bool:
        """Return whether a key is there; whoever asks knows the key."""
        self._asked.append(key)
        return key in self.values

    def take(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        """Return the value of a key, which must be there.

        Raises:
            InputError: it is missing or of another type.
        """
        self._asked.append(key)
        if key not in self.values:
            raise self.error(key, f"is missing; give {what}")
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, f"{value!r} is not {what}")
        return value

    def text(self, key: str, default: str | None = None, *, allowed: Iterable[str] = ()) -> str:
        """Return a text, one of `allowed` where that is given.

        Raises:
            InputError: as `take`, or it is not allowed.
        """
        if not self.has(key) and default is not None:
            return default
        value: str = self.take(key, str, "a text")
        choices = list(allowed)
        if choices and value not in choices:
            known = ", ".join(choices)
            raise self.error(key, f"unknown {value!r}{nearest(value, choices)}; known: {known}")
        return value

    def flag(self, key: str) -> bool:
        """Return a truth value, false where it is not given."""
        return bool(self.take(key, bool, "true or false")) if self.has(key) else False

    def number(self, key: str, default: float | None = None, *, limits: Range = ANY) -> float:
        """Return a number within limits.

        Raises:
            InputError: as `take`, or it lies outside.
        """
        if not self.has(key) and default is not None:
            return default
        value = float(self.take(key, (int, float), "a number"))
        if not limits[0] <= value <= limits[1] or math.isinf(value):
            raise self.error(key, f"{value:g} is outside {limits[0]:g} to {limits[1]:g}")
        return value

    def whole(self, key: str, default: int | None = None, *, limits: Range = ANY) -> int:
        """Return a whole number within limits.

        Raises:
            InputError: as `number`, or it has a fraction.
        """
        value = self.number(key, default, limits=limits)
        if value != int(value):
            raise self.error(key, f"{value:g} is no whole number")
        return int(value)

    def names(self, key: str, known: Iterable[str] = (), what: str = "name") -> tuple[str, ...]:
        """Return a list of different texts, each of them `known` where that is given.

        Raises:
            InputError: as `take`, or one is unknown or there twice.
        """
        values = self.take(key, list, f"a list of {what}s")
        choices = list(known)
        for place, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(key, f"{value!r} is not a text")
            if choices and value not in choices:
                raise self.error(
                    key,
                    f"unknown {what} {value!r}{nearest(value, choices)}; "
                    f"known: {', '.join(choices)}",
                )
            if value in values[:place]:
                raise self.error(key, f"{value!r} is there twice")
        return tuple(values)

    def table(self, key: str) -> Table:
        """Return the table under a key, an empty one where it is not given.

        Raises:
            InputError: it is no table.
        """
        values = self.take(key, dict, "a table") if self.has(key) else {}
        return Table(values, self.file, f"{self.key}.{key}" if self.key else key)

    def each(self, key: str, read: Callable[[Table], T]) -> list[T]:
        """Return what `read` makes of each table of a list; each is closed after it.

        Raises:
            InputError: it is no list of tables, or one of them has a key that nobody knows.
        """
        rows = self.take(key, list, "a list of tables") if self.has(key) else []
        found = []
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise self.error(key, f"entry {number} is no table")
            label = f"{self.key}.{key}[{number}]" if self.key else f"{key}[{number}]"
            table = Table(row, self.file, label)
            found.append(read(table))
            table.close()
        return found

    def interval(self, limits: Range = ANY) -> Interval:
        """Return the interval of this table: `low` and `high` or `value`, `source`, `note`.

        `value` alone is a fixed number; between `low` and `high` it is the likeliest one.

        Raises:
            InputError: an end is missing or outside the limits, the interval is empty, or the
                source is of no known kind.
        """
        mode = self.number("value", limits=limits) if self.has("value") else None
        low = self.number("low", mode, limits=limits)
        high = self.number("high", mode, limits=limits)
        if low > high:
            raise self.error("low", f"the interval {low:g} to {high:g} is empty; low is above high")
        if mode is not None and not low <= mode <= high:
            raise self.error("value", f"{mode:g} is not within {low:g} to {high:g}")
        source = self.text("source")
        kind, colon, name = source.partition(":")
        if kind.strip() not in SOURCES or not colon or not name.strip():
            raise self.error(
                "source",
                f"{source!r} has no kind and name{nearest(kind, SOURCES)}; "
                "write 'assumption: NAME', 'table: NAME YEAR' or 'record: IDS'",
            )
        fixed = low == high
        return Interval(
            low=low,
            high=high,
            mode=None if fixed else mode,
            source=source,
            note=self.text("note", ""),
        )

    def close(self) -> None:
        """Complain of keys that nobody asked for.

        Raises:
            InputError: there is one.
        """
        for key in self.values:
            if key not in self._asked:
                known = sorted(set(self._asked))
                raise self.error(
                    key, f"unknown key{nearest(key, known)}; known: {', '.join(known)}"
                )


def load_table(path: Path) -> Table:
    """Return the table of a TOML file.

    Raises:
        InputError: it cannot be read, or is no TOML.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: cannot be read: {err}") from err
    except tomllib.TOMLDecodeError as err:
        raise InputError(f"{path}: is no TOML: {err}") from err
    return Table(values, str(path))


KEYS: dict[str, tuple[str, ...]] = {"issues": ("id",), "moves": ("id",), **FIELDS}
"""What makes two entries of a list the same one; for mechanisms it is the name, else the id."""


def extend(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of a case on top of those of the case that it extends.

    Actors and theatres are joined; issues, values, mechanisms and defaults too, where the case's
    own entry replaces the base's. Of the base's moves those that are `given` stay; its questions
    do not.
    """
    merged = {**base, **own}
    for key in ("actors", "theatres"):
        merged[key] = list(dict.fromkeys([*base.get(key, []), *own.get(key, [])]))
    merged["defaults"] = {**base.get("defaults", {}), **own.get("defaults", {})}
    kept = {**base, "moves": [row for row in base.get("moves", []) if row.get("given")]}
    for key in (*KEYS, "mechanisms"):
        rows = [*kept.get(key, []), *own.get(key, [])]
        merged[key] = list({_identity(row, key): row for row in rows}.values())
    merged["questions"] = own.get("questions", [])
    del merged["extends"]
    return merged


def refuse_doubles(table: Table) -> None:
    """Complain of two entries for the same thing.

    Raises:
        InputError: a value, issue, move or use of a mechanism is there twice.
    """
    for key in (*KEYS, "mechanisms", "questions"):
        seen: list[tuple[str, ...]] = []
        rows = table.values.get(key, [])
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            identity = _identity(row, key) if isinstance(row, dict) else ()
            if identity and identity in seen:
                raise table.error(f"{key}[{number}]", f"{' '.join(identity)} is there twice")
            seen.append(identity)


def _identity(row: dict[str, Any], key: str) -> tuple[str, ...]:
    if key == "mechanisms":
        return (str(row.get("name", row.get("id"))),)
    names = tuple(str(row.get(part, "")) for part in KEYS.get(key, ("id",)))
    return tuple(sorted(names)) if key == "ties" else names

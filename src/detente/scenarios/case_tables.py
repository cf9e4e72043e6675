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

    def text(
        self, key: str, default: str | None = None, *, allowed: Iterable[str] | None = None
    ) -> str:
        """Return a text, one of `allowed` where that is given; an empty one only by default.

        Raises:
            InputError: as `take`, or it is empty or not allowed.
        """
        if not self.has(key) and default is not None:
            return default
        value: str = self.take(key, str, "a text")
        if allowed is not None:
            self.check(key, value, allowed)
        if not value.strip() and default != "":
            raise self.error(key, "is empty; give a text")
        return value

    def check(self, key: str, value: str, allowed: Iterable[str], what: str = "") -> None:
        """Complain of a value that is not allowed.

        Raises:
            InputError: it is not.
        """
        choices = list(allowed)
        if value not in choices:
            label = f"unknown {what} {value!r}" if what else f"unknown {value!r}"
            raise self.error(key, f"{label}{nearest(value, choices)}; known: {_listed(choices)}")

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

    def names(
        self, key: str, known: Iterable[str] | None = None, what: str = "name"
    ) -> tuple[str, ...]:
        """Return a list of different texts, each of them `known` where that is given.

        Raises:
            InputError: as `take`, or one is empty, unknown or there twice.
        """
        values = self.take(key, list, f"a list of {what}s")
        for place, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                raise self.error(key, f"{value!r} is not a text")
            if known is not None:
                self.check(key, value, known, what)
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

    def rows(self, key: str) -> list[Table]:
        """Return the tables of a list, none where it is not given; each knows its own file.

        Raises:
            InputError: it is no list of tables.
        """
        what = f"a list of tables, each under [[{key}]]"
        rows = self.take(key, list, what) if self.has(key) else []
        return [self._row(key, number, row) for number, row in enumerate(rows, 1)]

    def _row(self, key: str, number: int, row: Any) -> Table:
        if isinstance(row, Table):
            return row
        if not isinstance(row, dict):
            raise self.error(key, f"entry {number} is no table")
        return Table(row, self.file, f"{self.key}.{key}[{number}]".lstrip("."))

    def each(self, key: str, read: Callable[[Table], T]) -> list[T]:
        """Return what `read` makes of each table of a list; each is closed after it.

        Raises:
            InputError: it is no list of tables, or one of them has a key that nobody knows.
        """
        found = []
        for row in self.rows(key):
            found.append(read(row))
            row.close()
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
                raise self.error(key, f"unknown key{nearest(key, known)}; known: {_listed(known)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


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


IDENTITY: dict[str, tuple[str, ...]] = {"issues": ("id",), "moves": ("id",), **FIELDS}
"""What makes two entries of a list the same one; for mechanisms it is the name, else the id."""


def extend(base: Table, own: Table) -> Table:
    """Return the tables of a case on top of those of the case that it extends.

    Actors and theatres are joined; issues, values, mechanisms, names and defaults too, where the
    case's own entry replaces the base's. Of the base's moves those that are `given` stay; its
    questions do not.

    Raises:
        InputError: one of these is no list, or no table.
    """
    merged = {**base.values, **own.values}
    for key in ("actors", "theatres"):
        names = (name for one in (base, own) if one.has(key) for name in one.names(key))
        merged[key] = list(dict.fromkeys(names))
    for key in ("defaults", "names"):
        merged[key] = {**base.table(key).values, **own.table(key).values}
    for key in (*IDENTITY, "mechanisms"):
        kept = [row for row in base.rows(key) if key != "moves" or row.values.get("given")]
        rows = {_identity(row.values, key): row for row in (*kept, *own.rows(key))}
        merged[key] = list(rows.values())
    merged["questions"] = own.rows("questions")
    del merged["extends"]
    return Table(merged, own.file)


def refuse_doubles(table: Table) -> None:
    """Complain of two entries for the same thing.

    Raises:
        InputError: a value, issue, move or use of a mechanism is there twice.
    """
    for key in (*IDENTITY, "mechanisms", "questions"):
        seen: list[tuple[str, ...]] = []
        for row in table.rows(key):
            identity = _identity(row.values, key)
            if identity in seen:
                raise row.error("", f"{' '.join(identity)} is there twice")
            seen.append(identity)


def _identity(row: dict[str, Any], key: str) -> tuple[str, ...]:
    if key == "mechanisms":
        return (str(row.get("name", row.get("id"))),)
    names = tuple(str(row.get(part, "")) for part in IDENTITY.get(key, ("id",)))
    return tuple(sorted(names)) if key == "ties" else names

"""The analyst's codebook: the propositions that claims are matched with.

In: a TOML file with a `[[proposition]]` table for each. Out: `Proposition`s. Whatever is wrong is
an `InputError` that names file, key and remedy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest
from detente.schema import Record

KEYS = ("id", "name", "description", "examples")


class Proposition(Record, frozen=True, kw_only=True):
    """Something that one can be for or against; DNA calls it a concept.

    Attributes:
        id: short name, as `russia-threat`.
        name: the proposition in one sentence; its tone is what claims are held against.
        description: what counts as speaking of it.
        examples: phrasings of it, or of its opposite.
        proposed: whether a cluster of claims proposed it, and nobody has looked at it yet.
    """

    id: str
    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    proposed: bool = False

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Return all texts that a claim is compared with."""
        return tuple(filter(None, (self.name, self.description, *self.examples)))


def read_codebook(path: Path) -> list[Proposition]:
    """Return the propositions of a codebook, in its order.

    Raises:
        InputError: the file cannot be read, is no TOML, or a key is missing, unknown, given twice
            or of another type.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: cannot be read ({err}); give a TOML file in UTF-8") from err
    except tomllib.TOMLDecodeError as err:
        raise InputError(f"{path}: is no TOML ({err}); mend that line") from err
    for key in values:
        if key != "proposition":
            raise InputError(f"{path}: {key}: unknown; a codebook has [[proposition]] tables only")
    rows = values.get("proposition", [])
    if not isinstance(rows, list) or not rows:
        raise InputError(f"{path}: proposition: none there; add a [[proposition]] table")
    found: dict[str, Proposition] = {}
    for number, row in enumerate(rows, start=1):
        where = f"{path}: proposition {number}"
        one = _proposition(row, where)
        if one.id in found:
            raise InputError(f"{where}, id: {one.id!r} is there already; give each its own id")
        found[one.id] = one
    return list(found.values())


def _proposition(row: Any, where: str) -> Proposition:
    if not isinstance(row, Mapping):
        raise InputError(f"{where}: is no table; write [[proposition]] above its keys")
    for key in row:
        if key not in KEYS:
            raise InputError(
                f"{where}, {key}: unknown; allowed: {', '.join(KEYS)}{nearest(key, KEYS)}"
            )
    examples = row.get("examples", [])
    if not isinstance(examples, list) or not all(_is_text(example) for example in examples):
        raise InputError(f"{where}, examples: {examples!r} is no list of texts; give a list")
    return Proposition(
        id=_text(row, "id", where),
        name=_text(row, "name", where),
        description=_text(row, "description", where) if "description" in row else "",
        examples=tuple(examples),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    if not _is_text(row.get(key)):
        said = f"{row[key]!r} is no text" if key in row else "is missing"
        raise InputError(f"{where}, {key}: {said}; give a text that is not empty")
    return str(row[key]).strip()

"""From the tables of a case file to its questions, checked.

In: a `Table`. Out: a `Question`. What may be asked hangs on what it is about: a field, gauge or
finding can rise, fall, be above or below; a tie can loosen or break too; a triangle has a pattern;
two actors are together or apart in the blocs at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from detente.relations.triangle import BY_GOOD_TIES
from detente.scenarios.answers import TIE_TESTS, VALUE_TESTS, Question
from detente.scenarios.case_tables import ANY, Table
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.state import FIELDS, LOOSENING, World

HOLDERS = {"romantic triangle": "pivot", "stable marriage": "outsider"}
"""Who can be named of a pattern."""


def read_names(row: Table, world: World, name: str) -> tuple[str, ...]:
    """Return the names of a row along the axes of a field or gauge.

    Raises:
        InputError: one is missing or unknown, or both are the same actor.
    """
    axes = world.axes(name)
    names = tuple(row.text(axis, allowed=world.names(axis)) for axis in axes)
    if axes == ("actor", "other") and names[0] == names[1]:
        raise row.error("other", f"{names[1]!r} has no {name} with itself")
    return names


def read_question(row: Table, world: World, months: int, uses: Mapping[str, Mechanism]) -> Question:
    """Return the question of a row.

    Raises:
        InputError: something is missing, unknown, or cannot be asked of what it is about.
    """
    about = row.text("about")
    parts: dict[str, Any] = {
        "id": row.text("id"),
        "text": row.text("text"),
        "about": about,
        "by": row.whole("by", months, limits=(1, months)),
        "when": row.text("when", _usual_time(about), allowed=("ever", "end")),
    }
    if about == "triangle":
        parts |= _read_triangle(row, world)
    elif about == "blocs":
        parts |= _read_blocs(row, world, parts, months)
    else:
        parts |= _read_value(row, world, about, uses)
    return msgspec.convert(parts, Question)


def _usual_time(about: str) -> str:
    return "end" if about in ("triangle", "blocs") else "ever"


def _read_triangle(row: Table, world: World) -> dict[str, Any]:
    names = row.names("actors", world.actors, "actor")
    if len(names) != 3:
        raise row.error("actors", f"a triangle has three actors, not {len(names)}")
    pattern = row.text("pattern", allowed=BY_GOOD_TIES)
    parts: dict[str, Any] = {"names": names, "test": "is", "pattern": pattern}
    role = HOLDERS.get(pattern)
    if role and row.has(role):
        parts["holder"] = row.text(role, allowed=names)
    return parts


def _read_blocs(row: Table, world: World, parts: Mapping[str, Any], months: int) -> dict[str, Any]:
    names = row.names("actors", world.actors, "actor")
    if len(names) != 2:
        raise row.error("actors", f"two actors are together or apart, not {len(names)}")
    if (parts["by"], parts["when"]) != (months, "end"):
        raise row.error("when", "blocs are found at the end of the case; leave out 'by' and 'when'")
    return {"names": names, "test": row.text("test", allowed=("together", "apart"))}


def _read_value(
    row: Table, world: World, about: str, uses: Mapping[str, Mechanism]
) -> dict[str, Any]:
    findings = _findings(world, uses)
    allowed = [*FIELDS, *world.gauges, *findings, "triangle", "blocs"]
    row.text("about", allowed=allowed)
    tests = TIE_TESTS if about == "ties" else VALUE_TESTS
    test = row.text("test", allowed=tests)
    names = () if about in findings else read_names(row, world, about)
    parts: dict[str, Any] = {"names": names, "test": test}
    low, high = ANY if about in findings else world.range(about)
    if test in ("above", "below"):
        parts["amount"] = row.number("amount", limits=(low, high))
    elif test in ("rises", "falls"):
        parts["amount"] = row.number("amount", LOOSENING, limits=(0.0, high - low))
    return parts


def _findings(world: World, uses: Mapping[str, Mechanism]) -> list[str]:
    """Return the full names of all findings of the uses of a case."""
    return [
        f"{use}.{finding.replace('{actor}', actor)}"
        for use, kind in uses.items()
        for finding in kind.findings
        for actor in (world.actors if "{actor}" in finding else ("",))
    ]

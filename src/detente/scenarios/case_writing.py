"""From a `Case` back to the tables of a case file, so that one reader checks both.

In: the case that a result holds. Out: the tables that a file would have for it; read again they
give the same case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from detente.scenarios.answers import Question
from detente.scenarios.case import Case, MechanismUse, world_of
from detente.scenarios.inputs import Interval
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.moves import Move
from detente.scenarios.question_reading import HOLDERS
from detente.scenarios.state import FIELDS, World

PLAIN = ("title", "summary", "start", "months", "actors", "names", "theatres")
"""What stands in a file as it stands in a case."""


def tables_of(case: Case, mechanisms: Mapping[str, Mechanism]) -> dict[str, Any]:
    """Return the tables of a case file that says the same as a case, mistakes included."""
    known = [use for use in case.mechanisms if use.mechanism in mechanisms]
    world = world_of(msgspec.structs.replace(case, mechanisms=tuple(known)), mechanisms)
    found: dict[str, Any] = {key: _plain(getattr(case, key)) for key in PLAIN}
    found["issues"] = [msgspec.to_builtins(issue) for issue in case.issues]
    found |= {"triangle": list(case.triangle)} if case.triangle else {}
    found["noise"] = _interval(case.noise)
    for value in case.values:
        row = _names(world, value.field, value.names) | _interval(value.interval)
        found.setdefault(value.field, []).append(row)
    found["mechanisms"] = [_use(use, mechanisms) for use in case.mechanisms]
    found["moves"] = [_move(move, world) for move in case.moves]
    found["questions"] = [_question(question, world) for question in case.questions]
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _interval(interval: Interval) -> dict[str, Any]:
    ends: dict[str, Any] = {"low": interval.low, "high": interval.high}
    if interval.mode is not None:
        ends["value"] = interval.mode
    return ends | {"source": interval.source, "note": interval.note}


def _names(world: World, name: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return names by axis; of a finding, or of what there is not, none."""
    known = name in FIELDS or name in world.gauges
    return dict(zip(world.axes(name), names, strict=False)) if known else {}


def _use(use: MechanismUse, mechanisms: Mapping[str, Mechanism]) -> dict[str, Any]:
    kind = mechanisms.get(use.mechanism)
    single = {role.name for role in kind.roles if not role.many} if kind else set()
    return {
        "id": use.mechanism,
        "name": use.name,
        "roles": {
            role: names[0] if role in single and len(names) == 1 else list(names)
            for role, names in use.roles.items()
        },
        "parameters": {name: _interval(one) for name, one in use.parameters.items()},
        "start": {name: _interval(one) for name, one in use.start.items()},
    }


def _move(move: Move, world: World) -> dict[str, Any]:
    row: dict[str, Any] = {
        key: getattr(move, key) for key in ("id", "title", "month", "field", "how", "given")
    }
    for key in ("duration", "requires"):
        if getattr(move, key) is not None:
            row[key] = getattr(move, key)
    row["probability"] = _interval(move.probability)
    return row | _names(world, move.field, move.names) | _interval(move.amount)


def _question(question: Question, world: World) -> dict[str, Any]:
    row: dict[str, Any] = {
        key: getattr(question, key) for key in ("id", "text", "about", "by", "when")
    }
    if question.about == "triangle":
        row |= {"actors": list(question.names), "pattern": question.pattern}
        role = HOLDERS.get(str(question.pattern))
        return row | ({role: question.holder} if role and question.holder else {})
    row["test"] = question.test
    if question.about == "blocs":
        return row | {"actors": list(question.names)}
    if question.test in ("above", "below", "rises", "falls"):
        row["amount"] = question.amount
    return row | _names(world, question.about, question.names)

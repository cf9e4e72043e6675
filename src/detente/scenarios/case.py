"""The case of a scenario, as data: world, inputs, uses of mechanisms, moves and questions.

In: what a case file says. Out: a `Case` record, which is also part of every result, so that one
file is enough to run it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from detente.scenarios.answers import Question
from detente.scenarios.inputs import Inputs, Interval, Value
from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.moves import Move
from detente.scenarios.state import Floats, Gauge, World
from detente.schema import Record

NOISE = "noise"
"""Name of the input that says how far ties move by chance."""

MOVES, CHANCES = "moves", "chance"
"""What the account of causes calls moves and chance; no use of a mechanism may be called so."""


class Issue(Record, frozen=True, kw_only=True):
    """Something that positions are taken on.

    Attributes:
        id: short name.
        title: what it is about.
        low: what position 0 means.
        high: what position 1 means.
    """

    id: str
    title: str = ""
    low: str = ""
    high: str = ""


class MechanismUse(Record, frozen=True, kw_only=True):
    """One use of a mechanism in a case.

    Attributes:
        mechanism: id of the mechanism.
        name: id, or another name where a case uses a mechanism more than once.
        roles: who plays each role.
        parameters: interval of each parameter.
        start: interval of each gauge in month 0.
    """

    mechanism: str
    name: str
    roles: dict[str, tuple[str, ...]]
    parameters: dict[str, Interval]
    start: dict[str, Interval]


class Case(Record, frozen=True, kw_only=True):
    """What a scenario starts from, what is done in it, and what is asked.

    Attributes:
        name: name of the case, that of its file.
        title: a few words.
        summary: what it is about, in a paragraph.
        start: the first month that is run, as `2025-02`; the state of month 0 is at its beginning.
        months: how many months are run.
        actors: ids of the actors.
        names: what actors are called here; at least those that the list of actors lacks.
        theatres: regions that attention goes to.
        issues: what positions are taken on.
        triangle: the three actors whose pattern is followed; empty where there are fewer.
        values: every value of the state in month 0.
        noise: standard deviation of the chance movement of a tie in a month.
        mechanisms: the uses of mechanisms.
        moves: what is done.
        questions: what is asked.
    """

    name: str
    title: str
    summary: str = ""
    start: str
    months: int
    actors: tuple[str, ...]
    names: dict[str, str] = msgspec.field(default_factory=dict)
    theatres: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    triangle: tuple[str, ...] = ()
    values: tuple[Value, ...]
    noise: Interval
    mechanisms: tuple[MechanismUse, ...] = ()
    moves: tuple[Move, ...] = ()
    questions: tuple[Question, ...]

    def inputs(self) -> Inputs:
        """Return all intervals by name. Those of moves come last, the given ones before others.

        So the baseline, which lacks the others, draws the same numbers for what it shares.
        """
        found: Inputs = {value.name: value.interval for value in self.values}
        found[NOISE] = self.noise
        for use in self.mechanisms:
            for table in (use.parameters, use.start):
                found |= {f"{use.name}.{key}": interval for key, interval in table.items()}
        for move in sorted(self.moves, key=lambda move: not move.given):
            found |= move.inputs()
        return found


def world_of(case: Case, mechanisms: Mapping[str, Mechanism]) -> World:
    """Return the names of a case, with the gauges of its mechanisms."""
    gauges: dict[str, Gauge] = {
        f"{use.name}.{gauge.name}": gauge
        for use in case.mechanisms
        for gauge in mechanisms[use.mechanism].gauges
    }
    return World(case.actors, case.theatres, tuple(issue.id for issue in case.issues), gauges)


def uses_of(
    case: Case, world: World, mechanisms: Mapping[str, Mechanism], values: Mapping[str, Floats]
) -> Iterator[tuple[Mechanism, Use]]:
    """Yield each mechanism of a case with its roles and the parameters that were drawn."""
    for used in case.mechanisms:
        kind = mechanisms[used.mechanism]
        roles = {
            role.name: tuple(world.index(role.axis, name) for name in used.roles[role.name])
            for role in kind.roles
        }
        parameters = {
            parameter.name: values[f"{used.name}.{parameter.name}"] for parameter in kind.parameters
        }
        yield kind, Use(used.name, world, roles, parameters)

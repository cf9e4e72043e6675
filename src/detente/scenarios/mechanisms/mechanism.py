"""What a mechanism is: a function with its theory, its roles and its parameters.

In: a function of a state, a use and a random generator. Out: a `Mechanism`, which a case uses once
or more. Each `Use` says who plays which role and holds the parameters that were drawn for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import InputError, nearest
from detente.scenarios.state import AXES, LARGEST, Change, Floats, Gauge, State, World


@dataclass(frozen=True, slots=True)
class Parameter:
    """A coefficient of a mechanism. Without data its interval includes zero (no effect).

    Attributes:
        name: as the rule and case files call it.
        low: least value that is drawn unless a case says otherwise.
        high: greatest value that is drawn.
        unit: such as `tie a month`.
        note: what it does and why this interval.
        source: what the interval rests on.
        least: no case may go below it.
        most: no case may go above it.
    """

    name: str
    low: float
    high: float
    unit: str
    note: str
    source: str = ""
    least: float = 0.0
    most: float = LARGEST


@dataclass(frozen=True, slots=True)
class Role:
    """A part that somebody or something plays in a mechanism.

    Attributes:
        name: as the rule and case files call it.
        axis: `actor`, `issue` or `theatre`.
        many: whether several play it; then the case gives a list, or nothing for all of them.
        shared: whether who plays it may play another part too.
        note: what the part is.
    """

    name: str
    axis: str = "actor"
    many: bool = False
    shared: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A mechanism at work in a case.

    Attributes:
        name: the mechanism's id, or the name that the case gives to this use of it.
        world: the names of the case.
        roles: indices of those who play each role.
        parameters: values drawn, one a run.
    """

    name: str
    world: World
    roles: Mapping[str, tuple[int, ...]]
    parameters: Mapping[str, Floats]

    def __getitem__(self, parameter: str) -> Floats:
        return self.parameters[parameter]

    def one(self, role: str) -> int:
        """Return the index of the one who plays a role."""
        return self.roles[role][0]

    def all(self, role: str) -> tuple[int, ...]:
        """Return the indices of all who play a role."""
        return self.roles[role]

    def gauge(self, name: str) -> str:
        """Return the full name of a gauge of this use, for `state.array` and `Shift`."""
        return f"{self.name}.{name}"


Rule = Callable[[State, Use, np.random.Generator], Change]


@dataclass(frozen=True, slots=True, eq=False)
class Mechanism:
    """A rule with its theory.

    Attributes:
        id: `M1` to `M22`, or a name of the user's.
        title: a few words.
        family: the module that it stands in.
        model: the standard model that it follows.
        reference: where that is published.
        rule: the function; called once a month for all runs.
        roles: parts that the case must fill.
        parameters: coefficients, drawn once a run.
        gauges: what it keeps in the state.
        findings: names of what it computes; `{actor}` stands for each actor's id.
    """

    id: str
    title: str
    family: str
    model: str
    reference: str
    rule: Rule
    roles: tuple[Role, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    findings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Complain of a declaration that no case could fill.

        Raises:
            InputError: a name is there twice, an interval is empty, or an axis is unknown.
        """
        if not isinstance(self.id, str) or not self.id:
            raise InputError(f"{self.id!r} is no id of a mechanism; give a text")
        ranges = [(one.name, one.low, one.high) for one in self.parameters]
        ranges += [(one.name, one.low, one.high) for one in self.gauges]
        for names in ([one.name for one in self.roles], [name for name, _, _ in ranges]):
            if twice := {name for name in names if names.count(name) > 1}:
                raise InputError(f"{self.id}: {min(twice)!r} is there twice")
        ranges += [(one.name, one.low, one.start) for one in self.gauges]
        ranges += [(one.name, one.start, one.high) for one in self.gauges]
        for name, low, high in ranges:
            if not low <= high:
                raise InputError(f"{self.id}: {name!r} is empty: {low:g} is above {high:g}")
        axes = [one.axis for one in self.roles]
        for axis in (*axes, *(axis for one in self.gauges for axis in one.axes)):
            if axis not in AXES:
                known = ", ".join(AXES)
                raise InputError(
                    f"{self.id}: unknown axis {axis!r}{nearest(axis, AXES)}; known: {known}"
                )

    def __call__(self, state: State, use: Use, rng: np.random.Generator) -> Change:
        """Return what the mechanism does in one month."""
        return self.rule(state, use, rng)

    @property
    def summary(self) -> str:
        """Return the rule's docstring: model, equation, units, reference."""
        return (self.rule.__doc__ or "").strip()


def mechanism(
    *,
    id: str,
    title: str,
    family: str,
    model: str,
    reference: str,
    roles: tuple[Role, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    gauges: tuple[Gauge, ...] = (),
    findings: tuple[str, ...] = (),
) -> Callable[[Rule], Mechanism]:
    """Return a decorator that makes a `Mechanism` of a rule."""

    def wrap(rule: Rule) -> Mechanism:
        return Mechanism(
            id=id,
            title=title,
            family=family,
            model=model,
            reference=reference,
            rule=rule,
            roles=roles,
            parameters=parameters,
            gauges=gauges,
            findings=findings,
        )

    return wrap


def by_actor(name: str, use: Use, places: Sequence[int], values: Floats) -> dict[str, Floats]:
    """Return a finding for each actor of the world; 0 for those who take no part.

    Args:
        name: of the finding, to which the actor's is added.
        use: at work.
        places: the actors that take part.
        values: a row for each of them.
    """
    rows = dict(zip(places, values, strict=True))
    nothing = np.zeros(values.shape[1:])
    return {
        f"{name} {actor}": rows.get(place, nothing) for place, actor in enumerate(use.world.actors)
    }

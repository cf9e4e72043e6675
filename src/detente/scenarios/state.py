"""The state of a scenario: what holds between the actors in one month, in every run at once.

In: nothing but numbers. Out: a `State`, arrays whose last axis counts the runs, so that
`state.ties[i, j]` is one number a run. A `Change` is a list of `Shift`s, each with its reason;
`apply_changes` sums them, clamps the result to its range and returns the next state. A state never
changes.

"Loosening" and "break" of a tie are defined here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError, nearest

Floats = NDArray[np.float64]
Place = tuple[int, ...]

FIELDS: dict[str, tuple[str, ...]] = {
    "ties": ("actor", "other"),
    "dependence": ("actor", "other"),
    "trust": ("actor", "other"),
    "offers": ("actor", "other"),
    "exit_costs": ("actor", "other"),
    "capability": ("actor",),
    "attention": ("actor", "theatre"),
    "positions": ("actor", "issue"),
    "salience": ("actor", "issue"),
    "seats": ("actor", "issue"),
    "opposition": ("actor",),
}
"""The fields of a state with their axes; case files use the names of both."""

AXES = ("actor", "other", "theatre", "issue")
"""What a value may be of."""

LARGEST = 1e15
"""No number of a case lies beyond: the world's means in dollars fit, and squares stay finite."""

RANGES: dict[str, tuple[float, float]] = dict.fromkeys(FIELDS, (0.0, 1.0)) | {
    "ties": (-1.0, 1.0),
    "capability": (0.0, LARGEST),
}
"""What the values of a field may be."""

LOOSENING = 0.2
"""A tie has loosened once it lies this far below its start: a tenth of the scale. By the scale of
`relations.ties` that is 0.4 standard deviations between dyads, more than a month of news moves."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value that a mechanism keeps for itself in the state, such as the phase of a deal.

    Attributes:
        name: what it is called; in the state it bears the mechanism's name before a dot.
        low: least value.
        high: greatest value.
        start: value in month 0, which a case may replace by an interval.
        axes: `()` for one value, `("actor",)` for one an actor, and so on as in `FIELDS`.
        note: what it means.
    """

    name: str
    low: float
    high: float
    start: float = 0.0
    axes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """Who and what a state is about: the names behind its indices.

    Attributes:
        actors: ids of the actors.
        theatres: regions that attention goes to.
        issues: what positions are taken on.
        gauges: the gauges of all mechanisms, by full name.
    """

    actors: tuple[str, ...]
    theatres: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    gauges: Mapping[str, Gauge] = field(default_factory=dict)

    def names(self, axis: str) -> tuple[str, ...]:
        """Return the names along an axis: `actor`, `other`, `theatre` or `issue`."""
        lists = {"theatre": self.theatres, "issue": self.issues}
        return lists.get(axis, self.actors)

    def axes(self, name: str) -> tuple[str, ...]:
        """Return the axes of a field or gauge.

        Raises:
            InputError: there is none of that name.
        """
        if name in FIELDS:
            return FIELDS[name]
        if name in self.gauges:
            return self.gauges[name].axes
        allowed = [*FIELDS, *self.gauges]
        raise InputError(f"no field or gauge {name!r}{nearest(name, allowed)}")

    def range(self, name: str) -> tuple[float, float]:
        """Return the least and the greatest value of a field or gauge."""
        if name in RANGES:
            return RANGES[name]
        return self.gauges[name].low, self.gauges[name].high

    def shape(self, name: str) -> tuple[int, ...]:
        """Return how many names lie along each axis of a field or gauge."""
        return tuple(len(self.names(axis)) for axis in self.axes(name))

    def place(self, name: str, names: Sequence[str]) -> Place:
        """Return the index of a value of a field or gauge, given one name an axis.

        Raises:
            InputError: a name is unknown, or there are too many or too few.
        """
        axes = self.axes(name)
        if len(names) != len(axes):
            raise InputError(f"{name} takes {' and '.join(axes) or 'no name'}, not {names!r}")
        return tuple(self.index(axis, one) for axis, one in zip(axes, names, strict=True))

    def index(self, axis: str, name: str) -> int:
        """Return the place of a name along an axis.

        Raises:
            InputError: it is not there.
        """
        known = self.names(axis)
        if name not in known:
            raise InputError(f"unknown {axis} {name!r}{nearest(name, known)}")
        return known.index(name)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One month in all runs. Arrays are read-only; their last axis counts the runs.

    Attributes:
        world: names behind the indices.
        month: 0 at the start.
        ties: -1 (enmity) to 1 (friendship); symmetric, 0 of an actor with itself.
        dependence: share of the actor's trade, energy and technology that comes from the other.
        trust: the actor's belief that the other keeps its word.
        offers: what the actor holds out to the other; 1 would outweigh the best of ties.
        exit_costs: what turning from the other would cost the actor, in the same unit.
        capability: share of the world's means, or any other unit that all actors share.
        attention: share of the actor's effort that goes to a theatre; at most 1 in all.
        positions: where the actor stands on an issue, between the ends that the case names.
        salience: how much the actor cares about it.
        seats: 1 for an actor that sits at the table on the issue, else 0.
        opposition: at home, to the actor's present line.
        gauges: what mechanisms keep for themselves, by full name (`M17.phase`).
    """

    world: World
    month: int
    ties: Floats
    dependence: Floats
    trust: Floats
    offers: Floats
    exit_costs: Floats
    capability: Floats
    attention: Floats
    positions: Floats
    salience: Floats
    seats: Floats
    opposition: Floats
    gauges: Mapping[str, Floats]

    @property
    def runs(self) -> int:
        """Return the number of runs."""
        return int(self.ties.shape[-1])

    def array(self, name: str) -> Floats:
        """Return a field or gauge by name."""
        found: Floats = getattr(self, name) if name in FIELDS else self.gauges[name]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """One value, or one whole field, goes up or down, and why.

    Attributes:
        name: field, or full name of a gauge.
        place: index of the value, `()` for all values. A tie is shifted on both of its sides.
        amount: one number a run, or one for all; for a whole field an array of its shape.
        reason: a few words without numbers; the amount is the number.
    """

    name: str
    place: Place
    amount: Floats | float
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a mechanism does in one month.

    Attributes:
        shifts: what it adds to the state.
        findings: what it computes on the way, by name: payoffs, ranks, chances; one number a run.
    """

    shifts: tuple[Shift, ...] = ()
    findings: Mapping[str, Floats] = field(default_factory=dict)


def start_state(world: World, values: Mapping[str, Floats]) -> State:
    """Return the state of month 0, clamped and read-only; `values` by field and gauge name."""
    arrays = {name: _clamp(world, name, values[name].copy()) for name in (*FIELDS, *world.gauges)}
    return State(
        world=world,
        month=0,
        gauges={name: arrays[name] for name in world.gauges},
        **{name: arrays[name] for name in FIELDS},
    )


def apply_changes(state: State, changes: Iterable[Change], *, months: int = 1) -> State:
    """Return the state after all changes, summed and then clamped, `months` later.

    Raises:
        InputError: a change is no number a run, or goes to a place that there is not.
    """
    summed: dict[str, Floats] = {}
    for shift in (shift for change in changes for shift in change.shifts):
        if shift.name not in summed:
            state.world.axes(shift.name)
            summed[shift.name] = state.array(shift.name).copy()
        try:
            _add(summed[shift.name], shift)
        except (IndexError, TypeError, ValueError) as err:
            what = f"shift of {shift.name} at {shift.place} ({shift.reason})"
            raise InputError(f"{what} cannot be made: {err}") from err
    clamped = {name: _clamp(state.world, name, array) for name, array in summed.items()}
    fields = {name: clamped.get(name, state.array(name)) for name in FIELDS}
    gauges = {name: clamped.get(name, array) for name, array in state.gauges.items()}
    return State(world=state.world, month=state.month + months, gauges=gauges, **fields)


def _add(array: Floats, shift: Shift) -> None:
    if not np.isfinite(shift.amount).all():
        raise ValueError("the amount is no number")
    if shift.name != "ties":
        array[shift.place] += shift.amount
    elif len(shift.place) == 2:
        array[shift.place] += shift.amount
        array[shift.place[::-1]] += shift.amount
    else:
        array += (shift.amount + np.swapaxes(shift.amount, 0, 1)) / 2


def _clamp(world: World, name: str, array: Floats) -> Floats:
    """Bring an array into its range, in place, and close it for writing."""
    np.clip(array, *world.range(name), out=array)
    if name == "attention":
        array /= np.maximum(array.sum(axis=1, keepdims=True), 1.0)
    if FIELDS.get(name) == ("actor", "other"):
        array[np.diag_indices(len(array))] = 0.0
    array.flags.writeable = False
    return array


def loosened_by(tie: Floats, start: Floats) -> Floats:
    """Return how far a tie has fallen beyond loosening: 0 or more where it has loosened."""
    fallen: Floats = start - tie - LOOSENING
    return fallen


def broken_by(tie: Floats, start: Floats) -> Floats:
    """Return how far a tie is broken: 0 or more where a good tie has loosened and is good no more.

    So a break is a loosening too, and only a tie that was above 0 can break.
    """
    return np.where(start > 0, np.minimum(loosened_by(tie, start), -tie), -1.0)

"""The runs of a case, month by month, all of them at once.

In: a case, and a `Sample` of its inputs. Out: `Paths`, the values that were asked for in each
month. A month: moves are made, all mechanisms read the same state, their changes and the chance
movement of ties are summed and clamped, and that is the next state.

Each source of chance has a generator of its own, keyed by seed and name (a mechanism and month, a
move). So two cases, or two sets of inputs, meet the same chances: they differ by what is different
in them and by nothing else (common random numbers).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import InputError
from detente.scenarios.answers import Key
from detente.scenarios.case import CHANCES, MOVES, NOISE, Case, uses_of, world_of
from detente.scenarios.inputs import draw_inputs
from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.moves import Done, PlannedMove, make_moves, plan_moves
from detente.scenarios.state import (
    FIELDS,
    Change,
    Floats,
    Shift,
    State,
    World,
    apply_changes,
    start_state,
)
from detente.schema import Record

Roster = Sequence[tuple[Mechanism, Use]]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What is drawn for a set of runs.

    Attributes:
        units: numbers 0 to 1, a row an input of the case and a column a run.
        seed: of all chance within the runs.
    """

    units: Floats
    seed: int

    @property
    def runs(self) -> int:
        """Return the number of runs."""
        return int(self.units.shape[1])


class Contribution(Record, frozen=True, kw_only=True):
    """What one mechanism, the moves or chance did to one tie over all months, on average.

    Attributes:
        mechanism: name of its use, `moves` or `chance`.
        a: one end of the tie.
        b: the other.
        change: mean of the summed shifts, before clamping.
        reason: why, in the words of the mechanism.
    """

    mechanism: str
    a: str
    b: str
    change: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """What came of a set of runs.

    Attributes:
        world: names behind the indices.
        series: by key, `(months + 1, runs)`.
        findings: by full name, of the last month, one number a run.
        final: the last state.
        contributions: what moved each tie that was asked for; empty without an account.
    """

    world: World
    series: Mapping[Key, Floats]
    findings: Mapping[str, Floats]
    final: State
    contributions: tuple[Contribution, ...]


def trace_paths(
    case: Case,
    sample: Sample,
    keys: Iterable[Key],
    mechanisms: Mapping[str, Mechanism],
    *,
    has_account: bool = False,
) -> Paths:
    """Return the values of each key in each month of each run.

    A finding has no value before the first month; there it is taken as that of the first. What
    moved the ties (`contributions`) is counted with `has_account` only, as that takes a while.

    Raises:
        InputError: a mechanism gives something that is no number, or lacks a finding.
    """
    world = world_of(case, mechanisms)
    values = draw_inputs(case.inputs(), sample.units)
    roster = list(uses_of(case, world, mechanisms, values))
    planned = plan_moves(case.moves, values, _move_chances(case, sample))
    state = start_state(world, _start_values(case, world, values, sample.runs))
    recorder = Recorder(keys)
    recorder.note(state, {})
    done: Done = {}
    findings: Mapping[str, Floats] = {}
    for _ in range(case.months):
        moved, done = make_moves(state, planned, done)
        changes = {
            **_run_rules(moved, roster, sample.seed),
            CHANCES: Change((_noise(moved, values[NOISE], sample.seed),)),
        }
        following = apply_changes(moved, changes.values())
        if has_account:
            recorder.count(world, {MOVES: _made(state, moved, planned), **changes})
        state = following
        findings = {
            f"{name}.{finding}": found
            for name, change in changes.items()
            for finding, found in change.findings.items()
        }
        recorder.note(state, findings)
    return Paths(world, recorder.series(), findings, state, recorder.contributions())


class Recorder:
    """Keeps what was asked for while the months go by."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._rows: dict[Key, list[Floats]] = {key: [] for key in keys}
        self._ledger: dict[tuple[Key, str, str], float] = {}

    def note(self, state: State, findings: Mapping[str, Floats]) -> None:
        """Keep the values of a month."""
        for (name, *names), rows in self._rows.items():
            if name in FIELDS or name in state.world.gauges:
                rows.append(state.array(name)[state.world.place(name, names)])
            elif name in findings:
                rows.extend([findings[name]] * (1 if rows else 2))
            elif state.month:
                raise InputError(f"mechanism {name.partition('.')[0]} gives no finding {name!r}")

    def count(self, world: World, changes: Mapping[str, Change]) -> None:
        """Add what each source of change does to the ties that are kept."""
        ties = {key: world.place("ties", key[1:]) for key in self._rows if key[0] == "ties"}
        for source, change in changes.items():
            for shift in change.shifts:
                if shift.name != "ties":
                    continue
                for key, place in ties.items():
                    if shift.place and sorted(shift.place) != sorted(place):
                        continue
                    amount = shift.amount if shift.place else np.asarray(shift.amount)[place]
                    line = (key, source, shift.reason)
                    self._ledger[line] = self._ledger.get(line, 0.0) + float(np.mean(amount))

    def series(self) -> dict[Key, Floats]:
        """Return the values of all months."""
        return {key: np.stack(rows) for key, rows in self._rows.items()}

    def contributions(self) -> tuple[Contribution, ...]:
        """Return what moved each tie, the most first."""
        lines = sorted(self._ledger.items(), key=lambda line: (line[0][0], -abs(line[1]), line[0]))
        return tuple(
            Contribution(mechanism=source, a=key[1], b=key[2], change=change, reason=reason)
            for (key, source, reason), change in lines
        )


def _generator(seed: int, *names: object) -> np.random.Generator:
    """Return the generator of one source of chance."""
    key = zlib.crc32(" ".join(map(str, names)).encode())
    return np.random.default_rng([seed, key])


def _move_chances(case: Case, sample: Sample) -> dict[str, Floats]:
    return {
        move.id: _generator(sample.seed, "move", move.id).random(sample.runs) for move in case.moves
    }


def _run_rules(state: State, roster: Roster, seed: int) -> dict[str, Change]:
    """Return what each mechanism does in the coming month."""
    month = state.month + 1
    changes = {}
    # At extreme inputs an exponential may overflow on its way to 0 or 1; what ends as no number is
    # told here and in `apply_changes`.
    with np.errstate(all="ignore"):
        for kind, use in roster:
            change = kind(state, use, _generator(seed, "mechanism", use.name, month))
            for name, found in change.findings.items():
                if np.shape(found) != (state.runs,) or not np.isfinite(found).all():
                    raise InputError(f"{use.name} ({kind.id}): finding {name!r} is no number a run")
            changes[use.name] = change
    return changes


def _noise(state: State, size: Floats, seed: int) -> Shift:
    """Return the chance movement of all ties; the same numbers above and below the diagonal."""
    n, runs = len(state.world.actors), state.runs
    drawn = np.zeros((n, n, runs))
    upper = np.triu_indices(n, 1)
    drawn[upper] = _generator(seed, "noise", state.month + 1).standard_normal((len(upper[0]), runs))
    return Shift("ties", (), (drawn + drawn.swapaxes(0, 1)) * size, "chance movement")


def _made(before: State, after: State, planned: Sequence[PlannedMove]) -> Change:
    """Return what moves have done to ties, for the account."""
    pairs = {tuple(sorted(plan.move.names)) for plan in planned if plan.move.field == "ties"}
    places = [before.world.place("ties", pair) for pair in sorted(pairs)]
    gaps = [(place, after.ties[place] - before.ties[place]) for place in places]
    return Change(tuple(Shift("ties", place, gap, "moves") for place, gap in gaps if gap.any()))


def _start_values(
    case: Case, world: World, values: Mapping[str, Floats], runs: int
) -> dict[str, Floats]:
    """Return the arrays of month 0 by field and gauge."""
    arrays = {name: np.zeros((*world.shape(name), runs)) for name in (*FIELDS, *world.gauges)}
    for value in case.values:
        place = world.place(value.field, value.names)
        arrays[value.field][place] = values[value.name]
        if value.field == "ties":
            arrays[value.field][place[::-1]] = values[value.name]
    for use in case.mechanisms:
        for gauge in use.start:
            arrays[f"{use.name}.{gauge}"][...] = values[f"{use.name}.{gauge}"]
    return arrays

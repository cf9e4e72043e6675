"""Moves: what an actor does in a month, with a probability, and what it changes in the state.

In: moves with the amounts and probabilities that were drawn. Out: the state with the moves of the
month made, and those that end taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.inputs import Inputs, Interval
from detente.scenarios.state import Change, Floats, Shift, State, World, apply_changes
from detente.schema import Record

ALWAYS = Interval(low=1.0, high=1.0, source="assumption: the move is made")


class Move(Record, frozen=True, kw_only=True):
    """Something that is done at a time, and what it does to one value of the state.

    Attributes:
        id: short name.
        title: what is done, in a few words.
        month: the month in which it is done, 1 for the first.
        probability: that it is done at all.
        field: the field, or full name of a gauge, that it changes.
        names: one name an axis of the field.
        how: `by` the amount, or `to` it.
        amount: by how much, or to what.
        duration: months after which it is taken back; null where it lasts.
        requires: id of a move without which it is not made.
        given: whether it is part of the baseline too.
    """

    id: str
    title: str
    month: int
    probability: Interval = ALWAYS
    field: str
    names: tuple[str, ...]
    how: Literal["by", "to"] = "by"
    amount: Interval
    duration: int | None = None
    requires: str | None = None
    given: bool = False

    def inputs(self) -> Inputs:
        """Return the intervals of this move by name."""
        return {
            f"moves.{self.id}.probability": self.probability,
            f"moves.{self.id}.amount": self.amount,
        }


def find_contradiction(moves: Iterable[Move]) -> tuple[Move, Move] | None:
    """Return the first two moves that cannot both be made, or None.

    Two moves contradict each other that set the same value in the same month to intervals without
    a number in common, or of which one sets it and the other shifts it.
    """
    for one, other in combinations(moves, 2):
        if _target(one) != _target(other):
            continue
        apart = one.amount.low > other.amount.high or other.amount.low > one.amount.high
        if one.how != other.how or (one.how == "to" and apart):
            return one, other
    return None


def _target(move: Move) -> tuple[str, int, tuple[str, ...]]:
    """Return what a move changes and when; a tie is the same from both of its ends."""
    names = tuple(sorted(move.names)) if move.field == "ties" else move.names
    return move.field, move.month, names


@dataclass(slots=True, frozen=True, eq=False)
class PlannedMove:
    """A move as it was drawn.

    Attributes:
        move: the move.
        made: whether it is made, a run.
        amount: by how much or to what, a run.
    """

    move: Move
    made: NDArray[np.bool_]
    amount: Floats


def plan_moves(
    moves: Sequence[Move], values: dict[str, Floats], chances: dict[str, Floats]
) -> list[PlannedMove]:
    """Return the moves as drawn, in order of time.

    Args:
        moves: the moves of a case; one that requires another comes after it.
        values: amounts and probabilities by input name.
        chances: for each move's id a number 0 to 1 a run; below the probability it is made.
    """
    made: dict[str, NDArray[np.bool_]] = {}
    planned = []
    for move in sorted(moves, key=lambda move: move.month):
        happens = chances[move.id] < values[f"moves.{move.id}.probability"]
        if move.requires is not None:
            happens &= made[move.requires]
        made[move.id] = happens
        planned.append(PlannedMove(move, happens, values[f"moves.{move.id}.amount"]))
    return planned


Done = dict[str, Floats]
"""What each move that is in force has changed, a run."""


def make_moves(state: State, planned: Sequence[PlannedMove], done: Done) -> tuple[State, Done]:
    """Return the state after the moves of the coming month, and what is in force then.

    What is taken back is what the move changed in fact: a value at its limit may have moved less
    than by the amount.
    """
    month = state.month + 1
    ended = [p.move for p in planned if p.move.duration and p.move.month + p.move.duration == month]
    done = dict(done)
    shifts = [_shift(state.world, move, -done.pop(move.id)) for move in ended]
    state = apply_changes(state, [Change(tuple(shifts))], months=0) if shifts else state
    for plan in (plan for plan in planned if plan.move.month == month):
        place = state.world.place(plan.move.field, plan.move.names)
        before = state.array(plan.move.field)[place]
        amount = plan.amount - before if plan.move.how == "to" else plan.amount
        change = Change((_shift(state.world, plan.move, np.where(plan.made, amount, 0.0)),))
        state = apply_changes(state, [change], months=0)
        done[plan.move.id] = state.array(plan.move.field)[place] - before
    return state, done


def _shift(world: World, move: Move, amount: Floats) -> Shift:
    return Shift(move.field, world.place(move.field, move.names), amount, move.title)

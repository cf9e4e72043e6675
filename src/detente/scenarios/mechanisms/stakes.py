"""The stakes of some parties in some issues, as the bargaining modules take them: runs first.

In: a state, and the places of parties and issues. Out: `Stakes`, and the outcomes that they lead to
when each issue is settled by itself: the mean of the positions, weighted by capability times
salience, of who has a seat. That is the outcome of `exchange.py`, and of `challenges.py` before any
offer is made; unlike a median it moves away from whoever loses a seat, by however little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.scenarios.state import Floats, State


@dataclass(frozen=True, slots=True, eq=False)
class Stakes:
    """What issues are to parties; all arrays are by run, party and issue.

    Attributes:
        positions: the outcomes that they want.
        saliences: how much they care.
        means: capability, whether they have a seat or not.
        seats: 1 for who has a seat on the issue, else 0.
    """

    positions: Floats
    saliences: Floats
    means: Floats
    seats: Floats

    @property
    def weights(self) -> Floats:
        """Return what each party would weigh with a seat: capability times salience."""
        return self.means * self.saliences


def stakes_of(state: State, parties: Sequence[int], issues: Sequence[int]) -> Stakes:
    """Return the stakes of these parties in these issues."""
    places = np.ix_(parties, issues)
    positions, saliences, seats = (
        np.moveaxis(field[places], -1, 0)
        for field in (state.positions, state.salience, state.seats)
    )
    means = np.broadcast_to(state.capability[list(parties)].T[:, :, None], positions.shape)
    return Stakes(positions, saliences, means, seats)


def settle_alone(stakes: Stakes, seats: Floats | None = None) -> Floats:
    """Return the outcome of each issue by itself, by run and issue.

    Where nobody at the table has weight, all count; where nobody at all has, all count alike.

    Args:
        stakes: of everybody.
        seats: who sits, instead of those who do.
    """
    sitting = stakes.weights * (stakes.seats if seats is None else seats)
    for fallback in (stakes.weights, np.ones_like(sitting)):
        sitting = np.where(sitting.sum(axis=1, keepdims=True) > 0, sitting, fallback)
    return np.asarray((sitting * stakes.positions).sum(axis=1) / sitting.sum(axis=1))


def gains_of(stakes: Stakes, before: Floats, after: Floats) -> Floats:
    """Return what a change of outcomes brings each party, by run, party and issue.

    In salience times share of the issue's range among the parties, as packages and trades count.

    Args:
        stakes: of everybody.
        before: outcomes by run and issue.
        after: outcomes by run and issue.
    """
    x = stakes.positions
    span = np.ptp(np.concatenate([x, before[:, None]], axis=1), axis=1)[:, None]
    nearer = np.abs(x - before[:, None]) - np.abs(x - after[:, None])
    return np.asarray(stakes.saliences * nearer / np.where(span > 0, span, 1.0))

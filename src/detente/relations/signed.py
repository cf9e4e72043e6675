"""A signed network: actors, and the ties between them that have a sign.

In: ties, or rows of two names and a weight. Out: a `SignedNetwork` in a fixed order, the form in
which balance and blocs are computed. A tie without a sign is not in it: it is no weak tie, it is an
unknown one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.schema import Tie

Row = tuple[str, str, float]


@dataclass(slots=True, frozen=True, eq=False)
class SignedNetwork:
    """An undirected network whose ties have a weight above or below 0.

    Attributes:
        nodes: names, sorted.
        ends: one row a tie, `(m, 2)`: the places of its two ends in `nodes`, the lower first.
        weights: one number a tie, `(m,)`: its sign, or its strength with its sign; never 0.
    """

    nodes: tuple[str, ...]
    ends: NDArray[np.int64]
    weights: NDArray[np.float64]

    @property
    def m(self) -> int:
        """Return the number of ties."""
        return len(self.weights)

    @property
    def rows(self) -> list[Row]:
        """Return each tie as its two names and its weight."""
        return [
            (self.nodes[i], self.nodes[j], weight)
            for (i, j), weight in zip(self.ends.tolist(), self.weights.tolist(), strict=True)
        ]


def network_of_rows(rows: Iterable[Row], nodes: Iterable[str] = ()) -> SignedNetwork:
    """Return the network of rows `(a, b, weight)`, and of further nodes without a tie.

    Raises:
        InputError: a tie of a node with itself, a dyad twice, or a weight of 0 or no number.
    """
    weight_of: dict[tuple[str, str], float] = {}
    for a, b, weight in rows:
        dyad = (min(a, b), max(a, b))
        if a == b:
            raise InputError(f"tie {a}–{b}: a node has no tie with itself; take the row out")
        if dyad in weight_of:
            raise InputError(f"tie {a}–{b} is there twice; keep one row a dyad")
        if not (weight < 0 or weight > 0) or abs(weight) == float("inf"):
            raise InputError(f"tie {a}–{b}: weight {weight} has no sign; give -1 or 1")
        weight_of[dyad] = float(weight)
    names = tuple(sorted({*nodes, *(name for dyad in weight_of for name in dyad)}))
    place = {name: number for number, name in enumerate(names)}
    dyads = sorted(weight_of)
    ends = np.array([(place[a], place[b]) for a, b in dyads], dtype=np.int64).reshape(-1, 2)
    return SignedNetwork(names, ends, np.array([weight_of[dyad] for dyad in dyads], dtype=float))


def network_of_ties(ties: Iterable[Tie], *, weighted: bool = False) -> SignedNetwork:
    """Return the network of the ties that have a sign; the others' actors stay as nodes.

    A tie weighs its sign, or `s` where `weighted`.

    Raises:
        InputError: a dyad occurs twice; give the ties of one period and one context.
    """
    found = list(ties)
    signed = [tie for tie in found if tie.sign != "undetermined" and tie.s]
    return network_of_rows(
        (
            (tie.a, tie.b, (tie.s or 0.0) if weighted else (1.0 if tie.sign == "+" else -1.0))
            for tie in signed
        ),
        nodes=(name for tie in found for name in (tie.a, tie.b)),
    )

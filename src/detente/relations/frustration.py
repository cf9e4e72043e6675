"""The frustration index: how far a signed network is from two camps without a quarrel inside.

In: a `SignedNetwork`. Out: the least weight of ties that any two camps leave frustrated (positive
between the camps or negative within one; Harary 1959), the camps, and these ties. The value is
exact and proved, or else bounded from both sides.

The network falls apart into blocks without a cycle in common, each solved by itself: a lower bound
from the linear program of `cycles`, camps from its solution rounded along a spanning tree, and,
where the two do not meet, branching on a tie that is frustrated or not (branch and cut; Aref &
Wilson 2019 on integer programs for this index).
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.relations.cycles import CycleProgram
from detente.relations.signed import SignedNetwork
from detente.relations.switching import (
    Numbers,
    cost_of,
    descend,
    is_frustrated,
    search_sides,
    sides_along_tree,
)
from detente.schema import Record

ROUNDING = 1e-3
"""What the solver's tolerance, 1e-7 a tie, can add up to in a bound that is rounded up."""

PROOF = 1e-6
"""Gap, as a share of the value, at which weights that are no whole numbers count as proved."""


class Frustration(Record, frozen=True, kw_only=True):
    """The frustration index of a network, with the camps that reach it.

    Attributes:
        value: weight of the frustrated ties: their number where every tie weighs 1. Without proof
            it is an upper bound of the index.
        lower_bound: no two camps frustrate less.
        proved: whether `value` is the index.
        camps: the names in each camp, sorted; the first node is in the first. Where parts of the
            network are not tied to each other, the first node of each is in the first camp: how
            two such parts stand to each other is not known.
        frustrated: the dyads of the frustrated ties.
    """

    value: float
    lower_bound: float
    proved: bool
    camps: tuple[tuple[str, ...], tuple[str, ...]]
    frustrated: tuple[tuple[str, str], ...]


def find_frustration(
    network: SignedNetwork, *, time_limit: float = 60.0, seed: int = 1
) -> Frustration:
    """Return the frustration index, the camps and the frustrated ties; a tie costs its `|weight|`.

    The same network and seed give the same camps, unless time runs out.

    Args:
        network: the network; made for up to some 1,000 nodes.
        time_limit: seconds after which the best camps and bound so far are returned.
        seed: of the random starts of the search for camps.

    Raises:
        InputError: the time limit is negative or no number.
    """
    if not time_limit >= 0:
        raise InputError(f"a time limit of {time_limit} seconds; give 0 or more")
    deadline = time.perf_counter() + time_limit
    rng = np.random.default_rng(seed)
    unit = float(np.abs(network.weights).min(initial=np.inf))
    wishes = np.sign(network.weights)
    lower_bound, proved = 0.0, True
    for ties in _blocks(network):
        block = _part(network, ties, unit)
        if cost_of(block, sides_along_tree(block)) == 0:
            continue
        search = _Search(block, deadline)
        bound = search.run(rng)
        lower_bound += unit * bound
        proved = proved and not search.is_open(bound)
        wishes[ties] = search.sides[block.ends].prod(axis=1)
    sides = sides_along_tree(replace(network, weights=wishes))
    value = cost_of(network, sides)
    return Frustration(
        value=value,
        lower_bound=value if proved else min(lower_bound, value),
        proved=proved,
        camps=(_names(network, sides > 0), _names(network, sides < 0)),
        frustrated=tuple(
            (network.nodes[i], network.nodes[j])
            for i, j in network.ends[is_frustrated(network, sides)].tolist()
        ),
    )


def _names(network: SignedNetwork, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, is_in in zip(network.nodes, chosen, strict=True) if is_in)


def _blocks(network: SignedNetwork) -> Iterator[list[int]]:
    """Yield the ties of each part that has no cycle in common with another; bridges are none."""
    tie_of = {(i, j): tie for tie, (i, j) in enumerate(network.ends.tolist())}
    for edges in nx.biconnected_component_edges(nx.Graph(list(tie_of))):
        if len(edges) > 2:
            yield sorted(tie_of[min(edge), max(edge)] for edge in edges)


def _part(network: SignedNetwork, ties: list[int], unit: float) -> SignedNetwork:
    """Return the network of some ties with weights in units, whole numbers where they are near."""
    nodes, ends = np.unique(network.ends[ties], return_inverse=True)
    weights = network.weights[ties] / unit
    whole = np.round(weights)
    if np.allclose(weights, whole, rtol=1e-9, atol=0.0):
        weights = whole
    return SignedNetwork(tuple(network.nodes[i] for i in nodes), ends.reshape(-1, 2), weights)


@dataclass(slots=True, order=True)
class _Branch:
    """Some ties taken as frustrated (1) or satisfied (0), and what that leaves possible.

    Attributes:
        bound: nothing in this branch costs less.
        number: order of making, so that equal bounds are met in it.
        fixed: the ties so taken.
        tie: the one to be taken next.
    """

    bound: float
    number: int
    fixed: dict[int, float] = field(compare=False)
    tie: int = field(compare=False, default=0)


class _Search:
    """Branch and cut on one unbalanced block, whose lightest tie weighs 1 or more."""

    def __init__(self, network: SignedNetwork, deadline: float) -> None:
        self._network = network
        self._deadline = deadline
        self._program = CycleProgram(network, deadline)
        self._is_whole = bool((network.weights == np.round(network.weights)).all())
        self._n_branches = 0
        self.sides = sides_along_tree(network)
        self._value = cost_of(network, self.sides)

    def run(self, rng: np.random.Generator) -> float:
        """Improve the sides until none can be cheaper or time is out; return the lower bound."""
        branches = [self._relax({}, 1.0)]
        if self.is_open(branches[0].bound):
            self._offer(search_sides(self._network, self.sides, rng, self._deadline))
        while self.is_open(branches[0].bound) and time.perf_counter() < self._deadline:
            branch = heapq.heappop(branches)
            for share in (0.0, 1.0):
                fixed = {**branch.fixed, branch.tie: share}
                heapq.heappush(branches, self._relax(fixed, branch.bound))
        bound = branches[0].bound
        return min(self._value, math.ceil(bound - ROUNDING) if self._is_whole else bound)

    def is_open(self, bound: float) -> bool:
        """Return whether cheaper sides may exist where nothing costs less than `bound`."""
        if self._is_whole:
            return bound - ROUNDING <= self._value - 1
        return bound < self._value * (1 - PROOF)

    def _offer(self, sides: Numbers) -> None:
        """Keep the sides, improved by single switches, if they are the cheapest so far."""
        better = descend(self._network, sides)
        if cost_of(self._network, better) < self._value:
            self.sides, self._value = better, cost_of(self._network, better)

    def _relax(self, fixed: dict[int, float], bound: float) -> _Branch:
        """Return a branch with its bound raised by cycles until none is violated or it closes."""
        self._n_branches += 1
        branch = _Branch(bound, self._n_branches, fixed)
        self._program.fix(fixed)
        while (solved := self._program.solve()) is not None:
            bound, shares = solved
            branch.bound = max(branch.bound, bound)
            self._offer(sides_along_tree(self._network, shares))
            if not self.is_open(branch.bound) or not self._program.add_violated(shares):
                branch.tie = int(np.abs(shares - 0.5).argmin())
                break
        return branch

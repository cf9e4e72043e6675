"""Two camps of a signed network: what they cost, and good ones found by switching nodes.

In: a `SignedNetwork`. Out: sides, 1 or -1 for each node. Two nodes with a positive tie want the
same side, two with a negative tie want different ones; a tie that does not get this is frustrated.
Switching a node moves it to the other side.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from detente.relations.signed import SignedNetwork

Numbers = NDArray[np.float64]

N_STARTS = 16
"""Runs of the search beside each other: the given sides and fifteen random ones."""

STEPS_PER_NODE = 20
"""Switches of a run for each node of the network."""

TENURE = 7
"""Steps for which a switched node stays where it is, and up to as many more by chance."""

GAIN = 1e-9
"""A smaller gain is the rounding of sums."""


def matrix_of(network: SignedNetwork, values: Numbers, empty: float = 0.0) -> Numbers:
    """Return one value a tie as a symmetric matrix, `(n, n)`, with `empty` where no tie is."""
    n = len(network.nodes)
    matrix = np.full((n, n), empty)
    first, second = network.ends.T
    matrix[first, second] = values
    matrix[second, first] = values
    return matrix


def is_frustrated(network: SignedNetwork, sides: Numbers) -> NDArray[np.bool_]:
    """Return for each tie whether the sides frustrate it."""
    first, second = network.ends.T
    frustrated: NDArray[np.bool_] = network.weights * sides[first] * sides[second] < 0
    return frustrated


def cost_of(network: SignedNetwork, sides: Numbers) -> float:
    """Return the weight of the ties that the sides frustrate."""
    return float(np.abs(network.weights[is_frustrated(network, sides)]).sum())


def sides_along_tree(network: SignedNetwork, lengths: Numbers | None = None) -> Numbers:
    """Return the sides that satisfy every tie of a shortest spanning tree (Prim's).

    Where a network is balanced these sides frustrate nothing. The first node of every component
    is on side 1.

    Args:
        network: the network, of one part or several.
        lengths: for each tie how little it matters that it is satisfied; all alike when left out.
    """
    n = len(network.nodes)
    if lengths is None:
        lengths = np.zeros(network.m)
    length = matrix_of(network, lengths, empty=1.0 + lengths.max(initial=0.0))
    signs = matrix_of(network, np.sign(network.weights), empty=1.0)
    sides, near, side_near = np.zeros(n), np.zeros(n), np.ones(n)
    for step in range(n):
        node = int(np.where(sides == 0, near, np.inf).argmin())
        sides[node] = side_near[node]
        closer = (length[node] < near) | (step == 0)
        near[closer] = length[node][closer]
        side_near[closer] = sides[node] * signs[node][closer]
    return sides


def descend(network: SignedNetwork, sides: Numbers) -> Numbers:
    """Return sides that switching any one node does not make cheaper, from given ones."""
    weights = matrix_of(network, network.weights)
    sides = sides.copy()
    change = sides * (weights * sides).sum(axis=1)
    while change[node := int(change.argmin())] < -GAIN:
        change -= 2 * sides * weights[node] * sides[node]
        change[node] *= -1
        sides[node] *= -1
    return sides


def search_sides(
    network: SignedNetwork, sides: Numbers, rng: np.random.Generator, deadline: float
) -> Numbers:
    """Return the cheapest sides of a tabu search from given sides and from random ones.

    Each run switches in every step the node that gains most or costs least, and then leaves it
    alone for a while (Glover 1989). All runs go in step, one row of a matrix each. Past the
    deadline (in seconds of `time.perf_counter`) they end after one step a node.
    """
    weights = matrix_of(network, network.weights)
    n = len(sides)
    runs = np.arange(N_STARTS)
    found = rng.choice([-1.0, 1.0], size=(N_STARTS, n))
    found[0] = sides
    change = found * (found @ weights)
    cost = -change.sum(axis=1) / 4
    best, cheapest = found.copy(), cost.copy()
    free_from = np.zeros((N_STARTS, n))
    tenures = rng.integers(TENURE, 2 * TENURE, size=(STEPS_PER_NODE * n, N_STARTS))
    for step, tenure in enumerate(np.minimum(tenures, n // 2)):
        if step > n and time.perf_counter() > deadline:
            break
        nodes = np.where(free_from <= step, change, np.inf).argmin(axis=1)
        cost += change[runs, nodes]
        change -= 2 * found * weights[nodes] * found[runs, nodes, None]
        change[runs, nodes] *= -1
        found[runs, nodes] *= -1
        free_from[runs, nodes] = step + 1 + tenure
        better = cost < cheapest - GAIN
        best[better], cheapest[better] = found[better], cost[better]
    cheapest_sides: Numbers = best[cheapest.argmin()]
    return cheapest_sides

"""Best partitions of small networks, for many weightings of the same ties at once.

In: weights `(n, n, d)`, symmetric, 0 where there is no tie: `d` weightings of one network of `n`
nodes. Out: the best bloc of every node for each weighting. Two nodes of one bloc earn the weight of
their tie; so the most is earned where the least weight is frustrated.

Two camps are found by going through all of them, any number of blocs by the recursion over subsets
(the best partition of a set is a first bloc and the best partition of the rest). Both are exact;
beyond their sizes `descend` moves single nodes while that helps, from several starts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_CAMPS = 24
"""Most nodes whose camps are all gone through for one weighting: 2^23 of them, 0.3 GB."""

MOST_DRAWN = 16
"""Most nodes whose camps are all gone through for each of many weightings: 2^15 of them."""

MOST_BLOCS = 12
"""Most nodes that the recursion over subsets takes: 3^11 steps, about 0.1 s for 200 weightings."""

CELLS = 4_000_000
"""Numbers held at once (32 MB); more weightings are done one lot after the other."""

STARTS = 20
"""Starts of the local search for each weighting."""


def camp_costs(weights: Floats) -> Floats:
    """Return what each of the 2^(n-1) pairs of camps loses, `(2^(n-1), d)`, up to a constant.

    Bit i of a pair's number says whether node i + 1 stands against node 0. The table doubles with
    each node: the loss so far, less or plus the node's ties to those before it.
    """
    n, _, d = weights.shape
    costs = np.zeros((1, d))
    for node in range(1, n):
        pull = weights[node, 0][None]
        for other in range(1, node):
            pull = np.concatenate([pull + weights[node, other], pull - weights[node, other]])
        costs = np.concatenate([costs - pull, costs + pull])
    return costs / 2


def camps_of(codes: Ints, n: int) -> Ints:
    """Return the camp (0 or 1) of each node for the numbers of `camp_costs`, `(codes, n)`."""
    camps: Ints = (codes[:, None] << 1 >> np.arange(n)) & 1
    return camps


def bloc_costs(weights: Floats) -> Floats:
    """Return what each of the 2^n sets of nodes loses as a bloc, `(2^n, d)`: less than 0 is good.

    Bit i of a set's number says whether node i is in it.
    """
    n, _, d = weights.shape
    costs = np.zeros((1, d))
    for node in range(n):
        pull = np.zeros((1, d))
        for other in range(node):
            pull = np.concatenate([pull, pull + weights[node, other]])
        costs = np.concatenate([costs, costs - pull])
    return costs


def rest_costs(costs: Floats) -> tuple[Floats, Ints]:
    """Return the least that each set of nodes loses when parted at best, and its first bloc.

    Of sets with node 0 only the set of all nodes is done: no other one is ever a rest.

    Args:
        costs: what each set loses as one bloc, `(2^n, d)`; infinite where it must not be one.
    """
    size, d = costs.shape
    least, first = np.zeros((size, d)), np.zeros((size, d), dtype=np.int64)
    for whole in [*range(2, size, 2), size - 1]:
        blocs = first_blocs(whole)
        losses = costs[blocs] + least[whole ^ blocs]
        best = losses.argmin(axis=0)
        least[whole], first[whole] = losses[best, np.arange(d)], blocs[best]
    return least, first


def first_blocs(whole: int) -> Ints:
    """Return the subsets of a set (bits) that hold its first node."""
    lowest = whole & -whole
    blocs = np.array([lowest], dtype=np.int64)
    rest = whole ^ lowest
    while rest:
        bit = rest & -rest
        blocs = np.concatenate([blocs, blocs | bit])
        rest ^= bit
    return blocs


def best_partitions(weights: Floats, *, k: int | None, rng: np.random.Generator) -> Ints:
    """Return the best bloc of each node for each weighting, `(d, n)`.

    Exact up to `most_nodes(k)` nodes, else the best of `STARTS` descents.
    """
    n, _, d = weights.shape
    exact = n <= most_nodes(k)
    held = 2**n if exact else STARTS * n * n
    lot = max(1, CELLS // held)
    found = []
    for start in range(0, d, lot):
        some = weights[:, :, start : start + lot]
        if not exact:
            found.append(_search(some, k, rng))
        elif k == 2:
            found.append(camps_of(camp_costs(some).argmin(axis=0), n))
        else:
            found.append(_part_at_best(some))
    return np.concatenate(found)


def most_nodes(k: int | None) -> int:
    """Return up to how many nodes `best_partitions` is exact."""
    return MOST_BLOCS if k is None else MOST_DRAWN


def _part_at_best(weights: Floats) -> Ints:
    n, _, d = weights.shape
    _, first = rest_costs(bloc_costs(weights))
    labels = np.zeros((d, n), dtype=np.int64)
    rest = np.full(d, 2**n - 1)
    column = np.arange(d)
    for number in range(n):
        bloc = first[rest, column]
        labels += number * ((bloc[:, None] >> np.arange(n)) & 1)
        rest ^= bloc
    return labels


def _search(weights: Floats, k: int | None, rng: np.random.Generator) -> Ints:
    """Return the best of `STARTS` descents for each weighting."""
    n, _, d = weights.shape
    labels = descend(np.repeat(weights, STARTS, axis=2), k=k, rng=rng)
    earned = earnings(np.repeat(weights, STARTS, axis=2), labels).reshape(d, STARTS)
    best: Ints = labels.reshape(d, STARTS, n)[np.arange(d), earned.argmax(axis=1)]
    return best


def earnings(weights: Floats, labels: Ints) -> Floats:
    """Return the weight of the ties inside blocs, `(d,)`, for the labels `(d, n)`."""
    total = np.zeros(len(labels))
    for node in range(1, labels.shape[1]):
        same = labels[:, :node] == labels[:, node, None]
        total += (weights[node, :node].T * same).sum(axis=1)
    return total


def descend(weights: Floats, *, k: int | None, rng: np.random.Generator) -> Ints:
    """Return blocs `(d, n)` from which no node gains by going elsewhere, from a random start.

    Nodes go, one after the other, where their ties earn most: to one of two camps, or, with any
    number of blocs, also to a bloc of their own. Every move earns, so the search ends.
    """
    n, _, d = weights.shape
    n_labels = 2 if k == 2 else n
    spread = np.full(d, 2) if k == 2 else np.floor(n ** rng.random(d))
    labels: Ints = (rng.random((d, n)) * spread[:, None]).astype(np.int64)
    row = np.arange(d) * n_labels
    moved = True
    while moved:
        moved = False
        for node in rng.permutation(n):
            places = (row[:, None] + labels).ravel()
            earned = np.bincount(places, weights[node].T.ravel(), d * n_labels)
            earned = earned.reshape(d, n_labels)
            target = earned.argmax(axis=1)
            gain = earned[np.arange(d), target] - earned[np.arange(d), labels[:, node]]
            goes = gain > 1e-9
            labels[goes, node] = target[goes]
            moved |= bool(goes.any())
    return labels


def held_together(weights: Floats) -> Flags:
    """Return which of the 2^n sets of nodes are connected by good ties inside them, `(2^n,)`.

    Args:
        weights: one weighting, `(n, n)`.
    """
    n = len(weights)
    sets = np.arange(2**n)
    friends = [int(sum(1 << j for j in np.flatnonzero(row > 0))) for row in weights]
    reached = sets & -sets
    for _ in range(n):
        for node in range(n):
            reached |= np.where(reached >> node & 1, friends[node], 0) & sets
    connected: Flags = reached == sets
    return connected


def list_camps(
    weights: Floats, *, tolerance: float, limit: int, rng: np.random.Generator
) -> tuple[Ints, bool]:
    """Return the camps `(s, n)` of one weighting `(n, n)` within `tolerance` of the least loss.

    And whether these are all; where there are more than `limit`, they are a draw by chance.
    """
    costs = camp_costs(weights[:, :, None])[:, 0]
    codes = np.flatnonzero(costs <= costs.min() + tolerance)
    codes = codes[np.argsort(costs[codes].round(6), kind="stable")]
    kept = draw(len(codes), limit, rng)
    return camps_of(codes[kept], len(weights)), len(kept) == len(codes)


def draw(n: int, limit: int, rng: np.random.Generator) -> Ints:
    """Return the numbers below `n`; of more than `limit`, the first and a draw of the others."""
    if n <= limit:
        return np.arange(n)
    drawn: Ints = np.append(0, np.sort(1 + rng.choice(n - 1, limit - 1, replace=False)))
    return drawn


def list_blocs(weights: Floats, *, tolerance: float) -> Iterator[Ints]:
    """Yield all partitions `(n,)` of one weighting `(n, n)` within `tolerance` of the least loss.

    Only such whose blocs are each held together by good ties.
    """
    n = len(weights)
    costs = np.where(held_together(weights)[:, None], bloc_costs(weights[:, :, None]), np.inf)
    least, _ = rest_costs(costs)
    everyone = 2**n - 1
    bound = float(least[everyone, 0]) + tolerance
    for blocs in _complete_blocs(everyone, bound, costs[:, 0], least[:, 0]):
        labels = np.zeros(n, dtype=np.int64)
        for number, bloc in enumerate(blocs):
            labels += number * ((bloc >> np.arange(n)) & 1)
        yield labels


def _complete_blocs(
    whole: int, bound: float, costs: Floats, least: Floats
) -> Iterator[tuple[int, ...]]:
    """Yield the partitions of a set, as sets, that lose at most `bound`."""
    if not whole:
        yield ()
        return
    blocs = first_blocs(whole)
    losses = costs[blocs] + least[whole ^ blocs]
    for bloc in blocs[losses <= bound][np.argsort(losses[losses <= bound], kind="stable")].tolist():
        for others in _complete_blocs(whole ^ bloc, bound - costs[bloc], costs, least):
            yield (bloc, *others)

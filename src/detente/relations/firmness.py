"""How firmly each actor belongs to its bloc: how often it is there when the ties are drawn anew.

In: ties with their intervals, and a partition. Out: for each actor a share of solutions, 0 to 1
(a parametric bootstrap, as Hennig 2007 assesses clusters by resampling).

Each draw takes every tie's `s` from the normal distribution that its interval means, and parts the
network so drawn at best. Undetermined ties take part: they have no sign in the partition, but it
hangs on them which way they may go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.relations.clustering import cut_ties, label, matrix_of, pieces_of
from detente.relations.enumeration import Flags, Floats, Ints, best_partitions, most_nodes
from detente.relations.signed import network_of_rows
from detente.relations.ties import deviation_of
from detente.schema import Tie

NOISE = 1e-6
"""Spread of what is added to drawn weights, so that chance chooses among partitions alike."""


@dataclass(slots=True, frozen=True, eq=False)
class Drawn:
    """Partitions of draws, `(d, n)` as in `Partitions.labels`, and whether all are proven best."""

    labels: Ints
    exact: bool


def draw_partitions(
    ties: Sequence[Tie],
    nodes: Sequence[str],
    *,
    k: int | None,
    weighted: bool,
    draws: int,
    seed: int,
) -> Drawn:
    """Return the best partition of the nodes for each draw of the ties.

    A tie weighs its drawn `s`; where not `weighted`, one that has a sign weighs the sign drawn.
    Ties without any event take no part. Networks with a piece of more nodes than `most_nodes` are
    parted by local search there. The draws start from `seed` anew at each call.

    Args:
        ties: ties of one period and context.
        nodes: names in the order of the labels, sorted; all actors of the ties among them.
        k: 2, or None for any number of blocs.
        weighted: whether ties with a sign weigh their strength.
        draws: how many.
        seed: seed of the draws.
    """
    known = sorted(
        (tie for tie in ties if tie.s is not None),
        key=lambda tie: (min(tie.a, tie.b), max(tie.a, tie.b)),
    )
    network = network_of_rows(((tie.a, tie.b, 1.0) for tie in known), nodes)
    rng = np.random.default_rng(seed)
    weights = _draw_weights(known, weighted=weighted, draws=draws, rng=rng)
    cuts: Flags = np.zeros((draws, network.m), dtype=bool)
    exact = True
    for piece in pieces_of(network.ends, network.weights, k=2):
        drawn = matrix_of(piece, weights[piece.ties])
        labels = best_partitions(drawn, k=k, rng=rng)
        cuts[:, piece.ties] = cut_ties(piece.ends, labels)
        exact &= piece.n <= most_nodes(k)
    labels, _ = label(network.ends, cuts, len(nodes), k)
    return Drawn(labels, exact)


def _draw_weights(
    ties: Sequence[Tie], *, weighted: bool, draws: int, rng: np.random.Generator
) -> Floats:
    """Return one row of drawn weights a tie, `(m, d)`."""
    middle = np.array([tie.s for tie in ties], dtype=float)
    deviation = np.array([deviation_of(tie) for tie in ties])
    shape = (len(ties), draws)
    weights: Floats = np.clip(rng.normal(middle[:, None], deviation[:, None], shape), -1.0, 1.0)
    if not weighted:
        signed = np.array([tie.sign != "undetermined" for tie in ties], dtype=bool)
        weights[signed] = np.sign(weights[signed])
    return weights + rng.normal(0.0, NOISE, shape)


def share_in_place(point: Ints, solutions: Ints, components: Ints, k: int | None) -> Floats:
    """Return the share of solutions in which each node is where a partition has it, `(n,)`.

    The solution is matched to the partition by the *other* nodes, so that none votes for its own
    place; a draw between two places counts one half. Without a bloc the share is 0.

    Args:
        point: bloc of each node in the partition, `(n,)`, -1 for none.
        solutions: bloc of each node in each solution, `(s, n)`.
        components: connected component of each node, `(n,)`.
        k: 2: a node is in place that stands to the others of its component as in the partition.
            None: one whose bloc there and here, without it, are each other's best match; a node
            alone is in place where it is alone.
    """
    shares = np.zeros(len(point))
    if k is None:
        placed = np.flatnonzero(point >= 0)
        if len(placed):
            shares[placed] = _share_in_bloc(point[placed], solutions[:, placed])
        return shares
    agrees = np.where(point % 2 == solutions % 2, 1, -1)
    for component in range(components.max(initial=-1) + 1):
        nodes = np.flatnonzero(components == component)
        own = agrees[:, nodes]
        others = own.sum(axis=1, keepdims=True) - own
        shares[nodes] = ((1 + np.sign(others) * own) / 2).mean(axis=0)
    return shares


def _share_in_bloc(point: Ints, solutions: Ints) -> Floats:
    """Return the share of solutions in which each node's blocs match each other best."""
    _, point = np.unique(point, return_inverse=True)
    _, solutions = np.unique(solutions, return_inverse=True)
    solutions = solutions.reshape(-1, len(point))
    row = np.arange(len(solutions))
    common = np.zeros((len(solutions), point.max() + 1, solutions.max() + 1), dtype=np.int64)
    for node, bloc in enumerate(point):
        common[row, bloc, solutions[:, node]] += 1
    shares = np.zeros(len(point))
    for node, bloc in enumerate(point):
        there = solutions[:, node]
        own = common[row, bloc, there] - 1
        elsewhere, strangers = common[:, bloc].copy(), common[row, :, there].copy()
        elsewhere[row, there] = strangers[:, bloc] = 0
        rivals = np.maximum(elsewhere.max(axis=1), strangers.max(axis=1))
        alone = common[:, bloc].sum(axis=1) == 1
        in_place = np.where(alone, rivals == 0, (1 + np.sign(own - rivals)) / 2)
        shares[node] = in_place.mean()
    return shares

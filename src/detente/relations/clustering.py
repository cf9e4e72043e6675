"""The partitions of a signed network that frustrate the least: two camps, or any number of blocs.

In: a `SignedNetwork`. Out: `Partitions`: the least weight of frustrated ties, proven or with a
bound, and all partitions that reach it, up to a stated number. A tie is frustrated that is friendly
between blocs or hostile inside one (Doreian & Mrvar 1996; Bansal, Blum & Chawla 2004).

Pieces of the network that hang together by single nodes do not touch each other's frustration, so
each is solved apart: small ones by going through all partitions (`enumeration`), larger ones by
integer programming (`hitting`). A partition is kept as the ties that it cuts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from itertools import islice

import networkx as nx
import numpy as np

from detente.errors import InputError
from detente.relations.enumeration import (
    MOST_BLOCS,
    MOST_CAMPS,
    STARTS,
    Flags,
    Floats,
    Ints,
    descend,
    draw,
    list_blocs,
    list_camps,
)
from detente.relations.hitting import EQUAL, HittingSet
from detente.relations.signed import SignedNetwork

SEED = 1
"""Seed of the local search that starts the integer program, and of what is left out of a list."""


@dataclass(slots=True, frozen=True, eq=False)
class Partitions:
    """The partitions of a network that frustrate the least weight.

    Attributes:
        nodes: names, as in the network.
        labels: one row a partition, `(s, n)`: the number of each node's bloc; -1 for a node without
            a tie, which belongs to no bloc. Of two camps, `2c` and `2c + 1` are those of component
            `c`; which camp of one component goes with which of another is undetermined.
        components: the number of each node's connected component, `(n,)`; -1 without a tie.
        value: weight of the frustrated ties of the first partition, the least of all if `proved`.
        lower_bound: no partition frustrates less.
        proved: whether value and bound are equal.
        n: number of partitions known; more than are listed where `limit` cut the list.
        complete: whether all partitions that were asked for are listed.
    """

    nodes: tuple[str, ...]
    labels: Ints
    components: Ints
    value: float
    lower_bound: float
    proved: bool
    n: int
    complete: bool


@dataclass(slots=True, frozen=True, eq=False)
class Piece:
    """Ties that hang together by more than single nodes; `ties` are their places in the network.

    `ends` count the piece's own nodes.
    """

    ties: Ints
    ends: Ints
    weights: Floats

    @property
    def n(self) -> int:
        """Return the number of nodes."""
        return int(self.ends.max()) + 1

    def loss(self, cuts: Flags) -> Floats:
        """Return the weight that partitions frustrate, `(s,)`, for the cut ties `(s, m)`."""
        lost: Floats = (cuts == (self.weights > 0)) @ np.abs(self.weights)
        return lost


@dataclass(slots=True, frozen=True, eq=False)
class Solved:
    """The best partitions of a piece as cut ties, `(s, m)`, the best first."""

    cuts: Flags
    losses: Floats
    bound: float
    complete: bool


def optimal_partitions(
    network: SignedNetwork,
    *,
    k: int | None = None,
    limit: int = 100,
    tolerance: float = 0.0,
    time_limit: float = 60.0,
) -> Partitions:
    """Return the partitions that frustrate the least weight, the same ones at each call.

    With any number of blocs, a bloc is held together by good ties inside it: blocs that no tie
    joins could be called one at no cost, and are kept apart.

    Args:
        network: actors and their signed ties.
        k: 2 for two camps, None for any number of blocs.
        limit: most partitions listed; where there are more, they are a draw of them by chance.
        tolerance: weight that a partition may frustrate beyond the least.
        time_limit: seconds; where they run out, the best partition found stands alone, with a
            bound.

    Raises:
        InputError: another `k`, or a limit, tolerance or time out of range.
    """
    _check(k, limit, tolerance, time_limit)
    deadline = time.monotonic() + time_limit
    pieces = pieces_of(network.ends, network.weights, k)
    solved = [_solve(piece, k, limit, tolerance, deadline) for piece in pieces]
    cuts, drawn = _combine(network, pieces, solved, limit, tolerance)
    value = math.fsum(float(found.losses[0]) for found in solved)
    bound = math.fsum(found.bound for found in solved)
    labels, components = label(network.ends, cuts, len(network.nodes), k)
    known = math.prod(len(found.cuts) for found in solved) if tolerance == 0 else len(cuts)
    return Partitions(
        nodes=network.nodes,
        labels=labels,
        components=components,
        value=value,
        lower_bound=min(bound, value),
        proved=bound >= value - EQUAL,
        n=known,
        complete=not drawn and all(found.complete for found in solved),
    )


def _check(k: int | None, limit: int, tolerance: float, time_limit: float) -> None:
    if k not in (None, 2):
        raise InputError(f"k is 2, or None for any number of blocs; not {k}")
    if limit < 1:
        raise InputError(f"limit {limit}: at least 1 partition must be listed")
    if not 0 <= tolerance < math.inf:
        raise InputError(f"tolerance {tolerance}: give a weight of 0 or more")
    if not time_limit > 0:
        raise InputError(f"time limit {time_limit}: give seconds above 0")


def pieces_of(ends: Ints, weights: Floats, k: int | None) -> list[Piece]:
    """Return the pieces of a network, in the order of their first ties.

    They are its biconnected components. With any number of blocs, hostile ties between actors whom
    no chain of good ties joins are cut in every partition and belong to no piece.
    """
    kept = np.ones(len(ends), dtype=bool)
    if k is None:
        good = blocs_of_cuts(ends, (weights < 0)[None], int(ends.max(initial=-1)) + 1)[0]
        kept = good[ends[:, 0]] == good[ends[:, 1]]
    graph = nx.Graph()
    for tie in np.flatnonzero(kept).tolist():
        graph.add_edge(*ends[tie].tolist(), tie=tie)
    found = []
    for edges in nx.biconnected_component_edges(graph):
        ties = np.array(sorted(graph.edges[edge]["tie"] for edge in edges))
        _, own = np.unique(ends[ties], return_inverse=True)
        found.append(Piece(ties, own.reshape(-1, 2), weights[ties]))
    return sorted(found, key=lambda piece: int(piece.ties[0]))


def _solve(piece: Piece, k: int | None, limit: int, tolerance: float, deadline: float) -> Solved:
    if piece.n > (MOST_BLOCS if k is None else MOST_CAMPS):
        return _solve_by_program(piece, k, limit, tolerance, deadline)
    matrix = matrix_of(piece, piece.weights[:, None])[:, :, 0]
    most = tolerance + EQUAL
    if k == 2:
        rng = np.random.default_rng(SEED)
        labels, complete = list_camps(matrix, tolerance=most, limit=limit, rng=rng)
    else:
        labels = np.array(list(islice(list_blocs(matrix, tolerance=most), limit + 1)))
        complete = len(labels) <= limit
    return _ranked(piece, cut_ties(piece.ends, labels[:limit]), complete=complete)


def _ranked(piece: Piece, cuts: Flags, *, complete: bool, bound: float = math.inf) -> Solved:
    """Return partitions with the best first."""
    losses = piece.loss(cuts)
    order = np.argsort(losses.round(6), kind="stable")
    least = float(losses[order[0]])
    return Solved(cuts[order], losses[order], bound=min(bound, least), complete=complete)


def matrix_of(piece: Piece, weights: Floats) -> Floats:
    """Return weightings of a piece's ties, `(m, d)`, as symmetric matrices `(n, n, d)`."""
    matrix = np.zeros((piece.n, piece.n, weights.shape[1]))
    first, second = piece.ends.T
    matrix[first, second] = matrix[second, first] = weights
    return matrix


def _solve_by_program(
    piece: Piece, k: int | None, limit: int, tolerance: float, deadline: float
) -> Solved:
    """Return the best partitions by integer programming, each found forbidden to the next."""
    program = HittingSet(piece.ends, piece.weights, k, deadline)
    best = _better(piece, _descended(piece, k), _rounded(piece, program.relax(), k))
    if program.bound < piece.loss(best[None])[0] - EQUAL:
        shares = program.solve()
        best = best if shares is None else _rounded(piece, shares, k)
    least = float(piece.loss(best[None])[0])
    if program.bound < least - EQUAL:
        return _ranked(piece, best[None], complete=False, bound=program.bound)
    found = {best.tobytes(): best}
    most = least + tolerance + EQUAL
    program.cap(most)
    hit = best == (piece.weights > 0)
    while len(found) <= limit:
        program.forbid(hit, others=tolerance > 0)
        shares = program.solve()
        if shares is None:
            break
        hit = shares > 0.5
        cut = _rounded(piece, shares, k)
        if piece.loss(cut[None])[0] <= most:
            found.setdefault(cut.tobytes(), cut)
    complete = len(found) <= limit and not program.timed_out
    return _ranked(piece, np.array(list(found.values())[:limit]), complete=complete)


def _descended(piece: Piece, k: int | None) -> Flags:
    """Return the best partition of some descents from random starts."""
    weights = np.repeat(piece.weights[:, None], STARTS, axis=1)
    rng = np.random.default_rng(SEED)
    cuts = cut_ties(piece.ends, descend(matrix_of(piece, weights), k=k, rng=rng))
    best: Flags = cuts[piece.loss(cuts).argmin()]
    return best


def _better(piece: Piece, one: Flags, other: Flags) -> Flags:
    losses = piece.loss(np.array([one, other]))
    return other if losses[1] < losses[0] else one


def _rounded(piece: Piece, shares: Floats, k: int | None) -> Flags:
    """Return a partition that frustrates ties of large shares rather than ties of small ones.

    It frustrates just the ties of share 1 where these are all that some partition frustrates.
    """
    hostile, frustrated = piece.weights < 0, shares > 0.5
    if k is None:
        labels = blocs_of_cuts(piece.ends, (hostile | frustrated)[None], piece.n)
    else:
        graph = nx.Graph()
        for tie, (i, j) in enumerate(piece.ends.tolist()):
            graph.add_edge(i, j, share=shares[tie], tie=tie)
        tree = nx.minimum_spanning_edges(graph, weight="share")
        ties = np.array([edge["tie"] for *_, edge in tree])
        cuts = (hostile ^ frustrated)[None, ties]
        labels, _ = camps_of_cuts(piece.ends[ties], cuts, piece.n)
    rounded: Flags = cut_ties(piece.ends, labels)[0]
    return rounded


def _combine(
    network: SignedNetwork,
    pieces: list[Piece],
    solved: list[Solved],
    limit: int,
    tolerance: float,
) -> tuple[Flags, bool]:
    """Return partitions of the network from those of its pieces, and whether some were left out.

    Where there are more than `limit`, a draw by chance is kept, so that no piece is listed with
    its first partition alone; the first of all stays first.
    """
    rng = np.random.default_rng(SEED)
    cuts = (network.weights < 0)[None]
    spent, drawn = np.zeros(1), False
    for piece, found in zip(pieces, solved, strict=True):
        extra = (spent[:, None] + found.losses - found.losses[0]).ravel()
        rows = np.flatnonzero(extra <= tolerance + EQUAL)
        drawn |= len(rows) > limit
        rows = rows[draw(len(rows), limit, rng)]
        old, new = np.divmod(rows, len(found.cuts))
        cuts, spent = cuts[old], extra[rows]
        cuts[:, piece.ties] = found.cuts[new]
    return cuts[np.argsort(spent.round(6), kind="stable")], drawn


def label(ends: Ints, cuts: Flags, n: int, k: int | None) -> tuple[Ints, Ints]:
    """Return the bloc of each node for each partition, and the component of each node.

    As in `Partitions`: -1 for a node without a tie.
    """
    camps, components = camps_of_cuts(ends, cuts, n)
    tied = np.zeros(n, dtype=bool)
    tied[ends.ravel()] = True
    _, numbers = np.unique(components[tied], return_inverse=True)
    components[:] = -1
    components[tied] = numbers
    labels = 2 * components + camps if k == 2 else blocs_of_cuts(ends, cuts, n)
    return np.where(tied, labels, -1), components


def cut_ties(ends: Ints, labels: Ints) -> Flags:
    """Return which ties run between blocs, `(s, m)`, for the labels `(s, n)`."""
    cuts: Flags = labels[:, ends[:, 0]] != labels[:, ends[:, 1]]
    return cuts


def camps_of_cuts(ends: Ints, cuts: Flags, n: int) -> tuple[Ints, Ints]:
    """Return the camp of each node, `(s, n)`, and the number of its component, `(n,)`.

    Camps are those that the cuts mean along a tree of each component; the first node of a component
    is in camp 0. Components are numbered by their first node.
    """
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for tie, (i, j) in enumerate(ends.tolist()):
        neighbours[i].append((j, tie))
        neighbours[j].append((i, tie))
    camps = np.zeros((len(cuts), n), dtype=np.int64)
    component = np.full(n, -1)
    for root in range(n):
        if component[root] >= 0:
            continue
        component[root] = component.max() + 1
        reached = [root]
        for node in reached:
            for other, tie in neighbours[node]:
                if component[other] < 0:
                    component[other] = component[root]
                    camps[:, other] = camps[:, node] ^ cuts[:, tie]
                    reached.append(other)
    return camps, component


def blocs_of_cuts(ends: Ints, cuts: Flags, n: int) -> Ints:
    """Return the bloc of each node, `(s, n)`: the first node that uncut ties lead to."""
    labels = np.tile(np.arange(n), (len(cuts), 1))
    while True:
        before = labels.copy()
        for (i, j), cut in zip(ends.tolist(), cuts.T, strict=True):
            lower = np.minimum(labels[:, i], labels[:, j])
            labels[:, i] = np.where(cut, labels[:, i], lower)
            labels[:, j] = np.where(cut, labels[:, j], lower)
        if np.array_equal(before, labels):
            return labels

"""Who resembles whom in what they do: for pairs that never met.

In: the decayed counts of triples (s, r, o). Out: a unit vector for each entity (a truncated
singular value decomposition of whom it meets, in which relations, from which country), and the
votes that entities like s cast for the targets of a query (s, r): collaborative filtering.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

from detente.scenarios.counts import Floats, Ints

SIZE = 48
"""Length of the vectors; 64 was no better."""

_ROUNDS = 2
"""Power iterations of the randomised decomposition (Halko, Martinsson & Tropp 2011)."""

_SHARES = (1.0, 0.6, 0.7, 0.5)
"""Weights of the four parts of a profile: partners, relations, country, office."""


def embed_entities(
    triples: tuple[Ints, Ints, Ints], counts: Floats, groups: tuple[Ints, ...], n_entities: int
) -> Floats:
    """Return a unit vector for each entity; zero for those of whom nothing is known.

    Args:
        triples: source, relation and target of each triple, both directions.
        counts: the decayed count of each.
        groups: further attributes of the entities (country, office), 0 where unknown.
        n_entities: number of entities.
    """
    sources, relations, targets = triples
    everyone = np.arange(n_entities)
    parts = [(sources, targets, counts), (sources, relations, counts)]
    parts += [(everyone, group, np.sign(group).astype(np.float32)) for group in groups]
    blocks = [
        share * _profile(rows, columns, values, n_entities)
        for share, (rows, columns, values) in zip(_SHARES, parts, strict=False)
    ]
    vectors = _decompose(sparse.hstack(blocks).tocsr())
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = (vectors / np.maximum(lengths, 1e-6)).astype(np.float32)
    return unit


def _profile(rows: Ints, columns: Ints, values: Floats, n_rows: int) -> Any:
    """Return one part of the profiles: tempered counts, rare columns up, long rows down."""
    width = int(columns.max(initial=0)) + 1
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(n_rows, width))
    matrix.eliminate_zeros()
    matrix.data = np.log1p(5 * matrix.data)
    rarity = np.log(n_rows / (1 + np.bincount(matrix.indices, minlength=width))).clip(0)
    matrix = matrix @ sparse.diags(rarity)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1)) @ matrix


def _decompose(matrix: Any) -> NDArray[np.float64]:
    """Return the left singular vectors of a sparse matrix, times the singular values."""
    size = min(SIZE + 10, *matrix.shape)
    rng = np.random.default_rng(0)
    basis = matrix @ rng.standard_normal((matrix.shape[1], size))
    for _ in range(_ROUNDS):
        basis = matrix @ (matrix.T @ np.linalg.qr(basis)[0])
    basis = np.linalg.qr(basis)[0]
    _, values, right = np.linalg.svd((matrix.T @ basis), full_matrices=False)
    vectors: NDArray[np.float64] = ((basis @ right.T) * values)[:, :SIZE]
    return vectors


@njit(cache=True, nogil=True)
def cast_votes(queries: Any, likeness: Any, places: Any, by_relation: Any, n_entities: int) -> Any:
    """Return the votes (query, 2, target): entities like s, weighed by likeness² and likeness⁴.

    Args:
        queries: rows (s, r).
        likeness: of each source that is asked for to each entity.
        places: row of `likeness` for each query.
        by_relation: table relation → s · n_entities + o, with counts at two half-lives.
        n_entities: number of entities.
    """
    votes = np.zeros((len(queries), 2, n_entities), np.float32)
    for i in range(len(queries)):
        like = likeness[places[i]]
        row = by_relation.head[queries[i, 1]]
        while row >= 0:
            voter = by_relation.items[row] // n_entities
            weight = like[voter]
            if weight > 0 and voter != queries[i, 0]:
                target = by_relation.items[row] % n_entities
                weight *= weight
                votes[i, 0, target] += weight * by_relation.weights[row, 0]
                votes[i, 1, target] += weight * weight * by_relation.weights[row, 1]
            row = by_relation.after[row]
    return votes


@njit(cache=True, nogil=True)
def walk_two(sources: Any, pairs: Any, activity: Any, n_entities: int) -> Any:
    """Return the weight of the walks s–x–o through what s and x did lately, for each source."""
    walks = np.zeros((len(sources), n_entities), np.float32)
    for i in range(len(sources)):
        first = pairs.head[sources[i]]
        while first >= 0:
            middle = pairs.items[first]
            share = pairs.weights[first, 0] / (1 + activity[middle])
            if share > 1e-3:  # older steps carry nothing
                second = pairs.head[middle]
                while second >= 0:
                    walks[i, pairs.items[second]] += share * pairs.weights[second, 0]
                    second = pairs.after[second]
            first = pairs.after[first]
    return walks


@njit(cache=True, nogil=True)
def mean_vectors(keys: Any, table: Any, vectors: Any) -> Any:
    """Return the mean direction of the items of each key, weighed by their first count."""
    order = np.argsort(keys)
    means = np.zeros((len(keys), vectors.shape[1]), np.float32)
    for place in range(len(keys)):
        i = order[place]
        if place and keys[order[place - 1]] == keys[i]:
            means[i] = means[order[place - 1]]
            continue
        row = table.head[keys[i]]
        while row >= 0:
            means[i] += (
                np.float32(np.log(1 + 5 * table.weights[row, 0])) * vectors[table.items[row]]
            )
            row = table.after[row]
        means[i] /= max(np.sqrt((means[i] ** 2).sum()), np.float32(1e-3))
    return means

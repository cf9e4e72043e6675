"""Structural balance: whether the friends of friends are friends, and enemies of enemies too.

In: a `SignedNetwork`. Out: four measures of how far its ties agree with two camps: triangles
(Cartwright & Harary 1956), closed walks of all lengths (Estrada & Benzi 2014), and the frustration
index (Harary 1959) as a weight and as a share (Aref & Wilson 2018). A measure that the network
gives no ground for is None, never 0 or 1.
"""

from __future__ import annotations

import numpy as np

from detente.relations.frustration import Frustration, find_frustration
from detente.relations.signed import SignedNetwork
from detente.relations.switching import matrix_of
from detente.schema import Record


class Balance(Record, frozen=True, kw_only=True):
    """How balanced a signed network is; every measure but the index is 1 in perfect balance.

    Attributes:
        n: nodes, those without a tie too.
        m: ties.
        positive: positive ties.
        negative: negative ties.
        triangles: triangles.
        balanced_triangles: those of them with no or two negative ties.
        triangle_census: triangles with 0, 1, 2 and 3 negative ties.
        triangle_balance: balanced share of all triangles, 0 to 1; the weights do not enter, only
            the signs. None without triangles.
        walk_balance: positive less negative closed walks over all closed walks, a walk of k steps
            counting 1/k!; above 0, to 1. A walk counts the product of its weights, so the scale of
            the weights matters here and nowhere else. None without ties.
        degree_of_balance: 1 less twice the frustrated share of all weight, 0 to 1; without proof
            of the index a lower bound. None without ties.
        frustration: the frustration index, its camps and the frustrated ties, by weight.
    """

    n: int
    m: int
    positive: int
    negative: int
    triangles: int
    balanced_triangles: int
    triangle_census: tuple[int, int, int, int]
    triangle_balance: float | None
    walk_balance: float | None
    degree_of_balance: float | None
    frustration: Frustration


def measure_balance(network: SignedNetwork, *, time_limit: float = 60.0, seed: int = 1) -> Balance:
    """Return all measures of balance; of an empty network with counts of 0 and None.

    Args:
        network: the network; weights of 1 and -1 where only signs are to count.
        time_limit: seconds for the frustration index, after which it is bounded only.
        seed: of the random starts in the search for camps.

    Raises:
        InputError: the time limit is negative or no number.
    """
    frustration = find_frustration(network, time_limit=time_limit, seed=seed)
    census = count_triangles(network)
    triangles, balanced = sum(census), census[0] + census[2]
    total = float(np.abs(network.weights).sum())
    positive = int((network.weights > 0).sum())
    return Balance(
        n=len(network.nodes),
        m=network.m,
        positive=positive,
        negative=network.m - positive,
        triangles=triangles,
        balanced_triangles=balanced,
        triangle_census=census,
        triangle_balance=balanced / triangles if triangles else None,
        walk_balance=compare_walks(network) if network.m else None,
        degree_of_balance=1 - 2 * frustration.value / total if network.m else None,
        frustration=frustration,
    )


def count_triangles(network: SignedNetwork) -> tuple[int, int, int, int]:
    """Return the number of triangles with 0, 1, 2 and 3 negative ties.

    They are found tie by tie, as the common friends and the common foes of its two ends.
    """
    is_positive = network.weights > 0
    plus = matrix_of(network, is_positive.astype(float)) > 0
    minus = matrix_of(network, (~is_positive).astype(float)) > 0
    first, second = network.ends.T
    friends = (plus[first] & plus[second]).sum(axis=1)
    foes = (minus[first] & minus[second]).sum(axis=1)
    return (
        int(friends[is_positive].sum()) // 3,
        int(friends[~is_positive].sum()),
        int(foes[is_positive].sum()),
        int(foes[~is_positive].sum()) // 3,
    )


def compare_walks(network: SignedNetwork) -> float:
    """Return tr exp(A) / tr exp(|A|) of the weights A of a network that has nodes.

    Both traces are divided by the same large number, so that no network is too large for them.
    """
    signed = np.linalg.eigvalsh(matrix_of(network, network.weights))
    plain = np.linalg.eigvalsh(matrix_of(network, np.abs(network.weights)))
    return float(np.exp(signed - plain.max()).sum() / np.exp(plain - plain.max()).sum())

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.relations.proposals import cluster_vectors


@given(st.integers(0, 12), st.integers(0, 999), st.floats(0, 1))
def test_clusters_are_a_partition(n: int, seed: int, likeness: float) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = cluster_vectors(vectors.astype(np.float32), likeness)
    assert labels.shape == (n,)
    assert n == 0 or labels.min() >= 1


def test_equal_vectors_share_a_cluster_and_opposite_ones_do_not() -> None:
    vectors = np.array([[1, 0], [1, 0], [-1, 0]], dtype=np.float32)
    one, same, other = cluster_vectors(vectors, 0.5)
    assert one == same != other

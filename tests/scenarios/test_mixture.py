from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.mixture import (
    FREQUENT,
    Batch,
    fit_mixture,
    fit_weights,
    join_batches,
    score_loss,
    select,
    softmax,
)


def batch_of(terms: list[list[float]], hits: list[float], ends: list[int]) -> Batch:
    return Batch(
        np.zeros(len(ends), np.int64),
        np.array(ends),
        np.array(terms, np.float16),
        np.array(hits, np.float32),
    )


def drawn(n: int, weights: list[float], *, relation: int = 0, seed: int = 0) -> Batch:
    """Return queries of four candidates whose answers are drawn from a mixture."""
    rng = np.random.default_rng(seed)
    terms = rng.standard_normal((4 * n, len(weights))).astype(np.float16)
    powers = np.exp(terms.astype(float) @ np.array(weights)).reshape(n, 4)
    shares = powers / powers.sum(axis=1, keepdims=True)
    hits = np.concatenate([rng.multinomial(1, share) for share in shares])
    ends = 4 * np.arange(1, n + 1)
    return Batch(np.full(n, relation), ends, terms, hits.astype(np.float32))


def test_softmax_sums_to_one_within_each_query() -> None:
    batch = batch_of([[1.0], [2.0], [0.0]], [0, 1, 1], [2, 3])
    shares = softmax(np.array([1.0, 2.0, 5.0], np.float32), batch)
    assert shares[:2].sum() == pytest.approx(1)
    assert shares[2] == 1


def test_loss_leaves_the_other_answers_out() -> None:
    scores = np.zeros(3, np.float32)
    both = score_loss(scores, batch_of([[0.0]] * 3, [1, 1, 0], [3]))
    assert both.loss == pytest.approx(2 * np.log(2))


def test_loss_slope_is_its_derivative() -> None:
    rng = np.random.default_rng(1)
    batch = batch_of([[0.0]] * 5, [1, 0, 2, 0, 1], [3, 5])
    scores = rng.standard_normal(5).astype(np.float32)
    slope = score_loss(scores, batch).by_score
    for i in range(5):
        step = np.zeros(5, np.float32)
        step[i] = 1e-2
        change = score_loss(scores + step, batch).loss - score_loss(scores - step, batch).loss
        assert slope[i] == pytest.approx(change / 2e-2, abs=1e-3)


def test_fit_weights_finds_the_weights_that_drew_the_answers() -> None:
    batches = [drawn(1500, [1.0, -0.5, 0.0], seed=seed) for seed in range(3)]
    assert fit_weights(batches) == pytest.approx([1.0, -0.5, 0.0], abs=0.08)


def test_fit_weights_is_drawn_to_its_prior() -> None:
    prior = np.array([5.0, 5.0], np.float32)
    weights = fit_weights([drawn(50, [0.0, 0.0])], start=prior, prior=prior, ridge=1e3)
    assert weights == pytest.approx(prior, abs=0.01)


def test_frequent_relations_have_weights_of_their_own() -> None:
    often = drawn(4000, [2.0], relation=1)
    seldom = drawn(FREQUENT // 2, [2.0], relation=2, seed=1)
    rest = drawn(4000, [0.0], relation=0, seed=2)
    mixture = fit_mixture([often, seldom, rest], 3)
    assert mixture.own[0, 0] < mixture.weights[0] < mixture.own[1, 0]
    assert mixture.own[2] == pytest.approx(mixture.weights)


def test_mixture_scores_with_the_weights_of_the_relation() -> None:
    mixture = fit_mixture([drawn(10, [0.0])], 2)
    mixture.own[:] = [[1.0], [2.0]]
    scores = mixture.score(np.ones((3, 1), np.float32), np.array([0, 1]), np.array([1, 2]))
    assert scores.tolist() == [1.0, 2.0, 2.0]


def test_select_and_join_keep_the_queries() -> None:
    batch = drawn(6, [0.0])
    chosen = np.array([True, False, True, False, False, True])
    [joined] = join_batches([select(batch, chosen), select(batch, ~chosen)])
    assert len(joined.ends) == 6
    assert joined.terms[:4].tolist() == batch.terms[:4].tolist()
    assert joined.terms[4:8].tolist() == batch.terms[8:12].tolist()


def test_join_batches_leaves_empty_ones_out() -> None:
    batch = drawn(2, [0.0])
    assert join_batches([select(batch, np.array([False, False]))]) == []

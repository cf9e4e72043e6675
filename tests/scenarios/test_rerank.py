from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios import rerank
from detente.scenarios.mixture import Batch, Mixture, score_loss, softmax
from detente.scenarios.rerank import fit_reranker


def crossed(n: int, seed: int) -> Batch:
    """Return queries whose answer is the larger term under relation 0, the smaller under 1."""
    rng = np.random.default_rng(seed)
    relations = rng.integers(0, 2, n)
    terms = rng.standard_normal((3 * n, 1)).astype(np.float16)
    best = (terms.reshape(n, 3) * (1 - 2 * relations)[:, None]).argmax(axis=1)
    hits = np.zeros((n, 3), np.float32)
    hits[np.arange(n), best] = 1
    return Batch(relations, 3 * np.arange(1, n + 1), terms, hits.ravel())


@pytest.fixture(scope="module")
def trained() -> rerank.Reranker:
    mixture = Mixture(np.zeros(1, np.float32), np.zeros((2, 1), np.float32))
    return fit_reranker([crossed(100, seed) for seed in range(40)], mixture, 2)


def test_reranker_learns_what_no_single_weight_can(trained: rerank.Reranker) -> None:
    batch = crossed(300, seed=99)
    shift = trained.shift(batch)
    shares = softmax(shift, batch)
    assert score_loss(shift, batch).loss / 300 < 0.5
    assert float(shares[batch.hits > 0].mean()) > 0.65


def test_shift_is_zero_on_average_over_a_query(trained: rerank.Reranker) -> None:
    shift = trained.shift(crossed(20, seed=98))
    assert shift.reshape(20, 3).mean(axis=1) == pytest.approx(np.zeros(20), abs=1e-5)


def test_reranker_is_the_same_each_time(trained: rerank.Reranker) -> None:
    mixture = Mixture(np.zeros(1, np.float32), np.zeros((2, 1), np.float32))
    again = fit_reranker([crossed(100, seed) for seed in range(40)], mixture, 2)
    batch = crossed(20, seed=97)
    assert np.array_equal(again.shift(batch), trained.shift(batch))


def test_slopes_are_the_derivatives_of_the_loss() -> None:
    batch = crossed(8, seed=5)
    scale = rerank._measure_scale([batch])
    inputs = rerank._prepare(batch, scale)
    terms = rerank._standardise(batch, scale)
    rng = np.random.default_rng(0)
    net = rerank._start(1, len(scale.query_mean), 2, rng)
    net["out"] += rng.standard_normal(len(net["out"])).astype(np.float32)
    done = rerank._run(net, inputs, terms)
    slopes = rerank._slopes(net, inputs, terms, done, score_loss(done.scores, batch).by_score)
    for name, slope in slopes.items():
        place = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        losses = []
        for step in (1e-2, -1e-2):
            moved = net | {name: net[name].copy()}
            moved[name][place] += step
            losses.append(score_loss(rerank._run(moved, inputs, terms).scores, batch).loss)
        assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-2, rel=0.1, abs=0.02)

"""The second stage: a small net that moves the best candidates of the mixture.

In: the mixture's batches. Out: for each candidate a shift of its log-odds, by terms in
combination: what a repeated interaction is worth depends on the relation and on how faithful the
source is to its targets. Two hidden layers, a learned vector a relation; the mean of several nets
from several seeds. Same loss as the mixture (listwise softmax; Cao et al. 2007), Adam (Kingma & Ba
2015) with decoupled weight decay.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detente.scenarios.counts import Floats
from detente.scenarios.mixture import Batch, Mixture, score_loss

HIDDEN = (64, 32)
RELATION = 8
"""Length of a relation's vector."""

EPOCHS = 6
RATE = 2e-3
"""Highest step of Adam; a cosine takes it to 0."""

DECAY = 1e-2
DROPPED = 0.1
"""Share of the first layer's units left out in training."""

SEEDS = (1, 2)


class Scale(NamedTuple):
    """Mean and spread of the inputs over all candidates, and over all queries."""

    mean: Floats
    spread: Floats
    query_mean: Floats
    query_spread: Floats


class _Inputs(NamedTuple):
    """What a net sees of a batch: its terms, what its queries look like, the mixture's scores."""

    batch: Batch
    query: Floats
    base: Floats


class _Pass(NamedTuple):
    """The scores of a batch and what the way back needs."""

    scores: Floats
    first: Floats
    second: Floats
    joined: Floats
    mask: Floats | None


Parameters = dict[str, Floats]


@dataclass(slots=True, frozen=True)
class Reranker:
    """Nets that shift the mixture's scores."""

    scale: Scale
    nets: tuple[Parameters, ...]

    def shift(self, batch: Batch) -> Floats:
        """Return the shift of each candidate's log-odds, 0 on average over a query."""
        inputs = _prepare(batch, self.scale)
        terms = _standardise(batch, self.scale)
        scores = [_run(net, inputs, terms).scores for net in self.nets]
        total: Floats = np.mean(scores, axis=0, dtype=np.float32)
        means = np.add.reduceat(total, batch.starts) / batch.lengths
        shift: Floats = total - np.repeat(means, batch.lengths)
        return shift


def fit_reranker(batches: Sequence[Batch], mixture: Mixture, n_relations: int) -> Reranker:
    """Return nets that make the hits of the batches likelier than the mixture alone does.

    Args:
        batches: examples, each forecast from the days before it.
        mixture: the first stage, which the nets start from.
        n_relations: number of relations of both directions.
    """
    scale = _measure_scale(batches)
    examples = [_prepare(batch, scale, mixture) for batch in batches]
    with ThreadPoolExecutor(len(SEEDS)) as pool:
        nets = pool.map(lambda seed: _train(examples, scale, n_relations, seed), SEEDS)
        return Reranker(scale, tuple(nets))


def _summarise(batch: Batch) -> Floats:
    """Return what a query looks like as a whole: the largest value of each term, and its size."""
    terms = batch.terms.astype(np.float32)
    largest = np.maximum.reduceat(terms, batch.starts)
    return np.concatenate([largest, np.log(batch.lengths)[:, None].astype(np.float32)], axis=1)


def _measure_scale(batches: Sequence[Batch]) -> Scale:
    """Return mean and spread of terms and queries; every tenth batch is enough."""
    some = batches[::10]
    terms = np.concatenate([batch.terms for batch in some]).astype(np.float32)
    queries = np.concatenate([_summarise(batch) for batch in some])
    return Scale(
        terms.mean(axis=0),
        terms.std(axis=0) + 1e-2,
        queries.mean(axis=0),
        queries.std(axis=0) + 0.1,
    )


def _prepare(batch: Batch, scale: Scale, mixture: Mixture | None = None) -> _Inputs:
    query = (_summarise(batch) - scale.query_mean) / scale.query_spread
    base = np.zeros(len(batch.hits), np.float32)
    if mixture is not None:
        terms = batch.terms.astype(np.float32)
        base = mixture.score(terms, batch.relations, batch.lengths)
    return _Inputs(batch, query, base)


def _standardise(batch: Batch, scale: Scale) -> Floats:
    terms = batch.terms.astype(np.float32)
    terms -= scale.mean
    terms /= scale.spread
    return terms


def _start(n_terms: int, n_query: int, n_relations: int, rng: np.random.Generator) -> Parameters:
    """Return a net whose scores are 0: the mixture as it is."""
    wide, narrow = HIDDEN
    width = n_terms + n_query + RELATION

    def draw(rows: int, columns: int, size: float) -> Floats:
        return (size * rng.standard_normal((rows, columns))).astype(np.float32)

    return {
        "relations": draw(n_relations, RELATION, 0.1),
        "from_terms": draw(n_terms, wide, (2 / width) ** 0.5),
        "from_query": draw(n_query + RELATION, wide, (2 / width) ** 0.5),
        "first_bias": np.zeros(wide, np.float32),
        "second": draw(wide, narrow, (2 / wide) ** 0.5),
        "second_bias": np.zeros(narrow, np.float32),
        "out": np.zeros(narrow, np.float32),
        "direct": np.zeros(n_terms, np.float32),
    }


def _run(
    net: Parameters, inputs: _Inputs, terms: Floats, rng: np.random.Generator | None = None
) -> _Pass:
    """Return the scores of a batch; with `rng`, as in training, some units are left out."""
    joined = np.concatenate([inputs.query, net["relations"][inputs.batch.relations]], axis=1)
    query = joined @ net["from_query"] + net["first_bias"]
    first = terms @ net["from_terms"]
    first += np.repeat(query, inputs.batch.lengths, axis=0)
    np.maximum(first, 0, out=first)
    mask = None
    if rng is not None:
        kept = rng.random(first.shape, dtype=np.float32) > DROPPED
        mask = kept.astype(np.float32) / np.float32(1 - DROPPED)
        first *= mask
    second = np.maximum(first @ net["second"] + net["second_bias"], 0)
    scores = second @ net["out"] + terms @ net["direct"]
    return _Pass(scores, first, second, joined, mask)


def _slopes(
    net: Parameters, inputs: _Inputs, terms: Floats, done: _Pass, slope: Floats
) -> Parameters:
    """Return the derivative of the loss by each parameter."""
    by_second = np.outer(slope, net["out"]) * (done.second > 0)
    by_first = (by_second @ net["second"].T) * (done.first > 0)
    if done.mask is not None:
        by_first *= done.mask
    by_query = np.add.reduceat(by_first, inputs.batch.starts, axis=0)
    by_relations = np.zeros_like(net["relations"])
    by_joined = by_query @ net["from_query"].T
    np.add.at(by_relations, inputs.batch.relations, by_joined[:, -RELATION:])
    return {
        "relations": by_relations,
        "from_terms": terms.T @ by_first,
        "from_query": done.joined.T @ by_query,
        "first_bias": by_query.sum(axis=0),
        "second": done.first.T @ by_second,
        "second_bias": by_second.sum(axis=0),
        "out": done.second.T @ slope,
        "direct": terms.T @ slope,
    }


def _train(examples: Sequence[_Inputs], scale: Scale, n_relations: int, seed: int) -> Parameters:
    """Return a net trained on the examples in several orders."""
    rng = np.random.default_rng(seed)
    n_terms, n_query = len(scale.mean), len(scale.query_mean)
    net = _start(n_terms, n_query, n_relations, rng)
    adam = _Adam(net, EPOCHS * len(examples))
    for _ in range(EPOCHS):
        for number in rng.permutation(len(examples)):
            inputs = examples[number]
            terms = _standardise(inputs.batch, scale)
            done = _run(net, inputs, terms, rng)
            slope = score_loss(done.scores + inputs.base, inputs.batch).by_score
            slope /= max(inputs.batch.hits.sum(), 1)
            adam.move(net, _slopes(net, inputs, terms, done, slope))
    return net


class _Adam:
    """Adam with decoupled weight decay and a step that rises for 50 batches and then falls."""

    def __init__(self, net: Parameters, n_steps: int) -> None:
        self.means = {name: np.zeros_like(value) for name, value in net.items()}
        self.squares = {name: np.zeros_like(value) for name, value in net.items()}
        self.step, self.n_steps = 0, n_steps

    def move(self, net: Parameters, slopes: Parameters) -> None:
        """Move the parameters, in place."""
        self.step += 1
        rate = RATE * min(1, self.step / 50) * (1 + np.cos(np.pi * self.step / self.n_steps)) / 2
        for name, by in slopes.items():
            mean, square = self.means[name], self.squares[name]
            mean += 0.1 * (by - mean)
            square += 0.001 * (by * by - square)
            move = (mean / (1 - 0.9**self.step)) / (np.sqrt(square / (1 - 0.999**self.step)) + 1e-8)
            decay = 0 if name.endswith("bias") else DECAY
            net[name] -= np.float32(rate) * (move + decay * net[name]).astype(np.float32)

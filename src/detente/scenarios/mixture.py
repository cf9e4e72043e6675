"""The log-linear mixture: one softmax over the candidates of a query, weights learned.

In: batches of queries with the terms of their candidates and which of them came true. Out: one
weight a term. The loss is that of the time-aware filter: an answer competes with everything but
the other answers of its query. McFadden's conditional logit (1974), fitted by Newton's method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.counts import Floats, Ints

RIDGE = 1e-4
"""Penalty on the squared weights, a mean query's log-likelihood being 1."""

FREQUENT = 100
"""Answers from which on a relation has weights of its own."""

KINSHIP = 300.0
"""Strength, in answers, with which they are drawn to those of all relations; 100 to 1,000 alike."""

_ROWS = 8_000
_STEPS = 30
_SMALLEST = 1e-3
_ENOUGH = 1e-5
"""Gain in mean log-likelihood below which the fit has converged."""

_SAMPLE = 30
"""Batches that the curvature is taken from: it need not be exact."""

Doubles = NDArray[np.float64]


class Batch(NamedTuple):
    """Queries with their candidates' terms (half precision, to save memory) and their hits.

    The candidates of query i are rows ends[i - 1] to ends[i].
    """

    relations: Ints
    ends: Ints
    terms: NDArray[np.float16] | Floats
    hits: Floats

    @property
    def starts(self) -> Ints:
        """The first row of each query."""
        return np.concatenate([[0], self.ends[:-1]])

    @property
    def lengths(self) -> Ints:
        """The number of candidates of each query."""
        return np.diff(self.ends, prepend=0)


class Slope(NamedTuple):
    """The loss of a batch and its derivative by each candidate's score."""

    loss: float
    by_score: Floats


def score_loss(scores: Floats, batch: Batch) -> Slope:
    """Return the negative log-likelihood of the hits, the other hits of a query left out."""
    starts, lengths, hits = batch.starts, batch.lengths, batch.hits
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
    powers = np.maximum(powers, 1e-30)
    true = hits > 0
    wrong = np.add.reduceat(np.where(true, 0, powers), starts)
    against = np.where(true, np.repeat(wrong, lengths) + powers, 1)
    drawn = np.add.reduceat(np.where(true, hits / against, 0), starts)
    slope = np.where(true, hits * (powers / against - 1), powers * np.repeat(drawn, lengths))
    loss = -float((hits[true] * np.log(powers[true] / against[true])).sum())
    return Slope(loss, slope.astype(np.float32))


def softmax(scores: Floats, batch: Batch) -> Floats:
    """Return the probability of each candidate within its query."""
    starts, lengths = batch.starts, batch.lengths
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
    shares: Floats = powers / np.repeat(np.add.reduceat(powers, starts), lengths)
    return shares


@dataclass(slots=True, frozen=True)
class Mixture:
    """The weights of the terms: `weights` of all relations, `own` a row a relation."""

    weights: Floats
    own: Floats

    def score(self, terms: Floats, relations: Ints, lengths: Ints) -> Floats:
        """Return the score of each candidate; those of a query follow each other."""
        scores: Floats = np.einsum(
            "ij,ij->i", terms, np.repeat(self.own[relations], lengths, axis=0)
        )
        return scores


def fit_mixture(
    batches: Sequence[Batch], n_relations: int, *, start: Floats | None = None
) -> Mixture:
    """Return the weights of all relations, and of each frequent relation drawn towards them."""
    weights = fit_weights(batches, start=start)
    own = np.tile(weights, (n_relations, 1))
    answers = np.zeros(n_relations)
    for batch in batches:
        np.add.at(answers, batch.relations, np.add.reduceat(batch.hits, batch.starts))
    for relation in np.flatnonzero(answers >= FREQUENT):
        mine = join_batches([select(batch, batch.relations == relation) for batch in batches])
        ridge = KINSHIP / float(answers[relation])
        own[relation] = fit_weights(mine, start=weights, prior=weights, ridge=ridge)
    return Mixture(weights, own)


def select(batch: Batch, chosen: NDArray[np.bool_]) -> Batch:
    """Return the chosen queries of a batch."""
    rows = np.repeat(chosen, batch.lengths)
    ends = np.cumsum(batch.lengths[chosen])
    return Batch(batch.relations[chosen], ends, batch.terms[rows], batch.hits[rows])


def join_batches(batches: Sequence[Batch]) -> list[Batch]:
    """Return the queries of many small batches in batches of some thousand rows, none empty."""
    joined, waiting, n_rows = [], list[Batch](), 0
    for batch in batches:
        waiting.append(batch)
        n_rows += len(batch.hits)
        if n_rows > _ROWS or batch is batches[-1]:
            ends = np.cumsum(np.concatenate([part.lengths for part in waiting]))
            rest = (np.concatenate([part[i] for part in waiting]) for i in (0, 2, 3))
            relations, terms, hits = rest
            joined.append(Batch(relations, ends, terms, hits))
            waiting, n_rows = [], 0
    return [batch for batch in joined if len(batch.ends)]


def fit_weights(
    batches: Sequence[Batch],
    *,
    start: Floats | None = None,
    prior: Floats | None = None,
    ridge: float = RIDGE,
) -> Floats:
    """Return the weights of the terms that make the hits of the batches most likely.

    Args:
        batches: at least one query with a hit.
        start: weights to begin with; 0 when left out.
        prior: weights that the ridge draws towards; 0 when left out.
        ridge: penalty on the squared distance from the prior.
    """
    n = batches[0].terms.shape[1]
    centre = np.zeros(n) if prior is None else prior.astype(np.float64)
    pull = _Pull(centre, ridge)
    weights = np.zeros(n) if start is None else start.astype(np.float64)
    some = batches[:: max(1, len(batches) // _SAMPLE)]
    loss, gradient = _derive(batches, weights, pull)
    size = 1.0
    for _ in range(_STEPS):
        step = np.linalg.solve(_bend(some, weights, ridge), gradient)
        trial = _derive(batches, weights - size * step, pull)
        while trial.loss > loss and size > _SMALLEST:
            size /= 2
            trial = _derive(batches, weights - size * step, pull)
        gain = loss - trial.loss
        if gain > 0:
            weights = weights - size * step
            loss, gradient = trial
        if gain < _ENOUGH:
            break
        size = min(1.0, 2 * size)
    return weights.astype(np.float32)


class _Pull(NamedTuple):
    """What the weights are drawn towards, and how strongly."""

    centre: Doubles
    strength: float


class _Derived(NamedTuple):
    """The mean loss of all answers with its penalty, and its gradient."""

    loss: float
    gradient: Doubles


def _derive(batches: Sequence[Batch], weights: Doubles, pull: _Pull) -> _Derived:
    total = sum(float(batch.hits.sum()) for batch in batches)
    loss, gradient = 0.0, np.zeros(len(weights))
    for batch in batches:
        terms = batch.terms.astype(np.float32)
        slope = score_loss(terms @ weights.astype(np.float32), batch)
        loss += slope.loss
        gradient += terms.T @ slope.by_score
    away = weights - pull.centre
    penalty = pull.strength / 2 * float(away @ away)
    return _Derived(loss / total + penalty, gradient / total + pull.strength * away)


def _bend(batches: Sequence[Batch], weights: Doubles, ridge: float) -> Doubles:
    """Return the curvature of the loss; without the filter, which hardly changes it."""
    total = sum(float(batch.hits.sum()) for batch in batches)
    curvature = np.zeros((len(weights), len(weights)))
    for batch in batches:
        terms = batch.terms.astype(np.float32)
        shares = softmax(terms @ weights.astype(np.float32), batch)
        answers = np.sqrt(np.add.reduceat(batch.hits, batch.starts))
        terms *= np.sqrt(shares)[:, None]
        means = np.add.reduceat(terms * np.sqrt(shares)[:, None], batch.starts)
        means *= answers[:, None]
        terms *= np.repeat(answers, batch.lengths)[:, None]
        curvature += terms.T @ terms - means.T @ means
    return curvature / total + ridge * np.eye(len(weights))

"""Who completes an interaction: a probability for every answer to (s, r, ?) and (?, r, o).

In: the events of all days before. Out: for each query of a day the log-probability of every
entity, and for one candidate the terms and past events that carry it. The first stage is one
softmax over online counts (`terms`, `mixture`), the second moves its best candidates (`rerank`).
Days are told one after another: `predict` a day, then `update` with what happened on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from detente.errors import InputError
from detente.scenarios.counts import Floats, Ints
from detente.scenarios.evidence import Evidence, split_days, with_inverses
from detente.scenarios.explain import Explanation, Past, explain_terms, unlisted
from detente.scenarios.groups import Groups, unknown_groups
from detente.scenarios.mixture import Batch, fit_mixture, fit_weights
from detente.scenarios.rerank import Reranker, fit_reranker
from detente.scenarios.terms import CHUNK, ELSEWHERE, Rows, describe

FIT_DAYS = 50
"""Latest days of the history that the mixture's weights are learned on."""

RERANK_DAYS = 75
"""Latest days that the second stage is learned on."""

LEAST_DAYS = 8
"""Days with events that a history must have: half of them to count, half to learn on."""

FIRST_DAYS = 3
"""Days of all candidates, from which the weights come that choose the best for the rest."""

KEPT = 64
"""Candidates of a query that stay in the softmax, besides "elsewhere"."""

THREADS = 2
"""Chunks of queries described at once. Linear algebra takes one thread each: its own threads only
wait for each other on matrices of this size (1 to 40 times slower on a busy machine)."""


class Model(Protocol):
    """A forecaster of completions, as the backtest runs it; queries are rows (s, r or r + R)."""

    def fit(self, events: Ints, n_entities: int, n_relations: int) -> None:
        """Learn from the events (s, r, o, day) of all days before the first that is asked."""

    def predict(self, queries: Ints, t: int) -> Floats:
        """Return scores (queries, entities) for day t, higher where likelier."""

    def update(self, events: Ints) -> None:
        """Learn what happened on the day that was predicted."""


class Stages(NamedTuple):
    """Log-probabilities (queries, entities) of the first stage and of both."""

    first: Floats
    final: Floats


class _Described(NamedTuple):
    """A chunk of a day's queries: their numbers, and their rows before and after the choice."""

    places: Ints
    rows: Rows
    kept: Ints
    ends: Ints


class CompletionModel:
    """The two-stage forecaster; see the method note `forecasts`."""

    def __init__(self, groups: Groups | None = None, *, rerank: bool = True) -> None:
        """Make a model that knows nothing yet.

        Args:
            groups: country and office of the entities, where their names are known.
            rerank: whether to learn the second stage.
        """
        self._groups, self._rerank = groups, rerank
        self._choosing: Floats | None = None
        self._told: list[Ints] = []
        self.reranker: Reranker | None = None

    def fit(self, events: Ints, n_entities: int, n_relations: int) -> None:
        """Count the history and learn the weights on its latest days, each from days before.

        Raises:
            InputError: there are fewer than `LEAST_DAYS` days with events.
        """
        with threadpool_limits(1):
            self._fit(events, n_entities, n_relations)

    def _fit(self, events: Ints, n_entities: int, n_relations: int) -> None:
        groups = self._groups or unknown_groups(n_entities)
        self.evidence = Evidence(n_entities, n_relations, groups.homes, groups.offices)
        self._told = [events]
        days = list(split_days(events))
        if len(days) < LEAST_DAYS:
            raise InputError(f"a history of {len(days)} days; forecasts need {LEAST_DAYS} or more")
        first = len(days) - min(RERANK_DAYS if self._rerank else FIT_DAYS, len(days) // 2)
        for today in days[:first]:
            self.evidence.add(today)
        history: list[list[Batch]] = []
        for number, today in enumerate(days[first:]):
            both = with_inverses(today, n_relations)
            history.append(list(self._make_batches(both)))
            self.evidence.add(today)
            if number == FIRST_DAYS - 1:
                self._choosing = fit_weights([batch for day in history for batch in day])
                history.clear()
        recent = [batch for day in history[-FIT_DAYS:] for batch in day]
        self.mixture = fit_mixture(recent, 2 * n_relations, start=self._choosing)
        if self._rerank:
            every = [batch for day in history for batch in day]
            self.reranker = fit_reranker(every, self.mixture, 2 * n_relations)

    def predict(self, queries: Ints, t: int) -> Floats:
        """Return the log-probability of every entity for each query of day t."""
        return self.predict_stages(queries, t).final

    def update(self, events: Ints) -> None:
        """Count the events of a day after it was predicted."""
        self._told.append(events)
        for today in split_days(events):
            self.evidence.add(today)

    def explain(self, query: tuple[int, int], candidate: int, t: int) -> Explanation:
        """Return why a candidate has its probability as the answer to (s, r) on day t.

        Args:
            query: source and relation; n_relations and more ask for the source of a target.
            candidate: the entity that would complete it.
            t: a day that is not yet told.
        """
        source, relation = query
        queries = np.array([query])
        stages = self.predict_stages(queries, t)
        [chunk] = self._describe_day(queries, t)
        terms, own = chunk.rows.terms[chunk.kept], self.mixture.own[relation]
        found = np.flatnonzero(chunk.rows.candidates[chunk.kept] == candidate)
        n = self.evidence.n_relations
        past = Past(
            np.concatenate(self._told), self.evidence.homes, source, relation % n, candidate,
            relation >= n,
        )  # fmt: skip
        reasons, shift = [unlisted(past)], 0.0
        if len(found):
            at = int(found[0])
            reasons = explain_terms(terms[at], terms[-1], own, past)
            if self.reranker is not None:
                moved = self.reranker.shift(_as_batch(queries, chunk))
                shift = float(moved[at] - moved[-1])
        return Explanation(
            source=source,
            relation=relation,
            candidate=candidate,
            day=t,
            probability=float(np.exp(stages.final[0, candidate])),
            first_stage=float(np.exp(stages.first[0, candidate])),
            log_odds=sum(reason.contribution for reason in reasons),
            shift=shift,
            reasons=tuple(reasons),
        )

    def predict_stages(self, queries: Ints, t: int) -> Stages:
        """Return the log-probabilities of the first stage beside those of both."""
        with threadpool_limits(1):
            return self._predict(queries, t)

    def _predict(self, queries: Ints, t: int) -> Stages:
        asked, inverse = np.unique(queries, axis=0, return_inverse=True)
        shape = (len(asked), self.evidence.n_entities)
        first, final = np.empty(shape, np.float32), np.empty(shape, np.float32)
        others = self._rank_others()
        for chunk in self._describe_day(asked, t):
            batch = _as_batch(asked, chunk)
            terms = chunk.rows.terms[chunk.kept]
            scores = self.mixture.score(terms, batch.relations, batch.lengths)
            self._spread(first, chunk, scores, others)
            if self.reranker is None:
                continue
            self._spread(final, chunk, scores + self.reranker.shift(batch), others)
        if self.reranker is None:
            final = first
        inverse = inverse.ravel()
        return Stages(first[inverse], final[inverse])

    def _describe_day(self, asked: Ints, day: int) -> Iterator[_Described]:
        """Yield the queries of a day in chunks, with the candidates that stay."""
        self.evidence.advance(day)
        self.evidence.embed(day)
        order = np.random.default_rng(day).permutation(len(asked))
        chunks = [order[i : i + CHUNK] for i in range(0, len(order), CHUNK)]
        with ThreadPoolExecutor(THREADS) as pool:
            yield from pool.map(lambda places: self._describe_chunk(asked, places, day), chunks)

    def _describe_chunk(self, asked: Ints, places: Ints, day: int) -> _Described:
        rows = describe(self.evidence, asked[places], day)
        if self._choosing is None:
            return _Described(places, rows, np.arange(len(rows.candidates)), rows.ends)
        scores = rows.terms @ self._choosing
        scores[rows.candidates == ELSEWHERE] = np.inf
        kept = []
        for start, end in zip(np.append(0, rows.ends), rows.ends, strict=False):
            best = np.arange(start, end)
            if end - start > KEPT + 1:
                best = start + np.sort(np.argpartition(-scores[start:end], KEPT)[: KEPT + 1])
            kept.append(best)
        return _Described(places, rows, np.concatenate(kept), np.cumsum([len(k) for k in kept]))

    def _make_batches(self, both: Ints) -> Iterator[Batch]:
        """Yield the queries of a day, its events known, as examples to learn from."""
        asked, query = np.unique(both[:, :2], axis=0, return_inverse=True)
        query = query.ravel()
        n = self.evidence.n_entities
        codes, times = np.unique(query * n + both[:, 2], return_counts=True)
        for chunk in self._describe_day(asked, int(both[0, 3])):
            candidates = chunk.rows.candidates[chunk.kept]
            lengths = np.diff(chunk.ends, prepend=0)
            own = np.repeat(chunk.places, lengths) * n + candidates
            at = np.searchsorted(codes, own).clip(max=len(codes) - 1)
            hits = np.where((codes[at] == own) & (candidates >= 0), times[at], 0)
            hits = hits.astype(np.float32)
            answers = np.bincount(query, minlength=len(asked))[chunk.places]
            starts = chunk.ends - lengths
            hits[chunk.ends - 1] = answers - np.add.reduceat(hits, starts)
            yield Batch(
                asked[chunk.places, 1],
                chunk.ends,
                chunk.rows.terms[chunk.kept].astype(np.float16),
                hits,
            )

    def _rank_others(self) -> Floats:
        """Return the share of each entity in what happens elsewhere: how active it was lately."""
        weight = 0.01 + self.evidence.activity()
        shares: Floats = np.log(weight / weight.sum()).astype(np.float32)
        return shares

    def _spread(self, out: Floats, chunk: _Described, scores: Floats, others: Floats) -> None:
        """Write the log-probabilities of a chunk's queries over all entities."""
        candidates = chunk.rows.candidates[chunk.kept]
        start = 0
        for place, end in zip(chunk.places, chunk.ends, strict=True):
            mine = scores[start:end]
            log = mine - (top := mine.max()) - np.log(np.exp(mine - top).sum())
            listed = candidates[start : end - 1]
            left = 1 - float(np.exp(others[listed]).sum())
            if left > 1e-6:
                out[place] = others + (log[-1] - np.log(left))
            else:  # nobody is elsewhere
                log -= np.log1p(-np.exp(log[-1]))
            out[place, listed] = log[:-1]
            start = end


def _as_batch(asked: Ints, chunk: _Described) -> Batch:
    """Return a described chunk without answers, as the second stage reads it."""
    terms = chunk.rows.terms[chunk.kept]
    return Batch(asked[chunk.places, 1], chunk.ends, terms, np.zeros(len(terms), np.float32))

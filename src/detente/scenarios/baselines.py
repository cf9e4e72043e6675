"""Plain forecasters of completions, with the contract of `forecast.Model`.

In: the events of the days before. Out: scores of all entities for each query. What a forecaster
must beat: the most frequent targets of the relation, and what this source did before (the
recurrency baseline of Gastinger et al., IJCAI 2024).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detente.scenarios.counts import Counts, Floats, Ints
from detente.scenarios.evidence import split_days, with_inverses


class Popularity:
    """The targets of a relation by how often it had them, whoever the source."""

    def fit(self, events: Ints, n_entities: int, n_relations: int) -> None:
        """Count the history."""
        self._n_entities, self._n_relations = n_entities, n_relations
        self._counts = Counts(n_entities, (math.inf,))
        self.update(events)

    def predict(self, queries: Ints, t: int) -> Floats:
        """Return the logarithm of each target's share in the relation, one added to all."""
        del t
        return _log_shares(_look_up(self._counts, queries[:, 1], self._n_entities, 0) + 1)

    def update(self, events: Ints) -> None:
        """Count the events of a day."""
        for today in split_days(events):
            both = with_inverses(today, self._n_relations)
            self._counts.add(both[:, 1].copy(), both[:, 2].copy(), int(today[0, 3]))


class Recurrency:
    """What the source did before in this relation: recent counts, then all, then popularity."""

    def __init__(self, half_life: float = 15.0) -> None:
        """Make a model that knows nothing yet.

        Args:
            half_life: days after which an event weighs half.
        """
        self._half_life = half_life

    def fit(self, events: Ints, n_entities: int, n_relations: int) -> None:
        """Count the history."""
        self._n_entities, self._n_relations = n_entities, n_relations
        self._popular = Popularity()
        self._popular.fit(events[:0], n_entities, n_relations)
        self._counts = Counts(n_entities, (self._half_life, math.inf))
        self.update(events)

    def predict(self, queries: Ints, t: int) -> Floats:
        """Return the logarithm of each target's share; unseen ones share in one event."""
        self._counts.advance(t)
        keys = queries[:, 0] * 2 * self._n_relations + queries[:, 1]
        recent = _look_up(self._counts, keys, self._n_entities, 0)
        ever = _look_up(self._counts, keys, self._n_entities, 1)
        popular: Floats = np.exp(self._popular.predict(queries, t))
        return _log_shares(recent + 0.1 * ever + 0.1 * popular)

    def update(self, events: Ints) -> None:
        """Count the events of a day."""
        self._popular.update(events)
        for today in split_days(events):
            both = with_inverses(today, self._n_relations)
            keys = both[:, 0] * 2 * self._n_relations + both[:, 1]
            self._counts.add(keys, both[:, 2].copy(), int(today[0, 3]))


def _look_up(counts: Counts, keys: Ints, n_items: int, column: int) -> Floats:
    """Return the counts (keys, items) of one half-life."""
    asked, inverse = np.unique(keys, return_inverse=True)
    place = np.searchsorted(asked, counts.keys).clip(max=len(asked) - 1)
    known = asked[place] == counts.keys
    table = np.zeros((len(asked), n_items), np.float32)
    table[place[known], counts.items[known]] = counts.weights[known, column]
    found: Floats = table[inverse]
    return found


def _log_shares(weights: Any) -> Floats:
    shares: Floats = np.log(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares

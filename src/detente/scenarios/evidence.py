"""What is known of the past when a day is forecast: all decayed counts, kept up day by day.

In: the events of one day after another. Out: tables of who did what to whom, and of the same
summed to countries. Every event is counted in both directions: the inverse of relation r is
r + n_relations, as is usual for this kind of benchmark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.counts import Counts, Floats, Ints, Table
from detente.scenarios.rules import Rules, learn_rules, make_rules
from detente.scenarios.similarity import embed_entities

HALF_LIVES = (1.0, 3.0, 7.0, 15.0, 30.0, 90.0, math.inf)
"""Half-lives in days of a triple's count."""

EMBED_EVERY = 10
"""Days after which the vectors of the entities are made anew."""

_SHORT = (3.0, 30.0, math.inf)


class Tables(NamedTuple):
    """The tables as compiled code takes them; `home` is each entity's country, 0 where unknown."""

    home: Ints
    pairs: Table
    triples: Table
    asked: Table
    by_relation: Table
    popular: Table
    active: Table
    home_query_target: Table
    home_query_home: Table
    query_home: Table
    home_home: Table
    source_home: Table
    home_target: Table


def with_inverses(events: Ints, n_relations: int) -> Ints:
    """Return events (s, r, o, day) followed by their inverses (o, r + n_relations, s, day)."""
    inverse = events[:, [2, 1, 0, 3]]
    inverse[:, 1] += n_relations
    return np.concatenate([events, inverse])


def split_days(events: Ints) -> Iterator[Ints]:
    """Yield the events of each day, in order of time."""
    events = events[np.argsort(events[:, 3], kind="stable")]
    yield from np.split(events, np.flatnonzero(np.diff(events[:, 3])) + 1) if len(events) else ()


class Evidence:
    """The state of the counts before a day."""

    def __init__(self, n_entities: int, n_relations: int, homes: Ints, offices: Ints) -> None:
        """Start with no evidence.

        Args:
            n_entities: entities are numbers below this.
            n_relations: relations are numbers below this, before inverses are added.
            homes: the country of each entity as a number, 0 where unknown.
            offices: the office or kind of each entity ("Police") as a number, 0 where unknown.
        """
        self.n_entities, self.n_relations = n_entities, n_relations
        self.homes, self.offices = homes.copy(), offices
        self._told = homes
        n, queries, n_homes = n_entities, 2 * n_relations, int(homes.max(initial=0)) + 1
        self.n_homes = n_homes
        self._neighbours = np.zeros((n, n_homes), np.int32)
        self.pairs = Counts(n, (7.0,), n_keys=n, listed=True)
        self.triples = Counts(queries, HALF_LIVES, listed=True)
        self.asked = Counts(n, (120.0,), n_keys=n * queries, listed=True)
        self.by_relation = Counts(n * n, (30.0, 120.0), n_keys=queries, listed=True)
        self.popular = Counts(n, (60.0, 1.0, 3.0, 15.0, math.inf), n_keys=queries, listed=True)
        self.active = Counts(n, (1.0, 5.0, 20.0, math.inf))
        self.home_query_target = Counts(n, _SHORT, n_keys=n_homes * queries, listed=True)
        self.home_query_home = Counts(n_homes, _SHORT)
        self.query_home = Counts(n_homes, _SHORT)
        self.home_home = Counts(n_homes, _SHORT)
        self.source_home = Counts(n_homes, _SHORT)
        self.home_target = Counts(n, _SHORT)
        self.rules: Rules = make_rules(queries)
        self.vectors: Floats = np.zeros((n, 1), np.float32)
        self._embedded: int | None = None

    def advance(self, day: int) -> None:
        """Let all counts decay to a day, which is then forecast."""
        for counts in self._counts():
            counts.advance(day)

    def embed(self, day: int) -> None:
        """Make the entities' vectors anew where they are older than `EMBED_EVERY` days."""
        if self._embedded is not None and day - self._embedded < EMBED_EVERY:
            return
        n = self.n_entities
        table = self.by_relation
        triples = (table.items // n, table.keys, table.items % n)
        groups = (self.homes, self.offices)
        self.vectors = embed_entities(triples, table.weights[:, 1], groups, n)
        self._embedded = day

    def add(self, events: Ints) -> None:
        """Learn from the events (s, r, o, day) of one day, after it was forecast."""
        day = int(events[0, 3])
        both = with_inverses(events, self.n_relations)
        self.advance(day)
        learn_rules(self.rules, self.pairs.table, self.triples.table, both, self.n_entities)
        sources, relations, targets = (np.ascontiguousarray(both[:, i]) for i in range(3))
        n, queries = self.n_entities, 2 * self.n_relations
        pairs = self.pairs.add(sources, targets, day)
        self.triples.add(pairs, relations, day)
        self.asked.add(sources * queries + relations, targets, day)
        self.by_relation.add(relations, sources * n + targets, day)
        self.popular.add(relations, targets, day)
        self.active.add(np.zeros_like(targets), targets, day)
        home, abroad = self.homes[sources], self.homes[targets]
        self.home_query_target.add(home * queries + relations, targets, day)
        self.home_query_home.add(home * queries + relations, abroad, day)
        self.query_home.add(sources * queries + relations, abroad, day)
        self.home_home.add(home, abroad, day)
        self.source_home.add(sources, abroad, day)
        self.home_target.add(home, targets, day)
        self._guess_homes(sources, targets)

    def tables(self) -> Tables:
        """Return the tables as they are now, for compiled code."""
        return Tables(self.homes, *(counts.table for counts in self._counts()))

    def activity(self) -> NDArray[np.float64]:
        """Return how often each entity took part, decayed with a half-life of 20 days."""
        active = self.active
        counts = np.bincount(active.items, active.weights[:, 2], minlength=self.n_entities)
        return counts.astype(np.float64)

    def _counts(self) -> tuple[Counts, ...]:
        """Return all counts, in the order of `Tables`."""
        return tuple(getattr(self, name) for name in Tables._fields[1:])

    def _guess_homes(self, sources: Ints, targets: Ints) -> None:
        """Give entities of unknown country the one that they most often deal with."""
        abroad = self._told[targets]
        known = abroad > 0
        np.add.at(self._neighbours, (sources[known], abroad[known]), 1)
        unknown = np.unique(sources[(self._told[sources] == 0) & known])
        self.homes[unknown] = self._neighbours[unknown].argmax(axis=1)

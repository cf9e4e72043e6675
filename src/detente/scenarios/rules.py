"""Cross-relation rules: how often a pair that did q some days ago does r when r is asked for.

In: the events of one day after another. Out: for (r, q, age, count) the share of pairs with that
evidence that completed a query of r; thin cells lean on their parents: the same r, q and age at
any count, which in turn lean on q at that age and count under any r. After the rules of TLogic
(Liu et al. 2022) and CountTRuCoLa (Gastinger et al. 2025), counted instead of mined.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.scenarios.counts import Floats, Ints, Table

AGES = (1, 2, 3, 4, 6, 8, 11, 15, 22, 31, 61, 121)
"""First day of each bucket of age."""

COUNTS = (1, 2, 5)
"""First number of each bucket of how often q was seen."""

PRIOR = 20.0
"""Weight of a parent's share, in cases; tried with 10 and 20 alike."""

CELL_PRIOR = 10.0
"""Weight of the parent of a single cell, in cases."""


class Rules(NamedTuple):
    """Cases and hits of each rule and of its parents.

    Axes: asked relation, evidence relation, age, count (the last three for the parents).
    """

    hits: Floats
    cases: Floats
    parent_hits: NDArray[np.float64]
    parent_cases: NDArray[np.float64]


def make_rules(n_relations: int) -> Rules:
    """Return empty tables for relations of both directions."""
    shape = (n_relations, n_relations, len(AGES), len(COUNTS))
    return Rules(
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
        np.zeros(shape[1:]),
        np.zeros(shape[1:]),
    )


@njit(cache=True, nogil=True)
def age_bucket(age: int) -> int:
    """Return the bucket of an age in days, 1 or more."""
    bucket = 0
    while bucket + 1 < len(AGES) and age >= AGES[bucket + 1]:
        bucket += 1
    return bucket


@njit(cache=True, nogil=True)
def count_bucket(count: float) -> int:
    """Return the bucket of a number of events."""
    return 0 if count < COUNTS[1] else (1 if count < COUNTS[2] else 2)


@njit(cache=True, nogil=True)
def confidence(rules: Any, asked: int, seen: int, age: int, count: int) -> float:
    """Return the share of a rule, shrunk to its parents; ages and counts are buckets."""
    parent = (rules.parent_hits[seen, age, count] + 0.2) / (
        rules.parent_cases[seen, age, count] + PRIOR
    )
    hits, cases = rules.hits[asked, seen, age], rules.cases[asked, seen, age]
    middle = (hits.sum() + PRIOR * parent) / (cases.sum() + PRIOR)
    share = (hits[count] + CELL_PRIOR * middle) / (cases[count] + CELL_PRIOR)
    return float(min(max(share, 1e-6), 0.98))


@njit(cache=True, nogil=True)
def _learn(rules: Any, pairs: Any, triples: Any, queries: Any, ends: Any, answers: Any, day: int,
           marks: Any) -> None:  # fmt: skip
    for i in range(len(queries)):
        source, asked = queries[i, 0], queries[i, 1]
        first = ends[i - 1] if i else 0
        for j in range(first, ends[i]):
            marks[answers[j]] = 1
        pair = pairs.head[source]
        while pair >= 0:
            hit = marks[pairs.items[pair]]
            triple = triples.head[pair]
            while triple >= 0:
                age = age_bucket(day - triples.last[triple])
                count = count_bucket(triples.weights[triple, -1])
                seen = triples.items[triple]
                rules.cases[asked, seen, age, count] += 1
                rules.hits[asked, seen, age, count] += hit
                rules.parent_cases[seen, age, count] += 1
                rules.parent_hits[seen, age, count] += hit
                triple = triples.after[triple]
            pair = pairs.after[pair]
        for j in range(first, ends[i]):
            marks[answers[j]] = 0


def learn_rules(rules: Rules, pairs: Table, triples: Table, events: Ints, n_entities: int) -> None:
    """Count what the evidence so far was worth for the queries that a day's events answer.

    Args:
        rules: tables to add to.
        pairs: source → target, of the days before.
        triples: row of `pairs` → relation, of the days before; the last weight is undecayed.
        events: the day's (s, r, o, day), both directions.
        n_entities: number of entities.
    """
    rows = np.unique(events[:, :3], axis=0)
    new = np.any(np.diff(rows[:, :2], axis=0), axis=1)
    ends = np.append(np.flatnonzero(new) + 1, len(rows))
    queries = rows[ends - 1, :2]
    marks = np.zeros(n_entities, np.float32)
    _learn(rules, pairs, triples, queries, ends, rows[:, 2].copy(), int(events[0, 3]), marks)

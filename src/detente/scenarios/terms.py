"""What speaks for each candidate of a query: the terms of the log-linear mixture.

In: the evidence before a day and that day's queries (s, r). Out: for each query its candidates
and, for each candidate, a row of terms; all are 0 where nothing is known. The last candidate of
each query stands for all that are not listed ("elsewhere").
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from detente.scenarios.counts import Floats, Ints, find
from detente.scenarios.evidence import HALF_LIVES, Evidence
from detente.scenarios.rules import AGES, age_bucket, confidence, count_bucket
from detente.scenarios.similarity import cast_votes, mean_vectors, walk_two

POPULAR = 60
"""Most frequent targets of the relation among the candidates."""

ALIKE = 40
"""Targets with the most votes of similar entities among the candidates."""

CHUNK = 128
"""Queries described at once: bounds the memory."""

ELSEWHERE = -1
"""The candidate that stands for all others."""

_AGES = tuple(f"{age}+ days" for age in AGES)
_LIVES = tuple("all" if life == np.inf else f"{life:g} d" for life in HALF_LIVES)
_SHORT = ("3 d", "30 d", "all")

BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("same interaction", _LIVES),
    ("share of this source's", _LIVES),
    ("last same interaction", _AGES),
    ("pair, same direction", _LIVES),
    ("pair, other direction", _LIVES),
    ("last contact", _AGES),
    ("returned interaction", _LIVES),
    ("last returned", _AGES),
    ("rules", ("any", "best", "second", "kinds")),
    ("target of this relation", ("60 d", "1 d", "3 d", "15 d", "all")),
    ("target active", ("1 d", "5 d", "20 d", "all")),
    ("target idle", ("days",)),
    ("source's country and target", _SHORT),
    ("countries in this relation", _SHORT),
    ("source and target's country", _SHORT),
    ("countries", _SHORT),
    ("source and country", _SHORT),
    ("country and target", _SHORT),
    ("own country", ("same", "itself")),
    ("similar sources", ("wide", "close", "wide share", "close share")),
    ("likeness", ("source", "usual targets", "usual partners", "usual of relation")),
    ("common partner", ("7 d",)),
    ("elsewhere", ("always", "own history", "partners", "activity")),
)
"""Groups of terms and their members, in the order of the columns."""

TERMS = tuple(f"{group}: {name}" for group, names in BLOCKS for name in names)
"""The name of each column."""


def _start(group: str) -> int:
    return next(i for i, term in enumerate(TERMS) if term.startswith(f"{group}: "))


N_LIVES, N_AGES, N_TERMS = len(HALF_LIVES), len(AGES), len(TERMS)
OWN, SHARE, OWN_AGE = (
    _start("same interaction"), _start("share of this source's"), _start("last same interaction")
)  # fmt: skip
SAME, OTHER, PAIR_AGE = (
    _start("pair, same direction"), _start("pair, other direction"), _start("last contact")
)  # fmt: skip
BACK, BACK_AGE, RULES = _start("returned interaction"), _start("last returned"), _start("rules")
TARGET, LIKE, ELSE = (
    _start("target of this relation"),
    _start("similar sources"),
    _start("elsewhere"),
)
_FAINT = 1e-4
"""Smallest share that a logarithm tells from zero."""


class Rows(NamedTuple):
    """Candidates of queries: those of query i are rows ends[i - 1] to ends[i]."""

    ends: Ints
    candidates: Ints
    terms: Floats


class Nearby(NamedTuple):
    """What similarity says of a chunk of queries, for compiled code."""

    places: Ints
    likeness: Floats
    walks: Floats
    votes: Floats
    totals: Floats
    usual: tuple[Floats, Floats, Floats]
    vectors: Floats
    listed: Ints


@njit(cache=True, nogil=True, fastmath=True)
def _log(count: float) -> float:
    """Return the logarithm of a count that starts at 0 and rises early."""
    return np.log(1 + 20 * count) if count > 0 else 0.0


@njit(cache=True, nogil=True, fastmath=True)
def _faint(share: float) -> float:
    """Return the logarithm of a share above the smallest that counts."""
    return np.log(1 + share / _FAINT) if share > 0 else 0.0


@njit(cache=True, nogil=True, fastmath=True)
def _describe_pair(
    x: Any, tables: Any, rules: Any, pair: int, asked: int, n: int, day: int
) -> None:
    """Write the terms of what a pair did before; counts are made logarithms later."""
    back = asked + n if asked < n else asked - n
    triples = tables.triples
    none, best, second, kinds = 1.0, 0.0, 0.0, 0
    row = triples.head[pair]
    while row >= 0:
        seen, age = triples.items[row], age_bucket(day - triples.last[row])
        share = confidence(rules, asked, seen, age, count_bucket(triples.weights[row, -1]))
        none *= 1 - share
        if share > best:
            best, second = share, best
        elif share > second:
            second = share
        kinds += 1
        side = SAME if (seen < n) == (asked < n) else OTHER
        for life in range(N_LIVES):
            x[side + life] += triples.weights[row, life]
        if seen in (asked, back):
            start, ages = (OWN, OWN_AGE) if seen == asked else (BACK, BACK_AGE)
            for life in range(N_LIVES):
                x[start + life] = triples.weights[row, life]
            x[ages + age] = 1
        row = triples.after[row]
    x[PAIR_AGE + age_bucket(day - tables.pairs.last[pair])] = 1
    x[RULES], x[RULES + 1], x[RULES + 2] = _faint(1 - none), _faint(best), _faint(second)
    x[RULES + 3] = np.log(1.0 + kinds)


@njit(cache=True, nogil=True, fastmath=True)
def _write(x: Any, at: int, table: Any, key: int, item: int) -> int:
    """Write the counts of a pair of numbers as logarithms; return the column behind them."""
    row = find(table, key, item)
    width = table.weights.shape[1]
    if row >= 0:
        for life in range(width):
            x[at + life] = _log(table.weights[row, life])
    return at + int(width)


@njit(cache=True, nogil=True, fastmath=True)
def _describe_target(x: Any, tables: Any, s: int, r: int, o: int, n: int, day: int) -> None:
    """Write the terms of the target alone and of the countries of both."""
    query, home, abroad = s * 2 * n + r, tables.home[s], tables.home[o]
    home_query = home * 2 * n + r
    at = _write(x, TARGET, tables.popular, r, o)
    at = _write(x, at, tables.active, 0, o)
    seen = find(tables.active, 0, o)
    x[at] = np.log(1.0 + day - tables.active.last[seen]) if seen >= 0 else 6.0
    at = _write(x, at + 1, tables.home_query_target, home_query, o)
    at = _write(x, at, tables.home_query_home, home_query, abroad)
    at = _write(x, at, tables.query_home, query, abroad)
    at = _write(x, at, tables.home_home, home, abroad)
    at = _write(x, at, tables.source_home, s, abroad)
    at = _write(x, at, tables.home_target, home, o)
    x[at] = 1 if home == abroad and home > 0 else 0
    x[at + 1] = 1 if s == o else 0


@njit(cache=True, nogil=True, fastmath=True)
def _describe_likeness(x: Any, nearby: Any, i: int, o: int) -> None:
    """Write the terms of similar entities and common partners."""
    for kind in range(2):
        vote = nearby.votes[i, kind, o]
        x[LIKE + kind] = _log(5 * vote)
        x[LIKE + 2 + kind] = _faint(vote / (nearby.totals[i, kind] + 1e-3))
    x[LIKE + 4] = nearby.likeness[nearby.places[i], o]
    for kind in range(3):
        dot = np.float32(0)
        for k in range(nearby.vectors.shape[1]):
            dot += nearby.usual[kind][i, k] * nearby.vectors[o, k]
        x[LIKE + 5 + kind] = dot
    x[LIKE + 8] = _log(5 * nearby.walks[nearby.places[i], o])


@njit(cache=True, nogil=True, fastmath=True)
def _take_logs(terms: Any, first: int, last: int) -> None:
    """Turn the counts of a query's candidates into shares of the source's and logarithms."""
    for life in range(N_LIVES):
        total = np.float32(0.5)
        for j in range(first, last):
            total += terms[j, OWN + life]
        for j in range(first, last):
            terms[j, SHARE + life] = terms[j, OWN + life] / total
            for start in (OWN, SAME, OTHER, BACK):
                terms[j, start + life] = _log(terms[j, start + life])


@njit(cache=True, nogil=True, fastmath=True)
def _list_candidates(tables: Any, query: Any, n: int, listed: Any, places: Any, out: Any) -> int:
    """Write the candidates of a query after its earlier partners; return their number."""
    count = 0
    home = tables.home[query[0]]
    row = tables.home_query_target.head[home * 2 * n + query[1]] if home > 0 else -1
    while row >= 0:
        target = tables.home_query_target.items[row]
        if not places[target]:
            places[target] = True
            out[count] = target
            count += 1
        row = tables.home_query_target.after[row]
    for target in listed:
        if not places[target]:
            places[target] = True
            out[count] = target
            count += 1
    return count


@njit(cache=True, nogil=True, fastmath=True)
def _describe(queries: Any, tables: Any, rules: Any, nearby: Any, n: int, day: int,
              ends: Any, candidates: Any, terms: Any) -> int:  # fmt: skip
    """Write candidates and terms of a chunk of queries; return the number of rows."""
    places = np.zeros(len(tables.home), np.bool_)
    row = 0
    for i in range(len(queries)):
        s, r = queries[i]
        first = row
        pair = tables.pairs.head[s]
        while pair >= 0:
            candidates[row] = tables.pairs.items[pair]
            places[candidates[row]] = True
            _describe_pair(terms[row], tables, rules, pair, r, n, day)
            row += 1
            pair = tables.pairs.after[pair]
        history = np.float32(0)
        for j in range(first, row):
            history += terms[j, OWN + N_LIVES - 1]
        partners = row - first
        _take_logs(terms, first, row)
        row += _list_candidates(tables, queries[i], n, nearby.listed[i], places, candidates[row:])
        for j in range(first, row):
            o = candidates[j]
            places[o] = False
            _describe_target(terms[j], tables, s, r, o, n, day)
            _describe_likeness(terms[j], nearby, i, o)
        candidates[row] = ELSEWHERE
        terms[row, ELSE] = 1
        terms[row, ELSE + 1] = np.log(1 + history)
        terms[row, ELSE + 2] = np.log(1.0 + partners)
        seen = find(tables.active, 0, s)
        if seen >= 0:
            terms[row, ELSE + 3] = _log(tables.active.weights[seen, 2])
        row += 1
        ends[i] = row
    return row


def describe(evidence: Evidence, queries: Ints, day: int) -> Rows:
    """Return the candidates of a chunk of queries (s, r) and their terms.

    Candidates: whom s dealt with before, whom s's country met in this relation, the most frequent
    targets of the relation, and those whom entities like s met in it.
    """
    nearby = _look_nearby(evidence, queries)
    tables = evidence.tables()
    homes = evidence.homes[queries[:, 0]] * 2 * evidence.n_relations + queries[:, 1]
    known = evidence.homes[queries[:, 0]] > 0
    degrees = np.bincount(evidence.pairs.keys, minlength=evidence.n_entities)
    targets = np.bincount(evidence.home_query_target.keys, minlength=int(homes.max()) + 1)
    width = nearby.listed.shape[1] + 1
    size = int(degrees[queries[:, 0]].sum() + targets[homes[known]].sum() + width * len(queries))
    rows = Rows(
        np.zeros(len(queries), np.int64),
        np.empty(size, np.int64),
        np.zeros((size, N_TERMS), np.float32),
    )
    n = _describe(queries, tables, evidence.rules, nearby, evidence.n_relations, day, *rows)
    return Rows(rows.ends, rows.candidates[:n], rows.terms[:n])


def _look_nearby(evidence: Evidence, queries: Ints) -> Nearby:
    tables, vectors, n = evidence.tables(), evidence.vectors, evidence.n_entities
    sources, places = np.unique(queries[:, 0], return_inverse=True)
    likeness = vectors[sources] @ vectors.T
    votes = cast_votes(queries, likeness, places, tables.by_relation, n)
    asked = queries[:, 0] * 2 * evidence.n_relations + queries[:, 1]
    activity = evidence.activity().astype(np.float32)
    listed = [
        _largest(votes[:, 1] + np.float32(1e-9) * activity, ALIKE),
        _popular_targets(evidence, queries[:, 1], activity),
    ]
    return Nearby(
        places,
        likeness,
        walk_two(sources, tables.pairs, activity, n),
        votes,
        votes.sum(axis=2),
        (
            mean_vectors(asked, tables.asked, vectors),
            mean_vectors(queries[:, 0].copy(), tables.pairs, vectors),
            mean_vectors(queries[:, 1].copy(), tables.popular, vectors),
        ),
        vectors,
        np.concatenate(listed, axis=1),
    )


def _popular_targets(evidence: Evidence, relations: Ints, activity: Floats) -> Ints:
    """Return the most frequent targets of each relation, of the most active where it has few."""
    asked, inverse = np.unique(relations, return_inverse=True)
    place = np.full(2 * evidence.n_relations, -1)
    place[asked] = np.arange(len(asked))
    popular = evidence.popular
    rows = place[popular.keys]
    known = rows >= 0
    counts = np.tile(np.float32(1e-6) * activity, (len(asked), 1))
    weights = popular.weights[known, 3] + 0.1 * popular.weights[known, 4]
    counts[rows[known], popular.items[known]] += weights
    return _largest(counts, POPULAR)[inverse]


def _largest(values: Floats, n: int) -> Ints:
    """Return the places of the n largest values of each row, in any order."""
    if n >= values.shape[1]:
        return np.tile(np.arange(values.shape[1]), (len(values), 1))
    places: Ints = np.argpartition(-values, n, axis=1)[:, :n]
    return places

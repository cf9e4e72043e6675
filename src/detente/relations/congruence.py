"""Discourse networks: which actors take the same sides, and which propositions go together.

In: positions. Out: the actor-concept table, the congruence and conflict networks of actors and of
propositions, and agreement over time, with the formulas of the Discourse Network Analyzer (Leifeld
2017). What is agreed or disputed always names the claims behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.relations.periods import check_period, days_of, label_of
from detente.relations.positions import Position
from detente.schema import Record

Matrix = NDArray[np.float64]
Norm = Literal["none", "average", "jaccard", "cosine"]
NORMS: tuple[Norm, ...] = ("none", "average", "jaccard", "cosine")

SIDES = ("agree", "disagree")
"""The two sides of a position that count in a network; neutral ones are shown, not counted."""


@dataclass(slots=True, frozen=True)
class Counts:
    """How often each actor takes each side on each concept: the array A[i, j, k] of DNA.

    Attributes:
        actors: ids, the rows.
        concepts: ids of the propositions, the columns.
        sides: (actors, concepts, 2), agreeing and disagreeing.
    """

    actors: tuple[str, ...]
    concepts: tuple[str, ...]
    sides: Matrix

    @property
    def flat(self) -> Matrix:
        """Return the counts with one column a concept and side."""
        n_actors, n_concepts, n_sides = self.sides.shape
        return self.sides.reshape(n_actors, n_concepts * n_sides)

    @property
    def transposed(self) -> Counts:
        """Return the counts with concepts as rows, for networks of concepts."""
        return Counts(self.concepts, self.actors, self.sides.transpose(1, 0, 2))


class ActorConcept(Record, frozen=True, kw_only=True):
    """A cell of the actor-concept table.

    Attributes:
        actor: id of the actor.
        name: its name.
        proposition: id of the proposition.
        agree: claims for it.
        disagree: claims against it.
        neutral: claims that take no side.
        balance: `agree` - `disagree`.
        claims: ids of all these claims.
    """

    actor: str
    name: str
    proposition: str
    agree: int
    disagree: int
    neutral: int
    balance: int
    claims: tuple[str, ...]


class Agreement(Record, frozen=True, kw_only=True):
    """How far two actors, or two propositions, go together.

    Attributes:
        a: id of the one, first in the alphabet.
        b: id of the other.
        period: `all`, or the label of a period.
        congruence: number of pairs of equal sides on equal concepts.
        conflict: number of pairs of opposite sides on equal concepts.
        score: (congruence - conflict), normalised.
        agreed: propositions (of propositions: actors) on which they take equal sides.
        disputed: those on which they take opposite sides.
        claims: ids of the claims that it rests on.
    """

    a: str
    b: str
    period: str
    congruence: int
    conflict: int
    score: float
    agreed: tuple[str, ...]
    disputed: tuple[str, ...]
    claims: tuple[str, ...]


def distinct_positions(positions: Iterable[Position]) -> list[Position]:
    """Return positions without repeats: one a document, actor, proposition and side.

    It is DNA's "ignore duplicates per document": an article that quotes somebody twice to the same
    effect counts once. The first is kept.
    """
    first: dict[tuple[str | None, ...], Position] = {}
    for one in positions:
        first.setdefault((one.document, one.actor, one.proposition, one.stance), one)
    return list(first.values())


def count_positions(positions: Iterable[Position]) -> Counts:
    """Return how often each known actor takes each side on each proposition."""
    held = [one for one in positions if one.actor is not None and one.stance in SIDES]
    actors = sorted({str(one.actor) for one in held})
    concepts = sorted({one.proposition for one in held})
    rows = {name: k for k, name in enumerate(actors)}
    columns = {name: k for k, name in enumerate(concepts)}
    sides = np.zeros((len(actors), len(concepts), len(SIDES)))
    for one in held:
        sides[rows[str(one.actor)], columns[one.proposition], SIDES.index(one.stance)] += 1
    return Counts(tuple(actors), tuple(concepts), sides)


def congruence(counts: Counts, normalise: Norm = "none") -> Matrix:
    """Return the pairs of equal sides on equal concepts, for each two rows; the diagonal is 0."""
    return _normalised(counts.flat @ counts.flat.T, counts, normalise)


def conflict(counts: Counts, normalise: Norm = "none") -> Matrix:
    """Return the pairs of opposite sides on equal concepts, for each two rows."""
    agree, disagree = counts.sides[:, :, 0], counts.sides[:, :, 1]
    return _normalised(agree @ disagree.T + disagree @ agree.T, counts, normalise)


def _normalised(pairs: Matrix, counts: Counts, normalise: Norm) -> Matrix:
    """Return a network with its weights normalised as DNA does, 0 where there is nothing.

    With n_i the positions of row i: "average" divides by (n_i + n_j) / 2, "cosine" by n_i n_j (so
    in DNA's code; it is no true cosine), "jaccard" by the pairs of equal sides and the positions
    that only one of the two takes.
    """
    total = counts.sides.sum(axis=(1, 2))
    flat = counts.flat
    taken = (flat > 0).astype(np.float64)
    alone = flat @ (1 - taken).T
    by: dict[Norm, Matrix] = {
        "none": np.ones_like(pairs),
        "average": (total[:, None] + total[None, :]) / 2,
        "cosine": total[:, None] * total[None, :],
        "jaccard": alone + alone.T + flat @ flat.T,
    }
    weights: Matrix = np.divide(pairs, by[normalise], out=np.zeros_like(pairs), where=pairs != 0)
    np.fill_diagonal(weights, 0)
    return weights


def actor_concepts(positions: Iterable[Position]) -> list[ActorConcept]:
    """Return the cells of the actor-concept table that hold anything, by actor and proposition."""
    cells: dict[tuple[str, str], list[Position]] = defaultdict(list)
    for one in positions:
        if one.actor is not None:
            cells[one.actor, one.proposition].append(one)
    return [_cell(*key, cells[key]) for key in sorted(cells)]


def _cell(actor: str, proposition: str, held: Sequence[Position]) -> ActorConcept:
    agree, disagree, neutral = (
        sum(one.stance == side for one in held) for side in (*SIDES, "neutral")
    )
    return ActorConcept(
        actor=actor,
        name=held[0].name,
        proposition=proposition,
        agree=agree,
        disagree=disagree,
        neutral=neutral,
        balance=agree - disagree,
        claims=tuple(dict.fromkeys(one.claim for one in held)),
    )


def agreements(
    positions: Iterable[Position],
    *,
    period: str = "all",
    normalise: Norm = "average",
    of: Literal["actors", "propositions"] = "actors",
) -> list[Agreement]:
    """Return how far each two actors (or propositions) that share any go together, sorted.

    Args:
        positions: who takes which side; pass them through `distinct_positions` to count an
            article's repeats once.
        period: `all`, or a width as `month`; a position whose date is unknown or wider than the
            period is in none.
        normalise: how `score` is normalised, as DNA does.
        of: what is compared.

    Raises:
        InputError: `period` is no width.
    """
    check_period(period)
    parts: dict[str, list[Position]] = defaultdict(list)
    for one in positions:
        if label := _label(one, period):
            parts[label].append(one)
    return [
        found
        for label in sorted(parts)
        for found in _agreements(parts[label], label, normalise, of)
    ]


def _label(one: Position, period: str) -> str | None:
    if period == "all":
        return "all"
    days = days_of(one.date)
    return label_of(days, period) if days else None


def _agreements(
    positions: Sequence[Position], period: str, normalise: Norm, of: str
) -> list[Agreement]:
    counts = count_positions(positions)
    if of == "propositions":
        counts = counts.transposed
    claims: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in positions:
        if one.actor is not None and one.stance in SIDES:
            key = (one.actor, one.proposition)
            claims[key if of == "actors" else key[::-1]].append(one.claim)
    same, opposed = congruence(counts), conflict(counts)
    scores = congruence(counts, normalise) - conflict(counts, normalise)
    found = []
    for i, j in combinations(range(len(counts.actors)), 2):
        if not same[i, j] and not opposed[i, j]:
            continue
        a, b = counts.actors[i], counts.actors[j]
        agreed, disputed = _shared(counts, i, j)
        behind = [c for k in sorted({*agreed, *disputed}) for at in (a, b) for c in claims[at, k]]
        found.append(
            Agreement(
                a=a,
                b=b,
                period=period,
                congruence=int(same[i, j]),
                conflict=int(opposed[i, j]),
                score=round(float(scores[i, j]), 6),
                agreed=agreed,
                disputed=disputed,
                claims=tuple(dict.fromkeys(behind)),
            )
        )
    return found


def _shared(counts: Counts, i: int, j: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the concepts on which two rows take equal sides, and those with opposite ones."""
    one, other = counts.sides[i] > 0, counts.sides[j] > 0
    equal, opposite = (one & other).any(axis=1), (one & other[:, ::-1]).any(axis=1)
    names = counts.concepts
    agreed = tuple(name for name, is_equal in zip(names, equal, strict=True) if is_equal)
    return agreed, tuple(name for name, differs in zip(names, opposite, strict=True) if differs)

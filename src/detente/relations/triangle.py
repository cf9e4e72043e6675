"""The strategic triangle: which of Dittmer's patterns three actors form, and how surely.

In: the ties of three actors. Out: a `TrianglePattern` a period, with the role of each actor, the
probability of each pattern, and the ties that it rests on; and the `TurningPoint`s between them.

Dittmer (1981) names the ménage à trois (three good ties), the romantic triangle (a pivot with two
good ties, its suitors at odds) and the stable marriage (two partners against an outsider); the
unit veto (three bad ties) completes the signs, as he did later.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Literal

from detente.errors import InputError
from detente.relations.periods import last_day
from detente.relations.ties import deviation_of, untied
from detente.schema import Record, Tie

PatternName = Literal[
    "ménage à trois", "romantic triangle", "stable marriage", "unit veto", "undetermined"
]

BY_GOOD_TIES: tuple[PatternName, ...] = (
    "unit veto",
    "stable marriage",
    "romantic triangle",
    "ménage à trois",
)
"""Pattern by the number of good ties among the three."""

LASTING = 2
"""Periods in a row that make a pattern last; one alone may be chance."""

Actors = tuple[str, str, str]
Signs = tuple[bool, bool, bool]


class TrianglePattern(Record, frozen=True, kw_only=True):
    """The pattern of three actors in one period.

    Attributes:
        actors: the three.
        period: as of a tie.
        pattern: `undetermined` where a side has no sign.
        pivot: who has two good ties, of a romantic triangle.
        outsider: who has none, of a stable marriage.
        roles: role of each actor: `friend`, `pivot` and `suitor`, `partner` and `outsider`, or
            `rival`; empty where undetermined.
        probabilities: of the four patterns, summing to 1; empty where a side has no evidence.
        ties: those of the first and second, first and third, second and third actor.
    """

    actors: Actors
    period: str
    pattern: PatternName
    pivot: str | None = None
    outsider: str | None = None
    roles: dict[str, str]
    probabilities: dict[str, float]
    ties: tuple[Tie, Tie, Tie]


class TurningPoint(Record, frozen=True, kw_only=True):
    """A change from one lasting pattern to another.

    Attributes:
        period: the first period of the new pattern.
        before: the first triangle of the old pattern.
        after: the first triangle of the new one.
    """

    period: str
    before: TrianglePattern
    after: TrianglePattern


def classify_triangle(
    ties: Iterable[Tie], actors: Sequence[str], *, period: str, context: str = "all"
) -> TrianglePattern:
    """Return the pattern of three actors in one period.

    A side without a tie, or whose sign is undetermined, leaves the pattern undetermined.

    Raises:
        InputError: not three different actors.
    """
    trio = _check_actors(actors)
    known = {
        frozenset((tie.a, tie.b)): tie
        for tie in ties
        if tie.period == period and tie.context == context
    }
    sides = [
        known.get(frozenset(pair)) or untied(*pair, period, context=context)
        for pair in combinations(trio, 2)
    ]
    first, second, third = sides
    signs = [tie.sign for tie in sides]
    pattern: PatternName = "undetermined"
    roles: dict[str, str] = {}
    if "undetermined" not in signs:
        good = (signs[0] == "+", signs[1] == "+", signs[2] == "+")
        pattern, roles = BY_GOOD_TIES[sum(good)], _roles(trio, good)
    return TrianglePattern(
        actors=trio,
        period=period,
        pattern=pattern,
        pivot=_holder(roles, "pivot"),
        outsider=_holder(roles, "outsider"),
        roles=roles,
        probabilities=_probabilities(sides),
        ties=(first, second, third),
    )


def classify_periods(
    ties: Sequence[Tie], actors: Sequence[str], *, context: str = "all"
) -> list[TrianglePattern]:
    """Return the pattern of each period in which at least one side has a tie, in time order.

    Raises:
        InputError: not three different actors.
    """
    trio = _check_actors(actors)
    periods = {
        tie.period
        for tie in ties
        if tie.a in trio and tie.b in trio and tie.context == context and tie.period != "all"
    }
    return [
        classify_triangle(ties, trio, period=period, context=context)
        for period in sorted(periods, key=last_day)
    ]


def _check_actors(actors: Sequence[str]) -> Actors:
    if len(actors) != 3 or len(set(actors)) != 3:
        raise InputError(f"a triangle has three different actors, not {', '.join(actors)!r}")
    return (actors[0], actors[1], actors[2])


def _roles(actors: Actors, good: Signs) -> dict[str, str]:
    """Return the role of each actor; its number of good ties tells it."""
    x, y, z = actors
    n_good = {x: good[0] + good[1], y: good[0] + good[2], z: good[1] + good[2]}
    names = {
        3: {2: "friend"},
        2: {2: "pivot", 1: "suitor"},
        1: {1: "partner", 0: "outsider"},
        0: {0: "rival"},
    }[sum(good)]
    return {actor: names[n_good[actor]] for actor in actors}


def _holder(roles: dict[str, str], role: str) -> str | None:
    return next((actor for actor, held in roles.items() if held == role), None)


def _probabilities(sides: Sequence[Tie]) -> dict[str, float]:
    """Return the probability of each pattern, taking the sides as independent and `s` as normal."""
    if any(tie.s is None for tie in sides):
        return {}
    positive = [_probability_positive(tie) for tie in sides]
    found = dict.fromkeys(map(str, reversed(BY_GOOD_TIES)), 0.0)
    for good in product((True, False), repeat=3):
        share = math.prod(p if sign else 1 - p for p, sign in zip(positive, good, strict=True))
        found[BY_GOOD_TIES[sum(good)]] += share
    return found


def _probability_positive(tie: Tie) -> float:
    return 0.5 * (1 + math.erf((tie.s or 0.0) / deviation_of(tie) / math.sqrt(2)))


def turning_points(patterns: Iterable[TrianglePattern]) -> list[TurningPoint]:
    """Return the changes from one lasting pattern to another, from patterns in time order.

    A pattern lasts that is found in `LASTING` determined periods in a row, with the same pivot or
    outsider. Undetermined periods between them neither confirm nor break it: no evidence of a
    side is no evidence of a change.
    """
    found: list[TurningPoint] = []
    standing: TrianglePattern | None = None
    run: list[TrianglePattern] = []
    for pattern in patterns:
        if pattern.pattern == "undetermined":
            continue
        run = [*run, pattern] if run and _alike(run[0], pattern) else [pattern]
        if len(run) < LASTING or (standing and _alike(standing, pattern)):
            continue
        if standing:
            found.append(TurningPoint(period=run[0].period, before=standing, after=run[0]))
        standing = run[0]
    return found


def _alike(one: TrianglePattern, other: TrianglePattern) -> bool:
    return one.roles == other.roles

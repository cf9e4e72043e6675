"""Why a forecast says what it says: the terms that carry it and the past events behind them.

In: a fitted `CompletionModel`, a query and a candidate. Out: what each group of terms adds to the
candidate's log-odds against everything that is not listed ("elsewhere"); the additions sum to the
first stage's log-odds exactly, and the second stage's shift is stated apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.counts import Floats, Ints
from detente.scenarios.terms import BLOCKS, TERMS
from detente.schema import Record

Marks = NDArray[np.bool_]

EVENTS_SHOWN = 5
"""Latest events behind a reason that are listed."""


class PastEvent(Record, frozen=True, kw_only=True):
    """An event of the history: `row` counts the events as they were told to the model."""

    row: int
    source: int
    relation: int
    target: int
    day: int


class Part(Record, frozen=True, kw_only=True):
    """One term: its value, its weight, and their product."""

    term: str
    value: float
    weight: float
    contribution: float


class Reason(Record, frozen=True, kw_only=True):
    """A group of terms: what it adds to the log-odds, and the latest past events behind it."""

    group: str
    contribution: float
    parts: tuple[Part, ...]
    events: tuple[PastEvent, ...]


class Explanation(Record, frozen=True, kw_only=True):
    """Why a candidate has its probability.

    Attributes:
        source: of the query.
        relation: of the query; n_relations and more ask for the source of a target.
        candidate: the entity that would complete it.
        day: of the forecast.
        probability: after both stages.
        first_stage: probability of the first stage alone.
        log_odds: of the first stage, candidate against elsewhere: the sum of the contributions.
        shift: what the second stage adds to these log-odds.
        reasons: the largest contribution first.
    """

    source: int
    relation: int
    candidate: int
    day: int
    probability: float
    first_stage: float
    log_odds: float
    shift: float
    reasons: tuple[Reason, ...]


@dataclass(slots=True, frozen=True)
class Past:
    """All events told so far (s, r, o, day), as a query sees them, and the entities' countries."""

    events: Ints
    homes: Ints
    source: int
    relation: int
    target: int
    inverse: bool

    @property
    def sources(self) -> Ints:
        """Of each event the entity on the side of the query's source."""
        return self.events[:, 2 if self.inverse else 0]

    @property
    def targets(self) -> Ints:
        """Of each event the entity on the side of the candidate."""
        return self.events[:, 0 if self.inverse else 2]

    @property
    def same(self) -> Marks:
        """Whether each event is of the query's relation."""
        found: Marks = self.events[:, 1] == self.relation
        return found


def explain_terms(terms: Floats, elsewhere: Floats, weights: Floats, past: Past) -> list[Reason]:
    """Return the reasons for a candidate, the largest contribution first; none that adds nothing.

    Args:
        terms: the candidate's.
        elsewhere: those of the candidate that stands for all others.
        weights: of the query's relation.
        past: where to look for the events.
    """
    values = terms - elsewhere
    reasons, start = [], 0
    for group, names in BLOCKS:
        parts = tuple(
            Part(
                term=TERMS[at],
                value=float(values[at]),
                weight=float(weights[at]),
                contribution=float(values[at]) * float(weights[at]),
            )
            for at in range(start, start + len(names))
            if values[at] != 0
        )
        start += len(names)
        if parts:
            total = sum(part.contribution for part in parts)
            events = list_events(past, _BEHIND[group])
            reasons.append(Reason(group=group, contribution=total, parts=parts, events=events))
    return sorted(reasons, key=lambda reason: -abs(reason.contribution))


def unlisted(past: Past) -> Reason:
    """Return the reason of a candidate that nothing speaks for but that it is active at all."""
    return Reason(
        group="not among the candidates",
        contribution=0.0,
        parts=(),
        events=list_events(past, of_target),
    )


def list_events(past: Past, behind: Callable[[Past], Marks]) -> tuple[PastEvent, ...]:
    """Return the latest events of which a condition holds, newest first."""
    if not len(past.events):
        return ()
    rows = np.flatnonzero(behind(past))
    rows = rows[np.argsort(past.events[rows, 3], kind="stable")][-EVENTS_SHOWN:][::-1]
    return tuple(
        PastEvent(row=int(row), source=int(s), relation=int(r), target=int(o), day=int(day))
        for row, (s, r, o, day) in zip(rows, past.events[rows], strict=True)
    )


def of_target(past: Past) -> Marks:
    """Return which events the candidate took part in."""
    marks: Marks = (past.sources == past.target) | (past.targets == past.target)
    return marks


def _again(past: Past) -> Marks:
    marks: Marks = past.same & (past.sources == past.source) & (past.targets == past.target)
    return marks


def _source_again(past: Past) -> Marks:
    marks: Marks = past.same & (past.sources == past.source)
    return marks


def _returned(past: Past) -> Marks:
    marks: Marks = past.same & (past.sources == past.target) & (past.targets == past.source)
    return marks


def _between(past: Past) -> Marks:
    there = (past.sources == past.source) & (past.targets == past.target)
    marks: Marks = there | ((past.sources == past.target) & (past.targets == past.source))
    return marks


def _same_target(past: Past) -> Marks:
    marks: Marks = past.same & (past.targets == past.target)
    return marks


def _from_home(past: Past) -> Marks:
    marks: Marks = past.homes[past.sources] == past.homes[past.source]
    return marks


def _to_home(past: Past) -> Marks:
    marks: Marks = past.homes[past.targets] == past.homes[past.target]
    return marks


def _of_source(past: Past) -> Marks:
    marks: Marks = (past.sources == past.source) | (past.targets == past.source)
    return marks


_BEHIND: dict[str, Callable[[Past], Marks]] = {
    "same interaction": _again,
    "share of this source's": _again,
    "last same interaction": _again,
    "pair, same direction": _between,
    "pair, other direction": _between,
    "last contact": _between,
    "returned interaction": _returned,
    "last returned": _returned,
    "rules": _between,
    "target of this relation": _same_target,
    "target active": of_target,
    "target idle": of_target,
    "source's country and target": lambda past: past.same & _from_home(past) & _to_target(past),
    "countries in this relation": lambda past: past.same & _from_home(past) & _to_home(past),
    "source and target's country": lambda past: _source_again(past) & _to_home(past),
    "countries": lambda past: _from_home(past) & _to_home(past),
    "source and country": lambda past: (past.sources == past.source) & _to_home(past),
    "country and target": lambda past: _from_home(past) & _to_target(past),
    "own country": lambda past: _from_home(past) & _to_home(past),
    "similar sources": _same_target,
    "likeness": _source_again,
    "common partner": lambda past: _of_source(past) | of_target(past),
    "elsewhere": _of_source,
}
"""The events behind each group of terms."""


def _to_target(past: Past) -> Marks:
    marks: Marks = past.targets == past.target
    return marks

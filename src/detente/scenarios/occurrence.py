"""Occurrence: how probable it is that a dyad has an event of a kind within a horizon.

In: `History.events` and `Question`s. Out: `Answer`s: log-odds that are the sum of the base rate of
the same question in the past and of what each precursor adds.

For a horizon h, with c the base rate and x the precursors (`precursors.py`, standardised):

    logit P = logit c + w₀ + w₁ (logit c − its mean) + Σ wⱼ xⱼ

The weights are those of one kind: the weights of all four quad classes together, and what the kind
adds to them. Both are drawn to zero, so that without evidence the answer is the base rate. They are
learned from the most active dyads at earlier origins whose windows are over.

Fits are made at the horizons of `GRID`; between two of them log-odds lie on a straight line in
log h. A longer horizon is never less probable than a shorter one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from detente.errors import InputError
from detente.scenarios.activity import (
    QUADS,
    Activity,
    BaseRates,
    Ints,
    base_rates,
    known_days,
    tabulate_activity,
    windows,
)
from detente.scenarios.logistic import Floats, expit, fit_logistic, logit
from detente.scenarios.precursors import Term, measure_precursors, terms_of
from detente.scenarios.questions import Question

NAME = "occurrence-1"
"""Name and version of the model."""

GRID = (1, 7, 14, 30, 60, 90, 180)
"""Horizons that are fitted, in days."""

START = 45
"""Days of history before the first origin that is learned from: before, no base rate is steady."""

STEP = 3
"""Days between the origins that are learned from."""

RIDGE = 1_000.0
"""Pull on every weight to zero. It is strong, for windows of one dyad, and dyads of one day, are
far from independent. 200 and 500 gave about the same skill and wider intervals."""

EDGE = 0.005
"""Base rates nearer to 0 or 1 are taken as this near in log-odds."""


@dataclass(slots=True, frozen=True, eq=False)
class Answer:
    """One question answered, in log-odds: `base + level + drawn + floor + sum(contributions)`.

    Attributes:
        base: of the base rate.
        level: what lately held for all dyads alike.
        drawn: how far the base rate is drawn to that of other dyads, or away from it.
        floor: what it is raised by, so as not to be below a shorter horizon.
        contributions: what each precursor adds, in the order of `terms`.
        values: value of each precursor; 0 is usual, of a long-run rate it is the log.
        weights: log-odds for one unit of `values`.
        deviation: standard deviation, from the uncertainty of base rate and weights.
        terms: the precursors.
        since: first day that is counted.
    """

    base: float
    level: float
    drawn: float
    floor: float
    contributions: Floats
    values: Floats
    weights: Floats
    deviation: float
    terms: tuple[Term, ...]
    since: date

    @property
    def log_odds(self) -> float:
        """The answer in log-odds."""
        moved = self.level + self.drawn + self.floor + float(self.contributions.sum())
        return self.base + moved


@dataclass(slots=True, frozen=True)
class OccurrenceModel:
    """The model as a backtest wants it."""

    name: str = NAME

    def fit(self, events: pl.DataFrame, origin: date) -> FittedOccurrence:
        """Return the model as of a day; later events are not read."""
        return FittedOccurrence(events, origin)


@dataclass(slots=True, frozen=True)
class FittedOccurrence:
    """The model as of a day. Weights are learned when the kinds and horizons asked are known."""

    events: pl.DataFrame
    origin: date

    def predict(self, questions: Sequence[Question]) -> Floats:
        """Return the probability of each question.

        Raises:
            InputError: there is no event yet, or too short a history for a horizon.
        """
        chances: Floats = expit(np.array([answer.log_odds for answer in self.answer(questions)]))
        return chances

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return the answer to each question, with what it is made of.

        Raises:
            InputError: there is no event yet, or too short a history for a horizon.
        """
        found: dict[Question, Answer] = {}
        for directed in (False, True):
            asked = [each for each in dict.fromkeys(questions) if each.directed == directed]
            if asked:
                found |= zip(asked, _answer_alike(self.events, asked, self.origin), strict=True)
        return [found[question] for question in questions]


def _answer_alike(
    events: pl.DataFrame, questions: Sequence[Question], origin: date
) -> list[Answer]:
    """Return the answers to questions that all have a direction, or all have none."""
    kinds = list(dict.fromkeys([*QUADS, *(question.kind for question in questions)]))
    _, n_days = known_days(events, origin)
    activity = tabulate_activity(
        events,
        [question.dyad for question in questions],
        kinds=kinds,
        directed=questions[0].directed,
        as_of=origin,
        origins=range(n_days, START - 1, -STEP),
    )
    values = measure_precursors(activity)
    longest = max(_neighbours(question.horizon_days)[1] for question in questions)
    places = _places(activity, questions)
    readings: dict[int, _Reading] = {}
    floor = np.full(len(questions), -np.inf)
    for horizon in (each for each in GRID if each <= longest):
        reading = _read(activity, values, horizon, places)
        floor = np.fmax(floor, reading.log_odds)
        readings[horizon] = reading.raised_to(floor)
    about = _About(terms_of(activity), origin - timedelta(days=n_days - 1))
    own = values[places[0], places[1], -1]
    return [
        _between(question, number, readings, own[number], about)
        for number, question in enumerate(questions)
    ]


@dataclass(slots=True, frozen=True)
class _About:
    """What all answers share: the precursors, and the first day that is counted."""

    terms: tuple[Term, ...]
    since: date


def _places(activity: Activity, questions: Sequence[Question]) -> tuple[Ints, Ints]:
    """Return the dyad and kind of each question, by number."""
    dyads = {dyad: number for number, dyad in enumerate(activity.dyads)}
    kinds = {kind: number for number, kind in enumerate(activity.kinds)}
    rows = [(dyads[question.dyad], kinds[question.kind]) for question in questions]
    table = np.array(rows, dtype=np.int64)
    return table[:, 0], table[:, 1]


@dataclass(slots=True, frozen=True, eq=False)
class _Reading:
    """The answers at one horizon of the grid; the first axis is the question.

    `parts` and `weights` have the level, the base rate's slope and then the precursors.
    """

    base: Floats
    parts: Floats
    weights: Floats
    variance: Floats
    floor: Floats

    @property
    def log_odds(self) -> Floats:
        """The answers in log-odds."""
        summed: Floats = self.base + self.parts.sum(axis=1) + self.floor
        return summed

    def raised_to(self, floor: Floats) -> _Reading:
        """Return the reading with answers that are not below `floor`."""
        return _Reading(self.base, self.parts, self.weights, self.variance, floor - self.log_odds)


def _read(activity: Activity, values: Floats, horizon: int, places: tuple[Ints, Ints]) -> _Reading:
    """Return the answers at a horizon as of the newest origin; not numbers where it is too long."""
    base = base_rates(activity, horizon)
    offsets = logit(base.rate, edge=EDGE)
    weights = _fit(activity, values, offsets, horizon)
    dyads, kinds = places
    rows = weights.design(values, offsets)[dyads, kinds, -1]
    coefficients = weights.coefficients[kinds]
    spread = np.einsum("qi,qij,qj->q", rows, weights.covariance[kinds], rows)
    return _Reading(
        base=offsets[dyads, kinds, -1],
        parts=rows * coefficients,
        weights=coefficients / weights.scale,
        variance=spread + _base_variance(base)[dyads, kinds],
        floor=np.zeros(len(dyads)),
    )


def _base_variance(base: BaseRates) -> Floats:
    """Return the variance of the newest base rates in log-odds: dyad × kind."""
    rate = np.clip(base.rate[..., -1], EDGE, 1 - EDGE)
    weight = base.n_windows[-1] + base.strength[:, -1]
    variance: Floats = 1 / ((weight + 1) * rate * (1 - rate))
    return variance


@dataclass(slots=True, frozen=True, eq=False)
class _Weights:
    """What was learned at a horizon; `scale`, `centre` are of the columns, `usual` of the kinds."""

    coefficients: Floats
    covariance: Floats
    centre: Floats
    scale: Floats
    usual: Floats

    def design(self, values: Floats, offsets: Floats) -> Floats:
        """Return dyad × kind × origin × column: 1, the base rate's log-odds, the precursors."""
        drawn = (offsets - self.usual[:, None])[..., None]
        columns = np.concatenate([np.ones_like(drawn), drawn, values - self.centre], axis=-1)
        scaled: Floats = columns / self.scale
        return scaled


def _fit(activity: Activity, values: Floats, offsets: Floats, horizon: int) -> _Weights:
    """Return the weights of each kind, learned from windows of the pool that are over.

    Windows that overlap count less; without any window, all weights are zero.
    """
    happened = windows(activity.own, horizon)
    over = activity.origins <= activity.n_days - horizon
    known = np.isfinite(offsets[0, 0]) & over & (activity.origins >= START)
    dyads, steps = np.nonzero(activity.pool & known)
    origins = activity.origins[steps]
    outcomes = happened[dyads, :, origins]
    blank = _blank(len(activity.kinds), values.shape[-1])
    if not len(outcomes):
        return blank
    sample = values[dyads, :, steps].reshape(-1, values.shape[-1])
    start = _Weights(
        coefficients=blank.coefficients,
        covariance=blank.covariance,
        centre=sample.mean(axis=0),
        scale=np.concatenate([[1.0, 1.0], np.maximum(sample.std(axis=0), 1e-6)]),
        usual=offsets[dyads, :, steps].mean(axis=0),
    )
    rows = start.design(values, offsets)[dyads, :, steps]
    counts = np.full(len(rows), STEP / max(horizon, STEP))
    return _learn(start, rows, outcomes, offsets[dyads, :, steps], counts)


def _blank(n_kinds: int, n_terms: int) -> _Weights:
    size = n_terms + 2
    return _Weights(
        coefficients=np.zeros((n_kinds, size)),
        covariance=np.zeros((n_kinds, size, size)),
        centre=np.zeros(n_terms),
        scale=np.ones(size),
        usual=np.zeros(n_kinds),
    )


def _learn(
    start: _Weights, rows: Floats, outcomes: Floats, offsets: Floats, counts: Floats
) -> _Weights:
    """Return weights fitted to row × kind × column: first the quads together, then each kind."""
    size = rows.shape[-1]
    n_quads = len(QUADS)
    ridge = np.full(size, RIDGE)
    shared = fit_logistic(
        rows[:, :n_quads].reshape(-1, size),
        outcomes[:, :n_quads].ravel(),
        offset=offsets[:, :n_quads].ravel(),
        ridge=ridge,
        weights=np.repeat(counts, n_quads),
    )
    coefficients, covariance = [], []
    for kind in range(rows.shape[1]):
        columns = rows[:, kind]
        offset = offsets[:, kind] + columns @ shared
        own = fit_logistic(columns, outcomes[:, kind], offset=offset, ridge=ridge, weights=counts)
        chances = expit(offset + columns @ own)
        curve = (columns.T * (counts * chances * (1 - chances))) @ columns + np.diag(ridge)
        coefficients.append(shared + own)
        covariance.append(np.linalg.inv(curve))
    return _Weights(
        coefficients=np.array(coefficients),
        covariance=np.array(covariance),
        centre=start.centre,
        scale=start.scale,
        usual=start.usual,
    )


def _neighbours(horizon: int) -> tuple[int, int, float]:
    """Return the horizons of the grid around one, and how far it lies between them in log h."""
    shorter = max(each for each in GRID if each <= horizon)
    longer = min(each for each in GRID if each >= horizon)
    if shorter == longer:
        return shorter, longer, 0.0
    return shorter, longer, math.log(horizon / shorter) / math.log(longer / shorter)


def _between(
    question: Question,
    number: int,
    readings: dict[int, _Reading],
    values: Floats,
    about: _About,
) -> Answer:
    """Return the answer to a question, read off the straight line between two horizons."""
    shorter, longer, share = _neighbours(question.horizon_days)
    low, high = readings[shorter], readings[longer]

    def mix(low: Floats, high: Floats) -> Floats:
        mixed: Floats = (1 - share) * low[number] + share * high[number]
        return mixed

    base = float(mix(low.base, high.base))
    if not math.isfinite(base):
        raise InputError(
            f"{question.text}: the history is too short for that horizon; ask for a shorter one"
        )
    parts, weights = mix(low.parts, high.parts), mix(low.weights, high.weights)
    return Answer(
        base=base,
        level=float(parts[0]),
        drawn=float(parts[1]),
        floor=float(mix(low.floor, high.floor)),
        contributions=parts[2:],
        values=values,
        weights=weights[2:],
        deviation=math.sqrt(float(mix(low.variance, high.variance))),
        terms=about.terms,
        since=about.since,
    )

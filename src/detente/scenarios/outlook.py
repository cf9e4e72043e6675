"""Outlook: a question answered for a reader, with its base rate, its reasons and its record.

In: `History.events` and questions. Out: a `Forecast` each: probability, ICD 203 word, base rate,
what moved the one away from the other, and the past events behind each reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Literal

import numpy as np
import polars as pl

from detente.errors import InputError
from detente.extract.likelihood import load_likelihood
from detente.relations.reference import NORMAL_QUANTILE
from detente.scenarios.activity import QUADS, SYMMETRIC, root_names
from detente.scenarios.advantage import Advantage, measure_advantage
from detente.scenarios.logistic import expit
from detente.scenarios.occurrence import NAME, Answer, OccurrenceModel
from detente.scenarios.precursors import Term
from detente.scenarios.questions import Question, ask
from detente.schema import Record

Trend = Literal["rising", "steady", "falling"]

TURN = math.log(1.25)
"""Log-ratio to the usual rate from which on a trend is more than steady."""

SHOWN = 5
"""Past events that a reason names, the newest first."""

REACH = 3
"""Half-lives back to which a reason names events; older ones weigh less than an eighth."""

LEVEL = "what lately held for all pairs alike"
DRAWN = "the base rate is drawn towards other pairs, or away from them"
FLOOR = "no less than for a shorter horizon"


class PastEvent(Record, frozen=True, kw_only=True):
    """An event that a forecast rests on.

    Attributes:
        id: id of the record, or of the row of the history file.
        date: its day, ISO 8601.
    """

    id: str
    date: str


class Reason(Record, frozen=True, kw_only=True):
    """One term of a forecast.

    Attributes:
        term: what it is, in words.
        contribution: log-odds that it adds to the base rate.
        weight: log-odds for one unit of the logarithm of `value`; null of a constant.
        value: times the usual rate; of a long-run rate, the share of days; null of a constant.
        events: newest past events that it counts.
    """

    term: str
    contribution: float
    weight: float | None = None
    value: float | None = None
    events: tuple[PastEvent, ...] = ()


class Forecast(Record, frozen=True, kw_only=True):
    """The answer to a question; log-odds of `base_rate` and of all `reasons` sum to those of it.

    Attributes:
        question: what was asked.
        probability: that it happens within the horizon.
        low: lower end of the 95 % interval of the probability, from the uncertainty of base rate
            and weights; whether the event happens is uncertain beyond it.
        high: upper end of it.
        band: ICD 203 term of the probability.
        base_rate: share of earlier windows of the same length in which it happened, drawn to that
            of other pairs as far as there are few windows.
        horizon_days: horizon in days.
        as_of: last day that is known, ISO 8601.
        since: first day that is counted.
        trend: the last weeks against the usual rate.
        reasons: what moves the probability away from the base rate, the strongest first.
        model: name and version.
        advantage: measured skill against the base rate; null where it was not asked for.
    """

    question: Question
    probability: float
    low: float
    high: float
    band: str
    base_rate: float
    horizon_days: int
    as_of: str
    since: str
    trend: Trend
    reasons: tuple[Reason, ...]
    model: str = NAME
    advantage: Advantage | None = None


def forecast_question(
    events: pl.DataFrame, question: Question, as_of: date | None = None
) -> Forecast:
    """Return the forecast of one question, with the model's measured advantage.

    Args:
        events: `History.events`.
        question: as `parse_question` returns.
        as_of: last day that is known; by default that of the newest event.

    Raises:
        InputError: the history has no event up to that day or ends before it, or is too short for
            the horizon.
    """
    return forecast_questions(events, [question], as_of)[0]


def forecast_questions(
    events: pl.DataFrame,
    questions: Sequence[Question],
    as_of: date | None = None,
    *,
    measured: bool = True,
) -> list[Forecast]:
    """Return the forecast of each question.

    Args:
        events: `History.events`.
        questions: as `parse_question` or `read_questions` returns.
        as_of: last day that is known; by default that of the newest event.
        measured: whether to measure the model's advantage, once for each kind, direction and
            horizon; that takes most of the time.

    Raises:
        InputError: the history has no event up to that day or ends before it, or is too short for
            a horizon.
    """
    newest = events["date"].max()
    if not isinstance(newest, date):
        raise InputError("the history has no events; give a longer one")
    day = as_of or newest
    if day > newest:
        raise InputError(f"the history ends on {newest}; it cannot be known as of {day}")
    known = events.filter(pl.col("date") <= day)
    answers = OccurrenceModel().fit(known, day).answer(questions)
    advantages: dict[tuple[str, bool, int], Advantage] = {}
    forecasts = []
    for question, answer in zip(questions, answers, strict=True):
        alike = (question.kind, question.directed, question.horizon_days)
        if measured and alike not in advantages:
            advantages[alike] = measure_advantage(known, question, day)
        forecasts.append(_forecast(known, question, answer, day, advantages.get(alike)))
    return forecasts


def likeliest_interactions(
    events: pl.DataFrame, actors: Sequence[str], *, horizon_days: int = 14, n: int = 10
) -> list[Forecast]:
    """Return the likeliest kinds of event among some actors within a horizon, likeliest first.

    Asked is each PLOVER root of each pair, in each direction where it has one. What these forecasts
    are worth is measured apart (`advantage.measure_record`).

    Raises:
        InputError: the history is too short for the horizon.
    """
    asked = [
        ask(a, b, root, horizon_days, directed=True)
        for a, b in permutations(actors, 2)
        for root in root_names()
        if a < b or root != SYMMETRIC
    ]
    found = forecast_questions(events, asked, measured=False)
    return sorted(found, key=lambda each: (-each.probability, each.question.text))[:n]


def _forecast(
    events: pl.DataFrame,
    question: Question,
    answer: Answer,
    as_of: date,
    advantage: Advantage | None,
) -> Forecast:
    half = NORMAL_QUANTILE * answer.deviation
    odds = np.array([answer.log_odds - half, answer.log_odds, answer.log_odds + half, answer.base])
    low, middle, high, base = expit(odds).tolist()
    return Forecast(
        question=question,
        probability=middle,
        low=low,
        high=high,
        band=load_likelihood().band_of(middle),
        base_rate=base,
        horizon_days=question.horizon_days,
        as_of=as_of.isoformat(),
        since=answer.since.isoformat(),
        trend=_trend(answer),
        reasons=tuple(_reasons(events, question, answer, as_of)),
        advantage=advantage,
    )


def _trend(answer: Answer) -> Trend:
    """Return how the longest-lived own precursor stands to the usual rate."""
    own = [
        (term.half_life, float(value))
        for term, value in zip(answer.terms, answer.values, strict=True)
        if term.series == "own" and term.half_life is not None
    ]
    _, value = max(own)
    return "rising" if value > TURN else "falling" if value < -TURN else "steady"


def _reasons(events: pl.DataFrame, question: Question, answer: Answer, as_of: date) -> list[Reason]:
    """Return the terms that move the base rate, the strongest first."""
    constants = ((LEVEL, answer.level), (DRAWN, answer.drawn), (FLOOR, answer.floor))
    found = [Reason(term=words, contribution=moved) for words, moved in constants]
    found += [
        Reason(
            term=term.words,
            contribution=float(answer.contributions[number]),
            weight=float(answer.weights[number]),
            value=math.exp(float(answer.values[number])),
            events=_past(events, question, term, as_of),
        )
        for number, term in enumerate(answer.terms)
    ]
    moving = [reason for reason in found if reason.contribution]
    return sorted(moving, key=lambda reason: -abs(reason.contribution))


def _past(
    events: pl.DataFrame, question: Question, term: Term, as_of: date
) -> tuple[PastEvent, ...]:
    """Return the newest events that a term counts."""
    counted = events.filter(_counts(question, term))
    if term.half_life is not None:
        reach = timedelta(days=math.ceil(REACH * term.half_life))
        counted = counted.filter(pl.col("date") > as_of - reach)
    newest = counted.sort("date", "id", descending=[True, False]).head(SHOWN)
    return tuple(
        PastEvent(id=key, date=day.isoformat())
        for key, day in zip(newest["id"], newest["date"], strict=True)
    )


def _counts(question: Question, term: Term) -> pl.Expr:
    """Return which events a term counts for a question."""
    if term.series == "own":
        return question.matches()
    if term.series == "reverse":
        return question.reversed().matches()
    ends = [question.source, question.target]
    source, target = pl.col("source").is_in(ends), pl.col("target").is_in(ends)
    friendly = pl.col("quad") <= QUADS["MATERIAL_COOPERATION"]
    wanted = friendly if term.series.startswith("cooperation") else ~friendly
    return wanted & (source ^ target if term.series.endswith("abroad") else source & target)

"""Expectations found in articles, held against what happened later.

In: the records of articles, and `History.events` of the time after them. Out: an `ExpectedEvent`
for each expectation that says enough: a horizon, a day on which it was voiced, and an outcome whose
words hold an event between two parties. The others cannot be judged, and nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from detente.errors import InputError
from detente.extract.likelihood import load_likelihood
from detente.relations.ties import pairs_of
from detente.scenarios.questions import Question, ask
from detente.schema import Event, Expectation, Record, Records


class ExpectedEvent(Record, frozen=True, kw_only=True):
    """An expectation as a question, and its answer.

    Attributes:
        expectation: id of the expectation.
        event: id of the event that its outcome names.
        question: what it expects, as a question.
        as_of: day of the article, ISO 8601.
        band: ICD 203 term of the expectation.
        stated: middle of that band; null where the words name no probability.
        happened: whether it came true within the horizon; null where the history ends before.
    """

    expectation: str
    event: str
    question: Question
    as_of: str
    band: str
    stated: float | None
    happened: bool | None


def score_expectations(records: Records, events: pl.DataFrame) -> list[ExpectedEvent]:
    """Return the expectations that can be judged, in the order of the records.

    Args:
        records: finished records of articles.
        events: `History.events`.
    """
    days = {doc.id: doc.date for doc in records.documents}
    told: dict[str, list[Event]] = defaultdict(list)
    for event in records.events:
        told[event.document].append(event)
    return [
        _judge(expectation, event, question, as_of, events)
        for expectation in records.expectations
        if (as_of := _day(days[expectation.document])) and (end := _day(expectation.horizon))
        for event in _inside(expectation, told[expectation.document])
        for question in _questions(event, (end - as_of).days)
    ]


def _day(text: str | None) -> date | None:
    """Return a full date, or None."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _inside(expectation: Expectation, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events whose trigger stands in the words of the outcome."""
    for event in events:
        start, end = event.trigger.start, event.trigger.end
        if any(part.start <= start and end <= part.end for part in expectation.outcome):
            yield event


def _questions(event: Event, horizon_days: int) -> Iterator[Question]:
    """Yield the question of each pair of the event's parties; none of an odd horizon or party."""
    for a, b in pairs_of(event):
        try:
            yield ask(a, b, event.root, horizon_days, directed=bool(event.targets))
        except InputError:
            continue


def _judge(
    expectation: Expectation, event: Event, question: Question, as_of: date, events: pl.DataFrame
) -> ExpectedEvent:
    newest = events["date"].max()
    end = as_of + timedelta(days=question.horizon_days)
    within = question.matches() & (pl.col("date") > as_of) & (pl.col("date") <= end)
    happened = not events.filter(within).is_empty()
    is_over = isinstance(newest, date) and newest >= end
    limits = {name: (low, high) for name, low, high in load_likelihood().bands}
    band = limits.get(expectation.band)
    return ExpectedEvent(
        expectation=expectation.id,
        event=event.id,
        question=question,
        as_of=as_of.isoformat(),
        band=expectation.band,
        stated=sum(band) / 2 if band else None,
        happened=True if happened else False if is_over else None,
    )

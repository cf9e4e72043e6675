"""Backtest: how good forecasts would have been, from rolling origins that never see the future.

In: a table of events, questions, the days to ask them on, and models. Out: a table with a row for
each question and origin (what each model said, what happened), and `Score`s by horizon and kind.

A model is anything with a `name` and a `fit(events, origin)` that returns something with
`predict(questions)`. It is handed the events up to the origin and no others, so it cannot look
ahead. Baselines are models like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import polars as pl

from detente.errors import InputError
from detente.scenarios.activity import Ints, base_rates, tabulate_activity
from detente.scenarios.calibration import (
    ReliabilityBin,
    brier_score,
    brier_skill,
    expected_calibration_error,
    log_score,
    reliability,
)
from detente.scenarios.logistic import Floats
from detente.scenarios.questions import Question
from detente.schema import Record

DRAWS = 2_000
"""Draws of a bootstrap."""

LEVEL = 0.95
"""Level of a bootstrap interval."""

KEYS = ("origin", "source", "target", "kind", "directed", "horizon_days")
"""Columns of a backtest beside `happened` and one for each model."""


class FittedModel(Protocol):
    """A model that has seen the events up to its origin."""

    def predict(self, questions: Sequence[Question]) -> Floats:
        """Return the probability of each question, its horizon counted from the origin."""


class Model(Protocol):
    """What a backtest can judge."""

    @property
    def name(self) -> str:
        """Name of its column."""

    def fit(self, events: pl.DataFrame, origin: date) -> FittedModel:
        """Return the model as of a day, which is the last that `events` may tell of."""


class Score(Record, frozen=True, kw_only=True):
    """How good a model was at the questions of one horizon and kind.

    Attributes:
        model: name of the model.
        horizon_days: horizon of the questions.
        kind: kind of event asked for.
        n: forecasts.
        happened: share of the questions that were answered yes.
        brier: mean squared error.
        skill: share of the reference's Brier score that the model takes away.
        low: lower end of the interval of `skill`, by a bootstrap of whole dyads.
        high: upper end of it.
        log_score: mean negative log-probability of what happened.
        calibration_error: expected calibration error, 15 bins of equal mass.
        reliability: what was said and what happened, by bins.
    """

    model: str
    horizon_days: int
    kind: str
    n: int
    happened: float
    brier: float
    skill: float
    low: float
    high: float
    log_score: float
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]


@dataclass(slots=True, frozen=True)
class Climatology:
    """The base rate of the same question in all windows that are over, drawn to the pool's."""

    name: str = "climatology"

    def fit(self, events: pl.DataFrame, origin: date) -> _FittedClimatology:
        """Return the base rates as of a day."""
        return _FittedClimatology(events, origin)


@dataclass(slots=True, frozen=True)
class _FittedClimatology:
    events: pl.DataFrame
    origin: date

    def predict(self, questions: Sequence[Question]) -> Floats:
        """Return the base rate of each question.

        Raises:
            InputError: the history is too short for a horizon.
        """
        found = np.empty(len(questions))
        for directed in {question.directed for question in questions}:
            kinds = sorted({each.kind for each in questions if each.directed == directed})
            asked = [each for each in questions if each.directed == directed]
            activity = tabulate_activity(
                self.events,
                [each.dyad for each in asked],
                kinds=kinds,
                directed=directed,
                as_of=self.origin,
                origins=(),
            )
            row = {dyad: number for number, dyad in enumerate(activity.dyads)}
            rates = {h: base_rates(activity, h).rate for h in {e.horizon_days for e in asked}}
            for number, each in enumerate(questions):
                if each.directed == directed:
                    place = row[each.dyad], kinds.index(each.kind), -1
                    found[number] = rates[each.horizon_days][place]
        if np.isnan(found).any():
            longest = max(each.horizon_days for each in questions)
            raise InputError(f"the history up to {self.origin} is too short for {longest} days")
        return found


@dataclass(slots=True, frozen=True)
class Persistence:
    """What was will be: 1 where the last `horizon_days` had such an event, else 0."""

    name: str = "persistence"

    def fit(self, events: pl.DataFrame, origin: date) -> _FittedPersistence:
        """Return the model as of a day."""
        return _FittedPersistence(events, origin)


@dataclass(slots=True, frozen=True)
class _FittedPersistence:
    events: pl.DataFrame
    origin: date

    def predict(self, questions: Sequence[Question]) -> Floats:
        """Return 1 or 0 for each question."""
        happened = [
            bool(_happened(self.events, question, [self.origin - _days(question)])[0])
            for question in questions
        ]
        return np.array(happened, dtype=float)


def run_backtest(
    events: pl.DataFrame,
    questions: Sequence[Question],
    origins: Iterable[date],
    models: Sequence[Model],
) -> pl.DataFrame:
    """Return what each model said of each question on each origin, and what happened.

    Columns: those of `KEYS`, `happened` (0 or 1), and the probability by each model's name. An
    origin is the last day that a model knows. Questions whose horizon ends after the newest event
    are left out on that origin: what happened is not known yet.

    Raises:
        InputError: no question could be asked, or two models have one name.
    """
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise InputError(f"two models of one name among {', '.join(names)}")
    newest = events["date"].max()
    days = sorted(set(origins))
    truth = {question: _happened(events, question, days) for question in questions}
    tables = []
    for number, origin in enumerate(days):
        known = events.filter(pl.col("date") <= origin)
        over = [q for q in questions if isinstance(newest, date) and origin + _days(q) <= newest]
        if not over or known.is_empty():
            continue
        rows = [(origin, q.source, q.target, q.kind, q.directed, q.horizon_days) for q in over]
        table = pl.DataFrame(rows, schema=KEYS, orient="row").with_columns(
            happened=np.array([float(truth[q][number]) for q in over])
        )
        said = {model.name: model.fit(known, origin).predict(over) for model in models}
        tables.append(table.with_columns(**said))
    if not tables:
        raise InputError("no question could be asked: the history ends before the first horizon")
    return pl.concat(tables)


def _days(question: Question) -> timedelta:
    return timedelta(days=question.horizon_days)


def _happened(events: pl.DataFrame, question: Question, origins: Sequence[date]) -> list[bool]:
    """Return whether the question came true within its horizon after each origin."""
    days = events.filter(question.matches())["date"].unique().sort().to_numpy()
    starts = np.array(origins, dtype="datetime64[D]")
    before = np.searchsorted(days, starts, side="right")
    after = np.searchsorted(days, starts + question.horizon_days, side="right")
    return [bool(yes) for yes in after > before]


def score_backtest(
    table: pl.DataFrame, model: str, *, reference: str = "climatology", seed: int = 1
) -> list[Score]:
    """Return the scores of a model by horizon and kind, from `run_backtest`.

    Args:
        table: what was said and what happened.
        model: column of the model.
        reference: column of the model that skill is taken against.
        seed: seed of the bootstrap.
    """
    ordered = table.sort("horizon_days", "kind", "origin", "source", "target")
    parts = ordered.partition_by("horizon_days", "kind", maintain_order=True)
    return [_score(part, model, reference, seed) for part in parts]


def _score(part: pl.DataFrame, model: str, reference: str, seed: int) -> Score:
    said, happened, usual = (part[name].to_numpy() for name in (model, "happened", reference))
    dyads = part.select(pl.struct("source", "target").rank("dense") - 1).to_series().to_numpy()
    low, high = _bootstrap_skill((said - happened) ** 2, (usual - happened) ** 2, dyads, seed)
    return Score(
        model=model,
        horizon_days=part["horizon_days"][0],
        kind=part["kind"][0],
        n=len(said),
        happened=float(happened.mean()),
        brier=brier_score(said, happened),
        skill=brier_skill(said, happened, usual),
        low=low,
        high=high,
        log_score=log_score(said, happened),
        calibration_error=expected_calibration_error(said, happened),
        reliability=tuple(reliability(said, happened)),
    )


def _bootstrap_skill(errors: Floats, usual: Floats, blocks: Ints, seed: int) -> tuple[float, float]:
    """Return the interval of the skill, drawing whole blocks anew (Efron & Tibshirani 1993)."""
    ours, theirs = np.bincount(blocks, errors), np.bincount(blocks, usual)
    n_blocks = len(ours)
    draws = np.random.default_rng(seed).multinomial(n_blocks, [1 / n_blocks] * n_blocks, size=DRAWS)
    wrong, reference = draws @ ours, draws @ theirs
    skills = np.where(reference > 0, 1 - wrong / np.maximum(reference, 1e-12), 0.0)
    low, high = np.quantile(skills, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)

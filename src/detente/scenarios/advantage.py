"""Whether the occurrence model is any better than the base rate: measured on the history at hand.

In: `History.events`. Out: an `Advantage` for a class of questions (kind, direction, horizon), or
the skills by horizon and quad class that the benchmark prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import polars as pl

from detente.errors import InputError
from detente.relations.parties import country_codes
from detente.scenarios.activity import QUADS
from detente.scenarios.backtest import (
    Climatology,
    Model,
    Persistence,
    Score,
    run_backtest,
    score_backtest,
)
from detente.scenarios.calibration import ReliabilityBin
from detente.scenarios.occurrence import NAME, OccurrenceModel
from detente.scenarios.questions import Question, ask
from detente.schema import Record

N_DYADS = 50
"""Pairs that are asked about: the most active before the first origin."""

FIRST_DAY = 120
"""Days of history before the first origin."""

WEEK = 7
HORIZONS = (7, 14)

ORIGINS = 13
"""Origins of the backtest that comes with a forecast, a horizon or a week apart."""


class Advantage(Record, frozen=True, kw_only=True):
    """Measured skill of the model against climatology, for one class of questions.

    Attributes:
        words: `measured advantage` where the whole interval of the skill is above 0, else
            `no measured advantage`, or `not measured: the history is too short`.
        skill: share of climatology's Brier score that the model takes away; null if not measured.
        low: lower end of the 95 % interval, by a bootstrap of whole dyads.
        high: upper end of it.
        n: forecasts that were judged.
        first: first origin, ISO 8601.
        last: last origin.
    """

    words: str
    skill: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    first: str | None = None
    last: str | None = None


def busiest_pairs(
    events: pl.DataFrame, before: date, *, directed: bool = False, n: int = N_DYADS
) -> list[tuple[str, str]]:
    """Return the pairs of countries with most events before a day, most first.

    Later events are not counted: pairs picked for what they did later would be no test.
    """
    countries = pl.all_horizontal(pl.col("source", "target").is_in(country_codes()))
    known = events.filter(countries & (pl.col("date") < before))
    if not directed:
        known = known.select(
            source=pl.min_horizontal("source", "target"),
            target=pl.max_horizontal("source", "target"),
        )
    counted = known.group_by("source", "target").len()
    best = counted.sort("len", "source", "target", descending=[True, False, False]).head(n)
    return list(zip(best["source"], best["target"], strict=True))


def measure_advantage(events: pl.DataFrame, question: Question, as_of: date) -> Advantage:
    """Return how the model did at questions of the same class, over the history up to a day.

    The `N_DYADS` busiest pairs are asked about at up to `ORIGINS` earlier origins.
    """
    kinds = [question.kind]
    directed, horizon = question.directed, question.horizon_days
    return measure_record(events, as_of, kinds=kinds, horizon=horizon, directed=directed)[0]


def measure_record(
    events: pl.DataFrame,
    as_of: date,
    *,
    kinds: Sequence[str] = tuple(QUADS),
    horizon: int = 14,
    directed: bool = False,
) -> tuple[Advantage, tuple[ReliabilityBin, ...]]:
    """Return how the model did at questions of some kinds taken together, and its reliability.

    Pairs and origins are those of `measure_advantage`; there are no bins where the history is too
    short to measure.
    """
    short = Advantage(words="not measured: the history is too short"), ()
    known = events.filter(pl.col("date") <= as_of)
    first = known["date"].min()
    if not isinstance(first, date):
        return short
    last = as_of - timedelta(days=horizon)
    step = timedelta(days=max(WEEK, horizon))
    origins = [last - number * step for number in range(ORIGINS)]
    # Windows of the horizon must lie behind an origin before anything can be learned from them.
    origins = [day for day in origins if (day - first).days >= FIRST_DAY + 2 * horizon]
    if not origins:
        return short
    pairs = busiest_pairs(known, min(origins), directed=directed)
    asked = [ask(a, b, kind, horizon, directed=directed) for a, b in pairs for kind in kinds]
    try:
        table = run_backtest(known, asked, origins, [OccurrenceModel(), Climatology()])
    except InputError:
        return short
    [score] = score_backtest(table.with_columns(kind=pl.lit(" ".join(kinds))), NAME)
    advantage = Advantage(
        words="measured advantage" if score.low > 0 else "no measured advantage",
        skill=score.skill,
        low=score.low,
        high=score.high,
        n=score.n,
        first=min(table["origin"]).isoformat(),
        last=max(table["origin"]).isoformat(),
    )
    return advantage, score.reliability


def measure_occurrence(events: pl.DataFrame) -> dict[str, Any]:
    """Return the skill of the model by horizon and quad class, as the benchmark wants it.

    The `N_DYADS` busiest pairs of countries, either direction, weekly origins from day 120 on.
    `brier_skill[horizon][quad]` are numbers; `interval`, `scores` and `persistence` (its skill)
    have the same keys.

    Raises:
        InputError: the history is too short.
    """
    first, last = events["date"].min(), events["date"].max()
    if not (isinstance(first, date) and isinstance(last, date)):
        raise InputError("the history has no events to measure on")
    start = first + timedelta(days=FIRST_DAY)
    origins = pl.date_range(start - timedelta(days=1), last, f"{WEEK}d", eager=True).to_list()
    pairs = busiest_pairs(events, start)
    asked = [
        ask(a, b, quad, horizon, directed=False)
        for a, b in pairs
        for quad in QUADS
        for horizon in HORIZONS
    ]
    models: list[Model] = [OccurrenceModel(), Climatology(), Persistence()]
    table = run_backtest(events, asked, origins, models)
    scores = score_backtest(table, NAME)
    lasting = score_backtest(table, "persistence")
    return {
        "pairs": [f"{a}-{b}" for a, b in pairs],
        "first_origin": min(table["origin"]).isoformat(),
        "last_origin": max(table["origin"]).isoformat(),
        "brier_skill": _by_class(scores, [each.skill for each in scores]),
        "interval": _by_class(scores, [[each.low, each.high] for each in scores]),
        "persistence": _by_class(lasting, [each.skill for each in lasting]),
        "scores": _by_class(scores, [msgspec.to_builtins(each) for each in scores]),
    }


def _by_class(scores: Sequence[Score], values: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Return values by horizon and kind, quad classes in their own order."""
    found: dict[str, dict[str, Any]] = {str(horizon): {} for horizon in HORIZONS}
    ranked = sorted(zip(scores, values, strict=True), key=lambda pair: QUADS[pair[0].kind])
    for score, value in ranked:
        found[str(score.horizon_days)][score.kind] = value
    return found

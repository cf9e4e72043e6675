"""From a table of events to ties: fast tables for all dyads, full records for the few looked at.

In: the events of a `History`. Out: a table of ties for each dyad and period, the reference that
they make together, or `Tie` records with the ids of their events.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from detente.errors import InputError
from detente.relations.parties import country_codes
from detente.relations.periods import LABELS, last_day
from detente.relations.reference import (
    FULL_SCALE,
    NORMAL_QUANTILE,
    TieReference,
    estimate_reference,
)
from detente.relations.ties import Evidence, build_ties
from detente.schema import Tie

_FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}


def history_ties(
    events: pl.DataFrame,
    actors: Iterable[str],
    *,
    reference: TieReference | None,
    period: str = "month",
    half_life: float = 90.0,
    seed: int = 1,
) -> list[Tie]:
    """Return the ties among some actors for each period, with the ids of their events.

    Args:
        events: `History.events`.
        actors: the countries and organisations to tie.
        reference: what `s` and the sign are taken against; None leaves them undetermined.
        period: `day`, `week`, `month`, `quarter` or `year`.
        half_life: days after which an event weighs half, counted from the end of its period.
        seed: seed of the bootstrap.

    Raises:
        InputError: unknown period, or a half-life that is not above 0.
    """
    wanted = list(actors)
    among = pl.col("source").is_in(wanted) & pl.col("target").is_in(wanted)
    rows = _label(events.lazy().filter(among), period).collect()
    found = [
        Evidence(
            a=row["a"],
            b=row["b"],
            period=row["period"],
            event=row["id"],
            score=row["score"],
            share=row["share"],
            age=float((last_day(row["period"]) - row["date"]).days),
        )
        for row in rows.iter_rows(named=True)
    ]
    return build_ties(found, reference=reference, half_life=half_life, seed=seed)


def tabulate_ties(
    events: pl.DataFrame | pl.LazyFrame, *, reference: TieReference, period: str = "month"
) -> pl.DataFrame:
    """Return a table with a row for each dyad and period, sorted.

    Columns: `a`, `b`, `period`, `n` (events), `weight` (occasions), `score` (mean, -10..10), `s`,
    `low`, `high` (-1..1) and `sign`. No decay; the interval is the normal one of the same model as
    for `Tie`s, by the moments of its posterior: without draws, so that millions of rows are read
    in seconds.

    Raises:
        InputError: unknown period.
    """
    score, share = pl.col("score"), pl.col("share")
    groups = (
        _label(events.lazy(), period)
        .group_by("a", "b", "period")
        .agg(
            n=pl.len(),
            weight=_sum(share).round(6),
            score=_sum(share * score),
            square=_sum(share * score**2),
        )
        .with_columns(pl.col("score", "square") / pl.col("weight"))
    )
    return _add_signs(groups, reference).sort("a", "b", "period").collect()


def _sum(values: pl.Expr) -> pl.Expr:
    """Return a sum to nine decimals, the same in whatever order threads add the values up."""
    return (values * 1e9).round().cast(pl.Int64).sum() / 1e9


def _add_signs(groups: pl.LazyFrame, reference: TieReference) -> pl.LazyFrame:
    """Return groups with `s`, its interval and sign, from the moments of a Dirichlet process.

    The mean of a distribution drawn from a Dirichlet process with total weight `T` varies by the
    variance of its base over `T` + 1 (Ferguson 1973); the base mixes reference and events.
    """
    strength, centre = reference.strength, reference.mean
    weight, score = pl.col("weight"), pl.col("score")
    total = strength + weight
    base_square = reference.spread**2 * (strength + 1) + centre**2
    middle = (strength * centre + weight * score) / total
    scatter = (pl.col("square") - score**2).clip(reference.within**2)
    square = (strength * base_square + weight * (scatter + score**2)) / total
    half = NORMAL_QUANTILE * ((square - middle**2) / (total + 1)).sqrt()
    unit = FULL_SCALE * reference.spread
    ends = (middle, middle - half, middle + half)
    s, low, high = (((end - centre) / unit).clip(-1.0, 1.0) for end in ends)
    return groups.with_columns(s=s, low=low, high=high).select(
        pl.col("a", "b", "period", "n", "weight", "score", "s", "low", "high"),
        sign=pl.when(pl.col("low") > 0)
        .then(pl.lit("+"))
        .when(pl.col("high") < 0)
        .then(pl.lit("-"))
        .otherwise(pl.lit("undetermined")),
    )


def reference_of(
    events: pl.DataFrame, *, name: str, source: str = "", period: str = "month"
) -> TieReference:
    """Return the reference that all dyad-periods of a table of countries' events make.

    Raises:
        InputError: unknown period, or too few events.
    """
    countries = pl.all_horizontal(pl.col("source", "target").is_in(country_codes()))
    rows = _label(events.lazy().filter(countries), period).collect()
    dyads = rows.select(pl.struct("a", "b", "period").rank("dense") - 1).to_series()
    return estimate_reference(
        dyads.to_numpy().astype(np.int64),
        rows["score"].to_numpy(),
        rows["share"].to_numpy(),
        name=name,
        source=source,
    )


def _label(events: pl.LazyFrame, period: str) -> pl.LazyFrame:
    """Return events with their dyad (`a` < `b`), the label of their period, and their share.

    Rows of one day, dyad and root are one occasion, of which each has an equal share: data sets
    code a visit once for each pair of officials who meet. That is the field's one-a-day filter
    (Schrodt & Van Brackle 2013), which here keeps the rows as evidence.
    """
    if period not in LABELS:
        raise InputError(f"period {period!r} is none of {', '.join(LABELS)}")
    day = pl.col("date")
    label = (
        day.dt.strftime("%Y-Q") + day.dt.quarter().cast(pl.String)
        if period == "quarter"
        else day.dt.strftime(_FORMATS[period])
    )
    ends = events.with_columns(
        a=pl.min_horizontal("source", "target"), b=pl.max_horizontal("source", "target")
    )
    return ends.with_columns(period=label, share=1 / pl.len().over("date", "a", "b", "root"))

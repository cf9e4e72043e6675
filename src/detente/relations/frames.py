"""Relations as Polars tables, for notebooks, DuckDB and R.

In: ties, perceived ties, trends or triangles. Out: a frame with a row each, in the order given.
Null is unknown, never zero; ids are lists of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import polars as pl

from detente.relations.perceived import PerceivedTie
from detente.relations.trends import Trend
from detente.relations.triangle import BY_GOOD_TIES, TrianglePattern
from detente.schema import Record, Tie

Columns = Mapping[str, type[pl.DataType] | pl.List]

_IDS = pl.List(pl.String)

TIES: Columns = {
    "a": pl.String,
    "b": pl.String,
    "period": pl.String,
    "context": pl.String,
    "score": pl.Float64,
    "s": pl.Float64,
    "sign": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "events": _IDS,
}
"""Columns of `tie_frame`: those of `Tie`. `score` in -10..10; `s`, `low`, `high` in -1..1."""

PERCEIVED: Columns = {
    "holder": pl.String,
    "a": pl.String,
    "b": pl.String,
    "valence": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "sign": pl.String,
    "n": pl.Int64,
    "claims": _IDS,
}
"""Columns of `perceived_frame`: those of `PerceivedTie`; `valence`, `low`, `high` in -1..1."""

TRENDS: Columns = {
    "a": pl.String,
    "b": pl.String,
    "context": pl.String,
    "first": pl.String,
    "last": pl.String,
    "n": pl.Int64,
    "slope": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "direction": pl.String,
}
"""Columns of `trend_frame`: those of `Trend`; `slope`, `low`, `high` in `s` a period."""


def tie_frame(ties: Iterable[Tie]) -> pl.DataFrame:
    """Return ties as a table with the columns of `TIES`."""
    return _frame(ties, TIES)


def perceived_frame(ties: Iterable[PerceivedTie]) -> pl.DataFrame:
    """Return perceived ties as a table with the columns of `PERCEIVED`."""
    return _frame(ties, PERCEIVED)


def trend_frame(trends: Iterable[Trend]) -> pl.DataFrame:
    """Return trends as a table with the columns of `TRENDS`."""
    return _frame(trends, TRENDS)


def triangle_frame(patterns: Iterable[TrianglePattern]) -> pl.DataFrame:
    """Return triangles as a table, a row a period.

    Columns: `period`, `pattern`, `pivot`, `outsider`; the probability (0..1) of each of the four
    patterns, null where a side has no evidence; and for each side `A_B` its `s_A_B`, `low_A_B`,
    `high_A_B` (-1..1) and `n_A_B`.
    """
    return pl.DataFrame([_triangle_row(pattern) for pattern in patterns], infer_schema_length=None)


def _triangle_row(found: TrianglePattern) -> dict[str, object]:
    row: dict[str, object] = {
        "period": found.period,
        "pattern": found.pattern,
        "pivot": found.pivot,
        "outsider": found.outsider,
    }
    row |= {name: found.probabilities.get(name) for name in reversed(BY_GOOD_TIES)}
    for (a, b), tie in zip(combinations(found.actors, 2), found.ties, strict=True):
        values = {"s": tie.s, "low": tie.low, "high": tie.high, "n": tie.n}
        row |= {f"{name}_{a}_{b}": value for name, value in values.items()}
    return row


def _frame(
    rows: Iterable[Record], columns: Mapping[str, type[pl.DataType] | pl.List]
) -> pl.DataFrame:
    values = [{name: getattr(row, name) for name in columns} for row in rows]
    return pl.DataFrame(values, schema=dict(columns))

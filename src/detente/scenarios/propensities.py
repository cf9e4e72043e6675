"""Propensities: how far two states tend to work together, summed from what each pair shares.

In: a table with a row a pair (`a`, `b`) and a column a component, each -1 (against each other) to
1 (together). Out: the symmetric matrix that `landscape.find_minima` takes.

Axelrod and Bennett (British Journal of Political Science 23, 1993) add five components of equal
weight: ethnic conflict, border dispute, recent war, religion and government. Their sources for the
first two are not public; `RECIPE` is what public data allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from detente.errors import InputError, nearest
from detente.scenarios.basins import Floats

RECIPE: dict[str, float] = {
    "war_since_1900": 1.0,
    "rivalry_spatial": 1.0,
    "religion": 1.0,
    "government": 1.0,
}
"""Weights fixed before any result was seen: the article's components as far as public data have
them, each weighing the same. A rivalry over territory stands in for a border dispute; nothing
stands in for ethnic conflict, so it is left out. Disputes, rivalries of other kinds and alliances
are no part of the article's sum and no part of this."""


def propensities_of(
    pairs: pl.DataFrame, weights: Mapping[str, float], names: Iterable[str]
) -> Floats:
    """Return the propensities of all pairs of `names`, in that order, with a zero diagonal.

    A pair's propensity is the weighted sum of its components. It is no mean: weights that are all
    twice as large give the same minima at twice the energy.

    Args:
        pairs: one row a pair, in any order; pairs of other names are not read.
        weights: weight of each component, by column; `RECIPE` follows the article.
        names: the actors.

    Raises:
        InputError: a column or a pair is missing, a pair occurs twice, or a value is no number.
    """
    actors = list(names)
    _check_columns(pairs, weights)
    place = {name: number for number, name in enumerate(actors)}
    within = pairs.filter(pl.col("a").is_in(actors), pl.col("b").is_in(actors))
    components = within.select(pl.col(list(weights)).cast(pl.Float64)).to_numpy()
    sums = components @ np.array(list(weights.values()))
    found = np.full((len(actors), len(actors)), np.nan)
    np.fill_diagonal(found, 0.0)
    for a, b, propensity in zip(within["a"], within["b"], sums.tolist(), strict=True):
        i, j = place[a], place[b]
        if not np.isfinite(propensity):
            raise InputError(f"pair {a}–{b}: a component is missing; give 0 where there is nothing")
        if not np.isnan(found[i, j]):
            raise InputError(
                f"pair {a}–{b} is there twice, or is no pair; give one year's pairs of two states"
            )
        found[i, j] = found[j, i] = propensity
    for i, j in np.argwhere(np.isnan(found)):
        raise InputError(f"pair {actors[i]}–{actors[j]} is missing; give every pair of the actors")
    return found


def _check_columns(pairs: pl.DataFrame, weights: Mapping[str, float]) -> None:
    if not weights:
        raise InputError("no component has a weight; RECIPE has those of the article")
    for column in ("a", "b", *weights):
        if column not in pairs.columns:
            raise InputError(
                f"pairs have no column {column!r}; there are {', '.join(pairs.columns)}"
                f"{nearest(column, set(pairs.columns) - {'a', 'b'})}"
            )
    for column in weights:
        if not pairs.schema[column].is_numeric():
            raise InputError(f"column {column!r} of the pairs does not hold numbers")

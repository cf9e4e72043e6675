"""Precursors: what went before in a dyad, as terms of the occurrence model.

In: an `Activity`. Out: for each dyad, kind and origin a number a term, made of earlier days alone.

A term compares the last days with the days before: the days on which something happened, each half
as heavy as the same a half-life later, against what the long-run rate would have given:

    x = log((Σ activeₛ 2^-(age/half-life) + ½) / (rate · Σ 2^-(age/half-life) + ½))

0 is usual, above 0 busier than usual. A term without a half-life is the log of the rate itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.scenarios.activity import PRIOR_DAYS, Activity, Bools, Ints
from detente.scenarios.logistic import Floats

Series = Literal[
    "own", "reverse", "cooperation", "conflict", "cooperation abroad", "conflict abroad"
]

PSEUDO = 0.5
"""Active days that are added to both sides, so that one day is not endlessly more than none."""


@dataclass(slots=True, frozen=True)
class Term:
    """One precursor: what is counted and over which half-life (days; None: the long-run rate)."""

    series: Series
    half_life: float | None
    words: str


TERMS = (
    Term("own", 2.0, "events of this kind in the last days"),
    Term("own", 32.0, "events of this kind in the last weeks"),
    Term("cooperation", 4.0, "cooperation of the two in the last days"),
    Term("cooperation", 16.0, "cooperation of the two in the last weeks"),
    Term("conflict", 4.0, "conflict of the two in the last days"),
    Term("conflict", 16.0, "conflict of the two in the last weeks"),
    Term("cooperation abroad", 8.0, "cooperation of either with others in the last weeks"),
    Term("conflict abroad", 8.0, "conflict of either with others in the last weeks"),
    Term("cooperation", None, "how often the two cooperate at all"),
    Term("conflict", None, "how often the two are in conflict at all"),
)
"""The terms of a dyad without direction; chosen on ICEWS, days 120 to 249 of 2014."""

REPLY = Term("reverse", 4.0, "events of this kind the other way in the last days")
"""The term that only dyads with a direction have."""


def terms_of(activity: Activity) -> tuple[Term, ...]:
    """Return the terms that the dyads of an activity have."""
    return TERMS if activity.reverse is None else (*TERMS, REPLY)


def measure_precursors(activity: Activity) -> Floats:
    """Return dyad × kind × origin × term at the origins of the activity."""
    n_dyads, n_kinds = activity.own.shape[:2]
    shape = (n_dyads, n_kinds, len(activity.origins))
    columns = []
    for term in terms_of(activity):
        parts = _parts(activity, term.series)
        found = _compare(parts, activity.origins, activity.pool, term.half_life)
        # Kinds have values of their own; those of the two sides of a dyad are averaged.
        values = found if term.series in ("own", "reverse") else found.mean(axis=1, keepdims=True)
        columns.append(np.broadcast_to(values, shape))
    return np.stack(columns, axis=-1)


def _parts(activity: Activity, series: Series) -> Floats:
    """Return a series as dyad × part × day."""
    if series == "reverse" and activity.reverse is not None:
        return activity.reverse
    return {
        "own": activity.own,
        "cooperation": activity.cooperation[:, None],
        "conflict": activity.conflict[:, None],
        "cooperation abroad": activity.cooperation_abroad,
        "conflict abroad": activity.conflict_abroad,
    }[series]


def _compare(parts: Floats, origins: Ints, pool: Bools, half_life: float | None) -> Floats:
    """Return the term's value: dyad × part × origin."""
    rates = _long_run(parts, origins, pool)
    if half_life is None:
        levels: Floats = np.log(rates)
        return levels
    age = origins[None, :] - 1 - np.arange(parts.shape[-1])[:, None]
    fading = np.where(age >= 0, 2.0 ** -(np.maximum(age, 0) / half_life), 0.0)
    usual = rates * fading.sum(axis=0)
    compared: Floats = np.log((parts @ fading + PSEUDO) / (usual + PSEUDO))
    return compared


def _long_run(parts: Floats, origins: Ints, pool: Bools) -> Floats:
    """Return the mean a day before each origin, drawn to that of the pool: dyad × part × origin."""
    sums = np.concatenate([np.zeros((*parts.shape[:-1], 1)), parts.cumsum(axis=-1)], axis=-1)
    known = sums[..., origins]
    weights = pool[:, None, :] / np.maximum(pool.sum(axis=0), 1)
    usual = (weights * known).sum(axis=0) / np.maximum(origins, 1)
    rates: Floats = (known + PRIOR_DAYS * usual) / (origins + PRIOR_DAYS)
    kept: Floats = np.maximum(rates, 1e-4)
    return kept

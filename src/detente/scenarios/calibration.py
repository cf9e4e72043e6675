"""Whether stated probabilities come true: scores, reliability, recalibration.

In: probabilities and what happened (1 or 0). Out: the Brier score and its parts, the logarithmic
score, reliability tables, the expected calibration error, and maps that put probabilities right.
All functions are pure and take any sequence of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.scenarios.logistic import Floats, expit, fit_logistic, logit
from detente.schema import Record

BINS = 15
"""Bins of a reliability table, of about equal mass."""

EDGE = 1e-4
"""Probabilities nearer to 0 or 1 are taken as this near by the logarithmic score."""

NORMAL_QUANTILE = 1.959963984540054


class ReliabilityBin(Record, frozen=True, kw_only=True):
    """Forecasts of about the same probability, and how often they came true.

    Attributes:
        n: forecasts in the bin.
        forecast: their mean probability.
        observed: the share that happened.
        low: lower end of the 95 % interval of that share (Wilson 1927), taking them as independent.
        high: upper end of it.
    """

    n: int
    forecast: float
    observed: float
    low: float
    high: float


class BrierParts(Record, frozen=True, kw_only=True):
    """A Brier score in parts: `score = miscalibration - discrimination + uncertainty`.

    Murphy's partition (1973) over the steps of the isotonic regression of outcomes on forecasts,
    which needs no bins and is exact (Dimitriadis, Gneiting & Jordan, PNAS 118, 2021).

    Attributes:
        score: the mean squared error.
        miscalibration: what recalibration would take away; 0 is best.
        discrimination: how far forecasts tell what happens from what does not; 0 is worst.
        uncertainty: the score of always stating the share that happened.
    """

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(slots=True, frozen=True, eq=False)
class IsotonicMap:
    """A rising map of probabilities, straight between its knots."""

    knots: Floats
    values: Floats

    def apply(self, probabilities: ArrayLike) -> Floats:
        """Return the recalibrated probabilities."""
        values: Floats = np.interp(np.asarray(probabilities, float), self.knots, self.values)
        return values


@dataclass(slots=True, frozen=True)
class PlattMap:
    """A map of probabilities that is a line between log-odds; slope 1, intercept 0 changes nothing.

    A slope below 1 takes back overconfidence.
    """

    slope: float
    intercept: float

    def apply(self, probabilities: ArrayLike) -> Floats:
        """Return the recalibrated probabilities."""
        return expit(self.intercept + self.slope * logit(np.asarray(probabilities, dtype=float)))


def brier_score(probabilities: ArrayLike, outcomes: ArrayLike) -> float:
    """Return the mean squared error of probabilities (Brier 1950): 0 is best.

    Raises:
        ValueError: as for every function here: none, not as many outcomes, or outside 0..1.
    """
    stated, happened = _pairs(probabilities, outcomes)
    return float(np.mean((stated - happened) ** 2))


def log_score(probabilities: ArrayLike, outcomes: ArrayLike) -> float:
    """Return the mean negative log-probability of what happened: 0 is best."""
    stated, happened = _pairs(probabilities, outcomes)
    inside = np.clip(stated, EDGE, 1 - EDGE)
    return float(-np.mean(happened * np.log(inside) + (1 - happened) * np.log1p(-inside)))


def brier_skill(probabilities: ArrayLike, outcomes: ArrayLike, reference: ArrayLike) -> float:
    """Return the share of the reference's Brier score that the forecasts take away.

    1 is perfect, 0 no better than the reference, below 0 worse; 0 too where the reference makes no
    error.
    """
    error = brier_score(reference, outcomes)
    return 1 - brier_score(probabilities, outcomes) / error if error > 0 else 0.0


def reliability(
    probabilities: ArrayLike, outcomes: ArrayLike, bins: int = BINS
) -> list[ReliabilityBin]:
    """Return the reliability table, lowest probabilities first, in bins of about equal mass.

    Equal probabilities share a bin, so that the order of the forecasts never matters.
    """
    stated, happened = _pairs(probabilities, outcomes)
    place = _mass_bins(stated, bins)
    table = []
    for number in np.unique(place):
        inside = place == number
        n, observed = int(inside.sum()), float(happened[inside].mean())
        low, high = _wilson(observed, n)
        forecast = float(stated[inside].mean())
        row = ReliabilityBin(n=n, forecast=forecast, observed=observed, low=low, high=high)
        table.append(row)
    return table


def expected_calibration_error(
    probabilities: ArrayLike, outcomes: ArrayLike, bins: int = BINS
) -> float:
    """Return the mean distance of stated and observed in bins of equal mass: 0 is best.

    It is above 0 by chance alone, the more so with fewer forecasts a bin.
    """
    table = reliability(probabilities, outcomes, bins)
    n = sum(row.n for row in table)
    return sum(row.n * abs(row.forecast - row.observed) for row in table) / n


def decompose_brier(probabilities: ArrayLike, outcomes: ArrayLike) -> BrierParts:
    """Return the Brier score in its parts."""
    stated, happened = _pairs(probabilities, outcomes)
    score = brier_score(stated, happened)
    rate = np.full_like(stated, happened.mean())
    uncertainty = brier_score(rate, happened)
    best = brier_score(fit_isotonic(stated, happened).apply(stated), happened)
    return BrierParts(
        score=score,
        miscalibration=max(score - best, 0.0),
        discrimination=max(uncertainty - best, 0.0),
        uncertainty=uncertainty,
    )


def fit_isotonic(probabilities: ArrayLike, outcomes: ArrayLike) -> IsotonicMap:
    """Return the rising map that makes probabilities fit outcomes best (pool adjacent violators).

    It needs some hundred forecasts; with few it takes chance for knowledge.
    """
    stated, happened = _pairs(probabilities, outcomes)
    knots, place, counts = np.unique(stated, return_inverse=True, return_counts=True)
    means = np.bincount(place, happened) / counts
    blocks: list[tuple[float, int, int]] = []
    for mean, mass in zip(means.tolist(), counts.tolist(), strict=True):
        value, weight, width = mean, mass, 1
        while blocks and blocks[-1][0] >= value:
            before, mass_before, width_before = blocks.pop()
            value = (before * mass_before + value * weight) / (mass_before + weight)
            weight, width = weight + mass_before, width + width_before
        blocks.append((value, weight, width))
    values = np.repeat([block[0] for block in blocks], [block[2] for block in blocks])
    return IsotonicMap(knots=knots, values=values)


def fit_platt(
    probabilities: ArrayLike,
    outcomes: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    ridge: float = 1.0,
) -> PlattMap:
    """Return the line between log-odds that fits outcomes best (Platt 1999), drawn to no change.

    Args:
        probabilities: as stated.
        outcomes: 1 where it happened, else 0.
        weights: how much each forecast counts; 1 by default.
        ridge: pull of slope to 1 and intercept to 0, as 1 / variance of a normal prior.
    """
    stated, happened = _pairs(probabilities, outcomes)
    odds = logit(stated)
    found = fit_logistic(
        np.column_stack([np.ones_like(odds), odds]),
        happened,
        offset=odds,
        ridge=np.full(2, ridge),
        weights=None if weights is None else np.asarray(weights, dtype=float),
    )
    return PlattMap(slope=max(1 + float(found[1]), 0.0), intercept=float(found[0]))


def _pairs(probabilities: ArrayLike, outcomes: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as arrays, checked."""
    stated = np.asarray(probabilities, dtype=float)
    happened = np.asarray(outcomes, dtype=float)
    if stated.ndim != 1 or stated.shape != happened.shape or not stated.size:
        raise ValueError("probabilities and outcomes must be as many as each other, and some")
    for values in (stated, happened):
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
            raise ValueError("probabilities and outcomes must lie between 0 and 1")
    return stated, happened


def _mass_bins(stated: Floats, bins: int) -> Floats:
    """Return the bin of each probability: its mean rank among all, cut in equal parts."""
    if bins < 1:
        raise ValueError(f"{bins} bins: at least one is needed")
    _, place, counts = np.unique(stated, return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - counts / 2
    return np.floor(middles[place] / len(stated) * bins)


def _wilson(share: float, n: int) -> tuple[float, float]:
    square = NORMAL_QUANTILE**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = (
        NORMAL_QUANTILE / (1 + square / n) * (share * (1 - share) / n + square / (4 * n**2)) ** 0.5
    )
    return max(middle - half, 0.0), min(middle + half, 1.0)

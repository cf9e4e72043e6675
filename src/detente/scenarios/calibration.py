"""Whether stated probabilities come true: scores and reliability.

In: probabilities and what happened (1 or 0). Out: the Brier score and skill, the logarithmic score,
reliability tables and the expected calibration error.
All functions are pure and take any sequence of numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from detente.relations.reference import NORMAL_QUANTILE
from detente.scenarios.logistic import Floats
from detente.schema import Record

BINS = 15
"""Bins of a reliability table, of about equal mass."""

EDGE = 1e-4
"""Probabilities nearer to 0 or 1 are taken as this near by the logarithmic score."""


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

"""Logistic regression with an offset and a ridge, by Newton's method.

In: features, outcomes and a starting guess for each row (the offset). Out: weights. The ridge draws
every weight towards zero, so that few rows leave the guess as it was (le Cessie & van Houwelingen,
Applied Statistics 41, 1992). Rare outcomes need nothing else: the ridge is also what keeps the
estimate finite where features part the outcomes, and small samples from overstating it (King &
Zeng, Political Analysis 9, 2001; Firth 1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 50
TOLERANCE = 1e-9


def fit_logistic(
    features: Floats,
    outcomes: Floats,
    *,
    offset: Floats,
    ridge: Floats,
    weights: Floats | None = None,
) -> Floats:
    """Return the weights `w` of `P(outcome) = expit(offset + features @ w)`.

    They maximise the weighted log-likelihood less `½ Σ ridge·w²`, which has one maximum where every
    ridge is above 0. Newton steps are halved until they gain.

    Args:
        features: a row an outcome, a column a feature.
        outcomes: 0 or 1 (or a share between).
        offset: the guess, in log-odds, that zero weights leave as it is.
        ridge: pull on each weight: 1 / variance of its normal prior.
        weights: how much each row counts; 1 by default.
    """
    counts = np.ones(len(outcomes)) if weights is None else weights
    found = np.zeros(features.shape[1])

    def loss(candidate: Floats) -> float:
        logits = offset + features @ candidate
        misfit = counts @ (np.logaddexp(0.0, logits) - outcomes * logits)
        return float(misfit + 0.5 * ridge @ candidate**2)

    standing = loss(found)
    for _ in range(STEPS):
        chances = expit(offset + features @ found)
        slope = features.T @ (counts * (chances - outcomes)) + ridge * found
        curve = (features.T * (counts * chances * (1 - chances))) @ features + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while (reached := loss(found - size * step)) > standing and size > TOLERANCE:
            size /= 2
        if standing - reached <= TOLERANCE * (1 + abs(standing)):
            break
        found, standing = found - size * step, reached
    return found


def expit(logits: Floats) -> Floats:
    """Return the probability of each log-odds."""
    chances: Floats = 0.5 * (1.0 + np.tanh(0.5 * logits))
    return chances


def logit(chances: Floats, *, edge: float = 1e-4) -> Floats:
    """Return the log-odds of probabilities, kept `edge` away from 0 and 1."""
    inside = np.clip(chances, edge, 1 - edge)
    odds: Floats = np.log(inside) - np.log1p(-inside)
    return odds

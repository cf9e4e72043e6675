"""What an ordinary tie looks like, and how far a few events may be trusted against it.

In: scores of events with their weights. Out: an `Estimate` of the dyad's mean score on the scale
of a `TieReference`, with an interval that is wide where events are few.

The model is the one-way random-effects model: a dyad's mean lies `spread` around the mean of all
dyads, single events lie `within` around the mean of their dyad. A plain bootstrap of one event has
no width at all, which would be false certainty. So the interval is the proper Bayesian bootstrap
(Rubin 1981; Muliere & Secchi 1996): the weight of each event is drawn from a Dirichlet
distribution, and the reference takes part with the weight of `within² / spread²` events, which is
just what empirical Bayes gives it (Efron & Morris 1975). Events of one kind alone (ten meetings)
scatter less than a relation does, so their scatter counts as `within` at least.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.schema import Record, Sign

Floats = NDArray[np.float64]

LEVEL = 0.95
"""Share of the draws inside an interval: a sign is given where less than 2.5 % lie beyond zero."""

DRAWS = 2_000
"""Draws of a bootstrap; its ends then vary by about 0.01 of `s` from seed to seed."""

FULL_SCALE = 2.0
"""Spreads from the mean at which `s` reaches -1 or 1: 95 % of dyads lie within."""

LIMIT = 10.0
"""Largest absolute PLOVER score."""

NORMAL_QUANTILE = 1.959963984540054
"""Standard deviations from the middle to the end of a normal interval of `LEVEL`."""


class TieReference(Record, frozen=True, kw_only=True):
    """The mean and spread of all dyads of a history, on the scale of the scores.

    `spread` is the standard deviation between dyads, net of what chance in few events adds;
    `within` that of single events inside a dyad. `name` and `source` say where they come from.
    """

    name: str
    mean: float
    spread: float
    within: float
    n_dyads: int = 0
    n_events: int = 0
    source: str = ""

    def __post_init__(self) -> None:
        if not (self.spread > 0 and self.within > 0):
            raise InputError(
                f"tie reference {self.name!r}: spread {self.spread} and within {self.within} must "
                "be above 0; give a history with more dyads"
            )

    @property
    def strength(self) -> float:
        """Return how many events the reference weighs against a dyad's own."""
        return (self.within / self.spread) ** 2


class Estimate(Record, frozen=True, kw_only=True):
    """A mean against a reference: `s` in -1..1 with the ends of its interval, and the sign."""

    s: float
    low: float
    high: float

    @property
    def sign(self) -> Sign:
        """Return the sign that the whole interval has, else `undetermined`."""
        if self.low > 0:
            return "+"
        return "-" if self.high < 0 else "undetermined"


@lru_cache(maxsize=1)
def load_reference() -> TieReference:
    """Return the shipped reference, `tie_reference.toml`: country dyad-months of ICEWS 2014."""
    path = resources.files("detente") / "data" / "tie_reference.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), TieReference)


def estimate_mean(
    scores: Floats, weights: Floats, reference: TieReference, *, seed: int
) -> Estimate:
    """Return the mean of weighted scores against `reference`, by the proper Bayesian bootstrap.

    `s` is the mean of the posterior, drawn towards the reference by its `strength`, less the
    reference's mean, in units of `FULL_SCALE` spreads, cut to -1..1. The draws start from `seed`
    for each dyad anew, so that a result depends neither on other dyads nor on the order of events.
    """
    values, mass = _histogram(scores, weights)
    draws = _draw_means(values, mass, reference, np.random.default_rng(seed))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    strength = reference.strength
    middle = (strength * reference.mean + float(mass @ values)) / (strength + float(mass.sum()))
    s = float(rescale(np.array(middle), reference))
    ends = rescale(np.array([low, high]), reference)
    return Estimate(s=s, low=min(s, float(ends[0])), high=max(s, float(ends[1])))


def rescale(score: Floats, reference: TieReference) -> Floats:
    """Return scores as `s`: distance from the reference's mean over `FULL_SCALE` spreads."""
    s = (score - reference.mean) / (FULL_SCALE * reference.spread)
    return cast(Floats, np.clip(s, -1.0, 1.0))


def _histogram(scores: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the distinct scores and their summed weights; events of one score are alike.

    Sorted before summing, so that not even rounding depends on the order of events.
    """
    order = np.lexsort((weights, scores))
    values, start = np.unique(scores[order], return_index=True)
    return values, np.add.reduceat(weights[order], start)


def _draw_means(
    values: Floats, mass: Floats, reference: TieReference, rng: np.random.Generator
) -> Floats:
    """Return draws of a dyad's mean: Dirichlet weights for the events and for the reference.

    The reference's own part is the mean of a Dirichlet process around it, taken as normal with
    that mean's first two moments.
    """
    n = float(mass.sum())
    scatter = float(mass @ (values - mass @ values / n) ** 2) / n
    lacking = max(0.0, reference.within**2 - scatter) / (n + 1)
    prior_weight = rng.gamma(reference.strength, size=DRAWS)
    prior_mean = np.clip(rng.normal(reference.mean, reference.spread, DRAWS), -LIMIT, LIMIT)
    weights = rng.gamma(mass, size=(DRAWS, len(mass)))
    noise = rng.normal(0.0, lacking**0.5, DRAWS)
    events = weights @ values + weights.sum(axis=1) * noise
    return cast(Floats, (prior_weight * prior_mean + events) / (prior_weight + weights.sum(axis=1)))


def estimate_reference(
    dyads: NDArray[np.int64], scores: Floats, weights: Floats, *, name: str, source: str = ""
) -> TieReference:
    """Return the reference of a history: mean, spread and within of its dyads (or dyad-periods).

    Args:
        dyads: number of the dyad (or dyad and period) of each event, counted from 0.
        scores: score of each event.
        weights: weight of each event.
        name: what the reference is called wherever it is shown.
        source: the data and how they were read.

    The spread is the estimator of Paule & Mandel (1982), which Veroniki et al. (2016) recommend:
    the variance between dyads at which the weighted squares equal their degrees of freedom.

    Raises:
        InputError: fewer than two dyads, or no dyad with two events, so no spread can be known.
    """
    mass = np.bincount(dyads, weights)
    kept = mass > 0
    n_dyads, n_events = int(kept.sum()), len(scores)
    if n_dyads < 2 or n_events <= n_dyads:
        raise InputError(
            f"{n_events} events of {n_dyads} dyads are too few for a reference of ties; "
            "use the shipped one"
        )
    means = np.bincount(dyads, weights * scores)[kept] / mass[kept]
    position = np.cumsum(kept) - 1
    squares = weights * (scores - means[position[dyads]]) ** 2
    within = float(squares.sum() / weights.sum() * n_events / (n_events - n_dyads))
    between = _paule_mandel(means, within / mass[kept])
    precision = 1 / (between + within / mass[kept])
    return TieReference(
        name=name,
        mean=float(precision @ means / precision.sum()),
        spread=between**0.5,
        within=within**0.5,
        n_dyads=n_dyads,
        n_events=n_events,
        source=source,
    )


def _paule_mandel(means: Floats, variances: Floats) -> float:
    """Return the variance between groups, by halving the interval; 0 where chance explains all."""

    def excess(between: float) -> float:
        precision = 1 / (between + variances)
        centre = precision @ means / precision.sum()
        return float(precision @ (means - centre) ** 2 - (len(means) - 1))

    low, high = 0.0, (2 * LIMIT) ** 2
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low

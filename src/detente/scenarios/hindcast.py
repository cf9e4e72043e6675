"""Hindcast: do the yearly dynamics of ties and dependence beat no model at all?

In: a `Panel` of structural ties, trade and capabilities (`dynamics.py`). Out: a `Hindcast` with the
coefficients of the dynamics and the skill of their forecasts, each with its interval.

Rolling origin (Tashman 2000): fitted on the years up to an origin, run ahead from it with
capabilities held, and held against what came; then the origin moves on a year. No forecast rests on
a year after its origin.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.scenarios.dynamics import (
    TERMS,
    Floats,
    Panel,
    Variable,
    fit,
    mean_so_far,
    run_ahead,
    solve,
    sum_products,
)
from detente.schema import Record

Verdict = Literal["above zero", "below zero", "spans zero"]

FIRST_ORIGIN = 1960
"""Before it are the least years that anything is fitted on."""

HORIZONS = (1, 5, 10)
"""Years ahead."""

BASELINES = ("persistence", "own mean", "pooled mean", "plain")
"""What forecasts are held against: no change; the mean of the pair, and of all pairs, so far; and
the same equation without the terms of the theories."""

SIGN_BAND = 0.1
"""A tie this near to zero has no sign. An assumption."""

DRAWS = 2_000
LEVEL = 0.95
T_QUANTILE = 2.262
"""Standard errors from the middle to the end of an interval of `LEVEL`: Student, 9 degrees of
freedom, for ten states."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one origin says of each pair some years ahead, and what came.

    `guesses` are those of the `dynamics` and of each of `BASELINES`; `known` are the pairs whose
    value was known at the origin and came to be known.
    """

    origin: int
    horizon: int
    variable: Variable
    now: Floats
    truth: Floats
    known: NDArray[np.bool_]
    guesses: dict[str, Floats]


class Interval(Record, frozen=True, kw_only=True):
    """A number with the ends of its 95 % interval, and whether that excludes zero."""

    value: float
    low: float
    high: float
    verdict: Verdict


class Skill(Record, frozen=True, kw_only=True):
    """1 − mean squared error of the dynamics / that of a baseline: 0 is none, 1 is perfect."""

    variable: Variable
    horizon: int
    baseline: str
    n: int
    skill: Interval


class SignChanges(Record, frozen=True, kw_only=True):
    """How many of `n` ties had another sign (+, none, −) after some years, and were said to.

    `n_foreseen` of the `n_changes` were forecast with their new sign; `n_false` changes were
    forecast of ties that kept theirs.
    """

    horizon: int
    n: int
    n_changes: int
    n_foreseen: int
    n_false: int


class Hindcast(Record, frozen=True, kw_only=True):
    """What the rolling origin found.

    Attributes:
        source: the data.
        first: first year.
        last: last year.
        n_pairs: pairs of states with a forecast.
        coefficients: `tie.balance` and so on, per year, fitted on all years.
        skills: of each variable, horizon and baseline.
        signs: changes of a tie's sign, by horizon.
    """

    source: str
    first: int
    last: int
    n_pairs: int
    coefficients: dict[str, Interval]
    skills: tuple[Skill, ...]
    signs: tuple[SignChanges, ...]


SOURCE = (
    "Correlates of War: Militarized Interstate Disputes 5.0 (Palmer et al. 2022), Trade 4.0 "
    "(Barbieri, Keshk & Pollins 2009), National Material Capabilities 7.0 (Singer 1987); ATOP 5.1 "
    "(Leeds et al. 2002)"
)


@lru_cache(maxsize=1)
def load_dynamics() -> Hindcast:
    """Return the shipped hindcast of 1946-2014, `dynamics.toml`."""
    path = resources.files("detente") / "data" / "dynamics.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Hindcast)


def fitted_intervals(hindcast: Hindcast) -> dict[str, tuple[float, float]]:
    """Return the interval of each coefficient, per year, by its name such as `tie.balance`."""
    return {name: (found.low, found.high) for name, found in hindcast.coefficients.items()}


def run_hindcast(panel: Panel, *, seed: int = 1) -> Hindcast:
    """Return coefficients fitted on the whole panel, and the skill of forecasts by rolling origin.

    Raises:
        InputError: the panel ends before the first forecast, or has hardly a pair to fit on.
    """
    forecasts = list(roll(panel))
    if not forecasts:
        raise InputError(
            f"the tables end in {panel.last}; a hindcast needs years after {FIRST_ORIGIN}"
        )
    known = np.array([forecast.known for forecast in forecasts])
    return Hindcast(
        source=SOURCE,
        first=panel.first,
        last=panel.last,
        n_pairs=int(known.any(axis=0).sum()),
        coefficients=measure_coefficients(panel),
        skills=tuple(measure_skills(forecasts, seed=seed)),
        signs=tuple(count_sign_changes(forecasts)),
    )


def roll(panel: Panel) -> Iterator[Forecast]:
    """Yield the forecasts of each origin, horizon and variable; pairs are in order of states.

    Raises:
        InputError: an origin has hardly a pair to fit on.
    """
    i, j = panel.pairs
    for origin in range(FIRST_ORIGIN, panel.last):
        past = panel.until(origin)
        ahead = min(max(HORIZONS), panel.last - origin)
        runs = {"dynamics": run_ahead(past, ahead), "plain": run_ahead(past, ahead, plain=True)}
        for variable in TERMS:
            so_far = past.values(variable)[:, i, j]
            means = mean_so_far(so_far)
            fixed = {
                "persistence": so_far[-1],
                "own mean": means,
                "pooled mean": np.full(len(i), np.nanmean(so_far)),
            }
            for horizon in (years for years in HORIZONS if years <= ahead):
                truth = panel.values(variable)[origin + horizon - panel.first, i, j]
                run = {name: run[variable][horizon - 1, i, j] for name, run in runs.items()}
                known = np.isfinite(so_far[-1]) & np.isfinite(truth)
                yield Forecast(origin, horizon, variable, so_far[-1], truth, known, fixed | run)


def measure_coefficients(panel: Panel) -> dict[str, Interval]:
    """Return the coefficients fitted on all years, by names such as `tie.balance`.

    Intervals are jackknives that leave out a state with all its pairs, for pairs that share a state
    are not independent. That is conservative (Efron & Stein 1981; Lin, Lunde & Sarkar 2020), as
    what is to be a parameter should be.
    """
    i, j = panel.pairs
    n = panel.ties.shape[-1]
    without = np.array([(i != state) & (j != state) for state in range(n)], dtype=float)
    found = {}
    for variable, names in TERMS.items():
        values = fit(panel, variable)
        gram, cross = (np.tensordot(without, each, 1) for each in sum_products(panel, variable))
        left_out = solve(gram, cross, len(names))
        squares = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
        half = T_QUANTILE * np.sqrt((n - 1) / n * squares)
        for name, value, width in zip(names, values, half, strict=True):
            found[f"{variable}.{name}"] = _interval(value, value - width, value + width)
    return found


def measure_skills(forecasts: Iterable[Forecast], *, seed: int = 1) -> Iterator[Skill]:
    """Yield the skill of the dynamics against each baseline, by variable and horizon.

    Intervals are bootstraps of pairs, each with all its years.

    Raises:
        InputError: a baseline is never wrong, so that nothing can be held against it.
    """
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    for (variable, horizon), group in _grouped(forecasts).items():
        n_pairs = len(group[0].now)
        rng = np.random.default_rng(seed)
        weights = rng.multinomial(n_pairs, np.full(n_pairs, 1 / n_pairs), DRAWS)
        errors = {name: _squared_errors(group, name) for name in ("dynamics", *BASELINES)}
        drawn = {name: weights @ error for name, error in errors.items()}
        for baseline in BASELINES:
            if not errors[baseline].any():
                raise InputError(
                    f"{variable}: {baseline} is never wrong; give tables of more years"
                )
            skill = 1 - errors["dynamics"].sum() / errors[baseline].sum()
            low, high = np.quantile(1 - drawn["dynamics"] / drawn[baseline], ends)
            yield Skill(
                variable=variable,
                horizon=horizon,
                baseline=baseline,
                n=sum(int(each.known.sum()) for each in group),
                skill=_interval(skill, low, high),
            )


def count_sign_changes(forecasts: Iterable[Forecast]) -> Iterator[SignChanges]:
    """Yield how many changes of a tie's sign the dynamics foresaw, by horizon."""
    for (variable, horizon), group in _grouped(forecasts).items():
        if variable != "tie":
            continue
        known = np.concatenate([each.known for each in group])
        now = _signs(each.now for each in group)[known]
        truth = _signs(each.truth for each in group)[known]
        guess = _signs(each.guesses["dynamics"] for each in group)[known]
        yield SignChanges(
            horizon=horizon,
            n=len(now),
            n_changes=int((truth != now).sum()),
            n_foreseen=int(((truth != now) & (guess == truth)).sum()),
            n_false=int(((truth == now) & (guess != now)).sum()),
        )


def _grouped(forecasts: Iterable[Forecast]) -> dict[tuple[Variable, int], list[Forecast]]:
    groups: dict[tuple[Variable, int], list[Forecast]] = defaultdict(list)
    for forecast in forecasts:
        groups[forecast.variable, forecast.horizon].append(forecast)
    return groups


def _squared_errors(forecasts: list[Forecast], name: str) -> Floats:
    """Return the sum of squared errors of each pair."""
    errors = [
        np.where(each.known, (each.guesses[name] - each.truth) ** 2, 0.0) for each in forecasts
    ]
    total: Floats = np.sum(errors, axis=0)
    return total


def _signs(ties: Iterable[Floats]) -> Floats:
    values = np.concatenate(list(ties))
    return np.where(np.abs(values) > SIGN_BAND, np.sign(values), 0.0)


def _interval(value: float, low: float, high: float) -> Interval:
    verdict: Verdict = "above zero" if low > 0 else "below zero" if high < 0 else "spans zero"
    return Interval(value=float(value), low=float(low), high=float(high), verdict=verdict)

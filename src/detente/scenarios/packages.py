"""The search for packages of issues on a grid, over many runs at once.

In: ideals and saliences by run, party and issue, and the outcome issue by issue. Out: the package
with the largest product of the needed parties' gains in each run (Nash 1950). `linkage.py` has the
equations and the same search for named parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError
from detente.scenarios.challenges import Flags, Floats

LEAST_GAIN = 1e-9
"""Gains and losses below this, in salience times share of the range, are none."""

MOST_POINTS = 2_000_000
"""Packages looked at at most: 2 million take about a second and 100 MB."""

BLOCK = 2_000_000
"""Values held at once in a search over many runs."""


@dataclass(slots=True, frozen=True, eq=False)
class BestPackages:
    """The best package of each run.

    Attributes:
        found: whether there is one, by run.
        outcomes: by run and issue; the baseline where there is none.
        gains: by run and party; 0 where there is none.
    """

    found: Flags
    outcomes: Floats
    gains: Floats


def search_packages(
    ideals: ArrayLike,
    saliences: ArrayLike,
    baseline: ArrayLike,
    *,
    needed: Sequence[int],
    linked: bool = True,
    steps: int = 11,
) -> BestPackages:
    """Return the package with the largest product of gains in each run.

    Args:
        ideals: by run, party and issue.
        saliences: the same, or by party and issue; 0 where a party has no stake.
        baseline: the issue-by-issue outcome, by run and issue.
        needed: numbers of the parties whose consent is needed.
        linked: as in `find_packages`.
        steps: as in `find_packages`.

    Raises:
        InputError: shapes do not fit, a value is out of range, or the grid is too large.
    """
    wanted, before = np.asarray(ideals, dtype=float), np.asarray(baseline, dtype=float)
    if wanted.ndim != 3 or not wanted.size or before.shape != wanted.shape[::2]:
        raise InputError(
            f"ideals of shape {wanted.shape} and baseline of shape {before.shape}; "
            "give runs x parties x issues and runs x issues"
        )
    if not needed or not set(needed) <= set(range(wanted.shape[1])):
        raise InputError(f"needed = {list(needed)}; give numbers 0 to {wanted.shape[1] - 1}")
    weights = np.broadcast_to(np.asarray(saliences, dtype=float), wanted.shape)
    if not (np.isfinite(wanted).all() and np.isfinite(before).all() and (weights >= 0).all()):
        raise InputError("an ideal or outcome is not finite, or a salience below 0")
    columns = list(needed)
    n_points = (steps + len(columns) + 1) ** wanted.shape[2]
    size = max(1, BLOCK // n_points)
    parts = [
        _search_block(wanted[rows], weights[rows], before[rows], columns, linked, steps)
        for rows in (slice(at, at + size) for at in range(0, len(wanted), size))
    ]
    return BestPackages(
        found=np.concatenate([part.found for part in parts]),
        outcomes=np.concatenate([part.outcomes for part in parts]),
        gains=np.concatenate([part.gains for part in parts]),
    )


def lay_grid(ideals: Floats, before: Floats, steps: int) -> Floats:
    """Return the points to look at, by run, issue and point.

    They lie between the ideals of the needed parties and the baseline: beyond, all of them lose.

    Args:
        ideals: of the needed parties, by run, party and issue.
        before: the baseline, by run and issue.
        steps: equal steps of the grid, besides those ideals and the baseline.

    Raises:
        InputError: fewer than 2 steps, or more packages than `MOST_POINTS`.
    """
    if steps < 2:
        raise InputError(f"steps = {steps}; give 2 or more")
    n_points = (steps + ideals.shape[1] + 1) ** ideals.shape[2]
    if n_points > MOST_POINTS:
        raise InputError(
            f"{ideals.shape[2]} issues with {steps} steps make {n_points:,} packages, more than "
            f"{MOST_POINTS:,}; give fewer steps or issues"
        )
    marks = np.concatenate([ideals, before[:, None, :]], axis=1).transpose(0, 2, 1)
    low, high = marks.min(axis=2, keepdims=True), marks.max(axis=2, keepdims=True)
    return np.concatenate([marks, low + (high - low) * np.linspace(0, 1, steps)], axis=2)


def scale_gains(ideals: Floats, saliences: Floats, before: Floats, points: Floats) -> Floats:
    """Return what each point means to each party, by run, party, issue and point."""
    start = before[:, None, :]
    span = np.ptp(np.concatenate([ideals, start], axis=1), axis=1)[:, None, :]
    weight = saliences / np.where(span > 0, span, 1.0)
    nearer = np.abs(ideals - start)[..., None] - np.abs(ideals[..., None] - points[:, None])
    return np.asarray(weight[..., None] * nearer)


def combine_gains(scaled: Floats) -> Floats:
    """Return a party's net gain from every package, by run and package.

    Args:
        scaled: its gains by run, issue and point.
    """
    total = scaled[:, 0]
    for issue in range(1, scaled.shape[1]):
        total = (total[:, :, None] + scaled[:, issue, None, :]).reshape(len(scaled), -1)
    return total


def score_packages(scaled: Floats, linked: bool) -> Floats:
    """Return the product of gains of every package, 0 for one that somebody refuses."""
    score = np.ones(())
    for party in range(scaled.shape[1]):
        gain = combine_gains(scaled[:, party])
        accepts = gain > LEAST_GAIN
        if linked:
            accepts &= _gives(scaled[:, party])
        score = score * np.where(accepts, gain, 0.0)
    return score


def pick_undominated(totals: Floats, score: Floats, limit: int) -> list[int]:
    """Return the best packages that no other beats for all needed parties.

    Whatever beats a package has the larger product, so that the best one left is never beaten.
    """
    chosen: list[int] = []
    left = np.flatnonzero(score > 0)
    while left.size and len(chosen) < limit:
        best = int(left[score[left].argmax()])
        chosen.append(best)
        beaten = (totals[:, left] <= totals[:, [best]] + LEAST_GAIN).all(axis=0)
        left = left[~beaten]
    return chosen


def _gives(scaled: Floats) -> Flags:
    """Return whether a party loses on some issue of every package, by run and package."""
    return np.asarray(combine_gains((scaled < -LEAST_GAIN).astype(float)) > 0)


def _search_block(
    ideals: Floats,
    saliences: Floats,
    before: Floats,
    columns: list[int],
    linked: bool,
    steps: int,
) -> BestPackages:
    points = lay_grid(ideals[:, columns], before, steps)
    scaled = scale_gains(ideals, saliences, before, points)
    score = score_packages(scaled[:, columns], linked)
    best = score.argmax(axis=1)
    found = np.take_along_axis(score, best[:, None], axis=1)[:, 0] > 0
    n_issues, n_points = points.shape[1:]
    place = np.stack(np.unravel_index(best, (n_points,) * n_issues), axis=1)[:, :, None]
    outcomes = np.take_along_axis(points, place, axis=2)[:, :, 0]
    gains = np.take_along_axis(scaled, place[:, None], axis=3)[..., 0].sum(axis=2)
    return BestPackages(
        found=found,
        outcomes=np.where(found[:, None], outcomes, before),
        gains=np.where(found[:, None], gains, 0.0),
    )

"""Packages that all who are needed consent to, found exactly and over many runs at once.

In: ideals and saliences by run, party and issue, and the outcome issue by issue. Out: the package
that gives the needed party that gains least the most (the egalitarian solution, Kalai 1977; all
gain alike where that can be, as in a trade of `exchange.py`), and of such packages nearly the one
with the largest sum.

A party's gain from an issue is concave in the outcome and straight between the needed parties'
ideals and the baseline. So with shares z_kp of the way from the baseline to ideal p on issue k,
this is a small linear programme,

    max t   with  t <= sum_kp G_ikp z_kp  for each needed i,   sum_p z_kp <= 1 for each k,   z >= 0

which starts from a feasible corner, the baseline. The simplex method is run on all runs together.
Where what is given counts more than what is won, a gain may bend between these points too, and is
then no less than the programme's. A grid (`packages.py`) is exact only on its points: where gains
must be matched closely, a coarse one misses most packages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.scenarios.challenges import Flags, Floats, Integers
from detente.scenarios.packages import LEAST_GAIN, BestPackages, scale_gains

MOST_PIVOTS = 200
"""Corners looked at in turn; a dozen or two are the rule."""

SUM_WEIGHT = 1e-3
"""Weight of the sum of gains beside the least of them, so that nothing is left on the table."""

NUDGE = 1e-10
"""By how much the constraints are set apart, so that no corner is met twice; also what is 0."""


def best_for_least(
    ideals: Floats,
    saliences: Floats,
    baseline: Floats,
    *,
    needed: Sequence[int],
    won: Floats | float = 1.0,
    given: Floats | float = 1.0,
) -> BestPackages:
    """Return the package with the largest least gain of the needed parties in each run.

    Its gains are as each party counts them.

    Args:
        ideals: by run, party and issue.
        saliences: the same; 0 where a party has no stake.
        baseline: the issue-by-issue outcome, by run and issue.
        needed: numbers of the parties whose consent is needed.
        won: how much each party counts what it wins, by run and party.
        given: how much it counts what it gives, no less than `won`.
    """
    columns = list(needed)
    points = np.moveaxis(ideals[:, columns], 1, 2)
    weights = [np.broadcast_to(one, ideals.shape[:2])[:, :, None, None] for one in (won, given)]
    worth = _count(scale_gains(ideals, saliences, baseline, points), *weights)
    shares = _solve(worth[:, columns])
    outcomes = baseline + (shares * (points - baseline[:, :, None])).sum(axis=2)
    each = scale_gains(ideals, saliences, baseline, outcomes[:, :, None])
    gains = _count(each, *weights).sum(axis=(2, 3))
    found = (gains[:, columns] > LEAST_GAIN).all(axis=1)
    return BestPackages(
        found=found,
        outcomes=np.where(found[:, None], outcomes, baseline),
        gains=np.where(found[:, None], gains, 0.0),
    )


def _count(gains: Floats, won: Floats, given: Floats) -> Floats:
    """Return gains as they are counted."""
    return np.asarray(np.where(gains > 0, won, given) * gains)


def _solve(worth: Floats) -> Floats:
    """Return the shares by run, issue and ideal, given the gains by run, party, issue and ideal."""
    table = _lay_table(worth)
    runs, n_needed, n_issues, n_points = worth.shape
    n_rows = n_needed + n_issues
    slack = 1 + n_issues * n_points
    basis = np.tile(np.arange(slack, slack + n_rows), (runs, 1))
    rows = np.arange(runs)
    for _ in range(MOST_PIVOTS):
        entering = table[:, -1, :-1].argmin(axis=1)
        pivot = table[rows, :-1, entering]
        ratio = np.where(
            pivot > NUDGE, table[:, :-1, -1] / np.where(pivot > NUDGE, pivot, 1.0), np.inf
        )
        leaving = ratio.argmin(axis=1)
        goes_on = (table[rows, -1, entering] < -NUDGE) & np.isfinite(ratio[rows, leaving])
        if not goes_on.any():
            break
        _pivot(table, basis, goes_on, leaving, entering)
    values = np.zeros((runs, slack + n_rows))
    np.put_along_axis(values, basis, table[:, :-1, -1], axis=1)
    return np.clip(values[:, 1:slack], 0.0, 1.0).reshape(runs, n_issues, n_points)


def _lay_table(worth: Floats) -> Floats:
    """Return the first simplex table of each run: t, shares, slacks, limits; below, the aim."""
    runs, n_needed, n_issues, n_points = worth.shape
    n_rows, n_shares = n_needed + n_issues, n_issues * n_points
    table = np.zeros((runs, n_rows + 1, 1 + n_shares + n_rows + 1))
    shares = slice(1, 1 + n_shares)
    table[:, :n_needed, 0] = 1.0
    table[:, :n_needed, shares] = -worth.reshape(runs, n_needed, n_shares)
    table[:, n_needed:-1, shares] = np.repeat(np.eye(n_issues), n_points, axis=1)
    table[:, :-1, 1 + n_shares : -1] = np.eye(n_rows)
    table[:, :n_needed, -1] = NUDGE * np.arange(1, n_needed + 1)
    table[:, n_needed:-1, -1] = 1.0 + NUDGE * np.arange(1, n_issues + 1)
    table[:, -1, 0] = -1.0
    table[:, -1, shares] = -SUM_WEIGHT * worth.sum(axis=1).reshape(runs, n_shares)
    return table


def _pivot(
    table: Floats, basis: Integers, which: Flags, leaving: Integers, entering: Integers
) -> None:
    """Exchange a basic variable for another in some runs, in place."""
    rows = np.flatnonzero(which)
    out, into = leaving[rows], entering[rows]
    part = table[rows]
    runs = np.arange(len(rows))
    line = part[runs, out] / part[runs, out, into][:, None]
    part -= part[runs, :, into][:, :, None] * line[:, None]
    part[runs, out] = line
    table[rows] = part
    basis[rows, out] = into

"""Yearly dynamics of ties and dependence: the equations, fitted on a past and run ahead from it.

In: a folder of structural tables (`relations/cow.py`). Out: a `Panel` of yearly matrices, the
coefficients of the equations, and what they say of the years ahead. For a pair with structural tie
`s`, share of trade with each other `d` (its mean so far: `n`) and capabilities `c` (CINC), a year
changes

    Δs = drift − decay s + balance B + dependence d + lock_in d max(s, 0)
         + parity P + contest P max(−s, 0)                  B = mean over k of s_ik s_jk
    Δd = drift + reversion (n − d) + tie s                  P = min(c_i, c_j) / max(c_i, c_j)

`balance` is the pull of signed triads (M2; Heider 1946, Cartwright & Harary 1956), `dependence` and
`lock_in` are trade as a bond and as an exit cost (M4; Hirschman 1945, Keohane & Nye 1977), `parity`
and `contest` are power transition (M21; Organski 1958, Kugler & Lemke 1996). Coefficients are per
year, fitted by ridge regression.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from detente.errors import InputError
from detente.relations import cow
from detente.relations.series import dyad_series
from detente.relations.structure import FOUNDED, structural_ties

Floats = NDArray[np.float64]
Variable = Literal["tie", "dependence"]

POWERS = {
    2: "USA",
    200: "GBR",
    220: "FRA",
    255: "DEU",
    325: "ITA",
    365: "RUS",
    640: "TUR",
    710: "CHN",
    740: "JPN",
    750: "IND",
}
"""Of the twelve powers those that were states after 1945 and bear a code of today, by number: not
Austria-Hungary (300), nor West Germany (260), of which no share of trade is known after 1959."""

FIRST, LAST = 1946, 2014
"""Years: disputes and trade both end in 2014."""

TERMS: dict[Variable, tuple[str, ...]] = {
    "tie": ("drift", "decay", "balance", "dependence", "lock_in", "parity", "contest"),
    "dependence": ("drift", "reversion", "tie"),
}
"""Terms of the two equations, in their order."""

N_PLAIN = 2
"""How many terms of either equation come first and are no theory: drift and return to a level."""

RIDGE = 1.0
"""Penalty in pair-years on a coefficient in units of its term's spread. Set beforehand."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Yearly matrices (year, state, state) of a set of states; nan is unknown, or no state yet.

    Attributes:
        first: the first year; the others follow one by one.
        ties: structural ties, -1 to 1; 0 where two states have no evidence.
        dependence: geometric mean of each one's share in the other's trade, 0 to 1, as reported.
        parity: capability of the weaker over that of the stronger, 0 to 1.
    """

    first: int
    ties: Floats
    dependence: Floats
    parity: Floats

    @property
    def last(self) -> int:
        """Return the last year."""
        return self.first + len(self.ties) - 1

    @property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the places of both states of each pair, in the order that all results have."""
        i, j = np.triu_indices(self.ties.shape[-1], 1)
        return i, j

    def values(self, variable: Variable) -> Floats:
        """Return what an equation is about, as matrices."""
        return self.ties if variable == "tie" else self.dependence

    def until(self, year: int) -> Panel:
        """Return the panel as it was at the end of a year."""
        kept = slice(0, year - self.first + 1)
        return Panel(self.first, self.ties[kept], self.dependence[kept], self.parity[kept])


def read_panel(folder: Path) -> Panel:
    """Return the panel of `POWERS` from structural tables, up to the last year of the disputes.

    No value rests on a later year than its own.

    Raises:
        InputError: a table is missing or lacks a column.
    """
    states = list(POWERS.values())
    found = structural_ties(folder, states, first=FIRST, last=LAST)
    years = range(FIRST, max((int(tie.period) for tie in found), default=FIRST) + 1)
    trade = dyad_series(folder, list(POWERS)).filter(
        pl.col("series") == "trade_share", pl.col("year").is_in(years)
    )
    pairs = [
        (year, POWERS[a], POWERS[b], share)
        for a, b, year, share in trade.select("a", "b", "year", "value").iter_rows()
        if all(year >= FOUNDED.get(POWERS[state], 0) for state in (a, b))
    ]
    no_tie = _matrices(years, ((year, a, b, 0.0) for year, a, b, _ in pairs))
    ties = _matrices(years, ((int(tie.period), tie.a, tie.b, tie.s) for tie in found))
    capability = cow.read_capabilities(folder).select("year", "ccode", "cinc")
    cinc = {(year, POWERS.get(state)): share for year, state, share in capability.iter_rows()}
    c = np.array([[cinc.get((year, state)) for state in states] for year in years], dtype=float)
    a, b = c[:, :, None], c[:, None, :]
    return Panel(
        first=FIRST,
        ties=np.where(np.isnan(ties), 0.0, ties) + no_tie,
        dependence=_matrices(years, pairs),
        parity=np.minimum(a, b) / np.maximum(a, b),
    )


def _matrices(years: range, rows: Iterable[tuple[int, str, str, float | None]]) -> Floats:
    """Return symmetric matrices of the values of pairs, nan where there is none."""
    place = {state: n for n, state in enumerate(POWERS.values())}
    found = np.full((len(years), len(place), len(place)), np.nan)
    for year, a, b, value in rows:
        for x, y in ((a, b), (b, a)):
            found[year - years.start, place[x], place[y]] = np.nan if value is None else value
    return found


def fit(panel: Panel, variable: Variable, *, plain: bool = False) -> Floats:
    """Return the coefficients of an equation per year; with `plain` those of theories are 0.

    Raises:
        InputError: there are fewer pair-years than terms.
    """
    gram, cross = sum_products(panel, variable)
    if gram[:, 0, 0].sum() < gram.shape[-1]:
        raise InputError(
            f"too few pairs with ties, trade and capabilities in {panel.first}-{panel.last}; give "
            f"tables that cover the powers from {FIRST} on"
        )
    return solve(gram.sum(axis=0), cross.sum(axis=0), N_PLAIN if plain else gram.shape[-1])


def sum_products(panel: Panel, variable: Variable) -> tuple[Floats, Floats]:
    """Return each pair's sums over years of products of terms, and of terms with the change.

    They are all that a fit rests on, so that weighing pairs anew is to weigh these.
    """
    i, j = panel.pairs
    terms = _terms_of_years(panel, variable)[:-1, i, j]
    change = np.diff(panel.values(variable)[:, i, j], axis=0)
    known = np.isfinite(terms).all(axis=-1) & np.isfinite(change)
    terms, change = np.where(known[..., None], terms, 0.0), np.where(known, change, 0.0)
    gram = np.einsum("ypk,ypl->pkl", terms, terms)
    return gram, np.einsum("ypk,yp->pk", terms, change)


def solve(gram: Floats, cross: Floats, n_terms: int) -> Floats:
    """Return ridge coefficients of the first `n_terms`; the others are 0.

    `gram` and `cross` are sums of `sum_products`, with any axes before their last.
    """
    used = gram[..., :n_terms, :n_terms]
    n = np.maximum(used[..., 0, 0], 1.0)[..., None]
    spread = np.diagonal(used, axis1=-2, axis2=-1) / n - (used[..., 0, :] / n) ** 2
    penalty = RIDGE * np.maximum(spread, 0.0)[..., None] * np.eye(n_terms)
    found = np.linalg.pinv(used + penalty, hermitian=True) @ cross[..., :n_terms, None]
    coefficients = np.zeros(cross.shape)
    coefficients[..., :n_terms] = found[..., 0]
    return coefficients


def _terms_of_years(panel: Panel, variable: Variable) -> Floats:
    """Return the terms of an equation at the end of each year."""
    if variable == "tie":
        return _tie_terms(panel.ties, _carry(panel.dependence), panel.parity)
    known = np.isfinite(panel.dependence)
    count = np.maximum(known.cumsum(axis=0), 1)
    means = np.nan_to_num(panel.dependence).cumsum(axis=0) / count
    return _dependence_terms(panel.ties, panel.dependence, means)


def _tie_terms(ties: Floats, dependence: Floats, parity: Floats) -> Floats:
    known = np.nan_to_num(ties)
    others = np.isfinite(ties).any(axis=-1).sum(axis=-1)[..., None, None] - 2
    terms = (
        np.ones_like(ties),
        -ties,
        known @ known / np.maximum(others, 1),
        dependence,
        dependence * np.maximum(ties, 0.0),
        parity,
        parity * np.maximum(-ties, 0.0),
    )
    return np.stack(terms, axis=-1)


def _dependence_terms(ties: Floats, dependence: Floats, means: Floats) -> Floats:
    return np.stack((np.ones_like(ties), means - dependence, ties), axis=-1)


def run_ahead(past: Panel, ahead: int, *, plain: bool = False) -> dict[Variable, Floats]:
    """Return ties and dependence in each of the years ahead, as the fitted dynamics have them.

    Capabilities stay as they are, and so does a tie of states whose trade was never known.

    Raises:
        InputError: as `fit`.
    """
    fitted = {variable: fit(past, variable, plain=plain) for variable in TERMS}
    ties, dependence = past.ties[-1], _carry(past.dependence)[-1]
    means = mean_so_far(past.dependence)
    found: dict[Variable, list[Floats]] = {"tie": [], "dependence": []}
    for _ in range(ahead):
        tie_change = _tie_terms(ties, dependence, past.parity[-1]) @ fitted["tie"]
        change = _dependence_terms(ties, dependence, means) @ fitted["dependence"]
        ties = np.clip(ties + np.nan_to_num(tie_change), -1.0, 1.0)
        dependence = np.clip(dependence + change, 0.0, 1.0)
        found["tie"].append(ties)
        found["dependence"].append(dependence)
    return {variable: np.array(years) for variable, years in found.items()}


def _carry(values: Floats) -> Floats:
    """Return yearly values with the last known one where a year has none."""
    years = np.arange(len(values))[:, None, None]
    newest = np.maximum.accumulate(np.where(np.isfinite(values), years, 0), axis=0)
    return np.take_along_axis(values, newest, axis=0)


def mean_so_far(values: Floats) -> Floats:
    """Return the mean over years of what is known, nan where nothing is."""
    n = np.isfinite(values).sum(axis=0)
    means: Floats = np.where(n > 0, np.nansum(values, axis=0) / np.maximum(n, 1), np.nan)
    return means

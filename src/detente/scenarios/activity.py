"""Who was active with whom on which day: a table of events as arrays of days.

In: `History.events` up to a day. Out: an `Activity`: for each dyad and kind the days on which it
had at least one event, how active each side was with others, and the pool of dyads to learn from;
and the base rates of windows, which are the climatology of a question.

Days count from 0, the first day that is kept. An *origin* `o` is a number of known days: what is
known at `o` are days 0 to `o - 1`, and a horizon of `h` days asks for days `o` to `o + h - 1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from detente.errors import InputError
from detente.relations.cameo import load_scores
from detente.scenarios.logistic import Floats

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Dyad = tuple[str, str]

QUADS = {
    "VERBAL_COOPERATION": 1,
    "MATERIAL_COOPERATION": 2,
    "VERBAL_CONFLICT": 3,
    "MATERIAL_CONFLICT": 4,
}
"""PLOVER's quad classes, as `plover.toml` numbers them."""

ANY = "ANY"
"""The kind of every event."""

SYMMETRIC = "CONSULT"
"""The root that has no direction: who visits whom makes no difference to whether they met."""

KEPT = 731
"""Days before the newest that are kept: what a pair did longer ago says little, and memory has an
end."""

POOL = 100
"""Dyads that are learned from at each origin: the most active until then."""

PRIOR_DAYS = 20.0
"""Days that the pool's mean rate counts for, beside a dyad's own days."""


@dataclass(slots=True, frozen=True, eq=False)
class Activity:
    """The active days of dyads: arrays of 0 and 1, whose last axis is the day.

    Attributes:
        dyads: the rows: those asked for, and all that are in the pool at an origin.
        kinds: the kinds of `own`.
        n_days: days that are kept.
        own: dyad × kind × day: whether it had an event of the kind.
        reverse: the same from target to source; None where dyads have no direction.
        cooperation: dyad × day, in either direction.
        conflict: dyad × day, in either direction.
        cooperation_abroad: dyad × side × day: dyads with others in which that side was active.
        conflict_abroad: dyad × side × day.
        origins: origins at which the pool is known, rising.
        pool: dyad × origin: whether a dyad is in it.
    """

    dyads: tuple[Dyad, ...]
    kinds: tuple[str, ...]
    n_days: int
    own: Floats
    reverse: Floats | None
    cooperation: Floats
    conflict: Floats
    cooperation_abroad: Floats
    conflict_abroad: Floats
    origins: Ints
    pool: Bools


def kind_names() -> list[str]:
    """Return the kinds that can be asked for: PLOVER roots, quad classes, and any."""
    return [*root_names(), *QUADS, ANY]


def root_names() -> list[str]:
    """Return the PLOVER roots, sorted."""
    return sorted(set(load_scores()["root"]))


def of_kind(kind: str) -> pl.Expr:
    """Return which rows of `History.events` are of a kind."""
    if kind == ANY:
        return pl.lit(True)
    return pl.col("quad") == QUADS[kind] if kind in QUADS else pl.col("root") == kind


def known_days(events: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, int]:
    """Return the events of the days that are kept, with their `day`, and how many days those are.

    Raises:
        InputError: there is no event up to that day.
    """
    known = events.filter(pl.col("date") <= as_of)
    first = known["date"].min()
    if not isinstance(first, date):
        raise InputError(f"the history has no event up to {as_of}; give an earlier history")
    first = max(first, as_of - timedelta(days=KEPT - 1))
    kept = known.filter(pl.col("date") >= first)
    day = (pl.col("date") - first).dt.total_days().cast(pl.Int64)
    return kept.with_columns(day=day), (as_of - first).days + 1


def tabulate_activity(
    events: pl.DataFrame,
    asked: Iterable[Dyad],
    *,
    kinds: Sequence[str],
    directed: bool,
    as_of: date,
    origins: Sequence[int],
) -> Activity:
    """Return the activity of the dyads asked for and of the pools, up to a day.

    Args:
        events: `History.events`; later ones are not read.
        asked: dyads; where `directed` is false each has its names in order.
        kinds: kinds of event, of `kind_names`.
        directed: whether source and target are told apart.
        as_of: the newest day that is known.
        origins: at which the pool is wanted, of `known_days`.

    Raises:
        InputError: there is no event up to that day.
    """
    rows, n_days = known_days(events, as_of)
    pairs = _unordered(rows)
    own_rows = _directed(rows) if directed else pairs
    at = np.array(sorted({*origins, n_days}), dtype=np.int64)
    dyads, pool = _pools(own_rows, list(dict.fromkeys(asked)), at, n_days)
    friendly = pl.col("quad") <= QUADS["MATERIAL_COOPERATION"]
    own = [_days_of(own_rows.filter(of_kind(kind)), dyads, n_days) for kind in kinds]
    swapped = [(b, a) for a, b in dyads]
    reverse = (
        np.stack(
            [_days_of(own_rows.filter(of_kind(kind)), swapped, n_days) for kind in kinds], axis=1
        )
        if directed
        else None
    )
    ordered = [(min(dyad), max(dyad)) for dyad in dyads]
    cooperation = _days_of(pairs.filter(friendly), ordered, n_days)
    conflict = _days_of(pairs.filter(~friendly), ordered, n_days)
    return Activity(
        dyads=tuple(dyads),
        kinds=tuple(kinds),
        n_days=n_days,
        own=np.stack(own, axis=1),
        reverse=reverse,
        cooperation=cooperation,
        conflict=conflict,
        cooperation_abroad=_abroad(pairs.filter(friendly), dyads, n_days, cooperation),
        conflict_abroad=_abroad(pairs.filter(~friendly), dyads, n_days, conflict),
        origins=at,
        pool=pool,
    )


def _unordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with their dyad `a` < `b`."""
    return rows.with_columns(
        a=pl.min_horizontal("source", "target"), b=pl.max_horizontal("source", "target")
    )


def _directed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows from `a` to `b`; those of the symmetric root both ways."""
    there = rows.with_columns(a="source", b="target")
    back = rows.filter(pl.col("root") == SYMMETRIC).with_columns(a="target", b="source")
    return pl.concat([there, back])


def _pools(
    rows: pl.DataFrame, asked: list[Dyad], origins: Ints, n_days: int
) -> tuple[list[Dyad], Bools]:
    """Return the dyads asked for and those of any pool, and who is in the pool at each origin.

    In the pool are the dyads with the most active days before the origin, never by what came after.
    """
    active = rows.select("a", "b", "day").unique()
    names = active.select("a", "b").unique().sort("a", "b")
    listed: list[Dyad] = list(zip(names["a"], names["b"], strict=True))
    numbered = active.join(names.with_row_index("dyad"), on=["a", "b"])
    counts = np.zeros((len(listed), len(origins)), dtype=np.int32)
    step = np.searchsorted(origins, numbered["day"].to_numpy(), side="right")
    inside = step < len(origins)
    np.add.at(counts, (numbered["dyad"].to_numpy()[inside], step[inside]), 1)
    counts = counts.cumsum(axis=1)
    best = np.argsort(-counts, axis=0, kind="stable")[:POOL]
    chosen = np.zeros(counts.shape, dtype=bool)
    np.put_along_axis(chosen, best, True, axis=0)
    chosen &= counts > 0
    kept = np.flatnonzero(chosen.any(axis=1))
    place = {listed[number]: chosen[number] for number in kept}
    nowhere = np.zeros(len(origins), dtype=bool)
    dyads = list(dict.fromkeys([*asked, *place]))
    return dyads, np.array([place.get(dyad, nowhere) for dyad in dyads])


def _days_of(rows: pl.DataFrame, dyads: Sequence[Dyad], n_days: int) -> Floats:
    """Return dyad × day: 1 where a dyad has a row."""
    found = np.zeros((len(dyads), n_days))
    wanted = pl.DataFrame(
        {"a": [a for a, _ in dyads], "b": [b for _, b in dyads]},
        schema={"a": pl.String, "b": pl.String},
    ).with_row_index("dyad")
    hits = rows.select("a", "b", "day").join(wanted, on=["a", "b"])
    found[hits["dyad"].to_numpy(), hits["day"].to_numpy()] = 1.0
    return found


def _abroad(pairs: pl.DataFrame, dyads: Sequence[Dyad], n_days: int, own: Floats) -> Floats:
    """Return dyad × side × day: with how many others than the dyad's own that side was active."""
    days = pairs.select("a", "b", "day").unique()
    sides = pl.concat([days.select("day", party="a"), days.select("day", party="b")])
    names = sorted({party for dyad in dyads for party in dyad})
    place = {name: number for number, name in enumerate(names)}
    counted = sides.filter(pl.col("party").is_in(names)).group_by("party", "day").len()
    totals = np.zeros((len(names), n_days))
    rows = [place[name] for name in counted["party"]]
    totals[rows, counted["day"].to_numpy()] = counted["len"].to_numpy()
    ends = np.array([[place[a], place[b]] for a, b in dyads], dtype=np.int64).reshape(-1, 2)
    return totals[ends] - own[:, None, :]


def windows(own: Floats, horizon: int) -> Floats:
    """Return for each origin from 0 whether an event falls in the window that starts there.

    The last axis, the day, becomes the origin; it is empty where no window fits.
    """
    n_windows = max(own.shape[-1] - horizon + 1, 0)
    known = np.concatenate([np.zeros((*own.shape[:-1], 1)), own.cumsum(axis=-1)], axis=-1)
    return (known[..., horizon : horizon + n_windows] > known[..., :n_windows]).astype(float)


@dataclass(slots=True, frozen=True, eq=False)
class BaseRates:
    """How often windows of a length had an event before each origin: dyad × kind × origin.

    `rate` is drawn to the mean of the pool, which weighs `strength` (kind × origin) windows beside
    the `n_windows` (origin) of the dyad that do not overlap.
    """

    rate: Floats
    strength: Floats
    n_windows: Floats


MIN_WINDOWS = 14
"""Windows, overlapping ones too, from which on a base rate is given."""


def base_rates(activity: Activity, horizon: int) -> BaseRates:
    """Return the climatology of every dyad and kind at every origin: expanding and shrunk.

    The share of all earlier windows that had an event is drawn to the pool's mean by empirical
    Bayes: a beta prior by the method of moments (Kleinman 1973), for each kind and origin. It is
    not a number before `MIN_WINDOWS` windows are over.
    """
    happened = windows(activity.own, horizon)
    n_windows = activity.origins - horizon + 1
    counts = np.concatenate(
        [np.zeros((*happened.shape[:-1], 1)), happened.cumsum(axis=-1)], axis=-1
    )
    valid = n_windows >= MIN_WINDOWS
    raw = counts[..., np.where(valid, n_windows, 0)] / np.where(valid, n_windows, np.nan)
    apart = np.where(valid, n_windows / horizon, np.nan)
    mean, strength = _prior(raw, activity.pool, apart)
    rate = (apart * raw + strength * mean) / (apart + strength)
    return BaseRates(rate=rate, strength=strength, n_windows=apart)


def _prior(raw: Floats, pool: Bools, apart: Floats) -> tuple[Floats, Floats]:
    """Return mean and strength of the pool's rates: kind × origin."""
    weights = pool[:, None, :] / np.maximum(pool.sum(axis=0), 1)
    mean = (weights * raw).sum(axis=0)
    chance = mean * (1 - mean)
    spread = (weights * (raw - mean) ** 2).sum(axis=0) - chance / apart
    strength = chance / np.maximum(spread, 1e-6) - 1
    return mean, np.clip(strength, 0.5, 20.0)

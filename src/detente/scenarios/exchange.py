"""Two parties trade two issues, and others bear it.

In: the stakes of `Party`s in two issues, and who trades. Out: a `Logroll`: who gives way where, at
which rate, what is settled then, and what it does to everybody else. The trade is the exchange of
positions of Stokman & van Oosten (1994): outcomes are means of positions, weighted by capability
times salience of who has a seat; each trader moves its position on the issue that matters less to
it towards the other's, as far as the other does the same, at the rate at which both gain alike:

    rate  =  (s_ia + s_ja) / (s_ib + s_jb)      outcome b moves this much for a move of 1 on a

in shares of the issues' ranges, where i gives way on a and j on b. Both gain at any rate between
s_ia / s_ib and s_ja / s_jb. Others gain or lose without being asked (Riker & Brams 1973).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError
from detente.scenarios.bargaining import seats_of
from detente.scenarios.challenges import Flags, Floats, Integers
from detente.scenarios.linkage import Party, check_parties
from detente.scenarios.packages import LEAST_GAIN
from detente.schema import Record

HINDRANCES = (
    None,
    "neither values one issue, against the other, less than its partner does",
    "they are not opposed on both issues",
    "one has no weight to give way with",
)
"""Why there is no trade, by code; 0 where there is one."""

TRADED, ALIKE, UNOPPOSED, WEIGHTLESS = range(4)


class Logroll(Record, frozen=True, kw_only=True):
    """A trade of two issues between two parties.

    Attributes:
        issues: the two issues.
        traders: the two parties.
        hindrance: why there is no trade; null where there is one.
        gives: by trader the issue on which it gives way; empty without a trade.
        rate: share of its range by which the issue that the second trader gives on moves, for a
            move by one range of the issue that the first gives on; null without a trade, as are
            the next two.
        lowest_rate: at which the first trader gains nothing.
        highest_rate: at which the second gains nothing.
        before: the outcomes without the trade.
        after: the outcomes with it.
        gains: net gain of every party, in salience times share of the range.
        externality: summed gain of all but the traders: below 0 they pay for the trade.
        payers: who loses, the largest loss first.
    """

    issues: tuple[str, str]
    traders: tuple[str, str]
    hindrance: str | None
    gives: dict[str, str]
    rate: float | None
    lowest_rate: float | None
    highest_rate: float | None
    before: dict[str, float]
    after: dict[str, float]
    gains: dict[str, float]
    externality: float
    payers: tuple[str, ...]


@dataclass(slots=True, frozen=True, eq=False)
class Trades:
    """The trade of each run.

    Attributes:
        hindrance: codes of `HINDRANCES`, 0 where there is a trade.
        gives: number (0 or 1) of the issue on which the first trader gives way.
        rate: as in `Logroll`; undefined (nan) where both issues matter in the same proportion.
        before: outcomes by run and issue.
        after: the same with the trade.
        gains: by run and party.
    """

    hindrance: Integers
    gives: Integers
    rate: Floats
    before: Floats
    after: Floats
    gains: Floats


def logroll(
    issues: tuple[str, str],
    parties: Sequence[Party],
    traders: tuple[str, str],
    *,
    seats: Collection[str] | None = None,
) -> Logroll:
    """Return the trade of two issues between two parties.

    Args:
        issues: names of the two issues.
        parties: everybody with a stake, seated or not.
        traders: names of the two that trade.
        seats: whose positions count in the outcomes; all when left out.

    Raises:
        InputError: a name is double or unknown, a value out of range, or nobody with a seat has
            weight on an issue.
    """
    check_parties(issues, parties)
    names = [party.name for party in parties]
    if len(issues) != 2 or len(traders) != 2 or len(seats_of(names, traders)) != 2:
        raise InputError("a trade takes two issues and two different parties")
    seated = seats_of(names, seats)
    ideals, saliences, capabilities = _tabulate(issues, parties)
    first, second = (names.index(name) for name in traders)
    trades = trade_issues(
        ideals,
        saliences,
        capabilities,
        traders=(first, second),
        seated=[name in seated for name in names],
    )
    hindrance = HINDRANCES[int(trades.hindrance[0])]
    a = int(trades.gives[0])
    gains = dict(zip(names, trades.gains[0].tolist(), strict=True))

    def worth(trader: int) -> float:
        return float(saliences[0, trader, a] / saliences[0, trader, 1 - a])

    return Logroll(
        issues=(issues[0], issues[1]),
        traders=(traders[0], traders[1]),
        hindrance=hindrance,
        gives={} if hindrance else {traders[0]: issues[a], traders[1]: issues[1 - a]},
        rate=None if hindrance else float(trades.rate[0]),
        lowest_rate=None if hindrance else worth(first),
        highest_rate=None if hindrance else worth(second),
        before=dict(zip(issues, trades.before[0].tolist(), strict=True)),
        after=dict(zip(issues, trades.after[0].tolist(), strict=True)),
        gains=gains,
        externality=sum(gain for name, gain in gains.items() if name not in traders),
        payers=tuple(
            sorted((name for name in names if gains[name] < -LEAST_GAIN), key=gains.__getitem__)
        ),
    )


def trade_issues(
    ideals: ArrayLike,
    saliences: ArrayLike,
    capabilities: ArrayLike,
    *,
    traders: tuple[int, int] = (0, 1),
    seated: ArrayLike | None = None,
) -> Trades:
    """Return the trade of each run.

    Args:
        ideals: by run, party and issue (two).
        saliences: the same, or by party and issue; 0 where a party has no stake.
        capabilities: the same.
        traders: numbers of the two parties that trade.
        seated: whose positions count, by party or by run and party; all when left out.

    Raises:
        InputError: shapes do not fit, a value is out of range, or nobody with a seat has weight on
            an issue.
    """
    x, s, weights = _check(ideals, saliences, capabilities, seated)
    span = np.ptp(x, axis=1)
    span = np.where(span > 0, span, 1.0)
    total = weights.sum(axis=1)
    before = (weights * x).sum(axis=1) / total
    i, j = traders
    bent = s[:, i, 0] * s[:, j, 1] - s[:, i, 1] * s[:, j, 0]
    a = (bent > 0).astype(np.int64)
    first = a[:, None] == np.arange(2)
    # On issue a the outcome moves towards the second trader's ideal, on b towards the first's:
    # as far as the giver's weight carries it, and never beyond that ideal.
    goal = np.where(first, x[:, j], x[:, i])
    given = np.where(first, weights[:, i], weights[:, j]) / total * np.abs(x[:, j] - x[:, i])
    rooms = np.minimum(given, np.abs(goal - before)) / span
    both = s[:, i] + s[:, j]
    rate = np.where(bent != 0, _pick(both, a), np.nan) / np.where(
        bent != 0, _pick(both, 1 - a), 1.0
    )
    volume = np.minimum(_pick(rooms, a), _pick(rooms, 1 - a) / rate)
    opposed = _stand_opposed(x[:, [i, j]], before)
    hindrance = np.select(
        [bent == 0, ~opposed, ~(volume > LEAST_GAIN)], [ALIKE, UNOPPOSED, WEIGHTLESS], TRADED
    )
    share = np.where(first, volume[:, None], (volume * rate)[:, None])
    share = np.where(hindrance[:, None] == TRADED, share, 0.0)
    after = before + np.sign(goal - before) * share * span
    nearer = np.abs(x - before[:, None]) - np.abs(x - after[:, None])
    return Trades(
        hindrance=hindrance,
        gives=a,
        rate=rate,
        before=before,
        after=after,
        gains=(s * nearer / span[:, None]).sum(axis=2),
    )


def _check(
    ideals: ArrayLike, saliences: ArrayLike, capabilities: ArrayLike, seated: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """Return ideals, saliences and seated weights by run, party and issue, or raise InputError."""
    x = np.asarray(ideals, dtype=float)
    if x.ndim != 3 or x.shape[2] != 2:
        raise InputError(f"ideals of shape {x.shape}; give runs x parties x 2 issues")
    s = np.broadcast_to(np.asarray(saliences, dtype=float), x.shape)
    seats = np.broadcast_to(True if seated is None else np.asarray(seated, dtype=bool), x.shape[:2])
    weights = s * np.asarray(capabilities, dtype=float) * seats[:, :, None]
    if not (np.isfinite(x).all() and (s >= 0).all() and (weights >= 0).all()):
        raise InputError("an ideal is not finite, or a salience or capability below 0")
    if not (weights.sum(axis=1) > 0).all():
        raise InputError("nobody with a seat has weight on one of the issues; seat one who has")
    return x, s, weights


def _stand_opposed(ideals: Floats, before: Floats) -> Flags:
    """Return whether both outcomes lie between the ideals of the traders."""
    low, high = ideals.min(axis=1), ideals.max(axis=1)
    return np.asarray(((low < high) & (low <= before) & (before <= high)).all(axis=1))


def _pick(values: Floats, issue: Integers) -> Floats:
    return np.asarray(np.take_along_axis(values, issue[:, None], axis=1)[:, 0])


def _tabulate(issues: Sequence[str], parties: Sequence[Party]) -> tuple[Floats, Floats, Floats]:
    """Return ideals, saliences and capabilities by run (one), party and issue.

    Without a stake both latter are 0, and the ideal is somebody else's, which widens no range.
    """
    table = np.zeros((3, 1, len(parties), len(issues)))
    for column, issue in enumerate(issues):
        fill = next(party.stakes[issue].position for party in parties if issue in party.stakes)
        for row, party in enumerate(parties):
            stake = party.stakes.get(issue)
            table[:, 0, row, column] = (
                (stake.position, stake.salience, stake.capability) if stake else (fill, 0, 0)
            )
    return table[0], table[1], table[2]

"""The rounds of the group decision model as arrays, over many runs at once.

In: positions, capabilities and saliences of n players in any number of runs. Out: positions, moves
and outcomes of every round (`Rounds`), and where they lead (`Settlement`). The model is Bueno de
Mesquita's (1994) as Scholz, Calbert & Smith (2011) restate it. With x positions, c capability,
s salience, R the range of the start positions, d_ij = |x_i - x_j| / R, Q the status quo's chance:

    votes      v_k(i,j) = c_k s_k (d_kj^r_k - d_ki^r_k)
    success    P_ij     = sum_k max(0, v_k(i,j)) / sum_k sum_ij |v_k(i,j)|
    utilities  Us, Uf   = 2 - 4 (1/2 -+ 1/2 d_ij)^r,   Usq = 2 - 4 (1/2)^r
    gain       EU_ij    = s_j (P_ij Us + (1 - P_ij) Uf) + (1 - s_j) Us - Q Usq
    danger     D_i      = sum_j EU_ji with r = 1
    acceptance rho_i    = (2 D_i - max D - min D) / (max D - min D)
    risk       r_i      = (1 - rho_i / 3) / (1 + rho_i / 3)

Both gains of a pair are taken as the receiver of the offer sees them, with its own r.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InputError, nearest

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MoveKind = Literal["confrontation", "compromise", "capitulation"]
CONFRONTATION, COMPROMISE, CAPITULATION = 1, 2, 3
"""Codes of the kinds of moves, the preferred first; 0 is no move."""

KINDS: tuple[MoveKind, ...] = get_args(MoveKind)
"""Names of the kinds, that of code k at k - 1."""

Reading = Literal["weighted", "nearest"]
"""How a player chooses among compromises: by the weighted position (Scholz), or the shortest."""

Status = Literal["converged", "oscillating", "open"]
STATUSES: tuple[Status, ...] = get_args(Status)
CONVERGED, OSCILLATING, OPEN = range(3)
"""Codes of the statuses, their place in `STATUSES`."""

SLACK = 1e-6
"""Moves below this share of the range are none when convergence is judged."""

TIE = 1e-12
"""Share of all weight by which two halves may differ and still count as equal."""


@dataclass(slots=True, frozen=True, eq=False)
class Rounds:
    """What happened in every run; round 0 is the start.

    Attributes:
        positions: by round (0 to the last), run and player.
        medians: weighted medians by round and run.
        means: weighted means by round and run.
        risks: exponents r by round (1 to the last), run and player; 1 for who has no seat.
        kinds: codes of moves by round (1 to the last), run and player.
        others: with whom, as the number of a player; its own where it stays.
        span: range of the start positions, by run.
    """

    positions: Floats
    medians: Floats
    means: Floats
    risks: Floats
    kinds: Integers
    others: Integers
    span: Floats


@dataclass(slots=True, frozen=True, eq=False)
class Settlement:
    """Where each run leads.

    Attributes:
        status: codes of `STATUSES`.
        forecast: the last median; of an oscillating run the mean of those since its first turn.
        low: the lowest of the medians that the forecast rests on.
        high: the highest of them.
    """

    status: Integers
    forecast: Floats
    low: Floats
    high: Floats


@dataclass(slots=True, frozen=True, eq=False)
class _Table:
    """Who sits at the table with what; all arrays are by run and player.

    Attributes:
        weights: capability times salience, 0 without a seat.
        saliences: the chance that a player resists a challenge.
        seated: who has a seat.
        span: range of the start positions, 1 where there is none.
        q: chance of the status quo.
    """

    weights: Floats
    saliences: Floats
    seated: Flags
    span: Floats
    q: float


def play_rounds(
    positions: ArrayLike,
    capabilities: ArrayLike,
    saliences: ArrayLike,
    *,
    rounds: int = 10,
    seated: ArrayLike | None = None,
    q: float = 1.0,
    reading: Reading = "weighted",
) -> Rounds:
    """Return all rounds of all runs; runs do not depend on each other.

    Args:
        positions: by run and player.
        capabilities: by run and player, or by player.
        saliences: the same, 0 to 1.
        rounds: rounds to play; 0 gives the outcome at the start.
        seated: who has a seat, by run and player or by player; all when left out. The others
            neither move, nor make offers, nor count.
        q: chance of the status quo when nobody challenges.
        reading: which compromise a player takes.

    Raises:
        InputError: a shape does not fit, a value is out of range, or a run has no weight at all.
    """
    _check_options(rounds, q, reading)
    start = np.asarray(positions, dtype=np.float64)
    if start.ndim != 2 or not start.size:
        raise InputError(f"positions of shape {start.shape}; give runs times players")
    table = _lay_table(start, capabilities, saliences, seated, q)
    places, risks, kinds, others = [start], [], [], []
    for _ in range(rounds):
        risk = _measure_risks(places[-1], table)
        moved, kind, other = _move(places[-1], risk, table, reading)
        places.append(moved)
        risks.append(risk)
        kinds.append(kind)
        others.append(other)
    shape = (0, *start.shape)
    return Rounds(
        positions=np.stack(places),
        medians=np.stack([find_medians(x, table.weights) for x in places]),
        means=np.stack([(x * table.weights).sum(1) / table.weights.sum(1) for x in places]),
        risks=np.stack(risks) if risks else np.empty(shape),
        kinds=np.stack(kinds) if kinds else np.empty(shape, dtype=np.int64),
        others=np.stack(others) if others else np.empty(shape, dtype=np.int64),
        span=np.ptp(start, axis=1),
    )


def settle(played: Rounds) -> Settlement:
    """Return where each run leads.

    A run has converged when its last round moved nobody. It oscillates when it has not, and the
    weighted mean turned at least twice. Else it is open: still on its way after these rounds.
    """
    slack = SLACK * np.where(played.span > 0, played.span, 1.0)
    heading = np.zeros(played.span.shape)
    turns = np.zeros(played.span.shape, dtype=np.int64)
    counted = np.zeros(played.medians.shape, dtype=bool)
    for number, step in enumerate(np.diff(played.means, axis=0), start=1):
        sign = np.where(np.abs(step) > slack, np.sign(step), 0.0)
        turns += sign * heading < 0
        heading = np.where(sign != 0, sign, heading)
        counted[number] = turns > 0
    if len(played.kinds):
        moved = np.abs(played.positions[-1] - played.positions[-2]).max(axis=1) > slack
    else:
        moved = played.span > 0
    swinging = moved & (turns >= 2)
    counted &= swinging
    counted[-1] = True
    return Settlement(
        status=np.where(swinging, OSCILLATING, np.where(moved, OPEN, CONVERGED)),
        forecast=np.mean(played.medians, axis=0, where=counted),
        low=np.min(played.medians, axis=0, where=counted, initial=np.inf),
        high=np.max(played.medians, axis=0, where=counted, initial=-np.inf),
    )


def find_medians(positions: Floats, weights: Floats) -> Floats:
    """Return the weighted median of each run, halfway where two positions halve the weight.

    It is the position that wins every pairwise vote of players who lose in proportion to distance.
    """
    order = np.argsort(positions, axis=1, kind="stable")
    placed = np.take_along_axis(positions, order, axis=1)
    below = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    half, slack = below[:, -1:] / 2, TIE * below[:, -1:]
    ends = [np.argmax(below >= half - slack, axis=1), np.argmax(below > half + slack, axis=1)]
    first, second = (np.take_along_axis(placed, end[:, None], axis=1)[:, 0] for end in ends)
    return np.asarray(np.where(first == second, first, (first + second) / 2))


def moves_of(played: Rounds, run: int, number: int) -> Iterator[tuple[int, int, MoveKind]]:
    """Yield player, other and kind of each move of a run in round `number`, from 1."""
    kinds, others = played.kinds[number - 1, run], played.others[number - 1, run]
    for player in np.flatnonzero(kinds):
        yield int(player), int(others[player]), KINDS[kinds[player] - 1]


def _check_options(rounds: int, q: float, reading: str) -> None:
    if rounds < 0:
        raise InputError(f"rounds = {rounds}; give 0 or more")
    if not 0 <= q <= 1:
        raise InputError(f"q = {q}; it is a probability, 0 to 1")
    if reading not in get_args(Reading):
        allowed = ", ".join(get_args(Reading))
        hint = nearest(str(reading), get_args(Reading))
        raise InputError(f"unknown reading {reading!r}; allowed: {allowed}{hint}")


def _lay_table(
    positions: Floats,
    capabilities: ArrayLike,
    saliences: ArrayLike,
    seated: ArrayLike | None,
    q: float,
) -> _Table:
    """Return the table; raises InputError where a shape or a value does not fit."""
    salience = _spread("saliences", saliences, positions.shape)
    capability = _spread("capabilities", capabilities, positions.shape)
    seats = _spread("seated", True if seated is None else seated, positions.shape) != 0
    span = np.ptp(positions, axis=1, keepdims=True)
    if not np.isfinite(span).all():
        raise InputError("a position, or the range of positions, is not a finite number")
    if not ((capability >= 0).all() and np.isfinite(capability.sum())):
        raise InputError("a capability is negative or not a finite number; give 0 or more")
    if not ((salience >= 0) & (salience <= 1)).all():
        raise InputError("a salience is outside 0..1; divide percentages by 100")
    weights = np.where(seats, capability * salience, 0.0)
    if not (weights.sum(axis=1) > 0).all():
        raise InputError("nobody with a seat has both capability and salience above 0")
    return _Table(
        weights=weights,
        saliences=salience,
        seated=seats,
        span=np.where(span > 0, span, 1.0),
        q=q,
    )


def _spread(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    try:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), shape)
    except ValueError as err:
        raise InputError(
            f"{name} of shape {np.shape(values)} do not fit {shape[0]} runs of {shape[1]} players"
        ) from err


def _measure_risks(positions: Floats, table: _Table) -> Floats:
    """Return each player's exponent r, 1/2 for the most endangered to 2 for the safest."""
    _, threats = _measure_gains(positions, np.ones_like(positions), table)
    danger = np.where(table.seated[:, None, :], threats, 0.0).sum(axis=2)
    high = np.where(table.seated, danger, -np.inf).max(axis=1, keepdims=True)
    low = np.where(table.seated, danger, np.inf).min(axis=1, keepdims=True)
    width = high - low
    rho = (2 * danger - high - low) / np.where(width > 0, width, 1.0)
    rho = np.where(table.seated & (width > 0), rho, 0.0)
    return np.asarray((1 - rho / 3) / (1 + rho / 3))


def _measure_gains(positions: Floats, risks: Floats, table: _Table) -> tuple[Floats, Floats]:
    """Return what i expects of challenging j, and of j's challenging i, both seen by i."""
    far = np.minimum(
        np.abs(positions[:, :, None] - positions[:, None, :]) / table.span[..., None], 1
    )
    r = risks[:, :, None]
    chance = _measure_success(far, risks, table)
    win, lose = 2 - 4 * (0.5 - 0.5 * far) ** r, 2 - 4 * (0.5 + 0.5 * far) ** r
    stay = table.q * (2 - 4 * 0.5**r)
    own, other = table.saliences[:, :, None], table.saliences[:, None, :]
    back = chance.transpose(0, 2, 1)
    gain = other * (chance * win + (1 - chance) * lose) + (1 - other) * win - stay
    threat = own * (back * win + (1 - back) * lose) + (1 - own) * win - stay
    return gain, threat


def _measure_success(far: Floats, risks: Floats, table: _Table) -> Floats:
    """Return P_ij. The sum over all ordered pairs of |v| is twice the sum of its positive parts."""
    losses = table.weights[:, :, None] * far ** risks[:, :, None]
    votes = np.zeros_like(far)
    for loss in losses.transpose(1, 0, 2):
        votes += np.maximum(0.0, loss[:, None, :] - loss[:, :, None])
    votes *= table.seated[:, :, None] & table.seated[:, None, :]
    total = 2 * votes.sum(axis=(1, 2), keepdims=True)
    return np.asarray(votes / np.where(total > 0, total, 1.0))


def _move(
    positions: Floats, risks: Floats, table: _Table, reading: Reading
) -> tuple[Floats, Integers, Integers]:
    """Return positions after all players took their best offers at once, the kinds, from whom."""
    gain, threat = _measure_gains(positions, risks, table)
    own, other = positions[:, :, None], positions[:, None, :]
    open_ = (own != other) & table.seated[:, :, None] & table.seated[:, None, :] & (threat > 0)
    given = np.abs(gain)
    kinds = np.zeros(gain.shape, dtype=np.int64)
    kinds[open_ & (gain < 0) & (threat < given)] = CAPITULATION
    kinds[open_ & (gain < 0) & (threat > given)] = COMPROMISE
    kinds[open_ & (gain > 0) & (threat > gain)] = CONFRONTATION
    meet = own + (other - own) * given / np.where(threat > 0, threat, 1.0)
    target = np.where(kinds == COMPROMISE, meet, other)
    key = np.abs(target - own)
    if reading == "weighted":
        both = np.where(kinds == COMPROMISE, given + np.abs(threat), 1.0)
        weighed = (given * own + np.abs(threat) * other) / both
        key = np.where(kinds == COMPROMISE, weighed, key)
    best = np.where(kinds > 0, kinds, CAPITULATION + 1).min(axis=2, keepdims=True)
    choice = np.where(kinds == best, key, np.inf).argmin(axis=2)
    moves = best[:, :, 0] <= CAPITULATION
    taken = np.take_along_axis(target, choice[:, :, None], axis=2)[:, :, 0]
    players = np.arange(positions.shape[1])
    return (
        np.where(moves, taken, positions),
        np.where(moves, best[:, :, 0], 0),
        np.where(moves, choice, players),
    )

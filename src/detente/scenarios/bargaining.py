"""Bargaining over one issue: who gives in to whom, what is settled, and who pays.

In: `Player`s with capability, salience and position, and who of them has a seat. Out: a `Bargain`
with every round, the outcome that it leads to, and whether it leads anywhere at all. The model is
the group decision model of Bueno de Mesquita (1994) as restated by Scholz, Calbert & Smith (2011);
its equations stand in `challenges.py`, which plays many runs at once.

Who has no seat makes and gets no offers and does not count in the outcome, but still bears its cost
(Sebenius 1983 on removing parties).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import msgspec

from detente.errors import InputError, nearest
from detente.scenarios.challenges import (
    STATUSES,
    MoveKind,
    Reading,
    Rounds,
    Status,
    moves_of,
    play_rounds,
    settle,
)
from detente.schema import Record


class Player(Record, frozen=True, kw_only=True):
    """Somebody with a stake in one issue.

    Attributes:
        name: id of the actor.
        capability: means that it can bring to bear, 0 or more, on any scale.
        salience: how much it cares, 0 to 1; also the chance that it resists a challenge.
        position: the outcome that it wants.
    """

    name: str
    capability: float
    salience: float
    position: float


class Concession(Record, frozen=True, kw_only=True):
    """One player's move in a round.

    Attributes:
        player: who moves.
        other: whose offer it takes.
        kind: `confrontation` (it loses one), `compromise` or `capitulation`.
        before: its position before.
        after: its position after.
    """

    player: str
    other: str
    kind: MoveKind
    before: float
    after: float


class BargainingRound(Record, frozen=True, kw_only=True):
    """The state after a round; round 0 is the start, without moves and risks.

    Attributes:
        round: its number.
        median: weighted median position of who has a seat: the outcome, were it decided now.
        mean: their weighted mean position.
        positions: by player; who has no seat stays where it is.
        moves: who moved in this round.
        risks: exponent r of who has a seat, 1/2 (most endangered) to 2 (safest).
    """

    round: int
    median: float
    mean: float
    positions: dict[str, float]
    moves: tuple[Concession, ...] = ()
    risks: dict[str, float] = msgspec.field(default_factory=dict)


class Bargain(Record, frozen=True, kw_only=True):
    """A bargain from its start to where it leads.

    Attributes:
        seats: who has a seat, in the order of the players.
        rounds: all rounds from 0.
        status: `converged` when the last round moved nobody; `oscillating` when the weighted mean
            turned at least twice and players still move; else `open`, still on the way after these
            rounds.
        forecast: the last median; when oscillating, the mean of the medians since the first turn.
        low: the lowest median that the forecast rests on.
        high: the highest.
        costs: for every player, seated or not, salience times the distance from the position that
            it wants at the start to the forecast.
    """

    seats: tuple[str, ...]
    rounds: tuple[BargainingRound, ...]
    status: Status
    forecast: float
    low: float
    high: float
    costs: dict[str, float]


class SeatEffect(Record, frozen=True, kw_only=True):
    """What it means for one player that it, with the others that are absent, has no seat.

    Attributes:
        name: the player.
        with_seats: the outcome with everybody at the table.
        without_seats: the outcome without the absent.
        shift: how much farther from its position the outcome is for that; negative when nearer.
        cost: salience times the distance of the outcome without the absent.
        added_cost: salience times `shift`.
        statuses: the status of both bargains, with and without.
    """

    name: str
    with_seats: float
    without_seats: float
    shift: float
    cost: float
    added_cost: float
    statuses: tuple[Status, Status]


def bargain(
    players: Sequence[Player],
    *,
    rounds: int = 10,
    seats: Collection[str] | None = None,
    q: float = 1.0,
    reading: Reading = "weighted",
) -> Bargain:
    """Return the bargain of these players.

    Args:
        players: at least one.
        rounds: rounds to play.
        seats: names of who has a seat; all when left out.
        q: chance of the status quo when nobody challenges.
        reading: among compromises, `weighted` takes the least position weighted by both sides'
            gains, as Scholz, Calbert & Smith do; `nearest` the shortest move, which does not depend
            on which end of the issue is called high.

    Raises:
        InputError: a name is double or unknown, a value out of range, or no weight has a seat.
    """
    check_players(players)
    seated = seats_of([player.name for player in players], seats)
    played = play_rounds(
        [[player.position for player in players]],
        [player.capability for player in players],
        [player.salience for player in players],
        rounds=rounds,
        seated=[player.name in seated for player in players],
        q=q,
        reading=reading,
    )
    end = settle(played)
    forecast = float(end.forecast[0])
    return Bargain(
        seats=seated,
        rounds=tuple(
            _describe(played, number, players, seated) for number in range(len(played.medians))
        ),
        status=STATUSES[int(end.status[0])],
        forecast=forecast,
        low=float(end.low[0]),
        high=float(end.high[0]),
        costs={
            player.name: player.salience * abs(forecast - player.position) for player in players
        },
    )


def seat_effect(
    players: Sequence[Player],
    absent: Collection[str],
    *,
    rounds: int = 10,
    q: float = 1.0,
    reading: Reading = "weighted",
) -> tuple[SeatEffect, ...]:
    """Return for each absent player, in the order of players, what its empty seat costs it.

    The bargain of all players is compared with that of all but the absent, both in the scale of
    all: an issue does not get narrower because somebody is not asked.

    Raises:
        InputError: as `bargain`; also where all are absent.
    """
    names = [player.name for player in players]
    missing = seats_of(names, absent)
    seats = [name for name in names if name not in missing]
    full = bargain(players, rounds=rounds, q=q, reading=reading)
    rest = bargain(players, rounds=rounds, seats=seats, q=q, reading=reading)
    effects = []
    for player in players:
        if player.name in missing:
            far = abs(rest.forecast - player.position)
            shift = far - abs(full.forecast - player.position)
            effects.append(
                SeatEffect(
                    name=player.name,
                    with_seats=full.forecast,
                    without_seats=rest.forecast,
                    shift=shift,
                    cost=player.salience * far,
                    added_cost=player.salience * shift,
                    statuses=(full.status, rest.status),
                )
            )
    return tuple(effects)


def check_players(players: Sequence[Player]) -> None:
    """Check that there are players, each named once, with values in range.

    Raises:
        InputError: names the player, the value and what is allowed.
    """
    if not players:
        raise InputError("nobody bargains; give at least one player")
    seen = set()
    for player in players:
        if player.name in seen:
            raise InputError(f"player {player.name!r} is named twice; name each once")
        seen.add(player.name)
        if not math.isfinite(player.position):
            raise InputError(f"{player.name}: position {player.position} is not a finite number")
        if not 0 <= player.salience <= 1:
            raise InputError(
                f"{player.name}: salience {player.salience} is outside 0..1; "
                "divide percentages by 100"
            )
        if not 0 <= player.capability < math.inf:
            raise InputError(
                f"{player.name}: capability {player.capability} is not a number of 0 or more"
            )


def seats_of(names: Sequence[str], seats: Collection[str] | None) -> tuple[str, ...]:
    """Return who of `names` has a seat, in their order; all where `seats` is None.

    Raises:
        InputError: a seat's name is unknown, or there is no seat.
    """
    if seats is None:
        return tuple(names)
    for name in seats:
        if name not in names:
            raise InputError(
                f"unknown player {name!r}; allowed: {', '.join(names)}{nearest(name, names)}"
            )
    if not seats:
        raise InputError("no seat is taken; name at least one player")
    return tuple(name for name in names if name in seats)


def _describe(
    played: Rounds, number: int, players: Sequence[Player], seated: Collection[str]
) -> BargainingRound:
    names = [player.name for player in players]
    after = played.positions[number, 0]
    moves: tuple[Concession, ...] = ()
    risks: dict[str, float] = {}
    if number:
        before = played.positions[number - 1, 0]
        moves = tuple(
            Concession(
                player=names[player],
                other=names[other],
                kind=kind,
                before=float(before[player]),
                after=float(after[player]),
            )
            for player, other, kind in moves_of(played, 0, number)
        )
        exponents = played.risks[number - 1, 0].tolist()
        risks = {name: r for name, r in zip(names, exponents, strict=True) if name in seated}
    return BargainingRound(
        round=number,
        median=float(played.medians[number, 0]),
        mean=float(played.means[number, 0]),
        positions=dict(zip(names, after.tolist(), strict=True)),
        moves=moves,
        risks=risks,
    )

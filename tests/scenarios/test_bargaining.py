from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.bargaining import Player, bargain, seat_effect

CARS = [
    # An issue of ten states: delay of a standard in years (Bueno de Mesquita 1994).
    ("Netherlands", 0.08, 0.8, 4),
    ("Belgium", 0.08, 0.4, 7),
    ("Luxembourg", 0.03, 0.2, 4),
    ("Germany", 0.16, 0.8, 4),
    ("France", 0.16, 0.6, 10),
    ("Italy", 0.16, 0.6, 10),
    ("UK", 0.16, 0.9, 10),
    ("Ireland", 0.05, 0.1, 7),
    ("Denmark", 0.05, 1.0, 4),
    ("Greece", 0.08, 0.7, 7),
]
SHARES = st.integers(1, 20).map(lambda n: n / 20)
PLAYERS = st.lists(st.tuples(SHARES, SHARES, st.integers(0, 20)), min_size=2, max_size=6).map(
    lambda rows: players([(f"P{n}", *row) for n, row in enumerate(rows)])
)


def players(rows: list[tuple[Any, ...]]) -> list[Player]:
    return [
        Player(name=name, capability=c, salience=s, position=float(x)) for name, c, s, x in rows
    ]


def test_the_published_issue_gives_the_known_outcomes() -> None:
    rounds = bargain(players(CARS), rounds=3).rounds
    assert rounds[0].mean == pytest.approx(7.389956, abs=5e-7)
    assert [each.median for each in rounds] == pytest.approx([7, 8.4159, 9.6109, 9.9620], abs=5e-5)
    assert [each.mean for each in rounds[1:]] == pytest.approx([7.4613, 7.5525, 7.5901], abs=5e-5)


def test_the_published_issue_gives_the_known_moves() -> None:
    moves = bargain(players(CARS), rounds=1).rounds[1].moves
    assert [(move.player, move.other, move.kind) for move in moves] == [
        ("Belgium", "France", "compromise"),
        ("Luxembourg", "Belgium", "confrontation"),
        ("Ireland", "Luxembourg", "confrontation"),
    ]
    assert [move.after for move in moves] == pytest.approx([8.4159, 7, 4], abs=5e-5)
    assert [move.before for move in moves] == [7, 4, 7]


@pytest.mark.parametrize(("rounds", "status"), [(3, "open"), (10, "oscillating")])
def test_the_published_issue_does_not_settle(rounds: int, status: str) -> None:
    found = bargain(players(CARS), rounds=rounds)
    assert found.status == status
    assert len(found.rounds) == rounds + 1
    assert found.low <= found.forecast <= found.high
    assert (found.low < found.high) == (status == "oscillating")


def test_both_readings_agree_until_round_three() -> None:
    weighted, nearest = (
        bargain(players(CARS), rounds=4, reading=reading).rounds
        for reading in ("weighted", "nearest")
    )
    assert weighted[3] == nearest[3]
    assert weighted[4].positions["Belgium"] == pytest.approx(4.8009, abs=5e-5)
    assert nearest[4].positions["Belgium"] == pytest.approx(9.9996, abs=5e-5)


def test_rounds_beyond_a_settled_one_change_nothing() -> None:
    found = bargain(players([("A", 1, 0.5, 2), ("B", 1, 0.5, 2)]), rounds=2)
    assert found.status == "converged"
    assert [each.median for each in found.rounds] == [2, 2, 2]
    assert found.costs == {"A": 0, "B": 0}


def test_risks_name_who_has_a_seat() -> None:
    found = bargain(players(CARS), rounds=1, seats=["Belgium", "France", "UK"])
    assert found.seats == ("Belgium", "France", "UK")
    assert found.rounds[0].risks == {}
    assert list(found.rounds[1].risks) == ["Belgium", "France", "UK"]
    assert min(found.rounds[1].risks.values()) == pytest.approx(0.5)
    assert max(found.rounds[1].risks.values()) == pytest.approx(2)


def test_who_has_no_seat_does_not_move_but_bears_the_cost() -> None:
    found = bargain(players(CARS), seats=[row[0] for row in CARS if row[0] != "Denmark"])
    assert {each.positions["Denmark"] for each in found.rounds} == {4}
    assert "Denmark" not in {
        name for each in found.rounds for move in each.moves for name in (move.player, move.other)
    }
    assert found.costs["Denmark"] == pytest.approx(abs(found.forecast - 4))


def test_one_seat_decides() -> None:
    found = bargain(players(CARS), seats=["UK"])
    assert (found.forecast, found.status) == (10, "converged")


def test_seat_effect_is_the_shift_away_from_the_absent() -> None:
    three = players([("A", 1, 1, 0), ("B", 1, 1, 4), ("C", 1, 0.5, 10), ("D", 1, 0.8, 10)])
    effects = seat_effect(three, ["D", "C"], rounds=0)
    assert [effect.name for effect in effects] == ["C", "D"]
    assert {effect.with_seats for effect in effects} == {4}
    assert {effect.without_seats for effect in effects} == {2}
    assert [effect.shift for effect in effects] == [2, 2]
    assert [effect.cost for effect in effects] == pytest.approx([4, 6.4])
    assert [effect.added_cost for effect in effects] == pytest.approx([1, 1.6])
    assert effects[0].statuses == ("open", "open")


@settings(max_examples=60, deadline=None)
@given(PLAYERS)
def test_before_any_round_an_empty_seat_never_helps_its_owner(three: list[Player]) -> None:
    for player in three:
        (effect,) = seat_effect(three, [player.name], rounds=0)
        assert effect.shift >= -1e-9


@settings(max_examples=30, deadline=None)
@given(PLAYERS, st.sampled_from(["weighted", "nearest"]))
def test_bargain_stays_in_range_and_repeats_itself(three: list[Player], reading: Any) -> None:
    found = bargain(three, rounds=5, reading=reading)
    positions = [player.position for player in three]
    assert min(positions) - 1e-9 <= found.low <= found.forecast + 1e-9
    assert found.forecast <= found.high + 1e-9 <= max(positions) + 2e-9
    assert found == bargain(three, rounds=5, reading=reading)


def test_the_unit_of_the_issue_does_not_matter() -> None:
    rows = [(name, c, s, 4 * x - 100) for name, c, s, x in CARS]
    one, other = bargain(players(CARS), rounds=3), bargain(players(rows), rounds=3)
    assert [each.median for each in other.rounds] == pytest.approx(
        [4 * each.median - 100 for each in one.rounds]
    )


def test_a_sure_status_quo_is_only_one_reading_of_q() -> None:
    some = bargain(players(CARS), rounds=1, q=0.5)
    assert some.rounds[1].positions != bargain(players(CARS), rounds=1).rounds[1].positions


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([], {}, "nobody bargains"),
        ([("A", 1, 0.5, 0), ("A", 1, 0.5, 1)], {}, "'A' is named twice"),
        ([("A", 1, 0.5, np.inf)], {}, "A: position inf"),
        ([("A", 1, 80, 0)], {}, "A: salience 80 is outside 0..1; divide percentages"),
        ([("A", -1, 0.5, 0)], {}, "A: capability -1"),
        ([("A", 1, 0.5, 0)], {"seats": ["Aa"]}, "unknown player 'Aa'"),
        ([("France", 1, 0.5, 0)], {"seats": ["Frence"]}, "did you mean 'France'"),
        ([("A", 1, 0.5, 0)], {"seats": []}, "no seat is taken"),
        ([("A", 0, 0.5, 0)], {}, "nobody with a seat"),
        ([("A", 1, 0.5, 0)], {"rounds": -3}, "rounds = -3"),
    ],
)
def test_bad_input_is_named(
    rows: list[tuple[Any, ...]], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        bargain(players(rows), **options)


def test_seat_effect_needs_somebody_at_the_table() -> None:
    with pytest.raises(InputError, match="no seat is taken"):
        seat_effect(players([("A", 1, 0.5, 0)]), ["A"])

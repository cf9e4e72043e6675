from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.inputs import Interval
from detente.scenarios.moves import Move, find_contradiction, make_moves, plan_moves
from detente.scenarios.state import State, apply_changes
from tests.scenarios.stage import make_state, make_world


def fixed(low: float, high: float | None = None) -> Interval:
    return Interval(low=low, high=low if high is None else high, source="assumption: x")


def move(name: str = "offer", **changes: object) -> Move:
    values: dict[str, object] = {
        "id": name,
        "title": name,
        "month": 1,
        "field": "offers",
        "names": ("USA", "RUS"),
        "amount": fixed(0.4),
    }
    return Move(**(values | changes))  # type: ignore[arg-type]


def play(moves: list[Move], *, months: int = 1, chance: float = 0.5) -> list[State]:
    state = make_state(make_world())
    values = {
        name: interval.draw(np.array([0.5]))
        for one in moves
        for name, interval in one.inputs().items()
    }
    planned = plan_moves(moves, values, {one.id: np.array([chance]) for one in moves})
    states, done = [state], {}
    for _ in range(months):
        state, done = make_moves(state, planned, done)
        states.append(state)
        state = apply_changes(state, [])
    return states


def offers(states: list[State]) -> list[float]:
    return [float(state.offers[0, 1, 0].round(9)) for state in states]


def test_a_move_is_made_in_its_month() -> None:
    assert offers(play([move(month=2)], months=3)) == [0, 0, 0.4, 0.4]


def test_a_move_that_ends_is_taken_back() -> None:
    assert offers(play([move(duration=2)], months=4)) == [0, 0.4, 0.4, 0, 0]


def test_only_what_a_move_changed_is_taken_back() -> None:
    moves = [move("one", amount=fixed(0.9)), move("two", amount=fixed(0.9), month=2, duration=1)]
    assert offers(play(moves, months=3)) == [0, 0.9, 1, 0.9]


def test_a_move_to_a_value_sets_it() -> None:
    moves = [move("one", amount=fixed(0.9)), move("two", month=2, how="to", amount=fixed(0.2))]
    assert offers(play(moves, months=2)) == [0, 0.9, 0.2]


@pytest.mark.parametrize(("probability", "made"), [(0.4, 0.0), (0.6, 0.4)])
def test_a_move_is_made_with_its_probability(probability: float, made: float) -> None:
    assert offers(play([move(probability=fixed(probability))]))[-1] == made


def test_a_move_that_requires_another_waits_for_it() -> None:
    first = move("one", probability=fixed(0.0))
    assert offers(play([first, move("two", month=2, requires="one")], months=2))[-1] == 0


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ({"how": "to", "amount": fixed(0, 0.2)}, {"how": "to", "amount": fixed(0.5, 0.9)}, True),
        ({"how": "to", "amount": fixed(0, 0.6)}, {"how": "to", "amount": fixed(0.5, 0.9)}, False),
        ({"how": "to"}, {"how": "by"}, True),
        ({"how": "by"}, {"how": "by"}, False),
        ({"how": "to"}, {"how": "by", "month": 2}, False),
        ({"how": "to"}, {"how": "by", "names": ("USA", "CHN")}, False),
    ],
)
def test_contradictions_are_found(
    one: dict[str, object], other: dict[str, object], contradict: bool
) -> None:
    found = find_contradiction([move("one", **one), move("other", **other)])
    assert (found is not None) is contradict

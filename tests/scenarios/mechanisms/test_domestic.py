from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.domestic import resentment
from detente.scenarios.state import Change, State, apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

Values = dict[tuple[str, ...], float]

PAIR = {"country": "RUS", "patron": "CHN"}
START: Values = {
    ("opposition", "RUS"): 0.3,
    ("dependence", "RUS", "CHN"): 0.35,
    ("dependence", "CHN", "RUS"): 0.05,
    ("ties", "RUS", "CHN"): 0.6,
    ("M19.grievance",): 0.3,
}


def resent(values: Values, **parameters: float) -> tuple[Change, State]:
    world = make_world("RUS CHN", mechanism=resentment)
    state = make_state(world, {**START, **values})
    return run_rule(resentment, state, make_use(resentment, world, PAIR, **parameters)), state


def rise(values: Values, **parameters: float) -> float:
    change, state = resent(values, **parameters)
    return float(shift_of(change, state, "opposition", "RUS")[0])


def found(name: str, values: Values, **parameters: float) -> float:
    return float(resent(values, **parameters)[0].findings[name][0])


@pytest.mark.parametrize(
    ("cause", "low", "high", "sign"),
    [
        (("M19.grievance",), 0.1, 0.9, 1),
        (("ties", "RUS", "CHN"), -0.5, 0.9, -1),  # a better tie brings more in
        (("M19.critics",), 0.0, 30.0, 1),
        (("M19.loyalists",), 0.0, 30.0, 0),  # without critics nobody is to be drowned out
        (("dependence", "CHN", "RUS"), 0.0, 0.35, -1),  # an equal is no junior
    ],
)
def test_opposition_has_the_signs_of_its_theory(
    cause: tuple[str, ...], low: float, high: float, sign: int
) -> None:
    assert np.sign(round(rise({cause: high}) - rise({cause: low}), 12)) == sign


def test_benefit_wins_opponents_back() -> None:
    calm: Values = {("M19.grievance",): 0.0}
    assert rise(calm, status=0.0) < 0
    assert rise({**calm, ("dependence", "RUS", "CHN"): 0.0}, status=0.0) == 0


def test_one_voice_is_a_weak_signal() -> None:
    warnings = [found("warning", {("M19.critics",): voices}) for voices in (0.0, 1.0, 10.0, 100.0)]
    assert warnings[0] == 0.0
    assert warnings[1] < 0.05
    assert warnings == sorted(warnings)
    loyal: Values = {("M19.critics",): 10.0, ("M19.loyalists",): 50.0}
    assert found("warning", loyal) < warnings[2]


def test_critics_are_heard_only_where_the_mood_has_moved() -> None:
    voices: Values = {("M19.critics",): 50.0}
    gains = []
    for mood in (0.05, 0.5):
        quiet: Values = {("opposition", "RUS"): mood}
        heard, unheard = (
            rise({**quiet, **more}, confidence=0.4) for more in (voices, {("M19.critics",): 0.0})
        )
        gains.append(heard - unheard)
    assert 0 <= gains[0] < gains[1] / 5


def test_opposition_makes_a_turn_cheaper_and_likelier() -> None:
    calm, angry = ({("opposition", "RUS"): mood} for mood in (0.1, 0.8))
    assert found("switching cost", angry) < found("switching cost", calm)
    assert found("shift", angry) > found("shift", calm)


def test_the_tie_cools_by_as_much_as_the_leader_has_left_the_line() -> None:
    falls = []
    for mood in (0.1, 0.5, 0.9):
        change, state = resent({("opposition", "RUS"): mood, ("M19.grievance",): 0.8})
        falls.append(-shift_of(change, state, "ties", "RUS", "CHN")[0])
    assert 0 < falls[0] < falls[1] < falls[2] < 0.03


def test_places_in_the_coalition_keep_the_leader_on_the_line() -> None:
    angry: Values = {("opposition", "RUS"): 0.9, ("M19.grievance",): 0.9}
    assert found("shift", angry, loyalty=0.4) < found("shift", angry, loyalty=0.0)


def test_the_exit_cost_is_counted_once() -> None:
    world = make_world("RUS CHN", mechanism=resentment)
    state = make_state(world, START)
    use = make_use(resentment, world, PAIR)
    for _ in range(5):
        change = run_rule(resentment, state, use)
        state = apply_changes(state, [change])
        cost = change.findings["switching cost"]
        np.testing.assert_allclose(state.exit_costs[0, 1], cost)


def test_what_others_put_into_the_exit_cost_stays() -> None:
    change, state = resent({("exit_costs", "RUS", "CHN"): 0.4})
    after = apply_changes(state, [change]).exit_costs[0, 1]
    np.testing.assert_allclose(after, 0.4 + change.findings["switching cost"])


def test_with_no_effect_nothing_moves() -> None:
    none = dict.fromkeys(("rise", "relief", "spread", "hold", "distance"), 0.0)
    change, _ = resent({("M19.critics",): 10.0}, **none)
    assert all(np.all(np.asarray(one.amount) == 0) for one in change.shifts)


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=7, max_size=7))
def test_states_stay_in_range(x: list[float]) -> None:
    world = make_world("RUS CHN", mechanism=resentment)
    values: Values = {
        ("opposition", "RUS"): x[0],
        ("dependence", "RUS", "CHN"): x[1],
        ("dependence", "CHN", "RUS"): x[2],
        ("ties", "RUS", "CHN"): 2 * x[3] - 1,
        ("M19.grievance",): x[4],
        ("M19.critics",): 1000 * x[5],
        ("M19.loyalists",): 1000 * x[6],
    }
    state = make_state(world, values)
    use = make_use(resentment, world, PAIR)
    for _ in range(12):
        change = run_rule(resentment, state, use)
        for name in ("warning", "reach", "shift"):
            assert 0 <= change.findings[name][0] <= 1
        state = apply_changes(state, [change])
    assert 0 <= state.opposition[0, 0] <= 1
    assert 0 <= state.exit_costs[0, 1, 0] <= 1


def test_a_month_of_two_thousand_runs_is_quick() -> None:
    world = make_world("RUS CHN", mechanism=resentment)
    state = make_state(world, START, runs=2000)
    use = make_use(resentment, world, PAIR, runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(resentment, state, use)
    assert (time.process_time() - start) / 5 < 0.02

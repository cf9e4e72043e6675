from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.alliances import rift
from detente.scenarios.state import State, apply_changes
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

WORLD = make_world("EU USA CHN", mechanism=rift)
ROLES = {"ally": "EU", "patron": "USA", "suitor": "CHN"}
START: dict[Names, float] = {
    ("ties", "EU", "USA"): 0.2,
    ("ties", "EU", "CHN"): -0.1,
    ("ties", "USA", "CHN"): -0.5,
    ("dependence", "EU", "USA"): 0.3,
    ("trust", "EU", "CHN"): 0.5,
    ("M12.slight",): 0.3,
}


def weighed(values: dict[Names, float], **parameters: float) -> dict[str, float]:
    state = make_state(WORLD, START | values)
    change = run_rule(rift, state, make_use(rift, WORLD, ROLES, **parameters))
    return {name: float(found[0]) for name, found in change.findings.items()}


@pytest.mark.parametrize(
    ("cause", "hedging", "favour"),
    [
        (("dependence", "EU", "USA"), -1, 1),
        (("offers", "CHN", "EU"), 1, -1),
        (("ties", "EU", "CHN"), 1, -1),
    ],
)
def test_need_makes_for_favour_and_an_offer_for_hedging(
    cause: Names, hedging: int, favour: int
) -> None:
    low, high = (weighed({cause: value}) for value in (0.1, 0.8))
    assert np.sign(high["chance of hedging"] - low["chance of hedging"]) == hedging
    assert np.sign(high["chance of favour"] - low["chance of favour"]) == favour


@pytest.mark.parametrize("cause", [("M12.slight",), ("ties", "EU", "USA")])
def test_a_slight_or_a_colder_patron_is_neglect_and_makes_the_ally_act(cause: Names) -> None:
    warm, cold = (0.1, 0.9) if cause == ("M12.slight",) else (0.9, -0.5)
    before, after = (weighed({cause: value}, entrapment=0.0) for value in (warm, cold))
    for finding in ("neglect", "fear", "misfire"):
        assert after[finding] > before[finding]
    acting = [found["chance of hedging"] + found["chance of favour"] for found in (before, after)]
    assert acting[1] > acting[0]


def test_a_feud_of_the_patron_frightens_who_is_near_to_it() -> None:
    hedging = [
        weighed({("ties", "USA", "CHN"): tie}, entrapment=1.0)["chance of hedging"]
        for tie in (-0.1, -0.5, -0.9)
    ]
    assert hedging == sorted(hedging)
    assert hedging[0] < hedging[-1]


def test_without_neglect_nobody_seeks_favour_for_fear() -> None:
    found = weighed({("ties", "EU", "USA"): 1.0, ("M12.slight",): 0.0})
    assert found["neglect"] == found["fear"] == found["misfire"] == 0


def steps(values: dict[Names, float], **parameters: float) -> tuple[State, np.ndarray, np.ndarray]:
    state = make_state(WORLD, START | values, runs=2000)
    use = make_use(rift, WORLD, ROLES, runs=2000, tempo=1.0, **parameters)
    change = run_rule(rift, state, use)
    return (
        apply_changes(state, [change]),
        shift_of(change, state, "M12.hedges") > 0,
        shift_of(change, state, "M12.favours") > 0,
    )


def test_steps_come_as_often_as_their_chances_say() -> None:
    chances = weighed({})
    _, hedges, favours = steps({})
    assert not (hedges & favours).any()
    assert hedges.mean() == pytest.approx(chances["chance of hedging"], abs=0.04)
    assert favours.mean() == pytest.approx(chances["chance of favour"], abs=0.04)


def test_hedging_and_favour_move_the_ties_apart() -> None:
    after, hedges, favours = steps({})
    patron, suitor = after.ties[0, 1] - 0.2, after.ties[0, 2] + 0.1
    assert (suitor[hedges] > 0).all()
    assert (patron[hedges] < 0).all()
    assert (suitor[favours] < 0).all()
    assert (patron[favours] > 0).all()
    assert (suitor[~hedges & ~favours] == 0).all()


def test_a_favour_is_paid_the_less_the_greater_the_neglect() -> None:
    gains = []
    for slight in (0.0, 0.5, 1.0):
        after, _, favours = steps({("M12.slight",): slight, ("dependence", "EU", "USA"): 0.9})
        gains.append(float((after.ties[0, 1] - 0.2)[favours].mean()))
    assert gains[0] > gains[1] > gains[2] == pytest.approx(0.0, abs=1e-12)


def test_who_never_decides_moves_nothing_and_a_slight_wears_off() -> None:
    state = make_state(WORLD, START)
    change = run_rule(rift, state, make_use(rift, WORLD, ROLES, tempo=0.0))
    assert shift_of(change, state, "ties", "EU", "USA")[0] == 0
    assert shift_of(change, state, "ties", "EU", "CHN")[0] == 0
    assert apply_changes(state, [change]).array("M12.slight")[0] == pytest.approx(0.3 * 0.8)


@settings(max_examples=30)
@given(
    ties=st.lists(st.floats(-1, 1), min_size=3, max_size=3),
    shares=st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_all_stays_in_range(ties: list[float], shares: list[float]) -> None:
    values = {
        ("ties", "EU", "USA"): ties[0],
        ("ties", "EU", "CHN"): ties[1],
        ("ties", "USA", "CHN"): ties[2],
        ("dependence", "EU", "USA"): shares[0],
        ("offers", "CHN", "EU"): shares[1],
        ("trust", "EU", "CHN"): shares[2],
        ("M12.slight",): shares[3],
    }
    state = make_state(WORLD, values, runs=8)
    use = make_use(rift, WORLD, ROLES, runs=8, tempo=1.0, softness=0.01)
    for _ in range(4):
        change = run_rule(rift, state, use)
        state = apply_changes(state, [change])
        assert all((found >= 0).all() and (found <= 1).all() for found in change.findings.values())
    assert np.abs(state.ties).max() <= 1


def test_a_month_of_two_thousand_runs_takes_milliseconds() -> None:
    state = make_state(WORLD, START, runs=2000)
    use = make_use(rift, WORLD, ROLES, runs=2000)
    start = time.process_time()
    for _ in range(10):
        run_rule(rift, state, use)
    assert (time.process_time() - start) / 10 < 0.02

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.haggling import anchor
from detente.scenarios.state import Floats, State
from tests.scenarios.mechanisms.boards import draw_state, least_time, run_months, stakes
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

WORLD = make_world("USA UKR", issues="fund", mechanism=anchor)
ROLES = {"demander": "USA", "target": "UKR", "issue": "fund"}
FILE: dict[Names, float] = {
    **stakes("fund", USA=(1.0, 0.5), UKR=(0.0, 0.8)),
    ("dependence", "UKR", "USA"): 0.4,
    ("ties", "UKR", "USA"): 0.5,
}

CALM = {"walking": 0.0, "reliance": 1.5, "split": 0.5, "anchoring": 0.5, "fade": 0.1}
"""The target could give 0.6 and expects to give 0.3."""


def _haggle(opening: float, months: int = 24, **parameters: float) -> State:
    state = make_state(WORLD, {**FILE, ("M9.demand",): opening})
    use = make_use(
        anchor, WORLD, ROLES, **{**CALM, "concession": 0.1, "fallback": 0.2} | parameters
    )
    return run_months(anchor, state, use, months)[0]


def _division(state: State) -> float:
    return float(state.gauges["M9.demand"][0] * state.gauges["M9.accepted"][0])


def _reference(remembered: float, **parameters: float) -> Floats:
    state = make_state(WORLD, {**FILE, ("M9.demand",): 0.4, ("M9.anchor",): remembered})
    use = make_use(anchor, WORLD, ROLES, **{**CALM, **parameters})
    return run_rule(anchor, state, use).findings["reference"]


def test_a_demand_is_accepted_by_contrast_with_the_opening() -> None:
    for opening, accepted in ((0.4, 0), (1.0, 1)):
        state = make_state(WORLD, {**FILE, ("M9.demand",): 0.4, ("M9.anchor",): opening})
        change = run_rule(anchor, state, make_use(anchor, WORLD, ROLES, **CALM))
        assert shift_of(change, state, "M9.accepted")[0] == accepted


def test_the_reference_rises_with_the_opening() -> None:
    found = [_reference(remembered)[0] for remembered in (0.4, 0.6, 0.8, 1.0)]
    assert found == sorted(set(found))


def test_without_anchoring_the_opening_does_not_matter() -> None:
    assert _reference(1.0, anchoring=0) == _reference(0.4, anchoring=0) == pytest.approx(0.3)


def test_an_anchor_gets_more_than_none() -> None:
    assert _division(_haggle(1.0)) > _division(_haggle(1.0, anchoring=0)) > 0


def test_an_anchor_that_fades_at_once_draws_no_further_than_the_demand() -> None:
    assert _reference(1.0, fade=1.0)[0] == _reference(0.4)[0]


@pytest.mark.parametrize("opening", [0.5, 0.8, 1.0])
def test_nobody_gives_more_than_a_deal_is_worth(opening: float) -> None:
    assert 0 < _division(_haggle(opening, anchoring=1.0)) <= 0.6


def test_a_fallback_that_is_worse_than_no_deal_is_never_accepted() -> None:
    assert _haggle(1.0, months=60, fallback=0.7).gauges["M9.accepted"][0] == 0


@pytest.mark.parametrize(
    "better",
    [
        {("dependence", "UKR", "USA"): 0.6},
        {("offers", "USA", "UKR"): 0.5, ("trust", "UKR", "USA"): 0.5},
    ],
)
def test_who_needs_the_deal_more_can_give_more(better: dict[Names, float]) -> None:
    use = make_use(anchor, WORLD, ROLES, **CALM)
    plain, more = (
        run_rule(anchor, make_state(WORLD, {**FILE, **values}), use).findings["most"][0]
        for values in ({}, better)
    )
    assert more > plain


def test_an_unbearable_opening_costs_the_tie_and_can_end_the_talks() -> None:
    runs = 500
    use = make_use(anchor, WORLD, ROLES, runs=runs, **{**CALM, "walking": 0.3})
    for opening, offended in ((0.5, False), (1.0, True)):
        state = make_state(WORLD, {**FILE, ("M9.demand",): opening}, runs=runs)
        change = run_rule(anchor, state, use)
        assert (shift_of(change, state, "ties", "UKR", "USA").mean() < 0) == offended
        assert (shift_of(change, state, "M9.left").mean() > 0) == offended


def test_who_has_left_accepts_nothing() -> None:
    state = make_state(WORLD, {**FILE, ("M9.demand",): 0.1, ("M9.left",): 1.0})
    change = run_rule(anchor, state, make_use(anchor, WORLD, ROLES, **CALM))
    assert shift_of(change, state, "M9.accepted")[0] == 0


def test_giving_way_costs_at_home_once() -> None:
    once, later = _haggle(0.25, months=1), _haggle(0.25, months=12)
    assert once.opposition[1, 0] == later.opposition[1, 0] == pytest.approx(0.3 * 0.25 * 0.8)


def test_without_a_demand_nothing_happens() -> None:
    before = make_state(WORLD, FILE)
    after = _haggle(0.0)
    assert (after.ties == before.ties).all()
    assert all((after.gauges[name] == 0).all() for name in WORLD.gauges)


def test_the_outcome_is_the_division_as_a_position() -> None:
    values = {**FILE, **stakes("fund", USA=(0.2, 0.5), UKR=(0.6, 0.5)), ("M9.demand",): 0.25}
    findings = run_rule(
        anchor, make_state(WORLD, values), make_use(anchor, WORLD, ROLES, **CALM)
    ).findings
    assert findings["outcome"] == pytest.approx(0.6 - 0.25 * 0.4)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16), extreme=st.booleans())
def test_any_state_stays_in_range(seed: int, extreme: bool) -> None:
    state = draw_state(WORLD, 8, seed, extreme=extreme)
    after, change = run_months(anchor, state, make_use(anchor, WORLD, ROLES, runs=8), 3)
    assert all(np.isfinite(found).all() for found in change.findings.values())
    assert ((change.findings["outcome"] >= 0) & (change.findings["outcome"] <= 1)).all()
    assert (after.gauges["M9.anchor"] >= after.gauges["M9.demand"]).all()


def test_a_month_of_2000_runs_is_quick() -> None:
    state, use = draw_state(WORLD, 2000, 1), make_use(anchor, WORLD, ROLES, runs=2000)
    assert least_time(lambda: run_rule(anchor, state, use)) < 0.02

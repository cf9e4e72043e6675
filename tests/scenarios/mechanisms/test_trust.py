from __future__ import annotations

import time

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.case import Case
from detente.scenarios.cases import read_case
from detente.scenarios.inputs import Interval
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.trust import STALL, STEPS, SUREST, distrust, phased_peace
from detente.scenarios.paths import Paths, Sample, trace_paths
from detente.scenarios.simulate import case_without_moves
from detente.scenarios.state import Floats, State, apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

PAIR = {"truster": "RUS", "trustee": "USA"}
NO_MEMORY_LOSS = {"forgetting": 0.0, "reliability": 0.9, "opportunism": 0.5}
TRIO = "USA RUS UKR"
PARTIES = {"rewarder": "USA", "rewarded": "RUS", "others": "UKR"}


def learn(values: dict[tuple[str, ...], float], **parameters: float) -> tuple[float, float]:
    """Return the shift of trust and the price of reassurance."""
    world = make_world(mechanism=distrust)
    state = make_state(world, {("trust", "RUS", "USA"): 0.3} | values)
    use = make_use(distrust, world, PAIR, **{**NO_MEMORY_LOSS, **parameters})
    change = run_rule(distrust, state, use)
    moved = shift_of(change, state, "trust", "RUS", "USA")
    return float(moved[0]), float(change.findings["price"][0])


def test_without_acts_or_forgetting_trust_stays() -> None:
    assert learn({})[0] == pytest.approx(0.0)


def test_trust_follows_bayes() -> None:
    moved, _ = learn({("M6.broken", "USA"): 1.0})
    assert 0.3 + moved == pytest.approx(0.3 * 0.1 / (0.3 * 0.1 + 0.7 * 0.5))


@pytest.mark.parametrize(("act", "sign"), [("kept", 1), ("broken", -1), ("gesture", 1)])
def test_acts_move_trust_by_their_sign(act: str, sign: int) -> None:
    moves = [learn({(f"M6.{act}", "USA"): size})[0] for size in (0.0, 0.2, 0.9)]
    assert np.all(np.diff(moves) * sign > 0)


@pytest.mark.parametrize("act", ["kept", "broken", "gesture"])
def test_acts_of_others_tell_nothing(act: str) -> None:
    assert learn({(f"M6.{act}", "CHN"): 1.0})[0] == pytest.approx(0.0)


def test_a_breach_weighs_more_than_a_promise_kept() -> None:
    assert learn({("M6.kept", "USA"): 1.0, ("M6.broken", "USA"): 1.0})[0] < 0


def test_what_everybody_does_tells_nothing() -> None:
    alike = {"reliability": 0.7, "opportunism": 0.7}
    assert learn({("M6.kept", "USA"): 3.0}, **alike)[0] == pytest.approx(0.0)


@pytest.mark.parametrize(("trust", "sign"), [(0.1, 1), (0.9, -1)])
def test_forgetting_brings_trust_to_the_prior(trust: float, sign: int) -> None:
    values = {("trust", "RUS", "USA"): trust}
    moves = [learn(values, forgetting=share, prior=0.5)[0] for share in (0.0, 0.1, 0.5, 1.0)]
    assert np.all(np.diff(moves) * sign > 0)
    assert trust + moves[-1] == pytest.approx(0.5)


def test_the_price_of_reassurance_brings_the_truster_to_take_the_risk() -> None:
    base = {"exposure": 2.0, "temptation": 1.0}
    price = learn({}, **base)[1]
    world = make_world(mechanism=distrust)
    state = make_state(world, {("trust", "RUS", "USA"): 0.3, ("M6.gesture", "USA"): price + 1e-9})
    use = make_use(distrust, world, PAIR, **NO_MEMORY_LOSS, **base)
    assert run_rule(distrust, state, use).findings["cooperates"][0] == 1.0
    assert learn({}, exposure=0.5)[1] < price < learn({("trust", "RUS", "USA"): 0.1}, **base)[1]
    assert learn({("trust", "RUS", "USA"): 0.9}, **base)[1] == 0.0


def test_worth_is_offer_times_trust_and_offers_stay() -> None:
    world = make_world(mechanism=distrust)
    state = make_state(world, {("trust", "RUS", "USA"): 0.4, ("offers", "USA", "RUS"): 0.5})
    change = run_rule(distrust, state, make_use(distrust, world, PAIR, **NO_MEMORY_LOSS))
    assert change.findings["worth"][0] == pytest.approx(0.2)
    assert change.findings["discount"][0] == pytest.approx(0.6)
    assert not any(shift.name == "offers" for shift in change.shifts)


def test_an_act_counts_once() -> None:
    world = make_world(mechanism=distrust)
    state = make_state(world, {("trust", "RUS", "USA"): 0.4, ("M6.broken", "USA"): 1.0})
    use = make_use(distrust, world, PAIR, **NO_MEMORY_LOSS)
    once = apply_changes(state, [run_rule(distrust, state, use)])
    twice = apply_changes(once, [run_rule(distrust, once, use)])
    assert twice.trust[1, 0] == pytest.approx(once.trust[1, 0])


@settings(max_examples=25)
@given(
    trust=st.floats(0, 1),
    kept=st.floats(0, 10),
    broken=st.floats(0, 10),
    gesture=st.floats(0, 1),
    prior=st.floats(0, 1),
)
def test_trust_stays_a_chance(
    trust: float, kept: float, broken: float, gesture: float, prior: float
) -> None:
    values = {
        ("trust", "RUS", "USA"): trust,
        ("M6.kept", "USA"): kept,
        ("M6.broken", "USA"): broken,
        ("M6.gesture", "USA"): gesture,
    }
    moved, price = learn(values, prior=prior, forgetting=0.02, temptation=1.0)
    assert SUREST - 1 <= trust + moved <= 2 - SUREST  # the state clamps what is left of it
    assert 0 <= price <= 1


STEADY = {"hazard": 0.0, "relief": 0.0, "held_back": 0.0, "pace": 1.0, "softness": 0.05}


def process(
    values: dict[tuple[str, ...], float | Floats] | None = None,
    *,
    months: int = 1,
    runs: int = 1,
    **parameters: float,
) -> tuple[State, dict[str, Floats]]:
    world = make_world(TRIO, mechanism=phased_peace)
    start = {("trust", a, b): 0.5 for a in TRIO.split() for b in TRIO.split() if a != b}
    state = make_state(world, start | dict(values or {}), runs=runs)
    use = make_use(phased_peace, world, PARTIES, runs=runs, **{**STEADY, **parameters})
    found: dict[str, Floats] = {}
    for month in range(months):
        change = run_rule(phased_peace, state, use, seed=month)
        found = dict(change.findings)
        state = apply_changes(state, [change])
    return state, found


def test_steps_follow_one_another_and_release_the_reward() -> None:
    for phase in range(len(STEPS)):
        start = {("M17.phase",): float(phase), ("M17.promised",): 0.5}
        state, found = process(start, temptation=0.0, patience=1.0, peace=10.0)
        assert state.gauges["M17.phase"][0] == phase + 1
        assert found["released"][0] == pytest.approx((phase + 1) / len(STEPS))
        assert state.offers[0, 1] == pytest.approx(0.5 * (phase + 1) / len(STEPS))
        assert state.offers[0, 1] + state.gauges["M17.promised"] == pytest.approx(0.5)


def test_an_offer_waits_for_the_first_step() -> None:
    state, _ = process({("offers", "USA", "RUS"): 0.6}, pace=0.0)
    assert state.offers[0, 1] == 0.0
    assert state.gauges["M17.promised"][0] == pytest.approx(0.6)


def test_what_is_held_back_comes_at_the_end() -> None:
    for phase, share in ((4.0, 0.2 * 4 / 5), (5.0, 1.0)):
        _, found = process({("M17.phase",): phase}, pace=0.0, held_back=0.8)
        assert found["released"][0] == pytest.approx(share)


@pytest.mark.parametrize(
    ("cause", "sign"),
    [
        (("trust", "RUS", "USA"), 1),
        (("trust", "RUS", "UKR"), 1),
        (("M17.promised",), 1),
        (("M17.phase",), -1),
    ],
)
def test_keeping_has_the_signs_of_its_theory(cause: tuple[str, ...], sign: int) -> None:
    base = {("M17.promised",): 0.5}
    low, high = (process({**base, cause: value})[1]["keep RUS"] for value in (0.1, 0.9))
    assert np.sign(high - low)[0] == sign


@pytest.mark.parametrize(
    ("name", "sign"), [("patience", 1), ("peace", 1), ("verification", 1), ("temptation", -1)]
)
def test_parameters_move_keeping_as_they_should(name: str, sign: int) -> None:
    low, high = (process(**{"peace": 0.5, name: value})[1]["keep RUS"] for value in (0.1, 0.7))
    assert np.sign(high - low)[0] == sign


def test_others_join_at_the_ceasefire() -> None:
    distrusted = {("trust", "UKR", other): 0.0 for other in ("USA", "RUS")}
    assert process({**distrusted, ("M17.phase",): 2.0})[1]["keep UKR"][0] == 1.0
    assert process({**distrusted, ("M17.phase",): 3.0})[1]["keep UKR"][0] < 0.5


@pytest.mark.parametrize("party", ["USA", "RUS", "UKR"])
def test_a_breach_freezes_steps_and_reward(party: str) -> None:
    start = {("M17.phase",): 2.0, ("offers", "USA", "RUS"): 0.3, ("M17.broken", party): 1.0}
    state, found = process(start, months=3, freeze=5.0, rollback=0.0, anger=0.1)
    assert state.offers[0, 1] == 0.0
    assert state.gauges["M17.promised"][0] == pytest.approx(0.3)
    assert state.gauges["M17.phase"][0] == 2.0
    assert state.ties[0, 1] < 0
    assert found["released"][0] == 0.0


def test_a_breach_may_undo_a_step_and_the_process_resumes() -> None:
    start = {("M17.phase",): 2.0, ("M17.broken", "RUS"): 1.0}
    state, _ = process(start, freeze=3.0, rollback=1.0)
    assert state.gauges["M17.phase"][0] == 1.0
    later, _ = process(start, months=8, freeze=3.0, rollback=1.0, temptation=0.0, peace=10.0)
    assert later.gauges["M17.phase"][0] > 1.0


def test_breaches_come_from_those_who_would_not_keep() -> None:
    start = {("M17.phase",): 4.0, ("trust", "RUS", "USA"): 0.0, ("trust", "RUS", "UKR"): 0.0}
    _, often = process(start, hazard=0.1, temptation=1.0, verification=0.0)
    _, never = process(start, hazard=0.1, temptation=0.0, peace=10.0)
    assert often["breach chance"][0] > never["breach chance"][0]
    state, _ = process(start, runs=500, hazard=1.0, pace=0.0, temptation=0.5, verification=0.0)
    distrustful, trusting = state.gauges["M17.broken"][1:].mean(axis=1)
    assert trusting < 0.9 < distrustful


def test_who_keeps_a_step_is_told() -> None:
    state, _ = process(temptation=0.0, peace=10.0)
    assert state.gauges["M17.kept"][:, 0].tolist() == [1.0, 1.0, 0.0]
    state, _ = process({("M17.phase",): 3.0}, temptation=0.0, peace=10.0)
    assert state.gauges["M17.kept"][:, 0].tolist() == [1.0, 1.0, 1.0]


def test_a_process_without_steps_is_stalled_after_half_a_year() -> None:
    assert process(pace=0.0, months=STALL - 1)[1]["stalled"][0] == 0.0
    assert process(pace=0.0, months=STALL)[1]["stalled"][0] == 1.0


@settings(max_examples=25)
@given(
    phase=st.integers(0, 5),
    promised=st.floats(0, 1),
    offer=st.floats(0, 1),
    tie=st.floats(-1, 1),
    broken=st.floats(0, 2),
    trust=st.floats(0, 1),
)
def test_phases_and_offers_stay_in_range(
    phase: int, promised: float, offer: float, tie: float, broken: float, trust: float
) -> None:
    start = {
        ("M17.phase",): float(phase),
        ("M17.promised",): promised,
        ("offers", "USA", "RUS"): offer,
        ("ties", "USA", "RUS"): tie,
        ("M17.broken", "RUS"): broken,
        ("trust", "RUS", "USA"): trust,
    }
    state, found = process(start, months=2, hazard=0.5, softness=0.05)
    assert 0 <= state.gauges["M17.phase"][0] <= len(STEPS)
    assert state.offers[0, 1, 0] + state.gauges["M17.promised"][0] <= offer + promised + 1e-9
    for name, values in found.items():
        assert 0 <= values[0] <= 1, name


@pytest.mark.parametrize("rule", [distrust, phased_peace])
def test_two_thousand_runs_of_a_month_are_fast(rule: object) -> None:
    kind = MECHANISMS["M6"] if rule is distrust else MECHANISMS["M17"]
    world = make_world("USA RUS UKR CHN EU IND SAU", mechanism=kind)
    state = make_state(world, runs=2000)
    use = make_use(kind, world, PAIR if kind.id == "M6" else PARTIES, runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(kind, state, use)
    assert (time.process_time() - start) / 5 < 0.02


def quiet(case: Case, *names: str) -> Case:
    """Return a case with only some mechanisms and without chance movement."""
    still = Interval(low=0.0, high=0.0, source="assumption: none")
    kept = tuple(use for use in case.mechanisms if use.name in names)
    return msgspec.structs.replace(case, mechanisms=kept, noise=still)


def trace(case: Case, runs: int = 200) -> Paths:
    units = np.random.default_rng(1).random((len(case.inputs()), runs))
    keys = [("ties", "USA", "RUS"), ("M17.frozen",), ("M17.phase",)]
    return trace_paths(case, Sample(units, 1), keys, MECHANISMS)


def test_a_failed_phase_freezes_the_gain() -> None:
    case = quiet(read_case("phased-peace-stalls"), "M1", "M6", "M6 Washington", "M17")
    failing, going = trace(case), trace(case_without_moves(case))
    month = next(move.month for move in case.moves if move.id == "breach")
    tie, other = failing.series[("ties", "USA", "RUS")], going.series[("ties", "USA", "RUS")]
    assert np.array_equal(tie[: month - 1], other[: month - 1])
    frozen = failing.series[("M17.frozen",)][:-1] > 0
    gains = np.diff(tie, axis=0)
    assert frozen[month].all()
    assert gains[frozen].max() <= 1e-12
    assert other[-1].mean() > other[0].mean()
    assert tie[-1].mean() < other[-1].mean() - 0.01

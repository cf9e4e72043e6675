from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.case import Case
from detente.scenarios.cases import read_case
from detente.scenarios.dynamics import TERMS, read_panel, solve, sum_products
from detente.scenarios.hindcast import T_QUANTILE, fitted_intervals, load_dynamics
from detente.scenarios.inputs import Value
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.dependence import lock_in, minerals_for_arms, order_change
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.paths import Sample, trace_paths
from detente.scenarios.state import Change, State, apply_changes, broken_by, loosened_by
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

Values = Mapping[Names, float]

PAIR = {"client": "RUS", "patron": "CHN", "sanctioners": "EU", "files": "taiwan"}
TRADE: dict[Names, float] = {
    ("ties", "RUS", "CHN"): 0.6,
    ("dependence", "RUS", "CHN"): 0.3,
    ("dependence", "CHN", "RUS"): 0.06,
    ("dependence", "RUS", "EU"): 0.2,
    ("dependence", "EU", "RUS"): 0.04,
    ("positions", "RUS", "taiwan"): 0.2,
    ("positions", "CHN", "taiwan"): 1.0,
    ("salience", "RUS", "taiwan"): 0.5,
    ("salience", "CHN", "taiwan"): 1.0,
}
DEAL = {"donor": "USA", "owner": "UKR", "enemy": "RUS", "friends": "EU"}
AT_WAR: dict[Names, float] = {
    ("ties", "UKR", "RUS"): -1.0,
    ("ties", "UKR", "EU"): 0.5,
    ("trust", "UKR", "USA"): 0.6,
    ("trust", "UKR", "EU"): 0.8,
    ("M15.stage",): 1.0,
}
WORTHS = {"aid_worth": 2.0, "aid_cost": 0.3, "donor_outside": 0.1, "war_clock": 0.1}
ORDER = {"leader": "USA", "challenger": "CHN", "members": "EU RUS"}
RIVALRY: dict[Names, float] = {
    ("ties", "USA", "CHN"): -0.5,
    ("ties", "USA", "EU"): 0.5,
    ("ties", "EU", "CHN"): -0.2,
    ("ties", "RUS", "CHN"): 0.6,
    ("dependence", "EU", "CHN"): 0.1,
    ("dependence", "USA", "CHN"): 0.1,
    ("dependence", "CHN", "USA"): 0.1,
}

ACTORS = {"M4": "RUS CHN EU", "M15": "USA UKR RUS EU", "M21": "USA CHN EU RUS"}
ALL = (lock_in, minerals_for_arms, order_change)
ROLES = {"M4": PAIR, "M15": DEAL, "M21": ORDER}


def play(mechanism: Mechanism, values: Values, **parameters: float) -> tuple[State, Change]:
    world = make_world(ACTORS[mechanism.id], issues="taiwan", mechanism=mechanism)
    state = make_state(world, values)
    return state, run_rule(
        mechanism, state, make_use(mechanism, world, ROLES[mechanism.id], **parameters)
    )


def found(mechanism: Mechanism, values: Values, **parameters: float) -> dict[str, float]:
    _, change = play(mechanism, values, **parameters)
    return {name: float(value[0]) for name, value in change.findings.items()}


@pytest.mark.parametrize("name", ["parity", "contest"])
def test_where_the_past_has_an_interval_it_is_used_by_month(name: str) -> None:
    used = next(one for one in order_change.parameters if one.name == name)
    low, high = fitted_intervals(load_dynamics())[f"tie.{name}"]
    assert (used.low, used.high) == pytest.approx((low / 12, high / 12), rel=0.01)
    assert used.source == "table: hindcast"


@pytest.mark.slow
@pytest.mark.shared
def test_what_trade_holds_is_the_joint_effect_that_the_past_has(shared: Path) -> None:
    # Alone tie.lock_in would be ten times too wide: it and tie.dependence are as good as one.
    panel = read_panel(shared / "data" / "cow")
    i, j = panel.pairs
    states = panel.ties.shape[-1]
    gram, cross = sum_products(panel, "tie")
    n_terms, at = gram.shape[-1], 0.6
    weights = np.array([{"dependence": 1.0, "lock_in": at}.get(term, 0.0) for term in TERMS["tie"]])
    value = solve(gram.sum(axis=0), cross.sum(axis=0), n_terms) @ weights
    kept = [(i != state) & (j != state) for state in range(states)]
    without = np.array([solve(gram[k].sum(axis=0), cross[k].sum(axis=0), n_terms) for k in kept])
    spread = np.square(without @ weights - (without @ weights).mean()).sum()
    half = T_QUANTILE * np.sqrt((states - 1) / states * spread)
    hold = next(one for one in lock_in.parameters if one.name == "hold")
    assert hold.low == pytest.approx((value - half) / 12 / at, rel=0.01)
    assert hold.high == pytest.approx((value + half) / 12 / at, rel=0.01)


# M4: dependence as lock-in


def test_exit_cost_grows_with_need_and_comes_down_with_it() -> None:
    world = make_world("RUS CHN EU", issues="taiwan", mechanism=lock_in)
    use = make_use(lock_in, world, PAIR, weight=0.8)
    state = make_state(world, {**TRADE, ("exit_costs", "RUS", "CHN"): 0.1})
    state = apply_changes(state, [run_rule(lock_in, state, use)])
    assert state.exit_costs[0, 1, 0] == pytest.approx(0.1 + 0.8 * 0.3)
    shares = state.dependence.copy()
    shares[0, 1] = 0.1
    state = replace(state, dependence=shares)
    state = apply_changes(state, [run_rule(lock_in, state, use)])
    assert state.exit_costs[0, 1, 0] == pytest.approx(0.1 + 0.8 * 0.1)


def test_trade_holds_a_good_tie_and_no_bad_one() -> None:
    for tie, sign in ((0.6, 1), (-0.6, 0)):
        state, change = play(lock_in, {**TRADE, ("ties", "RUS", "CHN"): tie}, hold=0.1)
        assert np.sign(shift_of(change, state, "ties", "RUS", "CHN")[0]) == sign
    state, change = play(lock_in, TRADE, hold=0.1)
    expected = 0.1 * np.sqrt(0.3 * 0.06) * 0.6
    assert shift_of(change, state, "ties", "RUS", "CHN")[0] == pytest.approx(expected)


@pytest.mark.parametrize(("level", "sign"), [(1.0, 1), (0.0, 0), (-1.0, -1)])
def test_sanctions_move_trade_to_the_patron_and_relief_brings_it_back(
    level: float, sign: int
) -> None:
    state, change = play(lock_in, {**TRADE, ("M4.sanctions",): level}, diverted=0.5)
    to_patron = shift_of(change, state, "dependence", "RUS", "CHN")[0]
    to_sanctioner = shift_of(change, state, "dependence", "RUS", "EU")[0]
    assert np.sign(to_patron) == sign
    assert np.sign(to_sanctioner) == -sign
    assert abs(to_patron) <= abs(to_sanctioner) + 1e-12
    other_end = shift_of(change, state, "dependence", "CHN", "RUS")[0]
    assert other_end == pytest.approx(to_patron * 0.06 / 0.3)


@pytest.mark.parametrize(
    ("values", "some"),
    [
        ({}, True),
        ({("salience", "CHN", "taiwan"): 0.0}, False),
        ({("dependence", "CHN", "RUS"): 0.9}, False),
        ({("positions", "RUS", "taiwan"): 1.0}, False),
        ({("dependence", "RUS", "CHN"): 0.0}, False),
    ],
)
def test_need_alone_is_no_leverage(values: dict[Names, float], some: bool) -> None:
    assert (found(lock_in, {**TRADE, **values})["concession"] > 0) == some


def test_a_concession_goes_as_far_as_trade_pays_for_it() -> None:
    got = [found(lock_in, TRADE, worth=worth)["concession"] for worth in (0.0, 0.5, 1.0, 9.0)]
    assert got == sorted(got)
    assert got[0] == 0
    assert got[1] == pytest.approx(0.5 * 0.3 / 0.5)
    assert got[-1] == pytest.approx(0.8)


# M15: minerals for arms


def test_a_split_is_the_donors_need_and_its_part_of_the_surplus() -> None:
    result = found(minerals_for_arms, AT_WAR, patience=0.05, **WORTHS)
    outside = 2.0 * 0.8 * (0.5 / 1.5)
    surplus = 2.0 * 0.6 - outside - 0.4
    assert result["owner's outside option"] == pytest.approx(outside)
    assert result["surplus"] == pytest.approx(surplus)
    assert result["split on offer"] == pytest.approx(0.4 + 0.15 / 0.2 * surplus)


@pytest.mark.parametrize(
    ("cause", "low", "high", "sign"),
    [
        (("offers", "EU", "UKR"), 0.0, 0.1, -1),
        (("ties", "UKR", "EU"), 0.2, 0.6, -1),
        (("capability", "EU"), 0.5, 1.2, -1),
        (("ties", "UKR", "RUS"), -0.2, -1.0, 1),
        (("trust", "UKR", "USA"), 0.55, 0.65, 1),
    ],
)
def test_a_weaker_outside_option_or_a_shorter_clock_gives_the_worse_split(
    cause: Names, low: float, high: float, sign: int
) -> None:
    splits = [
        found(minerals_for_arms, {**AT_WAR, cause: value}, patience=0.05, **WORTHS)[
            "split on offer"
        ]
        for value in (low, high)
    ]
    assert np.sign(round(splits[1] - splits[0], 12)) == sign


def test_who_sees_no_gain_does_not_sign() -> None:
    values = {**AT_WAR, ("trust", "UKR", "USA"): 0.0}
    state, change = play(minerals_for_arms, values, step=1.0, **WORTHS)
    assert shift_of(change, state, "M15.stage")[0] == 0
    assert change.findings["surplus"][0] < 0


def run_deal(months: int, **parameters: float) -> State:
    world = make_world("USA UKR RUS EU", mechanism=minerals_for_arms)
    state = make_state(world, AT_WAR, runs=200)
    terms = {**WORTHS, "patience": 0.05, "step": 1.0, "unpaid": 0.0, **parameters}
    use = make_use(minerals_for_arms, world, DEAL, runs=200, **terms)
    for month in range(months):
        state = apply_changes(state, [run_rule(minerals_for_arms, state, use, seed=month)])
    return state


def test_a_running_deal_brings_aid_and_dependence() -> None:
    signed, running = run_deal(1), run_deal(30, lapse=0.0)
    assert (signed.array("M15.stage") == 2).all()
    assert (signed.array("M15.split") > 0).all()
    assert (running.array("M15.stage") == 3).all()
    assert (running.array("M15.split") == signed.array("M15.split")).all()
    assert running.array("M15.aid").min() > 0.99
    assert running.dependence[1, 0].min() > signed.dependence[1, 0].max()
    assert (running.array("M15.lapses") == 0).all()


def test_the_risk_of_a_lapse_grows_as_cost_is_sunk() -> None:
    running = {**AT_WAR, ("M15.stage",): 3.0, ("M15.split",): 0.7}
    risks = [
        found(minerals_for_arms, {**running, ("M15.sunk",): sunk}, patience=0.05, **WORTHS)
        for sunk in (0.0, 0.3, 0.6, 1.0)
    ]
    rates = [risk["lapse risk"] for risk in risks]
    assert rates == sorted(rates)
    assert rates[0] == 0 < rates[-1]


def test_a_lapse_ends_deal_and_aid() -> None:
    state, change = play(
        minerals_for_arms,
        {**AT_WAR, ("M15.stage",): 3.0, ("M15.split",): 1.0, ("M15.sunk",): 1.0},
        lapse=100.0,
        unpaid=0.0,
        **WORTHS,
    )
    after = apply_changes(state, [change])
    for gauge, value in (("stage", 0), ("split", 0), ("sunk", 0), ("lapses", 1)):
        assert after.array(f"M15.{gauge}")[0] == value
    assert after.array("M15.aid")[0] < 0.5


# M21: order change and containment


def test_contest_is_likeliest_between_unsatisfied_equals() -> None:
    def risk(size: float, tie: float) -> float:
        values = {("capability", "CHN"): size, ("ties", "USA", "CHN"): tie}
        return found(order_change, values)["contest risk"]

    risks = [risk(size, -0.5) for size in (0.2, 0.6, 1.0, 1.5, 4.0)]
    assert risks.index(max(risks)) == 2
    assert risks[:3] == sorted(risks[:3])
    assert risks[2:] == sorted(risks[2:], reverse=True)
    assert risk(1.0, -0.9) > risk(1.0, 0.0) > risk(1.0, 1.0) == 0


@pytest.mark.parametrize(
    ("cause", "low", "high", "sign"),
    [
        (("dependence", "EU", "CHN"), 0.0, 0.15, -1),
        (("dependence", "USA", "CHN"), 0.0, 0.3, -1),
        (("ties", "RUS", "CHN"), 0.6, 0.0, 1),
        (("ties", "RUS", "CHN"), 0.0, -0.6, 1),
        (("ties", "USA", "CHN"), -0.2, -0.8, 1),
    ],
)
def test_trade_protects_from_containment_and_a_lost_friend_exposes_to_it(
    cause: Names, low: float, high: float, sign: int
) -> None:
    pressures = [
        found(order_change, {**RIVALRY, cause: value})["containment pressure"]
        for value in (low, high)
    ]
    assert np.sign(round(pressures[1] - pressures[0], 12)) == sign


def test_containment_comes_to_the_pressure_and_parts_trade() -> None:
    world = make_world("USA CHN EU RUS", mechanism=order_change)
    state = make_state(world, RIVALRY)
    neutral = {"parity": 0.0, "contest": 0.0, "growth": 0.0}
    use = make_use(order_change, world, ORDER, price=0.0, **neutral)
    for _ in range(60):
        change = run_rule(order_change, state, use)
        state = apply_changes(state, [change])
    assert state.array("M21.containment")[0] == pytest.approx(
        change.findings["containment pressure"][0], abs=1e-3
    )
    assert state.dependence[0, 1, 0] < 0.1
    assert state.ties[0, 1, 0] == pytest.approx(-0.5)


def test_containment_takes_from_satisfaction() -> None:
    values = {**RIVALRY, ("M21.containment",): 0.5}
    free, contained = found(order_change, RIVALRY), found(order_change, values)
    assert contained["satisfaction"] == pytest.approx(free["satisfaction"] / 2)
    assert contained["contest risk"] > free["contest risk"]


@pytest.mark.parametrize(("sizes", "poles"), [((1, 1, 1, 1), 4.0), ((1, 0, 0, 0), 1.0)])
def test_polarity_counts_equal_powers(sizes: tuple[float, ...], poles: float) -> None:
    names = ("USA", "CHN", "EU", "RUS")
    values = {("capability", name): size for name, size in zip(names, sizes, strict=True)}
    assert found(order_change, values)["polarity"] == pytest.approx(poles)


@settings(max_examples=30)
@given(
    tie=st.floats(-1, 1),
    shares=st.lists(st.floats(0, 1), min_size=4, max_size=4),
    size=st.floats(0, 5),
    level=st.floats(-1, 1),
)
def test_all_stays_in_range(tie: float, shares: list[float], size: float, level: float) -> None:
    a, b, c, d = shares
    for mechanism, start in zip(ALL, (TRADE, AT_WAR, RIVALRY), strict=True):
        world = make_world(ACTORS[mechanism.id], issues="taiwan", mechanism=mechanism)
        first, second = world.actors[:2]
        values = {
            **start,
            ("ties", first, second): tie,
            ("dependence", first, second): a,
            ("dependence", second, first): b,
            ("trust", second, first): c,
            ("offers", "EU", second): d,
            ("capability", first): size,
        }
        if mechanism is lock_in:
            values[("M4.sanctions",)] = level
        state = make_state(world, values, runs=4)
        use = make_use(mechanism, world, ROLES[mechanism.id], runs=4)
        for month in range(4):
            change = run_rule(mechanism, state, use, seed=month)
            assert all(np.isfinite(value).all() for value in change.findings.values())
            state = apply_changes(state, [change])
        assert np.abs(state.ties).max() <= 1
        assert 0 <= state.dependence.min() <= state.dependence.max() <= 1


@pytest.mark.parametrize("mechanism", ALL)
def test_a_month_of_two_thousand_runs_takes_milliseconds(mechanism: Mechanism) -> None:
    world = make_world("USA RUS CHN UKR EU IND SAU", issues="taiwan", mechanism=mechanism)
    state = make_state(world, runs=2000)
    use = make_use(mechanism, world, ROLES[mechanism.id], runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(mechanism, state, use)
    assert (time.process_time() - start) / 5 < 0.02


def with_values(case: Case, change: Mapping[str, tuple[float, float]]) -> Case:
    """Return the case with the intervals of some values replaced."""

    def changed(value: Value) -> Value:
        low, high = change.get(value.name, (value.interval.low, value.interval.high))
        interval = msgspec.structs.replace(value.interval, low=low, high=high)
        return msgspec.structs.replace(value, interval=interval)

    return msgspec.structs.replace(case, values=tuple(changed(one) for one in case.values))


def chances(case: Case, *, runs: int = 2000) -> tuple[float, float]:
    """Return the chances that the Russian-Chinese tie loosens and that it breaks."""
    units = np.random.default_rng(1).random((len(case.inputs()), runs))
    key = ("ties", "RUS", "CHN")
    path = trace_paths(case, Sample(units, 1), [key], MECHANISMS).series[key]
    loosens, breaks = (test(path, path[0]).max(axis=0) >= 0 for test in (loosened_by, broken_by))
    return float(loosens.mean()), float(breaks.mean())


TO_2019 = 140 / 240
"""Russian-Chinese trade in 2019 over that in 2024, as the articles tell it."""

NOW = {"dependence RUS CHN": (0.25, 0.45), "dependence CHN RUS": (0.03, 0.08)}
THEN = {name: (low * TO_2019, high * TO_2019) for name, (low, high) in NOW.items()}


@pytest.mark.parametrize("alone", [True, False])
def test_trade_at_the_level_of_2019_raises_the_chance_of_a_break(alone: bool) -> None:
    # Where Moscow trusts no offer there is hardly a break to be made likelier, so here it does.
    case = with_values(read_case("us-russia-alliance"), {"trust RUS USA": (0.5, 0.9)})
    if alone:
        uses = tuple(use for use in case.mechanisms if use.mechanism in ("M1", "M4"))
        case = msgspec.structs.replace(case, mechanisms=uses)
    now, then = chances(with_values(case, NOW)), chances(with_values(case, THEN))
    assert then[0] > now[0] > 0
    assert then[1] > now[1] > 0

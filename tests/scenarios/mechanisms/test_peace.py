from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.cases import read_case
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.mechanisms.peace import mediation, price_of_peace
from detente.scenarios.paths import Paths, Sample, trace_paths
from detente.scenarios.state import Change, Floats, State, World, apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

FOUR = "RUS UKR USA CHN"
TALKS = {"mediator": "CHN", "first": "RUS", "second": "UKR", "host": "USA", "issue": "line"}
WAR = {"claimant": "RUS", "holder": "UKR", "backers": "USA CHN"}
WAR |= {"line": "line", "guarantee": "guarantee"}
Values = dict[tuple[str, ...], float | Floats]

OPENING: Values = {
    ("M11.effort",): 1.0,
    ("ties", "CHN", "RUS"): 0.6,
    ("ties", "CHN", "USA"): -0.5,
    ("trust", "RUS", "CHN"): 0.7,
    ("positions", "RUS", "line"): 1.0,
    ("positions", "USA", "line"): 0.5,
    ("positions", "CHN", "line"): 0.5,
    **{("salience", actor, "line"): 0.8 for actor in FOUR.split()},
    **{("seats", actor, "line"): 1.0 for actor in ("RUS", "UKR", "USA")},
}
WILLING = {"status": 0.0, "pride": 0.0, "prospect": 0.0, "pace": 1.0, "eagerness": 0.1}


def stage(kind: Mechanism, values: Values, runs: int = 1) -> tuple[World, State]:
    world = make_world(FOUR, issues="line guarantee", mechanism=kind)
    return world, make_state(world, values, runs=runs)


def mediate(values: Values | None = None, **parameters: float) -> tuple[State, Change]:
    world, state = stage(mediation, OPENING | dict(values or {}))
    use = make_use(mediation, world, TALKS, **{**WILLING, "leverage": 1.0, **parameters})
    return state, run_rule(mediation, state, use)


def test_an_idle_mediator_changes_nothing() -> None:
    state, change = mediate({("M11.effort",): 0.0})
    after = apply_changes(state, [change])
    assert np.array_equal(after.ties, state.ties)
    assert np.array_equal(after.seats, state.seats)
    assert change.findings["chance"][0] == 0.0
    assert after.gauges["M11.stage"][0] == 0.0


def test_who_suits_all_is_let_in_and_gets_a_seat() -> None:
    state, change = mediate()
    after = apply_changes(state, [change])
    assert change.findings["accepted"][0] == 1.0
    assert after.seats[3, 0] == 1.0
    assert shift_of(change, state, "ties", "CHN", "RUS")[0] > 0
    assert shift_of(change, state, "ties", "CHN", "UKR")[0] > 0
    assert after.gauges["M11.insight"] == pytest.approx(change.findings["chance"])


@pytest.mark.parametrize("cost", ["status", "pride"])
def test_a_host_refuses_what_costs_its_standing(cost: str) -> None:
    state, change = mediate(**{cost: 2.0, "slight": 0.05})
    after = apply_changes(state, [change])
    assert after.gauges["M11.stage"][0] == -1.0
    assert after.seats[3, 0] == 0.0
    assert shift_of(change, state, "ties", "CHN", "USA")[0] < 0


def test_a_refusal_slights_once() -> None:
    state, change = mediate({("M11.stage",): -1.0}, pride=2.0)
    assert shift_of(change, state, "ties", "CHN", "USA")[0] == 0.0


def test_who_was_let_in_stays_while_it_tries() -> None:
    state, change = mediate({("M11.stage",): 2.0}, pride=2.0)
    assert apply_changes(state, [change]).gauges["M11.stage"][0] == 2.0
    state, change = mediate({("M11.stage",): 2.0, ("M11.effort",): 0.0})
    assert apply_changes(state, [change]).gauges["M11.stage"][0] == 0.0


def test_only_a_friend_is_believed() -> None:
    trusted: Values = {("trust", "UKR", "CHN"): 0.7}
    _, change = mediate(trusted)
    assert change.findings["credible RUS"][0] == 0.7
    assert change.findings["credible UKR"][0] == 0.0
    _, neutral = mediate({**trusted, ("ties", "CHN", "UKR"): 0.6})
    assert neutral.findings["credible RUS"][0] == 0.0
    assert neutral.findings["chance"][0] < change.findings["chance"][0]


@pytest.mark.parametrize(
    ("cause", "found", "sign"),
    [
        (("M11.effort",), "chance", 1),
        (("trust", "RUS", "CHN"), "chance", 1),
        (("dependence", "UKR", "CHN"), "chance", 1),
        (("trust", "RUS", "USA"), "gain RUS", -1),
        (("salience", "RUS", "line"), "gain RUS", 1),
        (("ties", "CHN", "USA"), "gain USA", 1),
    ],
)
def test_mediation_has_the_signs_of_its_theory(
    cause: tuple[str, ...], found: str, sign: int
) -> None:
    costs = {"prospect": 0.5, "status": 0.2}
    low, high = (mediate({cause: value}, **costs)[1].findings[found] for value in (0.2, 0.9))
    assert np.sign(high - low)[0] == sign


def test_a_side_gains_less_from_who_wants_the_opposite() -> None:
    far, near = (mediate({("positions", "CHN", "line"): x})[1] for x in (0.0, 1.0))
    assert near.findings["gain RUS"][0] > far.findings["gain RUS"][0]
    assert near.findings["gain UKR"][0] < far.findings["gain UKR"][0]


def test_a_back_channel_works_in_part_without_acceptance() -> None:
    parts = [mediate(pride=2.0, back_channel=share)[1] for share in (0.0, 0.5)]
    state, _ = mediate()
    none, some = (shift_of(part, state, "M11.insight")[0] for part in parts)
    full = shift_of(mediate()[1], state, "M11.insight")[0]
    assert none == 0.0
    assert some == pytest.approx(full / 2)


def test_a_seat_gives_the_mediator_a_say() -> None:
    without, with_it = (mediate({("seats", "CHN", "line"): seat})[1] for seat in (0.0, 1.0))
    assert without.findings["say"][0] == 0.0
    assert with_it.findings["say"][0] == pytest.approx(0.25)
    assert with_it.findings["distance"][0] <= without.findings["distance"][0]


FIGHT: Values = {
    ("trust", "RUS", "UKR"): 0.5,
    ("trust", "UKR", "RUS"): 0.5,
    ("positions", "RUS", "line"): 1.0,
    ("positions", "USA", "line"): 0.5,
    ("positions", "UKR", "guarantee"): 1.0,
    ("positions", "USA", "guarantee"): 0.5,
    ("salience", "RUS", "guarantee"): 0.5,
    ("salience", "USA", "guarantee"): 0.5,
    ("salience", "RUS", "line"): 0.5,
    ("salience", "USA", "line"): 0.5,
    **{("seats", actor, issue): 1.0 for actor in ("RUS", "USA") for issue in ("line", "guarantee")},
}
CERTAIN = {"pace": 1.0, "doubt": 0.0, "relapse": 0.0}


def fight(values: Values | None = None, runs: int = 1, **parameters: float) -> tuple[State, Change]:
    world, state = stage(price_of_peace, FIGHT | dict(values or {}), runs)
    use = make_use(price_of_peace, world, WAR, runs=runs, **parameters)
    return state, run_rule(price_of_peace, state, use)


def test_war_without_fear_leaves_a_range_of_both_costs() -> None:
    costs = {"claimant_cost": 0.1, "holder_cost": 0.2, "home": 0.0}
    _, change = fight(rearming=0.0, objection=0.0, **costs)
    assert change.findings["win share"][0] == pytest.approx(0.5)
    assert change.findings["low"][0] == pytest.approx(0.4)
    assert change.findings["high"][0] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("cause", "found", "sign"),
    [
        (("capability", "RUS"), "win share", 1),
        (("capability", "UKR"), "win share", -1),
        (("ties", "USA", "UKR"), "win share", -1),
        (("ties", "CHN", "RUS"), "win share", 1),
        (("trust", "UKR", "RUS"), "high", 1),
        (("trust", "RUS", "UKR"), "low", -1),
        (("trust", "UKR", "RUS"), "risk", -1),
        (("positions", "USA", "guarantee"), "high", 1),
        (("positions", "USA", "guarantee"), "low", 1),
        (("opposition", "RUS"), "low", -1),
        (("opposition", "UKR"), "high", 1),
        (("positions", "USA", "line"), "line", 1),
    ],
)
def test_the_price_has_the_signs_of_its_theory(
    cause: tuple[str, ...], found: str, sign: int
) -> None:
    low, high = (fight({cause: value}, surety=0.5)[1].findings[found] for value in (0.2, 0.5))
    assert np.sign(high - low)[0] == sign


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("claimant_cost", 1),
        ("holder_cost", 1),
        ("rearming", -1),
        ("later", -1),
        ("objection", -1),
        ("surety", 1),
    ],
)
def test_parameters_widen_or_narrow_the_range(name: str, sign: int) -> None:
    low, high = (fight(**{name: value})[1].findings["width"] for value in (0.1, 0.3))
    assert np.sign(high - low)[0] == sign


def test_promises_that_nobody_believes_close_the_range() -> None:
    none: Values = {("trust", "RUS", "UKR"): 0.0, ("trust", "UKR", "RUS"): 0.0}
    weak = {"surety": 0.0, "rearming": 0.5, "later": 0.8}
    state, change = fight(none, **weak, **CERTAIN)
    assert change.findings["width"][0] < 0
    assert change.findings["line"][0] == change.findings["win share"][0]
    assert shift_of(change, state, "M18.deal")[0] == 0.0
    assert shift_of(change, state, "positions", "RUS", "line")[0] == 0.0


def test_within_the_range_there_is_a_deal_and_positions_near_it() -> None:
    state, change = fight(**CERTAIN)
    assert change.findings["low"] <= change.findings["line"] <= change.findings["high"]
    assert shift_of(change, state, "M18.deal")[0] == 1.0
    assert shift_of(change, state, "positions", "RUS", "line")[0] < 0
    assert shift_of(change, state, "positions", "UKR", "line")[0] > 0


def test_a_deal_eases_the_tie_and_may_break() -> None:
    made: Values = {("M18.deal",): 1.0}
    state, change = fight(made, relapse=0.0)
    assert shift_of(change, state, "ties", "RUS", "UKR")[0] > 0
    assert shift_of(change, state, "M18.deal")[0] == 0.0
    distrust: Values = {("trust", "RUS", "UKR"): 1.0, ("trust", "UKR", "RUS"): 0.0}
    state, change = fight({**made, **distrust}, runs=100, relapse=1.0, surety=0.0)
    after = apply_changes(state, [change])
    assert not after.gauges["M18.deal"].any()
    assert after.gauges["M18.broken"][0].all()
    assert not after.gauges["M18.broken"][1].any()


def test_a_mediator_who_is_believed_brings_a_deal_nearer() -> None:
    both = {**{f"M11.{one.name}": one for one in mediation.gauges}}
    world = make_world(FOUR, issues="line guarantee", mechanism=price_of_peace)
    world = World(world.actors, (), world.issues, {**world.gauges, **both})
    share = []
    for insight in (0.0, 0.9):
        state = make_state(world, {**FIGHT, ("M11.insight",): insight}, runs=2000)
        use = make_use(price_of_peace, world, WAR, runs=2000, doubt=0.4, pace=0.5)
        share.append(shift_of(run_rule(price_of_peace, state, use), state, "M18.deal").mean())
    assert share[1] > share[0]


unit = st.floats(0, 1)


@settings(max_examples=25)
@given(tie=st.floats(-1, 1), trust=unit, x=unit, effort=unit, means=st.floats(0, 1e6), seat=unit)
def test_values_stay_in_range(
    tie: float, trust: float, x: float, effort: float, means: float, seat: float
) -> None:
    values: Values = {
        ("ties", "CHN", "RUS"): tie,
        ("trust", "RUS", "CHN"): trust,
        ("trust", "UKR", "RUS"): trust,
        ("positions", "RUS", "line"): x,
        ("capability", "RUS"): means,
        ("seats", "CHN", "line"): seat,
    }
    _, talks = mediate({**values, ("M11.effort",): effort})
    _, price = fight(values)
    chances = [talks.findings[name] for name in ("chance", "say", "distance", "accepted")]
    chances += [price.findings[name] for name in ("win share", "line", "risk")]
    assert all(0 <= found[0] <= 1 for found in chances)
    for change in (talks, price):
        assert all(np.isfinite(shift.amount).all() for shift in change.shifts)


@pytest.mark.parametrize(("kind", "roles"), [(mediation, TALKS), (price_of_peace, WAR)])
def test_two_thousand_runs_of_a_month_are_fast(kind: Mechanism, roles: dict[str, str]) -> None:
    world = make_world(f"{FOUR} EU IND SAU", issues="line guarantee", mechanism=kind)
    state = make_state(world, runs=2000)
    use: Use = make_use(kind, world, roles, runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(kind, state, use)
    assert (time.process_time() - start) / 5 < 0.02


def follow(name: str, runs: int = 300) -> Paths:
    case = read_case(name)
    n_inputs = len(read_case("china-mediates").inputs())
    units = np.random.default_rng(1).random((n_inputs, runs))[: len(case.inputs())]
    keys = [("ties", "RUS", "CHN"), ("seats", "CHN", "territory"), ("M11.distance",)]
    return trace_paths(case, Sample(units, 1), keys, MECHANISMS)


def test_china_idle_and_active_differ_in_its_outcome() -> None:
    idle, active = follow("china-passive"), follow("china-mediates")
    gain = {key: active.series[key][-1] - idle.series[key][-1] for key in idle.series}
    assert (gain[("seats", "CHN", "territory")] > 0).any()
    assert gain[("ties", "RUS", "CHN")].mean() > 0
    assert gain[("M11.distance",)].mean() < 0
    for key, rows in idle.series.items():
        assert np.array_equal(rows[0], active.series[key][0])

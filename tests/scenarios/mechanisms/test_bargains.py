from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.bargains import ROUND, bundle, swap
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.state import State, World
from tests.scenarios.mechanisms.boards import draw_state, least_time, run_months, stakes
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

ACTORS = "USA RUS CHN UKR"
ROLES = {"broker": "USA", "needed": "USA RUS", "parties": ACTORS, "issues": "east south"}
TRADERS = {"first": "USA", "second": "RUS", "here": "east", "there": "south", "parties": ACTORS}

# Russia cares for the east, the United States for the south; each could give what it cares less
# for. Ukraine would lose by the east, China by the south.
BOARD: dict[Names, float] = {
    **stakes("east", USA=(0.0, 0.2), RUS=(1.0, 0.8), UKR=(0.0, 1.0)),
    **stakes("south", USA=(1.0, 0.8), RUS=(0.0, 0.2), CHN=(0.0, 1.0)),
    ("seats", "UKR", "east"): 0.0,
    ("seats", "CHN", "south"): 0.0,
    ("trust", "USA", "RUS"): 0.8,
    ("trust", "RUS", "USA"): 0.8,
}


def _bundle_world(actors: str = ACTORS) -> World:
    return make_world(actors, issues="east south", mechanism=bundle)


def _bundle_state(values: Mapping[Names, float] | None = None, *, runs: int = 1) -> State:
    linked: Mapping[Names, float] = {("M7.linked",): 1.0}
    return make_state(_bundle_world(), {**BOARD, **linked, **(values or {})}, runs=runs)


def _signed(values: dict[Names, float], **parameters: float) -> float:
    """Return the share of 400 runs in which the package is signed within a year."""
    state = _bundle_state(values, runs=400)
    use = make_use(bundle, state.world, ROLES, runs=400, **parameters)
    after, _ = run_months(bundle, state, use, 12)
    return float(after.gauges["M7.signed"].mean())


def test_the_package_gives_each_the_issue_that_it_cares_for() -> None:
    state = _bundle_state()
    after, change = run_months(
        bundle, state, make_use(bundle, state.world, ROLES, doubt=0, home=0), 1
    )
    assert after.gauges["M7.package"][:, 0] == pytest.approx([1.0, 1.0])
    assert after.gauges["M7.alone"][:, 0] == pytest.approx([0.8, 0.8])
    assert change.findings["found"][0] == 1
    assert change.findings["gain USA"][0] == pytest.approx(0.8 * 0.2 - 0.2 * 0.2)
    assert change.findings["gain RUS"][0] == pytest.approx(change.findings["gain USA"][0])


def test_those_who_are_not_asked_pay() -> None:
    state = _bundle_state()
    findings = run_rule(bundle, state, make_use(bundle, state.world, ROLES)).findings
    assert findings["gain UKR"][0] == pytest.approx(-0.2)
    assert findings["gain CHN"][0] == pytest.approx(-0.2)


def test_there_is_no_package_if_the_payers_consent_is_needed() -> None:
    state = _bundle_state()
    everybody = {**ROLES, "needed": "USA RUS CHN UKR"}
    findings = run_rule(bundle, state, make_use(bundle, state.world, everybody)).findings
    assert findings["found"][0] == 0
    assert findings["gain USA"][0] == 0


def test_there_is_no_package_if_all_care_alike() -> None:
    same: dict[Names, float] = {
        ("salience", a, issue): 0.5 for a in ("USA", "RUS") for issue in ("east", "south")
    }
    state = _bundle_state(same)
    assert run_rule(bundle, state, make_use(bundle, state.world, ROLES)).findings["found"][0] == 0


@pytest.mark.parametrize(
    ("less", "more", "parameters"),
    [
        ({("M7.linked",): 0.0}, {}, {}),
        ({("trust", "USA", "RUS"): 0.0}, {}, {"doubt": 0.5}),
        ({("opposition", "RUS"): 1.0}, {}, {}),
        ({("salience", "USA", "east"): 0.7}, {}, {}),
    ],
)
def test_signing_follows_trust_peace_at_home_and_unlike_cares(
    less: dict[Names, float], more: dict[Names, float], parameters: dict[str, float]
) -> None:
    assert _signed(less, **parameters) < _signed(more, **parameters)


def test_distrust_can_leave_nothing_of_the_room_that_interests_leave() -> None:
    state = _bundle_state({("trust", "USA", "RUS"): 0.0, ("trust", "RUS", "USA"): 0.0})
    use = make_use(bundle, state.world, ROLES, doubt=0.9)
    after, change = run_months(bundle, state, use, 1)
    assert after.gauges["M7.room"][0] == 1
    assert change.findings["found"][0] == 0
    assert after.gauges["M7.package"] == pytest.approx(after.gauges["M7.alone"])


def test_nothing_is_signed_unless_the_files_are_linked() -> None:
    assert _signed({("M7.linked",): 0.0}) == 0


def test_a_package_in_force_warms_those_who_share_it_and_embitters_payers() -> None:
    use = make_use(bundle, _bundle_world(), ROLES)
    drafted, _ = run_months(bundle, _bundle_state(), use, 1)
    signed = replace(drafted, gauges={**drafted.gauges, "M7.signed": np.ones(1)})
    change = run_rule(bundle, signed, use)
    assert shift_of(change, signed, "ties", "USA", "RUS")[0] > 0
    assert shift_of(change, signed, "ties", "UKR", "USA")[0] < 0
    assert shift_of(change, signed, "ties", "CHN", "USA")[0] < 0
    assert shift_of(change, signed, "ties", "UKR", "RUS")[0] == 0


def test_a_package_lapses_once_a_needed_party_no_longer_gains() -> None:
    use = make_use(bundle, _bundle_world(), ROLES, doubt=0)
    drafted, _ = run_months(bundle, _bundle_state(), use, 1)
    signed = {**drafted.gauges, "M7.signed": np.ones(1)}
    stays = replace(drafted, gauges=signed)
    lapses = replace(_bundle_state({("salience", "USA", "east"): 1.0}), gauges=signed)
    assert shift_of(run_rule(bundle, stays, use), stays, "M7.signed")[0] == 0
    assert shift_of(run_rule(bundle, lapses, use), lapses, "M7.signed")[0] == -1


def test_a_package_is_drafted_anew_only_where_the_outcomes_one_by_one_have_moved() -> None:
    state = _bundle_state(runs=2)
    use = make_use(bundle, state.world, ROLES, runs=2, pace=0)
    state, _ = run_months(bundle, state, use, 1)
    seats = state.seats.copy()
    seats[state.world.place("seats", ("UKR", "east"))] = [0.0, 1.0]
    after, _ = run_months(bundle, replace(state, seats=seats), use, 1)
    alone = after.gauges["M7.alone"][0]
    assert alone[0] == pytest.approx(0.8)
    assert alone[1] < 0.5


def test_a_trade_moves_each_issue_towards_the_one_who_cares() -> None:
    world = make_world(ACTORS, issues="east south", mechanism=swap)
    state = make_state(world, BOARD)
    use = make_use(swap, world, TRADERS, sharpness=1)
    after, change = run_months(swap, state, use, 12)
    east, south = after.gauges["M8.shift"][:, 0]
    assert east > 0
    assert south > 0
    assert change.findings["possible"][0] == 1
    assert change.findings["rate"][0] == pytest.approx(1.0)
    assert change.findings["gain USA"] == pytest.approx(change.findings["gain RUS"])
    assert change.findings["externality"][0] < 0


def _swap(values: dict[Names, float], months: int = 24, **parameters: float) -> State:
    world = make_world(ACTORS, issues="east south", mechanism=swap)
    state = make_state(world, {**BOARD, **values})
    return run_months(swap, state, make_use(swap, world, TRADERS, **parameters), months)[0]


@pytest.mark.parametrize(
    "less",
    [
        {("trust", "USA", "RUS"): 0.1},
        {("trust", "RUS", "USA"): 0.1},
        {("salience", "USA", "east"): 0.6},
    ],
)
def test_a_tacit_swap_goes_as_far_as_trust_and_unlike_cares_carry_it(
    less: dict[Names, float],
) -> None:
    assert _swap(less).gauges["M8.level"][0] < _swap({}).gauges["M8.level"][0]


@pytest.mark.parametrize(
    "never",
    [
        {("trust", "RUS", "USA"): 0.0},
        {("positions", "RUS", "east"): 0.0},
        {("seats", "RUS", "south"): 0.0, ("seats", "RUS", "east"): 0.0},
        {("salience", "USA", "east"): 0.8, ("salience", "RUS", "south"): 0.8},
    ],
)
def test_there_is_no_swap_without_trust_opposition_weight_or_unlike_cares(
    never: dict[Names, float],
) -> None:
    after = _swap(never)
    assert after.gauges["M8.level"][0] == 0
    assert (after.gauges["M8.shift"] == 0).all()


def test_each_third_party_blames_the_one_who_gave_way_at_its_cost() -> None:
    after = _swap({})
    usa, rus, chn, ukr = range(4)
    assert after.ties[usa, rus, 0] > 0
    assert after.ties[ukr, usa, 0] < 0 == after.ties[ukr, rus, 0]
    assert after.ties[chn, rus, 0] < 0 == after.ties[chn, usa, 0]


def test_effects_of_nothing_move_no_tie() -> None:
    after = _swap({}, warming=0, resentment=0)
    assert (after.ties == 0).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16), extreme=st.booleans())
@pytest.mark.parametrize(("mechanism", "roles"), [(bundle, ROLES), (swap, TRADERS)])
def test_any_state_stays_in_range(
    mechanism: Mechanism, roles: Mapping[str, str], seed: int, extreme: bool
) -> None:
    world = make_world(ACTORS, issues="east south", mechanism=mechanism)
    state = draw_state(world, 8, seed, extreme=extreme)
    after, change = run_months(mechanism, state, make_use(mechanism, world, roles, runs=8), 2)
    assert all(np.isfinite(found).all() for found in change.findings.values())
    assert np.abs(after.ties).max() <= 1
    for name in world.gauges:
        low, high = world.range(name)
        assert ((after.gauges[name] >= low) & (after.gauges[name] <= high)).all()


def test_a_month_of_2000_runs_is_quick() -> None:
    world = make_world(ACTORS, issues="east south", mechanism=swap)
    state, use = draw_state(world, 2000, 1), make_use(swap, world, TRADERS, runs=2000)
    assert least_time(lambda: run_rule(swap, state, use)) < 0.02


def test_a_round_of_talks_in_2000_runs_is_quick() -> None:
    state, use = _bundle_state(runs=2000), make_use(bundle, _bundle_world(), ROLES, runs=2000)
    spent = least_time(lambda: run_months(bundle, state, use, ROUND), times=3)
    assert spent < 0.02 * ROUND

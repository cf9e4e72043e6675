import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.bargains import bundle, swap
from detente.scenarios.state import State, World, apply_changes
from tests.scenarios.mechanisms.boards import draw_state, least_time, run_months, stakes
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

ACTORS = "USA RUS CHN UKR"
ROLES = {"broker": "USA", "needed": "USA RUS", "parties": ACTORS, "issues": "east south"}
TRADERS = {"first": "USA", "second": "RUS", "here": "east", "there": "south", "parties": ACTORS}

# Russia cares for the east, the United States for the south; each could give what it cares less
# for. Ukraine would lose by the east, China by the south.
BOARD = {
    **stakes("east", USA=(0.0, 0.2), RUS=(1.0, 0.8), UKR=(0.0, 1.0)),
    **stakes("south", USA=(1.0, 0.8), RUS=(0.0, 0.2), CHN=(0.0, 1.0)),
    ("seats", "UKR", "east"): 0.0,
    ("seats", "CHN", "south"): 0.0,
    ("trust", "USA", "RUS"): 0.8,
    ("trust", "RUS", "USA"): 0.8,
}


def _bundle_world(actors: str = ACTORS) -> World:
    return make_world(actors, issues="east south", mechanism=bundle)


def _bundle_state(values: dict[Names, float] | None = None, *, runs: int = 1) -> State:
    linked = {("M7.linked",): 1.0}
    return make_state(_bundle_world(), {**BOARD, **linked, **(values or {})}, runs=runs)


def _signed(values: dict[Names, float], **parameters: float) -> float:
    """Return the share of 400 runs in which the package is signed within a year."""
    state = _bundle_state(values, runs=400)
    use = make_use(bundle, state.world, ROLES, runs=400, **parameters)
    after, _ = run_months(bundle, state, use, 12)
    return float(after.gauges["M7.signed"].mean())


def test_the_package_gives_each_the_issue_that_it_cares_for() -> None:
    state = _bundle_state()
    after, change = run_months(bundle, state, make_use(bundle, state.world, ROLES, doubt=0), 1)
    assert after.gauges["M7.package"][:, 0].tolist() == [1.0, 1.0]
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
    same = {("salience", a, issue): 0.5 for a in ("USA", "RUS") for issue in ("east", "south")}
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


def test_nothing_is_signed_unless_the_files_are_linked() -> None:
    assert _signed({("M7.linked",): 0.0}) == 0


def test_a_package_in_force_warms_those_who_share_it_and_embitters_payers() -> None:
    state = _bundle_state({("M7.signed",): 1.0, ("M7.package", "east"): 1.0})
    state, _ = run_months(bundle, _bundle_state(), make_use(bundle, state.world, ROLES), 1)
    use = make_use(bundle, state.world, ROLES)
    signed = apply_changes(state, [run_rule(bundle, state, use)])
    values = {"M7.signed": np.ones(1)}
    forced = State(
        **{name: getattr(signed, name) for name in ("world", "month", *_fields())},
        gauges={**signed.gauges, **values},
    )
    change = run_rule(bundle, forced, use)
    assert shift_of(change, forced, "ties", "USA", "RUS")[0] > 0
    assert shift_of(change, forced, "ties", "UKR", "USA")[0] < 0
    assert shift_of(change, forced, "ties", "CHN", "USA")[0] < 0
    assert shift_of(change, signed, "ties", "UKR", "RUS")[0] == 0


def _fields() -> tuple[str, ...]:
    from detente.scenarios.state import FIELDS

    return tuple(FIELDS)


def test_a_package_lapses_once_a_needed_party_no_longer_gains() -> None:
    drafted, _ = run_months(bundle, _bundle_state(), make_use(bundle, _bundle_world(), ROLES), 1)
    kept = {("M7.package", i): 1.0 for i in ("east", "south")}
    kept |= {("M7.alone", i): drafted.gauges["M7.alone"][n, 0] for n, i in enumerate(("east", "south"))}
    kept |= {("M7.signed",): 1.0}
    use = make_use(bundle, _bundle_world(), ROLES, doubt=0)
    stays = _bundle_state(kept)
    lapses = _bundle_state({**kept, ("salience", "USA", "east"): 1.0})
    assert shift_of(run_rule(bundle, stays, use), stays, "M7.signed")[0] == 0
    assert shift_of(run_rule(bundle, lapses, use), lapses, "M7.signed")[0] == -1


def test_a_package_is_drafted_anew_only_where_the_outcomes_one_by_one_have_moved() -> None:
    runs = 2
    state = _bundle_state(runs=runs)
    use = make_use(bundle, state.world, ROLES, runs=runs, pace=0)
    state, _ = run_months(bundle, state, use, 1)
    seated = state.seats.copy()
    seated[state.world.place("seats", ("UKR", "east"))] = [0.0, 1.0]
    parts = {name: getattr(state, name) for name in ("world", "month", "gauges", *_fields())}
    moved = apply_changes(State(**{**parts, "seats": seated}), [], months=0)
    after, _ = run_months(bundle, moved, use, 1)
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
    tie = {pair: after.ties[after.world.place("ties", pair)][0] for pair in (
        ("USA", "RUS"), ("UKR", "USA"), ("UKR", "RUS"), ("CHN", "RUS"), ("CHN", "USA"),
    )}  # fmt: skip
    assert tie["USA", "RUS"] > 0
    assert tie["UKR", "USA"] < 0 == tie["UKR", "RUS"]
    assert tie["CHN", "RUS"] < 0 == tie["CHN", "USA"]


def test_effects_of_nothing_move_no_tie() -> None:
    after = _swap({}, warming=0, resentment=0)
    assert (after.ties == 0).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16), extreme=st.booleans())
@pytest.mark.parametrize(("mechanism", "roles"), [(bundle, ROLES), (swap, TRADERS)])
def test_any_state_stays_in_range(mechanism, roles, seed: int, extreme: bool) -> None:  # type: ignore[no-untyped-def]
    world = make_world(ACTORS, issues="east south", mechanism=mechanism)
    state = draw_state(world, 8, seed, extreme=extreme)
    after, change = run_months(mechanism, state, make_use(mechanism, world, roles, runs=8), 2)
    assert all(np.isfinite(found).all() for found in change.findings.values())
    assert np.abs(after.ties).max() <= 1
    for name in world.gauges:
        low, high = world.range(name)
        assert ((after.gauges[name] >= low) & (after.gauges[name] <= high)).all()


@pytest.mark.parametrize(("mechanism", "roles"), [(bundle, ROLES), (swap, TRADERS)])
def test_a_month_of_2000_runs_is_quick(mechanism, roles) -> None:  # type: ignore[no-untyped-def]
    world = make_world(ACTORS, issues="east south", mechanism=mechanism)
    use = make_use(mechanism, world, roles, runs=2000)
    state, _ = run_months(mechanism, draw_state(world, 2000, 1), use, 1)
    assert least_time(lambda: run_rule(mechanism, state, use)) < 0.02

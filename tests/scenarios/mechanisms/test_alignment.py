from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.scenarios.mechanisms.alignment import camps, partner_too_big, triangle, wedge
from detente.scenarios.state import apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

TRIO = {"divider": "USA", "target": "RUS", "rival": "CHN"}
SIDES = {"first": "USA", "second": "RUS", "third": "CHN"}
COALITION = {"leader": "USA", "candidate": "RUS", "members": "EU", "opponents": "CHN"}

START = {
    ("ties", "USA", "RUS"): -0.5,
    ("ties", "RUS", "CHN"): 0.6,
    ("ties", "USA", "CHN"): -0.5,
    ("trust", "RUS", "USA"): 0.8,
}


def wedge_shifts(values: dict[tuple[str, ...], float], **parameters: float) -> tuple[float, float]:
    world = make_world()
    state = make_state(world, START | values)
    change = run_rule(wedge, state, make_use(wedge, world, TRIO, **parameters))
    toward = shift_of(change, state, "ties", "USA", "RUS")
    away = shift_of(change, state, "ties", "RUS", "CHN")
    return float(toward[0]), float(away[0])


def test_without_an_offer_the_wedge_moves_nothing() -> None:
    assert wedge_shifts({}) == (0.0, 0.0)


def test_with_no_effect_the_wedge_moves_nothing() -> None:
    offer = {("offers", "USA", "RUS"): 1.0}
    assert wedge_shifts(offer, warming=0.0, loosening=0.0) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("cause", "warmer", "looser"),
    [
        (("offers", "USA", "RUS"), 1, 1),
        (("trust", "RUS", "USA"), 1, 1),
        (("exit_costs", "RUS", "CHN"), 0, -1),
        (("offers", "CHN", "RUS"), 0, -1),
    ],
)
def test_the_wedge_has_the_signs_of_its_theory(
    cause: tuple[str, ...], warmer: int, looser: int
) -> None:
    base = {("offers", "USA", "RUS"): 0.5, ("trust", "RUS", "CHN"): 0.8}
    low, high = (wedge_shifts({**base, cause: value}) for value in (0.2, 0.9))
    assert np.sign(round(high[0] - low[0], 12)) == warmer
    assert np.sign(round(low[1] - high[1], 12)) == looser


def test_a_growing_offer_warms_well_before_the_old_tie_breaks() -> None:
    world = make_world()
    offers = np.linspace(0, 1, 11)
    state = make_state(world, {**START, ("offers", "USA", "RUS"): offers})
    use = make_use(wedge, world, TRIO, runs=11)
    for _ in range(24):
        state = apply_changes(state, [run_rule(wedge, state, use)])
    warm = state.ties[0, 1] + 0.5 >= 0.2
    broken = state.ties[1, 2] <= 0
    assert warm[5:].all()
    assert not broken[:6].any()
    assert warm.argmax() < (broken.argmax() if broken.any() else 11)


@pytest.mark.parametrize(
    ("signs", "ranks"),
    [
        ((1, 1, 1), (4, 4, 4)),
        ((1, 1, -1), (5, 2, 2)),
        ((1, -1, -1), (3, 3, 0)),
        ((-1, -1, 1), (0, 3, 3)),
        ((-1, -1, -1), (1, 1, 1)),
    ],
)
def test_ranks_follow_the_pattern(signs: tuple[int, ...], ranks: tuple[int, ...]) -> None:
    world = make_world()
    pairs = (("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN"))
    state = make_state(
        world, {("ties", *pair): 0.5 * sign for pair, sign in zip(pairs, signs, strict=True)}
    )
    findings = run_rule(triangle, state, make_use(triangle, world, SIDES)).findings
    assert tuple(findings[f"rank {actor}"][0] for actor in world.actors) == ranks
    assert findings["balanced"][0] == (np.prod(signs) > 0)


def test_an_unbalanced_triangle_drifts_to_balance() -> None:
    world = make_world()
    state = make_state(
        world,
        {("ties", "USA", "RUS"): 0.5, ("ties", "USA", "CHN"): 0.5, ("ties", "RUS", "CHN"): -0.1},
    )
    change = run_rule(triangle, state, make_use(triangle, world, SIDES, fear=0.0))
    assert shift_of(change, state, "ties", "RUS", "CHN")[0] > 0


def test_an_outsider_courts_the_less_hostile_partner_only() -> None:
    world = make_world()
    state = make_state(
        world,
        {("ties", "USA", "RUS"): -0.2, ("ties", "USA", "CHN"): -0.8, ("ties", "RUS", "CHN"): 0.5},
    )
    change = run_rule(triangle, state, make_use(triangle, world, SIDES, balance=0.0))
    assert shift_of(change, state, "ties", "USA", "RUS")[0] > 0
    assert shift_of(change, state, "ties", "USA", "CHN")[0] == 0


def test_camps_come_to_rest_where_nobody_gains() -> None:
    world = make_world("USA EU RUS CHN", mechanism=camps)
    state = make_state(
        world,
        {
            ("ties", "USA", "EU"): 0.6,
            ("ties", "RUS", "CHN"): 0.6,
            ("ties", "USA", "RUS"): 0.1,
            ("ties", "EU", "RUS"): -0.8,
            ("ties", "USA", "CHN"): -0.5,
        },
    )
    use = make_use(camps, world, {}, pull=0.0)
    for _ in range(4):
        change = run_rule(camps, state, use)
        state = apply_changes(state, [change])
    sides = state.array("M3.side")[:, 0]
    assert change.findings["stable"][0] == 1
    assert sides[0] == sides[1] != sides[2] == sides[3]


def test_frustration_counts_ties_against_the_camps() -> None:
    world = make_world("USA EU RUS", mechanism=camps)
    state = make_state(
        world,
        {("ties", "USA", "EU"): 0.5, ("ties", "USA", "RUS"): 0.5, ("ties", "EU", "RUS"): -0.5},
    )
    change = run_rule(camps, state, make_use(camps, world, {}))
    assert change.findings["frustration"][0] == pytest.approx(1 / 3)


def test_those_outside_the_members_take_no_side() -> None:
    world = make_world("USA EU RUS CHN", mechanism=camps)
    state = make_state(world, {("ties", "USA", "CHN"): 0.5})
    change = run_rule(camps, state, make_use(camps, world, {"members": "USA EU RUS"}))
    assert shift_of(change, state, "M3.side", "CHN")[0] == 0
    assert shift_of(change, state, "ties", "USA", "CHN")[0] == 0
    assert change.findings["side CHN"][0] == 0


def wish(candidate: float, *, rival: float = 0.23, members: float = 0.07) -> float:
    world = make_world("USA EU RUS CHN")
    sizes = {"USA": 0.124, "EU": members, "RUS": candidate, "CHN": rival}
    state = make_state(world, {("capability", name): size for name, size in sizes.items()})
    change = run_rule(partner_too_big, state, make_use(partner_too_big, world, COALITION))
    return float(change.findings["wish"][0])


def test_a_stronger_candidate_is_wanted_less_by_a_winning_coalition() -> None:
    wishes = [wish(size, rival=0.15) for size in (0.02, 0.04, 0.08, 0.16)]
    assert wishes == sorted(wishes, reverse=True)
    assert wishes[0] < 0


def test_a_coalition_far_behind_wants_a_member() -> None:
    assert wish(0.04, rival=0.6) > 0


def test_a_candidate_without_means_changes_nothing() -> None:
    assert wish(0.0) == 0


def test_an_offer_above_the_cap_comes_down_to_it() -> None:
    world = make_world("USA EU RUS CHN")
    state = make_state(world, {("offers", "USA", "RUS"): 1.0, ("capability", "CHN"): 0.2})
    use = make_use(partner_too_big, world, COALITION, restraint=0.5, tolerance=0.3)
    for _ in range(30):
        change = run_rule(partner_too_big, state, use)
        state = apply_changes(state, [change])
    assert state.offers[0, 2, 0] == pytest.approx(change.findings["cap"][0], abs=1e-6)
    assert state.offers[0, 2, 0] < 1


@given(ties=st.lists(st.floats(-1, 1), min_size=6, max_size=6), offer=st.floats(0, 1))
def test_all_stays_in_range(ties: list[float], offer: float) -> None:
    world = make_world("USA EU RUS CHN", mechanism=camps)
    pairs = [(a, b) for a in world.actors for b in world.actors if a < b]
    values = {("ties", *pair): tie for pair, tie in zip(pairs, ties, strict=True)}
    state = make_state(world, {**values, ("offers", "USA", "RUS"): offer})
    uses = [(wedge, TRIO), (triangle, SIDES), (camps, {}), (partner_too_big, COALITION)]
    for _ in range(3):
        changes = [run_rule(one, state, make_use(one, world, roles)) for one, roles in uses]
        assert all(np.isfinite(v).all() for c in changes for v in c.findings.values())
        state = apply_changes(state, changes)
    assert np.abs(state.ties).max() <= 1
    assert 0 <= state.offers.min() <= state.offers.max() <= 1

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.exclusion import left_out
from detente.scenarios.state import Change, State
from tests.scenarios.mechanisms.boards import draw_state, least_time, run_months, stakes
from tests.scenarios.stage import Names, make_state, make_use, make_world, run_rule, shift_of

WORLD = make_world("USA RUS EU UKR IND", issues="line troops", mechanism=left_out)
ROLES = {
    "convener": "USA",
    "parties": "USA RUS EU UKR",
    "spoilers": "UKR",
    "issues": "line",
}
TABLE = stakes("line", USA=(0.6, 0.5), RUS=(1.0, 1.0), EU=(0.2, 0.8), UKR=(0.0, 1.0))


def _state(*absent: str, runs: int = 1, values: dict[Names, float] | None = None) -> State:
    seats = {("seats", actor, "line"): 0.0 for actor in absent}
    return make_state(WORLD, {**TABLE, **seats, **(values or {})}, runs=runs)


def _run(*absent: str, values: dict[Names, float] | None = None, **parameters: float) -> Change:
    state = _state(*absent, values=values)
    return run_rule(left_out, state, make_use(left_out, WORLD, ROLES, **parameters))


def _outcome(*absent: str) -> float:
    use = make_use(left_out, WORLD, ROLES)
    return float(run_months(left_out, _state(*absent), use, 1)[0].gauges["M10.outcome"][0, 0])


def test_the_outcome_is_the_weighted_mean_of_who_sits() -> None:
    assert _outcome() == pytest.approx((0.5 * 0.6 + 1 + 0.8 * 0.2) / 3.3)
    assert _outcome("EU", "UKR") == pytest.approx((0.5 * 0.6 + 1) / 1.5)


@pytest.mark.parametrize("absent", ["USA", "RUS", "EU", "UKR"])
def test_an_empty_seat_moves_the_outcome_away(absent: str) -> None:
    at = dict(zip(("USA", "RUS", "EU", "UKR"), (0.6, 1.0, 0.2, 0.0), strict=True))[absent]
    assert abs(at - _outcome(absent)) > abs(at - _outcome())


def test_with_all_seated_nobody_pays_or_reacts() -> None:
    findings = _run(threshold=0).findings
    assert all(findings[f"{name} {actor}"][0] == 0
               for name in ("cost", "say lost", "reacts") for actor in WORLD.actors)  # fmt: skip


def test_cost_grows_with_salience_and_with_the_distance() -> None:
    usual = _run("EU").findings["cost EU"][0]
    assert _run("EU", values={("salience", "EU", "line"): 1.0}).findings["cost EU"][0] > usual > 0
    assert _run("EU", values={("positions", "EU", "line"): 0.6}).findings["cost EU"][0] < usual


def test_an_empty_seat_without_a_stake_costs_nothing() -> None:
    findings = _run("EU", values={("salience", "EU", "line"): 0.0}, threshold=0).findings
    assert findings["cost EU"][0] == findings["say lost EU"][0] == findings["reacts EU"][0] == 0


def test_the_absence_of_an_ally_costs_too_but_its_own_seat_only_counts_for_say() -> None:
    alone, both = _run("EU").findings, _run("EU", "UKR").findings
    assert both["cost EU"][0] > alone["cost EU"][0]
    assert alone["cost EU"][0] == pytest.approx(alone["say lost EU"][0])


def test_who_pays_most_is_the_one_with_the_highest_cost() -> None:
    findings = _run("EU", "UKR").findings
    assert findings["cost UKR"][0] > findings["cost EU"][0]
    assert [findings[f"pays most {actor}"][0] for actor in ("EU", "UKR")] == [0, 1]
    assert _run().findings["pays most UKR"][0] == 0


def test_who_is_left_out_protests_against_the_convener_beyond_the_threshold() -> None:
    state = _state("EU")
    use = {"threshold": 0.0}
    loud = run_rule(left_out, state, make_use(left_out, WORLD, ROLES, **use))
    quiet = run_rule(left_out, state, make_use(left_out, WORLD, ROLES, threshold=1.0))
    assert shift_of(loud, state, "ties", "EU", "USA")[0] < 0
    assert shift_of(loud, state, "ties", "EU", "RUS")[0] == 0
    assert shift_of(quiet, state, "ties", "EU", "USA")[0] == 0


def test_those_left_out_close_ranks_if_they_want_the_same() -> None:
    together = _state("EU", "UKR")
    use = make_use(left_out, WORLD, ROLES, threshold=0.0)
    assert shift_of(run_rule(left_out, together, use), together, "ties", "EU", "UKR")[0] > 0
    apart = _state("EU", "RUS")
    assert shift_of(run_rule(left_out, apart, use), apart, "ties", "EU", "RUS")[0] == 0


def test_only_spoilers_spoil_and_more_so_the_more_it_costs_them() -> None:
    runs = 2000
    use = make_use(left_out, WORLD, ROLES, runs=runs, threshold=0.0)
    shares = []
    for salience in (0.0, 0.5, 1.0):
        state = _state("EU", "UKR", runs=runs, values={("salience", "UKR", "line"): salience})
        shares.append(run_months(left_out, state, use, 12)[0].gauges["M10.spoiled"].mean())
    assert shares[0] == 0 < shares[1] < shares[2] < 1


def test_a_settlement_can_be_made_again_once_the_spoiler_sits() -> None:
    spoiled = _state(values={("M10.spoiled",): 1.0})
    still = _state("UKR", values={("M10.spoiled",): 1.0})
    use = make_use(left_out, WORLD, ROLES, threshold=0.0)
    assert shift_of(run_rule(left_out, spoiled, use), spoiled, "M10.spoiled")[0] == -1
    assert shift_of(run_rule(left_out, still, use), still, "M10.spoiled")[0] == 0


def test_an_empty_room_moves_nothing() -> None:
    assert _outcome("USA", "RUS", "EU", "UKR") == pytest.approx(_outcome())


def test_issues_and_actors_beside_the_table_are_left_alone() -> None:
    after, change = run_months(left_out, _state("EU"), make_use(left_out, WORLD, ROLES), 3)
    assert after.gauges["M10.outcome"][1, 0] == 0.5
    assert (after.gauges["M10.moved"][:, 1] == 0).all()
    assert change.findings["cost IND"][0] == 0
    assert (after.ties[WORLD.actors.index("IND")] == 0).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), extreme=st.booleans())
def test_one_more_empty_seat_never_moves_the_outcome_nearer(seed: int, extreme: bool) -> None:
    state = draw_state(WORLD, 8, seed, extreme=extreme)
    use = make_use(left_out, WORLD, {**ROLES, "issues": "line troops"}, runs=8)
    eu = WORLD.actors.index("EU")
    seats = state.seats.copy()
    distances = []
    for seat in (1.0, 0.0):
        seats[eu] = seat
        after, change = run_months(left_out, replace(state, seats=seats.copy()), use, 1)
        distances.append(np.abs(state.positions[eu] - after.gauges["M10.outcome"]))
        assert all(np.isfinite(found).all() for found in change.findings.values())
    weighs = (state.salience * state.capability[:, None] * state.seats)[[0, 1, 3]].sum(axis=0) > 0
    assert (distances[1] >= distances[0] - 1e-9)[weighs].all()
    assert (change.findings["say lost EU"] >= -1e-9)[weighs.all(axis=0)].all()


def test_a_month_of_2000_runs_is_quick() -> None:
    state = draw_state(WORLD, 2000, 1)
    use = make_use(left_out, WORLD, {**ROLES, "issues": "line troops"}, runs=2000)
    assert least_time(lambda: run_rule(left_out, state, use)) < 0.02

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.attention import MOST_RATIO, distraction, turn_to_theatre
from detente.scenarios.state import Change, State, apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

ACTORS = "USA RUS CHN EU IND"
THEATRES = "Europe Pacific"
TURN = {
    "leader": "USA",
    "rival": "CHN",
    "adversary": "RUS",
    "allies": "EU",
    "courted": "IND",
    "focus": "Pacific",
    "other": "Europe",
}
FACING = {
    ("attention", "USA", "Europe"): 0.4,
    ("attention", "USA", "Pacific"): 0.4,
    ("attention", "RUS", "Europe"): 0.6,
    ("attention", "CHN", "Pacific"): 0.6,
    ("attention", "EU", "Europe"): 0.6,
    ("attention", "EU", "Pacific"): 0.1,
    ("ties", "USA", "RUS"): -0.6,
    ("ties", "USA", "CHN"): -0.6,
    ("ties", "USA", "EU"): 0.5,
    ("dependence", "EU", "USA"): 0.5,
    ("capability", "EU"): 0.2,
}

Values = dict[tuple[str, ...], float]


def turn(values: Values, **parameters: float) -> tuple[Change, State]:
    world = make_world(ACTORS, theatres=THEATRES, mechanism=turn_to_theatre)
    state = make_state(world, {**FACING, **values})
    settings_ = {"away": 0.6, "reach": 0.3, "stake": 1.0, **parameters}
    use = make_use(turn_to_theatre, world, TURN, **settings_)
    return run_rule(turn_to_theatre, state, use), state


def finding(name: str, values: Values, **parameters: float) -> float:
    return float(turn(values, **parameters)[0].findings[name][0])


@pytest.mark.parametrize(
    ("cause", "low", "high", "sign"),
    [
        (("ties", "USA", "RUS"), -0.8, 0.6, 1),  # a calmer Europe frees means
        (("ties", "USA", "CHN"), -0.8, 0.6, -1),
        (("attention", "RUS", "Europe"), 0.02, 0.1, -1),
        (("attention", "CHN", "Pacific"), 0.02, 0.1, 1),
        (("attention", "CHN", "Pacific"), 0.6, 1.0, -1),  # too strong to be moved by the last man
        (("attention", "EU", "Europe"), 0.1, 0.8, 1),  # allies hold it in the leader's stead
    ],
)
def test_means_go_where_they_do_most(
    cause: tuple[str, ...], low: float, high: float, sign: int
) -> None:
    shares = [finding("best share", {cause: value}) for value in (low, high)]
    assert np.sign(shares[1] - shares[0]) == sign


def test_a_theatre_without_enemies_is_left() -> None:
    assert finding("best share", {("ties", "USA", "RUS"): 1.0}) == pytest.approx(1.0)
    assert finding("best share", {("ties", "USA", "CHN"): 1.0}) == pytest.approx(0.0)


def test_without_any_enemy_nothing_is_moved() -> None:
    change, state = turn({("ties", "USA", "CHN"): 1.0, ("ties", "USA", "RUS"): 1.0})
    assert shift_of(change, state, "attention", "USA", "Pacific")[0] == 0.0


def test_the_best_division_loses_least() -> None:
    """The closed form is compared with a search over all divisions."""
    best = finding("best share", {})
    own, friends = 0.6, {"Pacific": 0.2 * 0.1 * 0.3 * 0.5, "Europe": 0.2 * 0.6 * 0.5}
    foes = {"Pacific": 0.6, "Europe": 0.6}
    shares = np.linspace(0, 1, 10_001)
    loss = np.zeros_like(shares)
    for theatre, share in (("Pacific", shares), ("Europe", 1 - shares)):
        hostile = 0.8 * foes[theatre]
        loss += hostile / (own * 0.8 * share + friends[theatre] + foes[theatre])
    assert best == pytest.approx(shares[loss.argmin()], abs=2e-4)


def test_a_dependent_ally_follows_and_a_free_one_does_not() -> None:
    drawn = []
    for need in (0.0, 0.3, 0.9):
        change, state = turn({("dependence", "EU", "USA"): need, ("M13.last share",): 0.3})
        drawn.append(shift_of(change, state, "attention", "EU", "Pacific")[0])
        moved = drawn[-1] + shift_of(change, state, "attention", "EU", "Europe")[0]
        assert moved == pytest.approx(0.0)
    assert drawn[0] == 0.0
    assert drawn[1] < drawn[2]


@pytest.mark.parametrize(("last", "sign"), [(0.3, 1), (0.5, 0), (0.7, -1), (-1.0, 0)])
def test_an_ally_follows_the_change_and_not_the_level(last: float, sign: int) -> None:
    change, state = turn({("M13.last share",): last})
    assert np.sign(shift_of(change, state, "attention", "EU", "Pacific")[0]) == sign


def test_more_pressure_strains_the_tie_and_wins_the_adversary() -> None:
    for before, moves in ((0.1, True), (0.9, False), (-1.0, False)):
        change, state = turn({("M13.last pressure",): before})
        strained = shift_of(change, state, "ties", "USA", "CHN")[0] < 0
        leaning = shift_of(change, state, "ties", "RUS", "CHN")[0] > 0
        assert (strained, leaning) == (moves, moves)


def test_a_state_is_courted_the_more_the_rival_threatens_it() -> None:
    gains = []
    for tie in (1.0, 0.0, -0.8):
        change, state = turn({("ties", "CHN", "IND"): tie})
        gains.append(shift_of(change, state, "ties", "USA", "IND")[0])
    assert gains[0] == 0.0
    assert gains[1] < gains[2]


def test_force_ratios_count_friends_and_distance() -> None:
    change, _ = turn({})
    ratio = (0.6 * 0.4 + 0.2 * 0.1 * 0.3 * 0.5) / 0.6
    assert change.findings["force ratio focus"][0] == pytest.approx(ratio)
    assert finding("force ratio focus", {}, away=0.9) > ratio
    nobody: Values = {("attention", "CHN", "Pacific"): 0.0}
    assert finding("force ratio focus", nobody) == pytest.approx(MOST_RATIO)


def test_with_no_effect_the_turn_moves_nothing() -> None:
    none = dict.fromkeys(("pace", "follow", "strain", "counterweight", "courting"), 0.0)
    change, _ = turn({("M13.last pressure",): 0.1}, **none)
    moved = [one for one in change.shifts if not one.name.startswith("M13.")]
    assert all(np.all(np.asarray(one.amount) == 0) for one in moved)


SHOW = {
    "actor": "USA",
    "partner": "RUS",
    "observers": "RUS CHN EU",
    "shown": "Europe",
    "shielded": "Pacific",
}
WATCHING: Values = {
    ("M14.show",): 1.0,
    ("attention", "CHN", "Pacific"): 0.5,
    ("attention", "CHN", "Europe"): 0.2,
}


def show(values: Values, months: int = 1) -> tuple[State, Change]:
    world = make_world(ACTORS, theatres=THEATRES, mechanism=distraction)
    state = make_state(world, {**WATCHING, **values})
    use = make_use(distraction, world, SHOW)
    for _ in range(months):
        change = run_rule(distraction, state, use)
        state = apply_changes(state, [change])
    return state, change


def watched(state: State) -> float:
    return float(state.attention[state.world.place("attention", ("CHN", "Pacific"))][0])


def test_without_a_show_nobody_looks_away() -> None:
    state, change = show({("M14.show",): 0.0})
    assert watched(state) == 0.5
    assert change.findings["belief CHN"][0] == 0.2


def test_a_show_draws_the_eyes_off_and_moves_them_only() -> None:
    state, change = show({})
    assert watched(state) < 0.5
    assert state.attention[2].sum() == pytest.approx(0.7)
    assert change.findings["cover"][0] > 0


def test_a_bigger_show_draws_more() -> None:
    assert watched(show({})[0]) < watched(show({("M14.show",): 0.5})[0])


def test_a_cheap_show_gives_itself_away_and_a_dear_one_is_believed() -> None:
    beliefs = [
        show({("offers", "USA", "RUS"): cost}, months=6)[1].findings["belief CHN"][0]
        for cost in (0.0, 0.5, 1.0)
    ]
    assert beliefs[0] > beliefs[1] == pytest.approx(0.2)
    assert beliefs[2] < beliefs[1]


def test_the_eyes_come_back_after_the_show_and_sooner_from_a_cheap_one() -> None:
    during, _ = show({}, months=4)
    after = during
    world = during.world
    quiet = make_use(distraction, world, SHOW)
    ended = make_state(
        world,
        {
            ("attention", "CHN", "Pacific"): watched(during),
            ("M14.drawn", "CHN"): 0.5 - watched(during),
        },
    )
    for _ in range(12):
        ended = apply_changes(ended, [run_rule(distraction, ended, quiet)])
    assert watched(after) < watched(ended) <= 0.5
    assert watched(ended) == pytest.approx(0.5, abs=0.01)
    dear = watched(show({("offers", "USA", "RUS"): 1.0}, months=24)[0])
    assert dear < watched(show({("offers", "USA", "RUS"): 0.0}, months=24)[0])


@settings(max_examples=25)
@given(st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_states_stay_in_range(numbers: list[float]) -> None:
    x = [abs(one) for one in numbers]
    for rule, roles in ((turn_to_theatre, TURN), (distraction, SHOW)):
        world = make_world(ACTORS, theatres=THEATRES, mechanism=rule)
        values: Values = {
            ("ties", "USA", "RUS"): numbers[0],
            ("ties", "USA", "CHN"): numbers[1],
            ("ties", "USA", "EU"): numbers[2],
            ("attention", "USA", "Pacific"): x[3],
            ("attention", "RUS", "Europe"): x[4],
            ("attention", "CHN", "Pacific"): x[5],
            ("offers", "USA", "RUS"): x[6],
            ("capability", "USA"): x[7],
        }
        if rule is distraction:
            values |= {("M14.show",): x[0], ("M14.belief", "CHN"): x[1]}
        state = make_state(world, values)
        use = make_use(rule, world, roles)
        for _ in range(6):
            change = run_rule(rule, state, use)
            assert all(np.isfinite(found).all() for found in change.findings.values())
            state = apply_changes(state, [change])
        assert (np.abs(state.ties) <= 1).all()
        assert (state.attention >= 0).all()
        assert (state.attention.sum(axis=1) <= 1 + 1e-9).all()


@pytest.mark.parametrize(("rule", "roles"), [(turn_to_theatre, TURN), (distraction, SHOW)])
def test_a_month_of_two_thousand_runs_is_quick(rule: object, roles: dict[str, str]) -> None:
    assert rule in (turn_to_theatre, distraction)
    kind = turn_to_theatre if rule is turn_to_theatre else distraction
    world = make_world(ACTORS, theatres=THEATRES, mechanism=kind)
    state = make_state(world, FACING, runs=2000)
    use = make_use(kind, world, roles, runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(kind, state, use)
    assert (time.process_time() - start) / 5 < 0.02

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.mechanisms.signals import cheap_talk, rival_readings, vote, wording
from detente.scenarios.state import Change, State, apply_changes
from tests.scenarios.stage import make_state, make_use, make_world, run_rule, shift_of

Values = dict[tuple[str, ...], float]

ACTORS = "USA RUS CHN EU UKR"
BALLOT = {"sponsor": "UKR", "voters": "USA RUS CHN EU UKR"}
LINES: Values = {
    ("ties", "USA", "UKR"): 0.5,
    ("ties", "EU", "UKR"): 0.8,
    ("ties", "RUS", "UKR"): -0.9,
    ("ties", "USA", "RUS"): -0.5,
}
CAST: Values = {
    ("M16.held",): 1.0,
    ("M16.vote", "UKR"): 1.0,
    ("M16.vote", "EU"): 1.0,
    ("M16.vote", "RUS"): -1.0,
}


def ballot(values: Values, **parameters: float) -> tuple[Change, State]:
    world = make_world(ACTORS, mechanism=vote)
    state = make_state(world, {**LINES, **values})
    use = make_use(vote, world, BALLOT, **{"middle": 0.0, **parameters})
    return run_rule(vote, state, use), state


def test_without_a_vote_nothing_is_learned() -> None:
    change, _ = ballot({})
    assert all(np.all(one.amount == 0) for one in change.shifts if one.name == "ties")
    assert change.findings["breaks"][0] == 0


def test_points_start_from_the_ties_with_the_sponsor() -> None:
    findings = ballot({})[0].findings
    assert [findings[f"point {one}"][0] for one in ("UKR", "EU", "RUS", "CHN")] == [
        1.0,
        0.8,
        -0.9,
        0.0,
    ]


def test_a_vote_with_moscow_warms_that_tie_and_cools_the_sponsors() -> None:
    change, state = ballot({**CAST, ("M16.vote", "USA"): -1.0})
    assert shift_of(change, state, "ties", "USA", "RUS")[0] > 0
    assert shift_of(change, state, "ties", "USA", "UKR")[0] < 0
    assert shift_of(change, state, "ties", "USA", "EU")[0] < 0


@pytest.mark.parametrize(("cast", "flag"), [(-1.0, 1.0), (0.0, 0.0), (1.0, 0.0)])
def test_only_a_vote_against_the_past_is_a_break(cast: float, flag: float) -> None:
    values: Values = {**CAST, ("M16.vote", "USA"): cast, ("ties", "USA", "UKR"): 0.7}
    assert ballot(values)[0].findings["break USA"][0] == flag


def test_the_less_expected_vote_counts_more() -> None:
    moved = []
    for tie in (-0.5, 0.0, 0.7):
        values: Values = {**CAST, ("M16.vote", "USA"): -1.0, ("ties", "USA", "UKR"): tie}
        moved.append(tie - ballot(values)[0].findings["point USA"][0])
    assert moved[0] < moved[1] < moved[2]


def test_votes_like_the_last_ones_say_less_and_less() -> None:
    world = make_world(ACTORS, mechanism=vote)
    state = make_state(world, {**LINES, **CAST, ("M16.vote", "USA"): -1.0})
    use = make_use(vote, world, BALLOT, middle=0.0, walk=0.01)
    steps, last = [], 0.5
    for _ in range(4):
        change = run_rule(vote, state, use)
        steps.append(last - change.findings["point USA"][0])
        last = change.findings["point USA"][0]
        state = apply_changes(state, [change])
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 0


def test_a_silence_makes_the_next_vote_count_more() -> None:
    base: Values = {**CAST, ("M16.vote", "USA"): -1.0}
    short, long = (ballot({**base, ("M16.spread", "USA"): spread})[0] for spread in (0.01, 0.5))
    assert long.findings["point USA"][0] < short.findings["point USA"][0]


def test_those_who_do_not_vote_do_not_move() -> None:
    world = make_world(ACTORS, mechanism=vote)
    state = make_state(world, {**LINES, **CAST, ("M16.vote", "CHN"): -1.0})
    use = make_use(vote, world, {**BALLOT, "voters": "USA RUS EU UKR"}, middle=0.0)
    assert run_rule(vote, state, use).findings["point CHN"][0] == 0.0


TEXT = {"speaker": "USA", "hearer": "CHN", "file": "taiwan"}


def text(values: Values, **parameters: float) -> tuple[Change, State]:
    world = make_world("USA CHN", issues="taiwan", mechanism=wording)
    base: Values = {
        ("positions", "USA", "taiwan"): 0.2,
        ("positions", "CHN", "taiwan"): 0.9,
        ("salience", "CHN", "taiwan"): 0.9,
        ("M20.wording",): 0.6,
    }
    state = make_state(world, {**base, **values})
    return run_rule(wording, state, make_use(wording, world, TEXT, **parameters)), state


def resolve(values: Values, **parameters: float) -> float:
    return float(text(values, **parameters)[0].findings["resolve"][0])


def test_a_text_that_costs_nothing_tells_rivals_nothing() -> None:
    assert resolve({}, cost=0.0) == pytest.approx(0.5)
    assert resolve({}, lasting=0.0) == pytest.approx(0.5)


def test_cost_and_permanence_make_a_text_tell() -> None:
    assert 0.5 < resolve({}, cost=0.2) < resolve({}, cost=0.5)
    assert resolve({}, lasting=0.3) < resolve({}, lasting=1.0)


def test_near_positions_make_talk_tell_without_cost() -> None:
    near: Values = {("positions", "USA", "taiwan"): 0.85}
    assert resolve(near, cost=0.0) > resolve({}, cost=0.0)


def test_a_softer_text_lowers_belief_and_mends_the_tie() -> None:
    softer: Values = {("M20.wording",): -0.6}
    change, state = text(softer)
    assert change.findings["resolve"][0] < 0.5
    assert shift_of(change, state, "ties", "USA", "CHN")[0] > 0
    firmer, same = text({})
    assert shift_of(firmer, same, "ties", "USA", "CHN")[0] < 0


def test_an_unchanged_text_is_no_news() -> None:
    change, state = text({("M20.heard",): 0.6})
    assert change.findings["resolve"][0] == 0.5
    assert shift_of(change, state, "ties", "USA", "CHN")[0] == 0


def test_what_was_taken_back_before_counts_for_less() -> None:
    change, state = text({("M20.wording",): 0.0, ("M20.heard",): 0.6})
    assert shift_of(change, state, "M20.turns")[0] == pytest.approx(0.6)
    assert resolve({("M20.turns",): 3.0}) < resolve({})


def test_the_chip_is_worth_what_the_hearer_cares() -> None:
    worth = [
        text({("salience", "CHN", "taiwan"): care})[0].findings["chip"][0]
        for care in (0.0, 0.4, 0.9)
    ]
    assert worth[0] == 0.0
    assert worth[1] < worth[2]
    assert text({("M20.wording",): 0.0})[0].findings["chip"][0] == 0.0


def test_cheap_talk_follows_crawford_and_sobel() -> None:
    """At b = 1/20 three parts are the most; residual variance 1 / (12 · 9) + b² · 8 / 3."""
    bias = np.array([0.05, 0.25, 1.0])
    told = 1 - 12 * (1 / 108 + 0.05**2 * 8 / 3)
    np.testing.assert_allclose(cheap_talk(bias), [told, 0.0, 0.0], atol=1e-12)
    falling = cheap_talk(np.linspace(0.01, 0.3, 200))
    assert (np.diff(falling) <= 1e-12).all()


SCHOOLS = "CHN alarmed calm USA"
POOL = {"holder": "CHN", "voices": "CHN alarmed calm", "about": "USA", "topic": "wedge"}


def readings(values: Values, **parameters: float) -> tuple[Change, State]:
    world = make_world(SCHOOLS, issues="wedge", mechanism=rival_readings)
    base: Values = {
        ("positions", "CHN", "wedge"): 0.5,
        ("positions", "alarmed", "wedge"): 0.9,
        ("positions", "calm", "wedge"): 0.2,
        ("salience", "alarmed", "wedge"): 0.8,
        ("salience", "calm", "wedge"): 0.8,
        ("trust", "CHN", "alarmed"): 0.5,
        ("trust", "CHN", "calm"): 0.5,
    }
    state = make_state(world, {**base, **values})
    use = make_use(rival_readings, world, POOL, **parameters)
    return run_rule(rival_readings, state, use), state


def pooled(name: str, values: Values) -> float:
    return float(readings(values)[0].findings[name][0])


@pytest.mark.parametrize(
    ("cause", "low", "high", "sign"),
    [
        (("positions", "alarmed", "wedge"), 0.6, 1.0, 1),
        (("trust", "CHN", "alarmed"), 0.2, 0.9, 1),
        (("trust", "CHN", "calm"), 0.2, 0.9, -1),
        (("salience", "alarmed", "wedge"), 0.2, 0.9, 1),
        (("M22.record", "calm"), 0.2, 0.9, -1),
    ],
)
def test_belief_follows_who_says_it_and_how_firmly(
    cause: tuple[str, ...], low: float, high: float, sign: int
) -> None:
    assert np.sign(pooled("belief", {cause: high}) - pooled("belief", {cause: low})) == sign


def test_shares_of_weight_are_a_distribution() -> None:
    findings = readings({})[0].findings
    assert sum(findings[name][0] for name in ("yes", "open", "no")) == pytest.approx(1.0)
    weights = [findings[f"weight {one}"][0] for one in SCHOOLS.split()]
    assert sum(weights) == pytest.approx(1.0)
    assert weights[-1] == 0.0


def test_dissent_is_none_where_all_say_the_same() -> None:
    same: Values = {("positions", "calm", "wedge"): 0.9, ("trust", "CHN", "alarmed"): 0.9}
    agreed: Values = {**same, ("positions", "CHN", "wedge"): 0.9, ("salience", "CHN", "wedge"): 0.8}
    assert pooled("dissent", agreed) == pytest.approx(0.0, abs=1e-6)
    assert pooled("dissent", {}) > 0.1


def test_an_event_gives_weight_to_who_foresaw_it() -> None:
    for event, gains in ((1.0, "alarmed"), (-1.0, "calm")):
        weights = {
            one: pooled(f"weight {one}", {("M22.event",): event}) for one in ("alarmed", "calm")
        }
        assert max(weights, key=lambda one: weights[one]) == gains
    assert pooled("weight alarmed", {}) == pytest.approx(pooled("weight calm", {}))


def test_the_others_keep_their_reading() -> None:
    change, state = readings({("M22.event",): 1.0})
    for voice in ("alarmed", "calm"):
        assert shift_of(change, state, "positions", voice, "wedge")[0] == 0.0


def test_a_rising_belief_in_a_threat_costs_the_tie_less_where_it_is_disputed() -> None:
    agreed: Values = {("positions", "calm", "wedge"): 0.9, ("M22.last belief",): 0.3}
    moved = []
    for values in (agreed, {("M22.last belief",): 0.3}):
        change, state = readings(values)
        moved.append(shift_of(change, state, "ties", "CHN", "USA")[0])
    assert moved[0] < moved[1] < 0
    first, state = readings({})
    assert shift_of(first, state, "ties", "CHN", "USA")[0] == 0.0


ALL: list[tuple[Mechanism, dict[str, str]]] = [
    (vote, {"sponsor": "CHN", "voters": SCHOOLS}),
    (wording, {"speaker": "USA", "hearer": "CHN", "file": "wedge"}),
    (rival_readings, POOL),
]


@pytest.mark.parametrize(("rule", "roles"), ALL)
@settings(max_examples=20)
@given(numbers=st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_states_stay_in_range(rule: Mechanism, roles: dict[str, str], numbers: list[float]) -> None:
    world = make_world(SCHOOLS, issues="wedge", mechanism=rule)
    values: Values = {
        ("ties", "USA", "CHN"): numbers[0],
        ("ties", "calm", "CHN"): numbers[1],
        ("positions", "CHN", "wedge"): abs(numbers[2]),
        ("salience", "CHN", "wedge"): abs(numbers[3]),
        ("trust", "CHN", "calm"): abs(numbers[4]),
        ("positions", "calm", "wedge"): abs(numbers[5]),
    }
    own: dict[str, Values] = {
        "M16": {("M16.held",): 1.0, ("M16.vote", "USA"): numbers[6]},
        "M20": {("M20.wording",): numbers[6], ("M20.resolve",): abs(numbers[7])},
        "M22": {("M22.event",): numbers[6], ("M22.record", "calm"): abs(numbers[7])},
    }
    state = make_state(world, {**values, **own[rule.id]})
    use = make_use(rule, world, roles)
    for _ in range(6):
        change = run_rule(rule, state, use)
        assert all(np.isfinite(found).all() for found in change.findings.values())
        state = apply_changes(state, [change])
    assert (np.abs(state.ties) <= 1).all()
    assert ((state.positions >= 0) & (state.positions <= 1)).all()


@pytest.mark.parametrize(("rule", "roles"), ALL)
def test_a_month_of_two_thousand_runs_is_quick(rule: Mechanism, roles: dict[str, str]) -> None:
    world = make_world(SCHOOLS, issues="wedge", mechanism=rule)
    state = make_state(world, runs=2000)
    use = make_use(rule, world, roles, runs=2000)
    start = time.process_time()
    for _ in range(5):
        run_rule(rule, state, use)
    assert (time.process_time() - start) / 5 < 0.02


@pytest.mark.parametrize(("rule", "roles"), ALL)
def test_with_no_effect_no_tie_moves(rule: Mechanism, roles: dict[str, str]) -> None:
    world = make_world(SCHOOLS, issues="wedge", mechanism=rule)
    state = make_state(world, {("ties", "USA", "CHN"): 0.3, ("salience", "CHN", "wedge"): 1.0})
    effect = {"M16": "weight", "M20": "nudge", "M22": "policy"}[rule.id]
    change = run_rule(rule, state, make_use(rule, world, roles, **{effect: 0.0}))
    assert all(np.all(one.amount == 0) for one in change.shifts if one.name == "ties")

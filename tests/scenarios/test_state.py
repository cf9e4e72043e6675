from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.state import (
    Change,
    Gauge,
    Shift,
    World,
    apply_changes,
    broken_by,
    loosened_by,
)
from tests.scenarios.stage import make_state, make_world


def test_a_shift_of_a_tie_moves_both_sides() -> None:
    state = make_state(make_world())
    after = apply_changes(state, [Change((Shift("ties", (0, 1), 0.3, "talks"),))])
    assert after.ties[0, 1, 0] == after.ties[1, 0, 0] == 0.3
    assert after.month == 1
    assert state.ties[0, 1, 0] == 0


def test_changes_are_summed_before_they_are_clamped() -> None:
    state = make_state(make_world(), {("ties", "USA", "RUS"): 0.9})
    up, down = (Change((Shift("ties", (0, 1), by, "x"),)) for by in (0.5, -0.5))
    assert apply_changes(state, [up, down]).ties[0, 1, 0] == pytest.approx(0.9)


def test_a_whole_field_of_ties_stays_symmetric_without_ties_to_oneself() -> None:
    state = make_state(make_world(), runs=2)
    amount = np.arange(18, dtype=float).reshape(3, 3, 2) / 40
    after = apply_changes(state, [Change((Shift("ties", (), amount, "x"),))])
    assert np.array_equal(after.ties, after.ties.swapaxes(0, 1))
    assert not after.ties[np.diag_indices(3)].any()


def test_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        make_state(make_world()).ties[0, 1] = 0.5


def test_attention_sums_to_one_at_most() -> None:
    world = make_world(theatres="Europe Asia")
    state = make_state(
        world, {("attention", "USA", "Europe"): 0.9, ("attention", "USA", "Asia"): 0.6}
    )
    assert state.attention[0].sum() == pytest.approx(1)
    assert state.attention[1].sum() == 0


def test_gauges_are_shifted_by_their_full_name_within_their_range() -> None:
    world = World(("USA", "RUS"), gauges={"M17.phase": Gauge("phase", 0, 5, start=1)})
    state = make_state(world)
    after = apply_changes(state, [Change((Shift("M17.phase", (), 9.0, "kept"),))])
    assert after.array("M17.phase")[0] == 5


@pytest.mark.parametrize(
    ("shift", "says"),
    [
        (Shift("ties", (0, 1), float("nan"), "x"), "no number"),
        (Shift("tie", (0, 1), 0.1, "x"), "did you mean 'ties'"),
    ],
)
def test_a_wrong_shift_is_told(shift: Shift, says: str) -> None:
    with pytest.raises(InputError, match=says):
        apply_changes(make_state(make_world()), [Change((shift,))])


@pytest.mark.parametrize(
    ("name", "names", "says"),
    [
        ("ties", ("USA", "RUSS"), "did you mean 'RUS'"),
        ("ties", ("USA",), "takes actor and other"),
    ],
)
def test_a_wrong_place_is_told(name: str, names: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        make_world().place(name, names)


@pytest.mark.parametrize(
    ("start", "end", "loosened", "broken"),
    [
        (0.5, 0.31, False, False),
        (0.5, 0.3, True, False),
        (0.5, 0.0, True, True),
        (0.1, -0.05, False, False),
        (0.1, -0.1, True, True),
        (-0.2, -0.6, True, False),
    ],
)
def test_loosening_and_break(start: float, end: float, loosened: bool, broken: bool) -> None:
    tie, first = np.array([end]), np.array([start])
    assert bool(loosened_by(tie, first)[0] >= -1e-12) is loosened
    assert bool(broken_by(tie, first)[0] >= -1e-12) is broken


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_break_is_a_loosening(start: float, end: float) -> None:
    tie, first = np.array([end]), np.array([start])
    assert broken_by(tie, first)[0] < 0 or loosened_by(tie, first)[0] >= 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.sampled_from(["ties", "trust"]))
def test_any_shifts_stay_in_range(amounts: list[float], name: str) -> None:
    state = make_state(make_world())
    after = apply_changes(state, [Change(tuple(Shift(name, (0, 1), by, "x") for by in amounts))])
    low, high = state.world.range(name)
    assert low <= after.array(name).min() <= after.array(name).max() <= high

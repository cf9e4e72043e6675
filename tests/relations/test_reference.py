from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.reference import (
    TieReference,
    estimate_mean,
    estimate_reference,
    load_reference,
    rescale,
)
from tests.relations.events import REFERENCE

SCORES = st.lists(st.floats(-10, 10, allow_nan=False), min_size=1, max_size=30)


def estimate(*scores: float, weight: float = 1.0, seed: int = 1):
    return estimate_mean(np.array(scores), np.full(len(scores), weight), REFERENCE, seed=seed)


@pytest.mark.parametrize(
    ("scores", "sign"),
    [
        ([9.0], "undetermined"),
        ([-9.0], "undetermined"),
        ([9.0] * 10, "+"),
        ([-9.0] * 10, "-"),
        ([1.0] * 40, "undetermined"),
        ([2.5] * 10, "undetermined"),
        ([10.0, -10.0] * 10, "undetermined"),
    ],
)
def test_sign_needs_more_than_one_event_and_a_distance_from_the_mean(
    scores: list[float], sign: str
) -> None:
    assert estimate(*scores).sign == sign


def test_one_event_has_a_wide_interval() -> None:
    one, many = estimate(5.0), estimate(*[5.0] * 50)
    assert one.high - one.low > 3 * (many.high - many.low)
    assert one.high - one.low > 0.8


def test_old_events_weigh_little() -> None:
    fresh, old = estimate(-9.0, -8.0, -9.5), estimate(-9.0, -8.0, -9.5, weight=0.01)
    assert fresh.s < -0.5
    assert abs(old.s) < 0.05
    assert old.high - old.low > fresh.high - fresh.low


@settings(deadline=None)
@given(SCORES)
def test_estimate_keeps_its_order_and_range(scores: list[float]) -> None:
    found = estimate(*scores)
    assert -1 <= found.low <= found.s <= found.high <= 1


@settings(deadline=None)
@given(SCORES, st.randoms(use_true_random=False))
def test_estimate_does_not_depend_on_the_order_of_events(scores: list[float], random) -> None:
    shuffled = list(scores)
    random.shuffle(shuffled)
    assert estimate(*scores) == estimate(*shuffled)


def test_estimate_depends_on_the_seed_alone() -> None:
    assert estimate(3.0, -2.0, seed=7) == estimate(3.0, -2.0, seed=7)
    assert estimate(3.0, -2.0, seed=7) != estimate(3.0, -2.0, seed=8)


def test_rescale_is_two_spreads_to_the_end() -> None:
    assert rescale(np.array([1.0, 7.0, 4.0, -11.0]), REFERENCE).tolist() == [0.0, 1.0, 0.5, -1.0]


@pytest.mark.parametrize("n", [1, 3, 10])
def test_interval_holds_the_true_mean_as_often_as_it_says(n: int) -> None:
    rng = np.random.default_rng(5)
    truth = rng.normal(REFERENCE.mean, REFERENCE.spread / 2, 300)
    inside = 0
    for mean in truth:
        scores = np.clip(rng.normal(mean, REFERENCE.within, n), -10, 10)
        found = estimate_mean(scores, np.ones(n), REFERENCE, seed=1)
        inside += found.low <= float(rescale(mean, REFERENCE)) <= found.high
    assert inside / 300 >= 0.92


def simulate(n_dyads: int, n_events: int) -> TieReference:
    rng = np.random.default_rng(3)
    means = rng.normal(1.5, 2.0, n_dyads)
    dyads = rng.integers(0, n_dyads, n_events)
    scores = rng.normal(means[dyads], 3.0)
    return estimate_reference(dyads, scores, np.ones(n_events), name="simulated")


def test_estimate_reference_finds_what_was_simulated() -> None:
    found = simulate(800, 6000)
    assert found.mean == pytest.approx(1.5, abs=0.25)
    assert found.spread == pytest.approx(2.0, abs=0.2)
    assert found.within == pytest.approx(3.0, abs=0.1)
    assert found.n_events == 6000


def test_estimate_reference_needs_several_dyads_with_several_events() -> None:
    with pytest.raises(InputError, match="too few for a reference"):
        estimate_reference(np.array([0, 1]), np.array([1.0, 2.0]), np.ones(2), name="small")


def test_reference_needs_a_spread() -> None:
    with pytest.raises(InputError, match="must be above 0"):
        TieReference(name="flat", mean=0.0, spread=0.0, within=1.0)


def test_load_reference_names_its_origin() -> None:
    shipped = load_reference()
    assert "ICEWS" in shipped.name
    assert shipped.n_events > 10_000
    assert 1 < shipped.mean < 3

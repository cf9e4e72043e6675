from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.scenarios.logistic import expit, fit_logistic, logit


def test_weights_are_found_again() -> None:
    draws = np.random.default_rng(1)
    features = draws.normal(size=(20_000, 2))
    outcomes = (draws.random(20_000) < expit(0.5 + features @ np.array([1.0, -2.0]))).astype(float)
    found = fit_logistic(features, outcomes, offset=np.full(20_000, 0.5), ridge=np.full(2, 1e-6))
    assert found == pytest.approx([1.0, -2.0], abs=0.07)


def test_a_ridge_keeps_parted_outcomes_finite_and_draws_to_zero() -> None:
    features, outcomes = np.array([[-1.0], [1.0]]), np.array([0.0, 1.0])
    weak, strong = (
        fit_logistic(features, outcomes, offset=np.zeros(2), ridge=np.array([ridge]))[0]
        for ridge in (0.01, 100.0)
    )
    assert 0 < strong < 0.02 < 1 < weak < 10


def test_rows_count_as_often_as_they_weigh() -> None:
    features, outcomes = np.ones((2, 1)), np.array([0.0, 1.0])
    ridge = np.array([1e-9])
    found = fit_logistic(
        features, outcomes, offset=np.zeros(2), ridge=ridge, weights=np.array([1.0, 3.0])
    )
    assert expit(found) == pytest.approx([0.75], abs=1e-6)


@given(st.floats(0.001, 0.999))
def test_logit_and_expit_undo_each_other(chance: float) -> None:
    assert expit(logit(np.array([chance])))[0] == pytest.approx(chance)

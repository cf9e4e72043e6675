from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.baselines import Popularity, Recurrency
from detente.scenarios.counts import Floats
from tests.scenarios.completions import N_ENTITIES, N_RELATIONS, made_history


@pytest.mark.parametrize("model", [Popularity(), Recurrency()])
def test_scores_are_log_probabilities(model: Popularity | Recurrency) -> None:
    model.fit(made_history(), N_ENTITIES, N_RELATIONS)
    scores = model.predict(np.array([[0, 0], [2, 4]]), 30)
    assert scores.shape == (2, N_ENTITIES)
    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_popularity_ignores_the_source() -> None:
    model = Popularity()
    model.fit(made_history(), N_ENTITIES, N_RELATIONS)
    scores = model.predict(np.array([[0, 0], [9, 0]]), 30)
    assert scores.argmax(axis=1).tolist() == [1, 1]


def _told(*events: tuple[int, int, int, int]) -> Floats:
    model = Recurrency(half_life=2.0)
    model.fit(np.array(events), 5, 1)
    scores: Floats = model.predict(np.array([[0, 0]]), 10)[0]
    return scores


def test_recurrency_prefers_the_recent() -> None:
    scores = _told((0, 0, 1, 0), (0, 0, 2, 8), (3, 0, 4, 8))
    assert scores.argsort()[::-1][:3].tolist() == [2, 1, 4]


def test_recurrency_answers_the_inverse() -> None:
    model = Recurrency()
    model.fit(np.array([[0, 0, 1, 0]]), 5, 1)
    assert model.predict(np.array([[1, 1]]), 1).argmax() == 0

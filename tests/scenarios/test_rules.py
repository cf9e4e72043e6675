from __future__ import annotations

import math

import numpy as np
import pytest

from detente.scenarios.counts import Counts
from detente.scenarios.rules import age_bucket, confidence, count_bucket, learn_rules, make_rules

N = 6


@pytest.mark.parametrize(
    ("age", "bucket"), [(1, 0), (3, 2), (5, 3), (6, 4), (30, 8), (121, 11), (4000, 11)]
)
def test_age_bucket(age: int, bucket: int) -> None:
    assert age_bucket(age) == bucket


@pytest.mark.parametrize(("count", "bucket"), [(1, 0), (2, 1), (4, 1), (5, 2), (90, 2)])
def test_count_bucket(count: int, bucket: int) -> None:
    assert count_bucket(float(count)) == bucket


def learned(answers: list[int]) -> tuple[float, float]:
    """Return the confidence of 0 → 1 a day later, and that of a relation never seen."""
    rules = make_rules(3)
    pairs = Counts(N, (7.0,), n_keys=N, listed=True)
    triples = Counts(3, (math.inf,), listed=True)
    for day, answer in enumerate(answers):
        old = np.array([[0, 1, answer, 2 * day + 1]])
        rows = pairs.add(np.array([0]), np.array([4]), 2 * day)
        triples.add(rows, np.array([0]), 2 * day)
        learn_rules(rules, pairs.table, triples.table, old, N)
    return confidence(rules, 1, 0, 0, 2), confidence(rules, 1, 2, 0, 2)


def test_rules_rise_where_the_evidence_was_right() -> None:
    right, unseen = learned([4] * 40)
    wrong, _ = learned([3] * 40)
    assert wrong < 0.1 < 0.6 < right
    assert unseen < 0.1


def test_rules_of_few_cases_stay_near_their_parents() -> None:
    once, _ = learned([4])
    assert once < 0.2

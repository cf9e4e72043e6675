from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenarios.counts import Counts, find


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def count_of(counts: Counts, key: int, item: int) -> list[float]:
    row = find(counts.table, key, item)
    return counts.weights[row].tolist() if row >= 0 else []


def test_counts_halve_with_each_half_life() -> None:
    counts = Counts(10, (1.0, 2.0, math.inf))
    counts.add(ints(3), ints(7), day=0)
    counts.advance(2)
    assert count_of(counts, 3, 7) == pytest.approx([0.25, 0.5, 1.0])


def test_counts_add_repeated_pairs_of_a_day() -> None:
    counts = Counts(10, (math.inf,))
    rows = counts.add(ints(3, 3, 4), ints(7, 7, 7), day=0)
    assert rows.tolist() == [0, 0, 1]
    assert count_of(counts, 3, 7) == [2.0]


def test_counts_do_not_know_what_they_never_saw() -> None:
    counts = Counts(10, (1.0,))
    counts.add(ints(3), ints(7), day=0)
    assert find(counts.table, 7, 3) == -1


def test_counts_do_not_decay_backwards() -> None:
    counts = Counts(10, (1.0,))
    counts.add(ints(3), ints(7), day=5)
    counts.advance(5)
    assert count_of(counts, 3, 7) == [1.0]


def test_counts_list_the_items_of_a_key() -> None:
    counts = Counts(10, (1.0,), listed=True)
    counts.add(ints(2, 2, 5), ints(7, 8, 9), day=0)
    row, items = counts.table.head[2], set()
    while row >= 0:
        items.add(int(counts.table.items[row]))
        row = counts.table.after[row]
    assert items == {7, 8}


def test_counts_remember_the_last_day() -> None:
    counts = Counts(10, (1.0,))
    counts.add(ints(2, 3), ints(7, 7), day=0)
    counts.add(ints(2), ints(7), day=4)
    assert counts.table.last[:2].tolist() == [4, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 99)), max_size=3000))
def test_counts_equal_a_counter(pairs: list[tuple[int, int]]) -> None:
    counts = Counts(100, (math.inf,), listed=True)
    half = len(pairs) // 2
    for day, part in enumerate((pairs[:half], pairs[half:])):
        keys, items = ints(*(key for key, _ in part)), ints(*(item for _, item in part))
        counts.add(keys, items, day=day)
    found = {
        (int(key), int(item)): int(weight)
        for key, item, [weight] in zip(counts.keys, counts.items, counts.weights, strict=True)
    }
    assert found == Counter(pairs)

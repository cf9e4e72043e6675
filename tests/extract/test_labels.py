from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.labels import best_labels, stretches

SCORES = st.floats(-20, 0, width=32)


def is_allowed(labels: tuple[int, ...]) -> bool:
    """Return whether every I follows the B or I of its own kind."""
    before = (0, *labels)
    return all(b % 2 or not b or a in (b - 1, b) for a, b in zip(before, labels, strict=False))


def value(scores: np.ndarray, labels: tuple[int, ...]) -> float:
    return float(sum(scores[t, label] for t, label in enumerate(labels)))


@st.composite
def score_tables(draw: st.DrawFn, most: int = 4) -> np.ndarray:
    length, kinds = draw(st.integers(1, most)), draw(st.integers(1, 2))
    rows = st.lists(SCORES, min_size=2 * kinds + 1, max_size=2 * kinds + 1)
    return np.array(draw(st.lists(rows, min_size=length, max_size=length)), dtype=np.float32)


@settings(max_examples=60, deadline=None)
@given(score_tables())
def test_the_best_of_all_allowed_sequences(scores: np.ndarray) -> None:
    found = tuple(best_labels(scores[None])[0].tolist())

    allowed = [s for s in product(range(scores.shape[1]), repeat=len(scores)) if is_allowed(s)]
    assert is_allowed(found)
    assert value(scores, found) == pytest.approx(max(value(scores, s) for s in allowed), abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(score_tables(12))
def test_an_inside_follows_its_own_beginning(scores: np.ndarray) -> None:
    (found,) = best_labels(scores[None]).tolist()

    assert is_allowed(tuple(found))


@settings(max_examples=40, deadline=None)
@given(st.lists(score_tables(3), min_size=1, max_size=4))
def test_sequences_do_not_touch_one_another(tables: list[np.ndarray]) -> None:
    alike = [t for t in tables if t.shape == tables[0].shape]

    together = best_labels(np.stack(alike))

    for table, row in zip(alike, together, strict=True):
        assert row.tolist() == best_labels(table[None])[0].tolist()


def test_a_lone_inside_becomes_what_the_scheme_allows() -> None:
    scores = np.log(np.array([[[0.1, 0.2, 0.7], [0.1, 0.1, 0.8]]], dtype=np.float32))

    assert best_labels(scores).tolist() == [[1, 2]]


def test_no_sequences_no_labels() -> None:
    found = best_labels(np.zeros((0, 6, 7), dtype=np.float32))

    assert found.shape == (0, 6)


def places(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of `n` words of two letters with a blank between them."""
    starts = 3 * np.arange(n)
    return starts, starts + 2


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([0, 1, 2, 0], [(3, 8)]),
        ([1, 1, 2], [(0, 2), (3, 8)]),
        ([1, 0, 2], [(0, 2), (6, 8)]),
        ([2, 2, 0], [(0, 5)]),
        ([1, 3, 2], [(0, 2), (6, 8)]),
        ([3, 4, 4], []),
        ([0, 0, 0], []),
        ([], []),
    ],
)
def test_stretches_of_the_first_kind(labels: list[int], expected: list[tuple[int, int]]) -> None:
    assert stretches(np.array(labels, dtype=np.int64), *places(len(labels)), 1) == expected


def test_pieces_without_characters_neither_make_nor_break_a_stretch() -> None:
    starts, ends = np.array([0, 0, 2, 3, 8]), np.array([0, 2, 2, 8, 8])

    assert stretches(np.array([1, 1, 0, 2, 1]), starts, ends, 1) == [(0, 8)]


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12), st.integers(1, 2))
def test_stretches_are_those_of_a_pattern(pieces: list[tuple[int, bool]], kind: int) -> None:
    labels = np.array([label for label, _ in pieces], dtype=np.int64)
    starts, ends = places(len(pieces))
    real = np.array([is_real for _, is_real in pieces], dtype=bool)
    ends = np.where(real, ends, starts)
    letters = "".join({2 * kind - 1: "B", 2 * kind: "I"}.get(k, "o") for k in labels[real].tolist())

    found = stretches(labels, starts, ends, kind)

    expected = [m.span() for m in re.finditer("[BI]I*", letters)]
    assert found == [(starts[real][a], ends[real][b - 1]) for a, b in expected]

from __future__ import annotations

from itertools import combinations
from math import exp
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.relations.balance import measure_balance
from detente.relations.signed import network_of_rows


def test_a_balanced_triangle_is_balanced_by_every_measure() -> None:
    found = measure_balance(network_of_rows([("a", "b", 1), ("b", "c", -1), ("a", "c", -1)]))
    assert (found.n, found.m, found.positive, found.negative) == (3, 3, 1, 2)
    assert found.triangle_census == (0, 0, 1, 0)
    assert (found.triangles, found.balanced_triangles, found.triangle_balance) == (1, 1, 1.0)
    assert found.walk_balance == pytest.approx(1.0)
    assert found.degree_of_balance == 1.0
    assert found.frustration.value == 0


def test_an_unbalanced_triangle_is_measured_by_hand() -> None:
    """Eigenvalues 2, -1, -1 become 1, 1, -2 when one tie turns."""
    found = measure_balance(network_of_rows([("a", "b", 1), ("b", "c", 1), ("a", "c", -1)]))
    assert found.triangle_census == (0, 1, 0, 0)
    assert found.triangle_balance == 0.0
    assert found.walk_balance == pytest.approx((2 * exp(1) + exp(-2)) / (exp(2) + 2 * exp(-1)))
    assert found.degree_of_balance == pytest.approx(1 / 3)
    assert found.frustration.value == 1


def test_triangles_are_counted_by_their_negative_ties() -> None:
    signs = {"ab": 1, "ac": 1, "bc": 1, "ad": -1, "bd": -1, "cd": 1, "ae": -1, "de": -1}
    found = measure_balance(network_of_rows((tie[0], tie[1], w) for tie, w in signs.items()))
    assert found.triangle_census == (1, 2, 1, 1)
    assert found.triangles == 5
    assert found.balanced_triangles == 2


def test_weights_count_in_walks_and_degree_but_not_in_triangles() -> None:
    found = measure_balance(network_of_rows([("a", "b", 2), ("b", "c", 3), ("a", "c", -5)]))
    assert found.triangle_balance == 0.0
    assert found.degree_of_balance == pytest.approx(1 - 2 * 2 / 10)
    assert found.frustration.value == pytest.approx(2)


@pytest.mark.parametrize("nodes", [(), ("a", "b")])
def test_without_ties_no_measure_has_a_value(nodes: tuple[str, ...]) -> None:
    found = measure_balance(network_of_rows([], nodes=nodes))
    assert (found.n, found.m, found.triangles) == (len(nodes), 0, 0)
    assert found.triangle_balance is None
    assert found.walk_balance is None
    assert found.degree_of_balance is None
    assert found.frustration.value == 0


def test_a_network_without_triangles_has_no_triangle_balance() -> None:
    found = measure_balance(network_of_rows([("a", "b", 1), ("b", "c", -1)]))
    assert found.triangle_balance is None
    assert found.walk_balance == pytest.approx(1.0)


def test_large_weights_do_not_overflow() -> None:
    dyads = combinations("abcd", 2)
    found = measure_balance(network_of_rows((a, b, 1e4) for a, b in dyads))
    assert found.walk_balance == pytest.approx(1.0)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from([-1.0, 1.0, 0.0]), min_size=15, max_size=15),
    st.sets(st.sampled_from("abcdef")),
)
def test_switching_changes_no_measure(weights: list[float], switched: set[str]) -> None:
    rows = [(a, b, w) for (a, b), w in zip(combinations("abcdef", 2), weights, strict=True) if w]
    turned = [(a, b, -w if (a in switched) != (b in switched) else w) for a, b, w in rows]
    found, after = measure_balance(network_of_rows(rows)), measure_balance(network_of_rows(turned))
    assert after.frustration.value == found.frustration.value
    assert after.triangle_balance == found.triangle_balance
    assert after.walk_balance == pytest.approx(found.walk_balance)
    assert after.degree_of_balance == found.degree_of_balance


@pytest.mark.shared
def test_the_gahuku_gama_tribes_have_the_published_values(shared: Path) -> None:
    """Read 1954; values as published with signnet (Schoch 2023)."""
    rows = pl.read_csv(shared / "data" / "signed" / "gahuku_gama.csv").iter_rows()
    found = measure_balance(network_of_rows(rows))
    assert found.triangle_balance == pytest.approx(0.8676471, abs=1e-7)
    assert found.walk_balance == pytest.approx(0.3575761, abs=1e-7)
    assert found.degree_of_balance == pytest.approx(0.7586207, abs=1e-7)
    assert found.frustration.value == 7
    assert found.frustration.proved

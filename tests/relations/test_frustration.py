from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.frustration import Frustration, find_frustration
from detente.relations.signed import Row, SignedNetwork, network_of_rows
from detente.relations.switching import search_sides, sides_along_tree

PETERSEN = [(f"o{i}", f"o{(i + 1) % 5}") for i in range(5)]
PETERSEN += [(f"i{i}", f"i{(i + 2) % 5}") for i in range(5)]
PETERSEN += [(f"o{i}", f"i{i}") for i in range(5)]


def network(positive: str = "", negative: str = "") -> SignedNetwork:
    """Return the network of ties written as "ab bc", each of weight 1."""
    rows = [(tie[0], tie[1], 1.0) for tie in positive.split()]
    return network_of_rows(rows + [(tie[0], tie[1], -1.0) for tie in negative.split()])


def complete(n: int, sign: float = -1.0) -> SignedNetwork:
    return network_of_rows((f"{i:02}", f"{j:02}", sign) for i, j in combinations(range(n), 2))


def random_network(n: int, m: int, seed: int) -> SignedNetwork:
    rng = np.random.default_rng(seed)
    dyads = list(combinations(range(n), 2))
    chosen = rng.choice(len(dyads), m, replace=False)
    return network_of_rows(
        (f"{dyads[k][0]:03}", f"{dyads[k][1]:03}", rng.choice([-1.0, 1.0])) for k in chosen
    )


def by_hand(rows: list[Row]) -> float:
    """Return the least cost over all partitions."""
    names = sorted({name for a, b, _ in rows for name in (a, b)})
    partitions = (
        dict(zip(names, sides, strict=True)) for sides in product((1, -1), repeat=len(names))
    )
    return min(sum(abs(w) for a, b, w in rows if w * side[a] * side[b] < 0) for side in partitions)


def recount(found: Frustration, rows: list[Row]) -> float:
    first = set(found.camps[0])
    return sum(abs(w) for a, b, w in rows if (w > 0) != ((a in first) == (b in first)))


@st.composite
def rows_of_networks(draw: st.DrawFn) -> list[Row]:
    """Return the ties of a small network, whole weights or odd ones."""
    n = draw(st.integers(2, 7))
    weights = draw(
        st.sampled_from(
            [
                st.sampled_from([-1.0, 1.0]),
                st.integers(-5, 5).filter(bool).map(float),
                st.floats(0.01, 2).map(lambda w: w if int(w * 1000) % 2 else -w),
            ]
        )
    )
    dyads = draw(st.lists(st.sampled_from(list(combinations("abcdefg"[:n], 2))), unique=True))
    return [(a, b, draw(weights)) for a, b in dyads]


@pytest.mark.parametrize(
    ("case", "index"),
    [
        (network("ab bc ca"), 0),
        (network("ab", "bc ca"), 0),
        (network("ab bc", "ca"), 1),
        (network("", "ab bc ca"), 1),
        (network("ab bc cd", "da"), 1),
        (network("ab bc", "cd da"), 0),
        (network("ab", "bc cd"), 0),
        (network("ab bc xy yz", "ca zx"), 2),
        (network("ab bc cd de", "ca ec"), 2),
        (complete(4), 2),
        (complete(5), 4),
        (complete(6), 6),
        (complete(9), 16),
        (complete(5, sign=1.0), 0),
        (network_of_rows((a, b, -1.0) for a, b in PETERSEN), 3),
        (network_of_rows([("a", "b", 3), ("b", "c", 2), ("a", "c", -5)]), 2),
        (network_of_rows([("a", "b", 0.3), ("b", "c", 0.7), ("a", "c", -0.4)]), 0.3),
    ],
)
def test_small_networks_have_the_index_found_by_hand(case: SignedNetwork, index: float) -> None:
    found = find_frustration(case)
    assert found.value == pytest.approx(index)
    assert found.lower_bound == found.value
    assert found.proved


def test_camps_and_frustrated_ties_are_named() -> None:
    found = find_frustration(network("ab cd ad", "ac bc bd"))
    assert found.camps == (("a", "b"), ("c", "d"))
    assert found.frustrated == (("a", "d"),)


def test_the_first_node_of_each_part_is_in_the_first_camp() -> None:
    found = find_frustration(
        network_of_rows([("c", "d", -1.0), ("x", "y", -1.0)], nodes=["a", "z"])
    )
    assert found.camps == (("a", "c", "x", "z"), ("d", "y"))


@pytest.mark.parametrize("nodes", [(), ("a",), ("a", "b")])
def test_a_network_without_ties_has_no_frustration(nodes: tuple[str, ...]) -> None:
    found = find_frustration(network_of_rows([], nodes=nodes))
    assert found == Frustration(
        value=0.0, lower_bound=0.0, proved=True, camps=(nodes, ()), frustrated=()
    )


@settings(max_examples=30, deadline=None)
@given(rows_of_networks())
def test_the_index_is_that_of_all_partitions(rows: list[Row]) -> None:
    found = find_frustration(network_of_rows(rows))
    weight = {(min(a, b), max(a, b)): abs(w) for a, b, w in rows}
    assert found.proved
    assert found.value == pytest.approx(by_hand(rows))
    assert found.value == pytest.approx(recount(found, rows))
    assert found.value == pytest.approx(sum(weight[dyad] for dyad in found.frustrated))


@settings(max_examples=20, deadline=None)
@given(rows_of_networks(), st.permutations("abcdefg"), st.sets(st.sampled_from("abcdefg")))
def test_names_switching_and_scale_do_not_change_the_index(
    rows: list[Row], names: list[str], switched: set[str]
) -> None:
    index = find_frustration(network_of_rows(rows)).value
    name = dict(zip("abcdefg", names, strict=True))
    renamed = [(name[a], name[b], w) for a, b, w in rows]
    turned = [(a, b, -w if (a in switched) != (b in switched) else w) for a, b, w in rows]
    scaled = [(a, b, 3.7 * w) for a, b, w in rows]
    assert find_frustration(network_of_rows(renamed)).value == pytest.approx(index)
    assert find_frustration(network_of_rows(turned)).value == pytest.approx(index)
    assert find_frustration(network_of_rows(scaled)).value == pytest.approx(3.7 * index)


@pytest.mark.parametrize(("n", "m"), [(14, 91), (40, 160), (24, 276)])
def test_random_networks_are_proved(n: int, m: int) -> None:
    case = random_network(n, m, seed=2)
    found = find_frustration(case)
    assert found.proved
    assert found == find_frustration(case)
    assert found.value == pytest.approx(recount(found, case.rows))
    assert found.value == find_frustration(case, seed=7).value


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_weights_that_are_no_whole_numbers_are_proved_by_branching(sign: float) -> None:
    """A complete network of negative ties needs branches: its triangles bound it too low."""
    case = complete(7, sign=-1.0)
    uneven = SignedNetwork(
        case.nodes, case.ends, case.weights * (1 + 0.001 * sign * case.ends[:, 0])
    )
    found = find_frustration(uneven)
    assert found.proved
    assert found.value == pytest.approx(by_hand(uneven.rows))


@pytest.mark.parametrize("time_limit", [0.0, 0.02])
def test_without_time_the_index_is_bounded(time_limit: float) -> None:
    case = complete(23)
    found = find_frustration(case, time_limit=time_limit)
    index = 11 * 10 / 2 + 12 * 11 / 2
    assert not found.proved
    assert 1 <= found.lower_bound < index <= found.value
    assert found.value == recount(found, case.rows)


@pytest.mark.parametrize("time_limit", [-1.0, float("nan")])
def test_a_time_limit_below_nothing_is_refused(time_limit: float) -> None:
    with pytest.raises(InputError, match="time limit"):
        find_frustration(complete(3), time_limit=time_limit)


def test_the_index_is_no_more_than_a_search_finds() -> None:
    case = random_network(20, 90, seed=5)
    sides = search_sides(case, sides_along_tree(case), np.random.default_rng(1), float("inf"))
    side = dict(zip(case.nodes, sides, strict=True))
    cost = sum(1 for a, b, w in case.rows if w * side[a] * side[b] < 0)
    assert find_frustration(case).value <= cost

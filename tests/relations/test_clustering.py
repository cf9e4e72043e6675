from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations import clustering
from detente.relations.clustering import Partitions, optimal_partitions
from detente.relations.enumeration import best_partitions, descend, earnings
from detente.relations.hitting import HittingSet
from detente.relations.signed import Row, SignedNetwork, network_of_rows

Blocs = tuple[int, ...]


def rows(text: str) -> list[Row]:
    """Return ties from pairs such as `AB+ BC-`."""
    return [(pair[0], pair[1], 1.0 if pair[2] == "+" else -1.0) for pair in text.split()]


def network(text: str) -> SignedNetwork:
    return network_of_rows(rows(text))


def blocs_of(found: Partitions, number: int = 0) -> set[str]:
    """Return the blocs of one partition, each as its sorted names."""
    labels = found.labels[number]
    return {
        "".join(name for name, own in zip(found.nodes, labels, strict=True) if own == bloc)
        for bloc in labels
        if bloc >= 0
    }


def set_partitions(n: int) -> Iterator[Blocs]:
    def extend(labels: Blocs) -> Iterator[Blocs]:
        if len(labels) == n:
            yield labels
            return
        for bloc in range(max(labels, default=-1) + 2):
            yield from extend((*labels, bloc))

    return extend(())


def canonical(labels: Blocs) -> Blocs:
    seen: dict[int, int] = {}
    return tuple(seen.setdefault(label, len(seen)) for label in labels)


def loss(given_network: SignedNetwork, labels: Blocs) -> float:
    return sum(
        abs(weight)
        for (i, j), weight in zip(
            given_network.ends.tolist(), given_network.weights.tolist(), strict=True
        )
        if (labels[i] == labels[j]) != (weight > 0)
    )


def pieces_held_together(given_network: SignedNetwork, labels: Blocs) -> Blocs:
    """Return the labels of the parts into which blocs fall that no good tie joins."""
    found = list(range(len(labels)))
    for _ in labels:
        for (i, j), weight in zip(
            given_network.ends.tolist(), given_network.weights.tolist(), strict=True
        ):
            if weight > 0 and labels[i] == labels[j]:
                found[i] = found[j] = min(found[i], found[j])
    return canonical(tuple(found))


def brute_force(given_network: SignedNetwork, k: int | None, tolerance: float) -> set[Blocs]:
    """Return all best partitions of a connected network, by going through all there are."""
    every = [
        labels
        for labels in set_partitions(len(given_network.nodes))
        if (max(labels) <= 1 if k == 2 else pieces_held_together(given_network, labels) == labels)
    ]
    least = min(loss(given_network, labels) for labels in every)
    return {labels for labels in every if loss(given_network, labels) <= least + tolerance + 1e-9}


@st.composite
def networks(draw: st.DrawFn, whole: bool = False) -> SignedNetwork:
    """Return connected networks of up to six nodes."""
    n = draw(st.integers(2, 6))
    sizes = [1] if whole else [0.5, 1.0, 1.25]
    weight = st.builds(
        lambda sign, size: sign * size, st.sampled_from([-1, 1]), st.sampled_from(sizes)
    )
    names = "ABCDEF"[:n]
    dyads = {(names[draw(st.integers(0, node - 1))], names[node]) for node in range(1, n)}
    dyads |= {pair for pair in combinations(names, 2) if draw(st.booleans())}
    return network_of_rows((a, b, draw(weight)) for a, b in sorted(dyads))


@pytest.mark.parametrize(
    ("text", "k", "value", "n", "blocs"),
    [
        ("AB+ BC+ AC+ DE+ EF+ DF+ AD- BE- CF-", 2, 0, 1, {"ABC", "DEF"}),
        ("AB+ BC+ AC+ DE+ EF+ DF+ AD- BE- CF-", None, 0, 1, {"ABC", "DEF"}),
        ("AB- BC- AC-", 2, 1, 3, None),
        ("AB- BC- AC-", None, 0, 1, {"A", "B", "C"}),
        ("AB+ BC+ AC-", 2, 1, 3, None),
        ("AB+ BC+ AC-", None, 1, 3, None),
        ("AB+ BC+", 2, 0, 1, {"ABC"}),
        ("AB-", 2, 0, 1, {"A", "B"}),
        # The enemy of an enemy is a friend of two camps, but no friend of any number of blocs.
        ("AB- BC-", 2, 0, 1, {"AC", "B"}),
        ("AB- BC-", None, 0, 1, {"A", "B", "C"}),
        # Two triangles of enemies that share an actor: three ways each.
        ("AB- BC- AC- CD- DE- CE-", 2, 2, 9, None),
    ],
)
def test_hand_solved_networks(
    text: str, k: int | None, value: float, n: int, blocs: set[str] | None
) -> None:
    found = optimal_partitions(network(text), k=k)
    assert (found.value, found.lower_bound, found.proved) == (value, value, True)
    assert (found.n, len(found.labels), found.complete) == (n, n, True)
    assert blocs is None or blocs_of(found) == blocs


def test_components_are_not_flipped_against_each_other() -> None:
    found = optimal_partitions(network("AB- CD-"), k=2)
    assert found.n == 1
    assert found.components.tolist() == [0, 0, 1, 1]
    assert found.labels.tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize("k", [2, None])
def test_a_node_without_a_tie_is_in_no_bloc(k: int | None) -> None:
    found = optimal_partitions(network_of_rows(rows("BC+"), nodes="ABCD"), k=k)
    assert (found.labels < 0).tolist() == [[True, False, False, True]]
    assert found.components.tolist() == [-1, 0, 0, -1]


@pytest.mark.parametrize("k", [2, None])
def test_no_tie_at_all_leaves_nothing_to_part(k: int | None) -> None:
    found = optimal_partitions(network_of_rows([], nodes="AB"), k=k)
    assert (found.value, found.proved, found.labels.tolist()) == (0, True, [[-1, -1]])


@pytest.fixture(params=["by enumeration", "by program"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Solve the test's networks in one way and in the other."""
    if request.param == "by program":
        monkeypatch.setattr(clustering, "MOST_CAMPS", 2)
        monkeypatch.setattr(clustering, "MOST_BLOCS", 2)
    return str(request.param)


FIXED = settings(deadline=None, max_examples=20, derandomize=True)


@pytest.mark.parametrize("k", [2, None])
@pytest.mark.parametrize("tolerance", [0.0, 0.5])
def test_all_best_partitions_are_those_of_brute_force(
    way: str, k: int | None, tolerance: float
) -> None:
    @FIXED
    @given(networks())
    def check(given_network: SignedNetwork) -> None:
        found = optimal_partitions(given_network, k=k, tolerance=tolerance, limit=1000)
        listed = [canonical(tuple(row)) for row in found.labels.tolist()]
        assert found.complete
        assert len(set(listed)) == len(listed) == found.n
        assert set(listed) == brute_force(given_network, k, tolerance)
        assert loss(given_network, listed[0]) == pytest.approx(found.value)

    check()


@FIXED
@given(networks())
def test_more_blocs_never_frustrate_more_than_two(given_network: SignedNetwork) -> None:
    any_number = optimal_partitions(given_network, k=None)
    assert any_number.value <= optimal_partitions(given_network, k=2).value + 1e-9


@FIXED
@given(networks(whole=True), st.permutations("ABCDEF"), st.sampled_from([2, None]))
def test_names_do_not_matter(given_network: SignedNetwork, order: list[str], k: int | None) -> None:
    new = dict(zip("ABCDEF", order, strict=True))
    renamed = network_of_rows((new[a], new[b], weight) for a, b, weight in given_network.rows)
    one, other = optimal_partitions(given_network, k=k), optimal_partitions(renamed, k=k)

    def listed(found: Partitions, names: dict[str, str]) -> set[frozenset[str]]:
        return {
            frozenset(
                "".join(sorted(names[name] for name in bloc)) for bloc in blocs_of(found, row)
            )
            for row in range(len(found.labels))
        }

    assert (one.value, one.n) == (other.value, other.n)
    assert listed(one, new) == listed(other, dict(zip(order, order, strict=True)))


def enemies(n: int) -> SignedNetwork:
    return network_of_rows((f"N{i:02}", f"N{j:02}", -1.0) for i, j in combinations(range(n), 2))


def test_a_list_cut_short_says_so(way: str) -> None:
    found = optimal_partitions(enemies(8), k=2, limit=7)
    assert (found.value, found.proved) == (12, True)
    assert (len(found.labels), found.complete) == (7, False)
    assert len({tuple(row) for row in found.labels.tolist()}) == 7


def test_a_cut_list_leaves_out_by_chance_not_by_piece() -> None:
    triangles = "AB- BC- AC- DE- EF- DF- GH- HI- GI- JK- KL- JL- MN- NO- MO-"
    found = optimal_partitions(network(triangles), k=2, limit=50)
    assert (found.n, len(found.labels), found.complete) == (3**5, 50, False)
    for corner in range(0, 15, 3):
        assert len({tuple(row) for row in found.labels[:, corner : corner + 3].tolist()}) == 3


@pytest.mark.parametrize("k", [2, None])
def test_a_large_piece_is_proven_by_the_program(k: int | None) -> None:
    rng = np.random.default_rng(7)
    camp = rng.integers(0, 2, 40)
    planted = network_of_rows(
        (
            f"N{i:02}",
            f"N{j:02}",
            (1.0 if camp[i] == camp[j] else -1.0) * rng.choice([1, -1], p=[0.95, 0.05]),
        )
        for i, j in combinations(range(40), 2)
        if rng.random() < 0.3
    )
    found = optimal_partitions(planted, k=k, limit=5)
    planted_loss = loss(planted, tuple(camp.tolist()))
    assert found.proved
    assert found.value <= planted_loss
    assert loss(planted, tuple(found.labels[0].tolist())) == found.value


@pytest.mark.parametrize("k", [2, None])
def test_without_time_there_is_a_bound_and_no_proof(
    k: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HittingSet, "_run", lambda self: None)
    rng = np.random.default_rng(3)
    noisy = network_of_rows(
        (f"N{i:02}", f"N{j:02}", float(rng.choice([-1, 1]))) for i, j in combinations(range(26), 2)
    )
    found = optimal_partitions(noisy, k=k)
    assert (found.proved, found.complete, len(found.labels)) == (False, False, 1)
    assert found.lower_bound == 0 < found.value
    assert loss(noisy, tuple(found.labels[0].tolist())) == found.value


def test_a_passed_deadline_stops_the_program() -> None:
    triangle = network("AB- BC- AC-")
    program = HittingSet(triangle.ends, triangle.weights, 2, deadline=0.0)
    assert program.timed_out
    assert program.solve() is None
    assert program.relax().tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 3}, "k is 2"),
        ({"limit": 0}, "at least 1"),
        ({"tolerance": -1.0}, "0 or more"),
        ({"tolerance": float("nan")}, "0 or more"),
        ({"time_limit": 0.0}, "above 0"),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        optimal_partitions(network("AB-"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("k", [2, None])
def test_many_weightings_are_parted_as_each_alone(k: int | None) -> None:
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(6, 6, 20))
    weights += weights.transpose(1, 0, 2)
    labels = best_partitions(weights, k=k, rng=rng)
    candidates = [p for p in set_partitions(6) if k is None or max(p) <= 1]
    for number in range(20):
        one = weights[:, :, number : number + 1]
        most = max(earnings(one, np.array([labels_]))[0] for labels_ in candidates)
        assert earnings(one, labels[number : number + 1])[0] == pytest.approx(most)


@pytest.mark.parametrize("k", [2, None])
def test_descent_ends_where_no_node_gains(k: int | None) -> None:
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(20, 20, 8))
    weights += weights.transpose(1, 0, 2)
    weights[np.arange(20), np.arange(20)] = 0
    labels = descend(weights, k=k, rng=rng)
    earned = earnings(weights, labels)
    for node in range(20):
        for bloc in range(2 if k == 2 else 20):
            moved = labels.copy()
            moved[:, node] = bloc
            assert (earnings(weights, moved) <= earned + 1e-6).all()


def test_large_weightings_are_parted_by_search() -> None:
    rng = np.random.default_rng(5)
    camp = np.arange(30) % 2
    weights = np.where(camp[:, None] == camp, 1.0, -1.0)[:, :, None] * np.ones(3)
    assert (np.abs(np.diff(best_partitions(weights, k=2, rng=rng), axis=1)) == 1).all()
    assert len(np.unique(best_partitions(weights, k=None, rng=rng)[0])) == 2

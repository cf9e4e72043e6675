from __future__ import annotations

import csv
from itertools import combinations, pairwise, product
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.landscape import (
    Camps,
    Landscape,
    descend,
    energy_of,
    find_minima,
    misplaced,
)

Matrix = list[list[float]]
System = tuple[dict[str, float], Matrix]


def system(sizes: dict[str, float], **pairs: float) -> System:
    """Return sizes and a matrix from pairs given as `A_B=-1`; the others are 0."""
    names = list(sizes)
    matrix = [[0.0] * len(names) for _ in names]
    for pair, propensity in pairs.items():
        i, j = (names.index(name) for name in pair.split("_"))
        matrix[i][j] = matrix[j][i] = propensity
    return sizes, matrix


def brute_energy(sizes: dict[str, float], matrix: Matrix, first: set[str]) -> float:
    """Return Σ_i s_i F_i, term by term as the article writes it."""
    names = list(sizes)
    total = 0.0
    for i, a in enumerate(names):
        frustration = 0.0
        for j, b in enumerate(names):
            if i != j and ((a in first) != (b in first)):
                frustration += sizes[b] * matrix[i][j]
        total += sizes[a] * frustration
    return total


def partitions(names: list[str]) -> list[Camps]:
    first, *others = names
    found = []
    for flags in product((True, False), repeat=len(others)):
        with_first = [first, *(n for n, inside in zip(others, flags, strict=True) if inside)]
        found.append((tuple(with_first), tuple(n for n in names if n not in with_first)))
    return found


@st.composite
def systems(draw: st.DrawFn, n_max: int = 7, places: int = 400) -> System:
    """Draw a system; 400 places leave every float as it is, be it ever so small."""
    n = draw(st.integers(2, n_max))
    sizes = draw(st.lists(st.sampled_from([0.1, 0.5, 1.0, 2.0, 7.3]), min_size=n, max_size=n))
    values = st.one_of(
        st.sampled_from([-1.0, 0.0, 1.0]), st.floats(-1, 1).map(lambda x: round(x, places))
    )
    matrix = [[0.0] * n for _ in range(n)]
    for i, j in combinations(range(n), 2):
        matrix[i][j] = matrix[j][i] = draw(values)
    return {f"n{i}": size for i, size in enumerate(sizes)}, matrix


def test_two_enemies_stand_apart() -> None:
    sizes, matrix = system({"A": 2.0, "B": 3.0}, A_B=-1.0)
    (minimum,) = find_minima(sizes, matrix).minima
    assert minimum.camps == (("A",), ("B",))
    assert (minimum.energy, minimum.basin, minimum.share, minimum.depth) == (-12.0, 2, 1.0, None)


def test_two_friends_stand_together() -> None:
    sizes, matrix = system({"A": 2.0, "B": 3.0}, A_B=0.5)
    (minimum,) = find_minima(sizes, matrix).minima
    assert (minimum.camps, minimum.energy) == ((("A", "B"), ()), 0.0)


def test_three_enemies_have_each_pair_against_the_third() -> None:
    sizes, matrix = system({"A": 1.0, "B": 2.0, "C": 4.0}, A_B=-1.0, A_C=-1.0, B_C=-1.0)
    landscape = find_minima(sizes, matrix)
    # All together: 0. A alone -2(2+4) = -12, B alone -2(2+8) = -20, C alone -2(4+8) = -24.
    # From A alone B would join it, leaving C; from B alone A would, at the cost of 2·1·(4-2).
    assert [(m.energy, m.camps) for m in landscape.minima] == [(-24.0, (("A", "B"), ("C",)))]
    assert (landscape.exact, landscape.n_starts, landscape.seed) == (True, 4, None)


def test_three_equal_enemies_are_a_tie_sorted_by_names() -> None:
    sizes, matrix = system({"A": 1.0, "B": 1.0, "C": 1.0}, A_B=-1.0, A_C=-1.0, B_C=-1.0)
    minima = find_minima(sizes, matrix).minima
    assert [m.camps for m in minima] == [
        (("A",), ("B", "C")),
        (("A", "B"), ("C",)),
        (("A", "C"), ("B",)),
    ]
    assert [m.energy for m in minima] == [-4.0] * 3
    # From "all together" the first by name moves: A.
    assert [m.basin for m in minima] == [2, 1, 1]
    # B leaves C's camp for A's at no cost: only the camp's enemies change.
    assert [m.depth for m in minima] == [0.0] * 3


def test_two_blocs_of_friends_have_a_shallow_second_minimum() -> None:
    sizes, matrix = system(
        {"A": 1.0, "B": 1.0, "C": 1.0, "D": 1.0}, A_B=2.0, C_D=2.0, A_C=-1.0, B_D=-1.0
    )
    deep, shallow = find_minima(sizes, matrix).minima
    assert (deep.camps, deep.energy) == ((("A", "B"), ("C", "D")), -4.0)
    assert (shallow.camps, shallow.energy) == ((("A", "B", "C", "D"), ()), 0.0)
    # One of a pair of friends leaves first: +4 for the friend, -2 for the enemy.
    assert (shallow.depth, deep.depth) == (2.0, 6.0)


def test_an_indifferent_actor_doubles_each_minimum_at_no_depth() -> None:
    sizes, matrix = system({"A": 1.0, "B": 1.0, "C": 1.0}, A_B=-1.0)
    minima = find_minima(sizes, matrix).minima
    assert [(m.camps, m.depth) for m in minima] == [
        ((("A",), ("B", "C")), 0.0),
        ((("A", "C"), ("B",)), 0.0),
    ]


def test_a_flat_landscape_does_not_loop() -> None:
    sizes, matrix = system({"A": 1.0, "B": 1.0, "C": 1.0})
    assert [m.basin for m in find_minima(sizes, matrix).minima] == [1, 1, 1, 1]
    assert descend(sizes, matrix, (("A",), ("B", "C"))) == []


def test_sums_that_differ_by_rounding_alone_are_ties() -> None:
    # 0.1 + 0.2 is not 0.3 in floats: C opposes A as much as it does B and D together.
    sizes, matrix = system(
        {"A": 0.3, "B": 0.1, "D": 0.2, "C": 1.0},
        A_C=-1.0,
        B_C=-1.0,
        D_C=-1.0,
        B_D=9.0,
        A_B=-9.0,
        A_D=-9.0,
    )
    minima = find_minima(sizes, matrix).minima
    assert len(minima) == 2
    assert minima[0].energy == minima[1].energy


@settings(max_examples=60, deadline=None)
@given(systems())
def test_energies_equal_the_sum_over_ordered_pairs(given_system: System) -> None:
    sizes, matrix = given_system
    for minimum in find_minima(sizes, matrix).minima:
        recounted = brute_energy(sizes, matrix, set(minimum.camps[0]))
        assert minimum.energy == pytest.approx(recounted, abs=1e-6)
        assert energy_of(sizes, matrix, minimum.camps) == minimum.energy


@settings(max_examples=60, deadline=None)
@given(systems(n_max=6))
def test_minima_are_exactly_the_partitions_that_nobody_leaves(given_system: System) -> None:
    sizes, matrix = given_system
    landscape = find_minima(sizes, matrix)
    found = {minimum.camps: minimum for minimum in landscape.minima}
    ends: dict[Camps, int] = {}
    for camps in partitions(list(sizes)):
        first = set(camps[0])
        energy = brute_energy(sizes, matrix, first)
        changes = [brute_energy(sizes, matrix, first ^ {name}) - energy for name in sizes]
        if min(changes) < -1e-6:
            assert camps not in found
        moves = descend(sizes, matrix, camps)
        end = moves[-1].camps if moves else camps
        ends[end] = ends.get(end, 0) + 1
    assert ends == {camps: minimum.basin for camps, minimum in found.items()}
    assert sum(minimum.basin for minimum in landscape.minima) == landscape.n_starts
    assert sum(minimum.share for minimum in landscape.minima) == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(systems())
def test_no_move_raises_the_energy_and_the_last_is_stable(given_system: System) -> None:
    sizes, matrix = given_system
    moves = descend(sizes, matrix, (tuple(sizes), ()))
    assert all(move.after <= move.before for move in moves)
    assert not moves or descend(sizes, matrix, moves[-1].camps) == []
    assert all(one.after == other.before for one, other in pairwise(moves))


@settings(max_examples=60, deadline=None)
@given(systems(), st.randoms(use_true_random=False))
def test_relabelling_leaves_the_energies(given_system: System, random: object) -> None:
    sizes, matrix = given_system
    names = list(sizes)
    random.shuffle(names)  # type: ignore[attr-defined]
    old = list(sizes)
    shuffled = [[matrix[old.index(a)][old.index(b)] for b in names] for a in names]
    again = find_minima({name: sizes[name] for name in names}, shuffled)
    assert [m.energy for m in again.minima] == [m.energy for m in find_minima(sizes, matrix).minima]


@settings(max_examples=60, deadline=None)
@given(systems(places=4), st.sampled_from([0.001, 0.5, 3.0, 1e6]))
def test_scaling_propensities_scales_energies_and_depths(
    given_system: System, factor: float
) -> None:
    sizes, matrix = given_system
    one = find_minima(sizes, matrix).minima
    other = find_minima(sizes, np.array(matrix) * factor).minima
    near = max(1.0, factor) * 1e-6
    assert [m.energy for m in other] == pytest.approx([m.energy * factor for m in one], abs=near)
    assert sorted(m.basin for m in other) == sorted(m.basin for m in one)
    assert [m.depth is None for m in other] == [m.depth is None for m in one]


def test_descend_names_who_moves_and_the_energies() -> None:
    sizes, matrix = system({"A": 1.0, "B": 2.0, "C": 4.0}, A_B=-1.0, A_C=-1.0, B_C=-1.0)
    moves = descend(sizes, matrix, (("A", "B", "C"), ()))
    assert [(move.actor, move.before, move.after) for move in moves] == [("C", 0.0, -24.0)]
    assert moves[0].camps == (("A", "B"), ("C",))


def test_descend_goes_by_energy_and_not_by_own_frustration() -> None:
    # Together, A (large) gains 2·3·1 in energy, b 2·1·2 though its own frustration falls by more.
    sizes, matrix = system({"A": 3.0, "x": 1.0, "b": 1.0, "y": 2.0}, A_x=-1.0, b_y=-1.0)
    moves = descend(sizes, matrix, (tuple(sizes), ()))
    assert [move.actor for move in moves] == ["A", "b"]


def test_a_small_change_never_moves_an_actor_that_gains_nothing() -> None:
    # What changes nothing for the pair of A and B is far above what moves c and d.
    sizes, matrix = system({"A": 1e4, "B": 1e4, "c": 1e-2, "d": 1e-2}, A_B=1.0, c_d=-1.0)
    moves = descend(sizes, matrix, (tuple(sizes), ()))
    assert [move.actor for move in moves] == ["c"]


def random_system(n: int, seed: int) -> System:
    rng = np.random.default_rng(seed)
    half = np.triu(rng.uniform(-1, 1, (n, n)), 1)
    sizes = {f"n{i:02}": float(size) for i, size in enumerate(rng.uniform(0.1, 10, n))}
    return sizes, (half + half.T).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_the_heuristic_finds_the_deepest_of_ten_actors(seed: int) -> None:
    sizes, matrix = random_system(10, seed)
    exact = find_minima(sizes, matrix)
    sampled = find_minima(sizes, matrix, seed=seed, restarts=300, exact_limit=2)
    assert sampled.minima[0].camps == exact.minima[0].camps
    assert sampled.minima[0].energy == exact.minima[0].energy
    shares = {minimum.camps: minimum.share for minimum in exact.minima}
    assert {m.camps for m in sampled.minima} <= set(shares)
    assert all(abs(m.share - shares[m.camps]) < 0.12 for m in sampled.minima)


def test_beyond_twenty_actors_the_landscape_says_that_it_is_no_proof() -> None:
    sizes, matrix = random_system(30, 1)
    landscape = find_minima(sizes, matrix, seed=7, restarts=50)
    assert (landscape.exact, landscape.n_starts, landscape.seed) == (False, 50, 7)
    assert sum(minimum.basin for minimum in landscape.minima) == 50
    assert {minimum.depth for minimum in landscape.minima} == {None}
    assert all(descend(sizes, matrix, minimum.camps) == [] for minimum in landscape.minima)
    assert landscape == find_minima(sizes, matrix, seed=7, restarts=50)
    assert landscape != find_minima(sizes, matrix, seed=8, restarts=50)


def test_a_landscape_is_a_record() -> None:
    landscape = find_minima(*random_system(6, 1))
    assert msgspec.json.decode(msgspec.json.encode(landscape), type=Landscape) == landscape


NAN = float("nan")


@pytest.mark.parametrize(
    ("sizes", "matrix", "message"),
    [
        ({"A": 1.0}, [[0.0]], "two or more actors"),
        ({"A": 1.0, "B": 0.0}, [[0, 1], [1, 0]], "size of B is 0.0"),
        ({"A": 1.0, "B": -2.0}, [[0, 1], [1, 0]], "size of B is -2.0"),
        ({"A": NAN, "B": 1.0}, [[0, 1], [1, 0]], "size of A is nan"),
        ({"A": 1.0, "B": float("inf")}, [[0, 1], [1, 0]], "size of B is inf"),
        ({"A": 1.0, "B": 1.0}, [[0, 1], [2, 0]], "A–B is 1.0 one way, 2.0 the other"),
        ({"A": 1.0, "B": 1.0}, [[0, NAN], [NAN, 0]], "A–B is nan"),
        ({"A": 1.0, "B": 1.0}, [[0, 1, 1], [1, 0, 1]], r"\(2, 3\) for 2 actors"),
        ({"A": 1.0, "B": 1.0}, [[0, 1], [1]], "not a matrix of numbers"),
        ({"A": 1e200, "B": 1e200}, [[0, 1], [1, 0]], "too large"),
    ],
)
def test_bad_input_is_named(sizes: dict[str, float], matrix: Matrix, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_minima(sizes, matrix)


def test_the_diagonal_is_not_read() -> None:
    sizes, matrix = system({"A": 2.0, "B": 3.0}, A_B=-1.0)
    matrix[0][0] = NAN
    assert find_minima(sizes, matrix).minima[0].energy == -12.0


@pytest.mark.parametrize("options", [{"restarts": 0}, {"exact_limit": 25}])
def test_options_out_of_range_are_named(options: dict[str, int]) -> None:
    with pytest.raises(InputError, match="restarts"):
        find_minima(*random_system(4, 1), **options)


@pytest.mark.parametrize(
    "start", [(("A",),), (("A",), ("B", "A")), (("A",), ()), (("A",), ("B", "C"))]
)
def test_a_start_holds_each_actor_once(start: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(InputError, match="two camps that hold each of A, B once"):
        descend(*system({"A": 1.0, "B": 1.0}, A_B=1.0), start)


SIDES = {"A": "left", "B": "left", "C": "right", "D": "right"}


@pytest.mark.parametrize(
    ("camps", "wrong"),
    [
        ((("A", "B"), ("C", "D")), ()),
        ((("A",), ("B", "C", "D")), ("B",)),
        ((("A", "C", "D"), ("B",)), ("A",)),
        ((("A", "C"), ("B", "D")), ("C", "B")),
        ((("A", "B", "C", "D"), ()), ("C", "D")),
    ],
)
def test_misplaced_takes_the_better_match(camps: Camps, wrong: tuple[str, ...]) -> None:
    assert misplaced(camps, SIDES) == wrong


@pytest.mark.parametrize(
    ("sides", "message"),
    [({"A": "left"}, "no side is given for B"), ({"A": "left", "B": "left"}, "two sides")],
)
def test_misplaced_needs_two_sides(sides: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        misplaced((("A",), ("B",)), sides)


@pytest.mark.shared
def test_unix_case_has_two_minima_of_equal_energy(shared: Path) -> None:
    with (shared / "data/landscape/unix_actors.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    sizes = {row["actor"]: float(row["size"]) for row in rows}
    matrix = [[-1.0 if a["type"] == b["type"] else 0.0 for b in rows] for a in rows]
    minima = find_minima(sizes, matrix).minima
    assert [(m.energy, m.basin) for m in minima] == [(-3828.9, 128), (-3828.9, 128)]
    shuffled = rows[::-1]
    sizes = {row["actor"]: float(row["size"]) for row in shuffled}
    matrix = [[-1.0 if a["type"] == b["type"] else 0.0 for b in shuffled] for a in shuffled]
    assert [(m.energy, m.basin) for m in find_minima(sizes, matrix).minima] == [
        (-3828.9, 128),
        (-3828.9, 128),
    ]


@pytest.mark.shared
def test_five_powers_that_oppose_each_other_have_four_minima(shared: Path) -> None:
    with (shared / "data/landscape/wwii_actors.csv").open(encoding="utf-8") as lines:
        sizes = {row["actor"]: float(row["size_ab1993_1936"]) for row in csv.DictReader(lines)}
    powers = ("Britain", "France", "Germany", "Italy", "USSR")
    found = find_minima({name: sizes[name] for name in powers}, [[-1.0] * 5] * 5)
    assert len(found.minima) == 4

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.blocs import Blocs, blocs_over_time, find_blocs, movements
from detente.relations.firmness import share_in_place
from detente.relations.ties import untied
from detente.schema import Tie
from tests.relations.events import tie

MONTH = "2025-02"


def ties(text: str, period: str = MONTH, width: float = 0.1) -> list[Tie]:
    """Return ties from pairs such as `AB+ BC- CD?`; a `?` has no sign."""
    s = {"+": 0.5, "-": -0.5, "?": 0.0}
    return [tie(pair[0], pair[1], s[pair[2]], width, period=period) for pair in text.split()]


def joined(blocs: Blocs) -> list[str]:
    return ["".join(bloc) for bloc in blocs.blocs]


CLIQUES = "AB+ BC+ AC+ DE+ AD- BE- CD-"


@pytest.mark.parametrize("k", [2, None])
@pytest.mark.parametrize("weighted", [False, True])
def test_two_cliques_at_odds_are_two_firm_blocs(k: int | None, weighted: bool) -> None:
    found = find_blocs(ties(CLIQUES), period=MONTH, k=k, weighted=weighted)
    assert joined(found) == ["ABC", "DE"]
    assert (found.value, found.proved, found.frustrated) == (0, True, ())
    assert (found.n_optimal, found.complete, found.shares) == (1, True, "exact draws")
    assert found.membership == dict.fromkeys("ABCDE", 1.0)
    assert found.label_of == {"A": 0, "B": 0, "C": 0, "D": 1, "E": 1}
    assert len(found.ties) == 7


def test_three_enemies_are_two_blocs_in_three_ways() -> None:
    found = find_blocs(ties("AB- BC- AC-"), period=MONTH, firmness="optimal")
    assert (found.value, found.n_optimal, found.shares) == (1, 3, "optimal partitions")
    assert len(found.frustrated) == 1
    pair, single = found.blocs
    assert found.frustrated == (pair,)
    assert found.membership[single[0]] == pytest.approx(2 / 3)
    assert [found.membership[actor] for actor in pair] == [0.5, 0.5]


def test_draws_choose_by_chance_among_partitions_alike() -> None:
    by_draws = find_blocs(ties("AB- BC- AC-"), period=MONTH, draws=2000).membership
    alike = find_blocs(ties("AB- BC- AC-"), period=MONTH, firmness="optimal").membership
    assert by_draws == pytest.approx(alike, abs=0.05)


def test_three_enemies_stand_alone_where_any_number_may() -> None:
    found = find_blocs(ties("AB- BC- AC-"), period=MONTH, k=None)
    assert joined(found) == ["A", "B", "C"]
    assert (found.value, found.n_optimal) == (0, 1)
    assert found.membership == dict.fromkeys("ABC", 1.0)


def test_actors_without_a_sign_are_placed_nowhere() -> None:
    known = [*ties("AB- BC?"), untied("C", "D", MONTH)]
    found = find_blocs(known, period=MONTH)
    assert (joined(found), found.unplaced) == (["A", "B"], ("C", "D"))
    assert set(found.membership) == {"A", "B"}
    assert [(one.a, one.b) for one in found.ties] == [("A", "B"), ("B", "C")]


def test_an_undetermined_tie_that_may_turn_a_side_makes_it_less_firm() -> None:
    sure = find_blocs(ties("AB+ BC- AC-"), period=MONTH, weighted=True).membership
    doubt = [*ties("AB+ BC-"), tie("A", "C", 0.3, 0.9)]
    unsure = find_blocs(doubt, period=MONTH, weighted=True).membership
    assert sure["C"] == 1.0
    assert 0.5 < unsure["C"] < 1.0


def test_blocs_of_different_components_are_told_apart() -> None:
    found = find_blocs(ties("AB- CD+ CE- DE-"), period=MONTH)
    assert joined(found) == ["CD", "E", "A", "B"]
    assert found.components == (0, 0, 1, 1)
    assert found.labels == (0, 1, 2, 3)


def test_only_the_period_and_context_asked_for_count() -> None:
    other = Tie(a="A", b="B", period=MONTH, context="economic", s=0.5, low=0.4, high=0.6, sign="+")
    known = [*ties("AB-"), *ties("AB+", "2025-03"), other]
    assert joined(find_blocs(known, period=MONTH)) == ["A", "B"]
    assert joined(find_blocs(known, period="2025-03")) == ["AB"]
    assert joined(find_blocs(known, period=MONTH, context="economic")) == ["AB"]
    assert joined(find_blocs(known, period="2024-01")) == []


@pytest.mark.parametrize("k", [2, None])
def test_order_of_ties_and_seed_make_results_repeatable(k: int | None) -> None:
    known = ties("AB+ BC- AC? CD- BD+ AD-", width=0.4)
    assert find_blocs(known, period=MONTH, k=k) == find_blocs(known[::-1], period=MONTH, k=k)


def test_a_large_network_says_that_its_draws_were_searched() -> None:
    names = [f"N{number:02}" for number in range(18)]
    known = [
        tie(a, b, 0.5 if int(a[1:]) % 2 == int(b[1:]) % 2 else -0.5)
        for a, b in combinations(names, 2)
    ]
    found = find_blocs(known, period=MONTH, draws=5)
    assert found.shares == "searched draws"
    assert [len(bloc) for bloc in found.blocs] == [9, 9]
    assert set(found.membership.values()) == {1.0}


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.lists(st.floats(-1, 1), min_size=10, max_size=10), st.sampled_from([2, None]))
def test_membership_is_a_share_and_every_actor_is_somewhere(
    values: list[float], k: int | None
) -> None:
    known = [tie(a, b, s, 0.3) for (a, b), s in zip(combinations("ABCDE", 2), values, strict=True)]
    found = find_blocs(known, period=MONTH, k=k, draws=20)
    assert all(0 <= share <= 1 for share in found.membership.values())
    assert sorted([*found.membership, *found.unplaced]) == list("ABCDE")
    assert sorted(found.label_of) == sorted(found.membership)


@pytest.mark.parametrize(
    ("point", "solution", "expected"),
    [
        ([0, 0, 0, 3, 3], [7, 7, 7, 9, 9], [1, 1, 1, 1, 1]),
        # One of four leaves: it is out of place, and the others still match best.
        ([0, 0, 0, 0, 4], [0, 0, 0, 3, 4], [1, 1, 1, 0, 1]),
        # One of three leaves: of the two others' two companions, one is here and one there.
        ([0, 0, 0, 3, 3], [0, 0, 2, 3, 3], [0.5, 0.5, 0, 1, 1]),
        # Two blocs become one: the smaller is lost in the larger.
        ([0, 0, 0, 3, 3], [0, 0, 0, 0, 0], [0.5, 0.5, 0.5, 0, 0]),
        # A pair falls apart: neither is in place.
        ([0, 0, 2], [0, 1, 2], [0, 0, 1]),
        ([0, 0, 2], [0, 0, 0], [0.5, 0.5, 0]),
        ([0, 0, -1], [0, 0, 2], [1, 1, 0]),
    ],
)
def test_place_in_a_bloc_of_any_number(
    point: list[int], solution: list[int], expected: list[float]
) -> None:
    components = np.zeros(len(point), dtype=np.int64)
    found = share_in_place(np.array(point), np.array([solution]), components, None)
    assert found.tolist() == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 3}, "k is 2"),
        ({"draws": 0}, "at least 1"),
        ({"firmness": "sure"}, "neither"),
        ({"limit": 0}, "at least 1"),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        find_blocs(ties("AB-"), period=MONTH, **options)  # type: ignore[arg-type]


def test_two_ties_of_one_dyad_are_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        find_blocs(ties("AB- AB+"), period=MONTH)


WITH_ABC = "AB+ BC+ AC+ DE+ AD- BE- CD-"
C_GONE_OVER = "AB+ BC- AC- DE+ AD- BE- CD+"


def series(*texts: str, k: int | None = 2) -> list[Blocs]:
    known = [one for n, text in enumerate(texts) for one in ties(text, f"{2001 + n}")]
    return blocs_over_time(known[::-1], k=k, draws=20)


@pytest.mark.parametrize("k", [2, None])
@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([WITH_ABC, C_GONE_OVER, C_GONE_OVER], [("C", "2001", "2002", True)]),
        ([WITH_ABC, C_GONE_OVER], [("C", "2001", "2002", False)]),
        (
            [WITH_ABC, C_GONE_OVER, WITH_ABC, WITH_ABC],
            [("C", "2001", "2002", False), ("C", "2002", "2003", True)],
        ),
        ([WITH_ABC, "AB+ AD- DE+", C_GONE_OVER], [("C", "2001", "2003", False)]),
        ([WITH_ABC, WITH_ABC, WITH_ABC], []),
    ],
)
def test_movements_follow_an_actor(
    k: int | None, texts: list[str], expected: list[tuple[str, str, str, bool]]
) -> None:
    found = movements(series(*texts, k=k))
    assert [(one.actor, one.since, one.period, one.lasts) for one in found] == expected
    for one in found:
        assert one.before != one.after
        assert (one.firmness_before, one.firmness_after) == (1.0, 1.0)
        assert all("C" in (known.a, known.b) for known in one.ties)


def test_labels_do_not_follow_size() -> None:
    first, second = series("AB+ AC- BC-", "AB+ AC- BC- CD+ CE+ DE+")
    assert first.label_of == {"A": 0, "B": 0, "C": 1}
    assert joined(second) == ["CDE", "AB"]
    assert second.label_of == {"A": 0, "B": 0, "C": 1, "D": 1, "E": 1}


def test_a_component_takes_the_side_that_its_actors_had() -> None:
    first, second = series("AB- BC+ AD+", "AX- CY-")
    assert {first.label_of[actor] for actor in "AD"} == {0}
    assert second.label_of == {"A": 0, "X": 1, "C": 1, "Y": 0}


def test_a_component_of_unknown_actors_has_sides_of_its_own() -> None:
    _, second, third = series("AB-", "AB- XY-", "AX+ AB- XY- BY+")
    assert second.label_of == {"A": 0, "B": 1, "X": 2, "Y": 3}
    assert third.label_of == {"A": 0, "B": 1, "X": 0, "Y": 1}
    assert movements([second, third]) == []


def test_among_equals_the_partition_that_moves_nobody_is_taken() -> None:
    for lone in "ABC":
        others = [actor for actor in "ABC" if actor != lone]
        clear = f"{others[0]}{others[1]}+ " + " ".join(f"{actor}{lone}-" for actor in others)
        first, second = series(clear, "AB- BC- AC-")
        assert second.n_optimal == 3
        assert first.label_of == second.label_of


def test_one_bloc_keeps_one_label_of_any_number() -> None:
    first, second = series("AB+ CD+ AC-", "AB+ BC+ AC+ CD+ BD+", k=None)
    assert first.labels == (0, 1)
    assert (joined(second), second.labels) == (["ABCD"], (0,))
    assert [one.actor for one in movements([first, second])] == ["C", "D"]


def test_all_is_no_period_of_a_series() -> None:
    assert blocs_over_time(ties("AB-", "all")) == []


def test_series_of_different_kinds_are_not_mixed() -> None:
    with pytest.raises(InputError, match="one k"):
        movements([*series(WITH_ABC), *series(WITH_ABC, k=None)])

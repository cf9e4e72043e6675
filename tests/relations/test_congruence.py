from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.congruence import (
    NORMS,
    Norm,
    actor_concepts,
    agreements,
    conflict,
    congruence,
    count_positions,
    distinct_positions,
)
from detente.relations.positions import Position
from tests.relations.voices import position

TALK = [
    position("A", "dam", "agree", date="2025-03-01"),
    position("B", "dam", "agree", date="2025-03"),
    position("C", "dam", "disagree", date="2025-04-01"),
    position("A", "toll", "disagree", date="2025-03-05"),
    position("C", "toll", "disagree", date="2025"),
    position("B", "toll", "neutral", date="2025-03-05"),
    position(None, "toll", "agree"),
]

sides = st.sampled_from(["agree", "disagree", "neutral"])
talks = st.lists(
    st.builds(position, st.sampled_from("ABCD"), st.sampled_from(["p", "q", "r"]), sides),
    max_size=20,
)


def test_equal_sides_are_congruent_and_opposite_ones_conflict() -> None:
    found = {(row.a, row.b): row for row in agreements(TALK)}
    assert set(found) == {("A", "B"), ("A", "C"), ("B", "C")}
    both = found["A", "C"]
    assert (both.congruence, both.conflict, both.score) == (1, 1, 0.0)
    assert (both.agreed, both.disputed) == (("toll",), ("dam",))
    assert set(both.claims) == {one.claim for one in TALK if one.actor in ("A", "C")}
    assert found["A", "B"].score == pytest.approx(1 / 1.5, abs=1e-6)


def test_propositions_go_together_where_actors_take_equal_sides() -> None:
    (row,) = agreements(TALK, of="propositions")
    assert (row.a, row.b, row.congruence, row.conflict) == ("dam", "toll", 1, 1)
    assert (row.agreed, row.disputed) == (("C",), ("A",))


def test_agreement_by_month_leaves_out_wider_dates() -> None:
    found = agreements(TALK, period="month")
    assert [(row.period, row.a, row.b) for row in found] == [("2025-03", "A", "B")]


def test_an_unknown_period_is_told() -> None:
    with pytest.raises(InputError, match="fortnight"):
        agreements(TALK, period="fortnight")


def test_the_table_counts_neutral_statements_too() -> None:
    cells = {(cell.actor, cell.proposition): cell for cell in actor_concepts(TALK)}
    assert cells["B", "toll"].neutral == 1
    assert cells["B", "toll"].balance == 0
    assert cells["C", "dam"].balance == -1
    assert len(cells) == 6


def test_repeats_within_an_article_count_once() -> None:
    twice = [position("A", "dam", "agree", claim=name) for name in ("one", "two")]
    other = position("A", "dam", "agree", document="doc-2")
    assert distinct_positions([*twice, other]) == [twice[0], other]


@given(talks)
def test_networks_are_symmetric_without_loops(talk: list[Position]) -> None:
    counts = count_positions(talk)
    for normalise in NORMS:
        for network in (congruence(counts, normalise), conflict(counts, normalise)):
            assert np.allclose(network, network.T)
            assert not network.diagonal().any()
            assert (network >= 0).all()


@given(talks)
def test_order_and_renaming_of_sides_change_nothing(talk: list[Position]) -> None:
    assert actor_concepts(talk[::-1]) is not None
    swapped = {"agree": "disagree", "disagree": "agree", "neutral": "neutral"}
    turned = [position(p.actor, p.proposition, swapped[p.stance]) for p in talk]  # type: ignore[arg-type]
    one, other = count_positions(talk), count_positions(turned)
    assert np.allclose(congruence(one), congruence(other))
    assert np.allclose(conflict(one), conflict(count_positions(talk[::-1])))


@given(talks)
def test_jaccard_is_a_share(talk: list[Position]) -> None:
    weights = congruence(count_positions(talk), "jaccard")
    assert (weights <= 1).all()


@pytest.mark.parametrize("normalise", NORMS)
def test_nobody_gives_an_empty_network(normalise: Norm) -> None:
    assert congruence(count_positions([]), normalise).shape == (0, 0)
    assert agreements([], normalise=normalise) == []

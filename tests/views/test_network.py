from __future__ import annotations

import pytest

from detente.schema import Records
from detente.views.figures import Index
from detente.views.network import circle_order, draw_network, line_order
from tests.build import document
from tests.views import sample

CAMPS = [
    sample.tie("A", "C", 0.9, "+", ""),
    sample.tie("B", "D", 0.9, "+", ""),
    sample.tie("A", "B", -0.9, "-", ""),
    sample.tie("C", "D", -0.9, "-", ""),
]


def test_friends_stand_next_to_each_other() -> None:
    order = circle_order(["A", "B", "C", "D"], CAMPS)
    gaps = [(order.index(x) - order.index(y)) % 4 for x, y in (("A", "C"), ("B", "D"))]
    assert set(gaps) <= {1, 3}


def test_camps_stand_at_the_two_ends_of_a_line() -> None:
    order = line_order(["A", "B", "C", "D"], CAMPS)
    assert (set(order[:2]), set(order[2:])) == ({"A", "C"}, {"B", "D"})


def test_only_the_latest_period_of_a_dyad_is_drawn() -> None:
    old = sample.tie("CHN", "RUS", -0.9, "-", "drills", period="2024-01")
    new = sample.tie("CHN", "RUS", 0.7, "+", "drills", period="2025-02")
    drawing = draw_network(Index(sample.records()), [new, old])
    assert drawing is not None
    assert [edge.row.sign for edge in drawing.edges] == ["+"]


def test_actors_drawn_are_those_with_most_events() -> None:
    drawing = draw_network(Index(sample.records()), sample.TIES[:8], limit=3)
    assert drawing is not None
    assert {node.actor for node in drawing.nodes} == {"EU", "RUS", "USA"}


def test_no_tie_gives_no_drawing() -> None:
    assert draw_network(Index(sample.records()), []) is None


def test_signed_edges_lie_over_undetermined_ones() -> None:
    drawing = draw_network(Index(sample.records()), sample.TIES[:8])
    assert drawing is not None
    signs = [edge.row.sign == "undetermined" for edge in drawing.edges]
    assert signs == sorted(signs, reverse=True)


@pytest.mark.parametrize(
    ("s", "half", "sign", "width", "opacity"),
    [
        (1.0, 0.0, "+", 6.5, 1.0),
        (-0.5, 0.25, "-", 4.2, 0.88),
        (0.2, 0.1, "+", 2.9, 0.95),
        (0.2, 0.6, "undetermined", 2.0, 1.0),
    ],
)
def test_strength_is_width_and_certainty_is_opacity(
    s: float, half: float, sign: str, width: float, opacity: float
) -> None:
    tie = sample.tie("CHN", "RUS", s, sign, "drills", low=s - half, high=s + half)
    drawing = draw_network(Index(sample.records()), [tie])
    assert drawing is not None
    assert (drawing.edges[0].width, drawing.edges[0].opacity) == (width, opacity)


def test_tie_without_evidence_rests_on_the_documents() -> None:
    index = Index(Records(documents=[document("No event.", id="doc-a")]))
    drawing = draw_network(index, [sample.tie("CHN", "USA", None, "undetermined", "")])
    assert drawing is not None
    assert drawing.figure.records == ("doc-a",)
    assert drawing.edges[0].row.ref is None

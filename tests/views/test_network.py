from __future__ import annotations

import msgspec

from detente.schema import Records
from detente.views.figures import Index
from detente.views.network import build_standing, circle_order, draw_network
from tests.build import document
from tests.views import sample


def test_friends_stand_next_to_each_other() -> None:
    ties = [
        sample.tie("A", "C", 0.9, "+", ""),
        sample.tie("B", "D", 0.9, "+", ""),
        sample.tie("A", "B", -0.9, "-", ""),
        sample.tie("C", "D", -0.9, "-", ""),
    ]
    order = circle_order(["A", "B", "C", "D"], ties)
    gaps = [(order.index(x) - order.index(y)) % 4 for x, y in (("A", "C"), ("B", "D"))]
    assert set(gaps) <= {1, 3}


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
    drawing = build_standing(Index(sample.records()), sample.TIES, []).drawing
    assert drawing is not None
    signs = [edge.row.sign == "undetermined" for edge in drawing.edges]
    assert signs == sorted(signs, reverse=True)


def test_ties_by_issue_stand_apart() -> None:
    standing = build_standing(Index(sample.records()), sample.TIES, [])
    assert [row.context for row in standing.by_issue] == ["economic"]
    assert standing.period == "up to 27 February 2025"


def test_tie_without_evidence_rests_on_the_documents() -> None:
    index = Index(Records(documents=[document("No event.", id="doc-a")]))
    standing = build_standing(index, [sample.tie("CHN", "USA", None, "undetermined", "")], [])
    assert standing.drawing is not None
    assert standing.drawing.figure.records == ("doc-a",)
    assert standing.rows[0].ref is None


def test_triangle_tells_pattern_part_and_probability() -> None:
    pattern = msgspec.structs.replace(
        sample.triangle(),
        pattern="romantic triangle",
        pivot="RUS",
        probabilities={"romantic triangle": 0.815},
    )
    (view,) = build_standing(Index(sample.records()), (), [pattern]).triangles
    assert (view.pattern, view.part, view.probability) == (
        "romantic triangle",
        "pivot: Russia",
        "0.81",
    )
    assert view.title == "The triangle of United States, Russia and China"
    assert [row.sign_words for row in view.rows] == ["positive", "undetermined", "positive"]

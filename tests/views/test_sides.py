from __future__ import annotations

import pytest

from detente.relations.codebook import Proposition
from detente.relations.discourse import Discourse
from detente.relations.positions import take_position
from detente.schema import Figure, Records
from detente.views.brief import build_brief, render_brief
from detente.views.congruence_graph import to_congruence_graph
from detente.views.figures import Index, trace
from detente.views.sides import build_discourse
from tests.relations.voices import LINES, article, claims_of
from tests.views.page import parse, text

DOC = article(*LINES)
RECORDS = Records(documents=[DOC], claims=claims_of(DOC, *LINES))
DAM = Proposition(id="dam", name="The dam <must> be built", proposed=True)
POSITIONS = tuple(
    take_position(claim, DAM, 0.5, DAM.name, published={}) for claim in RECORDS.claims[:3]
)
TALK = Discourse((DAM,), POSITIONS)


def test_sides_and_lines_lead_to_their_statements() -> None:
    view = build_discourse(Index(RECORDS), TALK)
    assert view is not None
    assert view.drawing is not None
    (proposition,) = view.propositions
    assert [(side.title, len(side.rows)) for side in proposition.sides] == [
        ("agree", 1),
        ("disagree", 1),
        ("take no side", 1),
    ]
    (edge,) = view.drawing.edges
    assert edge.row.sign_words == "negative"
    assert edge.row.words == "Ann and Bob: 0 equal sides, 1 opposite"
    assert edge.row.anchors == "claim-0 claim-1"


def test_every_figure_can_be_traced() -> None:
    view = build_discourse(Index(RECORDS), TALK)
    assert view is not None
    for figure in view.figures:
        assert isinstance(figure, Figure)
        assert trace(figure, RECORDS)


@pytest.mark.parametrize("positions", [(), POSITIONS[:1]])
def test_without_two_sides_there_is_no_network(positions: tuple[object, ...]) -> None:
    view = build_discourse(Index(RECORDS), Discourse((DAM,), positions))  # type: ignore[arg-type]
    assert view is None if not positions else view is not None and view.drawing is None


def test_the_brief_shows_proposals_as_proposals() -> None:
    brief = build_brief(RECORDS, title="t", version="0", discourse=TALK)
    page = parse(render_brief(brief))
    said = text(page.find("voices"))
    assert "The propositions are proposed" in said
    assert "The dam <must> be built" in said
    assert "Who agrees with whom" in said
    assert {"propositions", "agreement"} <= {figure.id for figure in brief.figures}


def test_without_discourse_the_brief_shows_none() -> None:
    page = parse(render_brief(build_brief(RECORDS, title="t", version="0")))
    assert "By proposition" not in text(page.find("voices"))


def test_the_graph_has_those_who_take_sides() -> None:
    graph = to_congruence_graph(RECORDS, TALK)
    assert dict(graph.nodes(data="label")) == {"XXX.ann": "Ann", "XXX.bob": "Bob"}
    assert graph.edges["XXX.ann", "XXX.bob"]["conflict"] == 1
    assert graph.edges["XXX.ann", "XXX.bob"]["claims"] == "claim-0 claim-1"

"""Who takes which side on which proposition, and who agrees with whom as a small network.

Equal sides are solid and blue, opposite ones dashed and orange, as in the network of ties; two who
do both as often are grey and dotted. Each line opens the statements that it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from detente.relations.codebook import Proposition
from detente.relations.congruence import Agreement
from detente.relations.discourse import Discourse
from detente.relations.positions import Position
from detente.relations.tone import Stance
from detente.schema import Figure, Record, Sign, Tie
from detente.views.figures import Index, Ref, anchor
from detente.views.network import Node, circle_order, on_circle
from detente.views.wording import count, plain, quote, shorten, signed

SPEAKERS = 10
"""Speakers drawn at most, those who share most sides first."""

WORDS = 220
"""Letters of a statement shown beside a proposition."""

STANCES: dict[Stance, str] = {
    "agree": "agree",
    "disagree": "disagree",
    "neutral": "take no side",
}
SIGNS: dict[Sign, str] = {"+": "positive", "-": "negative", "undetermined": "undetermined"}
"""The classes under which the page's styles know a line."""


class SideRow(Record, frozen=True, kw_only=True):
    """One statement about a proposition."""

    speaker: str
    words: str
    score: str
    ref: Ref


class Side(Record, frozen=True, kw_only=True):
    """Those who take one side."""

    title: str
    rows: tuple[SideRow, ...]

    @property
    def anchors(self) -> str:
        """Return the anchors of the statements, separated by blanks."""
        return " ".join(row.ref.anchor for row in self.rows)


class PropositionView(Record, frozen=True, kw_only=True):
    """A proposition with its sides."""

    name: str
    sides: tuple[Side, ...]


class AgreementRow(Record, frozen=True, kw_only=True):
    """Two speakers who share a proposition, in words."""

    a: str
    b: str
    sign_words: str
    congruence: int
    conflict: int
    score: str
    anchors: str

    @property
    def words(self) -> str:
        """Return the pair as a line: `A and B: 2 equal sides, 1 opposite`."""
        same = count(self.congruence, "equal side")
        return plain(f"{self.a} and {self.b}: {same}, {self.conflict} opposite")


class AgreementEdge(Record, frozen=True, kw_only=True):
    """A pair's line in the drawing."""

    row: AgreementRow
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    opacity: float = 1.0


class AgreementDrawing(Record, frozen=True, kw_only=True):
    """Who agrees with whom on a circle; drawn by the macro `drawing`."""

    figure: Figure
    summary: str
    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[AgreementEdge, ...]


class DiscourseView(Record, frozen=True, kw_only=True):
    """Propositions, the sides taken on them, and who agrees with whom."""

    figure: Figure
    proposed: bool
    propositions: tuple[PropositionView, ...]
    drawing: AgreementDrawing | None
    agreements: tuple[AgreementRow, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures of this part."""
        return (self.figure, self.drawing.figure) if self.drawing else (self.figure,)

    @property
    def anchors(self) -> str:
        """Return the anchors of all statements, separated by blanks."""
        return " ".join(map(anchor, self.figure.records))


def build_discourse(index: Index, discourse: Discourse) -> DiscourseView | None:
    """Return the propositions with their sides; None where nobody speaks of any."""
    held: dict[str, list[Position]] = {}
    for one in discourse.positions:
        held.setdefault(one.proposition, []).append(one)
    if not held:
        return None
    claims = tuple(dict.fromkeys(one.claim for one in discourse.positions))
    names = {one.actor: index.name(one.actor, one.name) for one in discourse.positions if one.actor}
    found = sorted(discourse.agreements(), key=lambda r: (-r.congruence - r.conflict, r.a, r.b))
    return DiscourseView(
        figure=Figure(
            id="propositions",
            title="By proposition",
            value=count(len(claims), "statement"),
            records=claims,
        ),
        proposed=discourse.is_proposed,
        propositions=tuple(
            _proposition(index, one, held[one.id])
            for one in discourse.propositions
            if one.id in held
        ),
        drawing=_draw(index, found, names),
        agreements=tuple(_row(row, names) for row in found),
    )


def _proposition(index: Index, one: Proposition, held: Sequence[Position]) -> PropositionView:
    sides = (
        Side(
            title=title,
            rows=tuple(_side_row(index, p) for p in held if p.stance == stance),
        )
        for stance, title in STANCES.items()
    )
    return PropositionView(name=one.name, sides=tuple(side for side in sides if side.rows))


def _side_row(index: Index, one: Position) -> SideRow:
    return SideRow(
        speaker=index.name(one.actor, one.name) if one.actor else one.name,
        words=quote(one.spans, WORDS),
        score="" if one.score is None else f"{one.score:.2f}",
        ref=index.ref(one.claim),
    )


def _sign(row: Agreement) -> Sign:
    if row.congruence == row.conflict:
        return "undetermined"
    return "+" if row.congruence > row.conflict else "-"


def _row(row: Agreement, names: Mapping[str, str]) -> AgreementRow:
    return AgreementRow(
        a=names[row.a],
        b=names[row.b],
        sign_words=SIGNS[_sign(row)],
        congruence=row.congruence,
        conflict=row.conflict,
        score=signed(row.score, 2),
        anchors=" ".join(map(anchor, row.claims)),
    )


def _draw(
    index: Index, found: Sequence[Agreement], names: Mapping[str, str]
) -> AgreementDrawing | None:
    shared: dict[str, int] = {}
    for row in found:
        for actor in (row.a, row.b):
            shared[actor] = shared.get(actor, 0) + row.congruence + row.conflict
    chosen = sorted(shared, key=lambda actor: (-shared[actor], actor))[:SPEAKERS]
    drawn = [row for row in found if row.a in chosen and row.b in chosen]
    if not drawn:
        return None
    # As ties, only so that those who agree stand close together on the circle.
    near = [
        Tie(a=row.a, b=row.b, period="all", s=max(-1.0, min(1.0, row.score)), sign=_sign(row))
        for row in drawn
    ]
    nodes = [
        msgspec.structs.replace(node, name=plain(names[node.actor]))
        for node in on_circle(index, circle_order(chosen, near), (300.0, 190.0), 150.0)
    ]
    at = {node.actor: node for node in nodes}
    edges = [
        AgreementEdge(
            row=_row(row, names),
            x1=at[row.a].x,
            y1=at[row.a].y,
            x2=at[row.b].x,
            y2=at[row.b].y,
            width=min(6.5, 1.5 + abs(row.congruence - row.conflict)),
        )
        for row in drawn
    ]
    claims = tuple(dict.fromkeys(claim for row in drawn for claim in row.claims))
    return AgreementDrawing(
        figure=Figure(
            id="agreement", title="Who agrees with whom", chart="agreement", records=claims
        ),
        summary=plain(shorten("; ".join(edge.row.words for edge in edges), 2000) + "."),
        width=600,
        height=380,
        nodes=tuple(nodes),
        edges=tuple(sorted(edges, key=lambda e: e.row.sign_words != "undetermined")),
    )

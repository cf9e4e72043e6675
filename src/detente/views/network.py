"""How the main actors stand to each other: the signed network and the triangle, drawn and in words.

A tie without enough evidence is *undetermined*, dotted and grey, never a thin line of some sign.
Positive ties are solid and blue, negative ones dashed and orange, so that neither needs colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from detente.relations.triangle import TrianglePattern
from detente.schema import Figure, Record, Sign, Tie
from detente.views.figures import Index, Ref, anchor
from detente.views.wording import count, join_names, period_words, plain, signed

ACTORS = 12
"""Actors drawn at most, those with most events first; a circle of more cannot be read."""

SIGNS: dict[Sign, str] = {"+": "positive", "-": "negative", "undetermined": "undetermined"}

PATTERNS: dict[str, str] = {
    "ménage à trois": "all three are on good terms with each other",
    "romantic triangle": "the pivot is on good terms with both others, who are at odds",
    "stable marriage": "two are on good terms, both at odds with the third",
    "unit veto": "all three are at odds with each other",
    "undetermined": "at least one side has too little evidence for a sign",
}
"""Patterns of a strategic triangle (Dittmer 1981) in plain words."""


class TieRow(Record, frozen=True, kw_only=True):
    """One tie in words; `anchors` are its events, none where there is no evidence."""

    a: str
    b: str
    period: str
    context: str
    sign: Sign
    score: str
    s: str
    interval: str
    n: int
    anchors: str
    records: tuple[str, ...]
    ref: Ref | None

    @property
    def sign_words(self) -> str:
        """Return the sign as a word."""
        return SIGNS[self.sign]


class Node(Record, frozen=True, kw_only=True):
    """An actor's place in a drawing."""

    actor: str
    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    align: str


class Edge(Record, frozen=True, kw_only=True):
    """A tie's line in a drawing."""

    row: TieRow
    x1: float
    y1: float
    x2: float
    y2: float
    width: float


class Drawing(Record, frozen=True, kw_only=True):
    """Nodes and edges with the figure that they are; drawn by `network.svg`."""

    figure: Figure
    summary: str
    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


class TriangleView(Record, frozen=True, kw_only=True):
    """A strategic triangle: its pattern in words, its drawing and its sides."""

    title: str
    period: str
    pattern: str
    probability: str | None
    part: str | None
    meaning: str
    drawing: Drawing
    rows: tuple[TieRow, ...]

    @property
    def anchors(self) -> str:
        """Return the anchors of the events on all sides."""
        return " ".join(row.anchors for row in self.rows if row.anchors)


class Standing(Record, frozen=True, kw_only=True):
    """How the main actors stand: drawing, ties over all contexts, ties by issue, triangles."""

    drawing: Drawing | None
    rows: tuple[TieRow, ...]
    by_issue: tuple[TieRow, ...]
    triangles: tuple[TriangleView, ...]

    @property
    def period(self) -> str | None:
        """Return the period of all ties, where they have but one."""
        periods = {row.period for row in (*self.rows, *self.by_issue)}
        return periods.pop() if len(periods) == 1 else None


def build_standing(
    index: Index, ties: Sequence[Tie], triangles: Sequence[TrianglePattern]
) -> Standing:
    """Return the ties of the main actors as drawings and rows, those with most events first."""
    ordered = sorted(ties, key=lambda tie: (-tie.n, tie.a, tie.b, tie.period, tie.context))
    overall = [tie for tie in ordered if tie.context == "all"]
    return Standing(
        drawing=draw_network(index, overall),
        rows=tuple(tie_row(index, tie) for tie in overall),
        by_issue=tuple(tie_row(index, tie) for tie in ordered if tie.context != "all"),
        triangles=tuple(
            draw_triangle(index, triangle, number)
            for number, triangle in enumerate(triangles, start=1)
        ),
    )


def tie_row(index: Index, tie: Tie) -> TieRow:
    """Return a tie in words."""
    has_interval = tie.low is not None and tie.high is not None
    return TieRow(
        a=index.name(tie.a),
        b=index.name(tie.b),
        period=period_words(tie.period),
        context=tie.context.replace("_", " "),
        sign=tie.sign,
        score=signed(tie.score),
        s=signed(tie.s, 2),
        interval=f"{signed(tie.low, 2)} to {signed(tie.high, 2)}" if has_interval else "–",
        n=tie.n,
        anchors=" ".join(map(anchor, tie.events)),
        records=tie.events,
        ref=index.ref(tie.events[0]) if tie.events else None,
    )


def draw_network(index: Index, ties: Sequence[Tie], limit: int = ACTORS) -> Drawing | None:
    """Return the ties among the actors with most events on a circle; none without any tie.

    Of several periods of one dyad the latest is drawn.
    """
    latest: dict[tuple[str, str], Tie] = {}
    for tie in sorted(ties, key=lambda tie: tie.period):
        latest[tie.a, tie.b] = tie
    weight: dict[str, int] = {}
    for tie in latest.values():
        for actor in (tie.a, tie.b):
            weight[actor] = weight.get(actor, 0) + tie.n
    chosen = sorted(weight, key=lambda actor: (-weight[actor], actor))[:limit]
    drawn = [tie for tie in latest.values() if tie.a in chosen and tie.b in chosen]
    if not drawn:
        return None
    actors = circle_order(chosen, drawn)
    nodes = _on_circle(index, actors, (300.0, 190.0), 150.0)
    title = f"Ties of the {len(actors)} main actors"
    return _drawing(index, "network", title, drawn, nodes, (600, 380))


def draw_triangle(index: Index, triangle: TrianglePattern, number: int) -> TriangleView:
    """Return a strategic triangle as a drawing and in words."""
    names = [index.name(actor) for actor in triangle.actors]
    title = f"The triangle of {join_names(names)}"
    nodes = _on_circle(index, triangle.actors, (210.0, 140.0), 100.0)
    probability = triangle.probabilities.get(triangle.pattern)
    parts = (("pivot", triangle.pivot), ("outsider", triangle.outsider))
    held = (f"{part}: {index.name(actor)}" for part, actor in parts if actor)
    return TriangleView(
        title=title,
        period=period_words(triangle.period),
        pattern=triangle.pattern,
        probability=None if probability is None else f"{probability:.2f}",
        part=next(held, None),
        meaning=PATTERNS.get(triangle.pattern, ""),
        drawing=_drawing(index, f"triangle-{number}", title, triangle.ties, nodes, (420, 225)),
        rows=tuple(tie_row(index, tie) for tie in triangle.ties),
    )


def circle_order(actors: Sequence[str], ties: Sequence[Tie]) -> list[str]:
    """Return actors in an order for a circle in which friends stand close together.

    Spectral: by angle in the plane of the two leading eigenvectors of the signed adjacency, fixed
    in sign and rotation by the first actor, so that equal input gives an equal drawing.
    """
    places = {actor: i for i, actor in enumerate(actors)}
    matrix = np.zeros((len(actors), len(actors)))
    for tie in ties:
        value = tie.s if tie.s is not None and tie.sign != "undetermined" else 0.1
        matrix[places[tie.a], places[tie.b]] = matrix[places[tie.b], places[tie.a]] = value
    vectors = np.round(np.linalg.eigh(matrix)[1][:, ::-1], 6)
    angles = [math.atan2(v[1], v[0]) if len(v) > 1 else 0.0 for v in vectors]
    return sorted(actors, key=lambda a: ((angles[places[a]] - angles[0]) % math.tau, places[a]))


def _on_circle(
    index: Index, actors: Sequence[str], centre: tuple[float, float], radius: float
) -> list[Node]:
    """Return nodes on a circle from the top, clockwise, with labels outside of it."""
    nodes = []
    for i, actor in enumerate(actors):
        angle = math.tau * i / len(actors) - math.pi / 2
        dx, dy = math.cos(angle), math.sin(angle)
        nodes.append(
            Node(
                actor=actor,
                name=plain(index.name(actor)),
                x=round(centre[0] + radius * dx, 1),
                y=round(centre[1] + radius * dy, 1),
                label_x=round(centre[0] + (radius + 16) * dx, 1),
                label_y=round(centre[1] + (radius + 18) * dy + 5, 1),
                align="middle" if abs(dx) < 0.3 else "start" if dx > 0 else "end",
            )
        )
    return nodes


def _drawing(
    index: Index,
    name: str,
    title: str,
    ties: Sequence[Tie],
    nodes: list[Node],
    size: tuple[int, int],
) -> Drawing:
    """Return ties drawn between nodes; a drawing without any event rests on all documents."""
    at = {node.actor: node for node in nodes}
    edges = [
        Edge(
            row=tie_row(index, tie),
            x1=at[tie.a].x,
            y1=at[tie.a].y,
            x2=at[tie.b].x,
            y2=at[tie.b].y,
            width=round(min(6.0, 1.5 + math.log2(1 + tie.n)), 1),
        )
        for tie in ties
    ]
    events = tuple(dict.fromkeys(event for tie in ties for event in tie.events))
    figure = Figure(id=name, title=title, chart=name, records=events or tuple(index.documents))
    return Drawing(
        figure=figure,
        summary=describe(edges),
        width=size[0],
        height=size[1],
        nodes=tuple(nodes),
        edges=tuple(sorted(edges, key=lambda edge: edge.row.sign != "undetermined")),
    )


def describe(edges: Sequence[Edge]) -> str:
    """Return a drawing's ties in words, the alternative to seeing it."""
    said = (
        f"{e.row.a} and {e.row.b}: {e.row.sign_words}, {count(e.row.n, 'event')}" for e in edges
    )
    return plain("; ".join(said) + ".")


def standing_figures(standing: Standing) -> tuple[Figure, ...]:
    """Return the figures of this section."""
    drawings = [standing.drawing, *(view.drawing for view in standing.triangles)]
    return tuple(drawing.figure for drawing in drawings if drawing)

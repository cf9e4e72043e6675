"""The signed network: actors on a circle, their ties as lines.

A tie without enough evidence is *undetermined*, dotted and grey, never a thin line of some sign.
Positive ties are solid and blue, negative ones dashed and orange, so that neither needs colour.
Strong ties are thick; ties with a wide interval are faint.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.schema import Figure, Record, Tie
from detente.views.figures import Index
from detente.views.ties import (
    TieRow,
    among,
    certainty,
    latest_ties,
    main_actors,
    rests_on,
    strength,
    tie_row,
)
from detente.views.wording import count, plain

FAINTEST = 0.5
"""Opacity of the least certain tie; a fainter line is lost on paper."""


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
    opacity: float


class Drawing(Record, frozen=True, kw_only=True):
    """Nodes and edges with the figure that they are; drawn by the macro `drawing`."""

    figure: Figure
    summary: str
    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def draw_network(index: Index, ties: Sequence[Tie], limit: int | None = None) -> Drawing | None:
    """Return the ties among the main actors on a circle; none without any tie.

    Of several periods of one dyad the latest is drawn.
    """
    latest = latest_ties(ties)
    chosen = main_actors(latest, limit) if limit else main_actors(latest)
    drawn = among(latest, chosen)
    if not drawn:
        return None
    actors = circle_order(chosen, drawn)
    nodes = on_circle(index, actors, (300.0, 190.0), 150.0)
    title = f"Ties of the {len(actors)} main actors"
    return make_drawing(index, "network", title, drawn, nodes, (600, 380))


def circle_order(actors: Sequence[str], ties: Sequence[Tie]) -> list[str]:
    """Return actors in an order for a circle in which friends stand close together.

    Spectral: by angle in the plane of the two leading eigenvectors of the signed adjacency, fixed
    in sign and rotation by the first actor, so that equal input gives an equal drawing.
    """
    vectors = _leading_vectors(actors, ties)
    angles = [math.atan2(v[1], v[0]) if len(v) > 1 else 0.0 for v in vectors]
    places = sorted(range(len(actors)), key=lambda i: ((angles[i] - angles[0]) % math.tau, i))
    return [actors[place] for place in places]


def line_order(actors: Sequence[str], ties: Sequence[Tie]) -> list[str]:
    """Return actors in an order for a line with friends close together and foes at its two ends.

    Spectral: by the leading eigenvector of the signed adjacency, the first actor's end first.
    """
    leading = _leading_vectors(actors, ties)[:, 0]
    side = -1.0 if leading[0] > 0 else 1.0
    places = sorted(range(len(actors)), key=lambda i: (side * leading[i], i))
    return [actors[place] for place in places]


def _leading_vectors(actors: Sequence[str], ties: Sequence[Tie]) -> NDArray[np.float64]:
    """Return the eigenvectors of the signed adjacency as columns, the leading one first."""
    places = {actor: i for i, actor in enumerate(actors)}
    matrix = np.zeros((len(actors), len(actors)))
    for tie in ties:
        value = tie.s if tie.s is not None and tie.sign != "undetermined" else 0.1
        matrix[places[tie.a], places[tie.b]] = matrix[places[tie.b], places[tie.a]] = value
    vectors: NDArray[np.float64] = np.round(np.linalg.eigh(matrix)[1][:, ::-1], 6)
    return vectors


def on_circle(
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


def make_drawing(
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
            width=_width(tie),
            opacity=_opacity(tie),
        )
        for tie in ties
    ]
    return Drawing(
        figure=Figure(id=name, title=title, chart=name, records=rests_on(index, ties)),
        summary=describe(edges),
        width=size[0],
        height=size[1],
        nodes=tuple(nodes),
        edges=tuple(sorted(edges, key=lambda edge: edge.row.sign != "undetermined")),
    )


def _width(tie: Tie) -> float:
    """Return a line's width by the tie's strength; without a sign, strength says nothing."""
    return 2.0 if tie.sign == "undetermined" else round(2 + 4.5 * strength(tie), 1)


def _opacity(tie: Tie) -> float:
    """Return a line's opacity by the tie's certainty; an undetermined tie is grey as it is."""
    if tie.sign == "undetermined":
        return 1.0
    return round(FAINTEST + (1 - FAINTEST) * certainty(tie), 2)


def describe(edges: Sequence[Edge]) -> str:
    """Return a drawing's ties in words, the alternative to seeing it."""
    said = (
        f"{e.row.a} and {e.row.b}: {e.row.sign_words}, {count(e.row.n, 'event')}" for e in edges
    )
    return plain("; ".join(said) + ".")

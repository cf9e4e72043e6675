"""A strategic triangle at one time: its pattern in words, its drawing and its sides."""

from __future__ import annotations

from detente.relations.triangle import TrianglePattern
from detente.schema import Record
from detente.views.figures import Index
from detente.views.network import Drawing, make_drawing, on_circle
from detente.views.ties import TieRow, tie_row
from detente.views.wording import join_names, period_words

PATTERNS: dict[str, str] = {
    "ménage à trois": "all three are on good terms with each other",
    "romantic triangle": "the pivot is on good terms with both others, who are at odds",
    "stable marriage": "two are on good terms, both at odds with the third",
    "unit veto": "all three are at odds with each other",
    "undetermined": "at least one side has too little evidence for a sign",
}
"""Patterns of a strategic triangle (Dittmer 1981) in plain words."""


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


def draw_triangle(index: Index, triangle: TrianglePattern, number: int) -> TriangleView:
    """Return a strategic triangle as a drawing and in words."""
    title = triangle_title(index, triangle)
    nodes = on_circle(index, triangle.actors, (210.0, 140.0), 100.0)
    return TriangleView(
        title=title,
        period=period_words(triangle.period),
        pattern=triangle.pattern,
        probability=pattern_probability(triangle),
        part=part_words(index, triangle),
        meaning=PATTERNS.get(triangle.pattern, ""),
        drawing=make_drawing(index, f"triangle-{number}", title, triangle.ties, nodes, (420, 225)),
        rows=tuple(tie_row(index, tie) for tie in triangle.ties),
    )


def triangle_title(index: Index, triangle: TrianglePattern) -> str:
    """Return the heading of a triangle: its three names."""
    return f"The triangle of {join_names([index.name(actor) for actor in triangle.actors])}"


def part_words(index: Index, triangle: TrianglePattern) -> str | None:
    """Return who is the pivot or the outsider: `pivot: Russia`; None where nobody is."""
    parts = (("pivot", triangle.pivot), ("outsider", triangle.outsider))
    return next((f"{part}: {index.name(actor)}" for part, actor in parts if actor), None)


def pattern_probability(triangle: TrianglePattern) -> str | None:
    """Return the probability of the pattern, with two digits; None where it is undetermined."""
    probability = triangle.probabilities.get(triangle.pattern)
    return None if probability is None else f"{probability:.2f}"

"""How the main actors stand to each other: the section's ties, pictures and perceptions."""

from __future__ import annotations

from collections.abc import Sequence

from detente.relations.blocs import Blocs
from detente.relations.perceived import PerceivedTie
from detente.relations.triangle import TrianglePattern
from detente.schema import Figure, Record, Tie
from detente.views.blocs import BlocsView, draw_blocs
from detente.views.figures import Index
from detente.views.matrix import Matrix, draw_matrix
from detente.views.network import Drawing, draw_network
from detente.views.perceptions import Perceptions, build_perceptions
from detente.views.ties import TieRow, tie_row
from detente.views.triangle_history import TriangleHistory, draw_history
from detente.views.triangles import TriangleView, draw_triangle


class Standing(Record, frozen=True, kw_only=True):
    """How the main actors stand: pictures, ties over all contexts and by issue, perceptions."""

    drawing: Drawing | None
    matrix: Matrix | None
    rows: tuple[TieRow, ...]
    by_issue: tuple[TieRow, ...]
    triangles: tuple[TriangleView, ...]
    history: TriangleHistory | None
    blocs: BlocsView | None
    perceptions: Perceptions | None

    @property
    def period(self) -> str | None:
        """Return the period of all ties, where they have but one."""
        periods = {row.period for row in (*self.rows, *self.by_issue)}
        return periods.pop() if len(periods) == 1 else None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures of this section."""
        drawn = (
            self.drawing,
            *(view.drawing for view in self.triangles),
            self.matrix,
            self.history,
            self.blocs,
            self.perceptions,
        )
        return tuple(view.figure for view in drawn if view)


def build_standing(
    index: Index,
    ties: Sequence[Tie],
    triangles: Sequence[TrianglePattern] = (),
    *,
    history: Sequence[TrianglePattern] = (),
    blocs: Blocs | None = None,
    perceived: Sequence[PerceivedTie] = (),
) -> Standing:
    """Return how the main actors stand, those with most events first; see `build_brief`."""
    ordered = sorted(ties, key=lambda tie: (-tie.n, tie.a, tie.b, tie.period, tie.context))
    overall = [tie for tie in ordered if tie.context == "all"]
    return Standing(
        drawing=draw_network(index, overall),
        matrix=draw_matrix(index, overall),
        rows=tuple(tie_row(index, tie) for tie in overall),
        by_issue=tuple(tie_row(index, tie) for tie in _by_dyad(ordered)),
        triangles=tuple(
            draw_triangle(index, triangle, number)
            for number, triangle in enumerate(triangles, start=1)
        ),
        history=draw_history(index, history),
        blocs=draw_blocs(index, blocs) if blocs else None,
        perceptions=build_perceptions(index, perceived),
    )


def _by_dyad(ties: Sequence[Tie]) -> list[Tie]:
    """Return the ties of single contexts, the dyads with most events first, each in one place."""
    found = [tie for tie in ties if tie.context != "all"]
    total: dict[tuple[str, str], int] = {}
    for tie in found:
        total[tie.a, tie.b] = total.get((tie.a, tie.b), 0) + tie.n
    return sorted(found, key=lambda tie: (-total[tie.a, tie.b], tie.a, tie.b))

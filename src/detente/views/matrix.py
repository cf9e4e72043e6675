"""The heat map of dyads: half a matrix, each pair of main actors once, names on the diagonal.

Blue and orange stand for the sign, depth of colour for strength; a printed sign in each cell says
the same without colour. A pair without evidence is blank, an undetermined one hatched.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.schema import Figure, Record, Sign, Tie
from detente.views.figures import Index
from detente.views.network import line_order
from detente.views.ties import (
    SIGNS,
    TieRow,
    among,
    latest_ties,
    main_actors,
    rests_on,
    strength,
    tie_row,
)
from detente.views.wording import count, plain, shorten

CELL = (42, 36)
LETTER = 10
"""Width of a letter of a name, in units of the drawing, with room for the larger ones of phones."""

NAME = 22
"""Letters shown of a name."""

GLYPHS: dict[Sign, str] = {"+": "+", "-": "−", "undetermined": "·"}


class Name(Record, frozen=True, kw_only=True):
    """An actor's name at the end of its row and the head of its column."""

    name: str
    x: int
    y: int


class Cell(Record, frozen=True, kw_only=True):
    """A dyad's cell; `row` is null where there is no evidence."""

    x: int
    y: int
    row: TieRow | None
    glyph: str
    depth: float


class Matrix(Record, frozen=True, kw_only=True):
    """Cells and names with the figure that they are; drawn by `matrix.html`."""

    figure: Figure
    summary: str
    width: int
    height: int
    names: tuple[Name, ...]
    cells: tuple[Cell, ...]


def draw_matrix(index: Index, ties: Sequence[Tie]) -> Matrix | None:
    """Return the ties among the main actors as cells; None for fewer than three actors.

    Of several periods of one dyad the latest is shown.
    """
    latest = latest_ties(ties)
    chosen = main_actors(latest)
    shown = among(latest, chosen)
    if len(chosen) < 3:
        return None
    known = {frozenset((tie.a, tie.b)): tie for tie in shown if tie.n}
    order = line_order(chosen, shown)
    names = [shorten(plain(index.name(actor)), NAME) for actor in order]
    width, height = CELL
    title = f"Every pair of the {len(order)} main actors"
    return Matrix(
        figure=Figure(id="matrix", title=title, chart="matrix", records=rests_on(index, shown)),
        summary=_describe(shown, len(order)),
        width=max(width * i + 8 + LETTER * len(name) for i, name in enumerate(names)),
        height=height * len(order) + 2,
        names=tuple(
            Name(name=name, x=width * i + 8, y=height * i + 23) for i, name in enumerate(names)
        ),
        cells=tuple(
            _cell(index, known.get(frozenset((a, b))), width * j, height * i)
            for i, a in enumerate(order)
            for j, b in enumerate(order[:i])
        ),
    )


def _cell(index: Index, tie: Tie | None, x: int, y: int) -> Cell:
    if tie is None:
        return Cell(x=x, y=y, row=None, glyph="", depth=0.0)
    return Cell(
        x=x,
        y=y,
        row=tie_row(index, tie),
        glyph=GLYPHS[tie.sign],
        # Deeper colour would take the contrast from the sign that is printed on it.
        depth=round(0.12 + 0.38 * strength(tie), 2),
    )


def _describe(ties: Sequence[Tie], n_actors: int) -> str:
    """Return how many pairs are of each sign."""
    known = [tie for tie in ties if tie.n]
    n_pairs = n_actors * (n_actors - 1) // 2
    found = ((words, sum(tie.sign == sign for tie in known)) for sign, words in SIGNS.items())
    said = ", ".join(f"{n} {words}" for words, n in found if n)
    return (
        f"{count(n_pairs, 'pair')} of actors: {said or 'none known'}; "
        f"{n_pairs - len(known)} without evidence."
    )

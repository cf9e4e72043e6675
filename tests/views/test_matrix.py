from __future__ import annotations

from detente.views.figures import Index
from detente.views.matrix import Cell, draw_matrix
from tests.views import sample

ALL = [tie for tie in sample.TIES if tie.context == "all"]


def cells() -> dict[frozenset[str], Cell]:
    """Return the cells that have evidence, by the names of their dyad."""
    matrix = draw_matrix(Index(sample.records()), ALL)
    assert matrix is not None
    return {frozenset((c.row.a, c.row.b)): c for c in matrix.cells if c.row}


def test_every_pair_of_actors_has_one_cell() -> None:
    matrix = draw_matrix(Index(sample.records()), ALL)
    assert matrix is not None
    assert len(matrix.names) == 5
    assert len({(cell.x, cell.y) for cell in matrix.cells}) == len(matrix.cells) == 10


def test_cells_print_their_sign() -> None:
    found = cells()
    assert found[frozenset(("Russia", "United States"))].glyph == "+"
    assert found[frozenset(("China", "European Union"))].glyph == "−"
    assert found[frozenset(("European Union", "United States"))].glyph == "·"


def test_a_pair_without_evidence_is_blank() -> None:
    assert frozenset(("China", "United States")) not in cells()
    matrix = draw_matrix(Index(sample.records()), ALL)
    assert matrix is not None
    assert matrix.summary == (
        "10 pairs of actors: 2 positive, 3 negative, 2 undetermined; 3 without evidence."
    )


def test_stronger_ties_are_deeper() -> None:
    found = cells()
    strong, weak = ("China", "Russia"), ("European Union", "Russia")
    assert found[frozenset(strong)].depth > found[frozenset(weak)].depth


def test_names_stay_inside_the_drawing() -> None:
    matrix = draw_matrix(Index(sample.records()), ALL)
    assert matrix is not None
    assert all(name.x + 8 * len(name.name) <= matrix.width for name in matrix.names)
    assert all(name.y < matrix.height for name in matrix.names)


def test_two_actors_make_no_matrix() -> None:
    assert draw_matrix(Index(sample.records()), ALL[:1]) is None
    assert draw_matrix(Index(sample.records()), []) is None

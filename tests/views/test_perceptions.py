from __future__ import annotations

from detente.views.figures import Index
from detente.views.perceptions import build_perceptions
from tests.views import sample


def test_rows_stand_by_holder_those_with_most_statements_first() -> None:
    found = build_perceptions(Index(sample.records()), sample.PERCEIVED)
    assert found is not None
    assert [(row.holder, row.a, row.b, row.tone) for row in found.rows] == [
        ("Russia", "Russia", "United States", "easing"),
        ("Russia", "China", "Russia", "undetermined"),
        ("United States", "Ukraine", "United States", "tension"),
    ]
    assert found.rows[0].interval == "+0.10 to +0.90"


def test_figure_and_rows_rest_on_claims() -> None:
    found = build_perceptions(Index(sample.records()), sample.PERCEIVED)
    assert found is not None
    assert found.figure.records == ("claim-useful", "claim-troops", "claim-pull", "claim-deal")
    assert found.rows[0].anchors == "claim-useful claim-troops"
    assert found.figure.value == "4 statements"


def test_nothing_said_gives_nothing() -> None:
    assert build_perceptions(Index(sample.records()), []) is None

from __future__ import annotations

import msgspec

from detente.views.figures import Index, trace
from detente.views.standing import build_standing
from tests.views import sample


def test_ties_by_issue_stand_apart() -> None:
    standing = build_standing(Index(sample.records()), sample.TIES)
    assert [row.context for row in standing.by_issue] == ["economic"]
    assert standing.period == "up to 27 February 2025"


def test_issues_of_one_dyad_stand_together() -> None:
    ties = [
        sample.tie("CHN", "EU", -0.7, "-", "listing", context="economic"),
        sample.tie("RUS", "USA", 0.5, "+", "talks-wire teams", context="diplomatic"),
        sample.tie("CHN", "EU", -0.7, "-", "listing condemned", context="legislative"),
    ]
    rows = build_standing(Index(sample.records()), ties).by_issue
    assert [(row.a, row.context) for row in rows] == [
        ("China", "legislative"),
        ("China", "economic"),
        ("Russia", "diplomatic"),
    ]


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


def test_what_is_not_given_has_no_figure() -> None:
    assert build_standing(Index(sample.records()), ()).figures == ()


def test_every_picture_reaches_words_of_the_documents() -> None:
    records = sample.records()
    standing = build_standing(
        Index(records),
        sample.TIES,
        [sample.triangle()],
        history=sample.history(),
        blocs=sample.blocs(),
        perceived=sample.PERCEIVED,
    )
    figures = {figure.id: figure for figure in standing.figures}
    assert set(figures) == {
        *("network", "triangle-1", "matrix", "triangle-history", "blocs", "perceived")
    }
    for figure in figures.values():
        assert {found.record for found in trace(figure, records)} == set(figure.records)

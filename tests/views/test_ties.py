from __future__ import annotations

import pytest

from detente.schema import Tie
from detente.views.figures import Index
from detente.views.ties import certainty, latest_ties, main_actors, rests_on, strength, tie_row
from tests.views import sample


@pytest.mark.parametrize(
    ("low", "high", "sure"), [(None, None, 0.0), (-1.0, 1.0, 0.0), (0.2, 0.6, 0.8), (0.5, 0.5, 1.0)]
)
def test_narrow_intervals_are_certain(low: float | None, high: float | None, sure: float) -> None:
    assert certainty(Tie(a="A", b="B", period="all", low=low, high=high)) == pytest.approx(sure)


def test_strength_knows_no_sign() -> None:
    assert [strength(Tie(a="A", b="B", period="all", s=s)) for s in (-0.5, 0.5, None)] == [
        0.5,
        0.5,
        0.0,
    ]


def test_the_whole_time_is_later_than_any_period() -> None:
    ties = [Tie(a="A", b="B", period=period) for period in ("all", "../2025-03-01", "2025-03")]
    assert [tie.period for tie in latest_ties(ties)] == ["all"]


def test_main_actors_are_those_with_most_events() -> None:
    ties = [Tie(a="A", b="B", period="all", n=3), Tie(a="A", b="C", period="all", n=1)]
    assert main_actors(ties, 2) == ["A", "B"]


def test_a_tie_in_words_says_what_is_known() -> None:
    index = Index(sample.records())
    assert tie_row(index, sample.TIES[0]).words == (
        "Russia and United States: positive, s +0.55 (+0.25 to +0.85), 2 events"
    )
    assert tie_row(index, sample.TIES[7]).words == (
        "China and United States: undetermined, 0 events"
    )


def test_a_view_of_ties_without_events_rests_on_all_documents() -> None:
    index = Index(sample.records())
    assert rests_on(index, sample.TIES[:1] * 2) == ("event-talks-wire", "event-teams")
    assert rests_on(index, sample.TIES[7:8]) == tuple(doc.id for doc in sample.DOCUMENTS)

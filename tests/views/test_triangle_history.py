from __future__ import annotations

import pytest

from detente.relations.triangle import TrianglePattern, classify_periods
from detente.schema import Sign, Tie
from detente.views.figures import Index
from detente.views.triangle_history import PERIODS, TriangleHistory, draw_history
from tests.views import sample

TRIO = ("USA", "RUS", "CHN")
SIDES = (("RUS", "USA"), ("CHN", "USA"), ("CHN", "RUS"))


def patterns(**signs: str) -> list[TrianglePattern]:
    """Return the patterns of periods given as `p2025_01="+-+"`; `?` undetermined, ` ` no event."""
    values: dict[str, tuple[float, Sign]] = {
        "+": (0.6, "+"),
        "-": (-0.6, "-"),
        "?": (0.1, "undetermined"),
    }
    ties = []
    for period, marks in signs.items():
        label = period.removeprefix("p").replace("_", "-")
        for (a, b), mark in zip(SIDES, marks, strict=True):
            if mark != " ":
                s, sign = values[mark]
                ties.append(sample.tie(a, b, s, sign, "drills", period=label))
    return classify_periods(ties, TRIO)


def draw(history: list[TrianglePattern]) -> TriangleHistory:
    drawn = draw_history(Index(sample.records()), history)
    assert drawn is not None
    return drawn


def test_no_history_gives_no_drawing() -> None:
    assert draw_history(Index(sample.records()), []) is None


def test_a_period_without_evidence_of_a_side_has_no_mark() -> None:
    drawn = draw(patterns(p2025_01="+ +", p2025_02="+-+"))
    assert [panel.name for panel in drawn.panels] == [
        "Russia – United States",
        "China – United States",
        "China – Russia",
    ]
    assert [len(panel.marks) for panel in drawn.panels] == [2, 1, 2]


def test_an_unknown_side_is_named_like_its_ties() -> None:
    drawn = draw(patterns(p2025_01="+ +"))
    assert drawn.panels[1].name == "China – United States"
    assert drawn.panels[1].marks == ()


def test_marks_stand_at_s_with_their_interval() -> None:
    panel = draw(patterns(p2025_01="-++")).panels[0]
    (mark,) = panel.marks
    assert mark.y is not None
    assert panel.zero < mark.high < mark.y < mark.low
    assert mark.row.sign == "-"


def test_events_without_a_reference_leave_the_place_open() -> None:
    bare = Tie(a="RUS", b="USA", period="2025-01", score=1.0, n=1, events=("event-drills",))
    panel = draw(classify_periods([bare], TRIO)).panels[0]
    (mark,) = panel.marks
    assert mark.y is None
    assert (panel.zero - mark.high, mark.low - panel.zero) == (28, 28)


def test_periods_between_keep_their_room() -> None:
    drawn = draw(patterns(p2025_01="+++", p2025_04="+++"))
    assert [tick.label for tick in drawn.ticks] == ["Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025"]
    assert len(drawn.stretches) == 2
    assert len(drawn.rows) == 2


@pytest.mark.parametrize(
    ("first", "last", "n"),
    [
        ("2024-W52", "2025-W02", 3),
        ("2024-Q4", "2025-Q2", 3),
        ("2023", "2025", 3),
        ("2025-02-27", "2025-03-01", 3),
        ("../2025-01-01", "../2025-03-01", 2),
    ],
)
def test_periods_of_every_width_run_evenly(first: str, last: str, n: int) -> None:
    ties = [
        sample.tie(a, b, 0.6, "+", "drills", period=period)
        for period in (first, last)
        for a, b in SIDES
    ]
    drawn = draw(classify_periods(ties, TRIO))
    assert round((drawn.width - 30) / drawn.step) == n


def test_neighbouring_periods_of_one_pattern_are_one_stretch() -> None:
    drawn = draw(patterns(p2025_01="+-+", p2025_02="+-+", p2025_03="--+", p2025_04="?++"))
    assert [(s.words, s.label) for s in drawn.stretches] == [
        ("romantic triangle, pivot: Russia, January 2025 to February 2025", "pivot: Russia"),
        ("stable marriage, outsider: United States, March 2025", "United States"),
        ("undetermined, April 2025", ""),
    ]
    assert [(lane.letter, lane.pattern) for lane in drawn.lanes] == [
        ("R", "romantic triangle"),
        ("S", "stable marriage"),
        ("?", "undetermined"),
    ]


def test_turning_points_are_marked_where_the_new_pattern_begins() -> None:
    drawn = draw(patterns(p2025_01="+-+", p2025_02="+-+", p2025_03="--+", p2025_04="--+"))
    (turn,) = drawn.turns
    assert turn.period == "March 2025"
    assert turn.x == drawn.stretches[1].x
    assert drawn.summary == (
        "4 periods with evidence, January 2025 to April 2025. romantic triangle, pivot: Russia: 2; "
        "stable marriage, outsider: United States: 2. Turning points: March 2025: stable marriage, "
        "outsider: United States."
    )


def test_of_long_histories_the_latest_periods_are_drawn() -> None:
    years = {f"p{year}": "+++" for year in range(1900, 2000)}
    drawn = draw(patterns(**years))
    assert drawn.n_left_out == 100 - PERIODS
    assert drawn.rows[-1].period == "1999"


def test_figure_rests_on_the_events_of_all_sides() -> None:
    assert draw(patterns(p2025_01="+++")).figure.records == ("event-drills",)

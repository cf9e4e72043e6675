from __future__ import annotations

import pytest

from detente.relations.blocs import Blocs, find_blocs
from detente.schema import Tie
from detente.views.blocs import BlocsView, draw_blocs
from detente.views.figures import Index
from tests.views import sample

FRUSTRATED = sample.tie("CHN", "EU", 0.6, "+", "listing", period="all")


def blocs(**fields: object) -> Blocs:
    """Return two blocs, proved and alone; `fields` override."""
    values: dict[str, object] = {
        "period": "all",
        "k": 2,
        "blocs": (("CHN", "RUS"), ("EU", "UKR")),
        "components": (0, 0),
        "labels": (0, 1),
        "unplaced": (),
        "value": 0.0,
        "lower_bound": 0.0,
        "proved": True,
        "frustrated": (),
        "n_optimal": 1,
        "complete": True,
        "membership": {"CHN": 1.0, "RUS": 0.666, "EU": 0.5, "UKR": 1.0},
        "shares": "exact draws",
        "ties": (FRUSTRATED,),
    }
    return Blocs(**{**values, **fields})  # type: ignore[arg-type]


def draw(found: Blocs) -> BlocsView:
    return draw_blocs(Index(sample.records()), found)


def test_blocs_stand_side_by_side_with_their_members() -> None:
    left, right = draw(blocs()).boxes
    assert ([m.name for m in left.members], [m.name for m in right.members]) == (
        ["China", "Russia"],
        ["European Union", "Ukraine"],
    )
    assert left.y == right.y
    assert left.x + left.width < right.x


def test_firmness_is_a_percentage_and_a_bar() -> None:
    view = draw(blocs())
    shares = [(member.share, member.bar) for member in view.boxes[0].members]
    assert shares == [(100, 104.0), (67, 69.3)]
    assert view.shares.endswith("50 % is what chance gives")


def test_a_frustrated_tie_between_blocs_runs_across_the_gap() -> None:
    (tie,) = draw(blocs(frustrated=(("CHN", "EU"),), value=1.0, lower_bound=1.0)).broken
    assert tie.path == "M170 46L266 46"
    assert tie.row.anchors == "event-listing"


@pytest.mark.parametrize(("side", "bulge"), [(0, "Q213"), (1, "Q223")])
def test_a_frustrated_tie_within_a_bloc_is_an_arc_into_the_gap(side: int, bulge: str) -> None:
    pair = blocs().blocs[side]
    tie = sample.tie(*pair, -0.6, "-", "drills", period="all")
    (found,) = draw(blocs(frustrated=(pair,), ties=(tie,))).broken
    assert bulge in found.path


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "No tie runs against this partition; proved: none of two blocs breaks less."),
        (
            {"frustrated": (("CHN", "EU"),)},
            "1 tie runs against this partition; proved: none of two blocs breaks less.",
        ),
        ({"k": None}, "none of any number of blocs breaks less."),
        ({"proved": False, "lower_bound": 2.0}, "not proved: at least 2 must break"),
        ({"n_optimal": 4}, "3 other partitions are as good; the one shown is a choice."),
        ({"n_optimal": 2, "complete": False}, "At least 1 other partition is as good"),
        ({"complete": False}, "Whether other partitions are as good is not known."),
        (
            {"membership": {"CHN": 0.04, "RUS": 1.0, "EU": 0.5, "UKR": 0.49}},
            "elsewhere more often than where they are shown: China and Ukraine.",
        ),
        ({"unplaced": ("SAU", "POL")}, "in no bloc: Saudi Arabia and Poland."),
    ],
)
def test_notes_say_what_is_known(fields: dict[str, object], words: str) -> None:
    assert words in " ".join(draw(blocs(**fields)).notes)


def test_a_lone_proved_partition_has_no_rivals() -> None:
    assert len(draw(blocs()).notes) == 1


def test_actors_that_nothing_joins_stand_below_a_divider() -> None:
    view = draw(blocs(blocs=(("CHN",), ("EU",), ("RUS", "UKR")), components=(0, 0, 1)))
    (y,) = view.dividers
    above, beside, below = view.boxes
    assert above.y == beside.y < y < below.y
    assert below.y + below.height < view.height


def test_without_a_signed_tie_blocs_cannot_be_told() -> None:
    unknown = [Tie(a="CHN", b="EU", period="all")]
    view = draw(find_blocs(unknown, period="all", draws=1))
    assert view.boxes == ()
    assert view.notes == ("No tie has a sign, so blocs cannot be told.",)
    assert view.figure.records == tuple(doc.id for doc in sample.DOCUMENTS)


def test_blocs_of_ties_are_drawn_and_rest_on_their_events() -> None:
    view = draw(sample.blocs())
    assert "event-talks-wire" in view.figure.records
    assert view.period == "up to 27 February 2025"
    assert {m.name for box in view.boxes for m in box.members} >= {"China", "Russia"}
    assert view.summary.startswith("Bloc 1: ")

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.reference import load_reference
from detente.relations.ties import (
    LARGE_CORPUS,
    contexts_of,
    measure_directed,
    measure_ties,
    party_of,
    reference_for,
    ties_of,
    untied,
)
from detente.schema import Event, Records, Report, Tie
from tests.relations.events import REFERENCE, event, ref


def ties(*events: Event, **options: object) -> list[Tie]:
    return measure_ties(list(events), **({"reference": REFERENCE} | options))  # type: ignore[arg-type]


def dyads(found: list[Tie]) -> list[str]:
    return [f"{tie.a}-{tie.b}" for tie in found]


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        ("RUS", "USA", ["RUS-USA"]),
        ("USA", "RUS", ["RUS-USA"]),
        ("USA RUS", "", ["RUS-USA"]),
        ("USA RUS UKR", "", ["RUS-UKR", "RUS-USA", "UKR-USA"]),
        ("USA EU", "RUS CHN", ["CHN-EU", "CHN-USA", "EU-RUS", "RUS-USA"]),
        ("USA", "", []),
        ("USA", "USA", []),
        ("RUS.lavrov-sergei RUS.putin-vladimir", "USA.rubio-marco", ["RUS-USA"]),
        ("person.wu-xinbo", "USA", []),
    ],
)
def test_pairs_of_parties(sources: str, targets: str, expected: list[str]) -> None:
    assert dyads(ties(event(1, sources, targets))) == expected


def test_an_event_is_shared_among_its_pairs() -> None:
    alone = ties(event(1, "USA", "RUS", score=-9.0))[0]
    shared = ties(event(1, "USA", "RUS CHN IRN PRK", score=-9.0))[0]
    assert shared.score == alone.score == -9.0
    assert abs(shared.s) < abs(alone.s)


def test_a_third_host_is_no_party() -> None:
    talks = event(1, "USA RUS", host=ref("SAU"))
    assert dyads(ties(talks)) == ["RUS-USA"]


@pytest.mark.parametrize(
    ("status", "n"),
    [
        ("past", 1),
        ("ongoing", 1),
        ("scheduled", 0),
        ("hypothetical", 0),
        ("denied", 0),
        ("historical", 0),
    ],
)
def test_only_past_and_ongoing_events_count(status: str, n: int) -> None:
    assert len(ties(event(1, "USA", "RUS", status=status))) == n


def test_a_retelling_is_no_second_event() -> None:
    told = [event(1, "USA", "RUS"), event(2, "USA", "RUS")]
    span = told[0].span
    reports = [
        Report(event="event-1", document="doc-1", telling="event-1", span=span),
        Report(event="event-1", document="doc-2", telling="event-2", span=span),
    ]
    assert [found.events for found in ties(*told, reports=reports)] == [("event-1",)]
    records = Records(events=told, reports=reports)
    assert [found.n for found in ties_of(records)] == [1]


@pytest.mark.parametrize(
    ("fields", "party"),
    [
        ({"actor": "RUS"}, "RUS"),
        ({"actor": "person.wu-xinbo", "country": "CHN"}, "CHN"),
        ({"actor": "CHN.cicir"}, "CHN"),
        ({"actor": "NATO"}, "NATO"),
        ({"actor": "EU.kallas-kaja"}, "EU"),
        ({"actor": "person.wu-xinbo"}, None),
        ({"actor": "UKR.rebels", "country": "UKR", "sector": "REB"}, None),
    ],
)
def test_party_of(fields: dict[str, str], party: str | None) -> None:
    assert party_of(ref(**fields)) == party


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("day", ["2025-01-10", "2025-02-18"]),
        ("week", ["2025-W02", "2025-W08"]),
        ("month", ["2025-01", "2025-02"]),
        ("quarter", ["2025-Q1"]),
        ("year", ["2025"]),
        ("all", ["all"]),
        ("2025-01-31", ["../2025-01-31"]),
    ],
)
def test_periods(period: str, labels: list[str]) -> None:
    found = ties(event(1, "USA", "RUS", date="2025-01-10"), event(2, "USA", "RUS"), period=period)
    assert [tie.period for tie in found] == labels


def test_a_date_wider_than_the_period_is_in_none() -> None:
    vague = event(1, "USA", "RUS", date="2025", date_precision="year")
    assert ties(vague, period="month") == []
    assert len(ties(vague, period="year")) == 1


def test_an_undated_event_enters_all_alone() -> None:
    undated = event(1, "USA", "RUS", date=None)
    assert ties(undated, period="month") == ties(undated, period="2025-03-01") == []
    assert ties(undated)[0].n == 1


def test_an_undated_event_weighs_like_the_usual_one() -> None:
    dated = [event(1, "USA", "RUS", score=4.0, date="2024-02-18"), event(2, "CHN", "RUS")]
    found = ties(*dated, event(3, "USA", "RUS", score=-4.0, date=None))
    assert found[1].score == pytest.approx(0.0)


def test_events_lose_half_their_weight_in_a_half_life() -> None:
    pair = [
        event(1, "USA", "RUS", score=6.0, date="2025-01-01"),
        event(2, "USA", "RUS", score=-3.0, date="2025-01-31"),
    ]
    assert ties(*pair, half_life=30)[0].score == pytest.approx(0.0)
    assert ties(*pair, half_life=math.inf)[0].score == pytest.approx(1.5)


def test_as_of_leaves_out_what_comes_later() -> None:
    found = ties(
        event(1, "USA", "RUS", date="2025-01-10"), event(2, "USA", "RUS"), period="2025-02-01"
    )
    assert found[0].events == ("event-1",)


def test_context_selects_an_issue() -> None:
    trade = event(1, "USA", "CHN", contexts=("economic",))
    found = ties(trade, event(2, "USA", "RUS"), context="economic")
    assert [(tie.a, tie.context) for tie in found] == [("CHN", "economic")]


def test_without_a_reference_the_sign_is_undetermined() -> None:
    found = ties(*[event(n, "USA", "RUS", score=-9.0) for n in range(20)], reference=None)[0]
    assert (found.sign, found.s, found.low, found.high) == ("undetermined", None, None, None)
    assert found.score == -9.0


def test_very_old_events_say_nothing_and_break_nothing() -> None:
    old = [event(1, "USA", "RUS", date="1950-01-01", score=-9.0), event(2, "CHN", "RUS")]
    found = ties(*old, half_life=1.0)[1]
    assert found.sign == "undetermined"
    assert found.score == -9.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "moth"}, "did you mean 'month'"),
        ({"context": "economy"}, "did you mean 'economic'"),
        ({"half_life": 0}, "must be above 0"),
    ],
)
def test_bad_options_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ties(event(1, "USA", "RUS"), **options)


def test_directed_ties_keep_who_acts() -> None:
    events = [event(1, "USA", "RUS", score=-6.0), event(2, "RUS", "USA", score=2.0)]
    found = measure_directed(events, reference=REFERENCE)
    assert [(tie.a, tie.b, tie.score) for tie in found] == [
        ("RUS", "USA", 2.0),
        ("USA", "RUS", -6.0),
    ]


def test_directed_talks_count_both_ways() -> None:
    assert dyads(measure_directed([event(1, "USA RUS")], reference=None)) == ["RUS-USA", "USA-RUS"]


def test_untied_is_anywhere() -> None:
    nothing = untied("USA", "RUS", "2025")
    assert (nothing.a, nothing.s, nothing.low, nothing.high, nothing.n) == ("RUS", None, -1, 1, 0)


ACTORS = st.sampled_from(["USA", "RUS", "CHN", "EU"])
EVENTS = st.lists(
    st.tuples(ACTORS, ACTORS, st.floats(-10, 10), st.dates().map(str) | st.none()),
    max_size=12,
).map(
    lambda rows: [
        event(n, a, b, score=score, date=date) for n, (a, b, score, date) in enumerate(rows)
    ]
)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_ties_do_not_depend_on_order_or_direction(events: list[Event], random) -> None:
    found = ties(*events)
    turned = [event_turned(one) for one in events]
    random.shuffle(turned)
    assert ties(*turned) == found
    for one in found:
        assert one.a < one.b
        assert -1 <= one.low <= one.s <= one.high <= 1
        assert -10 <= one.score <= 10
        assert one.n == len(one.events) > 0


def event_turned(one: Event) -> Event:
    names = [r.actor for r in (*one.targets, *one.sources)]
    number = int(one.id.removeprefix("event-"))
    return event(number, names[0], names[1], score=one.score, date=one.date)


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_ties_follow_a_new_name_for_an_actor(events: list[Event]) -> None:
    renamed = [
        event(
            n,
            *("ZZZ" if r.actor == "CHN" else r.actor for r in (*one.sources, *one.targets)),
            score=one.score,
            date=one.date,
        )
        for n, one in enumerate(events)
    ]
    assert {numbers(tie) for tie in ties(*renamed)} == {numbers(tie) for tie in ties(*events)}


def numbers(one: Tie) -> tuple[object, ...]:
    return (one.score, one.s, one.low, one.high, one.sign, one.events)


class TestOfRecords:
    def test_a_small_corpus_is_held_against_the_shipped_reference(self) -> None:
        assert reference_for(Records(events=[event(1, "USA", "RUS")])) == load_reference()

    def test_a_large_corpus_is_its_own_reference(self) -> None:
        names = [f"X{number:02}" for number in range(46)]
        events = [
            event(n, a, b, score=float(n % 7 - 3 + turn), date="2025-02-18")
            for n, (a, b) in enumerate(combinations(names, 2))
            for turn in (0, 1)
        ]
        found = reference_for(Records(events=events))
        assert found.n_dyads == 1035 >= LARGE_CORPUS
        assert found.mean == pytest.approx(0.5, abs=0.1)
        assert found.name == "this corpus"

    def test_contexts_are_those_of_events_that_count(self) -> None:
        events = [
            event(1, "USA", "RUS", contexts=("economic",)),
            event(2, "USA", "RUS", contexts=("military",), status="hypothetical"),
        ]
        assert contexts_of(Records(events=events)) == ["economic"]

    def test_directed_ties_say_who_acts(self) -> None:
        found = ties_of(Records(events=[event(1, "USA", "RUS")]), directed=True)
        assert [(tie.a, tie.b) for tie in found] == [("USA", "RUS")]

from __future__ import annotations

import pytest

from detente.extract.events import innermost, nearest_date
from detente.schema import Event
from tests.build import document
from tests.extract.parses import index, parties, read


def events(*paragraphs: str | tuple[str, ...], date: str | None = "2025-02-26") -> list[Event]:
    return read(*paragraphs, date=date).events


def only(*paragraphs: str | tuple[str, ...], date: str | None = "2025-02-26") -> Event:
    (event,) = events(*paragraphs, date=date)
    return event


def test_a_record_holds_its_words() -> None:
    event = only("Wang Yi visited Moscow on Monday.")

    assert (event.root, event.mode, event.status) == ("CONSULT", "visit", "past")
    assert parties(event) == (["CHN.wang-yi"], ["RUS"])
    assert event.span.quote == "Wang Yi visited Moscow"
    assert event.trigger.quote == "visited"
    assert event.sources[0].span is not None
    assert event.sources[0].span.quote == "Wang Yi"
    assert event.score == 4.0
    assert 0 < event.confidence < 1
    assert event.within is None


def test_the_date_comes_with_its_words_and_precision() -> None:
    event = only("Wang Yi visited Moscow on Monday.")

    assert (event.date, event.date_precision) == ("2025-02-24", "day")
    assert event.date_text is not None
    assert event.date_text.quote == "Monday"


def test_without_a_date_nothing_is_invented() -> None:
    event = only("France invaded Libya.")

    assert (event.date, event.date_precision, event.date_text) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marco Rubio met Sergei Lavrov in Riyadh.", ("SAU", "Riyadh")),
        (
            "Talks between the United States and Russia in Riyadh ended on Tuesday.",
            ("SAU", "Riyadh"),
        ),
        ("The US-Russia talks opened in Riyadh on February 18.", ("SAU", "Riyadh")),
        (
            "The talks between American and Russian diplomats in Riyadh lasted four hours.",
            ("SAU", "Riyadh"),
        ),
        ("France, Germany and Poland met in Vienna.", ("AUT", "Vienna")),
        ("Rubio met Lavrov in Saudi Arabia.", ("SAU", "Saudi Arabia")),
        ("Marco Rubio met Sergei Lavrov in Moscow.", (None, "Moscow")),
        ("Xi Jinping met Keir Starmer.", (None, None)),
    ],
)
def test_host_and_place(text: str, expected: tuple[str | None, str | None]) -> None:
    event = only(text)

    assert (event.host.actor if event.host else None, event.place) == expected
    assert "SAU" not in {*parties(event)[0], *parties(event)[1]}


def test_a_place_outside_a_meeting_is_no_host() -> None:
    event = next(e for e in events("Wang Yi criticized Japan in Riyadh."))

    assert (event.host, event.place) == (None, "Riyadh")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Nixon visited China in 1972.", "historical"),
        ("Beijing and Moscow signed a treaty in 1950.", "historical"),
        ("Wang Yi visited Moscow on Monday.", "past"),
        ("China did not invade Vietnam.", "denied"),
        ("Hungary refused to condemn Russia.", "denied"),
        ("Russia could attack Poland.", "hypothetical"),
        ("Poland will send tanks to Ukraine.", "scheduled"),
        ("China is supplying drones to Russia.", "ongoing"),
    ],
)
def test_status(text: str, status: str) -> None:
    assert only(text).status == status


def test_an_announced_visit_on_a_later_day_is_scheduled_and_lies_in_its_claim() -> None:
    reading = read(
        "British Prime Minister Keir Starmer announced that he would travel to Washington on"
        " February 28."
    )
    (event,) = reading.events

    assert parties(event) == (["GBR.starmer-keir"], ["USA"])
    assert (event.status, event.mode, event.date) == ("scheduled", "visit", "2025-02-28")
    assert event.within == reading.claims[0].id


def test_a_group_has_its_own_sector() -> None:
    event = only("Chinese officials met Russian lawmakers.")

    assert [(s.actor, s.sector) for s in event.sources] == [("CHN", "GOV"), ("RUS", "LEG")]
    assert event.sources[0].span is not None
    assert event.sources[0].span.quote == "Chinese officials"


def test_contexts_are_read_from_the_words_around() -> None:
    assert "military" in only("Russian troops attacked Ukrainian soldiers near Kharkiv.").contexts


def test_a_scholar_acts_only_where_he_is_the_subject() -> None:
    found = events(
        "Lin Xue, a professor at Fudan University, criticizes Europe.",
        "Lin Xue published a book attacking Japan.",
    )

    assert [parties(e) for e in found] == [(["CHN.lin-xue"], ["EU"])]


def test_events_and_their_ids_are_those_of_the_text() -> None:
    first, again = only("France invaded Libya."), only("France invaded Libya.")

    assert first == again
    assert first.id != only("Libya was invaded by France.").id


def test_one_actor_makes_no_event() -> None:
    assert events("Russia slept.", "Iran backed down.") == []


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Wang Yi visited Moscow on Monday.", "visited", "2025-02-24"),
        ("Wang Yi said he would visit France on March 3.", "visit", "2025-03-03"),
        ("Since Monday, Iran has armed Hezbollah.", "armed", None),
        ("Poland, which joined NATO in 1999, condemned Russia on Monday.", "condemned",
         "2025-02-24"),
        ("Poland, which joined NATO in 1999, condemned Russia on Monday.", "joined", "1999"),
        ("France invaded Libya.", "invaded", None),
    ],
)  # fmt: skip
def test_nearest_date(text: str, trigger: str, expected: str | None) -> None:
    reading = read(text)
    sentence = reading.sentences[0]

    found = nearest_date(sentence, index(sentence, trigger), reading.dates[0])

    assert (found.date if found else None) == expected


def test_innermost_is_the_shortest_claim_that_holds_the_place() -> None:
    reading = read("Antony Blinken said that Wang Yi believed that Russia would lose.")
    outer, inner = reading.claims
    place = reading.doc.text.index("lose")

    assert innermost(reading.claims, place, place + 4) == inner.id
    assert innermost([outer], place, place + 4) == outer.id
    assert innermost([], place, place + 4) is None
    assert innermost(reading.claims, 0, len(document("x").text)) is None

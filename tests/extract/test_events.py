from __future__ import annotations

from functools import partial

import pytest

from detente.extract.events import code_events, is_plan
from detente.extract.triggers import Found
from detente.schema import Event
from tests.extract.parses import Reading, parties, read


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


def by_heads(
    text: str, *told: tuple[str, str, list[str], list[str]], date: str | None = "2025-02-26"
) -> tuple[Reading, list[Event]]:
    """Return what is coded where trained heads find (trigger, root, sources, targets) in a text."""
    reading = read(text, date=date)
    place_of = partial(_place, reading.doc.text)
    found = [
        Found(
            0,
            place_of(trigger),
            root,
            0.8765,
            tuple(place_of(words) for words in sources),
            tuple(place_of(words) for words in targets),
        )
        for trigger, root, sources, targets in told
    ]
    events = code_events(
        reading.doc, reading.sentences, reading.actors, reading.dates, reading.claims, found
    )
    return reading, events


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_heads_find_what_the_parties_are_resolved_to() -> None:
    _, (event,) = by_heads(
        "Lin Xue visited Moscow on Monday.", ("visited", "CONSULT", ["Lin Xue"], ["Moscow"])
    )

    assert (event.root, event.mode, event.status, event.date) == (
        "CONSULT",
        "visit",
        "past",
        "2025-02-24",
    )
    assert [s.name for s in event.sources] == ["Lin Xue"]
    assert parties(event)[1] == ["RUS"]
    assert (event.trigger.quote, event.span.quote) == ("visited", "Lin Xue visited Moscow")
    assert event.confidence == 0.876


def test_the_heads_choose_the_root_and_the_lists_lend_a_mode_to_their_own_only() -> None:
    _, (event,) = by_heads(
        "Lin Xue visited Moscow on Monday.", ("visited", "SUPPORT", ["Lin Xue"], ["Moscow"])
    )

    assert (event.root, event.mode) == ("SUPPORT", None)


def test_a_piece_of_a_word_names_the_event_by_the_whole_word() -> None:
    _, (event,) = by_heads(
        "Lin Xue visited Moscow on Monday.", ("isit", "CONSULT", ["Lin Xue"], ["Moscow"])
    )

    assert event.trigger.quote == "visited"


def test_all_parties_of_a_mutual_event_are_sources() -> None:
    _, (event,) = by_heads(
        "Marco Rubio met Sergei Lavrov in Riyadh.",
        ("met", "CONSULT", ["Marco Rubio", "Sergei Lavrov"], []),
    )

    assert parties(event) == (["USA.rubio-marco", "RUS.lavrov-sergei"], [])
    assert (event.host.actor if event.host else None, event.place) == ("SAU", "Riyadh")


def test_a_list_in_one_stretch_makes_several_parties() -> None:
    _, (event,) = by_heads(
        "Russia and China slept.", ("slept", "PROTEST", ["Russia and China"], [])
    )

    assert parties(event) == (["RUS", "CHN"], [])


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [(["Iran"], [], (["IRN"], [])), ([], ["Iran"], ([], ["IRN"]))],
)
def test_heads_may_find_one_party_only(
    sources: list[str], targets: list[str], expected: tuple[list[str], list[str]]
) -> None:
    _, (event,) = by_heads("Iran backed down.", ("backed", "CONCEDE", sources, targets))

    assert parties(event) == expected


def test_an_unlikely_act_of_unknown_people_alone_is_no_event() -> None:
    reading = read("Voters waited.")
    told = Found(0, _place(reading.doc.text, "waited"), "PROTEST", 0.45,
                 (_place(reading.doc.text, "Voters"),), ())  # fmt: skip

    found = code_events(
        reading.doc, reading.sentences, reading.actors, reading.dates, reading.claims, [told]
    )

    assert found == []


def test_a_group_without_a_country_is_kept_as_an_actor_of_its_own() -> None:
    reading, (event,) = by_heads("Voters waited.", ("waited", "PROTEST", ["Voters"], []))

    (source,) = event.sources
    assert source.actor in reading.actors.actors
    assert source.country is None
    assert source.span is not None
    assert source.span.quote == "Voters"


def test_nobody_does_anything_to_himself() -> None:
    _, (event,) = by_heads(
        "Russia and China slept.", ("slept", "ASSAULT", ["Russia"], ["Russia", "China"])
    )

    assert parties(event) == (["RUS"], ["CHN"])


def test_an_event_told_twice_in_a_sentence_is_one() -> None:
    _, found = by_heads(
        "Russia and China slept.",
        ("slept", "ASSAULT", ["Russia"], ["China"]),
        ("China", "ASSAULT", ["Russia"], ["China"]),
        ("slept", "ASSAULT", ["China"], ["Russia"]),
    )

    assert [parties(e) for e in found] == [(["RUS"], ["CHN"]), (["CHN"], ["RUS"])]
    assert len({e.id for e in found}) == 2


@pytest.mark.parametrize(
    ("text", "trigger", "root", "expected"),
    [
        # the codebook calls a plan to aid an agreement; the record keeps the aid, scheduled
        ("Voters will send tanks to Ukraine.", "send", "AGREE", ("AID", "scheduled")),
        ("Voters will send tanks to Ukraine.", "send", "AID", ("AID", "scheduled")),
        ("Voters gave Ukraine tanks.", "gave", "AGREE", ("AGREE", "past")),
        ("China did not invade Vietnam.", "invade", "ASSAULT", ("ASSAULT", "denied")),
    ],
)
def test_a_plan_keeps_what_is_planned(
    text: str, trigger: str, root: str, expected: tuple[str, str]
) -> None:
    first, last = text.split()[0], text.rstrip(".").split()[-1]

    _, (event,) = by_heads(text, (trigger, root, [first], [last]))

    assert (event.root, event.status) == expected


@pytest.mark.parametrize(
    ("named", "root", "expected"),
    [
        ("AID", "AGREE", True),
        ("CONSULT", "AGREE", True),
        ("RETREAT", "CONCEDE", True),
        ("CONCEDE", "CONCEDE", False),
        ("AGREE", "AGREE", False),
        ("ASSAULT", "AGREE", False),
    ],
)
def test_is_plan(named: str, root: str, expected: bool) -> None:
    assert is_plan(named, root) is expected


def test_what_heads_find_in_a_claim_lies_within_it() -> None:
    reading, (event,) = by_heads(
        "Lin Xue argues that Russia needs China.", ("needs", "ACCUSE", ["Russia"], ["China"])
    )

    assert event.within == reading.claims[0].id


@pytest.mark.parametrize(
    "told",
    [
        ("invaded", "COERCE", ["Libya"], []),  # the trigger of the rules
        ("Libya", "ASSAULT", ["Libya"], ["France"]),  # their act between their countries
    ],
)
def test_what_heads_tell_the_rules_do_not_tell_again(
    told: tuple[str, str, list[str], list[str]],
) -> None:
    _, (event,) = by_heads("France invaded Libya.", told)

    assert (event.root, event.trigger.quote, event.confidence) == (told[1], told[0], 0.876)


@pytest.mark.parametrize(("root", "source"), [("COERCE", "France"), ("ASSAULT", "Libya")])
def test_the_rules_add_another_act_or_other_parties_to_what_heads_tell(
    root: str, source: str
) -> None:
    _, (by_head, added) = by_heads("France invaded Libya.", ("Libya", root, [source], []))

    assert (by_head.root, by_head.sources[0].name, by_head.confidence) == (root, source, 0.876)
    assert [added] == events("France invaded Libya.")


def test_where_heads_are_silent_the_rules_code() -> None:
    assert by_heads("France invaded Libya.")[1] == events("France invaded Libya.") != []


def test_a_refusal_is_told_by_a_word_that_does_not_happen() -> None:
    _, (event,) = by_heads(
        "China has not supplied weapons to Russia.", ("supplied", "REJECT", ["China"], ["Russia"])
    )

    assert (event.root, event.status) == ("REJECT", "past")


@pytest.mark.parametrize(
    ("text", "trigger", "refused"),
    [
        ("Hungary refused to condemn Russia.", "refused", "condemn"),
        ("China did not invade Vietnam.", "invade", "invade"),
    ],
)
def test_a_refused_conflict_did_not_happen(text: str, trigger: str, refused: str) -> None:
    source, target = text.split()[0], text.split()[-1].strip(".")

    _, (event,) = by_heads(text, (trigger, "REJECT", [source], [target]))

    (expected,) = events(text)
    assert (event.root, event.status) == (expected.root, "denied")
    assert event.trigger.quote == refused


def test_a_meeting_that_heads_tell_twice_is_one() -> None:
    reading = read("France invaded Libya.")
    sides = (_place(reading.doc.text, "France"), _place(reading.doc.text, "Libya"))
    found = [
        Found(0, _place(reading.doc.text, word), "CONSULT", sure, sides, ())
        for word, sure in (("invaded", 0.9), ("Libya", 0.6))
    ]

    told = code_events(
        reading.doc, reading.sentences, reading.actors, reading.dates, reading.claims, found
    )

    assert [e.confidence for e in told if e.root == "CONSULT"] == [0.9]


@pytest.mark.parametrize(("verb", "count"), [("examines", 0), ("criticizes", 1)])
def test_a_scholar_acts_by_words_that_say_so(verb: str, count: int) -> None:
    _, found = by_heads(
        f"Lin Xue, a professor at Fudan University, {verb} Russia.",
        (verb, "ACCUSE", ["Lin Xue"], ["Russia"]),
    )

    assert len([e for e in found if e.root == "ACCUSE"]) == count


def test_a_list_of_states_is_taken_whole() -> None:
    _, (event,) = by_heads(
        "Norway fed people in Malawi, Mozambique and Zimbabwe.",
        ("fed", "AID", ["Norway"], ["Mozambique", "Zimbabwe"]),
    )

    assert parties(event) == (["NOR"], ["MWI", "MOZ", "ZWE"])


def test_heads_find_events_in_the_sentence_that_they_name() -> None:
    reading = read("Russia slept.", "Iran backed down.")
    found = [Found(1, _place(reading.doc.text, "backed"), "CONCEDE", 0.5,
                   (_place(reading.doc.text, "Iran"),), ())]  # fmt: skip

    (event,) = code_events(
        reading.doc, reading.sentences, reading.actors, reading.dates, reading.claims, found
    )

    assert parties(event) == (["IRN"], [])
    assert event.span.quote == "Iran backed"

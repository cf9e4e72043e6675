from __future__ import annotations

import pytest

from detente.schema import Actor, SpeakerRef
from tests.extract.parses import Reading, read


def mentions(
    *paragraphs: str | tuple[str, ...], date: str | None = "2025-02-26"
) -> list[tuple[str, str]]:
    reading = read(*paragraphs, date=date)
    return [(reading.doc.text[m.start : m.end], m.actor) for m in reading.actors.mentions]


def actor(reading: Reading, name: str) -> Actor:
    return next(a for a in reading.actors.actors.values() if a.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "British Prime Minister Keir Starmer announced that he would travel to Washington on"
            " February 28.",
            [
                ("British Prime Minister Keir Starmer", "GBR.starmer-keir"),
                ("he", "GBR.starmer-keir"),
                ("Washington", "USA"),
            ],
        ),
        (
            "US Secretary of State Marco Rubio met Russian Foreign Minister Sergei Lavrov.",
            [
                ("US Secretary of State Marco Rubio", "USA.rubio-marco"),
                ("Russian Foreign Minister Sergei Lavrov", "RUS.lavrov-sergei"),
            ],
        ),
        ("Mr. Rubio left.", [("Mr. Rubio", "USA.rubio-marco")]),
        ("China will host Putin.", [("China", "CHN"), ("Putin", "RUS.putin-vladimir")]),
        ("Marco Rubio left.", [("Marco Rubio", "USA.rubio-marco")]),
    ],
)
def test_titles_belong_to_the_name_and_a_country_inside_acts_for_nobody(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert mentions(text) == expected


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (("Lavrov praised Poland.",), "RUS.lavrov-sergei"),
        (("Zelensky praised Poland.",), "UKR.zelenskyy-volodymyr"),
        # the document's own bearer comes first, even where the headline comes before the name
        (("Lavrov praised Poland.", "Polish negotiator Anna Lavrov left."), "POL.lavrov-anna"),
        # a first name that is not the bearer's
        (("Marina Lavrov praised Poland.",), None),
        # too common without the full name
        (("Wang praised Poland.",), None),
        (("Wang praised Poland.", "Wang Yi visited Moscow on Monday."), "CHN.wang-yi"),
        (("Rubio praised Poland.",), "USA.rubio-marco"),
    ],
)  # fmt: skip
def test_surnames(paragraphs: tuple[str, ...], expected: str | None) -> None:
    found = dict(mentions(*paragraphs))

    name = next((n for n in ("Lavrov", "Zelensky", "Wang", "Rubio") if n in found), None)
    assert found.get(name or "") == expected


def test_a_person_whom_the_text_introduces_becomes_an_actor() -> None:
    reading = read("Lin Xue, a professor at Fudan University, argues that Russia needs China.")

    lin = actor(reading, "Lin Xue")
    assert (lin.id, lin.kind, lin.country, lin.sector) == ("CHN.lin-xue", "person", "CHN", "EDU")
    assert lin.affiliation == "Fudan University"
    assert lin.origin == "text"


def test_a_speaker_without_description_becomes_an_actor_of_no_country() -> None:
    reading = read("Jan Wilk said that Russia would lose.")

    assert actor(reading, "Jan Wilk").id == "person.wilk-jan"


def test_capitalised_words_that_neither_speak_nor_are_described_are_nobody() -> None:
    assert mentions("Jan Wilk left.") == []


def test_a_later_description_is_adopted_for_the_whole_document() -> None:
    reading = read(
        "Jan Wilk said that Russia would lose.",
        "Jan Wilk, a columnist with the Observer, left.",
    )

    assert {m.actor for m in reading.actors.mentions if m.actor != "RUS"} == {"person.wilk-jan"}
    assert actor(reading, "Jan Wilk").affiliation == "Observer"


def test_a_described_country_replaces_the_id_without_one() -> None:
    reading = read("Jan Wilk said that Russia would lose.", "Polish negotiator Jan Wilk left.")

    assert "person.wilk-jan" not in reading.actors.actors
    assert actor(reading, "Jan Wilk").id == "POL.wilk-jan"


def test_the_writer_of_a_later_clause_takes_its_institution() -> None:
    reading = read(
        "Jan Wilk said that Russia would lose.",
        "Wilk, writing for the Warsaw Institute, praised Poland.",
    )

    assert actor(reading, "Jan Wilk").affiliation == "Warsaw Institute"


def test_an_institution_called_a_thing_is_meant_by_the_thing() -> None:
    found = mentions(
        "The Brookings Institution, a consultancy, praised Poland.",
        "The consultancy criticized Japan.",
    )

    assert ("The consultancy", "USA.brookings") in found


@pytest.mark.parametrize(
    ("date", "office"),
    [
        ("2025-02-26", "President"),
        ("2021-06-01", None),
        ("2018-02-26", "President"),
    ],
)
def test_a_speaker_has_the_office_held_at_the_date(date: str, office: str | None) -> None:
    reading = read("Donald Trump thanked Poland.", date=date)
    found = reading.actors

    speaker = found.speaker(reading.doc, found.mentions[0])

    assert isinstance(speaker, SpeakerRef)
    assert (speaker.actor, speaker.office) == ("USA.trump-donald", office)


def test_ref_holds_the_words_of_the_mention() -> None:
    reading = read("Wang Yi visited Moscow on Monday.")

    ref = reading.actors.ref(reading.doc, reading.actors.mentions[1])

    assert (ref.actor, ref.country, ref.sector) == ("RUS", "RUS", "GOV")
    assert ref.span is not None
    assert ref.span.quote == "Moscow"


def test_mentions_stand_in_text_order_by_sentence() -> None:
    reading = read(("Kaja Kallas met Wang Yi.", "She praised him."), "France invaded Libya.")

    starts = [m.start for m in reading.actors.mentions]
    assert starts == sorted(starts)
    assert [len(ms) for ms in reading.actors.by_sentence] == [2, 2, 2]
    assert [m for ms in reading.actors.by_sentence for m in ms] == reading.actors.mentions


def test_a_woman_by_her_honorific_is_she() -> None:
    found = mentions("Ms. Anna Moreau said that Russia would lose.", "She criticized Poland.")

    assert ("She", "person.moreau-anna") in found

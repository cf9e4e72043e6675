"""Parties of stretches of sentences, with frozen parses (`party_parses.txt`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.actors import DocumentActors, find_actors
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Sentence
from detente.extract.parties import PartyRef, parties_of
from detente.schema import Document
from tests.build import document, sentence

Found = tuple[str, str | None, str | None]


def _parses() -> dict[str, str]:
    text = Path(__file__).with_name("party_parses.txt").read_text(encoding="utf-8")
    pairs = (block.partition("\n") for block in text.strip().split("\n\n"))
    return {head.removeprefix("# "): table for head, _, table in pairs}


PARSES = _parses()


@dataclass(slots=True)
class Reading:
    doc: Document
    sentences: list[Sentence]
    actors: DocumentActors

    def parties(self, stretch: str) -> list[PartyRef]:
        """Return the parties of a stretch of the last sentence."""
        start = self.doc.text.index(stretch, self.sentences[-1].start)
        return parties_of(self.doc, self.sentences[-1], self.actors, start, start + len(stretch))


def read(*texts: str) -> Reading:
    doc = document(" ".join(texts))
    sentences: list[Sentence] = []
    place = 0
    for i, text in enumerate(texts):
        sentences.append(sentence(text, PARSES[text], offset=place, index=i))
        place += len(text) + 1
    return Reading(doc, sentences, find_actors(doc, sentences, load_gazetteer()))


def found(text: str, stretch: str) -> list[Found]:
    return [(p.ref.actor, p.ref.country, p.ref.sector) for p in read(text).parties(stretch)]


@pytest.mark.parametrize(
    ("text", "stretch", "expected"),
    [
        # the phrase is a state's name inside another name
        ("The United States left the Iran nuclear deal.", "Iran", ("IRN", "IRN", "GOV")),
        # the phrase names the owner
        ("Dutch police arrested two Kyrgyz journalists in Rotterdam.", "Dutch police",
         ("NLD", "NLD", "COP")),
        ("Dutch police arrested two Kyrgyz journalists in Rotterdam.", "two Kyrgyz journalists",
         ("KGZ", "KGZ", "MED")),
        ("A court in Bishkek jailed the president of Chad.", "A court in Bishkek",
         ("KGZ", "KGZ", "JUD")),
        ("Lahore police questioned villagers from Srinagar.", "Lahore police",
         ("PAK", "PAK", "COP")),
        ("Lahore police questioned villagers from Srinagar.", "villagers from Srinagar",
         ("IND", "IND", "CVL")),
        ("Viktor Orban thanked his German counterpart.", "his German counterpart",
         ("DEU", "DEU", "GOV")),
        ("Kenya withdrew its troops from Haiti.", "its troops", ("KEN", "KEN", "MIL")),
        ("Kenya withdrew its troops from Haiti.", "troops", ("KEN", "KEN", "MIL")),
        ("Norway praised the NATO troops.", "the NATO troops", ("NATO", None, "IGO")),
        ("Hamas officials threatened Iran's parliament.", "Hamas officials",
         ("PSE.hamas", "PSE", "REB")),
        ("Turkish-backed Syrian rebels shelled the town.", "Turkish-backed Syrian rebels",
         ("SYR.fsa", "SYR", "REB")),
        ("Raiders from Chad burned a Daesh bomb factory.", "a Daesh bomb factory",
         ("ISIS", None, "REB")),
        ("Egypt praised the government and people of Oman.", "the government",
         ("OMN", "OMN", "GOV")),
        ("Turkey shelled Syrian Kurdish villagers.", "Syrian Kurdish villagers",
         ("SYR", "SYR", "CVL")),
        ("Israel struck the Syrian army and its allied forces.", "its allied forces",
         ("ISR", "ISR", "MIL")),
        ("Furious Theresa May scolded Canada.", "Theresa May", ("GBR.may-theresa", "GBR", "GOV")),
        ("The Lagos Stock Exchange sued Ghana.", "The Lagos Stock Exchange",
         ("NGA", "NGA", "BUS")),
        ("The Supreme Court in India freed Omar.", "The Supreme Court in India",
         ("IND", "IND", "JUD")),
        ("Islamic State members left Syria.", "Islamic State members", ("ISIS", None, "REB")),
        ("A Saudi-led strike hit a Yemeni bus.", "Saudi-led", ("SAU", "SAU", "GOV")),
        ("Senator Leila de Lima praised Kenya.", "Senator Leila de Lima",
         ("person.de-lima-leila", "KEN", "LEG")),
        ("The chairman of the African Union Commission Moussa Faki Mahamat praised Egypt.",
         "The chairman of the African Union Commission Moussa Faki Mahamat", ("AU", None, "IGO")),
        ("Turkey jailed an Australian-born Islamic State militant.",
         "Australian-born Islamic State militant", ("ISIS", None, "REB")),
        # a month is nobody
        ("The president declared a siege on May 3.", "The president",
         ("unnamed.president", None, "GOV")),
        # names that recur in many states, or are too ambiguous to stand alone
        ("Peru's Congress impeached the finance minister.", "Peru's Congress",
         ("PER", "PER", "LEG")),
        ("Georgian riot police beat opposition leader Nino Beridze.", "Georgian riot police",
         ("GEO", "GEO", "COP")),
        ("Chad's junta expelled foreign pastors.", "Chad's junta", ("TCD", "TCD", "GOV")),
        ("The North fired a rocket, Seoul said.", "The North", ("PRK", "PRK", "GOV")),
        # a country that shares its noun
        ("Mozambican and South African troops landed at Beira.", "Mozambican",
         ("MOZ", "MOZ", "MIL")),
        ("The navies of Chile and Peru held a drill.", "Peru", ("PER", "PER", "MIL")),
        # the noun beside a weak one, and the noun that counts
        ("Intelligence officers bugged members of the opposition in Minsk.",
         "Intelligence officers", ("BLR", "BLR", "SPY")),
        ("Intelligence officers bugged members of the opposition in Minsk.",
         "members of the opposition", ("BLR", "BLR", "OPP")),
        ("Hundreds of teachers marched through Lima.", "Hundreds of teachers",
         ("PER", "PER", "EDU")),
        # the surroundings
        ("Police fired at protesters in Cairo.", "Police", ("EGY", "EGY", "COP")),
        ("Police fired at protesters in Cairo.", "protesters", ("EGY", "EGY", "OPP")),
        ("The Tariq Brigade burned a mosque in the Syrian town of Homs.", "a mosque",
         ("SYR", "SYR", "REL")),
        ("Turkey bombed Kurdish villagers.", "Kurdish villagers", ("KURDS", "TUR", "CVL")),
        ("Taiwan, whose foreign minister resigned, recalled its envoy.", "foreign minister",
         ("TWN", "TWN", "GOV")),
        ("Taiwan, whose foreign minister resigned, recalled its envoy.", "whose foreign minister",
         ("TWN", "TWN", "GOV")),
        ("Somali soldiers freed the fishermen who had hidden their boats.", "who",
         ("SOM", "SOM", "CVL")),
        # persons and bodies whom no list knows
        ("Georgian riot police beat opposition leader Nino Beridze.",
         "opposition leader Nino Beridze", ("person.beridze-nino", "GEO", "OPP")),
        ("Brazil's envoy met rebel leader Daoud Saleh.", "rebel leader Daoud Saleh",
         ("person.saleh-daoud", "BRA", "REB")),
        ("President Lin Hui-fang of Taiwan thanked the Pope.", "President Lin Hui-fang of Taiwan",
         ("person.hui-lin", "TWN", "GOV")),
        ("Governor Elena Duarte sued Ben Austin in Texas.", "Ben Austin",
         ("USA.austin-ben", "USA", None)),
        ("The Tariq Brigade burned a mosque in the Syrian town of Homs.", "The Tariq Brigade",
         ("SYR.tariq-brigade", "SYR", "MIL")),
        # without a country
        ("Amnesty International accused the junta of murder.", "Amnesty International",
         ("GBR.amnesty", None, "NGO")),
        ("Amnesty International accused the junta of murder.", "the junta",
         ("unnamed.junta", None, "GOV")),
        ("A rights group sued Honduras.", "A rights group",
         ("unnamed.rights-group", None, "NGO")),
        ("Chad's junta expelled foreign pastors.", "foreign pastors",
         ("unnamed.foreign-pastors", None, "REL")),
    ],
)  # fmt: skip
def test_a_stretch_is_a_party(text: str, stretch: str, expected: Found) -> None:
    assert found(text, stretch) == [expected]


@pytest.mark.parametrize(
    ("text", "stretch", "expected"),
    [
        ("Regional mediators asked Mali to stop.", "Regional mediators", (None, "IGO")),
        ("The international community backed Nepal.", "The international community", (None, "IGO")),
        ("A French-led coalition bombed Yemen.", "A French-led coalition", (None, "IGO")),
        ("Peru met NATO envoy Emil Brandt.", "NATO envoy Emil Brandt", (None, "IGO")),
        ("Western powers asked Kenya to free two aid workers.", "two aid workers", (None, "NGO")),
        ("Denmark let 40 refugees stay.", "40 refugees", (None, "REF")),
        ("The Clinton administration sued Cuba.", "The Clinton administration", ("USA", "GOV")),
    ],
)  # fmt: skip
def test_who_is_of_no_state_gets_none_from_the_others(
    text: str, stretch: str, expected: tuple[str | None, str]
) -> None:
    ((_, country, sector),) = found(text, stretch)
    assert (country, sector) == expected


def test_a_list_is_several_parties() -> None:
    assert found("Teachers and nurses walked out.", "Teachers and nurses") == [
        ("unnamed.teachers", None, "EDU"),
        ("unnamed.nurses", None, "HLH"),
    ]


def test_owners_in_a_list_are_several_parties() -> None:
    text = "Mozambican and South African troops landed at Beira."

    assert found(text, "Mozambican and South African troops") == [
        ("MOZ", "MOZ", "MIL"),
        ("ZAF", "ZAF", "MIL"),
    ]


def test_a_hyphen_joins_two_owners() -> None:
    text = "Orban backed an Italian-Polish motion."

    assert [country for _, country, _ in found(text, "an Italian-Polish motion")] == ["ITA", "POL"]


def test_a_group_takes_the_country_of_its_document_with_less_confidence() -> None:
    alone = read("Police closed the square.").parties("Police")
    told = read("Egypt raised the price of bread.", "Police closed the square.").parties("Police")

    assert [p.ref.country for p in alone] == [None]
    assert [(p.ref.country, p.confidence) for p in told] == [("EGY", 0.5)]


def test_a_new_actor_comes_with_its_record() -> None:
    (group,) = read("Amnesty International accused the junta of murder.").parties("the junta")

    assert group.actor.kind == "group"
    assert group.actor.origin == "text"
    assert group.actor.id == group.ref.actor
    assert group.ref.span is not None
    assert group.ref.span.quote == "junta"


def test_a_stretch_without_words_is_nobody() -> None:
    reading = read("Police closed the square.")

    assert parties_of(reading.doc, reading.sentences[0], reading.actors, 6, 7) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_stretch_has_parties_with_words_of_the_text(data: st.DataObject) -> None:
    reading = read(data.draw(st.sampled_from(sorted(PARSES))))
    text = reading.doc.text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))

    for party in parties_of(reading.doc, reading.sentences[0], reading.actors, start, end):
        span = party.ref.span
        assert span is not None
        assert text[span.start : span.end] == span.quote
        assert party.ref.actor == party.actor.id
        assert 0 < party.confidence <= 1

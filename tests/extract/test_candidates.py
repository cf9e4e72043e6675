from __future__ import annotations

import pytest

from detente.extract.candidates import Candidate, SentenceReader, distinct, ids_of
from detente.extract.lexicon import load_lexicon
from tests.extract.parses import index, read

Coded = tuple[str, str | None, set[str], set[str]]


def reader_of(text: str) -> SentenceReader:
    reading = read(text)
    return SentenceReader(reading.sentences[0], reading.actors.by_sentence[0], load_lexicon())


def candidates(text: str) -> list[Coded]:
    return [coded(c) for c in distinct(reader_of(text).candidates())]


def coded(c: Candidate) -> Coded:
    return c.root, c.mode, ids_of(c.sources), ids_of(c.targets)


@pytest.mark.parametrize(
    ("text", "root", "mode", "sources", "targets"),
    [
        # active, passive, lists
        ("France invaded Libya.", "ASSAULT", None, {"FRA"}, {"LBY"}),
        ("Libya was invaded by France.", "ASSAULT", None, {"FRA"}, {"LBY"}),
        ("France and Germany condemned Russia and Belarus.", "ACCUSE", "disapprove",
         {"FRA", "DEU"}, {"RUS", "BLR"}),
        # places of the target
        ("The United States voted against the Ukrainian resolution.", "REJECT", "change",
         {"USA"}, {"UKR"}),
        ("The European Union imposed sanctions on Russia and Belarus.", "SANCTION", None,
         {"EU"}, {"RUS", "BLR"}),
        ("The European Union added twenty Chinese firms to its sanctions list.", "SANCTION", None,
         {"EU"}, {"CHN"}),
        ("The United States suspended aid to Ukraine.", "SANCTION", "discontinue",
         {"USA"}, {"UKR"}),
        ("Israel recalled its ambassador from Turkey.", "SANCTION", "withdraw", {"ISR"}, {"TUR"}),
        ("Poland gave Ukraine tanks.", "AID", None, {"POL"}, {"UKR"}),
        ("Ukraine has rejected the American proposal.", "REJECT", None, {"UKR"}, {"USA"}),
        # particles
        ("Iran backed down.", "", None, set(), set()),
        ("NATO canceled a meeting with Russia.", "REJECT", "meet", {"NATO"}, {"RUS"}),
        # visits: the visitor is the source, the host the target
        ("Wang Yi visited Moscow on Monday.", "CONSULT", "visit", {"CHN.wang-yi"}, {"RUS"}),
        ("China will host Putin.", "CONSULT", "visit", {"RUS.putin-vladimir"}, {"CHN"}),
        # all parties of a meeting are sources
        ("Marco Rubio met Sergei Lavrov in Riyadh.", "CONSULT", None,
         {"USA.rubio-marco", "RUS.lavrov-sergei"}, set()),
        ("France, Germany and Poland met in Vienna.", "CONSULT", None,
         {"FRA", "DEU", "POL"}, set()),
        ("China and Russia held talks with Iran in Beijing.", "CONSULT", None,
         {"CHN", "RUS", "IRN"}, set()),
        ("Talks between the United States and Russia in Riyadh ended on Tuesday.", "CONSULT", None,
         {"USA", "RUS"}, set()),
        ("The US-Russia talks opened in Riyadh on February 18.", "CONSULT", None,
         {"USA", "RUS"}, set()),
        ("Saudi Arabia mediated between Russia and Ukraine.", "CONSULT", "third-party",
         {"SAU"}, {"RUS", "UKR"}),
        # nouns
        ("Russia's attack on Ukraine shocked Europe.", "ASSAULT", None, {"RUS"}, {"UKR"}),
        ("France and Britain launched an attack on Libya.", "ASSAULT", None,
         {"FRA", "GBR"}, {"LBY"}),
        ("The French-British attack on Libya failed.", "ASSAULT", None, {"FRA", "GBR"}, {"LBY"}),
        ("The attack on Libya by France failed.", "ASSAULT", None, {"FRA"}, {"LBY"}),
        ("A rift between China and Russia is unlikely.", "", None, {"CHN", "RUS"}, set()),
        # inherited subjects
        ("Poland urged Hungary to condemn Russia.", "REQUEST", None, {"POL"}, {"HUN"}),
        ("France and Germany condemned Russia and praised Ukraine.", "SUPPORT", None,
         {"FRA", "DEU"}, {"UKR"}),
        ("The EU made a decision to provoke China by listing Chinese firms.", "ACCUSE",
         "disapprove", {"EU"}, {"CHN"}),
    ],
)  # fmt: skip
def test_who_did_what_to_whom(
    text: str, root: str, mode: str | None, sources: set[str], targets: set[str]
) -> None:
    if not sources:
        assert candidates(text) == []
    else:
        assert (root, mode, sources, targets) in candidates(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan agreed to withdraw its troops from Poland.", ("AGREE", None, {"JPN"}, {"POL"})),
        ("France promised to support Ukraine.", ("AGREE", None, {"FRA"}, {"UKR"})),
        ("Iran agreed to meet Israel.", ("AGREE", None, {"IRN", "ISR"}, set())),
        (
            "The United States threatened to impose sanctions on Iran.",
            ("THREATEN", None, {"USA"}, {"IRN"}),
        ),
        (
            "Turkey declined to send troops to Syria.",
            ("REJECT", None, {"TUR"}, {"SYR"}),
        ),
        ("Hungary refused to condemn Russia.", ("ACCUSE", "disapprove", {"HUN"}, {"RUS"})),
    ],
)
def test_infinitives(text: str, expected: Coded) -> None:
    assert expected in candidates(text)


def test_a_refused_conflict_is_that_conflict_denied_and_no_rejection() -> None:
    found = list(reader_of("Hungary refused to condemn Russia.").candidates())

    assert [c.root for c in distinct(found)] == ["ACCUSE"]
    assert any(c.is_denial for c in found)


@pytest.mark.parametrize(
    "text",
    [
        "Ukrainian forces shot down Chinese-made drones that Russia fired at Kyiv.",
        "Russia and China slept.",
        "Russia slept.",
        "The deal was proposed and accepted by Iran.",
        "Iran agreed.",
        "Poland traded with success.",
        "The fall of Libya surprised France.",
    ],
)
def test_what_is_no_event_between_actors(text: str) -> None:
    assert [c for c in candidates(text) if "CHN" in c[2] | c[3] or len(c[2] | c[3]) < 2] == []


@pytest.mark.parametrize(
    ("text", "word", "actors", "sectors"),
    [
        ("Chinese officials met Russian lawmakers.", "officials", ["CHN"], ["GOV"]),
        ("Chinese officials met Russian lawmakers.", "lawmakers", ["RUS"], ["LEG"]),
        ("The talks between American and Russian diplomats in Riyadh lasted four hours.",
         "diplomats", ["USA", "RUS"], ["GOV", "GOV"]),
        ("Analysts from China praised Russia.", "Analysts", ["CHN"], ["EDU"]),
        ("France and Germany condemned Russia and Belarus.", "France", ["FRA", "DEU"],
         [None, None]),
        ("Ukraine has rejected the American proposal.", "proposal", [], []),
    ],
)  # fmt: skip
def test_group_nouns_act_for_those_who_modify_them(
    text: str, word: str, actors: list[str], sectors: list[str | None]
) -> None:
    reader = reader_of(text)

    found = reader.parties(index(reader.sentence, word))

    assert [p.actor for p in found] == actors
    assert [p.sector for p in found] == sectors


def test_a_group_party_spans_modifier_and_noun() -> None:
    text = "Chinese officials met Russian lawmakers."
    reader = reader_of(text)

    (party,) = reader.parties(index(reader.sentence, "officials"))

    assert text[party.start : party.end] == "Chinese officials"


def test_any_noun_counts_through_its_modifier_when_asked() -> None:
    reader = reader_of("Ukraine has rejected the American proposal.")

    (party,) = reader.parties(index(reader.sentence, "proposal"), inside=True)

    assert (party.actor, party.sector) == ("USA", None)


def test_distinct_keeps_the_first_of_the_same_root_and_parties() -> None:
    reader = reader_of("France invaded Libya.")
    (one,) = reader.candidates()

    assert distinct([one, one]) == [one]

from __future__ import annotations

import pytest

from detente.extract.clauses import children, conjuncts, is_passive, read_clause
from tests.build import sentence
from tests.extract.parses import index, parse


def subjects(text: str, verb: str) -> list[str]:
    parsed = parse(text)
    return [parsed.tokens[i].text for i in read_clause(parsed, index(parsed, verb)).subjects]


def objects(text: str, verb: str) -> list[str]:
    parsed = parse(text)
    return [parsed.tokens[i].text for i in read_clause(parsed, index(parsed, verb)).objects]


@pytest.mark.parametrize(
    ("text", "verb", "expected_subjects", "expected_objects"),
    [
        ("Wang Yi visited Moscow on Monday.", "visited", ["Yi"], ["Moscow"]),
        ("Russia was condemned by the European Union.", "condemned", ["Union"], ["Russia"]),
        ("The deal was proposed and accepted by Iran.", "accepted", ["Iran"], ["deal"]),
        ("The deal was proposed and accepted by Iran.", "proposed", [], ["deal"]),
        ("Poland gave Ukraine tanks.", "gave", ["Poland"], ["Ukraine", "tanks"]),
    ],
)
def test_subjects_and_objects(
    text: str, verb: str, expected_subjects: list[str], expected_objects: list[str]
) -> None:
    assert subjects(text, verb) == expected_subjects
    assert objects(text, verb) == expected_objects


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        # control: the matrix subject, unless the matrix verb asks its object to act
        ("Japan agreed to withdraw its troops from Poland.", "withdraw", ["Japan"]),
        ("Poland urged Hungary to sign the treaty.", "sign", ["Hungary"]),
        ("Hungary was urged to sign the treaty.", "sign", ["Hungary"]),
        # coordination
        ("France and Germany condemned Russia and praised Ukraine.", "praised", ["France"]),
        # relative clauses and participles
        ("Russia, which invaded Ukraine, rejected talks.", "invaded", ["Russia"]),
        ("Troops occupying Kherson left.", "occupying", ["Troops"]),
        ("Donald Trump made comments criticizing Beijing.", "criticizing", ["Trump"]),
        # through nouns and prepositions
        ("The EU made a decision to provoke China by listing Chinese firms.", "provoke", ["EU"]),
        ("The EU made a decision to provoke China by listing Chinese firms.", "listing", ["EU"]),
        ("China's plan to blockade Taiwan worries Japan.", "blockade", ["China"]),
        ("Poland left without criticizing Hungary.", "criticizing", ["Poland"]),
        # nobody
        ("A plan to blockade Taiwan worries Japan.", "blockade", []),
        ("Talks began.", "began", ["Talks"]),
        ("Attack Poland now!", "Attack", []),
    ],
)
def test_a_subject_is_inherited(text: str, verb: str, expected: list[str]) -> None:
    assert subjects(text, verb) == expected


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        ("Russia was condemned by the European Union.", "condemned", True),
        ("The deal was proposed and accepted by Iran.", "accepted", True),
        ("A statement drafted by Wang Yi surfaced.", "drafted", True),
        ("Wang Yi visited Moscow on Monday.", "visited", False),
        ("China has not supplied weapons to Russia.", "supplied", False),
    ],
)
def test_is_passive(text: str, verb: str, expected: bool) -> None:
    parsed = parse(text)

    assert is_passive(parsed, index(parsed, verb)) is expected


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        ("The United States voted against the Ukrainian resolution.", "voted",
         [("against", "resolution")]),
        ("China is supplying drones to Russia.", "supplying", [("to", "Russia")]),
        ("Israel pulled out of Lebanon.", "pulled", [("of", "Lebanon")]),
    ],
)  # fmt: skip
def test_obliques_carry_the_innermost_preposition(
    text: str, verb: str, expected: list[tuple[str, str]]
) -> None:
    parsed = parse(text)

    clause = read_clause(parsed, index(parsed, verb))

    assert [(name, parsed.tokens[i].text) for name, i in clause.obliques] == expected


def test_particles_are_kept_apart() -> None:
    parsed = parse("NATO called off the meeting.")

    assert read_clause(parsed, index(parsed, "called")).particles == ["off"]


def test_conjuncts_run_through_the_whole_list() -> None:
    parsed = parse("France, Germany and Poland condemned Russia.")

    found = [parsed.tokens[i].text for i in conjuncts(parsed, index(parsed, "France"))]

    assert found == ["France", "Germany", "Poland"]


def test_children_are_those_of_the_named_relations() -> None:
    parsed = parse("China is supplying drones to Russia.")

    found = children(parsed, index(parsed, "supplying"), "aux", "dobj")

    assert [t.text for t in found] == ["is", "drones"]


def test_a_climb_without_end_stops() -> None:
    n = 12
    table = "\n".join(f"go{i} VB xcomp {max(i - 1, 0)} go" for i in range(n))
    text = " ".join(f"go{i}" for i in range(n))
    parsed = sentence(text, table)

    assert read_clause(parsed, n - 1).subjects == []

from __future__ import annotations

import pytest

from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Sentence
from detente.extract.mentions import match_names
from detente.extract.persons import (
    Description,
    NameRun,
    describe,
    find_runs,
    is_speaking,
    make_person,
)
from tests.extract.parses import index, parse


def run_of(parsed: Sentence, name: str) -> NameRun:
    return next(run for run in runs(parsed) if run.text == name)


def runs(parsed: Sentence) -> list[NameRun]:
    taken = {i for m in match_names(parsed, load_gazetteer()) for i in range(m.first, m.last + 1)}
    return find_runs(parsed, taken)


def described(text: str, name: str) -> Description | None:
    parsed = parse(text)
    listed = list(match_names(parsed, load_gazetteer()))
    return describe(parsed, run_of(parsed, name), listed, load_gazetteer())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lin Xue argues that Russia needs China.", ["Lin Xue"]),
        ("Dr. Anna van der Meer spoke.", ["Anna van der Meer"]),
        ("John Q. Public spoke on Monday.", ["John Q. Public"]),
        ("Jean-Luc Moreau spoke.", ["Jean-Luc Moreau"]),
        ("The Moreau-led group spoke.", []),
        ("The mayor of Brest - Luc Moreau - spoke.", ["Luc Moreau"]),
        ("The World Trade Report was late.", []),
        ("Voters waited.", []),
        ("Mary spoke in March.", []),
    ],
)
def test_runs_of_capitalised_words_may_name_persons(text: str, expected: list[str]) -> None:
    assert [run.text for run in runs(parse(text))] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "Lin Xue, a professor at Fudan University, argues that Russia needs China.",
            "Lin Xue",
            Description("professor", "professor", "Fudan University", "CHN"),
        ),
        (
            "Lin Xue, dean of the Institute of World Affairs, Fudan University, disagrees.",
            "Lin Xue",
            Description(
                "dean", "dean of the Institute of World Affairs", "Fudan University", "CHN"
            ),
        ),
        (
            "Polish negotiator Jan Wilk left.",
            "Jan Wilk",
            Description("negotiator", "Polish negotiator", None, "POL"),
        ),
        (
            "Jan Wilk of the Warsaw Institute agrees.",
            "Jan Wilk",
            Description("", None, "Warsaw Institute", "POL"),
        ),
        (
            "Jan Wilk (a columnist with the Observer) agrees.",
            "Jan Wilk",
            Description("columnist", "columnist", "Observer", None),
        ),
        ("Jan Wilk agrees.", "Jan Wilk", None),
        ("Jan Wilk, who left, agrees.", "Jan Wilk", None),
        ("Poland hosted Jan Wilk.", "Jan Wilk", None),
    ],
)
def test_describe(text: str, name: str, expected: Description | None) -> None:
    assert described(text, name) == expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Sergei Lavrov said that Poland had insulted Russia.", "Lavrov", True),
        ("Sergei Lavrov said that Poland had insulted Russia.", "Poland", False),
        ("According to Kaja Kallas, Russia is weaker than China.", "Kallas", True),
        ("Marco Rubio and Sergei Lavrov said that the talks were useful.", "Lavrov", True),
        ("Marco Rubio met Sergei Lavrov in Riyadh.", "Rubio", False),
    ],
)
def test_is_speaking(text: str, word: str, expected: bool) -> None:
    parsed = parse(text)

    assert is_speaking(parsed, index(parsed, word)) is expected


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Lin Xue", "CHN", "CHN.lin-xue"),
        ("Jan Wilk", "POL", "POL.wilk-jan"),
        ("Jan Wilk", None, "person.wilk-jan"),
    ],
)
def test_make_person_is_known_by_family_name_first(
    name: str, country: str | None, expected: str
) -> None:
    description = Description("", None, "Warsaw Institute", country) if country else None

    actor = make_person(name, description, "EDU")

    assert (actor.id, actor.origin, actor.kind, actor.sector) == (expected, "text", "person", "EDU")
    assert actor.affiliation == ("Warsaw Institute" if country else None)

from __future__ import annotations

import pytest

from detente.extract.coreference import is_quoted
from tests.extract.parses import index, parse, read


def resolved(*texts: str, date: str | None = "2025-02-26") -> list[tuple[str, str]]:
    """Return the pronouns and titles of a paragraph with whom they stand for."""
    reading = read(tuple(texts), date=date)
    return [
        (reading.doc.text[m.start : m.end], m.actor)
        for m in reading.actors.mentions
        if m.kind in {"pronoun", "title", "nominal"}
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Wang Yi visited Moscow on Monday.", "He praised Poland."], [("He", "CHN.wang-yi")]),
        (["Kaja Kallas visited Poland.", "She praised him."], [("She", "EU.kallas-kaja")]),
        (
            ["Kaja Kallas met Wang Yi.", "She praised him."],
            [("She", "EU.kallas-kaja"), ("him", "CHN.wang-yi")],
        ),
        (["Kaja Kallas visited Poland.", "He praised Poland."], []),
        (["Lin Xue left.", "He praised Poland."], []),
        (["He criticized Poland.", "Wang Yi visited Moscow on Monday."], []),
        (
            ["Marco Rubio met Sergei Lavrov in Riyadh.", "He praised Poland."],
            [("He", "USA.rubio-marco")],
        ),
        (
            ["Wang Yi visited Moscow on Monday.", "Voters waited.", "Voters waited.",
             "Voters waited.", "He praised Poland."],
            [],
        ),
    ],
)  # fmt: skip
def test_pronouns_stand_for_the_recent_prominent_person(
    texts: list[str], expected: list[tuple[str, str]]
) -> None:
    assert resolved(*texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Poland closed its border."], [("its", "POL")]),
        (["Japan agreed to withdraw its troops from Poland."], [("its", "JPN")]),
        (["Poland left.", "It closed the border."], [("It", "POL")]),
        (["Poland left.", "It is likely that Spain stayed."], []),
        (["Poland left.", "It seems that Spain stayed."], []),
        (["Voters waited.", "It closed the border."], []),
    ],
)
def test_it_stands_for_the_last_state_that_was_subject(
    texts: list[str], expected: list[tuple[str, str]]
) -> None:
    assert resolved(*texts) == expected


@pytest.mark.parametrize(
    ("texts", "date", "expected"),
    [
        (["The president thanked Poland."], "2025-02-26", [("The president", "USA.trump-donald")]),
        (["The president thanked Poland."], "2022-02-26", [("The president", "USA.biden-joe")]),
        (["The president thanked Poland."], None, []),
        (
            ["The Chinese foreign minister criticized Japan."],
            "2025-02-26",
            [("The Chinese foreign minister", "CHN.wang-yi")],
        ),
        (
            ["Russia's foreign minister criticized Japan."],
            "2025-02-26",
            [("Russia's foreign minister", "RUS.lavrov-sergei")],
        ),
        (
            ["The president of Ukraine criticized Japan."],
            "2025-02-26",
            [("The president", "UKR.zelenskyy-volodymyr")],
        ),
        (
            ["Volodymyr Zelensky left.", "The president thanked Poland."],
            "2025-02-26",
            [("The president", "UKR.zelenskyy-volodymyr")],
        ),
        (
            ["The former Ukrainian president criticized Russia."],
            "2025-02-26",
            [("The former Ukrainian president", "UKR.poroshenko-petro")],
        ),
        (
            ["Joe Biden left.", "The former president thanked Poland."],
            "2025-02-26",
            [("The former president", "USA.biden-joe")],
        ),
        (["The former president thanked Poland."], "2025-02-26", []),
        (["A president thanked Poland."], "2025-02-26", []),
        (["The foreign minister thanked Poland."], "2025-02-26", []),
    ],
)
def test_titles_name_who_held_the_office(
    texts: list[str], date: str | None, expected: list[tuple[str, str]]
) -> None:
    assert resolved(*texts, date=date) == expected


def test_him_is_not_the_subject_of_its_own_clause() -> None:
    found = resolved("Marco Rubio met Sergei Lavrov in Riyadh.", "Wang Yi praised him.")

    assert found == [("him", "USA.rubio-marco")]


def test_a_quoted_pronoun_prefers_an_earlier_person_to_the_speaker() -> None:
    found = resolved("Marco Rubio met Wang Yi.", "“He is wrong,” Sergei Lavrov said.")

    assert found == [("He", "USA.rubio-marco")]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("“He is wrong,” Sergei Lavrov said.", "He", True),
        ("“He is wrong,” Sergei Lavrov said.", "said", False),
        ('"Poland has insulted Russia," Sergei Lavrov said.', "Poland", True),
        ('"Poland has insulted Russia," Sergei Lavrov said.', "Lavrov", False),
    ],
)
def test_is_quoted(text: str, word: str, expected: bool) -> None:
    parsed = parse(text)

    assert is_quoted(parsed, index(parsed, word)) is expected

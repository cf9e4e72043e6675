from __future__ import annotations

import pytest

from detente.extract.stances import read_stances
from tests.extract.parses import read


def stances(text: str) -> list[tuple[str, str, float, str]]:
    reading = read(text)
    countries = {a.id: a.country or a.id for a in reading.actors.actors.values()}
    found = read_stances(reading.sentences[0], reading.actors.by_sentence[0], countries)
    return [(s.a, s.b, round(s.valence, 2), s.status) for s in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A rift between China and Russia is unlikely.", [("CHN", "RUS", -0.5, "past")]),
        (
            "Russia was condemned by the European Union.",
            [("EU", "RUS", -0.2, "past")],
        ),
        ("Wang Yi visited Moscow on Monday.", [("CHN", "RUS", 0.4, "past")]),
        ("China did not invade Vietnam.", [("CHN", "VNM", -0.9, "denied")]),
        ("Hungary refused to condemn Russia.", [("HUN", "RUS", -0.2, "denied")]),
        ("Russia could attack Poland.", [("RUS", "POL", -0.9, "hypothetical")]),
        (
            "France, Germany and Poland met in Vienna.",
            [
                ("FRA", "DEU", 0.25, "past"),
                ("FRA", "POL", 0.25, "past"),
                ("DEU", "POL", 0.25, "past"),
            ],
        ),
        (
            "Tariffs could disrupt cooperation between China and Japan.",
            [("CHN", "JPN", -0.95, "hypothetical")],
        ),
        ("Xi Jinping met Wang Yi.", []),
        ("Russia slept.", []),
        ("Russia and China slept.", []),
    ],
)
def test_read_stances(text: str, expected: list[tuple[str, str, float, str]]) -> None:
    assert stances(text) == expected

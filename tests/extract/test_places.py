from __future__ import annotations

import pytest

from detente.extract.gazetteer import load_gazetteer
from detente.extract.places import find_places
from tests.build import sentence


@pytest.mark.parametrize(
    ("text", "table", "expected"),
    [
        ("Lahore burned", "Lahore NNP nsubj 1\nburned VBD ROOT 1", [("Lahore", "PAK")]),
        ("Cape Town fell", "Cape NNP compound 1\nTown NNP nsubj 2\nfell VBD ROOT 2",
         [("Cape Town", "ZAF")]),
        ("Lagos State pays", "Lagos NNP compound 1\nState NNP nsubj 2\npays VBZ ROOT 2",
         [("Lagos", "NGA")]),
        ("Jack Lahore paid", "Jack NNP compound 1\nLahore NNP nsubj 2\npaid VBD ROOT 2", []),
        ("Florence Owen paid", "Florence NNP compound 1\nOwen NNP nsubj 2\npaid VBD ROOT 2", []),
        ("They lahore", "They PRP nsubj 1\nlahore VBP ROOT 1", []),
    ],
)  # fmt: skip
def test_places_of_a_sentence(text: str, table: str, expected: list[tuple[str, str]]) -> None:
    parsed = sentence(text, table)
    places = find_places(parsed, load_gazetteer())

    assert [
        (text[parsed.tokens[p.first].start : parsed.tokens[p.last].end], p.country) for p in places
    ] == expected

from __future__ import annotations

import pytest

from detente.extract.sectors import sector_of, sector_of_pair
from tests.build import sentence


@pytest.mark.parametrize(
    ("word", "tag", "lemma", "sector"),
    [
        ("rebels", "NNS", "rebel", "REB"),
        ("Teachers", "NNPS", "teachers", "EDU"),
        ("Policemen", "NNPS", "policemen", "COP"),
        ("Militias", "NNPS", "militias", "REB"),
        ("Refineries", "NNPS", "refineries", "BUS"),
        ("table", "NN", "table", None),
    ],
)
def test_sector_of_a_noun(word: str, tag: str, lemma: str, sector: str | None) -> None:
    (token,) = sentence(word, f"{word} {tag} ROOT 0 {lemma}").tokens

    assert sector_of(token) == sector


@pytest.mark.parametrize(
    ("words", "sector"),
    [("security services", "SPY"), ("security guards", "BUS"), ("dinner guards", None)],
)
def test_sector_of_two_words(words: str, sector: str | None) -> None:
    before, noun = words.split()
    parsed = sentence(words, f"{before} NN compound 1\n{noun} NNS ROOT 1 {noun[:-1]}")

    assert sector_of_pair(*parsed.tokens) == sector

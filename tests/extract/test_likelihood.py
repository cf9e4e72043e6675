from __future__ import annotations

import pytest

from detente.extract.language import Sentence
from detente.extract.likelihood import find_terms, load_likelihood
from tests.build import sentence

ICD_203 = [
    ("almost no chance", 0.0, 0.05),
    ("very unlikely", 0.05, 0.2),
    ("unlikely", 0.2, 0.45),
    ("roughly even", 0.45, 0.55),
    ("likely", 0.55, 0.8),
    ("very likely", 0.8, 0.95),
    ("almost certain", 0.95, 1.0),
]


def test_load_likelihood_has_the_bands_of_icd_203() -> None:
    assert list(load_likelihood().bands) == ICD_203


@pytest.mark.parametrize(
    ("probability", "band"),
    [(0.0, "almost no chance"), (0.6, "likely"), (0.8, "very likely"), (1.0, "almost certain")],
)
def test_band_of_gives_the_band_of_a_probability(probability: float, band: str) -> None:
    assert load_likelihood().band_of(probability) == band


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("a deal is likely", "likely"),
        ("a deal is very likely", "very likely"),
        ("a deal is not likely", "unlikely"),
        ("a deal is not at all likely", "unlikely"),
        ("a deal is unlikely", "unlikely"),
        ("a deal is not unlikely", "unquantified"),
        ("a deal is highly improbable", "very unlikely"),
        ("a deal is almost certain", "almost certain"),
        ("a deal is inevitable", "almost certain"),
        ("a deal is not implausible", "unquantified"),
        ("a deal is not impossible", "unquantified"),
        ("a deal is ruled out", "almost no chance"),
        ("a deal cannot be ruled out", "unquantified"),
        ("it has even odds", "roughly even"),
        ("it is set to sign", "likely"),
        ("there is a 60 percent chance", "likely"),
    ],
)
def test_find_terms_gives_the_band_of_the_words(words: str, band: str) -> None:
    assert [term.band for term in find_terms(_flat(words), load_likelihood())] == [band]


@pytest.mark.parametrize(
    "words",
    [
        "it is more likely than before",
        "it is how likely",
        "it is set to five",
        "it is impossible to know",
        "it is 60 percent full",
    ],
)
def test_find_terms_leaves_other_uses_alone(words: str) -> None:
    assert list(find_terms(_flat(words), load_likelihood())) == []


def test_find_terms_leaves_attributes_alone() -> None:
    text = "likely voters"
    table = "likely JJ amod 1\nvoters NNS ROOT 1"
    assert list(find_terms(sentence(text, table), load_likelihood())) == []


def _flat(words: str) -> Sentence:
    tags = {"sign": "VB", "deal": "NN", "ruled": "VBN", "chance": "NN"}
    lemmas = {"ruled": "rule"}
    rows = [
        f"{word} {tags.get(word, 'XX')} dep {i} {lemmas.get(word, word)}"
        for i, word in enumerate(words.split())
    ]
    return sentence(words, "\n".join(rows))

"""Places: cities, provinces and regions that tell a country without acting for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.extract.gazetteer import Gazetteer, normalise
from detente.extract.language import Sentence, Token
from detente.extract.sectors import sector_of


@dataclass(frozen=True, slots=True)
class Place:
    """A place at the tokens `first` to `last` of a sentence, and the country it lies in."""

    first: int
    last: int
    country: str


def find_places(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Place]:
    """Yield the listed places of a sentence, the longest at each token, in text order.

    A place's name that is part of a person's ("Jack London") is none.
    """
    tokens = sentence.tokens
    i = 0
    while i < len(tokens):
        place = _place_at(tokens, i, gazetteer)
        if place is None:
            i += 1
            continue
        if not _is_in_name(tokens, place):
            yield place
        i = place.last + 1


def _place_at(tokens: list[Token], i: int, gazetteer: Gazetteer) -> Place | None:
    """Return the longest listed place that starts at token `i`."""
    if not tokens[i].text[:1].isupper():
        return None
    for words, country in gazetteer.cities.get(normalise(tokens[i].text), ()):
        here = tokens[i : i + len(words)]
        if tuple(normalise(t.text) for t in here) == words:
            return Place(i, i + len(words) - 1, country)
    return None


def _is_in_name(tokens: list[Token], place: Place) -> bool:
    """Return whether a place's one word has a first name before it or a surname behind."""
    if place.first != place.last:
        return False
    word = tokens[place.first]
    before = tokens[word.i - 1] if word.i else None
    after = tokens[word.i + 1] if word.i + 1 < len(tokens) else None
    if before is not None and before.dep == "compound" and before.head == word.i:
        return _is_name(before)
    return after is not None and word.dep == "compound" and word.head == after.i and _is_name(after)


def _is_name(token: Token) -> bool:
    """Return whether a word is a person's name and no group, institution or direction."""
    is_word = token.tag == "NNP" and token.text.isalpha()
    return is_word and sector_of(token) is None and token.lower not in DIVISIONS


DIVISIONS = {
    "state", "province", "region", "district", "city", "airport", "county", "island", "islands",
    "central", "north", "south", "east", "west", "northern", "southern", "eastern", "western",
    "new", "high", "supreme", "municipal", "regional", "provincial", "stock", "metropolitan",
    "greater", "upper", "lower", "st.", "peninsula", "strip", "governorate", "prefecture", "oblast",
    "valley", "delta", "bay", "harbour", "harbor", "medical", "general", "national", "public",
}  # fmt: skip
"""Capitalised words beside a place's name that belong to it or to an institution there."""

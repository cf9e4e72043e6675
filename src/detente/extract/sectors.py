"""Sectors of nouns: the PLOVER sector that a noun for a group, body or title tells."""

from __future__ import annotations

from functools import lru_cache

from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Token
from detente.extract.lexicon import load_lexicon


def sector_of(token: Token) -> str | None:
    """Return the sector of a noun or adjective, None if it tells none."""
    return _sector(token.lemma) or _sector(token.lower) or _sector(_singular(token.lower))


def sector_of_pair(before: Token, noun: Token) -> str | None:
    """Return the sector of two words that are listed together ("security service")."""
    groups = load_lexicon().groups
    return groups.get(f"{before.lower} {noun.lemma}") or groups.get(
        f"{before.lower} {_singular(noun.lower)}"
    )


def _sector(word: str) -> str | None:
    return load_lexicon().groups.get(word) or load_gazetteer().roles.get(word)


@lru_cache(maxsize=10_000)
def _singular(word: str) -> str:
    """Return a plural's likely singular, for the parser gives names in capitals no lemma."""
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")

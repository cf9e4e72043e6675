"""Words of probability in a sentence, with their ICD 203 bands, from `data/probability.toml`.

Follows Intelligence Community Directive 203 (2015) for the bands; negated forms by a table of their
own, since "not implausible" claims less than "plausible" (Kent 1964; Wallsten et al. 1986).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from detente.extract.language import Sentence, Token

UNQUANTIFIED = "unquantified"
_NEGATIONS = {"not", "n't", "n’t", "never", "no", "hardly", "cannot", "neither", "nor"}
_REACH = 4
"""Tokens before a term in which a negation can stand ("not at all likely", "can not be ruled")."""
_CHANCES = {"chance", "probability", "likelihood", "odds"}
_MORE = {"more", "less", "as", "how", "so", "too"}


NOT_DETERMINED = "not determined"
"""Said of a probability whose interval reaches over `TOO_WIDE` bands or more."""

TOO_WIDE = 3


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The table of probability words: terms by first word, bands, modals and negations."""

    terms: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    bands: tuple[tuple[str, float, float], ...]
    negated: dict[str, str]
    modals: frozenset[str]

    def band_of(self, probability: float) -> str:
        """Return the band of a probability between 0 and 1; a shared limit goes to the upper."""
        return next((name for name, _, high in self.bands if probability < high), self.bands[-1][0])

    def words_of(self, probability: float, low: float, high: float) -> str:
        """Return the band of a probability, or that it is not determined.

        It is not where its interval reaches over `TOO_WIDE` bands or more.
        """
        names = [name for name, _, _ in self.bands]
        first, last = (names.index(self.band_of(end)) for end in (low, high))
        return NOT_DETERMINED if last - first + 1 >= TOO_WIDE else self.band_of(probability)


@dataclass(frozen=True, slots=True)
class Term:
    """A probability word in tokens `first` to `last` (negation included); `head` is its core."""

    first: int
    last: int
    head: int
    band: str


@cache
def load_likelihood() -> Likelihood:
    """Return the table of probability words that ships with the package."""
    text = (resources.files("detente") / "data" / "probability.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    terms: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    listed = [(band["name"], band["terms"]) for band in table["band"]]
    for name, phrases in [*listed, (UNQUANTIFIED, table["unquantified"]["terms"])]:
        for phrase in phrases:
            words = tuple(re.findall(r"[\w’']+|-", phrase))
            terms.setdefault(words[0], []).append((words, name))
    return Likelihood(
        terms={k: tuple(sorted(v, key=lambda e: -len(e[0]))) for k, v in terms.items()},
        bands=tuple((band["name"], band["low"], band["high"]) for band in table["band"]),
        negated=table["negated"],
        modals=frozenset(table["unquantified"]["modals"]),
    )


def find_terms(sentence: Sentence, table: Likelihood) -> Iterator[Term]:
    """Yield the probability words of a sentence, longest first at each place."""
    tokens = sentence.tokens
    i = 0
    while i < len(tokens):
        found = _term_at(tokens, i, table) or _figure_at(tokens, i, table)
        if found is None:
            i += 1
            continue
        i = found.last + 1
        yield found


def _term_at(tokens: list[Token], i: int, table: Likelihood) -> Term | None:
    candidates = table.terms.get(tokens[i].lower, ()) + (
        table.terms.get(tokens[i].lemma, ()) if tokens[i].lemma != tokens[i].lower else ()
    )
    for words, band in candidates:
        last = i + len(words) - 1
        here = tokens[i : last + 1]
        if len(here) < len(words) or any(
            word not in (token.lower, token.lemma) for token, word in zip(here, words, strict=True)
        ):
            continue
        head = _core(tokens, i, last)
        if not _is_probability(tokens, i, last, head):
            return None
        negation = _negation(tokens, i)
        if words[0] == "not" or negation is None:
            return Term(i, last, head, band)
        return Term(negation, last, head, table.negated[band])
    return None


def _core(tokens: list[Token], first: int, last: int) -> int:
    """Return the token of a term that governs the others, never its "to", "that" or "of"."""
    for i in range(first, last + 1):
        if not first <= tokens[i].head <= last and tokens[i].lower not in {"to", "that", "of"}:
            return i
    return first


def _is_probability(tokens: list[Token], first: int, last: int, head: int) -> bool:
    """Return whether the words speak of probability here ("likely to", not "likely voters")."""
    core, end = tokens[head], tokens[last]
    if core.dep in {"amod", "compound", "nmod"} and core.tag[:2] in {"JJ", "NN", "RB"}:
        return False
    if first and tokens[first - 1].lower in _MORE:
        return False
    following = tokens[last + 1].lower if last + 1 < len(tokens) else ""
    if end.lower == "impossible" and following == "to":
        return False  # an ability: "impossible to know"
    if end.lower == "to":
        return any(token.tag == "VB" for token in tokens[last + 1 : last + 4])
    return True


def _negation(tokens: list[Token], i: int) -> int | None:
    """Return the index of the negation in force at token `i`, or null."""
    for j in range(i - 1, max(-1, i - 1 - _REACH), -1):
        token = tokens[j]
        if token.lower in _NEGATIONS or (token.dep == "neg" and token.tag == "RB"):
            return j
        if token.tag[:2] in {"NN", "PR"} or token.text in {",", ";", ":", "“", "”", '"'}:
            return None
    return None


def _figure_at(tokens: list[Token], i: int, table: Likelihood) -> Term | None:
    """Return the term of a stated probability ("a 60 percent chance", "70% likelihood")."""
    if not tokens[i].text.isdigit() or i + 2 >= len(tokens):
        return None
    if tokens[i + 1].lower not in {"percent", "%"} or tokens[i + 2].lower not in _CHANCES:
        return None
    return Term(i, i + 2, i + 2, table.band_of(int(tokens[i].text) / 100))

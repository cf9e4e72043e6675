"""Stances: how a stretch of text sees the dyads that it names, close or tense.

The valence of a dyad comes from the same verbs and nouns as the events (a PLOVER score divided by
10), and from nouns of relation ("rift", "alliance") that tell no event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.extract.actors import ActorMention
from detente.extract.candidates import Candidate, Party, SentenceReader, distinct
from detente.extract.language import Sentence
from detente.extract.lexicon import load_lexicon
from detente.extract.status import read_status
from detente.schema import Status

UNDOING = {
    "disrupt", "undermine", "weaken", "damage", "derail", "end", "break", "prevent", "block",
    "harm", "sever", "split", "erode", "destroy", "sabotage", "jeopardize", "jeopardise", "ruin",
    "reduce",
}  # fmt: skip


@dataclass(slots=True)
class Stance:
    """A dyad that a stretch of text sees as close or tense, at the place of its trigger."""

    a: str
    b: str
    valence: float
    start: int
    status: Status


def read_stances(
    sentence: Sentence, mentions: list[ActorMention], countries: dict[str, str]
) -> list[Stance]:
    """Return how one sentence sees the dyads that it names, by the same lexicon as the events.

    Args:
        sentence: a parsed sentence.
        mentions: its actor mentions.
        countries: for each actor id, the country (or organisation) that it acts for.
    """
    if len(mentions) < 2:
        return []
    lexicon = load_lexicon()
    reader = SentenceReader(sentence, mentions, lexicon)
    stances = []
    for c in distinct(reader.candidates()):
        valence = c.valence if c.valence else lexicon.score(c.root, c.mode) / 10
        if _is_undone(sentence, c.trigger):
            valence = -valence
        status = read_status(sentence, c.trigger, date=None, has_future_date=False)
        if c.is_denial:
            status = "denied"
        for a, b in _pairs(c):
            first, second = countries.get(a.actor, a.actor), countries.get(b.actor, b.actor)
            if first != second and first[:3].isupper() and second[:2].isupper():
                start = sentence.tokens[c.trigger].start
                stances.append(Stance(first, second, valence, start, status))
    return stances


def _is_undone(sentence: Sentence, trigger: int) -> bool:
    """Return whether a relation is the object of a verb that ends it ("disrupt cooperation")."""
    token = sentence.tokens[trigger]
    return token.dep in {"dobj", "nsubjpass"} and sentence.tokens[token.head].lemma in UNDOING


def _pairs(c: Candidate) -> Iterator[tuple[Party, Party]]:
    if c.targets:
        yield from ((s, t) for s in c.sources for t in c.targets)
    else:
        yield from ((s, t) for i, s in enumerate(c.sources) for t in c.sources[i + 1 :])

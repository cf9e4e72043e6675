"""The tests' own sentences with frozen parses, so that the rules are tested without the model.

`parses.txt` holds them: a line `# sentence`, then a line a token, `word tag dep head lemma`. The
tables came from the parser and were corrected by hand where it erred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from detente.extract.actors import DocumentActors, find_actors
from detente.extract.claims import code_claims
from detente.extract.dates import DateExpression, find_dates
from detente.extract.events import code_events
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Sentence
from detente.schema import Claim, Document, Event
from tests.build import document, sentence

DATE = "2025-02-26"


def _load() -> Iterator[tuple[str, str]]:
    text = Path(__file__).with_name("parses.txt").read_text(encoding="utf-8")
    for block in text.strip().split("\n\n"):
        head, _, table = block.partition("\n")
        yield head.removeprefix("# "), table


PARSES = dict(_load())


@dataclass(slots=True)
class Reading:
    """A hand-made document with all that the rule coders read in it."""

    doc: Document
    sentences: list[Sentence]
    actors: DocumentActors
    dates: list[list[DateExpression]]
    claims: list[Claim]
    events: list[Event]


def parse(text: str) -> Sentence:
    """Return a sentence of `parses.txt` as a document of its own."""
    return sentence(text, PARSES[text])


def index(parsed: Sentence, word: str) -> int:
    """Return the index of the first token written `word`."""
    return next(t.i for t in parsed.tokens if t.text == word)


def read(*paragraphs: str | tuple[str, ...], date: str | None = DATE) -> Reading:
    """Return what the coders read in paragraphs of one or several sentences of `parses.txt`."""
    members = [(p,) if isinstance(p, str) else p for p in paragraphs]
    doc = document("\n".join(" ".join(p) for p in members), date=date)
    sentences: list[Sentence] = []
    numbers, place = count(), 0
    for paragraph, texts in enumerate(members):
        for text in texts:
            sentences.append(
                sentence(text, PARSES[text], offset=place, index=next(numbers), paragraph=paragraph)
            )
            place += len(text) + 1
    actors = find_actors(doc, sentences, load_gazetteer())
    dates = find_dates(doc, sentences)
    claims = code_claims(doc, sentences, actors, dates)
    events = code_events(doc, sentences, actors, dates, claims)
    return Reading(doc, sentences, actors, dates, claims, events)


def parties(event: Event) -> tuple[list[str], list[str]]:
    """Return the ids of an event's sources and targets."""
    return [s.actor for s in event.sources], [t.actor for t in event.targets]

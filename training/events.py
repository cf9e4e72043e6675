"""Event sentences to learn from: PLV (a pair and its root) and the sentences written for this.

A written sentence has triggers, parties and roots; its pairs are made from them, and the pairs of
actors that do nothing to each other are the hard negatives.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from detente.extract.actors import find_actors
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser
from detente.extract.pairs import NONE
from detente.extract.triggers import ROOTS as EVENT_ROOTS
from detente.extract.windows import Window, windows_of
from detente.schema import Document

ROOTS = [NONE, *EVENT_ROOTS]
"""What the heads tell apart, in the order of their labels."""
WRITTEN = Path(__file__).parent / "data" / "written_events.jsonl"

Pieces = tuple[int, ...]


class Party(msgspec.Struct):
    text: str
    code: str


class Event(msgspec.Struct):
    root: str
    trigger: str
    status: str
    sources: list[Party] = []
    targets: list[Party] = []
    mode: str | None = None


class Written(msgspec.Struct):
    text: str
    events: list[Event]


@dataclass(slots=True)
class Pair:
    """Two parties (piece indices, empty for nobody), the root and the trigger's piece if known."""

    source: Pieces
    target: Pieces
    root: str
    trigger: int | None = None


@dataclass(slots=True)
class Trigger:
    """A trigger's piece, its root and its parties."""

    at: int
    root: str
    sources: list[Pieces]
    targets: list[Pieces]


@dataclass(slots=True)
class Sentence:
    """A sentence: its known pairs, its triggers if annotated, and pairs that hold no event."""

    id: str
    window: Window
    pairs: list[Pair]
    triggers: list[Trigger] | None = None
    unrelated: list[Pair] = field(default_factory=list)


def read_plv(path: Path, parser: Parser) -> Iterator[Sentence]:
    """Yield the rows of a PLV file; a party without a mark is nobody."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            text, spans = unmark(row["marked_sentence"])
            window = _window(text, parser)
            source, target = (_pieces(window, *spans[k]) if k in spans else () for k in "st")
            yield Sentence(row["sentence_id"], window, [Pair(source, target, row["gold_root"])])


def unmark(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the text without <s> and <t>, and the first place of each mark."""
    text, opened, spans = "", {}, {}
    for part in re.split(r"(</?[st]>)", marked):
        if re.fullmatch(r"<[st]>", part):
            opened.setdefault(part[1], len(text))
        elif re.fullmatch(r"</[st]>", part):
            if part[2] in opened:
                spans.setdefault(part[2], (opened[part[2]], len(text)))
        else:
            text += part
    return text, spans


def read_written(parser: Parser, path: Path = WRITTEN) -> Iterator[Sentence]:
    """Yield the written sentences with their triggers, pairs and unrelated pairs."""
    gazetteer = load_gazetteer()
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        row = msgspec.json.decode(line, type=Written)
        doc = Document(id="written", path="written", text=row.text)
        sentences = parser.parse(doc)
        window = next(windows_of(doc, sentences))
        triggers = [_trigger(window, row.text, event) for event in row.events]
        mentions = [
            _pieces(window, m.start, m.end) for m in find_actors(doc, sentences, gazetteer).mentions
        ]
        pairs = [pair for trigger in triggers for pair in _pairs(trigger)]
        yield Sentence(f"written-{number}", window, pairs, triggers, _unrelated(pairs, mentions))


def _window(text: str, parser: Parser) -> Window:
    doc = Document(id="plv", path="plv", text=text)
    return next(windows_of(doc, parser.parse(doc)))


def _pieces(window: Window, start: int, end: int) -> Pieces:
    """Return the pieces that share a character with the text from `start` to `end`."""
    inside = (window.starts < end) & (window.ends > start) & (window.starts < window.ends)
    return tuple(np.flatnonzero(inside).tolist())


def _place(text: str, words: str) -> tuple[int, int]:
    """Return where the words stand; `words@2` are their second occurrence."""
    found = re.fullmatch(r"(.*)@(\d+)", words, re.S)
    words, nth = (found[1], int(found[2])) if found else (words, 1)
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return start, start + len(words)


def _trigger(window: Window, text: str, event: Event) -> Trigger:
    at = _pieces(window, *_place(text, event.trigger))[0]
    sources, targets = (
        [_pieces(window, *_place(text, p.text)) for p in side]
        for side in (event.sources, event.targets)
    )
    return Trigger(at, event.root, sources, targets)


def _pairs(trigger: Trigger) -> Iterator[Pair]:
    """Yield each source with each target; parties without a target act on one another."""
    sources, targets = trigger.sources or [()], trigger.targets or [()]
    if len(trigger.sources) > 1 and not trigger.targets:
        sources = targets = trigger.sources
    for source in sources:
        for target in targets:
            if source != target:
                yield Pair(source, target, trigger.root, trigger.at)


def _unrelated(pairs: list[Pair], mentions: list[Pieces]) -> list[Pair]:
    """Return the ordered pairs of parties and other actors between which nothing happens."""
    known = {(pair.source, pair.target) for pair in pairs}
    parties = sorted({party for pair in pairs for party in (pair.source, pair.target) if party})
    taken = {piece for party in parties for piece in party}
    actors = [*parties, *(m for m in mentions if m and not taken & set(m)), ()]
    return [Pair(a, b, "none") for a in actors for b in actors if a != b and (a, b) not in known]


def sample_pairs(sentence: Sentence, chance: random.Random) -> list[Pair]:
    """Return the pairs of one step: one root for each related pair, and some unrelated ones."""
    related: dict[tuple[Pieces, Pieces], list[Pair]] = {}
    for pair in sentence.pairs:
        related.setdefault((pair.source, pair.target), []).append(pair)
    chosen = [chance.choice(pairs) for pairs in related.values()]
    count = min(len(sentence.unrelated), max(2, len(chosen)))
    return chosen + chance.sample(sentence.unrelated, count)

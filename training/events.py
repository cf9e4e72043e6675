"""Event sentences to learn from: PLV, sentences of news articles, and sentences written for this.

Each has triggers, parties and roots, annotated for this (`data/`); its pairs are made from them,
and the pairs of actors that do nothing to each other are the hard negatives. PLV adds its own pair.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np

from detente.bench.plv import read_marks
from detente.extract.actors import find_actors
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser
from detente.extract.pairs import NONE
from detente.extract.triggers import ROOTS as EVENT_ROOTS
from detente.extract.windows import Window, windows_of
from detente.schema import Document

ROOTS = [NONE, *EVENT_ROOTS]
"""What the heads tell apart, in the order of their labels."""
DATA = Path(__file__).parent / "data"
WRITTEN, PLV, NEWS = (DATA / f"{name}_events.jsonl" for name in ("written", "plv", "news"))

Pieces = tuple[int, ...]
Place = tuple[int, int]


class Words(msgspec.Struct):
    """A party of a written sentence by its words; `words@2` are their second occurrence."""

    text: str
    code: str


class WrittenEvent(msgspec.Struct):
    root: str
    trigger: str
    status: str
    sources: list[Words] = []
    targets: list[Words] = []
    mode: str | None = None


class Written(msgspec.Struct):
    text: str
    events: list[WrittenEvent]


class Party(msgspec.Struct):
    start: int
    end: int
    code: str


class Event(msgspec.Struct):
    """An annotated event; offsets are those of its sentence."""

    root: str
    trigger: Place
    status: str
    sources: list[Party] = []
    targets: list[Party] = []


class Annotated(msgspec.Struct):
    """The events of a sentence: of PLV by its `id`, of an article by `file` and offsets."""

    events: list[Event]
    id: str = ""
    file: str = ""
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Pair:
    """Two parties (piece indices, empty for nobody), the root and the trigger's piece if known.

    `is_marked` if PLV itself marks the parties and gives the root; `taught` are a teacher's
    probabilities of the roots.
    """

    source: Pieces
    target: Pieces
    root: str
    trigger: int | None = None
    is_marked: bool = False
    taught: np.ndarray | None = None


@dataclass(slots=True)
class Trigger:
    """A trigger's piece, its root, its parties, and how a teacher labels these (pieces, labels)."""

    at: int
    root: str
    sources: list[Pieces]
    targets: list[Pieces]
    taught: np.ndarray | None = None


@dataclass(slots=True)
class Sentence:
    """A sentence: its triggers, the pairs that they and PLV give, and pairs that hold no event.

    `taught` are a teacher's probabilities that a piece names an event, (pieces, roots).
    """

    id: str
    window: Window
    pairs: list[Pair]
    triggers: list[Trigger]
    unrelated: list[Pair] = field(default_factory=list)
    taught: np.ndarray | None = None


def read_plv(path: Path, parser: Parser, annotations: Path = PLV) -> Iterator[Sentence]:
    """Yield the annotated rows of a PLV file: its own pair, and the events annotated for this.

    A party without a mark is nobody.
    """
    events = {row.id: row.events for row in _rows(annotations)}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["sentence_id"] not in events:
                continue
            pair = read_marks(row["marked_sentence"])
            told = events[row["sentence_id"]]
            sentence = sentence_of(row["sentence_id"], pair.text, told, parser)
            source, target = (
                _pieces(sentence.window, *place) if place else ()
                for place in (pair.source, pair.target)
            )
            marked = Pair(source, target, row["gold_root"], is_marked=True)
            others = [p for p in sentence.pairs if (p.source, p.target) != (source, target)]
            sentence.pairs = [*others, marked]
            yield sentence


def read_news(data: Path, parser: Parser, annotations: Path = NEWS) -> Iterator[Sentence]:
    """Yield the annotated sentences of articles in the folder of data."""
    for row in _rows(annotations):
        text = (data / row.file).read_bytes().decode("utf-8")[row.start : row.end]
        yield sentence_of(f"{row.file}:{row.start}", text, row.events, parser)


def _rows(path: Path) -> list[Annotated]:
    return msgspec.json.Decoder(Annotated).decode_lines(path.read_bytes())


def read_written(parser: Parser, path: Path = WRITTEN) -> Iterator[Sentence]:
    """Yield the sentences that were written for this."""
    for number, row in enumerate(msgspec.json.Decoder(Written).decode_lines(path.read_bytes()), 1):
        events = [placed(row.text, event) for event in row.events]
        yield sentence_of(f"written-{number}", row.text, events, parser)


def placed(text: str, event: WrittenEvent) -> Event:
    """Return an event with the places of its words."""
    sources, targets = (
        [Party(*_place(text, p.text), p.code) for p in side]
        for side in (event.sources, event.targets)
    )
    return Event(event.root, _place(text, event.trigger), event.status, sources, targets)


def sentence_of(name: str, text: str, events: list[Event], parser: Parser) -> Sentence:
    """Return a sentence of its own with its triggers, pairs and unrelated pairs."""
    doc = Document(id="training", path="training", text=text)
    sentences = parser.parse(doc)
    window = next(windows_of(doc, sentences))
    triggers = [_trigger(window, event) for event in events]
    pairs = [pair for trigger in triggers for pair in _pairs(trigger)]
    mentions = find_actors(doc, sentences, load_gazetteer()).mentions
    actors = [_pieces(window, m.start, m.end) for m in mentions]
    return Sentence(name, window, pairs, triggers, _unrelated(pairs, actors))


def _pieces(window: Window, start: int, end: int) -> Pieces:
    """Return the pieces that share a character with the text from `start` to `end`."""
    inside = (window.starts < end) & (window.ends > start) & (window.starts < window.ends)
    return tuple(np.flatnonzero(inside).tolist())


def _place(text: str, words: str) -> Place:
    """Return where the words stand; `words@2` are their second occurrence."""
    found = re.fullmatch(r"(.*)@(\d+)", words, re.S)
    words, nth = (found[1], int(found[2])) if found else (words, 1)
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return start, start + len(words)


def _trigger(window: Window, event: Event) -> Trigger:
    sources, targets = (
        [_pieces(window, p.start, p.end) for p in side] for side in (event.sources, event.targets)
    )
    return Trigger(_pieces(window, *event.trigger)[0], event.root, sources, targets)


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
    return [Pair(a, b, NONE) for a in actors for b in actors if a != b and (a, b) not in known]


def unlabelled(sentence: Sentence) -> None:
    """Make the pairs of a sentence anew from its triggers, with no root yet for any."""
    mentions = sorted({side for p in sentence.unrelated for side in (p.source, p.target) if side})
    sentence.pairs = [replace(p, root="") for t in sentence.triggers for p in _pairs(t)]
    sentence.unrelated = [replace(p, root="") for p in _unrelated(sentence.pairs, mentions)]


def sample_pairs(sentence: Sentence, chance: random.Random) -> list[Pair]:
    """Return the pairs of one step: one root for each related pair, and some unrelated ones."""
    related: dict[tuple[Pieces, Pieces], list[Pair]] = {}
    for pair in sentence.pairs:
        related.setdefault((pair.source, pair.target), []).append(pair)
    chosen = [chance.choice(pairs) for pairs in related.values()]
    count = min(len(sentence.unrelated), max(2, len(chosen)))
    return chosen + chance.sample(sentence.unrelated, count)

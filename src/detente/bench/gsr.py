"""Accuracy of event coding on PLOVER gold-standard records, sentence by sentence.

In: a JSON list of records (`id`, `text`, `date`, `source` and `target` as lists of {code}, and
`event`), as the Open Event Data Alliance published them. Records of the same text are one sentence,
under the id of the first, whose gold standard is all of theirs; a record without a text (the head
`DOCUMENT`) is none; an id used again for another text gets `#2`. Out: precision, recall and F1 of
the roots, the country pairs and the triples; `items.py` says what counts as right.

The gold standard gives the one event that the codebook illustrates, rarely the others of its
sentence, so that precision is a lower bound.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

from detente.bench.items import (
    Item,
    current_root,
    gold_items,
    predicted_items,
    score_items,
)
from detente.bench.rows import write_rows
from detente.documents.dating import read_date
from detente.errors import InputError
from detente.extract.gazetteer import load_gazetteer
from detente.extract.lexicon import codebook_root
from detente.pipeline import code_stream
from detente.schema import ActorRef, Document, Event
from detente.settings import Settings

WANTED = "wanted is a JSON list of PLOVER gold-standard records"

MISFILED = {"PLOVER-GSR01-COERCE-0002", "PLOVER-GSR01-SANCTION-0010"}
"""Records filed under an event that their id and text contradict; the id says which it is."""

OF_STATES = {"COP", "GOV", "IGO", "JUD", "LEG", "MIL", "SPY"}
"""Sectors of listed bodies without a country that states have founded."""

Prediction = dict[str, str | None]
"""An event as the scorer takes it: `source`, `root` and `target`."""


@dataclass(slots=True, frozen=True)
class Sentence:
    """A sentence to be coded as a document of its own."""

    id: str
    text: str
    date: str | None = None


@dataclass(slots=True)
class GoldStandard:
    """Sentences in the order of their file, and the items of each."""

    sentences: list[Sentence]
    items: dict[str, set[Item]]


def measure_gsr(data: Path, *, predictions: Path | None = None) -> dict[str, Any]:
    """Return the agreement of the coder with gold-standard records.

    Args:
        data: the file of records.
        predictions: file to write the coded events to, a sentence a line.

    Raises:
        InputError: the file cannot be read or holds something that is no such record, or the
            predictions cannot be written.
    """
    gold = read_records(data)
    return measure_sentences(gold.sentences, gold.items, predictions=predictions)


def measure_sentences(
    sentences: Iterable[Sentence],
    gold: Mapping[str, set[Item]],
    *,
    predictions: Path | None = None,
) -> dict[str, Any]:
    """Return the agreement of the coder with the items of each sentence, by its id.

    Raises:
        InputError: the predictions cannot be written.
    """
    coded = code_sentences(sentences)
    if predictions is not None:
        write_predictions(predictions, coded)
    return score_predictions(coded, gold)


def score_predictions(
    coded: Mapping[str, list[Prediction]], gold: Mapping[str, set[Item]]
) -> dict[str, Any]:
    """Return the figures of coded sentences against the items of each.

    `n_coded` is less than `n` where the coder failed on a sentence.
    """
    found = {name: predicted_items(events) for name, events in coded.items()}
    return {"n_coded": sum(name in coded for name in gold), **score_items(gold, found)}


def code_sentences(sentences: Iterable[Sentence]) -> dict[str, list[Prediction]]:
    """Return the events of each sentence, coded by itself; one that fails is left out."""
    documents = (
        Document(id=one.id, path=one.id, text=one.text, date=one.date, n_chars=len(one.text))
        for one in sentences
    )
    return {
        coded.document.id: predictions_of(coded.records.events)
        for coded in code_stream(documents, Settings())
        if not coded.records.skipped
    }


def predictions_of(events: Iterable[Event]) -> list[Prediction]:
    """Return events as predictions: announced acts by the codebook's rule, denied ones not at all.

    Sources and targets are crossed; parties that only meet are crossed with each other.
    """
    found: list[Prediction] = []
    for event in events:
        if event.status == "denied":
            continue
        root = codebook_root(event.root, event.status)
        sources = [actor_code(ref) for ref in event.sources]
        targets = [actor_code(ref) for ref in event.targets]
        is_mutual = len(sources) > 1 and not targets
        pairs = (
            combinations(sources, 2) if is_mutual else product(sources or [None], targets or [None])
        )
        found += [{"source": a, "root": root, "target": b} for a, b in pairs]
    return [one for i, one in enumerate(found) if one not in found[:i]]


def actor_code(ref: ActorRef) -> str | None:
    """Return PLOVER's code of an actor: the country, IGO, NGO or MNC, then the sector if known.

    Somebody of no known country who stands for no listed body is the sector alone, or null.
    """
    sector = ref.sector or ""
    place = ref.country or _class_of(ref)
    return (place if sector == place else place + sector) or None


def _class_of(ref: ActorRef) -> str:
    """Return the class of an actor without a country, or an empty text."""
    if ref.sector in ("IGO", "NGO"):
        return ref.sector
    body = load_gazetteer().actors.get(ref.actor.partition(".")[0])
    if body is None:
        return ""
    if body.sector == "BUS":
        return "MNC"
    return "IGO" if body.sector in OF_STATES else "NGO"


def write_predictions(path: Path, coded: Mapping[str, list[Prediction]]) -> None:
    """Write a line a sentence, `{"id", "events"}`.

    Raises:
        InputError: the file cannot be written.
    """
    rows = [{"id": name, "events": events} for name, events in coded.items()]
    write_rows(path, rows)


def read_records(path: Path) -> GoldStandard:
    """Return the sentences of a file of gold-standard records.

    Raises:
        InputError: the file cannot be read, is no JSON list, or a record lacks its id or has an
            unknown event.
    """
    try:
        records = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as err:
        raise InputError(f"{path}: cannot be read as JSON ({err}); {WANTED}") from err
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise InputError(f"{path}: no list of records; {WANTED}")
    first: dict[str, Sentence] = {}
    items: dict[str, set[Item]] = defaultdict(set)
    uses: Counter[str] = Counter()
    for record in records:
        if not record.get("text"):
            continue
        name = str(record.get("id"))
        uses[name] += 1
        if uses[name] > 1:
            name += f"#{uses[name]}"
        text = clean(record["text"])
        sentence = first.setdefault(text, Sentence(name, text, _day(record)))
        try:
            items[sentence.id] |= _record_items(name, record)
        except InputError as err:
            raise InputError(f"{path}, record {name}: {err}") from err
    return GoldStandard(list(first.values()), dict(items))


def clean(text: str) -> str:
    """Return a text without the marks of LaTeX that the records kept, white space collapsed."""
    text = text.strip().strip("{}").replace("\\$", "$").replace("\\%", "%").replace("~", " ")
    return " ".join(text.split())


def _day(record: Mapping[str, Any]) -> str | None:
    """Return a record's date as ISO 8601, None where it has none that can be read."""
    try:
        return read_date(str(record.get("date")))
    except ValueError:
        return None


def _record_items(name: str, record: Mapping[str, Any]) -> set[Item]:
    event = name.split("-")[2] if name in MISFILED else record.get("event")
    root = current_root(str(event))
    if root is None:
        return set()
    return gold_items(root, _codes(record.get("source")), _codes(record.get("target")))


def _codes(actors: object) -> list[str | None]:
    """Return the codes of a field of actors; a text in its place stands for none."""
    return [actor.get("code") for actor in actors] if isinstance(actors, list) else []

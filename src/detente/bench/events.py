"""Accuracy of event coding on the project's own annotated sentences, measured like the records.

In: `events_plv.jsonl`, a line a sentence of PLV (`id` and `events`), and `events_polnear.jsonl`, a
line a sentence of an article (`file`, `start`, `end` and `events`). An event has a `root`, `source`
and `target` (lists of codes), and `main` where it is the one that a codebook would show. The texts
stay in the folder of data. Out: for each file the figures of `gsr.py` with the main events as the
gold standard, as in the records, and with all events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from detente.bench.gsr import Sentence, code_sentences, score_predictions
from detente.bench.items import Item, current_root, gold_items
from detente.bench.plv import read_sentences
from detente.documents.readers import Options, read
from detente.errors import InputError

ANNOTATIONS = Path("eval/annotations")
PLV, PLV_TEXTS = "events_plv.jsonl", Path("plv", "PLV_train.tsv")
POLNEAR, POLNEAR_DATES = "events_polnear.jsonl", Path("polnear", "metadata.tsv")


class AnnotatedEvent(msgspec.Struct, frozen=True):
    """One annotated event; parties that only meet are all sources."""

    root: str
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    main: bool = False


class Row(msgspec.Struct, frozen=True):
    """The events of one sentence: of PLV by its `id`, of an article by `file` and offsets."""

    events: tuple[AnnotatedEvent, ...]
    id: str = ""
    file: str = ""
    start: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """Return what the sentence is called here."""
        return self.id or f"{self.file}:{self.start}"


def measure_events(data: Path, annotations: Path = ANNOTATIONS) -> dict[str, Any]:
    """Return the agreement of the coder with both annotation files.

    Args:
        data: the folder with `plv/` and, for the files that the annotations name, `polnear/`.
        annotations: the folder of the annotation files.

    Raises:
        InputError: a file is missing, a line is no annotation, or its sentence is not there.
    """
    plv, polnear = (read_rows(annotations / name) for name in (PLV, POLNEAR))
    return {
        "plv": _measure(plv, _plv_sentences(plv, data / PLV_TEXTS)),
        "polnear": _measure(polnear, _article_sentences(polnear, data)),
    }


def read_rows(path: Path) -> list[Row]:
    """Return the lines of an annotation file.

    Raises:
        InputError: the file is missing, or a line is no annotation.
    """
    try:
        return msgspec.json.Decoder(Row).decode_lines(path.read_bytes())
    except (OSError, msgspec.DecodeError) as err:
        raise InputError(
            f"{path}: no annotations can be read ({err}); run this in the project's folder"
        ) from err


def _measure(rows: Iterable[Row], sentences: Iterable[Sentence]) -> dict[str, Any]:
    coded = code_sentences(sentences)
    return {
        "main_events": score_predictions(coded, _gold(rows, only_main=True)),
        "all_events": score_predictions(coded, _gold(rows, only_main=False)),
    }


def _gold(rows: Iterable[Row], *, only_main: bool) -> dict[str, set[Item]]:
    """Return the items of each sentence."""
    items: dict[str, set[Item]] = defaultdict(set)
    for row in rows:
        items[row.name] |= set()
        for event in row.events:
            root = current_root(event.root)
            if root and (event.main or not only_main):
                items[row.name] |= gold_items(root, event.source, event.target)
    return items


def _plv_sentences(rows: Iterable[Row], path: Path) -> list[Sentence]:
    texts = read_sentences(path)
    names = list(dict.fromkeys(row.name for row in rows))
    if unknown := [name for name in names if name not in texts]:
        raise InputError(f"{path}: no sentence {unknown[0]!r}, of which {PLV} speaks")
    return [Sentence(name, texts[name]) for name in names]


def _article_sentences(rows: Iterable[Row], data: Path) -> list[Sentence]:
    """Return the annotated sentences, each with its article's date."""
    table = data / POLNEAR_DATES
    options = Options(metadata=table if table.is_file() else None)
    of_file: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        of_file[row.file][row.name] = row
    sentences = []
    for file, by_name in of_file.items():
        article = read(data / file, options=options)[0]
        for name, row in by_name.items():
            text = article.text[row.start : row.end]
            if not text.strip():
                raise InputError(f"{data / file}: no words at {row.start}:{row.end} ({POLNEAR})")
            sentences.append(Sentence(name, text, article.date))
    return sentences

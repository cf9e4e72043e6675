"""Accuracy of actor resolution on annotated mentions, as `eval/annotations/README.md` scores it.

A mention is right when the resolver's mention over the last word of the annotated span names the
same actor: the same id; for persons the same family name and country; where the line gives a
country, that country. A negative is right when no mention lies within its span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from detente.documents.readers import read
from detente.errors import InputError
from detente.extract.actors import ActorMention, DocumentActors, find_actors
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser

DATES = {"polnear": "2016-08-01"}
"""A date within the period of a corpus whose files carry none; offices are ranked by it."""


SEEDS = "seeds/"
"""Where the articles lie that the rules were written with in view."""


class Annotation(msgspec.Struct, frozen=True):
    """One annotated mention; `actor` is null for words that mean no actor."""

    file: str
    start: int
    end: int
    kind: str
    actor: str | None = None
    country: str | None = None


def measure_mentions(data: Path, annotations: Path | None = None) -> dict[str, Any]:
    """Return the accuracy of actor resolution, over all and by kind of mention, 0 to 1.

    Every second file, in the order of names, and the seeds are the development part, whose errors
    were read while the resolver was written; the figures without `dev` are of the other files.

    Args:
        data: the folder to which the annotations' file names are relative.
        annotations: the annotated mentions; `eval/annotations/mentions.jsonl` when left out.

    Raises:
        InputError: the annotations or an annotated text are missing, or all are of one file.
    """
    path = annotations or Path("eval/annotations/mentions.jsonl")
    if not path.is_file():
        raise InputError(f"no annotations at {path}; run this in the project's folder")
    rows = msgspec.json.Decoder(Annotation).decode_lines(path.read_bytes())
    files = sorted({row.file for row in rows})
    if len(files) < 2:
        raise InputError(f"{path} speaks of fewer than two files, so there is no test part")
    parser, gazetteer = Parser(), load_gazetteer()
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for place, file in enumerate(files):
        part = "dev" if place % 2 == 0 or file.startswith(SEEDS) else "test"
        doc = read(data / file)[0]
        doc = msgspec.structs.replace(doc, date=doc.date or DATES.get(file.partition("/")[0]))
        found = find_actors(doc, parser.parse(doc), gazetteer)
        for row in (r for r in rows if r.file == file):
            total[part, row.kind] += 1
            right[part, row.kind] += is_right(row, found)
    kinds = sorted(kind for part, kind in total if part == "test")
    return {
        "n": _sum(total, "test"),
        "accuracy": round(_sum(right, "test") / _sum(total, "test"), 4),
        "by_kind": {k: round(right["test", k] / total["test", k], 4) for k in kinds},
        "n_by_kind": {k: total["test", k] for k in kinds},
        "n_dev": _sum(total, "dev"),
        "accuracy_dev": round(_sum(right, "dev") / max(1, _sum(total, "dev")), 4),
    }


def _sum(counts: Counter[tuple[str, str]], part: str) -> int:
    return sum(n for (where, _), n in counts.items() if where == part)


def is_right(row: Annotation, found: DocumentActors) -> bool:
    """Return whether the resolver's mentions agree with one annotation."""
    named = [m for m in found.mentions if m.kind != "place"]
    if row.actor is None:
        return not any(row.start <= m.start and m.end <= row.end for m in named)
    if row.kind == "demonym":
        over = [m for m in named if m.start < row.end and row.start < m.end]
    else:
        over = [m for m in named if m.start < row.end <= m.end]
    return any(_agrees(row, mention, found) for mention in _narrowest_first(over))


def _narrowest_first(mentions: Iterable[ActorMention]) -> list[ActorMention]:
    return sorted(mentions, key=lambda m: m.end - m.start)[:1]


def _agrees(row: Annotation, mention: ActorMention, found: DocumentActors) -> bool:
    actor = found.actors[mention.actor]
    if mention.actor == row.actor:
        return True
    if row.country is not None:
        return row.country == (actor.country or actor.id)
    wanted_place, _, wanted = (row.actor or "").partition(".")
    place, _, name = mention.actor.partition(".")
    same_family = bool(wanted) and wanted.split("-")[0] in name.split("-")
    return same_family and place == wanted_place and actor.kind == "person"

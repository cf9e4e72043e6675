"""PolNeAR as training windows: the pieces of `detente.extract.windows` with attribution labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from detente import read
from detente.bench.standoff import ROLES, Attribution, read_attributions
from detente.extract.language import Parser
from detente.extract.windows import Window, windows_of

LABELS = ("O", *(f"{edge}-{role}" for role in ROLES for edge in "BI"))
"""`O`, `B-source`, `I-source`, ..., the labels of the tagger and of the roles of an anchor."""


@dataclass(slots=True)
class Example:
    """A window, its flat labels, and for each attribution its anchor and the labels it gives.

    A teacher's probabilities of the same labels (pieces, labels) may stand beside them.
    """

    window: Window
    tags: np.ndarray
    anchors: list[int] = field(default_factory=list)
    roles: list[np.ndarray] = field(default_factory=list)
    taught_tags: np.ndarray | None = None
    taught_roles: list[np.ndarray] = field(default_factory=list)


def label(window: Window, roles: Attribution) -> np.ndarray:
    """Return the labels of the pieces by one attribution; all 0 where it lies outside."""
    labels = np.zeros(len(window.ids), dtype=np.int64)
    real = window.starts < window.ends
    for k, role in enumerate(ROLES):
        for start, end in roles[role]:
            inside = np.flatnonzero((window.starts < end) & (window.ends > start) & real)
            if len(inside):
                labels[inside] = 2 + 2 * k
                if window.starts[inside[0]] >= start or inside[0] == 1:
                    labels[inside[0]] = 1 + 2 * k
    return labels


def examples(windows: list[Window], attributions: list[Attribution]) -> list[Example]:
    """Return each window with its labels; an attribution belongs where its anchor stands.

    The anchor is the first piece of the cue, or of the content where there is no cue.
    """
    out = [Example(w, np.zeros(len(w.ids), dtype=np.int64)) for w in windows]
    for roles in attributions:
        first = (roles["cue"] or roles["content"])[0][0]
        for example in out:
            labels = label(example.window, roles)
            if not labels.any():
                continue
            example.tags = np.where(labels > 0, labels, example.tags)
            at = np.flatnonzero((example.window.ends > first) & (example.window.starts <= first))
            at = at[example.window.starts[at] < example.window.ends[at]]
            if len(at) and labels[at[0]]:
                example.anchors.append(int(at[0]))
                example.roles.append(labels)
    return out


def load(part: Path, parser: Parser, every_annotator: bool = False):
    """Yield (name, document, windows, attributions) of a part of the corpus."""
    paths = sorted((part / "text").glob("*.txt"))
    docs = [next(iter(read(path))) for path in paths]
    for path, doc, sentences in zip(paths, docs, parser.parse_many(docs), strict=True):
        notes = sorted((part / "attributions").glob(f"{path.stem}_*.ann"))
        notes = [n for n in notes if n.stem.rpartition("_")[0] == path.stem] or notes
        windows = list(windows_of(doc, sentences))
        for note in notes if every_annotator else notes[:1]:
            yield path.stem, doc, windows, read_attributions(note, doc.text)

"""Attributions by the trained tagger: cues first, then each cue's source and content.

The tagger gives every piece a label; a piece that begins a cue is an anchor. The role head then
labels the window once for each anchor, so that source, cue and content come linked. Best labels
are those of the BIO scheme (`labels`). Trained on PolNeAR (Newell, Margolin & Ruths 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.extract.encoder import Floats, Ints, Reading, read_roles
from detente.extract.labels import best_labels, stretches
from detente.extract.windows import Window

SOURCE, CUE, CONTENT = 1, 2, 3
"""Kinds of labels: label 2k-1 begins kind k, label 2k continues it."""
SURE, DOUBTFUL = 0.35, 0.1
"""Least probability with which a piece begins a cue, and with which it may yet prove one, where a
content stands that no sure cue takes. These and the next four were chosen on PolNeAR's dev part."""
TAGGED = 0.1
"""Weight of the tags beside the roles of an anchor."""
SPLIT = -4.0
"""Added to the log-probability that a piece begins a content: a content in one piece is likelier
than the heads, which judge each piece by itself, make of it."""
LINKED = 0.2
"""Least mean probability, as content of an anchor, of a tagged content that it takes in."""
COVERED = 0.5
"""Share of a tagged content from which on it counts as taken."""
NEIGHBOURS = 2
"""Pieces within which two beginnings are one cue."""

Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """An attribution as offsets in the document, with the probability of its cue."""

    source: Places
    cue: Places
    content: Places
    probability: float


def tag_attributions(reading: Reading) -> Iterator[Tagged]:
    """Yield the attributions of a window, in text order of their cues."""
    window = reading.window
    begins = np.exp(reading.tags[:, 2 * CUE - 1])
    anchors = anchors_of(begins, window)
    if not anchors:
        return
    roles = read_roles(reading, anchors)
    scores = np.concatenate([roles + TAGGED * reading.tags, reading.tags[None]])
    scores[:, :, 2 * CONTENT - 1] += SPLIT
    rows = best_labels(scores)
    labels, tags = rows[:-1], rows[-1]
    chosen = {k for k, anchor in enumerate(anchors) if begins[anchor] >= SURE}
    chosen |= _take_in(labels, chosen, roles, tags)
    told = set()
    for k in sorted(chosen):
        source, cue, content = (
            tuple(stretches(labels[k], window.starts, window.ends, kind))
            for kind in (SOURCE, CUE, CONTENT)
        )
        cue = cue or ((int(window.starts[anchors[k]]), int(window.ends[anchors[k]])),)
        if content and (cue, content) not in told:
            told.add((cue, content))
            yield Tagged(source, cue, content, float(begins[anchors[k]]))


def _take_in(labels: Ints, chosen: set[int], roles: Floats, tags: Ints) -> set[int]:
    """Give each tagged content that no chosen anchor has to the likeliest one; return these.

    Writes into `labels`, the rows of all anchors.
    """
    begin, inside = 2 * CONTENT - 1, 2 * CONTENT
    is_content = np.exp(roles[:, :, begin]) + np.exp(roles[:, :, inside])
    taken: NDArray[np.bool_] = np.any(labels[sorted(chosen)] >= begin, axis=0)
    takers = set()
    for first, last in _runs(tags, begin):
        if taken[first:last].mean() > COVERED:
            continue
        k = int(is_content[:, first:last].mean(1).argmax())
        if is_content[k, first:last].mean() < LINKED:
            continue
        free = first + np.flatnonzero(
            (labels[k, first:last] == 0) | (labels[k, first:last] >= begin)
        )
        if len(free):
            labels[k, free] = inside
            if labels[k, free[0] - 1] < begin:
                labels[k, free[0]] = begin
            taken[first:last] = True
            takers.add(k)
    return takers


def _runs(tags: Ints, begin: int) -> Iterator[tuple[int, int]]:
    """Yield first and last, exclusive, of each stretch of pieces labelled `begin` and inside."""
    first = None
    for i, label in enumerate([*tags.tolist(), 0]):
        if first is not None and label != begin + 1:
            yield first, i
            first = None
        if label == begin:
            first = i


def anchors_of(begins: Floats, window: Window) -> list[int]:
    """Return the pieces that begin a cue; of close ones the likeliest."""
    likely = np.flatnonzero((begins >= DOUBTFUL) & (window.starts < window.ends)).tolist()
    chosen: list[int] = []
    for i in sorted(likely, key=lambda i: (-begins[i], i)):
        if all(abs(i - j) > NEIGHBOURS for j in chosen):
            chosen.append(i)
    return sorted(chosen)

"""Events by the trained heads: triggers, then each trigger's parties, then the root of each pair.

A piece that names an event is an anchor; the party head labels its sentence's sources and targets;
the pair head says what each source does to each target, and may say "nothing". The root is the one
that trigger and pair together hold likeliest. Trained on PLV (Hu et al. 2024) and on sentences
written for it (`training/data`); roots are those of PLOVER's codebook of February 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.extract.encoder import Floats, Ints, Reading, log_softmax, read_pairs, read_parties
from detente.extract.labels import best_labels, stretches
from detente.extract.language import Sentence
from detente.extract.windows import START, STOP, Window

ROOTS = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST "
    "SANCTION MOBILIZE COERCE ASSAULT"
).split()
"""The roots in the order of the heads' labels, which have none before them."""

SOURCE, TARGET = 1, 2
LEAST_TRIGGER = 0.1
"""Least probability with which a piece names an event; chosen, like the next three, on the
development sentences."""
LEAST_PAIR = 0.85
"""Least probability with which trigger and pairs hold an event, of whatever root."""
LEAST_ROOT = 0.3
"""Least probability of an event's root."""
PAIRS = 0.65
"""Weight of the pairs beside that of the trigger."""
NEIGHBOURS = 1
"""Pieces within which two triggers are one."""

Place = tuple[int, int]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """An event as offsets in the document.

    Attributes:
        sentence: index of its sentence.
        trigger: the word that names it, or the first piece of it.
        root: the likeliest PLOVER root.
        probability: of that root, given trigger and parties.
        sources: who acts; of a mutual event all parties.
        targets: whom it is done to.
    """

    sentence: int
    trigger: Place
    root: str
    probability: float
    sources: tuple[Place, ...]
    targets: tuple[Place, ...]


def find_triggers(reading: Reading, sentences: Sequence[Sentence]) -> Iterator[Found]:
    """Yield the events of a window of a document with these sentences, in text order."""
    named = 1 - np.exp(reading.triggers[:, 0])
    for index in sorted(set(reading.window.sentences)):
        yield from _of_sentence(reading, named, sentences[index])


def _of_sentence(reading: Reading, named: Floats, sentence: Sentence) -> Iterator[Found]:
    window = reading.window
    inside = (window.starts >= sentence.start) & (window.ends <= sentence.end)
    inside &= window.starts < window.ends
    likely = np.flatnonzero(inside & (named >= LEAST_TRIGGER)).tolist()
    anchors: list[int] = []
    for i in sorted(likely, key=lambda i: (-named[i], i)):
        if all(abs(i - j) > NEIGHBOURS for j in anchors):
            anchors.append(i)
    if anchors:
        first, last = _extent(window, inside)
        own = sorted(anchor - first for anchor in anchors)
        yield from _of_triggers(reading.cut(first, last), own, sentence.index)


def _extent(window: Window, inside: Bools) -> tuple[int, int]:
    """Return the pieces of a sentence, with an end of the window or paragraph beside it.

    The heads were trained on sentences that stand between two such ends.
    """
    places = np.flatnonzero(inside)
    first, last = int(places[0]), int(places[-1]) + 1
    if first and window.ids[first - 1] in (START, STOP):
        first -= 1
    if last < len(inside) and window.ids[last] in (START, STOP):
        last += 1
    return first, last


def _of_triggers(reading: Reading, anchors: list[int], index: int) -> Iterator[Found]:
    """Yield the events of one sentence, given the pieces of its triggers."""
    window = reading.window
    labels = best_labels(read_parties(reading, anchors))
    for anchor, row in zip(anchors, labels, strict=True):
        sources, targets = (
            _unbroken(stretches(row, window.starts, window.ends, kind)) for kind in (SOURCE, TARGET)
        )
        place = (int(window.starts[anchor]), int(window.ends[anchor]))
        for some, others in _deals(reading, sources, targets):
            roots = np.exp(_root_scores(reading, anchor, some, others))
            best = int(roots[1:].argmax()) + 1
            if 1 - roots[0] >= LEAST_PAIR and roots[best] >= LEAST_ROOT:
                sides = tuple(some), tuple(others)
                yield Found(index, place, ROOTS[best - 1], float(roots[best]), *sides)


def _unbroken(places: Iterable[Place]) -> list[Place]:
    """Return the places, those joined that have at most a blank between them."""
    joined: list[Place] = []
    for start, end in places:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _deals(
    reading: Reading, sources: list[Place], targets: list[Place]
) -> list[tuple[list[Place], list[Place]]]:
    """Return the sides of one event, or of several where each source acts for itself.

    Several sources without a target either deal with one another ("Iran and Oman met") or do the
    same to somebody unnamed ("Iran and Oman protested"): the pair head decides.
    """
    if targets or len(sources) < 2:
        return [(sources, targets)] if sources or targets else []
    together = _pair_scores(reading, [(sources[0], other) for other in sources[1:]])
    alone = _pair_scores(reading, [(source, None) for source in sources])
    if together[:, 0].mean() <= alone[:, 0].mean():
        return [(sources, [])]
    return [([source], []) for source in sources]


def _root_scores(
    reading: Reading, anchor: int, sources: list[Place], targets: list[Place]
) -> Floats:
    """Return the log-probabilities of none and the roots: of pairs and trigger, weighted.

    A mutual event's pairs are those of its first party with the others.
    """
    left: Sequence[Place | None] = sources or [None]
    right: Sequence[Place | None] = targets or [None]
    if len(sources) > 1 and not targets:
        left, right = sources[:1], sources[1:]
    pairs = _pair_scores(reading, [(a, b) for a in left for b in right])
    return log_softmax(PAIRS * pairs.mean(0) + (1 - PAIRS) * reading.triggers[anchor])


def _pair_scores(reading: Reading, pairs: Sequence[tuple[Place | None, Place | None]]) -> Floats:
    """Return the log-probabilities of none and the roots for each pair of a sentence."""
    window = reading.window
    sources, targets = (
        np.stack([marks(window.starts, window.ends, pair[side]) for pair in pairs])
        for side in (0, 1)
    )
    return read_pairs(reading, sources, targets)


def marks(starts: Ints, ends: Ints, place: Place | None) -> Floats:
    """Return 1 for the pieces that stand within a place, 0 for the others."""
    if place is None:
        return np.zeros(len(starts), dtype=np.float32)
    inside = (starts < place[1]) & (ends > place[0]) & (starts < ends)
    marked: Floats = inside.astype(np.float32)
    return marked

"""Unparsed documents, windows and readings, made by hand for the tests of the trained heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import numpy as np

from detente.extract.encoder import Floats, Ints, Reading
from detente.extract.language import Sentence, Token
from detente.extract.windows import START, STOP, Window
from detente.schema import Document
from tests.build import document

LIKELY, UNLIKELY = -0.01, -9.0
"""Log-probabilities of the label that a made-up head is sure of, and of the others."""
TAGGED_CONTENT = 0.999
"""Probability of a content label where a made-up reading has a content."""


def article(*paragraphs: str | Sequence[str]) -> tuple[Document, list[Sentence]]:
    """Return a document and its sentences: a paragraph is one sentence or several.

    Words are what stands between blanks; each hangs on the first, all are tagged NN.
    """
    members = [(p,) if isinstance(p, str) else tuple(p) for p in paragraphs]
    doc = document("\n".join(" ".join(p) for p in members))
    sentences: list[Sentence] = []
    numbers, place = count(), 0
    for paragraph, texts in enumerate(members):
        for text in texts:
            tokens = list(_tokens(text, place))
            if tokens:
                sentences.append(
                    Sentence(next(numbers), paragraph, tokens[0].start, tokens[-1].end, tokens)
                )
            place += len(text) + 1
    return doc, sentences


def _tokens(text: str, offset: int) -> Iterable[Token]:
    place = 0
    for i, word in enumerate(text.split()):
        start = text.index(word, place)
        place = start + len(word)
        low, high, lower = offset + start, offset + place, word.lower()
        yield Token(i, low, high, word, lower, lower, "NN", "dep" if i else "ROOT", 0)


def window(text: str, sentences: Sequence[int] = (0,)) -> Window:
    """Return a window with one piece a word of `text`; the pieces at its ends have no words."""
    places = [(0, 0), *((t.start, t.end) for t in _tokens(text, 0)), (len(text), len(text))]
    starts, ends = (np.array([p[k] for p in places], dtype=np.int64) for k in (0, 1))
    ids = np.array([START, *range(1000, 998 + len(places)), STOP], dtype=np.int64)
    features = np.zeros((len(ids), 4), dtype=np.int64)
    return Window(ids, features, np.arange(len(ids)), starts, ends, list(sentences))


def reading(
    text: str,
    *,
    cues: Mapping[int, float] | None = None,
    triggers: Mapping[int, tuple[int, float]] | None = None,
    contents: Iterable[tuple[int, int]] = (),
    sentences: Sequence[int] = (0,),
) -> Reading:
    """Return a window as the trunk might read it.

    Args:
        text: its words.
        cues: for a piece the probability that it begins a cue.
        triggers: for a piece a root's number and the probability that it names such an event.
        contents: first and last, exclusive, of the pieces that are tagged as content.
        sentences: the sentences in the window.
    """
    made = window(text, sentences)
    n = len(made.ids)
    tags = np.full((n, 7), 1e-9, dtype=np.float32)
    named = np.full((n, 17), 1e-9, dtype=np.float32)
    tags[:, 0] = named[:, 0] = 1
    for first, last in contents:
        tags[first:last] = 1e-9
        tags[first:last, 0] = 1 - TAGGED_CONTENT
        tags[first, 5] = tags[first + 1 : last, 6] = TAGGED_CONTENT
    for piece, probability in (cues or {}).items():
        tags[piece, [0, 3]] = 1 - probability, probability
    for piece, (root, probability) in (triggers or {}).items():
        named[piece, [0, root]] = 1 - probability, probability
    return Reading(made, np.zeros((n, 384), dtype=np.float32), np.log(tags), np.log(named))


def sure(rows: Iterable[str], labels: str) -> Floats:
    """Return log-probabilities by which each piece has the label written in its row.

    `labels` spells the labels in their order, for example `.SsCcKk` with `.` for none.
    """
    chosen: Ints = np.array([[labels.index(letter) for letter in row] for row in rows])
    scores = np.full((*chosen.shape, len(labels)), UNLIKELY, dtype=np.float32)
    np.put_along_axis(scores, chosen[..., None], LIKELY, axis=-1)
    return scores

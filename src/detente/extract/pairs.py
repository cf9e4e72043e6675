"""What one marked party does to another in a sentence: the pair head alone, as PLV asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import InputError
from detente.extract.encoder import has_weights, log_softmax, read_pairs, read_windows
from detente.extract.language import Parser
from detente.extract.triggers import ROOTS, Place, marks
from detente.extract.windows import windows_of
from detente.schema import Document

NONE = "none"
"""The label of a pair between which nothing happens."""
TEMPERATURE = 0.92
"""Divides the scores: the head, which learned smoothed labels and a teacher's, is less sure than it
is right (Guo et al. 2017). Chosen on the 165 sentences of PLV that are kept out."""


@dataclass(slots=True, frozen=True)
class Pair:
    """A sentence with the characters of its source and target, where they are marked."""

    text: str
    source: Place | None
    target: Place | None


class PairCoder:
    """Classifies marked pairs with one loaded language pipeline."""

    def __init__(self, pipeline: str | None = None) -> None:
        if not has_weights():
            raise InputError("the trained weights are not installed; install détente again")
        self._parser = Parser(pipeline)

    def classify(
        self, text: str, source_span: Place | None, target_span: Place | None
    ) -> dict[str, float]:
        """Return the probability of each PLOVER root, and of `none`, for one pair."""
        return self.classify_many([Pair(text, source_span, target_span)])[0]

    def classify_many(self, pairs: Sequence[Pair]) -> list[dict[str, float]]:
        """Return the probabilities of many pairs, in their order.

        A text is read up to its first 256 word pieces; one without words holds no event.
        """
        docs = [Document(id="pair", path="pair", text=pair.text) for pair in pairs]
        found: list[dict[str, float]] = [{NONE: 1.0} | dict.fromkeys(ROOTS, 0.0) for _ in pairs]
        windows = {
            k: next(windows_of(doc, sentences))
            for k, (doc, sentences) in enumerate(
                zip(docs, self._parser.parse_many(docs), strict=True)
            )
            if sentences
        }
        for k, reading in zip(windows, read_windows(list(windows.values())), strict=True):
            pair = pairs[k]
            window = reading.window
            source, target = (
                marks(window.starts, window.ends, place)[None]
                for place in (pair.source, pair.target)
            )
            roots = log_softmax(read_pairs(reading, source, target) / TEMPERATURE)
            found[k] = dict(zip([NONE, *ROOTS], np.exp(roots[0]).tolist(), strict=True))
        return found


def load_pair_coder() -> PairCoder:
    """Return the classifier; raises `InputError` where the weights are not installed."""
    return PairCoder()

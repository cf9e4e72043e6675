"""Label sequences: the best one under the BIO constraint, and the stretches that it marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FORBIDDEN = -1e4
"""Score of a step that the BIO scheme does not allow."""


def best_labels(scores: Floats, sizes: Ints) -> Ints:
    """Return the best label of each piece, (sequences, pieces).

    Labels are O, B-1, I-1, B-2, I-2, ...; an I follows only its own B or I (Viterbi 1967). Pieces
    behind a sequence's size are O.

    Args:
        scores: log-probabilities (sequences, pieces, labels).
        sizes: number of pieces of each sequence.
    """
    n, length, n_labels = scores.shape
    if n == 0:
        return np.zeros((0, length), dtype=np.int64)
    steps = _steps(n_labels)
    rows = np.arange(n)
    best = scores[:, 0] + steps[0]
    came = np.zeros((n, length, n_labels), dtype=np.int64)
    for t in range(1, length):
        through = best[:, :, None] + steps[None]
        came[:, t] = through.argmax(1)
        following = through.max(1) + scores[:, t]
        best = np.where((t < sizes)[:, None], following, best)
    labels = np.zeros((n, length), dtype=np.int64)
    now = best.argmax(1)
    for t in range(length - 1, -1, -1):
        inside = t < sizes
        labels[:, t] = np.where(inside, now, 0)
        now = np.where(inside, came[rows, t, now], now)
    return labels


def _steps(n_labels: int) -> Floats:
    """Return the score of each step from one label (row) to the next (column): 0 or forbidden."""
    steps = np.zeros((n_labels, n_labels), dtype=np.float32)
    for inside in range(2, n_labels, 2):
        steps[:, inside] = FORBIDDEN
        steps[inside - 1, inside] = steps[inside, inside] = 0
    return steps


def stretches(labels: Ints, starts: Ints, ends: Ints, kind: int) -> list[tuple[int, int]]:
    """Return the offsets of the stretches that are labelled B and I of a kind (1, 2, ...).

    Pieces that stand for no characters (`starts == ends`) neither make nor break a stretch.
    """
    begin, inside = 2 * kind - 1, 2 * kind
    found: list[tuple[int, int]] = []
    is_open = False
    for label, start, end in zip(labels.tolist(), starts.tolist(), ends.tolist(), strict=True):
        if start == end:
            continue
        if label == begin or (label == inside and not is_open):
            found.append((start, end))
        elif label == inside:
            found[-1] = (found[-1][0], end)
        is_open = label in (begin, inside)
    return found

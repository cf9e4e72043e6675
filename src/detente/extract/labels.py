"""Label sequences: the best one under the BIO constraint, and the stretches that it marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FORBIDDEN = -1e4
"""Score of a step that the BIO scheme does not allow."""


def best_labels(scores: Floats) -> Ints:
    """Return the best label of each piece, (sequences, pieces).

    Labels are O, B-1, I-1, B-2, I-2, ...; an I follows only its own B or I (Viterbi 1967).

    Args:
        scores: log-probabilities (sequences, pieces, labels).
    """
    n, length, n_labels = scores.shape
    begins, insides = slice(1, n_labels, 2), slice(2, n_labels, 2)
    best = np.full((n, n_labels), FORBIDDEN, dtype=np.float32)
    best[:, 0] = 0  # what stands before the first piece is outside
    rows = np.arange(n)
    came = np.zeros((length, n), dtype=np.int64)
    stays = np.zeros((length, n, n_labels // 2), dtype=np.bool_)
    for t in range(length):
        came[t] = best.argmax(1)
        following = best[rows, came[t], None] + scores[:, t]
        stays[t] = best[:, insides] > best[:, begins]
        within = np.maximum(best[:, insides], best[:, begins])
        following[:, insides] = within + scores[:, t, insides]
        best = following
    labels = np.zeros((n, length), dtype=np.int64)
    for row, last in enumerate(best.argmax(1).tolist()):
        labels[row] = _traced(last, came[:, row].tolist(), stays[:, row].tolist())
    return labels


def _traced(last: int, came: Sequence[int], stays: Sequence[Sequence[bool]]) -> list[int]:
    """Return the labels of a sequence that ends in `last`.

    Args:
        last: label of the last piece.
        came: for each piece the best label before it, where it is no inside.
        stays: for each piece and kind, whether an inside comes from an inside of its kind.
    """
    label, found = last, []
    for t in range(len(came) - 1, -1, -1):
        found.append(label)
        if label and label % 2 == 0:
            label -= not stays[t][label // 2 - 1]
        else:
            label = came[t]
    return found[::-1]


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

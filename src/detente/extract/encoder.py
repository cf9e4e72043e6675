"""The encoder: one pass of a small transformer over the windows of a document, and its heads.

The weights are int8 ONNX files that `training/` made; they run on the CPU. Without them, or with
`Settings.weights` off, the rules code alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.extract.paths import paths_of
from detente.extract.windows import FEATURES, Window, relocate

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

BATCH = 4
"""Windows that the trunk reads at once."""
POOL = 128
"""Windows that are sorted by length together, so that batches hold few empty pieces."""


@dataclass(slots=True)
class Reading:
    """A window as the trunk reads it.

    Attributes:
        window: its pieces.
        states: one row of 384 numbers a piece.
        tags: log-probabilities of the attribution labels of each piece.
        triggers: log-probabilities of the PLOVER roots, the first for none, of each piece.
    """

    window: Window
    states: Floats
    tags: Floats
    triggers: Floats

    def cut(self, first: int, last: int) -> Reading:
        """Return the reading of the pieces from `first` to before `last` alone."""
        part, whole = slice(first, last), self.window
        heads = relocate(whole.heads[part], first)
        window = Window(
            whole.ids[part], whole.features[part], heads, whole.starts[part], whole.ends[part]
        )
        return Reading(window, self.states[part], self.tags[part], self.triggers[part])


def weights_folder() -> Path:
    """Return the folder of the shipped weights."""
    return Path(str(resources.files("detente") / "weights"))


def has_weights() -> bool:
    """Return whether the shipped weights are installed."""
    return (weights_folder() / "trunk.onnx").is_file()


@cache
def session(name: str) -> Any:
    """Return the session of a file of weights, on one thread: processes share the cores."""
    import onnxruntime  # imported late: a run by rules alone does without it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = str(weights_folder() / f"{name}.onnx")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def _words() -> tuple[NDArray[np.int8], Floats]:
    """Return the word table that both encoders share, and the scale of its rows."""
    folder = weights_folder()
    return np.load(folder / "words.npy", mmap_mode="r"), np.load(folder / "scales.npy")


def embed(ids: Ints) -> Floats:
    """Return the embedded words, (..., 384)."""
    table, scales = _words()
    embedded: Floats = table[ids].astype(np.float32) * scales[ids]
    return embedded


def read_windows(windows: Sequence[Window]) -> Iterator[Reading]:
    """Yield the readings of the windows, in their order; a pool of them is held at once."""
    for first in range(0, len(windows), POOL):
        pool = windows[first : first + POOL]
        order = sorted(range(len(pool)), key=lambda k: len(pool[k].ids))
        found: dict[int, Reading] = {}
        for i in range(0, len(order), BATCH):
            chosen = order[i : i + BATCH]
            found.update(zip(chosen, _read([pool[k] for k in chosen]), strict=True))
        for k in range(len(pool)):
            yield found.pop(k)


def _read(windows: list[Window]) -> Iterator[Reading]:
    size = max(len(w.ids) for w in windows)
    ids = np.zeros((len(windows), size), dtype=np.int64)
    features = np.zeros((len(windows), size, len(FEATURES)), dtype=np.int64)
    mask = np.zeros((len(windows), size), dtype=np.int64)
    for k, window in enumerate(windows):
        n = len(window.ids)
        ids[k, :n], features[k, :n], mask[k, :n] = window.ids, window.features, 1
    given = {"embedded": embed(ids), "features": features, "mask": mask}
    states, tags, triggers = session("trunk").run(None, given)
    for k, window in enumerate(windows):
        n = len(window.ids)
        yield Reading(window, states[k, :n], log_softmax(tags[k, :n]), log_softmax(triggers[k, :n]))


def read_roles(reading: Reading, anchors: Sequence[int]) -> Floats:
    """Return log-probabilities of the attribution roles (anchors, pieces, labels)."""
    return _read_anchors("roles", reading, anchors)


def read_parties(reading: Reading, anchors: Sequence[int]) -> Floats:
    """Return log-probabilities of the party labels (triggers, pieces, labels).

    Args:
        reading: one sentence, cut from its window.
        anchors: the pieces of the triggers.
    """
    return _read_anchors("parties", reading, anchors)


def _read_anchors(head: str, reading: Reading, anchors: Sequence[int]) -> Floats:
    given = {
        "states": reading.states[None],
        "mask": np.ones((len(anchors), len(reading.states)), dtype=np.int64),
        "rows": np.zeros(len(anchors), dtype=np.int64),
        "anchors": np.asarray(anchors, dtype=np.int64),
        "paths": paths_of(reading.window, anchors),
    }
    return log_softmax(session(head).run(None, given)[0])


def read_pairs(reading: Reading, sources: Floats, targets: Floats) -> Floats:
    """Return log-probabilities of none and the roots, (pairs, roots).

    Args:
        reading: one sentence, cut from its window.
        sources: (pairs, pieces) 1 for the pieces of the source, all 0 for nobody.
        targets: the same for the target.
    """
    given = {
        "states": reading.states[None],
        "mask": np.ones(sources.shape, dtype=np.int64),
        "rows": np.zeros(len(sources), dtype=np.int64),
        "sources": sources,
        "targets": targets,
    }
    return log_softmax(session("pairs").run(["roots"], given)[0])


def log_softmax(logits: Floats) -> Floats:
    """Return the log-probabilities over the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    normalised: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return normalised

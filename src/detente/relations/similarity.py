"""How alike two texts are in meaning: sentence embeddings by the shipped encoder.

In: texts. Out: a unit vector for each, so that a dot product is a cosine. The encoder is a general
one (MiniLM-L6, trained on pairs of sentences), untouched by the training of the other heads.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.extract import encoder
from detente.extract.windows import PIECES, START, STOP, load_tokenizer

Floats = NDArray[np.float32]

SIZE = 384
"""Length of a vector."""


def encode_texts(texts: Sequence[str]) -> Floats:
    """Return a unit vector for each text, (texts, 384); a text is read up to 256 word pieces.

    Equal texts are read once. Each is read by itself: the int8 weights scale what they compute by
    the whole batch, so that in company a vector would depend on the other texts.

    Raises:
        InputError: the weights are not installed.
    """
    if not encoder.has_weights():
        raise InputError(
            "comparing statements needs the trained weights, which this installation lacks; "
            "install détente again from its wheel"
        )
    distinct = {text: k for k, text in enumerate(dict.fromkeys(texts))}
    vectors = np.zeros((len(distinct), SIZE), dtype=np.float32)
    for text, k in distinct.items():
        vectors[k] = _encode(text)
    return vectors[[distinct[text] for text in texts]]


def _encode(text: str) -> Floats:
    pieces = load_tokenizer().encode(text, add_special_tokens=False).ids
    ids = np.array([[START, *pieces[: PIECES - 2], STOP]], dtype=np.int64)
    given = {"embedded": encoder.embed(ids), "mask": np.ones_like(ids)}
    (vectors,) = encoder.session("sentence").run(None, given)
    unit: Floats = vectors[0] / max(float(np.linalg.norm(vectors[0])), 1e-9)
    return unit

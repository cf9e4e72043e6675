from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detente.extract import encoder
from detente.extract.encoder import (
    BATCH,
    Reading,
    embed,
    has_weights,
    log_softmax,
    read_pairs,
    read_parties,
    read_roles,
    read_windows,
    weights_folder,
)
from detente.extract.tagger import CONTENT
from detente.extract.triggers import ROOTS
from detente.extract.windows import START, STOP, Window, windows_of
from tests.extract.parses import read as reads

pytestmark = pytest.mark.skipif(not has_weights(), reason="the trained weights are not installed")

TEXTS = (
    "Wang Yi visited Moscow on Monday.",
    "Lin Xue, a professor at Fudan University, argues that Russia needs China.",
    "“He is wrong,” Sergei Lavrov said.",
    "Iran agreed.",
)
CLEAR = 0.9
"""Probability from which on a label is clear: rounding to int8 may change what lies below."""
ROUNDING = 0.05
"""Most by which the mean probability of a label may change with the batch.

The int8 files take the scale of the activations from the whole batch, empty pieces included: on 50
windows of news the mean change was 0.005, and no label of a probability of 0.8 or more changed.
"""


def windows(*texts: str) -> list[Window]:
    made = [reads(text) for text in texts]
    return [window for r in made for window in windows_of(r.doc, r.sentences)]


def read(*texts: str) -> list[Reading]:
    return list(read_windows(windows(*texts)))


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    """Check that two tables of log-probabilities say the same but for rounding."""
    a, b = np.exp(one), np.exp(other)
    clear = a.max(-1) >= CLEAR
    assert np.abs(a - b).mean() < ROUNDING
    assert (b.argmax(-1) == a.argmax(-1))[clear].all()


def test_a_window_has_a_row_for_each_piece() -> None:
    (window,) = windows(TEXTS[0])

    (found,) = read_windows([window])

    n = len(window.ids)
    assert found.window is window
    assert found.states.shape == (n, 384)
    assert found.tags.shape == (n, 2 * CONTENT + 1)
    assert found.triggers.shape == (n, len(ROOTS) + 1)


def test_probabilities_sum_to_one() -> None:
    (found,) = read(TEXTS[1])

    for scores in (found.tags, found.triggers):
        assert np.exp(scores).sum(-1) == pytest.approx(1, abs=1e-4)


def test_readings_come_in_the_order_of_their_windows() -> None:
    given = windows(*TEXTS, *reversed(TEXTS))

    assert [r.window for r in read_windows(given)] == given


def test_a_batch_gives_the_readings_of_single_windows() -> None:
    together = read(*TEXTS)

    for text, found in zip(TEXTS, together, strict=True):
        (alone,) = read(text)
        assert_alike(alone.tags, found.tags)
        assert_alike(alone.triggers, found.triggers)


def test_reading_again_gives_the_same() -> None:
    first, again = read(*TEXTS), read(*TEXTS)

    assert all(np.array_equal(a.states, b.states) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1])
def test_any_number_of_windows_is_read(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "POOL", BATCH // 2)

    assert len(read(*[TEXTS[3]] * count)) == count


def test_embed_gives_a_row_of_numbers_for_each_word() -> None:
    found = embed(np.array([[START, STOP], [STOP, START]]))

    assert found.shape == (2, 2, 384)
    assert np.array_equal(found[0, 0], found[1, 1])
    assert not np.array_equal(found[0, 0], found[0, 1])


def test_roles_are_probabilities_for_each_anchor() -> None:
    (found,) = read(TEXTS[1])

    scores = read_roles(found, [2, 3])

    assert scores.shape == (2, len(found.window.ids), 2 * CONTENT + 1)
    assert np.exp(scores).sum(-1) == pytest.approx(1, abs=1e-4)


def test_parties_and_pairs_are_probabilities() -> None:
    (found,) = read(TEXTS[0])
    n = len(found.window.ids)
    source, nobody = np.zeros((2, 1, n), dtype=np.float32)
    source[0, 1] = 1

    parties = read_parties(found, [3, 4])
    roots = read_pairs(found, source, nobody)

    assert parties.shape == (2, n, 5)
    assert roots.shape == (1, len(ROOTS) + 1)
    for scores in (parties, roots):
        assert np.exp(scores).sum(-1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("first", "last"), [(0, 5), (2, 5), (4, 5), (0, 99)])
def test_a_cut_keeps_the_rows_of_its_pieces(first: int, last: int) -> None:
    (found,) = read(TEXTS[0])
    whole = found.window

    part = found.cut(first, last)

    for ours, theirs in (
        (part.states, found.states),
        (part.tags, found.tags),
        (part.triggers, found.triggers),
        (part.window.ids, whole.ids),
        (part.window.features, whole.features),
        (part.window.starts, whole.starts),
        (part.window.ends, whole.ends),
    ):
        assert np.array_equal(ours, theirs[first:last])


def test_a_cut_leaves_the_whole_as_it_was() -> None:
    (found,) = read(TEXTS[0])
    size, sentences = len(found.window.ids), list(found.window.sentences)

    found.cut(1, 3)

    assert (len(found.window.ids), found.window.sentences) == (size, sentences)
    assert len(found.states) == size


def test_pieces_outside_a_cut_do_not_count() -> None:
    found, other = read(TEXTS[0], TEXTS[0])
    other.states = other.states.copy()
    other.states[5:] = 0

    one, two = (read_parties(r.cut(0, 5), [3]) for r in (found, other))

    assert one.shape == (1, 5, 5)
    assert_alike(one, two)


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5),
        elements=st.floats(-1e4, 1e4, width=32),
    )
)
def test_log_softmax_sums_to_one(logits: np.ndarray) -> None:
    found = log_softmax(logits)

    assert found.shape == logits.shape
    assert (found <= 1e-6).all()
    assert np.exp(found.astype(np.float64)).sum(-1) == pytest.approx(1, abs=1e-4)


def test_the_weights_lie_in_the_package() -> None:
    assert has_weights()
    assert weights_folder().name == "weights"


def test_an_empty_folder_holds_no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "weights_folder", lambda: tmp_path)

    assert not has_weights()

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.extract.paths import CLIMBS, PATHS, STEPS, paths_of
from detente.extract.windows import RELATIONS, Window, windows_of
from tests.extract.parses import read

TEXT = "Wang Yi said that China did not invade Vietnam."


def window_of(text: str) -> tuple[Window, list[str]]:
    """Return the one window of a text, and the characters of its pieces."""
    made = read(text)
    (window,) = windows_of(made.doc, made.sentences)
    places = zip(window.starts.tolist(), window.ends.tolist(), strict=True)
    return window, [made.doc.text[a:b] for a, b in places]


def told(path: int) -> tuple[int, str] | None:
    """Return the governors climbed and the relation that a path descends by."""
    climbs, step = divmod(path - 1, STEPS)
    return (climbs, RELATIONS[step - 1] if step else "") if path else None


@pytest.mark.parametrize(
    ("anchor", "piece", "expected"),
    [
        ("said", "said", (0, "")),
        ("said", "Yi", (0, "nsubj")),
        ("said", "Wang", (0, "nsubj")),
        ("said", "China", (0, "ccomp")),
        ("invade", "China", (0, "nsubj")),
        ("invade", "Vietnam", (0, "dobj")),
        ("invade", "said", (1, "")),
        ("invade", "Wang", (1, "nsubj")),
        ("Vietnam", "China", (1, "nsubj")),
        ("Vietnam", "Yi", (2, "nsubj")),
    ],
)
def test_paths(anchor: str, piece: str, expected: tuple[int, str]) -> None:
    window, pieces = window_of(TEXT)

    (row,) = paths_of(window, [pieces.index(anchor)])

    assert told(int(row[pieces.index(piece)])) == expected


def test_other_sentences_and_ends_have_no_path() -> None:
    window, pieces = window_of(TEXT)
    other = Window(
        np.tile(window.ids, 2),
        np.tile(window.features, (2, 1)),
        np.concatenate([window.heads, window.heads + len(pieces)]),
        np.tile(window.starts, 2),
        np.tile(window.ends, 2),
    )

    (row,) = paths_of(other, [pieces.index("said")])

    assert row[0] == row[len(pieces) - 1] == 0
    assert (row[len(pieces) :] == 0).all()
    assert (row[1 : len(pieces) - 1] > 0).all()


def test_no_anchors_no_paths() -> None:
    window, pieces = window_of(TEXT)

    assert paths_of(window, []).shape == (0, len(pieces))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.data())
def test_any_tree(governors: list[int], data: st.DataObject) -> None:
    heads = np.array([min(head, i) for i, head in enumerate(governors)])
    features = np.full((len(heads), 4), STEPS - 1)
    window = Window(heads, features, heads, heads, heads)
    anchor = data.draw(st.integers(0, len(heads) - 1))

    (row,) = paths_of(window, [anchor])

    assert ((row >= 0) & (row < PATHS)).all()
    assert row[anchor] == 1
    climbed, at = 0, anchor
    while heads[at] != at:
        climbed, at = climbed + 1, int(heads[at])
        assert row[at] == 1 + min(climbed, CLIMBS - 1) * STEPS

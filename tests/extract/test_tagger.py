from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract import tagger
from detente.extract.encoder import Floats, Reading
from detente.extract.tagger import (
    COVERED,
    DOUBTFUL,
    LINKED,
    NEIGHBOURS,
    SURE,
    Tagged,
    anchors_of,
    tag_attributions,
)
from tests.extract.pieces import reading, sure, window

LABELS = ".SsKkCc"
"""None, source, cue and content as `sure` spells them; a capital begins."""
TEXT = "Wang Yi said that Iran wins , Kallas denied it ."
CLEAR, UNCLEAR, UNLIKELY = (1 + SURE) / 2, (SURE + DOUBTFUL) / 2, DOUBTFUL / 2
"""Probabilities of a sure cue, of a doubtful one and of none."""
PLAUSIBLE = (LINKED + 0.5) / 2
"""Probability as content that links a piece to an anchor without being its best label."""

Pieces = tuple[int, int]


def tagged(
    monkeypatch: pytest.MonkeyPatch,
    cues: dict[int, float],
    *rows: str,
    text: str = TEXT,
    contents: Sequence[Pieces] = (),
    linked: dict[tuple[int, Pieces], float] | None = None,
) -> list[Tagged]:
    """Return the attributions of a text whose role head is sure of `rows`, one for each anchor.

    `contents` are tagged; `linked` gives pieces of a row the probability that they are content.
    """

    def roles(given: Reading, anchors: Sequence[int]) -> Floats:
        assert len(anchors) == len(rows)
        scores = sure(rows, LABELS)
        for (row, (first, last)), probability in (linked or {}).items():
            scores[row, first:last, 0] = np.log(1 - probability)
            scores[row, first:last, 5:] = np.log(probability / 2)
        return scores

    monkeypatch.setattr(tagger, "read_roles", roles)
    return list(tag_attributions(reading(text, cues=cues, contents=contents)))


def quotes(places: tuple[tuple[int, int], ...]) -> list[str]:
    return [TEXT[a:b] for a, b in places]


def test_an_attribution_has_source_cue_and_content(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(monkeypatch, {3: CLEAR}, ".SsKCcc......")

    assert quotes(found.source) == ["Wang Yi"]
    assert quotes(found.cue) == ["said"]
    assert quotes(found.content) == ["that Iran wins"]
    assert found.probability == pytest.approx(CLEAR, abs=1e-3)


def test_each_cue_has_its_own_source_and_content(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tagged(monkeypatch, {9: CLEAR, 3: CLEAR}, ".SsKCcc......", "........SKC..")

    assert [quotes(first.source), quotes(first.content)] == [["Wang Yi"], ["that Iran wins"]]
    assert [quotes(second.source), quotes(second.content)] == [["Kallas"], ["it"]]


def test_content_may_stand_in_several_places(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(monkeypatch, {9: CLEAR}, "....Ccc.SKC..")

    assert quotes(found.content) == ["that Iran wins", "it"]


def test_without_content_there_is_no_attribution(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tagged(monkeypatch, {3: CLEAR}, ".SsK.........") == []


def test_without_a_labelled_cue_the_anchor_is_the_cue(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(monkeypatch, {3: CLEAR}, "....Ccc......")

    assert (quotes(found.cue), found.source) == (["said"], ())


def test_nothing_likely_asks_for_no_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tagged(monkeypatch, {3: UNLIKELY, 9: UNLIKELY}) == []


def test_a_text_without_words_has_no_attribution(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tagged(monkeypatch, {0: CLEAR}, text="") == []


def test_a_doubtful_cue_alone_makes_no_attribution(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tagged(monkeypatch, {9: UNCLEAR}, "........SKC..") == []


def test_a_doubtful_cue_takes_in_a_tagged_content(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ".SsKCcc......", "........SKC.."

    first, second = tagged(monkeypatch, {3: CLEAR, 9: UNCLEAR}, *rows, contents=[(10, 11)])

    assert quotes(first.content) == ["that Iran wins"]
    assert [quotes(second.source), quotes(second.cue)] == [["Kallas"], ["denied"]]
    assert quotes(second.content) == ["it"]
    assert second.probability == pytest.approx(UNCLEAR, abs=1e-3)


def test_a_doubtful_cue_takes_in_a_content_where_none_is_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (found,) = tagged(
        monkeypatch,
        {9: UNCLEAR},
        "........SK...",
        contents=[(4, 7)],
        linked={(0, (4, 7)): PLAUSIBLE},
    )

    assert (quotes(found.cue), quotes(found.content)) == (["denied"], ["that Iran wins"])


def test_a_sure_cue_takes_in_a_tagged_content(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(
        monkeypatch,
        {3: CLEAR},
        ".SsKCcc......",
        contents=[(4, 7), (10, 11)],
        linked={(0, (10, 11)): PLAUSIBLE},
    )

    assert quotes(found.content) == ["that Iran wins", "it"]


def test_the_likeliest_cue_takes_in_a_tagged_content(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ".SsKCcc......", "........SK..."
    less = (LINKED + PLAUSIBLE) / 2

    for likelier in (0, 1):
        found = tagged(
            monkeypatch,
            {3: CLEAR, 9: UNCLEAR},
            *rows,
            contents=[(10, 11)],
            linked={(likelier, (10, 11)): PLAUSIBLE, (1 - likelier, (10, 11)): less},
        )

        contents = [quotes(one.content) for one in found]
        assert contents == [[["that Iran wins", "it"]], [["that Iran wins"], ["it"]]][likelier]


def test_a_content_that_is_linked_to_no_cue_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(
        monkeypatch,
        {3: CLEAR, 9: UNCLEAR},
        ".SsKCcc......",
        "........SK...",
        contents=[(10, 11)],
        linked={(row, (10, 11)): LINKED * 0.9 for row in (0, 1)},
    )

    assert (quotes(found.cue), quotes(found.content)) == (["said"], ["that Iran wins"])


def test_a_content_that_a_sure_cue_has_is_not_given_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = ".SsKCcc......", "....Ccc.SK..."

    (found,) = tagged(monkeypatch, {3: CLEAR, 9: UNCLEAR}, *rows, contents=[(4, 7)])

    assert quotes(found.cue) == ["said"]


@pytest.mark.parametrize(("last", "expected"), [(7, "that Iran"), (8, "that Iran wins ,")])
def test_a_content_counts_as_taken_from_a_share_on(
    monkeypatch: pytest.MonkeyPatch, last: int, expected: str
) -> None:
    assert 2 / 4 <= COVERED < 2 / 3

    (found,) = tagged(
        monkeypatch,
        {3: CLEAR},
        ".SsKCc.......",
        contents=[(4, last)],
        linked={(0, (6, last)): PLAUSIBLE},
    )

    assert quotes(found.content) == [expected]


def test_a_taken_content_leaves_source_and_cue(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = tagged(
        monkeypatch,
        {9: UNCLEAR},
        "........SK...",
        contents=[(8, 12)],
        linked={(0, (10, 12)): 2 * PLAUSIBLE - 0.01},
    )

    assert [quotes(found.source), quotes(found.cue)] == [["Kallas"], ["denied"]]
    assert quotes(found.content) == ["it ."]


def test_contents_side_by_side_are_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tagged(
        monkeypatch,
        {3: UNCLEAR, 9: UNCLEAR},
        ".SsK.........",
        "........SK...",
        contents=[(4, 6), (6, 8)],
        linked={(0, (4, 6)): PLAUSIBLE, (1, (6, 8)): PLAUSIBLE},
    )

    assert [quotes(one.content) for one in found] == [["that Iran"], ["wins ,"]]


def test_an_attribution_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ".SsKCcc......", "...KCcc.S...."

    (found,) = tagged(monkeypatch, {3: CLEAR, 9: CLEAR}, *rows)

    assert quotes(found.source) == ["Wang Yi"]


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ({2: 0.9}, [2]),
        ({2: DOUBTFUL}, [2]),
        ({2: UNLIKELY}, []),
        ({2: 0.8, 2 + NEIGHBOURS: 0.9}, [2 + NEIGHBOURS]),
        ({2: 0.9, 2 + NEIGHBOURS: 0.9}, [2]),
        ({2: 0.9, 3 + NEIGHBOURS: 0.8}, [2, 3 + NEIGHBOURS]),
        ({0: 0.9, 12: 0.9}, []),
    ],
)
def test_anchors(begins: dict[int, float], expected: list[int]) -> None:
    made = window(TEXT)
    scores = np.zeros(len(made.ids))
    scores[list(begins)] = list(begins.values())

    assert anchors_of(scores, made) == expected


@given(st.lists(st.floats(0, 1), min_size=13, max_size=13))
def test_anchors_are_likely_and_stand_apart(begins: list[float]) -> None:
    scores = np.array(begins)

    found = anchors_of(scores, window(TEXT))

    assert all(scores[i] >= DOUBTFUL for i in found)
    assert all(b - a > NEIGHBOURS for a, b in pairwise(found))
    assert bool(found) == bool((scores[1:-1] >= DOUBTFUL).any())


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(0, 12), st.floats(0.01, 0.99)),
    st.lists(st.text(LABELS, min_size=13, max_size=13), min_size=13, max_size=13),
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=3),
)
def test_any_labels_give_sound_attributions(
    cues: dict[int, float], rows: list[str], stretches: list[tuple[int, int]]
) -> None:
    contents = [(first, min(first + size, 13)) for first, size in stretches]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagger, "read_roles", lambda _, anchors: sure(rows[: len(anchors)], LABELS))
        found = list(tag_attributions(reading(TEXT, cues=cues, contents=contents)))

    assert len({(one.cue, one.content) for one in found}) == len(found)
    for one in found:
        assert one.cue
        assert one.content
        assert DOUBTFUL - 1e-6 <= one.probability <= 1
        for start, end in (*one.source, *one.cue, *one.content):
            assert 0 <= start < end <= len(TEXT)
            assert TEXT[start:end] == TEXT[start:end].strip()

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.language import Parser, Sentence
from detente.extract.windows import (
    FEATURES,
    PIECES,
    RELATIONS,
    START,
    STOP,
    TAGS,
    Window,
    load_tokenizer,
    pieces_of,
    relocate,
    windows_of,
)
from detente.schema import Document
from tests.build import document, sentence
from tests.extract.pieces import article

CASE, QUOTE, TAG, RELATION = range(len(FEATURES))


def windows(*paragraphs: str | tuple[str, ...]) -> list[Window]:
    return list(windows_of(*article(*paragraphs)))


def feature(which: int, *paragraphs: str | tuple[str, ...]) -> list[int]:
    """Return one feature of each piece of a text that makes one window, ends left out."""
    (window,) = windows(*paragraphs)
    return window.features[window.starts < window.ends, which].tolist()


def words(doc: Document, window: Window) -> list[str]:
    return [
        doc.text[a:b] for a, b in zip(window.starts.tolist(), window.ends.tolist(), strict=True)
    ]


def assert_sound(doc: Document, sentences: list[Sentence], found: list[Window]) -> None:
    """Check what holds for the windows of any document."""
    covered: set[int] = set()
    for window in found:
        rows = list(zip(window.starts.tolist(), window.ends.tolist(), strict=True))
        assert len(window.ids) == len(rows) == len(window.features) <= PIECES + 2
        assert (window.ids[0], window.ids[-1]) == (START, STOP)
        assert all(0 <= a <= b <= len(doc.text) for a, b in rows)
        assert window.starts.tolist() == sorted(window.starts.tolist())
        assert all(0 <= head < len(rows) for head in window.heads.tolist())
        for k, size in enumerate(FEATURES.values()):
            assert 0 <= window.features[:, k].min() <= window.features[:, k].max() < size
        covered.update(i for a, b in rows for i in range(a, b))
    order = [index for window in found for index in window.sentences]
    assert order == sorted(order)
    letters = {
        i for s in sentences for t in s.tokens for i in range(t.start, t.end)
        if doc.text[i].isalnum()
    }  # fmt: skip
    assert letters <= covered


def test_pieces_of_a_word_have_its_characters() -> None:
    doc, sentences = article("Lavrov unbelievably visited Vučić .")
    (window,) = windows_of(doc, sentences)

    found = words(doc, window)

    assert len(found) > len(sentences[0].tokens) + 2
    assert "".join(found) == "LavrovunbelievablyvisitedVučić."
    assert (found[0], found[-1]) == ("", "")


def test_pieces_hang_on_their_word_and_words_on_their_governor() -> None:
    doc, sentences = article("Lavrov unbelievably visited .", "He left .")
    (window,) = windows_of(doc, sentences)
    found = words(doc, window)

    above = [found[head] for head in window.heads.tolist()]

    first = found[1]
    assert above[1] == first  # the root hangs on itself
    assert above[found.index("visited")] == first
    assert window.heads[found.index("left")] == found.index("He")
    inner = found.index("visited") - 1
    assert found[window.heads[inner]] == found[window.heads[inner - 1]] != first


def test_heads_of_a_part_stay_within_it() -> None:
    heads = np.array([0, 0, 1, 2, 2])

    assert relocate(heads[2:], 2).tolist() == [0, 0, 0]
    assert relocate(heads[1:3], 1).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("visited", ["visited"]),
        ("don’t", ["don", "’", "t"]),
        ("赤裸裸", ["赤", "裸", "裸"]),
        ("x" * 120, ["x" * 120]),
        ("\u200b", []),
        ("", []),
    ],
)
def test_pieces_of_words(word: str, expected: list[str]) -> None:
    assert [word[a:b] for _, a, b in pieces_of(word)] == expected


def test_pieces_do_not_depend_on_case() -> None:
    assert [i for i, _, _ in pieces_of("LAVROV")] == [i for i, _, _ in pieces_of("lavrov")]


def test_a_long_text_is_not_cut_by_the_tokenizer() -> None:
    assert len(load_tokenizer().encode("word " * 600, add_special_tokens=False).ids) == 600


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=8
            ).map(" ".join),
            min_size=1,
            max_size=4,
        ),
        max_size=6,
    )
)
def test_any_text(paragraphs: list[list[str]]) -> None:
    doc, sentences = article(*paragraphs)

    assert_sound(doc, sentences, list(windows_of(doc, sentences)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=4), max_size=8))
def test_any_lengths(paragraphs: list[list[int]]) -> None:
    doc, sentences = article(*(["word " * n for n in lengths] for lengths in paragraphs))

    found = list(windows_of(doc, sentences))

    assert_sound(doc, sentences, found)
    assert sum(words(doc, w).count("word") for w in found) == sum(map(sum, paragraphs))


@pytest.mark.model
@settings(max_examples=20, deadline=None)
@given(st.text(max_size=200))
def test_any_text_that_the_parser_reads(parser: Parser, text: str) -> None:
    doc = document(text)
    sentences = parser.parse(doc)

    for window in windows_of(doc, sentences):
        assert all(
            0 <= a <= b <= len(text) for a, b in zip(window.starts, window.ends, strict=True)
        )
        assert len(window.ids) <= PIECES + 2


def test_no_sentences_no_windows() -> None:
    assert windows() == []
    assert windows("\u200b") == []


def test_a_sentence_without_pieces_stands_in_no_window() -> None:
    (window,) = windows(("One two .", "\u200b", "Three ."))

    assert window.sentences == [0, 2]


def test_a_window_takes_as_many_paragraphs_as_it_can_hold() -> None:
    found = windows(*["word " * 60] * 9)

    assert [w.sentences for w in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]


def test_a_paragraph_is_kept_whole() -> None:
    found = windows("word " * 200, ("word " * 50, "word " * 50), "word")

    assert [w.sentences for w in found] == [[0], [1, 2, 3]]


@pytest.mark.parametrize(("length", "expected"), [(PIECES - 1, [[0]]), (PIECES, [[0], [0]])])
def test_a_paragraph_that_just_fits(length: int, expected: list[list[int]]) -> None:
    assert [w.sentences for w in windows("word " * length)] == expected


def test_a_paragraph_that_is_too_long_is_parted_between_sentences() -> None:
    found = windows(("word " * 100, "word " * 100, "word " * 100))

    assert [w.sentences for w in found] == [[0, 1], [2]]


def test_a_long_sentence_is_cut_and_loses_nothing() -> None:
    doc, sentences = article("word " * 600)

    found = list(windows_of(doc, sentences))

    assert [w.sentences for w in found] == [[0], [0], [0]]
    starts = [a for w in found for a, b in zip(w.starts, w.ends, strict=True) if a < b]
    assert starts == [t.start for t in sentences[0].tokens]


def test_a_piece_stands_behind_each_paragraph() -> None:
    (window,) = windows(("One .", "Two ."), "Three .")

    stops = [k for k, i in enumerate(window.ids.tolist()) if i == STOP]
    assert stops == [5, 8]
    assert window.starts[stops].tolist() == window.ends[stops].tolist()
    assert not window.features[stops].any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He “ will wait ” now", [0, 2, 1, 1, 2, 0]),
        ('He " will wait " now', [0, 2, 1, 1, 2, 0]),
        ("He `` will wait '' now", [0, 2, 2, 1, 1, 2, 2, 0]),
        ("He « will wait » now", [0, 2, 1, 1, 2, 0]),
        ("He „ will wait “ now", [0, 2, 1, 1, 2, 1]),
        ("He said ” now", [0, 0, 2, 0]),
        ("“ we wait", [2, 1, 1]),
        ('we wait "', [0, 0, 2]),
        ("“ we “ wait ” now", [2, 1, 2, 1, 2, 0]),
        ("China’s wait", [0, 0, 0, 0]),
    ],
)
def test_quote_feature(text: str, expected: list[int]) -> None:
    assert feature(QUOTE, text) == expected


def test_a_quotation_goes_on_in_its_paragraph_and_ends_with_it() -> None:
    assert feature(QUOTE, ("“ we wait", "we stay"), "they left") == [2, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("lower", 0), ("Title", 1), ("UPPER", 2), ("A", 1), ("B2", 3), ("2025", 3), (".", 0),
     ("iPhone", 0), ("McCain", 1), ("É", 1), ("北", 0)],
)  # fmt: skip
def test_case_feature(word: str, expected: int) -> None:
    assert set(feature(CASE, word)) == {expected}


def test_part_of_speech_and_relation_come_along() -> None:
    doc = document("Iran yielded .")
    parsed = sentence(doc.text, "Iran NNP nsubj 1\nyielded VBD ROOT 1\n. odd odd 1")

    (window,) = windows_of(doc, [parsed])

    tags, relations = window.features[1:-1, TAG].tolist(), window.features[1:-1, RELATION].tolist()
    assert tags == [TAGS.index("NNP") + 1, TAGS.index("VBD") + 1, 0]
    assert relations == [RELATIONS.index("nsubj") + 1, RELATIONS.index("ROOT") + 1, 0]

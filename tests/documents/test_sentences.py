from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents.sentences import MAX_SENTENCE_CHARS, split_paragraphs, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in split_paragraphs(text)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The talks ended.", "Nobody signed."),
        ("They met in the U.S.", "The envoy then left."),
        ("They met in the U.S.", "However, nothing came of it."),
        ("He flew to the U.S.", "“We will talk,” he said."),
        ("He sold it to Acme Inc.", "It had no rivals."),
        ("They will meet in Feb.", "The place is open."),
        ("“We did not just listen.”", "He then smiled."),
        ("(The envoy declined to comment.)", "Others did."),
        ("Trade grew by 3.5 percent.", "Exports fell."),
        ("It ended in 2019.", "Moscow objected."),
        ("Would it hold?", "Nobody knows."),
        ("They said no.", "Moscow said yes."),
        ("He admired her art.", "Moscow did not."),
        ("A rift emerged.[12]", "Brussels denied it."),
        ("They left it on their own.", "Read more"),
        ("The plan failed…", "Moscow was pleased."),
        ("会谈结束。", "双方满意。"),
    ],
)
def test_split_sentences_breaks_between(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.S. President met Mr. Lavrov and Dr. Wu on Feb. 18 in Riyadh.",
        "B.R. Deepak and George W. Bush wrote to Gen. Mark Milley.",
        "It cost US$3.5 billion, or approx. 2.4 percent, in No. 10 terms.",
        "“What now?” asked the envoy of the U.S. Senate.",
        "“Will they come? ” she asked.",
        "The deal ... was never signed.",
        "The deal . . . was never signed.",
        "It left at 5 p.m. Moscow time.",
        "The Republican (D-Mass. Senator) voted in Selma, Ala. — Tuesday.",
        "He gave terms [in talks on the war.] and left.",
        "1. Moscow will withdraw.",
        "Yahoo.com and state.gov/index carried it.",
        "The so-called (U.S.) President of the republic spoke.",
    ],
)
def test_split_sentences_keeps_whole(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


def test_split_sentences_breaks_where_blank_is_missing() -> None:
    assert sentences("He asked them.Leave a Comment") == ["He asked them.", "Leave a Comment"]


def test_split_sentences_bounds_length() -> None:
    found = sentences("word " * 3_000)
    assert max(map(len, found)) <= MAX_SENTENCE_CHARS
    assert "".join(found).replace(" ", "") == "word" * 3_000


def test_split_sentences_cuts_text_without_blanks() -> None:
    assert [len(s) for s in sentences("x" * 4_500)] == [2_000, 2_000, 500]


@pytest.mark.parametrize("piece", [".", "U.S. ", "(.", "a", " ", "\n", '"'])
def test_splitting_is_linear(piece: str) -> None:
    text = piece * (400_000 // len(piece)) + "x"
    start = time.perf_counter()
    for paragraph in split_paragraphs(text):
        split_sentences(text, *paragraph)
    assert time.perf_counter() - start < 10


def test_split_paragraphs_takes_a_line_each() -> None:
    assert paragraphs("Title\r\n\r\nOne line.\nNext line.\n") == [
        "Title",
        "One line.",
        "Next line.",
    ]


WRAPPED = (
    "The foreign ministers of the two countries met on Tuesday in Riyadh to\n"
    "discuss the war, the reopening of embassies and what trade between the\n"
    "United States and Russia could look like after the end of the fighting\n"
    "in Ukraine.\n"
    "\n"
    "Kyiv was not at the table, and said it would accept nothing signed by\n"
    "Washington and Moscow alone.\n"
)


def test_split_paragraphs_joins_wrapped_lines() -> None:
    found = paragraphs(WRAPPED)
    assert len(found) == 2
    assert found[0].startswith("The foreign")
    assert found[0].endswith("in Ukraine.")
    assert "\n" in found[0]


def test_split_paragraphs_joins_a_line_that_goes_on_in_lower_case() -> None:
    assert paragraphs("The envoy\nleft early.\nMoscow stayed.") == [
        "The envoy\nleft early.",
        "Moscow stayed.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Russian response\nThe Kremlin welcomed the talks with the new administration on Tuesday.",
        "- first point\n- second point",
        "He said:\nnothing more.",
        "# Heading\ntext",
    ],
)
def test_split_paragraphs_keeps_lines_apart(text: str) -> None:
    expected = 1 if text.startswith("#") else 2
    assert len(paragraphs(text)) == expected


@given(st.text(alphabet=st.sampled_from("ab AB.?!…“”\"'()[]\n\r\t\u2028。1-"), max_size=300))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    place = 0
    covered = ""
    for paragraph in split_paragraphs(text):
        for start, end in split_sentences(text, *paragraph):
            assert place <= start < end <= paragraph[1]
            assert text[start:end].strip() == text[start:end] != ""
            assert end - start <= MAX_SENTENCE_CHARS
            covered += text[start:end]
            place = end
    assert "".join(covered.split()) == "".join(text.split())


@given(st.text(max_size=400))
def test_any_text_is_covered(text: str) -> None:
    spans = [s for p in split_paragraphs(text) for s in split_sentences(text, *p)]
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())

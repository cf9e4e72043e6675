from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents.boilerplate import blank_out
from detente.documents.markup import find_heading, mark_markdown, read_front_matter

FRONT = '---\ntitle: "Talks in Riyadh"\ndate: 2025-02-18\nauthor: Jane Doe\n---\n'


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("They **met** on _Tuesday_.", "They met on Tuesday."),
        ("See [the plan](https://x.org/a_b 't') now.", "See the plan now."),
        ("See [the plan][1] now.[^2]\n\n[1]: https://x.org", "See the plan now."),
        ("![The table](a.png) They met.", "They met."),
        ("- They met.\n- They left.", "They met. They left."),
        ("> They met.\n>> They left.", "They met. They left."),
        ("1. They met.", "They met."),
        ("They met <b>twice</b><!-- gone -->.", "They met twice ."),
        ("```\ncode = 1\n```\nThey met.", "They met."),
        ("They met.\n\n***\n\nThey left.", "They met. They left."),
        ("| They | met |\n|---|---|\n| a | b |", "They met a b"),
        ("It cost 3*4*5 in file_name_x at 5\\*.", "It cost 3*4*5 in file_name_x at 5 *."),
        ("They `met` here.", "They met here."),
        (f"{FRONT}They met.", "They met."),
        ("<!-- never closed They met.", "<!-- never closed They met."),
        ("---\nnever: closed\nThey met.", "never: closed They met."),
    ],
)
def test_mark_markdown_leaves_the_words(text: str, plain: str) -> None:
    blanked = blank_out(text, mark_markdown(text))
    assert len(blanked) == len(text)
    assert " ".join(blanked.split()).replace(" .", ".") == plain.replace(" .", ".")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# Talks in Riyadh #\n\nThey met.", "Talks in Riyadh"),
        ("They met.\n\nTalks in *Riyadh*\n====\n", "Talks in Riyadh"),
        ("```\n# no\n```\n## Talks", "Talks"),
        ("They met.", None),
        ("", None),
    ],
)
def test_find_heading(text: str, heading: str | None) -> None:
    assert find_heading(text) == heading


def test_mark_markdown_marks_headings() -> None:
    spans = mark_markdown("# Talks in Riyadh\n\nThey met.")
    assert [s.quote for s in spans if s.reason == "heading"] == ["Talks in Riyadh"]


def test_read_front_matter() -> None:
    expected = {"title": "Talks in Riyadh", "date": "2025-02-18", "author": "Jane Doe"}
    assert read_front_matter(FRONT) == expected
    assert read_front_matter("no front matter") == {}


@given(st.text(alphabet=st.sampled_from("ab *_`#[]()!<>-|\\\n~=:^1."), max_size=300))
def test_mark_markdown_spans_are_valid(text: str) -> None:
    for span in mark_markdown(text):
        assert text[span.start : span.end] == span.quote != ""

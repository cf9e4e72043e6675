from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents.boilerplate import blank_out, mark_boilerplate
from detente.documents.markup import mark_markdown

BODY = "The foreign ministers met in Riyadh on Tuesday and talked for four hours."


def marked(text: str, **fields: str) -> list[tuple[str, str]]:
    return [(span.reason, span.quote) for span in mark_boilerplate(text, **fields)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("For the best of our weekly content!", "newsletter"),
        ("You are now signed up for our newsletter", "newsletter"),
        ("Check your email to complete sign up", "newsletter"),
        ("Sign up", "newsletter"),
        ("Subscribe to our newsletter.", "newsletter"),
        ("Enter your email address:", "newsletter"),
        ("Follow Jane Doe on Twitter @jane.", "newsletter"),
        ("Leave a Comment", "comment box"),
        ("View all 12 comments", "comment box"),
        ("Your email address will not be published.", "comment box"),
        ("- Advertisement -", "advertisement"),
        ("ADVERTISEMENT", "advertisement"),
        ("Story continues below this advertisement", "advertisement"),
        ("Read more: Envoys meet in Riyadh", "navigation"),
        ("Related: Kremlin welcomes the talks", "navigation"),
        ("Share this article", "navigation"),
        ("We use cookies to improve our site.", "navigation"),
        ("© 2025 The Examiner. All rights reserved.", "navigation"),
        ("(Reporting by Jane Doe; Editing by John Smith.)", "byline"),
        ("Jane Doe contributed to this report.", "byline"),
        ("Published on 18 February 2025 10:00 GMT", "byline"),
        ("Photo: Jane Doe/Agency", "caption"),
        ("The ministers at the table (Photo by Jane Doe)", "caption"),
        ("The ministers at the table (Doe/Getty Images)", "caption"),
        ("Getty Images", "caption"),
        ("float:left;", "markup"),
        (".image-wrap img {", "markup"),
        ("By Jane Doe", "byline"),
    ],
)
def test_mark_boilerplate_marks_line(line: str, reason: str) -> None:
    assert (reason, line) in marked(f"{BODY}\n{line}\n{BODY[:-1]} indeed.")


@pytest.mark.parametrize(
    "sentence",
    [
        "Like Clinton, Trump wrote on Twitter that the talks had failed.",
        "Also on Tuesday, Rubio spoke.",
        "More from Lavrov came later.",
        "Published in 2014, it sold well.",
        "Related parties met in Geneva.",
        "Sign-ups rose after the summit.",
        "Photographs show the tanks leaving.",
        "Comments by Lavrov angered Kyiv.",
        "Share prices fell in Moscow.",
        "Subscribers to the treaty include Iran.",
        "Video calls replaced the summit.",
        "Will Russia accept the terms that Washington has put to it?",
        "Moscow: we agree.",
        "“Who will pay?”",
    ],
)
def test_mark_boilerplate_spares_news(sentence: str) -> None:
    assert marked(f"{BODY}\n{sentence}\nThe talks will go on next week, both sides said.") == []


def test_mark_boilerplate_takes_a_sentence_out_of_a_paragraph() -> None:
    found = marked("He asked whether it was right.Leave a Comment")
    assert found == [("comment box", "Leave a Comment")]


@pytest.mark.parametrize("heading", ["Russian response", "A ‘Reverse Nixon’?", "THE RIYADH TALKS"])
def test_mark_boilerplate_marks_heading(heading: str) -> None:
    assert marked(f"{BODY}\n{heading}\nThe Kremlin was pleased.") == [("heading", heading)]


@pytest.mark.parametrize(
    "text",
    [
        "Putin meets Xi in Moscow",
        "Putin meets Xi\nXi thanks Putin\nTrump calls both",
        f"{BODY}\nPutin meets Xi",
        f"{BODY}\n- first demand\nThe Kremlin was pleased.",
    ],
)
def test_mark_boilerplate_spares_headlines_that_head_nothing(text: str) -> None:
    assert marked(text) == []


def test_mark_boilerplate_marks_title_and_subtitle() -> None:
    text = f"Putin meets Xi\nTalks on gas and war\n{BODY}"
    assert [reason for reason, _ in marked(text)] == ["heading", "heading"]


def test_mark_boilerplate_marks_known_title_with_full_stop() -> None:
    text = f"Putin meets Xi.\n{BODY}"
    assert marked(text) == []
    assert marked(text, title="Putin Meets Xi") == [("heading", "Putin meets Xi.")]


def test_mark_boilerplate_marks_dateline_and_bio() -> None:
    text = f"RIYADH (AP) — {BODY}\n* A.B. Kumar is Professor, Centre of Asian Studies."
    assert [reason for reason, _ in marked(text)] == ["byline", "bio"]


def test_mark_boilerplate_keeps_the_new_sentence_of_a_repeated_paragraph() -> None:
    new = "They now see Washington as ready to give way in the east."
    text = f"{BODY} It lasted long.\nThe Kremlin was pleased.\n{BODY} {new}"
    (span,) = mark_boilerplate(text)
    assert (span.reason, span.quote) == ("repeated sentence", BODY)
    assert span.start > len(BODY)
    assert new in blank_out(text, [span])


def test_mark_boilerplate_keeps_markup_and_reads_between() -> None:
    text = f"{BODY}\n\n**Leave a Comment**\n\n{BODY[:-1]} again."
    reasons = [s.reason for s in mark_boilerplate(text, markup=mark_markdown(text))]
    assert reasons[0] == "comment box" or "comment box" in reasons


def test_blank_out_keeps_length_and_line_breaks() -> None:
    text = "one\ntwo three"
    spans = mark_boilerplate("x") or mark_markdown("# a\n")
    assert blank_out(text, spans) == " ne\ntwo three"


@given(
    st.text(alphabet=st.sampled_from("Sign up Leave a Comment.\n*#[]()“”?:—-By Jane"), max_size=400)
)
def test_spans_are_valid_ordered_and_apart(text: str) -> None:
    place = 0
    for span in mark_boilerplate(text, markup=mark_markdown(text)):
        assert place <= span.start < span.end
        assert text[span.start : span.end] == span.quote
        place = span.end


@pytest.mark.shared
def test_the_seeds_lose_boilerplate_and_nothing_else(shared: Path) -> None:
    first, second = sorted((shared / "data" / "seeds").glob("*.txt"))
    reasons = [r for r, _ in marked(first.read_text(encoding="utf-8"))]
    assert reasons == ["newsletter"] * 3 + ["heading"] * 2 + ["comment box"]
    reasons = [r for r, _ in marked(second.read_text(encoding="utf-8"))]
    assert reasons == ["repeated sentence"] * 2 + ["bio", "advertisement"]

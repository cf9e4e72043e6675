from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.documents.article import Source
from detente.documents.html import decode_page, html_text, read_html
from detente.errors import InputError

FIRST = "The foreign ministers of both countries met in Riyadh on Tuesday for four hours of talks."
SECOND = "Kyiv was not invited, and said that it would accept nothing that was signed without it."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Ministers meet in Riyadh | The Examiner</title>
<meta name="author" content="Jane Doe"><meta property="og:site_name" content="The Examiner">
<meta property="og:title" content="Ministers meet in Riyadh">
<meta property="article:published_time" content="2025-02-18T10:00:00+00:00">
</head><body><nav><a href="/">Home</a></nav><article><h1>Ministers meet in Riyadh</h1>
<p>{FIRST}</p><p>{SECOND} {FIRST[:-1]} again.</p></article><footer>© 2025</footer>
<script>var x = 1;</script></body></html>"""


def test_read_html_finds_text_and_metadata() -> None:
    (article,) = read_html(Source("a.html", PAGE.encode()))
    assert FIRST in article.text.split("\n")
    assert "Home" not in article.text
    assert article.stated == {
        "title": "Ministers meet in Riyadh",
        "author": "Jane Doe",
        "date": "2025-02-18",
        "outlet": "The Examiner",
    }


def test_read_html_never_guesses_a_date() -> None:
    page = f"<html><body><p>{FIRST}</p><p>{SECOND} It ended on 3 May 2019.</p></body></html>"
    (article,) = read_html(Source("a.html", page.encode()))
    assert "date" not in article.stated


def test_read_html_falls_back_to_the_text_of_the_page() -> None:
    (article,) = read_html(Source("a.html", b"<table><tr><td>Talks ended.</td></tr></table>"))
    assert article.text == "Talks ended."


def test_read_html_refuses_a_page_without_text() -> None:
    with pytest.raises(InputError, match="no text"):
        list(read_html(Source("a.html", b"<html><script>x()</script></html>")))


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One.<p>Two <b>bold</b>", "One.\nTwo bold"),
        ("plain &amp; simple", "plain & simple"),
        ("<?xml version='1.0' encoding='utf-8'?><p>One.</p>", "One."),
        ("<div>a<br>b<style>p {}</style>c<!-- d --></div>", "a\nbc"),
        ("a\x00b", "a b"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_html_text(fragment: str, text: str) -> None:
    assert html_text(fragment) == text


@pytest.mark.parametrize(
    ("content", "page"),
    [
        ("<p>détente".encode(), "<p>détente"),
        ("<meta charset=windows-1251>Россия".encode("cp1251"), "<meta charset=windows-1251>Россия"),
    ],
)
def test_decode_page(content: bytes, page: str) -> None:
    assert decode_page(content) == page


def test_decode_page_refuses_what_it_cannot_tell() -> None:
    with pytest.raises(InputError):
        decode_page(b"<meta charset=nonsense>\xff\x81\xfe\x00")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/pdivab &;\"'=!-\x00\n"), max_size=120))
def test_html_text_never_crashes(page: str) -> None:
    assert isinstance(html_text(page), str)

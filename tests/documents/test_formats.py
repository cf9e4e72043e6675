from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.documents.article import Article, Source
from detente.documents.formats import FORMATS, read_source
from detente.errors import InputError
from detente.schema import Skipped


def read(path: str, content: bytes, media_type: str | None = None) -> list[Article | Skipped]:
    return list(read_source(Source(path, content, media_type=media_type)))


def texts(path: str, content: bytes, media_type: str | None = None) -> list[str]:
    return [a.text for a in read(path, content, media_type) if isinstance(a, Article)]


def test_read_text_keeps_every_character() -> None:
    text = "\ufeffThey met.\r\n\u200fDone\t😀\n"
    assert texts("a.txt", text.encode()) == [text]


def test_read_text_warns_of_a_guessed_encoding() -> None:
    (article,) = read("a.txt", ("The envoys’ talks — “a reset” — ended. " * 9).encode("cp1252"))
    assert isinstance(article, Article)
    assert "cp1252" in article.warnings[0]


def test_read_markdown_reads_front_matter() -> None:
    content = b"---\ntitle: Talks\nsource: The Examiner\nurl: https://x.org\n---\n# Other\nMet."
    (article,) = read("a.md", content)
    assert isinstance(article, Article)
    assert article.stated == {"title": "Talks", "outlet": "The Examiner"}
    assert article.url == "https://x.org"
    assert article.text.startswith("---")


def test_read_markdown_takes_the_heading_as_title() -> None:
    (article,) = read("a.md", b"# Talks\n\nThey met.")
    assert isinstance(article, Article)
    assert article.stated == {"title": "Talks"}


LINE = b'{"id": "x1", "text": "They met.", "source": "AP", "date": 2025, "url": "https://x.org"}'


def test_read_jsonl_reads_items_and_skips_broken_lines() -> None:
    content = b"\xef\xbb\xbf" + LINE + b'\r\n\n{"text": "They left."}\n{broken\n{"id": 1}\n"x"\n'
    found = read("a.jsonl", content)
    first, second = (a for a in found if isinstance(a, Article))
    assert (first.path, second.path) == ("a.jsonl#x1", "a.jsonl#3")
    assert first.stated == {"outlet": "AP", "date": "2025"}
    assert first.url == "https://x.org"
    skipped = [s for s in found if isinstance(s, Skipped)]
    assert [s.item for s in skipped] == ["a.jsonl#4", "a.jsonl#5", "a.jsonl#6"]
    assert "line 4 is broken" in skipped[0].reason
    assert "text" in skipped[1].reason


def test_read_json_reads_object_and_list() -> None:
    assert texts("a.json", LINE) == ["They met."]
    found = read("a.json", b"[" + LINE + b', {"no": 1}]')
    assert isinstance(found[0], Article)
    assert isinstance(found[1], Skipped)
    assert found[1].item == "a.json#2"


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", b"\x00\x01", "binary"),
        ("a.json", b"{", "broken JSON"),
        ("a.json", b"3", "neither"),
        ("a.pdf", b"x", "broken"),
        ("a.xml", b"x", "neither"),
    ],
)
def test_read_source_refuses(path: str, content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(path, content)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (LINE + b"\n" + LINE, "They met."),
        (b"{not json} They met.", "{not json} They met."),
        (b"They met.", "They met."),
    ],
)
def test_read_source_tells_piped_formats(content: bytes, text: str) -> None:
    assert texts("-", content)[0] == text


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/html", b"<p>They met.</p>"),
        ("text/plain", b"They met."),
        ("text/markdown", b"They met."),
        ("application/json", b'{"text": "They met."}'),
        ("application/x-ndjson", b'{"text": "They met."}'),
        ("application/rss+xml", b'<rss version="2.0"><channel><item><description>They met.'
         b"</description></item></channel></rss>"),
    ],
)  # fmt: skip
def test_read_source_goes_by_media_type(media_type: str, content: bytes) -> None:
    assert texts("https://x.org/a", content, media_type) == ["They met."]


@pytest.mark.parametrize("media_type", ["image/png", "application/pdf"])
def test_read_source_refuses_media_type(media_type: str) -> None:
    with pytest.raises(InputError):
        read("https://x.org/a", b"x", media_type)


@pytest.mark.parametrize("ending", sorted(FORMATS))
@settings(max_examples=25, deadline=None)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_read_source_never_crashes(ending: str, content: bytes) -> None:
    with contextlib.suppress(InputError):
        for item in read(f"a{ending}", content):
            assert isinstance(item, Article | Skipped)

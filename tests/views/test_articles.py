from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.schema import Boilerplate, Document, Quantity, Records
from detente.views.articles import Segment, build_article, safe_url, title_of
from detente.views.figures import Index
from tests.build import document


def segments(text: str, *spans: tuple[int, int], **fields: object) -> list[Segment]:
    """Return the segments of a document with quantities q0, q1, … at `spans`."""
    doc = document(text, **fields)
    quantities = [
        Quantity(id=f"q{n}", document=doc.id, value=1, unit="x", span=doc.span(*span))
        for n, span in enumerate(spans)
    ]
    index = Index(Records(documents=[doc], quantities=quantities))
    article = build_article(index, doc)
    return [s for p in article.paragraphs for sentence in p.sentences for s in sentence]


def test_overlapping_spans_are_cut_at_every_boundary() -> None:
    found = segments("abcdefgh", (0, 4), (2, 6), (3, 4))
    assert [(s.text, s.anchors, s.starts) for s in found] == [
        ("ab", ("q0",), ("q0",)),
        ("c", ("q0", "q1"), ("q1",)),
        ("d", ("q0", "q1", "q2"), ("q2",)),
        ("ef", ("q1",), ()),
        ("gh", (), ()),
    ]


def test_span_over_paragraphs_begins_once() -> None:
    found = segments("First line.\n\nSecond line.", (6, 19))
    assert [s.text for s in found if s.anchors] == ["line.", "Second"]
    assert [s.starts for s in found if s.anchors] == [("q0",), ()]


def test_boilerplate_keeps_its_reason() -> None:
    waste = Boilerplate(start=5, end=9, quote="Join", reason="newsletter")
    found = segments("News.Join us", boilerplate=(waste,))
    assert [(s.text, s.reason, s.reason_starts) for s in found] == [
        ("News.", None, False),
        ("Join", "newsletter", True),
        (" us", None, False),
    ]


@given(st.data())
def test_all_text_of_paragraphs_and_every_record_is_there(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab. \n“”é🙂", min_size=1, max_size=60))
    ends = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    spans = [span for span in data.draw(st.lists(ends, max_size=6)) if span[0] < span[1]]
    found = segments(text, *spans)
    shown = "".join(s.text for s in found)
    assert "".join(shown.split()) == "".join(text.split())
    starts = [start for s in found for start in s.starts]
    assert len(starts) == len(set(starts))
    for n, (start, end) in enumerate(spans):
        marked = "".join(s.text for s in found if f"q{n}" in s.anchors)
        assert "".join(marked.split()) == "".join(text[start:end].split())


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://example.org/a?b=c", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://a b", False),
        ("https://a\u202eb", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_are_links(url: str | None, is_link: bool) -> None:
    assert (safe_url(url) is not None) is is_link


@pytest.mark.parametrize(
    ("path", "title", "expected"),
    [("a/b.txt", "T", "T"), ("a/b.txt", None, "b.txt"), ("C:\\x\\y.pdf", None, "y.pdf")],
)
def test_title_falls_back_to_the_file(path: str, title: str | None, expected: str) -> None:
    assert title_of(Document(id="d", path=path, text="x", title=title)) == expected

from __future__ import annotations

import pytest

from detente.documents.article import Source
from detente.documents.pdf import drop_running_lines, join_lines, read_pdf
from detente.errors import InputError
from tests.documents.pages import make_pdf


def test_read_pdf_joins_lines_and_reads_metadata() -> None:
    pages = [
        ["The Review of Talks", "The foreign ministers met in Riyadh to discuss the recon-",
         "struction of the country and the reopening of their embas-", "sies.", "1"],
        ["The Review of Talks", "Kyiv was not at the table and said that it would accept none",
         "of it.", "2"],
        ["The Review of Talks", "Moscow was pleased with the outcome of the talks in Riyadh,",
         "an envoy said.", "3"],
    ]  # fmt: skip
    (article,) = read_pdf(Source("a.pdf", make_pdf(pages, "Talks in Riyadh", "Jane Doe")))
    assert article.text.split("\n") == [
        "The foreign ministers met in Riyadh to discuss the reconstruction of the country and the "
        "reopening of their embassies.",
        "Kyiv was not at the table and said that it would accept none of it.",
        "Moscow was pleased with the outcome of the talks in Riyadh, an envoy said.",
    ]
    assert article.stated == {
        "title": "Talks in Riyadh",
        "author": "Jane Doe",
        "date": "2025-02-18",
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.4 broken", "broken"),
        (b"no pdf", "broken"),
        (make_pdf([[]]), "no text layer"),
    ],
)
def test_read_pdf_refuses(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        list(read_pdf(Source("a.pdf", content)))


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (["A line that is long enough to be full", "and ends.", "Next one."],
         ["A line that is long enough to be full and ends.", "Next one."]),
        (["The Russian-", "American talks on peace went well."],
         ["The Russian-American talks on peace went well."]),
        (["Talks", "The foreign ministers met on Tuesday."],
         ["Talks", "The foreign ministers met on Tuesday."]),
        ([], []),
    ],
)  # fmt: skip
def test_join_lines(lines: list[str], paragraphs: list[str]) -> None:
    assert list(join_lines(lines)) == paragraphs


def test_drop_running_lines_keeps_a_single_page() -> None:
    assert drop_running_lines([["Talks", "They met.", "Page 1 of 1"]]) == ["Talks", "They met."]

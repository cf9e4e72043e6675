"""Quoted passages of a document: pairs of quotation marks, tolerant of those that never close."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from detente.extract.language import Sentence
from detente.schema import Document

MARKS = re.compile(r"[“”\"„«»]|``|''")
OPENING = {"“", "„", "«", "``"}
CLOSING = {"”", "»"}
SCARE_WORDS = 3
"""A quoted stretch of up to this many words inside a sentence is a term or scare quote."""


def find_quotes(doc: Document, sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the quoted passages of `doc`, marks included, in order.

    Marks pair up within a paragraph. A passage that never closes ends with its paragraph when it
    opens a sentence (a speech that runs over paragraphs), else with its sentence, so that one
    stray mark never swallows the rest.
    """
    quotes: list[tuple[int, int]] = []
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    for members in paragraphs.values():
        start, end = members[0].start, members[-1].end
        opened: int | None = None
        for mark in MARKS.finditer(doc.text, start, end):
            if opened is None:
                if mark.group() not in CLOSING:
                    opened = mark.start()
            elif mark.group() not in OPENING or doc.text[opened] == "„":  # „German“ marks
                quotes.append((opened, mark.end()))
                opened = None
        if opened is not None:
            quotes.append((opened, _end_of_unclosed(opened, members)))
    return sorted(q for q in quotes if q[1] - q[0] > 2)


def _end_of_unclosed(opened: int, members: Sequence[Sentence]) -> int:
    """Return where a passage that opens at `opened` and never closes is taken to end."""
    for sentence in members:
        if sentence.start <= opened < sentence.end:
            return members[-1].end if opened == sentence.start else sentence.end
    return members[-1].end


def quotes_within(
    start: int, end: int, quotes: Sequence[tuple[int, int]]
) -> Sequence[tuple[int, int]]:
    """Return those of the ordered quotations that share characters with `start:end`."""
    first = bisect_left(quotes, start, key=lambda quote: quote[1])
    return quotes[first : bisect_left(quotes, (end,))]


def quoted_share(start: int, end: int, quotes: Sequence[tuple[int, int]]) -> float:
    """Return the share of the characters `start:end` that stand inside quotation marks, 0 to 1."""
    near = quotes_within(start, end, quotes)
    covered = sum(max(0, min(end, high) - max(start, low)) for low, high in near)
    return covered / (end - start) if end > start else 0.0

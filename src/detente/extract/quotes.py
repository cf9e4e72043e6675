"""Quoted passages of a document: pairs of quotation marks, tolerant of those that never close."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import zip_longest

from detente.extract.language import Sentence
from detente.schema import Document

MARKS = re.compile(r"[“”\"„«»]|``|''")
OPENING = {"“", "„", "«", "``"}
CLOSING = {"”", "»"}
SCARE_WORDS = 3
"""A quoted stretch of up to this many words inside a sentence is a term or scare quote."""


def find_quotes(doc: Document, sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the quoted passages of `doc`, marks included, in order.

    Marks pair up within a paragraph. A passage that opens a sentence and never closes runs to the
    end of its paragraph when the next one opens with a mark too (a speech over paragraphs), else
    the mark is stray and quotes nothing. One that opens within a sentence ends with it.
    """
    quotes: list[tuple[int, int]] = []
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    groups = list(paragraphs.values())
    for members, following in zip_longest(groups, groups[1:]):
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
            runs_on = bool(following) and MARKS.match(doc.text, following[0].start) is not None
            end = _end_of_unclosed(opened, members, runs_on=runs_on)
            quotes.append((opened, end))
    return sorted(q for q in quotes if q[1] - q[0] > 2)


def _end_of_unclosed(opened: int, members: Sequence[Sentence], *, runs_on: bool) -> int:
    """Return where a passage that opens at `opened` and never closes is taken to end."""
    if runs_on:
        return members[-1].end
    for sentence in members:
        if sentence.start < opened < sentence.end:
            return sentence.end
    return opened


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

"""Paragraphs and sentences of a text as offsets."""

from __future__ import annotations

import re


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the paragraphs of `text`."""
    return [m.span() for m in re.finditer(r"[^\n]*\S[^\n]*", text)]


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the sentences of `text[start:end]`."""
    return [m.span() for m in re.compile(r"\S.*?(?:[.?!][”\"’)]*(?=\s+[A-Z“\"])|$)").finditer(text, start, end)]

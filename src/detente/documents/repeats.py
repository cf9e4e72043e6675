"""Sentences that a text says twice: pull quotes, summaries pasted above and below an article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz

MIN_CHARS = 40
"""Shorter sentences ("He declined to comment.") recur with new meaning."""
MIN_SIMILARITY = 95.0
"""Normalised edit similarity, in percent, from which two sentences can be one: a spelling apart."""
MIN_WORD_SIMILARITY = 85.0
"""Similarity of two long words that may be spellings of each other (Zelensky, Zelenskyy)."""
MAX_CANDIDATES = 20
"""Earlier sentences with the same opening or close that are compared; keeps the cost linear."""

_WORD = re.compile(r"[\w]+(?:[’'][\w]+)*")
_PASSING = frozenset(("a", "an", "the", "that"))


def normalise(text: str) -> str:
    """Return the words of `text` in lower case, one blank apart, without punctuation."""
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))


def find_repeats(text: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of `sentences` that say again what an earlier one said, in order.

    Two sentences are one when their words are the same, or differ only in articles and in the
    spelling of long words; a changed number, name, negation or short word makes a new sentence.
    """
    seen: set[str] = set()
    nearby: dict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    repeats: list[tuple[int, int]] = []
    for start, end in sentences:
        if end - start < MIN_CHARS:
            continue
        key = normalise(text[start:end])
        words = [word for word in key.split(" ") if word not in _PASSING]
        if len(key) < MIN_CHARS:
            continue
        ends = (tuple(words[:3]), tuple(words[-3:]))
        earlier = [other for part in ends for other in nearby[part][-MAX_CANDIDATES:]]
        if key in seen or any(_are_one(words, other) for other in earlier):
            repeats.append((start, end))
        seen.add(key)
        for part in ends:
            nearby[part].append(words)
    return repeats


def _are_one(words: list[str], other: list[str]) -> bool:
    """Return whether two sentences differ in spelling alone."""
    if len(words) != len(other):
        return False
    if fuzz.ratio(" ".join(words), " ".join(other)) < MIN_SIMILARITY:
        return False
    return all(a == b or _are_spellings(a, b) for a, b in zip(words, other, strict=True))


def _are_spellings(a: str, b: str) -> bool:
    """Return whether two words are one in two spellings: `organise` and `organize`."""
    return (
        min(len(a), len(b)) >= 5
        and a[0] == b[0]
        and not any(c.isdigit() for c in a + b)
        and fuzz.ratio(a, b) >= MIN_WORD_SIMILARITY
    )

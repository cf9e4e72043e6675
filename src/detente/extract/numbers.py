"""Numbers as English prose writes them: digits, words and mixtures such as "2.5 million"."""

from __future__ import annotations

import re

UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

WORDS: dict[str, float] = {
    **{word: float(n) for n, word in enumerate(UNITS)},
    **{word: float(n) for n, word in zip(range(20, 100, 10), TENS, strict=True)},
}
SCALES: dict[str, float] = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
SHORT_SCALES: dict[str, float] = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
"""Scales that are glued to a figure, read only where a currency or unit makes them sure."""

DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SMALL = "|".join(sorted(WORDS, key=len, reverse=True))
_SCALE = "|".join(SCALES)
WRITTEN = (
    rf"(?:{_SMALL})(?:[ -](?:{_SMALL}|{_SCALE}))*(?:\s+and\s+a\s+half)?(?:\s+(?:{_SCALE}))?"
    rf"|(?:an?|half\s+an?)\s+(?:{_SCALE})"
)
"""A number in words; a lone "one" is included, for its callers judge the words around it."""
NUMBER = rf"(?:{DIGITS}|{WRITTEN})"
"""Digits or a number in words."""

_TOKEN = re.compile(r"[a-z]+|[\d.,]+")


def parse_number(text: str) -> float | None:
    """Return the value of a number in digits or words, or null where it is none.

    `"2.5 million"` is 2500000, `"twenty-five"` 25, `"half a million"` 500000, `"a dozen"` 12.
    """
    total = current = 0.0
    pending_half = seen = False
    for word in _TOKEN.findall(text.lower()):
        if word in {"a", "an", "and"}:
            continue
        seen = True
        if word == "half":
            current, pending_half = (current + 0.5, False) if current else (0.0, True)
        elif word in WORDS:
            current += WORDS[word]
        elif word in SCALES or word in SHORT_SCALES:
            scale = SCALES.get(word) or SHORT_SCALES[word]
            current = (0.5 if pending_half else current or 1.0) * scale
            pending_half = False
            if scale >= 1e3:
                total, current = total + current, 0.0
        elif re.fullmatch(DIGITS, word):
            current += float(word.replace(",", ""))
        else:
            return None
    return total + current if seen and not pending_half else None

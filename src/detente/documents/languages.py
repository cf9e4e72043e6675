"""The language of a text: English by its commonest words, another only when that is clear."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

MIN_FUNCTION_WORDS = 0.15
"""Share of English function words from which no model is asked: news has 0.3 to 0.45, French,
German or Spanish text below 0.08."""
MIN_LETTERS = 120
"""Letters below which a guess is worth nothing: headlines and names look like any language."""
MIN_PROBABILITY = 0.95
"""The identifier's own probability from which a text is called foreign."""
SAMPLE_CHARS = 3_000
"""Characters at the head of a text that are looked at."""

_COMMON = (
    "the of to and in that for is on with was as by at he his it from have has are be not this but "
    "will who an its which their they would been were had or said i"
)
_FUNCTION_WORDS = frozenset(_COMMON.split())
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "CYRILLIC": "ru",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "TAMIL": "ta",
}


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`.

    Short and mixed texts count as English; a text mostly in another script never does.
    """
    words = _WORD.findall(text[:SAMPLE_CHARS].casefold())
    if not words:
        return "en"
    if sum(word in _FUNCTION_WORDS for word in words) >= MIN_FUNCTION_WORDS * len(words):
        return "en"
    script = _foreign_script("".join(words))
    n_letters = sum(map(len, words))
    if n_letters < MIN_LETTERS and script is None:
        return "en"
    language, probability = _identifier().classify(" ".join(words))
    if script is not None:
        return str(language) if language != "en" else script
    return str(language) if probability >= MIN_PROBABILITY else "en"


def _foreign_script(letters: str) -> str | None:
    """Return the commonest language of the script that most letters have, or None for Latin."""
    counts: dict[str, int] = {}
    for letter in letters:
        if letter.isascii():
            continue
        name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
        if name in _SCRIPTS:
            counts[name] = counts.get(name, 0) + 1
    name = max(counts, key=lambda key: counts[key], default="")
    return _SCRIPTS[name] if 2 * sum(counts.values()) > len(letters) else None


@cache
def _identifier() -> Any:
    """Return the language identifier; it takes a second to load, so only when asked."""
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)

"""Bytes to text: UTF-8 untouched, other encodings only when the guess is a confident one."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from detente.errors import InputError

SAMPLE_BYTES = 65_536
"""Bytes from which an encoding is guessed."""
MAX_CHAOS = 0.1
MIN_COHERENCE = 0.2
"""charset-normalizer's measures of mess and of resemblance to a language. Right guesses on English,
French, Russian and Chinese news reached 0.3 and more, texts too short to tell 0."""
MAX_CONTROL = 0.05
"""Share of control characters from which a file is no text."""

_SIGNED = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


@dataclass(slots=True, frozen=True)
class Decoded:
    """A text, and the encoding it was guessed to have (None for UTF-8 and signed encodings)."""

    text: str
    guessed: str | None = None


def decode(content: bytes) -> Decoded:
    """Return the text of `content`; a byte-order mark stays in it as a character.

    Raises:
        InputError: the bytes are no text, or their encoding cannot be told with confidence.
    """
    encoding = next((name for mark, name in _SIGNED if content.startswith(mark)), None)
    if encoding:
        try:
            return Decoded(content.decode(encoding))
        except UnicodeDecodeError as err:
            raise InputError(
                f"broken {encoding} text at byte {err.start}; save it as UTF-8"
            ) from err
    if _is_binary(content[:SAMPLE_BYTES]):
        raise InputError(
            "binary data, not text; give the article as .txt, .md, .html, .pdf or .jsonl"
        )
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as err:
        if _is_broken_utf8(content):
            line = content.count(b"\n", 0, err.start) + 1
            raise InputError(f"broken UTF-8 in line {line}; save the text as UTF-8 again") from err
    return _guess(content)


def _is_binary(sample: bytes) -> bool:
    """Return whether the bytes hold NUL or many control characters."""
    n_control = len(sample) - len(sample.translate(None, _CONTROL))
    return b"\0" in sample or n_control > MAX_CONTROL * len(sample)


def _is_broken_utf8(content: bytes) -> bool:
    """Return whether the bytes are UTF-8 with a few wrong ones, rather than another encoding."""
    valid = content.decode("utf-8", errors="ignore")
    n_valid = len(valid.encode("utf-8"))
    n_wrong = len(content) - n_valid
    return n_valid - sum(map(valid.count, _ASCII)) > 2 * n_wrong


_ASCII = [chr(code) for code in range(128)]


def _guess(content: bytes) -> Decoded:
    """Return the text in the encoding that charset-normalizer is confident of.

    A text that is nearly all ASCII is tried as Windows-1252 alone: what the other Latin encodings
    would make of its few quotation marks cannot be told apart.
    """
    from charset_normalizer import from_bytes

    sample = content[:SAMPLE_BYTES]
    n_ascii = sum(byte < 128 for byte in sample)
    only = ["cp1252"] if n_ascii > 0.85 * len(sample) else None
    match = from_bytes(sample, cp_isolation=only).best()
    if match is not None and match.chaos <= MAX_CHAOS and match.coherence >= MIN_COHERENCE:
        try:
            return Decoded(content.decode(match.encoding), match.encoding)
        except UnicodeDecodeError:
            pass
    raise InputError("unknown encoding, not UTF-8; save the text as UTF-8")

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents.decoding import decode
from detente.errors import InputError

ENGLISH = "The envoys’ talks — “a reset”, said Macron’s aide — ended in Riyadh on Tuesday. " * 4
RUSSIAN = "Россия и США провели переговоры о завершении войны. Министр доволен беседой. " * 4


@pytest.mark.parametrize("text", ["plain", "\ufeffwith mark\r\n", "détente 中国 😀", "a\u200eb"])
def test_decode_leaves_utf8_untouched(text: str) -> None:
    decoded = decode(text.encode("utf-8"))
    assert (decoded.text, decoded.guessed) == (text, None)


def test_decode_reads_signed_utf16() -> None:
    assert decode("talks".encode("utf-16")).text == "\ufefftalks"


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [(ENGLISH, "cp1252", "cp1252"), (RUSSIAN, "koi8-r", "koi8_r"), (RUSSIAN, "cp1251", "cp1251")],
)
def test_decode_guesses_with_confidence(text: str, encoding: str, guess: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.guessed) == (text, guess)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04\x00\x00 docx", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        (ENGLISH.encode() + b"\n\xff\xfe" + ENGLISH.encode(), "broken UTF-8 in line 2"),
        (b"\xff\xfea", "broken utf-16-le"),
        (b"Sh\xf0rt \xe9 \x81", "unknown encoding"),
    ],
)
def test_decode_refuses(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(content)


@given(st.binary(max_size=300))
def test_decode_never_crashes(content: bytes) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(decode(content).text, str)

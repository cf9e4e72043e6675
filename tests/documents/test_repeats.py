from __future__ import annotations

import pytest

from detente.documents.repeats import find_repeats, normalise
from detente.documents.sentences import split_sentences

SAID = "President Zelensky said on Monday that Ukraine would accept the organised truce."


def repeated(second: str) -> bool:
    text = f"{SAID} {second}"
    return bool(find_repeats(text, split_sentences(text, 0, len(text))))


@pytest.mark.parametrize(
    "second",
    [
        SAID,
        SAID.replace("Zelensky", "Zelenskyy"),
        SAID.replace("organised", "organized"),
        SAID.replace("the organised", "organised"),
        f"“{SAID}”",
    ],
)
def test_find_repeats_takes_the_same_sentence(second: str) -> None:
    assert repeated(second)


@pytest.mark.parametrize(
    "second",
    [
        SAID.replace("would accept", "would not accept"),
        SAID.replace("Monday", "Sunday"),
        SAID.replace("Ukraine", "Ruthenia"),
        SAID.replace("accept", "reject"),
        SAID.replace("President", "President, again,"),
    ],
)
def test_find_repeats_keeps_what_is_new(second: str) -> None:
    assert not repeated(second)


def test_find_repeats_keeps_other_numbers() -> None:
    sentence = "Trade came to 240 billion dollars in all of 2023."
    text = f"{sentence} {sentence.replace('2023', '2024')}"
    assert find_repeats(text, split_sentences(text, 0, len(text))) == []


def test_find_repeats_keeps_short_sentences() -> None:
    text = "He declined to comment. He declined to comment."
    assert find_repeats(text, split_sentences(text, 0, len(text))) == []


def test_normalise_leaves_words() -> None:
    assert normalise("“It’s OVER,” he said.") == "it's over he said"

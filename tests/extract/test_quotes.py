from __future__ import annotations

import pytest

from detente.extract.language import Sentence
from detente.extract.quotes import find_quotes, quoted_share
from tests.build import document


def quotes(*paragraphs: tuple[str, ...]) -> list[str]:
    """Return the quotations of paragraphs of sentences (which need no tokens here)."""
    doc = document("\n".join(" ".join(p) for p in paragraphs))
    sentences: list[Sentence] = []
    place = 0
    for number, texts in enumerate(paragraphs):
        for text in texts:
            sentences.append(Sentence(len(sentences), number, place, place + len(text), []))
            place += len(text) + 1
    return [doc.text[start:end] for start, end in find_quotes(doc, sentences)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no” today.", ["“no”"]),
        ('He said "no" and "never".', ['"no"', '"never"']),
        ("He said «non» today.", ["«non»"]),
        ("He said „nein“ today.", ["„nein“"]),
        ("He said ``no'' today.", ["``no''"]),
        ("He said 'no' today.", []),
        ("He said “” today.", []),
        ("He left” early.", []),
        ("Nothing here.", []),
    ],
)
def test_pairs_of_marks(text: str, expected: list[str]) -> None:
    assert quotes((text,)) == expected


def test_a_quotation_may_hold_several_sentences() -> None:
    assert quotes(("“We stay. We fight,” he said.",)) == ["“We stay. We fight,”"]


def test_a_stray_mark_inside_a_sentence_ends_with_it() -> None:
    assert quotes(("He called it “a scandal.", "She left.")) == ["“a scandal."]


def test_a_speech_that_opens_a_sentence_runs_to_the_end_of_its_paragraph() -> None:
    found = quotes(("“We stay.", "We fight."), ("“She left.”",))
    assert found == ["“We stay. We fight.", "“She left.”"]


def test_a_stray_mark_at_the_start_of_a_sentence_quotes_nothing() -> None:
    assert quotes(("“We stay.", "We fight."), ("She left.",)) == []


def test_marks_do_not_pair_across_paragraphs() -> None:
    assert quotes(("He said “no.",), ("She said yes” and left.",)) == ["“no."]


def test_an_opening_mark_inside_a_quotation_does_not_open_another() -> None:
    assert quotes(("“He said “no” to me,” she said.",)) == ["“He said “no”"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 10, 1.0), (0, 20, 0.5), (10, 20, 0.0), (25, 30, 1.0), (5, 5, 0.0)],
)
def test_quoted_share(start: int, end: int, expected: float) -> None:
    assert quoted_share(start, end, [(0, 10), (25, 30)]) == expected

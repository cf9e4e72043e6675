from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.calendar import Partial, parse_iso, period_of, shift
from detente.extract.dates import DateExpression, find_dates
from detente.extract.language import Sentence, Token
from tests.build import document, sentence

FULL = "2025-02-21"  # a Friday


def flat(text: str, *, index: int = 0, paragraph: int = 0, offset: int = 0) -> Sentence:
    """Return a sentence of whitespace-separated words without a parse: nouns, one after another."""
    tokens: list[Token] = []
    place = 0
    for i, word in enumerate(text.split()):
        start = text.index(word, place)
        place = start + len(word)
        tag = {"will": "MD", "said": "VBD"}.get(word, "NN" if word.islower() else "NNP")
        tag = "IN" if word.lower() in {"in", "on", "since", "to", "of", "by", "the"} else tag
        begin, end = offset + start, offset + place
        tokens.append(Token(i, begin, end, word, word.lower(), word.lower(), tag, "dep", i))
    return Sentence(index, paragraph, offset, offset + len(text), tokens)


def only(text: str, date: str | None = FULL) -> DateExpression:
    """Return the one date expression of a one-sentence document."""
    (found,) = find_dates(document(text, date=date), [flat(text)])
    assert len(found) == 1, found
    return found[0]


def told(*texts: str, date: str | None = FULL) -> list[str | None]:
    """Return the dates of several sentences, each a paragraph of one document."""
    sentences: list[Sentence] = []
    offset = 0
    for index, text in enumerate(texts):
        sentences.append(flat(text, index=index, offset=offset))
        offset += len(text) + 1
    found = find_dates(document("\n".join(texts), date=date), sentences)
    return [expression.date for expressions in found for expression in expressions]


@pytest.mark.parametrize(
    ("text", "date", "end", "precision"),
    [
        ("On February 18, 2025 they met", "2025-02-18", None, "day"),
        ("On 18 February 2025 they met", "2025-02-18", None, "day"),
        ("On Tuesday, 18 February 2025 they met", "2025-02-18", None, "day"),
        ("dated 2025-02-18 and signed", "2025-02-18", None, "day"),
        ("dated 18/02/2025 and signed", "2025-02-18", None, "day"),
        ("dated 02/18/2025 and signed", "2025-02-18", None, "day"),
        ("dated 03/04/2025 and signed", "2025", None, "year"),
        ("RIYADH, FEB. 18 talks", "2025-02-18", None, "day"),
        ("a meeting on Feb. 18 (Tuesday) ended", "2025-02-18", None, "day"),
        ("the 18th of February saw talks", "2025-02-18", None, "day"),
        ("from Feb. 18-20 in Riyadh", "2025-02-18", "2025-02-20", "day"),
        ("in February 2022 it began", "2022-02", None, "month"),
        ("in February they met", "2025-02", None, "month"),
        ("in mid-March 2024 they met", "2024-03", None, "month"),
        ("last March they met", "2024-03", None, "month"),
        ("in March–May 2024 they met", "2024-03", "2024-05", "month"),
        ("in 2024 they met", "2024", None, "year"),
        ("by early 2025 they met", "2025", None, "year"),
        ("ties since the 2010s are strained", "2010", "2019", "decade"),
        ("in the mid-1990s ties grew", "1990", "1999", "decade"),
        ("the crisis of 2015–16 passed", "2015", "2016", "year"),
        ("between 2019 and 2024 trade grew", "2019", "2024", "year"),
        ("in the second half of 2024 trade grew", "2024-07", "2024-12", "quarter"),
        ("in Q1 2025 trade grew", "2025-01", "2025-03", "quarter"),
        ("by the end of the year trade grows", "2025-12", None, "month"),
        ("in spring 2014 it began", "2014-03", "2014-05", "quarter"),
        ("the winter of 2014 was cold", "2014", None, "year"),
        ("he was born on February 30, 2025", None, None, None),
        ("the Sept. 11 attacks changed it", "2001-09-11", None, "day"),
        ("the 9/11 attacks changed it", "2001-09-11", None, "day"),
    ],
)
def test_find_dates_reads_absolute_and_partial_forms(
    text: str, date: str | None, end: str | None, precision: str | None
) -> None:
    found = only(text)
    assert (found.date, found.date_end, found.precision) == (date, end, precision)


@pytest.mark.parametrize(
    ("text", "date", "end"),
    [
        ("He said so yesterday", "2025-02-20", None),
        ("He said so last night", "2025-02-20", None),
        ("He said so on Tuesday", "2025-02-18", None),
        ("He said so on Friday", "2025-02-21", None),
        ("He said so last Friday", "2025-02-14", None),
        ("He comes next Friday", "2025-02-28", None),
        ("He said so last week", "2025-02-10", "2025-02-16"),
        ("He said so last weekend", "2025-02-15", "2025-02-16"),
        ("It fell last month", "2025-01", None),
        ("It fell earlier this year", "2025", None),
        ("It grows next year", "2026", None),
        ("It fell last quarter", "2024-10", "2024-12"),
        ("It fell last decade", "2010", "2019"),
        ("It fell last summer", "2024-06", "2024-08"),
        ("It begins next spring", "2025-03", "2025-05"),
        ("It began last spring", "2024-03", "2024-05"),
        ("It fell last winter", "2024", None),
        ("It began three years ago", "2022", None),
        ("It began two months ago", "2024-12", None),
        ("It began ten days ago", "2025-02-11", None),
        ("It began some 20 years ago", "2005", None),
        ("It grew over the past three years", "2022", "2025-02-21"),
        ("A truce within two weeks was asked", "2025-02-21", "2025-03-07"),
        ("It grew in recent years", None, None),
        ("It was recently found", None, None),
        ("It lasted for decades", None, None),
        ("It began a few years ago", None, None),
        ("Two days after the talks he left", None, None),
    ],
)
def test_find_dates_resolves_relative_forms_against_the_document(
    text: str, date: str | None, end: str | None
) -> None:
    found = only(text)
    assert (found.date, found.date_end) == (date, end)


@pytest.mark.parametrize(
    ("text", "document_date", "date"),
    [
        ("Talks on Feb. 18 ended", None, "--02-18"),
        ("Talks on Feb. 30 ended", None, None),
        ("Talks in February ended", None, "--02"),
        ("Talks on Feb. 18 ended", "2025", "2025-02-18"),
        ("Talks yesterday ended", "2025", None),
        ("Talks on Tuesday ended", "2025-02", None),
        ("Talks three years ago ended", "2025", "2022"),
        ("Talks last month ended", "2025-02", "2025-01"),
        ("Talks last month ended", "2025", None),
        ("Talks last week ended", None, None),
        ("Talks last year ended", None, None),
        ("Talks last quarter ended", None, None),
        ("Talks last decade ended", None, None),
        ("Talks last spring ended", None, None),
        ("Talks in December ended", "2025-01-15", "2024-12"),
        ("Talks on Dec. 28 ended", "2025-01-15", "2024-12-28"),
        ("Talks on Feb. 28 followed", "2025-02-21", "2025-02-28"),
        ("Talks on Jan. 3 followed", "2024-12-30", "2025-01-03"),
        ("Talks on Feb. 18 (Sunday) ended", "2025-01-10", "2024-02-18"),
        ("Talks on Feb. 29 ended", "2024-03-05", "2024-02-29"),
        ("Talks by the end of the year ended", None, None),
    ],
)
def test_find_dates_takes_no_more_than_the_document_date_gives(
    text: str, document_date: str | None, date: str | None
) -> None:
    assert only(text, document_date).date == date


@pytest.mark.parametrize(
    "text",
    [
        "They may meet and march to the palace",
        "Theresa May met them",
        "the second of them, with 1.5 points",
        "He paid $2014 for it",
        "some 2014 soldiers were there",
        "the 2000 soldiers were there",
        "they sent 2014 troops",
        "at 2000 GMT",
        "Vision 2030 is a plan",
        "a 45-year-old man aged 45",
        "Black Friday sales",
        "Saturday Night Live",
        "in the year of the snake",
        "the 1,945 men",
        "route 2014-B",
    ],
)
def test_find_dates_leaves_other_words_and_figures_alone(text: str) -> None:
    table = "\n".join(
        f"{word} {'NNS' if word in {'soldiers', 'troops', 'men', 'sales'} else tag} dep {i}"
        for i, (word, tag) in enumerate((t.text, t.tag) for t in flat(text).tokens)
    )
    (found,) = find_dates(document(text, date=FULL), [sentence(text, table)])
    assert found == []


def test_find_dates_leaves_the_modal_after_a_figure_alone() -> None:
    text = "About 30 May be left"
    table = "About RB dep 3\n30 CD dep 3\nMay MD aux 3\nbe VB ROOT 3\nleft VBN acomp 3"
    assert find_dates(document(text, date=FULL), [sentence(text, table)]) == [[]]


@pytest.mark.parametrize(
    ("texts", "dates"),
    [
        (["On February 18, 2025 they met", "On the same day a vote failed"], ["2025-02-18"] * 2),
        (["On Feb. 18 they met", "A week later they left"], ["2025-02-18", "2025-02-25"]),
        (["On Feb. 18 they met", "Two months later they left"], ["2025-02-18", "2025-04"]),
        (["On Feb. 18 they met", "The following day they left"], ["2025-02-18", "2025-02-19"]),
        (["On Feb. 18 they met", "They came the day before"], ["2025-02-18", "2025-02-17"]),
        (["On Feb. 18 they met", "The following Friday they left"], ["2025-02-18", "2025-02-21"]),
        (["On Feb. 18 they met", "The previous Friday they left"], ["2025-02-18", "2025-02-14"]),
        (["On Feb. 18 they met", "Earlier that week they talked"], ["2025-02-18", "2025-02-17"]),
        (["On Feb. 18 they met", "On the same day that he left"], ["2025-02-18", None]),
        (["In 2014 it began", "On March 18 he signed"], ["2014", "2014-03-18"]),
        (["In 2014 it began", "Today it is March 18"], ["2014", "2025-02-21", "2025-03-18"]),
        (["On the same day a vote failed"], [None]),
        (["Years later they left"], [None]),
    ],
)
def test_find_dates_follows_the_narrative(texts: list[str], dates: list[str | None]) -> None:
    assert told(*texts) == dates


def test_find_dates_joins_a_narrative_step_with_the_day_it_names() -> None:
    first, second = "On February 18, 2025 they met", "A week later, on February 25, they signed"
    doc = document(f"{first}\n{second}")
    sentences = [flat(first), flat(second, index=1, offset=len(first) + 1)]
    (merged,) = find_dates(doc, sentences)[1]
    assert doc.text[merged.start : merged.end] == "A week later, on February 25"
    assert (merged.date, merged.kind, merged.sentence) == ("2025-02-25", "narrative", 1)
    assert (merged.first, merged.last) == (0, 5)


def test_find_dates_takes_the_year_of_a_step_without_any_document_date() -> None:
    texts = ["In 2014 the war began", "A year later, on May 3, they met"]
    assert told(*texts, date=None) == ["2014", "2015-05-03"]


VISIT = """
He PRP nsubj 2
{aux} {tag} aux 2
travel VB ROOT 2
on IN prep 2
{month} NNP pobj 3
28 CD nummod 4
"""


@pytest.mark.parametrize(
    ("aux", "tag", "month", "date"),
    [
        ("will", "MD", "August", "2025-08-28"),
        ("would", "MD", "August", "2025-08-28"),
        ("did", "VBD", "August", "2024-08-28"),
        ("will", "MD", "February", "2025-02-28"),
    ],
)
def test_find_dates_reads_the_year_from_the_tense(
    aux: str, tag: str, month: str, date: str
) -> None:
    text = f"He {aux} travel on {month} 28"
    parsed = sentence(text, VISIT.format(aux=aux, tag=tag, month=month))
    assert find_dates(document(text, date=FULL), [parsed])[0][0].date == date


def test_find_dates_keeps_plans_and_background_out_of_the_narrative() -> None:
    first = "On Feb. 18 they met"
    plan = "He would travel on February 28"
    last = "On the same day they voted"
    doc = document("\n".join([first, plan, last]), date=FULL)
    starts = [0, len(first) + 1, len(first) + len(plan) + 2]
    parsed = sentence(
        plan,
        VISIT.format(aux="would", tag="MD", month="February"),
        index=1,
        offset=starts[1],
    )
    found = find_dates(doc, [flat(first), parsed, flat(last, index=2, offset=starts[2])])
    assert found[2][0].date == "2025-02-18"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("since 2014", "since"),
        ("until 2014", "until"),
        ("before the 2014 vote", "before"),
        ("by 2030", "before"),
        ("after early 2014", "after"),
        ("in 2014", "at"),
        ("a return to the 2014 borders", "at"),
        ("for three years", "for"),
        ("within three years", "until"),
        ("in three years", "at"),
    ],
)
def test_find_dates_gives_the_direction(text: str, direction: str) -> None:
    assert only(text).direction == direction


def test_shift_and_period_stay_open_at_the_end_of_time() -> None:
    assert shift(Partial(9999, 12, 31), 1, "day").date is None
    assert shift(Partial(1), -5, "year").date is None
    assert period_of(Partial(2025), "week", 0).date is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2025-02-18T10:00", (2025, 2, 18)),
        ("2025-02", (2025, 2, None)),
        ("2025-13-01", (2025, None, None)),
        ("2025-02-30", (2025, None, None)),
        ("spring", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_parse_iso_keeps_what_is_possible(
    text: str | None, parts: tuple[int | None, int | None, int | None]
) -> None:
    parsed = parse_iso(text)
    assert (parsed.year, parsed.month, parsed.day) == parts


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "on",
                "in",
                "the",
                "a",
                "May",
                "Feb.",
                "March",
                "18",
                "30",
                "31,",
                "2025",
                "2014",
                "0000",
                "99999999999999999999",
                "Tuesday",
                "(Tuesday)",
                "last",
                "next",
                "same",
                "day",
                "week",
                "year",
                "years",
                "ago",
                "later",
                "since",
                "9/11",
                "32/13/2025",
                "2025-99-99",
                "two",
                "’80s",
            ]
        )
        | st.text(alphabet="abc é中🙂’-–", min_size=1, max_size=5).filter(
            lambda t: t.split() == [t]
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([None, "2025", "2025-02", FULL, "0001-01-01", "9999-12-31", "2024-02-29"]),
)
def test_find_dates_never_fails_and_its_offsets_hold(words: list[str], date: str | None) -> None:
    text = " ".join(words)
    parsed = flat(text)
    for found in find_dates(document(text, date=date), [parsed])[0]:
        assert 0 <= found.start < found.end <= len(text)
        assert 0 <= found.first <= found.last < len(parsed.tokens)

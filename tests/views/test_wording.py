from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.schema import Quantity, Span
from detente.views.wording import (
    date_words,
    join_names,
    number_words,
    percent,
    period_words,
    plain,
    plural,
    printable,
    range_words,
    shorten,
    signed,
    value_words,
)


@pytest.mark.parametrize(
    ("date", "precision", "end", "expected"),
    [
        (None, None, None, "date unknown"),
        ("2025", None, None, "2025"),
        ("2025-02", None, None, "February 2025"),
        ("2025-02-08", None, None, "8 February 2025"),
        ("2025-02-08", "month", None, "February 2025"),
        ("2025-02-08", "week", None, "week of 8 February 2025"),
        ("2025-04-01", "quarter", None, "second quarter of 2025"),
        ("2025-02-08", "year", None, "2025"),
        ("1970", "decade", None, "1970s"),
        ("--02-18", None, None, "18 February, year unknown"),
        ("2025-02-18", None, "2025-02-20", "18 to 20 February 2025"),
        ("2025-02-18", None, "2025-03-02", "18 February to 2 March 2025"),
        ("2024-12-30", None, "2025-01-02", "30 December 2024 to 2 January 2025"),
        ("2019", None, "2024", "2019 to 2024"),
        ("2025-02-18", None, "2025-02-18", "18 February 2025"),
        ("2025-13-01", None, None, "2025-13-01"),
        ("soon", None, None, "soon"),
    ],
)
def test_date_words(
    date: str | None, precision: str | None, end: str | None, expected: str
) -> None:
    assert date_words(date, precision, end) == expected


def test_short_date_cuts_the_month() -> None:
    assert date_words("2025-02-18", None, "2025-03-02", short=True) == "18 Feb to 2 Mar 2025"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("all", "the whole time"),
        ("../2025-03-05", "up to 5 March 2025"),
        ("2025-W08", "week 8 of 2025"),
        ("2025-Q1", "quarter 1 of 2025"),
        ("2025-03", "March 2025"),
    ],
)
def test_period_words(label: str, expected: str) -> None:
    assert period_words(label) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], "date unknown"),
        (["--02-18"], "date unknown"),
        (["2025-02-18"], "18 February 2025"),
        (["2025-02-27", "2025-02-18"], "18 to 27 February 2025"),
    ],
)
def test_range_words(dates: list[str], expected: str) -> None:
    assert range_words(dates) == expected


@pytest.mark.parametrize(
    ("value", "unit", "currency", "expected"),
    [
        (240e9, "USD", "USD", "US$240 billion"),
        (1.25e12, "CHF", "CHF", "CHF 1.25 trillion"),
        (12.5, "percent", None, "12.5 %"),
        (1200, "troops", None, "1,200 troops"),
        (3e6, "", None, "3 million"),
        (-2.5e9, "EUR", "EUR", "€-2.5 billion"),
    ],
)
def test_value_words(value: float, unit: str, currency: str | None, expected: str) -> None:
    span = Span(start=0, end=1, quote="x")
    quantity = Quantity(id="q", document="d", value=value, unit=unit, currency=currency, span=span)
    assert value_words(quantity) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_words_never_fail(value: float) -> None:
    assert number_words(value)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0 %"),
        (0.009, "under 1 %"),
        (0.01, "1 %"),
        (0.5, "50 %"),
        (0.99, "99 %"),
        (0.996, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent_tells_little_from_none(share: float, expected: str) -> None:
    assert percent(share) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "–"), (0.04, "0.0"), (2.5, "+2.5"), (-7, "−7.0")]
)
def test_signed(value: float | None, expected: str) -> None:
    assert signed(value) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_join_names(names: list[str], expected: str) -> None:
    assert join_names(names) == expected


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit + 2


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_printable_text_can_be_written_and_keeps_its_length(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")


def test_plain_text_drops_marks_that_reorder() -> None:
    assert plain("a\u202eb\n\u2066c") == "ab c"


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("state", "states"),
        ("country", "countries"),
        ("day", "days"),
        ("person", "people"),
        ("troops", "troops"),
        ("km", "km"),
        ("press", "presses"),
    ],
)
def test_plural(noun: str, expected: str) -> None:
    assert plural(noun) == expected

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.periods import LABELS, Days, check_period, days_of, label_of, last_day


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2025-02-18", "day", "2025-02-18", "2025-02-18"),
        ("2025-02-18", None, "2025-02-18", "2025-02-18"),
        ("2025-02", "month", "2025-02-01", "2025-02-28"),
        ("2024", "year", "2024-01-01", "2024-12-31"),
        ("2025-02-17", "week", "2025-02-17", "2025-02-23"),
        ("2010", "decade", "2010-01-01", "2019-12-31"),
        ("9999-12-31", "week", "9999-12-31", "9999-12-31"),
    ],
)
def test_days_of_spans_what_the_date_may_mean(
    text: str, precision: str | None, first: str, last: str
) -> None:
    days = days_of(text, precision)  # type: ignore[arg-type]
    assert days == Days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", [None, "", "--02-18", "2025-13", "2025-02-30", "0000", "soon"])
def test_days_of_invents_nothing(text: str | None) -> None:
    assert days_of(text) is None


@pytest.mark.parametrize(
    ("width", "label", "last"),
    [
        ("day", "2025-02-18", "2025-02-18"),
        ("week", "2025-W08", "2025-02-23"),
        ("month", "2025-02", "2025-02-28"),
        ("quarter", "2025-Q1", "2025-03-31"),
        ("year", "2025", "2025-12-31"),
    ],
)
def test_label_and_last_day(width: str, label: str, last: str) -> None:
    assert label_of(Days(date(2025, 2, 18), date(2025, 2, 18)), width) == label
    assert last_day(label) == date.fromisoformat(last)


def test_label_of_wider_date_is_none() -> None:
    assert label_of(Days(date(2025, 2, 1), date(2025, 2, 28)), "week") is None
    assert label_of(Days(date(2025, 2, 1), date(2025, 2, 28)), "quarter") == "2025-Q1"


def test_last_day_of_an_open_interval() -> None:
    assert last_day("../2025-03-05") == date(2025, 3, 5)


@pytest.mark.parametrize("label", ["all", "2025-W60", "2025-Q7", "2025-02-31"])
def test_last_day_refuses_other_labels(label: str) -> None:
    with pytest.raises(InputError, match="period"):
        last_day(label)


@settings(deadline=None)
@given(st.dates(), st.sampled_from(sorted(LABELS)))
def test_a_day_lies_in_its_period(day: date, width: str) -> None:
    label = label_of(Days(day, day), width)
    assert label is not None
    assert last_day(label) >= day


@pytest.mark.parametrize("period", ["month", "all", "2025-03-05"])
def test_check_period_accepts(period: str) -> None:
    check_period(period)


@pytest.mark.parametrize("period", ["months", "2025-03", "yesterday"])
def test_check_period_refuses(period: str) -> None:
    with pytest.raises(InputError, match="is none of day, week"):
        check_period(period)

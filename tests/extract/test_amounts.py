from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.extract.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "quote", "value", "unit", "qualifier"),
    [
        ("from around US$140 billion", "US$140 billion", 1.4e11, "USD", "around"),
        ("worth $3.5 million", "$3.5 million", 3.5e6, "USD", None),
        ("a fund of €2bn", "€2bn", 2e9, "EUR", None),
        ("EUR 20 million in aid", "EUR 20 million", 2e7, "EUR", None),
        ("500 billion yuan", "500 billion yuan", 5e11, "CNY", None),
        ("three billion rubles", "three billion rubles", 3e9, "RUB", None),
        ("up to 12.5%", "12.5%", 12.5, "percent", "up to"),
        ("three percent", "three percent", 3, "percent", None),
        ("by two percentage points", "two percentage points", 2, "percentage point", None),
        ("more than half a million", "half a million", 5e5, None, "more than"),
        ("500km away", "500km", 500, "km", None),
        ("thousands of drones", "thousands of", 1000, None, "thousands of"),
        ("tens of thousands of men", "tens of thousands of", 1e4, None, "tens of thousands of"),
        ("billions of dollars", "billions of dollars", 1e9, "USD", "billions of"),
    ],
)
def test_find_amounts_reads_figure_unit_and_hedge(
    text: str, quote: str, value: float, unit: str | None, qualifier: str | None
) -> None:
    (found,) = find_amounts(text)
    assert text[found.start : found.end] == quote
    assert (found.value, found.unit, found.qualifier) == (value, unit, qualifier)


@pytest.mark.parametrize(
    "text", ["the G20", "an F-16", "at 7:30", "open 24/7", "401(k)", "section 3.4.5", "500m away"]
)
def test_find_amounts_leaves_names_and_clock_times_alone(text: str) -> None:
    assert [a for a in find_amounts(text) if a.unit] == []


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("between $3 million and $5 million", [3e6, 5e6], "USD"),
        ("$3-5 million", [3e6, 5e6], "USD"),
        ("from 10 to 15 percent", [10, 15], "percent"),
        ("3 to 5 billion euros", [3e9, 5e9], "EUR"),
    ],
)
def test_find_amounts_shares_scale_and_unit_in_a_range(
    text: str, values: list[float], unit: str
) -> None:
    assert [(a.value, a.unit) for a in find_amounts(text)] == [(v, unit) for v in values]


@given(st.text(alphabet="0123456789,.$€% -–mbnk()/:tofand", max_size=60))
def test_find_amounts_never_fails_and_stays_inside_the_text(text: str) -> None:
    for found in find_amounts(text):
        assert 0 <= found.start < found.end <= len(text)

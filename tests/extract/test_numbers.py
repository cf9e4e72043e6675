from __future__ import annotations

import pytest

from detente.extract.numbers import parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("140", 140),
        ("20,000", 20_000),
        ("2.5 million", 2_500_000),
        ("three", 3),
        ("twenty-five", 25),
        ("two hundred and fifty", 250),
        ("three hundred thousand", 300_000),
        ("a dozen", 12),
        ("two dozen", 24),
        ("half a million", 500_000),
        ("two and a half million", 2_500_000),
        ("2bn", 2e9),
        ("many", None),
        ("a", None),
        ("1,2,3.4.5", None),
    ],
)
def test_parse_number_reads_digits_and_words(text: str, value: float | None) -> None:
    assert parse_number(text) == value

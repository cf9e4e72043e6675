from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents.dating import infer_year, read_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-02-18", "2025-02-18"),
        (" 2025-02 ", "2025-02"),
        ("2025", "2025"),
        ("20250218", "2025-02-18"),
        ("2025-02-18T09:30:00Z", "2025-02-18"),
        ("18 February 2025", "2025-02-18"),
        ("Feb. 18, 2025", "2025-02-18"),
        ("February 2025", "2025-02"),
        ("Tue, 18 Feb 2025 10:00:00 GMT", "2025-02-18"),
    ],
)
def test_read_date_reads(value: str, expected: str) -> None:
    assert read_date(value) == expected


@pytest.mark.parametrize(
    "value",
    ["2025-02-30", "2025-13", "yesterday", "18 February", "0007-01-01", "", "32 May 2025 x"],
)
def test_read_date_refuses(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_date(value)


@given(st.text(max_size=30))
def test_read_date_never_crashes(value: str) -> None:
    with contextlib.suppress(ValueError):
        assert read_date(value)[:4].isdigit()


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("They met on Feb. 18 (Tuesday). Trade reached 240 billion in 2024.", "2025"),
        ("They met on Tuesday, February 18. The second Trump administration agreed.", "2025"),
        ("They met on Tuesday, 18 February, as they had in 2019.", "2020"),
        ("On February 18, 2025, they met. A week later, on February 25, they signed.", "2025"),
        ("They met on Tuesday, Feb. 18.", None),
        ("They met on Tuesday, Feb. 18. It began in 2020, as in 2021.", None),
        ("On September 11, 2001, all changed.", None),
        ("On May 3, 2019, they met. President Biden said on May 9 that it was over.", None),
        ("By 2030 they will meet again on Tuesday, Feb. 18.", None),
        ("They met.", None),
        ("On Wednesday, February 30, in 2024.", None),
    ],
)
def test_infer_year(text: str, year: str | None) -> None:
    assert infer_year(text) == year


@pytest.mark.shared
def test_infer_year_of_the_seeds(shared: Path) -> None:
    for path in sorted((shared / "data" / "seeds").glob("*.txt")):
        assert infer_year(path.read_text(encoding="utf-8")) == "2025"

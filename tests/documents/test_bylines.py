from __future__ import annotations

import pytest

from detente.documents.bylines import find_bio, find_byline, find_dateline


@pytest.mark.parametrize(
    ("text", "place", "date", "outlet"),
    [
        ("RIYADH, Feb. 18 (Reuters) — Envoys met.", "RIYADH", "--02-18", "Reuters"),
        ("WASHINGTON (AP) — Envoys met.", "WASHINGTON", None, "AP"),
        ("NEW YORK, Nov. 19, 2024 (UPI) -- Envoys met.", "NEW YORK", "2024-11-19", "UPI"),
        ("MOSCOW, February 18. /TASS/. Envoys met.", "MOSCOW", "--02-18", "TASS"),
        ("BRUSSELS, 24 February 2025 – Envoys met.", "BRUSSELS", "2025-02-24", None),
        ("DES MOINES, Iowa - Envoys met.", "DES MOINES, Iowa", None, None),
        ("Talks end\n\nKYIV — Envoys met.", "KYIV", None, None),
    ],
)
def test_find_dateline_reads(text: str, place: str, date: str | None, outlet: str | None) -> None:
    found = find_dateline(text)
    assert found is not None
    assert (found.place, found.date, found.outlet) == (place, date, outlet)
    assert text[found.start : found.end].startswith(place)
    assert text[found.end :].endswith("Envoys met.")


@pytest.mark.parametrize(
    "text",
    [
        "Moscow — long a partner — objected.",
        "NATO said it would not.",
        "RED STATES OUTNUMBER BLUE STATES FOR ONCE - a poll says so.",
        "RIYADH, Feb. 45 and more.",
        "",
    ],
)
def test_find_dateline_finds_none(text: str) -> None:
    assert find_dateline(text) is None


def test_find_dateline_leaves_out_an_impossible_day() -> None:
    found = find_dateline("RIYADH, Feb. 45 (Reuters) — Envoys met.")
    assert found is not None
    assert found.date is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By Jane Doe and John van Smith", "Jane Doe and John van Smith"),
        ("BY JANE DOE | The Examiner", "Jane Doe"),
        ("By Jane A. Doe, Foreign Editor", "Jane A. Doe"),
    ],
)
def test_find_byline_reads(line: str, author: str) -> None:
    found = find_byline(f"Talks end\n{line}\nThe envoys met on Tuesday.")
    assert found is not None
    assert found.author == author


@pytest.mark.parametrize(
    "line", ["By Tuesday they had left.", "By 2026, Moscow will pay.", "By now"]
)
def test_find_byline_finds_none(line: str) -> None:
    assert find_byline(f"Talks end\n{line}") is None


BODY = "The envoys met.\n" * 3


@pytest.mark.parametrize(
    ("bio", "author"),
    [
        ("* A.B. Kumar is Professor, Centre of Asian Studies, New Delhi.", "A.B. Kumar"),
        ("Jane Doe is a reporter for the Post. Follow her on Twitter.", "Jane Doe"),
        ("The author is a fellow at an institute.", None),
        ("About the author", None),
    ],
)
def test_find_bio_reads(bio: str, author: str | None) -> None:
    text = f"{BODY}{bio}\n- Advertisement -"
    found = find_bio(text)
    assert found is not None
    assert found.author == author
    assert text[found.start : found.end] == bio


def test_find_bio_starts_at_its_own_sentence() -> None:
    text = f"{BODY}It ended there. Jane Doe is an editor. Follow her on X."
    found = find_bio(text)
    assert found is not None
    assert text[found.start :] == "Jane Doe is an editor. Follow her on X."


def test_find_bio_knows_the_author() -> None:
    text = f"{BODY}Jane Doe is a professor at a university."
    assert find_bio(text) is None
    assert find_bio(text, author="Jane Doe") is not None


@pytest.mark.parametrize(
    "line", ["Ivan Petrov is a professor in Moscow.", "Mr. Trump is the president.", "x" * 2_000]
)
def test_find_bio_spares_the_news(line: str) -> None:
    assert find_bio(BODY + line) is None

from __future__ import annotations

import pytest

from detente.extract.dating import nearest_date
from tests.extract.parses import index, read


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Wang Yi visited Moscow on Monday.", "visited", "2025-02-24"),
        ("Wang Yi said he would visit France on March 3.", "visit", "2025-03-03"),
        ("Since Monday, Iran has armed Hezbollah.", "armed", None),
        ("Poland, which joined NATO in 1999, condemned Russia on Monday.", "condemned",
         "2025-02-24"),
        ("Poland, which joined NATO in 1999, condemned Russia on Monday.", "joined", "1999"),
        ("France invaded Libya.", "invaded", None),
    ],
)  # fmt: skip
def test_nearest_date(text: str, trigger: str, expected: str | None) -> None:
    reading = read(text)
    sentence = reading.sentences[0]

    found = nearest_date(sentence, index(sentence, trigger), reading.dates[0])

    assert (found.date if found else None) == expected

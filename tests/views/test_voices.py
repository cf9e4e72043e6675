from __future__ import annotations

import pytest

from detente.schema import Records, SpeakerKind, SpeakerRef
from detente.views.figures import Index
from detente.views.voices import speaker_role


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("document", "a document · RUS"),
        ("poll", "a poll · RUS"),
        ("unnamed", "not named · RUS"),
        ("state", "RUS"),
        ("person", "RUS"),
        (None, "RUS"),
    ],
)
def test_the_role_tells_what_sort_of_source_speaks(kind: SpeakerKind | None, role: str) -> None:
    speaker = SpeakerRef(actor="RUS.report", name="a report", country="RUS", kind=kind)

    assert speaker_role(Index(Records()), speaker) == role


def test_the_role_has_office_and_affiliation_and_nothing_twice() -> None:
    speaker = SpeakerRef(
        actor="USA.holt-ann",
        name="Ann Holt",
        country="USA",
        office="spokeswoman",
        affiliation="USA",
        kind="person",
    )

    assert speaker_role(Index(Records()), speaker) == "spokeswoman · USA"

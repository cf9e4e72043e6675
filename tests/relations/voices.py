"""Positions and claims for the tests of discourse, made by hand."""

from __future__ import annotations

from detente.relations.positions import Position
from detente.relations.tone import Stance
from detente.schema import Claim, Document, SpeakerRef


def position(
    actor: str | None,
    proposition: str,
    stance: Stance,
    *,
    document: str = "doc-1",
    claim: str | None = None,
    date: str | None = None,
) -> Position:
    return Position(
        claim=claim or f"{document}-{actor}-{proposition}-{stance}",
        document=document,
        actor=actor,
        name=actor or "unknown",
        proposition=proposition,
        stance=stance,
        date=date,
    )


def article(*lines: tuple[str, str, str], date: str | None = "2025-03-02") -> Document:
    """Return a document with a line a claim: speaker, cue, content."""
    text = "\n".join(" ".join(line) + "." for line in lines)
    return Document(id="doc-1", path="a.txt", text=text, n_chars=len(text), date=date)


def claims_of(doc: Document, *lines: tuple[str, str, str]) -> list[Claim]:
    """Return the claims of an `article` of the same lines."""
    made, place = [], 0
    for number, (who, cue, content) in enumerate(lines):
        places = []
        for part in (who, cue, content):
            start = doc.text.index(part, place)
            place = start + len(part)
            places.append(doc.span(start, place))
        made.append(
            Claim(
                id=f"claim-{number}",
                document=doc.id,
                speaker=SpeakerRef(actor=f"XXX.{who.lower()}", name=who, country="XXX"),
                source=(places[0],),
                cue=(places[1],),
                content=(places[2],),
                kind="indirect",
            )
        )
    return made


LINES = (
    ("Ann", "said", "the dam across the river must be built this year"),
    ("Bob", "warned", "the dam across the river must not be built this year"),
    ("Cid", "learned", "that building the dam across the river takes a year"),
    ("Dora", "said", "cats are better company than most poets"),
)

from __future__ import annotations

import pytest

from detente.extract.reports import country_of, group_reports
from detente.schema import ActorRef, Document, Event, Report
from tests.build import document

MET = "Arcadia and Borduria met in Riyadh on trade"


def ref(actor: str) -> ActorRef:
    return ActorRef(actor=actor, name=actor, country=actor.partition(".")[0])


def telling(
    doc: Document,
    *,
    root: str = "CONSULT",
    sources: str = "ARC BOR",
    targets: str = "",
    date: str | None = "2025-02-18",
    status: str = "past",
    quote: str | None = None,
    confidence: float = 0.5,
) -> Event:
    """Return an event as `doc` tells it; `quote` is found in the document's text."""
    quote = quote or doc.text
    start = doc.text.index(quote)
    span = doc.span(start, start + len(quote))
    return Event(
        id=f"event-{doc.id}-{root}-{start}",
        document=doc.id,
        root=root,
        sources=tuple(map(ref, sources.split())),
        targets=tuple(map(ref, targets.split())),
        date=date,
        date_precision="day" if date and len(date) == 10 else None,
        status=status,  # type: ignore[arg-type]
        span=span,
        trigger=doc.span(start, start + 3),
        confidence=confidence,
    )


def grouped(*events: Event, **docs: Document) -> list[Report]:
    return group_reports(events, {doc.id: doc for doc in docs.values()})


def doc(name: str, text: str = MET, **fields: object) -> Document:
    return document(text, id=name, path=f"{name}.txt", **fields)


def reported(first: Event, second: Event, a: Document, b: Document) -> tuple[int, tuple[str, ...]]:
    """Return how many events two tellings make, and in what the second one's report conflicts."""
    reports = grouped(first, second, a=a, b=b)
    conflicts = sorted({field for r in reports for field in r.conflicts})
    return len({r.event for r in reports}), tuple(conflicts)


def test_the_same_talks_in_two_articles_are_one_event_with_two_reports() -> None:
    a, b = doc("a"), doc("b", "Envoys of Borduria sat down with Arcadia")
    first, second = telling(a, confidence=0.9), telling(b, sources="BOR ARC")

    reports = grouped(first, second, a=a, b=b)

    assert [r.event for r in reports] == [first.id, first.id]
    assert [r.telling for r in reports] == [first.id, second.id]
    assert [r.document for r in reports] == ["a", "b"]
    assert [r.conflicts for r in reports] == [(), ()]


def test_persons_stand_for_their_countries() -> None:
    a, b = doc("a"), doc("b")

    found = reported(telling(a, sources="ARC.ruiz-ana BOR"), telling(b), a, b)

    assert found == (1, ())


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # two dates for one vote stay side by side
        ({"date": "2025-02-24"}, {"date": "2025-02-25"}, (1, ("date",))),
        ({"date": "2025-02-18"}, {"date": "2025-02-28"}, (2, ())),
        # a partial date that may be the other is no contradiction
        ({"date": "2025-02-18"}, {"date": "--02-18"}, (1, ())),
        ({"date": "2025-02-18"}, {"date": "--03-18"}, (2, ())),
        ({"date": "2025-02-18"}, {"date": "2024"}, (2, ())),
        ({"date": "2025-02-18"}, {"date": "2025-02"}, (2, ())),
        # undated tellings of two documents are not known to be one
        ({"date": None}, {"date": None}, (2, ())),
        # refusal against acceptance
        ({"root": "AGREE"}, {"root": "REJECT"}, (1, ("root",))),
        ({"root": "SUPPORT"}, {"root": "ACCUSE"}, (1, ("root",))),
        ({"root": "AGREE"}, {"root": "AID"}, (2, ())),
        ({"root": "AGREE", "date": "2025-02-18"}, {"root": "REJECT", "date": "2025-03-18"},
         (2, ())),
        # denied against done
        ({"status": "past"}, {"status": "denied"}, (1, ("status",))),
        ({"status": "scheduled"}, {"status": "past"}, (1, ())),
        # what did not happen in this world and era is another event
        ({"status": "past"}, {"status": "hypothetical"}, (2, ())),
        ({"status": "past"}, {"status": "historical"}, (2, ())),
        ({"status": "hypothetical"}, {"status": "hypothetical"}, (1, ())),
        # other parties, other direction
        ({"sources": "ARC BOR"}, {"sources": "ARC CYL"}, (2, ())),
        ({"root": "AID", "sources": "ARC", "targets": "BOR"},
         {"root": "AID", "sources": "BOR", "targets": "ARC"}, (2, ())),
        ({"root": "CONSULT", "sources": "ARC", "targets": "BOR"},
         {"root": "CONSULT", "sources": "ARC BOR"}, (1, ())),
    ],
)  # fmt: skip
def test_tellings_of_two_documents(
    first: dict[str, str], second: dict[str, str], expected: tuple[int, tuple[str, ...]]
) -> None:
    a, b = doc("a"), doc("b")

    assert reported(telling(a, **first), telling(b, **second), a, b) == expected  # type: ignore[arg-type]


def test_near_dates_need_like_words() -> None:
    a, b = doc("a"), doc("b", "Envoys of Borduria sat down with Arcadia")

    found = reported(telling(a, date="2025-02-24"), telling(b, date="2025-02-25"), a, b)

    assert found == (2, ())


def test_near_duplicates_are_one_telling_even_without_dates() -> None:
    a, b, c = doc("a"), doc("b", duplicate_of="a"), doc("c", duplicate_of="a")

    reports = grouped(
        telling(c, date=None), telling(b, date=None), telling(a, date=None), a=a, b=b, c=c
    )

    assert {r.event for r in reports} == {telling(a, date=None).id}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"date": "2025-02-18"}, {"date": "2025-02-18"}, 1),  # one meeting a day
        ({"date": None}, {"date": None}, 1),  # the same word, mentioned again
        ({"date": "2025-02-18"}, {"date": "2025-02-19"}, 2),
        ({"root": "AID", "date": "2025-02-18"}, {"root": "AID", "date": "2025-02-18"}, 1),
        ({"root": "AGREE"}, {"root": "REJECT"}, 2),
    ],
)
def test_tellings_of_one_document(
    first: dict[str, str], second: dict[str, str], expected: int
) -> None:
    a = doc("a", f"{MET}. {MET} again.")

    events = (
        telling(a, quote=MET, **first),  # type: ignore[arg-type]
        telling(a, quote=f"{MET} again", **second),  # type: ignore[arg-type]
    )

    assert len({r.event for r in grouped(*events, a=a)}) == expected


def test_the_canonical_telling_is_the_clearest() -> None:
    a, b, c = doc("a"), doc("b"), doc("c")
    vague = telling(a, date="--02-18", confidence=0.9)
    planned = telling(b, status="scheduled", confidence=0.9)
    clear = telling(c, confidence=0.1)

    reports = grouped(vague, planned, clear, a=a, b=b, c=c)

    assert {r.event for r in reports} == {clear.id}


def test_every_event_has_one_report_in_order() -> None:
    a, b = doc("a"), doc("b", "Cylonia attacked Delos")
    events = (telling(b, root="ASSAULT", sources="CYL", targets="DEL"), telling(a))

    assert [r.telling for r in grouped(*events, a=a, b=b)] == [e.id for e in events]


def test_no_events_no_reports() -> None:
    assert group_reports([], {}) == []


@pytest.mark.parametrize(
    ("actor", "country", "expected"),
    [("RUS.lavrov-sergei", "RUS", "RUS"), ("EU.kallas-kaja", None, "EU"), ("UN", None, "UN")],
)
def test_country_of(actor: str, country: str | None, expected: str) -> None:
    assert country_of(ActorRef(actor=actor, name="x", country=country)) == expected

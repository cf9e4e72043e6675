"""Hand-made events and ties for the tests of relations."""

from __future__ import annotations

from detente.relations.reference import TieReference
from detente.schema import ActorRef, Event, Span, Tie

REFERENCE = TieReference(name="test", mean=1.0, spread=3.0, within=3.0)


def ref(actor: str, **fields: str) -> ActorRef:
    return ActorRef(actor=actor, name=actor, **fields)  # type: ignore[arg-type]


def event(
    number: int, sources: str, targets: str = "", *, score: float = 2.5, **fields: object
) -> Event:
    """Return an event; `sources` and `targets` are actor ids with blanks between them."""
    span = Span(start=0, end=4, quote="text")
    values: dict[str, object] = {"date": "2025-02-18", "status": "past", "root": "CONSULT"}
    values |= {
        "id": f"event-{number}",
        "document": "doc-1",
        "sources": tuple(ref(actor) for actor in sources.split()),
        "targets": tuple(ref(actor) for actor in targets.split()),
        "score": score,
        "span": span,
        "trigger": span,
    }
    return Event(**(values | fields))  # type: ignore[arg-type]


def tie(a: str, b: str, s: float | None, width: float = 0.1, *, period: str = "2025-02") -> Tie:
    """Return a tie with an interval of `width` to either side of `s`."""
    if s is None:
        return Tie(a=a, b=b, period=period)
    low, high = s - width, s + width
    return Tie(
        a=a,
        b=b,
        period=period,
        score=10 * s,
        s=s,
        sign="+" if low > 0 else "-" if high < 0 else "undetermined",
        low=low,
        high=high,
        n=5,
        events=(f"event-{a}-{b}-{period}",),
    )

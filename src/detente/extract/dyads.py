"""What a claim is about, by the events that its content tells.

In: claims with the dyads that word lists gave them (`stances`), and events with the claim that they
stand in. Out: the claims with the dyads of these events added. The valence of an event's dyad is a
tenth of its PLOVER score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from detente.schema import About, ActorRef, Claim, Event, Status

MODALITIES: dict[Status, str] = {
    "past": "asserted", "ongoing": "asserted", "historical": "asserted", "denied": "asserted",
    "scheduled": "scheduled", "hypothetical": "hypothetical",
}  # fmt: skip


def with_dyads(claims: Sequence[Claim], events: Sequence[Event]) -> list[Claim]:
    """Return the claims, each with the dyads of the events in its content that it lacked.

    An event inside a nested claim counts for the claims around it as well.
    """
    by_id = {claim.id: claim for claim in claims}
    found: dict[str, list[About]] = {}
    for event in events:
        for claim in _around(event.within, by_id):
            found.setdefault(claim.id, []).extend(_abouts(event))
    return [_with(claim, found[claim.id]) if found.get(claim.id) else claim for claim in claims]


def _around(name: str | None, by_id: Mapping[str, Claim]) -> Iterator[Claim]:
    """Yield the claim of that id and those around it."""
    seen: set[str] = set()
    while name is not None and name in by_id and name not in seen:
        seen.add(name)
        yield by_id[name]
        name = by_id[name].outer


def _with(claim: Claim, abouts: Sequence[About]) -> Claim:
    known = {frozenset((about.a, about.b)): about for about in claim.about}
    for about in abouts:
        known.setdefault(frozenset((about.a, about.b)), about)
    return msgspec.structs.replace(claim, about=tuple(known.values()))


def _abouts(event: Event) -> Iterator[About]:
    """Yield the dyads of an event; parties that only meet are dyads of their own."""
    for i, a in enumerate(event.sources):
        for b in event.targets or event.sources[i + 1 :]:
            first, second = _party(a), _party(b)
            if first and second and first != second:
                yield About(
                    a=first,
                    b=second,
                    valence=round(event.score / 10, 3),
                    modality=MODALITIES[event.status],
                    negated=event.status == "denied",
                )


def _party(ref: ActorRef) -> str | None:
    """Return the country that a party acts for, else an organisation by its id, else nothing."""
    name = ref.country or ref.actor
    return name if name[:2].isupper() else None

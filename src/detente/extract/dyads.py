"""What a claim is about: by word lists, else by the events that its content tells, else by names.

In: claims with the dyads that word lists gave them (`stances`), events with the claim that they
stand in, and the document's actors. Out: the claims with more dyads. The valence of an event's
dyad is a tenth of its PLOVER score; a dyad that is only named has none (0).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import msgspec

from detente.extract.actors import DocumentActors
from detente.schema import About, Claim, Event, Status

MODALITIES: dict[Status, str] = {
    "past": "asserted", "ongoing": "asserted", "historical": "asserted", "denied": "asserted",
    "scheduled": "scheduled", "hypothetical": "hypothetical",
}  # fmt: skip


MOST_NAMED = 3
"""Parties that a content may name so that each two of them are a dyad; more are a list."""


def with_dyads(
    claims: Sequence[Claim], events: Sequence[Event], actors: DocumentActors
) -> list[Claim]:
    """Return the claims, each with the dyads of the events in its content that it lacked.

    An event inside a nested claim counts for the claims around it as well. A claim that has no dyad
    yet takes the parties that its content names, or the only one with its speaker's country.
    """
    by_id = {claim.id: claim for claim in claims}
    found: dict[str, list[About]] = {}
    for event in events:
        for claim in _around(event.within, by_id):
            found.setdefault(claim.id, []).extend(_abouts(event))
    told = [_with(claim, found.get(claim.id, ())) for claim in claims]
    return [claim if claim.about else _with(claim, _named(claim, actors)) for claim in told]


def _named(claim: Claim, actors: DocumentActors) -> list[About]:
    """Return the dyads of the parties that a claim's content names."""
    parties: dict[str, None] = {}
    for span in claim.content:
        first, last = (
            bisect_left(actors.mentions, place, key=lambda mention: mention.start)
            for place in (span.start, span.end)
        )
        for mention in actors.mentions[first:last]:
            actor = actors.actors[mention.actor]
            if name := _party(actor.country, actor.id):
                parties[name] = None
    speaker = claim.speaker.country if claim.speaker else None
    if len(parties) == 1 and speaker:
        parties = {speaker: None, **parties}
    if len(parties) > MOST_NAMED:
        return []
    return [About(a=a, b=b, valence=0.0) for a, b in combinations(parties, 2)]


def _around(name: str | None, by_id: Mapping[str, Claim]) -> Iterator[Claim]:
    """Yield the claim of that id and those around it."""
    seen: set[str] = set()
    while name is not None and name in by_id and name not in seen:
        seen.add(name)
        yield by_id[name]
        name = by_id[name].outer


def _with(claim: Claim, abouts: Sequence[About]) -> Claim:
    if not abouts:
        return claim
    known = {frozenset((about.a, about.b)): about for about in claim.about}
    for about in abouts:
        known.setdefault(frozenset((about.a, about.b)), about)
    return msgspec.structs.replace(claim, about=tuple(known.values()))


def _abouts(event: Event) -> Iterator[About]:
    """Yield the dyads of an event; parties that only meet are dyads of their own."""
    for i, a in enumerate(event.sources):
        for b in event.targets or event.sources[i + 1 :]:
            first, second = (_party(ref.country, ref.actor) for ref in (a, b))
            if first and second and first != second:
                yield About(
                    a=first,
                    b=second,
                    valence=round(event.score / 10, 3),
                    modality=MODALITIES[event.status],
                    negated=event.status == "denied",
                )


def _party(country: str | None, actor: str) -> str | None:
    """Return the country that an actor acts for, else an organisation by its id, else nothing."""
    name = country or actor
    return name if name[:2].isupper() else None

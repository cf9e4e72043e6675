"""Reports: one event told by many articles is one canonical event with a report for each telling.

Counting reports as events is the best-known error of event data (Boschee et al. 2013; Schrodt
2012). Two tellings are of one event when the same countries take part in the same way, the PLOVER
root agrees and their dates agree, or their dates are close (or absent) and their words alike.
Where they contradict each other they are grouped all the same and the contradiction is named, never
averaged away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import TypeGuard

from detente.schema import ActorRef, Document, Event, Report

NEAR_DAYS = 3
"""Tellings whose dates differ by at most this may be of one event, if their words agree."""
SAME_WORDS = 0.5
"""Share of common words from which undated or near-dated tellings count as one event."""
OPPOSED_WORDS = 0.5
"""The same for a refusal against an acceptance, which must be about the same thing."""
OPPOSITES = ({"AGREE", "REJECT"}, {"SUPPORT", "REJECT"}, {"SUPPORT", "ACCUSE"})
HAPPENED = {"past", "ongoing"}
STOP = frozenset(
    "the a an and or of to in on for with by at from that which who its his her their has have had "
    "was were is are be been would will could not it as this but into over after before".split()
)
WORD = re.compile(r"\w+")


def country_of(ref: ActorRef) -> str:
    """Return the country that an actor acts for, or the organisation's own id."""
    return ref.country or ref.actor.partition(".")[0]


def group_reports(events: Iterable[Event], documents: Mapping[str, Document]) -> list[Report]:
    """Return a report for each event, naming the canonical event that it tells of.

    Args:
        events: the events of all documents.
        documents: the documents by id; a duplicate's tellings join their original's.
    """
    ordered = list(events)
    words = {event.id: _words(event) for event in ordered}
    groups = _Groups(ordered)
    for candidates in _by_parties(ordered).values():
        alike: dict[object, Event] = {}
        for event in candidates:
            # Tellings that no rule tells apart are one; a text that repeats itself costs no more.
            same = alike.setdefault(_signature(event, words[event.id]), event)
            if same is not event and _is_same(same, event, words, documents):
                groups.join(same.id, event.id)
        for first, second in combinations(alike.values(), 2):
            if _is_same(first, second, words, documents):
                groups.join(first.id, second.id)
    for undated, dated in _undated_meetings(ordered, documents):
        groups.join(dated.id, undated.id)
    by_id = {event.id: event for event in ordered}
    reports = []
    canonical = {
        root: min((by_id[i] for i in members), key=lambda e: _clarity(e, documents))
        for root, members in groups.members().items()
    }
    for event in ordered:
        chosen = canonical[groups.find(event.id)]
        reports.append(
            Report(
                event=chosen.id,
                document=event.document,
                telling=event.id,
                span=event.span,
                conflicts=_conflicts(chosen, event, documents),
            )
        )
    return reports


def _signature(event: Event, words: frozenset[str]) -> tuple[object, ...]:
    """Return all of an event that `_is_same` looks at."""
    return (
        event.document,
        event.root,
        event.status,
        event.date,
        event.date_precision,
        event.trigger.quote.lower(),
        frozenset(country_of(ref) for ref in event.sources),
        words,
    )


class _Groups:
    """Disjoint sets of event ids."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._parent = {event.id: event.id for event in events}

    def find(self, i: str) -> str:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: str, j: str) -> None:
        self._parent[self.find(j)] = self.find(i)

    def members(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for i in self._parent:
            groups[self.find(i)].append(i)
        return groups


def _by_parties(events: Iterable[Event]) -> dict[frozenset[str], list[Event]]:
    """Return the events by the countries that take part, whoever acts."""
    groups: dict[frozenset[str], list[Event]] = defaultdict(list)
    for event in events:
        parties = frozenset(country_of(r) for r in (*event.sources, *event.targets))
        groups[parties].append(event)
    return groups


def _is_same(
    a: Event, b: Event, words: Mapping[str, frozenset[str]], documents: Mapping[str, Document]
) -> bool:
    if (a.status in {"hypothetical", "historical"}) != (b.status in {"hypothetical", "historical"}):
        return False
    alike = _overlap(words[a.id], words[b.id])
    distance = _days_apart(a, b)
    if a.root != b.root:
        near = distance is None or distance <= NEAR_DAYS
        asserted = a.document != b.document and "denied" not in {a.status, b.status}
        return {a.root, b.root} in OPPOSITES and asserted and near and alike >= OPPOSED_WORDS
    if not _same_direction(a, b):
        return False
    if distance == 0:
        return a.document != b.document or alike >= SAME_WORDS or _is_meeting(a)
    if distance is not None and distance > NEAR_DAYS:
        return False
    if a.document == b.document:
        return distance is None and a.trigger.quote.lower() == b.trigger.quote.lower()
    if _is_copy(a, b, documents):
        return alike >= SAME_WORDS
    return distance is not None and alike >= SAME_WORDS


def _undated_meetings(
    events: Iterable[Event], documents: Mapping[str, Document]
) -> Iterator[tuple[Event, Event]]:
    """Yield (undated, dated) tellings of one meeting.

    A meeting told without a date is the one that its own article dates, when that is the only one
    of these parties there; else the only one that any article dates to the days before publication.
    """
    met = [e for e in events if e.root == "CONSULT" and e.status in HAPPENED]
    for members in _by_parties(met).values():
        dated = [e for e in members if _is_day(e.date)]
        for event in (e for e in members if e.date is None):
            published = documents[event.document].date
            own = [e for e in dated if e.document == event.document]
            near = [
                e for e in dated if _is_day(published) and 0 <= _days(e, published) <= NEAR_DAYS
            ]
            for candidates in (own, near):
                if len({e.date for e in candidates}) == 1:
                    yield event, candidates[0]
                    break


def _is_day(value: str | None) -> TypeGuard[str]:
    return value is not None and len(value) == 10


def _days(event: Event, published: str | None) -> int:
    """Return the days from an event to the publication of an article."""
    if not (_is_day(event.date) and _is_day(published)):
        return -1
    return (date.fromisoformat(published) - date.fromisoformat(event.date)).days


def _is_copy(a: Event, b: Event, documents: Mapping[str, Document]) -> bool:
    """Return whether one document is a near-duplicate of the other, or both of a third."""
    first, second = documents[a.document], documents[b.document]
    return (first.duplicate_of or first.id) == (second.duplicate_of or second.id)


def _is_meeting(event: Event) -> bool:
    return event.root == "CONSULT" and event.date_precision == "day"


def _same_direction(a: Event, b: Event) -> bool:
    sources = [{country_of(r) for r in e.sources} for e in (a, b)]
    return sources[0] == sources[1] or a.root == "CONSULT"


def _days_apart(a: Event, b: Event) -> int | None:
    """Return the days between two events; 0 where a partial date may be the other, None if unknown.

    A partial date (a year, a month) agrees with every date inside it, so it counts as unknown
    unless it excludes the other.
    """
    if a.date is None or b.date is None:
        return None
    if _is_day(a.date) and _is_day(b.date):
        return abs((date.fromisoformat(a.date) - date.fromisoformat(b.date)).days)
    if a.date == b.date:
        return 0
    if a.date.startswith(b.date) or b.date.startswith(a.date):
        return None
    if a.date.startswith("--") or b.date.startswith("--"):
        return 0 if a.date[-5:] == b.date[-5:] else NEAR_DAYS + 1
    return NEAR_DAYS + 1


def _words(event: Event) -> frozenset[str]:
    return frozenset(w for w in WORD.findall(event.span.quote.lower()) if w not in STOP)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the overlap coefficient of two word sets, 0 to 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _clarity(event: Event, documents: Mapping[str, Document]) -> tuple[object, ...]:
    """Return a sort key that puts the clearest telling first."""
    doc = documents[event.document]
    return (
        event.status not in HAPPENED,
        event.date_precision != "day",
        event.date is None,
        doc.duplicate_of is not None,
        -event.confidence,
        doc.date or "9999",
        doc.path,
        event.span.start,
    )


def _conflicts(chosen: Event, event: Event, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Return the fields in which a telling contradicts the canonical one."""
    if chosen.id == event.id:
        return ()
    fields = []
    if _days_apart(chosen, event) not in (None, 0):
        fields.append("date")
    if chosen.root != event.root:
        fields.append("root")
    if (event.status == "denied") != (chosen.status == "denied"):
        fields.append("status")
    return tuple(fields)

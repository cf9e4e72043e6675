"""How actors stand to each other, from what they did.

In: canonical events (one record an event, however many articles tell it). Out: `Tie`s of countries
and organisations for each dyad and period, with the ids of the events that they rest on.

The rules (method note `ties`): only past and ongoing events count; an event of several parties
gives each pair an equal share; events lose half their weight in a half-life; the mean is taken
against a reference, for meetings are news even between enemies (`reference.py`).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import combinations, product

import numpy as np

from detente.errors import InputError, nearest
from detente.relations.periods import (
    LABELS,
    Days,
    check_period,
    days_of,
    label_of,
    last_day,
)
from detente.relations.reference import (
    NORMAL_QUANTILE,
    Floats,
    TieReference,
    estimate_mean,
    estimate_reference,
    load_reference,
)
from detente.schema import ActorRef, Event, Records, Report, Tie
from detente.settings import Settings

COUNTED = frozenset({"past", "ongoing"})
"""Status of the events that make a tie; plans, threats of history and denials never do."""

APART = frozenset({"REB", "CRM", "EDU", "MED"})
"""Sectors that act against their state or beside it: rebels of Ukraine do not stand for Ukraine."""

LARGE_CORPUS = 1_000
"""Dyad-months with events from which on a corpus is its own reference."""

_PARTY = re.compile(r"[A-Z][A-Z0-9-]*")

Dyad = tuple[str, str]


@dataclass(slots=True, frozen=True)
class Evidence:
    """One event's part in one dyad: its score, its share, and its age in days at the period's end.

    `age` is None where the event has no date.
    """

    a: str
    b: str
    period: str
    event: str
    score: float
    share: float
    age: float | None


def measure_ties(
    events: Sequence[Event],
    *,
    reference: TieReference | None,
    period: str = "all",
    context: str = "all",
    half_life: float = 90.0,
    seed: int = 1,
    reports: Iterable[Report] = (),
) -> list[Tie]:
    """Return the undirected ties (`a` < `b`) of each dyad and period, sorted by period and dyad.

    Args:
        events: canonical events; with `reports`, all events, whose retellings are then left out.
        reference: what `s` and the sign are taken against; None leaves them undetermined.
        period: `day`, `week`, `month`, `quarter`, `year` for one tie a calendar period; `all` for
            one tie over all events; or an ISO date for one tie as of that day.
        context: `all`, or one PLOVER context such as `economic`.
        half_life: days after which an event weighs half, counted back from the end of the period
            (of `all`: from the newest event); `math.inf` for no decay.
        seed: seed of the bootstrap.
        reports: which event each telling belongs to.

    Raises:
        InputError: unknown period or context, or a half-life that is not above 0.
    """
    rows = _weigh_events(_select(events, context, reports), period=period, directed=False)
    return build_ties(rows, reference=reference, context=context, half_life=half_life, seed=seed)


def ties_of(
    records: Records,
    *,
    period: str = "all",
    context: str = "all",
    directed: bool = False,
    settings: Settings | None = None,
) -> list[Tie]:
    """Return the ties that a set of records tells of, against `reference_for` them.

    Raises:
        InputError: unknown period or context.
    """
    chosen = settings or Settings()
    measure = measure_directed if directed else measure_ties
    return measure(
        records.events,
        reference=reference_for(records),
        period=period,
        context=context,
        half_life=chosen.half_life,
        seed=chosen.seed,
        reports=records.reports,
    )


def reference_for(records: Records) -> TieReference:
    """Return what the ties of a corpus are taken against: its own dyad-months, or the shipped ones.

    A corpus of fewer than `LARGE_CORPUS` dyad-months does not show what an ordinary tie is.
    """
    rows = _weigh_events(
        _select(records.events, "all", records.reports), period="month", directed=False
    )
    keys = {key: place for place, key in enumerate(sorted({(r.a, r.b, r.period) for r in rows}))}
    if len(keys) < LARGE_CORPUS:
        return load_reference()
    return estimate_reference(
        np.array([keys[row.a, row.b, row.period] for row in rows]),
        np.array([row.score for row in rows]),
        np.array([row.share for row in rows]),
        name="this corpus",
        source=f"all {len(keys)} dyad-months of the corpus",
    )


def contexts_of(records: Records) -> list[str]:
    """Return the contexts of the events that make ties, sorted."""
    events = _select(records.events, "all", records.reports)
    return sorted({context for event in events for context in event.contexts})


def measure_directed(
    events: Sequence[Event],
    *,
    reference: TieReference | None,
    period: str = "all",
    context: str = "all",
    half_life: float = 90.0,
    seed: int = 1,
    reports: Iterable[Report] = (),
) -> list[Tie]:
    """Return directed ties: how `a` acts towards `b`.

    Arguments and errors are those of `measure_ties`. Talks without a target count both ways. The
    reference is that of undirected dyads: acts, not directions, set what is ordinary.
    """
    rows = _weigh_events(_select(events, context, reports), period=period, directed=True)
    return build_ties(rows, reference=reference, context=context, half_life=half_life, seed=seed)


def build_ties(
    rows: Iterable[Evidence],
    *,
    reference: TieReference | None,
    context: str = "all",
    half_life: float = 90.0,
    seed: int = 1,
) -> list[Tie]:
    """Return one tie for each dyad and period of the evidence.

    Raises:
        InputError: the half-life is not above 0.
    """
    if not half_life > 0:
        raise InputError(f"half-life {half_life} must be above 0 days")
    groups: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for row in rows:
        groups[row.period, row.a, row.b].append(row)
    return [
        _build_tie(groups[key], reference, context=context, half_life=half_life, seed=seed)
        for key in sorted(groups)
    ]


def _build_tie(
    rows: list[Evidence],
    reference: TieReference | None,
    *,
    context: str,
    half_life: float,
    seed: int,
) -> Tie:
    rows = sorted(rows, key=lambda row: (row.score, row.share, row.event))
    scores = np.array([row.score for row in rows])
    weights = _decay(rows, half_life)
    estimate = estimate_mean(scores, weights, reference, seed=seed) if reference else None
    return Tie(
        a=rows[0].a,
        b=rows[0].b,
        period=rows[0].period,
        context=context,
        score=_mean(scores, weights),
        s=estimate.s if estimate else None,
        sign=estimate.sign if estimate else "undetermined",
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        n=len({row.event for row in rows}),
        events=tuple(sorted({row.event for row in rows})),
    )


def _mean(scores: Floats, weights: Floats) -> float:
    """Return the weighted mean, kept inside the scores against rounding."""
    mean = math.fsum(scores * weights) / math.fsum(weights)
    return float(min(max(mean, scores[0]), scores[-1]))


def _decay(rows: list[Evidence], half_life: float) -> Floats:
    """Return the weight of each row: its share, halved for each half-life of its age.

    A row without a date is taken to be as old as the dated ones are on average (undecayed where
    none is dated): neither newest, which would favour careless texts, nor left out.
    Weights have a floor, so that a tie of old events stays a tie, with the reference's interval.
    """
    fresh = [2.0 ** -(row.age / half_life) for row in rows if row.age is not None]
    usual = math.fsum(fresh) / len(fresh) if fresh else 1.0
    decay = [usual if row.age is None else 2.0 ** -(row.age / half_life) for row in rows]
    shares = np.array([row.share for row in rows])
    weights: Floats = np.maximum(shares * np.array(decay), 1e-9)
    return weights


def untied(a: str, b: str, period: str, *, context: str = "all") -> Tie:
    """Return the tie of two actors of whom no event is known: undetermined, anywhere in -1..1."""
    a, b = sorted((a, b))
    return Tie(a=a, b=b, period=period, context=context, low=-1.0, high=1.0)


def party_of(ref: ActorRef) -> str | None:
    """Return the country or organisation that an actor stands for, or None.

    Persons, ministries and firms are summed to their country, organisations stand for themselves;
    rebels, criminals, scholars and journalists (`APART`) and persons without a country stand for
    nobody: what an analyst says of a state is a claim, not an act of the analyst's country.
    """
    if ref.sector in APART:
        return None
    head = ref.country or ref.actor.partition(".")[0]
    return head if _PARTY.fullmatch(head) else None


def _select(events: Iterable[Event], context: str, reports: Iterable[Report]) -> list[Event]:
    """Return the canonical events that count in a context."""
    if context != "all" and context not in (known := _contexts()):
        raise InputError(
            f"unknown context {context!r}{nearest(context, known)}; contexts are listed in "
            "plover.toml"
        )
    retold = {report.telling for report in reports if report.telling != report.event}
    return [
        event
        for event in events
        if event.status in COUNTED
        and event.id not in retold
        and (context == "all" or context in event.contexts)
    ]


@lru_cache(maxsize=1)
def _contexts() -> tuple[str, ...]:
    path = resources.files("detente") / "data" / "plover.toml"
    return tuple(tomllib.loads(path.read_text("utf-8"))["contexts"]["names"])


def _weigh_events(events: list[Event], *, period: str, directed: bool) -> list[Evidence]:
    """Return the evidence of events: each pair of an event's parties has an equal share of it."""
    check_period(period)
    days = {event.id: days_of(event.date, event.date_precision) for event in events}
    newest = max((known.middle for known in days.values() if known), default=date.min)
    rows = []
    for event in events:
        place = _place(days[event.id], period, newest)
        pairs = _pairs(event, directed=directed)
        if place is None or not pairs:
            continue
        label, age = place
        rows += [
            Evidence(a, b, label, event.id, event.score, 1 / len(pairs), age) for a, b in pairs
        ]
    return rows


def _place(days: Days | None, period: str, newest: date) -> tuple[str, float | None] | None:
    """Return the period that an event falls in, and its age there; None where it falls in none.

    An event whose date is wider than the period (`2025` in months) enters no period of that
    width; without any date it enters `all` alone.
    """
    if period == "all":
        return "all", float((newest - days.middle).days) if days else None
    if days is None:
        return None
    if period in LABELS:
        label = label_of(days, period)
        return (label, float((last_day(label) - days.middle).days)) if label else None
    as_of = date.fromisoformat(period)
    if days.first > as_of:
        return None
    return f"../{period}", float(max((as_of - days.middle).days, 0))


def pairs_of(event: Event) -> list[Dyad]:
    """Return the pairs of parties of an event, each once.

    Sources with targets; among the sources, in alphabetical order, where there is no target
    (talks). The host of a meeting of others is no party: lending a hall tells about neither guest.
    """
    sources = dict.fromkeys(filter(None, map(party_of, event.sources)))
    targets = dict.fromkeys(filter(None, map(party_of, event.targets)))
    if not event.targets:
        return list(combinations(sorted(sources), 2))
    return [(a, b) for a, b in product(sources, targets) if a != b]


def _pairs(event: Event, *, directed: bool) -> list[Dyad]:
    """Return the pairs that an event counts for: talks both ways, or all without direction."""
    pairs = pairs_of(event)
    if not directed:
        return list(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
    return pairs if event.targets else pairs + [(b, a) for a, b in pairs]


def deviation_of(tie: Tie) -> float:
    """Return the standard deviation of a tie's `s`, from the end of its interval nearer to zero.

    The other end may be cut at -1 or 1 and would then look too sure.
    """
    if tie.s is None or tie.low is None or tie.high is None:
        return 1.0
    width = tie.s - tie.low if tie.s >= 0 else tie.high - tie.s
    return max(width / NORMAL_QUANTILE, 1e-3)

"""The records of détente: frozen, typed, JSON in and out.

Offsets count Unicode code points of `Document.text`. Only `Document.span` makes a `Span`, so that
a span's quote is the text. Field names are the JSON keys. Every record except `Actor` carries the
id of the `document` that it was read from; relations carry the ids of the records that they rest
on, so every figure leads back to a sentence.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeVar

import msgspec

OriginName = Literal["metadata", "dateline", "filename", "option", "inferred"]
Sector = str
Status = Literal["past", "ongoing", "scheduled", "hypothetical", "denied", "historical"]
Precision = Literal["day", "week", "month", "quarter", "year", "decade"]
ActorKind = Literal["state", "organisation", "alliance", "person", "group", "media"]
ClaimKind = Literal["direct", "indirect", "mixed"]
Sign = Literal["+", "-", "undetermined"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records; immutable, compared by value."""


class Span(Record, frozen=True, kw_only=True, order=True):
    """A piece of a document: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str

    def overlaps(self, other: Span) -> bool:
        """Return whether the two spans of one document share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Return whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Boilerplate(Span, frozen=True, kw_only=True):
    """A span that is kept but not coded, with the reason.

    Reasons: `newsletter`, `comment box`, `advertisement`, `bio`, `repeated sentence`,
    `navigation`, `byline`, `heading`, `markup`.
    """

    reason: str


class Document(Record, frozen=True, kw_only=True):
    """One article as received.

    `date` is ISO 8601, possibly partial (`2025`, `2025-02`), or null when nobody knows it.
    `origin` says for each of title, date, author and outlet where its value came from.
    """

    id: str
    path: str
    text: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    date: str | None = None
    language: str = "en"
    n_chars: int = 0
    boilerplate: tuple[Boilerplate, ...] = ()
    duplicate_of: str | None = None
    origin: dict[str, OriginName] = msgspec.field(default_factory=dict)

    def span(self, start: int, end: int) -> Span:
        """Return the span of this document's text from `start` to `end`.

        Raises:
            ValueError: the span is empty or reaches outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} outside a text of {len(self.text)} characters")
        return Span(start=start, end=end, quote=self.text[start:end])


class ActorRef(Record, frozen=True, kw_only=True):
    """Who takes part in a record: the actor, and the words that name it there.

    `sector` is the PLOVER sector (GOV, MIL, LEG, JUD, MED, EDU, BUS, CVL, REB, IGO, NGO, ...).
    """

    actor: str
    name: str
    country: str | None = None
    sector: Sector | None = None
    span: Span | None = None


class SpeakerRef(ActorRef, frozen=True, kw_only=True):
    """An actor who speaks, with the office and affiliation that hold at the time of the text."""

    office: str | None = None
    affiliation: str | None = None


class Office(Record, frozen=True, kw_only=True):
    """A dated office of a person; `checked` is false where nobody verified the dates."""

    title: str
    country: str | None = None
    sector: Sector | None = None
    start: str | None = None
    end: str | None = None
    checked: bool = False


class Actor(Record, frozen=True, kw_only=True):
    """A state, organisation, alliance, person, group or medium.

    Ids: `RUS`, `EU`, `RUS.lavrov-sergei`, `CHN.cicir`. `origin` is `gazetteer` or `text`.
    """

    id: str
    name: str
    kind: ActorKind
    country: str | None = None
    sector: Sector | None = None
    offices: tuple[Office, ...] = ()
    affiliation: str | None = None
    origin: Literal["gazetteer", "text"] = "gazetteer"


class Mention(Record, frozen=True, kw_only=True):
    """Words in a document that stand for an actor."""

    document: str
    actor: str
    span: Span


class Event(Record, frozen=True, kw_only=True):
    """Who did what to whom, coded in PLOVER, as one article tells it.

    Talks between parties have all of them as sources and no target; a third-party host is `host`.
    `date` is ISO 8601, possibly partial. `score` runs from -10 (conflict) to 10 (cooperation),
    `confidence` from 0 to 1. `within` is the id of the claim that reports the event.
    """

    id: str
    document: str
    root: str
    sources: tuple[ActorRef, ...]
    targets: tuple[ActorRef, ...] = ()
    host: ActorRef | None = None
    place: str | None = None
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    status: Status = "past"
    score: float = 0.0
    confidence: float = 0.0
    date: str | None = None
    date_end: str | None = None
    date_precision: Precision | None = None
    date_text: Span | None = None
    span: Span
    trigger: Span
    within: str | None = None


class Report(Record, frozen=True, kw_only=True):
    """One telling of one canonical event.

    `event` is the id of the canonical event (the clearest telling), `telling` the id of the event
    as this document tells it. `conflicts` names the fields (`date`, `status`, `root`) in which this
    telling contradicts the canonical one; such accounts stay side by side.
    """

    event: str
    document: str
    telling: str
    span: Span
    conflicts: tuple[str, ...] = ()


class About(Record, frozen=True, kw_only=True):
    """A dyad that a claim speaks of.

    `valence` runs from -1 (tension) to 1 (easing, support) as the claim puts it; `modality` is
    `asserted`, `possible`, `necessary` or `hypothetical`.
    """

    a: str
    b: str
    valence: float
    modality: str = "asserted"
    negated: bool = False


class Claim(Record, frozen=True, kw_only=True):
    """Somebody says, thinks, hopes or fears something.

    `source`, `cue` and `content` are lists of spans, for an attribution may be discontinuous.
    `speaker` is null where the source could not be resolved at all. `original` is the
    foreign-language gloss that the text gives in brackets. `outer` is the claim around this one.
    """

    id: str
    document: str
    speaker: SpeakerRef | None
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: ClaimKind
    about: tuple[About, ...] = ()
    original: Span | None = None
    date: str | None = None
    outer: str | None = None
    confidence: float = 0.0


class Expectation(Record, frozen=True, kw_only=True):
    """What somebody holds to be likely, unlikely or conditional on something.

    `band` is an ICD 203 term or `unquantified`; `phrase` is the wording that the band was read
    from. `within` is the claim that states it; without one the holder is the author.
    """

    id: str
    document: str
    holder: SpeakerRef
    outcome: tuple[Span, ...]
    condition: tuple[Span, ...] | None = None
    phrase: tuple[Span, ...] | None = None
    band: str = "unquantified"
    horizon: str | None = None
    within: str | None = None


class Quantity(Record, frozen=True, kw_only=True):
    """A figure with its unit and what it measures; `period` is an ISO 8601 interval `a/b`."""

    id: str
    document: str
    value: float
    unit: str
    span: Span
    currency: str | None = None
    year: int | None = None
    period: str | None = None
    qualifier: str | None = None
    measures: str | None = None
    actors: tuple[str, ...] = ()


class Skipped(Record, frozen=True, kw_only=True):
    """What was not used, at which stage, and why: nothing disappears."""

    item: str
    stage: str
    reason: str


class Tie(Record, frozen=True, kw_only=True):
    """How two actors stand to each other over a period, from the events named in `events`.

    `score` is the decayed mean on the PLOVER scale (-10 to 10); `s` (-1 to 1) stands against a
    reference; `low` and `high` are the bootstrap interval of `s`; `n` counts events, not articles.
    """

    a: str
    b: str
    period: str
    context: str = "all"
    score: float | None = None
    s: float | None = None
    sign: Sign = "undetermined"
    low: float | None = None
    high: float | None = None
    n: int = 0
    events: tuple[str, ...] = ()


class Figure(Record, frozen=True, kw_only=True):
    """A number, table or chart of a view, with the ids of the records that it shows.

    A figure without records is an error: it could not be traced to a sentence.
    """

    id: str
    title: str
    records: tuple[str, ...]
    value: str | None = None
    chart: str | None = None

    def __post_init__(self) -> None:
        if not self.records:
            raise ValueError(f"figure {self.id!r} names no record that it rests on")


class Records(msgspec.Struct, kw_only=True):
    """All records of a set of documents, in document order."""

    documents: list[Document] = msgspec.field(default_factory=list)
    actors: list[Actor] = msgspec.field(default_factory=list)
    mentions: list[Mention] = msgspec.field(default_factory=list)
    events: list[Event] = msgspec.field(default_factory=list)
    reports: list[Report] = msgspec.field(default_factory=list)
    claims: list[Claim] = msgspec.field(default_factory=list)
    expectations: list[Expectation] = msgspec.field(default_factory=list)
    quantities: list[Quantity] = msgspec.field(default_factory=list)
    skipped: list[Skipped] = msgspec.field(default_factory=list)

    def of_kind(self, kind: str) -> list[Any]:
        """Return the records of one kind (`event`, `claim`, ...), in document order."""
        return list(getattr(self, PLURALS[kind]))

    def extend(self, other: Records) -> None:
        """Append all records of `other` to these."""
        for plural in PLURALS.values():
            getattr(self, plural).extend(getattr(other, plural))


PLURALS: dict[str, str] = {
    "document": "documents",
    "actor": "actors",
    "mention": "mentions",
    "event": "events",
    "report": "reports",
    "claim": "claims",
    "expectation": "expectations",
    "quantity": "quantities",
    "skipped": "skipped",
}

TYPES: dict[str, type[Record]] = {
    "document": Document,
    "actor": Actor,
    "mention": Mention,
    "event": Event,
    "report": Report,
    "claim": Claim,
    "expectation": Expectation,
    "quantity": Quantity,
    "skipped": Skipped,
}

R = TypeVar("R", bound=Record)


def record_id(prefix: str, *parts: object) -> str:
    """Return a stable id such as `event-1f0c9a3b7d2e` made from the parts' text.

    Equal parts give equal ids in every process and version (SHA-256, 12 hex digits).
    """
    text = "\x1f".join(str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def to_row(record: Record, kind: str) -> dict[str, Any]:
    """Return a record as plain JSON values, led by its kind: `{"record": "event", ...}`.

    A document's row leaves out its text, which stays in the user's file.
    """
    row: dict[str, Any] = {"record": kind, **msgspec.to_builtins(record)}
    if kind == "document":
        row.pop("text")
    return row


def from_row(row: dict[str, Any], record_type: type[R]) -> R:
    """Return the record that `to_row` wrote; keys that the record does not have are ignored."""
    return msgspec.convert(row, record_type)

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
SpeakerKind = Literal[
    "person", "state", "organisation", "document", "poll", "media", "unnamed", "author", "group"
]
Sign = Literal["+", "-", "undetermined"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records; immutable, compared by value."""


class Span(Record, frozen=True, kw_only=True, order=True):
    """A piece of a document: `text[start:end] == quote`.

    Attributes:
        start: offset of the first character.
        end: offset behind the last character.
        quote: the words themselves.
    """

    start: int
    end: int
    quote: str


class Boilerplate(Span, frozen=True, kw_only=True):
    """A span that is kept but not coded, with the reason.

    Attributes:
        reason: `newsletter`, `comment box`, `advertisement`, `bio`, `repeated sentence`,
            `navigation`, `byline`, `caption`, `heading` or `markup`.
    """

    reason: str


class Document(Record, frozen=True, kw_only=True):
    """One article as received.

    Attributes:
        id: hash of text, outlet and date, so that copies by two outlets stay apart.
        path: file, address, or `file#item`.
        text: the characters as received; of a page or PDF, the extracted text. Exports leave it
            out.
        title: headline.
        outlet: who published it.
        author: who wrote it.
        url: its address.
        date: day of publication, possibly partial (`2025`, `2025-02`, `--02-18`).
        language: ISO 639-1 code; only `en` is coded.
        n_chars: length of the text.
        boilerplate: what is kept but not coded.
        duplicate_of: id of the document that this one is a near copy of.
        origin: for each of title, date, author and outlet where its value came from.
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

    Attributes:
        actor: id of the actor.
        name: the actor's name, or the words of the text for a group without one.
        country: ISO 3166-1 alpha-3 code of the state that it acts for.
        sector: PLOVER sector (GOV, MIL, LEG, JUD, MED, EDU, BUS, CVL, REB, IGO, NGO, ...).
        span: the words that name it.
    """

    actor: str
    name: str
    country: str | None = None
    sector: Sector | None = None
    span: Span | None = None


class SpeakerRef(ActorRef, frozen=True, kw_only=True):
    """An actor who speaks, with the office and affiliation that hold at the time of the text.

    Attributes:
        office: title, as the text gives it, else the listed office at the document's date.
        affiliation: institution that the text names.
        kind: what sort of source it is: `person` with a name, `state`, `organisation`, `document`
            (report, statement, law), `poll`, `media` (an outlet), `unnamed` people ("a senior
            official", "critics"), the article's `author`, or a `group` (a people, a following,
            several states); null where the words do not tell.
    """

    office: str | None = None
    affiliation: str | None = None
    kind: SpeakerKind | None = None


class Office(Record, frozen=True, kw_only=True):
    """A dated office of a person.

    Attributes:
        title: the office.
        country: state or organisation whose office it is.
        sector: PLOVER sector of the office.
        start: first day, possibly partial.
        end: last day, possibly partial; null while it lasts.
        checked: whether the compiler vouches for the dates; others rank and never exclude.
    """

    title: str
    country: str | None = None
    sector: Sector | None = None
    start: str | None = None
    end: str | None = None
    checked: bool = False


class Actor(Record, frozen=True, kw_only=True):
    """A state, organisation, alliance, person, group or medium.

    Attributes:
        id: as `RUS`, `EU`, `RUS.lavrov-sergei`, `CHN.cicir`.
        name: the name that is shown.
        kind: what sort of actor it is.
        country: ISO 3166-1 alpha-3 code of the state that it belongs to.
        sector: PLOVER sector.
        offices: dated offices of a listed person.
        affiliation: institution that the text gives a person.
        origin: `gazetteer` for a listed actor, `text` for one that an article introduced.
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
    """Words in a document that stand for an actor: a name, a title, a pronoun, a capital.

    Attributes:
        document: id of the document.
        actor: id of the actor.
        span: the words.
    """

    document: str
    actor: str
    span: Span


class Event(Record, frozen=True, kw_only=True):
    """Who did what to whom, coded in PLOVER, as one article tells it.

    Talks between parties have all of them as sources and no target.

    Attributes:
        id: hash of document, trigger, root and parties.
        document: id of the document that tells it.
        root: PLOVER root, the kind of event.
        sources: who acts.
        targets: whom it is done to.
        host: third party on whose ground others meet.
        place: where, in the words of the text.
        mode: PLOVER mode, the manner.
        contexts: PLOVER contexts, what it is about.
        status: whether it happened, goes on, is planned, imagined or denied, or is of an earlier
            era.
        score: PLOVER score of root and mode, -10 (conflict) to 10 (cooperation).
        confidence: how far the coder trusts its reading, 0 to 1; not a probability yet.
        date: ISO 8601, possibly partial.
        date_end: last day of a period.
        date_precision: how exact the date is.
        date_text: the words of the date.
        span: from the first to the last of parties and trigger.
        trigger: the verb or noun that names it.
        within: id of the innermost claim that reports it.
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

    Attributes:
        event: id of the canonical event, which is the clearest telling.
        document: id of the document that tells it.
        telling: id of the event as this document tells it.
        span: the words of this telling.
        conflicts: fields (`date`, `status`, `root`) in which it contradicts the canonical event;
            such accounts stay side by side.
    """

    event: str
    document: str
    telling: str
    span: Span
    conflicts: tuple[str, ...] = ()


class About(Record, frozen=True, kw_only=True):
    """A dyad that a claim speaks of.

    Attributes:
        a: country or organisation.
        b: the other one.
        valence: -1 (tension) to 1 (easing, support), as the claim puts it; 0 if it only names both.
        modality: `asserted`, `scheduled` or `hypothetical`.
        negated: whether the claim denies it.
    """

    a: str
    b: str
    valence: float
    modality: str = "asserted"
    negated: bool = False


class Claim(Record, frozen=True, kw_only=True):
    """Somebody says, thinks, hopes or fears something.

    Source, cue and content are lists of spans, for an attribution may be discontinuous.

    Attributes:
        id: hash of document, cue and content.
        document: id of the document.
        speaker: who says it; null where the source could not be resolved at all.
        source: the words that name the speaker.
        cue: the words that report ("said", "according to").
        content: what is said.
        kind: `direct` in quotation marks, `indirect` without, `mixed` in part.
        about: dyads that it speaks of.
        original: foreign-language gloss that the text gives in brackets.
        date: when it was said, ISO 8601, possibly partial.
        outer: id of the claim around this one.
        confidence: how far the coder trusts its reading, 0 to 1; not a probability yet.
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

    Attributes:
        id: hash of document and outcome.
        document: id of the document.
        holder: who holds it; the author where no claim states it.
        outcome: what may come.
        condition: what it hangs on.
        phrase: the wording that the band was read from.
        band: ICD 203 term, or `unquantified`.
        horizon: date by which, ISO 8601.
        within: id of the claim that states it.
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
    """A figure with its unit and what it measures.

    Attributes:
        id: hash of document and place.
        document: id of the document.
        value: the full number ("US$140 billion" is 1.4e11).
        unit: ISO 4217 code for money, `percent`, `percentage point`, or the counted noun.
        span: figure, currency and unit.
        currency: ISO 4217 code.
        year: the year that it is of.
        period: ISO 8601 interval `a/b`.
        qualifier: hedge before it ("around", "up to").
        measures: what it measures, in the words of the text.
        actors: ids of those whom it concerns.
    """

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
    """What was not used, at which stage, and why: nothing disappears.

    Attributes:
        item: path, or id of a record.
        stage: `read`, `metadata`, `language`, `code`, `store` or `review`.
        reason: why, and what helps.
    """

    item: str
    stage: str
    reason: str


class Tie(Record, frozen=True, kw_only=True):
    """How two actors stand to each other over a period, from the events that it names.

    Attributes:
        a: country or organisation.
        b: the other one.
        period: `all`, or a label such as `2025`, `2025-Q1`, `2025-03`, `2025-W10`, `2025-03-05`.
        context: `all`, or one PLOVER context.
        score: decayed mean on the PLOVER scale, -10 to 10.
        s: the tie against a reference, -1 to 1.
        sign: `undetermined` where the interval spans zero.
        low: lower end of the bootstrap interval of `s`.
        high: upper end of it.
        n: number of events, not of articles.
        events: ids of the events.
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

    Attributes:
        id: name within its view.
        title: heading.
        records: ids of what it shows.
        value: what is printed, of a number.
        chart: drawing (SVG), of a chart.
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

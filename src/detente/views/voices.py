"""Who says what, grouped by speaker; and what they expect, by ICD 203 probability band."""

from __future__ import annotations

from collections.abc import Iterable

from detente.schema import About, Claim, Expectation, Record, SpeakerKind, SpeakerRef
from detente.views.figures import Index, Ref, anchor
from detente.views.wording import date_words, quote, signed

BANDS: dict[str, str] = {
    "almost certain": "95–100 %",
    "very likely": "80–95 %",
    "likely": "55–80 %",
    "roughly even": "45–55 %",
    "unlikely": "20–45 %",
    "very unlikely": "5–20 %",
    "almost no chance": "0–5 %",
    "unquantified": "no probability given",
}
"""ICD 203 terms from most to least likely; what names no probability comes last."""

QUOTE_CHARS = 700
"""Longest piece of a claim shown in a row; the whole stands in the article."""


SOURCES: dict[SpeakerKind, str] = {
    "document": "a document",
    "poll": "a poll",
    "media": "a news outlet",
    "unnamed": "not named",
    "author": "the author",
    "group": "a group of people",
}
"""What a speaker is who is neither a person with a name, a state nor an organisation."""

QUOTES = '“”„"«» '
"""Quotation marks that may stand around direct speech."""


class ClaimRow(Record, frozen=True, kw_only=True):
    """One claim; `teller` is who passes it on, `inner` the claims of others that it holds."""

    id: str
    ref: Ref
    kind: str
    speaker: str
    teller: str | None
    cue: str
    words: str
    original: str | None
    when: str | None
    about: tuple[str, ...]
    inner: tuple[ClaimRow, ...]
    is_new: bool


class Speaker(Record, frozen=True, kw_only=True):
    """Somebody with all that he, she or it says."""

    actor: str
    name: str
    role: str
    rows: tuple[ClaimRow, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """Return the ids of the claims."""
        return tuple(row.id for row in self.rows)

    @property
    def anchors(self) -> str:
        """Return the anchors of the claims, separated by blanks."""
        return " ".join(map(anchor, self.records))


class ExpectationRow(Record, frozen=True, kw_only=True):
    """One expectation: who holds it, on what condition, what comes of it, by when."""

    id: str
    ref: Ref
    holder: str
    role: str
    condition: str | None
    outcome: str
    phrase: str | None
    horizon: str | None
    is_new: bool


class Band(Record, frozen=True, kw_only=True):
    """The expectations of one ICD 203 band."""

    title: str
    range: str
    rows: tuple[ExpectationRow, ...]


def build_voices(index: Index) -> tuple[Speaker, ...]:
    """Return the speakers, those with most claims first; unresolved sources come last."""
    inner: dict[str, list[Claim]] = {}
    for claim in index.records.claims:
        if claim.outer in index.claims and claim.outer is not None:
            inner.setdefault(claim.outer, []).append(claim)
    groups: dict[str, list[Claim]] = {}
    for claim in index.records.claims:
        groups.setdefault(claim.speaker.actor if claim.speaker else "", []).append(claim)
    speakers = [_speaker(index, actor, claims, inner) for actor, claims in groups.items()]
    return tuple(sorted(speakers, key=lambda s: (not s.actor, -len(s.rows), s.name)))


def build_bands(index: Index) -> tuple[Band, ...]:
    """Return the expectations by band, from most to least likely, unquantified ones last."""
    groups: dict[str, list[ExpectationRow]] = {band: [] for band in BANDS}
    for hope in index.records.expectations:
        groups.setdefault(hope.band, []).append(_expectation(index, hope))
    return tuple(
        Band(title=band, range=BANDS.get(band, ""), rows=tuple(rows))
        for band, rows in groups.items()
        if rows
    )


def speaker_role(index: Index, speaker: SpeakerRef) -> str:
    """Return what sort of source it is, office, affiliation and country, as far as known."""
    country = index.name(speaker.country) if speaker.country else None
    kind = SOURCES.get(speaker.kind) if speaker.kind else None
    parts = [kind, speaker.office, speaker.affiliation, country]
    name = index.name(speaker.actor, speaker.name)
    return " · ".join(dict.fromkeys(part for part in parts if part and part != name))


def _speaker(
    index: Index, actor: str, claims: list[Claim], inner: dict[str, list[Claim]]
) -> Speaker:
    known = [claim.speaker for claim in claims if claim.speaker]
    fullest = max(known, key=lambda s: bool(s.office) + bool(s.affiliation), default=None)
    return Speaker(
        actor=actor,
        name=index.name(actor, fullest.name) if fullest else "Source not resolved",
        role=speaker_role(index, fullest) if fullest else "",
        rows=tuple(_claim(index, claim, inner) for claim in claims),
    )


def _claim(index: Index, claim: Claim, inner: dict[str, list[Claim]]) -> ClaimRow:
    outer = index.claims.get(claim.outer or "")
    return ClaimRow(
        id=claim.id,
        ref=index.ref(claim.id),
        kind=claim.kind,
        speaker=_name(index, claim),
        teller=_name(index, outer) if outer else None,
        cue=quote(claim.cue, 60),
        words=_words(claim),
        original=claim.original.quote if claim.original else None,
        when=date_words(claim.date, short=True) if claim.date else None,
        about=tuple(_about(index, about) for about in claim.about),
        inner=tuple(_claim(index, held, {}) for held in inner.get(claim.id, ())),
        is_new=index.is_new([claim.document], [claim.date]),
    )


def _words(claim: Claim) -> str:
    """Return what is said; the page sets its own quotation marks around direct speech."""
    words = quote(claim.content, QUOTE_CHARS)
    return words.strip(QUOTES) if claim.kind == "direct" else words


def _name(index: Index, claim: Claim) -> str:
    if claim.speaker:
        return index.name(claim.speaker.actor, claim.speaker.name)
    return quote(claim.source, 80) or "source not resolved"


def _about(index: Index, about: About) -> str:
    """Return a dyad with its valence in words: `China and Russia: easing, +0.5 (possible)`."""
    pair = f"{index.name(about.a)} and {index.name(about.b)}"
    if not about.valence:
        return pair
    tone = "easing" if about.valence > 0 else "tension"
    marks = [about.modality] * (about.modality != "asserted") + ["negated"] * about.negated
    text = f"{pair}: {tone} {signed(about.valence)}"
    return f"{text} ({', '.join(marks)})" if marks else text


def _expectation(index: Index, hope: Expectation) -> ExpectationRow:
    return ExpectationRow(
        id=hope.id,
        ref=index.ref(hope.id),
        holder=index.name(hope.holder.actor, hope.holder.name),
        role=speaker_role(index, hope.holder),
        condition=quote(hope.condition, 300) if hope.condition else None,
        outcome=quote(hope.outcome, 400),
        phrase=quote(hope.phrase, 80) if hope.phrase else None,
        horizon=date_words(hope.horizon) if hope.horizon else None,
        is_new=index.is_new([hope.document]),
    )


def new_claims(speakers: Iterable[Speaker]) -> tuple[ClaimRow, ...]:
    """Return the rows of all speakers that are new."""
    return tuple(row for speaker in speakers for row in speaker.rows if row.is_new)

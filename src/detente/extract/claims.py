"""Claims by rules: who says, thinks, hopes or fears what, with source, cue and content spans.

Attribution is annotated as in PolNeAR (Newell, Margolin and Ruths 2018): a cue, its content, and
usually a source; content may be discontinuous. The rules read the dependency parse: a reporting
verb with its clause or quotation, "according to X", "in X's view", "X's claim that". A quotation
that runs on keeps its speaker. This is the coder that the trained tagger takes over; its interface,
`code_claims`, stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from detente.extract.actors import ActorMention, DocumentActors
from detente.extract.attributions import Attribution, AttributionFinder, without_echoes
from detente.extract.clauses import conjuncts
from detente.extract.dates import DateExpression
from detente.extract.events import BLOCK, claims_by_block, innermost, nearest_date
from detente.extract.language import Sentence
from detente.extract.lexicon import load_lexicon
from detente.extract.quotes import find_quotes, quoted_share
from detente.extract.stances import Stance, read_stances
from detente.schema import About, Claim, ClaimKind, Document, Span, SpeakerRef, Status, record_id

GLOSS = re.compile(r"[(（]([^()（）\n]*[\u0370-\u1fff\u2e80-\u9fff\uac00-\ud7af][^()（）\n]*)[)）]")
GLOSS_REACH = 60
"""A gloss in brackets belongs to a claim when it starts at most this many characters after it."""

CARRIED_CONFIDENCE = 0.5

MODALITIES: dict[Status, str] = {
    "past": "asserted", "ongoing": "asserted", "historical": "asserted", "denied": "asserted",
    "scheduled": "scheduled", "hypothetical": "hypothetical",
}  # fmt: skip


def code_claims(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors,
    dates: list[list[DateExpression]],
) -> list[Claim]:
    """Return the claims of a document, in text order; nested ones name the claim around them.

    Args:
        doc: the document.
        sentences: its parsed sentences.
        actors: its actor mentions, by sentence.
        dates: its date expressions, by sentence.
    """
    quotes = find_quotes(doc, sentences)
    ends = {sentence.paragraph: sentence.end for sentence in sentences}
    finder = AttributionFinder(doc, quotes, load_lexicon(), ends)
    claims: list[Claim] = []
    for sentence in sentences:
        found = without_echoes(list(finder.find(sentence)))
        for attribution in found:
            claims.extend(_claims(doc, attribution, actors, dates, quotes))
        if not found and claims and _runs_on(sentence, sentences, claims[-1], quotes):
            if sentences[sentence.index - 1].paragraph == sentence.paragraph:
                claims[-1] = _extended(doc, claims[-1], sentence)
            else:
                claims.append(_carried(doc, sentence, claims[-1]))
    reader = _StanceReader(sentences, actors)
    return [_with_about(claim, reader) for claim in _with_outer(claims)]


def _claims(
    doc: Document,
    found: Attribution,
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    quotes: list[tuple[int, int]],
) -> list[Claim]:
    """Return the claim of an attribution; when several persons make it jointly, one for each."""
    when = nearest_date(found.sentence, found.cue_at, dates[found.sentence.index])
    in_cue_clause = when is not None and not any(s <= when.start < e for s, e in found.content)
    first = Claim(
        id=record_id("claim", doc.id, found.cue[0][0], found.content[0][0]),
        document=doc.id,
        speaker=None,
        source=tuple(doc.span(*s) for s in found.source),
        cue=tuple(doc.span(*s) for s in found.cue),
        content=tuple(doc.span(*s) for s in found.content),
        kind=_kind(found.content, quotes),
        original=_gloss(doc, found.content),
        date=when.date if when and in_cue_clause else None,
        confidence=found.confidence,
    )
    return [
        msgspec.structs.replace(
            first, id=first.id if not i else record_id("claim", first.id, i), speaker=speaker
        )
        for i, speaker in enumerate(_speakers(doc, found, actors))
    ]


def _kind(content: list[tuple[int, int]], quotes: list[tuple[int, int]]) -> ClaimKind:
    shares = [quoted_share(s, e, quotes) for s, e in content]
    if all(share > 0.9 for share in shares):
        return "direct"
    return "mixed" if any(share > 0 for share in shares) else "indirect"


def _gloss(doc: Document, content: list[tuple[int, int]]) -> Span | None:
    """Return the original-language gloss inside the content or in brackets right after it."""
    for start, end in content:
        match = GLOSS.search(doc.text, start, min(len(doc.text), end + GLOSS_REACH))
        if match and "\n" not in doc.text[start : match.start()]:
            return doc.span(*match.span(1))
    return None


def _speakers(doc: Document, found: Attribution, actors: DocumentActors) -> list[SpeakerRef | None]:
    """Return who speaks: the named actors, or an unnamed group as the text calls it."""
    if found.speaker is None:
        return [None]
    mentions = actors.by_sentence[found.sentence.index]
    named = [
        actors.speaker(doc, m)
        for head in conjuncts(found.sentence, found.speaker)
        for m in mentions
        if m.first <= head <= m.last and m.kind != "place"
    ]
    if not named and found.source:
        named = _institution(doc, found, actors, mentions)
    return [*named] or [_unnamed(doc, found, actors, mentions)]


def _institution(
    doc: Document, found: Attribution, actors: DocumentActors, mentions: list[ActorMention]
) -> list[SpeakerRef]:
    """Return the institution for which unnamed people speak ("SinoInsider analysts")."""
    start, end = found.source[0]
    return [
        msgspec.structs.replace(
            actors.speaker(doc, m),
            name=doc.text[start:end],
            affiliation=actors.actors[m.actor].name,
        )
        for m in mentions
        if start <= m.start
        and m.end <= end
        and actors.actors[m.actor].kind in {"organisation", "media"}
    ][:1]


def _unnamed(
    doc: Document, found: Attribution, actors: DocumentActors, mentions: list[ActorMention]
) -> SpeakerRef | None:
    """Return a reference for a source without a name ("Russian officials", "many observers")."""
    if not found.source or found.speaker is None:
        return None
    head = found.sentence.tokens[found.speaker]
    if head.tag[:2] not in {"NN", "PR", "DT", "JJ"} or head.tag == "PRP":
        return None
    start, end = found.source[0]
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    country = None
    if inside:
        country = actors.ref(doc, inside[0]).country or inside[0].actor
    lexicon = load_lexicon()
    return SpeakerRef(
        actor=f"{country or 'unnamed'}.{head.lower}",
        name=doc.text[start:end],
        country=country,
        sector=lexicon.groups.get(head.lemma),
        span=doc.span(start, end),
    )


def _runs_on(
    sentence: Sentence,
    sentences: list[Sentence],
    last: Claim,
    quotes: list[tuple[int, int]],
) -> bool:
    """Return whether a quoted sentence without a cue continues the claim before it."""
    if not sentence.index or quoted_share(sentence.start, sentence.end, quotes) < 0.9:
        return False
    if any(s.start <= sentence.start and sentence.end <= s.end for s in last.content):
        return False
    before = sentences[sentence.index - 1]
    return any(s.start < before.end and before.start < s.end for s in last.content)


def _extended(doc: Document, claim: Claim, sentence: Sentence) -> Claim:
    """Return the claim with the quotation that runs on in its paragraph."""
    content = (*claim.content, doc.span(sentence.start, sentence.end))
    return msgspec.structs.replace(claim, content=content)


def _carried(doc: Document, sentence: Sentence, last: Claim) -> Claim:
    """Return a quoted paragraph without a cue as a claim of the speaker before it."""
    return msgspec.structs.replace(
        last,
        id=record_id("claim", doc.id, "carried", sentence.start),
        source=(),
        cue=(),
        content=(doc.span(sentence.start, sentence.end),),
        kind="direct",
        original=_gloss(doc, [(sentence.start, sentence.end)]),
        confidence=CARRIED_CONFIDENCE,
    )


def _with_outer(claims: list[Claim]) -> list[Claim]:
    """Return the claims, each with the innermost other claim that holds its cue."""
    linked = []
    blocks = claims_by_block(claims)
    for claim in claims:
        place = claim.cue[0] if claim.cue else claim.content[0]
        others = [c for c in blocks.get(place.start // BLOCK, []) if c.id != claim.id]
        outer = innermost(others, place.start, place.end) if claim.cue else None
        linked.append(msgspec.structs.replace(claim, outer=outer))
    return linked


class _StanceReader:
    """Reads the stances of a document's sentences, each sentence once and only when asked."""

    def __init__(self, sentences: Sequence[Sentence], actors: DocumentActors) -> None:
        self._sentences = sentences
        self._mentions = actors.by_sentence
        self._countries = {a.id: a.country or a.id for a in actors.actors.values()}
        self._known: dict[int, list[Stance]] = {}

    def within(self, span: Span) -> Iterator[Stance]:
        """Yield the stances whose trigger lies in a span, in text order."""
        first = bisect_right(self._sentences, span.start, key=lambda sentence: sentence.end)
        for i in range(first, len(self._sentences)):
            sentence = self._sentences[i]
            if sentence.start >= span.end:
                return
            if sentence.index not in self._known:
                self._known[sentence.index] = read_stances(
                    sentence, self._mentions[sentence.index], self._countries
                )
            yield from (s for s in self._known[sentence.index] if span.start <= s.start < span.end)


def _with_about(claim: Claim, reader: _StanceReader) -> Claim:
    """Return the claim with the dyads that its content speaks of and how it sees them."""
    found: dict[tuple[str, str], About] = {}
    for span in claim.content:
        for stance in reader.within(span):
            found.setdefault(
                (stance.a, stance.b),
                About(
                    a=stance.a,
                    b=stance.b,
                    valence=round(stance.valence, 3),
                    modality=MODALITIES[stance.status],
                    negated=stance.status == "denied",
                ),
            )
    return msgspec.structs.replace(claim, about=tuple(found.values())) if found else claim

"""Claims: who says, thinks, hopes or fears what, with source, cue and content spans.

Attribution is annotated as in PolNeAR (Newell, Margolin and Ruths 2018): a cue, its content, and
usually a source; content may be discontinuous. The trained tagger (`tagger`) finds the outermost
attributions, the rules (`attributions`) those inside them, and all of them without the weights. A
quotation that runs on keeps its speaker.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from detente.extract.actors import DocumentActors
from detente.extract.attributions import Attribution, AttributionFinder, without_echoes
from detente.extract.dates import DateExpression
from detente.extract.dating import nearest_date
from detente.extract.dyads import MODALITIES
from detente.extract.language import Sentence
from detente.extract.lexicon import load_lexicon
from detente.extract.nesting import BLOCK, claims_by_block, innermost
from detente.extract.quotes import find_quotes, quoted_share
from detente.extract.speakers import SpeakerFinder, head_of_source, with_first_persons
from detente.extract.stances import Stance, read_stances
from detente.extract.tagger import Tagged
from detente.schema import About, Claim, ClaimKind, Document, Span, record_id

GLOSS = re.compile(r"[(（]([^()（）\n]*[\u0370-\u1fff\u2e80-\u9fff\uac00-\ud7af][^()（）\n]*)[)）]")
GLOSS_REACH = 60
"""A gloss in brackets belongs to a claim when it starts at most this many characters after it."""

CARRIED_CONFIDENCE = 0.5

Blocks = Mapping[int, list[tuple[int, int, bool]]]
"""Start and end of tagged cues and contents, and whether it is a content, by block of text."""


def code_claims(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    tagged: Sequence[Tagged] | None = None,
) -> list[Claim]:
    """Return the claims of a document, in text order; nested ones name the claim around them.

    Args:
        doc: the document.
        sentences: its parsed sentences.
        actors: its actor mentions, by sentence.
        dates: its date expressions, by sentence.
        tagged: the attributions that the trained tagger found, outermost ones, as its corpus marks
            them; the rules find those inside their contents. None if the rules are to find all.
    """
    quotes = find_quotes(doc, sentences)
    ends = {sentence.paragraph: sentence.end for sentence in sentences}
    finder = AttributionFinder(doc, quotes, load_lexicon(), ends)
    by_rules = [without_echoes(list(finder.find(sentence))) for sentence in sentences]
    outermost, blocks = _by_sentence(sentences, tagged or ()), _places_by_block(tagged or ())
    speakers = SpeakerFinder(doc, sentences, actors)
    claims: list[Claim] = []
    for sentence, read in zip(sentences, by_rules, strict=True):
        found = read if tagged is None else outermost[sentence.index] + _nested(read, blocks)
        for attribution in found:
            claims.extend(_claims(doc, attribution, speakers, dates, quotes))
        is_tagged = _near(blocks, (sentence.start, sentence.end))
        if (
            not (found or is_tagged)
            and claims
            and _runs_on(sentence, sentences, claims[-1], quotes)
        ):
            if sentences[sentence.index - 1].paragraph == sentence.paragraph:
                claims[-1] = _extended(doc, claims[-1], sentence)
            else:
                claims.append(_carried(doc, sentence, claims[-1]))
    reader = _StanceReader(sentences, actors)
    linked = with_first_persons(doc, _with_outer(claims), quotes)
    return [_with_about(claim, reader) for claim in linked]


def _by_sentence(
    sentences: Sequence[Sentence], tagged: Iterable[Tagged]
) -> dict[int, list[Attribution]]:
    """Return the tagged attributions by the sentence that holds their cue.

    The speaker is the head of the source's words; where these stand in another sentence, the
    attribution is read there.
    """
    found: dict[int, list[Attribution]] = defaultdict(list)
    starts = [sentence.start for sentence in sentences]
    for one in tagged:
        home = sentences[max(0, bisect_right(starts, one.cue[0][0]) - 1)]
        place = home
        speaker = None
        if one.source:
            place = sentences[max(0, bisect_right(starts, one.source[0][0]) - 1)]
            inside = _tokens_within(place, one.source[0])
            speaker = head_of_source(place, inside[0], inside[-1]) if inside else None
        cue = _tokens_within(place, one.cue[0])
        found[home.index].append(
            Attribution(
                place,
                speaker,
                list(one.source),
                list(one.cue),
                list(one.content),
                cue[0] if cue else place.root,
                round(one.probability, 3),
            )
        )
    return found


def _tokens_within(sentence: Sentence, place: tuple[int, int]) -> list[int]:
    return [t.i for t in sentence.tokens if t.start < place[1] and t.end > place[0]]


def _places_by_block(tagged: Iterable[Tagged]) -> Blocks:
    """Return cues and contents, with whether they are contents, by the blocks they touch."""
    found: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
    for one in tagged:
        for places, is_content in ((one.cue, False), (one.content, True)):
            for start, end in places:
                for block in range(start // BLOCK, end // BLOCK + 1):
                    found[block].append((start, end, is_content))
    return found


def _near(blocks: Blocks, place: tuple[int, int]) -> list[tuple[int, int, bool]]:
    """Return the tagged cues and contents that share a character with a place."""
    start, end = place
    return [
        one
        for block in range(start // BLOCK, end // BLOCK + 1)
        for one in blocks.get(block, ())
        if one[0] < end and start < one[1]
    ]


def _nested(found: Iterable[Attribution], blocks: Blocks) -> list[Attribution]:
    """Return the attributions whose cue a tagged content holds and no tagged cue touches."""

    def is_inside(place: tuple[int, int]) -> bool:
        near = _near(blocks, place)
        return all(is_content for _, _, is_content in near) and any(
            s <= place[0] and place[1] <= e for s, e, _ in near
        )

    return [a for a in found if all(is_inside(p) for p in a.cue)]


def _claims(
    doc: Document,
    found: Attribution,
    speakers: SpeakerFinder,
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
        for i, speaker in enumerate(speakers.find(found))
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
    """Return the claims, each with the innermost other claim that holds its cue.

    Of two that hold each other's cue neither is the outer one.
    """
    linked = []
    blocks = claims_by_block(claims)
    for claim in claims:
        place = claim.cue[0] if claim.cue else claim.content[0]
        others = [
            other
            for other in blocks.get(place.start // BLOCK, [])
            if other.id != claim.id and not (other.cue and _holds(claim, other.cue[0]))
        ]
        outer = innermost(others, place.start, place.end) if claim.cue else None
        linked.append(msgspec.structs.replace(claim, outer=outer))
    return linked


def _holds(claim: Claim, span: Span) -> bool:
    return any(c.start <= span.start and span.end <= c.end for c in claim.content)


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

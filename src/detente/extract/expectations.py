"""Expectations: what somebody holds to be likely, unlikely, possible or conditional.

In come a document, its sentences, actors, claims and dates; out go `Expectation` records: the
outcome (spans of the main clause), the condition it hangs on, the words of probability with their
ICD 203 band, the horizon and the holder. A bare modal ("could", "will") is an expectation without
a band; `prospects` says which clauses count.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from detente.extract.actors import DocumentActors
from detente.extract.clauses import SUBJECTS, children, is_verb
from detente.extract.dates import DateExpression
from detente.extract.language import Sentence, Token
from detente.extract.nesting import BLOCK, claims_by_block, innermost
from detente.extract.prospects import FORECASTS, Prospect, find_prospects
from detente.extract.speakers import author_of
from detente.schema import Claim, Document, Expectation, Span, SpeakerRef, record_id

_OPENERS = {"punct", "cc", "mark", "preconj", "intj", "meta"}
_ATTRIBUTIONS = {"according", "per"}
_PAIRS = {"]": "[", ")": "(", "”": "“", "’": "‘"}
_QUOTES = {"“", "”", '"', "``", "''", "‘", "’", "—", "–", "-"}


@dataclass(slots=True)
class _Told:
    """The condition told last, for "in such a scenario": its spans and where it stood."""

    spans: tuple[Span, ...] = ()
    sentence: int = -9
    paragraph: int = -1


def find_expectations(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors,
    claims: list[Claim],
    dates: list[list[DateExpression]],
) -> list[Expectation]:
    """Return the expectations of a document in text order.

    Args:
        doc: the document; its author holds what no claim contains.
        sentences: its parsed sentences.
        actors: its resolved actors, who hold what they are said to expect.
        claims: its claims; the innermost one around an outcome names the holder.
        dates: the date expressions of each sentence, from `find_dates`.
    """
    found: list[Expectation] = []
    told = _Told()
    blocks = claims_by_block(claims)
    for place, sentence in enumerate(sentences):
        near = told.paragraph == sentence.paragraph or place - told.sentence <= 1
        for prospect in find_prospects(sentence, has_condition_before=near and bool(told.spans)):
            outcome = _outcome(doc, sentence, prospect)
            if not outcome:
                continue
            own = _spans(doc, sentence, prospect.condition or [])
            condition = own or (told.spans if prospect.inherited else ())
            if own:
                told = _Told(own, place, sentence.paragraph)
            near_by = blocks.get(outcome[0].start // BLOCK, [])
            within = innermost(near_by, outcome[0].start, outcome[-1].end) or innermost(
                near_by, *_root_offsets(sentence, prospect)
            )
            found.append(
                Expectation(
                    id=record_id("expectation", doc.id, outcome[0].start, outcome[-1].end),
                    document=doc.id,
                    holder=_holder(doc, place, sentence, prospect, actors, claims, within),
                    outcome=outcome,
                    condition=condition or None,
                    phrase=_spans(doc, sentence, _joined(sentence, prospect.phrase)) or None,
                    band=prospect.band,
                    horizon=_horizon(doc, sentence, prospect, dates[place]),
                    within=within,
                )
            )
    return found


def _joined(sentence: Sentence, phrase: list[int]) -> list[int]:
    """Return the words of probability with a "be" or an adverb that stands between them."""
    gaps = [
        i
        for one, two in pairwise(phrase)
        if two - one <= 3
        for i in range(one + 1, two)
        if sentence.tokens[i].lemma == "be" or sentence.tokens[i].tag == "RB"
    ]
    return sorted({*phrase, *gaps})


def _root_offsets(sentence: Sentence, prospect: Prospect) -> tuple[int, int]:
    root = sentence.tokens[prospect.root]
    return root.start, root.end


def _outcome(doc: Document, sentence: Sentence, prospect: Prospect) -> tuple[Span, ...]:
    """Return the spans of the main clause: no condition, no attribution, no opening conjunction."""
    tokens = sentence.tokens
    left_out = set(prospect.condition or [])
    inside: list[int] = []
    waiting = [prospect.root]
    for i in waiting:
        inside.append(i)
        for child in (tokens[j] for j in tokens[i].children):
            if child.i not in left_out and not _is_apart(sentence, prospect.root, child):
                waiting.append(child.i)
    return _spans(doc, sentence, _trimmed(tokens, _antecedent(sentence, prospect.root, inside)))


def _antecedent(sentence: Sentence, root: int, inside: list[int]) -> list[int]:
    """Return the tokens with the noun that a relative clause tells of before them."""
    token = sentence.tokens[root]
    if token.dep != "relcl":
        return sorted(inside)
    noun = sentence.tokens[token.head]
    before = [
        i
        for child in children(sentence, noun.i, "det", "amod", "compound", "poss", "nummod", "prep")
        for i in sentence.subtree(child.i)
        if i < root
    ]
    return sorted({*inside, noun.i, *before})


def _is_apart(sentence: Sentence, root: int, child: Token) -> bool:
    """Return whether a dependent is no part of the outcome: another outcome, or who says so."""
    if child.lower in _ATTRIBUTIONS or child.dep == "parataxis":
        return True
    if child.head != root:
        return False
    if child.dep in {"mark", "cc"} and child.i < root:
        return True
    if child.dep == "conj" and is_verb(child):
        return any(True for _ in children(sentence, child.i, *SUBJECTS))
    return child.dep == "ccomp" and child.i < root


def _trimmed(tokens: list[Token], indices: list[int]) -> list[int]:
    """Return the tokens without punctuation, conjunctions and linking adverbs at the ends."""
    while indices and (
        tokens[indices[0]].dep in _OPENERS
        or not any(c.isalnum() for c in tokens[indices[0]].text)
        or (len(indices) > 1 and tokens[indices[1]].text == "," and tokens[indices[0]].tag == "RB")
    ):
        indices = indices[1:]
    while indices and (
        not any(c.isalnum() for c in tokens[indices[-1]].text.replace("%", "0"))
        or tokens[indices[-1]].dep == "cc"
    ):
        opens = _PAIRS.get(tokens[indices[-1]].text)
        if any(tokens[i].text == opens for i in indices):
            break
        indices = indices[:-1]
    return indices


def _spans(doc: Document, sentence: Sentence, indices: list[int]) -> tuple[Span, ...]:
    """Return the fewest spans that cover the tokens; a piece without a word is left out."""
    if not indices:
        return ()
    pieces = [[indices[0]]]
    for one, two in pairwise(indices):
        between = sentence.tokens[one + 1 : two]
        if all(t.text in _QUOTES or t.text == "," for t in between):
            pieces[-1].append(two)
        else:
            pieces.append([two])
    spans = []
    for piece in pieces:
        if any(c.isalnum() for i in piece for c in sentence.tokens[i].text):
            start, end = sentence.extent(piece)
            spans.append(doc.span(start, _quote_end(doc.text, start, end)))
    return tuple(spans)


def _quote_end(text: str, start: int, end: int) -> int:
    """Return `end`, moved behind a closing quotation mark that answers one in the piece."""
    if text.count("“", start, end) > text.count("”", start, end):
        for width in (1, 2):
            if text[end + width - 1 : end + width] == "”":
                return end + width
    return end


def _horizon(
    doc: Document, sentence: Sentence, prospect: Prospect, dates: list[DateExpression]
) -> str | None:
    """Return the date in the outcome or its condition that lies ahead of the document's date."""
    if doc.date is None:
        return None
    area = {*sentence.subtree(prospect.root), *(prospect.condition or [])}
    for expression in dates:
        if expression.first not in area and expression.last not in area:
            continue
        date = expression.date_end or expression.date
        if date is not None and not date.startswith("--") and _is_ahead(date, doc.date):
            return date
    return None


def _is_ahead(date: str, today: str) -> bool:
    """Return whether a date is after another, as far as the vaguer of the two tells."""
    shared = min(len(date), len(today[:10]))
    return date[:shared] > today[:shared]


def _holder(
    doc: Document,
    place: int,
    sentence: Sentence,
    prospect: Prospect,
    actors: DocumentActors,
    claims: list[Claim],
    within: str | None,
) -> SpeakerRef:
    """Return who expects: the claim's speaker, else who is said to expect it, else the author."""
    claim = next((c for c in claims if c.id == within), None)
    if claim is not None:
        if claim.speaker is not None:
            return claim.speaker
        name = " ".join(span.quote for span in claim.source) or "an unnamed source"
        return SpeakerRef(actor="unresolved", name=name)
    for i in prospect.phrase:
        for subject in children(sentence, i, "nsubj"):
            if sentence.tokens[i].lemma not in {*FORECASTS, "rule"}:
                continue
            for mention in actors.by_sentence[place]:
                if mention.head == subject.i:
                    return actors.speaker(doc, mention)
    return author_of(doc)

"""Events by rules: who did what to whom, from the parse, the actors and the verb and noun lists.

A trigger is a verb or noun of the lexicon with at least two actors in its clause. PLOVER root and
mode come from the list (codebook of February 2024), the status from `status`, the date from
`dates`. This is the coder that the trained pair classifier takes over; its interface,
`code_events`, stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from detente.extract.actors import DocumentActors
from detente.extract.candidates import Candidate, Party, SentenceReader, distinct, ids_of
from detente.extract.clauses import is_verb
from detente.extract.dates import DateExpression
from detente.extract.language import Sentence
from detente.extract.lexicon import load_lexicon
from detente.extract.status import is_of_earlier_era, read_status
from detente.schema import ActorRef, Claim, Document, Event, Status, record_id

BLOCK = 4_096
"""Characters of text whose claims are kept together for `innermost`."""

VERBAL_ATTACKS = {"attack", "hit", "fire", "strike", "fight", "ambush", "assault", "clash", "raid"}
BOUNDS = {"since", "until", "till", "after", "before", "following"}
"""Prepositions whose date dates something else: an event after it, or a state from then on."""


def code_events(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    claims: list[Claim],
) -> list[Event]:
    """Return the events of a document, in text order.

    Args:
        doc: the document.
        sentences: its parsed sentences.
        actors: its actor mentions, by sentence.
        dates: its date expressions, by sentence.
        claims: its claims; an event inside a claim's content carries the claim's id in `within`.
    """
    events = []
    blocks = claims_by_block(claims)
    for sentence in sentences:
        mentions = actors.by_sentence[sentence.index]
        if len(mentions) < 2:
            continue
        reader = SentenceReader(sentence, mentions, load_lexicon())
        kept = (
            _as_words(c, sentence, actors)
            for c in reader.candidates()
            if c.root and not _is_observer(c, sentence, actors) and not _is_at_home(c, actors)
        )
        events += [_event(doc, reader, c, actors, dates, blocks) for c in distinct(kept)]
    return events


def _is_at_home(c: Candidate, actors: DocumentActors) -> bool:
    """Return whether somebody visits or meets only his or her own country."""
    homes = {actors.actors[party.actor].country for party in c.sources}
    return c.root == "CONSULT" and bool(c.targets) and ids_of(c.targets) <= homes


def _as_words(c: Candidate, sentence: Sentence, actors: DocumentActors) -> Candidate:
    """Return an attack between politicians as what it is: criticism ("Rubio fired back")."""
    if c.root != "ASSAULT" or sentence.tokens[c.trigger].lemma not in VERBAL_ATTACKS:
        return c
    sides = [(actors.actors[p.actor], p.sector) for p in c.sources + c.targets]
    is_civil = all(
        actor.kind in {"person", "organisation", "media"}
        and (sector or actor.sector) not in {"MIL", "REB", "SPY", "COP"}
        for actor, sector in sides
    )
    return replace(c, root="ACCUSE", mode="disapprove") if is_civil else c


def _is_observer(c: Candidate, sentence: Sentence, actors: DocumentActors) -> bool:
    """Return whether the source is a scholar or journalist who does not act here.

    They act only as the grammatical subject of the trigger itself ("Zheng criticizes Europe"); the
    subject that a participle inherits from their sentence is somebody else's.
    """
    for party in c.sources:
        actor = actors.actors[party.actor]
        observes = actor.kind == "person" and actor.sector in {"EDU", "MED", None}
        word = sentence.tokens[party.head]
        if observes and not (
            word.dep in {"nsubj", "conj"}
            and word.head in {c.trigger, word.head}
            and sentence.tokens[c.trigger].dep in {"ROOT", "ccomp", "conj"}
        ):
            return True
    return False


def _event(
    doc: Document,
    reader: SentenceReader,
    c: Candidate,
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    blocks: Mapping[int, list[Claim]],
) -> Event:
    """Return the event record of a candidate."""
    sentence = reader.sentence
    token = sentence.tokens[c.trigger]
    when = nearest_date(sentence, c.trigger, dates[sentence.index])
    date = when.date if when else None
    host, place = _host(reader, c, actors, doc)
    parties = c.sources + c.targets
    start = min([token.start, *(m.start for m in parties)])
    end = max([token.end, *(m.end for m in parties)])
    status = _status(doc, sentence, c, date, (start, end))
    trigger = doc.span(token.start, token.end)
    sources = tuple(_ref(doc, actors, party) for party in c.sources)
    targets = tuple(_ref(doc, actors, party) for party in c.targets)
    ids = (*(s.actor for s in sources), "→", *(t.actor for t in targets))
    sureness = min(party.mention.confidence for party in parties)
    return Event(
        id=record_id("event", doc.id, token.start, c.root, *ids),
        document=doc.id,
        root=c.root,
        mode=c.mode,
        sources=sources,
        targets=targets,
        host=host,
        place=place,
        contexts=_contexts(reader, start, end),
        status=status,
        score=reader.lexicon.score(c.root, c.mode),
        confidence=round(c.confidence * sureness, 3),
        date=date,
        date_end=when.date_end if when else None,
        date_precision=when.precision if when and date else None,
        date_text=doc.span(when.start, when.end) if when else None,
        span=doc.span(start, end),
        trigger=trigger,
        within=innermost(blocks.get(token.start // BLOCK, []), token.start, token.end),
    )


def _ref(doc: Document, actors: DocumentActors, party: Party) -> ActorRef:
    """Return the reference to a party; a group has its own sector."""
    ref = actors.ref(doc, party.mention)
    if party.sector is None:
        return ref
    return msgspec.structs.replace(ref, sector=party.sector, span=doc.span(party.start, party.end))


def claims_by_block(claims: list[Claim]) -> dict[int, list[Claim]]:
    """Return the claims by each block of `BLOCK` characters that their contents touch.

    `innermost` then looks at a few claims, however long the document is.
    """
    blocks: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        touched = {b for s in claim.content for b in range(s.start // BLOCK, s.end // BLOCK + 1)}
        for block in sorted(touched):
            blocks[block].append(claim)
    return blocks


def innermost(claims: list[Claim], start: int, end: int) -> str | None:
    """Return the id of the shortest claim whose content holds the characters `start:end`."""
    holding = [
        (span.end - span.start, claim.id)
        for claim in claims
        for span in claim.content
        if span.start <= start and end <= span.end
    ]
    return min(holding)[1] if holding else None


def _status(
    doc: Document, sentence: Sentence, c: Candidate, date: str | None, extent: tuple[int, int]
) -> Status:
    if c.is_denial:
        return "denied"
    is_future = bool(date and doc.date and len(doc.date) == 10 and date > doc.date)
    status = read_status(sentence, c.trigger, date=date, has_future_date=is_future)
    text = doc.text[slice(*extent)]
    if status in {"past", "ongoing"} and is_of_earlier_era(text, date, doc.date):
        return "historical"
    return status


def nearest_date(
    sentence: Sentence, trigger: int, dates: list[DateExpression]
) -> DateExpression | None:
    """Return the date that dates the trigger: the one nearest to it in the parse tree.

    "Since", "until" and "for" bound a state and do not date an event; a date inside another clause
    (a relative clause, a second verb) belongs to that clause.
    """
    usable = [d for d in dates if d.direction == "at" and d.date]
    best: tuple[int, int] | None = None
    chosen = None
    for expression in usable:
        steps = _tree_distance(sentence, trigger, expression)
        if steps is None:
            continue
        key = (steps, abs(expression.first - trigger))
        if best is None or key < best:
            best, chosen = key, expression
    return chosen


def _tree_distance(sentence: Sentence, trigger: int, expression: DateExpression) -> int | None:
    """Return the steps from the trigger up to a word that governs the date, None if unrelated."""
    above = _ancestors(sentence, trigger)
    inside = set(range(expression.first, expression.last + 1))
    i = expression.first
    crossed = 0
    for _ in range(40):
        if i in above:
            return above.index(i) + 4 * crossed
        token = sentence.tokens[i]
        if token.lower in BOUNDS:
            return None
        if i not in inside and token.dep == "relcl":
            return None
        if i not in inside and is_verb(token) and token.dep in {"acl", "advcl", "ccomp"}:
            crossed += 1
        if token.head == i:
            return None
        i = token.head
    return None


def _ancestors(sentence: Sentence, i: int) -> list[int]:
    above = [i]
    while sentence.tokens[i].head != i and len(above) < 40:
        i = sentence.tokens[i].head
        above.append(i)
    return above


def _host(
    reader: SentenceReader, c: Candidate, actors: DocumentActors, doc: Document
) -> tuple[ActorRef | None, str | None]:
    """Return the third-party host of a meeting and the place where an event took place.

    A city may stand a few words away ("talks led by X and Y in Riyadh"), a country must hang on the
    event itself.
    """
    sentence = reader.sentence
    parties = ids_of(c.sources + c.targets)
    countries = {actors.actors[p].country or p for p in parties if p in actors.actors}
    near = {c.trigger, sentence.tokens[c.trigger].head}
    states = [m for m in reader.mentions if actors.actors[m.actor].kind == "state"]
    for mention in (*reader.places, *states):
        prep = sentence.tokens[sentence.tokens[mention.head].head]
        if mention.actor in parties or prep.lower not in {"in", "at"}:
            continue
        is_near = prep.head in near
        if not is_near and not (mention.kind == "place" and _leads_to(sentence, prep.head, near)):
            continue
        if actors.actors[mention.actor].kind != "state":
            continue
        ref = actors.ref(doc, mention)
        is_host = c.root == "CONSULT" and (ref.country or ref.actor) not in countries
        return (ref if is_host else None), doc.text[mention.start : mention.end]
    return None, None


def _leads_to(sentence: Sentence, i: int, near: set[int]) -> bool:
    """Return whether the word's governors, within its clause, reach one of `near`."""
    for _ in range(6):
        if i in near:
            return True
        token = sentence.tokens[i]
        if token.head == i or (is_verb(token) and token.dep not in {"acl", "conj"}):
            return False
        i = token.head
    return False


def _contexts(reader: SentenceReader, start: int, end: int) -> tuple[str, ...]:
    """Return the PLOVER contexts that the words of the event's stretch belong to, sorted."""
    contexts = reader.lexicon.contexts
    return tuple(
        sorted(
            {
                contexts[t.lemma if t.tag[:3] != "NNP" else t.lower]
                for t in reader.sentence.tokens
                if start <= t.start
                and t.end <= end + 60
                and (t.lemma if t.tag[:3] != "NNP" else t.lower) in contexts
            }
        )
    )

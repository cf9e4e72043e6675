"""Events: who did what to whom, when, where, and whether it happened.

The trained heads (`triggers`) say what happened between which words, `parties` who these are; the
rules add what the heads do not tell. By rules, a trigger is a verb or noun of the lexicon with at
least two actors in its clause. PLOVER modes come from the lists (codebook of February 2024), the
status from `status`, the date from `dates`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from detente.extract.actors import DocumentActors
from detente.extract.candidates import Candidate, Party, SentenceReader, distinct, ids_of
from detente.extract.clauses import children, conjuncts, is_verb
from detente.extract.dates import DateExpression
from detente.extract.dating import nearest_date
from detente.extract.language import Sentence
from detente.extract.lexicon import NounFrame, VerbFrame, codebook_root, load_lexicon
from detente.extract.nesting import BLOCK, claims_by_block, innermost
from detente.extract.parties import PartyRef, parties_of
from detente.extract.status import DENIALS, is_of_earlier_era, read_status
from detente.extract.triggers import Found, Place
from detente.schema import ActorRef, Claim, Document, Event, Span, Status, record_id

Parties = dict[tuple[str, str | None], PartyRef]
"""Parties by actor and sector."""

SURE = 0.5
"""Probability from which an act of somebody of whom nothing else is known is an event."""

VERBAL_ATTACKS = {"attack", "hit", "fire", "strike", "fight", "ambush", "assault", "clash", "raid"}


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to whom, before it is dated and placed: what rules or heads decided.

    `trigger` is a token, `extent` runs from the first to the last character of trigger and parties.
    """

    trigger: int
    root: str
    mode: str | None
    sources: tuple[ActorRef, ...]
    targets: tuple[ActorRef, ...]
    extent: tuple[int, int]
    confidence: float
    is_denial: bool = False
    is_refusal: bool = False
    """Whether the act is that its word does not happen ("will not accept" is REJECT)."""
    planned: str | None = None
    """What its word names, where the root is the codebook's for the plan of it."""
    spared: str | None = None
    """The conflict that a refusal refuses: "refused to condemn" is a condemnation, denied."""


def code_events(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    claims: list[Claim],
    found: Sequence[Found] = (),
) -> list[Event]:
    """Return the events of a document, in text order.

    Args:
        doc: the document.
        sentences: its parsed sentences.
        actors: its actor mentions, by sentence; groups that only an event names are added.
        dates: its date expressions, by sentence.
        claims: its claims; an event inside a claim's content carries the claim's id in `within`.
        found: what the trained heads found besides the rules.
    """
    events = []
    blocks = claims_by_block(claims)
    by_sentence: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        by_sentence[one.sentence].append(one)
    for sentence in sentences:
        mentions, heads = actors.by_sentence[sentence.index], by_sentence.get(sentence.index, [])
        if len(mentions) < 2 and not heads:
            continue
        reader = SentenceReader(sentence, mentions, load_lexicon())
        deeds = _told_once(list(_by_heads(doc, reader, actors, heads)))
        deeds += _untold(_by_rules(doc, reader, actors), deeds)
        events += [_event(doc, reader, deed, actors, dates, blocks) for deed in deeds]
    return list({event.id: event for event in events}.values())


def _untold(found: Iterable[Deed], told: Sequence[Deed]) -> list[Deed]:
    """Return the deeds that are not told yet: another trigger, and another act or parties."""
    triggers = {deed.trigger for deed in told}
    acts = {(deed.root, _countries(deed)) for deed in told}
    return [d for d in found if d.trigger not in triggers and (d.root, _countries(d)) not in acts]


def _told_once(deeds: Sequence[Deed]) -> list[Deed]:
    """Return the deeds without the less sure of two alike that are mutual among the same countries.

    "Talks between A and B ... marked a reset" are one meeting.
    """

    def is_told(deed: Deed) -> bool:
        return any(
            other.root == deed.root
            and other.confidence > deed.confidence
            and not (other.targets or deed.targets)
            and len(_countries(other) & _countries(deed)) > 1
            for other in deeds
        )

    return [deed for deed in deeds if not is_told(deed)]


def _countries(deed: Deed) -> frozenset[str]:
    return frozenset(ref.country or ref.actor for ref in deed.sources + deed.targets)


def _by_rules(doc: Document, reader: SentenceReader, actors: DocumentActors) -> Iterator[Deed]:
    """Yield what the verb and noun lists say that a sentence with two actors or more tells."""
    sentence = reader.sentence
    if len(actors.by_sentence[sentence.index]) < 2:
        return
    kept = (
        _as_words(c, sentence, actors)
        for c in reader.candidates()
        if c.root and not _is_observer(c, sentence, actors) and not _is_at_home(c, actors)
    )
    for c in distinct(kept):
        token, parties = sentence.tokens[c.trigger], c.sources + c.targets
        sureness = min(party.mention.confidence for party in parties)
        yield Deed(
            c.trigger,
            c.root,
            c.mode,
            tuple(_ref(doc, actors, party) for party in c.sources),
            tuple(_ref(doc, actors, party) for party in c.targets),
            (
                min([token.start, *(m.start for m in parties)]),
                max([token.end, *(m.end for m in parties)]),
            ),
            round(c.confidence * sureness, 3),
            c.is_denial,
        )


def _by_heads(
    doc: Document, reader: SentenceReader, actors: DocumentActors, found: list[Found]
) -> Iterator[Deed]:
    """Yield what the trained heads found in a sentence, its parties resolved to actors."""
    sentence = reader.sentence
    told: set[tuple[object, ...]] = set()
    for one in found:
        trigger = next(t.i for t in sentence.tokens if t.end > one.trigger[0])
        sources, targets = (
            {
                (party.actor.id, party.ref.sector): party
                for start, end in places
                for party in parties_of(doc, sentence, actors, start, end)
            }
            for places in _whole_lists(sentence, actors, one)
        )
        targets = _others(sources, targets)
        if one.root == "CONSULT" and len(sources) > 2 and not targets:
            sources = {k: p for k, p in sources.items() if not _is_ground(reader, p.ref.span)}
        key = (one.root, *sources, "→", *targets)
        is_sure = one.probability >= SURE or _is_telling(sources, targets)
        named = reader.listed(trigger)
        is_own = not _observe(sources) or (named is not None and named.root == one.root)
        if key in told or not (sources or targets) or not (is_sure and is_own):
            continue
        told.add(key)
        for party in (*sources.values(), *targets.values()):
            actors.actors.setdefault(party.actor.id, party.actor)
        if one.root == "REJECT":
            trigger = _spared(reader, trigger)
        token, places = sentence.tokens[trigger], one.sources + one.targets
        listed = reader.listed(trigger)
        is_refusal = one.root == "REJECT" and not (listed and listed.root == "REJECT")
        yield Deed(
            trigger,
            one.root,
            listed.mode if listed and listed.root == one.root else None,
            tuple(party.ref for party in sources.values()),
            tuple(party.ref for party in targets.values()),
            (
                min([token.start, *(start for start, _ in places)]),
                max([token.end, *(end for _, end in places)]),
            ),
            round(one.probability, 3),
            is_refusal=is_refusal,
            planned=listed.root if listed and is_plan(listed.root, one.root) else None,
            spared=listed.root if listed and is_refusal and _is_conflict(listed) else None,
        )


def _whole_lists(sentence: Sentence, actors: DocumentActors, one: Found) -> Iterator[list[Place]]:
    """Yield the sources and the targets, each with the states that a list names beside them.

    The heads at times mark only a part of "Malawi, Mozambique and Zimbabwe".
    """
    marked = one.sources + one.targets
    states = [
        m
        for m in actors.by_sentence[sentence.index]
        if m.kind == "name"
        and actors.actors[m.actor].kind == "state"
        and not any(m.start < end and start < m.end for start, end in marked)
    ]
    for places in (one.sources, one.targets):
        heads = {t.i for t in sentence.tokens for a, b in places if a <= t.start and t.end <= b}
        listed = [m for m in states if heads & set(_list_of(sentence, m.head))]
        yield sorted([*places, *((m.start, m.end) for m in listed)])


def _list_of(sentence: Sentence, i: int) -> list[int]:
    """Return the words of the list that a word is in."""
    while sentence.tokens[i].dep == "conj" and sentence.tokens[i].head != i:
        i = sentence.tokens[i].head
    return conjuncts(sentence, i)


def _is_conflict(listed: VerbFrame | NounFrame | None) -> bool:
    return listed is not None and load_lexicon().scores[listed.root] < 0


def _spared(reader: SentenceReader, trigger: int) -> int:
    """Return the verb of conflict that a refusal refuses ("refused to condemn"), or its trigger."""
    sentence = reader.sentence
    if sentence.tokens[trigger].lemma not in DENIALS:
        return trigger
    inner = (t.i for t in children(sentence, trigger, "xcomp"))
    return next((i for i in inner if _is_conflict(reader.listed(i))), trigger)


def _observe(sources: Parties) -> bool:
    """Return whether all sources are scholars or journalists by name, who act by their words alone.

    "Zheng criticizes Europe" is such an act, "Zheng examines the talks" is none.
    """
    actors = [party.actor for party in sources.values()]
    return bool(actors) and all(a.kind == "person" and a.sector in {"EDU", "MED"} for a in actors)


def _is_telling(sources: Parties, targets: Parties) -> bool:
    """Return whether there are parties on both sides, or one of whom more is known than a noun."""
    if sources and targets:
        return True
    parties = [*sources.values(), *targets.values()]
    return any(party.ref.country or party.actor.origin != "text" for party in parties)


def _others(sources: Parties, targets: Parties) -> Parties:
    """Return the targets that are no sources; where some are of another country, these alone.

    What stands beside a foreign target at home is mostly a part of its phrase ("a local employee of
    the Swiss embassy").
    """
    others = {key: party for key, party in targets.items() if key not in sources}
    homes = {party.ref.country for party in sources.values()} - {None}
    abroad = {key: party for key, party in others.items() if party.ref.country not in homes}
    return abroad or others


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


def _is_ground(reader: SentenceReader, span: Span | None) -> bool:
    """Return whether a party of talks is only the place where others meet ("in Riyadh")."""
    return span is not None and any(
        m.start < span.end and span.start < m.end for m in reader.places
    )


def is_plan(named: str, root: str) -> bool:
    """Return whether the codebook gives a planned event of the root `named` another one, `root`."""
    return named != root and codebook_root(named, "scheduled") == root


def _event(
    doc: Document,
    reader: SentenceReader,
    deed: Deed,
    actors: DocumentActors,
    dates: list[list[DateExpression]],
    blocks: Mapping[int, list[Claim]],
) -> Event:
    """Return the event record of a deed."""
    sentence = reader.sentence
    token = sentence.tokens[deed.trigger]
    when = nearest_date(sentence, deed.trigger, dates[sentence.index])
    date = when.date if when else None
    host, place = _host(reader, deed, actors, doc)
    ids = (*(s.actor for s in deed.sources), "→", *(t.actor for t in deed.targets))
    status = _status(doc, sentence, deed, date)
    root = deed.root
    # The status says that it is a plan; exports follow the codebook, which calls a plan AGREE.
    if deed.planned and status == "scheduled":
        root = deed.planned
    if deed.spared and status == "denied":
        root = deed.spared
    return Event(
        id=record_id("event", doc.id, token.start, root, *ids),
        document=doc.id,
        root=root,
        mode=deed.mode if root == deed.root else None,
        sources=deed.sources,
        targets=deed.targets,
        host=host,
        place=place,
        contexts=_contexts(reader, *deed.extent),
        status=status,
        score=reader.lexicon.score(root, deed.mode if root == deed.root else None),
        confidence=deed.confidence,
        date=date,
        date_end=when.date_end if when else None,
        date_precision=when.precision if when and date else None,
        date_text=doc.span(when.start, when.end) if when else None,
        span=doc.span(*deed.extent),
        trigger=doc.span(token.start, token.end),
        within=innermost(blocks.get(token.start // BLOCK, []), token.start, token.end),
    )


def _ref(doc: Document, actors: DocumentActors, party: Party) -> ActorRef:
    """Return the reference to a party; a group has its own sector."""
    ref = actors.ref(doc, party.mention)
    if party.sector is None:
        return ref
    return msgspec.structs.replace(ref, sector=party.sector, span=doc.span(party.start, party.end))


def _status(doc: Document, sentence: Sentence, deed: Deed, date: str | None) -> Status:
    if deed.is_denial:
        return "denied"
    is_future = bool(date and doc.date and len(doc.date) == 10 and date > doc.date)
    status = read_status(sentence, deed.trigger, date=date, has_future_date=is_future)
    if status == "denied" and deed.is_refusal and not deed.spared:
        status = "past"
    text = doc.text[slice(*deed.extent)]
    if status in {"past", "ongoing"} and is_of_earlier_era(text, date, doc.date):
        return "historical"
    return status


def _host(
    reader: SentenceReader, deed: Deed, actors: DocumentActors, doc: Document
) -> tuple[ActorRef | None, str | None]:
    """Return the third-party host of a meeting and the place where an event took place.

    A city may stand a few words away ("talks led by X and Y in Riyadh"), a country must hang on the
    event itself.
    """
    sentence = reader.sentence
    refs = deed.sources + deed.targets
    parties = {ref.actor for ref in refs}
    countries = {ref.country or ref.actor for ref in refs}
    near = {deed.trigger, sentence.tokens[deed.trigger].head}
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
        is_host = deed.root == "CONSULT" and (ref.country or ref.actor) not in countries
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

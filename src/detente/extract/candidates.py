"""Event candidates of a sentence: a verb or noun of the lexicon with the actors around it.

A verb's frame says where its target stands ("vote against", "impose sanctions on"); a noun's
parties own it, modify it or follow it ("US-Russia talks", "an attack on Ukraine").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from detente.extract.actors import ActorMention
from detente.extract.clauses import Clause, children, conjuncts, is_verb, read_clause
from detente.extract.language import Sentence, Token
from detente.extract.lexicon import Lexicon, NounFrame, VerbFrame

DEFAULT_TARGETS = ("obj", "dative", "inside", "against", "with", "to", "at", "on", "from", "toward",
                   "towards", "for", "over", "about")  # fmt: skip
LIGHT_VERBS = {
    "hold", "have", "conduct", "launch", "sign", "reach", "impose", "make", "give", "issue",
    "start", "begin", "resume", "join", "attend", "lead", "carry", "pay", "offer", "receive",
    "face", "wage", "open", "announce", "host", "stage", "mount", "arrange", "discuss", "propose",
    "strike", "slap", "seek", "plan", "continue", "broker", "mediate", "negotiate", "finalize",
    "conclude", "complete", "express", "provide", "expand", "enter", "schedule", "organize",
    "convene",
}  # fmt: skip
"""Verbs whose subject takes part in the event that their object names ("held talks with")."""

VERB_CONFIDENCE = 0.7
NOUN_CONFIDENCE = 0.55


@dataclass(frozen=True, slots=True)
class Party:
    """An actor who takes part in a candidate: its mention, or a group named by it.

    "Russian troops" is a party of Russia whose `sector` is MIL; without a group noun `sector` is
    null and the actor's own holds.
    """

    mention: ActorMention
    start: int
    end: int
    sector: str | None = None

    @property
    def actor(self) -> str:
        """Return the actor's id."""
        return self.mention.actor

    @property
    def head(self) -> int:
        """Return the token that stands for the mention."""
        return self.mention.head


@dataclass(slots=True)
class Candidate:
    """A trigger with its parties before it becomes an event, as mentions and token indices."""

    trigger: int
    root: str
    mode: str | None
    sources: list[Party]
    targets: list[Party] = field(default_factory=list)
    confidence: float = VERB_CONFIDENCE
    valence: float = 0.0
    is_denial: bool = False


class SentenceReader:
    """Finds the event candidates of one sentence."""

    def __init__(self, sentence: Sentence, mentions: list[ActorMention], lexicon: Lexicon) -> None:
        self.sentence = sentence
        self.lexicon = lexicon
        self.places = [m for m in mentions if m.kind == "place"]
        self.mentions = [m for m in mentions if m.kind != "place"]
        self._place_at = {m.head: m for m in self.places}
        self._by_token: dict[int, ActorMention] = {}
        for mention in self.mentions:
            for i in range(mention.first, mention.last + 1):
                self._by_token[i] = mention

    def candidates(self) -> Iterator[Candidate]:
        """Yield a candidate for each verb or noun of the lexicon that has enough parties."""
        claimed: set[int] = set()
        for token in self.sentence.tokens:
            if token.i in self._by_token:
                continue
            if is_verb(token) and token.lemma in self.lexicon.verbs:
                clause = read_clause(self.sentence, token.i)
                frame = self._frame(token, clause)
                found = self._from_verb(token, clause, frame) if frame else None
                if found:
                    claimed.update(clause.objects)
                    yield found
        for token in self.sentence.tokens:
            noun = self.lexicon.nouns.get(token.lemma) if token.tag[:1] == "N" else None
            if noun and token.i not in self._by_token and token.i not in claimed:
                found = self._from_noun(token, noun)
                if found:
                    yield found

    def listed(self, trigger: int) -> VerbFrame | NounFrame | None:
        """Return what the lists say of a word that names an event, if anything."""
        token = self.sentence.tokens[trigger]
        if is_verb(token) and token.lemma in self.lexicon.verbs:
            return self._frame(token, read_clause(self.sentence, trigger))
        return self.lexicon.nouns.get(token.lemma) if token.tag[:1] == "N" else None

    def parties(self, head: int, *, inside: bool = False) -> list[Party]:
        """Return the actors named at a noun phrase's head and its conjuncts.

        A group noun counts through its modifier ("Russian troops"); with `inside`, so does any noun
        ("China's proposal").
        """
        found: list[Party] = []
        for i in conjuncts(self.sentence, head):
            mention = self._by_token.get(i)
            token = self.sentence.tokens[i]
            if mention is not None:
                found.append(Party(mention, mention.start, mention.end))
            elif beside := [self._by_token[t.i] for t in children(self.sentence, i, "appos")
                            if t.i in self._by_token]:  # fmt: skip
                found += [Party(m, m.start, m.end) for m in beside]
            elif token.lemma in self.lexicon.groups:
                sector = self.lexicon.groups[token.lemma]
                found += [
                    Party(m, min(m.start, token.start), max(m.end, token.end), sector)
                    for m in self._modifiers(i)
                ]
            elif inside:
                found += [Party(m, m.start, m.end) for m in self._modifiers(i)]
        return unique(found)

    def _modifiers(self, noun: int) -> list[ActorMention]:
        """Return the actors that modify or own a noun, or follow it with "of"."""
        found: list[ActorMention] = []
        for child in children(
            self.sentence, noun, "poss", "amod", "compound", "nmod", "prep", "npadvmod"
        ):
            heads = [child.i]
            if child.tag == "VBN":  # "Chinese-made drones" are not Chinese forces
                continue
            if child.dep == "prep":
                if child.lower not in {"of", "from", "in"}:
                    continue
                heads = [t.i for t in children(self.sentence, child.i, "pobj")]
            for head in heads:
                for i in conjuncts(self.sentence, head):
                    mention = self._by_token.get(i)
                    if mention is not None:
                        found.append(mention)
                    elif child.dep in {"amod", "compound", "nmod", "npadvmod"}:
                        found.extend(
                            self._by_token[t.i]
                            for t in children(
                                self.sentence, i, "amod", "compound", "nmod", "npadvmod", "poss"
                            )
                            if t.i in self._by_token
                        )
        return found

    def _frame(self, token: Token, clause: Clause) -> VerbFrame | None:
        """Return the first frame of the verb that its clause satisfies."""
        return next(
            (f for f in self.lexicon.verbs[token.lemma] if self._satisfies(f, clause)), None
        )

    def _satisfies(self, frame: VerbFrame, clause: Clause) -> bool:
        kind, _, value = frame.frame.partition(":")
        allowed = set(value.split("|"))
        tokens = self.sentence.tokens
        if kind == "":
            return True
        if kind == "prep":
            return any(name in allowed for name, _ in clause.obliques)
        if kind == "particle":
            return any(particle in allowed for particle in clause.particles)
        if kind == "list":
            inner = [
                t.i
                for head in clause.objects
                for prep in children(self.sentence, head, "prep")
                for t in children(self.sentence, prep.i, "pobj")
            ]
            return any(self._is_list(i) for i in (*inner, *(h for _, h in clause.obliques)))
        if kind == "object":
            heads = [i for head in clause.objects for i in conjuncts(self.sentence, head)]
            people = "person" in allowed or "state" in allowed
            return any(
                tokens[i].lemma in allowed or (people and i in self._by_token) for i in heads
            )
        return self._embedded(clause.verb) is not None

    def _is_list(self, head: int) -> bool:
        """Return whether a noun phrase is a sanctions list ("sanctions lists", "a blacklist")."""
        words = [self.sentence.tokens[i].lemma for i in self.sentence.subtree(head)]
        return "blacklist" in words or ("list" in words and "sanction" in words)

    def _embedded(self, verb: int) -> int | None:
        """Return the infinitive that the verb governs ("agreed to withdraw"), if any."""
        return next(
            (t.i for t in children(self.sentence, verb, "xcomp", "ccomp") if t.tag == "VB"), None
        )

    def _from_verb(self, token: Token, clause: Clause, frame: VerbFrame) -> Candidate | None:
        sources = [m for head in clause.subjects for m in self.parties(head)]
        if frame.frame == "infinitive":
            return self._from_control(token, frame, sources)
        targets = [m for m in self._targets(clause, frame) if m.actor not in ids_of(sources)]
        if frame.kind == "reverse":
            sources, targets = targets, sources
        candidate = Candidate(token.i, frame.root, frame.mode, unique(sources), unique(targets))
        if frame.root == "CONSULT" and self._is_by_phone(clause):
            candidate.mode = "phone"
        if frame.kind == "reciprocal":
            return self._reciprocal(candidate)
        if frame.kind == "mutual" and not targets:
            states = {source.actor.partition(".")[0] for source in sources}
            return self._reciprocal(candidate) if len(states) > 1 else None
        return candidate if candidate.sources and candidate.targets else None

    def _is_by_phone(self, clause: Clause) -> bool:
        return any(
            self.sentence.tokens[i].lemma in {"phone", "telephone"} for _, i in clause.obliques
        )

    def _reciprocal(self, candidate: Candidate) -> Candidate | None:
        """Return the candidate with all parties as sources; two or more are needed."""
        candidate.sources = unique(candidate.sources + candidate.targets)
        candidate.targets = []
        return candidate if len(candidate.sources) > 1 else None

    def _from_control(
        self, token: Token, frame: VerbFrame, sources: list[Party]
    ) -> Candidate | None:
        """Return the event of "agreed to withdraw": the matrix verb's root, the inner target.

        "Refused to condemn" is no rejection of the other side but a condemnation that did not
        happen, so the inner root is kept and denied.
        """
        inner = self._embedded(token.i)
        if inner is None:
            return None
        clause = read_clause(self.sentence, inner)
        inner_frame = (
            self._frame(self.sentence.tokens[inner], clause)
            if self.sentence.tokens[inner].lemma in self.lexicon.verbs
            else None
        )
        places = inner_frame.targets if inner_frame else ()
        targets = [
            m
            for m in self._targets_at(clause, places or DEFAULT_TARGETS)
            if m.actor not in ids_of(sources)
        ]
        root, mode, trigger, is_denial = frame.root, frame.mode, token.i, False
        if (
            inner_frame
            and frame.root == "REJECT"
            and self.lexicon.score(inner_frame.root, None) < 0
        ):
            root, mode, trigger, is_denial = inner_frame.root, inner_frame.mode, inner, True
        candidate = Candidate(
            trigger, root, mode, unique(sources), unique(targets), is_denial=is_denial
        )
        if inner_frame and inner_frame.kind == "reciprocal" and frame.root == "AGREE":
            return self._reciprocal(candidate)
        return candidate if candidate.sources and candidate.targets else None

    def _targets(self, clause: Clause, frame: VerbFrame) -> list[Party]:
        if frame.kind == "reciprocal" and not frame.targets:
            return self._targets_at(clause, ("obj", "with", "between", "among", "and"))
        return self._targets_at(clause, frame.targets or DEFAULT_TARGETS)

    def _targets_at(self, clause: Clause, places: tuple[str, ...]) -> list[Party]:
        """Return the actors at the given places of a clause, the object before the obliques."""
        found: list[Party] = []
        for head in clause.objects:
            if "obj" in places or "dative" in places:
                found += self.parties(head)
            if not found and ("inside" in places or "obj" in places):
                found += self.parties(head, inside=True)
            found += [m for p in places for m in self._prepositional(head, p)]
        for name, head in clause.obliques:
            if name in places and head in self._place_at:
                place = self._place_at[head]
                found.append(Party(place, place.start, place.end))
            if name in places and (not found or "obj" not in places):
                found += self.parties(head) or self.parties(head, inside=True)
        return found

    def _prepositional(self, noun: int, preposition: str) -> list[Party]:
        """Return the actors after a preposition that hangs on a noun ("sanctions on Russia")."""
        if preposition in {"obj", "dative", "inside", "of"}:
            return []
        return [
            m
            for prep in children(self.sentence, noun, "prep")
            if prep.lower == preposition
            for t in children(self.sentence, prep.i, "pobj")
            for m in self.parties(t.i) or self.parties(t.i, inside=True)
        ]

    def _from_noun(self, token: Token, noun: NounFrame) -> Candidate | None:
        owners = self._owners(token.i)
        targets = [
            m
            for prep in children(self.sentence, token.i, "prep", "agent")
            if prep.lower in noun.targets
            for t in children(self.sentence, prep.i, "pobj")
            for m in self.parties(t.i)
            or (self.parties(t.i, inside=True) if noun.kind != "stative" else [])
        ]
        governor = self._light_verb(token)
        if governor is not None and len(targets) < 2:
            clause = read_clause(self.sentence, governor)
            owners = [m for h in clause.subjects for m in self.parties(h)] + owners
            targets = targets or [
                m
                for name, h in clause.obliques
                if name in noun.targets or (noun.kind == "reciprocal" and name == "with")
                for m in self.parties(h)
            ]
        targets = [m for m in targets if m.actor not in ids_of(owners)]
        candidate = Candidate(
            token.i,
            noun.root,
            noun.mode,
            unique(owners),
            unique(targets),
            confidence=NOUN_CONFIDENCE,
            valence=noun.valence,
        )
        if noun.kind in {"reciprocal", "stative"}:
            return self._reciprocal(candidate)
        return candidate if candidate.sources and candidate.targets else None

    def _owners(self, noun: int) -> list[Party]:
        """Return the actors that own, modify or carry out a noun event ("US-Russia talks")."""
        found = []
        for child in children(
            self.sentence, noun, "poss", "amod", "compound", "nmod", "npadvmod", "agent"
        ):
            heads = [child.i]
            if child.dep == "agent" or child.lower == "by":
                heads = [t.i for t in children(self.sentence, child.i, "pobj")]
            for head in heads:
                for i in self.sentence.subtree(head):
                    mention = self._by_token.get(i)
                    is_near = self.sentence.tokens[i].head in {head, i} or i == head
                    if mention is not None and (is_near or mention.head == i):
                        found.append(Party(mention, mention.start, mention.end))
        for prep in children(self.sentence, noun, "prep"):
            if prep.lower == "by":
                for t in children(self.sentence, prep.i, "pobj"):
                    found += self.parties(t.i)
        return unique(found)

    def _light_verb(self, token: Token) -> int | None:
        head = self.sentence.tokens[token.head]
        return (
            head.i if token.dep == "dobj" and is_verb(head) and head.lemma in LIGHT_VERBS else None
        )


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates without a second one of the same root and parties."""
    seen = set()
    kept = []
    for c in candidates:
        key = (c.root or c.trigger, frozenset(ids_of(c.sources)), frozenset(ids_of(c.targets)))
        if key not in seen:
            seen.add(key)
            kept.append(c)
    return sorted(kept, key=lambda c: c.trigger)


def ids_of(parties: Iterable[Party]) -> set[str]:
    """Return the ids of the parties' actors."""
    return {party.actor for party in parties}


def unique(parties: Iterable[Party]) -> list[Party]:
    """Return the first party of each actor."""
    return list({p.actor: p for p in reversed(list(parties))}.values())[::-1]

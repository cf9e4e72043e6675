"""Clauses of a parsed sentence: the subjects, objects and obliques of a verb or noun.

The labels are ClearNLP's (nsubj, dobj, pobj, agent, ...). A verb without a subject of its own takes
it from the verb that governs it (control, coordination, participles), as in "the EU made a decision
to provoke China by listing Chinese firms", where the EU lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.extract.language import Sentence, Token

SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
PREPOSITIONS = {"prep", "agent", "dative"}
OBJECT_CONTROL = {
    "allow", "ask", "urge", "force", "press", "order", "tell", "invite", "push", "encourage",
    "persuade", "convince", "compel", "want", "expect", "help", "enable", "pressure", "warn",
    "advise", "require", "let", "make", "call", "lead", "cause", "permit", "get",
}  # fmt: skip
"""Verbs whose object, not subject, does what the infinitive says ("urged Kyiv to sign")."""

SPEECH_NOUNS = {"comment", "statement", "remark", "post", "letter", "speech", "article", "message"}
"""Nouns whose participle has their owner as subject ("made comments criticizing Beijing")."""

MAX_CLIMB = 8
"""Steps up the tree in search of a subject; real sentences need at most five."""


@dataclass(slots=True)
class Clause:
    """A verb with the heads of its arguments, as token indices."""

    verb: int
    subjects: list[int]
    objects: list[int]
    obliques: list[tuple[str, int]]
    particles: list[str]
    passive: bool


def is_verb(token: Token) -> bool:
    """Return whether the token is tagged as a verb."""
    return token.tag[:1] == "V"


def children(sentence: Sentence, i: int, *deps: str) -> Iterator[Token]:
    """Yield the dependents of token `i` that bear one of the relations `deps`."""
    for j in sentence.tokens[i].children:
        if sentence.tokens[j].dep in deps:
            yield sentence.tokens[j]


def conjuncts(sentence: Sentence, i: int) -> list[int]:
    """Return token `i` and everything coordinated with it, in text order."""
    found = [i]
    for j in found:
        found.extend(child.i for child in children(sentence, j, "conj", "appos_conj"))
    return sorted(found)


def read_clause(sentence: Sentence, verb: int) -> Clause:
    """Return the clause of the verb at index `verb`.

    In a passive the agent ("by ...") is the subject and the grammatical subject an object.
    """
    tokens = sentence.tokens
    objects: list[int] = []
    obliques: list[tuple[str, int]] = []
    particles: list[str] = []
    agents: list[int] = []
    for child in (tokens[j] for j in tokens[verb].children):
        is_object = child.dep == "dobj" or (child.dep == "dative" and child.tag != "IN")
        if is_object or child.dep == "pobj":  # "including X": the parser takes it for a preposition
            objects.append(child.i)
        elif child.dep in PREPOSITIONS and child.lower != "according":
            found = list(_prepositional(sentence, child))
            if child.dep == "agent":
                agents.extend(head for _, head in found)
            else:
                obliques.extend(found)
        elif child.dep == "prt":
            particles.append(child.lower)
    passive = is_passive(sentence, verb)
    if passive:
        objects = _subjects(sentence, verb) + objects
        return Clause(verb, agents, objects, obliques, particles, passive)
    return Clause(verb, _subjects(sentence, verb), objects, obliques, particles, passive)


def is_passive(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb at index `verb` is passive (with or without an auxiliary)."""
    token = sentence.tokens[verb]
    if any(True for _ in children(sentence, verb, "nsubjpass", "auxpass", "agent")):
        return True
    if token.dep == "conj" and token.tag == "VBN":
        has_own = any(True for _ in children(sentence, verb, "aux", "nsubj", "dobj"))
        return not has_own and is_passive(sentence, token.head)
    has_object = any(True for _ in children(sentence, verb, "dobj", "aux", "nsubj"))
    return token.tag == "VBN" and token.dep in {"acl", "advcl", "amod"} and not has_object


def _prepositional(sentence: Sentence, prep: Token) -> Iterator[tuple[str, int]]:
    """Yield (preposition, object index) for a preposition, following chains ("out of")."""
    for child in (sentence.tokens[j] for j in prep.children):
        if child.dep == "pobj":
            yield prep.lower, child.i
        elif child.dep == "prep":
            yield from _prepositional(sentence, child)


def _subjects(sentence: Sentence, verb: int) -> list[int]:
    """Return the heads of the subject of the verb at index `verb`, inherited if need be."""
    i = verb
    coordinated = True  # so far only "and" lies between the verb and token i
    for _ in range(MAX_CLIMB):
        token = sentence.tokens[i]
        own = [t.i for t in children(sentence, i, *SUBJECTS)]
        if own:
            return [_antecedent(sentence, j, i) for j in own]
        if token.head == i:
            return []
        if token.dep in {"acl", "relcl"} and not is_verb(sentence.tokens[token.head]):
            told_by_noun = sentence.tokens[token.head].lemma in SPEECH_NOUNS
            if coordinated and not _is_infinitive(sentence, i) and not told_by_noun:
                return [token.head]
            return _owner(sentence, token.head) or _climb_from_noun(sentence, token.head)
        if token.dep == "xcomp" and sentence.tokens[token.head].lemma in OBJECT_CONTROL:
            objects = [t.i for t in children(sentence, token.head, "dobj", "nsubjpass")]
            if objects:
                return objects
        if not is_verb(sentence.tokens[token.head]) and token.dep != "pcomp":
            return _climb_from_noun(sentence, token.head)
        coordinated = coordinated and token.dep == "conj"
        i = token.head
        if not is_verb(sentence.tokens[i]) and sentence.tokens[i].dep in PREPOSITIONS:
            i = sentence.tokens[i].head
            if not is_verb(sentence.tokens[i]):
                return _owner(sentence, i) or _climb_from_noun(sentence, i)
    return []


def _antecedent(sentence: Sentence, subject: int, verb: int) -> int:
    """Return what a relative pronoun stands for, else the subject itself."""
    token = sentence.tokens[subject]
    is_relative = token.tag in {"WDT", "WP"} and sentence.tokens[verb].dep == "relcl"
    return sentence.tokens[verb].head if is_relative else subject


def _owner(sentence: Sentence, noun: int) -> list[int]:
    """Return the possessor of a noun ("China's plan to ..."), if it has one."""
    return [t.i for t in children(sentence, noun, "poss")]


def _climb_from_noun(sentence: Sentence, noun: int) -> list[int]:
    """Return the subject of the verb that governs a noun ("X made a decision to ...")."""
    i = noun
    for _ in range(MAX_CLIMB):
        head = sentence.tokens[i].head
        if head == i:
            return []
        if is_verb(sentence.tokens[head]):
            if sentence.tokens[i].dep in SUBJECTS:
                return []
            return _subjects(sentence, head)
        i = head
    return []


def _is_infinitive(sentence: Sentence, verb: int) -> bool:
    return any(t.lower == "to" for t in children(sentence, verb, "aux"))

"""Prospects: the clauses of a sentence that look ahead, with their words of probability.

A clause looks ahead by a word of probability ("is unlikely to"), by a modal ("could", "will") or as
what somebody expects, predicts, hopes or fears. Left out are advice ("must take part"), courtesies
("would like"), abilities, counterfactuals ("could have offered"), promises of the speaker ("we will
never ..."), open questions, and "would" without a condition or a verb of saying above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from detente.extract.clauses import SUBJECTS, children, is_verb
from detente.extract.conditions import (
    Conditional,
    condition_of,
    find_conditionals,
    is_within_condition,
    refers_back,
)
from detente.extract.language import Sentence, Token
from detente.extract.likelihood import UNQUANTIFIED, Likelihood, Term, find_terms, load_likelihood

REPORTING = {
    "say", "argue", "believe", "think", "note", "warn", "claim", "state", "suggest", "predict",
    "announce", "add", "assert", "expect", "hope", "fear", "tell", "insist", "write", "forecast",
    "estimate", "conclude", "caution", "promise", "pledge", "indicate", "mean", "reveal", "report",
    "anticipate", "maintain", "contend", "feel", "explain", "confirm", "declare", "agree",
    "concern",
}  # fmt: skip
"""Verbs (and a noun) under which "would" is the future as seen from the past."""
POLITE = {"like", "love", "prefer", "rather", "argue", "say", "note", "suggest", "add", "hate"}
"""Verbs with which "would" is a courtesy or a wish, not a forecast."""
ABLE = {"see", "hear", "feel", "tell", "say", "imagine", "believe", "afford", "help", "understand",
        "remember", "think", "stand", "care", "wait"}  # fmt: skip
"""Verbs with which "could" is an ability or an idiom ("could see", "could not help")."""
FORECASTS = {"expect", "predict", "forecast", "anticipate", "hope", "fear"}
"""Verbs whose clause is an expectation even without a modal in it."""
_SPEAKERS = {"i", "we", "you"}


@dataclass(slots=True)
class Prospect:
    """A clause that looks ahead: the head of its outcome, the words of probability, the band."""

    root: int
    phrase: list[int]
    band: str
    condition: list[int] | None = None
    inherited: bool = False


@dataclass(slots=True)
class _Scene:
    """A sentence, the table of probability words, and the conditions that the sentence states."""

    sentence: Sentence
    table: Likelihood
    conditionals: list[Conditional] = field(default_factory=list)

    @property
    def is_question(self) -> bool:
        """Return whether the sentence ends in a question mark."""
        return any(token.text == "?" for token in self.sentence.tokens[-3:])


def find_prospects(sentence: Sentence, *, has_condition_before: bool) -> list[Prospect]:
    """Return the clauses of a sentence that look ahead, one prospect each, in text order.

    Args:
        sentence: the parsed sentence.
        has_condition_before: whether a sentence just before states a condition that "in such a
            scenario" or "then" can take up.
    """
    scene = _Scene(sentence, load_likelihood())
    read = [*_by_terms(scene), *_by_modals(scene), *_by_forecasts(scene)]
    if not read:
        return []
    scene.conditionals = find_conditionals(sentence)
    by_root: dict[int, Prospect] = {}
    for prospect in read:
        if is_within_condition(scene.sentence, scene.conditionals, prospect.root):
            continue
        known = by_root.get(prospect.root)
        if known is not None:
            known.phrase = sorted({*known.phrase, *prospect.phrase})
            continue
        by_root[prospect.root] = prospect
    kept = [r for r in by_root.values() if _is_expectation(scene, r, has_condition_before)]
    return sorted(
        (r for r in kept if not _is_told_within(scene.sentence, r, kept)),
        key=lambda prospect: prospect.root,
    )


def _is_told_within(sentence: Sentence, prospect: Prospect, others: list[Prospect]) -> bool:
    """Return whether a bare modal stands inside another's outcome and adds none of its own.

    A coordinate clause with a subject of its own is an outcome of its own.
    """
    if prospect.band != UNQUANTIFIED:
        return False
    coordinate = sentence.tokens[prospect.root].dep == "conj"
    if coordinate and any(True for _ in children(sentence, prospect.root, *SUBJECTS)):
        return False
    return any(
        other is not prospect and prospect.root in sentence.subtree(other.root) for other in others
    )


def _by_terms(scene: _Scene) -> Iterator[Prospect]:
    """Yield the clauses that a word of probability qualifies."""
    for term in find_terms(scene.sentence, scene.table):
        root = _qualified(scene.sentence, term)
        if root is None:
            continue
        modals = [t.i for t in _modals(scene, root)]
        yield Prospect(root, sorted({*modals, *range(term.first, term.last + 1)}), term.band)


def _qualified(sentence: Sentence, term: Term) -> int | None:
    """Return the head of the outcome that a word of probability speaks of, or null."""
    tokens = sentence.tokens
    core = tokens[term.head]
    leads_on = tokens[term.last].lower == "to"
    if core.lemma == "rule":
        objects = [t.i for t in children(sentence, core.i, "dobj")]
        return objects[0] if objects else core.i
    if core.tag[:2] == "NN" and (clause := _clause_below(sentence, core.i)) is not None:
        return clause
    verb = core.i if is_verb(core) else _verb_above(sentence, core.i)
    if verb is None or _is_guess(sentence, core, verb):
        return None
    if not leads_on and _is_dummy(sentence, verb):
        return _clause_below(sentence, core.i) or _clause_below(sentence, verb) or verb
    return verb


def _is_guess(sentence: Sentence, core: Token, verb: int) -> bool:
    """Return whether the word guesses at what is or was ("probably killed", "likely a mistake")."""
    if any(t.tag == "MD" for t in children(sentence, verb, "aux")):
        return False
    named = any(True for _ in children(sentence, verb, "attr"))
    superlative = (
        core.lower == "likely"
        and sentence.tokens[verb].dep == "relcl"
        and any(t.lower == "most" for t in children(sentence, core.i, "advmod"))
    )
    return core.dep == "advmod" or superlative or (core.lower in {"likely", "probable"} and named)


def _verb_above(sentence: Sentence, i: int) -> int | None:
    tokens = sentence.tokens
    for _ in range(6):
        if is_verb(tokens[i]):
            return i
        if tokens[i].head == i:
            return None
        i = tokens[i].head
    return None


def _is_dummy(sentence: Sentence, verb: int) -> bool:
    """Return whether the subject of `verb` is an empty "it" or "there"."""
    subjects = list(children(sentence, verb, "nsubj", "nsubjpass", "expl"))
    return bool(subjects) and all(t.lower in {"it", "there"} for t in subjects)


def _clause_below(sentence: Sentence, i: int) -> int | None:
    """Return the verb of the clause that completes "it is not implausible that ..."."""
    for child in children(sentence, i, "ccomp", "csubj", "acl", "xcomp", "advcl", "relcl"):
        if is_verb(child) and child.i > i:
            return child.i
    return None


def _modals(scene: _Scene, verb: int) -> list[Token]:
    """Return the auxiliaries of possibility and future of a verb, its negation aside."""
    return [
        t
        for t in children(scene.sentence, verb, "aux")
        if t.tag == "MD" and t.lower in scene.table.modals
    ]


def _by_modals(scene: _Scene) -> Iterator[Prospect]:
    """Yield the clauses whose verb bears a modal of possibility or future."""
    sentence = scene.sentence
    for token in sentence.tokens:
        if token.tag != "MD" or token.lower not in scene.table.modals:
            continue
        verb = sentence.tokens[token.head]
        if not is_verb(verb) or verb.i < token.i:
            continue
        negation = [t.i for t in children(sentence, verb.i, "neg") if token.i < t.i < verb.i]
        if _is_forecast(scene, token, verb):
            yield Prospect(verb.i, [token.i, *negation], UNQUANTIFIED)


def _is_forecast(scene: _Scene, modal: Token, verb: Token) -> bool:
    """Return whether a modal looks ahead here: no courtesy, ability, counterfactual or promise."""
    sentence = scene.sentence
    helpers = {t.lower for t in children(sentence, verb.i, "aux")}
    if "have" in helpers and verb.tag == "VBN" and modal.lower not in {"will", "'ll", "’ll"}:
        return False
    if modal.lower in {"would", "'d", "’d"} and verb.lemma in POLITE:
        return False
    if modal.lower in {"could", "may", "might"} and verb.lemma in ABLE:
        return False
    return not (modal.lower == "could" and any(True for _ in children(sentence, verb.i, "neg")))


def _by_forecasts(scene: _Scene) -> Iterator[Prospect]:
    """Yield what somebody expects, predicts, hopes or fears in a clause of its own."""
    sentence = scene.sentence
    for token in sentence.tokens:
        if token.lemma not in FORECASTS or not is_verb(token) or token.tag == "VBN":
            continue
        if any(t.lower in _SPEAKERS for t in children(sentence, token.i, *SUBJECTS)):
            continue
        for child in children(sentence, token.i, "ccomp"):
            if is_verb(child) and child.i > token.i and not _is_past(sentence, child):
                yield Prospect(child.i, [token.i], UNQUANTIFIED)


def _is_past(sentence: Sentence, verb: Token) -> bool:
    helpers = {t.lower for t in children(sentence, verb.i, "aux", "auxpass")}
    return verb.tag == "VBD" or bool(helpers & {"had", "was", "were", "did", "have", "has"})


def _is_expectation(scene: _Scene, prospect: Prospect, has_condition_before: bool) -> bool:
    """Find the prospect's condition, and return whether it is an expectation at all."""
    sentence = scene.sentence
    prospect.condition = condition_of(sentence, scene.conditionals, prospect.root)
    prospect.inherited = (
        has_condition_before and not prospect.condition and refers_back(sentence, prospect.root)
    )
    subjects = {t.lower for t in children(sentence, prospect.root, *SUBJECTS)}
    if prospect.band == UNQUANTIFIED and subjects & _SPEAKERS:
        return False
    if prospect.condition or prospect.inherited:
        return True
    if scene.is_question or _is_embedded_question(sentence, prospect.root):
        return False
    words = {sentence.tokens[i].lower for i in prospect.phrase}
    if prospect.band == UNQUANTIFIED and words <= {"would", "'d", "’d", "not", "n't", "n’t"}:
        return _is_reported(sentence, prospect.root)
    return True


def _is_embedded_question(sentence: Sentence, verb: int) -> bool:
    """Return whether the clause is what somebody asks ("how much will be given")."""
    if sentence.tokens[verb].dep not in {"ccomp", "pcomp", "csubj", "csubjpass"}:
        return False
    first = sentence.tokens[min(sentence.subtree(verb))]
    return first.tag.startswith("W") or first.lower in {"whether", "if"}


def _is_reported(sentence: Sentence, verb: int) -> bool:
    """Return whether a verb of saying governs the clause of `verb`, directly or by coordination."""
    token = sentence.tokens[verb]
    for _ in range(3):
        head = sentence.tokens[token.head]
        if token.dep in {"ccomp", "acl"} and head.lemma in REPORTING and head.i != token.i:
            return True
        if token.dep not in {"conj", "xcomp"}:
            return False
        token = head
    return False

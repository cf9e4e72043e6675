"""The status of an event: past, ongoing, scheduled, hypothetical, denied or historical.

Follows PLOVER's auxiliary modes (future, hypothetical, negation, historical), read from negation,
modals, tense, the verb that governs the event, conditions and the event's date.
"""

from __future__ import annotations

import re

from detente.extract.clauses import children, is_verb
from detente.extract.language import Sentence
from detente.schema import Status

NEGATIONS = {"not", "n't", "n’t", "never", "no", "neither", "nor", "without"}
HYPOTHETICAL_MODALS = {"could", "would", "may", "might", "should", "must", "can", "ought"}
FUTURE_MODALS = {"will", "shall", "'ll", "’ll"}
WISHES = {
    "want", "seek", "hope", "aim", "try", "attempt", "wish", "consider", "need", "call", "urge",
    "propose", "suggest", "ask", "demand", "intend", "threaten", "offer", "advocate", "recommend",
    "like", "prepare", "decide", "discuss", "explore", "favor", "favour", "push", "press", "invite",
    "encourage", "allow", "able", "likely", "unlikely", "possible", "promise", "pledge", "vow",
    "agree", "willing", "ready", "reluctant", "opportunity", "risk", "prospect", "possibility",
    "idea", "proposal", "threat", "fear", "fail", "pressure", "persuade", "force", "order",
}  # fmt: skip
"""Governors under which an infinitive or noun did not (yet) happen."""
NEGATORS = ("det", "preconj", "cc")
"""Relations of "no" and "neither" to a subject ("no Russian troops attacked")."""
PLANS = {"plan", "expect", "schedule", "set", "due", "slate", "arrange", "go", "announce"}
DENIALS = {"refuse", "decline", "deny", "avoid", "reject", "stop", "cancel", "prevent", "rule"}
ANNOUNCEMENTS = {"announce", "say", "confirm", "declare", "reveal", "tell", "report"}
ODDS = {
    "possible", "impossible", "likely", "unlikely", "probable", "improbable", "plausible",
    "implausible", "conceivable", "inconceivable", "chance", "risk", "possibility", "prospect",
    "likelihood", "probability", "odds", "danger",
}  # fmt: skip
"""Words whose clause is weighed, not told ("it is possible that Russia attacks")."""
CONDITIONS = {"if", "unless", "should", "whether", "provided", "lest"}
HYPOTHETICAL_MODIFIERS = {
    "possible", "potential", "hypothetical", "would-be", "prospective", "proposed", "future",
    "eventual", "imagined", "any",
}  # fmt: skip
HOLD_VERBS = {"hold", "take", "begin", "start", "open", "resume", "occur", "happen", "continue"}
IMPLICATIVES = {
    "begin",
    "start",
    "move",
    "come",
    "manage",
    "help",
    "act",
    "choose",
    "dare",
    "proceed",
}
DECISIONS = {"decision", "move", "step", "choice"}
CONTINUING = {"continue", "keep", "go", "remain"}
ERA = re.compile(
    r"(?<![Pp]ost-)(?<![Rr]everse )\b(?:Cold War|Soviet|USSR|World War|First World War|"
    r"Second World War|Nixon|Kissinger|Mao|Stalin|Khrushchev|Brezhnev|Gorbachev|Reagan|"
    r"19[0-8]\ds?|nineteen-?\w+ties)\b"
)
ERA_YEARS = 15
"""An event this many years older than its text belongs to an earlier era, and is historical."""


def read_status(
    sentence: Sentence, trigger: int, *, date: str | None, has_future_date: bool
) -> Status:
    """Return the status of the event whose trigger is the token `trigger`.

    Args:
        sentence: the parsed sentence.
        trigger: index of the verb or noun that names the event.
        date: the event's ISO date, where known.
        has_future_date: whether that date lies after the document's own date.
    """
    verb = trigger if is_verb(sentence.tokens[trigger]) else _governing_verb(sentence, trigger)
    if _is_denied(sentence, trigger, verb):
        return "denied"
    if _is_hypothetical_noun(sentence, trigger):
        return "hypothetical"
    if verb is not None and (_in_condition(sentence, verb) or _is_weighed(sentence, verb)):
        return "hypothetical"
    is_noun = not is_verb(sentence.tokens[trigger])
    if is_noun and verb is not None and sentence.tokens[verb].lemma in PLANS | WISHES:
        return "hypothetical"
    tense = _tense(sentence, verb, has_future_date=has_future_date)
    if verb is None and _is_under_hypothesis(sentence, trigger):
        return "hypothetical"
    if tense == "past" and has_future_date:
        return "scheduled"
    return tense


def is_of_earlier_era(text: str, date: str | None, document_date: str | None) -> bool:
    """Return whether an event is of an earlier era than its document, by its date or words.

    Args:
        text: the words of the event's sentence.
        date: the event's ISO date, where known.
        document_date: the document's ISO date, where known.
    """
    if date and date[:4].isdigit():
        if document_date and document_date[:4].isdigit():
            return int(document_date[:4]) - int(date[:4]) >= ERA_YEARS
        return False
    return ERA.search(text) is not None


def _governing_verb(sentence: Sentence, noun: int) -> int | None:
    """Return the verb under which a noun event stands, where it tells whether that happened."""
    token = sentence.tokens[noun]
    head = sentence.tokens[token.head]
    if token.dep in {"pobj", "conj", "compound", "nmod"} and not is_verb(head):
        outer = sentence.tokens[head.head]
        is_known = any(t.lower == "the" for t in children(sentence, noun, "det"))
        if outer.lemma == "invite" and is_known:  # "not invited to the talks": they take place
            return None
        return outer.i if is_verb(outer) and outer.lemma in WISHES | DENIALS | PLANS else None
    if token.dep in {"nsubj", "nsubjpass"}:
        return head.i if head.lemma in HOLD_VERBS | PLANS else None
    return head.i if is_verb(head) else None


def _is_denied(sentence: Sentence, trigger: int, verb: int | None) -> bool:
    for subject in children(sentence, trigger if verb is None else verb, "nsubj", "nsubjpass"):
        if any(t.lower in {"no", "neither"} for t in children(sentence, subject.i, *NEGATORS)):
            return True
    for i in {trigger, verb if verb is not None else trigger}:
        for child in (sentence.tokens[j] for j in sentence.tokens[i].children):
            if child.dep == "neg" or (child.lower in NEGATIONS and child.i < i):
                return True
        if sentence.tokens[i].dep == "pcomp":
            prep = sentence.tokens[sentence.tokens[i].head]
            if prep.lower == "without":
                return True
    token = sentence.tokens[trigger if verb is None else verb]
    head = sentence.tokens[token.head]
    if token.dep == "ccomp" and head.lemma == "deny":
        return True
    head = sentence.tokens[sentence.tokens[trigger].head]
    return sentence.tokens[trigger].dep in {"xcomp", "dobj"} and head.lemma in DENIALS


def _is_under_hypothesis(sentence: Sentence, noun: int) -> bool:
    """Return whether a noun event is the object of a verb that is itself only imagined."""
    i = noun
    for _ in range(6):
        token = sentence.tokens[i]
        if token.dep in {"nsubj", "nsubjpass"} or token.head == i:
            return False
        i = token.head
        if is_verb(sentence.tokens[i]):
            return _tense(sentence, i, has_future_date=False) in {"hypothetical", "scheduled"}
    return False


def _is_hypothetical_noun(sentence: Sentence, trigger: int) -> bool:
    return any(
        t.lower in HYPOTHETICAL_MODIFIERS for t in children(sentence, trigger, "amod", "det")
    )


def _is_weighed(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb's clause depends on a word of likelihood."""
    token = sentence.tokens[verb]
    if token.dep not in {"ccomp", "acl", "csubj", "xcomp", "relcl"}:
        return False
    head = sentence.tokens[token.head]
    beside = [head, *children(sentence, head.i, "acomp", "attr")]
    return any(word.lemma in ODDS for word in beside)


def _in_condition(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb, or a verb above it, is the condition of a conditional."""
    i = verb
    for _ in range(6):
        if any(t.lower in CONDITIONS for t in children(sentence, i, "mark")):
            return True
        head = sentence.tokens[i].head
        if head == i:
            return False
        i = head
    return False


def _tense(sentence: Sentence, verb: int | None, *, has_future_date: bool) -> Status:
    """Return the status that the verb's auxiliaries and governor give."""
    if verb is None:
        return "past"
    tokens = sentence.tokens
    auxiliaries = {t.lower for t in children(sentence, verb, "aux", "auxpass")}
    token = tokens[verb]
    head = tokens[token.head]
    if auxiliaries & FUTURE_MODALS:
        return "scheduled"
    if "would" in auxiliaries and head.lemma in ANNOUNCEMENTS and token.dep == "ccomp":
        return "scheduled" if has_future_date or _has_date(sentence, verb) else "hypothetical"
    if auxiliaries & HYPOTHETICAL_MODALS:
        return "hypothetical"
    if "to" in auxiliaries or (token.tag == "VB" and token.dep in {"xcomp", "ccomp", "acl"}):
        return _infinitive(sentence, verb, has_future_date=has_future_date)
    if token.dep in {"xcomp", "pcomp"} and token.tag == "VBG" and head.lemma in WISHES:
        return "hypothetical"
    if token.dep == "conj" and is_verb(head) and not auxiliaries and token.tag in {"VB", "VBN"}:
        return _tense(sentence, head.i, has_future_date=has_future_date)
    if auxiliaries & {"have", "has", "had", "'ve", "’ve", "'s", "’s"} and token.tag == "VBN":
        return "past"
    if token.tag == "VBG" and auxiliaries & {"is", "are", "am", "'re", "’re", "been"}:
        return "ongoing"
    if token.tag in {"VBZ", "VBP"}:
        return "ongoing"
    return "past"


def _infinitive(sentence: Sentence, verb: int, *, has_future_date: bool) -> Status:
    """Return the status of an infinitive by the word that governs it."""
    head = sentence.tokens[sentence.tokens[verb].head]
    if head.lemma in CONTINUING:
        return "ongoing"
    if head.lemma in DECISIONS and is_verb(sentence.tokens[head.head]):
        return _tense(sentence, head.head, has_future_date=has_future_date)
    if head.lemma in PLANS or sentence.tokens[verb].dep == "ROOT":
        return "scheduled"
    if head.lemma in WISHES or sentence.tokens[verb].dep in {"advcl", "acl", "relcl", "xcomp"}:
        if head.lemma in IMPLICATIVES:
            return _tense(sentence, head.i, has_future_date=has_future_date)
        return "hypothetical"
    return "hypothetical"


def _has_date(sentence: Sentence, verb: int) -> bool:
    """Return whether a day or month is named below the verb."""
    below = (sentence.tokens[i] for i in sentence.subtree(verb))
    return any(t.tag == "CD" for t in below)

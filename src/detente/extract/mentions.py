"""Mentions: the words of a sentence that stand for an actor, and how to find listed names there."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from detente.extract.gazetteer import NOBODY, Gazetteer, Name, normalise
from detente.extract.language import Sentence, Token

MentionKind = Literal[
    "name", "acronym", "demonym", "metonym", "place", "title", "pronoun", "nominal"
]
LOCATIVES = {"in", "at", "near", "outside", "around", "inside", "across", "throughout"}
MOTION = {
    "go", "come", "travel", "fly", "return", "welcome", "accompany", "arrive", "head", "move",
    "send", "invite", "bring", "trip", "flight", "journey", "visit", "rush", "back",
}  # fmt: skip
"""Words after which "to Moscow" is a way and no address."""
DATES = {*month_name, *day_name}
"""Capitalised words before a name that are no part of it ("In February Beijing offered")."""
CONFIDENCE: dict[str, float] = {
    "name": 0.95, "acronym": 0.95, "demonym": 0.85, "metonym": 0.8, "place": 0.7, "title": 0.75,
    "pronoun": 0.65, "nominal": 0.7,
}  # fmt: skip


@dataclass(slots=True)
class ActorMention:
    """An actor at the tokens `first` to `last` (inclusive) of a sentence.

    `head` is the token that stands for the mention in the parse; `start` and `end` are offsets in
    the document. A `place` is a city or building named as a location, which acts for nobody.
    """

    sentence: int
    first: int
    last: int
    head: int
    actor: str
    kind: MentionKind
    start: int
    end: int
    confidence: float


def make_mention(
    sentence: Sentence, first: int, last: int, actor: str, kind: MentionKind
) -> ActorMention:
    """Return the mention of an actor at the tokens `first` to `last` of a sentence."""
    return ActorMention(
        sentence=sentence.index,
        first=first,
        last=last,
        head=head_of(sentence, first, last),
        actor=actor,
        kind=kind,
        start=sentence.tokens[first].start,
        end=sentence.tokens[last].end,
        confidence=CONFIDENCE[kind],
    )


def head_of(sentence: Sentence, first: int, last: int) -> int:
    """Return the token among `first` to `last` whose governor lies outside them."""
    for i in range(last, first - 1, -1):
        head = sentence.tokens[i].head
        if head == i or not first <= head <= last:
            return i
    return last


def match_names(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[ActorMention]:
    """Yield the listed names of a sentence, the longest at each place, in text order."""
    tokens = sentence.tokens
    words = [normalise(t.text) for t in tokens]
    i = 0
    while i < len(tokens):
        name = _longest(words, tokens, i, gazetteer)
        if name is None or not _is_meant(sentence, i, name, gazetteer):
            i += 1
            continue
        last = i + len(name.tokens) - 1
        if name.actor == NOBODY:
            i = last + 1
            continue
        kind: MentionKind = name.kind
        if kind == "metonym" and _is_location(sentence, i, last):
            kind = "place"
        yield make_mention(sentence, i, last, name.actor, kind)
        i = last + 1


def _longest(words: list[str], tokens: list[Token], i: int, gazetteer: Gazetteer) -> Name | None:
    """Return the longest listed name that starts at token `i`."""
    for name in gazetteer.names.get(words[i], ()):
        size = len(name.tokens)
        if tuple(words[i : i + size]) == name.tokens and _has_case(name, tokens, i):
            return name
    return None


def _has_case(name: Name, tokens: list[Token], i: int) -> bool:
    """Return whether capitals stand where the name needs them ("US" is not "us")."""
    for offset, written in enumerate(name.written):
        text = tokens[i + offset].text
        if name.exact and text.replace("’", "'") != written and written.isalpha():
            return False
        if written[0].isupper() and not text[0].isupper():
            return False
    return True


def _is_meant(sentence: Sentence, i: int, name: Name, gazetteer: Gazetteer) -> bool:
    """Return whether a name is used for its actor here, not as part of another name."""
    last = i + len(name.tokens) - 1
    tokens = sentence.tokens
    before = tokens[i - 1] if i else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if len(name.tokens) == 1:
        in_person_name = (
            before is not None
            and before.tag in {"NNP", "NNPS"}
            and before.text[:1].isupper()
            and before.head in {i, tokens[i].head}
            and normalise(before.text) not in gazetteer.names
            and before.lemma not in gazetteer.roles
            and name.kind in {"metonym", "name"}
            and before.text.isalpha()
            and before.text not in DATES
            and before.dep == "compound"
        )
        if in_person_name or (before is not None and before.text in {"de", "da", "di", "van"}):
            return False
        if name.kind == "metonym" and after is not None and after.text in {"D.C.", "State", "Post"}:
            return False
    elif before is not None and before.tag == "NNP" and before.dep == "compound":
        is_title = before.lower in gazetteer.roles
        is_person = name.actor in gazetteer.persons
        is_longer = i <= before.head <= last and before.text.isalpha() and not is_title
        if is_longer and not is_person and normalise(before.text) not in gazetteer.names:
            return False
    if name.tokens[0] == "the" and after is not None and after.tag == "NNP":
        return False
    if name.kind == "metonym" and tokens[last].dep == "nsubj" and len(name.tokens) == 1:
        return True
    return not name.guarded or _has_foreign_context(sentence, i, last, gazetteer)


def _has_foreign_context(sentence: Sentence, first: int, last: int, gazetteer: Gazetteer) -> bool:
    """Return whether the sentence names another state, so that an ambiguous name is one too."""
    tokens = sentence.tokens
    beside = [tokens[j] for j in (first - 1, last + 1) if 0 <= j < len(tokens)]
    if any(t.tag == "NNP" and t.text[:1].isupper() and t.text.isalpha() for t in beside):
        return False
    for j, token in enumerate(tokens):
        if first <= j <= last or not token.text[:1].isupper():
            continue
        for name in gazetteer.names.get(normalise(token.text), ()):
            if name.actor == NOBODY:
                continue
            actor = gazetteer.actors[name.actor]
            is_state = actor.kind in {"state", "alliance"} and actor.id != "USA"
            if len(name.tokens) == 1 and is_state and not name.guarded:
                return True
    return False


def _is_location(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a capital or seat of government is named as a mere place."""
    tokens = sentence.tokens
    after = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if after in {"'s", "’s", "'", "’"}:
        return False
    start = first
    if start and tokens[start - 1].lower == "the":
        start -= 1
    if start and tokens[start - 1].lower in LOCATIVES:
        return True
    if start and tokens[start - 1].lower in {"to", "from"}:
        prep = tokens[start - 1]
        return tokens[prep.head].lemma in MOTION
    governor = tokens[tokens[head_of(sentence, first, last)].head]
    return after == "," and governor.lower in LOCATIVES

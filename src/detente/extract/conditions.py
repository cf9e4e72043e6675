"""Conditions: on what the outcome of a sentence depends, as token indices.

Read are if, unless, provided, as long as, the inversions "should X ...", "were X to ...", the
prepositions without, absent, depending on, in the event of, and the reference back in "in such a
scenario" and "then". The parse is trusted where the condition's clause does not swallow the
outcome; where it does, punctuation and the outcome's subject bound the condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.extract.clauses import SUBJECTS, children, is_verb
from detente.extract.language import Sentence

MARKS = {"if", "unless", "provided", "providing", "lest", "assuming"}
PHRASES = (
    ("as", "long", "as"),
    ("so", "long", "as"),
    ("in", "the", "event"),
    ("in", "case"),
    ("in", "the", "absence", "of"),
    ("on", "condition", "that"),
    ("depending", "on"),
    ("without",),
    ("absent",),
)
BACK_REFERENCES = tuple(
    (prep, *det, noun)
    for prep in ("in", "under")
    for det in (("such", "a"), ("this",), ("that",), ("such",))
    for noun in ("scenario", "case", "event", "situation", "circumstances")
)
ASKING = {"ask", "wonder", "know", "see", "determine", "question", "decide", "unclear", "tell"}
"""Governors under which "if" means "whether"."""
_BOUNDS = {",", ";", ".", "?", "!", ":", "–", "—", "”", '"', "''", "”."}


@dataclass(slots=True)
class Conditional:
    """A condition that begins at token `mark`; `verb` is its own verb where it has one."""

    mark: int
    verb: int | None


def find_conditionals(sentence: Sentence) -> list[Conditional]:
    """Return the conditions that a sentence states, in text order."""
    return sorted(
        [*_marked(sentence), *_inverted(sentence), *_phrased(sentence)],
        key=lambda conditional: conditional.mark,
    )


def refers_back(sentence: Sentence, verb: int) -> bool:
    """Return whether the clause of `verb` rests on the condition told before.

    That is "in such a scenario ..." at the head of the sentence, or "would then ...".
    """
    tokens = sentence.tokens
    words = [token.lower for token in tokens[: verb + 1]]
    for phrase in BACK_REFERENCES:
        for i in range(min(3, len(words))):
            if tuple(words[i : i + len(phrase)]) == phrase:
                return True
    return any(t.lower == "then" for t in children(sentence, verb, "advmod"))


def condition_of(
    sentence: Sentence, conditionals: list[Conditional], verb: int
) -> list[int] | None:
    """Return the tokens of the conditions that govern the clause of `verb`, or null."""
    found: set[int] = set()
    for conditional in conditionals:
        if _governs(sentence, conditional, verb):
            found |= set(_extent(sentence, conditional, verb))
    return sorted(found) or None


def is_within_condition(sentence: Sentence, conditionals: list[Conditional], verb: int) -> bool:
    """Return whether `verb` is part of a condition itself."""
    for conditional in conditionals:
        if conditional.verb is None:
            continue
        if verb == conditional.verb:
            return True
        if verb > conditional.mark and conditional.verb in _ancestors(sentence, verb):
            return not _comes_after(sentence, conditional, verb)
    return False


def _marked(sentence: Sentence) -> Iterator[Conditional]:
    tokens = sentence.tokens
    for token in tokens:
        if token.lower not in MARKS:
            continue
        before = tokens[token.i - 1].lower if token.i else ""
        after = tokens[token.i + 1].lower if token.i + 1 < len(tokens) else ""
        if before in {"as", "what", "see"} or after in {
            "not",
            "any",
            "ever",
            "only",
            "so",
            "possible",
        }:
            continue
        if token.dep != "mark" and is_verb(token):
            if after == "that" and token.dep in {"advcl", "prep"}:
                yield Conditional(token.i, token.i)  # "provided that ..." parsed as a participle
            continue
        verb = tokens[token.head] if token.head != token.i else None
        if verb is None or not is_verb(verb):
            yield Conditional(token.i, None)
        elif not (verb.dep == "ccomp" and tokens[verb.head].lemma in ASKING):
            yield Conditional(token.i, verb.i)


def _inverted(sentence: Sentence) -> Iterator[Conditional]:
    """Yield "should X ...", "were X to ...", "had X ..." at the head of a clause of a statement."""
    tokens = sentence.tokens
    if tokens[-1].text.startswith("?") or any(t.text == "?" for t in tokens[-2:]):
        return
    for token in tokens:
        if token.lower not in {"should", "were", "had"} or token.i + 1 >= len(tokens):
            continue
        opens = token.i == 0 or tokens[token.i - 1].text in {
            ",",
            "“",
            '"',
            "‘",
            "—",
            "–",
            "``",
            ";",
        }
        if not opens or tokens[token.i + 1].tag not in _NOMINAL:
            continue
        verb = token.i if token.lower == "were" and is_verb(token) else token.head
        if token.lower == "were" and not any(
            t.lower == "to" for t in tokens[token.i : token.i + 9]
        ):
            continue
        yield Conditional(token.i, verb if is_verb(tokens[verb]) else None)


_NOMINAL = {"NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "DT", "JJ", "EX", "CD"}


def _phrased(sentence: Sentence) -> Iterator[Conditional]:
    words = [token.lower for token in sentence.tokens]
    for i in range(len(words)):
        if any(tuple(words[i : i + len(phrase)]) == phrase for phrase in PHRASES):
            verbs = [t for t in children(sentence, i, "pcomp") if is_verb(t)]
            if words[i] == "without" and verbs:
                continue  # a manner: "without consulting Kyiv"
            yield Conditional(i, verbs[0].i if verbs else None)


def _ancestors(sentence: Sentence, i: int) -> list[int]:
    """Return token `i` and the tokens above it, nearest first."""
    found = [i]
    while sentence.tokens[found[-1]].head not in found:
        found.append(sentence.tokens[found[-1]].head)
    return found


def _governs(sentence: Sentence, conditional: Conditional, verb: int) -> bool:
    """Return whether the condition bears on the clause of `verb`."""
    top = conditional.mark if conditional.verb is None else conditional.verb
    above = _ancestors(sentence, verb)
    if conditional.verb is not None and conditional.verb in above:
        return _comes_after(sentence, conditional, verb)
    governor = sentence.tokens[top].head
    return governor in above or verb in _ancestors(sentence, top)


def _comes_after(sentence: Sentence, conditional: Conditional, verb: int) -> bool:
    """Return whether a comma parts the condition from the clause of `verb` behind it.

    So it is with "Should X ..., Y could ...", where the parser hangs the outcome on the condition.
    """
    start = clause_start(sentence, verb)
    if start <= conditional.mark or conditional.verb == verb:
        return False
    own = conditional.verb
    return any(
        token.text == "," and (own is None or token.i > own)
        for token in sentence.tokens[conditional.mark : start]
    )


def clause_start(sentence: Sentence, verb: int) -> int:
    """Return the first token of the clause of `verb` proper: its subject, auxiliary or itself."""
    start = verb
    for child in children(sentence, verb, *SUBJECTS, "aux", "auxpass", "expl"):
        start = min(start, min(sentence.subtree(child.i)) if child.dep in SUBJECTS else child.i)
    return start


def _extent(sentence: Sentence, conditional: Conditional, verb: int) -> list[int]:
    """Return the tokens of the condition, punctuation at its ends left out."""
    tokens = sentence.tokens
    mark = conditional.mark
    start = clause_start(sentence, verb)
    top = mark if conditional.verb is None else conditional.verb
    below = [i for i in sentence.subtree(top) if i >= mark]
    if verb in below or mark not in below or len(below) < 2:
        stop = start if start > mark else _next_bound(sentence, mark)
        below = list(range(mark, stop))
    elif mark < start:
        below = [i for i in below if i < start]
    if mark and tokens[mark - 1].lower in {"even", "only"}:
        below = [mark - 1, *below]
    while below and (tokens[below[-1]].text in _BOUNDS or tokens[below[-1]].dep == "punct"):
        if tokens[below[-1]].text in {"]", ")"}:
            break
        below.pop()
    return below


def _next_bound(sentence: Sentence, mark: int) -> int:
    """Return the index of the first comma or stop after `mark`, or the sentence's length."""
    for token in sentence.tokens[mark + 1 :]:
        if token.text in _BOUNDS:
            return token.i
    return len(sentence.tokens)

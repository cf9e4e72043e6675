"""Dating: which of a sentence's dates an event or a claim in it has."""

from __future__ import annotations

from detente.extract.clauses import is_verb
from detente.extract.dates import DateExpression
from detente.extract.language import Sentence

BOUNDS = {"since", "until", "till", "after", "before", "following"}
"""Prepositions whose date dates something else: an event after it, or a state from then on."""


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

"""What a figure measures: the counted noun, its complement, or the subject of its clause."""

from __future__ import annotations

from detente.extract.clauses import children, is_verb, read_clause
from detente.extract.language import Sentence

LEVEL_VERBS = {
    "be", "reach", "total", "grow", "rise", "fall", "increase", "decrease", "drop", "climb", "hit",
    "exceed", "amount", "stand", "surge", "shrink", "cost", "jump", "decline", "account", "start",
    "average", "plunge", "soar", "double", "top", "surpass", "expand", "contract", "slip", "gain",
    "lose", "stay", "remain", "come", "go", "last", "range", "represent", "constitute", "equal",
    "support", "oppose", "approve", "slide", "widen", "narrow", "value", "estimate", "worth",
}  # fmt: skip
"""Verbs whose subject is what the figure measures ("trade reached $240 billion")."""
LONGEST = 14
"""Tokens that a phrase may have before it is cut at its first clause or comma."""
_CUTS = {"relcl", "acl", "advcl", "punct", "appos", "cc", "conj", "parataxis"}
_CLOCK = {"a.m.", "p.m.", "am", "pm", "gmt", "o'clock", "o’clock"}
_COMPLEMENTS = {"of", "in", "on", "for"}
_LINKS = {"IN", "CC", "DT", "POS", ",", "TO", ":", "SYM"}
_PARTS = {"det", "punct", "poss", "predet", "cc", "preconj", "advmod", "case"}


def counted_noun(sentence: Sentence, first: int, last: int) -> int | None:
    """Return the index of the noun that the figure in tokens `first` to `last` counts, or null."""
    tokens = sentence.tokens
    if last + 1 < len(tokens) and (
        tokens[last + 1].tag in {"IN", "TO", ",", ".", ":", "CC"}
        or tokens[last + 1].lower in _CLOCK
    ):
        return None
    for i in range(last, first - 1, -1):
        head = tokens[i].head
        if head > last and tokens[i].dep in {
            "nummod",
            "amod",
            "compound",
            "nmod",
            "quantmod",
            "det",
        }:
            return _noun(sentence, head, last)
    return None


def plural_object(sentence: Sentence, last: int) -> int | None:
    """Return the noun after "thousands of", whose last token ("of") is at index `last`."""
    found = next(children(sentence, last, "pobj"), None)
    return _noun(sentence, found.i, last) if found is not None and found.i > last else None


def _noun(sentence: Sentence, i: int, last: int) -> int | None:
    """Return the head of the noun phrase at `i`: from a modifier up to its noun."""
    tokens = sentence.tokens
    for _ in range(4):
        token = tokens[i]
        if token.tag in {"NN", "NNS"} and token.dep not in {"compound", "nmod"}:
            return i
        if token.tag in {"NN", "NNS", "JJ", "NNP", "CD"} and token.head > i:
            i = token.head
            continue
        return i if token.tag in {"NN", "NNS", "NNPS"} and i > last else None
    return None


def noun_phrase(sentence: Sentence, noun: int, after: int = -1) -> tuple[int, int]:
    """Return the first and last token of the phrase of `noun`, without what precedes `after`.

    Determiners are left out; complements ("of ...", "between ... and ...") are kept, clauses and
    appositions cut.
    """
    tokens = sentence.tokens
    inside = set(_kept(sentence, noun))
    first = last = noun
    while first - 1 in inside and first - 1 > after:
        first -= 1
    while first < noun and (tokens[first].dep in _PARTS - {"poss"} and tokens[first].head == noun):
        first += 1
    while last + 1 in inside and last - first < LONGEST:
        last += 1
    while last > noun and tokens[last].tag in _LINKS:
        last -= 1
    return first, last


def _kept(sentence: Sentence, noun: int) -> list[int]:
    """Return the tokens under `noun`, clauses and appositions cut; coordination below it stays."""
    found = [noun]
    for i in found:
        for child in (sentence.tokens[j] for j in sentence.tokens[i].children):
            if i == noun and child.dep in _CUTS and not (child.dep == "punct" and child.i < noun):
                continue
            if child.dep in {"relcl", "acl", "advcl"}:
                continue
            found.append(child.i)
    return found


def measured_by(
    sentence: Sentence, first: int, last: int, dated: frozenset[int]
) -> tuple[int, int] | None:
    """Return the tokens that say what the amount in tokens `first` to `last` measures, or null.

    Tried in turn: the noun that the amount modifies ("a $60 billion package"), its complement
    ("$3 billion in aid", "12% of voters"), the noun that it specifies ("a rise of 12%"), the
    subject of a verb of level ("trade grew from $140 billion"), the purpose ("spent $3 billion on
    drones"). `dated` holds the tokens of date expressions, which are no complement.
    """
    tokens = sentence.tokens
    noun = counted_noun(sentence, first, last)
    if noun is not None and tokens[noun].lower != "worth":
        return noun_phrase(sentence, noun, last)
    head = _head(sentence, first, last)
    complement = _complement(sentence, noun or last, dated)
    if complement is not None:
        return noun_phrase(sentence, complement)
    if tokens[tokens[head].head].tag[:2] == "JJ":
        return None
    specified = _specified(sentence, head)
    if specified is not None:
        return _before(sentence, noun_phrase(sentence, specified), first)
    verb = governing_verb(sentence, head)
    if verb is None:
        return None
    subject = _level_subject(sentence, verb, first, last)
    if subject is not None:
        return _before(sentence, noun_phrase(sentence, subject), first)
    purpose = _object_of(sentence, verb, {"on", "for"}, dated)
    return noun_phrase(sentence, purpose) if purpose is not None and purpose > last else None


def _specified(sentence: Sentence, head: int) -> int | None:
    """Return the noun that an amount specifies: "a rise of 12%", "a margin of error of 3%"."""
    tokens = sentence.tokens
    found = None
    i = head
    while (
        tokens[tokens[i].head].lower == "of" and tokens[tokens[tokens[i].head].head].tag[:2] == "NN"
    ):
        i = tokens[tokens[i].head].head
        found = i
    return found


def _before(sentence: Sentence, area: tuple[int, int], end: int) -> tuple[int, int]:
    """Return the area without the amount that begins at token `end` inside it."""
    first, last = area
    if not first < end <= last:
        return area
    last = end - 1
    while last > first and sentence.tokens[last].tag in _LINKS:
        last -= 1
    return first, last


def _inside(i: int, first: int, last: int) -> bool:
    return first <= i <= last


def _head(sentence: Sentence, first: int, last: int) -> int:
    """Return the token of the amount that the rest of it depends on."""
    tokens = sentence.tokens
    return next(
        (i for i in range(first, last + 1) if not _inside(tokens[i].head, first, last)), last
    )


def _complement(sentence: Sentence, last: int, dated: frozenset[int]) -> int | None:
    """Return the noun in "$3 billion in aid", "12% of voters", "$3 billion on drones"."""
    tokens = sentence.tokens
    if last + 1 >= len(tokens) or tokens[last + 1].lower not in _COMPLEMENTS:
        return None
    found = next(children(sentence, last + 1, "pobj"), None)
    if found is None or found.i in dated or found.tag[:2] != "NN":
        return None
    named = found.tag.startswith("NNP") and tokens[last + 1].lower != "of"
    return None if named else found.i


def governing_verb(sentence: Sentence, i: int) -> int | None:
    """Return the verb that governs token `i`, or null."""
    for _ in range(len(sentence.tokens)):
        head = sentence.tokens[i].head
        if is_verb(sentence.tokens[head]):
            return head
        if head == i:
            return None
        i = head
    return None


def _level_subject(sentence: Sentence, verb: int, first: int, last: int) -> int | None:
    """Return the noun subject of a verb of level outside the amount itself."""
    if sentence.tokens[verb].lemma not in LEVEL_VERBS:
        return None
    for subject in read_clause(sentence, verb).subjects:
        token = sentence.tokens[subject]
        if token.tag[:2] == "NN" and not _inside(subject, first, last):
            return subject
    return None


def _object_of(
    sentence: Sentence, verb: int, prepositions: set[str], dated: frozenset[int]
) -> int | None:
    for name, head in read_clause(sentence, verb).obliques:
        if name in prepositions and head not in dated and sentence.tokens[head].tag[:2] == "NN":
            return head
    return None

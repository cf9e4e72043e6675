"""Windows: a document's sentences as word pieces with features, in pieces that the encoder reads.

The encoder's word pieces are uncased, so case is given beside them, and what the parser and the
quotation marks know comes along: part of speech, dependency relation, inside or outside a quote.
Training and use read documents through this one module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from detente.extract.language import Sentence
from detente.schema import Document

PIECES = 256
"""Word pieces of a window at most, without the two at its ends."""
START, STOP = 101, 102
"""Ids of the pieces at the start of a window and behind each paragraph."""

TAGS = (
    "$ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS "
    "PDT POS PRP PRP$ RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX _SP ``"
).split()
RELATIONS = (
    "ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj "
    "csubj csubjpass dative dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass "
    "nummod oprd parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl xcomp"
).split()
CASES, QUOTES = 4, 3
"""Numbers of case features (lower, title, upper, digit) and quote features (out, in, mark)."""
FEATURES = {"case": CASES, "quote": QUOTES, "tag": len(TAGS) + 1, "relation": len(RELATIONS) + 1}
"""Name and number of values of each feature; the value 0 stands for none."""

_TAG = {name: i for i, name in enumerate(TAGS, 1)}
_RELATION = {name: i for i, name in enumerate(RELATIONS, 1)}
_OPENING = {"“", "„", "«", "``"}
_CLOSING = {"”", "»", "''"}
_EITHER = {'"', "″", "＂", "‟"}

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Window:
    """Word pieces of one or more whole paragraphs, or of sentences of a long one.

    `ids` and each of `features` have one value a piece, the two ends included. `heads` are the
    places in the window of what each piece hangs on: of a word's first piece the first piece of its
    governor, of its other pieces its first one, of what hangs on nothing here itself. `starts` and
    `ends` are the offsets of its characters in the document, equal for pieces that stand for none.
    """

    ids: Ints
    features: Ints
    heads: Ints
    starts: Ints
    ends: Ints
    sentences: list[int] = field(default_factory=list)


@cache
def load_tokenizer() -> Tokenizer:
    """Return the word-piece tokenizer of the encoder, without padding or truncation."""
    path = resources.files("detente") / "weights" / "tokenizer.json"
    tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@lru_cache(maxsize=50_000)
def pieces_of(word: str) -> tuple[tuple[int, int, int], ...]:
    """Return id, start and end of each piece of a word; words recur, so they are kept."""
    encoded = load_tokenizer().encode(word, add_special_tokens=False)
    return tuple((i, a, b) for i, (a, b) in zip(encoded.ids, encoded.offsets, strict=True))


@dataclass(slots=True)
class _Pieces:
    """The pieces of one sentence: rows of id, case, quote, tag, relation, start, end, and heads.

    `heads` are places among the rows.
    """

    paragraph: int
    index: int
    rows: list[tuple[int, ...]]
    heads: list[int]


def windows_of(doc: Document, sentences: Iterable[Sentence]) -> Iterator[Window]:
    """Yield the windows of a document, in text order.

    Paragraphs are kept whole where they fit; a window takes as many as it can hold. A sentence of
    more than `PIECES` pieces is cut.
    """
    held: list[_Pieces] = []
    for group in _groups(_sentence_pieces(doc, sentences)):
        if held and _length(held) + _length(group) > PIECES:
            yield _window(held)
            held = []
        held.extend(group)
    if held:
        yield _window(held)


def _groups(pieces: Iterable[_Pieces]) -> Iterator[list[_Pieces]]:
    """Yield paragraphs, a paragraph that is too long in parts of whole sentences."""
    group: list[_Pieces] = []
    for sentence in pieces:
        begins = group and sentence.paragraph != group[-1].paragraph
        if begins or _length([*group, sentence]) > PIECES:
            if group:
                yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _length(group: list[_Pieces]) -> int:
    """Return the pieces of the sentences with one behind each paragraph."""
    return sum(len(s.rows) for s in group) + len({s.paragraph for s in group})


def _window(held: list[_Pieces]) -> Window:
    rows: list[tuple[int, ...]] = [(START, 0, 0, 0, 0, held[0].rows[0][5], held[0].rows[0][5])]
    heads = [0]
    for k, sentence in enumerate(held):
        heads.extend(len(rows) + head for head in sentence.heads)
        rows.extend(sentence.rows)
        if k + 1 == len(held) or held[k + 1].paragraph != sentence.paragraph:
            heads.append(len(rows))
            rows.append((STOP, 0, 0, 0, 0, rows[-1][6], rows[-1][6]))
    table = np.array(rows, dtype=np.int64)
    indices = [s.index for s in held]
    return Window(table[:, 0], table[:, 1:5], np.array(heads), table[:, 5], table[:, 6], indices)


def _sentence_pieces(doc: Document, sentences: Iterable[Sentence]) -> Iterator[_Pieces]:
    """Yield the pieces of each sentence; one that is too long comes in several parts."""
    paragraph, inside = -1, False
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            paragraph, inside = sentence.paragraph, False
        rows: list[tuple[int, ...]] = []
        firsts: list[int] = []
        for token in sentence.tokens:
            firsts.append(len(rows))
            quote, inside = _quote(token.text, inside)
            about = (_case(token.text), quote, _TAG.get(token.tag, 0), _RELATION.get(token.dep, 0))
            pieces = pieces_of(token.text)
            rows += [(i, *about, token.start + a, token.start + b) for i, a, b in pieces]
        heads = _heads(sentence, firsts, len(rows))
        for first in range(0, len(rows), PIECES - 1):
            part = slice(first, first + PIECES - 1)
            hung = relocate(heads[part], first).tolist()
            yield _Pieces(paragraph, sentence.index, rows[part], hung)


def _heads(sentence: Sentence, firsts: Sequence[int], n_pieces: int) -> Ints:
    """Return what each piece of a sentence hangs on, given the first piece of each token."""
    heads = np.zeros(n_pieces, dtype=np.int64)
    for token, first, behind in zip(sentence.tokens, firsts, [*firsts[1:], n_pieces], strict=True):
        heads[first:behind] = first
        if first < behind:
            heads[first] = firsts[token.head]
    return heads


def relocate(heads: Ints, first: int) -> Ints:
    """Return the heads of a part that began at `first`; what hung on a piece outside is free."""
    moved = heads - first
    return np.where((moved >= 0) & (moved < len(heads)), moved, np.arange(len(heads)))


def _quote(word: str, inside: bool) -> tuple[int, bool]:
    """Return the quote feature of a word and whether the next one stands inside a quotation."""
    if word in _OPENING:
        return 2, True
    if word in _CLOSING:
        return 2, False
    if word in _EITHER:
        return 2, not inside
    return int(inside), inside


def _case(word: str) -> int:
    if any(c.isdigit() for c in word):
        return 3
    if not word[:1].isupper():
        return 0
    return 2 if len(word) > 1 and word.isupper() else 1

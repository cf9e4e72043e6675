"""Later mentions: titles ("the president", "the Russian foreign minister"), pronouns, surnames.

Rules after Hobbs (1978) and Lappin and Leass (1994): recent subjects first, the person spoken of
most often next, never the subject of the pronoun's own clause for an object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.extract.clauses import children
from detente.extract.gazetteer import Gazetteer
from detente.extract.language import Sentence, Token
from detente.extract.mentions import ActorMention, make_mention
from detente.extract.persons import is_speaking

GENDERED = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f",
            "hers": "f", "herself": "f"}  # fmt: skip
REACH = 3
"""Sentences back in which the person behind a pronoun is sought."""
TITLE_WORDS = 4
"""Longest title in words ("deputy prime minister")."""
SUBJECTS = {"nsubj", "nsubjpass"}


@dataclass(slots=True)
class Seen:
    """A person mentioned so far: where, and how prominent."""

    mention: ActorMention
    is_subject: bool
    is_speaker: bool
    in_quote: bool


@dataclass(slots=True)
class Memory:
    """What a document has named so far; grows sentence by sentence."""

    persons: list[Seen] = field(default_factory=list)
    states: list[Seen] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    genders: dict[str, str] = field(default_factory=dict)
    nominals: dict[str, str] = field(default_factory=dict)
    described: dict[str, set[str]] = field(default_factory=dict)

    def remember(self, mention: ActorMention, sentence: Sentence, *, is_person: bool) -> None:
        """Add a mention to those that later words may refer to."""
        word = sentence.tokens[mention.head]
        seen = Seen(
            mention,
            is_subject=word.dep in SUBJECTS,
            is_speaker=is_speaking(sentence, word.i),
            in_quote=is_quoted(sentence, mention.first),
        )
        (self.persons if is_person else self.states).append(seen)
        self.counts[mention.actor] += 1


def is_quoted(sentence: Sentence, token: int) -> bool:
    """Return whether a token stands inside double quotation marks opened in its sentence."""
    depth = 0
    for word in sentence.tokens[:token]:
        if word.text in {"“", "``"}:
            depth += 1
        elif word.text == "”":
            depth = max(0, depth - 1)
        elif word.text in {'"', "''"}:
            depth = 0 if depth else 1
    return depth > 0


def find_titles(
    sentence: Sentence,
    named: list[ActorMention],
    memory: Memory,
    gazetteer: Gazetteer,
    date: str | None,
) -> Iterator[ActorMention]:
    """Yield "the president", "Russia's foreign minister" and the like, resolved to persons.

    Args:
        sentence: the parsed sentence.
        named: the mentions already found in it.
        memory: what the document has named so far.
        gazetteer: offices and their holders.
        date: the document's ISO date.
    """
    taken = {i for m in named for i in range(m.first, m.last + 1)}
    i = 0
    tokens = sentence.tokens
    while i < len(tokens):
        size = 0 if i in taken else _title_at(tokens, i, gazetteer.titles)
        if not size and tokens[i].tag == "NN" and tokens[i].lemma in gazetteer.roles:
            size = 1
        if not size or any(j in taken for j in range(i, i + size)):
            i += 1
            continue
        title = _words(tokens, i, size)
        first, country = _country_before(sentence, i, named)
        start = _phrase_start(tokens, i)
        is_definite = first < i or (start > 0 and tokens[start - 1].lower in {"the", "this", "our"})
        person = None
        if is_definite and not _is_part_of_name(tokens, i + size):
            country = country or _country_after(sentence, i + size - 1, named)
            is_former = any(t.lower == "former" for t in tokens[start:i])
            find = _former_holder if is_former else _holder
            person = _by_description(sentence, i + size - 1, memory) or find(
                title, country, memory, gazetteer, date
            )
        if person:
            start = min(first, start)
            if start and tokens[start - 1].lower == "the":
                start -= 1
            yield make_mention(sentence, start, i + size - 1, person, "title")
        i += size


def _phrase_start(tokens: list[Token], i: int) -> int:
    """Return the first of the adjectives and nouns that stand before a title without a break."""
    start = i
    while start and tokens[start - 1].tag[:1] in {"J", "N"} and tokens[start - 1].text != "-":
        start -= 1
    return start


def _title_at(tokens: list[Token], i: int, titles: frozenset[str]) -> int:
    """Return the number of words of the longest title that starts at token `i`, else 0."""
    return next((n for n in range(TITLE_WORDS, 0, -1) if _words(tokens, i, n) in titles), 0)


def _words(tokens: list[Token], i: int, n: int) -> str:
    if i + n > len(tokens):
        return ""
    return " ".join(t.lower for t in tokens[i : i + n]).replace(" - ", " ")


def _is_part_of_name(tokens: list[Token], after: int) -> bool:
    """Return whether a name follows a title, so that the title belongs to the name."""
    return after < len(tokens) and tokens[after].tag == "NNP" and tokens[after].text[0].isupper()


def _country_before(
    sentence: Sentence, i: int, named: list[ActorMention]
) -> tuple[int, str | None]:
    """Return (first token, actor) of a country that modifies the title at token `i`."""
    for mention in named:
        gap = [t.lower for t in sentence.tokens[mention.last + 1 : i]]
        if mention.last < i and gap in ([], ["'s"], ["’s"], ["-"], ["'"], ["’"]):
            return mention.first, mention.actor
    return i, None


def _country_after(sentence: Sentence, last: int, named: list[ActorMention]) -> str | None:
    """Return the actor after "of" ("the president of Russia")."""
    for prep in children(sentence, last, "prep"):
        for mention in named:
            if prep.lower == "of" and sentence.tokens[mention.head].head == prep.i:
                return mention.actor
    return None


def _holder(
    title: str, country: str | None, memory: Memory, gazetteer: Gazetteer, date: str | None
) -> str | None:
    """Return the person whom a title means: by country, else the last one named who held it."""
    if country is not None:
        return gazetteer.holder(country, title, date)
    for seen in reversed(memory.persons):
        person = gazetteer.persons.get(seen.mention.actor)
        if person and person.bears(title, date):
            return person.id
    if title in {"president", "vice president", "secretary of state"} and date:
        return gazetteer.holder("USA", title, date)
    return None


def _former_holder(
    title: str, country: str | None, memory: Memory, gazetteer: Gazetteer, date: str | None
) -> str | None:
    """Return the person whom "the former president" means, never the present holder."""
    for seen in reversed(memory.persons):
        person = gazetteer.persons.get(seen.mention.actor)
        is_theirs = country is None or seen.mention.actor.startswith(f"{country}.")
        if person and is_theirs and person.bore(title, date):
            return person.id
    return gazetteer.former_holder(country, title, date) if country is not None else None


def _by_description(sentence: Sentence, head: int, memory: Memory) -> str | None:
    """Return the person whom the document described in these words ("the Republican nominee")."""
    words = {
        t.lower
        for t in (sentence.tokens[i] for i in range(max(0, head - 4), head + 1))
        if t.i == head or (t.head == head and t.dep in {"amod", "compound", "nmod"})
    }
    for seen in reversed(memory.persons):
        if words <= memory.described.get(seen.mention.actor, set()) - {"former"}:
            return seen.mention.actor
    return None


def find_pronouns(sentence: Sentence, memory: Memory) -> Iterator[ActorMention]:
    """Yield the pronouns of a sentence with the actor that each stands for, in text order.

    Args:
        sentence: the parsed sentence.
        memory: what the document has named so far, this sentence included.
    """
    for token in sentence.tokens:
        gender = GENDERED.get(token.lower)
        if gender:
            found = _antecedent(sentence, token, memory.persons, memory, gender)
        elif token.lower in {"it", "its"} and not _is_pleonastic(sentence, token):
            found = _last_subject(sentence, token, memory.states)
        else:
            continue
        if found:
            mention = make_mention(sentence, token.i, token.i, found, "pronoun")
            if gender:
                memory.genders.setdefault(found, gender)
                memory.remember(mention, sentence, is_person=True)
            yield mention


def _antecedent(
    sentence: Sentence, token: Token, seen: list[Seen], memory: Memory, gender: str
) -> str | None:
    best: tuple[float, int, str] | None = None
    quoted = is_quoted(sentence, token.i)
    speaks = is_speaking(sentence, token.i)
    for order, candidate in enumerate(reversed(seen)):
        mention = candidate.mention
        distance = sentence.index - mention.sentence
        if distance > REACH:
            break
        if distance == 0 and mention.first >= token.i:
            continue
        if memory.genders.get(mention.actor, gender) != gender:
            continue
        if distance == 0 and _is_own_subject(sentence, token, mention):
            continue
        score = (
            -2.0 * distance
            + 1.5 * candidate.is_subject
            + 1.2 * (speaks and candidate.is_speaker)
            + 0.1 * min(memory.counts[mention.actor], 5)
            + 0.3 * (mention.actor in memory.genders)
            - 0.05 * order
            - 2.0 * (quoted and distance == 0 and not candidate.in_quote)
        )
        if best is None or score > best[0]:
            best = (score, order, mention.actor)
    return best[2] if best else None


def _is_own_subject(sentence: Sentence, token: Token, mention: ActorMention) -> bool:
    """Return whether a mention is the subject of the clause in which the pronoun is an object."""
    if token.lower not in {"him", "her"} or token.dep == "poss":
        return False
    governor = sentence.tokens[token.head]
    verb = governor.head if governor.tag == "IN" else governor.i
    return sentence.tokens[mention.head].head == verb and (
        sentence.tokens[mention.head].dep in SUBJECTS
    )


def _last_subject(sentence: Sentence, token: Token, seen: Sequence[Seen]) -> str | None:
    """Return the state or organisation that "it" means.

    The last subject of the sentence before the word, else the last one named there, else the
    subject of the sentence before.
    """
    recent = seen[-12:]
    here = [s for s in recent if s.mention.sentence == sentence.index and s.mention.last < token.i]
    before = [s for s in recent if s.mention.sentence == sentence.index - 1 and s.is_subject]
    for candidates in ([s for s in here if s.is_subject], here, before):
        if candidates:
            return candidates[-1].mention.actor
    return None


def _is_pleonastic(sentence: Sentence, token: Token) -> bool:
    """Return whether "it" stands for a clause or for nothing ("it is likely that")."""
    if token.dep not in SUBJECTS | {"expl"}:
        return False
    governor = sentence.tokens[token.head]
    clauses = any(True for _ in children(sentence, governor.i, "ccomp", "xcomp", "csubj", "advcl"))
    return token.dep == "expl" or token.dep == "nsubjpass" or (
        governor.lemma in {"be", "seem", "appear", "take", "remain", "become"}
    ) or (clauses and governor.lemma in {"mean", "matter", "happen"})  # fmt: skip

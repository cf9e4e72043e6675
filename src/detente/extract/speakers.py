"""Speakers: whom the source of an attribution means, and what sort of source it is.

In: an attribution, in text order, with the document's actors. Out: a `SpeakerRef` for each who
speaks. Most sources are mentions that `actors` has resolved. What it leaves is read here: a name in
apposition, a relative pronoun, a name that only speaks, and what refers back to an earlier speaker
by a noun ("the firm", "the sources") or a pronoun.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence

import msgspec

from detente.extract.actors import DocumentActors
from detente.extract.attributions import Attribution
from detente.extract.clauses import children, conjuncts
from detente.extract.gazetteer import load_gazetteer, normalise, slug
from detente.extract.language import Sentence, Token
from detente.extract.lexicon import load_lexicon
from detente.extract.mentions import ActorMention
from detente.extract.persons import (
    INSTITUTION,
    NOT_NAMES,
    NameRun,
    describe,
    find_runs,
    make_person,
)
from detente.extract.quotes import quoted_share
from detente.extract.speaker_kinds import kind_of_noun
from detente.schema import Claim, Document, Span, SpeakerKind, SpeakerRef

RELATIVE = {"who", "which", "that", "whom"}
HUMAN = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f",
}  # fmt: skip
PLURAL = {"they", "them", "their", "themselves"}
ARGUMENTS = {"nsubj", "nsubjpass", "pobj", "dobj", "poss", "agent"}
FIRST = {"i", "me", "my", "we", "us", "our", "myself", "ourselves"}
THINGS: frozenset[SpeakerKind] = frozenset({"organisation", "media", "document", "poll", "state"})
CROWDS: frozenset[SpeakerKind] = frozenset({"unnamed", "group"})
REACH = 3
"""Attributions back in which the person behind a pronoun is sought."""
CLAUSE = re.compile(r",?\s(?:who|which|that|whose)\s.*", re.DOTALL)
APPOSITION = re.compile(r",.*", re.DOTALL)
PREPOSITION = re.compile(r"^(?:by|from)\s+", re.IGNORECASE)
ORIGINS = {"of", "from", "in", "at", "within"}
ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
WORD = re.compile(r"\w+")


class SpeakerFinder:
    """Reads the sources of one document in text order, for later ones refer to earlier ones."""

    def __init__(
        self, doc: Document, sentences: Sequence[Sentence], actors: DocumentActors
    ) -> None:
        self._doc = doc
        self._sentences = sentences
        self._actors = actors
        self._heard: list[SpeakerRef] = []
        self._words: dict[str, set[str]] = defaultdict(set)
        self._genders: dict[str, str] = {}
        self._employed: dict[str, SpeakerRef] = {}
        self._names: dict[str, tuple[Sentence, NameRun]] | None = None

    def find(self, found: Attribution) -> list[SpeakerRef | None]:
        """Return who speaks, several where they speak jointly; None where nobody can be named."""
        if found.speaker is None or not found.source:
            return [None]
        sentence, head = found.sentence, _antecedent(found.sentence, found.speaker)
        speakers = [
            one for i in self._heads(sentence, head) for one in self._named(sentence, i)
        ] or self._referred(sentence, head)
        is_within = found.source[0][0] <= sentence.tokens[head].start < found.source[0][1]
        if not speakers and is_within:
            speakers = self._institution(found, head) or self._unnamed(found, head)
        speakers = list({one.actor: one for one in speakers}.values())
        if len(speakers) == 1:
            speakers = [self._employ(speakers[0], found)]
        self._remember(speakers, found)
        return [*speakers] or [None]

    def _heads(self, sentence: Sentence, head: int) -> list[int]:
        """Return the words that stand for who speaks: joint ones, and names in apposition."""
        heads = []
        for i in conjuncts(sentence, head):
            names = [
                j
                for child in children(sentence, i, "appos")
                if child.tag == "NNP"
                for j in conjuncts(sentence, child.i)
            ]
            is_described = bool(names) and not self._is_person(sentence, i)
            heads += names if is_described and self._are_names(sentence, i, names) else [i]
        return heads

    def _are_names(self, sentence: Sentence, described: int, names: list[int]) -> bool:
        """Return whether what stands beside a description names the persons described."""
        is_common = sentence.tokens[described].tag[:3] != "NNP"
        return is_common or any(self._is_person(sentence, i) for i in names)

    def _is_person(self, sentence: Sentence, i: int) -> bool:
        actors = self._actors.actors
        return any(actors[m.actor].kind == "person" for m in self._mentions(sentence, i))

    def _mentions(self, sentence: Sentence, i: int) -> list[ActorMention]:
        mentions = self._actors.by_sentence[sentence.index]
        return [m for m in mentions if m.first <= i <= m.last and m.kind != "place"]

    def _named(self, sentence: Sentence, i: int) -> list[SpeakerRef]:
        """Return the actor that the word `i` names, or the one that a name introduces here."""
        resolved = [self._actors.speaker(self._doc, m) for m in self._mentions(sentence, i)]
        if resolved:
            return resolved
        token = sentence.tokens[i]
        if not token.text[0].isupper() or normalise(token.text) in NOT_NAMES:
            return []
        named = self._introduced(sentence, token)
        return [named] if named else []

    def _introduced(self, sentence: Sentence, token: Token) -> SpeakerRef | None:
        """Return the person or institution of a name that no list and no description gives."""
        if self._names is None:
            self._names = self._surnames()
        place, run = self._names.get(normalise(token.text), (sentence, None))
        if run is None:
            is_described = any(children(sentence, token.i, "det", "poss", "amod", "nummod"))
            if token.tag != "NNP" or is_described:
                return None
            run = NameRun(token.i, token.i, [token])
        start, end = run.tokens[0].start, run.tokens[-1].end
        name = self._doc.text[start:end]
        span = self._doc.span(token.start, token.end)
        before = place.tokens[run.first - 1].lower if run.first else ""
        is_initials = name.isupper() and len(name) > 1
        if before == "the" or is_initials or INSTITUTION.search(name):
            return SpeakerRef(
                actor=f"organisation.{slug(name)}", name=name, span=span, kind="organisation"
            )
        gazetteer = load_gazetteer()
        listed = [m for m in self._actors.by_sentence[place.index] if m.actor in gazetteer.actors]
        description = describe(place, run, listed, gazetteer)
        role = description.role if description else ""
        person = make_person(run.text, description, gazetteer.roles.get(role))
        return SpeakerRef(
            actor=person.id,
            name=person.name,
            country=person.country,
            sector=person.sector,
            span=span,
            office=description.office if description else None,
            affiliation=person.affiliation,
            kind="person",
        )

    def _surnames(self) -> dict[str, tuple[Sentence, NameRun]]:
        """Return where the document first gives each name of several words, by its last word."""
        found: dict[str, tuple[Sentence, NameRun]] = {}
        for sentence in self._sentences:
            mentions = self._actors.by_sentence[sentence.index]
            taken = {i for m in mentions for i in range(m.first, m.last + 1)}
            for run in find_runs(sentence, taken):
                found.setdefault(normalise(run.tokens[-1].text), (sentence, run))
        return found

    def _referred(self, sentence: Sentence, head: int) -> list[SpeakerRef]:
        """Return the earlier speaker that a pronoun or a definite noun phrase means."""
        token = sentence.tokens[head]
        span = self._doc.span(token.start, token.end)
        if token.lower in HUMAN:
            found = self._last_person(HUMAN[token.lower])
        elif token.lower in PLURAL:
            found = self._last(CROWDS)
        elif token.lower in {"it", "its"}:
            found = self._last(THINGS)
        else:
            words = _definite(sentence, head)
            found = self._described(words) or self._by_name(words, token) if words else None
        return [msgspec.structs.replace(found, span=span)] if found else []

    def _last_person(self, gender: str) -> SpeakerRef | None:
        """Return the last of the latest speakers who is a person, not of the other sex."""
        persons = load_gazetteer().persons
        for one in reversed(self._heard[-REACH:]):
            known = persons[one.actor].gender if one.actor in persons else ""
            if one.kind == "person" and self._genders.get(one.actor, known) in {"", gender}:
                return one
        return None

    def _last(self, kinds: Container[SpeakerKind | None]) -> SpeakerRef | None:
        """Return the last speaker, if of one of the kinds."""
        return self._heard[-1] if self._heard and self._heard[-1].kind in kinds else None

    def _described(self, words: set[str]) -> SpeakerRef | None:
        """Return the last speaker whom the text has called by all these words."""
        return next((s for s in reversed(self._heard) if words <= self._words[s.actor]), None)

    def _by_name(self, words: set[str], head: Token) -> SpeakerRef | None:
        """Return the institution named before whose name ends so ("the committee")."""
        for mention in reversed(self._actors.mentions):
            actor = self._actors.actors[mention.actor]
            if mention.start >= head.start or actor.kind not in {"organisation", "media"}:
                continue
            name = WORD.findall(actor.name.lower())
            if name[-1:] == [head.lower] and words <= {*name}:
                return self._actors.speaker(self._doc, mention)
        return None

    def _institution(self, found: Attribution, head: int) -> list[SpeakerRef]:
        """Return the institution for which unnamed people or papers speak ("Acme analysts")."""
        token = found.sentence.tokens[head]
        return [
            msgspec.structs.replace(
                self._actors.speaker(self._doc, m),
                name=self._words_of(found, token),
                affiliation=self._actors.actors[m.actor].name,
                kind=kind_of_noun(token),
            )
            for m in self._within(found)
            if self._actors.actors[m.actor].kind in {"organisation", "media"}
        ][:1]

    def _within(self, found: Attribution) -> list[ActorMention]:
        start, end = found.source[0]
        mentions = self._actors.by_sentence[found.sentence.index]
        return [m for m in mentions if start <= m.start and m.end <= end]

    def _unnamed(self, found: Attribution, head: int) -> list[SpeakerRef]:
        """Return a source without a name ("Russian officials", "many observers", "the report")."""
        token = found.sentence.tokens[head]
        if token.tag[:2] not in {"NN", "DT", "JJ", "CD"} or token.lower in {"this", "that"}:
            return []
        actors = [
            self._actors.actors[m.actor]
            for m in self._within(found)
            if m.start < token.start or _belongs(found.sentence, head, m)
        ][:1]
        country = next((a.country or (a.id if a.kind != "person" else None) for a in actors), None)
        kind = kind_of_noun(token)
        name = self._words_of(found, token)
        actor = f"{country or 'unnamed'}.{token.lower}"
        if kind == "state" and country is not None:
            actor = country
        elif kind in THINGS - {"document", "poll"} and token.tag == "NNP":
            name = ARTICLE.sub("", name)
            actor = f"{country or 'organisation'}.{slug(name)}"
        return [
            SpeakerRef(
                actor=actor,
                name=name,
                country=country,
                sector=load_lexicon().groups.get(token.lemma),
                span=self._doc.span(*found.source[0]),
                kind=kind,
            )
        ]

    def _words_of(self, found: Attribution, head: Token) -> str:
        """Return the words of a source up to the clause or apposition that follows its noun."""
        start, end = found.source[0]
        before = self._doc.text[min(start, head.start) : head.end]
        after = self._doc.text[head.end : end]
        before = PREPOSITION.sub("", before)
        return before + APPOSITION.sub("", _until_clause(after))

    def _employ(self, speaker: SpeakerRef, found: Attribution) -> SpeakerRef:
        """Return an unlisted person with the institution and country that a source once gave.

        What such a person studies gives no country: "an expert on Russia" may be anybody.
        """
        if speaker.kind != "person" or speaker.actor in load_gazetteer().persons:
            return speaker
        end = found.source[0][0] + len(_until_clause(self._doc.text[slice(*found.source[0])]))
        beside = [m for m in self._within(found) if m.actor != speaker.actor and m.end <= end]
        actors = [
            actor
            for m in beside
            for actor in [self._actors.actors[m.actor]]
            if actor.kind in {"organisation", "media", "person"} or m.kind == "demonym"
        ]
        known = self._employed.get(speaker.actor, speaker)
        works_for = (a.name for a in actors if a.kind in {"organisation", "media"})
        employed = msgspec.structs.replace(
            speaker,
            affiliation=speaker.affiliation or known.affiliation or next(works_for, None),
            country=speaker.country or known.country or next((a.country for a in actors), None),
        )
        self._employed[speaker.actor] = employed
        return employed

    def _remember(self, speakers: Sequence[SpeakerRef], found: Attribution) -> None:
        """Note who spoke, in what words the text describes them, and the sex of a pronoun."""
        source = self._doc.text[slice(*found.source[0])]
        for one in speakers:
            name = "" if one.kind == "person" else one.name
            self._heard.append(one)
            self._words[one.actor].update(WORD.findall(f"{source} {one.office} {name}".lower()))
            if source.lower() in HUMAN:
                self._genders.setdefault(one.actor, HUMAN[source.lower()])


def author_of(doc: Document) -> SpeakerRef:
    """Return the reference to the article's author, whose institution is the outlet."""
    return SpeakerRef(
        actor=f"author:{doc.id}" if doc.author else "author",
        name=doc.author or "the author",
        affiliation=doc.outlet,
        kind="author",
    )


def with_first_persons(
    doc: Document, claims: Sequence[Claim], quotes: list[tuple[int, int]]
) -> list[Claim]:
    """Return the claims, those of "I" and "we" with who says so.

    Within a claim that is its speaker; outside of quotation marks it is the author.
    """
    speakers = {claim.id: claim.speaker for claim in claims}

    def resolved(claim: Claim) -> Claim:
        if claim.speaker or not _is_first_person(claim.source):
            return claim
        source = claim.source[0]
        if claim.outer is not None:
            speaker = speakers[claim.outer]
        elif quoted_share(source.start, source.end, quotes) > 0:
            speaker = None
        else:
            speaker = author_of(doc)
        return msgspec.structs.replace(claim, speaker=speaker)

    return [resolved(claim) for claim in claims]


def _is_first_person(source: tuple[Span, ...]) -> bool:
    return len(source) == 1 and source[0].quote.lower() in FIRST


def head_of_source(sentence: Sentence, first: int, last: int) -> int:
    """Return the word that a source, the tokens `first` to `last`, is built on.

    The parser may hang its end elsewhere ("a poll | this month"); a subject or object goes before.
    """
    tokens = sentence.tokens
    free = [
        i
        for i in range(first, last + 1)
        if tokens[i].head == i or not first <= tokens[i].head <= last
    ]
    return next((i for i in free if tokens[i].dep in ARGUMENTS), free[0] if free else last)


def _antecedent(sentence: Sentence, head: int) -> int:
    """Return the noun behind "who" or "by" at the head of a source, else the word itself."""
    tokens = sentence.tokens
    if tokens[head].tag == "IN":
        return next((t.i for t in children(sentence, head, "pobj")), head)
    if tokens[head].lower not in RELATIVE:
        return head
    verb = tokens[head].head
    while tokens[verb].dep != "relcl" and tokens[verb].head != verb:
        verb = tokens[verb].head
    if tokens[verb].dep == "relcl":
        return tokens[verb].head
    before = head - 2 if head and tokens[head - 1].text == "," else head - 1
    return before if before >= 0 and tokens[before].tag[:2] == "NN" else head


def _belongs(sentence: Sentence, head: int, mention: ActorMention) -> bool:
    """Return whether a noun is of or from who is mentioned ("officials in Poland")."""
    return any(
        prep.lower in ORIGINS and child.i == mention.head
        for prep in children(sentence, head, "prep")
        for child in children(sentence, prep.i, "pobj")
    )


def _definite(sentence: Sentence, head: int) -> set[str]:
    """Return the words of "the risk consultancy" before and with its noun, none if indefinite."""
    if sentence.tokens[head].tag not in {"NN", "NNS"}:
        return set()
    words = set()
    for i in range(head, -1, -1):
        token = sentence.tokens[i]
        if token.tag[:2] in {"NN", "JJ"}:
            words.add(token.lower)
        elif token.lower in {"the", "this", "these", "that", "those"}:
            return words
        else:
            break
    return set()


def _until_clause(words: str) -> str:
    return CLAUSE.sub("", words)

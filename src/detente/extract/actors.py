"""Actors of a document: every mention of a state, organisation, person or group, resolved.

Listed names come first, then persons whom the text introduces, surnames, titles and pronouns, read
sentence by sentence so that later words refer to earlier ones. A surname names the person of the
document who bears it, else a listed one, ranked by whether he or she held office at the document's
date; an unchecked tenure ranks a candidate and never excludes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.extract.clauses import children, is_verb
from detente.extract.coreference import Memory, find_pronouns, find_titles
from detente.extract.gazetteer import (
    AMBIGUOUS_SURNAMES,
    Gazetteer,
    normalise,
    plain_name,
    serves,
    surname_of,
)
from detente.extract.language import Sentence, Token
from detente.extract.mentions import ActorMention, make_mention, match_names
from detente.extract.persons import (
    FEMALE,
    MALE,
    Description,
    NameRun,
    describe,
    find_runs,
    is_speaking,
    make_person,
)
from detente.extract.speaker_kinds import kind_of_mention
from detente.schema import Actor, ActorRef, Document, SpeakerRef

__all__ = ["ActorMention", "DocumentActors", "find_actors"]

HONORIFICS = {"mr", "ms", "mrs", "dr", "sen", "rep", "gov", "gen", "prof", "sir", "sens", "reps"}


@dataclass(slots=True)
class DocumentActors:
    """The actors of a document by id, and their mentions in text order and by sentence."""

    actors: dict[str, Actor] = field(default_factory=dict)
    mentions: list[ActorMention] = field(default_factory=list)
    by_sentence: list[list[ActorMention]] = field(default_factory=list)
    descriptions: dict[str, Description] = field(default_factory=dict)

    def ref(self, doc: Document, mention: ActorMention) -> ActorRef:
        """Return the reference to a mention's actor, with the words that name it."""
        actor = self.actors[mention.actor]
        return ActorRef(
            actor=actor.id,
            name=actor.name,
            country=actor.country,
            sector=actor.sector,
            span=doc.span(mention.start, mention.end),
        )

    def speaker(self, doc: Document, mention: ActorMention) -> SpeakerRef:
        """Return the reference to a speaker, with the office held at the document's date.

        Office and affiliation are those that the text gives, else the listed office.
        """
        actor = self.actors[mention.actor]
        described = self.descriptions.get(actor.id)
        office = described.office if described else None
        return SpeakerRef(
            actor=actor.id,
            name=actor.name,
            country=actor.country,
            sector=actor.sector,
            span=doc.span(mention.start, mention.end),
            office=office or _listed_office(actor, doc.date),
            affiliation=actor.affiliation,
            kind=kind_of_mention(actor, mention, doc.text),
        )


def find_actors(doc: Document, sentences: list[Sentence], gazetteer: Gazetteer) -> DocumentActors:
    """Return the actors of a document.

    Args:
        doc: the document, for its date.
        sentences: its parsed sentences.
        gazetteer: the listed actors.
    """
    return _Resolver(doc, gazetteer).resolve(sentences)


def _listed_office(actor: Actor, date: str | None) -> str | None:
    """Return the title of the latest office that a listed person holds at a date."""
    held = [o for o in actor.offices if serves(o, date)]
    return max(held, key=lambda o: o.start or "").title if held else None


@dataclass(slots=True)
class _Names:
    """The listed names of a sentence, and the other stretches of capitalised words."""

    listed: list[ActorMention]
    runs: list[NameRun]


def _name(sentence: Sentence, gazetteer: Gazetteer) -> _Names:
    """Return the names of one sentence, found once and read twice."""
    listed = list(match_names(sentence, gazetteer))
    return _Names(listed, find_runs(sentence, _covered(listed)))


def _covered(mentions: list[ActorMention]) -> set[int]:
    """Return the tokens that the mentions cover."""
    return {i for m in mentions for i in range(m.first, m.last + 1)}


class _Resolver:
    """Reads the sentences of one document in order."""

    def __init__(self, doc: Document, gazetteer: Gazetteer) -> None:
        self._doc = doc
        self._gazetteer = gazetteer
        self._found = DocumentActors()
        self._memory = Memory()
        self._bearers: dict[str, str] = {}
        self._full_names: dict[str, str] = {}
        self._first_names: dict[str, str] = {}

    def resolve(self, sentences: list[Sentence]) -> DocumentActors:
        """Return all mentions of the document."""
        named = [_name(sentence, self._gazetteer) for sentence in sentences]
        self._collect_persons(sentences, named)
        for sentence, names in zip(sentences, named, strict=True):
            mentions = self._read(sentence, names)
            self._found.by_sentence.append(mentions)
            self._found.mentions.extend(mentions)
        return self._found

    def _collect_persons(self, sentences: list[Sentence], named: list[_Names]) -> None:
        """Learn the full names first, for a headline or lead may name a person by surname."""
        for sentence, names in zip(sentences, named, strict=True):
            for mention in names.listed:
                if mention.actor in self._gazetteer.persons:
                    self._bear(self._gazetteer.actors[mention.actor])
            for run in names.runs:
                self._introduce(sentence, run, names.listed)
        for sentence, names in zip(sentences, named, strict=True):
            self._employ(sentence, names.listed)

    def _employ(self, sentence: Sentence, listed: list[ActorMention]) -> None:
        """Give a person the outlet of "Writing for the Observer, Kong ..."."""
        for token in sentence.tokens:
            if token.lemma != "write" or token.dep != "advcl" or token.tag != "VBG":
                continue
            for subject in children(sentence, token.head, "nsubj"):
                known = self._bearers.get(normalise(subject.text))
                actor = self._found.actors.get(known or "")
                if actor and actor.origin == "text" and not actor.affiliation:
                    run = NameRun(subject.i, subject.i, [subject])
                    description = describe(sentence, run, listed, self._gazetteer)
                    self._adopt(actor.name, description)

    def _adopt(self, name: str, description: Description | None) -> None:
        """Make the person `name` an actor under the description, replacing an earlier one."""
        role = description.role if description else ""
        actor = make_person(name, description, self._gazetteer.roles.get(role))
        self._forget(self._full_names.get(name, actor.id))
        self._full_names[name] = actor.id
        self._found.actors[actor.id] = actor
        if description:
            self._found.descriptions[actor.id] = description
        self._bear(actor)

    def _introduce(self, sentence: Sentence, run: NameRun, listed: list[ActorMention]) -> None:
        """Make an actor of a name that the text describes or that speaks."""
        description = describe(sentence, run, listed, self._gazetteer)
        name = run.text
        listed_as = self._gazetteer.full_names.get(plain_name(name))
        if listed_as:
            self._full_names[name] = listed_as
            self._bear(self._gazetteer.actors[listed_as])
            return
        known = self._full_names.get(name)
        if known and (description is None or known in self._found.descriptions):
            return
        if description is not None or is_speaking(sentence, run.last):
            self._adopt(name, description)

    def _forget(self, actor: str) -> None:
        """Drop an actor who is now known under a better id."""
        self._found.actors.pop(actor, None)
        self._bearers = {key: a for key, a in self._bearers.items() if a != actor}

    def _bear(self, actor: Actor) -> None:
        """Let a person's surname name the person from now on."""
        surname = surname_of(actor.name, actor.id, actor.country)
        self._bearers.setdefault(surname, actor.id)
        given = normalise(actor.name.split()[0])
        if given != surname and actor.id in self._gazetteer.persons:
            self._first_names.setdefault(given, actor.id)
        if actor.origin == "text" and actor.country is None:
            self._bearers.setdefault(given, actor.id)

    def _read(self, sentence: Sentence, names: _Names) -> list[ActorMention]:
        """Return the mentions of one sentence, in text order."""
        found = names.listed + self._described(sentence, names.runs)
        found += self._surnames(sentence, _covered(found))
        found += find_titles(sentence, found, self._memory, self._gazetteer, self._doc.date)
        found += self._nominals(sentence, names.listed, _covered(found))
        found = self._with_titles(sentence, sorted(found, key=lambda m: (m.first, -m.last)))
        for mention in found:
            self._keep(mention, sentence)
        found += find_pronouns(sentence, self._memory)
        return sorted(found, key=lambda m: m.first)

    def _keep(self, mention: ActorMention, sentence: Sentence) -> None:
        """Record a mention's actor, and remember it for pronouns and titles."""
        actor = self._found.actors.get(mention.actor) or self._gazetteer.actors[mention.actor]
        self._found.actors.setdefault(actor.id, actor)
        is_person = actor.kind == "person"
        listed = self._gazetteer.persons.get(actor.id)
        if listed and listed.gender:
            self._memory.genders.setdefault(actor.id, listed.gender)
        if is_person and mention.first > 0:
            before = sentence.tokens[mention.first - 1].lower
            first = sentence.tokens[mention.first].lower
            if {before, first} & FEMALE:
                self._memory.genders.setdefault(actor.id, "f")
            elif {before, first} & MALE:
                self._memory.genders.setdefault(actor.id, "m")
        if is_person and mention.kind == "name":
            self._describe(sentence, mention)
        if mention.kind != "place":
            self._memory.remember(mention, sentence, is_person=is_person)

    def _describe(self, sentence: Sentence, mention: ActorMention) -> None:
        """Note the words of an apposition, by which a later "the columnist" may mean the person."""
        after = mention.last + 1
        if after >= len(sentence.tokens) or sentence.tokens[after].text not in {",", "("}:
            return
        run = NameRun(mention.first, mention.last, sentence.tokens[mention.first : after])
        description = describe(sentence, run, (), self._gazetteer)
        if description and description.office:
            words = description.office.lower().split()
            self._memory.described.setdefault(mention.actor, set()).update(words)

    def _described(self, sentence: Sentence, runs: list[NameRun]) -> list[ActorMention]:
        """Return the full names of persons whom the document introduces."""
        return [
            make_mention(sentence, run.first, run.last, self._full_names[run.text], "name")
            for run in runs
            if run.text in self._full_names
        ]

    def _surnames(self, sentence: Sentence, taken: set[int]) -> list[ActorMention]:
        """Return the bare surnames of a sentence, resolved."""
        return [
            make_mention(sentence, token.i, token.i, actor, "name")
            for token in sentence.tokens
            if token.i not in taken and token.text[0].isupper()
            for actor in [self._bearer(sentence, token, taken)]
            if actor
        ]

    def _bearer(self, sentence: Sentence, token: Token, taken: set[int]) -> str | None:
        """Return whom a capitalised word names as a surname, if anybody."""
        word = normalise(token.text)
        known = self._bearers.get(word)
        if known is None and word in self._first_names and self._stands_alone(sentence, token):
            known = self._first_names[word]
        if known is None and word not in self._gazetteer.surnames:
            return None
        if self._is_other_person(sentence, token, taken):
            return None
        if known:
            return known
        if word in AMBIGUOUS_SURNAMES or token.tag not in {"NNP", "NNPS"}:
            return None
        return self._rank(self._gazetteer.surnames[word])

    def _stands_alone(self, sentence: Sentence, token: Token) -> bool:
        """Return whether no other capitalised word stands beside a first name."""
        beside = (token.i - 1, token.i + 1)
        words = [sentence.tokens[i] for i in beside if 0 <= i < len(sentence.tokens)]
        return token.tag == "NNP" and not any(w.tag in {"NNP", "NNPS"} for w in words)

    def _is_other_person(self, sentence: Sentence, token: Token, taken: set[int]) -> bool:
        """Return whether a first name that is not the bearer's stands before, or a name after."""
        tokens = sentence.tokens
        before = tokens[token.i - 1] if token.i else None
        after = tokens[token.i + 1] if token.i + 1 < len(tokens) else None
        if before is not None and before.i not in taken and before.tag == "NNP":
            is_title = self._is_role(before) or before.lower.rstrip(".") in {*HONORIFICS, "state"}
            if before.text.isalpha() and not is_title and before.dep == "compound":
                return True
        return (
            after is not None
            and after.tag == "NNP"
            and token.dep == "compound"
            and after.i <= token.head
            and token.head in {after.i, after.head}
            and after.text[0].isupper()
            and after.i not in taken
            and normalise(after.text) not in self._gazetteer.names
            and after.lower not in self._gazetteer.roles
            and after.text.isalpha()
        )

    def _rank(self, candidates: tuple[str, ...]) -> str | None:
        """Return the listed person likeliest to be meant by a bare surname.

        Those in office at the document's date come first, then those who held more offices.
        """
        scored = [
            (
                self._gazetteer.is_serving(person, self._doc.date),
                len(self._gazetteer.persons[person].offices),
                person,
            )
            for person in candidates
        ]
        best = max(scored, key=lambda s: (s[0], s[1]))
        rivals = [s for s in scored if s[:2] == best[:2]]
        return best[2] if len(rivals) == 1 else None

    def _nominals(
        self, sentence: Sentence, listed: list[ActorMention], taken: set[int]
    ) -> list[ActorMention]:
        """Return "the consultancy" for an organisation that an apposition called one."""
        found = []
        for mention in listed:
            actor = self._gazetteer.actors[mention.actor]
            if actor.kind in {"organisation", "media", "group"}:
                for child in sentence.tokens[mention.head].children:
                    word = sentence.tokens[child]
                    if word.dep == "appos" and word.tag == "NN" and word.i not in taken:
                        self._memory.nominals[word.lemma] = mention.actor
        for token in sentence.tokens:
            actor_id = self._memory.nominals.get(token.lemma)
            if actor_id and token.i not in taken and token.dep != "appos":
                first = min(sentence.subtree(token.i))
                if sentence.tokens[first].lower == "the" and first not in taken:
                    found.append(make_mention(sentence, first, token.i, actor_id, "nominal"))
        return found

    def _with_titles(self, sentence: Sentence, mentions: list[ActorMention]) -> list[ActorMention]:
        """Return the mentions with titles before names taken in ("US Secretary of State Rubio").

        A country inside such a title is part of it and no actor of its own.
        """
        kept: list[ActorMention] = []
        for mention in mentions:
            if self._is_person(mention) and mention.kind == "name":
                first = self._title_start(sentence, mention, mentions)
                words = {t.lower for t in sentence.tokens[first : mention.first]}
                self._memory.described.setdefault(mention.actor, set()).update(words)
                if first < mention.first:
                    while kept and kept[-1].first >= first:
                        kept.pop()
                    mention = make_mention(
                        sentence, first, mention.last, mention.actor, mention.kind
                    )
            if not kept or mention.first > kept[-1].last:
                kept.append(mention)
        return kept

    def _is_person(self, mention: ActorMention) -> bool:
        actor = self._found.actors.get(mention.actor) or self._gazetteer.actors[mention.actor]
        return actor.kind == "person"

    def _title_start(
        self, sentence: Sentence, mention: ActorMention, others: list[ActorMention]
    ) -> int:
        """Return the first token of the title before a name, the name's own if there is none."""
        tokens = sentence.tokens
        start, has_role = mention.first, False
        persons = _covered([m for m in others if self._is_person(m) and m is not mention])
        for i in range(mention.first - 1, max(-1, mention.first - 9), -1):
            token = tokens[i]
            if i in persons:
                break
            has_role = has_role or self._is_role(token)
            is_link = token.lower in {"of", "for", "and", "-", "'s", "’s"}
            is_honorific = token.lower.rstrip(".") in HONORIFICS
            if not (is_link or is_honorific or token.tag[:1] in {"N", "J"} or self._is_role(token)):
                break
            if is_honorific or (has_role and not is_link):
                start = i
        return start

    def _is_role(self, token: Token) -> bool:
        is_listed = token.lower in self._gazetteer.roles or token.lemma in self._gazetteer.roles
        return is_listed and not is_verb(token)  # "China will host Putin"

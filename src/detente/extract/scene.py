"""A sentence with all that is known of who and where: mentions, places and listed names by token.

The readers of parties share it: where a stretch of words begins and ends, what sort of party its
nouns name, and to which country it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from detente.extract.actors import DocumentActors
from detente.extract.clauses import children, conjuncts
from detente.extract.gazetteer import Gazetteer, load_gazetteer, normalise
from detente.extract.language import Sentence, Token
from detente.extract.mentions import DATES, ActorMention, head_of, match_names
from detente.extract.places import Place, find_places
from detente.extract.sectors import sector_of
from detente.schema import Actor, Document

EDGES = {"the", "a", "an", "and", "or", ",", "'s", "’s", "-", "both", "(", ")", "“", "”", '"'}
RELATIVES = {"who", "whom", "which", "that", "whose"}
PLURALS = {"they", "them", "their", "theirs", "themselves", "we", "us", "our"}
GOVERNMENTS = {"administration", "government", "cabinet", "regime"}
KOREAS = {"North": "PRK", "South": "KOR"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """The tokens `first` to `last` of a sentence that stand for one party, and their head."""

    first: int
    last: int
    head: int

    def __contains__(self, i: int) -> bool:
        """Return whether the phrase holds a token."""
        return self.first <= i <= self.last


@dataclass
class Scene:
    """A sentence of a document, with the document's actors."""

    doc: Document
    sentence: Sentence
    actors: DocumentActors

    @cached_property
    def tokens(self) -> list[Token]:
        """The sentence's tokens."""
        return self.sentence.tokens

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The listed actors and places."""
        return load_gazetteer()

    @cached_property
    def mentions(self) -> list[ActorMention]:
        """The sentence's mentions of actors."""
        return self.actors.by_sentence[self.sentence.index]

    @cached_property
    def at(self) -> dict[int, ActorMention]:
        """The mention at each token that has one."""
        return {i: m for m in self.mentions for i in range(m.first, m.last + 1)}

    @cached_property
    def listed(self) -> list[ActorMention]:
        """The listed names, those inside the title of a person included."""
        return list(match_names(self.sentence, self.gazetteer))

    @cached_property
    def countries(self) -> set[str]:
        """The countries of the document's actors."""
        ids = {mention.actor for mention in self.actors.mentions}
        return {country for i in ids if (country := self.actors.actors[i].country)}

    @cached_property
    def places(self) -> list[Place]:
        """The places and the names that tell a country but were too ambiguous for a mention."""
        listed = find_places(self.sentence, self.gazetteer)
        places = [p for p in listed if p.first not in self.at and p.last not in self.at]
        taken = {i for p in places for i in range(p.first, p.last + 1)}
        for token in self.tokens:
            if token.i not in self.at and token.i not in taken and token.text[:1].isupper():
                country = self._hint(token)
                places += [Place(token.i, token.i, country)] if country else []
        return places

    def actor_at(self, i: int) -> Actor | None:
        """Return the actor whose mention holds a token."""
        mention = self.at.get(i)
        return self.actors.actors[mention.actor] if mention else None

    def place_at(self, i: int) -> Place | None:
        """Return the place that holds a token."""
        return next((p for p in self.places if p.first <= i <= p.last), None)

    def _hint(self, token: Token) -> str | None:
        """Return the country that a single word hints at: an ambiguous state, a family, a Korea."""
        is_name = token.tag in {"NNP", "NNPS", "JJ"} and token.text not in DATES
        if not is_name or self._is_in_name(token):
            return None
        for name in self.gazetteer.names.get(normalise(token.text), ()):
            is_state = name.actor and self.gazetteer.actors[name.actor].kind == "state"
            if name.guarded and len(name.tokens) == 1 and is_state:
                return name.actor
        if token.tag != "NNP" or (token.dep == "compound" and not self._is_ruler(token)):
            return None
        if token.text in KOREAS and self.countries & set(KOREAS.values()):
            return KOREAS[token.text]
        bearers = self.gazetteer.surnames.get(normalise(token.text), ())
        homes = {self.gazetteer.actors[person].country for person in bearers}
        return homes.pop() if len(homes) == 1 else None

    def _is_ruler(self, token: Token) -> bool:
        """Return whether a name modifies a government ("the Clinton administration")."""
        return self.tokens[token.head].lower in GOVERNMENTS

    def _is_in_name(self, token: Token) -> bool:
        """Return whether a word stands beside another of one name ("Chad Smith")."""
        beside = (self.tokens[j] for j in (token.i - 1, token.i + 1) if 0 <= j < len(self.tokens))
        return any(
            t.tag == "NNP"
            and (t.head in {token.head, token.i} or t.i == token.head)
            and sector_of(t) is None
            for t in beside
        )

    def phrases(self, first: int, last: int) -> Iterator[Phrase]:
        """Yield the members of the list that some tokens make, themselves if they make none."""
        first, last = self._trim(first, last)
        head = self._head(first, last)
        others = [i for i in conjuncts(self.sentence, head) if first <= i <= last]
        own = self.at.get(head)
        heads = sorted({head, *(i for i in others if own is None or self.at.get(i) is not own)})
        for k, i in enumerate(heads):
            stop = last
            if k + 1 < len(heads):
                stop = max(i + 1, min(self.sentence.subtree(heads[k + 1]))) - 1
            low, high = self._trim(first, stop)
            if low <= i <= high:
                yield Phrase(low, high, i)
                first = high + 1

    def _trim(self, first: int, last: int) -> tuple[int, int]:
        """Return the tokens without articles, conjunctions and punctuation at their edges."""
        while first < last and self.tokens[first].lower in EDGES and first not in self.at:
            first += 1
        while first < last and self.tokens[last].lower in EDGES and last not in self.at:
            last -= 1
        return first, last

    def _head(self, first: int, last: int) -> int:
        """Return the noun of the tokens that the parse hangs on a word outside of them.

        Where it hangs several there, it is the last before a preposition.
        """
        found = head_of(self.sentence, first, last)
        if self.tokens[found].tag[:1] in {"N", "P"}:
            return found
        nouns: list[int] = []
        for token in self.tokens[first : last + 1]:
            if nouns and token.tag in {"IN", "TO", "WDT", "WP", ","}:
                break
            is_top = token.head == token.i or not first <= token.head <= last
            if token.tag[:1] in {"N", "P"} and is_top:
                nouns.append(token.i)
        return nouns[-1] if nouns else found

    def antecedent(self, i: int) -> Phrase | None:
        """Return the phrase that "they", "their" or a relative pronoun stands for, if any.

        It is the noun that a relative clause hangs on, else the last subject that names a group or
        an actor, else the last such noun.
        """
        token = self.tokens[i]
        if i in self.at or token.lower not in PLURALS | RELATIVES:
            return None
        clauses = (self.tokens[j] for j in self._above(i) if self.tokens[j].dep == "relcl")
        clause = next((c for c in clauses if c.head < i), None)
        if token.lower in RELATIVES and clause is not None:
            return self.phrase_of(clause.head, i)
        named = [
            (word.dep[:5] == "nsubj", word.i)
            for word in self.tokens[:i]
            if word.i in self.at or (word.tag in {"NNS", "NNPS"} and sector_of(word))
        ]
        return self.phrase_of(max(named)[1], i) if named else None

    def _above(self, i: int) -> Iterator[int]:
        """Yield the governors of a token, the nearest first."""
        for _ in range(6):
            i = self.tokens[i].head
            yield i

    def phrase_of(self, head: int, before: int) -> Phrase:
        """Return the phrase of a head up to it, as far as it stands before a token."""
        inside = [i for i in self.sentence.subtree(head) if i <= head and i < before]
        return Phrase(min(inside, default=head), head, head)

    def after_of(self, head: int, phrase: Phrase) -> int | None:
        """Return the noun that "of" joins to a head within a phrase."""
        for prep in children(self.sentence, head, "prep"):
            for inner in children(self.sentence, prep.i, "pobj"):
                if prep.lower == "of" and inner.i in phrase:
                    return inner.i
        return None

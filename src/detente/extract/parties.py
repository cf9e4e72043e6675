"""Parties: the actors that a marked stretch of a sentence stands for ("Dutch police", "teachers").

The stretch's head says what sort of party it is (its PLOVER sector), the actor that it names or
that owns it says whose. A group whose country is known is a party of that state, as "Russian
troops" are of Russia; one of which nothing tells it is an actor of its own without a country.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.extract.actors import DocumentActors
from detente.extract.gazetteer import normalise, serves, slug
from detente.extract.homes import (
    BACKED,
    OWNED,
    Home,
    home_at,
    is_people,
    owners_of,
    surroundings_of,
)
from detente.extract.language import Sentence
from detente.extract.mentions import ActorMention
from detente.extract.persons import Description, make_person
from detente.extract.scene import Phrase, Scene
from detente.extract.sectors import sector_of, sector_of_pair
from detente.schema import Actor, ActorRef, Document

WEAK = {
    "academy", "administration", "adviser", "advisor", "agency", "agent", "aide", "army",
    "association", "authority", "base", "boat", "body", "boss", "bureau", "campaigner", "candidate",
    "cell", "chairman", "chief", "command", "commander", "committee", "community", "convoy",
    "council", "court", "delegate", "delegation", "depot", "director", "employee", "envoy",
    "executive", "federation", "fighter", "figure", "follower", "force", "general", "government",
    "group", "guard", "head", "heir", "institution", "leader", "member", "movement", "negotiator",
    "network", "office", "officer", "official", "organisation", "organization", "patrol", "post",
    "representative", "secretary", "ship", "side", "site", "spokesman", "spokesperson",
    "spokeswoman", "staff", "supporter", "sympathiser", "sympathizer", "unit", "vessel", "veteran",
    "volunteer", "wing", "worker", "activist",
}  # fmt: skip
"""Nouns whose sector a noun beside them overrules ("rebel leader", "members of parliament")."""

AMOUNTS = {
    "band", "bunch", "coalition", "column", "couple", "crowd", "dozen", "family", "group",
    "handful", "hundred", "lot", "majority", "many", "member", "million", "mob", "most", "number",
    "pair", "relative", "rest", "score", "several", "some", "team", "thousand", "wave",
}  # fmt: skip
"""Nouns after which the party stands with "of" ("hundreds of teachers")."""

KEEPING = {
    "GOV": {"REB", "IGO", "NGO", "BUS", "PTY", "REL", "MED", "OPP"},
    "MIL": {"REB", "IGO", "CRM"},
    "CVL": {"IGO", "NGO", "REB"},
    "LAB": {"NGO", "IGO"},
    "EDU": {"NGO", "IGO", "REB"},
    "BUS": {"IGO", "REB"},
    "JUD": {"NGO"},
}
"""Sectors of owners that count more than a group's noun ("Hamas officials" are rebels)."""

COSMOPOLITAN = {"IGO", "NGO"}
"""Sectors of bodies that belong to no country unless their own words say so."""

GENERIC = {"LEG", "JUD", "GOV", "MIL", "COP", "PTY"}
"""Sectors of bodies whose names recur in many states ("Congress", "the Supreme Court")."""

REGIONS = {
    "international", "multinational", "western", "european", "african", "asian", "arab", "gulf",
    "allied", "global", "world", "regional", "foreign", "neighbouring", "neighboring", "other",
    "many", "several", "nordic", "baltic",
}  # fmt: skip
"""Words that make a group of many states out of a plural ("Western powers", "foreign troops")."""

MANY = {
    "country", "nation", "state", "republic", "power", "ally", "government", "donor", "partner",
    "force", "troop", "peacekeeper", "mediator", "observer", "monitor", "inspector", "diplomat",
}  # fmt: skip
"""Nouns whose plural is then several states, or people whom these send."""

HOMELESS = {"refugee", "migrant", "immigrant", "asylum", "asylum-seeker", "foreigner"}
"""People who are not of the country where something happens to them, unless their words say so."""

RELIEF = {"humanitarian", "aid", "relief", "charity"}
"""Words before workers, agencies and groups that make them non-governmental bodies."""

UNKNOWN = 0.6
"""How far a party is to be trusted of which no country is known."""


@dataclass(frozen=True, slots=True)
class PartyRef:
    """A party: the reference for an event, the actor's record, and how sure both are.

    The record is to be kept with the document's actors where it is not among them yet.
    """

    ref: ActorRef
    actor: Actor
    confidence: float


def parties_of(
    doc: Document, sentence: Sentence, actors: DocumentActors, start: int, end: int
) -> list[PartyRef]:
    """Return the parties that a stretch of a sentence names: one, or several of a list.

    Empty if no word of the sentence lies in the stretch.

    Args:
        doc: the document.
        sentence: the parsed sentence that holds the stretch.
        actors: the actors of the document.
        start: offset in the document of the stretch's first character.
        end: offset behind its last.
    """
    tokens = [t.i for t in sentence.tokens if t.start < end and start < t.end]
    if not tokens:
        return []
    reader = _Reader(Scene(doc, sentence, actors))
    found: dict[tuple[str, str | None, str | None], PartyRef] = {}
    for phrase in reader.scene.phrases(tokens[0], tokens[-1]):
        for party in reader.parties(phrase):
            found.setdefault((party.actor.id, party.ref.country, party.ref.sector), party)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parties of one sentence."""

    scene: Scene

    def parties(self, phrase: Phrase) -> list[PartyRef]:
        """Return the parties of a phrase: one, or one for each of its owners."""
        scene = self.scene
        earlier = scene.antecedent(phrase.head)
        if earlier is not None:
            return self.parties(earlier)
        backer = self._backer(phrase)
        if backer is not None:
            return [self._party(phrase, backer, backer.sector, OWNED)]
        named = scene.at.get(phrase.head) or self._before_hyphen(phrase)
        if named is not None:
            return [self._named(phrase, named)]
        state = self._state_called(phrase)
        if state is not None:
            return [self._party(phrase, state, state.sector, OWNED)]
        head = self._inner_head(phrase)
        if self._is_of_many(phrase, head):
            return [self._unnamed(phrase, head, "IGO", None)]
        itself = home_at(scene, head)
        if itself is not None:
            return [self._owned(phrase, itself, self._sector_outside(head))]
        sector = self._sector(phrase, head)
        owners = owners_of(scene, phrase, head)
        if owners:
            return [self._owned(phrase, owner, sector) for owner in owners]
        is_apart = sector in COSMOPOLITAN or self._is_homeless(phrase)
        home = None if is_apart else surroundings_of(scene, phrase)
        return [self._unnamed(phrase, head, sector, home)]

    def _backer(self, phrase: Phrase) -> Actor | None:
        """Return who leads or backs where the phrase says no more ("Saudi-led")."""
        words = self.scene.tokens[phrase.first : phrase.last + 1]
        if len(words) < 3 or words[-1].lower not in BACKED or words[-2].text != "-":
            return None
        return self.scene.actor_at(words[-3].i)

    def _state_called(self, phrase: Phrase) -> Actor | None:
        """Return the state whose name is the phrase, though a part of another ("the Iran deal")."""
        words = tuple(normalise(t.text) for t in self.scene.tokens[phrase.first : phrase.last + 1])
        gazetteer = self.scene.gazetteer
        named = (n.actor for n in gazetteer.names.get(words[0], ()) if n.tokens == words)
        actors = (gazetteer.actors.get(name) for name in named)
        return next((a for a in actors if a is not None and a.kind == "state"), None)

    def _is_of_many(self, phrase: Phrase, head: int) -> bool:
        """Return whether a phrase stands for several states ("Western powers", a coalition)."""
        token, before = self.scene.tokens[head], self.scene.tokens[phrase.first : head]
        if any(t.dep == "poss" and t.head == head for t in before):
            return False
        words = {t.lower for t in before if not self._is_of_state(t.i)}
        if token.lemma == "coalition":
            return bool(words & (REGIONS | {"led", "military"}))
        if token.lemma == "community":
            return "international" in words
        return token.tag in {"NNS", "NNPS"} and token.lemma in MANY and bool(words & REGIONS)

    def _is_of_state(self, i: int) -> bool:
        actor = self.scene.actor_at(i)
        return actor is not None and actor.kind == "state"

    def _is_homeless(self, phrase: Phrase) -> bool:
        words = self.scene.tokens[phrase.first : phrase.last + 1]
        return any(t.lemma in HOMELESS or t.lower in HOMELESS for t in words)

    def _before_hyphen(self, phrase: Phrase) -> ActorMention | None:
        """Return the person of whose name "fang" in "Lin Hui-fang" is the end."""
        if phrase.head - 2 not in phrase or self.scene.tokens[phrase.head - 1].text != "-":
            return None
        actor = self.scene.actor_at(phrase.head - 2)
        return self.scene.at[phrase.head - 2] if actor and actor.kind == "person" else None

    def _inner_head(self, phrase: Phrase) -> int:
        """Return the noun that counts: "hundreds of teachers" are teachers."""
        head = phrase.head
        for _ in range(3):
            token = self.scene.tokens[head]
            inner = self.scene.after_of(head, phrase)
            if inner is None or (token.lemma not in AMOUNTS and token.tag != "CD"):
                break
            if sector_of(token) and not sector_of(self.scene.tokens[inner]):
                break
            head = inner
        return head

    def _named(self, phrase: Phrase, mention: ActorMention) -> PartyRef:
        """Return the party that a mention names; a country takes the sector of its noun."""
        actor = self.scene.actors.actors[mention.actor]
        sector = self._held(actor)
        if actor.kind == "person" and (body := self._body_in_title(phrase, mention)):
            return self._party(phrase, body, body.sector, mention.confidence)
        if actor.kind == "state":
            sector = self._sector_outside(mention.head) or sector
        elif actor.origin == "text" and mention.last > mention.first:
            sector = self._title_sector(phrase, mention.last) or sector
        home = self._true_home(phrase, mention, actor)
        if home is None:
            return self._party(phrase, actor, sector, mention.confidence)
        if actor.kind == "organisation":
            return self._party(phrase, home.actor, sector, home.trust)
        if home.actor.sector in COSMOPOLITAN:
            sector = home.actor.sector
        return self._party(phrase, actor, sector, home.trust, home.actor.country)

    def _held(self, actor: Actor) -> str | None:
        """Return an actor's sector, a person's by the office held at the document's date.

        Who held none then counts as of the government if it ever was.
        """
        serving = [o.sector for o in actor.offices if serves(o, self.scene.doc.date)]
        sectors = serving or [o.sector for o in actor.offices] or [actor.sector]
        return "GOV" if "GOV" in sectors else sectors[0]

    def _true_home(self, phrase: Phrase, mention: ActorMention, actor: Actor) -> Home | None:
        """Return where a named actor belongs, if the list does not tell or mistakes it.

        "Peru's Congress" is not the American one; Kurds, and persons whom only the text names, are
        of the country around them.
        """
        scene = self.scene
        if actor.kind == "organisation" and actor.sector in GENERIC:
            states = [*owners_of(scene, phrase, mention.head), *self._seat(mention.last)]
            own = (h for h in states if h.actor.kind == "state" and h.actor.id != actor.country)
            return next(own, None)
        if actor.country is not None:
            return None
        if actor.kind == "person" and actor.origin == "text":
            return self._in_title(phrase, mention) or surroundings_of(scene, phrase)
        if not is_people(actor):
            return None
        owners = owners_of(scene, phrase, mention.last)
        state = next((home for home in owners if home.actor.kind == "state"), None)
        return state or surroundings_of(scene, phrase)

    def _seat(self, last: int) -> list[Home]:
        """Return the home right behind a body's name, wherever the parse hangs it ("in India")."""
        following = self.scene.tokens[last + 1 : last + 3]
        if len(following) < 2 or following[0].lower not in {"in", "of"}:
            return []
        home = home_at(self.scene, following[1].i)
        return [home] if home else []

    def _body_in_title(self, phrase: Phrase, mention: ActorMention) -> Actor | None:
        """Return the body of many states whose officer a person is ("UN envoy Lakhdar Brahimi")."""
        names = (m for m in self.scene.listed if m.first in phrase and m.last < mention.head)
        bodies = [self.scene.gazetteer.actors[m.actor] for m in names]
        if any(body.kind == "state" for body in bodies):
            return None
        return next((b for b in bodies if b.sector == "IGO" and b.country is None), None)

    def _in_title(self, phrase: Phrase, mention: ActorMention) -> Home | None:
        """Return the actor in a person's title ("Israel's opposition leader X", "X of Y")."""
        for other in self.scene.listed:
            if mention.first <= other.first and other.last < mention.last:
                return Home(self.scene.gazetteer.actors[other.actor], OWNED)
        owners = owners_of(self.scene, phrase, mention.head)
        return next((home for home in owners if home.actor.kind != "person"), None)

    def _sector_outside(self, i: int) -> str | None:
        """Return the sector of the noun that a country modifies or follows outside the stretch.

        "Greek" of "Greek and Turkish troops" and "Peru" of "the navies of Chile and Peru" are MIL.
        """
        tokens = self.scene.tokens
        while tokens[i].dep == "conj" and tokens[i].head != i:
            i = tokens[i].head
        token, governor = tokens[i], tokens[tokens[i].head]
        if token.dep == "pobj" and governor.lower in {"of", "from"}:
            governor = tokens[governor.head]
        elif token.dep not in {"amod", "compound", "nmod"}:
            return None
        return sector_of(governor) if governor.i != i else None

    def _sector(self, phrase: Phrase, head: int) -> str | None:
        """Return a phrase's sector: its head's, unless that says little beside another word."""
        token = self.scene.tokens[head]
        if head > phrase.first and self.scene.tokens[head - 1].lower in RELIEF:
            return "NGO"
        own = self._noun_sector(phrase, head)
        is_weak = own == sector_of(token) and (token.lemma in WEAK or token.lower in WEAK)
        if own and not is_weak:
            return own
        return self._beside(phrase, head) or own

    def _noun_sector(self, phrase: Phrase, head: int) -> str | None:
        """Return the sector of a noun, or of it and the word before ("stock exchange")."""
        token = self.scene.tokens[head]
        pair = sector_of_pair(self.scene.tokens[head - 1], token) if head > phrase.first else None
        return pair or sector_of(token)

    def _beside(self, phrase: Phrase, head: int) -> str | None:
        """Return the sector of the words before a weak noun, or of the one after its "of"."""
        for token in reversed(self.scene.tokens[phrase.first : head]):
            actor = self.scene.actor_at(token.i)
            is_word = actor is None or actor.kind == "person"
            if is_word and token.tag[:1] in {"N", "J"} and (sector := sector_of(token)):
                return sector
        inner = self.scene.after_of(head, phrase)
        return sector_of(self.scene.tokens[inner]) if inner is not None else None

    def _title_sector(self, phrase: Phrase, name: int) -> str | None:
        """Return the sector of the title before a name ("rebel leader Daoud")."""
        titles = (i for i in range(name - 1, phrase.first - 1, -1))
        title = next((i for i in titles if sector_of(self.scene.tokens[i])), None)
        return self._sector(phrase, title) if title is not None else None

    def _owned(self, phrase: Phrase, home: Home, sector: str | None) -> PartyRef:
        """Return the party of a group that belongs to an actor."""
        actor, country = home.actor, home.actor.country
        if actor.kind == "person" and country:
            actor = self.scene.gazetteer.actors[country]
        elif is_people(actor):
            around = surroundings_of(self.scene, phrase)
            country = around.actor.country if around else None
        own = self._held(home.actor)
        is_kept = home.actor.kind != "person" and own in KEEPING.get(sector or "", ())
        if sector is None or is_kept:
            sector = own
        return self._party(phrase, actor, sector, home.trust, country)

    def _unnamed(
        self, phrase: Phrase, head: int, sector: str | None, home: Home | None
    ) -> PartyRef:
        """Return the party of somebody not listed: a person or body by name, or a group.

        A group is its state's, without a state an actor of its own.
        """
        is_name = self.scene.tokens[head].tag in {"NNP", "NNPS"}
        trust = home.trust if home else UNKNOWN
        country = home.actor.country if home else None
        if home is not None and not is_name:
            return self._party(phrase, home.actor, sector or home.actor.sector, trust)
        if is_name and self._noun_sector(phrase, head) is None:
            sector = self._title_sector(phrase, head) or sector
            actor = make_person(self._name(head), Description("", None, None, country), sector)
            return self._party(phrase, actor, sector, trust)
        words = self._text(phrase)
        actor = Actor(
            id=f"{country or 'unnamed'}.{slug(words) or 'group'}",
            name=words,
            kind="organisation" if is_name else "group",
            country=country,
            sector=sector,
            origin="text",
        )
        return self._party(phrase, actor, sector, trust)

    def _party(
        self,
        phrase: Phrase,
        actor: Actor,
        sector: str | None,
        confidence: float,
        country: str | None = None,
    ) -> PartyRef:
        """Return the party of an actor, in the country that the text tells if the list does not."""
        tokens = self.scene.tokens
        ref = ActorRef(
            actor=actor.id,
            name=actor.name,
            country=country or actor.country,
            sector=sector,
            span=self.scene.doc.span(tokens[phrase.first].start, tokens[phrase.last].end),
        )
        return PartyRef(ref, actor, round(confidence, 3))

    def _name(self, head: int) -> str:
        """Return the capitalised words up to a head that make a name."""
        tokens = self.scene.tokens
        first = head
        while first and tokens[first - 1].tag == "NNP" and sector_of(tokens[first - 1]) is None:
            first -= 1
        return " ".join(t.text for t in tokens[first : head + 1])

    def _text(self, phrase: Phrase) -> str:
        tokens = self.scene.tokens
        return self.scene.doc.text[tokens[phrase.first].start : tokens[phrase.last].end]

"""Homes: whose a party is, by its phrase, the words around it, or the document.

"Dutch police" are Dutch by the phrase, "police in Cairo" Egyptian by the place. An unnamed group is
taken to be of the place where something happened, else of the actor that its sentence names first,
else of the state that the document names in at least half of the cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detente.extract.clauses import children, conjuncts
from detente.extract.mentions import LOCATIVES
from detente.extract.scene import Phrase, Scene
from detente.schema import Actor

OWNERS = ("poss", "amod", "compound", "nmod", "npadvmod")
OWNING = {"of", "from", "in", "at", "for", "inside", "within", "across", "near", "under"}
BACKED = {
    "backed", "led", "made", "trained", "funded", "financed", "supplied", "armed", "supported",
    "sponsored", "allied", "brokered", "built", "occupied", "held", "aligned", "friendly",
    "born",
}  # fmt: skip
"""What stands after a country whose party the phrase is not ("Turkish-backed rebels")."""

OWNED, PLACED, NEAR, ASSUMED = 0.95, 0.85, 0.8, 0.5
"""How far a home is to be trusted that is owner, place, other actor, state of the document; about
the share that was right on sentences written for development."""


@dataclass(frozen=True, slots=True)
class Home:
    """The actor whose a party is, and the trust in it; `is_vague` where a pronoun tells it."""

    actor: Actor
    trust: float
    is_vague: bool = False


def is_people(actor: Actor) -> bool:
    """Return whether an actor is a people that lives in several countries ("Kurds")."""
    return actor.kind == "group" and actor.sector == "CVL" and actor.country is None


def owners_of(scene: Scene, phrase: Phrase, head: int) -> list[Home]:
    """Return whom a head belongs to within its phrase; several own it jointly.

    A modifier goes before what follows the head, a name with a country before one without, a name
    before a pronoun: "his German counterpart" is German.
    """
    sentence = scene.sentence
    behind = (
        child
        for prep in children(sentence, head, "prep")
        if prep.lower in OWNING
        for child in children(sentence, prep.i, "pobj")
    )
    inside = scene.tokens[phrase.first : phrase.last + 1]
    for words in (children(sentence, head, *OWNERS), behind, inside):
        lists = [
            _homes(scene, (i for i in _joined(scene, t.i) if i in phrase))
            for t in words
            if t.i != head
        ]
        found = [homes for homes in lists if homes]
        if found:
            return min(found, key=lambda homes: (not homes[0].actor.country, homes[0].is_vague))
    return []


def _joined(scene: Scene, i: int) -> Iterator[int]:
    """Yield a word, those coordinated with it, and the one that a hyphen ties to it.

    "An Italian-Polish initiative" belongs to both.
    """
    if i > 1 and scene.tokens[i - 1].text == "-" and scene.tokens[i - 2].head == i:
        yield i - 2
    yield from conjuncts(scene.sentence, i)


def _homes(scene: Scene, tokens: Iterable[int]) -> list[Home]:
    """Return the actors at some tokens, each once."""
    found: dict[str, Home] = {}
    for i in tokens:
        home = home_at(scene, i)
        if home is not None:
            found.setdefault(home.actor.id, home)
    return list(found.values())


def home_at(scene: Scene, i: int) -> Home | None:
    """Return the actor at a token, the state of a place there, or whom "their" stands for."""
    mention = scene.at.get(i)
    if mention is not None:
        if _is_backer(scene, mention.last):
            return None
        actor = scene.actors.actors[mention.actor]
        return Home(actor, OWNED * mention.confidence, mention.kind == "pronoun")
    if scene.tokens[i].lower in {"their", "whose"}:
        earlier = scene.antecedent(i)
        home = home_of(scene, earlier) if earlier else None
        return Home(home.actor, NEAR, is_vague=True) if home else None
    place = scene.place_at(i)
    return Home(scene.gazetteer.actors[place.country], PLACED) if place else None


def home_of(scene: Scene, phrase: Phrase) -> Home | None:
    """Return whose a phrase is: its head's own home, its owner's, else of its surroundings."""
    home = home_at(scene, phrase.head)
    owned = owners_of(scene, phrase, phrase.head)
    return home or (owned[0] if owned else surroundings_of(scene, phrase))


def _is_backer(scene: Scene, last: int) -> bool:
    """Return whether a name only says who backs, leads or made somebody ("-backed")."""
    after = scene.tokens[last + 1 : last + 3]
    return len(after) == 2 and after[0].text == "-" and after[1].lower in BACKED


def surroundings_of(scene: Scene, phrase: Phrase) -> Home | None:
    """Return the home of a party whose own words tell none, None if nothing is near.

    The first of: an owner outside the stretch, the owner of the title beside a name, a place or
    state after a locative, the first actor of the sentence, the state of the document.
    """
    owner = _owner_beside(scene, phrase)
    if owner is not None:
        return _state_of(scene, owner, OWNED)
    if any(t.lower == "foreign" for t in scene.tokens[phrase.first : phrase.head]):
        return None
    spots = {p.first for p in scene.places} | {m.head for m in scene.mentions}
    outside = [i for i in spots if i not in phrase]
    for i in sorted(outside, key=lambda i: (not _is_located(scene, i), i)):
        home = home_at(scene, i)
        if home is not None and home.actor.country:
            return _state_of(scene, home, PLACED if _is_located(scene, i) else NEAR)
    return _document_home(scene)


def _owner_beside(scene: Scene, phrase: Phrase) -> Home | None:
    """Return the owner that stands outside the stretch, or owns the title before a name.

    "The government and people of X" are both of X.
    """
    head = phrase.head
    outside = [t.i for t in children(scene.sentence, head, *OWNERS) if t.i not in phrase]
    homes = _homes(scene, outside)
    for noun in (head, *_bare_conjuncts(scene, head)):
        of = (t.i for t in children(scene.sentence, noun, "prep") if t.lower == "of")
        homes += _homes(scene, (t.i for i in of for t in children(scene.sentence, i, "pobj")))
    governor = scene.tokens[head].head
    if scene.tokens[head].dep == "appos" and governor not in phrase:
        homes += owners_of(scene, scene.phrase_of(governor, phrase.first), governor)
    return next((home for home in homes if home.actor.country), None)


def _bare_conjuncts(scene: Scene, head: int) -> list[int]:
    """Return the nouns coordinated with a head that share its article and its modifiers."""
    own = ("det", "poss", "amod", "nummod")
    nouns = children(scene.sentence, head, "conj")
    return [t.i for t in nouns if not any(children(scene.sentence, t.i, *own))]


def _state_of(scene: Scene, home: Home, trust: float) -> Home:
    """Return the state of an actor's country, with a trust of its own."""
    return Home(scene.gazetteer.actors[home.actor.country or ""], trust)


def _is_located(scene: Scene, i: int) -> bool:
    """Return whether a place or state stands after a locative ("in the Syrian town of Homs")."""
    actor = scene.actor_at(i)
    if actor is not None and actor.kind != "state":
        return False
    for _ in range(4):
        token = scene.tokens[i]
        head = scene.tokens[token.head]
        if token.dep == "pobj" and head.lower in LOCATIVES:
            return True
        if token.dep == "pobj" and head.lower == "of":
            i = head.head
        elif token.dep in OWNERS:
            i = token.head
        else:
            return False
    return False


def _document_home(scene: Scene) -> Home | None:
    """Return the state that the document names most, if it names it in half of the cases."""
    actors = scene.actors
    counts = Counter(
        country for m in actors.mentions if (country := actors.actors[m.actor].country)
    )
    if not counts:
        return None
    country, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return Home(scene.gazetteer.actors[country], ASSUMED) if 2 * most >= counts.total() else None

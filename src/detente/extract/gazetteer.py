"""The gazetteer: listed actors with their names, demonyms, metonyms and dated offices.

Read from `actors.csv`, `persons.csv`, `places.csv`, `cities.csv` and `roles.csv` in
`detente/data`, which an analyst edits without Python. Lookup works on normalised tokens: lower
case, without accents, straight quotes.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from detente.schema import Actor, Office

NameKind = Literal["name", "acronym", "demonym", "metonym"]
FAMILY_FIRST = {"CHN", "TWN", "KOR", "PRK", "VNM", "HKG"}
"""Where the family name stands first in English news."""

SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
NOBODY = ""
"""The actor of a phrase that holds a country's name and names none ("South China Sea")."""

AMBIGUOUS_SURNAMES = {
    "kim", "li", "wang", "park", "lee", "moon", "brown", "smith", "johnson", "paul", "young",
    "bush", "carter", "ford", "may", "king", "long", "price", "rice", "powell", "wilson", "graham",
    "jones", "miller", "allen", "cook", "kelly", "walker", "scott", "ryan", "carson", "stein",
    "castro", "chang", "chen", "lin", "liu", "ma", "yang", "zhang", "zhao", "hu", "han", "he",
    "mao", "song", "sun", "wu", "xu", "you", "ban", "singh", "santos", "flores", "garcia", "martin",
    "thomas", "cameron", "johnston", "power", "page", "stone", "cotton", "sessions", "earnest",
    "key", "english", "to", "say", "cash", "banks", "hunt", "hammond", "fallon", "wallace", "truss",
    "patel", "tusk", "michel", "adams", "ahmed", "ai", "ali", "alia", "arias", "aziz", "banda",
    "abdullah", "barre", "begin", "bio", "camara", "castillo", "cheng", "chiang", "clark", "conde",
    "dan", "do", "doe", "duarte", "faye", "fernandez", "fischer", "gonzalez", "hassan", "hawke",
    "henry", "hernandez", "howard", "hussein", "jonathan", "kast", "keating", "kenny", "kok",
    "lagos", "lai", "lama", "lange", "lasso", "le", "leo", "lopez", "mohamed", "mohammed", "moi",
    "molina", "morales", "moreno", "mori", "nguyen", "nova", "paz", "pena", "perez", "peters",
    "phan", "pot", "rama", "ramos", "rao", "reynolds", "robinson", "rupo", "sall", "shor", "silva",
    "soares", "taylor", "tong", "vieira", "wade", "win", "wine", "wong", "medina", "chaves",
    "neves", "simion", "toure", "maiga", "keita", "marquez", "guzman", "laar", "meri", "barrow",
    "lugo", "magyar", "tatar",
}  # fmt: skip
"""Surnames that name a listed person only after the full name, for they are too common."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name a listed actor: its normalised tokens and how strictly to match them.

    `exact` tokens must match in case ("US" is not "us"); a `guarded` name needs context.
    """

    tokens: tuple[str, ...]
    written: tuple[str, ...]
    actor: str
    kind: NameKind
    exact: bool
    guarded: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A listed person's sex ("m", "f" or empty), offices, and terms under each title."""

    id: str
    gender: str
    offices: tuple[Office, ...]
    terms: tuple[tuple[str, Office], ...]

    def bears(self, title: str, date: str | None) -> bool:
        """Return whether the person holds a title at a date, or one that ends in it."""
        return any(serves(office, date) for office in self._terms_as(title))

    def bore(self, title: str, date: str | None) -> bool:
        """Return whether the person held a title, or one that ends in it, and no longer does."""
        return bool(self._terms_as(title)) and not self.bears(title, date)

    def _terms_as(self, title: str) -> list[Office]:
        return [o for held, o in self.terms if held == title or held.endswith(" " + title)]


@dataclass(slots=True)
class Gazetteer:
    """All listed actors. `names` and `cities` are keyed by first token; longer ones come first.

    `cities` are all places that lie in a country and act for nobody, as (tokens, country).
    """

    actors: dict[str, Actor] = field(default_factory=dict)
    names: dict[str, list[Name]] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    surnames: dict[str, tuple[str, ...]] = field(default_factory=dict)
    holders: dict[tuple[str, str], list[tuple[str, Office]]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    places: dict[str, str] = field(default_factory=dict)
    cities: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    full_names: dict[str, str] = field(default_factory=dict)

    def holder(self, country: str, title: str, date: str | None) -> str | None:
        """Return the person who held an office of a country at a date, or its latest holder.

        Args:
            country: ISO alpha-3 code or organisation id.
            title: the office in lower case, as in the list or one of its other titles.
            date: ISO date, possibly partial; null takes the latest holder.
        """
        candidates = self.holders.get((country, title), [])
        serving = [(o.start or "", p) for p, o in candidates if serves(o, date)]
        if serving:
            return max(serving)[1]
        return max(((o.start or "", p) for p, o in candidates), default=("", None))[1]

    def former_holder(self, country: str, title: str, date: str | None) -> str | None:
        """Return the person who was the last to leave an office of a country before a date."""
        left = [
            (office.end, person)
            for person, office in self.holders.get((country, title), [])
            if office.end is not None and (date is None or office.end <= date)
        ]
        return max(left)[1] if left else None

    def is_serving(self, person: str, date: str | None) -> bool:
        """Return whether a listed person holds any office at a date."""
        return any(serves(office, date) for office in self.persons[person].offices)


def serves(office: Office, date: str | None) -> bool:
    """Return whether an office is held at an ISO date; a partial date counts when it overlaps."""
    if date is None or date.startswith("--"):
        return office.end is None
    return (office.start or "") <= date + "~" and (office.end is None or office.end + "~" >= date)


@lru_cache(maxsize=200_000)
def normalise(word: str) -> str:
    """Return a word in lower case, without accents, with straight apostrophes."""
    if word.isascii():
        return word.lower()
    word = word.replace("’", "'").replace("‘", "'")
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def slug(text: str) -> str:
    """Return a name as the part of an actor id: lower-case ASCII words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", normalise(text).replace("'", "")))


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer shipped with the package."""
    gazetteer = Gazetteer()
    names: dict[tuple[tuple[str, ...], str, bool], Name] = {}
    for row in _rows("actors.csv"):
        gazetteer.actors[row["id"]] = Actor(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],  # type: ignore[arg-type]  # checked by the data's own test
            country=row["country"] or None,
            sector=row["sector"] or None,
        )
        guarded = set(row["ambiguous"].split("|"))
        for written, kind in _names_of(row):
            name = _name(written, row["id"], kind, guarded=written in guarded)
            names.setdefault((name.tokens, name.actor, name.exact), name)
    _add_persons(gazetteer, names)
    for row in _rows("phrases.csv"):
        name = _name(row["phrase"], NOBODY, "name", guarded=False)
        names[(name.tokens, NOBODY, False)] = name
    for name in names.values():
        gazetteer.names.setdefault(name.tokens[0], []).append(name)
    for entries in gazetteer.names.values():
        entries.sort(key=lambda n: (-len(n.tokens), n.guarded, n.actor))
    titles = {title for _, title in gazetteer.holders}
    gazetteer.titles = frozenset(titles | {title.split()[-1] for title in titles})
    gazetteer.places = {row["place"]: row["country"] for row in _rows("places.csv")}
    for row in (*_rows("places.csv"), *_rows("cities.csv")):
        tokens = tuple(normalise(piece) for piece in tokenise(row["place"]))
        gazetteer.cities.setdefault(tokens[0], []).append((tokens, row["country"]))
    for found in gazetteer.cities.values():
        found.sort(key=lambda city: -len(city[0]))
    gazetteer.roles = {row["lemma"]: row["sector"] for row in _rows("roles.csv")}
    return gazetteer


def _names_of(row: dict[str, str]) -> list[tuple[str, NameKind]]:
    """Return all (written name, kind) pairs of a row of `actors.csv`."""
    pairs: list[tuple[str, NameKind]] = [(row["name"], "name")]
    pairs += [(w, "acronym" if w.isupper() else "name") for w in _split(row["aliases"])]
    pairs += [(w, "demonym") for w in _split(row["demonyms"])]
    pairs += [(w, "metonym") for w in _split(row["metonyms"])]
    return pairs


def _add_persons(
    gazetteer: Gazetteer, names: dict[tuple[tuple[str, ...], str, bool], Name]
) -> None:
    """Add the persons of `persons.csv`, a row for each office, to the gazetteer and the names."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows("persons.csv"):
        rows[row["id"]].append(row)
    surnames: dict[str, list[str]] = defaultdict(list)
    for person, offices in rows.items():
        first = offices[0]
        records = tuple(_office(row) for row in offices)
        latest = max(records, key=lambda o: o.start or "")
        prefix = person.partition(".")[0]
        country = prefix if len(prefix) == 3 else first["country"]
        gazetteer.actors[person] = Actor(
            id=person,
            name=first["name"],
            kind="person",
            country=country if len(country) == 3 and country.isupper() else None,
            sector=latest.sector,
            offices=records,
        )
        terms = tuple(
            (title.lower(), office)
            for row, office in zip(offices, records, strict=True)
            for title in _titles(row)
        )
        gazetteer.persons[person] = Person(person, first["gender"], records, terms)
        for row, office in zip(offices, records, strict=True):
            for title in _titles(row):
                gazetteer.holders.setdefault((row["country"], title.lower()), []).append(
                    (person, office)
                )
        for row in offices:
            for written in (row["name"], *_split(row["aliases"])):
                name = _name(written, person, "name", guarded=False)
                names.setdefault((name.tokens, person, name.exact), name)
        for surname in {
            family_name(n, country) for n in (first["name"], *_split(first["aliases"]))
        }:
            surnames[normalise(surname)].append(person)
    gazetteer.full_names = {
        plain_name(name): person
        for person, offices in rows.items()
        for name in (offices[0]["name"], *_split(offices[0]["aliases"]))
        if " " in name and not SUFFIXES & set(re.split(r"[\s.,]+", name.lower()))
    }
    gazetteer.surnames = {name: tuple(dict.fromkeys(ids)) for name, ids in surnames.items()}


def plain_name(name: str) -> str:
    """Return a full name in lower case without initials and suffixes, to compare spellings."""
    words = [normalise(word) for word in name.split()]
    kept = [w for w in words if len(w.strip(".")) > 1 and w.strip(".,") not in SUFFIXES]
    return " ".join(kept)


def surname_of(name: str, person: str, country: str | None) -> str:
    """Return the normalised word by which a person is named alone: the family name's last."""
    family = _family_by_id(name, person) or family_name(name, country)
    return normalise(family.split()[-1])


def _family_by_id(name: str, person: str) -> str | None:
    """Return the words of a name that make the family name in the person's id, if they do.

    Ids join particles and double names ("vonderleyen"), so the words are compared joined.
    """
    family = person.partition(".")[2].partition("-")[0]
    words = name.split()
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            if slug("".join(words[i : i + size])).replace("-", "") == family:
                return " ".join(words[i : i + size])
    return None


def _titles(row: dict[str, str]) -> list[str]:
    return [row["office"], *_split(row["office_aliases"])]


def _office(row: dict[str, str]) -> Office:
    return Office(
        title=row["office"],
        country=row["country"] or None,
        sector=row["sector"] or None,
        start=row["start"] or None,
        end=row["end"] or None,
        checked=row["checked"].lower() == "true",
    )


def family_name(name: str, country: str | None) -> str:
    """Return the family name of a full name, which some countries put first."""
    parts = [p for p in name.split() if normalise(p).strip(".") not in {"jr", "sr", "iii", "ii"}]
    if not parts:
        return name
    if country in FAMILY_FIRST and normalise(parts[0]) in _family_names():
        return parts[0]
    particles = {"von", "van", "der", "de", "bin", "al", "el", "le", "la", "da", "dos"}
    for i in range(1, len(parts) - 1):
        if normalise(parts[i]) in particles:
            return " ".join(parts[i:])
    return parts[-1]


@cache
def _family_names() -> frozenset[str]:
    """Return Chinese, Korean and Vietnamese family names, which stand first in a name."""
    return frozenset(row["name"] for row in _rows("family_names.csv"))


def _name(written: str, actor: str, kind: NameKind, *, guarded: bool) -> Name:
    pieces = tuple(tokenise(written))
    letters = [p for p in pieces if p.isalpha() or "." in p]
    exact = all(p.isupper() for p in letters) and len(written) <= 7
    return Name(tuple(normalise(p) for p in pieces), pieces, actor, kind, exact, guarded)


def tokenise(written: str) -> list[str]:
    """Return the pieces of a name as the parser cuts them: blanks, hyphens and 's apart."""
    text = written.replace("’", "'")
    return re.findall(r"'s\b|[-,()]|[^\s'(),-]+(?:'(?!s\b)[^\s'(),-]*)*|'", text)


def _split(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("|") if part.strip()]


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("detente") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))

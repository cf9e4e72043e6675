"""Persons whom no list knows: found by title, apposition or as the subject of a reporting verb.

"Wu Xinbo, Dean of the Institute of International Studies, Fudan University" becomes an actor with
the office, affiliation and country that the text gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from detente.extract.clauses import children, is_verb
from detente.extract.gazetteer import AMBIGUOUS_SURNAMES, Gazetteer, family_name, normalise, slug
from detente.extract.language import Sentence, Token
from detente.extract.lexicon import load_lexicon
from detente.extract.mentions import ActorMention
from detente.schema import Actor

RANKS = {
    "admiral", "rear", "vice", "general", "colonel", "major", "captain", "lieutenant", "chief",
    "ambassador", "professor", "senator", "congressman", "congresswoman", "representative",
    "governor", "mayor", "justice", "judge", "prince", "princess", "king", "queen", "sheikh",
    "foreign", "defence", "defense", "prime", "deputy", "former", "president", "minister",
    "secretary", "chancellor", "columnist", "analyst",
}  # fmt: skip
"""Words of rank that stand before a name in capitals and are no part of it."""
PARTICLES = {"bin", "al", "de", "van", "von", "der", "el", "la", "da", "dos", "ibn", "abu", "du"}
HONORIFICS = {
    "mr.", "ms.", "mrs.", "mr", "ms", "mrs", "dr.", "dr", "sir", "lord", "lady", "prof.", "rep.",
    "sen.", "gov.", "gen.", "reps.", "sens.", "col.", "lt.", "rev.", "adm.", "capt.",
}  # fmt: skip
FEMALE, MALE = {"ms.", "ms", "mrs.", "mrs", "lady"}, {"mr.", "mr", "sir", "lord"}
INSTITUTION = re.compile(
    r"\b(?:University|Institut\w*|Council|Academy|College|School|Cent(?:er|re)|Think Tank|"
    r"Foundation|Society|Committee|Ministry|Department|Agency|Association|Observer|Times|Post|Journal|Group|"
    r"Bank|Chamber|Commission|Bureau|Office|House|Union|Party|Court|Club|Network|Project|Forum)\b"
)
NOT_NAMES = {
    "president", "minister", "secretary", "senator", "professor", "general", "the", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
    "march", "april", "june", "july", "august", "september", "october", "november", "december",
    "west", "east", "north", "south", "god", "internet", "congress", "party", "times", "news",
    "studies", "international", "national", "foreign", "institute", "university", "council",
    "academy", "center", "centre", "department", "committee", "ministry", "affairs", "policy",
    "war", "world", "new", "cold", "state", "states", "house", "street", "act", "deal", "trade",
    "agreement", "treaty", "bank", "group", "court", "law", "county", "city", "school",
    "tank", "think", "summit", "conference", "day", "year", "order", "security", "defense",
    "defence", "economic", "political", "social", "global", "strategic", "republic", "federation",
    "stock", "exchange", "commission", "agency", "association", "society", "foundation", "bureau",
    "office", "union", "club", "network", "project", "forum", "corporation", "company", "airlines",
    "hospital", "forces", "police", "army", "movement", "front", "brigade", "province", "district",
    "island", "islands", "river", "mountain", "airport", "fund", "authority", "alliance",
}  # fmt: skip
PARTY_LABEL = re.compile(r"^(?:Rep|Sen|Gov)\.|\([RDI]-[A-Z]")
US_STYLE = re.compile(
    r"\b(?:Rep\.|Sen\.|Reps\.|Sens\.|Gov\.|[RDI]-[A-Z][\w.]*|Republican|Democrat\w*|GOP)"
)
"""Titles and party labels that only American politicians bear in English news."""
NOT_NAME_TAGS = {"MD", "IN", "DT", "PRP", "PRP$", "CC", "WDT", "WP", "WRB", "TO", "RB", "EX", "UH"}
WORKS_FOR = {"of", "at", "with", "for", "from", "in"}
MAX_NAME = 5
"""Words of a person's name at most, initials and particles included."""


@dataclass(slots=True)
class NameRun:
    """A stretch of capitalised words that may name a person: tokens `first` to `last`."""

    first: int
    last: int
    tokens: list[Token]

    @property
    def text(self) -> str:
        """Return the name as written, with single blanks."""
        words = " ".join(t.text for t in self.tokens)
        return re.sub(r" (?=[-’'])|(?<=[-]) ", "", words)


@dataclass(slots=True)
class Description:
    """What a text says of a person: role noun, full office, affiliation and country."""

    role: str
    office: str | None
    affiliation: str | None
    country: str | None


def find_runs(sentence: Sentence, taken: set[int]) -> list[NameRun]:
    """Return the stretches of two or more capitalised words outside the tokens `taken`."""
    runs: list[NameRun] = []
    current: list[Token] = []
    for token in sentence.tokens:
        is_part = token.i not in taken and _is_name_word(token)
        is_hyphen = token.text == "-" and bool(current) and current[-1].end == token.start
        is_joint = token.lower in PARTICLES or is_hyphen
        joins = bool(current) and token.i not in taken and is_joint
        if is_part or joins:
            current.append(token)
            continue
        _close(runs, current)
        current = []
    _close(runs, current)
    return runs


def _close(runs: list[NameRun], words: list[Token]) -> None:
    loose = {*PARTICLES, "-"}
    while words and words[-1].lower in loose:
        words = words[:-1]
    while words and words[0].lower in HONORIFICS | RANKS:
        words = words[1:]
    if 2 <= len(words) <= MAX_NAME:
        runs.append(NameRun(words[0].i, words[-1].i, words))


def _is_name_word(token: Token) -> bool:
    text = token.text
    if not text[0].isupper() or normalise(text) in NOT_NAMES:
        return False
    if token.tag in NOT_NAME_TAGS:
        return False
    is_initial = len(text) <= 4 and text.endswith(".") and text[0].isupper()
    is_word = text.replace("-", "").replace("’", "").replace("'", "").isalpha()
    return is_initial or (is_word and not (text.isupper() and len(text) > 2)
                          and (token.tag in {"NNP", "NNPS"} or token.i > 0))  # fmt: skip


def describe(
    sentence: Sentence,
    run: NameRun,
    mentions: Iterable[ActorMention],
    gazetteer: Gazetteer,
) -> Description | None:
    """Return what the sentence says of the person named by `run`, None if it says nothing.

    Args:
        sentence: the parsed sentence.
        run: the person's name.
        mentions: the listed actors of the sentence, for the country of an affiliation.
        gazetteer: for the role nouns.
    """
    tokens = sentence.tokens
    before = _title_before(sentence, run, gazetteer)
    after = _apposition(sentence, run, gazetteer)
    works_for = _works_for(sentence, run)
    found = after or before
    if found is None and works_for is None:
        return _american(sentence, run)
    role = ""
    office = affiliation = None
    low, high = run.first, run.last
    if found:
        role = (
            tokens[found[2]].lemma if tokens[found[2]].tag[:3] != "NNP" else tokens[found[2]].lower
        )
        low, high = found[0], found[1]
        office, affiliation = _split_office(sentence, low, high, found[2])
    if works_for and not affiliation:
        affiliation = _text(sentence, works_for)
        low, high = min(low, works_for[0]), max(high, works_for[-1])
    inside = [m for m in mentions if low <= m.first and m.last <= high]
    words = " ".join(t.text for t in tokens[low : high + 1])
    country = _country_of(inside, words, gazetteer) or ("USA" if US_STYLE.search(words) else None)
    return Description(role, office, affiliation, country)


def _american(sentence: Sentence, run: NameRun) -> Description | None:
    """Return the description of "Rep. Jane Doe" or "Jane Doe (D-Ohio)", American by its form."""
    low, high = max(0, run.first - 1), min(len(sentence.tokens), run.last + 6)
    around = "".join(t.text for t in sentence.tokens[low:high])
    if not PARTY_LABEL.search(around):
        return None
    return Description("lawmaker", None, None, "USA")


def _title_before(
    sentence: Sentence, run: NameRun, gazetteer: Gazetteer
) -> tuple[int, int, int] | None:
    """Return (first, last, role) of the words before a name that give a role, if any."""
    tokens = sentence.tokens
    role = None
    i = run.first - 1
    while i >= max(0, run.first - 8):
        token = tokens[i]
        if is_verb(token):
            break
        if token.lower in gazetteer.roles or token.lemma in gazetteer.roles:
            role = i if role is None else role
        elif (role is None and token.lower not in HONORIFICS) or (
            token.tag[:1] not in {"N", "J"}
            and token.lower
            not in {
                "of",
                "for",
                "and",
                "-",
                "the",
            }
        ):
            break
        i -= 1
    return (i + 1, run.first - 1, role) if role is not None else None


def _apposition(
    sentence: Sentence, run: NameRun, gazetteer: Gazetteer
) -> tuple[int, int, int] | None:
    """Return (first, last, role) of "a columnist with the Observer" after a name and a comma."""
    tokens = sentence.tokens
    start = run.last + 1
    if start >= len(tokens) or tokens[start].text not in {",", "(", "—", "–"}:
        return None
    role = next(
        (
            i
            for i in range(start + 1, min(start + 9, len(tokens)))
            if tokens[i].lower in gazetteer.roles or tokens[i].lemma in gazetteer.roles
        ),
        None,
    )
    between = tokens[start + 1 : role]
    if role is None or any(_breaks(t) or t.lower == "and" for t in between):
        return None
    end = role
    for i in range(role + 1, len(tokens)):
        if _breaks(tokens[i]):
            break
        if tokens[i].text == "," and not _continues(tokens, i):
            break
        end = i
    return start + 1, end, role


def _breaks(token: Token) -> bool:
    """Return whether a word ends an apposition: a verb, a clause word or closing punctuation."""
    if token.tag in {"VBD", "VBZ", "VBP", "MD", "WP", "WDT", "WRB"} or token.text in {
        ";",
        ":",
        ")",
    }:
        return True
    return token.tag in {"VBG", "VBN"} and token.text[:1].islower() and token.dep in {
        "acl", "advcl", "ROOT", "ccomp", "relcl"
    }  # fmt: skip


def _continues(tokens: list[Token], comma: int) -> bool:
    """Return whether a comma inside an apposition leads on to a further office or institution."""
    following = tokens[comma + 1 : comma + 4]
    if not following or not following[0].text[0].isupper():
        return False
    rest: list[Token] = []
    for token in tokens[comma + 1 : comma + 12]:
        if token.text == "," or _breaks(token):
            break
        rest.append(token)
    return INSTITUTION.search(" ".join(t.text for t in rest)) is not None


def _works_for(sentence: Sentence, run: NameRun) -> list[int] | None:
    """Return the tokens of the institution in "X of the Y Institute" or "X, writing for Y"."""
    heads = [
        run.last,
        *(t.i for t in children(sentence, run.last, "conj", "acl", "advcl", "appos")),
    ]
    if sentence.tokens[run.last].dep == "conj":
        heads.append(sentence.tokens[run.last].head)
    governor = sentence.tokens[sentence.tokens[run.last].head]
    if sentence.tokens[run.last].dep == "nsubj":
        heads += [t.i for t in children(sentence, governor.i, "advcl") if t.lemma == "write"]
    for head in heads:
        is_writing = sentence.tokens[head].lemma in {"write", "speak", "work"}
        if head != run.last and not is_writing and sentence.tokens[head].tag[:3] != "NNP":
            continue
        for prep in children(sentence, head, "prep"):
            if prep.lower not in WORKS_FOR:
                continue
            tokens = [i for t in children(sentence, prep.i, "pobj") for i in sentence.subtree(t.i)]
            tokens = _until_clause(sentence, tokens)
            if tokens and INSTITUTION.search(_text(sentence, tokens) or ""):
                return tokens
    return None


def _until_clause(sentence: Sentence, tokens: list[int]) -> list[int]:
    kept: list[int] = []
    for i in tokens:
        if _breaks(sentence.tokens[i]) or (kept and i != kept[-1] + 1):
            break
        kept.append(i)
    return kept


def _split_office(
    sentence: Sentence, first: int, last: int, role: int
) -> tuple[str | None, str | None]:
    """Return (office, affiliation) of a description: the role, and what it belongs to."""
    tokens = sentence.tokens
    pieces: list[list[int]] = [[]]
    for i in range(first, last + 1):
        if tokens[i].text == ",":
            pieces.append([])
        else:
            pieces[-1].append(i)
    pieces = [piece for piece in pieces if piece]
    institution = next(
        (p for p in reversed(pieces[1:]) if tokens[p[0]].lower not in {"dean", "director"}), None
    )
    described = next((p for p in pieces if role in p), pieces[0])
    joint = next((i for i in described if i > role and tokens[i].lower in WORKS_FOR), None)
    if institution is None and joint is not None:
        institution = [i for i in described if i > joint]
        described = [i for i in described if i < joint]
    return _text(sentence, described), _text(sentence, institution or [])


def _text(sentence: Sentence, tokens: list[int]) -> str | None:
    """Return tokens as text without a leading article, blanks where the document has them."""
    words = [sentence.tokens[i] for i in tokens]
    while words and words[0].lower in {"a", "an", "the"}:
        words = words[1:]
    opened = next((k for k, w in enumerate(words) if w.text == "("), None)
    if opened is not None and all(w.text != ")" for w in words[opened:]):
        words = words[:opened]
    while words and words[-1].text in {",", "(", "-", "—"}:
        words = words[:-1]
    if not words:
        return None
    text = words[0].text
    for previous, word in pairwise(words):
        text += (" " if word.start > previous.end else "") + word.text
    return text


def _country_of(inside: list[ActorMention], text: str, gazetteer: Gazetteer) -> str | None:
    """Return the country of a description: its institutions first, then persons, then places."""
    named = [gazetteer.actors[m.actor] for m in sorted(inside, key=lambda m: m.first - m.last)]
    for actor in sorted(named, key=lambda actor: actor.kind == "person"):
        if actor.country:
            return actor.country
    for word in text.split():
        persons = gazetteer.surnames.get(normalise(word), ())
        if len(persons) == 1 and word[0].isupper() and normalise(word) not in AMBIGUOUS_SURNAMES:
            return gazetteer.actors[persons[0]].country
    return next(
        (c for place, c in gazetteer.places.items() if re.search(rf"\b{place}\b", text)), None
    )


def is_speaking(sentence: Sentence, token: int) -> bool:
    """Return whether a name is the subject of a reporting verb, or stands after "according to"."""
    word = sentence.tokens[token]
    governor = sentence.tokens[word.head]
    cues = load_lexicon().cues["verb"]
    if word.dep in {"nsubj", "nsubjpass"} and governor.lemma in cues:
        return True
    if word.dep == "conj" and word.head != token:
        return is_speaking(sentence, word.head)
    return word.dep == "pobj" and governor.lower == "to" and (
        sentence.tokens[governor.head].lower == "according"
    )  # fmt: skip


def make_person(name: str, description: Description | None, sector: str | None) -> Actor:
    """Return the actor for a person whom the text introduces."""
    country = description.country if description else None
    name = " ".join(w for w in name.split() if len(w.strip(".")) > 1 or "." not in w) or name
    family = family_name(name, country)
    given = " ".join(part for part in name.split() if part not in family.split())
    key = "-".join(part for part in (slug(family), slug(given)) if part)
    return Actor(
        id=f"{country or 'person'}.{key}",
        name=name,
        kind="person",
        country=country,
        sector=sector,
        affiliation=description.affiliation if description else None,
        origin="text",
    )

"""Datelines, bylines and author bios: the lines in which a text names its own place and author.

All are read from the text as received and returned with their offsets, so that the same words serve
as metadata and are kept out of coding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.documents.sentences import split_paragraphs, split_sentences

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
HEAD_PARAGRAPHS = 6
"""A byline or dateline stands in the first paragraphs; later ones are quotations."""
TAIL_PARAGRAPHS = 6
"""A bio stands in the last paragraphs, before the page's own calls and comment boxes."""

_HEAD_CHARS = 4_000
"""How far into the text the first paragraphs are looked for; a body paragraph may be long."""
_TAIL_CHARS = 6_000
"""How far from the end the last paragraphs are looked for."""

_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,40}(?:/[A-ZÀ-Þ ]{3,30})?(?:, (?:[A-Z][A-Za-z.]+ ?){1,3})?)"
    rf"(?:,? (?P<month>{MONTH}) (?P<day>\d{{1,2}})(?:,? (?P<year>\d{{4}}))?"
    rf"|,? (?P<day2>\d{{1,2}}) (?P<month2>{MONTH})(?: (?P<year2>\d{{4}}))?)?"
    r"[.,]?\s*(?:\((?P<outlet>[A-Z][\w. &’'-]{1,30})\)|/(?P<slashed>[A-Z][\w. -]{1,30})/)?"
    r"\s*(?:--?|[–—]|(?<=/)\.)\s+"
)
_NAME = (
    r"(?:[A-Z]\.[ ]?)*[A-Z][\w’'-]*\.?"
    r"(?: (?:de|van|von|der|al|bin|la|le|du|di)| [A-Z][\w’'.-]*){1,3}"
)
_BYLINE = re.compile(
    rf"(?:[Bb][Yy]|BY)[: ] ?(?P<names>{_NAME}(?:(?:, {_NAME})*,? (?:and|AND|&) {_NAME})?)"
    r"(?:\s*[|,·/-] ?.{0,80}|\s+for .{0,40})?$"
)
_ROLE = (
    r"(?:(?:[\w’'-]+ ){0,8}?(?:[Pp]rofessor|[Ff]ellow|[Cc]orrespondent|[Rr]eporter|[Ee]ditor"
    r"|[Cc]olumnist|[Aa]nalyst|[Aa]uthor|[Ww]riter|[Dd]irector|[Rr]esearcher|[Ss]cholar"
    r"|[Jj]ournalist|[Ll]ecturer|[Dd]ean|[Cc]hair|[Aa]mbassador|[Ss]trategist|[Ss]pecialist"
    r"|[Cc]ommentator|[Cc]ontributor|[Pp]resident|[Aa]dvisor|[Aa]dviser|[Hh]istorian)\b)"
)
_BIO = re.compile(
    rf"(?P<mark>[*•†_]+ ?)?(?:[Tt]he (?:author|writer),? )?(?P<name>{_NAME}),? "
    rf"(?:is|was|teaches|writes|works|serves|covers)\b(?: (?:an?|the|currently|a former))*"
    rf"(?: {_ROLE}| .{{0,60}}\bfor\b)"
)
_UNNAMED_BIO = re.compile(
    r"[*•†_ ]*(?:[Tt]he (?:author|writer)s? (?:is|are|was)\b|About the [Aa]uthor)"
)
_CONTACT = re.compile(
    r"\b(?:[Ff]ollow|[Rr]each|[Cc]ontact|[Ee]mail) (?:him|her|them|me)\b"
    r"|\bcan be reached (?:at|on)\b"
)


@dataclass(slots=True, frozen=True)
class Dateline:
    """A dateline such as `RIYADH, Feb. 18 (Reuters) —`; `date` may be partial (`--02-18`)."""

    start: int
    end: int
    place: str
    date: str | None
    outlet: str | None


@dataclass(slots=True, frozen=True)
class Byline:
    """A byline or bio with the author that it names, if any."""

    start: int
    end: int
    author: str | None


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline at the head of one of the first paragraphs, or None.

    A place in capitals and a dash alone is enough; the outlet is the wire service in brackets or,
    as TASS writes it, between slashes.
    """
    for start, end in split_paragraphs(text[:_HEAD_CHARS])[:HEAD_PARAGRAPHS]:
        match = _DATELINE.match(text, start, min(end, start + 160))
        if match and match.end() < end and len(match["place"].split()) <= 4:
            return Dateline(
                start=start,
                end=len(text[: match.end()].rstrip()),
                place=match["place"].strip(" ,"),
                date=_dateline_date(match),
                outlet=match["outlet"] or match["slashed"],
            )
    return None


def find_byline(text: str) -> Byline | None:
    """Return the line `By Jane Doe` among the first paragraphs, or None."""
    for start, end in split_paragraphs(text[:_HEAD_CHARS])[:HEAD_PARAGRAPHS]:
        match = _BYLINE.match(text[start : min(end, start + 200)])
        if match and end - start <= 160:
            names = match["names"]
            return Byline(start, end, names.title() if names.isupper() else names)
    return None


def find_bio(text: str, author: str | None = None) -> Byline | None:
    """Return the author's bio at the end of the text, or None.

    To lose no sentence of the article itself, a bio must carry a mark (`* B.R. Deepak is ...`),
    say how to reach the author, speak of "the author", or be about the `author` known otherwise.
    """
    offset = max(0, len(text) - _TAIL_CHARS)
    for start, end in reversed(split_paragraphs(text[offset:])[-TAIL_PARAGRAPHS:]):
        bio = _bio_at(text, start + offset, end + offset, author)
        if bio:
            return bio
    return None


def _bio_at(text: str, start: int, end: int, author: str | None) -> Byline | None:
    """Return the bio in `text[start:end]`, from the sentence that opens it."""
    if end - start > 1_500:
        return None
    if _UNNAMED_BIO.match(text, start, end):
        return Byline(start, end, None)
    for first, last in split_sentences(text, start, end):
        match = _BIO.match(text, first, last)
        if match is None:
            continue
        name = match["name"]
        if match["mark"] or _CONTACT.search(text, first, end) or _same_person(name, author):
            return Byline(first, end, name)
    return None


def _same_person(name: str, author: str | None) -> bool:
    return author is not None and name.split()[-1].casefold() == author.split()[-1].casefold()


def _dateline_date(match: re.Match[str]) -> str | None:
    """Return the date of a dateline as ISO 8601, without a year as `--02-18`, or None."""
    month = match["month"] or match["month2"]
    if month is None:
        return None
    number = MONTHS[month.rstrip(".").lower()]
    day = int(match["day"] or match["day2"])
    year = match["year"] or match["year2"]
    if not 1 <= day <= 31:
        return None
    return f"{year or '-'}-{number:02d}-{day:02d}"

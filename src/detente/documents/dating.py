"""Dates of documents: reading the ones that are given, and inferring a year from the text alone.

A year is inferred only from what the text commits itself to: a weekday with its day of the month,
a full date, the years that it looks back on, and terms of office that must have begun. The clock is
never asked, and a text that does not say enough stays undated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from detente.documents.bylines import MONTH, MONTHS
from detente.documents.sentences import split_paragraphs

YEARS = range(1000, 2201)
"""Years that a document's date may have; anything else is a typing error."""

_POSTING_CHARS, _POSTING_PARAGRAPHS, _POSTING_WORDS = 700, 8, 10
"""Where the line with the day of publication stands, and how long it is at most."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?$")
_ISO_HEAD = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?$", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.,%]\d|,? \d{4})"
_WEEKDAY_DATES = (
    re.compile(rf"\b{_WEEKDAY},? (?P<month>{MONTH}) {_DAY}"),
    re.compile(rf"\b{_WEEKDAY},? (?:the )?{_DAY}(?: of)? (?P<month>{MONTH})(?! \d{{4}})"),
    re.compile(rf"(?P<month>{MONTH}) {_DAY} ?\({_WEEKDAY}\)"),
    re.compile(rf"\b{_DAY} (?P<month>{MONTH}) ?\({_WEEKDAY}\)"),
)
_FULL_DATES = (
    re.compile(
        rf"(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)\b"
    ),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{MONTH}),? (?P<year>(?:19|20)\d\d)\b"
    ),
)
_YEARLESS = re.compile(rf"\b(?P<month>{MONTH}) {_DAY}\b")
_LOOKS_BACK = re.compile(
    rf"(?:\b(?:[Ii]n|[Ss]ince|[Ff]rom|[Oo]f|[Dd]uring|[Aa]fter|[Ll]ate|[Ee]arly|[Mm]id|[Ff]all|{MONTH}"
    r"|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter) |-)(?P<year>(?:19|20)\d\d)\b"
    r"(?!s|[-– ](?:\w+ )?(?:[Ee]lection|[Rr]ace|[Cc]ampaign|[Pp]rimar|[Mm]idterm|[Cc]ycle|[Bb]udget"
    r"|[Oo]lympic|[Pp]residential|[Pp]rojection|[Tt]arget|[Nn]omin|[Gg]eneral|[Cc]aucus))"
)
_LOOKS_AHEAD = re.compile(
    r"\b(?:will|would|could|should|may|might|by|until|till|plan|plans|planned|expected|set|goal|aims?"
    r"|next|upcoming|run|running|bid|again)\b",
    re.IGNORECASE,
)
_TERMS = (
    (
        re.compile(r"\b(?:second Trump (?:administration|term|presidency)|Trump’s second term)"),
        2025,
    ),
    (re.compile(r"\bPresident (?:Joe )?Biden\b"), 2021),
    (re.compile(r"\bPresident (?:Volodymyr )?Zelensky*y?\b"), 2019),
    (re.compile(r"\b(?<!Vice )(?:President (?:Donald )?Trump\b|Trump administration)"), 2017),
    (re.compile(r"\bPresident (?:Emmanuel )?Macron\b"), 2017),
    (re.compile(r"\b(?:President|leader) Xi(?: Jinping)?\b"), 2013),
    (re.compile(r"\bPresident (?:Barack )?Obama\b"), 2009),
)
"""First year of a term that the text speaks of as begun (common knowledge; a lower bound only)."""
_WEEKDAY_REACH = 2
"""Years tried from the last one that the text looks back on: itself and the next. A weekday fits
any other year by chance once in seven (on PolNeAR, a reach of 5 gave 3 wrong years of 6)."""
_OPENING = 1_000
"""Characters within which an article dates its news. A full date later on is background: taken
anywhere, it gave the wrong year for 23 of 53 PolNeAR articles."""
_STORY = 800
"""Characters after the full date within which the story goes on ("a week later, on February 25").
With both limits no PolNeAR article is given a wrong year."""
_CONTEXT = 90
"""Characters around a year in which words about the future are looked for."""


def read_date(value: str) -> str:
    """Return a stated date as ISO 8601, partial where only year or month are given.

    ISO dates and times, `20250218`, and written dates (`18 February 2025`) are understood.

    Raises:
        ValueError: the value is no date, or one that cannot be.
    """
    value = value.strip()
    head = _ISO_HEAD.match(value)
    compact = _COMPACT.match(value)
    partial = _PARTIAL.match(value)
    if head:
        found = date.fromisoformat(head[1]).isoformat()
    elif compact:
        found = date(int(compact[1]), int(compact[2]), int(compact[3])).isoformat()
    elif partial:
        found = value
        date(int(partial[1]), int(partial[2] or 1), 1)
    else:
        found = _written_date(value)
    if int(found[:4]) not in YEARS:
        raise ValueError(f"year {found[:4]} is outside {YEARS[0]}–{YEARS[-1]}")
    return found


@dataclass(frozen=True, slots=True)
class Posting:
    """The line of a page that says when it was published: its start and the ISO date."""

    start: int
    date: str


def find_posting(text: str) -> Posting | None:
    """Return the short line among the first paragraphs that holds one full date, or None.

    "Posted on March 25, 2025 by Pavel Dorn", "The Saturday Interview, 15 March 2025".
    """
    for start, end in split_paragraphs(text[:_POSTING_CHARS])[:_POSTING_PARAGRAPHS]:
        line = text[start:end].strip()
        dates = list(_full_dates(line))
        if len(dates) != 1 or len(line.split()) > _POSTING_WORDS or line.endswith((".", "!", "?")):
            continue
        try:
            return Posting(start, read_date(dates[0].group()))
        except ValueError:
            continue
    return None


def infer_year(text: str) -> str | None:
    """Return the year in which `text` was written, as the text itself shows it, or None.

    A weekday with a day gives the first fitting year that is not before the last year that the
    text looks back on. Without one, a full date in the opening gives its year, if the text goes on
    from there with a later, yearless day and nothing in it points to a later year.
    """
    full = [match for match in _full_dates(text) if not _is_ahead(text, match)]
    years = {int(match["year"]) for match in full}
    lower = max([*years, *_years_looked_back_on(text), *_term_starts(text)], default=None)
    if lower is None:
        return None
    weekdays = list(_weekday_dates(text))
    if weekdays:
        tried = range(lower, lower + _WEEKDAY_REACH)
        fitting = (year for year in tried if all(_falls_on(year, *each) for each in weekdays))
        return next(map(str, fitting), None)
    hooks = [match for match in full if match.start() < _OPENING and int(match["year"]) == lower]
    return str(lower) if any(_is_continued(text, hook) for hook in hooks) else None


def _written_date(value: str) -> str:
    """Return a written date as ISO 8601; parts that it does not state are left out."""
    from dateutil import parser

    if not re.search(r"\d{4}", value):
        raise ValueError(f"{value!r} names no year")
    try:
        found = [
            parser.parse(value, default=datetime(2000, month, day))
            for month, day in ((1, 1), (2, 2))
        ]
    except (OverflowError, ValueError) as err:
        raise ValueError(f"{value!r} is no date") from err
    first, second = found
    if first.month != second.month:
        return f"{first.year:04d}"
    if first.day != second.day:
        return f"{first.year:04d}-{first.month:02d}"
    return str(first.date())


def _full_dates(text: str) -> Iterator[re.Match[str]]:
    """Yield the dates with day, month and year in `text`."""
    for pattern in _FULL_DATES:
        yield from pattern.finditer(text)


def _is_continued(text: str, hook: re.Match[str]) -> bool:
    """Return whether the text goes on from the full date `hook` with a later, yearless day."""
    month, day = _month(hook), int(hook["day"])
    for match in _YEARLESS.finditer(text, hook.end(), hook.end() + _STORY):
        later = (_month(match), int(match["day"]))
        if (month, day) < later and later[0] - month <= 1:
            return True
    return False


def _month(match: re.Match[str]) -> int:
    return MONTHS[match["month"].rstrip(".").lower()]


def _years_looked_back_on(text: str) -> set[int]:
    """Return the years after `in`, `since`, `from` ... that are not spoken of as future."""
    found = _LOOKS_BACK.finditer(text)
    return {int(match["year"]) for match in found if not _is_ahead(text, match)}


def _term_starts(text: str) -> set[int]:
    return {year for pattern, year in _TERMS if pattern.search(text)}


def _is_ahead(text: str, match: re.Match[str]) -> bool:
    """Return whether words about the future stand near the date, within its sentence."""
    before = re.split(r"[.?!\n]\s", text[max(0, match.start() - _CONTEXT) : match.start()])[-1]
    after = re.split(r"[.?!\n]\s", text[match.end() : match.end() + _CONTEXT // 3])[0]
    return bool(_LOOKS_AHEAD.search(before) or _LOOKS_AHEAD.search(after))


def _weekday_dates(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (month, day, weekday) for each day that the text names with its weekday, yearless."""
    for pattern in _WEEKDAY_DATES:
        for match in pattern.finditer(text):
            yield (
                _month(match),
                int(match["day"]),
                _WEEKDAYS.index(match["weekday"].lower() + "day"),
            )


def _falls_on(year: int, month: int, day: int, weekday: int) -> bool:
    try:
        return date(year, month, day).weekday() == weekday
    except ValueError:
        return False

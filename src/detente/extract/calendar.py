"""Partial dates, the scene that a text sets, and arithmetic on both; never the clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from detente.schema import Precision

Tense = Literal["past", "future", "conditional", "unknown"]

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = {
    name: n
    for n, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    )
}
_NUMBERS = {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

FUTURE_DAYS = 60
"""A month and day of unknown tense is ahead if at most so many days ahead, else behind."""
JUST_PAST_DAYS = 14
"""A "will" about a day at most so long ago tells of that day, not of next year's."""


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or abbreviation."""
    return _NUMBERS[name[:3].lower()]


@dataclass(slots=True, frozen=True)
class Partial:
    """A date of which the year, the month or the day may be unknown."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def date(self) -> date | None:
        """Return the calendar day, or null where a part is unknown or the day does not exist."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def iso(self) -> str | None:
        """Return ISO 8601 (`2025-02-18`, `2025-02`, `--02-18`), or null for an impossible date."""
        if self.month is None:
            return f"{self.year:04d}" if self.year is not None else None
        if self.day is not None:
            # A leap year lets 29 February pass as long as the year is not known.
            known = Partial(2000 if self.year is None else self.year, self.month, self.day)
            if known.date() is None:
                return None
        year = "-" if self.year is None else f"{self.year:04d}"
        day = "" if self.day is None else f"-{self.day:02d}"
        return f"{year}-{self.month:02d}{day}"


def parse_iso(text: str | None) -> Partial:
    """Return the parts of an ISO date, possibly partial; all unknown where it is none."""
    found = _ISO.match(text or "")
    if not found:
        return Partial()
    year, month, day = (int(part) if part else None for part in found.groups())
    parsed = Partial(year, month, day)
    impossible = month is not None and not 1 <= month <= 12
    return Partial(year) if impossible or parsed.iso() is None else parsed


@dataclass(slots=True, frozen=True)
class Resolution:
    """What a date expression stands for; `date` is null where the text does not tell."""

    date: str | None
    date_end: str | None = None
    precision: Precision | None = None


@dataclass(slots=True)
class Scene:
    """What a date expression is read against.

    `today` is the document's date, `told` the dates of the narrative so far (latest last), `frame`
    the year that the paragraph has set ("In 2014, ..."), `tense` that of the expression's verb.
    """

    doc_date: str | None
    today: Partial
    told: list[Partial] = field(default_factory=list)
    frame: int | None = None
    tense: Tense = "unknown"

    def latest(self, unit: str) -> Partial:
        """Return the latest date told that is precise enough to count in `unit`."""
        for told in reversed(self.told):
            if _reaches(told, unit):
                return told
        return Partial()

    def year_of(
        self, month: int, day: int | None = None, weekday: int | None = None, which: str = ""
    ) -> int | None:
        """Return the year of a month (and day) that the text leaves out, or null.

        The paragraph's year comes first, then the document's date, then the last date told.
        A weekday that the text gives decides between neighbouring years.
        """
        if self.frame is not None:
            return self.frame
        year = self.today.year
        if year is None:
            return self.latest("day").year
        exact = self.today.month is not None
        years = self._by_nearness(year, month, day, which) if exact else [year]
        for candidate in years:
            known = Partial(candidate, month, day).date()
            if weekday is None or (known is not None and known.weekday() == weekday):
                return candidate
        return years[0]

    def _by_nearness(self, year: int, month: int, day: int | None, which: str) -> list[int]:
        """Return the years around the document's date, the likeliest first."""
        this_month = self.today.month or 1
        today = Partial(year, this_month, self.today.day or 15).date() or date(year, this_month, 1)
        gaps: dict[int, int] = {}
        for candidate in (year - 1, year, year + 1):
            there = Partial(candidate, month, min(day or today.day, 28)).date()
            if there is not None:
                gaps[candidate] = (there - today).days
        behind = max((y for y in gaps if gaps[y] <= 0), default=year)
        ahead = min((y for y in gaps if gaps[y] > 0), default=year)
        if which == "last" and gaps.get(behind) == 0:
            behind -= 1
        if which in {"last", "this past"} or (self.tense == "past" and which != "next"):
            return [behind, ahead]
        wait, age = gaps.get(ahead, 366), -gaps.get(behind, -366)
        if which == "next" or (self.tense in {"future", "conditional"} and age > JUST_PAST_DAYS):
            return [behind, ahead] if age == 0 and which != "next" else [ahead, behind]
        return [ahead, behind] if wait <= FUTURE_DAYS and wait < age else [behind, ahead]


def _reaches(told: Partial, unit: str) -> bool:
    """Return whether a partial date is precise enough to count in `unit` from it."""
    if unit in {"year", "decade"}:
        return told.year is not None
    if unit in {"month", "quarter"}:
        return told.year is not None and told.month is not None
    return told.date() is not None


def shift(base: Partial, n: float, unit: str) -> Resolution:
    """Return the date `n` units after `base`, as precise as the unit is; null if base is vaguer."""
    if not _reaches(base, unit) or base.year is None:
        return Resolution(None)
    try:
        if unit in {"year", "decade"}:
            year = base.year + round(n * (10 if unit == "decade" else 1))
            if not 1 <= year <= 9999:
                return Resolution(None)
            return Resolution(f"{year:04d}", None, "decade" if unit == "decade" else "year")
        if unit == "month" and base.month is not None:
            count = base.year * 12 + base.month - 1 + round(n)
            return Resolution(Partial(count // 12, count % 12 + 1).iso(), None, "month")
        day = base.date()
        if day is None:
            return Resolution(None)
        days = {"hour": 1 / 24, "week": 7, "fortnight": 14}.get(unit, 1)
        moved = day + timedelta(days=round(n * days))
    except (OverflowError, ValueError):
        return Resolution(None)
    return Resolution(moved.isoformat(), None, "day" if unit in {"day", "hour"} else "week")


def period_of(base: Partial, unit: str, offset: int) -> Resolution:
    """Return the day, week, month, season, quarter, year or decade `offset` from that of `base`."""
    if unit in _SEASONS or unit == "winter":
        return _season_near(base, unit, offset)
    if unit == "decade":
        if base.year is None:
            return Resolution(None)
        start = base.year // 10 * 10 + 10 * offset
        return Resolution(str(start), str(start + 9), "decade")
    if unit == "quarter":
        if base.year is None or base.month is None:
            return Resolution(None)
        count = base.year * 4 + (base.month - 1) // 3 + offset
        year, first = count // 4, count % 4 * 3 + 1
        return Resolution(Partial(year, first).iso(), Partial(year, first + 2).iso(), "quarter")
    if unit not in {"week", "weekend"}:
        return shift(base, offset, unit)
    day = base.date()
    if day is None:
        return Resolution(None)
    try:
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=offset)
        start_day = monday + timedelta(days=5 if unit == "weekend" else 0)
        return Resolution(start_day.isoformat(), (monday + timedelta(days=6)).isoformat(), "week")
    except OverflowError:
        return Resolution(None)


def _season_near(base: Partial, season: str, offset: int) -> Resolution:
    """Return this, the last or the next season as seen from `base`."""
    if base.year is None:
        return Resolution(None)
    year = base.year
    first = _SEASONS.get(season)
    if first is not None and base.month is not None:
        if offset < 0 and base.month <= first + 2:
            year -= 1
        elif offset > 0 and base.month >= first:
            year += 1
    else:
        year += offset
    return season_of(season, year)


def season_of(season: str, year: int) -> Resolution:
    """Return the three months of a northern season; a winter spans two years and gives one year."""
    first = _SEASONS.get(season)
    if first is None:
        return Resolution(str(year), None, "year")
    return Resolution(f"{year}-{first:02d}", f"{year}-{first + 2:02d}", "quarter")

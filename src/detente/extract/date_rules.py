"""The rules that resolve a date expression, one for each kind of form.

A rule takes the match of its form (`date_forms`) and the `Scene`: the document's date, the dates
told so far, the tense. It returns a `Resolution`, or null where the words are no date after all.
What the text leaves open stays null: no rule knows the clock.
"""

from __future__ import annotations

import re

from detente.extract.calendar import (
    WEEKDAYS,
    Partial,
    Resolution,
    Scene,
    month_number,
    period_of,
    season_of,
    shift,
)
from detente.extract.numbers import parse_number

VAGUE = Resolution(None)
Match = re.Match[str]


def _number(text: str | None) -> float | None:
    """Return the number of a quantified period; "a" is one, "a few" unknown."""
    if text is None:
        return None
    return 1.0 if text.lower() in {"a", "an"} else parse_number(text)


def _int(text: str | None) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def resolve_calendar_day(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "Feb. 18", "Tuesday, 18 February 2025", "Feb. 18-20", "Feb. 18 (Tuesday)"."""
    month, first, last = month_number(m["month"]), _int(m["day"]), _int(m["day2"])
    weekday = m["weekday"] or m["weekday2"]
    year = _int(m["year"])
    if year is None and (month, first) == (9, 11) and m["attack"] is not None:
        year = 2001
    if year is None:
        year = scene.year_of(month, first, WEEKDAYS.get(weekday.lower()) if weekday else None)
    date = Partial(year, month, first).iso()
    end = Partial(year, month, last).iso() if last and date else None
    return Resolution(date, end, "day" if date else None)


def resolve_iso_day(m: Match, scene: Scene) -> Resolution | None:
    """Resolve 2025-02-18."""
    date = Partial(int(m["year"]), int(m["month"]), int(m["day"])).iso()
    return Resolution(date, None, "day" if date else None)


def resolve_slashed(m: Match, scene: Scene) -> Resolution | None:
    """Resolve 18/02/2025; where day and month could be exchanged only the year is sure."""
    first, second, year = int(m["first"]), int(m["second"]), int(m["year"])
    if first != second and max(first, second) <= 12:
        return Resolution(str(year), None, "year")
    day, month = max(first, second), min(first, second)
    date = Partial(year, month, day).iso()
    return Resolution(date, None, "day" if date else None)


def resolve_nine_eleven(m: Match, scene: Scene) -> Resolution | None:
    """Resolve 9/11, the name of a day."""
    return Resolution("2001-09-11", None, "day")


def resolve_month(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "February 2022", "mid-March", "last May", "in February"."""
    month = month_number(m["month"])
    year = _int(m["year"])
    if year is None:
        year = scene.year_of(month, which=(m["which"] or "").lower())
    return Resolution(Partial(year, month).iso(), None, "month")


def resolve_months(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "January–March 2025"; a range that runs over the turn of the year begins before."""
    first, last = month_number(m["month"]), month_number(m["month2"])
    year = _int(m["year"]) or scene.year_of(last)
    start = year - 1 if year and first > last else year
    return Resolution(Partial(start, first).iso(), Partial(year, last).iso(), "month")


def resolve_years(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "2015–16", "1939-1945", "between 2019 and 2024"."""
    first, tail = int(m["year"]), m["year2"]
    last = int(str(first)[: 4 - len(tail)] + tail)
    if last <= first and len(tail) == 2 and 1 <= int(tail) <= 12:
        return Resolution(Partial(first, int(tail)).iso(), None, "month")
    return Resolution(str(first), str(last), "year") if last > first else None


def resolve_year(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "2014", "early 2025"."""
    return Resolution(m["year"], None, "year")


def resolve_part_of_year(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "Q1 2025", "the second half of 2024", "the end of the year", "spring 2014"."""
    year = _int(m["year"]) or scene.today.year
    if year is None:
        return VAGUE
    if m["season"]:
        return season_of(m["season"].lower(), year)
    if m["finish"]:
        return Resolution(f"{year}-12", None, "month")
    order = ["first", "second", "third", "fourth", "last"]
    n = _int(m["q"]) or order.index(m["order"].lower()) + 1
    length = 6 if m["part"] and m["part"].lower() == "half" else 3
    n = min(n, 12 // length)
    start, end = Partial(year, (n - 1) * length + 1), Partial(year, n * length)
    return Resolution(start.iso(), end.iso(), "quarter")


def resolve_decade(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "the 2010s", "the mid-1990s", "the ’80s"."""
    start = int(m["decade"]) if len(m["decade"]) == 4 else 1900 + int(m["decade"])
    return Resolution(str(start), str(start + 9), "decade")


def resolve_near_day(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "today", "yesterday", "last night", "this morning"."""
    word = m["near"].lower()
    offset = {"yesterday": -1, "tomorrow": 1, "last": -1}.get(word.split()[0], 0)
    return shift(scene.today, offset, "day")


def resolve_weekday(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "Tuesday", "last Tuesday", "the following Tuesday", "next Tuesday"."""
    which = (m["which"] or "").lower().removeprefix("the ")
    narrative = which in {"following", "previous", "preceding"}
    base = scene.latest("day") if narrative else scene.today
    day = base.date()
    if day is None:
        return VAGUE
    wanted = WEEKDAYS[m["weekday"].lower()]
    back, ahead = (day.weekday() - wanted) % 7, (wanted - day.weekday()) % 7
    if which in {"next", "coming", "this coming", "following"}:
        return shift(base, ahead or 7, "day")
    if which in {"last", "previous", "preceding", "past", "this past"}:
        return shift(base, -(back or 7), "day")
    return shift(base, ahead if scene.tense == "future" else -back, "day")


def resolve_near_period(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "last week", "earlier this year", "next month", "this past summer"."""
    which = m["which"].lower().split()
    offset = -1 if which[-1] in {"last", "past"} else 1 if which[-1] in {"next", "coming"} else 0
    return period_of(scene.today, m["unit"].lower(), offset)


def resolve_ago(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "three years ago"; "a few days ago" stays open."""
    n = _number(m["n"])
    return VAGUE if n is None else shift(scene.today, -n, m["unit"].lower().rstrip("s"))


def resolve_later(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "a week later", "two days earlier" against the narrative."""
    n = _number(m["n"])
    unit = m["unit"].lower().rstrip("s")
    if n is None:
        return VAGUE
    sign = 1 if m["way"].lower() in {"later", "afterward", "afterwards"} else -1
    return shift(scene.latest(unit), sign * n, unit)


def resolve_event_anchored(m: Match, scene: Scene) -> Resolution | None:
    """Leave "two days after the talks" open: the event's own date is not known here."""
    return VAGUE


_AS_CLAUSE = re.compile(r"\s+(?:that|as|when|he|she|it|they|we|I)\b")
"""What makes "the same day" that of an event in the sentence ("the same day he left")."""


def resolve_narrative_period(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "the same day", "that year", "the following week", "the day before"."""
    words = m["which"].lower().split()
    if "same" in words and _AS_CLAUSE.match(m.string, m.end()):
        opens = m.string[: m.start()].strip() in {"", "On", "At"}
        if not opens or m.string[m.end() :].lstrip().startswith(("that ", "as ", "when ")):
            return VAGUE
    unit = m["unit"].lower()
    unit = "day" if unit in {"morning", "afternoon", "evening", "night"} else unit
    forward = {"following", "next", "after"} & set(words)
    offset = 1 if forward else -1 if {"previous", "preceding", "before"} & set(words) else 0
    return period_of(scene.latest(unit), unit, offset)


def resolve_duration(m: Match, scene: Scene) -> Resolution | None:
    """Resolve "for the past three years", "within two weeks", "in two months".

    A duration without an end that the text fixes ("for decades") stays open.
    """
    which = (m["which"] or "").lower()
    prep, unit = (m["prep"] or "").lower(), m["unit"].lower()
    n = _number(m["n"])
    if not which and not m["n"] and not unit.endswith("s"):
        return None
    if which and not m["n"] and not unit.endswith("s"):
        n = 1.0
    if n is None or which == "recent":
        return VAGUE
    unit = unit.rstrip("s")
    if which in {"past", "last", "previous", "preceding"}:
        start = shift(scene.today, -n, unit)
        return Resolution(start.date, scene.doc_date, start.precision) if start.date else VAGUE
    if which in {"next", "coming"} or (prep == "within" and scene.tense != "past"):
        end = shift(scene.today, n, unit)
        return Resolution(scene.doc_date, end.date, end.precision) if end.date else VAGUE
    if prep == "in" and scene.tense == "future":
        return shift(scene.today, n, unit)
    return VAGUE


def resolve_vague(m: Match, scene: Scene) -> Resolution | None:
    """Leave "recently", "someday" open."""
    return VAGUE

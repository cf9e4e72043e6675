"""The forms that a date takes in English news: a pattern each, and the rule that resolves it.

Forms that come first win where several match at one place. They follow TIMEX3 (Pustejovsky et al.
2003) in telling dates, durations and vague references apart, and keep to what news prose uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from detente.extract.calendar import MONTHS, Resolution, Scene
from detente.extract.date_rules import (
    resolve_ago,
    resolve_calendar_day,
    resolve_decade,
    resolve_duration,
    resolve_event_anchored,
    resolve_iso_day,
    resolve_later,
    resolve_month,
    resolve_months,
    resolve_narrative_period,
    resolve_near_day,
    resolve_near_period,
    resolve_nine_eleven,
    resolve_part_of_year,
    resolve_slashed,
    resolve_vague,
    resolve_weekday,
    resolve_year,
    resolve_years,
)
from detente.extract.numbers import NUMBER

Kind = Literal["absolute", "partial", "relative", "narrative", "duration"]
Rule = Callable[[re.Match[str], Scene], Resolution | None]


@dataclass(slots=True, frozen=True)
class Form:
    """One form: its name, its pattern with named groups, and its rule."""

    name: str
    kind: Kind
    pattern: re.Pattern[str]
    resolve: Rule


_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_MONTH_AS_WRITTEN = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Jul\."
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_MONTH = rf"(?:{_MONTH_AS_WRITTEN}|{_MONTH_AS_WRITTEN.upper()})"
_MONTH_ALONE = r"(?:" + "|".join([*MONTHS, *(f"{m[:3]}\\." for m in MONTHS if m != "May")]) + r")"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)(?!\d|[.,]\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
_DASH = r"\s*[-–—]\s*"
_UNIT = r"(?:hours?|days?|weeks?|fortnights?|months?|years?|decades?)"
_N = rf"(?:{NUMBER}|an?|a\s+few|few|several|many|a\s+couple\s+of|couple\s+of|some)"
_HEDGE = (
    r"(?:(?:more\s+than|less\s+than|at\s+least|up\s+to|over|about|almost|nearly|just|only|barely"
    r"|roughly|around)\s+)?"
)
_EARLY = r"(?:(?:[Ee]arly|[Mm]id|[Ll]ate|[Ee]arlier|[Ll]ater|in|the\s+(?:end|middle)\s+of)[\s-]+)?"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_THIS = r"(?:last|this\s+past|this\s+coming|this|next)"

_FULL = r"(?<![\w$€£.,:/#–-])"
"""Left border of a figure: not inside a longer figure, an amount or a compound."""

_PATTERNS: tuple[tuple[str, Kind, str, Rule], ...] = (
    (
        "iso",
        "absolute",
        rf"{_FULL}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        resolve_iso_day,
    ),
    (
        "slashed",
        "absolute",
        rf"{_FULL}(?P<first>\d{{1,2}})[/.](?P<second>\d{{1,2}})[/.](?P<year>(?:19|20)\d\d)(?!\d)",
        resolve_slashed,
    ),
    ("nine_eleven", "absolute", rf"{_FULL}9/11(?!/?\d)", resolve_nine_eleven),
    (
        "month_day",
        "partial",
        rf"(?:(?:last\s+)?(?P<weekday>{_WEEKDAY}),?\s+)?\b(?P<month>{_MONTH})\s*\b(?P<day>{_DAY})"
        rf"(?:{_DASH}(?P<day2>{_DAY}))?(?:,?\s+(?P<year>{_YEAR}))?"
        rf"(?:\s*\((?P<weekday2>{_WEEKDAY})\))?"
        r"(?P<attack>(?=,?\s+(?:20\d\d,?\s+)?(?:\w+\s)?(?:attack|terror|hijack|Commission|victims)))?",
        resolve_calendar_day,
    ),
    (
        "day_month",
        "partial",
        rf"(?:(?:last\s+)?(?P<weekday>{_WEEKDAY}),?\s+)?{_FULL}(?:the\s+)?(?P<day>{_DAY})"
        rf"(?:{_DASH}(?P<day2>{_DAY}))?\s+(?:of\s+)?(?P<month>{_MONTH})\b(?:,?\s+(?P<year>{_YEAR}))?"
        rf"(?:\s*\((?P<weekday2>{_WEEKDAY})\))?(?P<attack>(?!))?",
        resolve_calendar_day,
    ),
    (
        "months",
        "partial",
        rf"\b(?P<month>{_MONTH}){_DASH}(?P<month2>{_MONTH})\b(?:,?\s+(?P<year>{_YEAR}))?",
        resolve_months,
    ),
    (
        "month",
        "partial",
        rf"\b{_EARLY.replace('in|', '')}(?:(?P<which>{_THIS})\s+)?"
        rf"\b(?P<month>{_MONTH}(?=,?\s+(?:of\s+)?{_YEAR})|{_MONTH_ALONE})(?!\w)"
        rf"(?:,?\s+(?:of\s+)?(?P<year>{_YEAR}))?",
        resolve_month,
    ),
    (
        "between_years",
        "partial",
        rf"\b(?:[Bb]etween|[Ff]rom)\s+(?P<year>{_YEAR})\s+(?:and|to|until|through)\s+(?P<year2>{_YEAR})",
        resolve_years,
    ),
    (
        "years",
        "partial",
        rf"{_FULL}(?P<year>{_YEAR})(?:[-–—]|\s[–—]\s)(?P<year2>\d{{4}}|\d\d)(?![\d%-]|[.,]\d)",
        resolve_years,
    ),
    (
        "part_of_year",
        "partial",
        rf"\b(?:(?P<season>{_SEASON})\s+(?:of\s+)?(?={_YEAR})|Q(?P<q>[1-4])\s+(?:of\s+)?(?={_YEAR})"
        r"|(?:the\s+)?(?P<order>first|second|third|fourth|last)\s+(?P<part>quarter|half)\s+of\s+"
        r"|(?:the\s+)?(?P<finish>end\s+of\s+|year[’']s\s+end|year-end))"
        rf"(?:(?P<year>{_YEAR})|(?:the|this)\s+year|(?<=end)\b)",
        resolve_part_of_year,
    ),
    (
        "decade",
        "partial",
        rf"(?:\bthe\s+)?{_EARLY.replace('in|', '')}(?:(?<=\s)[’'‘]|{_FULL}|(?<=mid-))"
        r"(?P<decade>(?:1[5-9]|20)\d0|(?<=[’'‘])\d0)[’']?s\b",
        resolve_decade,
    ),
    (
        "year",
        "partial",
        rf"(?:\b{_EARLY.replace('in|', '')})?(?:{_FULL}|(?<=mid-))(?P<year>{_YEAR})(?![\w%]|-\w)",
        resolve_year,
    ),
    (
        "near_day",
        "relative",
        r"\b(?P<near>[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow"
        r"|[Ll]ast\s+night|[Tt]his\s+(?:morning|afternoon|evening))\b(?![’']s\s+(?:world|China|Russia))",
        resolve_near_day,
    ),
    (
        "weekday",
        "relative",
        r"(?<!Black\s)(?<!Super\s)(?<!Ash\s)(?<!Good\s)(?<!Bloody\s)\b"
        r"(?:(?P<which>(?:[Tt]he\s+)?(?:following|previous|preceding)|[Tt]his\s+(?:past|coming)"
        r"|[Ll]ast|[Nn]ext|[Tt]his|past|coming)\s+)?"
        rf"\b(?P<weekday>{_WEEKDAY})\b(?!\s+Night)(?:\s+(?:morning|afternoon|evening|night)\b)?",
        resolve_weekday,
    ),
    (
        "near_period",
        "relative",
        rf"\b(?:(?:[Ee]arlier|[Ll]ater|[Ee]arly|[Ll]ate)\s+)?(?P<which>{_THIS}|[LNT](?:ast|ext|his))\s+"
        rf"(?P<unit>week(?:end)?|month|year|quarter|decade|{_SEASON})\b",
        resolve_near_period,
    ),
    (
        "ago",
        "relative",
        rf"\b(?i:{_HEDGE}(?:(?P<n>{_N})\s+)?(?P<unit>{_UNIT})\s+ago)\b",
        resolve_ago,
    ),
    (
        "later",
        "narrative",
        rf"\b(?i:{_HEDGE}(?:(?P<n>{_N})\s+)?(?P<unit>{_UNIT})\s+(?P<way>later|afterwards?|earlier))\b",
        resolve_later,
    ),
    (
        "event_anchored",
        "narrative",
        rf"\b(?i:{_HEDGE}(?P<n>{_N})\s+{_UNIT}\s+(?:after|before|following|into|prior\s+to))\b",
        resolve_event_anchored,
    ),
    (
        "narrative_period",
        "narrative",
        r"\b(?P<which>(?:(?:[Ee]arlier|[Ll]ater)\s+)?(?:(?:[Tt]he|[Tt]hat)\s+(?:very\s+)?same|[Tt]hat"
        r"|[Tt]he\s+(?:following|next|previous|preceding)))\s+"
        r"(?P<unit>day|week|month|year|morning|afternoon|evening|night|decade)\b",
        resolve_narrative_period,
    ),
    (
        "day_before",
        "narrative",
        r"\b[Tt]he\s+(?P<unit>day)\s+(?P<which>before|after)(?=\s*(?:[,.;:]|$))",
        resolve_narrative_period,
    ),
    (
        "duration",
        "duration",
        rf"\b(?i:(?:(?P<prep>for|over|during|within|in|throughout)\s+)?{_HEDGE}(?:(?:the|these)\s+)?"
        r"(?:(?P<which>past|last|next|coming|previous|recent|preceding)\s+)"
        rf"(?:(?P<n>{_N})\s+)?(?P<unit>{_UNIT}))\b",
        resolve_duration,
    ),
    (
        "length",
        "duration",
        rf"\b(?i:(?P<prep>for|over|during|within|in)\s+{_HEDGE}(?P<which>(?!))?"
        rf"(?:(?P<n>{_N})\s+)?(?P<unit>{_UNIT}))\b(?!\s+of\s+age)",
        resolve_duration,
    ),
    (
        "vague",
        "relative",
        r"\b(?i:recently|lately|nowadays|these\s+days|soon|shortly|someday|long\s+ago"
        r"|in\s+the\s+(?:near|foreseeable)\s+future|in\s+the\s+past)\b",
        resolve_vague,
    ),
)

FORMS: dict[str, Form] = {
    name: Form(name, kind, re.compile(pattern), resolve)
    for name, kind, pattern, resolve in _PATTERNS
}
_STARTS = (
    r"\d|[’'‘]\d|Q[1-4]|[JFMASOND][aepuco][a-z]|[JFMASOND][AEPUCO][A-Z]|[MTWFS][a-z]+day"
    r"|[Ll]a(?:st|t)|[Nn]ext|[Tt]h(?:e|is|at|ese|ose|ree|irteen|irty)\b|[Ee]arl|[Mm]id|[Ee]nd\b|year"
    r"|[Bb]etween|[Ff](?:rom|or|irst|ew|ollowing|all|ive|our|ift|ort)|second|spring|summer|autumn|winter"
    r"|[Yy]ester|[Tt](?:o(?:day|night|morrow)|w[eo]|en|hou)|[Pp](?:ast|revious|receding)|coming|recent"
    r"|[Mm](?:ore|any)|[Ll]ess|[Aa](?:t|n?|bout|lmost|round)\b|[Uu]p|[Oo](?:ver|nly|ne)|[Nn](?:early|ow|in)"
    r"|[Jj]ust|barely|[Rr]ough|[Ss](?:ome|everal|ix|even|oon|hort)|[Cc]ouple|[Ee](?:ight|leven)|zero|[Hh]alf"
    r"|[Hh]our|[Dd](?:ay|ecade|uring|ozen)|[Ww](?:eek|ithin)|[Mm]onth|[Yy]ear|[Ii]n\b|[Tt]hroughout|long"
)
"""How the first word of a form begins; cheaper to refuse at each word than all forms in turn."""

SCANNER = re.compile(
    rf"(?<![A-Za-z])(?={_STARTS})(?:"
    + "|".join(
        f"(?P<{name}>{re.sub(r'[(][?]P<[a-z0-9_]+>', '(?:', pattern)})"
        for name, _, pattern, _ in _PATTERNS
    )
    + ")"
)
"""All forms in one pattern; `lastgroup` names the form that matched."""

HINT = re.compile(
    r"\d|\b(?:" + "|".join(MONTHS) + r")\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|to|yester)day\b"
    r"|\b(?:day|week|month|year|decade|hour|fortnight)s?\b|\b(?:weekend|quarter|tonight|tomorrow)\b"
    r"|\b(?:spring|summer|autumn|fall|winter|night|morning|afternoon|evening|soon|shortly|lately)\b"
    r"|\b(?:recently|nowadays|someday|ago|past|future)\b",
    re.IGNORECASE,
)
"""What every form contains; a sentence without it is not scanned."""

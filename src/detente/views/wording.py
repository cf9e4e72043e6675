"""Codes to plain words: dates, PLOVER roots, money, and long text made short."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.schema import Event, Quantity, Span

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_MONTH = re.compile("|".join(MONTHS))

ROOTS: dict[str, str] = {
    "AGREE": "agreement or promise",
    "CONSULT": "talks",
    "SUPPORT": "support in words",
    "CONCEDE": "concession",
    "COOPERATE": "cooperation in deed",
    "AID": "material aid",
    "RETREAT": "step back in deed",
    "REQUEST": "demand or appeal",
    "ACCUSE": "criticism or accusation",
    "REJECT": "refusal",
    "THREATEN": "threat",
    "PROTEST": "protest",
    "SANCTION": "sanction or break",
    "MOBILIZE": "forces moved",
    "COERCE": "coercion",
    "ASSAULT": "use of force",
}
"""PLOVER roots in plain words; the noun keeps free of who acts on whom."""

MODES: dict[str, str] = {"phone": "by phone", "third-party": "mediated", "demo": "demonstration"}

CURRENCIES: dict[str, str] = {"USD": "US$", "EUR": "€", "GBP": "£", "CNY": "CN¥", "RUB": "₽"}

MAGNITUDES: tuple[tuple[float, str], ...] = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))

UNPRINTABLE: dict[int, int] = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
    **dict.fromkeys(range(0xFDD0, 0xFDF0), 0xFFFD),
    **dict.fromkeys((0x10000 * plane + 0xFFFE for plane in range(17)), 0xFFFD),
    **dict.fromkeys((0x10000 * plane + 0xFFFF for plane in range(17)), 0xFFFD),
}
"""Characters that HTML forbids, as visible signs of the same length, so that nothing hides."""

BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that reorder text; taken out of attributes and titles, where nothing can contain them."""


def printable(text: str) -> str:
    """Return `text` with control characters, lone surrogates and non-characters made visible."""
    return text.translate(UNPRINTABLE)


def plain(text: str) -> str:
    """Return `text` on one line without marks that reorder it, for attributes and titles."""
    return " ".join(printable(text).translate(BIDI).split())


def shorten(text: str, limit: int) -> str:
    """Return `text` on one line, cut at a word before `limit` characters, with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head, space, _ = line[:limit].rpartition(" ")
    return (head if space and len(head) > limit // 2 else line[:limit]).rstrip(" ,;:") + " …"


def quote(spans: Sequence[Span], limit: int) -> str:
    """Return the words of discontinuous spans, joined by ellipses and cut at `limit`."""
    return shorten(" … ".join(span.quote for span in spans), limit)


def join_names(names: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Return `1 event`, `2 events`, `1,200 events`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def date_words(
    date: str | None, precision: str | None = None, end: str | None = None, *, short: bool = False
) -> str:
    """Return an ISO date, possibly partial, as words: `18 February 2025`, `first quarter of 2025`.

    A form that is not known is returned as it stands.

    Args:
        date: ISO 8601, possibly partial, or null.
        precision: how exact the date is, where less than it looks.
        end: last day, where the date is a range.
        short: whether to cut the month to three letters.
    """
    if date is None:
        return "date unknown"
    words = _one_date(date, precision)
    if end and end != date:
        words = f"{_start_of_range(date, end)} to {_one_date(end, None)}"
    return _MONTH.sub(lambda name: name[0][:3], words) if short else words


def _start_of_range(date: str, end: str) -> str:
    """Return the first day of a range without what its last day says again."""
    words = _one_date(date, None)
    if len(date) == len(end) == 10 and has_year(date):
        if date[:7] == end[:7]:
            return str(int(date[8:]))
        return words.removesuffix(f" {date[:4]}") if date[:4] == end[:4] else words
    return words


def _one_date(date: str, precision: str | None) -> str:
    match = re.fullmatch(r"(\d{4}|-)(?:-(\d\d)(?:-(\d\d))?)?", date)
    month = int(match[2]) if match and match[2] else 0
    if match is None or month > 12:
        return date
    year = "" if match[1] == "-" else match[1]
    if precision == "decade" and year:
        return f"{year[:3]}0s"
    if precision == "quarter" and month:
        return f"{('first', 'second', 'third', 'fourth')[(month - 1) // 3]} quarter of {year}"
    if precision == "year" and year:
        return year
    day = "" if precision in ("month", "year") or not match[3] else str(int(match[3]))
    words = " ".join(filter(None, [day, MONTHS[month - 1] if month else "", year]))
    words = f"week of {words}" if precision == "week" else words
    return words if year else f"{words}, year unknown"


def has_year(date: str | None) -> bool:
    """Return whether a date can be put in order: it is known and has its year."""
    return bool(date) and str(date)[0].isdigit()


def range_words(dates: Sequence[str]) -> str:
    """Return the first and last of some dates as words, or `date unknown`."""
    known = sorted(date for date in dates if has_year(date))
    if not known:
        return "date unknown"
    return date_words(known[0], end=known[-1])


def period_words(label: str) -> str:
    """Return a tie's period as words: `March 2025`, `up to 5 March 2025`, `the whole time`."""
    if label == "all":
        return "the whole time"
    if label.startswith("../"):
        return f"up to {date_words(label[3:])}"
    if match := re.fullmatch(r"(\d{4})-([QW])(\d+)", label):
        kind = "quarter" if match[2] == "Q" else "week"
        return f"{kind} {int(match[3])} of {match[1]}"
    return date_words(label)


def root_words(event: Event) -> str:
    """Return what kind of event this is: `talks (by phone)`."""
    root = ROOTS.get(event.root, event.root.lower())
    if event.mode is None:
        return root
    return f"{root} ({MODES.get(event.mode, event.mode.replace('-', ' ').replace('_', ' '))})"


def signed(value: float | None, digits: int = 1) -> str:
    """Return a number with its sign, a true minus and a fixed number of digits; a dash for none."""
    if value is None:
        return "–"
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else "−") + text


def percent(share: float) -> str:
    """Return a share or probability in whole percent; what is not quite none or all says so."""
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def value_words(quantity: Quantity) -> str:
    """Return a quantity's normalised value: `US$240 billion`, `12.5 %`, `1,200 troops`."""
    amount = number_words(quantity.value)
    if quantity.currency:
        return f"{CURRENCIES.get(quantity.currency, quantity.currency + ' ')}{amount}"
    if quantity.unit in ("percent", "%"):
        return f"{amount} %"
    unit = quantity.unit if quantity.value == 1 else plural(quantity.unit)
    return f"{amount} {unit}".strip()


IRREGULAR = {"person": "people", "man": "men", "woman": "women", "child": "children"}
UNCHANGED = {"km", "kg", "aircraft", "people", "personnel", "staff"}


def plural(noun: str) -> str:
    """Return the plural of an English unit, in which quantities are stored as lemmas."""
    is_plural = noun.endswith("s") and not noun.endswith("ss")
    if is_plural or not noun.isalpha() or noun in UNCHANGED:
        return noun
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("ss", "x", "ch", "sh")) else "s")


def number_words(value: float) -> str:
    """Return a number as people write it: `1.2 billion`, `45,000`, `0.25`."""
    for size, word in MAGNITUDES:
        if abs(value) >= size:
            return f"{value / size:,.4g} {word}" if abs(value) < 1000 * size else f"{value:.3g}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"

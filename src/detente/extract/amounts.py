"""Amounts in a text: a figure with its scale, currency or unit, and the hedge before it.

An amount is read from the characters alone; `quantities` decides with the parse which of them
count something and what. Figures that only name a thing (G20, F-16, 7:30, 24/7) are not amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from detente.extract.numbers import NUMBER, SCALES, SHORT_SCALES, parse_number

CURRENCY_SIGNS = {
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "HK$": "HKD",
    "NT$": "TWD",
    "R$": "BRL",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₹": "INR",
    "₴": "UAH",
    "₩": "KRW",
    "RMB": "CNY",
    **{
        code: code
        for code in (
            *("USD", "EUR", "GBP", "CNY", "JPY", "RUB", "INR", "UAH", "KRW", "CHF"),
            *("SAR", "AED", "ILS", "PLN", "SEK", "NOK", "BRL", "CAD", "AUD", "TWD"),
        )
    },
}
CURRENCY_NAMES = {
    "dollar": "USD",
    "euro": "EUR",
    "pound sterling": "GBP",
    "yuan": "CNY",
    "renminbi": "CNY",
    "yen": "JPY",
    "ruble": "RUB",
    "rouble": "RUB",
    "rupee": "INR",
    "hryvnia": "UAH",
    "shekel": "ILS",
    "zloty": "PLN",
    "dirham": "AED",
    "riyal": "SAR",
    "swiss franc": "CHF",
}
"""Names that stand for one currency; dollars are US dollars unless the text says otherwise."""
UNIT_SYMBOLS = {"km": "km", "kg": "kg", "mph": "mph", "mw": "MW", "gw": "GW", "kwh": "kWh"}

_SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_NAMES = "|".join(rf"{name}s?" for name in CURRENCY_NAMES)
_PERCENT = r"percentage\s+points?|percent|per\s+cent|pct|%"
_FIGURE = re.compile(
    rf"(?<![\w.,:/#+])(?<![A-Za-z]-)(?:(?P<sign>{_SIGNS})\s?)?(?i:(?P<number>{NUMBER})"
    rf"(?:[\s-]?(?P<scale>{'|'.join(SCALES)})\b|\s?(?P<short>bn|mn|tn|[mbk])\b)?"
    rf"(?:[\s-]?(?P<percent>{_PERCENT})(?!\w)"
    rf"|[\s-](?:US\s+|U\.S\.\s+|American\s+)?(?P<name>{_NAMES})\b"
    rf"|\s?(?P<symbol>{'|'.join(UNIT_SYMBOLS)})\b)?)(?!\w|[.,:/]\d|\(|/)"
)
_MANY = re.compile(
    r"\b(?i:(?P<many>(?:(?:tens|dozens|hundreds)\s+of\s+(?=thousands|millions|billions))?"
    r"(?:tens|dozens|hundreds|thousands|millions|billions|trillions))\s+of"
    rf"(?:\s+(?:US\s+|U\.S\.\s+)?(?P<name>{_NAMES})\b)?)"
)
_HEDGE = re.compile(
    r"\b(?P<hedge>(?:well\s+)?(?:more|less|fewer|greater)\s+than|(?:well\s+)?over|under|around|about"
    r"|approximately|roughly|nearly|almost|up\s+to|at\s+least|at\s+most|as\s+(?:many|much)\s+as"
    r"|close\s+to|(?:an\s+)?estimated|exceeding|above|below|some|only|just|no\s+more\s+than)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s?[-–—]\s?|\s+(?:to|or|and)\s+")
_LONGEST_HEDGE = 24
"""Characters before a figure in which its hedge is looked for."""


@dataclass(slots=True)
class Amount:
    """A figure in `text[start:end]`; `unit` is null where a noun must say what is counted.

    `scaled` tells that the figure has its own scale word; `many` that it is a vague plural such as
    "thousands of", whose value is the least that it can mean.
    """

    start: int
    end: int
    value: float
    unit: str | None
    currency: str | None
    qualifier: str | None
    scaled: bool = False
    many: bool = False


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts in `text`, in order.

    In a range ("3-5 million", "from 10 to 15 percent") the first figure takes the scale and the
    unit of the second where it has none of its own.
    """
    found = sorted([*_figures(text), *_vague_plurals(text)], key=lambda amount: amount.start)
    for one, two in pairwise(found):
        if _LINK.fullmatch(text, one.end, two.start):
            _share(one, two, text[one.end : two.start])
    return found


def _share(one: Amount, two: Amount, link: str) -> None:
    """Give the bare end of a range what the other end says."""
    if "and" in link and (one.qualifier or "") != "between":
        return
    ranged = one.currency is None or two.unit is None or one.currency == two.currency
    if not ranged:
        return
    if two.scaled and not one.scaled and (two.currency is None or one.currency or not one.unit):
        one.value *= _scale_of(two)
        one.scaled = True
    if one.unit is None:
        one.unit, one.currency = two.unit, two.currency
    elif two.unit is None and one.currency and two.scaled:
        two.unit, two.currency = one.unit, one.currency


def _scale_of(amount: Amount) -> float:
    """Return the largest scale that the amount's value is counted in."""
    scales = [scale for scale in SCALES.values() if scale >= 1e3 and amount.value >= scale]
    return max(scales, default=1.0)


def _figures(text: str) -> Iterator[Amount]:
    for m in _FIGURE.finditer(text):
        value = parse_number(m["number"])
        if value is None:
            continue
        currency = CURRENCY_SIGNS[m["sign"]] if m["sign"] else _named_currency(m["name"])
        short = (m["short"] or "").lower()
        if short in {"m", "b", "k"} and currency is None:
            continue  # metres and model numbers, not millions
        value *= SCALES[m["scale"].lower()] if m["scale"] else SHORT_SCALES.get(short, 1.0)
        yield Amount(
            start=m.start(),
            end=m.end(),
            value=value,
            unit=currency or _unit(m),
            currency=currency,
            qualifier=_hedge(text, m.start()),
            scaled=bool(m["scale"] or short) or any(s in m["number"].lower() for s in SCALES),
        )


def _unit(m: re.Match[str]) -> str | None:
    if m["percent"]:
        return "percentage point" if "point" in m["percent"].lower() else "percent"
    return UNIT_SYMBOLS[m["symbol"].lower()] if m["symbol"] else None


def _named_currency(name: str | None) -> str | None:
    if name is None:
        return None
    lower = name.lower()
    return CURRENCY_NAMES.get(lower) or CURRENCY_NAMES[lower.removesuffix("s")]


def _vague_plurals(text: str) -> Iterator[Amount]:
    """Yield "thousands of ...", valued at the least that the words can mean."""
    for m in _MANY.finditer(text):
        value = 1.0
        for word in re.findall(
            r"tens|dozens|hundreds|thousands|millions|billions|trillions", m[0].lower()
        ):
            value *= 10.0 if word == "tens" else SCALES[word.removesuffix("s")]
        currency = _named_currency(m["name"])
        qualifier = re.sub(r"\s+", " ", m["many"].lower()) + " of"
        yield Amount(
            m.start(), m.end(), value, currency, currency, qualifier, scaled=True, many=True
        )


def _hedge(text: str, start: int) -> str | None:
    """Return the hedge right before a figure ("more than", "around"), or "between" in a range."""
    before = text[max(0, start - _LONGEST_HEDGE) : start]
    found = _HEDGE.search(before)
    if found:
        return re.sub(r"\s+", " ", found["hedge"].lower())
    return "between" if re.search(r"\bbetween\s$", before, re.IGNORECASE) else None

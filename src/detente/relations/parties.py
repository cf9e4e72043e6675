"""Names of actors in event data sets, summed to a country or organisation.

In: a name such as `Police_(Russia)`, `Sergey_Viktorovich_Lavrov`, `Russian Federation` or `RUS`.
Out: `RUS`. Names that pycountry does not know stand in `icews_names.csv`.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

import polars as pl
import pycountry

APART_NAMES = re.compile(
    r"rebel|insurgent|militant|guerr?illa|separatist|terroris|extremist|kidnapper|hitman|murderer"
    r"|criminal|armed (?:gang|band|opposition)|drug (?:gang|dealer|cartel)|militia|thief|mob\b",
    re.IGNORECASE,
)
"""Groups that act against their state or beside it, so that they do not stand for it."""

_PLACED = re.compile(r"(?P<group>.*?) ?\((?P<place>[^()]+)\)")


def name_party(name: str) -> str | None:
    """Return the country (ISO 3166-1 alpha-3) or organisation that an actor stands for, or None.

    A name ends in its country in brackets, is a country's name or code, or is listed. Rebels and
    criminals of a country stand for nobody, like names that nobody knows.
    """
    plain = name.replace("_", " ").strip()
    if listed := _listed().get(plain):
        return listed
    if placed := _PLACED.fullmatch(plain):
        if APART_NAMES.search(placed["group"]):
            return None
        plain = placed["place"]
    return _listed().get(plain) or _country(plain)


def name_parties(names: pl.Series) -> pl.DataFrame:
    """Return a table of `name` and `party` (a country or organisation, null where unknown)."""
    parties = [name_party(name) for name in names]
    return pl.DataFrame({"name": names, "party": pl.Series(parties, dtype=pl.String)})


def _country(name: str) -> str | None:
    """Return the code of a country by name, by alpha-3 code or by number.

    Two-letter codes are not taken: they are too often something else.
    """
    return _countries().get(name.lower()) if len(name) > 2 else None


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return the alpha-3 code of every name and code that pycountry lists, in lower case.

    Its own `lookup` walks through all countries for each name that is none of them.
    """
    return {
        str(value).lower(): str(country.alpha_3)
        for country in pycountry.countries
        for _, value in country
    }


def country_codes() -> list[str]:
    """Return the codes of all countries (ISO 3166-1 alpha-3, and `XKX` for Kosovo), sorted."""
    return sorted({str(country.alpha_3) for country in pycountry.countries} | {"XKX"})


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    path = resources.files("detente") / "data" / "icews_names.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["name"]: row["party"] for row in csv.DictReader(lines)}

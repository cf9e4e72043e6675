"""Names of actors in event data sets, summed to a country or organisation.

In: a name such as `Police_(Russia)`, `Sergey_Viktorovich_Lavrov`, `Russian Federation` or `RUS`.
Out: `RUS`. Names that pycountry does not know stand in `icews_names.csv`.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

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


def _country(name: str) -> str | None:
    """Return the code of a country by name or by alpha-3 code.

    Two-letter codes are not taken: they are too often something else.
    """
    if len(name) < 3:
        return None
    try:
        return str(pycountry.countries.lookup(name).alpha_3)
    except LookupError:
        return None


def country_codes() -> list[str]:
    """Return the codes of all countries (ISO 3166-1 alpha-3, and `XKX` for Kosovo), sorted."""
    return sorted({str(country.alpha_3) for country in pycountry.countries} | {"XKX"})


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    path = resources.files("detente") / "data" / "icews_names.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["name"]: row["party"] for row in csv.DictReader(lines)}

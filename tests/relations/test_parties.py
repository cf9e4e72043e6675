from __future__ import annotations

import polars as pl
import pytest

from detente.relations.parties import country_codes, name_parties, name_party


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Police_(Russia)", "RUS"),
        ("Citizen_(Democratic_Republic_of_Congo)", "COD"),
        ("Cabinet_/_Council_of_Ministers_/_Advisors_(United_States)", "USA"),
        ("South_Korea", "KOR"),
        ("Russian Federation", "RUS"),
        ("RUS", "RUS"),
        ("Kosovo", "XKX"),
        ("Bolivia, Plurinational State of", "BOL"),
        ("ROM", "ROU"),
        ("EEC", "EU"),
        ("Sergey_Viktorovich_Lavrov", "RUS"),
        ("North_Atlantic_Treaty_Organization", "NATO"),
        ("UN_Security_Council", "UN"),
        ("Militant_(Iraq)", None),
        ("Armed_Rebel_(Syria)", None),
        ("Criminal_(Mexico)", None),
        ("Citizen_(International)", None),
        ("Boko_Haram", None),
        ("Middle_East", None),
        ("US", None),
        ("", None),
        ("(", None),
    ],
)
def test_name_party(name: str, party: str | None) -> None:
    assert name_party(name) == party


def test_country_codes_are_states_not_organisations() -> None:
    codes = country_codes()
    assert {"USA", "RUS", "XKX"} <= set(codes)
    assert not {"IMF", "EU", "NATO"} & set(codes)


def test_name_parties_keeps_the_order_of_names() -> None:
    found = name_parties(pl.Series("name", ["Boko_Haram", "RUS"]))
    assert found.rows() == [("Boko_Haram", None), ("RUS", "RUS")]

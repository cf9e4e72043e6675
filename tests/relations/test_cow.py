from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pycountry
import pytest

from detente.errors import InputError
from detente.relations.cow import (
    load_iso_codes,
    read_alliances,
    read_capabilities,
    read_contiguity,
    read_disputes,
    read_rivalries,
    read_states,
    read_trade,
    read_trade_totals,
    read_wars,
)

READERS = (
    read_alliances,
    read_capabilities,
    read_contiguity,
    read_disputes,
    read_rivalries,
    read_states,
    read_trade,
    read_trade_totals,
    read_wars,
)


def write(folder: Path, name: str, *lines: str, end: str = "\r\n") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(end.join([*lines, ""]).encode("latin-1"))
    return folder


def test_published_states_get_iso_codes_by_number(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "states2016.csv",
        "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version",
        "AUS,305,Austria,1955,7,27,2016,12,31,2016",
        "AUH,300,Austria-Hungary,1816,1,1,1918,11,12,2016",
        "AUL,900,Australia,1920,1,10,2016,12,31,2016",
        "CDI,437,Côte d'Ivoire,1960,8,7,2016,12,31,2016",
    )
    found = read_states(folder)
    assert found.select("ccode", "abbr", "iso3").rows() == [
        (300, "AUH", None),
        (305, "AUS", "AUT"),
        (437, "CDI", "CIV"),
        (900, "AUL", "AUS"),
    ]
    assert found.row(0, named=True)["end"] == date(1918, 11, 12)


def test_converted_states_read_the_same(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "states.csv",
        "ccode,abbr,iso3,iso3_former,name,start,end",
        "365,RUS,RUS,SUN,Russia (Soviet Union),1816-01-01,2016-12-31",
    )
    row = read_states(folder).row(0)
    name = "Russia (Soviet Union)"
    assert row == (365, "RUS", "RUS", name, date(1816, 1, 1), date(2016, 12, 31))


def test_iso_codes_are_countries_and_numbers_are_unique() -> None:
    codes = load_iso_codes()
    countries = {country.alpha_3 for country in pycountry.countries} | {"XKX"}
    assert set(codes["iso3"].drop_nulls()) <= countries
    assert codes["iso3"].drop_nulls().is_unique().all()
    assert codes["ccode"].is_unique().all()
    assert codes["abbr"].is_unique().all()


def test_dyadic_disputes_are_turned_and_merged(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "dyadic_mid_4.03.csv",
        "disno,dyindex,statea,namea,stateb,nameb,strtyr,year,sideaa,sideab,fatleva,fatlevb,"
        "highmcaa,highmcab,hihosta,hihostb,orignata,orignatb,rolea,roleb",
        "2968,1,365,RUS,710,CHN,1969,1969,0,1,2,-9,17,16,4,4,1,1,3,1",
        "2968,1,710,CHN,365,RUS,1969,1969,1,0,-9,2,16,17,4,4,1,1,1,3",
        "4000,2,710,CHN,2,USA,2001,2001,1,0,0,1,7,0,3,1,1,0,1,4",
    )
    found = read_disputes(folder)
    assert found.select("dispnum", "a", "b", "year", "hostlev_a", "hostlev_b").rows() == [
        (2968, 365, 710, 1969, 4, 4),
        (4000, 2, 710, 2001, 1, 3),
    ]
    assert found.select("fatality_a", "fatality_b").rows() == [(2, None), (1, 0)]
    assert found["side_a_of_dispute_a"].to_list() == [0, 0]
    assert found.select("originator_a", "originator_b").rows() == [(1, 1), (0, 1)]


MIDB = (
    "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,"
    "revtype2,fatality,fatalpre,hiact,hostlev,orig,version"
)


def test_participants_of_disputes_are_paired_for_the_years_that_they_share(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "MIDB 5.0.csv",
        MIDB,
        '7,"USA",2,-9,7,1902,24,1,1904,1,1,1,-9,0,0,7,3,1,5',
        '7,"UKG",200,-9,7,1903,24,1,1904,1,1,1,-9,0,0,7,4,0,5',
        '7,"VEN",101,-9,7,1902,24,1,1903,0,0,0,-9,-9,-9,0,1,1,5',
    )
    found = read_disputes(folder)
    assert found.select("a", "b", "year", "hostlev_a", "hostlev_b", "fatality_b").rows() == [
        (2, 101, 1902, 3, 1, None),
        (2, 101, 1903, 3, 1, None),
        (101, 200, 1903, 1, 4, 0),
    ]
    assert found["side_a_of_dispute_a"].to_list() == [1, 1, 0]


def test_published_wars_have_old_line_ends_and_two_spells(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "Inter-StateWarData_v4.0.csv",
        "WarNum,WarName,WarType,ccode,StateName,Side,StartMonth1,StartDay1,StartYear1,EndMonth1,"
        "EndDay1,EndYear1,StartMonth2,StartDay2,StartYear2,EndMonth2,EndDay2,EndYear2,TransFrom,"
        "WhereFought,Initiator,Outcome,TransTo,BatDeath,Version",
        "46,Second,1,390,Denmark,2,2,1,1864,4,25,1864,6,25,1866,7,20,1866,-8,2,2,2,-8,2933,4",
        "46,Second,1,255,Prussia,1,2,1,1864,4,25,1864,6,25,1866,7,20,1866,-8,2,1,1,-8,-9,4",
        end="\r",
    )
    found = read_wars(folder)
    assert found.rows() == [
        (46, 255, 390, 1864, 1, 0, 1, 2, None, 2933),
        (46, 255, 390, 1866, 1, 0, 1, 2, None, 2933),
    ]


def test_of_two_directions_of_an_alliance_the_larger_counts(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "ATOP 5.1 (.csv)/atop5_1ddyr.csv",
        "ddyad,year,atopally,defense,offense,neutral,nonagg,consul,asymm,stateA,stateB",
        "710731,1962,1,1,0,0,1,1,1,710,731",
        "731710,1962,1,0,0,0,1,1,1,731,710",
    )
    assert read_alliances(folder).rows() == [(710, 731, 1962, 1, 0, 0, 1, 1)]


def test_undirected_alliances_name_their_members(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "atop5_1dy.csv",
        "dyad,year,atopally,defense,offense,neutral,nonagg,consul,mem1,mem2",
        "2200,1950,1,1,0,0,0,1,2,200",
    )
    assert read_alliances(folder).rows() == [(2, 200, 1950, 1, 0, 0, 0, 1)]


TRADE = (
    "ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2,smoothtotrade,"
    "spike1,version"
)


def test_missing_trade_is_unknown_and_none_is_none(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "Dyadic_COW_4.0.csv",
        TRADE,
        "2,365,1925,United States of America,Russia,-9,0,13.2,68.9,82.1,0,4",
        "710,365,1957,China,Russia,500.5,700,-9,700,-9,0,4",
    )
    assert read_trade(folder).rows() == [
        (2, 365, 1925, None, 0.0, 13.2, 68.9, pytest.approx(82.1)),
        (365, 710, 1957, 700.0, 500.5, 700.0, None, None),
    ]


def test_state_tables_read_missing_values_as_null(tmp_path: Path) -> None:
    write(
        tmp_path,
        "National_COW_4.0.csv",
        "statename,stateabb,ccode,year,imports,exports,alt_imports,version",
        "China,CHN,710,1950,580,-9,-9,4",
    )
    write(
        tmp_path,
        "NMC-60-abridged.csv",
        "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version",
        "CHN,710,1950,-9,4000,606,43000,547800,33772,.117,2021",
    )
    assert read_trade_totals(tmp_path).rows() == [(710, 1950, 580.0, None)]
    row = read_capabilities(tmp_path).row(0, named=True)
    assert (row["milex"], row["milper"], row["cinc"]) == (None, 4000.0, 0.117)


def test_the_newest_version_is_read(tmp_path: Path) -> None:
    head = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version"
    for name, cinc in (("NMC_5_0.csv", ".1"), ("NMC-70-abridged.csv", ".3")):
        write(tmp_path, name, head, f"USA,2,2000,1,1,1,1,1,1,{cinc},1")
    write(tmp_path, "older/NMC-60-abridged.csv", head, "USA,2,2000,1,1,1,1,1,1,.2,1")
    assert read_capabilities(tmp_path)["cinc"].to_list() == [0.3]


def test_months_of_contiguity_are_dates(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "contdir.csv",
        "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version",
        "2020,2,USA,20,CAN,1,192001,201612,,3.2",
    )
    assert read_contiguity(folder).rows() == [(2, 20, 1, date(1920, 1, 1), date(2016, 12, 1))]


def test_rivalries_of_either_name(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "tss_rivalries.csv",
        "tssr_id,rivalry,ccode1,ccode2,start,end,positional",
        "9,China-United States,710,2,1949,1972,1",
    )
    assert read_rivalries(folder).rows() == [(2, 710, 1949, 1972)]


def test_a_missing_table_says_where_to_get_it(tmp_path: Path) -> None:
    for read in READERS:
        with pytest.raises(InputError, match=r"no (table|list) of .* \(.*\); get it from \S+"):
            read(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_trade(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("ccode1,ccode2,year", "2,20,1950"), r"4\.0\.csv: no column .*flow1.*bilateral-trade"),
        ((TRADE, "2,-9,1950,x,y,1,1,1,1,2,0,4"), "1 rows have no number"),
        ((), "not a table that can be read"),
    ],
)
def test_a_table_of_another_form_is_named(
    tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    folder = write(tmp_path, "Dyadic_COW_4.0.csv", *lines)
    with pytest.raises(InputError, match=message):
        read_trade(folder)


def test_a_broken_parquet_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "trade_dyad.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match="not a table that can be read"):
        read_trade(tmp_path)


@pytest.mark.shared
@pytest.mark.parametrize("read", READERS)
def test_converted_tables_are_read_whole(shared: Path, read: object) -> None:
    rows = {
        read_alliances: 136_648,
        read_capabilities: 17_121,
        read_contiguity: 937,
        read_disputes: 5_695,
        read_rivalries: 264,
        read_states: 243,
        read_trade: 673_654,
        read_trade_totals: 14_410,
        read_wars: 958,  # of 966: eight dyad-years have two spells of one war
    }
    assert callable(read)
    frame = read(shared / "data/cow")
    assert frame.height == rows[read]
    if "a" in frame.columns:
        assert (frame["a"] < frame["b"]).all()


@pytest.mark.shared
def test_iso_codes_agree_with_the_collection(shared: Path) -> None:
    listed = pl.read_csv(shared / "data/cow/states.csv", columns=["ccode", "abbr", "iso3"])
    listed = listed.unique().sort("ccode")
    ours = load_iso_codes().sort("ccode")
    assert ours.select("ccode", "abbr", "iso3").rows() == listed.rows()


@pytest.mark.shared
def test_unknown_and_none_stay_apart(shared: Path) -> None:
    disputes, trade = read_disputes(shared / "data/cow"), read_trade(shared / "data/cow")
    assert disputes["fatality_a"].min() == 0
    assert disputes["fatality_a"].null_count() > 0
    assert trade["imports_a_from_b"].min() == 0
    assert trade["imports_a_from_b"].null_count() == 22_937

from __future__ import annotations

import random
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from detente.errors import InputError
from detente.relations.cameo import load_relations
from detente.relations.history import (
    COLUMNS,
    NOBODY,
    History,
    read_gdelt,
    read_history,
    read_icews,
    read_icews14,
    read_polecat,
)
from detente.relations.parties import name_party

ENTITIES = ["Barack_Obama", "Foreign_Affairs_(Russia)", "Police_(Russia)", "Militant_(Iraq)"]
RELATIONS = ["Make_a_visit", "Host_a_visit", "Accuse", "Make_statement", "Threaten"]


def write_icews14(folder: Path, quads: list[tuple[int, int, int, int]]) -> Path:
    for name, words in (("entity2id", ENTITIES), ("relation2id", RELATIONS)):
        rows = (f"{word}\t{n}\n" for n, word in enumerate(words))
        (folder / f"{name}.txt").write_text("".join(rows), "utf-8")
    lines = ("\t".join(map(str, (*quad, -1))) + "\r\n" for quad in quads)
    (folder / "train.txt").write_text("".join(lines), "utf-8")
    return folder


def test_read_icews14_sums_actors_to_countries(tmp_path: Path) -> None:
    quads = [
        (0, 0, 1, 24),  # Obama visits the Russian ministry
        (1, 1, 0, 24),  # the same visit from its host's side
        (1, 2, 0, 48),
        (2, 2, 1, 48),  # inside Russia
        (3, 4, 0, 72),  # a militant
        (0, 3, 1, 72),  # a statement
    ]
    found = read_icews14(write_icews14(tmp_path, quads), parts=["train"])
    assert found.events.columns == list(COLUMNS)
    assert found.events.select("id", "date", "source", "target", "root", "score").rows() == [
        ("train.txt:1", date(2014, 1, 2), "USA", "RUS", "CONSULT", 4.0),
        ("train.txt:3", date(2014, 1, 3), "RUS", "USA", "ACCUSE", -2.0),
    ]
    counts = (found.n_statements, found.n_unmapped, found.n_domestic, found.n_mirrored)
    assert (found.n_rows, *counts) == (6, 1, 1, 1, 1)
    assert found.unmapped.rows() == [("Militant_(Iraq)", 1)]


def test_read_icews14_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"entity2id\.txt: no such file"):
        read_icews14(tmp_path)
    write_icews14(tmp_path, [(0, 2, 1, 24)])
    with pytest.raises(InputError, match=r"valid\.txt: no such file"):
        read_icews14(tmp_path)


def test_read_icews14_refuses_other_files(tmp_path: Path) -> None:
    write_icews14(tmp_path, [])
    (tmp_path / "train.txt").write_text("a b c\n", "utf-8")
    with pytest.raises(InputError, match="parted by tabs"):
        read_icews14(tmp_path, parts=["train"])
    (tmp_path / "entity2id.txt").write_text("Russia\tone\n", "utf-8")
    with pytest.raises(InputError, match="names and numbers"):
        read_icews14(tmp_path, parts=["train"])


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    write_icews14(tmp_path, [])
    with pytest.raises(InputError, match=r"train\.txt: empty"):
        read_icews14(tmp_path)


def test_read_icews14_counts_broken_lines_as_no_event(tmp_path: Path) -> None:
    write_icews14(tmp_path, [(0, 2, 1, 24)])
    with (tmp_path / "train.txt").open("a", encoding="utf-8") as lines:
        lines.write("0\t2\t1\tsoon\t-1\n")
    found = read_icews14(tmp_path, parts=["train"])
    assert (found.events.height, found.n_statements) == (1, 1)


def write_table(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
    lines = ["\t".join(columns)]
    lines += ["\t".join(row.get(column, "") for column in columns) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


ICEWS_COLUMNS = (
    "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,"
    "Target Name,Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,"
    "Province,Country,Latitude,Longitude"
).split(",")


def icews_row(number: int, source: str, target: str, cameo: str, **more: str) -> dict[str, str]:
    row = {
        "Event ID": str(number),
        "Event Date": "2015-03-09",
        "Source Name": "someone",
        "Source Country": source,
        "Target Name": "someone else",
        "Target Country": target,
        "CAMEO Code": cameo,
    }
    return row | more


def test_read_icews_of_dataverse(tmp_path: Path) -> None:
    rows = [
        icews_row(1, "Russian Federation", "United States", "42"),
        icews_row(2, "United States", "Russian Federation", "111"),
        icews_row(3, "Ukraine", "Russian Federation", "190", **{"Source Sectors": "Rebel"}),
        icews_row(4, "", "Russian Federation", "163", **{"Source Name": "European Union"}),
        icews_row(5, "China", "Japan", "10"),
    ]
    found = read_icews([write_table(tmp_path / "events.2015.tab", ICEWS_COLUMNS, rows)])
    assert found.events.select("id", "source", "target", "root", "mode").rows() == [
        ("1", "RUS", "USA", "CONSULT", "visit"),
        ("2", "USA", "RUS", "ACCUSE", "disapprove"),
        ("4", "EU", "RUS", "COERCE", "restrict"),
    ]
    assert (found.n_unmapped, found.n_statements) == (1, 1)


def test_read_icews_names_a_missing_column(tmp_path: Path) -> None:
    path = write_table(tmp_path / "events.tab", ICEWS_COLUMNS[1:], [])
    with pytest.raises(InputError, match="no column Event ID"):
        read_icews([path])


POLECAT_COLUMNS = (
    "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,"
    "Actor Country,Actor COW,Primary Actor Sector,Actor Sectors,Actor Title,Actor Name Raw,"
    "Wikipedia Actor ID,Recipient Name,Recipient Country,Recipient COW,Primary Recipient Sector,"
    "Recipient Sectors,Recipient Title,Recipient Name Raw,Wikipedia Recipient ID,Placename,City,"
    "District,Province,Country,Latitude,Longitude,GeoNames ID,Raw Placename,Feature Type,Source,"
    "Publication Date,Story People,Story Organizations,Story Locations,Language,Version"
).split(",")


def polecat_row(number: int, root: str, mode: str, **more: str) -> dict[str, str]:
    row = {
        "Event ID": f"NGEC-{number}",
        "Event Date": "2023-05-01",
        "Event Type": root,
        "Event Mode": mode,
        "Contexts": "military;territory",
        "Actor Name": "Russia",
        "Actor Country": "RUS",
        "Recipient Name": "Ukraine",
        "Recipient Country": "UKR",
    }
    return row | more


def test_read_polecat(tmp_path: Path) -> None:
    rows = [
        polecat_row(1, "ASSAULT", "aerial"),
        polecat_row(2, "ACCUSE", "None"),
        polecat_row(3, "CONSULT", "no-such-mode"),
        polecat_row(4, "NO-SUCH-ROOT", ""),
        polecat_row(5, "ASSAULT", "", **{"Actor Country": "None", "Actor Name": "NATO"}),
        polecat_row(6, "ASSAULT", "", **{"Primary Actor Sector": "REB"}),
    ]
    found = read_polecat([write_table(tmp_path / "ngecEvents.txt", POLECAT_COLUMNS, rows)])
    assert found.events.select("id", "root", "mode", "contexts", "quad", "score").rows() == [
        ("NGEC-1", "ASSAULT", "aerial", "military;territory", 4, -9.5),
        ("NGEC-2", "ACCUSE", None, "military;territory", 3, -3.0),
        ("NGEC-3", "CONSULT", "no-such-mode", "military;territory", 1, 2.5),
    ]
    assert found.n_statements == 1
    assert found.n_unmapped == 2


GDELT_COLUMNS = (
    "GlobalEventID,Day,MonthYear,Year,FractionDate,Actor1Code,Actor1Name,Actor1CountryCode,"
    "Actor1KnownGroupCode,Actor1EthnicCode,Actor1Religion1Code,Actor1Religion2Code,"
    "Actor1Type1Code,Actor1Type2Code,Actor1Type3Code,Actor2Code,Actor2Name,Actor2CountryCode,"
    "Actor2KnownGroupCode,Actor2EthnicCode,Actor2Religion1Code,Actor2Religion2Code,"
    "Actor2Type1Code,Actor2Type2Code,Actor2Type3Code,IsRootEvent,EventCode,EventBaseCode"
).split(",")
"""The first 28 of 61 columns, as the codebook of version 2.0 names them."""


def gdelt_line(number: int, actor: str, other: str, cameo: str, **more: str) -> str:
    values = {
        "GlobalEventID": str(number),
        "Day": "20240305",
        "Actor1CountryCode": actor,
        "Actor2CountryCode": other,
        "EventCode": cameo,
    } | more
    return "\t".join([*(values.get(name, "") for name in GDELT_COLUMNS), *[""] * 33])


def test_read_gdelt(tmp_path: Path) -> None:
    path = tmp_path / "20240305.export.CSV"
    lines = [
        gdelt_line(1, "RUS", "UKR", "195"),
        gdelt_line(2, "USA", "CHN", "042"),
        gdelt_line(3, "USA", "CHN", "010"),
        gdelt_line(4, "USA", "EUR", "042"),
        gdelt_line(5, "UKR", "RUS", "190", Actor1Type1Code="REB"),
        gdelt_line(6, "", "ROM", "042", Actor1KnownGroupCode="EEC"),
        gdelt_line(7, "", "CHN", "042"),
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = read_gdelt([path])
    assert found.events.select("id", "date", "source", "target", "root").rows() == [
        ("1", date(2024, 3, 5), "RUS", "UKR", "ASSAULT"),
        ("2", date(2024, 3, 5), "USA", "CHN", "CONSULT"),
        ("6", date(2024, 3, 5), "EU", "ROU", "CONSULT"),
    ]
    assert found.unmapped.rows() == [(NOBODY, 1), ("EUR", 1), ("UKR", 1)]


def test_read_gdelt_refuses_other_tables(tmp_path: Path) -> None:
    path = tmp_path / "export.CSV"
    path.write_text("1\t2\t3\n", "utf-8")
    with pytest.raises(InputError, match="too few columns"):
        read_gdelt([path])


def test_broken_lines_and_bytes_stop_nothing(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "events.tab",
        ICEWS_COLUMNS,
        [icews_row(1, "China", "Japan", "111"), icews_row(2, "Japan", "China", "111")],
    )
    with path.open("ab") as lines:
        lines.write(b"3\tsoon\n" + b"4\t2015-03-09\tS\xe3o" + b"\t" * 40 + b"\n\n")
    found = read_icews([path])
    assert found.events["id"].to_list() == ["1", "2"]
    assert found.n_rows - found.n_statements == 2


def test_of_two_rows_with_one_number_both_stay(tmp_path: Path) -> None:
    rows = [icews_row(1, "China", "Japan", "111"), icews_row(1, "Japan", "China", "112")]
    found = read_icews([write_table(tmp_path / "events.tab", ICEWS_COLUMNS, rows)])
    assert found.events["source"].to_list() == ["CHN", "JPN"]


def slow_history(quads: list[tuple[int, int, int, int]]) -> History:
    """Return what `read_icews14` should, row by row."""
    relations = {row["relation"]: row for row in load_relations().iter_rows(named=True)}
    events, unmapped, counts, told = [], Counter[str](), Counter[str](), set()
    numbered = sorted(
        (date(2014, 1, 1) + timedelta(days=quad[3] // 24), f"train.txt:{line}", quad)
        for line, quad in enumerate(quads, start=1)
    )
    for day, row_id, (actor, relation, other, _) in numbered:
        coded = relations[RELATIONS[relation].replace("_", " ")]
        source, target = name_party(ENTITIES[actor]), name_party(ENTITIES[other])
        meeting = (day, frozenset((actor, other)), coded["mode"])
        if coded["root"] is None:
            counts["statements"] += 1
        elif source is None or target is None:
            counts["unmapped"] += 1
            unmapped.update(ENTITIES[n] for n in (actor, other) if name_party(ENTITIES[n]) is None)
        elif source == target:
            counts["domestic"] += 1
        elif coded["root"] == "CONSULT" and meeting in told:
            counts["mirrored"] += 1
        else:
            told.add(meeting)
            codes = [coded[name] for name in ("root", "mode", "contexts", "quad", "score")]
            events.append((row_id, day, source, target, *codes))
    return History(
        events=pl.DataFrame(events, schema=list(COLUMNS), orient="row"),
        unmapped=pl.DataFrame(
            sorted(unmapped.items(), key=lambda row: (-row[1], row[0])),
            schema=["name", "n"],
            orient="row",
        ),
        n_rows=len(quads),
        n_statements=counts["statements"],
        n_unmapped=counts["unmapped"],
        n_domestic=counts["domestic"],
        n_mirrored=counts["mirrored"],
    )


def test_read_icews14_is_what_a_slow_reading_gives(tmp_path: Path) -> None:
    rng = random.Random(1)
    quads = [
        (rng.randrange(4), rng.randrange(5), rng.randrange(4), 24 * rng.randrange(60))
        for _ in range(2000)
    ]
    found = read_history(write_icews14(tmp_path, quads))
    wanted = slow_history(quads)
    assert found.events.rows() == wanted.events.rows()
    assert found.unmapped.rows() == wanted.unmapped.rows()
    counts = ("n_rows", "n_statements", "n_unmapped", "n_domestic", "n_mirrored")
    assert [getattr(found, name) for name in counts] == [getattr(wanted, name) for name in counts]


SCHEMA = dict.fromkeys(COLUMNS, pl.String()) | {
    "date": pl.Date(),
    "quad": pl.UInt8(),
    "score": pl.Float64(),
}


def write_gdelt(path: Path) -> Path:
    path.write_text(gdelt_line(1, "RUS", "UKR", "195") + "\n", "utf-8")
    return path


def write_polecat(path: Path) -> Path:
    return write_table(path, POLECAT_COLUMNS, [polecat_row(1, "ASSAULT", "aerial")])


def write_icews(path: Path) -> Path:
    return write_table(path, ICEWS_COLUMNS, [icews_row(1, "China", "Japan", "111")])


@pytest.mark.parametrize(
    ("name", "write", "event"),
    [
        ("events.2015.20180710092545.tab", write_icews, "1"),
        ("ngecEvents.DV.2023.txt", write_polecat, "NGEC-1"),
        ("20240305000000.export.CSV", write_gdelt, "1"),
    ],
)
def test_read_history_tells_data_sets_apart(
    tmp_path: Path, name: str, write: Callable[[Path], Path], event: str
) -> None:
    path = write(tmp_path / name)
    found = read_history(path).events
    assert found["id"].to_list() == [event]
    assert found.schema == SCHEMA
    packed = tmp_path / "packed" / f"{name}.zip"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, name)
    (packed.parent / "readme.txt").write_text("about these data", "utf-8")
    (packed.parent / "empty.txt").write_text("", "utf-8")
    assert read_history(packed.parent).events["id"].to_list() == [event]


def test_read_history_names_the_column_that_a_file_lacks(tmp_path: Path) -> None:
    path = write_table(tmp_path / "events.tab", ICEWS_COLUMNS[1:], [])
    with pytest.raises(InputError, match="no column Event ID"):
        read_history(path)


def test_read_history_adds_the_files_of_a_folder(tmp_path: Path) -> None:
    write_icews(tmp_path / "events.1.tab")
    write_icews(tmp_path / "events.2.tab")
    assert read_history(tmp_path).n_rows == 2


def test_read_history_reads_the_test_part_too(tmp_path: Path) -> None:
    write_icews14(tmp_path, [(0, 2, 1, 24)])
    (tmp_path / "test.txt").write_text("1\t2\t0\t48\n", "utf-8")
    found = read_history(tmp_path).events
    assert found["id"].to_list() == ["train.txt:1", "test.txt:1"]


def test_read_history_names_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        read_history(tmp_path / "nothing")
    with pytest.raises(InputError, match="no event data that is known"):
        read_history(tmp_path)
    article = tmp_path / "article.txt"
    article.write_text("Moscow and Kyiv\tmet.\n", "utf-8")
    with pytest.raises(InputError, match=r"article\.txt: no event data that is known"):
        read_history(article)
    write_icews(tmp_path / "a.tab")
    write_gdelt(tmp_path / "b.csv")
    with pytest.raises(InputError, match=r"several data sets, b\.csv \(GDELT\), a\.tab \(ICEWS\)"):
        read_history(tmp_path)


def test_a_folder_of_icews14_without_rows_names_the_file(tmp_path: Path) -> None:
    write_icews14(tmp_path, [])
    (tmp_path / "train.txt").unlink()
    with pytest.raises(InputError, match=r"train\.txt: no such file"):
        read_history(tmp_path)


@pytest.mark.shared
def test_every_row_of_icews14_is_accounted_for(shared: Path) -> None:
    found = read_history(shared / "data/icews14")
    assert found.n_rows == 83_359
    counts = (found.n_statements, found.n_unmapped, found.n_domestic, found.n_mirrored)
    assert (*counts, found.events.height) == (16_769, 14_555, 22_865, 7_184, 21_986)

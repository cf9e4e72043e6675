from __future__ import annotations

import csv
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.relations.history import (
    COLUMNS,
    load_relations,
    read_gdelt,
    read_icews,
    read_icews14,
    read_polecat,
)

DATA = resources.files("detente") / "data"


def relation_rows() -> list[dict[str, str]]:
    with (DATA / "icews_relations.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_relation_has_a_root_and_mode_of_plover() -> None:
    plover = tomllib.loads((DATA / "plover.toml").read_text("utf-8"))
    for row in relation_rows():
        if row["cameo"].startswith("01"):
            assert row["root"] == "", row
            continue
        root = plover["root"][row["root"]]
        assert row["mode"] in {"", *root.get("modes", {})}, row
        assert set(filter(None, row["contexts"].split(";"))) <= set(plover["contexts"]["names"])


def test_relations_are_unique_by_name_and_code() -> None:
    rows = relation_rows()
    assert len({row["relation"] for row in rows}) == len(rows)
    assert len({int(row["cameo"]) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("relation", "cameo", "root", "mode", "score"),
    [
        ("Make statement", "010", None, None, None),
        ("Discuss by telephone", "041", "CONSULT", "phone", 1.5),
        ("Consult", "040", "CONSULT", None, 2.5),
        ("Provide military aid", "072", "AID", None, 10.0),
        ("Appeal to others to meet or negotiate", "026", "REQUEST", "meet", 0.0),
        ("Impose embargo, boycott, or sanctions", "163", "COERCE", "restrict", -7.0),
        ("Occupy territory", "192", "COERCE", "seize", -7.0),
        ("Employ aerial weapons", "195", "ASSAULT", "aerial", -9.5),
        ("Retreat or surrender militarily", "0874", "RETREAT", "disarm", 10.0),
    ],
)
def test_relations_are_scored(
    relation: str, cameo: str, root: str | None, mode: str | None, score: float | None
) -> None:
    row = load_relations().filter(relation=relation).row(0, named=True)
    assert (row["cameo"], row["root"], row["mode"], row["score"]) == (cameo, root, mode, score)


@pytest.mark.shared
def test_all_relation_names_of_icews_are_known(shared: Path) -> None:
    lines = (shared / "data/icews14/relation2id.txt").read_text("utf-8").splitlines()
    names = {line.split("\t")[0].replace("_", " ") for line in lines}
    assert len(names) == 230
    assert names <= {row["relation"] for row in relation_rows()}


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


ICEWS_COLUMNS = [
    *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text"),
    *("CAMEO Code", "Intensity", "Target Name", "Target Sectors", "Target Country"),
]


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


POLECAT_COLUMNS = [
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *("Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector"),
    *("Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector"),
]


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


def gdelt_line(number: int, actor: str, other: str, cameo: str, actor_type: str = "") -> str:
    fields = [""] * 61
    for place, value in (
        (1, str(number)),
        (2, "20240305"),
        (8, actor),
        (13, actor_type),
        (18, other),
        (27, cameo),
    ):
        fields[place - 1] = value
    return "\t".join(fields)


def test_read_gdelt(tmp_path: Path) -> None:
    path = tmp_path / "20240305.export.CSV"
    lines = [
        gdelt_line(1, "RUS", "UKR", "195"),
        gdelt_line(2, "USA", "CHN", "042"),
        gdelt_line(3, "USA", "CHN", "010"),
        gdelt_line(4, "USA", "EUR", "042"),
        gdelt_line(5, "UKR", "RUS", "190", "REB"),
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = read_gdelt([path])
    assert found.events.select("id", "date", "source", "target", "root").rows() == [
        ("1", date(2024, 3, 5), "RUS", "UKR", "ASSAULT"),
        ("2", date(2024, 3, 5), "USA", "CHN", "CONSULT"),
    ]
    assert found.unmapped.rows() == [("EUR", 1), ("UKR", 1)]


def test_read_gdelt_refuses_other_tables(tmp_path: Path) -> None:
    path = tmp_path / "export.CSV"
    path.write_text("1\t2\t3\n", "utf-8")
    with pytest.raises(InputError, match="too few columns"):
        read_gdelt([path])

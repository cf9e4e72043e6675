from __future__ import annotations

import csv
import tomllib
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from detente.relations.cameo import load_relations, load_scores

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


@pytest.mark.shared
def test_statements_are_no_events_and_appeals_are_requests(shared: Path) -> None:
    lines = (shared / "data/icews14/relation2id.txt").read_text("utf-8").splitlines()
    names = [line.split("\t")[0].replace("_", " ") for line in lines]
    found = load_relations().filter(load_relations()["relation"].is_in(names))
    by_code = {row["cameo"]: row["root"] for row in found.iter_rows(named=True)}
    assert len(by_code) == 230
    assert {root for code, root in by_code.items() if code.startswith("01")} == {None}
    assert {root for code, root in by_code.items() if code.startswith("02")} == {"REQUEST"}
    assert None not in {root for code, root in by_code.items() if not code.startswith("01")}


def test_a_root_without_mode_has_a_score() -> None:
    row = load_scores().filter(pl.col("mode").is_null(), root="CONSULT").row(0, named=True)
    assert (row["quad"], row["score"]) == (1, 2.5)

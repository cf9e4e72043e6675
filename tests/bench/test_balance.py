from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from detente.bench.balance import measure_balance_networks
from detente.errors import InputError

TRIANGLE = "A,B,1\nB,C,1\nA,C,-1\n"


def write(folder: Path, **changed: str) -> Path:
    """Write small tables of the five kinds, some of them changed."""
    parts = "".join(f"{{0}},{row}\n" for row in TRIANGLE.split())
    texts = {
        "gahuku_gama": f"a,b,sign\n{TRIANGLE}",
        "avatar": "a,b,sign\nA,B,-1\n",
        "cow_doreian_mrvar_1946_1999": "network,a,b,sign\n" + parts.format("dm_1946_1949"),
        "synthetic": "network,a,b,sign\n" + parts.format("random"),
    } | changed
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    pl.DataFrame(
        {"year": [1816, 1817], "a": [2, 200], "b": [200, 365], "sign": [-1, 1]}
    ).write_parquet(folder / "yearly_1816_2014.parquet")
    return folder


def test_every_network_is_measured_under_its_name(tmp_path: Path) -> None:
    found = measure_balance_networks(write(tmp_path))
    assert [row["network"] for row in found["networks"]] == [
        *("gahuku_gama", "avatar", "dm_1946_1949", "random", "yearly_1816", "yearly_1817")
    ]
    first = found["networks"][0]
    assert (first["n"], first["m"], first["frustration_index"], first["lower_bound"]) == (
        3,
        3,
        1,
        1,
    )
    assert first["proved"] is True
    assert (found["n_networks"], found["n_proved"], found["n_references"]) == (6, 6, 0)


def test_references_are_held_against_the_measures(tmp_path: Path) -> None:
    write(tmp_path)
    found = {row["network"]: row for row in measure_balance_networks(tmp_path)["networks"]}
    wrong = found["random"] | {"frustration_index": 2}
    references = {"avatar": found["avatar"], "random": wrong, "unknown": wrong}
    (tmp_path / "reference.json").write_text(json.dumps({"networks": references}), "utf-8")
    again = measure_balance_networks(tmp_path)
    assert (again["n_references"], again["n_equal_to_reference"]) == (2, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\nA,B\n", "columns a, b and sign"),
        ("a,b,sign\nA,B,friends\n", "columns a, b and sign"),
        ("a,b,sign\nA,B,2\n", "neither 1 nor -1"),
        ("a,b,sign\nA,,1\n", "lacks a name"),
        ("a,b,sign\nA,B,\n", "lacks a name or its sign"),
        ("a,b,sign\nA,B,1\nB,A,1\n", "twice"),
    ],
)
def test_a_malformed_table_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        measure_balance_networks(write(tmp_path, avatar=text))
    assert "avatar.csv" in str(error.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gahuku_gama\.csv: no such file"):
        measure_balance_networks(tmp_path)


def test_a_file_that_is_no_reference_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "reference.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match=r"reference\.json"):
        measure_balance_networks(tmp_path)


@pytest.mark.shared
def test_networks_are_proved_and_equal_their_references(shared: Path, tmp_path: Path) -> None:
    """Every tenth window and every twentieth year; `detente bench balance` checks them all."""
    data = shared / "data" / "signed"
    for name in ("gahuku_gama.csv", "avatar.csv", "synthetic.csv", "reference.json"):
        (tmp_path / name).symlink_to(data / name)
    windows = pl.read_csv(data / "cow_doreian_mrvar_1946_1999.csv")
    windows = windows.filter(pl.col("network").str.contains(r"^dm_\d\d\d6"))
    windows.write_csv(tmp_path / "cow_doreian_mrvar_1946_1999.csv")
    years = pl.read_parquet(data / "yearly_1816_2014.parquet").filter(pl.col("year") % 20 == 0)
    years.write_parquet(tmp_path / "yearly_1816_2014.parquet")
    found = measure_balance_networks(tmp_path)
    assert (found["n_networks"], found["n_proved"]) == (29, 29)
    assert (found["n_references"], found["n_equal_to_reference"]) == (22, 22)

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from detente.bench.landscape import FURTHER, POWERS, measure_landscape
from detente.errors import InputError
from detente.scenarios.propensities import RECIPE

YEARS = (1936, 1937, 1938, 1939)


def write_tables(folder: Path) -> Path:
    """Write the three tables for the five powers alone, Germany and Italy against the others."""
    pl.DataFrame(
        {"actor": ["P", "Q", "R"], "size": [1.0, 2.0, 3.0], "type": ["x", "x", "y"]}
    ).write_csv(folder / "unix_actors.csv")
    axis = ("Germany", "Italy")
    pl.DataFrame(
        {
            "actor": POWERS,
            "size_ab1993_1936": [7.0, 5.0, 11.0, 4.0, 15.0],
            **{f"cinc_pct_{year}": [7, 5, 11, 4, 15] for year in YEARS},
            "actual_side": [
                "axis_or_invaded_by_ussr" if name in axis else "allied_or_invaded_by_axis"
                for name in POWERS
            ],
        }
    ).write_csv(folder / "wwii_actors.csv")
    rows = [
        {
            "year": year,
            "a": a,
            "b": b,
            **dict.fromkeys((*RECIPE, *FURTHER), 0),
            "government": 1 if (a in axis) == (b in axis) else -1,
        }
        for year in YEARS
        for i, a in enumerate(POWERS)
        for b in POWERS[i + 1 :]
    ]
    pl.DataFrame(rows).write_csv(folder / "wwii_pairs.csv")
    return folder


def test_a_clear_case_has_no_errors(tmp_path: Path) -> None:
    found = measure_landscape(write_tables(tmp_path), draws=3)
    assert [(row["year"], row["sizes"]) for row in found["europe"]] == [
        (1936, "printed"),
        *((year, "nmc") for year in YEARS),
    ]
    assert all(row["minima"][0]["errors"] == [] for row in found["europe"])
    assert found["europe"][0]["minima"][0]["by_chance"] == 0.0625
    assert len(found["unix"]) == 2
    for row in found["sensitivity"]:
        assert len(row["one_by_one"]) == 3 * len(RECIPE) + 3 * len(FURTHER)
        assert row["random_recipe"]["draws"] == 3
        assert sum(row["random_all"]["errors"].values()) == 3
    assert msgspec.json.encode(found)


def test_draws_are_those_of_the_seed(tmp_path: Path) -> None:
    folder = write_tables(tmp_path)
    one, other = (measure_landscape(folder, draws=2, seed=4)["sensitivity"] for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", ["unix_actors.csv", "wwii_actors.csv", "wwii_pairs.csv"])
def test_missing_files_and_columns_are_named(tmp_path: Path, name: str) -> None:
    path = write_tables(tmp_path) / name
    path.write_text("other\n1\n")
    with pytest.raises(InputError, match=f"{name}: no column"):
        measure_landscape(tmp_path)
    path.unlink()
    with pytest.raises(InputError, match=f"{name}: no such file"):
        measure_landscape(tmp_path)


def test_an_unknown_side_is_named(tmp_path: Path) -> None:
    path = write_tables(tmp_path) / "wwii_actors.csv"
    path.write_text(path.read_text().replace("axis_or_invaded_by_ussr", "undecided"))
    with pytest.raises(InputError, match="undecided"):
        measure_landscape(tmp_path)


@pytest.fixture(scope="module")
def figures(shared: Path) -> dict[str, Any]:
    return measure_landscape(shared / "data/landscape", draws=2)


@pytest.mark.shared
def test_known_answers_come_out(figures: dict[str, Any]) -> None:
    assert [(m["energy"], m["basin"]) for m in figures["unix"]] == [(-3828.9, 128)] * 2
    assert len(figures["five_powers"]) == 4
    assert figures["seconds"]["states_17_cpu"] < 0.5
    assert figures["seconds"]["random_20_cpu"] < 5


@pytest.mark.shared
def test_europe_comes_out_as_the_method_note_says(figures: dict[str, Any]) -> None:
    found = [(row["year"], [len(m["errors"]) for m in row["minima"]]) for row in figures["europe"]]
    assert found == [(1936, [5]), (1936, [5]), (1937, [5]), (1938, [4]), (1939, [5])]

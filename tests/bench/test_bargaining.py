from __future__ import annotations

from pathlib import Path

import pytest

from detente.bench.bargaining import measure_bargaining
from detente.errors import InputError

TABLE = "Actor,Capability,Position,Salience\nA,1,0,0.05\nB,9,10,0.9\n"


def test_measure_bargaining_gives_every_round(tmp_path: Path) -> None:
    path = tmp_path / "players.csv"
    path.write_text(TABLE, "utf-8-sig")
    found = measure_bargaining(path, rounds=2)
    assert (found["n_players"], found["n_rounds"]) == (2, 2)
    assert [each["round"] for each in found["rounds"]] == [0, 1, 2]
    assert found["rounds"][0]["positions"] == {"A": 0, "B": 10}
    assert found["rounds"][1]["moves"][0]["player"] == "A"
    assert found["converged"] == (found["status"] == "converged")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Actor,Capability,Position\nA,1,0\n", "no column Salience"),
        ("", "or no row"),
        (TABLE + "C,1,x,0.5\n", "line 4: Position is 'x'"),
        (TABLE + "C,1\n", "line 4: Position is None"),
        (TABLE + "C,1,2,5\n", "C: salience 5.0 is outside"),
    ],
)
def test_bad_tables_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "players.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        measure_bargaining(path)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a readable CSV table"):
        measure_bargaining(tmp_path)


@pytest.mark.shared
def test_the_published_issue(shared: Path) -> None:
    found = measure_bargaining(shared / "data/bargaining/ec_emissions.csv")
    medians = [each["median"] for each in found["rounds"]]
    assert medians[:4] == pytest.approx([7, 8.4159, 9.6109, 9.9620], abs=5e-5)
    assert found["rounds"][0]["mean"] == 7.389956
    assert found["status"] == "oscillating"

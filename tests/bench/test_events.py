from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.bench.events import measure_events, read_rows
from detente.errors import InputError
from tests.command import run

ARTICLE = "Iran condemned Israel.\n\nPeru sent food to Cuba."
PLV_ROWS = [
    {"id": "7", "events": [
        {"root": "YIELD", "source": ["MLI"], "target": [], "main": False},
        {"root": "ACCUSE", "source": ["IRN"], "target": ["ISR"], "main": True},
    ]},
]  # fmt: skip
POLNEAR_ROWS = [
    {"file": "polnear/a.txt", "start": 0, "end": 22, "events": [
        {"root": "ACCUSE", "source": ["IRN"], "target": ["ISR"], "main": True, "status": "past"},
    ]},
    {"file": "polnear/a.txt", "start": 24, "end": 47, "events": []},
]  # fmt: skip


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    (folder / f"events_{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of data that holds the annotations too."""
    for part in ("plv", "polnear"):
        (tmp_path / part).mkdir()
    (tmp_path / "plv" / "PLV_train.tsv").write_text(
        "sentence_id\tsentence\n7\tIran condemned Israel.\n"
    )
    (tmp_path / "polnear" / "a.txt").write_text(ARTICLE)
    (tmp_path / "polnear" / "metadata.tsv").write_text(
        "filename\tpublication_date\na\t2016-03-01\n"
    )
    write(tmp_path, "plv", PLV_ROWS)
    write(tmp_path, "polnear", POLNEAR_ROWS)
    return tmp_path


@pytest.mark.model
def test_both_files_are_measured_by_main_and_by_all_events(data: Path) -> None:
    figures = measure_events(data, data)
    assert figures["plv"]["main_events"]["triple"]["f1"] == 1
    assert figures["plv"]["all_events"]["triple"]["recall"] == 0.5
    assert figures["polnear"]["all_events"]["n"] == 2
    assert figures["polnear"]["all_events"]["triple"]["recall"] == 1


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("plv", {"id": "8"}, "no sentence '8'"),
        ("polnear", {"start": 90, "end": 99}, "no words at 90:99"),
        ("polnear", {"events": "none"}, "no annotations can be read"),
    ],
)
@pytest.mark.model
def test_an_annotation_must_fit_its_text(
    data: Path, name: str, change: dict[str, Any], message: str
) -> None:
    rows = PLV_ROWS if name == "plv" else POLNEAR_ROWS
    write(data, name, [{**rows[0], **change}])
    with pytest.raises(InputError, match=message):
        measure_events(data, data)


def test_annotations_are_looked_for_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "run this in the project's folder" in run("bench", "events", "--data", tmp_path).err


@pytest.mark.parametrize("name", ["plv", "polnear"])
def test_the_shipped_annotations_can_be_read(name: str) -> None:
    folder = Path(__file__).parents[2] / "eval" / "annotations"
    rows = read_rows(folder / f"events_{name}.jsonl")
    assert len({row.name for row in rows}) == len(rows)
    assert any(event.main for row in rows for event in row.events)

from __future__ import annotations

from pathlib import Path

import pytest

from detente.bench.history import measure_history
from detente.errors import InputError


def write_benchmark(folder: Path) -> Path:
    (folder / "entity2id.txt").write_text("John_Kerry\t0\nMilitary_(Russia)\t1\n", "utf-8")
    (folder / "relation2id.txt").write_text("Accuse\t0\nMake_statement\t1\n", "utf-8")
    (folder / "train.txt").write_text("0\t0\t1\t24\t-1\n1\t1\t0\t48\t-1\n", "utf-8")
    return folder


def test_both_forms_give_the_same_events_and_ties(tmp_path: Path) -> None:
    found = measure_history(write_benchmark(tmp_path), rows=5, runs=1)
    assert found["rows"] == 5
    for form in ("icews14", "dataverse"):
        assert (found[form]["events"], found[form]["ties"]) == (3, 3)
        assert 0 < found[form]["seconds"] < 60
        assert found[form]["peak_memory_mb"] > 0  # of the whole process, so of all tests before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_benchmark(tmp_path)
    (tmp_path / "train.txt").unlink()
    with pytest.raises(InputError, match=r"train\.txt: no such file"):
        measure_history(tmp_path)

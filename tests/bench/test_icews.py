from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.bench.icews import measure_icews, read_groups, read_split
from detente.errors import InputError
from tests.scenarios.completions import N_ENTITIES, made_history


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a made benchmark, its times in hours; the last two days are held out."""
    rows = made_history(30)
    rows[:, 3] *= 24
    for part, first, last in (("train", 0, 24), ("valid", 24, 28), ("held_out", 28, 30)):
        chosen = rows[(rows[:, 3] >= 24 * first) & (rows[:, 3] < 24 * last)]
        np.savetxt(tmp_path / f"{part}.txt", chosen, fmt="%d", delimiter="\t")
    return tmp_path


def test_measure_icews_forecasts_valid_from_train(folder: Path) -> None:
    figures = measure_icews(folder)
    n = len(np.loadtxt(folder / "valid.txt"))
    assert figures["n_queries"] == 2 * n
    assert {"mrr", "hits1", "hits3", "hits10"} == set(figures["stage1"]) < set(figures)
    assert {"seconds", "peak_memory_mb", "ece"} < set(figures)
    assert 0.2 < figures["stage1"]["mrr"] <= 1
    assert figures["hits1"] <= figures["hits3"] <= figures["hits10"] <= 1


def test_measure_icews_writes_the_ranks_in_the_order_of_the_file(folder: Path) -> None:
    path = folder / "held_out.txt"
    figures = measure_icews(folder, test=path, ranks=folder / "ranks.txt")
    ranks = np.loadtxt(folder / "ranks.txt")
    assert ranks.shape == (len(np.loadtxt(path)), 2)
    assert (1 / ranks).mean() == pytest.approx(figures["mrr"], abs=1e-4)
    turned = folder / "turned.txt"
    turned.write_text("\n".join(reversed(path.read_text().splitlines())))
    measure_icews(folder, test=turned, ranks=folder / "turned_ranks.txt")
    assert np.allclose(np.loadtxt(folder / "turned_ranks.txt")[::-1], ranks)


def test_read_split_counts_days_from_the_first(folder: Path) -> None:
    split = read_split(folder, folder / "held_out.txt")
    assert (split.known[:, 3].min(), split.known[:, 3].max()) == (0, 27)
    assert np.unique(split.asked[:, 3]).tolist() == [28, 29]
    (folder / "stat.txt").write_text("50 7\n")
    sized = read_split(folder, None)
    assert (sized.n_entities, sized.n_relations) == (50, 7)


def test_read_split_refuses_days_of_the_past(folder: Path) -> None:
    with pytest.raises(InputError, match="must all come after"):
        read_split(folder, folder / "train.txt")


@pytest.mark.parametrize("text", ["", "a b c d\n", "1 2\n"])
def test_read_split_names_the_file_it_cannot_read(folder: Path, text: str) -> None:
    (folder / "valid.txt").write_text(text)
    with pytest.raises(InputError, match=r"valid\.txt"):
        read_split(folder, None)


def test_read_groups_by_name(folder: Path) -> None:
    assert read_groups(folder, N_ENTITIES) is None
    (folder / "entity2id.txt").write_text("Police_(Russia)\t1\nRussia\t0\n")
    groups = read_groups(folder, N_ENTITIES)
    assert groups is not None
    assert groups.homes[0] == groups.homes[1] > 0
    (folder / "entity2id.txt").write_text(f"Russia\t{N_ENTITIES}\n")
    with pytest.raises(InputError, match="line 1"):
        read_groups(folder, N_ENTITIES)


@pytest.mark.shared
@pytest.mark.slow
def test_icews14_names_give_most_entities_a_country(shared: Path) -> None:
    groups = read_groups(shared / "data" / "icews14", 7128)
    assert groups is not None
    assert (groups.homes > 0).mean() > 0.6

"""Forecasts on the ICEWS14 benchmark (García-Durán et al. 2018).

In: a folder with `train.txt` and `valid.txt` (columns s, r, o, time), and the names of the
entities in `entity2id.txt` if at hand. Out: mean reciprocal rank and hits of both directions under
the usual protocol (single step, time-aware filter, all entities, ties at their mean), of both
stages; calibration, seconds and memory of these; and the Brier skill of questions about pairs of
countries.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.relations.history import ICEWS14_FILES, read_history
from detente.scenarios.advantage import measure_occurrence
from detente.scenarios.calibration import expected_calibration_error
from detente.scenarios.counts import Ints
from detente.scenarios.evidence import split_days, with_inverses
from detente.scenarios.forecast import CompletionModel
from detente.scenarios.groups import Groups, group_entities
from detente.scenarios.mixture import Doubles
from detente.scenarios.ranking import Ranking, join_rankings, rank_answers, summarise_ranks


@dataclass(slots=True, frozen=True)
class Split:
    """Events (s, r, o, day) to learn from and to forecast, and the sizes of the data set."""

    known: Ints
    asked: Ints
    n_entities: int
    n_relations: int


def measure_icews(
    data: Path, *, test: Path | None = None, ranks: Path | None = None
) -> dict[str, Any]:
    """Return the accuracy of the forecasts of each day from all days before it.

    Args:
        data: the folder of the benchmark.
        test: days to forecast from `train.txt` and `valid.txt`; when left out, `valid.txt` is
            forecast from `train.txt`.
        ranks: file to write the ranks to, a row of the forecast file a line: of object and subject.

    Raises:
        InputError: a file is missing, is not of that form, or the parts are not in order of time.
    """
    begin = time.perf_counter()
    split = read_split(data, test)
    model = CompletionModel(read_groups(data, split.n_entities))
    model.fit(split.known, split.n_entities, split.n_relations)
    first, final = _forecast(model, split)
    if ranks is not None:
        np.savetxt(ranks, _by_row(final.ranks, split), fmt="%g")
    figures = {
        "n_queries": len(final.ranks),
        **summarise_ranks(final.ranks),
        "stage1": summarise_ranks(first.ranks),
        "seconds": time.perf_counter() - begin,
        "peak_memory_mb": _peak_memory(),
        "ece": expected_calibration_error(final.stated, final.right),
    }
    return figures | _judge_questions(data)


def _judge_questions(data: Path) -> dict[str, Any]:
    """Return the skill of the occurrence model on all days at hand, by horizon and quad class.

    Nothing where the files of names that countries are read from are missing.
    """
    if not all((data / name).is_file() for name in ICEWS14_FILES):
        return {}
    found = measure_occurrence(read_history(data).events)
    return {
        "brier_skill": found["brier_skill"],
        "brier_skill_interval": found["interval"],
        "brier_skill_of_persistence": found["persistence"],
    }


def _forecast(model: CompletionModel, split: Split) -> tuple[Ranking, Ranking]:
    """Return the rankings of both stages, day by day: first the objects, then the subjects."""
    first, final = [], []
    for today in split_days(split.asked):
        both = with_inverses(today, split.n_relations)
        queries, answers = both[:, :2].copy(), both[:, 2].copy()
        stages = model.predict_stages(queries, int(today[0, 3]))
        first.append(rank_answers(stages.first, queries, answers))
        final.append(rank_answers(stages.final, queries, answers))
        model.update(today)
    return join_rankings(first), join_rankings(final)


def _by_row(ranks: Doubles, split: Split) -> Doubles:
    """Return the ranks of object and subject of each row of the file, in the file's order."""
    rows = np.argsort(split.asked[:, 3], kind="stable")
    table = np.empty((len(rows), 2))
    start = 0
    for today in split_days(split.asked):
        n = len(today)
        table[rows[start : start + n]] = ranks[2 * start : 2 * (start + n)].reshape(2, n).T
        start += n
    return table


def read_split(data: Path, test: Path | None) -> Split:
    """Return what is known and what is to be forecast.

    Raises:
        InputError: as `measure_icews`.
    """
    train, valid = (_read_rows(data / f"{part}.txt") for part in ("train", "valid"))
    parts = [train, valid] if test is None else [train, valid, _read_rows(test)]
    rows = np.concatenate(parts)
    times = np.unique(rows[:, 3])
    step = int(np.diff(times).min()) if len(times) > 1 else 1
    rows[:, 3] = (rows[:, 3] - times[0]) // step
    cut = len(rows) - len(parts[-1])
    known, asked = rows[:cut], rows[cut:]
    if known[:, 3].max() >= asked[:, 3].min():
        raise InputError(
            f"{test or data / 'valid.txt'}: its days must all come after the days learned from"
        )
    sizes = _read_sizes(data / "stat.txt")
    return Split(
        known,
        asked,
        max(int(rows[:, [0, 2]].max()) + 1, sizes[0]),
        max(int(rows[:, 1].max()) + 1, sizes[1]),
    )


def read_groups(data: Path, n_entities: int) -> Groups | None:
    """Return the countries and offices of the entities by name; None where no names are at hand."""
    path = data / "entity2id.txt"
    if not path.exists():
        return None
    names = [""] * n_entities
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        name, _, place = line.rpartition("\t")
        if not place.isdigit() or int(place) >= n_entities:
            raise InputError(f"{path}, line {number}: not a name and a number below {n_entities}")
        names[int(place)] = name
    return group_entities(names)


def _read_rows(path: Path) -> Ints:
    try:
        lines = path.read_text("utf-8").splitlines()
        if not lines:
            raise InputError(f"{path}: holds no events")
        return np.loadtxt(lines, dtype=np.int64, usecols=(0, 1, 2, 3), ndmin=2)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be read as numbers s, r, o, time a line ({error})"
        ) from error


def _read_sizes(path: Path) -> tuple[int, int]:
    """Return the numbers of entities and relations that a data set states, 0 where it does not."""
    if not path.exists():
        return 0, 0
    said = path.read_text("utf-8").split()
    return int(said[0]), int(said[1])


def _peak_memory() -> float:
    """Return the most memory that this process has held, in MB (Linux counts in kB, macOS in B)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)

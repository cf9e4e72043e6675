"""Speed of history: seconds from a file of a million event rows to monthly ties of all dyads.

The file is the train part of the ICEWS14 benchmark, repeated a year later each time; the same rows
are measured again in the form of ICEWS' Dataverse files. Each run is a fresh process, so that
nothing is cached; its imports are not counted.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from detente.errors import InputError
from detente.relations.cameo import load_relations
from detente.relations.dyads import tabulate_ties
from detente.relations.history import ICEWS14_FILES, ICEWS_COLUMNS, read_history
from detente.relations.parties import name_parties
from detente.relations.reference import load_reference

ROWS = 1_000_000
RUNS = 3
HOURS_OF_A_YEAR = 24 * 365


def measure_history(data: Path, *, rows: int = ROWS, runs: int = RUNS) -> dict[str, Any]:
    """Return time and memory of reading `rows` rows into monthly ties, for each form of file.

    For each of `icews14` and `dataverse`: `seconds` (best run), `seconds_median`, `cpu_seconds`,
    `rows_per_second` (of the best run), `peak_memory_mb` (of the whole process), `events`, `ties`.

    Args:
        data: the folder of the ICEWS14 benchmark.
        rows: rows of the file that is made from it.
        runs: fresh processes for each form.

    Raises:
        InputError: the folder lacks a file of the benchmark.
    """
    for name in (*ICEWS14_FILES, "train.txt"):
        if not (data / name).is_file():
            raise InputError(f"{data / name}: no such file; --data is the folder of ICEWS14")
    with tempfile.TemporaryDirectory() as made:
        quads = _write_icews14(data, Path(made), rows)
        paths = {"icews14": Path(made), "dataverse": Path(made) / "events.tab"}
        _write_dataverse(quads, data, paths["dataverse"])
        found: dict[str, Any] = {"rows": rows, "threads": pl.thread_pool_size()}
        return found | {form: _summarise(path, rows, runs) for form, path in paths.items()}


def _write_icews14(data: Path, made: Path, rows: int) -> pl.DataFrame:
    """Write the benchmark's files with so many rows, and return those rows."""
    for name in ICEWS14_FILES:
        shutil.copy(data / name, made / name)
    names = ["actor", "relation", "other", "hours"]
    year = pl.read_csv(data / "train.txt", separator="\t", has_header=False, columns=range(4))
    year.columns = names
    repeats = -(-rows // year.height)
    quads = pl.concat(
        [year.with_columns(pl.col("hours") + n * HOURS_OF_A_YEAR) for n in range(repeats)]
    ).head(rows)
    quads.write_csv(made / "train.txt", separator="\t", include_header=False)
    return quads


def _write_dataverse(quads: pl.DataFrame, data: Path, path: Path) -> None:
    """Write rows under the column names of Dataverse, with their CAMEO code and countries."""
    entities, relations = (
        pl.read_csv(data / name, separator="\t", has_header=False, new_columns=["name", "id"])
        for name in ICEWS14_FILES
    )
    actors = entities.join(name_parties(entities["name"]), on="name")
    codes = load_relations().select("cameo", name=pl.col("relation").str.replace_all(" ", "_"))
    rows = quads.join(relations.join(codes, on="name"), left_on="relation", right_on="id")
    for side in ("actor", "other"):
        known = actors.select(
            pl.col("id").alias(side), pl.col("name").alias(f"{side}_name"), party="party"
        )
        rows = rows.join(known, on=side).drop(side).rename({"party": side})
    day = pl.date(2014, 1, 1) + pl.duration(days=pl.col("hours") // 24)
    rows = rows.with_columns(day=day, actor_type=pl.lit(""), other_type=pl.lit(""))
    rows = rows.with_row_index("id", offset=1)
    rows.select(pl.col(ours).alias(theirs) for ours, theirs in ICEWS_COLUMNS.items()).write_csv(
        path, separator="\t", quote_style="never"
    )


def _summarise(path: Path, rows: int, runs: int) -> dict[str, Any]:
    """Return the figures of some runs, each in a process of its own."""
    with ProcessPoolExecutor(
        max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        found = list(pool.map(_time_ties, [path] * runs))
    seconds = [run["seconds"] for run in found]
    return {
        "seconds": round(min(seconds), 3),
        "seconds_median": round(statistics.median(seconds), 3),
        "cpu_seconds": round(min(run["cpu_seconds"] for run in found), 3),
        "rows_per_second": round(rows / min(seconds)),
        "peak_memory_mb": max(run["peak_memory_mb"] for run in found),
        "events": found[0]["events"],
        "ties": found[0]["ties"],
    }


def _time_ties(path: Path) -> dict[str, Any]:
    """Return what it takes this process to read a history and tabulate its monthly ties."""
    wall, cpu = time.perf_counter(), time.process_time()
    history = read_history(path)
    ties = tabulate_ties(history.events, reference=load_reference())
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "events": history.events.height,
        "ties": ties.height,
    }

"""The landscape model on Axelrod and Bennett's two cases (BJPS 23, 1993), from public data.

Expected: the Unix case has two minima of energy -3828.9 with basins of 128 partitions each, and
five powers that all oppose each other have four minima. The article finds for the 17 European
states of 1936 two minima, the deeper one wrong for Poland and Portugal, and for 1939 one, wrong for
Portugal; its propensities are not public, so what `RECIPE` gives is a finding, not a check.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from detente.errors import InputError
from detente.scenarios.landscape import Landscape, find_minima, misplaced
from detente.scenarios.propensities import RECIPE, propensities_of

POWERS = ("Britain", "France", "Germany", "Italy", "USSR")

YEARS = (1936, 1937, 1938, 1939)

FURTHER = ("rivalry_tss", "mid_hostlev4_since_1930", "alliance_atop")
"""Components outside the recipe, tried in the sensitivity alone."""

STEPS = (0.0, 0.5, 1.0, 2.0)
"""Weights that each component takes in turn."""

DRAWS = 200
"""Random sets of weights, from a Dirichlet distribution that favours none."""

SIDES = {
    "allied_or_invaded_by_axis": "allied",
    "neutral_pro_british": "allied",
    "axis_or_invaded_by_ussr": "axis",
}
"""Sides as the article counts them: its Portugal, neutral, is wrong in a camp with Germany."""


class Case(msgspec.Struct, frozen=True):
    """The states of one year: their sizes and their pairs."""

    year: int
    source: str
    sizes: dict[str, float]
    pairs: pl.DataFrame


def measure_landscape(data: Path, *, draws: int = DRAWS, seed: int = 1) -> dict[str, Any]:
    """Return minima, basins, errors and seconds of the two cases, and the sensitivity of Europe.

    Args:
        data: a folder with `unix_actors.csv`, `wwii_actors.csv` and `wwii_pairs.csv`.
        draws: number of random sets of weights.
        seed: their seed.

    Raises:
        InputError: a file is missing or lacks a column.
    """
    unix = _read(data / "unix_actors.csv", ("actor", "size", "type"))
    actors = _read(
        data / "wwii_actors.csv",
        ("actor", "size_ab1993_1936", "actual_side", *(f"cinc_pct_{year}" for year in YEARS)),
    )
    pairs = _read(data / "wwii_pairs.csv", ("year", "a", "b", *RECIPE, *FURTHER))
    cases = _list_cases(actors, pairs)
    sides = _read_sides(actors)
    return {
        "unix": _list_minima(_solve_unix(unix)),
        "five_powers": _list_minima(_solve_powers(cases[0].sizes)),
        "seconds": _measure_seconds(cases[0], seed),
        "recipe": dict(RECIPE),
        "europe": [
            {
                "year": case.year,
                "sizes": case.source,
                "minima": _list_minima(_solve(case, RECIPE), sides),
            }
            for case in cases
        ],
        "sensitivity": _measure_sensitivity(cases, sides, draws, seed),
    }


def _read(path: Path, columns: Iterable[str]) -> pl.DataFrame:
    if not path.is_file():
        raise InputError(f"{path}: no such file; give the folder of the landscape tables")
    table = pl.read_csv(path, infer_schema_length=None)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(f"{path}: no column {', '.join(missing)}")
    return table


def _read_sides(actors: pl.DataFrame) -> dict[str, str]:
    sides = dict(actors.select("actor", "actual_side").iter_rows())
    unknown = sorted(set(map(str, sides.values())) - set(SIDES))
    if unknown:
        raise InputError(
            f"wwii_actors.csv: actual_side {', '.join(unknown)} is none of {', '.join(SIDES)}"
        )
    return {name: SIDES[side] for name, side in sides.items()}


def _list_cases(actors: pl.DataFrame, pairs: pl.DataFrame) -> list[Case]:
    """Return 1936 with the article's sizes, then each year with those of the NMC tables."""
    columns = [(1936, "printed", "size_ab1993_1936")]
    columns += [(year, "nmc", f"cinc_pct_{year}") for year in YEARS]
    return [
        Case(
            year,
            source,
            dict(actors.select("actor", pl.col(column).cast(pl.Float64)).iter_rows()),
            pairs.filter(pl.col("year") == year),
        )
        for year, source, column in columns
    ]


def _solve_unix(unix: pl.DataFrame) -> Landscape:
    types = unix["type"].to_numpy()
    propensities = np.where(types[:, None] == types, -1.0, 0.0)
    return find_minima(dict(unix.select("actor", "size").iter_rows()), propensities)


def _solve_powers(sizes: Mapping[str, float]) -> Landscape:
    return find_minima({name: sizes[name] for name in POWERS}, np.full((5, 5), -1.0))


def _solve(case: Case, weights: Mapping[str, float]) -> Landscape:
    return find_minima(case.sizes, propensities_of(case.pairs, weights, case.sizes))


def _list_minima(
    landscape: Landscape, sides: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return the minima as plain values; where sides are known, with the actors on the wrong one.

    `by_chance` is the share of all partitions that have as few errors.
    """
    rows = []
    for minimum in landscape.minima:
        row = msgspec.to_builtins(minimum)
        if sides:
            errors, n = misplaced(minimum.camps, sides), len(landscape.names)
            as_few = sum(math.comb(n, k) for k in range(len(errors) + 1))
            row["errors"] = list(errors)
            row["by_chance"] = round(min(1.0, as_few / 2 ** (n - 1)), 4)
        rows.append(row)
    return rows


def _measure_seconds(case: Case, seed: int) -> dict[str, float]:
    """Return the seconds (wall, and of the processor) for 17 states and for 20 random actors."""
    rng = np.random.default_rng(seed)
    sizes = {f"actor {n}": size for n, size in enumerate(rng.uniform(0.1, 10.0, 20).tolist())}
    half = np.triu(rng.uniform(-1.0, 1.0, (20, 20)), 1)
    europe = propensities_of(case.pairs, RECIPE, case.sizes)
    found: dict[str, float] = {}
    for name, given, propensities in (
        ("states_17", case.sizes, europe),
        ("random_20", sizes, half + half.T),
    ):
        wall, processor = time.perf_counter(), time.process_time()
        find_minima(given, propensities)
        found[name] = round(time.perf_counter() - wall, 3)
        found[f"{name}_cpu"] = round(time.process_time() - processor, 3)
    return found


def _measure_sensitivity(
    cases: Iterable[Case], sides: Mapping[str, str], draws: int, seed: int
) -> list[dict[str, Any]]:
    """Return for each case how errors and number of minima change with the weights."""
    rng = np.random.default_rng(seed)
    random = {
        "random_recipe": _draw(tuple(RECIPE), draws, rng),
        "random_all": _draw((*RECIPE, *FURTHER), draws, rng),
    }
    found = []
    for case in cases:
        row: dict[str, Any] = {"year": case.year, "sizes": case.source}
        row["one_by_one"] = [
            {"component": name, "weight": weight, **_summarise(case, changed, sides)}
            for name, weight, changed in _vary_one()
        ]
        for name, sets in random.items():
            row[name] = _count([_summarise(case, weights, sides) for weights in sets])
        found.append(row)
    return found


def _vary_one() -> list[tuple[str, float, dict[str, float]]]:
    """Return the recipe with each component in turn, of it or not, at each other weight."""
    recipe = {**dict.fromkeys(FURTHER, 0.0), **RECIPE}
    return [
        (name, weight, {**recipe, name: weight})
        for name in (*RECIPE, *FURTHER)
        for weight in STEPS
        if weight != recipe[name]
    ]


def _draw(components: tuple[str, ...], n: int, rng: np.random.Generator) -> list[dict[str, float]]:
    drawn = rng.dirichlet(np.ones(len(components)), size=n).tolist()
    return [dict(zip(components, weights, strict=True)) for weights in drawn]


def _summarise(
    case: Case, weights: Mapping[str, float], sides: Mapping[str, str]
) -> dict[str, Any]:
    """Return the number of minima, the errors of the deepest, and the fewest of any."""
    errors = [misplaced(minimum.camps, sides) for minimum in _solve(case, weights).minima]
    return {
        "n_minima": len(errors),
        "errors": list(errors[0]),
        "fewest": min(len(names) for names in errors),
    }


def _count(summaries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how often each number of errors and of minima occurs, and who is wrong how often."""
    n_errors = [len(summary["errors"]) for summary in summaries]
    names = Counter(name for summary in summaries for name in summary["errors"])
    return {
        "draws": len(summaries),
        "errors": dict(sorted(Counter(n_errors).items())),
        "median_errors": float(np.median(n_errors)),
        "at_most_2_errors": round(sum(n <= 2 for n in n_errors) / len(n_errors), 4),
        "n_minima": dict(sorted(Counter(summary["n_minima"] for summary in summaries).items())),
        "wrong": dict(names.most_common()),
    }

"""Small structural tables, for tests that need a whole folder of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

STATES = {2: "USA", 305: "AUS", 365: "RUS", 710: "CHN", 900: "AUL"}


def write_tables(
    folder: Path,
    *,
    disputes: Iterable[tuple[int, int, int, int]] = (),
    pacts: Iterable[tuple[int, int, int, int]] = (),
    trade: Iterable[tuple[int, int, int, int | None]] = (),
    totals: Iterable[tuple[int, int, float | None]] = (),
    joined: Iterable[tuple[int, int, int, int]] = (),
) -> Path:
    """Write tables that end in 2000.

    Disputes (and those that `a` joined later) are rows of a, b, year and hostility; pacts of a, b,
    year and defence, else consultation; trade of a, b, year and the imports of a; totals of state,
    year and imports.
    """
    lines = [f"{n},{abbr},{abbr},1900-01-01,2000-12-31" for n, abbr in STATES.items()]
    (folder / "states.csv").write_text("\n".join(["ccode,abbr,name,start,end", *lines]), "utf-8")
    fights = [(*row, 1) for row in [*disputes, (305, 900, 2000, 1)]]
    fights += [(*row, 0) for row in joined]
    pl.DataFrame(
        [
            {"dispnum": n, "a": a, "b": b, "year": year, "side_a_of_dispute_a": 1}
            | {"hostlev_a": level, "hostlev_b": 1, "hiact_a": 0, "hiact_b": 0}
            | {"fatality_a": 0, "fatality_b": 0, "originator_a": original, "originator_b": 1}
            for n, (a, b, year, level, original) in enumerate(fights)
        ]
    ).write_parquet(folder / "mids_cow.parquet")
    pl.DataFrame(
        [
            {"a": a, "b": b, "year": year, "defense": defence, "offense": 0, "neutrality": 0}
            | {"nonaggression": 1, "consultation": 1 - defence}
            for a, b, year, defence in [*pacts, (305, 900, 2000, 1)]
        ]
    ).write_parquet(folder / "alliances_atop.parquet")
    pl.DataFrame(
        [
            {"a": a, "b": b, "year": year, "imports_a_from_b": flow, "imports_b_from_a": 0}
            | {"smooth_a_from_b": 999, "smooth_b_from_a": 999}
            for a, b, year, flow in [*trade, (305, 900, 1990, 1)]
        ]
    ).write_parquet(folder / "trade_dyad.parquet")
    pl.DataFrame(
        [
            {"ccode": state, "year": year, "imports": imports, "exports": 0.0}
            for state, year, imports in [*totals, (900, 1990, 1.0)]
        ]
    ).write_parquet(folder / "trade_state.parquet")
    return folder

"""Hand-made histories for the tests of forecasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import polars as pl

from detente.relations.cameo import load_scores
from detente.relations.recorded import SCHEMA

FIRST = date(2024, 1, 1)
"""A Monday."""

Row = tuple[int, str, str, str]
"""Day from 0, source, target, root."""


def history(rows: Iterable[Row]) -> pl.DataFrame:
    """Return rows as a table of events, their numbers as ids."""
    quads = dict(load_scores().filter(pl.col("mode").is_null()).select("root", "quad").iter_rows())
    table = [
        (f"e{number}", FIRST + timedelta(days=day), a, b, root, None, None, quads[root], 0.0)
        for number, (day, a, b, root) in enumerate(sorted(rows))
    ]
    return pl.DataFrame(table, schema=SCHEMA, orient="row")


def busy_world(n_days: int, *, seed: int = 1, n_parties: int = 6) -> list[Row]:
    """Return events at random among some states: spells of talks and of accusations."""
    draws = np.random.default_rng(seed)
    states = ["CHN", "DEU", "FRA", "IND", "JPN", "RUS", "TUR", "USA"][:n_parties]
    rows: list[Row] = []
    for a in states:
        for b in states:
            if a == b:
                continue
            rate = draws.uniform(0.02, 0.2)
            warm = np.cumsum(draws.normal(size=n_days)) > 0
            for day in np.flatnonzero(draws.random(n_days) < rate * np.where(warm, 2, 0.5)):
                root = ("CONSULT", "ACCUSE", "AID", "ASSAULT")[draws.integers(4)]
                rows.append((int(day), a, b, root))
    return rows

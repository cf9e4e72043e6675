"""Balance of signed networks: exact frustration indices with proof and time, against references.

Every tie weighs 1. The networks are those of the folder's tables, in the order of its reference
file: two single ones, windows of interstate ties (`dm_START_END`; Doreian & Mrvar 2015), synthetic
ones, and a network a year (`yearly_YEAR`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from detente.errors import InputError
from detente.relations.balance import measure_balance
from detente.relations.signed import SignedNetwork, network_of_rows

WINDOWS = "dm_"
"""How the names of the four-year windows of interstate ties begin."""

SAME = 1e-6
"""Difference up to which a share equals its reference, which has seven digits."""

COLUMNS = {"a": pl.String, "b": pl.String, "sign": pl.Float64}


def measure_balance_networks(data: Path) -> dict[str, Any]:
    """Return each network's measures, time and proof, and how many equal their reference.

    Args:
        data: a folder with `gahuku_gama.csv`, `avatar.csv`, `cow_doreian_mrvar_1946_1999.csv`,
            `synthetic.csv`, `yearly_1816_2014.parquet` and, if at hand, `reference.json`.

    Raises:
        InputError: a table is missing, lacks a column, or holds a row that is no signed tie.
    """
    references = _references(data / "reference.json")
    rows = [_measure(name, network) for name, network in _networks(data)]
    return {
        "n_networks": len(rows),
        "n_proved": sum(row["proved"] for row in rows),
        "n_references": sum(row["network"] in references for row in rows),
        "n_equal_to_reference": sum(
            _equals(row, references[row["network"]]) for row in rows if row["network"] in references
        ),
        "seconds_cow_windows": _seconds(r for r in rows if r["network"].startswith(WINDOWS)),
        "seconds": _seconds(rows),
        "networks": rows,
    }


def _measure(name: str, network: SignedNetwork) -> dict[str, Any]:
    start = time.perf_counter()
    balance = measure_balance(network)
    seconds = time.perf_counter() - start
    return {
        "network": name,
        "n": balance.n,
        "m": balance.m,
        "frustration_index": round(balance.frustration.value),
        "proved": balance.frustration.proved,
        "lower_bound": round(balance.frustration.lower_bound),
        "triangle_balance": balance.triangle_balance,
        "walk_balance": balance.walk_balance,
        "degree_of_balance": balance.degree_of_balance,
        "seconds": round(seconds, 4),
    }


def _seconds(rows: Iterable[dict[str, Any]]) -> float:
    return round(float(sum(row["seconds"] for row in rows)), 2)


def _equals(row: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Return whether the index equals its reference, and the shares do within `SAME`."""
    pairs = [(row[key], reference.get(key)) for key in ("triangle_balance", "walk_balance")]
    return row["frustration_index"] == reference.get("frustration_index") and all(
        found is wanted if found is None or wanted is None else abs(found - wanted) <= SAME
        for found, wanted in pairs
    )


def _references(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        references: dict[str, Any] = json.loads(path.read_text("utf-8"))["networks"]
    except (ValueError, KeyError, TypeError) as err:
        raise InputError(f"{path}: no table of reference values ({err!r})") from err
    return references


def _networks(data: Path) -> Iterator[tuple[str, SignedNetwork]]:
    """Yield the networks by name, in the order of the reference file."""
    for name in ("gahuku_gama", "avatar"):
        path = data / f"{name}.csv"
        yield name, _network(path, _read(path))
    for file in ("cow_doreian_mrvar_1946_1999.csv", "synthetic.csv"):
        yield from _parts(data / file, "network", "")
    yield from _parts(data / "yearly_1816_2014.parquet", "year", "yearly_")


def _parts(path: Path, column: str, prefix: str) -> Iterator[tuple[str, SignedNetwork]]:
    """Yield the networks of a table whose `column` says which one a row belongs to."""
    table = _read(path, column)
    for (part,), rows in table.group_by(column, maintain_order=True):
        yield f"{prefix}{part}", _network(path, rows)


def _read(path: Path, *more: str) -> pl.DataFrame:
    """Return the columns of a table that a tie needs, and more."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; give the folder of signed networks with --data")
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
        else:
            table = pl.read_csv(path, infer_schema=False)
        return table.select(*more, *(pl.col(name).cast(kind) for name, kind in COLUMNS.items()))
    except pl.exceptions.PolarsError as err:
        raise InputError(f"{path}: not a table with the columns a, b and sign ({err})") from err


def _network(path: Path, rows: pl.DataFrame) -> SignedNetwork:
    if len(rows) > len(rows.drop_nulls()):
        raise InputError(f"{path}: a row lacks a name or its sign")
    if not rows["sign"].is_in([-1.0, 1.0]).all():
        raise InputError(f"{path}: a sign that is neither 1 nor -1")
    try:
        return network_of_rows(rows.select("a", "b", "sign").iter_rows())
    except InputError as err:
        raise InputError(f"{path}: {err}") from err

"""Benchmarks: accuracy and speed, against published numbers where there are any.

Each takes a folder or file of data and returns its figures as plain JSON values; shares are
fractions 0 to 1.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest

BENCHMARKS = {
    "speed": ("detente.bench.speed", "measure_speed"),
    "mentions": ("detente.bench.mentions", "measure_mentions"),
    "balance": ("detente.bench.balance", "measure_balance_networks"),
    "landscape": ("detente.bench.landscape", "measure_landscape"),
    "triangle": ("detente.bench.triangle", "measure_triangle"),
    "history": ("detente.bench.history", "measure_history"),
}
"""Module and function of each benchmark; imported when it is asked for."""


def run_benchmark(name: str, data: Path, *, limit: int | None = None) -> dict[str, Any]:
    """Return the figures of one benchmark.

    Args:
        name: one of `BENCHMARKS`.
        data: the benchmark's data, a folder or a file.
        limit: number of articles that `speed` codes; its own default when left out.

    Raises:
        InputError: the benchmark is unknown or its data are missing.
    """
    if name not in BENCHMARKS:
        raise InputError(
            f"unknown benchmark {name!r}; allowed: {', '.join(BENCHMARKS)}"
            f"{nearest(name, BENCHMARKS)}"
        )
    if not data.exists():
        raise InputError(f"no such data: {data}; give the folder or file with --data")
    module, function = BENCHMARKS[name]
    options = {"limit": limit} if name == "speed" and limit else {}
    figures: dict[str, Any] = getattr(import_module(module), function)(data, **options)
    return figures

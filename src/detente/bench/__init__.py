"""Benchmarks: accuracy and speed, against published numbers where there are any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest

NAMES = ("speed", "mentions")


def run_benchmark(name: str, data: Path, *, limit: int = 200) -> dict[str, Any]:
    """Return the figures of one benchmark as plain JSON values, fractions 0 to 1.

    Args:
        name: `speed` or `mentions`.
        data: a folder of articles (speed), or the annotated mentions' base folder (mentions).
        limit: number of articles coded by `speed`.

    Raises:
        InputError: the benchmark is unknown or its data are missing.
    """
    if not data.exists():
        raise InputError(f"no such data: {data}; give the folder or file with --data")
    if name == "speed":
        from detente.bench.speed import measure_speed

        return measure_speed(data, limit=limit)
    if name == "mentions":
        from detente.bench.mentions import measure_mentions

        return measure_mentions(data)
    raise InputError(
        f"unknown benchmark {name!r}; allowed: {', '.join(NAMES)}{nearest(name, NAMES)}"
    )

"""Benchmarks: accuracy and speed, against published numbers where there are any.

Each takes a folder or file of data and returns its figures as plain JSON values; shares are
fractions 0 to 1, but those of `polnear` are in per cent, as its corpus's scorer has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest


@dataclass(slots=True, frozen=True)
class Benchmark:
    """Where a benchmark's function is, and which options it takes beside its data."""

    module: str
    function: str
    options: frozenset[str] = frozenset()


BENCHMARKS = {
    "speed": Benchmark("detente.bench.speed", "measure_speed", frozenset({"limit"})),
    "mentions": Benchmark("detente.bench.mentions", "measure_mentions"),
    "claims": Benchmark("detente.bench.claims", "measure_claims"),
    "balance": Benchmark("detente.bench.balance", "measure_balance_networks"),
    "landscape": Benchmark("detente.bench.landscape", "measure_landscape"),
    "triangle": Benchmark("detente.bench.triangle", "measure_triangle"),
    "history": Benchmark("detente.bench.history", "measure_history"),
    "hindcast": Benchmark("detente.bench.hindcast", "measure_hindcast"),
    "bargaining": Benchmark(
        "detente.bench.bargaining", "measure_bargaining", frozenset({"rounds"})
    ),
    "gsr": Benchmark("detente.bench.gsr", "measure_gsr", frozenset({"predictions"})),
    "events": Benchmark("detente.bench.events", "measure_events"),
    "plv": Benchmark("detente.bench.plv", "measure_plv"),
    "polnear": Benchmark("detente.bench.polnear", "measure_polnear", frozenset({"predictions"})),
    "discourse": Benchmark("detente.bench.discourse", "measure_discourse"),
    "icews": Benchmark("detente.bench.icews", "measure_icews", frozenset({"test", "ranks"})),
}
"""The benchmarks by name; each is imported when it is asked for."""


def run_benchmark(name: str, data: Path, **options: Any) -> dict[str, Any]:
    """Return the figures of one benchmark.

    Args:
        name: one of `BENCHMARKS`.
        data: the benchmark's data, a folder or a file.
        options: what the benchmark takes beside its data; None leaves its own default.

    Raises:
        InputError: the benchmark is unknown, its data are missing, or it takes no such option.
    """
    if name not in BENCHMARKS:
        raise InputError(
            f"unknown benchmark {name!r}; allowed: {', '.join(BENCHMARKS)}"
            f"{nearest(name, BENCHMARKS)}"
        )
    if not data.exists():
        raise InputError(f"no such data: {data}; give the folder or file with --data")
    benchmark = BENCHMARKS[name]
    given = {key: value for key, value in options.items() if value is not None}
    for key in sorted(given.keys() - benchmark.options):
        takers = [other for other, one in BENCHMARKS.items() if key in one.options]
        raise InputError(f"benchmark {name} takes no --{key}; it belongs to {', '.join(takers)}")
    function = getattr(import_module(benchmark.module), benchmark.function)
    figures: dict[str, Any] = function(data, **given)
    return figures

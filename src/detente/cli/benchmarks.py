"""The command that measures accuracy and speed: `bench`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from detente.bench import BENCHMARKS, run_benchmark
from detente.cli.output import on_terminal, print_figures


def bench(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"The benchmark: {', '.join(BENCHMARKS)}.")
    ],
    data: Annotated[Path, typer.Option("--data", help="The benchmark's data.")],
    limit: Annotated[
        int | None, typer.Option(min=1, help="Articles to code, for speed; 200 when left out.")
    ] = None,
    test: Annotated[
        Path | None, typer.Option(help="Days to forecast, for icews; else the validation days.")
    ] = None,
    ranks: Annotated[
        Path | None, typer.Option(help="Where to write the rank of each answer, for icews.")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(min=0, help="Rounds to play, for bargaining; else 10.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Where to write what was coded, for gsr and polnear, as JSON Lines."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure accuracy or speed on data that you have.

    [bold]Example:[/bold] detente bench speed --data articles/ --json
    """
    options = {
        "limit": limit,
        "test": test,
        "ranks": ranks,
        "rounds": rounds,
        "predictions": predictions,
    }
    result = run_benchmark(name, data, **options)
    if as_json or not on_terminal():
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    print_figures(result, title=name)

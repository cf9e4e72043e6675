"""The command line: parse options, call the pipeline, print. Nothing else prints.

On a terminal the records are tables with colour; piped, they are JSON Lines. Every error of ours
becomes one sentence on standard error and exit status 1.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.text import Text

from detente.cli import (
    articles,
    benchmarks,
    discourse,
    dossiers,
    forecasts,
    relations,
    scenarios,
)
from detente.cli.output import err, out
from detente.errors import DetenteError

app = typer.Typer(
    name="detente",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Read articles about great-power politics; get one auditable model of what they describe.",
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        from detente.extract.terms import terms_lines
        from detente.pipeline import coder_of
        from detente.settings import Settings

        terms = terms_lines()
        state = "trained weights installed" if terms else "trained weights not installed"
        out.print(f"detente {version('detente')} (coder {coder_of(Settings())}, {state})")
        for line in terms:
            out.print(Text(line), soft_wrap=True)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Show the version, and the terms of the trained weights.",
        ),
    ] = False,
) -> None:
    """Read articles about great-power politics; get one auditable model of what they describe."""


for _command in (
    articles.brief,
    articles.extract,
    articles.add,
    dossiers.show,
    dossiers.export,
    relations.triangle,
    relations.blocs,
    discourse.discourse,
    forecasts.forecast,
    scenarios.scenario,
    benchmarks.bench,
):
    app.command()(_command)


def main() -> None:
    """Run the command line; a `DetenteError` becomes one sentence and exit status 1."""
    try:
        app()
    except DetenteError as error:
        err.print(Text(f"detente: {error}"), style="red", soft_wrap=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        err.print(Text(f"detente: cannot go on: {error}"), style="red", soft_wrap=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        err.print("detente: stopped; what was stored is kept")
        raise SystemExit(130) from None

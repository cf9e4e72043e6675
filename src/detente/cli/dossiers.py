"""Commands that read a dossier: `show`, `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from detente.cli.inputs import DossierPath, load_records
from detente.cli.output import err, print_rows
from detente.errors import InputError, nearest
from detente.schema import PLURALS


def show(
    dossier: DossierPath,
    kind: Annotated[
        str,
        typer.Argument(
            help="events, claims, expectations, quantities, actors, reports, ties, documents "
            "or skipped."
        ),
    ] = "events",
) -> None:
    """Show one kind of record of a dossier.

    [bold]Example:[/bold] detente show riyadh.detente claims
    """
    records = load_records(dossier)
    if kind == "ties":
        from detente.relations.ties import ties_of

        print_rows("tie", ties_of(records))
        return
    singular = {plural: name for name, plural in PLURALS.items()}
    if kind not in singular:
        allowed = [*singular, "ties"]
        raise InputError(
            f"unknown kind {kind!r}; allowed: {', '.join(allowed)}{nearest(kind, allowed)}"
        )
    name = singular[kind]
    shown = records.of_kind(name)
    if name == "event":
        canonical = {report.event for report in records.reports}
        shown = sorted(
            (e for e in shown if e.id in canonical), key=lambda e: (e.date or "9999", e.span.start)
        )
    print_rows(name, shown)


def export(
    dossier: DossierPath,
    to: Annotated[str, typer.Option("--to", help="plover or parquet.")] = "parquet",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File (plover) or folder (parquet).")
    ] = None,
) -> None:
    """Export a dossier for other tools.

    [bold]Example:[/bold] detente export riyadh.detente --to plover -o events.json
    """
    from detente.views.exports import to_plover, write_bytes, write_parquet

    records = load_records(dossier)
    if to == "parquet":
        target = output or dossier.with_suffix("")
        write_parquet(records, target)
    elif to == "plover":
        content = msgspec.json.format(msgspec.json.encode(to_plover(records)), indent=1)
        if output is None:
            sys.stdout.write(content.decode() + "\n")
            return
        target = output
        write_bytes(target, content + b"\n")
    else:
        allowed = ["plover", "parquet"]
        raise InputError(
            f"unknown format {to!r}; allowed: {', '.join(allowed)}{nearest(to, allowed)}"
        )
    err.print(f"Wrote {target}")

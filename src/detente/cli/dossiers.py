"""Commands that read a dossier: `show`, `export`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from detente.cli.discourse import Codebook, find_discourse
from detente.cli.inputs import DossierPath, load_records
from detente.cli.output import err, print_rows
from detente.errors import InputError, nearest
from detente.schema import PLURALS, Record, Records

RELATIONS = ("ties", "trends", "perceived")
"""What is shown of a dossier that is no record of it, but rests on its records."""


def show(
    dossier: DossierPath,
    kind: Annotated[
        str,
        typer.Argument(
            help="events, claims, expectations, quantities, actors, reports, documents, skipped; "
            "ties, trends or perceived."
        ),
    ] = "events",
    by: Annotated[
        str, typer.Option("--by", help="Period of ties: all, a width as month, or a date.")
    ] = "all",
    context: Annotated[
        str, typer.Option(help="Context of ties: all, one as economic, or each.")
    ] = "all",
    directed: Annotated[
        bool, typer.Option("--directed", help="Ties from one actor towards another.")
    ] = False,
) -> None:
    """Show one kind of record of a dossier, or the ties that its events make.

    [bold]Example:[/bold] detente show riyadh.detente ties --by month
    """
    records = load_records(dossier)
    if kind in RELATIONS:
        print_rows(*_relations(kind, records, by=by, context=context, directed=directed))
        return
    singular = {plural: name for name, plural in PLURALS.items()}
    if kind not in singular:
        allowed = [*singular, *RELATIONS]
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


def _relations(
    kind: str, records: Records, *, by: str, context: str, directed: bool
) -> tuple[str, Sequence[Record]]:
    """Return the ties of a dossier, their trends, or how speakers see them, with their name."""
    from detente.relations.perceived import perceived_ties
    from detente.relations.periods import LABELS
    from detente.relations.ties import contexts_of, ties_of
    from detente.relations.trends import trend

    if kind == "perceived":
        return "perceived", perceived_ties(records.claims)
    contexts = contexts_of(records) if context == "each" else [context]
    ties = [
        tie
        for one in contexts
        for tie in ties_of(records, period=by, context=one, directed=directed)
    ]
    if kind == "ties":
        return "tie", ties
    if by not in LABELS:
        raise InputError(f"trends need periods: add --by {', '.join(LABELS)}")
    return "trend", trend(ties)


FORMATS = ("parquet", "plover", "graphml", "gexf", "congruence", "dna")
DISCOURSE = {"congruence": ".congruence.graphml", "dna": ".dna"}
"""Formats of who agrees with whom, and how their files end."""


def export(
    dossier: DossierPath,
    to: Annotated[str, typer.Option("--to", help=f"{', '.join(FORMATS)}.")] = "parquet",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File, or folder for parquet.")
    ] = None,
    by: Annotated[
        str,
        typer.Option("--by", help="Period of the ties of parquet and gexf: all, or as month."),
    ] = "all",
    codebook: Codebook = None,
) -> None:
    """Export a dossier for other tools.

    [bold]Example:[/bold] detente export riyadh.detente --to plover -o events.json
    """
    if to not in FORMATS:
        raise InputError(
            f"unknown format {to!r}; allowed: {', '.join(FORMATS)}{nearest(to, FORMATS)}"
        )
    if codebook and to not in DISCOURSE:
        raise InputError(f"--codebook goes with --to {' or '.join(DISCOURSE)}, not with {to}")
    records = load_records(dossier)
    if to == "plover":
        target = _export_plover(records, output)
    elif to == "parquet":
        target = _export_tables(records, output or dossier.with_suffix(""), by)
    elif to in DISCOURSE:
        made = output or dossier.with_suffix(DISCOURSE[to])
        target = _export_discourse(records, made, to, codebook)
    else:
        target = _export_graph(records, output or dossier.with_suffix(f".{to}"), to, by)
    if target:
        err.print(f"Wrote {target}")


def _export_plover(records: Records, target: Path | None) -> Path | None:
    """Write the events as PLOVER records, to standard output where there is no target."""
    from detente.views.exports import to_plover, write_bytes

    content = msgspec.json.format(msgspec.json.encode(to_plover(records)), indent=1)
    if target is None:
        sys.stdout.write(content.decode() + "\n")
    else:
        write_bytes(target, content + b"\n")
    return target


def _export_tables(records: Records, target: Path, by: str) -> Path:
    """Write a Parquet file for each kind of record, and one for the ties."""
    from detente.relations.frames import tie_frame
    from detente.relations.ties import ties_of
    from detente.views.exports import write_frame, write_parquet

    ties = tie_frame(ties_of(records, period=by))
    write_parquet(records, target)
    if not ties.is_empty():
        write_frame(ties, target / "ties.parquet")
    return target


def _export_graph(records: Records, target: Path, to: str, by: str) -> Path:
    """Write the signed network with its blocs, and for GEXF its ties over time."""
    from detente.relations.blocs import find_blocs
    from detente.relations.ties import ties_of
    from detente.views.graphs import write_gexf, write_graphml

    ties = ties_of(records)
    blocs = find_blocs(ties, period="all")
    if to == "graphml":
        write_graphml(target, records, ties, blocs)
    else:
        over_time = ties_of(records, period=by) if by != "all" else []
        write_gexf(target, records, [*ties, *over_time], blocs)
    return target


def _export_discourse(records: Records, target: Path, to: str, codebook: Path | None) -> Path:
    """Write who agrees with whom, or a file of the Discourse Network Analyzer."""
    found = find_discourse(records, codebook)
    if to == "dna":
        from detente.relations.dna import make_dna
        from detente.views.exports import write_bytes

        write_bytes(target, make_dna(records, found))
    else:
        from detente.views.congruence_graph import write_congruence

        write_congruence(target, records, found)
    return target

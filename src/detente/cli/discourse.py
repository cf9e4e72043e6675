"""The command about who takes which side on what: `discourse`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from detente.cli.inputs import load_records
from detente.cli.output import on_terminal, out
from detente.errors import InputError, nearest
from detente.schema import Records

if TYPE_CHECKING:
    from detente.relations.discourse import Discourse

HOLDERS = ("speaker", "country")
SHOWN = 15
"""Rows of each table on a terminal."""

Codebook = Annotated[
    Path | None, typer.Option("--codebook", metavar="FILE", help="Propositions, as TOML.")
]


def discourse(
    path: Annotated[
        Path, typer.Argument(metavar="DOSSIER", help="A .detente file, or a DNA file (.dna).")
    ],
    codebook: Codebook = None,
    clusters: Annotated[
        int | None,
        typer.Option(min=1, help="Propositions to propose at most, without a codebook; else 12."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Least cosine: of a match, else 0.48; within a cluster, else 0.5."
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="speaker or country; of a DNA file, country: organization.")
    ] = "speaker",
    period: Annotated[
        str, typer.Option("--period", help="all, or a width as month: agreement over time.")
    ] = "all",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show who takes which side on which proposition, and who agrees with whom.

    [bold]Example:[/bold] detente discourse riyadh.detente --codebook propositions.toml
    """
    if by not in HOLDERS:
        raise InputError(f"--by {by!r} is neither {' nor '.join(HOLDERS)}{nearest(by, HOLDERS)}")
    records, found = _read(path, codebook, clusters, threshold)
    found = found.by("country" if by == "country" else "speaker")
    names = {actor.id: actor.name for actor in records.actors}
    names |= {one.actor: one.name for one in found.positions if one.actor and by == "speaker"}
    if as_json or not on_terminal():
        sys.stdout.write(msgspec.json.encode(_as_object(found, period)).decode() + "\n")
        return
    _print_propositions(found)
    _print_agreements(found, names, period)


def find_discourse(
    records: Records,
    codebook: Path | None,
    clusters: int | None = None,
    threshold: float | None = None,
) -> Discourse:
    """Return the positions on a codebook's propositions, or on those that the claims suggest.

    Raises:
        InputError: the codebook is not as it must be, it stands beside `clusters`, or the weights
            are not installed.
    """
    from detente.relations.codebook import read_codebook
    from detente.relations.discourse import match_discourse, propose_discourse
    from detente.relations.positions import THRESHOLD
    from detente.relations.proposals import CLUSTERS, LIKENESS

    if codebook is None:
        likeness = LIKENESS if threshold is None else threshold
        return propose_discourse(records, clusters=clusters or CLUSTERS, likeness=likeness)
    if clusters is not None:
        raise InputError("--clusters proposes propositions, --codebook gives them; leave out one")
    least = THRESHOLD if threshold is None else threshold
    return match_discourse(records, read_codebook(codebook), threshold=least)


def _read(
    path: Path, codebook: Path | None, clusters: int | None, threshold: float | None
) -> tuple[Records, Discourse]:
    from detente.relations.dna import SUFFIX, read_dna

    if path.suffix != SUFFIX:
        records = load_records(path)
        return records, find_discourse(records, codebook, clusters, threshold)
    if codebook or clusters or threshold is not None:
        raise InputError(
            f"{path} is coded already; leave out --codebook, --clusters and --threshold"
        )
    documents, found = read_dna(path)
    return Records(documents=documents), found


def _as_object(found: Discourse, period: str) -> dict[str, Any]:
    return {
        "proposed": found.is_proposed,
        "propositions": found.propositions,
        "positions": found.positions,
        "actor_concepts": found.table(),
        "agreements": found.agreements(period),
        "concepts": found.agreements(period, of="propositions"),
    }


def _print_propositions(found: Discourse) -> None:
    title = "propositions, proposed by clusters" if found.is_proposed else "propositions"
    table = Table(
        "id", "proposition", "agree", "disagree", "neutral", title=title, title_justify="left"
    )
    for proposition in found.propositions:
        sides = [one.stance for one in found.positions if one.proposition == proposition.id]
        counts = (str(sides.count(side)) for side in ("agree", "disagree", "neutral"))
        table.add_row(*map(Text, (proposition.id, proposition.name, *counts)))
    out.print(table)


def _print_agreements(found: Discourse, names: dict[str, str], period: str) -> None:
    rows = sorted(found.agreements(period), key=lambda r: -(r.congruence + r.conflict))
    columns = ("period", "a", "b", "congruence", "conflict", "score", "agree on", "differ on")
    table = Table(*columns, title="who agrees with whom", title_justify="left")
    for row in rows[:SHOWN]:
        a, b = (names.get(actor, actor) for actor in (row.a, row.b))
        numbers = (str(row.congruence), str(row.conflict), f"{row.score:+.2f}")
        cells = (row.period, a, b, *numbers, ", ".join(row.agreed), ", ".join(row.disputed))
        table.add_row(*map(Text, cells))
    out.print(table)
    if len(rows) > SHOWN:
        out.print(f"{len(rows) - SHOWN} more; --json gives all")

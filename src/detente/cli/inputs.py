"""What the commands are given: the options that they share, and the records behind a path."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from detente.cli.output import tracked
from detente.documents.readers import Options, read_paths
from detente.errors import InputError
from detente.schema import Document, Records, Skipped
from detente.settings import Settings

if TYPE_CHECKING:
    from detente.pipeline import Coded

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files (.txt .md .html .pdf .json .jsonl), folders, '-' for standard input, or URLs.",
        show_default=False,
    ),
]
Date = Annotated[
    str | None, typer.Option(metavar="DATE", help="Date of the articles, as 2025-02-18.")
]
Outlet = Annotated[str | None, typer.Option(help="Outlet of the articles.")]
Metadata = Annotated[
    Path | None,
    typer.Option(help="Table (.tsv or .csv) with filename, outlet, date, author and title."),
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Worker processes; one for few articles, else a core each."),
]
Rules = Annotated[bool, typer.Option("--rules", help="Code by rules, without the trained weights.")]
DossierPath = Annotated[Path, typer.Argument(metavar="DOSSIER", help="A .detente file.")]

FEW_DOCUMENTS = 8
"""Up to this many documents, starting a second process costs more than it saves."""


def records_of(
    paths: list[str], options: Options, processes: int | None, *, rules: bool = False
) -> Records:
    """Return the finished records of articles, or of one dossier."""
    from detente.pipeline import finish
    from detente.store import SUFFIX

    if len(paths) == 1 and paths[0].endswith(SUFFIX):
        return load_records(Path(paths[0]))
    documents, skipped = read_documents(paths, options)
    records = Records(skipped=skipped)
    for coded in code_tracked(documents, processes, rules=rules):
        records.extend(coded.records)
    return finish(records)


def code_tracked(
    documents: Sequence[Document], processes: int | None, *, rules: bool = False
) -> Iterator[Coded]:
    """Yield each document with its records, while a bar shows how many are coded.

    Args:
        documents: what was read.
        processes: worker processes; None takes one for few documents, else one a core.
        rules: code without the trained weights.

    Raises:
        InputError: none of the documents could be coded.
    """
    from detente.pipeline import code_stream

    if processes is None:
        few = len(documents) <= FEW_DOCUMENTS
        processes = 1 if few else min(os.cpu_count() or 1, 8)
    failures: list[Skipped] = []
    stream = code_stream(documents, Settings(processes=processes, weights=not rules))
    for coded in tracked(stream, len(documents), "Coding"):
        failures += [row for row in coded.records.skipped if row.stage == "code"]
        yield coded
    if documents and len(failures) == len(documents):
        raise InputError(f"none of the articles could be coded. {failures[0].reason}")


def load_records(dossier: Path) -> Records:
    """Return the records of a dossier with reviews applied, duplicates grouped, reports made."""
    from detente.documents.duplicates import group_duplicates
    from detente.pipeline import finish
    from detente.store import Dossier

    with Dossier(dossier, read_only=True) as store:
        records = store.load()
    records.documents = group_duplicates(records.documents)
    return finish(records)


def read_documents(paths: list[str], options: Options) -> tuple[list[Document], list[Skipped]]:
    """Return the readable documents, near-duplicates grouped, and what was skipped.

    Raises:
        InputError: nothing could be read, or nothing in a language that is coded.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for item in read_paths(paths, settings=Settings(), options=options):
        if isinstance(item, Skipped):
            named, reason = encodable(item.item), encodable(item.reason)
            skipped.append(msgspec.structs.replace(item, item=named, reason=reason))
        else:
            documents.append(msgspec.structs.replace(item, path=encodable(item.path)))
    if not any(doc.language == "en" for doc in documents):
        reasons = "; ".join(f"{row.item}: {row.reason}" for row in skipped[:3])
        raise InputError(f"nothing usable in {', '.join(paths)}. {reasons}".strip())
    if len(documents) > 1:
        from detente.documents.duplicates import group_duplicates

        documents = group_duplicates(documents)
    return documents, skipped


def encodable(path: str) -> str:
    """Return a path in which the bytes of a file name that are not UTF-8 are written out."""
    return path.encode("utf-8", "backslashreplace").decode()

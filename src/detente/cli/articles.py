"""Commands that read articles: `brief`, `extract`, `add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.inputs import (
    Date,
    DossierPath,
    Metadata,
    Outlet,
    Paths,
    Processes,
    Rules,
    code_tracked,
    read_documents,
    records_of,
)
from detente.cli.output import count, err, on_terminal, print_rows, warn_of, write_rows
from detente.documents.readers import Options
from detente.errors import InputError, nearest
from detente.schema import PLURALS, Records, Skipped
from detente.settings import Settings


def brief(
    paths: Paths,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write the brief.")
    ] = Path("brief.html"),
    title: Annotated[str | None, typer.Option(help="Title of the brief.")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Mark what is new since a date (2025-02-20) or an earlier dossier."),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            help="Event data (ICEWS, POLECAT, GDELT, PLOVER JSON), to say what may come next."
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CASE", help="A case to run on the ties of the articles; may be repeated."
        ),
    ] = None,
    date: Date = None,
    outlet: Outlet = None,
    metadata: Metadata = None,
    processes: Processes = None,
    rules: Rules = False,
) -> None:
    """Write one self-contained HTML brief of the articles (or of a dossier).

    [bold]Example:[/bold] detente brief articles/ -o brief.html --since 2025-02-20
    """
    from detente.pipeline import make_brief
    from detente.views.exports import write_bytes

    known = _known_documents(since)
    options = Options(date=date, outlet=outlet, metadata=metadata)
    records = records_of(paths, options, processes, rules=rules)
    page = make_brief(
        records,
        title=title or title_of(paths),
        since=None if known is not None else since,
        known=known,
        history=history,
        scenarios=scenario or (),
        settings=Settings(weights=not rules),
    )
    write_bytes(output, page.encode("utf-8", "backslashreplace"))
    warn_of(records.skipped)
    err.print(f"Brief of {count(records.documents, 'article')}: {output}")


def extract(
    paths: Paths,
    kind: Annotated[
        str | None, typer.Option(help="Only these records, as event,claim; all when left out.")
    ] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="jsonl, csv or parquet.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File (jsonl) or folder (csv, parquet) to write."),
    ] = None,
    date: Date = None,
    outlet: Outlet = None,
    metadata: Metadata = None,
    processes: Processes = None,
    rules: Rules = False,
) -> None:
    """Code articles into events, claims, expectations and quantities.

    [bold]Example:[/bold] detente extract article.txt --kind event,claim > records.jsonl
    """
    kinds = _kinds(kind)
    chosen = _format(format_, output)
    options = Options(date=date, outlet=outlet, metadata=metadata)
    if chosen == "jsonl" and output is None:
        _stream_rows(paths, options, kinds, processes, rules=rules)
        return
    records = records_of(paths, options, processes, rules=rules)
    if output is None:
        _print_tables(records, kinds)
    else:
        from detente.views.exports import write_csv, write_jsonl, write_parquet

        writer = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}[chosen]
        if chosen == "jsonl":
            kinds = ["document", *kinds]
        writer(_only(records, kinds), output)
        err.print(f"Wrote {output}")
    warn_of(records.skipped)


def add(
    dossier: DossierPath,
    paths: Paths,
    date: Date = None,
    outlet: Outlet = None,
    metadata: Metadata = None,
    processes: Processes = None,
    rules: Rules = False,
) -> None:
    """Add articles to a dossier; what is already there is not coded again.

    [bold]Example:[/bold] detente add riyadh.detente articles/
    """
    from detente.pipeline import coder_of
    from detente.store import Dossier

    coder = coder_of(Settings(weights=not rules))
    options = Options(date=date, outlet=outlet, metadata=metadata)
    documents, skipped = read_documents(paths, options)
    with Dossier(dossier) as store:
        known = store.document_ids(coder=coder)
        new = [doc for doc in documents if doc.id not in known]
        store.skip(*skipped)
        for coded in code_tracked(new, processes, rules=rules):
            try:
                store.add(coded.document, coded.records, coder=coder)
            except InputError as error:
                skipped.append(Skipped(item=coded.document.path, stage="store", reason=str(error)))
            skipped.extend(coded.records.skipped)
    warn_of(skipped)
    err.print(
        f"Added {count(new, 'article')} to {dossier}; {len(documents) - len(new)} already there"
    )


def _known_documents(since: str | None) -> set[str] | None:
    """Return the ids of the documents of an earlier dossier, None where `since` is a date."""
    from detente.store import SUFFIX, Dossier

    if since is None or not since.endswith(SUFFIX):
        return None
    with Dossier(since, read_only=True) as store:
        return store.document_ids()


def title_of(paths: list[str]) -> str:
    """Return a title for the brief of some paths: the folder's or file's name in plain words."""
    if len(paths) > 1 or paths[0] == "-" or "://" in paths[0]:
        return "Brief"
    name = Path(paths[0]).resolve().stem.replace("-", " ").replace("_", " ").strip()
    return f"Brief: {name[:1].upper()}{name[1:]}" if name else "Brief"


def _stream_rows(
    paths: list[str], options: Options, kinds: list[str], processes: int | None, *, rules: bool
) -> None:
    """Print each document and its records as JSON Lines as soon as they are coded."""
    from detente.pipeline import finish

    documents, skipped = read_documents(paths, options)
    records = Records(skipped=skipped)
    late = ("actor", "report", "skipped")
    for coded in code_tracked(documents, processes, rules=rules):
        write_rows("document", [coded.document])
        for kind in kinds:
            if kind not in late and kind != "document":
                write_rows(kind, coded.records.of_kind(kind))
        records.extend(coded.records)
    finish(records)
    for kind in late:
        if kind in kinds:
            write_rows(kind, records.of_kind(kind))
    warn_of(records.skipped)


def _print_tables(records: Records, kinds: list[str]) -> None:
    for kind in kinds:
        shown = records.of_kind(kind)
        if shown and kind not in {"mention", "report"}:
            print_rows(kind, shown)


def _kinds(value: str | None) -> list[str]:
    """Return the record kinds named in `event,claim`, or all of them.

    Raises:
        InputError: a kind is unknown.
    """
    if value is None:
        return list(PLURALS)
    kinds = [part.strip().lower().removesuffix("s") for part in value.split(",") if part.strip()]
    kinds = ["quantity" if kind == "quantitie" else kind for kind in kinds]
    for kind in kinds:
        if kind not in PLURALS:
            raise InputError(
                f"unknown kind {kind!r} in --kind; allowed: {', '.join(PLURALS)}"
                f"{nearest(kind, PLURALS)}"
            )
    return kinds


def _format(value: str | None, output: Path | None) -> str:
    """Return the output format, from the option, the file name, or where the output goes."""
    allowed = ["jsonl", "csv", "parquet"]
    if value is None:
        suffix = output.suffix.lstrip(".") if output else ""
        if suffix in allowed:
            return suffix
        return "table" if output is None and on_terminal() else "jsonl"
    if value not in allowed:
        raise InputError(
            f"unknown format {value!r}; allowed: {', '.join(allowed)}{nearest(value, allowed)}"
        )
    if value != "jsonl" and output is None:
        raise InputError(f"--format {value} needs a place to write: add -o FOLDER")
    return value


def _only(records: Records, kinds: list[str]) -> Records:
    """Return the records of the given kinds alone."""
    chosen = {PLURALS[kind]: records.of_kind(kind) for kind in kinds}
    return Records(**chosen)

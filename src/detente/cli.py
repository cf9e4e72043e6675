"""The command line: parse options, call the pipeline, print. Nothing else prints.

On a terminal the records are tables with colour; piped, they are JSON Lines. Every error of ours
becomes one sentence on standard error and exit status 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sized
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from detente.documents.readers import Options, read_paths
from detente.errors import DetenteError, InputError, nearest
from detente.schema import PLURALS, Document, Record, Records, Skipped, to_row
from detente.settings import Settings

app = typer.Typer(
    name="detente",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Read articles about great-power politics; get one auditable model of what they describe.",
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

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
DossierPath = Annotated[Path, typer.Argument(metavar="DOSSIER", help="A .detente file.")]

Item = TypeVar("Item")

FEW_DOCUMENTS = 8
"""Up to this many documents, starting a second process costs more than it saves."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "event": ("date", "sources", "root", "targets", "status", "score", "trigger"),
    "claim": ("speaker", "cue", "content", "kind"),
    "expectation": ("holder", "band", "condition", "outcome"),
    "quantity": ("measures", "qualifier", "span", "year", "period"),
    "actor": ("id", "name", "kind", "country", "sector", "affiliation"),
    "mention": ("actor", "span"),
    "report": ("event", "document", "conflicts", "span"),
    "document": ("title", "outlet", "date", "n_chars", "path"),
    "skipped": ("item", "stage", "reason"),
    "tie": ("a", "b", "period", "score", "s", "low", "high", "sign", "n"),
}


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        from detente.pipeline import CODER

        out.print(f"detente {version('detente')} (coder {CODER}, no trained weights)")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Read articles about great-power politics; get one auditable model of what they describe."""


@app.command()
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
    date: Date = None,
    outlet: Outlet = None,
    metadata: Metadata = None,
    processes: Processes = None,
) -> None:
    """Write one self-contained HTML brief of the articles (or of a dossier).

    [bold]Example:[/bold] detente brief articles/ -o brief.html --since 2025-02-20
    """
    from detente.pipeline import make_brief
    from detente.views.exports import write_bytes

    known = _known_documents(since)
    records = _records_of(paths, Options(date=date, outlet=outlet, metadata=metadata), processes)
    page = make_brief(
        records,
        title=title or _title_of(paths),
        since=None if known is not None else since,
        known=known,
    )
    write_bytes(output, page.encode("utf-8", "backslashreplace"))
    _warn_of(records.skipped)
    err.print(f"Brief of {_count(records.documents, 'article')}: {output}")


@app.command()
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
) -> None:
    """Code articles into events, claims, expectations and quantities.

    [bold]Example:[/bold] detente extract article.txt --kind event,claim > records.jsonl
    """
    kinds = _kinds(kind)
    chosen = _format(format_, output)
    options = Options(date=date, outlet=outlet, metadata=metadata)
    if chosen == "jsonl" and output is None:
        _stream_rows(paths, options, kinds, processes)
        return
    records = _records_of(paths, options, processes)
    if output is None:
        _print_tables(records, kinds)
    else:
        from detente.views.exports import write_csv, write_jsonl, write_parquet

        writer = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}[chosen]
        if chosen == "jsonl":
            kinds = ["document", *kinds]
        writer(_only(records, kinds), output)
        err.print(f"Wrote {output}")
    _warn_of(records.skipped)


@app.command()
def add(
    dossier: DossierPath,
    paths: Paths,
    date: Date = None,
    outlet: Outlet = None,
    metadata: Metadata = None,
    processes: Processes = None,
) -> None:
    """Add articles to a dossier; what is already there is not coded again.

    [bold]Example:[/bold] detente add riyadh.detente articles/
    """
    from detente.pipeline import CODER, code_stream
    from detente.store import Dossier

    options = Options(date=date, outlet=outlet, metadata=metadata)
    documents, skipped = _read(paths, options)
    settings = _settings(processes, len(documents))
    with Dossier(dossier) as store:
        known = store.document_ids(coder=CODER)
        new = [doc for doc in documents if doc.id not in known]
        store.skip(*skipped)
        for coded in _tracked(code_stream(new, settings), len(new), "Coding"):
            try:
                store.add(coded.document, coded.records, coder=CODER)
            except InputError as error:
                skipped.append(Skipped(item=coded.document.path, stage="store", reason=str(error)))
            skipped.extend(coded.records.skipped)
    _warn_of(skipped)
    err.print(
        f"Added {_count(new, 'article')} to {dossier}; {len(documents) - len(new)} already there"
    )


@app.command()
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
    records = _load(dossier)
    if kind == "ties":
        from detente.relations.ties import ties_of

        _print_rows("tie", ties_of(records))
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
    _print_rows(name, shown)


@app.command()
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

    records = _load(dossier)
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


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="The benchmark: speed or mentions.")],
    data: Annotated[Path, typer.Option("--data", help="The benchmark's data.")],
    limit: Annotated[int, typer.Option(min=1, help="Articles to code, for speed.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure accuracy or speed on data that you have.

    [bold]Example:[/bold] detente bench speed --data articles/ --json
    """
    from detente.bench import run_benchmark

    result = run_benchmark(name, data, limit=limit)
    if as_json or not _on_terminal():
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    table = Table("measure", "value", title=name)
    for key, value in result.items():
        table.add_row(key, str(value))
    out.print(table)


def _known_documents(since: str | None) -> set[str] | None:
    """Return the ids of the documents of an earlier dossier, None where `since` is a date."""
    from detente.store import SUFFIX, Dossier

    if since is None or not since.endswith(SUFFIX):
        return None
    with Dossier(since, read_only=True) as store:
        return store.document_ids()


def _title_of(paths: list[str]) -> str:
    """Return a title for the brief of some paths: the folder's or file's name in plain words."""
    if len(paths) > 1 or paths[0] == "-" or "://" in paths[0]:
        return "Brief"
    name = Path(paths[0]).resolve().stem.replace("-", " ").replace("_", " ").strip()
    return f"Brief: {name[:1].upper()}{name[1:]}" if name else "Brief"


def _records_of(paths: list[str], options: Options, processes: int | None) -> Records:
    """Return the finished records of articles, or of one dossier."""
    from detente.pipeline import code_stream, finish
    from detente.store import SUFFIX

    if len(paths) == 1 and paths[0].endswith(SUFFIX):
        return _load(Path(paths[0]))
    documents, skipped = _read(paths, options)
    records = Records(skipped=skipped)
    settings = _settings(processes, len(documents))
    for coded in _tracked(code_stream(documents, settings), len(documents), "Coding"):
        records.extend(coded.records)
    return finish(records)


def _load(dossier: Path) -> Records:
    """Return the records of a dossier with reviews applied, duplicates grouped, reports made."""
    from detente.documents.duplicates import group_duplicates
    from detente.pipeline import finish
    from detente.store import Dossier

    with Dossier(dossier, read_only=True) as store:
        records = store.load()
    records.documents = group_duplicates(records.documents)
    return finish(records)


def _read(paths: list[str], options: Options) -> tuple[list[Document], list[Skipped]]:
    """Return the readable documents, near-duplicates grouped, and what was skipped.

    Raises:
        InputError: nothing could be read, or nothing in a language that is coded.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for item in read_paths(paths, settings=Settings(), options=options):
        if isinstance(item, Skipped):
            named, reason = _encodable(item.item), _encodable(item.reason)
            skipped.append(msgspec.structs.replace(item, item=named, reason=reason))
        else:
            documents.append(msgspec.structs.replace(item, path=_encodable(item.path)))
    if not any(doc.language == "en" for doc in documents):
        reasons = "; ".join(f"{row.item}: {row.reason}" for row in skipped[:3])
        raise InputError(f"nothing usable in {', '.join(paths)}. {reasons}".strip())
    if len(documents) > 1:
        from detente.documents.duplicates import group_duplicates

        documents = group_duplicates(documents)
    return documents, skipped


def _encodable(path: str) -> str:
    """Return a path in which the bytes of a file name that are not UTF-8 are written out."""
    return path.encode("utf-8", "backslashreplace").decode()


def _stream_rows(
    paths: list[str], options: Options, kinds: list[str], processes: int | None
) -> None:
    """Print each document and its records as JSON Lines as soon as they are coded."""
    from detente.pipeline import code_stream, finish

    documents, skipped = _read(paths, options)
    records = Records(skipped=skipped)
    settings = _settings(processes, len(documents))
    late = ("actor", "report", "skipped")
    for coded in _tracked(code_stream(documents, settings), len(documents), "Coding"):
        _write_rows("document", [coded.document])
        for kind in kinds:
            if kind not in late and kind != "document":
                _write_rows(kind, coded.records.of_kind(kind))
        records.extend(coded.records)
    finish(records)
    for kind in late:
        if kind in kinds:
            _write_rows(kind, records.of_kind(kind))
    _warn_of(records.skipped)


def _write_rows(kind: str, rows: Iterable[Record]) -> None:
    for row in rows:
        sys.stdout.buffer.write(msgspec.json.encode(to_row(row, kind)) + b"\n")
    sys.stdout.flush()


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
        return "table" if output is None and _on_terminal() else "jsonl"
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


def _settings(processes: int | None, n_documents: int) -> Settings:
    if processes is None:
        processes = 1 if n_documents <= FEW_DOCUMENTS else min(os.cpu_count() or 1, 8)
    return Settings(processes=processes)


def _tracked(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """Yield the items while a bar on standard error shows how many are done."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield from bar.track(items, total=total, description=label)


def _print_tables(records: Records, kinds: list[str]) -> None:
    for kind in kinds:
        shown = records.of_kind(kind)
        if shown and kind not in {"mention", "report"}:
            _print_rows(kind, shown)


def _print_rows(kind: str, rows: Iterable[Record]) -> None:
    """Print records as a table on a terminal, as JSON Lines elsewhere."""
    if not _on_terminal():
        _write_rows(kind, rows)
        return
    columns = COLUMNS[kind]
    table = Table(*columns, title=PLURALS.get(kind, "ties"), title_justify="left")
    for row in rows:
        table.add_row(*(Text(_cell(getattr(row, column))) for column in columns))
    out.print(table)


def _cell(value: object) -> str:
    """Return a field as a cell of a terminal table, without control characters."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        text = "; ".join(_cell(part) for part in value)
    else:
        text = getattr(value, "quote", None) or getattr(value, "name", None) or str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def _warn_of(skipped: Iterable[Skipped]) -> None:
    """Print what was skipped or doubtful, the first of it a line each, and how much it is."""
    rows = list(dict.fromkeys(skipped))
    for row in rows[:5]:
        line = Text(f"warning: {row.item} ({row.stage}): {row.reason}")
        err.print(line, style="yellow", soft_wrap=True)
    if rows:
        err.print(_count(rows, "warning"), style="yellow")


def _on_terminal() -> bool:
    """Return whether a person reads the output; `FORCE_COLOR` does not make a pipe a terminal."""
    return sys.stdout.isatty()


def _count(items: Sized, noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


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

"""What the commands print: records as tables on a terminal and as JSON Lines in a pipe; warnings.

Nothing outside this package prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any, TypeVar

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from detente.schema import PLURALS, Record, Skipped, to_row

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Item = TypeVar("Item")

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
    "perceived": ("holder", "a", "b", "valence", "low", "high", "sign", "n"),
    "trend": ("a", "b", "context", "first", "last", "n", "slope", "low", "high", "direction"),
    "tie": ("a", "b", "period", "context", "score", "s", "low", "high", "sign", "n"),
}

TITLES = {**PLURALS, "tie": "ties", "trend": "trends", "perceived": "ties as speakers see them"}


def tracked(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """Yield the items while a bar on standard error shows how many are done."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield from bar.track(items, total=total, description=label)


def print_rows(kind: str, rows: Iterable[Record]) -> None:
    """Print records as a table on a terminal, as JSON Lines elsewhere."""
    if not on_terminal():
        write_rows(kind, rows)
        return
    columns = COLUMNS[kind]
    table = Table(*columns, title=TITLES[kind], title_justify="left")
    for row in rows:
        table.add_row(*(Text(_cell(getattr(row, column))) for column in columns))
    out.print(table)


def print_figures(figures: Mapping[str, Any], *, title: str) -> None:
    """Print figures as a table of names and values; a list of rows as a table of its own."""
    lists = {
        name: value
        for name, value in figures.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }
    for name, rows in lists.items():
        table = Table(*rows[0], title=name, title_justify="left")
        for row in rows:
            table.add_row(*(Text(_figure(value)) for value in row.values()))
        out.print(table)
    table = Table("measure", "value", title=title, title_justify="left")
    for name, value in figures.items():
        if name not in lists:
            table.add_row(name, Text(_figure(value)))
    out.print(table)


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_figure(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_figure, value))
    return _cell(value)


def write_rows(kind: str, rows: Iterable[Record]) -> None:
    """Print records as JSON Lines, each led by its kind."""
    for row in rows:
        sys.stdout.buffer.write(msgspec.json.encode(to_row(row, kind)) + b"\n")
    sys.stdout.flush()


def _cell(value: object) -> str:
    """Return a field as a cell of a terminal table, without control characters."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        text = "; ".join(_cell(part) for part in value)
    else:
        text = getattr(value, "quote", None) or getattr(value, "name", None) or str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def warn_of(skipped: Iterable[Skipped]) -> None:
    """Print what was skipped or doubtful, the first of it a line each, and how much it is."""
    rows = list(dict.fromkeys(skipped))
    for row in rows[:5]:
        line = Text(f"warning: {row.item} ({row.stage}): {row.reason}")
        err.print(line, style="yellow", soft_wrap=True)
    if rows:
        err.print(count(rows, "warning"), style="yellow")


def on_terminal() -> bool:
    """Return whether a person reads the output; `FORCE_COLOR` does not make a pipe a terminal."""
    return sys.stdout.isatty()


def count(items: Sized, noun: str) -> str:
    """Return how many there are, in words: `2 articles`."""
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"

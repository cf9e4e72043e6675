"""Where commands take their events from: a dossier or a history file, and what each event says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.output import err
from detente.schema import Event, Records

if TYPE_CHECKING:
    import polars as pl

    from detente.relations.history import History

Describe = Callable[[str], str]
"""What an event's id stands for, in one line."""


def load_history(path: Path) -> History:
    """Return the events of a history file or folder; say on standard error what was left out."""
    from detente.relations.history import read_history

    history = read_history(path)
    err.print(
        f"{history.n_rows} rows: {history.events.height} events between countries or "
        f"organisations; left out: {history.n_statements} statements, {history.n_domestic} inside "
        f"one country, {history.n_mirrored} told twice, {history.n_unmapped} with an actor of no "
        "known country",
        soft_wrap=True,
    )
    return history


def describe_records(records: Records) -> Describe:
    """Return what names an event of a dossier by its codes, its sentence and its article."""
    events = {event.id: event for event in records.events}
    titles = {doc.id: doc.title or doc.path for doc in records.documents}
    return lambda key: _describe_event(events[key], titles[events[key].document])


def _describe_event(event: Event, title: str) -> str:
    sources, targets = (
        ", ".join(actor.name for actor in side) for side in (event.sources, event.targets)
    )
    what = " ".join(filter(None, (event.date or "undated", sources, event.root, targets)))
    return f"{what}: “{' '.join(event.span.quote.split())}” ({title})"


def describe_rows(events: pl.DataFrame) -> Describe:
    """Return what names an event of a history by its codes and its id."""
    import polars as pl

    def describe(key: str) -> str:
        row = events.filter(pl.col("id") == key).row(0, named=True)
        codes = f"{row['source']} {row['root']} {row['target']}"
        return f"{row['date']} {codes} ({row['score']:+g}, {key})"

    return describe

"""The events of a dossier as a table, of the same form as those of an event data set.

In: coded records. Out: a frame with the columns of `History.events`, so that whatever reads event
data also reads what articles tell.
"""

from __future__ import annotations

import polars as pl

from detente.relations.cameo import load_scores
from detente.relations.ties import COUNTED, pairs_of
from detente.schema import Event, Records

SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "date": pl.Date,
    "source": pl.String,
    "target": pl.String,
    "root": pl.String,
    "mode": pl.String,
    "contexts": pl.String,
    "quad": pl.UInt8,
    "score": pl.Float64,
}
"""Columns of `History.events`."""


def events_of_records(records: Records) -> pl.DataFrame:
    """Return past and ongoing events with a full date, by date: one row a pair of parties.

    Retellings are left out, and events of unknown day: nothing is invented. Persons and bodies are
    summed to their country, as for ties. Among parties who talk, without a target, each pair has a
    row, its names in order; rows of one event share its id.
    """
    retold = {report.telling for report in records.reports if report.telling != report.event}
    rows = [
        (event.id, event.date, *pair, event.root, event.mode, _joined(event), event.score)
        for event in records.events
        if event.status in COUNTED and event.id not in retold and event.date_precision == "day"
        for pair in pairs_of(event)
    ]
    text = {name: pl.String for name in SCHEMA if name not in ("quad", "score")}
    table = pl.DataFrame(rows, schema=text | {"score": pl.Float64}, orient="row")
    roots = load_scores().filter(pl.col("mode").is_null()).select("root", "quad")
    return (
        table.with_columns(pl.col("date").str.to_date("%Y-%m-%d", strict=False))
        .drop_nulls("date")
        .join(roots, on="root", maintain_order="left")
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
        .sort("date", "id", maintain_order=True)
    )


def _joined(event: Event) -> str | None:
    return ";".join(event.contexts) or None

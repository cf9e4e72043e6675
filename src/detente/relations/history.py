"""Readers of event data sets: ICEWS, POLECAT and GDELT files into one table of events.

In: the files as their projects publish them. Out: a `History`: one row an event between two
different countries or organisations, in PLOVER, and how many rows were left out and why.

Columns of `History.events`:

| column | type | meaning |
| --- | --- | --- |
| `id` | String | file and line, or the data set's own number |
| `date` | Date | day of the event |
| `source`, `target` | String | ISO 3166-1 alpha-3 code (Kosovo `XKX`) or organisation |
| `root`, `mode` | String | PLOVER root, and mode or null |
| `contexts` | String | PLOVER contexts joined by `;`, or null |
| `quad` | UInt8 | 1 verbal, 2 material cooperation; 3 verbal, 4 material conflict |
| `score` | Float64 | PLOVER score, -10 to 10 |

CAMEO relations become PLOVER roots by `icews_relations.csv`, which follows the conversion table of
the PLOVER manual (2021) in the modes of the codebook of 2024. CAMEO 01 (statements) is no event.
A meeting that a data set codes once from each side is one event.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import polars as pl

from detente.errors import InputError
from detente.relations.parties import name_party

COLUMNS = ("id", "date", "source", "target", "root", "mode", "contexts", "quad", "score")

REBEL_SECTORS = r"(?i)rebel|insurgent|separatist|dissident|criminal|\bREB\b|\bCRM\b|\bSEP\b|\bINS\b"
"""Sectors of ICEWS, POLECAT and CAMEO whose actors do not stand for their country."""

GDELT_COLUMNS = {"id": 1, "day": 2, "actor": 8, "actor_type": 13, "other": 18, "other_type": 23}
GDELT_COLUMNS |= {"cameo": 27}
"""Numbers of the columns used, from 1, of a GDELT 2.0 event export (61 columns, no header)."""


@dataclass(slots=True, frozen=True)
class History:
    """The events of a data set between countries and organisations, and what was left out.

    `n_rows` rows were read: `n_statements` are no events (CAMEO 01 or an unknown code),
    `n_unmapped` have an actor of no known country, `n_domestic` stay inside one country, the rest
    are `events` or the other side's telling of one (`n_mirrored`). `unmapped` counts events by
    actor (`name`, `n`), most frequent first.
    """

    events: pl.DataFrame
    unmapped: pl.DataFrame
    n_rows: int
    n_statements: int
    n_unmapped: int
    n_domestic: int
    n_mirrored: int


def read_icews14(folder: Path, *, parts: Iterable[str] = ("train", "valid")) -> History:
    """Return the events of the ICEWS14 benchmark (García-Durán et al. 2018) in a folder.

    Actors are summed to their country by name (`parties.name_party`). Most states are no entities
    of their own there, only their ministers, ministries and groups.

    Raises:
        InputError: a file is missing or is not of that form.
    """
    names = _read_ids(folder / "entity2id.txt")
    relations = _read_ids(folder / "relation2id.txt").join(
        load_relations().with_columns(pl.col("relation").str.replace_all(" ", "_").alias("name")),
        on="name",
        how="left",
    )
    actors = name_parties(names["name"]).join(names, on="name")
    rows = pl.concat([_scan_icews14(folder / f"{part}.txt") for part in parts])
    rows = rows.join(
        relations.select("id", *_RELATION).lazy(), left_on="relation", right_on="id", how="left"
    )
    for side, party in (("actor", "source"), ("other", "target")):
        known = actors.select("id", "name", pl.col("party").alias(party)).lazy()
        rows = rows.join(known, left_on=side, right_on="id", how="left")
        rows = rows.with_columns(pl.col("name").alias(side)).drop("name")
    return _finish(rows)


def _scan_icews14(path: Path) -> pl.LazyFrame:
    """Return subject, relation, object and day of one file; hours count from 1 January 2014."""
    _check_file(path)
    quads = pl.scan_csv(path, separator="\t", has_header=False, quote_char=None, infer_schema=False)
    names = _column_names(quads, path)
    if len(names) < 4:
        raise InputError(f"{path}: a line has subject, relation, object and time, parted by tabs")
    actor, relation, other, hours = (
        pl.col(name).cast(pl.Int32, strict=False) for name in names[:4]
    )
    days = pl.duration(days=hours // 24)
    return quads.with_row_index("line", offset=1).select(
        (pl.lit(f"{path.name}:") + pl.col("line").cast(pl.String)).alias("id"),
        (pl.date(2014, 1, 1) + days).alias("date"),
        actor.alias("actor"),
        other.alias("other"),
        relation.alias("relation"),
    )


def read_icews(paths: Iterable[Path]) -> History:
    """Return the events of ICEWS files as published on Dataverse (tab-separated, with a header).

    Raises:
        InputError: a file is missing, or lacks a column.
    """
    wanted = {
        "id": "Event ID",
        "day": "Event Date",
        "actor": "Source Country",
        "actor_name": "Source Name",
        "actor_type": "Source Sectors",
        "other": "Target Country",
        "other_name": "Target Name",
        "other_type": "Target Sectors",
        "cameo": "CAMEO Code",
    }
    return _finish(_code_cameo(_scan_named(paths, wanted), "%Y-%m-%d"))


def read_polecat(paths: Iterable[Path]) -> History:
    """Return the events of POLECAT files (Halterman et al. 2023; tab-separated, with a header).

    Raises:
        InputError: a file is missing, or lacks a column.
    """
    wanted = {
        "id": "Event ID",
        "day": "Event Date",
        "actor": "Actor Country",
        "actor_name": "Actor Name",
        "actor_type": "Primary Actor Sector",
        "other": "Recipient Country",
        "other_name": "Recipient Name",
        "other_type": "Primary Recipient Sector",
        "root": "Event Type",
        "mode": "Event Mode",
        "contexts": "Contexts",
    }
    rows = _map_actors(_scan_named(paths, wanted)).with_columns(
        pl.col("day").str.to_date("%Y-%m-%d", strict=False).alias("date")
    )
    roots = _scores().filter(pl.col("mode").is_null()).drop("mode").lazy()
    modes = _scores().filter(pl.col("mode").is_not_null()).drop("quad").lazy()
    rows = rows.join(roots, on="root", how="left")
    rows = rows.join(modes, on=["root", "mode"], how="left", suffix="_mode")
    return _finish(
        rows.with_columns(
            pl.when(pl.col("score").is_not_null()).then(pl.col("root")).alias("root"),
            pl.coalesce("score_mode", "score").alias("score"),
        )
    )


def read_gdelt(paths: Iterable[Path]) -> History:
    """Return the events of GDELT 2.0 event exports (tab-separated, without a header).

    GDELT counts what the world's press reports anew each quarter of an hour; its rows are nearer
    to reports than to events.

    Raises:
        InputError: a file is missing.
    """
    frames = []
    wanted = GDELT_COLUMNS.items()
    for path in paths:
        _check_file(path)
        frame = pl.scan_csv(
            path, separator="\t", has_header=False, quote_char=None, infer_schema=False
        )
        names = _column_names(frame, path)
        if len(names) < max(GDELT_COLUMNS.values()):
            raise InputError(f"{path}: not a GDELT 2.0 event export; it has too few columns")
        frames.append(
            frame.select(pl.col(names[number - 1]).alias(ours) for ours, number in wanted)
        )
    return _finish(_code_cameo(pl.concat(frames), "%Y%m%d"))


_RELATION = ("root", "mode", "contexts", "quad", "score")


def _code_cameo(rows: pl.LazyFrame, day_format: str) -> pl.LazyFrame:
    """Return rows with PLOVER codes from their CAMEO code, whose leading zero may be missing."""
    codes = load_relations().select(pl.col("cameo").cast(pl.Int32), *_RELATION)
    return (
        _map_actors(rows)
        .with_columns(
            pl.col("day").str.to_date(day_format, strict=False).alias("date"),
            pl.col("cameo").cast(pl.Int32, strict=False),
        )
        .join(codes.lazy(), on="cameo", how="left")
    )


def _map_actors(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return rows with `source` and `target`, the parties of `actor` and `other`."""
    names = pl.concat([rows.select(name=pl.col(side)) for side in ("actor", "other")])
    known = name_parties(names.unique().collect()["name"].drop_nulls()).lazy()
    for side, party in (("actor", "source"), ("other", "target")):
        apart = pl.col(f"{side}_type").fill_null("").str.contains(REBEL_SECTORS)
        rows = rows.join(known, left_on=side, right_on="name", how="left").with_columns(
            pl.when(~apart).then(pl.col("party")).alias(party)
        )
        rows = rows.drop("party")
    return rows


def name_parties(names: pl.Series) -> pl.DataFrame:
    """Return a table of `name` and `party` (a country or organisation, null where unknown)."""
    parties = [name_party(name) for name in names]
    return pl.DataFrame({"name": names, "party": pl.Series(parties, dtype=pl.String)})


def _finish(rows: pl.LazyFrame) -> History:
    """Return the history of coded and mapped rows, in two passes that stream over the files."""
    no_event = pl.col("root").is_null() | pl.col("date").is_null()
    unknown = ~no_event & (pl.col("source").is_null() | pl.col("target").is_null())
    abroad = pl.col("source") != pl.col("target")
    between = rows.filter(~no_event, abroad)
    unmapped = pl.concat(
        rows.filter(~no_event, pl.col(party).is_null()).select(name=pl.col(side).cast(pl.String))
        for side, party in (("actor", "source"), ("other", "target"))
    )
    counts, names, events = pl.collect_all(
        [
            rows.select(
                pl.len().alias("n_rows"),
                no_event.sum().alias("n_statements"),
                unknown.sum().alias("n_unmapped"),
                (~no_event & ~abroad).sum().alias("n_domestic"),
            ),
            unmapped.group_by("name").agg(n=pl.len()).sort("n", "name", descending=[True, False]),
            _drop_mirrored(between).select(COLUMNS),
        ],
        engine="streaming",
    )
    found = counts.row(0, named=True)
    left = found["n_rows"] - found["n_statements"] - found["n_unmapped"] - found["n_domestic"]
    return History(events=events, unmapped=names, n_mirrored=left - events.height, **found)


def _drop_mirrored(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return events with each meeting once: visitor and host, or both who consult, are two rows."""
    ends = [pl.min_horizontal("actor", "other"), pl.max_horizontal("actor", "other")]
    key = [
        pl.col("date"),
        *(end.alias(name) for end, name in zip(ends, ("_low", "_high"), strict=True)),
        pl.col("mode").alias("_mode"),
        pl.when(pl.col("root") != "CONSULT").then(pl.col("id")).alias("_alone"),
    ]
    # Joins keep no order, so what is first must be sorted to be the same in every run.
    keyed = events.with_columns(key).sort("date", "id")
    same = ["date", "_low", "_high", "_mode", "_alone"]
    return keyed.unique(same, keep="first", maintain_order=True)


@lru_cache(maxsize=1)
def load_relations() -> pl.DataFrame:
    """Return CAMEO's relations in PLOVER: `relation`, `cameo` and codes, null for statements."""
    path = resources.files("detente") / "data" / "icews_relations.csv"
    table = pl.read_csv(path.read_bytes(), infer_schema=False)
    table = table.with_columns(pl.col("root", "mode", "contexts").replace("", None))
    return table.join(_scores(), on=["root", "mode"], how="left", nulls_equal=True)


@lru_cache(maxsize=1)
def _scores() -> pl.DataFrame:
    """Return `quad` and `score` of each root and mode of `plover.toml`; mode null is the root's."""
    path = resources.files("detente") / "data" / "plover.toml"
    plover = tomllib.loads(path.read_text("utf-8"))
    rows = [
        {"root": root, "mode": mode, "quad": plover["quads"][coded["quad"]], "score": score}
        for root, coded in plover["root"].items()
        for mode, score in [(None, coded["score"]), *coded.get("modes", {}).items()]
    ]
    types = {"root": pl.String, "mode": pl.String, "quad": pl.UInt8, "score": pl.Float64}
    return pl.DataFrame(rows, schema=types)


def _read_ids(path: Path) -> pl.DataFrame:
    """Return `name` and `id` of a file of names and numbers."""
    _check_file(path)
    try:
        return pl.read_csv(
            path,
            separator="\t",
            has_header=False,
            quote_char=None,
            new_columns=["name", "id"],
            schema_overrides={"name": pl.String, "id": pl.Int32},
        )
    except pl.exceptions.PolarsError as err:
        raise InputError(f"{path}: not a file of names and numbers, parted by a tab") from err


def _scan_named(paths: Iterable[Path], wanted: dict[str, str]) -> pl.LazyFrame:
    """Return the wanted columns of tab-separated files, all as text, under our names.

    An actor without a country (an organisation) goes by its own name.
    """
    frames = []
    for path in paths:
        _check_file(path)
        frame = pl.scan_csv(
            path, separator="\t", infer_schema=False, quote_char=None, null_values=["", "None"]
        )
        missing = set(wanted.values()) - set(_column_names(frame, path))
        if missing:
            raise InputError(f"{path}: no column {', '.join(sorted(missing))}")
        frames.append(frame.select(pl.col(theirs).alias(ours) for ours, theirs in wanted.items()))
    rows = pl.concat(frames)
    return rows.with_columns(
        pl.coalesce(side, f"{side}_name").alias(side) for side in ("actor", "other")
    )


def _column_names(frame: pl.LazyFrame, path: Path) -> list[str]:
    try:
        return frame.collect_schema().names()
    except pl.exceptions.PolarsError as err:
        raise InputError(f"{path}: empty, or not a tab-separated text") from err


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path}: no such file")

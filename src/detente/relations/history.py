"""Readers of event data sets: ICEWS, POLECAT, GDELT and PLOVER files into one table of events.

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

CAMEO relations become PLOVER roots (`cameo`). A meeting that is coded once from each side is one
event. Names, days and codes are held as numbers until only the events are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from detente.errors import InputError
from detente.relations.cameo import load_relations, load_scores
from detente.relations.parties import name_parties
from detente.relations.plover import holds_records, load_codes, read_rows
from detente.relations.tabular import first_fields, scan_rows

COLUMNS = ("id", "date", "source", "target", "root", "mode", "contexts", "quad", "score")

REBEL_SECTORS = r"(?i)rebel|insurgent|separatist|dissident|criminal|\bREB\b|\bCRM\b|\bSEP\b|\bINS\b"
"""Sectors of ICEWS, POLECAT and CAMEO whose actors do not stand for their country."""

ICEWS_COLUMNS = {
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
"""Columns used of an ICEWS file of Dataverse."""

POLECAT_COLUMNS = {
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
"""Columns used of a POLECAT file."""

GDELT_COLUMNS = {
    "id": 1,
    "day": 2,
    "actor": 8,
    "actor_name": 9,
    "actor_type": 13,
    "other": 18,
    "other_name": 19,
    "other_type": 23,
    "cameo": 27,
}
"""Numbers, from 1, of the columns used of a GDELT event export (no header); the names are those of
known groups, such as `UNO`."""

GDELT_WIDTH = 57
"""Columns of the narrowest GDELT export; version 2.0 has 61, of which the first 27 are the same."""

NOBODY = "(no actor named)"
"""Name under which `History.unmapped` counts the events whose source or target is left empty."""

ICEWS14_FILES = ("entity2id.txt", "relation2id.txt")
ICEWS14_PARTS = ("train", "valid", "test")
EXPORT_SUFFIXES = (".tab", ".txt", ".tsv", ".csv", ".zip", ".json", ".jsonl")


@dataclass(slots=True, frozen=True)
class History:
    """The events of a data set between countries and organisations, and what was left out.

    `n_rows` rows were read: `n_statements` are no events (CAMEO 01, an unknown code or day, in
    PLOVER a plan or denial), `n_unmapped` have an actor of no known country, `n_domestic` stay
    inside one country, the rest are `events` or the other side's telling of one (`n_mirrored`).
    `unmapped` counts events by actor (`name`, `n`), most frequent first. A PLOVER record has a row
    for each root and pair of its actors; they share its id.
    """

    events: pl.DataFrame
    unmapped: pl.DataFrame
    n_rows: int
    n_statements: int
    n_unmapped: int
    n_domestic: int
    n_mirrored: int


def read_history(path: Path) -> History:
    """Return the events of a file or folder, whichever of the known data sets it holds.

    Known are the folder of the ICEWS14 benchmark, and files of ICEWS (Dataverse), POLECAT and GDELT
    (export), each as published or alone in a zip file, and PLOVER records in JSON. A folder may
    hold many files of one data set; other files in it are passed over.

    Raises:
        InputError: there is no such path, nothing in it is of a known form, or it mixes data sets.
    """
    if path.is_dir() and all((path / name).is_file() for name in ICEWS14_FILES):
        parts = [part for part in ICEWS14_PARTS if (path / f"{part}.txt").is_file()]
        return read_icews14(path, parts=parts or ICEWS14_PARTS[:1])
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    found: dict[str, list[Path]] = {}
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.is_file() and (not path.is_dir() or file.suffix.lower() in EXPORT_SUFFIXES):
            found.setdefault(_recognise(file), []).append(file)
    found.pop("", None)
    if len(found) > 1:
        names = ", ".join(f"{files[0].name} ({form})" for form, files in sorted(found.items()))
        raise InputError(f"{path}: holds several data sets, {names}; give one at a time")
    if not found:
        raise InputError(
            f"{path}: no event data that is known; wanted are ICEWS14 ({', '.join(ICEWS14_FILES)}, "
            "train.txt), ICEWS or POLECAT with a header, a GDELT export, or PLOVER records in JSON"
        )
    [(form, files)] = found.items()
    return _READERS[form](files)


def _recognise(path: Path) -> str:
    """Return which data set a file is of by its first line, or an empty text."""
    if holds_records(path):
        return "PLOVER"
    try:
        fields = first_fields(path)
    except InputError:
        return ""
    if ICEWS_COLUMNS["cameo"] in fields:
        return "ICEWS"
    if {POLECAT_COLUMNS["root"], POLECAT_COLUMNS["other"]} <= set(fields):
        return "POLECAT"
    # Without a header the first line holds values: of GDELT a number and a day.
    is_day = fields[1:] and len(fields[1]) == 8 and fields[1].isdigit()
    return "GDELT" if len(fields) >= GDELT_WIDTH and is_day else ""


def read_icews14(folder: Path, *, parts: Sequence[str] = ("train", "valid")) -> History:
    """Return the events of the ICEWS14 benchmark (García-Durán et al. 2018) in a folder.

    Actors are summed to their country by name (`parties.name_party`). Most states are no entities
    of their own there, only their ministers, ministries and groups.

    Raises:
        InputError: a file is missing or is not of that form.
    """
    actors = _read_ids(folder / "entity2id.txt")
    codes = _read_ids(folder / "relation2id.txt").join(
        load_relations().with_columns(pl.col("relation").str.replace_all(" ", "_")),
        left_on="name",
        right_on="relation",
        how="left",
    )
    rows = pl.concat([_read_icews14(folder / f"{part}.txt", part) for part in parts])
    names = actors.select(key="id", name="name")
    return _finish(
        _join_parties(rows, names),
        names=names,
        codes=codes.rename({"id": "code"}),
        row_id=pl.format("{}.txt:{}", "part", "line"),
    )


def _read_ids(path: Path) -> pl.DataFrame:
    """Return `name` and `id` of a file of names and numbers, each number once."""
    if len(first_fields(path)) == 2:
        found = scan_rows(path, types={"name": pl.String, "id": pl.Int32}).collect()
        if not found.null_count().sum_horizontal().item():
            return found.unique("id", keep="first", maintain_order=True)
    raise InputError(f"{path}: not a file of names and numbers, parted by a tab")


def _read_icews14(path: Path, part: str) -> pl.DataFrame:
    """Return the rows of one part; hours count from 1 January 2014."""
    wide = len(first_fields(path))
    if wide < 4:
        raise InputError(f"{path}: a line has subject, relation, object and time, parted by tabs")
    types: dict[str, type[pl.DataType]] = dict.fromkeys(
        ("actor", "code", "other", "hours"), pl.Int32
    )
    types |= {f"more_{number}": pl.String for number in range(4, wide)}
    rows = scan_rows(path, types=types).with_row_index("line", offset=1)
    return rows.select(
        "line",
        pl.lit(part).cast(pl.Categorical).alias("part"),
        (pl.date(2014, 1, 1) + pl.duration(days=pl.col("hours") // 24)).alias("date"),
        "actor",
        "other",
        "code",
    ).collect(engine="streaming")


def read_icews(paths: Iterable[Path]) -> History:
    """Return the events of ICEWS files as published on Dataverse (tab-separated, with a header).

    Raises:
        InputError: a file is missing, or lacks a column.
    """
    return _read_cameo([_scan_named(path, ICEWS_COLUMNS) for path in paths], "%Y-%m-%d")


def read_gdelt(paths: Iterable[Path]) -> History:
    """Return the events of GDELT event exports (tab-separated, without a header).

    GDELT counts what the world's press reports anew each quarter of an hour; its rows are nearer
    to reports than to events.

    Raises:
        InputError: a file is missing.
    """
    frames = []
    for path in paths:
        names = [f"column_{number}" for number, _ in enumerate(first_fields(path), start=1)]
        if len(names) < GDELT_WIDTH:
            raise InputError(f"{path}: not a GDELT event export; it has too few columns")
        rows = scan_rows(path, types=dict.fromkeys(names, pl.String))
        wanted = {ours: names[number - 1] for ours, number in GDELT_COLUMNS.items()}
        frames.append(_rename(rows, wanted))
    return _read_cameo(frames, "%Y%m%d")


def _read_cameo(frames: list[pl.LazyFrame], day_format: str) -> History:
    """Return the history of rows with a CAMEO code, whose leading zero may be missing."""
    codes = load_relations().with_columns(code=pl.col("cameo").cast(pl.Int32))
    rows = _collect(frames, day_format, pl.col("cameo").cast(pl.Int32, strict=False).alias("code"))
    return _finish(rows, names=_categories(rows), codes=codes)


def read_polecat(paths: Iterable[Path]) -> History:
    """Return the events of POLECAT files (Halterman et al. 2023; tab-separated, with a header).

    Raises:
        InputError: a file is missing, or lacks a column.
    """
    frames = [_scan_named(path, POLECAT_COLUMNS) for path in paths]
    words = pl.col("root", "mode", "contexts").cast(pl.Categorical)
    rows = _collect(frames, "%Y-%m-%d", words)
    codes = rows.select("root", "mode").unique().sort("root", "mode").with_row_index("code")
    rows = rows.join(
        codes, on=["root", "mode"], how="left", nulls_equal=True, maintain_order="left"
    ).drop("root", "mode")
    scores = load_scores()
    roots = scores.filter(pl.col("mode").is_null()).drop("mode")
    codes = (
        codes.with_columns(pl.col("root", "mode").cast(pl.String))
        .join(roots, on="root", how="left")
        .join(scores.drop("quad"), on=["root", "mode"], how="left", suffix="_mode")
        .with_columns(
            root=pl.when(pl.col("score").is_not_null()).then("root"),
            score=pl.coalesce("score_mode", "score"),
        )
    )
    return _finish(rows, names=_categories(rows), codes=codes)


def read_plover(paths: Iterable[Path]) -> History:
    """Return the events of PLOVER records in JSON (`plover.read_rows`); none is told twice there.

    Raises:
        InputError: a file cannot be read, or holds something that is no PLOVER record.
    """
    rows = read_rows(paths)
    return _finish(rows, names=_categories(rows), codes=load_codes(), told_once=True)


_READERS: dict[str, Callable[[Iterable[Path]], History]] = {
    "GDELT": read_gdelt,
    "ICEWS": read_icews,
    "PLOVER": read_plover,
    "POLECAT": read_polecat,
}


def _scan_named(path: Path, wanted: dict[str, str]) -> pl.LazyFrame:
    """Return the wanted columns of a file with a header, under our names."""
    names = first_fields(path)
    if missing := sorted(set(wanted.values()) - set(names)):
        raise InputError(f"{path}: no column {', '.join(missing)}")
    rows = scan_rows(path, types=dict.fromkeys(names, pl.String), has_header=True)
    return _rename(rows, wanted)


def _rename(rows: pl.LazyFrame, wanted: dict[str, str]) -> pl.LazyFrame:
    """Return columns under our names; an actor without a country goes by its own name."""
    return rows.select(pl.col(theirs).alias(ours) for ours, theirs in wanted.items()).with_columns(
        pl.coalesce(side, f"{side}_name").alias(side) for side in ("actor", "other")
    )


def _collect(frames: list[pl.LazyFrame], day_format: str, code: pl.Expr) -> pl.DataFrame:
    """Return rows with `source` and `target`, read in one pass; `code` makes their code."""
    rows = pl.concat(frames).select(
        "id",
        pl.col("day").str.to_date(day_format, strict=False).alias("date"),
        pl.col("actor", "other").cast(pl.Categorical),
        code,
        *(
            pl.col(f"{side}_type").fill_null("").str.contains(REBEL_SECTORS).alias(f"{side}_apart")
            for side in ("actor", "other")
        ),
    )
    found = rows.collect(engine="streaming")
    return _join_parties(found, _categories(found)).with_columns(
        pl.when(~pl.col(f"{side}_apart")).then(party).alias(party)
        for side, party in (("actor", "source"), ("other", "target"))
    )


def _categories(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the `key` and `name` of all actors of rows that hold them as categories."""
    keys = pl.concat([rows["actor"], rows["other"]]).unique().drop_nulls()
    return pl.DataFrame({"key": keys, "name": keys.cast(pl.String)}).sort("name")


def _join_parties(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `source` and `target`, the parties of the keys `actor` and `other`."""
    parties = names.select("key", name_parties(names["name"])["party"])
    for side, party in (("actor", "source"), ("other", "target")):
        known = parties.rename({"key": side, "party": party})
        rows = rows.join(known, on=side, how="left", maintain_order="left")
    return rows


def _finish(
    rows: pl.DataFrame,
    *,
    names: pl.DataFrame,
    codes: pl.DataFrame,
    row_id: pl.Expr | None = None,
    told_once: bool = False,
) -> History:
    """Return the history of rows that still hold keys and codes.

    Args:
        rows: `date`, `actor`, `other` (keys), `source`, `target`, `code`, and what makes the id.
        names: `key` and `name` of the actors.
        codes: `code`, `root`, `mode`, `quad`, `score`; root null is no event.
        row_id: makes the id of a row, where it is not a column already.
        told_once: no meeting is coded from both sides, and the rows are by date.
    """
    coded = codes.drop_nulls("root")["code"].implode()
    is_event = (pl.col("code").is_in(coded) & pl.col("date").is_not_null()).fill_null(False)
    happened = rows.filter(is_event)
    no_source, no_target = pl.col("source").is_null(), pl.col("target").is_null()
    missing = pl.concat([happened.filter(no_source)["actor"], happened.filter(no_target)["other"]])
    counted = missing.alias("key").value_counts(name="n").join(names, on="key", how="left")
    between = happened.filter(pl.col("source") != pl.col("target"))
    if row_id is not None:
        between = between.with_columns(row_id.alias("id"))
    events = between.join(codes, on="code", maintain_order="left")
    events = events if told_once else _drop_mirrored(events)
    n_unmapped = happened.select((no_source | no_target).sum()).item()
    return History(
        events=events.select(COLUMNS).cast({"contexts": pl.String}),
        unmapped=counted.select(pl.col("name").fill_null(NOBODY), "n").sort(
            "n", "name", descending=[True, False]
        ),
        n_rows=rows.height,
        n_statements=rows.height - happened.height,
        n_unmapped=n_unmapped,
        n_domestic=happened.height - n_unmapped - between.height,
        n_mirrored=between.height - events.height,
    )


def _drop_mirrored(events: pl.DataFrame) -> pl.DataFrame:
    """Return events by date, each meeting once: visitor and host, or both who consult, tell it."""
    is_meeting = pl.col("root") == "CONSULT"
    keys = pl.col("actor", "other").to_physical()
    events = events.sort("date", "id", maintain_order=True).with_row_index("row")
    meetings = events.filter(is_meeting).with_columns(
        low=pl.min_horizontal(keys), high=pl.max_horizontal(keys)
    )
    first = meetings.unique(["date", "low", "high", "mode"], keep="first")["row"]
    return events.filter(~is_meeting | pl.col("row").is_in(first.implode()))

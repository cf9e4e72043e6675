"""Readers of structural data sets: the Correlates of War (COW) and alliance obligations (ATOP).

In: a folder that holds the tables, itself or one level down, as their projects publish them (CSV)
or under the short names of a converted collection (`mids_cow.parquet`); `cow_tables.toml` lists
both. Out: Polars frames with the same columns for either form:

* `read_states`, spells of membership: `ccode`, `abbr`, `iso3`, `name`, `start`, `end` (dates)
* `read_disputes`, a row a dispute, pair and year: `dispnum`, `a`, `b`, `year`,
  `side_a_of_dispute_a` (1: state a is on the initiating side), `hostlev_*` (1 none, 2 threat,
  3 display, 4 use of force, 5 war), `hiact_*`, `fatality_*` (0 none to 6 over 999),
  `originator_*` (0: joined later)
* `read_wars`, a row a war, pair and year: `warnum`, `a`, `b`, `year`, `initiator_*`, `outcome_*`,
  `battle_deaths_*`
* `read_alliances`, a row a pair and year: `a`, `b`, `year`, `defense`, `offense`, `neutrality`,
  `nonaggression`, `consultation`
* `read_trade`, a row a pair and year, in million current US dollars: `a`, `b`, `year`,
  `imports_a_from_b`, `imports_b_from_a`, `smooth_a_from_b`, `smooth_b_from_a`, `smooth_total`
* `read_trade_totals`, the same of a state: `ccode`, `year`, `imports`, `exports`
* `read_capabilities`, a row a state and year: `ccode`, `year`, `milex`, `milper`, `irst`, `pec`,
  `tpop`, `upop`, `cinc`
* `read_contiguity`, spells of a pair: `a`, `b`, `conttype`, `start`, `end` (dates)
* `read_rivalries`, spells of a pair: `a`, `b`, `start`, `end` (years)

States are COW numbers with `a` < `b`; `*` stands for `a` and `b`, the state that a column tells of.
Null is unknown (the projects' −9), 0 is coded as absent: the two are never mixed. Only numbers
join: AUS is Austria, and KOR is Korea before 1910.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from functools import lru_cache
from importlib import resources
from pathlib import Path

import msgspec
import polars as pl

from detente.errors import InputError

_TYPES: dict[str, pl.DataType] = {"int": pl.Int32(), "float": pl.Float64(), "text": pl.String()}
_UNKNOWN = ["", ".", "NA"]
"""What stands for an unknown value in published CSV files, beside a negative number."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `cow_tables.toml`."""

    what: str
    site: str
    files: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]


def read_states(folder: Path) -> pl.DataFrame:
    """Return the spells of membership in the system of states, by number and start.

    `iso3` is today's ISO 3166-1 code of the state or its legal successor, null where there is none
    (as for Austria-Hungary, West Germany or Czechoslovakia).

    Raises:
        InputError: the table is missing or lacks a column.
    """
    name, frame = _load(folder, "states", "states_published")
    if name == "states_published":
        ends = [
            pl.date(*(f"{end}_{part}" for part in ("year", "month", "day"))).alias(end)
            for end in ("start", "end")
        ]
    else:
        ends = [pl.col(end).str.to_date("%Y-%m-%d", strict=False) for end in ("start", "end")]
    codes = load_iso_codes().select("ccode", "iso3")
    frame = frame.with_columns(ends).join(codes, on="ccode", how="left")
    return frame.select("ccode", "abbr", "iso3", "name", "start", "end").sort("ccode", "start")


def read_disputes(folder: Path) -> pl.DataFrame:
    """Return Militarized Interstate Disputes by pair of opposing states and year.

    Reads dyadic disputes (Maoz et al. 2019), or pairs the participants of MIDB (Palmer et al.
    2022): then all states on opposite sides are pairs, also those that never met, each with its
    highest hostility in the whole dispute.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    name, frame = _load(folder, "disputes", "dispute_participants")
    values = ["hostlev", "hiact", "fatality", "originator"]
    if name == "dispute_participants":
        frame = _pair_opponents(frame, "dispnum", ["side", *values])
    else:
        frame = _order_pairs(frame.with_columns(side_b=1 - pl.col("side_a")))
    frame = _merge_rows(frame.rename({"side_a": "side_a_of_dispute_a"}), "dispnum")
    each = [f"{value}_{state}" for value in values for state in ("a", "b")]
    return frame.select("dispnum", "a", "b", "year", "side_a_of_dispute_a", *each)


def read_wars(folder: Path) -> pl.DataFrame:
    """Return Inter-State Wars (Sarkees & Wayman 2010) by pair of opposing states and year.

    `initiator_*` is 1 for a state that began the war, `outcome_*` is COW's code (1 won, 2 lost),
    deaths are those of the state in the whole war.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    name, frame = _load(folder, "wars", "war_participants")
    values = ["initiator", "outcome", "battle_deaths"]
    if name == "war_participants":
        again = frame.with_columns(first=pl.col("first_again"), last=pl.col("last_again"))
        spells = pl.concat([frame, again.drop_nulls("first")])
        # COW writes 1 for an initiator and 2 for every other state.
        began = (pl.col("initiator") == 1).cast(pl.Int32)
        frame = _pair_opponents(spells.with_columns(initiator=began), "warnum", values)
    else:
        frame = _order_pairs(frame)
    each = [f"{value}_{state}" for value in values for state in ("a", "b")]
    return _merge_rows(frame, "warnum").select("warnum", "a", "b", "year", *each)


def read_alliances(folder: Path) -> pl.DataFrame:
    """Return ATOP obligations in force (Leeds et al. 2002), 0 or 1, by pair and year.

    Where the two directions differ the larger counts. A pair that is absent has no obligation.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    _, frame = _load(folder, "alliances")
    return _merge_rows(_order_pairs(frame))


def read_trade(folder: Path) -> pl.DataFrame:
    """Return trade (Barbieri, Keshk & Pollins 2009) by pair and year.

    `smooth_*` fills gaps between known years; `smooth_total` is null where a direction is.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    _, frame = _load(folder, "trade")
    return _merge_rows(_order_pairs(frame)).select(
        "a",
        "b",
        "year",
        imports_a_from_b="imports_a",
        imports_b_from_a="imports_b",
        smooth_a_from_b="smooth_a",
        smooth_b_from_a="smooth_b",
        smooth_total=pl.col("smooth_a") + pl.col("smooth_b"),
    )


def read_trade_totals(folder: Path) -> pl.DataFrame:
    """Return the total imports and exports of each state and year.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    return _load(folder, "trade_totals")[1].sort("ccode", "year")


def read_capabilities(folder: Path) -> pl.DataFrame:
    """Return National Material Capabilities (Singer 1987); `cinc` is a share of the world, 0 to 1.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    return _load(folder, "capabilities")[1].sort("ccode", "year")


def read_contiguity(folder: Path) -> pl.DataFrame:
    """Return spells of direct contiguity (Stinnett et al. 2002), from and to the first of a month.

    `conttype`: 1 by land, 2 to 5 by at most 12, 24, 150 and 400 miles of water, 0 none.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    _, frame = _load(folder, "contiguity")
    ends = [
        pl.coalesce(
            pl.col(end).str.to_date("%Y-%m-%d", strict=False),
            (pl.col(end) + "01").str.to_date("%Y%m%d", strict=False),  # published as 192001
        ).alias(end)
        for end in ("start", "end")
    ]
    return _order_pairs(frame).with_columns(ends).unique().sort("a", "b", "start")


def read_rivalries(folder: Path) -> pl.DataFrame:
    """Return strategic rivalries with their first and last year.

    Historians wrote these lists afterwards: a test of foresight must not read them.

    Raises:
        InputError: the table is missing or lacks a column.
    """
    _, frame = _load(folder, "rivalries")
    return _order_pairs(frame).unique().sort("a", "b", "start")


@lru_cache(maxsize=1)
def load_iso_codes() -> pl.DataFrame:
    """Return `ccode`, `abbr` and `iso3` (null where none) of every state of the COW system."""
    path = resources.files("detente") / "data" / "cow_states.csv"
    types = {"ccode": pl.Int32, "abbr": pl.String, "iso3": pl.String}
    return pl.read_csv(path.read_bytes(), schema=types)


@lru_cache(maxsize=1)
def _tables() -> dict[str, _Table]:
    path = resources.files("detente") / "data" / "cow_tables.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, _Table])


def _load(folder: Path, *names: str) -> tuple[str, pl.DataFrame]:
    """Return which of the tables a folder has, the first that is found, and its rows."""
    for name in names:
        if path := _find(folder, _tables()[name].files):
            return name, _select(_read_file(path), _tables()[name], path)
    files = " or ".join(pattern for name in names for pattern in _tables()[name].files)
    table = _tables()[names[0]]
    raise InputError(f"{folder}: no {table.what} ({files}); get it from {table.site}")


def _find(folder: Path, patterns: Sequence[str]) -> Path | None:
    """Return the file of the first pattern that matches one, of several versions the last."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    paths = [path for path in (*folder.iterdir(), *folder.glob("*/*")) if path.is_file()]
    # Versions are written 5_0, 5.0 and 70: letters and digits alone sort them.
    paths.sort(key=lambda path: (re.sub(r"[\W_]", "", path.name.lower()), str(path)))
    for pattern in patterns:
        if found := [path for path in paths if fnmatch(path.name.lower(), pattern)]:
            return found[-1]
    return None


def _read_file(path: Path) -> pl.DataFrame:
    """Return a Parquet table, or a CSV table with all its values as text."""
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        raw = path.read_bytes()
        if b"\n" not in raw:  # the wars of version 4.0 end their lines as old Macs did
            raw = raw.replace(b"\r", b"\n")
        return pl.read_csv(raw, infer_schema=False, null_values=_UNKNOWN, encoding="utf8-lossy")
    except pl.exceptions.PolarsError as err:
        raise InputError(f"{path}: not a table that can be read ({err})") from err


def _select(frame: pl.DataFrame, table: _Table, path: Path) -> pl.DataFrame:
    """Return the columns of a table under our names and types; a negative number is unknown."""
    theirs = {name.lower().strip(): name for name in frame.columns}
    chosen = []
    for ours, (kind, *names) in table.columns.items():
        found = next((theirs[name] for name in names if name in theirs), None)
        if found is None:
            wanted = " or ".join(names)
            raise InputError(f"{path}: no column {wanted}; is it the {table.what} of {table.site}?")
        number = pl.col(found).cast(pl.Float64, strict=False)
        known = pl.col(found) if kind == "text" else pl.when(number >= 0).then(number)
        chosen.append(known.cast(_TYPES[kind], strict=False).alias(ours))
    frame = frame.select(chosen)
    for name in ("ccode", "a", "b", "year"):
        if name in frame.columns and (n := frame[name].null_count()):
            raise InputError(f"{path}: {n} rows have no number in {table.columns[name][1:]}")
    return frame


def _order_pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `a` < `b`; where it was the other way round the columns change owners."""
    other = {"a": "b", "b": "a"}
    for name in frame.columns:
        if name.endswith("_a"):
            other |= {name: f"{name[:-1]}b", f"{name[:-1]}b": name}
    turned = frame.filter(pl.col("a") > pl.col("b")).rename(other).select(frame.columns)
    return pl.concat([frame.filter(pl.col("a") < pl.col("b")), turned])


def _pair_opponents(sides: pl.DataFrame, key: str, values: list[str]) -> pl.DataFrame:
    """Return a row for each pair on opposite sides and each year in which both took part."""
    sides = sides.select(key, "ccode", "first", "last", *dict.fromkeys(["side", *values]))
    a = sides.rename({name: f"{name}_a" for name in sides.columns if name != key})
    b = sides.rename({name: f"{name}_b" for name in sides.columns if name != key})
    years = pl.int_ranges(
        pl.max_horizontal("first_a", "first_b"), pl.min_horizontal("last_a", "last_b") + 1
    )
    return (
        a.join(b, on=key)
        .filter(pl.col("ccode_a") < pl.col("ccode_b"), pl.col("side_a") != pl.col("side_b"))
        .with_columns(years.cast(pl.List(pl.Int32)).alias("year"))
        .explode("year")
        .drop_nulls("year")
        .rename({"ccode_a": "a", "ccode_b": "b"})
    )


def _merge_rows(frame: pl.DataFrame, number: str | None = None) -> pl.DataFrame:
    """Return one row for each pair and year (and number), with the larger of each value.

    Directed tables hold each pair twice, and a state may leave a dispute and join it again.
    """
    key = [*([number] if number else []), "a", "b", "year"]
    return frame.group_by(key).agg(pl.exclude(key).max()).sort(key)

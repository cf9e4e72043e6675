"""Yearly series of pairs of states from disputes, obligations and trade.

In: a folder of structural tables (`cow.py`). Out: one frame, sorted by pair, series and year:

| column | what |
| --- | --- |
| `a`, `b` | Correlates of War state numbers, `a` < `b` |
| `year` | a year in which both were states |
| `series` | a name of `SERIES`, which tells unit and range |
| `value` | the value; null where the source has nothing, which is never a 0 |

A value rests on its own and on earlier years alone: the interpolated columns of the trade tables,
which fill a gap from its far end, are not read. Rivalry lists are not read either: historians wrote
them afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations
from pathlib import Path

import polars as pl

from detente.relations import cow
from detente.schema import Record


class SeriesKind(Record, frozen=True, kw_only=True):
    """What a series measures, in which unit, between which ends (None: none)."""

    what: str
    unit: str
    low: float
    high: float | None


SERIES: dict[str, SeriesKind] = {
    "dispute": SeriesKind(
        what="highest hostility of a dispute between original parties; 0 without a dispute",
        unit="2 threat, 3 display, 4 use of force, 5 war",
        low=0,
        high=5,
    ),
    "hostility": SeriesKind(
        what="the largest of this and all earlier years' dispute levels, each faded by its age",
        unit="1 is war in this year",
        low=0,
        high=1,
    ),
    "quiet": SeriesKind(
        what="years since force was last used between them, or since both were first states",
        unit="years",
        low=0,
        high=None,
    ),
    "pact": SeriesKind(
        what="obligation in force",
        unit="2 defence, 1 consultation with non-aggression, 0 neither",
        low=0,
        high=2,
    ),
    "trade": SeriesKind(
        what="imports of both from each other", unit="million current US dollars", low=0, high=None
    ),
    "trade_log": SeriesKind(
        what="logarithm of `trade` with a million added",
        unit="natural logarithm",
        low=0,
        high=None,
    ),
    "trade_share": SeriesKind(
        what="geometric mean of the shares of `trade` in each state's total trade",
        unit="share",
        low=0,
        high=1,
    ),
    "trade_dependence": SeriesKind(
        what="share of `trade` in the total trade of the state that depends on it less",
        unit="share",
        low=0,
        high=1,
    ),
    "trade_level": SeriesKind(
        what="logarithm of `trade_share` with `TRADE_FLOOR` added",
        unit="natural logarithm",
        low=-6.91,
        high=0.01,
    ),
}
"""What each series is."""

HALF_LIFE_YEARS = 3.0
"""Years after which a dispute weighs half in `hostility`; that of structural ties."""

FORCE = 4
"""Hostility from which a dispute is a use of force (Palmer et al. 2022)."""

TRADE_FLOOR = 0.001
"""A share of trade that is as good as none: flows are whole millions, so logarithms of a few of
them would jump on rounding alone. An assumption, varied in the note on breaks."""

KEY = ["a", "b", "year"]


def dyad_series(
    folder: Path, states: Collection[int], *, half_life_years: float = HALF_LIFE_YEARS
) -> pl.DataFrame:
    """Return all series of all pairs among some states, by their Correlates of War numbers.

    Raises:
        InputError: a table is missing or lacks a column.
    """
    years = _years_of_pairs(cow.read_states(folder), states)
    disputes = _conflict(years, cow.read_disputes(folder), half_life_years)
    pacts = _pacts(years, cow.read_alliances(folder))
    trade = _trade(years, cow.read_trade(folder), cow.read_trade_totals(folder))
    wide = disputes.join(pacts, on=KEY).join(trade, on=KEY)
    return wide.unpivot(list(SERIES), index=KEY, variable_name="series").sort(
        "a", "b", "series", "year"
    )


def select_series(
    series: pl.DataFrame, name: str, pair: tuple[int, int] | None = None
) -> pl.DataFrame:
    """Return the years in which a series has a value: `a`, `b`, `year`, `value`, of all or a pair.

    Raises:
        KeyError: there is no series of that name.
    """
    if name not in SERIES:
        raise KeyError(name)
    chosen = series.filter(pl.col("series") == name).drop_nulls("value").select(*KEY, "value")
    if pair:
        chosen = chosen.filter(pl.col("a") == min(pair), pl.col("b") == max(pair))
    return chosen


def _years_of_pairs(spells: pl.DataFrame, states: Collection[int]) -> pl.DataFrame:
    """Return the years in which both of a pair were states on some day: `a`, `b`, `year`."""
    spells = spells.filter(pl.col("ccode").is_in(sorted(states))).select(
        "ccode",
        year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32),
    )
    alive = {
        state: set(years)
        for state, years in spells.explode("year").group_by("ccode").agg("year").iter_rows()
    }
    rows = [
        (a, b, year)
        for a, b in combinations(sorted(alive), 2)
        for year in sorted(alive[a] & alive[b])
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(KEY, pl.Int32), orient="row")


def _conflict(years: pl.DataFrame, disputes: pl.DataFrame, half_life_years: float) -> pl.DataFrame:
    """Return `dispute`, `hostility` and `quiet`; null after the last year that disputes cover.

    Only disputes between original parties count: lists of all pairs on opposite sides of a
    many-sided dispute hold pairs that never met. Hostility 1 means that neither side acted.
    """
    met = disputes.filter(pl.col("originator_a") == 1, pl.col("originator_b") == 1)
    level = met.group_by(KEY).agg(
        dispute=pl.max_horizontal("hostlev_a", "hostlev_b").max().cast(pl.Float64)
    )
    rows = years.join(level, on=KEY, how="left").sort(KEY)
    dispute = pl.when(pl.col("dispute") > 1).then("dispute").otherwise(0.0)
    rows = rows.with_columns(dispute=dispute)
    faded = [
        pl.Series("hostility", _fade(group["year"], group["dispute"], half_life_years))
        for _, group in rows.group_by("a", "b", maintain_order=True)
    ]
    last = disputes["year"].max()
    force = pl.when(pl.col("dispute") >= FORCE).then("year").forward_fill()
    return rows.with_columns(
        hostility=pl.concat(faded) if faded else pl.lit(None, pl.Float64),
        quiet=(pl.col("year") - force.fill_null(pl.col("year").min()).over("a", "b")).cast(
            pl.Float64
        ),
    ).with_columns(
        pl.when(pl.col("year") <= last).then(name).alias(name)
        for name in ("dispute", "hostility", "quiet")
    )


def _fade(years: Iterable[int], levels: Iterable[float], half_life_years: float) -> list[float]:
    """Return the largest dispute level up to each year, faded by its age, war being 1."""
    held, then, found = 0.0, 0, []
    for year, level in zip(years, levels, strict=True):
        held = max(level / 5, held * 2.0 ** -((year - then) / half_life_years))
        then = year
        found.append(held)
    return found


def _pacts(years: pl.DataFrame, pacts: pl.DataFrame) -> pl.DataFrame:
    """Return `pact`; null after the last year that obligations cover."""
    consultation = pl.min_horizontal("consultation", "nonaggression")
    rows = pacts.select(*KEY, pact=pl.max_horizontal(2 * pl.col("defense"), consultation))
    covered = pl.col("year") <= pacts["year"].max()
    pact = pl.when(covered).then(pl.col("pact").fill_null(0)).cast(pl.Float64)
    return years.join(rows, on=KEY, how="left").select(*KEY, pact=pact)


def _trade(years: pl.DataFrame, flows: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the series of trade."""
    both = flows.select(*KEY, trade=pl.col("imports_a_from_b") + pl.col("imports_b_from_a"))
    sizes = _sizes(both, totals)
    rows = years.join(_believed(both), on=KEY, how="left")
    for end in ("a", "b"):
        size = sizes.rename({"ccode": end, "size": f"size_{end}"})
        rows = rows.join(size, on=[end, "year"], how="left")
    shares = [(pl.col("trade") / pl.col(f"size_{end}")).clip(0, 1) for end in ("a", "b")]
    share = (shares[0] * shares[1]).sqrt()
    return rows.select(
        *KEY,
        "trade",
        trade_log=(pl.col("trade") + 1).log(),
        trade_share=share,
        # Where one share is unknown neither holds: it is not known who depends less.
        trade_dependence=pl.when(shares[0] <= shares[1])
        .then(shares[0])
        .when(shares[0] > shares[1])
        .then(shares[1]),
        trade_level=(share + TRADE_FLOOR).log(),
    )


def _believed(trade: pl.DataFrame) -> pl.DataFrame:
    """Return trade between states without the zeros that begin a record or follow a gap in it.

    Trade among closed economies is patchy: of Moscow and Beijing the table has 1,356 million in
    1957, nothing in 1958-59, 0 in 1960-63 and nothing again. Such a 0 is no report of no trade, and
    one that carries on an unbroken record (Washington and Beijing from 1954) is.
    """
    pair = ["a", "b"]
    gap = (pl.col("year").diff() != 1).fill_null(True)
    begun = (pl.col("trade") > 0).cum_max()
    return (
        trade.drop_nulls("trade")
        .sort(KEY)
        .with_columns(stretch=gap.cum_sum().over(pair))
        .with_columns(begun=begun.over(*pair, "stretch"))
        .select(*KEY, trade=pl.when("begun").then("trade").cast(pl.Float64))
    )


def _sizes(trade: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the total trade of each state and year: `ccode`, `year`, `size` in million dollars.

    The larger of the reported total and of the sum of the state's pairs, for a total cannot be less
    than its parts: the Soviet Union's of 1960-62 is given as a thirtieth of the years around it.
    """
    ends = [trade.select("year", "trade", ccode=end) for end in ("a", "b")]
    parts = pl.concat(ends).group_by("ccode", "year").agg(parts=pl.col("trade").sum())
    reported = totals.select("ccode", "year", total=pl.col("imports") + pl.col("exports"))
    return (
        reported.join(parts, on=["ccode", "year"], how="left")
        .drop_nulls("total")
        .select("ccode", "year", size=pl.max_horizontal("total", "parts"))
        .filter(pl.col("size") > 0)
    )

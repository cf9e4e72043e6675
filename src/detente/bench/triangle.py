"""The strategic triangle in structural data: breaks, alarms and patterns, 1949 to 2014.

In: a folder of structural tables (`relations/cow.py`). Out: which series of the United States and
China break in 1971-73 when looked back upon, when an alarm that knows no later year would have
sounded and how often it sounds among all pairs of the twelve powers, and the triangle's patterns.
Only disputes, obligations and trade are read; no list of rivalries.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from detente.relations.breaks import RATE, find_breaks, raise_alarms, watch
from detente.relations.series import SERIES, dyad_series, select_series
from detente.relations.structure import structural_ties
from detente.relations.triangle import TrianglePattern, classify_periods, turning_points

POWERS = {
    2: "USA",
    200: "UKG",
    220: "FRN",
    255: "GMY",
    260: "GFR",
    300: "AUH",
    325: "ITA",
    365: "RUS",
    640: "TUR",
    710: "CHN",
    740: "JPN",
    750: "IND",
}
"""The twelve powers, by their Correlates of War number."""

CASE = (2, 710)
"""The United States and China."""

TRIO = ("USA", "RUS", "CHN")
FIRST, LAST = 1949, 2014

WATCHED = "trade_level"
"""The series that the alarm watches."""


def measure_triangle(data: Path) -> dict[str, Any]:
    """Return breaks and alarms of the United States and China, and the triangle's patterns.

    Raises:
        InputError: a table is missing or lacks a column.
    """
    series = dyad_series(data, list(POWERS))
    ties = structural_ties(data, TRIO, first=FIRST, last=LAST)
    patterns = classify_periods(ties, TRIO)
    breaks = _breaks(series)
    return {
        "pair": [POWERS[number] for number in CASE],
        "years": [FIRST, LAST],
        "breaks": breaks,
        "series_breaking_1971_73": [
            name for name, found in breaks.items() if any(1971 <= b["year"] <= 1973 for b in found)
        ],
        **_alarms(series),
        "patterns": _runs(patterns),
        "n_determined": sum(found.pattern != "undetermined" for found in patterns),
        "turning_points": [
            {"year": int(turn.period), "before": turn.before.pattern, "after": turn.after.pattern}
            for turn in turning_points(patterns)
        ],
    }


def _breaks(series: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the breaks of each series of the case, in the form that suits each series best."""
    found = {}
    for name in SERIES:
        rows = select_series(series, name, CASE).filter(pl.col("year").is_between(FIRST, LAST))
        breaks = find_breaks(rows["year"].to_list(), rows["value"].to_list())
        found[name] = [_rounded(msgspec.to_builtins(each)) for each in breaks]
    return found


def _alarms(series: pl.DataFrame) -> dict[str, Any]:
    """Return the alarms among all pairs and their rate, and those of the case."""
    watched = watch(select_series(series, WATCHED))
    alarms = raise_alarms(watched)
    case = alarms.filter(pl.col("a") == CASE[0], pl.col("b") == CASE[1])["year"].to_list()
    n_watched = watched.height
    n_all = len(select_series(series, "dispute"))
    before = watched.filter(pl.col("year") < 1973).height
    n_before = alarms.filter(pl.col("year") < 1973).height
    quiet = select_series(series, "quiet").rename({"value": "quiet"})
    listed = alarms.join(quiet, on=["a", "b", "year"], how="left").sort("year", "a", "b")
    return {
        "alarm_series": WATCHED,
        "alarm_rate_aimed_at": RATE,
        "alarm_years": case,
        "first_alarm_of_the_1970s": next((year for year in case if 1970 <= year < 1980), None),
        "n_alarms": alarms.height,
        "n_dyad_years_watched": n_watched,
        "n_dyad_years": n_all,
        "rate_watched": round(alarms.height / n_watched, 5) if n_watched else None,
        "rate_all": round(alarms.height / n_all, 5) if n_all else None,
        "rate_watched_before_1973": round(n_before / before, 5) if before else None,
        "alarms": [
            _rounded(row | {"a": POWERS[row["a"]], "b": POWERS[row["b"]]})
            for row in listed.to_dicts()
        ],
    }


def _runs(patterns: list[TrianglePattern]) -> list[dict[str, Any]]:
    """Return the stretches of years with one pattern and the same roles."""
    found = []
    for _, run in groupby(patterns, key=lambda pattern: (pattern.pattern, pattern.roles)):
        years = list(run)
        found.append(
            {
                "from": int(years[0].period),
                "to": int(years[-1].period),
                "pattern": years[0].pattern,
                "pivot": years[0].pivot,
                "outsider": years[0].outsider,
            }
        )
    return found


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()
    }

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from detente.bench.triangle import POWERS, measure_triangle
from detente.errors import InputError
from detente.relations.breaks import raise_alarms, watch
from detente.relations.series import dyad_series, select_series
from tests.relations.structural_tables import write_tables


def test_measure_triangle_names_breaks_and_patterns(tmp_path: Path) -> None:
    years = range(1949, 1995)
    write_tables(
        tmp_path,
        disputes=[(2, 710, year, 4) for year in range(1950, 1973)]
        + [(a, b, year, 4) for a, b in ((2, 365), (365, 710)) for year in range(1965, 1975)],
        trade=[(2, 710, year, 1 if year < 1972 else 40) for year in years],
        totals=[(state, year, 1000.0) for state in (2, 710) for year in years],
    )
    found = measure_triangle(tmp_path)
    assert {"trade_level", "quiet"} <= set(found["series_breaking_1971_73"])
    assert {b["year"] for b in found["breaks"]["trade_level"]} == {1972}
    assert "unit veto" in {run["pattern"] for run in found["patterns"]}
    assert found["turning_points"] == []
    assert found["n_dyad_years_watched"] == len(years) - 6
    assert found["alarms"] == []


def test_measure_triangle_needs_the_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="list of states"):
        measure_triangle(tmp_path)


@pytest.mark.shared
def test_the_opening_of_1972_is_found(shared: Path) -> None:
    found = measure_triangle(shared / "data/cow")
    assert set(found["series_breaking_1971_73"]) == {"quiet", "trade_level"}
    assert found["first_alarm_of_the_1970s"] == 1973
    assert found["rate_watched"] < 0.01
    assert found["n_alarms"] == len(found["alarms"]) == 19
    assert [turn["year"] for turn in found["turning_points"]] == [1969]


@pytest.mark.shared
def test_alarms_of_1973_need_no_later_year(shared: Path) -> None:
    panel = select_series(dyad_series(shared / "data/cow", list(POWERS)), "trade_level")
    known = pl.col("year") <= 1973
    whole = raise_alarms(watch(panel)).filter(known)
    assert raise_alarms(watch(panel.filter(known))).equals(whole)
    assert whole.filter(pl.col("a") == 2, pl.col("b") == 710)["year"].to_list() == [1973]

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from detente.relations.series import KEY, SERIES, TRADE_FLOOR, dyad_series, select_series
from tests.relations.structural_tables import write_tables


def values(folder: Path, name: str, pair: tuple[int, int] = (2, 710)) -> dict[int, float]:
    rows = select_series(dyad_series(folder, [2, 365, 710]), name, pair)
    return dict(rows.select("year", "value").rows())


def test_frame_has_a_row_for_each_pair_year_and_series(tmp_path: Path) -> None:
    frame = dyad_series(write_tables(tmp_path), [710, 2, 365])
    assert frame.columns == [*KEY, "series", "value"]
    assert frame.height == 3 * 101 * len(SERIES)
    assert set(frame["series"]) == set(SERIES)
    assert frame.select("a", "b").unique().sort("a", "b").rows() == [(2, 365), (2, 710), (365, 710)]


def test_frame_of_one_state_is_empty(tmp_path: Path) -> None:
    assert dyad_series(write_tables(tmp_path), [2]).height == 0


def test_dispute_is_the_highest_level_between_original_parties(tmp_path: Path) -> None:
    write_tables(
        tmp_path,
        disputes=[(2, 710, 1950, 3), (2, 710, 1950, 4), (2, 710, 1951, 1)],
        joined=[(2, 710, 1952, 5)],
    )
    found = values(tmp_path, "dispute")
    assert [found[year] for year in (1949, 1950, 1951, 1952)] == [0, 4, 0, 0]


def test_hostility_fades_and_keeps_the_worse_memory(tmp_path: Path) -> None:
    write_tables(tmp_path, disputes=[(2, 710, 1950, 5), (2, 710, 1951, 2)])
    found = values(tmp_path, "hostility")
    assert found[1949] == 0
    assert found[1950] == 1
    assert found[1951] > 2 / 5
    assert found[1953] == pytest.approx(0.5)
    assert found[1956] == pytest.approx(0.25)


def test_quiet_counts_years_without_force_of_each_pair(tmp_path: Path) -> None:
    write_tables(tmp_path, disputes=[(2, 365, 1990, 5), (2, 710, 1950, 4), (2, 710, 1955, 3)])
    found = values(tmp_path, "quiet")
    assert [found[year] for year in (1900, 1949, 1950, 1955, 2000)] == [0, 49, 0, 5, 50]


def test_series_are_unknown_after_their_source_ends(tmp_path: Path) -> None:
    write_tables(tmp_path)
    states = (tmp_path / "states.csv").read_text("utf-8").replace("2000-12-31", "2005-12-31")
    (tmp_path / "states.csv").write_text(states, "utf-8")
    for name in ("dispute", "hostility", "quiet", "pact"):
        assert max(values(tmp_path, name)) == 2000
    assert values(tmp_path, "trade") == {}


def test_pact_ranks_defence_over_consultation(tmp_path: Path) -> None:
    write_tables(tmp_path, pacts=[(2, 710, 1950, 1), (2, 710, 1951, 0)])
    found = values(tmp_path, "pact")
    assert [found[year] for year in (1949, 1950, 1951, 1952)] == [0, 2, 1, 0]


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        pytest.param({1954: 5, 1955: 0, 1956: 0}, {1954: 5, 1955: 0, 1956: 0}, id="unbroken"),
        pytest.param({1957: 5, 1960: 0, 1961: 0}, {1957: 5}, id="zero after a gap"),
        pytest.param({1957: 0, 1958: 0, 1959: 3}, {1959: 3}, id="zero at the beginning"),
        pytest.param({1957: 5, 1958: None, 1959: 0}, {1957: 5}, id="unknown is a gap"),
        pytest.param({1960: 0, 1961: 2, 1962: 0}, {1961: 2, 1962: 0}, id="zero, then a record"),
    ],
)
def test_zeros_of_a_patchy_record_are_no_zeros(
    tmp_path: Path, flows: dict[int, int | None], expected: dict[int, float]
) -> None:
    write_tables(tmp_path, trade=[(2, 710, year, flow) for year, flow in flows.items()])
    assert values(tmp_path, "trade") == expected


def test_trade_is_held_against_the_size_of_both_states(tmp_path: Path) -> None:
    write_tables(
        tmp_path, trade=[(2, 710, 1980, 20)], totals=[(2, 1980, 400.0), (710, 1980, 100.0)]
    )
    assert values(tmp_path, "trade") == {1980: 20}
    assert values(tmp_path, "trade_log")[1980] == pytest.approx(3.0445, abs=1e-4)
    assert values(tmp_path, "trade_share")[1980] == pytest.approx(0.1)
    assert values(tmp_path, "trade_dependence")[1980] == pytest.approx(0.05)
    assert values(tmp_path, "trade_level")[1980] == pytest.approx(-2.2926, abs=1e-4)


def test_a_total_is_no_less_than_its_parts(tmp_path: Path) -> None:
    write_tables(
        tmp_path,
        trade=[(2, 710, 1980, 20), (365, 710, 1980, 60)],
        totals=[(2, 1980, 80.0), (710, 1980, 10.0)],
    )
    assert values(tmp_path, "trade_share")[1980] == pytest.approx(0.25)


def test_an_unknown_total_leaves_the_shares_unknown(tmp_path: Path) -> None:
    write_tables(tmp_path, trade=[(2, 710, 1980, 20)], totals=[(2, 1980, 80.0), (710, 1980, None)])
    assert values(tmp_path, "trade") == {1980: 20}
    for name in ("trade_share", "trade_dependence", "trade_level"):
        assert values(tmp_path, name) == {}


def test_values_do_not_depend_on_later_years(tmp_path: Path) -> None:
    early, late = tmp_path / "early", tmp_path / "late"
    rows = [(2, 710, year, 10 * (year % 3)) for year in range(1960, 1990) if year % 7]
    fights = [(2, 710, year, 4) for year in (1955, 1969, 1988)]
    totals = [(state, year, 500.0) for state in (2, 710) for year in range(1960, 1990)]
    for folder, last in ((early, 1975), (late, 2000)):
        folder.mkdir()
        write_tables(
            folder,
            disputes=[row for row in fights if row[2] <= last],
            trade=[row for row in rows if row[2] <= last],
            totals=[row for row in totals if row[1] <= last],
        )
    known = [
        dyad_series(folder, [2, 710]).filter(pl.col("year") <= 1975) for folder in (early, late)
    ]
    assert known[0].equals(known[1])


def test_select_series_knows_its_names(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="rivalry"):
        select_series(dyad_series(write_tables(tmp_path), [2, 365]), "rivalry")


@pytest.mark.shared
def test_real_series_stay_in_their_ranges(shared: Path) -> None:
    frame = dyad_series(shared / "data/cow", [2, 365, 710])
    for name, kind in SERIES.items():
        found = frame.filter(pl.col("series") == name)["value"].drop_nulls()
        assert found.min() >= kind.low
        assert kind.high is None or found.max() <= kind.high
    assert pl.Series([TRADE_FLOOR]).log()[0] == pytest.approx(SERIES["trade_level"].low, abs=0.01)


@pytest.mark.shared
def test_sino_soviet_zeros_are_not_read(shared: Path) -> None:
    frame = select_series(dyad_series(shared / "data/cow", [2, 365, 710]), "trade")
    years = {
        pair: {y for a, b, y, _ in frame.rows() if (a, b) == pair and 1949 <= y <= 1978}
        for pair in ((2, 710), (365, 710))
    }
    assert years[365, 710] == {1955, 1956, 1957, 1978}
    assert years[2, 710] == set(range(1949, 1979))

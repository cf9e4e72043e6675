from __future__ import annotations

import polars as pl

from detente.relations.frames import (
    PERCEIVED,
    TIES,
    TRENDS,
    perceived_frame,
    tie_frame,
    trend_frame,
    triangle_frame,
)
from detente.relations.perceived import PerceivedTie
from detente.relations.ties import untied
from detente.relations.trends import trend
from detente.relations.triangle import classify_periods
from tests.relations.events import tie

YEAR = [tie("RUS", "USA", s, period=f"2014-0{n}") for n, s in enumerate([0.5, 0.1, -0.4], 1)]


def test_ties_keep_their_order_events_and_unknowns() -> None:
    frame = tie_frame([*YEAR, untied("CHN", "RUS", "2014-01")])
    assert dict(frame.schema) == {name: frame.schema[name] for name in TIES}
    assert frame["period"].to_list() == ["2014-01", "2014-02", "2014-03", "2014-01"]
    assert frame["events"].to_list()[0] == list(YEAR[0].events)
    assert frame.row(3, named=True)["s"] is None


def test_no_ties_are_a_table_without_rows() -> None:
    assert tie_frame([]).schema == tie_frame(YEAR).schema
    assert perceived_frame([]).columns == list(PERCEIVED)
    assert trend_frame([]).columns == list(TRENDS)


def test_trends_and_perceived_ties() -> None:
    assert trend_frame(trend(YEAR))["direction"].to_list() == ["falling"]
    seen = PerceivedTie(
        holder="CHN", a="RUS", b="USA", valence=0.2, low=-0.1, high=0.5, sign="undetermined",
        n=1, claims=("c-1",),
    )  # fmt: skip
    assert perceived_frame([seen]).row(0, named=True)["holder"] == "CHN"


def test_a_triangle_is_a_row_a_period_with_null_where_nothing_is_known() -> None:
    frame = triangle_frame(classify_periods(YEAR, ["USA", "RUS", "CHN"]))
    assert frame["period"].to_list() == ["2014-01", "2014-02", "2014-03"]
    assert frame["s_USA_RUS"].to_list() == [0.5, 0.1, -0.4]
    assert frame["s_USA_CHN"].null_count() == 3
    assert frame["unit veto"].dtype in (pl.Null, pl.Float64)

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from detente.views.charts import (
    Bin,
    Point,
    describe_bins,
    fit_svg,
    series_svg,
    timeline_svg,
)

BINS = (
    Bin(start="2025-02-18", tone="cooperative", records=("a", "b")),
    Bin(start="2025-02-18", tone="conflictual", records=("c",)),
    Bin(start="2025-02-24", tone="neutral", records=("d",)),
)


def points(*years: int) -> list[Point]:
    return [Point(year=year, value=year - 2000, label=f"v{year}") for year in years]


@pytest.mark.parametrize("years", [(2019, 2024), (2019, 2020, 2021, 2022, 2023), (2020, 2020)])
def test_series_is_named_drawn_and_labelled(years: tuple[int, ...]) -> None:
    svg = series_svg(points(*years), name="s1", title="Trade <of> a", summary="What it says.")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert (root[0].text, root[1].text) == ("Trade <of> a", "What it says.")
    labels = [e.text for e in root.iter("text")]
    assert {f"v{year}" for year in years} <= set(labels)


def test_long_series_bears_the_values_of_its_ends_only() -> None:
    svg = series_svg(points(*range(1980, 2020)), name="s1", title="T", summary="S")
    labels = {e.text for e in ElementTree.fromstring(svg).iter("text")}
    assert {"v1980", "v2019"} <= labels
    assert "v1999" not in labels


def test_drawing_uses_the_colours_of_the_page() -> None:
    svg = timeline_svg(BINS, unit="day", name="t", title="T", summary="S")
    assert "fill:var(--plus)" in svg
    assert "fill:var(--minus)" in svg
    assert "#0" not in svg


@pytest.mark.parametrize("unit", ["day", "month", "year"])
def test_timeline_is_drawn_by(unit: str) -> None:
    bins = [
        Bin(start="1990-01-01", tone="neutral", records=("a",)),
        Bin(start="2025-01-01", tone="conflictual", records=("a",)),
    ]
    assert timeline_svg(bins, unit=unit, name="t", title="T", summary="S").startswith("<svg")


def test_fitted_svg_keeps_drawing_elements_only() -> None:
    svg = fit_svg(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9" onload="x">'
        '<script>alert(1)</script><style>*{}</style><foreignObject/><image href="http://x"/>'
        '<defs><clipPath id="c"><rect width="1" height="1"/></clipPath></defs>'
        '<g clip-path="url(#c)" onclick="x"><a href="http://x"><path d="M0,0"/></a></g></svg>',
        "f1",
        "T",
        "S",
    )
    assert svg == (
        '<svg viewBox="0 0 9 9" role="img" aria-labelledby="f1-title f1-desc">'
        '<title id="f1-title">T</title><desc id="f1-desc">S</desc>'
        '<defs><clipPath id="f1-c"><rect width="1" height="1" /></clipPath></defs>'
        '<g clip-path="url(#f1-c)" /></svg>'
    )


def test_bins_in_words() -> None:
    assert describe_bins(BINS, "day") == (
        "Events by day: 2 cooperative, 1 neutral, 1 conflictual; most in 18 February 2025 (3)."
    )


def test_altair_is_imported_only_to_draw() -> None:
    code = "import sys, detente.views.brief; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

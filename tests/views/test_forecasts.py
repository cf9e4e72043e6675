from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import msgspec
import pytest

from detente.scenarios.advantage import Advantage
from detente.scenarios.calibration import ReliabilityBin
from detente.scenarios.outlook import Forecast, PastEvent, Reason
from detente.scenarios.questions import ask
from detente.schema import Records
from detente.views.brief import Brief, build_brief, render_brief
from detente.views.charts import reliability_svg
from detente.views.figures import Index
from detente.views.outlook import ForecastRow, Outlook, OutlookView, build_outlook
from tests.views import sample
from tests.views.page import Page, name, parse, text

BETTER = Advantage(
    words="measured advantage",
    skill=0.066,
    low=0.031,
    high=0.1,
    n=650,
    first="2024-06-01",
    last="2024-11-16",
)
NO_BETTER = msgspec.structs.replace(
    BETTER, words="no measured advantage", skill=0.01, low=-0.03, high=0.05
)
WORSE = msgspec.structs.replace(NO_BETTER, skill=-0.05, low=-0.08, high=-0.02)
UNKNOWN = Advantage(words="not measured: the history is too short")

WEEKS = Reason(
    term="events of this kind in the last weeks",
    contribution=0.405,
    weight=0.5,
    value=2.25,
    events=(
        PastEvent(id="rows.txt:12", date="2025-02-03"),
        PastEvent(id="rows.txt:11", date="2025-02-03"),
        PastEvent(id="rows.txt:9", date="2024-12-30"),
    ),
)
QUARREL = Reason(
    term="how often the two are in conflict at all", contribution=-0.105, weight=-0.1, value=0.18
)
COMMON = Reason(term="what lately held for all pairs alike", contribution=0.05)
OTHERS = Reason(
    term="conflict of either with others in the last weeks", contribution=0.02, weight=1, value=1.02
)

BINS = (
    ReliabilityBin(n=40, forecast=0.02, observed=0.1, low=0.04, high=0.23),
    ReliabilityBin(n=41, forecast=0.05, observed=0.05, low=0.01, high=0.16),
    ReliabilityBin(n=39, forecast=0.6, observed=0.64, low=0.48, high=0.77),
)


def forecast(
    source: str = "USA", target: str = "RUS", kind: str = "CONSULT", **changes: object
) -> Forecast:
    """Return a forecast for two weeks, likely unless `changes` say otherwise."""
    made = Forecast(
        question=ask(source, target, kind, 14, directed=True),
        probability=0.7,
        low=0.6,
        high=0.79,
        band="likely",
        base_rate=0.58,
        horizon_days=14,
        as_of="2025-02-18",
        since="2024-01-01",
        trend="rising",
        reasons=(WEEKS, QUARREL, COMMON, OTHERS),
    )
    return msgspec.structs.replace(made, **changes)


def outlook(
    *forecasts: Forecast,
    bins: tuple[ReliabilityBin, ...] = BINS,
    advantage: Advantage = BETTER,
    source: str = "rows.txt, 1,200 events up to 18 February 2025",
) -> Outlook:
    return Outlook(forecasts=forecasts, bins=bins, advantage=advantage, source=source)


def view(given: Outlook) -> OutlookView:
    return build_outlook(Index(sample.records()), given)


def row(given: Forecast) -> ForecastRow:
    (found,) = view(outlook(given)).rows
    return found


def brief(given: Outlook | None, records: Records | None = None) -> Brief:
    found = sample.records() if records is None else records
    return build_brief(found, title="T", version="0", outlook=given)


def section(given: Outlook) -> str:
    return text(parse(render_brief(brief(given))).find("forecasts"))


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the page of one forecast with a direction and one without."""
    given = outlook(forecast(), forecast("CHN", "USA", "ACCUSE", probability=0.6))
    return parse(render_brief(brief(given)))


@pytest.mark.parametrize(
    "words",
    [
        "rests on a history file, rows.txt, 1,200 events up to 18 February 2025, not on the",
        "Measured advantage. The forecasts beat the base rates. Of the error (Brier score) of base "
        "rates alone the model took away 6.6 % (95 % interval 3.1 to 10.0 %), in 650 earlier "
        "forecasts, made from 1 June 2024 to 16 November 2024.",
        "70 % likely United States and Russia: talks, within 14 days, by 4 Mar 2025",
        "China → towards United States: criticism or accusation, within 14 days, by 4 Mar 2025",
        "base rate 58 % interval 60 % to 79 % trend: rising",
        "↑raises it: events of this kind in the last weeks: 2.2 times the usual (odds × 1.50); "
        "newest 3 Feb 2025 and 30 Dec 2024",
        "↓lowers it: how often the two are in conflict at all: on 18 % of days (odds × 0.90); none",
        "↑raises it: what lately held for all pairs alike (odds × 1.05)",
        "events of this kind in the last weeks: rows.txt:12 3 Feb 2025, rows.txt:11 3 Feb 2025",
        "1 weaker reason: odds × 1.02",
        "120 earlier forecasts in 3 groups of about the same probability, from 2 % to 60 %. In 2 "
        "of 3 groups the share that happened agrees with it",
        "Stated Happened 95 % interval Forecasts 2 % 10 % 4 % to 23 % 40 5 % 5 % 1 % to 16 % 41",
        "Model occurrence-1; counted 1 January 2024 to 18 February 2025.",
    ],
)
def test_section_says(page: Page, words: str) -> None:
    assert words in text(page.find("forecasts"))


def test_rows_of_the_history_are_no_links(page: Page) -> None:
    found = list(page.find("forecasts").iter())
    assert not [e for e in found if name(e) == "a"]
    assert [text(e) for e in found if name(e) == "code"][:2] == ["rows.txt:12", "rows.txt:11"]


def test_the_head_says_what_opens_no_sentence(page: Page) -> None:
    assert "save in What may come next" in text(next(page.all("header")))
    assert "What may come next" in text(next(page.all("nav")))


def test_drawings_are_hidden_or_named(page: Page) -> None:
    for svg in (e for e in page.find("forecasts").iter() if name(e) == "svg"):
        assert svg.get("aria-hidden") == "true" or svg.get("aria-labelledby")


def test_ids_are_unique(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_nothing_of_the_history_is_a_figure_of_the_records() -> None:
    assert brief(outlook(forecast())).figures == brief(None).figures


def test_without_a_history_there_is_no_section() -> None:
    made = parse(render_brief(brief(None)))
    assert "forecasts" not in made.ids
    assert "What may come next" not in text(made.root)


def test_a_brief_without_articles_has_the_section() -> None:
    made = parse(render_brief(brief(outlook(forecast()), Records())))
    assert "USA" not in text(made.find("forecasts"))
    assert "United States and Russia: talks" in text(made.find("forecasts"))


def test_the_likeliest_comes_first() -> None:
    rows = view(outlook(forecast(probability=0.6), forecast(probability=0.75))).rows
    assert [found.probability for found in rows] == ["75 %", "60 %"]


@pytest.mark.parametrize(
    ("advantage", "words"),
    [
        (NO_BETTER, "No measured advantage. The forecasts did not surely beat the base rates"),
        (NO_BETTER, "took away 1.0 % (95 % interval −3.0 to 5.0 %)"),
        (WORSE, "No measured advantage. The base rates did better than the forecasts"),
        (UNKNOWN, "Not measured: the history is too short. Whether the forecasts beat"),
    ],
)
def test_a_model_without_advantage_says_so(advantage: Advantage, words: str) -> None:
    made = outlook(forecast(), advantage=advantage)
    assert words in section(made)
    assert not view(made).has_advantage


def test_a_kind_of_its_own_record_bears_it() -> None:
    made = outlook(forecast(advantage=NO_BETTER))
    assert "no measured advantage for this kind" in section(made)


@pytest.mark.parametrize(
    ("low", "high", "band", "middle"),
    [
        (0.6, 0.79, "likely", ""),
        (0.6, 0.81, "likely", ""),
        (0.5, 0.81, "not determined", "likely"),
        (0.01, 0.99, "not determined", "likely"),
    ],
)
def test_an_interval_over_three_bands_leaves_the_word_open(
    low: float, high: float, band: str, middle: str
) -> None:
    found = row(forecast(low=low, high=high))
    assert (found.band, found.middle) == (band, middle)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("AID", "material aid"),
        ("VERBAL_CONFLICT", "conflict in words"),
        ("MATERIAL_COOPERATION", "cooperation in deed or aid"),
        ("ANY", "any interaction"),
    ],
)
def test_kinds_in_plain_words(kind: str, words: str) -> None:
    assert row(forecast(kind=kind)).kind == words


@pytest.mark.parametrize(
    ("party", "words"), [("DEU", "Germany"), ("NATO", "NATO"), ("ZZZ", "ZZZ"), ("CHN", "China")]
)
def test_parties_are_named_where_a_name_is_known(party: str, words: str) -> None:
    question = msgspec.structs.replace(forecast().question, target=party)
    assert row(forecast(question=question)).sources[1] == words


def test_weaker_reasons_are_summed_up() -> None:
    strong = (WEEKS,) * 3
    assert row(forecast(reasons=strong)).further == ""
    assert row(forecast(reasons=(*strong, QUARREL, COMMON))).further == (
        "2 weaker reasons together: odds × 0.95"
    )


def test_a_forecast_that_is_its_base_rate_has_no_reasons() -> None:
    found = row(forecast(reasons=()))
    assert (found.reasons, found.further) == ((), "")
    assert "Rows of the history file" not in section(outlook(forecast(reasons=())))


def test_what_is_missing_is_said() -> None:
    words = section(outlook(bins=(), advantage=UNKNOWN))
    assert "No question was asked of this history." in words
    assert "Not checked: the history is too short to forecast from its earlier days." in words
    assert "Model" not in words


def test_hostile_text_is_shown_and_never_run() -> None:
    evil = "</code><script>alert(1)</script>\u202e{{ 7 * 7 }}\u0000"
    reason = msgspec.structs.replace(
        WEEKS, term=evil, events=(PastEvent(id=evil, date="2025-02-03"),)
    )
    html = render_brief(
        brief(outlook(forecast(reasons=(reason,), model=evil, trend=evil), source=evil))
    )
    made = parse(html)
    assert len(list(made.all("script"))) == 1
    assert "alert(1)" in text(made.find("forecasts"))
    assert "{{ 7 * 7 }}" in html
    assert "\u0000" not in html


def test_plot_tells_bins_that_agree_by_shape_and_colour() -> None:
    root = ElementTree.fromstring(reliability_svg(BINS, name="calibration", title="T", summary="S"))
    marks = [e for e in root.iter("path") if "var(--minus)" in e.get("style", "")]
    assert len(marks) == 1
    assert len([e for e in root.iter("path") if "fill:var(--plus)" in e.get("style", "")]) == 2
    assert "A" not in marks[0].attrib["d"]


def test_plot_has_a_diagonal_and_an_interval_for_each_bin() -> None:
    svg = reliability_svg(BINS, name="calibration", title="T", summary="S")
    root = ElementTree.fromstring(svg)
    assert [e for e in root.iter("path") if e.get("stroke-dasharray")]
    whiskers = [e for e in root.iter("line") if e.get("stroke-width") == "1.6"]
    assert len(whiskers) == len(BINS)
    assert "#0" not in svg


def test_crowded_bins_of_a_plot_bear_one_count() -> None:
    svg = reliability_svg(BINS, name="calibration", title="T", summary="S")
    words = {e.text for e in ElementTree.fromstring(svg).iter("text")}
    assert {"40", "39"} <= words
    assert "41" not in words


def test_the_model_is_imported_only_for_a_brief_that_shows_it() -> None:
    code = "import sys, detente.views.brief; sys.exit('detente.scenarios.outlook' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

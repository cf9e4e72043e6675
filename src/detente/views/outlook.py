"""What may come next: forecasts from a history of events, their reasons, and how earlier ones did.

In: an `Outlook`. Out: an `OutlookView` for `forecasts.html`. All of it rests on rows of the history
and not on sentences of articles; so nothing in it is a `Figure` or a link, and it names its source.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from detente.extract.likelihood import NOT_DETERMINED, load_likelihood
from detente.scenarios.advantage import Advantage
from detente.scenarios.calibration import ReliabilityBin
from detente.scenarios.outlook import Forecast, PastEvent, Reason
from detente.scenarios.precursors import TERMS
from detente.scenarios.questions import Question
from detente.schema import Record
from detente.views.charts import HistoryChart, Strip, make_strip, reliability_svg
from detente.views.figures import Index
from detente.views.wording import ROOTS, count, date_words, join_names, percent, plain, signed

REASONS = 3
"""Reasons shown of each forecast, the strongest; the others are summed up."""

KINDS: dict[str, str] = ROOTS | {
    "VERBAL_COOPERATION": "cooperation in words",
    "MATERIAL_COOPERATION": "cooperation in deed or aid",
    "VERBAL_CONFLICT": "conflict in words",
    "MATERIAL_CONFLICT": "conflict in deed",
    "ANY": "any interaction",
}
"""Kinds that a question can ask for, in plain words."""

LONG_RUN = frozenset(term.words for term in TERMS if term.half_life is None)
"""Terms whose value is a share of days; that of the others is compared with the usual."""


class Outlook(Record, frozen=True, kw_only=True):
    """What a brief is given to show of the future.

    Attributes:
        forecasts: the questions answered.
        bins: reliability of earlier forecasts of the model on this history; none if not checked.
        advantage: skill of the model against the base rate.
        source: what the history is: `ICEWS 2014, 21,986 events up to 30 November 2014`.
    """

    forecasts: tuple[Forecast, ...]
    bins: tuple[ReliabilityBin, ...]
    advantage: Advantage
    source: str


class PastRow(Record, frozen=True, kw_only=True):
    """A row of the history file that a reason counts."""

    id: str
    date: str


class ReasonRow(Record, frozen=True, kw_only=True):
    """What moves a forecast away from its base rate; `odds` is the factor of the odds."""

    is_up: bool
    words: str
    value: str
    odds: str
    newest: str
    events: tuple[PastRow, ...]


class ForecastRow(Record, frozen=True, kw_only=True):
    """One forecast; `band` is its ICD 203 word, `middle` that of the probability alone if not.

    Of a question without direction both parties are `sources`, as of an `EventRow`.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    horizon: str
    probability: str
    band: str
    middle: str
    interval: str
    base_rate: str
    trend: str
    strip: Strip
    reasons: tuple[ReasonRow, ...]
    further: str
    advantage: str


class OutlookView(Record, frozen=True, kw_only=True):
    """The section: forecasts, the likeliest first, and the model's record in words and drawn."""

    source: str
    rows: tuple[ForecastRow, ...]
    has_advantage: bool
    verdict: str
    record: str
    chart: HistoryChart | None
    basis: str


def build_outlook(index: Index, outlook: Outlook) -> OutlookView:
    """Return what the brief shows of an outlook."""
    ordered = sorted(outlook.forecasts, key=lambda forecast: -forecast.probability)
    low = outlook.advantage.low
    return OutlookView(
        source=outlook.source,
        rows=tuple(_row(index, forecast) for forecast in ordered),
        has_advantage=low is not None and low > 0,
        verdict=_sentence(outlook.advantage.words),
        record=_record(outlook.advantage),
        chart=_draw_reliability(outlook.bins, outlook.source) if outlook.bins else None,
        basis=_basis(ordered),
    )


def _row(index: Index, forecast: Forecast) -> ForecastRow:
    question = forecast.question
    ends = tuple(index.party(code) for code in (question.source, question.target))
    words = load_likelihood().words_of(forecast.probability, forecast.low, forecast.high)
    return ForecastRow(
        sources=ends[:1] if question.directed else ends,
        targets=ends[1:] if question.directed else (),
        kind=KINDS.get(question.kind, question.kind.lower()),
        horizon=_horizon(question, forecast.as_of),
        probability=percent(forecast.probability),
        band=words,
        middle=forecast.band if words == NOT_DETERMINED else "",
        interval=f"{percent(forecast.low)} to {percent(forecast.high)}",
        base_rate=percent(forecast.base_rate),
        trend=forecast.trend,
        strip=make_strip(forecast.probability, forecast.low, forecast.high, forecast.base_rate),
        reasons=tuple(_reason(reason) for reason in forecast.reasons[:REASONS]),
        further=_further(forecast.reasons[REASONS:]),
        advantage=forecast.advantage.words if forecast.advantage else "",
    )


def _horizon(question: Question, as_of: str) -> str:
    """Return the horizon with its last day: `within 14 days, by 14 Dec 2014`."""
    last = date.fromisoformat(as_of) + timedelta(days=question.horizon_days)
    days = count(question.horizon_days, "day")
    return f"within {days}, by {date_words(last.isoformat(), short=True)}"


def _reason(reason: Reason) -> ReasonRow:
    return ReasonRow(
        is_up=reason.contribution > 0,
        words=reason.term,
        value=_value(reason),
        odds=_odds([reason]),
        newest=_days(reason.events),
        events=tuple(
            PastRow(id=past.id, date=date_words(past.date, short=True)) for past in reason.events
        ),
    )


def _value(reason: Reason) -> str:
    """Return how much of it there is, in words; nothing of a constant."""
    if reason.value is None:
        return ""
    if reason.term in LONG_RUN:
        return f"on {percent(reason.value)} of days"
    return f"{reason.value:.2g} times the usual"


def _odds(reasons: Sequence[Reason]) -> str:
    """Return the factor by which some reasons together change the odds."""
    return f"odds × {math.exp(sum(reason.contribution for reason in reasons)):.2f}"


def _further(reasons: Sequence[Reason]) -> str:
    if not reasons:
        return ""
    together = " together" if len(reasons) > 1 else ""
    return f"{count(len(reasons), 'weaker reason')}{together}: {_odds(reasons)}"


def _days(events: Sequence[PastEvent]) -> str:
    """Return the days of past events, newest first, each year once: `2 Feb and 31 Jan 2014`."""
    days = list(dict.fromkeys(past.date for past in events))
    words = [
        date_words(day, short=True).removesuffix(f" {day[:4]}" if day[:4] == after[:4] else "")
        for day, after in pairwise([*days, ""])
    ]
    return join_names(words)


def _record(advantage: Advantage) -> str:
    """Return how earlier forecasts did against the base rate, in sentences."""
    if advantage.skill is None or advantage.low is None or advantage.high is None:
        return "Whether the forecasts beat the base rates is not known; take the base rates."
    dates = [date_words(day) for day in (advantage.first, advantage.last) if day]
    when = f", made from {dates[0]} to {dates[-1]}" if dates else ""
    share, low, high = (
        signed(100 * skill).removeprefix("+")
        for skill in (advantage.skill, advantage.low, advantage.high)
    )
    if advantage.low > 0:
        said = "The forecasts beat the base rates."
    elif advantage.high < 0:
        said = "The base rates did better than the forecasts: take the base rates."
    else:
        said = "The forecasts did not surely beat the base rates: take the base rates."
    return (
        f"{said} Of the error (Brier score) of base rates alone the model took away {share} % "
        f"(95 % interval {low} to {high} %), in {count(advantage.n, 'earlier forecast')}{when}."
    )


def _basis(forecasts: Sequence[Forecast]) -> str:
    """Return models and days that the forecasts rest on."""
    models = join_names(sorted({plain(forecast.model) for forecast in forecasts}))
    since = min((forecast.since for forecast in forecasts), default=None)
    as_of = max((forecast.as_of for forecast in forecasts), default=None)
    return f"Model {models}; counted {date_words(since, end=as_of)}." if since else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _draw_reliability(bins: Sequence[ReliabilityBin], source: str) -> HistoryChart:
    """Return the reliability diagram with its table."""
    title = "What was forecast, and what happened"
    summary = _describe(bins)
    return HistoryChart(
        id="calibration",
        title=title,
        source=source,
        summary=summary,
        svg=reliability_svg(bins, name="calibration", title=title, summary=summary),
        columns=("Stated", "Happened", "95 % interval", "Forecasts"),
        rows=tuple(
            (
                percent(found.forecast),
                percent(found.observed),
                f"{percent(found.low)} to {percent(found.high)}",
                f"{found.n:,}",
            )
            for found in bins
        ),
    )


def _describe(bins: Sequence[ReliabilityBin]) -> str:
    """Return what the diagram says, the alternative to seeing it."""
    held = sum(found.low <= found.forecast <= found.high for found in bins)
    total = count(sum(found.n for found in bins), "earlier forecast")
    n = count(len(bins), "group")
    return (
        f"{total} in {n} of about the same probability, from {percent(bins[0].forecast)} to "
        f"{percent(bins[-1].forecast)}. In {held} of {n} the share that happened agrees with it, "
        "within its 95 % interval."
    )

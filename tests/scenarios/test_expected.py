from __future__ import annotations

from datetime import date

import msgspec
import polars as pl
import pytest

from detente.relations.recorded import SCHEMA
from detente.scenarios.expected import score_expectations
from detente.schema import ActorRef, Event, Expectation, Records
from tests.records import article, full_records, span_of

TEXT = "Washington and Moscow are likely to meet by 10 March 2025."


def told(*, band: str = "likely", horizon: str | None = "2025-03-10", day: str = "2025-02-20"):
    """Return the records of an article that expects talks of two powers."""
    doc = article(TEXT, date=day)
    outcome = span_of(doc, "meet by 10 March 2025")
    usa, rus = (ActorRef(actor=name, name=name, country=name) for name in ("USA", "RUS"))
    event = Event(
        id="meet", document=doc.id, root="CONSULT", sources=(usa, rus), score=2.5,
        status="scheduled", span=outcome, trigger=span_of(doc, "meet"),
    )  # fmt: skip
    holder = full_records(article()).expectations[0].holder
    expectation = Expectation(
        id="e-1", document=doc.id, holder=holder, outcome=(outcome,), band=band, horizon=horizon
    )
    return Records(documents=[doc], events=[event], expectations=[expectation])


def history(*days: str) -> pl.DataFrame:
    rows = [
        (f"h{n}", date.fromisoformat(day), "RUS", "USA", "CONSULT", None, None, 1, 2.5)
        for n, day in enumerate(days)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    ("days", "happened"),
    [
        (["2025-03-01", "2025-04-01"], True),
        (["2025-02-20", "2025-03-11"], False),
        (["2025-02-01", "2025-03-05"], True),
        (["2025-02-01"], None),
    ],
)
def test_an_expectation_is_held_against_the_days_up_to_its_horizon(days, happened) -> None:
    (found,) = score_expectations(told(), history(*days))
    assert found.happened is happened
    assert (found.question.source, found.question.kind) == ("RUS", "CONSULT")
    assert found.question.horizon_days == 18
    assert found.stated == pytest.approx(0.675)


def test_words_without_a_probability_state_none() -> None:
    (found,) = score_expectations(told(band="unquantified"), history("2025-03-01"))
    assert found.stated is None


@pytest.mark.parametrize("horizon", [None, "2025-03", "--03-10", "2025-01-01", "2027-01-01"])
def test_what_names_no_usable_horizon_is_not_judged(horizon) -> None:
    assert score_expectations(told(horizon=horizon), history("2025-03-01")) == []


def test_an_event_outside_the_outcome_is_not_what_is_expected() -> None:
    records = told()
    event = records.events[0]
    records.events = [
        msgspec.structs.replace(event, trigger=span_of(records.documents[0], "Moscow"))
    ]
    assert score_expectations(records, history("2025-03-01")) == []

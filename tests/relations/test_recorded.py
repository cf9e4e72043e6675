from __future__ import annotations

from datetime import date

import pytest

from detente.relations.history import COLUMNS
from detente.relations.recorded import events_of_records
from detente.schema import Event, Records, Report, Span
from tests.relations.events import event

SPAN = Span(start=0, end=4, quote="text")


def rows(*events: Event, reports: list[Report] | None = None) -> list[tuple[object, ...]]:
    records = Records(events=list(events), reports=reports or [])
    return events_of_records(records).select("id", "source", "target").rows()


def dated(number: int, sources: str, targets: str = "", **fields: object) -> Event:
    return event(number, sources, targets, **({"date_precision": "day"} | fields))  # type: ignore[arg-type]


def test_the_table_has_the_columns_of_a_history() -> None:
    told = dated(1, "USA", "RUS", root="SANCTION", contexts=("economic", "military"), score=-6.0)
    table = events_of_records(Records(events=[told]))
    assert tuple(table.columns) == COLUMNS
    assert table.row(0) == (
        "event-1", date(2025, 2, 18), "USA", "RUS", "SANCTION", None, "economic;military", 4, -6.0
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        ("USA", "RUS", [("USA", "RUS")]),
        ("USA.rubio RUS", "", [("RUS", "USA")]),
        ("USA", "RUS CHN", [("USA", "RUS"), ("USA", "CHN")]),
        ("USA", "USA.army", []),
        ("RUS", "", []),
    ],
)
def test_each_pair_of_parties_has_a_row(
    sources: str, targets: str, expected: list[tuple[str, str]]
) -> None:
    assert [row[1:] for row in rows(dated(1, sources, targets))] == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "scheduled"},
        {"status": "denied"},
        {"date": "2025-02", "date_precision": "month"},
        {"date": None, "date_precision": None},
        {"date": "--02-18"},
    ],
)
def test_plans_denials_and_unknown_days_are_left_out(fields: dict[str, object]) -> None:
    assert rows(dated(1, "USA", "RUS", **fields)) == []


def test_a_retelling_is_no_second_event() -> None:
    retold = Report(event="event-1", document="doc-2", telling="event-2", span=SPAN)
    told = [dated(1, "USA", "RUS"), dated(2, "USA", "RUS")]
    assert [row[0] for row in rows(*told, reports=[retold])] == ["event-1"]


def test_no_events_make_an_empty_table() -> None:
    assert events_of_records(Records()).height == 0

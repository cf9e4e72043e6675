"""The chain from every figure of a brief down to text, on made records and on a full run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import detente
from detente.bench.speed import spans_of
from detente.pipeline import TRIANGLE
from detente.relations.ties import ties_of
from detente.relations.triangle import classify_triangle
from detente.schema import Record, Records, Tie
from detente.views.brief import Brief, build_brief
from detente.views.figures import Index, trace
from tests.views import sample

EXAMPLES = Path(__file__).parents[1] / "examples" / "riyadh-2025"


@dataclass(slots=True, frozen=True)
class Run:
    """A brief and all that it was made from."""

    records: Records
    ties: list[Tie]
    brief: Brief


@pytest.fixture(scope="module")
def made() -> Run:
    """Return the brief of records made by hand."""
    records = sample.records()
    brief = build_brief(records, sample.TIES, [sample.triangle()], title="Riyadh", version="0.1.0")
    return Run(records, list(sample.TIES), brief)


@pytest.fixture(scope="module")
def coded() -> Run:
    """Return the brief of the example articles, read and coded as `make demo` does."""
    records = detente.code(detente.read(EXAMPLES))
    ties = ties_of(records)
    triangle = classify_triangle(ties, TRIANGLE, period="all")
    return Run(records, ties, build_brief(records, ties, [triangle], title="Demo", version="0"))


@pytest.fixture(params=["made", pytest.param("coded", marks=pytest.mark.model)])
def full(request: pytest.FixtureRequest) -> Run:
    """Return each of the two runs."""
    found: Run = request.getfixturevalue(request.param)
    return found


def test_the_run_has_figures_of_every_sort(full: Run) -> None:
    ids = {figure.id for figure in full.brief.figures}
    assert {"articles", "events", "claims", "timeline", "network", "triangle-1"} <= ids
    assert any(i.startswith("series-") for i in ids)


def test_figure_ids_are_unique(full: Run) -> None:
    ids = [figure.id for figure in full.brief.figures]
    assert len(ids) == len(set(ids))


def test_every_figure_reaches_words_of_its_documents(full: Run) -> None:
    documents = {doc.id: doc for doc in full.records.documents}
    for figure in full.brief.figures:
        found = trace(figure, full.records)
        assert {evidence.record for evidence in found} == set(figure.records)
        for evidence in found:
            text = documents[evidence.document.id].text
            assert text[evidence.span.start : evidence.span.end] == evidence.span.quote


def test_every_tie_rests_on_events_between_its_sides(full: Run) -> None:
    events = {event.id: event for event in full.records.events}
    assert full.ties
    for tie in full.ties:
        assert tie.n == len(tie.events)
        assert tie.events or tie.sign == "undetermined"
        for event in (events[i] for i in tie.events):
            refs = (*event.sources, *event.targets)
            assert {tie.a, tie.b} <= {ref.country or ref.actor.partition(".")[0] for ref in refs}


def test_no_tie_rests_on_what_did_not_happen(full: Run) -> None:
    events = {event.id: event for event in full.records.events}
    assert {events[i].status for tie in full.ties for i in tie.events} <= {"past", "ongoing"}


def test_every_report_names_its_event_and_its_telling(full: Run) -> None:
    events = {event.id: event for event in full.records.events}
    assert full.records.reports
    for report in full.records.reports:
        assert report.event in events
        assert events[report.telling].document == report.document
        assert events[report.telling].span == report.span


def test_references_between_records_lead_somewhere(full: Run) -> None:
    records = full.records
    claims = {claim.id: claim for claim in records.claims}
    for claim in records.claims:
        assert claim.outer is None or claims[claim.outer].document == claim.document
    for record in (*records.events, *records.expectations):
        assert record.within is None or claims[record.within].document == record.document
    documents = {doc.id for doc in records.documents}
    assert {doc.duplicate_of for doc in records.documents} - {None} <= documents


def test_no_claim_holds_itself(full: Run) -> None:
    outer = {claim.id: claim.outer for claim in full.records.claims}
    for start in outer:
        seen, at = set(), outer[start]
        while at is not None:
            assert at not in seen | {start}
            seen.add(at)
            at = outer[at]


def test_ids_are_unique(full: Run) -> None:
    for kind in ("document", "event", "claim", "expectation", "quantity", "actor"):
        ids = [record.id for record in full.records.of_kind(kind)]
        assert len(ids) == len(set(ids))


def test_every_actor_named_in_a_record_is_listed(full: Run) -> None:
    listed = {actor.id for actor in full.records.actors}
    assert {mention.actor for mention in full.records.mentions} <= listed
    for event in full.records.events:
        assert {ref.actor for ref in (*event.sources, *event.targets)} <= listed


@pytest.mark.parametrize("kind", ["mention", "event", "claim", "expectation", "quantity"])
def test_every_span_quotes_its_document(full: Run, kind: str) -> None:
    documents = {doc.id: doc.text for doc in full.records.documents}
    records: list[Record] = full.records.of_kind(kind)
    for record in records:
        text = documents[record.document]  # type: ignore[attr-defined]
        for span in spans_of(record):
            assert text[span.start : span.end] == span.quote


def test_every_row_of_the_brief_opens_a_marked_place(full: Run) -> None:
    index = Index(full.records)
    for kind in ("event", "claim", "expectation", "quantity"):
        for record in full.records.of_kind(kind):
            assert index.evidence(record.id)


@pytest.mark.model
def test_coding_again_gives_the_same_records(coded: Run) -> None:
    again = detente.code(detente.read(EXAMPLES)[:3])
    ids = {event.id for event in coded.records.events}
    assert {event.id for event in again.events} <= ids

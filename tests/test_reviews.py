from __future__ import annotations

from typing import Any

import msgspec
import pytest

from detente.errors import InputError
from detente.reviews import Review, apply_reviews, check_spans, correct, make_review
from detente.schema import Claim, Document, Mention, Records, Skipped
from tests.records import article, full_records, span_of

AT = "2025-03-01T12:00:00"


@pytest.fixture
def doc() -> Document:
    return article()


@pytest.fixture
def records(doc: Document) -> Records:
    return full_records(doc)


def verdicts(record: Any, *steps: str | dict[str, Any]) -> list[Review]:
    """Return one review a step: a verdict, or the fields of a correction."""
    return [
        make_review(record, step, at=AT)
        if isinstance(step, str)
        else make_review(record, "correct", at=AT, correction=step)
        for step in steps
    ]


@pytest.mark.parametrize(
    ("steps", "root", "mode", "rejected"),
    [
        (["accept"], "CONSULT", "multilateral", False),
        (["reject"], "CONSULT", "multilateral", True),
        (["reject", "accept"], "CONSULT", "multilateral", False),
        (["accept", "reject"], "CONSULT", "multilateral", True),
        ([{"root": "AGREE"}, {"mode": None}], "AGREE", None, False),
        ([{"root": "AGREE"}, "reject"], "AGREE", "multilateral", True),
        (["reject", {"root": "AGREE"}], "AGREE", "multilateral", False),
    ],
)
def test_the_last_verdict_wins_and_corrections_add_up(
    records: Records, steps: list[Any], root: str, mode: str | None, rejected: bool
) -> None:
    reviews = verdicts(records.events[0], *steps)
    (entry,) = apply_reviews("event", records.events, reviews)
    assert (entry.record.root, entry.record.mode) == (root, mode)
    assert (entry.rejection is not None) == rejected


@pytest.mark.parametrize(("correction", "confidence"), [({}, 1.0), ({"confidence": 0.8}, 0.8)])
def test_a_correction_may_set_the_confidence(
    records: Records, correction: dict[str, Any], confidence: float
) -> None:
    reviews = verdicts(records.events[0], {"root": "AGREE", **correction})
    assert apply_reviews("event", records.events, reviews)[0].record.confidence == confidence


def test_kinds_without_confidence_can_be_accepted(records: Records) -> None:
    reviews = verdicts(records.quantities[0], "accept")
    assert apply_reviews("quantity", records.quantities, reviews)[0].record == records.quantities[0]


def test_a_review_of_another_kind_or_document_has_no_effect(
    doc: Document, records: Records
) -> None:
    other = article("Elsewhere. " + doc.text)
    reviews = [
        *verdicts(records.claims[0], "reject"),
        *verdicts(full_records(other).events[0], "reject"),
    ]
    (entry,) = apply_reviews("event", records.events, reviews)
    assert entry.rejection is None


def test_an_accepted_record_stands_where_the_coder_lost_it(records: Records) -> None:
    (entry,) = apply_reviews("event", [], verdicts(records.events[0], "accept"))
    assert entry.record == msgspec.structs.replace(records.events[0], confidence=1.0)


def test_a_rejected_record_that_the_coder_lost_stays_away(records: Records) -> None:
    assert apply_reviews("event", [], verdicts(records.events[0], "reject")) == []


def shifted(claim: Claim, doc: Document, *quotes: str) -> Claim:
    """Return the claim as another coder makes it: with a new id and other content spans."""
    content = tuple(span_of(doc, quote) for quote in quotes)
    return msgspec.structs.replace(claim, id="claim-" + "-".join(quotes), content=content)


@pytest.mark.parametrize(
    ("quotes", "same"),
    [
        (["We will trade again", "if the sanctions end"], True),
        (["will trade again", "the sanctions end"], True),
        (["We will trade again"], True),
        (["Trade fell to US$40 billion in 2024"], False),
        (["end"], False),
        (["Envoys of Arcadia and Borduria met in Riyadh on 18 February. “We will trade"], False),
    ],
)
def test_a_record_of_another_coder_is_the_reviewed_one_if_enough_overlaps(
    doc: Document, records: Records, quotes: list[str], same: bool
) -> None:
    claim = records.claims[0]
    recoded = [shifted(claim, doc, *quotes)]
    (entry,) = apply_reviews("claim", recoded, verdicts(claim, "reject"))
    assert (entry.rejection is not None) == same


def test_of_two_events_of_one_trigger_the_likelier_is_the_reviewed_one(records: Records) -> None:
    event = records.events[0]
    other = msgspec.structs.replace(event, id="event-a", sources=event.sources[:1], root="ACCUSE")
    same = msgspec.structs.replace(event, id="event-b")
    entries = apply_reviews("event", [other, same], verdicts(event, "reject"))
    assert [entry.rejection is not None for entry in entries] == [False, True]


def test_mentions_have_no_id_and_can_be_reviewed(doc: Document, records: Records) -> None:
    other = Mention(document=doc.id, actor="BOR", span=span_of(doc, "Borduria"))
    mentions = [other, *records.mentions]
    entries = apply_reviews("mention", mentions, verdicts(records.mentions[0], {"actor": "ARX"}))
    assert [entry.record.actor for entry in entries] == ["BOR", "ARX"]


@pytest.mark.parametrize(
    ("verdict", "fields", "message"),
    [
        ("maybe", {}, "unknown verdict 'maybe'; allowed: accept, correct, reject"),
        ("correct", {}, "a correction is needed"),
        ("accept", {"correction": {"root": "AGREE"}}, "only for that one"),
        ("accept", {"at": "soon"}, "must be ISO 8601, not 'soon'"),
        ("correct", {"correction": {"rooot": "AGREE"}}, "did you mean 'root'"),
        ("correct", {"correction": {"id": "event-1"}}, "'id' cannot be corrected"),
        ("correct", {"correction": {"status": "planned"}}, "Invalid enum value 'planned'"),
    ],
)
def test_a_wrong_review_is_refused(
    records: Records, verdict: str, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make_review(records.events[0], verdict, **{"at": AT, **fields})


def test_a_record_without_a_place_cannot_be_reviewed(records: Records) -> None:
    with pytest.raises(InputError, match="a Skipped cannot be reviewed; what can: event"):
        make_review(Skipped(item="a", stage="b", reason="c"), "accept", at=AT)
    bare = msgspec.structs.replace(records.claims[0], source=(), cue=(), content=())
    with pytest.raises(InputError, match="without any span"):
        make_review(bare, "accept", at=AT)


def test_correct_takes_plain_json(doc: Document, records: Records) -> None:
    trigger = msgspec.to_builtins(span_of(doc, "met"))
    corrected = correct(records.events[0], {"trigger": trigger, "contexts": ["military"]})
    assert corrected == msgspec.structs.replace(
        records.events[0], trigger=span_of(doc, "met"), contexts=("military",)
    )


@pytest.mark.parametrize(
    "span",
    [
        {"start": 0, "end": 6, "quote": "envoys"},
        {"start": -6, "end": -1, "quote": "Envoys"},
        {"start": 5, "end": 5, "quote": ""},
    ],
)
def test_spans_of_a_correction_are_checked_at_any_depth(
    doc: Document, span: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match="a correction quotes"):
        check_spans({"sources": [{"actor": "ARC", "span": span}]}, doc.text)

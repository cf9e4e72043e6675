from __future__ import annotations

import pytest

from detente.schema import Claim, Figure, Records
from detente.views.figures import Index, Novelty, anchor, trace
from tests.build import document
from tests.views import sample


def test_reference_names_article_paragraph_and_source() -> None:
    ref = Index(sample.records()).ref("event-listing")
    assert (ref.label, ref.source) == ("A2 ¶5", "Lingnan Review, 26 Feb 2025")


def test_record_without_words_is_found_at_its_document() -> None:
    doc = document("Some words.", id="doc-a")
    claim = Claim(
        id="claim-a", document="doc-a", speaker=None, source=(), cue=(), content=(), kind="direct"
    )
    assert Index(Records(documents=[doc], claims=[claim])).ref("claim-a").anchor == "doc-a"


def test_document_without_words_has_no_evidence() -> None:
    index = Index(Records(documents=[document("\n", id="doc-a")]))
    assert index.evidence("doc-a") == []
    assert index.ref("doc-a").label == "A1 ¶1"


def test_unknown_record_is_an_error() -> None:
    with pytest.raises(ValueError, match="no record has the id 'event-x'"):
        Index(Records()).ref("event-x")


def test_trace_of_a_figure_yields_all_spans_of_its_records() -> None:
    figure = Figure(id="f", title="F", value="1", records=("claim-reverse", "doc-wire"))
    found = trace(figure, sample.records())
    assert [e.span.quote for e in found][:2] == [
        "A reverse opening will not work (行不通),",
        "because the border of 4,200 kilometres does not move.",
    ]
    assert found[-1].document.id == "doc-wire"


def test_count_of_nothing_rests_on_all_documents() -> None:
    number = Index(sample.records()).number("n", "Events", "0 events", [])
    assert number.figure.records == tuple(doc.id for doc in sample.DOCUMENTS)


def test_number_without_any_document_is_an_error() -> None:
    with pytest.raises(ValueError, match="names no record"):
        Index(Records()).number("n", "Events", "0 events", [])


def test_event_without_a_report_is_its_own_report() -> None:
    base = sample.records()
    base.reports.clear()
    assert Index(base).tellings()["event-vote"][0].telling == "event-vote"


LONG = "Far " * 60 + "away China met Russia, it was said, " + "and more " * 60 + "then. Next."


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("One. A met B, they say. Two.", "A met B", ("", "A met B", ", they say.")),
        ("He said A met B. Two.", "A met B", ("He said ", "A met B", ".")),
        ("One. A met B", "A met B", ("", "A met B", "")),
    ],
)
def test_passage_is_the_rest_of_the_sentence(
    text: str, words: str, expected: tuple[str, str, str]
) -> None:
    doc = document(text, id="doc-a")
    start = text.index(words)
    found = Index(Records(documents=[doc])).passage("doc-a", doc.span(start, start + len(words)))
    assert (found.before, found.words, found.after) == expected


def test_long_sentence_is_cut_on_both_sides() -> None:
    doc = document(LONG, id="doc-a")
    start = LONG.index("China")
    found = Index(Records(documents=[doc])).passage("doc-a", doc.span(start, start + 16))
    assert found.before.startswith("… Far ")
    assert found.before.endswith("away ")
    assert found.after.endswith(" …")
    assert len(found.before) + len(found.after) < 230


@pytest.mark.parametrize(
    ("record", "expected"),
    [("event-1f0c", "event-1f0c"), ("a b", "a_20_b"), ('"><é', "_22__3e__3c__e9_")],
)
def test_anchor_is_safe_in_html(record: str, expected: str) -> None:
    assert anchor(record) == expected


@pytest.mark.parametrize(
    ("documents", "dates", "expected"),
    [
        (["doc-late"], [], True),
        (["doc-late", "doc-wire"], [], False),
        (["doc-wire"], ["2025-02-25"], True),
        (["doc-wire"], ["2025"], False),
        (["doc-wire"], ["--03-01"], False),
        (["doc-wire"], [None], False),
    ],
)
def test_new_since_a_date(documents: list[str], dates: list[str | None], expected: bool) -> None:
    index = Index(sample.records(), Novelty(since="2025-02-25"))
    assert index.is_new(documents, dates) is expected

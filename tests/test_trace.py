"""Every figure of a brief reaches sentences of its documents."""

from __future__ import annotations

from detente.views.brief import build_brief
from detente.views.figures import trace
from tests.views import sample


def test_every_figure_reaches_sentences_of_its_documents() -> None:
    records = sample.records()
    brief = build_brief(records, sample.TIES, [sample.triangle()], title="Riyadh", version="0.1.0")
    assert {"articles", "events", "timeline", "series-1", "network", "triangle-1"} <= {
        figure.id for figure in brief.figures
    }
    for figure in brief.figures:
        found = trace(figure, records)
        assert {evidence.record for evidence in found} == set(figure.records)
        for evidence in found:
            text = evidence.document.text
            assert text[evidence.span.start : evidence.span.end] == evidence.span.quote


def test_figure_ids_are_unique() -> None:
    records = sample.records()
    brief = build_brief(records, sample.TIES, [sample.triangle()], title="Riyadh", version="0.1.0")
    ids = [figure.id for figure in brief.figures]
    assert len(ids) == len(set(ids))

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from detente.errors import InputError
from detente.extract import encoder
from detente.relations.codebook import Proposition
from detente.relations.discourse import (
    actor_concept_frame,
    agreement_frame,
    match_discourse,
    position_frame,
    propose_discourse,
)
from detente.relations.positions import THRESHOLD, match_claims, positions_by
from detente.relations.similarity import encode_texts
from detente.schema import Records, SpeakerRef
from tests.relations.voices import LINES, article, claims_of

needs_weights = pytest.mark.skipif(not encoder.has_weights(), reason="no weights installed")
DOC = article(*LINES)
CLAIMS = claims_of(DOC, *LINES)
DAM = Proposition(id="dam", name="The river dam must be built", examples=("Build the dam now.",))
TAX = Proposition(id="tax", name="Taxes on bread are too high")


def records() -> Records:
    return Records(documents=[DOC], claims=list(CLAIMS))


@needs_weights
def test_vectors_are_unit_and_do_not_depend_on_company() -> None:
    alone, company = encode_texts(["a dam"]), encode_texts(["a much longer text " * 200, "a dam"])
    assert np.allclose(np.linalg.norm(company, axis=1), 1, atol=1e-5)
    assert np.array_equal(alone[0], company[1])
    assert encode_texts([]).shape == (0, 384)


def test_without_weights_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "has_weights", lambda: False)
    with pytest.raises(InputError, match="needs the trained weights"):
        encode_texts(["a dam"])


@needs_weights
def test_claims_match_what_they_are_about_with_score_spans_and_date() -> None:
    found = match_claims(CLAIMS, [DAM, TAX], published={DOC.id: DOC.date})
    assert [(one.name, one.proposition, one.stance) for one in found] == [
        ("Ann", "dam", "agree"),
        ("Bob", "dam", "disagree"),
        ("Cid", "dam", "neutral"),
    ]
    for one in found:
        assert one.score is not None
        assert one.score >= THRESHOLD
        assert one.phrasing in DAM.phrasings
        assert one.date == DOC.date
        assert all(DOC.text[span.start : span.end] == span.quote for span in one.spans)


@needs_weights
def test_a_higher_threshold_matches_fewer() -> None:
    loose, strict = (match_claims(CLAIMS, [DAM, TAX], threshold=t) for t in (0.0, 0.99))
    assert len(loose) >= len(CLAIMS)
    assert strict == []


def test_nothing_gives_nothing() -> None:
    assert match_claims([], [DAM]) == []
    assert match_claims(CLAIMS, []) == []
    assert propose_discourse(Records()).positions == ()


@needs_weights
def test_by_country_the_state_is_the_actor() -> None:
    found = positions_by(match_claims(CLAIMS, [DAM]), "country")
    assert {one.actor for one in found} == {"XXX"}


@needs_weights
def test_claims_alike_are_proposed_as_one_proposition() -> None:
    found = propose_discourse(records(), likeness=0.4)
    assert found.is_proposed
    assert len(found.propositions) == 1
    assert {one.name for one in found.positions} == {"Ann", "Bob", "Cid"}
    assert not found.propositions[0].name.startswith("that ")


@needs_weights
def test_frames_have_the_fields_of_their_records() -> None:
    found = match_discourse(records(), [DAM], threshold=0.4)
    frame = position_frame(found.positions)
    assert frame["spans"].to_list()[0] == [LINES[0][2]]
    assert actor_concept_frame(found.table())["agree"].to_list() == [1, 0, 0]
    (row,) = agreement_frame(found.agreements()).rows(named=True)
    assert (row["a"], row["b"], row["conflict"]) == ("XXX.ann", "XXX.bob", 1)
    assert agreement_frame([]).is_empty()


@needs_weights
def test_speakers_whom_nobody_names_enter_no_network() -> None:
    speaker = SpeakerRef(actor="unnamed.observers", name="many observers")
    found = match_claims([msgspec.structs.replace(CLAIMS[0], speaker=speaker)], [DAM])
    assert [(one.actor, one.name) for one in found] == [(None, "many observers")]

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.actors import DocumentActors
from detente.extract.dates import find_dates
from detente.extract.expectations import find_expectations
from detente.extract.language import Parser
from detente.schema import Claim, Document, Expectation, Span, SpeakerRef
from tests.build import document, sentence

IF_TEXT = "If talks fail, Norway could leave the pact within two weeks."
IF_PARSE = """
If IN mark 2
talks NNS nsubj 2 talk
fail VBP advcl 6
, , punct 6
Norway NNP nsubj 6
could MD aux 6
leave VB ROOT 6
the DT det 8
pact NN dobj 6
within IN prep 6
two CD nummod 11
weeks NNS pobj 9 week
. . punct 6
"""


WORDS = [
    *("if", "should", "unless", "were", "even", "without", "provided", "depending", "on", "then"),
    *("could", "would", "will", "not", "be", "unlikely", "likely", "to", "that", "rule", "out"),
    *("in", "such", "a", "scenario", "it", "expect", "Norway", "US", "“", "”", ",", ".", "?", "🙂"),
]


def quotes(spans: tuple[Span, ...] | None) -> str | None:
    return " … ".join(span.quote for span in spans) if spans else None


def read(doc: Document, claims: list[Claim] | None = None) -> list[Expectation]:
    """Return the expectations of the hand-parsed conditional sentence."""
    sentences = [sentence(IF_TEXT, IF_PARSE)]
    actors = DocumentActors(actors={}, mentions=[], by_sentence=[[]])
    return find_expectations(doc, sentences, actors, claims or [], find_dates(doc, sentences))


def parse(parser: Parser, text: str) -> list[Expectation]:
    doc = document(text, date="2025-02-21")
    sentences = parser.parse(doc)
    actors = DocumentActors(actors={}, mentions=[], by_sentence=[[] for _ in sentences])
    return find_expectations(doc, sentences, actors, [], find_dates(doc, sentences))


def test_find_expectations_parts_outcome_condition_phrase_and_horizon() -> None:
    (found,) = read(document(IF_TEXT, date="2025-02-21"))
    assert quotes(found.outcome) == "Norway could leave the pact within two weeks"
    assert quotes(found.condition) == "If talks fail"
    assert quotes(found.phrase) == "could"
    assert (found.band, found.horizon) == ("unquantified", "2025-03-07")


def test_find_expectations_has_no_horizon_without_a_document_date() -> None:
    (found,) = read(document(IF_TEXT))
    assert found.horizon is None


@pytest.mark.parametrize(
    ("author", "actor", "name"),
    [(None, "author", "the author"), ("Kari Nord", "author:doc-1", "Kari Nord")],
)
def test_find_expectations_holds_the_author_to_what_no_claim_contains(
    author: str | None, actor: str, name: str
) -> None:
    (found,) = read(document(IF_TEXT, id="doc-1", author=author, outlet="The Fjord"))
    assert found.holder == SpeakerRef(
        actor=actor, name=name, affiliation="The Fjord", kind="author"
    )
    assert found.within is None


@pytest.mark.parametrize(
    ("speaker", "actor", "name"),
    [
        (SpeakerRef(actor="NOR.a", name="A"), "NOR.a", "A"),
        (None, "unresolved", "an unnamed source"),
    ],
)
def test_find_expectations_names_the_speaker_of_the_claim(
    speaker: SpeakerRef | None, actor: str, name: str
) -> None:
    doc = document(IF_TEXT)
    claim = Claim(
        id="claim-1",
        document=doc.id,
        speaker=speaker,
        source=(),
        cue=(),
        content=(doc.span(0, len(IF_TEXT)),),
        kind="indirect",
    )
    (found,) = read(doc, [claim])
    assert (found.holder.actor, found.holder.name, found.within) == (actor, name, "claim-1")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "outcome", "condition", "band"),
    [
        (
            "Should Norway want a deal, Sweden could find itself alone.",
            "Sweden could find itself alone",
            "Should Norway want a deal",
            "unquantified",
        ),
        (
            "Without Norwegian gas, Europe could face shortages.",
            "Europe could face shortages",
            "Without Norwegian gas",
            "unquantified",
        ),
        (
            "Norway will leave the pact unless Sweden pays.",
            "Norway will leave the pact",
            "unless Sweden pays",
            "unquantified",
        ),
        (
            "Even if the talks succeed, Norway would be unlikely to leave the pact.",
            "Norway would be unlikely to leave the pact",
            "Even if the talks succeed",
            "unlikely",
        ),
        (
            "Were Norway to leave, Sweden could suffer.",
            "Sweden could suffer",
            "Were Norway to leave",
            "unquantified",
        ),
        (
            "Sweden could suffer, provided that Norway leaves.",
            "Sweden could suffer",
            "provided that Norway leaves",
            "unquantified",
        ),
        (
            "Depending on the talks, Norway could leave.",
            "Norway could leave",
            "Depending on the talks",
            "unquantified",
        ),
        (
            "Norway could leave as long as Sweden pays.",
            "Norway could leave",
            "as long as Sweden pays",
            "unquantified",
        ),
        (
            "Sweden acts as if Norway could leave.",
            "Norway could leave",
            None,
            "unquantified",
        ),
        ("Norway is likely to stay.", "Norway is likely to stay", None, "likely"),
        ("Norway is very unlikely to stay.", "Norway is very unlikely to stay", None,
         "very unlikely"),
        ("A deal is almost certain.", "A deal is almost certain", None, "almost certain"),
        ("Any return by Norway is ruled out.", "Any return by Norway is ruled out", None,
         "almost no chance"),
        ("It is not implausible that Norway would return.", "Norway would return", None,
         "unquantified"),
        ("Norway is expected to sign the treaty.", "Norway is expected to sign the treaty", None,
         "likely"),
        ("There is a 70 percent chance that Norway will sign.", "Norway will sign", None, "likely"),
        ("This is a step that could anger Norway.", "a step that could anger Norway", None,
         "unquantified"),
        ("Sweden said that Norway would sign the treaty.", "Norway would sign the treaty", None,
         "unquantified"),
        ("Sweden hopes that Norway signs the treaty.", "Norway signs the treaty", None,
         "unquantified"),
        (
            "If Norway were to join the pact, would it not trouble Sweden?",
            "would it not trouble Sweden",
            "If Norway were to join the pact",
            "unquantified",
        ),
    ],
)  # fmt: skip
def test_find_expectations_reads_parsed_text(
    parser: Parser, text: str, outcome: str, condition: str | None, band: str
) -> None:
    (found,) = parse(parser, text)
    assert (quotes(found.outcome), quotes(found.condition), found.band) == (
        outcome,
        condition,
        band,
    )


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Norway signed the treaty on Friday.",
        "We would like to thank Norway.",
        "Norway could have offered a deal.",
        "Norway must take part in the talks.",
        "Norway should sign the treaty.",
        "Norway can sign the treaty.",
        "We will never leave the pact.",
        "They could not agree on a text.",
        "Every summer the king would visit Norway.",
        "Would Norway want such a rival?",
        "He asked if Norway would sign.",
        "The army probably killed the hostages.",
        "A poll of likely voters was held.",
    ],
)
def test_find_expectations_leaves_other_clauses_alone(parser: Parser, text: str) -> None:
    assert parse(parser, text) == []


SWALLOWED_TEXT = "Should Norway agree, Sweden could follow."
SWALLOWED_PARSE = """
Should MD aux 2
Norway NNP nsubj 2
agree VB ROOT 2
, , punct 2
Sweden NNP nsubj 6
could MD aux 6
follow VB ccomp 2
. . punct 2
"""


def test_find_expectations_bounds_a_condition_that_the_parse_puts_on_top() -> None:
    doc = document(SWALLOWED_TEXT)
    sentences = [sentence(SWALLOWED_TEXT, SWALLOWED_PARSE)]
    actors = DocumentActors(actors={}, mentions=[], by_sentence=[[]])
    (found,) = find_expectations(doc, sentences, actors, [], [[]])
    assert quotes(found.outcome) == "Sweden could follow"
    assert quotes(found.condition) == "Should Norway agree"


@pytest.mark.model
def test_find_expectations_takes_up_the_condition_told_before(parser: Parser) -> None:
    first, second, third = parse(
        parser,
        "If talks fail, Norway could leave. In such a scenario, Sweden would likely stay. "
        "Denmark would then pay the bill.",
    )
    assert quotes(first.condition) == quotes(second.condition) == "If talks fail"
    assert quotes(third.condition) == "If talks fail"
    assert second.band == "likely"


@pytest.mark.model
def test_find_expectations_reads_coordinate_outcomes_as_one(parser: Parser) -> None:
    (found,) = parse(parser, "Norway could leave the pact and close its border.")
    assert quotes(found.outcome) == "Norway could leave the pact and close its border"


@pytest.mark.model
@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=16))
def test_find_expectations_never_fails_and_its_spans_hold(parser: Parser, words: list[str]) -> None:
    text = " ".join(words)
    for found in parse(parser, text):
        for span in (*found.outcome, *(found.condition or ()), *(found.phrase or ())):
            assert text[span.start : span.end] == span.quote

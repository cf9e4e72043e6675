from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.actors import find_actors
from detente.extract.claims import code_claims
from detente.extract.dates import find_dates
from detente.extract.events import code_events
from detente.extract.gazetteer import load_gazetteer
from detente.extract.tagger import Tagged
from detente.extract.triggers import Found
from detente.pipeline import (
    Coder,
    _coder,
    code,
    code_document,
    code_stream,
    finish,
    make_brief,
)
from detente.schema import Actor, Document, Event, Records, Skipped, Span
from detente.settings import Settings
from tests.build import document

pytestmark = pytest.mark.model

ARTICLE = (
    "Marco Rubio met Sergei Lavrov in Riyadh on February 18. "
    "“Poland has insulted Russia,” Lavrov said."
)


RULES = Settings(weights=False)
"""What rules code is fixed; the trained heads' taste is not asserted here."""


def coded(text: str, date: str | None = "2025-02-26", settings: Settings = RULES) -> Records:
    """Return the records of a text, coded with the trained parser (loaded once)."""
    return code_document(document(text, date=date), settings).records


def spans(value: object) -> Iterator[Span]:
    """Yield all spans inside a record."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from spans(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from spans(item)


def summary(event: Event) -> tuple[str, str, str, str]:
    """Return an event's root, status, sources and targets as words."""
    return (
        event.root,
        event.status,
        " ".join(s.actor for s in event.sources),
        " ".join(t.actor for t in event.targets),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Libya was invaded by France.", ("ASSAULT", "past", "FRA", "LBY")),
        ("Japan agreed to withdraw its troops from Poland.", ("AGREE", "past", "JPN", "POL")),
        ("Hungary refused to condemn Russia.", ("ACCUSE", "denied", "HUN", "RUS")),
        ("The United States threatened to impose sanctions on Iran.",
         ("THREATEN", "past", "USA", "IRN")),
        ("China did not invade Vietnam.", ("ASSAULT", "denied", "CHN", "VNM")),
        ("Russia could attack Poland.", ("ASSAULT", "hypothetical", "RUS", "POL")),
        ("If Russia attacks Poland, NATO will respond.",
         ("ASSAULT", "hypothetical", "RUS", "POL")),
        ("Talks between the United States and Russia in Riyadh ended on Tuesday.",
         ("CONSULT", "past", "USA RUS", "")),
        ("Wang Yi visited Moscow on Monday.", ("CONSULT", "past", "CHN.wang-yi", "RUS")),
        ("Nixon visited China in 1972.",
         ("CONSULT", "historical", "USA.nixon-richard", "CHN")),
        ("The European Union added twenty Chinese firms to its sanctions list.",
         ("SANCTION", "past", "EU", "CHN")),
        ("France and Germany condemned Russia and Belarus.",
         ("ACCUSE", "past", "FRA DEU", "RUS BLR")),
    ],
)  # fmt: skip
def test_sentences_from_text_to_event(text: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in [summary(event) for event in coded(text).events]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Sergei Lavrov said that Poland had insulted Russia.", "RUS.lavrov-sergei",
         ["that Poland had insulted Russia"]),
        ("The sanctions, Wang Yi said, harm both sides.", "CHN.wang-yi",
         ["The sanctions", "harm both sides"]),
        ("According to Kaja Kallas, Russia is weaker than China.", "EU.kallas-kaja",
         ["Russia is weaker than China"]),
        ("“We will not retreat,” Emmanuel Macron said. “We have no other home. Our soldiers stand"
         " firm.”", "FRA.macron-emmanuel",
         ["“We will not retreat,”", "“We have no other home.", "Our soldiers stand firm.”"]),
    ],
)  # fmt: skip
def test_sentences_from_text_to_claim(text: str, speaker: str, content: list[str]) -> None:
    (claim,) = coded(text).claims

    assert claim.speaker is not None
    assert claim.speaker.actor == speaker
    assert [s.quote for s in claim.content] == content


def test_an_event_inside_a_quotation_lies_in_its_claim() -> None:
    records = coded(ARTICLE)

    insulted = next(e for e in records.events if e.trigger.quote == "insulted")
    assert insulted.within == records.claims[0].id


def test_every_record_names_its_document_and_known_actors() -> None:
    records = coded(ARTICLE)
    known = {actor.id for actor in records.actors}

    assert {e.document for e in records.events} == {records.documents[0].id}
    for event in records.events:
        assert {r.actor for r in (*event.sources, *event.targets)} <= known
    assert {"USA", "RUS"} <= known


def test_a_text_in_another_language_is_skipped_and_never_coded_as_english() -> None:
    records = code_document(document("Bonjour.", language="fr"), Settings()).records

    assert [(s.stage, "'fr'" in s.reason) for s in records.skipped] == [("language", True)]
    assert records.events == []
    assert len(records.documents) == 1


@pytest.mark.parametrize("error", [ValueError, KeyError, IndexError, RecursionError])
def test_a_document_that_fails_is_skipped_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(self: Coder, doc: Document) -> Records:
        if "bad" in doc.text:
            raise error("no")
        return Records(documents=[doc])

    monkeypatch.setattr(Coder, "code", fail)
    docs = [document("bad text", path="bad.txt"), document("good text")]

    bad, good = code_stream(docs, Settings())

    assert [s.item for s in bad.records.skipped] == ["bad.txt"]
    assert error.__name__ in bad.records.skipped[0].reason
    assert good.records.skipped == []


def test_half_a_character_is_read_as_a_blank() -> None:
    records = coded("Russia \ud800 attacked Ukraine.")

    assert records.skipped == []
    assert coded("Russia \ud800 attacked Ukraine.", settings=Settings()).skipped == []
    assert [event.root for event in records.events] == ["ASSAULT"]


def test_documents_keep_their_order() -> None:
    docs = [document(f"Poland sent {n} tanks to Ukraine.") for n in range(5)]

    assert [c.document for c in code_stream(docs, Settings())] == docs


def test_without_weights_the_rules_code() -> None:
    doc = document(ARTICLE, date="2025-02-26")
    parser = _coder(RULES)._parser
    sentences = parser.parse(doc)
    actors, dates = find_actors(doc, sentences, load_gazetteer()), find_dates(doc, sentences)
    claims = code_claims(doc, sentences, actors, dates)

    records = code_document(doc, RULES).records

    assert records.claims == claims
    assert records.events == code_events(doc, sentences, actors, dates, claims)


def test_where_no_weights_are_installed_the_rules_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.pipeline.has_weights", lambda: False)
    doc = document(ARTICLE, date="2025-02-26")

    assert Coder(Settings()).code(doc) == code_document(doc, RULES).records


def test_with_weights_the_heads_code_what_they_find(monkeypatch: pytest.MonkeyPatch) -> None:
    doc = document("Poland charmed Japan, Wang Yi said.", date="2025-02-26")
    tagged = Tagged(((23, 30),), ((31, 35),), ((0, 21),), 0.75)
    found = Found(0, (7, 14), "SUPPORT", 0.5, ((0, 6),), ((15, 20),))
    monkeypatch.setattr("detente.pipeline.has_weights", lambda: True)
    monkeypatch.setattr("detente.pipeline.read_windows", lambda windows: windows)
    monkeypatch.setattr("detente.pipeline.tag_attributions", lambda reading: [tagged])
    monkeypatch.setattr("detente.pipeline.find_triggers", lambda reading, sentences: [found])

    records = Coder(Settings()).code(doc)

    (claim,), (event,) = records.claims, records.events
    assert claim.speaker is not None
    assert (claim.speaker.actor, claim.confidence) == ("CHN.wang-yi", 0.75)
    assert summary(event) == ("SUPPORT", "past", "POL", "JPN")
    assert (event.confidence, event.within) == (0.5, claim.id)


@pytest.mark.slow
@pytest.mark.parametrize("weights", [True, False])
def test_two_processes_give_the_same_records_as_one(weights: bool) -> None:
    docs = [document(f"Poland sent {n} tanks to Ukraine. {ARTICLE}") for n in range(6)]

    one = [c.records for c in code_stream(docs, Settings(weights=weights))]
    two = [c.records for c in code_stream(docs, Settings(weights=weights, processes=2))]

    assert two == one


def test_two_articles_on_one_meeting_are_one_event_with_two_reports() -> None:
    docs = [
        document(ARTICLE, path="a.txt", date="2025-02-19"),
        document(
            "In Riyadh, Sergei Lavrov met Marco Rubio on February 18. Poland was not there.",
            path="b.txt",
            date="2025-02-20",
        ),
    ]

    records = code(docs, RULES)

    meetings = [e.id for e in records.events if e.root == "CONSULT"]
    assert len(meetings) == 2
    assert len({r.event for r in records.reports if r.telling in meetings}) == 1


def test_near_duplicates_are_grouped_before_coding() -> None:
    text = " ".join(f"Poland sent {n} tanks to Ukraine." for n in range(40))
    docs = [document(text, id="a", path="a.txt"), document(text + " End.", id="b", path="b.txt")]

    records = code(docs)

    assert [d.duplicate_of for d in records.documents] == [None, "a"]


def test_coding_again_gives_the_same_records() -> None:
    assert code([document(ARTICLE)]) == code([document(ARTICLE)])


def test_no_documents_no_records() -> None:
    assert code([]) == Records()


def test_finish_lists_an_actor_once_with_what_is_known() -> None:
    bare = Actor(id="POL.wilk-jan", name="Jan Wilk", kind="person")
    known = msgspec.structs.replace(bare, affiliation="Warsaw Institute")
    other = Actor(id="ARC", name="Arcadia", kind="state")

    records = finish(Records(actors=[bare, other, known]))

    assert [a.id for a in records.actors] == ["ARC", "POL.wilk-jan"]
    assert records.actors[1].affiliation == "Warsaw Institute"


def test_finish_lists_what_two_stages_skipped_once() -> None:
    row = Skipped(item="a.txt", stage="language", reason="not English")

    assert finish(Records(skipped=[row, row])).skipped == [row]


def test_make_brief_is_a_page_with_the_title() -> None:
    page = make_brief(code([document(ARTICLE, date="2025-02-19")]), title="Riyadh & after")

    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "Riyadh &amp; after" in page
    assert "<script src" not in page


SIGNS = (
    "“ ” \" « `` '' ( ) : — … \x00 \u200f \u202e \ufeff 😀 👩\u200d👧 <b> &amp; [1] 霸凌"
).split()
WORDS = (
    "Russia|China’s|the US|Wang Yi|Lavrov|he|said|said that|attacked|met with|in Riyadh|not|and|if|"
    "on February 18|according to|US$40 billion|per cent|Lin Xue, a professor at|will|agreed to"
).split("|")
ODD = st.lists(
    st.one_of(
        st.sampled_from([*SIGNS, "\n", "\n\n", "\t"]),
        st.sampled_from(WORDS),
        st.text(max_size=8),
    ),
    max_size=40,
)


@pytest.mark.parametrize("weights", [True, False])
@settings(max_examples=25, deadline=None)
@given(pieces=ODD)
def test_any_text_is_coded_and_every_span_holds(weights: bool, pieces: list[str]) -> None:
    doc = document(" ".join(pieces), date="2025-02-26")

    records = _coder(Settings(weights=weights)).code(doc)

    for kind in ("mentions", "events", "claims", "expectations", "quantities"):
        for span in spans(getattr(records, kind)):
            assert doc.text[span.start : span.end] == span.quote


@pytest.mark.slow
def test_a_line_of_200_kilobytes_is_coded_in_bounded_time() -> None:
    line = "Russia said that China attacked Poland, “and” Wang Yi met Lavrov, " * 3_000
    started = time.monotonic()

    records = coded(line)

    assert records.skipped == []
    assert records.events
    assert time.monotonic() - started < 120

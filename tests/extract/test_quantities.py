from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.actors import DocumentActors
from detente.extract.dates import find_dates
from detente.extract.language import Parser
from detente.extract.mentions import ActorMention
from detente.extract.quantities import find_quantities
from detente.schema import Quantity
from tests.build import document, sentence

TRADE = "Trade with Norway grew from about $3 billion in 2019 to over $5 billion in 2024."
TRADE_PARSE = """
Trade NN nsubj 3
with IN prep 0
Norway NNP pobj 1
grew VBD ROOT 3 grow
from IN prep 3
about RB advmod 8
$ $ quantmod 8
3 CD compound 8
billion CD pobj 4
in IN prep 3
2019 CD pobj 9
to IN prep 3
over IN quantmod 15
$ $ quantmod 15
5 CD compound 15
billion CD pobj 11
in IN prep 3
2024 CD pobj 16
. . punct 3
"""


WORDS = [
    *("$5", "10", "to", "of", "billion", "-", "day", "%", "2024", "in"),
    *("thousands", "troops", "é🙂", "“", "rose", "Trade", ","),
]


def mention(i: int, start: int, end: int) -> ActorMention:
    """Return a mention of Norway at token `i`."""
    return ActorMention(
        sentence=0,
        first=i,
        last=i,
        head=i,
        actor="NOR",
        kind="name",
        start=start,
        end=end,
        confidence=1.0,
    )


def read(text: str, table: str, actors: DocumentActors | None = None) -> list[Quantity]:
    """Return the quantities of a document of one hand-parsed sentence."""
    doc = document(text, date="2025-02-21")
    sentences = [sentence(text, table)]
    return find_quantities(doc, sentences, actors, find_dates(doc, sentences))


def test_find_quantities_gives_each_figure_its_year_and_subject() -> None:
    found = read(TRADE, TRADE_PARSE)
    assert [(q.span.quote, q.value, q.year, q.qualifier) for q in found] == [
        ("$3 billion", 3e9, 2019, "about"),
        ("$5 billion", 5e9, 2024, "over"),
    ]
    assert {q.measures for q in found} == {"Trade with Norway"}
    assert {(q.unit, q.currency) for q in found} == {("USD", "USD")}


def test_find_quantities_names_the_actors_of_what_is_measured() -> None:
    norway = mention(2, 11, 17)
    actors = DocumentActors(actors={}, mentions=[norway], by_sentence=[[norway]])
    assert {q.actors for q in read(TRADE, TRADE_PARSE, actors)} == {("NOR",)}


def test_find_quantities_falls_back_on_the_actors_of_the_subject() -> None:
    text = "Norway sent 20,000 troops."
    table = "Norway NNP nsubj 1\nsent VBD ROOT 1 send\n20,000 CD nummod 3\ntroops NNS dobj 1 troop"
    norway = mention(0, 0, 6)
    actors = DocumentActors(actors={}, mentions=[norway], by_sentence=[[norway]])
    (found,) = read(text, table, actors)
    assert (found.span.quote, found.unit, found.actors) == ("20,000 troops", "troop", ("NOR",))


def test_find_quantities_reads_a_hyphened_duration() -> None:
    text = "a 30-day ceasefire"
    table = "a DT det 4\n30 CD nummod 3\n- HYPH punct 3\nday NN compound 4\nceasefire NN ROOT 4"
    (found,) = read(text, table)
    assert (found.span.quote, found.unit, found.measures) == ("30-day", "day", "ceasefire")


def test_find_quantities_shares_the_noun_of_a_range() -> None:
    text = "10 to 15 drones"
    table = "10 CD quantmod 2\nto IN quantmod 2\n15 CD nummod 3\ndrones NNS ROOT 3 drone"
    found = read(text, table)
    assert [(q.value, q.unit, q.span.quote) for q in found] == [
        (10, "drone", "10"),
        (15, "drone", "15 drones"),
    ]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "quote", "value", "unit", "measures"),
    [
        ("They sold thousands of drones.", "thousands of drones", 1000, "drone", "drones"),
        ("About 12 percent of voters agreed.", "12 percent", 12, "percent", "voters"),
        ("It sent $3 billion in aid.", "$3 billion", 3e9, "USD", "aid"),
        ("It signed a $60 billion package.", "$60 billion", 6e10, "USD", "package"),
        ("Exports rose by 12.5% last year.", "12.5%", 12.5, "percent", "Exports"),
        ("It bought two million barrels of oil.", "two million barrels", 2e6, "barrel", "oil"),
        ("The talks lasted four hours.", "four hours", 4, "hour", "talks"),
        ("It reported a rise of 12 percent.", "12 percent", 12, "percent", "rise"),
        ("It spent $3 billion on drones.", "$3 billion", 3e9, "USD", "drones"),
        ("It bought $5 million worth of arms.", "$5 million", 5e6, "USD", "arms"),
        ("Inflation was 12 percent.", "12 percent", 12, "percent", "Inflation"),
        ("A dozen countries joined.", "A dozen countries", 12, "country", "countries"),
    ],
)
def test_find_quantities_reads_parsed_text(
    parser: Parser, text: str, quote: str, value: float, unit: str, measures: str
) -> None:
    doc = document(text, date="2025-02-21")
    sentences = parser.parse(doc)
    (found,) = find_quantities(doc, sentences, None, find_dates(doc, sentences))
    assert (found.span.quote, found.value, found.unit) == (quote, value, unit)
    assert found.measures == measures


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "The two sides met on February 18, 2025.",
        "One of the ministers left.",
        "The G20 met in 2024.",
        "The 45-year-old minister left.",
        "He is 45 years old.",
        "Call 555-1234 now.",
        "1. Introduction",
        "It was the third meeting.",
        "One in four voters agreed.",
        "They met at 6 p.m. on Friday.",
        "It happened three times.",
        "Article 5 was invoked.",
    ],
)
def test_find_quantities_leaves_other_figures_alone(parser: Parser, text: str) -> None:
    doc = document(text, date="2025-02-21")
    sentences = parser.parse(doc)
    assert find_quantities(doc, sentences, None, find_dates(doc, sentences)) == []


@pytest.mark.model
@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=14))
def test_find_quantities_never_fails_and_its_spans_hold(parser: Parser, words: list[str]) -> None:
    doc = document(" ".join(words), date="2025-02-21")
    sentences = parser.parse(doc)
    for found in find_quantities(doc, sentences, None, find_dates(doc, sentences)):
        assert doc.text[found.span.start : found.span.end] == found.span.quote

from __future__ import annotations

import pytest

from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Parser
from detente.extract.mentions import CONFIDENCE, head_of, make_mention, match_names
from tests.build import document, sentence
from tests.extract.parses import parse


def named(text: str) -> list[tuple[str, str, str]]:
    parsed = parse(text)
    return [(text[m.start : m.end], m.actor, m.kind) for m in match_names(parsed, load_gazetteer())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russia was condemned by the European Union.",
            [("Russia", "RUS", "name"), ("European Union", "EU", "name")],
        ),
        (
            "The US-Russia talks opened in Riyadh on February 18.",
            [("US", "USA", "acronym"), ("Russia", "RUS", "name"), ("Riyadh", "SAU", "place")],
        ),
        ("They asked us to leave.", []),
        (
            "The Kremlin’s envoy met Chinese officials.",
            [("Kremlin", "RUS", "metonym"), ("Chinese", "CHN", "demonym")],
        ),
        (
            "Moscow’s troops stayed in Kyiv.",
            [("Moscow", "RUS", "metonym"), ("Kyiv", "UKR", "place")],
        ),
        (
            "South Korea and North Korea exchanged fire.",
            [("South Korea", "KOR", "name"), ("North Korea", "PRK", "name")],
        ),
        ("The resolution passed in the UN.", [("UN", "UN", "acronym")]),
        ("The turkey was cooked.", []),
    ],
)
def test_listed_names(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia attacked Georgia in August.", ["RUS", "GEO"]),
        ("Voters in Georgia went to the polls.", []),
        ("He moved from Georgia to Ohio.", []),
        ("Israel and Jordan signed a treaty.", ["ISR", "JOR"]),
        ("Michael Jordan met Israel.", ["ISR"]),
    ],
)
def test_ambiguous_names_need_another_state_beside_them(text: str, expected: list[str]) -> None:
    assert [actor for _, actor, _ in named(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leaders met in Vienna, Austria.", [("Vienna", "place"), ("Austria", "name")]),
        ("Beijing rejected the demand.", [("Beijing", "metonym")]),
        ("The blast was felt near Beijing.", [("Beijing", "place")]),
        ("Protesters gathered outside the Kremlin.", [("Kremlin", "place")]),
        ("They trust in Beijing's word.", [("Beijing", "metonym")]),
    ],
)
def test_seats_of_government_act_unless_they_are_locations(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(name, kind) for name, _, kind in named(text) if name != "Leaders"] == expected


def test_a_first_name_before_a_city_makes_it_a_surname() -> None:
    table = """
    Quentin NNP compound 1
    Paris NNP nsubj 2
    left VBD ROOT 2
    """

    assert list(match_names(sentence("Quentin Paris left", table), load_gazetteer())) == []


def test_a_city_before_state_is_part_of_another_name() -> None:
    table = """
    Washington NNP compound 1
    State NNP nsubj 2
    sued VBD ROOT 2
    Russia NNP dobj 2
    """

    found = match_names(sentence("Washington State sued Russia", table), load_gazetteer())

    assert [m.actor for m in found] == ["RUS"]


def test_head_of_is_the_token_governed_from_outside() -> None:
    parsed = parse("Russia was condemned by the European Union.")

    assert parsed.tokens[head_of(parsed, 5, 6)].text == "Union"


def test_head_of_tokens_that_govern_each_other_is_the_last() -> None:
    parsed = parse("Russia was condemned by the European Union.")
    parsed.tokens[5].head, parsed.tokens[6].head = 6, 5

    assert head_of(parsed, 5, 6) == 6


def test_make_mention_has_offsets_and_the_confidence_of_its_kind() -> None:
    parsed = parse("Russia was condemned by the European Union.")

    mention = make_mention(parsed, 5, 6, "EU", "name")

    assert (mention.start, mention.end, mention.head) == (28, 42, 6)
    assert mention.confidence == CONFIDENCE["name"]


@pytest.mark.model
def test_a_month_before_a_name_is_no_part_of_it(parser: Parser) -> None:
    (read,) = parser.parse(document("In February Beijing offered to host a summit."))
    assert [m.actor for m in match_names(read, load_gazetteer())] == ["CHN"]

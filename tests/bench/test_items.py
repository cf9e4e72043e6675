"""Items: codes become comparable, and two sets of them are counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.bench.items import (
    INTERNATIONAL,
    ISO3,
    NO_SINGLE_COUNTRY,
    NOBODY,
    ROLES,
    Item,
    actor_class,
    current_root,
    gold_items,
    predicted_items,
    score_items,
)
from detente.errors import InputError
from detente.extract.lexicon import load_lexicon


def event(root: str, source: str | None, target: str | None) -> dict[str, str | None]:
    return {"source": source, "root": root, "target": target}


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("ACCUSE", "ACCUSE"),
        (" accuse ", "ACCUSE"),
        ("DEMAND", "REQUEST"),
        ("YIELD", "CONCEDE"),
        ("FIGHT", "ASSAULT"),
        ("0871", "RETREAT"),
        ("0831", "CONCEDE"),
        ("0814", "RETREAT"),
        ("163", "COERCE"),
        ("164", "SANCTION"),
        ("1712", "ASSAULT"),
        ("1711", "COERCE"),
        ("195", "ASSAULT"),
        ("010", None),
        ("0241", None),
    ],
)
def test_current_root_of_names_and_codes(name: str, root: str | None) -> None:
    assert current_root(name) == root


@pytest.mark.parametrize("name", ["ACUSE", "", "99", "none"])
def test_current_root_refuses_what_is_none(name: str) -> None:
    with pytest.raises(InputError, match=name or "unknown root"):
        current_root(name)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("USA", "USA"),
        ("chngov", "CHN"),
        ("JAPGOV", "JPN"),
        ("KSV", "XKX"),
        ("IGO", INTERNATIONAL),
        ("IGOUNO", INTERNATIONAL),
        ("NGOREB", INTERNATIONAL),
        ("MEA", INTERNATIONAL),
        ("---GOV", NOBODY),
        ("GOV", NOBODY),
        ("", NOBODY),
        (None, NOBODY),
        ("none", NOBODY),
    ],
)
def test_actor_class_is_the_country(code: str | None, wanted: str) -> None:
    assert actor_class(code) == wanted


def test_no_code_is_listed_twice() -> None:
    assert not NO_SINGLE_COUNTRY & ROLES
    assert not (NO_SINGLE_COUNTRY | ROLES) & ISO3.keys()


@pytest.mark.parametrize(
    ("sources", "targets", "pairs"),
    [
        (["USA"], ["RUS", "CHN"], [{("USA", "RUS")}, {("USA", "CHN")}]),
        (["USA", "RUS"], [], [{("USA", "RUS"), ("RUS", "USA")}]),
        (["USA"], [], [{("USA", NOBODY)}]),
        ([], ["USA"], [{(NOBODY, "USA")}]),
        (["FRA", "FRA"], [], [{("FRA", "FRA")}]),
    ],
)
def test_gold_items_cross_the_parties(
    sources: list[str], targets: list[str], pairs: list[set[tuple[str, str]]]
) -> None:
    wanted = {Item("CONSULT", frozenset(pair)) for pair in pairs}
    assert gold_items("CONSULT", sources, targets) == wanted


def test_both_directions_of_a_mutual_event_are_one_item() -> None:
    talks = [event("040", "USA", "RUS"), event("CONSULT", "RUSGOV", "USA")]
    war = [event("ASSAULT", "USA", "RUS"), event("ASSAULT", "RUS", "USA")]
    assert len(predicted_items(talks)) == 1
    assert len(predicted_items(war)) == 2


def test_a_dropped_code_is_no_prediction() -> None:
    assert predicted_items([event("010", "USA", "RUS")]) == set()


def test_score_items_counts_each_level() -> None:
    gold = {
        "talks": gold_items("CONSULT", ["USA", "RUS"], []),
        "aid": gold_items("AID", ["FRA"], ["MLI"]),
        "silent": gold_items("ACCUSE", ["IRN"], ["ISR"]),
    }
    found = {
        "talks": predicted_items([event("CONSULT", "RUS", "USA")]),
        "aid": predicted_items([event("AID", "MLI", "FRA"), event("AGREE", None, None)]),
    }
    figures = score_items(gold, found)
    assert (figures["n"], figures["coverage"]) == (3, 2 / 3)
    root = figures["root"]
    assert [root[name] for name in ("right", "predicted", "found", "gold")] == [2, 3, 2, 3]
    assert root["precision"] == root["recall"] == root["f1"] == pytest.approx(2 / 3)
    assert (figures["pair"]["right"], figures["pair"]["predicted"]) == (1, 2)
    assert figures["undirected_pair"]["right"] == 2
    assert figures["triple"]["f1"] == pytest.approx(0.4)
    by_root = {row["root"]: row for row in figures["by_root"]}
    assert by_root["AID"]["f1"] == 1
    assert (by_root["AGREE"]["predicted"], by_root["AGREE"]["gold"]) == (1, 0)
    assert by_root["ACCUSE"]["recall"] == 0


def test_one_direction_within_a_mutual_pair_is_no_pair_of_its_own() -> None:
    gold = gold_items("CONSULT", ["USA", "RUS"], []) | gold_items("ACCUSE", ["USA"], ["RUS"])
    figures = score_items({"a": gold}, {"a": set()})
    assert (figures["pair"]["gold"], figures["triple"]["gold"]) == (1, 2)


CODES = st.sampled_from(["USA", "RUS", "CHN", "IGO", "GOV", None])
EVENTS = st.lists(st.builds(event, st.sampled_from(sorted(load_lexicon().quads)), CODES, CODES))


@given(EVENTS)
def test_what_equals_the_gold_standard_is_right(events: list[dict[str, str | None]]) -> None:
    items = predicted_items(events)
    figures = score_items({"a": items}, {"a": items})
    for level in ("root", "quad", "pair", "triple"):
        assert figures[level]["right"] == figures[level]["predicted"] == figures[level]["gold"]

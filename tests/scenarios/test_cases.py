from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from detente.errors import InputError
from detente.relations.perceived import PerceivedTie
from detente.scenarios.case import Case, world_of
from detente.scenarios.cases import case_with_ties, list_cases, read_case
from detente.scenarios.inputs import Interval
from detente.scenarios.mechanisms import MECHANISMS, load_user_mechanisms
from detente.scenarios.simulate import run_case
from detente.schema import Tie
from tests.scenarios.stage import CASE, write_case

QUESTION = CASE[CASE.index("[[questions]]") :]


def interval_of(case: Case, name: str) -> Interval:
    return case.inputs()[name]


def test_a_case_has_a_value_for_every_place(tmp_path: Path) -> None:
    case = read_case(write_case(tmp_path))
    assert len([value for value in case.values if value.field == "ties"]) == 3
    assert len([value for value in case.values if value.field == "trust"]) == 6
    assert interval_of(case, "ties USA CHN").source.startswith("assumption: ties that")
    assert interval_of(case, "ties RUS CHN").kind == "table"
    assert interval_of(case, "offers USA RUS").high == 0


def test_a_tie_may_be_stated_from_either_end(tmp_path: Path) -> None:
    text = CASE.replace('actor = "RUS", other = "CHN"', 'actor = "CHN", other = "RUS"')
    assert interval_of(read_case(write_case(tmp_path, text)), "ties RUS CHN").low == 0.3


def test_a_default_of_the_case_goes_before_the_shipped_one(tmp_path: Path) -> None:
    text = CASE + '[defaults.trust]\nlow = 0.1\nhigh = 0.2\nsource = "assumption: little trust"\n'
    assert interval_of(read_case(write_case(tmp_path, text)), "trust RUS USA").high == 0.2


def test_a_value_alone_is_fixed_and_between_ends_the_likeliest(tmp_path: Path) -> None:
    text = CASE.replace("low = 0.3, high = 0.6", "low = 0.3, value = 0.4, high = 0.6")
    case = read_case(write_case(tmp_path, text))
    assert interval_of(case, "ties RUS CHN").mode == 0.4
    assert interval_of(case, "capability RUS") == Interval(
        low=0.5, high=0.5, source="assumption: sizes"
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"CHN"]', '"CHN", "USA"]', r"actors: 'USA' is there twice"),
        ('actor = "USA", other = "RUS", low', 'actor = "USAA", other = "RUS", low', "mean 'USA'"),
        ('other = "CHN", low', 'other = "RUS", low', "no ties with itself"),
        ("low = -0.5, high = -0.1", "low = 0.5, high = -0.1", r"ties\[1\].low: .* is empty"),
        ("low = -0.5, high = -0.1", "low = -1.5, high = -0.1", "outside -1 to 1"),
        ("low = -0.5, high", "lo = -0.5, high", r"ties\[1\].low: is missing"),
        ('source = "assumption: cool" }', 'source = "assumption: cool", nots = "" }', "'note'"),
        ('"assumption: cool"', '"asumption: cool"', "did you mean 'assumption'"),
        ('"assumption: cool"', '"cool"', "no kind and name"),
        ('id = "M1"', 'id = "M99"', "unknown 'M99'"),
        ('divider = "USA"', 'devider = "USA"', r"roles.divider: is missing"),
        ('rival = "CHN" }', 'rival = "CHN", witness = "USA" }', "witness: unknown key"),
        ("probability = 0.8", "probability = 1.8", "1.8 is outside 0 to 1"),
        ("month = 2", "month = 7", "7 is outside 1 to 6"),
        ("month = 2", 'date = "2026-02"', "month 13"),
        ("month = 2", 'month = 2\ndate = "2025-03"', "either date or month"),
        ("month = 2", 'date = "March"', "no month such as"),
        ('field = "offers"', 'field = "offer"', "did you mean 'offers'"),
        ("low = 0.4", 'requires = "gift"\nlow = 0.4', "no move 'gift'"),
        ('test = "rises"', 'test = "rise"', "did you mean 'rises'"),
        ('"rises"\namount = 0.05', '"above"', "amount: is missing"),
        ('about = "ties"', 'about = "M1.trn"', "did you mean 'M1.turn'"),
        ('title = "Three powers"', "title = 3", "3 is not a text"),
        ('start = "2025-02"', 'start = "2025-13"', "no month such as"),
        ("months = 6", "months = 600", "600 is outside 1 to 120"),
        ("months = 6", "months = 6\nhorizon = 6", "horizon: unknown key"),
        ('"CHN"]', '"CHN"]\ntriangle = ["USA", "RUS"]', "has three actors"),
        (CASE[CASE.index('  { actor = "CHN", value') :].splitlines()[0], "", "CHN has none"),
        (QUESTION, "", "at least one question"),
        (QUESTION, QUESTION + QUESTION, r"questions\[2\]: warms is there twice"),
        ('title = "Three powers"', "title = ", "is no TOML"),
        ('title = "Three powers"', 'title = " "', "title: is empty"),
        ('text = "Does the tie rise?"', 'text = ""', r"questions\[1\].text: is empty"),
        ('id = "M1"', 'id = "M1"\nname = ""', r"mechanisms\[1\].name: is empty"),
        ('id = "M1"', 'id = "M1"\nname = "chance"', "'chance' is what the account calls"),
        ('divider = "USA"', 'divider = "RUS"', "target: 'RUS' is the divider already"),
        ('"CHN"]', '"CHN", "ATLANTIS"]', r"unknown actor 'ATLANTIS'.* names = { ATLANTIS"),
        ('"CHN"]', '"CHN", "the EU"]', "'the EU' has a blank"),
        ('"CHN"]', '"CHN", ""]', "'' is not a text"),
        ('"CHN"]', '"CHN"]\nnames = { IND = "India" }', "names.IND: unknown key"),
        ('start = "2025-02"', 'start = "2025-02-30"', "no month such as"),
        ("month = 2", "month = true", "True is not a number"),
        ('field = "offers"\nactor = "USA"\nother = "RUS"',
         'field = "attention"\nactor = "USA"\ntheatre = "none"', "unknown 'none'; known: none"),
        ('test = "rises"\namount = 0.05', 'test = "above"\namount = 3', "3 is outside -1 to 1"),
        ('test = "rises"\namount = 0.05', 'test = "rises"\namount = 3', "3 is outside 0 to 2"),
        ("[[moves]]", "[moves]", r"moves: .* is not a list of tables, each under \[\[moves\]\]"),
        ("ties = [", "ties = [3, ", "ties: entry 1 is no table"),
        ("value = 1.0", "value = 1e16", r"capability\[1\].value: 1e\+16 is outside 0 to 1e\+15"),
        ('title = "Three powers"', 'title = "x"\nextends = "riyadh-2024"',
         "extends: no case 'riyadh-2024'; did you mean 'riyadh-2025'"),
    ],
)  # fmt: skip
def test_a_wrong_case_is_told_with_file_and_key(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in CASE
    path = write_case(tmp_path, CASE.replace(old, new, 1))
    with pytest.raises(InputError, match=says) as caught:
        read_case(path)
    assert str(path) in str(caught.value)


def test_a_month_may_be_a_date_of_toml(tmp_path: Path) -> None:
    text = CASE.replace('"2025-02"', "2025-02-18").replace("month = 2", "date = 2025-03-01")
    assert read_case(write_case(tmp_path, text)).moves[0].month == 2


def test_an_actor_that_no_list_has_is_named_by_the_case(tmp_path: Path) -> None:
    text = CASE.replace('"CHN"]', '"CHN", "EUR"]\nnames = { EUR = "Western Europe" }').replace(
        "capability = [", 'capability = [{ actor = "EUR", value = 1, source = "assumption: x" },'
    )
    case = read_case(write_case(tmp_path, text))
    assert case.actors[-1] == "EUR"
    assert case.names == {"EUR": "Western Europe"}


def test_the_host_of_a_mediation_may_be_one_of_its_sides(tmp_path: Path) -> None:
    use = """
[[issues]]
id = "line"
[[mechanisms]]
id = "M11"
roles = { mediator = "CHN", first = "USA", second = "RUS", host = "USA", issue = "line" }
"""
    assert len(read_case(write_case(tmp_path, CASE + use)).mechanisms) == 2


def test_contradictory_moves_are_told(tmp_path: Path) -> None:
    set_to = """
[[moves]]
id = "{}"
title = "a pact"
month = 3
field = "ties"
actor = "{}"
other = "{}"
how = "to"
value = {}
source = "assumption: x"
"""
    text = CASE + set_to.format("warm", "USA", "RUS", 0.5) + set_to.format("cool", "RUS", "USA", -1)
    with pytest.raises(InputError, match="'warm' and 'cool' contradict each other"):
        read_case(write_case(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('about = "triangle"\nactors = ["USA", "RUS"]\npattern = "unit veto"', "three actors"),
        ('about = "triangle"\nactors = ["USA", "RUS", "CHN"]\npattern = "veto"', "'unit veto'"),
        ('about = "blocs"\nactors = ["USA", "RUS", "CHN"]\ntest = "apart"', "two actors"),
        ('about = "blocs"\nactors = ["USA", "RUS"]\ntest = "apart"\nby = 3', "end of the case"),
        ('about = "trust"\nactor = "USA"\nother = "RUS"\ntest = "breaks"', "unknown 'breaks'"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(tmp_path: Path, text: str, says: str) -> None:
    question = f'[[questions]]\nid = "q"\ntext = "?"\n{text}\n'
    with pytest.raises(InputError, match=says):
        read_case(write_case(tmp_path, CASE + question))


def test_an_unknown_case_names_those_that_ship() -> None:
    with pytest.raises(InputError, match="did you mean 'reverse-nixon'"):
        read_case("reverse-nixn")


def test_a_case_extends_another(tmp_path: Path) -> None:
    write_case(tmp_path, CASE.replace('id = "offer"', 'id = "offer"\ngiven = true'), name="base")
    own = """
extends = "base"
title = "Four powers"
actors = ["IND"]
ties = [{ actor = "RUS", other = "USA", value = 0.1, source = "assumption: x" }]
capability = [{ actor = "IND", value = 0.3, source = "assumption: sizes" }]
[[mechanisms]]
id = "M1"
roles = { divider = "IND", target = "RUS", rival = "CHN" }
"""
    case = read_case(write_case(tmp_path, own + QUESTION, name="own"))
    assert case.actors == ("USA", "RUS", "CHN", "IND")
    assert interval_of(case, "ties USA RUS").low == 0.1
    assert interval_of(case, "ties RUS CHN").low == 0.3
    assert [move.id for move in case.moves] == ["offer"]
    assert [use.roles["divider"] for use in case.mechanisms] == [("IND",)]
    assert (case.name, case.months) == ("own", 6)


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("issues = 3", r"own.toml: issues: 3 is not a list of tables"),
        ("moves = [3]", r"own.toml: moves: entry 1 is no table"),
        ("theatres = 5", r"own.toml: theatres: 5 is not a list"),
        ('actors = "IND"', r"own.toml: actors: 'IND' is not a list"),
        ("defaults = 3", r"own.toml: defaults: 3 is not a table"),
        ('ties = [{ actor = "USA", other = "USB" }]', r"own.toml: ties\[1\].other: unknown 'USB'"),
    ],
)
def test_a_mistake_in_a_case_that_extends_another_is_told_by_its_own_place(
    tmp_path: Path, own: str, says: str
) -> None:
    write_case(tmp_path, name="base")
    path = write_case(tmp_path, f'extends = "base"\n{own}\n{QUESTION}', name="own")
    with pytest.raises(InputError, match=says):
        read_case(path)


def test_a_mistake_in_the_extended_case_is_told_by_that_file(tmp_path: Path) -> None:
    write_case(tmp_path, CASE.replace("low = 0.3", "low = 0.9"), name="base")
    path = write_case(tmp_path, 'extends = "base"\n' + QUESTION, name="own")
    with pytest.raises(InputError, match=r"base.toml: ties\[2\].low: .* is empty"):
        read_case(path)


def test_cases_that_extend_each_other_are_told(tmp_path: Path) -> None:
    write_case(tmp_path, 'extends = "two"', name="one")
    with pytest.raises(InputError, match="extends this case in turn"):
        read_case(write_case(tmp_path, 'extends = "one"', name="two"))


def test_a_result_is_enough_to_run_a_case_again(tmp_path: Path) -> None:
    first = run_case(read_case(write_case(tmp_path)), runs=40)
    path = tmp_path / "result.json"
    path.write_bytes(msgspec.json.encode(first))
    assert run_case(read_case(path), runs=40) == first


@pytest.mark.parametrize("name", [entry.name for entry in list_cases()])
def test_each_shipped_case_comes_back_from_its_result(tmp_path: Path, name: str) -> None:
    case = read_case(name)
    path = tmp_path / "result.json"
    path.write_bytes(msgspec.json.encode({"definition": case}))
    assert read_case(path) == case


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"mechanism":"M1"', '"mechanism":"M99"', r"definition.mechanisms\[1\].id: unknown 'M99'"),
        ('"low":0.8,"high":0.8', '"low":1.8,"high":1.8', r"moves\[1\].probability.low: 1.8 is out"),
        ('"rival":["CHN"]', '"rivals":["CHN"]', "roles.rival: is missing"),
        ('"months":6', '"months":0', "months: 0 is outside 1 to 120"),
        ('"field":"offers","names":["USA","RUS"],"how"',
         '"field":"offer","names":["USA","RUS"],"how"', "did you mean 'offers'"),
    ],
)  # fmt: skip
def test_the_case_of_a_result_is_checked_as_a_file_is(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    definition = msgspec.json.encode({"definition": read_case(write_case(tmp_path))}).decode()
    assert old in definition
    path = tmp_path / "result.json"
    path.write_text(definition.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_case(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_result_is_told(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no result of a scenario"):
        read_case(path)


def test_measured_ties_replace_those_of_a_case(tmp_path: Path) -> None:
    case = read_case(write_case(tmp_path))
    tie = Tie(a="CHN", b="RUS", period="all", s=0.2, low=0.1, high=0.4, n=3, events=("e1", "e2"))
    unknown = Tie(a="RUS", b="USA", period="all", low=-1.0, high=1.0)
    told = PerceivedTie(
        holder="RUS", a="RUS", b="USA", valence=-0.4, low=-0.8, high=0.0, sign="-", n=1,
        claims=("c1",),
    )  # fmt: skip
    other = msgspec.structs.replace(told, holder="IND")
    found = case_with_ties(case, [tie, unknown], [told, other])
    measured = interval_of(found, "ties RUS CHN")
    assert (measured.low, measured.mode, measured.high) == (0.1, 0.2, 0.4)
    assert measured.source == "record: e1 e2"
    assert interval_of(found, "ties USA RUS") == interval_of(case, "ties USA RUS")
    assert interval_of(found, "trust RUS USA").high == 0.5
    assert list(found.inputs()) == list(case.inputs())


@pytest.mark.parametrize("name", [entry.name for entry in list_cases()])
def test_each_shipped_case_can_be_read_and_run(name: str) -> None:
    case = read_case(name)
    found = run_case(case, runs=40)
    assert {answer.question for answer in found.answers} == {one.id for one in case.questions}
    assert all(0 <= answer.probability <= 1 for answer in found.answers)
    assert found.title


def test_names_within_a_mechanism_are_different() -> None:
    for mechanism in MECHANISMS.values():
        names = [one.name for one in (*mechanism.parameters, *mechanism.gauges)]
        assert len(set(names)) == len(names), mechanism.id
        assert mechanism.summary
        assert all(one.low <= one.high for one in mechanism.parameters)


USER = """
from detente.scenarios.mechanisms.mechanism import Parameter, Role, mechanism
from detente.scenarios.state import Change, Gauge, Shift

@mechanism(id="{}", title="t", family="own", model="m", reference="r", roles=(Role("who"),),
           gauges=(Gauge("mood", 0.0, 3.0),), parameters=(Parameter("step", 0.0, 1.0, "", ""),),
           findings=("mood",))
def drift(state, use, rng):
    '''Moods rise.'''
    name = use.gauge("mood")
    return Change((Shift(name, (), use["step"], "time"),), {{"mood": state.array(name)}})
"""


def test_a_user_mechanism_runs_with_its_gauge(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(USER.format("mood"), encoding="utf-8")
    mechanisms = load_user_mechanisms(own)
    use = (
        '[[mechanisms]]\nid = "mood"\nname = "us"\nroles = { who = "USA" }\n'
        'start = { mood = { value = 1, source = "assumption: x" } }\n'
        'parameters = { step = { value = 0.5, source = "assumption: x" } }\n'
    )
    ask = '[[questions]]\nid = "m"\ntext = "?"\nabout = "{}"\ntest = "above"\namount = 2.9\n'
    text = CASE + use + ask.format("us.mood").replace('"m"', '"n"') + ask.format("us.mood")
    case = read_case(write_case(tmp_path, text), mechanisms=mechanisms)
    assert world_of(case, mechanisms).shape("us.mood") == ()
    found = run_case(case, runs=20, mechanisms=mechanisms)
    assert {answer.question: answer.probability for answer in found.answers}["m"] == 1
    with pytest.raises(InputError, match="unknown 'mood'"):
        read_case(write_case(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (USER.format("M1"), "M1 is the id of a shipped mechanism"),
        ("x = 1", "has no mechanism"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        (USER.format("a") + USER.format("a").replace("drift", "sway"), "own.py: two mechanisms"),
        (USER.format(""), "'' is no id of a mechanism"),
    ],
)
def test_a_wrong_user_file_is_told(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "own.py"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_user_mechanisms(own)
    with pytest.raises(InputError, match="no Python file"):
        load_user_mechanisms(tmp_path / "missing.py")


OWN = """
import numpy as np
from detente.scenarios.mechanisms.mechanism import Parameter, Role, mechanism
from detente.scenarios.state import Change, Gauge, Shift

@mechanism(id="own", title="t", family="own", model="m", reference="r", {parts})
def own(state, use, rng):
    {body}
"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return None", "own.py: own returns NoneType; return a Change"),
        ('return use["pace"]', "own.py: own cannot be run: KeyError: 'pace'"),
        ("state.ties[0, 1] = 1", "own.py: own cannot be run: ValueError"),
        ('return Change((Shift("ties", (0, 9), 0.1, "x"),))', r"shift of ties at \(0, 9\)"),
        ('return Change((Shift("ties", (0, 1), np.nan, "x"),))', "the amount is no number"),
        ('return Change((Shift("ties", (0, 1), "x", "x"),))', "shift of ties"),
        ('return Change((), {"f": 1.0})', r"own \(own\): finding 'f' is no number a run"),
        ('return Change((), {"f": np.full(state.runs, np.nan)})', "finding 'f' is no number"),
    ],
)
def test_a_user_mechanism_that_fails_is_told(tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN.format(parts="", body=body), encoding="utf-8")
    mechanisms = load_user_mechanisms(path)
    case = read_case(
        write_case(tmp_path, CASE + '[[mechanisms]]\nid = "own"\n'), mechanisms=mechanisms
    )
    with pytest.raises(InputError, match=says):
        run_case(case, runs=8, mechanisms=mechanisms)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ('roles=(Role("x", axis="issues"),)', "unknown axis 'issues'; did you mean 'issue'"),
        ('parameters=(Parameter("p", 1.0, 0.0, "", ""),)', "'p' is empty: 1 is above 0"),
        ('gauges=(Gauge("g", 0.0, 1.0, 5.0),)', "'g' is empty: 5 is above 1"),
        ('gauges=(Gauge("p", 0.0, 1.0),) * 2', "'p' is there twice"),
    ],
)
def test_a_user_mechanism_that_is_declared_wrongly_is_told(
    tmp_path: Path, parts: str, says: str
) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN.format(parts=parts, body="return Change()"), encoding="utf-8")
    with pytest.raises(InputError, match=f"own.py: own: {says}"):
        load_user_mechanisms(path)

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.case import Case
from detente.scenarios.cases import read_case
from detente.scenarios.inputs import Interval, Value
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.paths import Sample, trace_paths
from detente.scenarios.results import CaseRun
from detente.scenarios.simulate import case_without_moves, run_case
from tests.scenarios.stage import CASE, write_case

ASK = """
[[questions]]
id = "{id}"
text = "?"
{rest}
"""


def read(folder: Path, text: str = CASE) -> Case:
    return read_case(write_case(folder, text))


def with_values(case: Case, **values: float) -> Case:
    """Return a case with some values fixed, by input name with underscores."""
    fixed = {name.replace("_", " "): value for name, value in values.items()}
    assert set(fixed) <= {value.name for value in case.values}
    return msgspec.structs.replace(
        case,
        values=tuple(
            Value(
                field=value.field,
                names=value.names,
                interval=Interval(
                    low=fixed[value.name], high=fixed[value.name], source="assumption: test"
                ),
            )
            if value.name in fixed
            else value
            for value in case.values
        ),
    )


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    case = read(tmp_path)
    first, second = (msgspec.json.encode(run_case(case, runs=100)) for _ in range(2))
    assert first == second
    assert first != msgspec.json.encode(run_case(case, runs=100, seed=2))
    assert msgspec.json.decode(first, type=CaseRun) == run_case(case, runs=100)


def test_without_mechanisms_and_noise_nothing_moves(tmp_path: Path) -> None:
    text = CASE[: CASE.index("[[mechanisms]]")] + CASE[CASE.index("[[questions]]") :]
    text = text.replace(
        "months = 6", 'months = 6\nnoise = { value = 0, source = "assumption: none" }'
    )
    found = run_case(read(tmp_path, text), runs=100)
    assert found.answers[0].probability == 0
    for tie in found.ties:
        assert tie.quantiles[0] == tie.quantiles[-1]


def test_a_move_makes_a_difference_from_the_baseline(tmp_path: Path) -> None:
    answer = run_case(read(tmp_path), runs=1000).answers[0]
    assert answer.effect == pytest.approx(answer.probability - answer.baseline)
    assert answer.effect > 2 * answer.effect_error > 0
    assert "M1.warming" in answer.drivers
    assert "assumption: M1 warming" in answer.assumptions
    assert answer.ties == ("assumption: cool",)


def test_without_moves_a_case_is_its_baseline(tmp_path: Path) -> None:
    case = case_without_moves(read(tmp_path))
    found = run_case(case, runs=200)
    assert [answer.effect for answer in found.answers] == [0]
    assert found.triangle == found.baseline.triangle
    assert found.blocs == found.baseline.blocs


def test_a_given_move_is_part_of_the_baseline(tmp_path: Path) -> None:
    text = CASE.replace('id = "offer"', 'id = "offer"\ngiven = true')
    answer = run_case(read(tmp_path, text), runs=200).answers[0]
    assert answer.effect == 0
    assert answer.baseline > 0


def test_shares_sum_to_one(tmp_path: Path) -> None:
    found = run_case(read(tmp_path), runs=200)
    assert sum(bloc.share for bloc in found.blocs) == pytest.approx(1)
    assert len(found.triangle) == 7
    for month in found.triangle:
        assert sum(month.patterns.values()) == pytest.approx(1)
        romantic = sum(share for role, share in month.roles.items() if role.startswith("rom"))
        assert romantic == pytest.approx(month.patterns["romantic triangle"])


def test_every_input_is_listed_with_its_source(tmp_path: Path) -> None:
    case = read(tmp_path)
    found = run_case(case, runs=100)
    listed = [name for basis in (*found.assumptions, *found.sources) for name in basis.inputs]
    assert sorted(listed) == sorted(case.inputs())
    assert [basis.source for basis in found.sources] == ["table: pacts 2018"]
    assert found.assumed is not None
    assert 0.5 < found.assumed <= 1


def test_contributions_name_the_mechanism_and_its_reason(tmp_path: Path) -> None:
    found = run_case(read(tmp_path), runs=200)
    warm = next(one for one in found.contributions if one.mechanism == "M1" and one.a == "USA")
    assert warm.change > 0
    assert "offer" in warm.reason
    assert found.findings["M1.turn"] == sorted(found.findings["M1.turn"])


def test_a_tie_that_is_moved_is_accounted_to_the_moves(tmp_path: Path) -> None:
    text = CASE.replace('field = "offers"', 'field = "ties"')
    found = run_case(read(tmp_path, text), runs=200)
    moved = [one for one in found.contributions if one.mechanism == "moves"]
    assert [(one.a, one.b) for one in moved] == [("USA", "RUS")]
    assert moved[0].change > 0.3


def test_new_names_leave_the_answers(tmp_path: Path) -> None:
    case = read(tmp_path)
    renamed = read(tmp_path, CASE.replace("USA", "AUS").replace("RUS", "IND"))
    one, other = (run_case(some, runs=200) for some in (case, renamed))
    assert [a.probability for a in one.answers] == [a.probability for a in other.answers]
    assert [bloc.share for bloc in one.blocs] == [bloc.share for bloc in other.blocs]


def test_two_actors_have_no_triangle(tmp_path: Path) -> None:
    text = """
title = "Two"
start = "2025-02"
months = 2
actors = ["USA", "RUS"]
""" + ASK.format(id="q", rest='about = "blocs"\nactors = ["USA", "RUS"]\ntest = "together"')
    found = run_case(read(tmp_path, text), runs=40)
    assert found.triangle == []
    assert 0 < found.answers[0].probability < 1


def test_questions_may_be_about_findings_and_trust(tmp_path: Path) -> None:
    rest = 'about = "M1.turn"\ntest = "above"\namount = 0'
    trust = 'about = "trust"\nactor = "RUS"\nother = "USA"\ntest = "above"\namount = 0.5'
    text = CASE + ASK.format(id="turn", rest=rest) + ASK.format(id="trust", rest=trust)
    answers = {one.question: one for one in run_case(read(tmp_path, text), runs=200).answers}
    assert answers["turn"].probability == 1
    assert answers["trust"].probability == pytest.approx(0.5, abs=0.15)


def test_too_few_runs_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too few"):
        run_case(read(tmp_path), runs=4)


def test_a_mechanism_that_lacks_a_finding_is_told(tmp_path: Path) -> None:
    case = read(tmp_path)
    sample = Sample(np.full((len(case.inputs()), 3), 0.5), 1)
    with pytest.raises(InputError, match=r"M1 gives no finding 'M1\.none'"):
        trace_paths(case, sample, [("M1.none",)], MECHANISMS)


def test_washington_wants_a_strong_russia_less_as_an_ally() -> None:
    case = read_case("riyadh-2025")
    wishes = [
        run_case(with_values(case, capability_RUS=size), runs=40).findings["M5.wish"][2]
        for size in (0.02, 0.04, 0.12)
    ]
    assert wishes == sorted(wishes, reverse=True)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**31))
def test_any_inputs_keep_the_state_in_range(seed: int) -> None:
    case = read_case("reverse-nixon")
    corners = np.random.default_rng(seed).integers(0, 2, (len(case.inputs()), 8)).astype(float)
    found = trace_paths(case, Sample(corners, seed), [("ties", "USA", "RUS")], MECHANISMS)
    for name in ("ties", "trust", "offers", "attention", "dependence"):
        low, high = found.world.range(name)
        assert low <= found.final.array(name).min() <= found.final.array(name).max() <= high
    assert np.array_equal(found.final.ties, found.final.ties.swapaxes(0, 1))

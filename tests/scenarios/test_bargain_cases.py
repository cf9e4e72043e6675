"""The shipped cases about bargains run, and unseating Europe does what the articles say of it."""

import numpy as np
import pytest

from detente.scenarios.case import Case
from detente.scenarios.cases import read_case
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.paths import Paths, Sample, trace_paths
from detente.scenarios.simulate import case_without_moves, run_case

NAMES = ("europe-excluded", "holistic-deal", "cross-theatre-swap")
ISSUES = ("territory", "guarantee", "sanctions")


@pytest.mark.parametrize("name", NAMES)
def test_the_case_runs_and_answers_its_questions(name: str) -> None:
    run = run_case(read_case(name), runs=64, seed=1)
    assert len(run.answers) >= 3
    assert all(0 <= answer.probability <= 1 for answer in run.answers)
    assert run == run_case(read_case(name), runs=64, seed=1)


def _trace(case: Case, *, runs: int = 200) -> Paths:
    """Return the paths of a case; one without its moves meets the same draws as with them."""
    units = np.random.default_rng(1).random((len(read_case(case.name).inputs()), runs))
    keys = [("M10.outcome", issue) for issue in ISSUES] + [("positions", "EU", i) for i in ISSUES]
    sample = Sample(units[: len(case.inputs())], seed=1)
    return trace_paths(case, sample, [*keys, ("ties", "USA", "EU")], MECHANISMS)


def test_unseating_europe_moves_the_outcome_away_from_it() -> None:
    case = read_case("europe-excluded")
    unseated, seated = _trace(case), _trace(case_without_moves(case))
    month = 3
    for issue in ISSUES:
        wish = seated.series["positions", "EU", issue][month]
        far, near = (
            np.abs(paths.series["M10.outcome", issue][month] - wish) for paths in (unseated, seated)
        )
        assert (far > near).mean() == 1


def test_and_costs_washington_its_tie_with_europe_without_any_gain() -> None:
    case = read_case("europe-excluded")
    unseated, seated = (
        paths.series["ties", "USA", "EU"][-1]
        for paths in (_trace(case), _trace(case_without_moves(case)))
    )
    assert unseated.mean() < seated.mean() - 0.05

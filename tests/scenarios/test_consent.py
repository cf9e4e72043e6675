import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.scenarios.challenges import Floats
from detente.scenarios.consent import best_for_least
from detente.scenarios.exchange import TRADED, trade_issues
from detente.scenarios.packages import scale_gains, search_packages

NEEDED = range(3)


def _draw(seed: int, *, runs: int = 40, parties: int = 5, issues: int = 4) -> list[Floats]:
    rng = np.random.default_rng(seed)
    x, s = rng.random((2, runs, parties, issues))
    return [x, s, (x * s).sum(axis=1) / s.sum(axis=1)]


def _by_linprog(ideals: Floats, saliences: Floats, baseline: Floats) -> float:
    """Return the largest least gain of one run, by another solver."""
    points = np.concatenate([ideals[:3].T, baseline[:, None]], axis=1)
    worth = scale_gains(ideals[None], saliences[None], baseline[None], points[None])[0, :3]
    n, k, p = worth.shape
    found = linprog(
        [*np.zeros(k * p), -1.0],
        A_ub=np.c_[-worth.reshape(n, -1), np.ones(n)],
        b_ub=np.zeros(n),
        A_eq=np.c_[np.repeat(np.eye(k), p, axis=1), np.zeros(k)],
        b_eq=np.ones(k),
    )
    return float(-found.fun)


def test_the_least_gain_is_that_of_another_solver() -> None:
    board = _draw(1)
    gains = best_for_least(*board, needed=NEEDED).gains[:, :3].min(axis=1)
    expected = [_by_linprog(*run) for run in zip(*board, strict=True)]
    # What the sum of gains weighs is let go of the least one.
    assert gains == pytest.approx(expected, abs=2e-3)


def test_no_package_on_a_grid_is_better_for_the_least() -> None:
    board = _draw(2, issues=2)
    exact = best_for_least(*board, needed=NEEDED)
    grid = search_packages(*board, needed=NEEDED, linked=False, steps=30)
    least = [found.gains[:, :3].min(axis=1) for found in (exact, grid)]
    assert (least[0] >= least[1] - 2e-3).all()
    assert exact.found[grid.found & (least[1] > 5e-3)].all()


def test_it_is_at_least_as_good_as_a_trade() -> None:
    x, s, before = _draw(3, parties=3, issues=2)
    trade = trade_issues(x, s, np.ones_like(s))
    found = best_for_least(x, s, before, needed=(0, 1))
    traded = trade.hindrance == TRADED
    assert traded.any()
    assert (found.gains[:, :2].min(axis=1) >= trade.gains[:, :2].min(axis=1) - 2e-3)[traded].all()


def test_nothing_is_found_where_two_want_the_opposite_and_care_alike() -> None:
    x = np.array([[[0.0, 0.0], [1.0, 1.0]]])
    found = best_for_least(x, np.full((1, 2, 2), 0.5), np.array([[0.5, 0.5]]), needed=(0, 1))
    assert not found.found[0]
    assert found.outcomes[0].tolist() == [0.5, 0.5]


def test_one_party_alone_gets_all_it_wants() -> None:
    x, s, before = _draw(4)
    found = best_for_least(x, s, before, needed=(2,))
    assert found.outcomes == pytest.approx(x[:, 2])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), parties=st.integers(1, 5), issues=st.integers(1, 5))
def test_nobody_needed_loses_and_outcomes_stay_between_ideals(
    seed: int, parties: int, issues: int
) -> None:
    x, s, before = _draw(seed, runs=8, parties=parties, issues=issues)
    rng = np.random.default_rng(seed)
    x, s = (np.where(rng.random(x.shape) < 0.5, np.round(values), values) for values in (x, s))
    found = best_for_least(x, s, before, needed=range(parties))
    marks = np.concatenate([x, before[:, None]], axis=1)
    assert (found.gains >= -1e-9).all()
    assert (found.outcomes >= marks.min(axis=1) - 1e-9).all()
    assert (found.outcomes <= marks.max(axis=1) + 1e-9).all()


def test_many_runs_are_quick() -> None:
    board = _draw(5, runs=2000)
    start = time.process_time()
    best_for_least(*board, needed=NEEDED)
    assert time.process_time() - start < 0.5


def test_what_is_given_may_count_more_than_what_is_won() -> None:
    board = _draw(6)
    shares = [
        best_for_least(*board, needed=NEEDED, won=won, given=given).found.mean()
        for won, given in ((1.0, 1.0), (1.0, 1.3), (0.6, 1.3), (0.0, 1.0))
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[2] > shares[3] == 0

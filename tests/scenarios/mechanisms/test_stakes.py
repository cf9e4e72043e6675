import numpy as np
import pytest

from detente.scenarios.challenges import play_rounds
from detente.scenarios.exchange import trade_issues
from detente.scenarios.mechanisms.stakes import Stakes, gains_of, settle_alone, stakes_of
from tests.scenarios.mechanisms.boards import draw_state
from tests.scenarios.stage import make_world

WORLD = make_world("USA RUS EU UKR", issues="line troops fund")


def _stakes(runs: int = 6) -> Stakes:
    return stakes_of(draw_state(WORLD, runs, 1), range(4), range(2))


def test_outcomes_are_those_of_the_group_decision_before_any_offer() -> None:
    stakes = _stakes()
    for issue in range(2):
        column = (..., issue)
        played = play_rounds(
            stakes.positions[column],
            stakes.means[column] * stakes.seats[column],
            stakes.saliences[column],
            rounds=0,
        )
        assert settle_alone(stakes)[:, issue] == pytest.approx(played.means[0])


def test_gains_are_those_of_a_trade() -> None:
    stakes = _stakes()
    trade = trade_issues(stakes.positions, stakes.saliences, stakes.means * stakes.seats)
    gains = gains_of(stakes, trade.before, trade.after).sum(axis=2)
    assert gains == pytest.approx(trade.gains)


def test_if_nobody_at_the_table_weighs_all_count() -> None:
    stakes = _stakes()
    nobody, everybody = np.zeros_like(stakes.seats), np.ones_like(stakes.seats)
    assert (settle_alone(stakes, nobody) == settle_alone(stakes, everybody)).all()

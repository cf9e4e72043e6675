from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.errors import InputError
from detente.scenarios.exchange import ALIKE, TRADED, UNOPPOSED, WEIGHTLESS, logroll, trade_issues
from detente.scenarios.linkage import Party, find_packages
from tests.scenarios.test_linkage import EAST, SEA, SWAP, party

PAIR = ("R", "A")


def trade(parties: list[Party], **options: Any) -> Any:
    return logroll((EAST, SEA), parties, PAIR, **({"seats": PAIR} | options))


def test_each_gives_on_the_issue_that_it_values_less() -> None:
    found = trade(SWAP)
    assert found.hindrance is None
    assert found.gives == {"R": SEA, "A": EAST}
    assert found.rate == pytest.approx(1)
    assert found.lowest_rate == pytest.approx(0.2 / 0.9)
    assert found.highest_rate == pytest.approx(0.9 / 0.2)
    assert found.after[EAST] > found.before[EAST]
    assert found.after[SEA] < found.before[SEA]


def test_both_traders_gain_alike_and_the_absent_pays() -> None:
    found = trade(SWAP)
    assert found.gains["R"] == pytest.approx(found.gains["A"])
    assert found.gains["R"] > 0
    assert found.externality == found.gains["U"] < 0
    assert found.payers == ("U",)


def test_two_alone_settle_one_issue_wholly() -> None:
    found = trade([party("R", east=(1, 0.9, 2), sea=(1, 0.2)), SWAP[1]])
    assert found.after[EAST] == pytest.approx(1) or found.after[SEA] == pytest.approx(0)
    assert found.payers == ()
    assert found.externality == 0


def test_others_at_the_table_leave_the_traders_less_to_trade() -> None:
    alone, beside = trade(SWAP), trade(SWAP, seats=None)
    assert 0 < beside.gains["R"] < alone.gains["R"]


def test_a_trade_is_a_package() -> None:
    found = trade(SWAP)
    packages = find_packages([EAST, SEA], SWAP, needed=PAIR, baseline=found.before).packages
    product = found.gains["R"] * found.gains["A"]
    assert packages[0].product >= product - 1e-12
    assert packages[0].payers == found.payers


@pytest.mark.parametrize(
    ("first", "second", "seats", "hindrance"),
    [
        ({"east": (1, 0.5), "sea": (1, 0.5)}, {"east": (0, 0.9), "sea": (0, 0.9)}, PAIR, "neither"),
        ({"east": (1, 0.9), "sea": (0, 0.2)}, {"east": (1, 0.2), "sea": (1, 0.9)}, PAIR, "opposed"),
        ({"east": (1, 0.9), "sea": (1, 0.2)}, {"east": (0, 0.2), "sea": (0, 0.9)}, ["R"], "weight"),
        ({"east": (1, 0.9), "sea": (1, 0)}, {"east": (0, 0.2), "sea": (0, 0.9)}, PAIR, "weight"),
    ],
)
def test_without_a_trade_nothing_moves_and_the_reason_is_given(
    first: dict[str, Any], second: dict[str, Any], seats: list[str], hindrance: str
) -> None:
    found = trade([party("R", **first), party("A", **second)], seats=seats)
    assert hindrance in str(found.hindrance)
    assert found.before == found.after
    assert set(found.gains.values()) == {0}
    assert (found.gives, found.rate, found.payers) == ({}, None, ())


def test_trades_of_many_runs_hold_what_the_theory_demands() -> None:
    rng = np.random.default_rng(5)
    ideals, saliences, capabilities = rng.random((3, 4000, 4, 2))
    found = trade_issues(ideals, saliences, capabilities, seated=[True, True, True, False])
    assert set(np.unique(found.hindrance)) == {TRADED, UNOPPOSED}
    done = found.hindrance == TRADED
    gains = found.gains[done]
    assert (gains[:, :2] > 0).all()
    assert gains[:, 0] == pytest.approx(gains[:, 1])
    assert (found.after[~done] == found.before[~done]).all()
    assert not found.gains[~done].any()
    low, high = ideals.min(axis=1), ideals.max(axis=1)
    assert ((found.after >= low - 1e-9) & (found.after <= high + 1e-9)).all()
    assert (gains[:, 3] < 0).any()


def test_codes_of_hindrances_follow_their_reasons() -> None:
    ideals = np.array([[[1.0, 1.0], [0.0, 0.0]]] * 3)
    saliences = np.array(
        [[[0.5, 0.5], [0.5, 0.5]], [[0.9, 0.2], [0.2, 0.9]], [[0.9, 0.0], [0.0, 1.0]]]
    )
    found = trade_issues(ideals, saliences, 1.0)
    assert found.hindrance.tolist() == [ALIKE, TRADED, WEIGHTLESS]


@pytest.mark.parametrize(
    ("issues", "traders", "seats", "message"),
    [
        ((EAST, SEA), ("R", "R"), PAIR, "two different parties"),
        ((EAST, SEA), ("R", "B"), PAIR, "unknown player 'B'"),
        ((EAST, SEA), PAIR, ["U"], "nobody with a seat has weight"),
        ((EAST, EAST), PAIR, PAIR, "each once"),
    ],
)
def test_bad_input_is_named(
    issues: tuple[str, str], traders: tuple[str, str], seats: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        logroll(issues, SWAP, traders, seats=seats)


@pytest.mark.parametrize(
    ("ideals", "capabilities", "message"),
    [
        ([[0.0, 1.0]], 1.0, "runs x parties x 2 issues"),
        ([[[0.0, np.nan], [1.0, 1.0]]], 1.0, "not finite"),
        ([[[0.0, 1.0], [1.0, 1.0]]], -1.0, "below 0"),
    ],
)
def test_trade_issues_names_bad_input(ideals: Any, capabilities: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        trade_issues(ideals, 0.5, capabilities)

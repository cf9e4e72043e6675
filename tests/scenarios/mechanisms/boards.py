"""Boards of parties and issues for the tests of bargains, haggling and seats."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.state import FIELDS, Change, State, World, apply_changes, start_state
from tests.scenarios.stage import Names, run_rule

Stake = tuple[float, float]


def stakes(issue: str, **by_actor: Stake) -> dict[Names, float]:
    """Return values of an issue: position and salience by actor, all of them with a seat."""
    values: dict[Names, float] = {}
    for actor, (position, salience) in by_actor.items():
        values |= {
            ("positions", actor, issue): position,
            ("salience", actor, issue): salience,
            ("seats", actor, issue): 1.0,
        }
    return values


def draw_state(world: World, runs: int, seed: int, *, extreme: bool = False) -> State:
    """Return a state of any values within their ranges; with `extreme` mostly ends of them."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for name in (*FIELDS, *world.gauges):
        low, high = world.range(name)
        high = min(high, 3.0)
        units = rng.random((*world.shape(name), runs))
        if extreme:
            units = np.where(rng.random(units.shape) < 0.7, np.round(units), units)
        arrays[name] = low + (high - low) * units
    upper = np.triu(np.ones(arrays["ties"].shape[:2]), 1)[..., None]
    arrays["ties"] = arrays["ties"] * upper + np.swapaxes(arrays["ties"] * upper, 0, 1)
    return start_state(world, arrays)


def run_months(
    mechanism: Mechanism, state: State, use: Use, months: int, *, seed: int = 1
) -> tuple[State, Change]:
    """Return the state after some months of this mechanism alone, and its last change."""
    change = Change()
    for month in range(months):
        change = run_rule(mechanism, state, use, seed=seed + month)
        state = apply_changes(state, [change])
    return state, change


def least_time(call: Callable[[], object], *, times: int = 5) -> float:
    """Return the least processor time of some calls, in seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return min(spent)

from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.state import World, apply_changes
from tests.scenarios.mechanisms.boards import draw_state
from tests.scenarios.stage import make_use, make_world

RUNS = 50


def fill_roles(mechanism: Mechanism, world: World) -> dict[str, str]:
    """Return somebody for each role of one, as far as it goes nobody twice."""
    roles: dict[str, str] = {}
    for axis in {role.axis for role in mechanism.roles}:
        single = [role for role in mechanism.roles if role.axis == axis and not role.many]
        names = world.names(axis)
        roles |= {role.name: names[n % len(names)] for n, role in enumerate(single)}
    return roles


def with_extremes(mechanism: Mechanism, use: Use, rng: np.random.Generator) -> Use:
    """Return a use with each parameter at the end of what any case may give it."""
    least, most = rng.random((2, len(mechanism.parameters), RUNS)) < 0.5
    drawn = {
        one.name: np.where(least[n], one.least, np.where(most[n], one.most, one.high))
        for n, one in enumerate(mechanism.parameters)
    }
    return Use(use.name, use.world, use.roles, drawn)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("mechanism", MECHANISMS.values(), ids=list(MECHANISMS))
def test_extreme_parameters_and_states_stay_numbers_in_range(mechanism: Mechanism) -> None:
    world = make_world("USA RUS CHN EU UKR", theatres="A B", issues="x y", mechanism=mechanism)
    use = make_use(mechanism, world, fill_roles(mechanism, world), runs=RUNS)
    for seed in range(4):
        rng = np.random.default_rng(seed)
        state = draw_state(world, RUNS, seed, extreme=True)
        for _ in range(3):
            change = mechanism(state, with_extremes(mechanism, use, rng), rng)
            assert all(np.isfinite(found).all() for found in change.findings.values())
            state = apply_changes(state, [change])
        for name in ("ties", "trust", "offers", "dependence", *world.gauges):
            low, high = world.range(name)
            assert ((low <= state.array(name)) & (state.array(name) <= high)).all()

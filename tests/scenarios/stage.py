"""States, uses of mechanisms and case files for tests, with only what a test is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from detente.scenarios.mechanisms.mechanism import Mechanism, Use
from detente.scenarios.state import FIELDS, Change, Floats, State, World, start_state

Names = tuple[str, ...]


def make_world(
    actors: str = "USA RUS CHN",
    *,
    theatres: str = "",
    issues: str = "",
    mechanism: Mechanism | None = None,
) -> World:
    gauges = {f"{mechanism.id}.{one.name}": one for one in mechanism.gauges} if mechanism else {}
    return World(tuple(actors.split()), tuple(theatres.split()), tuple(issues.split()), gauges)


def make_state(
    world: World, values: Mapping[Names, float | Floats] | None = None, *, runs: int = 1
) -> State:
    """Return a state from values by field (or gauge) and names: `{("ties", "USA", "RUS"): 0.5}`.

    What is not named is 0; capability is 1, a gauge is at its start. A value may be an array of
    one number a run; then `runs` is its length.
    """
    values = values or {}
    runs = max([runs, *(np.size(value) for value in values.values())])
    arrays = {name: np.zeros((*world.shape(name), runs)) for name in (*FIELDS, *world.gauges)}
    arrays["capability"] += 1.0
    for name, gauge in world.gauges.items():
        arrays[name] += gauge.start
    for (field, *names), value in values.items():
        place = world.place(field, names)
        arrays[field][place] = value
        if field == "ties":
            arrays[field][place[::-1]] = value
    return start_state(world, arrays)


def make_use(
    mechanism: Mechanism,
    world: World,
    roles: Mapping[str, str],
    *,
    runs: int = 1,
    **parameters: float,
) -> Use:
    """Return a use: roles by name (`members="USA EU"`), parameters at their high end unless given.

    A parameter's blanks are written as underscores. A role of many that is left out is all.
    """
    places = {
        role.name: tuple(
            world.index(role.axis, name)
            for name in (roles[role.name].split() if role.name in roles else world.names(role.axis))
        )
        for role in mechanism.roles
    }
    given = {name.replace("_", " "): value for name, value in parameters.items()}
    assert set(given) <= {one.name for one in mechanism.parameters}, given
    drawn = {one.name: np.full(runs, given.get(one.name, one.high)) for one in mechanism.parameters}
    return Use(mechanism.id, world, places, drawn)


def run_rule(mechanism: Mechanism, state: State, use: Use, *, seed: int = 1) -> Change:
    return mechanism(state, use, np.random.default_rng(seed))


def shift_of(change: Change, state: State, name: str, *names: str) -> Floats:
    """Return by how much a change shifts one value in all, before clamping, one number a run."""
    place = state.world.place(name, names)
    total = np.zeros(state.runs)
    for shift in change.shifts:
        if shift.name == name:
            same = shift.place == place or (name == "ties" and shift.place == place[::-1])
            if not shift.place and place:
                total = total + np.asarray(shift.amount)[place]
            elif same:
                total = total + shift.amount
    return total


CASE = """
title = "Three powers"
start = "2025-02"
months = 6
actors = ["USA", "RUS", "CHN"]
ties = [
  { actor = "USA", other = "RUS", low = -0.5, high = -0.1, source = "assumption: cool" },
  { actor = "RUS", other = "CHN", low = 0.3, high = 0.6, source = "table: pacts 2018" },
]
capability = [
  { actor = "USA", value = 1.0, source = "assumption: sizes" },
  { actor = "RUS", value = 0.5, source = "assumption: sizes" },
  { actor = "CHN", value = 1.0, source = "assumption: sizes" },
]
[[mechanisms]]
id = "M1"
roles = { divider = "USA", target = "RUS", rival = "CHN" }
[[moves]]
id = "offer"
title = "an offer"
month = 2
probability = 0.8
field = "offers"
actor = "USA"
other = "RUS"
low = 0.4
high = 0.9
source = "assumption: size of the offer"
[[questions]]
id = "warms"
text = "Does the tie rise?"
about = "ties"
actor = "USA"
other = "RUS"
test = "rises"
amount = 0.05
"""


def write_case(folder: Path, text: str = CASE, *, name: str = "three") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path

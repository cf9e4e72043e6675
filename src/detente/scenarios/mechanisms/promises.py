"""Promises kept and broken: the gauges that let one mechanism learn from what another saw.

In: a state. Out: how many promises an actor kept or broke in the last month. A mechanism in which
promises are made keeps the gauges `kept` and `broken`; trust (M6) and the phases of a peace (M17)
read those of all mechanisms, so that neither needs to know who else is in a case.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.scenarios.mechanisms.mechanism import Use
from detente.scenarios.state import Floats, Gauge, Shift, State

KEPT = Gauge("kept", 0.0, 10.0, axes=("actor",), note="promises that the actor has just kept")
BROKEN = Gauge("broken", 0.0, 10.0, axes=("actor",), note="promises that it has just broken")


def count_acts(state: State, kind: Gauge, actor: int) -> Floats:
    """Return how many acts of a kind an actor has just done, by all mechanisms that tell."""
    total = np.zeros(state.runs)
    for name, gauge in state.world.gauges.items():
        if (gauge.name, gauge.axes) == (kind.name, kind.axes):
            total = total + state.gauges[name][actor]
    return total


def empty(state: State, use: Use, *kinds: Gauge) -> Iterator[Shift]:
    """Yield the shifts that clear the gauges of a use, so that an act counts in one month only."""
    for kind in kinds:
        name = use.gauge(kind.name)
        yield Shift(name, (), -state.array(name), "counted once")

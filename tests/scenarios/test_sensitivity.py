from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.inputs import Interval
from detente.scenarios.paths import Sample
from detente.scenarios.sensitivity import (
    CHANCE,
    OTHERS,
    SCREENED,
    Sensitivity,
    assumed_share,
    find_drivers,
    sobol_indices,
)
from detente.scenarios.state import Floats

ISHIGAMI = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}
"""First-order and total indices of Ishigami and Homma's function (1990), a = 7, b = 0.1."""


def ishigami(x: Floats) -> Floats:
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_the_indices_of_a_known_function_are_found_within_their_errors() -> None:
    rng = np.random.default_rng(1)
    one, other = (rng.uniform(-np.pi, np.pi, (3, 4000)) for _ in range(2))
    changed = {}
    for place, name in enumerate(ISHIGAMI):
        mixed = one.copy()
        mixed[place] = other[place]
        changed[name] = ishigami(mixed)
    found = sobol_indices(ishigami(one), ishigami(other), changed)
    for name, (first, total) in ISHIGAMI.items():
        assert abs(found[name][0][0] - first) < 3 * found[name][0][1] + 0.01
        assert abs(found[name][1][0] - total) < 3 * found[name][1][1] + 0.01


def inputs(n: int) -> dict[str, Interval]:
    sources = ("assumption: x", "table: y 2014")
    return {f"x{i}": Interval(low=0, high=1, source=sources[i % 2]) for i in range(n)}


def drivers_of(model: object, n: int) -> Sensitivity:
    sample = Sample(np.random.default_rng(3).random((n, 2000)), 5)
    scores = model(sample)  # type: ignore[operator]
    found = find_drivers(model, inputs(n), sample=sample, scores=scores, rows=2000)  # type: ignore[arg-type]
    return found[0]


def with_chance(sample: Sample) -> dict[str, Floats]:
    noise = np.random.default_rng(sample.seed).random(sample.runs)
    return {"q": sample.units[0] + 2 * sample.units[1] + noise}


def test_chance_is_a_factor_beside_the_inputs() -> None:
    found = {driver.input: driver for driver in drivers_of(with_chance, 3).drivers}
    for name, share in {"x0": 1 / 6, "x1": 4 / 6, "x2": 0.0, CHANCE: 1 / 6}.items():
        assert found[name].first == pytest.approx(share, abs=4 * found[name].first_error + 0.01)
        assert found[name].total == pytest.approx(share, abs=4 * found[name].total_error + 0.01)
    assert drivers_of(with_chance, 3).drivers[0].input == "x1"


def test_what_is_not_screened_in_is_one_factor_together() -> None:
    def model(sample: Sample) -> dict[str, Floats]:
        return {"q": sample.units.sum(axis=0)}

    found = {driver.input: driver for driver in drivers_of(model, SCREENED + 4).drivers}
    assert len(found) == SCREENED + 2
    assert found[OTHERS].total == pytest.approx(4 / (SCREENED + 4), abs=0.05)
    assert 0 < found[OTHERS].assumed < 1


def test_an_answer_that_never_varies_has_no_drivers() -> None:
    def model(sample: Sample) -> dict[str, Floats]:
        return {"q": np.ones(sample.runs)}

    found = drivers_of(model, 3)
    assert found.drivers == ()
    assert assumed_share([found]) is None


def test_the_assumed_share_counts_what_rests_on_assumptions() -> None:
    share = assumed_share([drivers_of(with_chance, 2)])
    assert share == pytest.approx(1 / 5, abs=0.03)

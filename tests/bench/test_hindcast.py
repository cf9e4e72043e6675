from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from detente.bench.hindcast import format_dynamics, measure_hindcast
from detente.errors import InputError
from detente.scenarios.hindcast import Hindcast, fitted_intervals, load_dynamics, run_hindcast
from tests.scenarios.panels import made_panel


def test_measure_hindcast_needs_the_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table of"):
        measure_hindcast(tmp_path)


def test_format_dynamics_is_read_back() -> None:
    hindcast = run_hindcast(made_panel(years=25))
    found = msgspec.convert(tomllib.loads(format_dynamics(hindcast)), Hindcast)
    assert found.signs == hindcast.signs
    assert fitted_intervals(found).keys() == fitted_intervals(hindcast).keys()
    for ours, theirs in zip(found.skills, hindcast.skills, strict=True):
        assert ours.skill.value == pytest.approx(theirs.skill.value, rel=1e-3)


@pytest.mark.shared
@pytest.mark.slow
def test_shipped_dynamics_are_those_of_the_tables(shared: Path) -> None:
    measured = measure_hindcast(shared / "data/cow")
    shipped = load_dynamics()
    for name, ends in fitted_intervals(shipped).items():
        found = measured["coefficients"][name]
        assert (found["low"], found["high"]) == pytest.approx(ends, rel=1e-3, abs=1e-6), name
    for ours, skill in zip(shipped.skills, measured["skills"], strict=True):
        assert skill["skill"]["value"] == pytest.approx(ours.skill.value, rel=1e-3)
    assert measured["signs"] == msgspec.to_builtins(shipped.signs)
    assert all("no skill" in line for line in measured["in_words"])

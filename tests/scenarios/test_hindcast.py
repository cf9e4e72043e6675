from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.errors import InputError
from detente.scenarios.dynamics import TERMS
from detente.scenarios.hindcast import (
    BASELINES,
    Forecast,
    count_sign_changes,
    fitted_intervals,
    load_dynamics,
    measure_coefficients,
    measure_skills,
    roll,
    run_hindcast,
)
from tests.scenarios.panels import made_panel


def forecast(now: list[float], truth: list[float], guess: list[float]) -> Forecast:
    """Return a forecast of ties; the baselines all say that nothing changes."""
    known = np.isfinite(now) & np.isfinite(truth)
    guesses = {name: np.array(now) for name in BASELINES} | {"dynamics": np.array(guess)}
    return Forecast(1960, 1, "tie", np.array(now), np.array(truth), known, guesses)


def test_nothing_after_the_origin_moves_a_forecast() -> None:
    panel = made_panel(years=30)
    ties, trade, parity = (x.copy() for x in (panel.ties, panel.dependence, panel.parity))
    ties[20:], trade[20:], parity[20:] = 0.9, 0.5, 0.01  # from 1966 on
    other = replace(panel, ties=ties, dependence=trade, parity=parity)
    pairs = list(zip(roll(panel), roll(other), strict=True))
    before = [(a, b) for a, b in pairs if a.origin <= 1965]
    assert before
    for ours, theirs in before:
        for name, guess in ours.guesses.items():
            np.testing.assert_array_equal(guess, theirs.guesses[name])
    assert any((a.guesses["dynamics"] != b.guesses["dynamics"]).any() for a, b in pairs)


def test_origins_and_horizons_stay_within_the_years() -> None:
    found = {(f.origin, f.horizon) for f in roll(made_panel(years=22))}  # to 1967
    assert found == {(year, 1) for year in range(1960, 1967)} | {(1960, 5), (1961, 5), (1962, 5)}


def test_dynamics_that_hold_have_skill() -> None:
    hindcast = run_hindcast(made_panel(decay=0.5, drift=0.1, noise=0.1))
    [skill] = [
        each.skill
        for each in hindcast.skills
        if (each.variable, each.horizon, each.baseline) == ("tie", 1, "persistence")
    ]
    assert skill.verdict == "above zero"
    assert skill.low < skill.value < skill.high


def test_theories_that_are_not_in_the_data_have_none() -> None:
    hindcast = run_hindcast(made_panel(decay=0.5, drift=0.1, noise=0.1))
    plain = [each.skill for each in hindcast.skills if each.baseline == "plain"]
    assert all(skill.verdict != "above zero" for skill in plain if skill.value < 0)
    assert max(skill.value for skill in plain) < 0.05
    intervals = fitted_intervals(hindcast)
    assert intervals["tie.decay"][0] > 0
    assert intervals["tie.balance"][0] < 0 < intervals["tie.balance"][1]


def test_skill_is_one_less_the_ratio_of_squared_errors() -> None:
    rows = [forecast([0.0, 0.0], [1.0, 2.0], [0.5, 1.0])]
    first = next(iter(measure_skills(rows)))
    assert first.skill.value == pytest.approx(1 - (0.25 + 1) / (1 + 4))
    assert first.n == 2


def test_unknown_values_are_no_errors() -> None:
    rows = [forecast([0.0, np.nan], [1.0, 2.0], [0.5, np.nan])]
    first = next(iter(measure_skills([*rows, forecast([0.0, 0.0], [1.0, 1.0], [0.5, 0.5])])))
    assert first.skill.value == pytest.approx(0.75)
    assert first.n == 3


def test_a_baseline_that_is_never_wrong_cannot_be_beaten() -> None:
    with pytest.raises(InputError, match="never wrong"):
        list(measure_skills([forecast([0.5], [0.5], [0.5])]))


@pytest.mark.parametrize(
    ("now", "truth", "guess", "counts"),
    [
        (0.5, -0.5, -0.3, (1, 1, 0)),  # foreseen
        (0.5, -0.5, 0.4, (1, 0, 0)),  # missed
        (0.5, 0.05, 0.02, (1, 1, 0)),  # fading to no sign is a change
        (0.5, -0.5, 0.0, (1, 0, 0)),  # a change, but to another sign
        (0.5, 0.4, 0.0, (0, 0, 1)),  # false alarm
        (0.5, 0.4, 0.3, (0, 0, 0)),
        (0.05, -0.05, 0.0, (0, 0, 0)),  # crossing zero inside the band is none
    ],
)
def test_sign_changes(now: float, truth: float, guess: float, counts: tuple[int, ...]) -> None:
    [found] = count_sign_changes([forecast([now], [truth], [guess])])
    assert (found.n_changes, found.n_foreseen, found.n_false) == counts
    assert found.n == 1


def test_coefficients_of_a_panel_without_noise_in_trade_are_named_by_equation() -> None:
    found = measure_coefficients(made_panel())
    assert list(found) == [f"{v}.{name}" for v, names in TERMS.items() for name in names]
    assert all(each.low <= each.value <= each.high for each in found.values())


def test_the_same_seed_gives_the_same_hindcast() -> None:
    panel = made_panel(years=25)
    assert run_hindcast(panel, seed=3) == run_hindcast(panel, seed=3)
    assert run_hindcast(panel, seed=3) != run_hindcast(panel, seed=4)


def test_a_short_past_is_refused() -> None:
    with pytest.raises(InputError, match="end in 1955"):
        run_hindcast(made_panel(years=10))


def test_shipped_dynamics_say_what_they_can_and_cannot() -> None:
    shipped = load_dynamics()
    assert (shipped.first, shipped.last, shipped.n_pairs) == (1946, 2014, 45)
    assert set(fitted_intervals(shipped)) == {
        f"{v}.{n}" for v, names in TERMS.items() for n in names
    }
    for found in [*shipped.coefficients.values(), *(each.skill for each in shipped.skills)]:
        assert found.low <= found.value <= found.high
        assert (found.verdict == "above zero") == (found.low > 0)
        assert (found.verdict == "below zero") == (found.high < 0)
    against = [each for each in shipped.skills if each.baseline == "persistence"]
    assert all(each.skill.verdict == "spans zero" for each in against)

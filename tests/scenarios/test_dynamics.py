from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.dynamics import (
    POWERS,
    TERMS,
    Panel,
    fit,
    mean_so_far,
    read_panel,
    run_ahead,
)
from tests.relations.structural_tables import write_tables
from tests.scenarios.panels import N_STATES, made_panel, symmetric

USA, RUS, CHN = (list(POWERS.values()).index(state) for state in ("USA", "RUS", "CHN"))


def write_capabilities(folder: Path, shares: dict[int, float]) -> None:
    others = dict.fromkeys(["milex", "milper", "irst", "pec", "tpop", "upop"], 1.0)
    pl.DataFrame(
        [
            {"ccode": state, "year": year, "cinc": share} | others
            for state, share in shares.items()
            for year in range(1946, 2001)
        ]
    ).write_parquet(folder / "nmc.parquet")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    write_tables(
        tmp_path,
        disputes=[(2, 365, 1948, 4)],
        pacts=[(365, 710, year, 1) for year in range(1950, 2001)],
        trade=[(2, 365, 1950, 10), (2, 365, 1951, None), (2, 365, 1952, 40)],
        totals=[(state, year, 100.0) for state in (2, 365) for year in range(1946, 2001)],
    )
    rows = [f"{n},{code},{code},1900-01-01,2000-12-31" for n, code in POWERS.items() if n != 750]
    rows.append("750,IND,IND,2001-01-01,2010-12-31")
    (tmp_path / "states.csv").write_text("\n".join(["ccode,abbr,name,start,end", *rows]), "utf-8")
    write_capabilities(tmp_path, {2: 0.3, 365: 0.15, 710: 0.1})
    return tmp_path


def test_panel_holds_ties_trade_and_parity(tables: Path) -> None:
    panel = read_panel(tables)
    assert (panel.first, panel.last) == (1946, 2000)
    assert panel.ties[2, USA, RUS] == panel.ties[2, RUS, USA] < 0
    assert panel.ties[1, USA, RUS] == 0  # before any evidence
    assert panel.ties[50, RUS, CHN] > 0.4
    assert panel.dependence[4, USA, RUS] == pytest.approx(0.1)
    assert panel.parity[0, USA, RUS] == pytest.approx(0.5)


def test_unknown_trade_stays_unknown(tables: Path) -> None:
    assert np.isnan(read_panel(tables).dependence[5, USA, RUS])


def test_china_begins_with_the_peoples_republic(tables: Path) -> None:
    ties = read_panel(tables).ties
    assert np.isnan(ties[3, USA, CHN])
    assert np.isfinite(ties[4, USA, CHN])


def test_powers_that_are_no_states_have_no_ties(tables: Path) -> None:
    india = list(POWERS).index(750)
    assert np.isnan(read_panel(tables).ties[:, USA, india]).all()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("decay", {"decay": 0.2}),
        ("drift", {"decay": 0.2, "drift": 0.04}),
        ("balance", {"decay": 0.2, "balance": 0.5}),
    ],
)
def test_fit_finds_the_coefficients_that_made_the_panel(name: str, made: dict[str, float]) -> None:
    panels = [made_panel(**made, noise=0.1, seed=seed) for seed in range(8)]  # type: ignore[arg-type]
    place = TERMS["tie"].index(name)
    found = [fit(panel, "tie")[place] for panel in panels]
    assert np.mean(found) == pytest.approx(made[name], abs=0.05)


def test_plain_fit_leaves_the_theories_out() -> None:
    found = fit(made_panel(), "tie", plain=True)
    assert found[:2].all()
    assert not found[2:].any()


def test_a_term_that_never_varies_does_no_harm() -> None:
    panel = made_panel(decay=0.2)
    flat = replace(panel, parity=np.ones_like(panel.parity))
    found = fit(flat, "tie")
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(0.2, abs=0.15)


def test_fit_needs_pairs_with_trade() -> None:
    panel = made_panel()
    bare = replace(panel, dependence=np.full_like(panel.dependence, np.nan))
    with pytest.raises(InputError, match="too few pairs"):
        fit(bare, "tie")


def test_a_tie_without_trade_stays_as_it_is() -> None:
    panel = made_panel()
    trade = panel.dependence.copy()
    trade[:, 0, 1] = trade[:, 1, 0] = np.nan
    ahead = run_ahead(replace(panel, dependence=trade), 5)["tie"]
    assert ahead[-1, 0, 1] == panel.ties[-1, 0, 1]
    assert ahead[-1, 0, 2] != panel.ties[-1, 0, 2]


def test_last_known_trade_is_carried_on() -> None:
    panel = made_panel()
    trade = panel.dependence.copy()
    trade[-1, 0, 1] = trade[-1, 1, 0] = np.nan
    ahead = run_ahead(replace(panel, dependence=trade), 1)
    assert ahead["dependence"][0, 0, 1] == pytest.approx(trade[-2, 0, 1], abs=0.01)


def test_mean_so_far_leaves_out_what_is_unknown() -> None:
    found = mean_so_far(np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]]))
    assert found[0] == 2.0
    assert np.isnan(found[1])


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    years=st.integers(6, 30),
)
def test_what_is_run_ahead_stays_in_range(seed: int, size: float, years: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (N_STATES, N_STATES)
    panel = Panel(
        1946,
        np.array([symmetric(rng.uniform(-size, size, shape)) for _ in range(years)]),
        np.array([symmetric(rng.uniform(0, size, shape)) for _ in range(years)]),
        np.array([symmetric(rng.uniform(0, 1, shape)) for _ in range(years)]),
    )
    ahead = run_ahead(panel, 10)
    off = ~np.eye(N_STATES, dtype=bool)
    assert (np.abs(ahead["tie"][:, off]) <= 1).all()
    assert ((ahead["dependence"][:, off] >= 0) & (ahead["dependence"][:, off] <= 1)).all()

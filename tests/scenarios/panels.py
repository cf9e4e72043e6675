"""Panels of a made-up past, for tests of the yearly dynamics."""

from __future__ import annotations

import numpy as np

from detente.scenarios.dynamics import Floats, Panel

N_STATES = 5


def made_panel(
    *, years: int = 69, decay: float = 0.1, drift: float = 0.0, balance: float = 0.0,
    noise: float = 0.05, seed: int = 0,
) -> Panel:  # fmt: skip
    """Return a panel from 1946 on whose ties follow these coefficients, and trade that wanders."""
    rng = np.random.default_rng(seed)
    ties = [symmetric(rng.uniform(-0.5, 0.5, (N_STATES, N_STATES)))]
    trade = [symmetric(rng.uniform(0.02, 0.1, (N_STATES, N_STATES)))]
    for _ in range(years - 1):
        known = np.nan_to_num(ties[-1])
        change = drift - decay * ties[-1] + balance * (known @ known) / (N_STATES - 2)
        shock = symmetric(rng.normal(0, noise, (N_STATES, N_STATES)))
        ties.append(np.clip(ties[-1] + change + shock, -1, 1))
        step = symmetric(rng.normal(0, 0.003, (N_STATES, N_STATES)))
        trade.append(np.clip(trade[-1] + step, 0, 1))
    parity = [symmetric(rng.uniform(0.1, 1.0, (N_STATES, N_STATES)))] * years
    return Panel(1946, np.array(ties), np.array(trade), np.array(parity))


def symmetric(matrix: Floats) -> Floats:
    """Return the upper half of a matrix mirrored, with nothing on the diagonal."""
    upper = np.triu(matrix, 1)
    both: Floats = upper + upper.T
    np.fill_diagonal(both, np.nan)
    return both

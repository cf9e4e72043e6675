"""A small made history in which some things repeat, and some answer each other."""

from __future__ import annotations

import numpy as np

from detente.scenarios.counts import Ints

N_ENTITIES = 14
N_RELATIONS = 3


def made_history(n_days: int = 30, *, seed: int = 3) -> Ints:
    """Return events (s, r, o, day): 0 meets 1 daily, 3 answers 2 a day later, and chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(n_days):
        rows.append((0, 0, 1, day))
        if day % 3 == 0:
            rows.append((2, 1, 3, day))
        if day % 3 == 1:
            rows.append((3, 2, 2, day))
        for _ in range(4):
            source, target = rng.choice(np.arange(4, N_ENTITIES), 2, replace=False)
            rows.append((int(source), int(rng.integers(N_RELATIONS)), int(target), day))
    return np.array(rows, dtype=np.int64)

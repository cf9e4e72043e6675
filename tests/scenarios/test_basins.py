from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.basins import Floats, find_ends, measure_depths, signs_of_codes


def random_ties(n: int, seed: int) -> Floats:
    """Return ties of whole numbers, so that sums are exact and ties of energy occur."""
    half = np.triu(np.random.default_rng(seed).integers(-3, 4, (n, n)), 1)
    return np.asarray(half + half.T, dtype=np.float64)


def energies_of(ties: Floats) -> Floats:
    signs = signs_of_codes(np.arange(1 << (len(ties) - 1)), len(ties))
    return np.asarray((ties.sum() - np.einsum("ki,ij,kj->k", signs, ties, signs)) / 2)


def flood(ties: Floats, code: int, targets: set[int]) -> float:
    """Return the least level at which chains of moves from a code reach a target."""
    energies, n = energies_of(ties), len(ties)
    flips = [1 << bit for bit in range(n - 1)] + [(1 << (n - 1)) - 1]
    reached = {code: energies[code]}
    done: set[int] = set()
    while True:
        here = min((c for c in reached if c not in done), key=lambda c: (reached[c], c))
        if here in targets:
            return float(reached[here])
        done.add(here)
        for flip in flips:
            level = max(reached[here], energies[here ^ flip])
            if level < reached.get(here ^ flip, np.inf):
                reached[here ^ flip] = level


@pytest.mark.parametrize("seed", range(12))
def test_depths_equal_a_search_for_the_lowest_way_out(seed: int) -> None:
    ties = random_ties(7, seed)
    ends = find_ends(ties, np.full(7, 1e-9))
    energies = energies_of(ties)
    codes = np.flatnonzero(ends == np.arange(len(ends)))
    codes = codes[np.argsort(energies[codes], kind="stable")]
    depths = measure_depths(ties, codes, energies[codes], ends)
    if len(codes) == 1:
        assert depths == [None]
        return
    for place, code in enumerate(codes):
        limit = energies[codes[1]] if place == 0 else energies[code]
        targets = {int(c) for c in codes if c != code and energies[c] <= limit}
        assert depths[place] == flood(ties, int(code), targets) - energies[code]


def test_ends_follow_the_move_that_lowers_the_energy_most() -> None:
    ties = random_ties(6, 3)
    ends, energies = find_ends(ties, np.full(6, 1e-9)), energies_of(ties)
    flips = [1, 2, 4, 8, 16, 31]
    for start in range(32):
        code = start
        while True:
            after = [energies[code ^ flip] for flip in flips]
            if min(after) >= energies[code]:
                break
            code ^= flips[int(np.argmin(after))]
        assert ends[start] == code

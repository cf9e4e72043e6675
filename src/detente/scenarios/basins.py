"""Basins of a landscape of two camps, from all partitions at once.

In: the ties of n actors, `ties[i, j]` = s_i s_j p_ij, symmetric with a zero diagonal. Out: where
the steepest descent from each partition ends, and how deep each of these minima lies.

A partition is a code, a number with a bit for each actor but the last, set where that actor stands
against the last; there are 2^(n-1) of them. What holds for the codes of k bits gives what holds
for k + 1 bits by one operation a code, so nothing is summed twice.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def find_ends(ties: Floats, slack: Floats) -> Codes:
    """Return for each code the one in which its steepest descent ends; itself where stable.

    Args:
        ties: the ties.
        slack: for each actor the change of energy up to which a move changes nothing.
    """
    ends = _follow(ties, slack)
    while not np.array_equal(ends, further := ends[ends]):
        ends = further
    return ends


def signs_of_codes(codes: Codes, n: int) -> Floats:
    """Return a row of n signs for each code, -1 for those who stand against the last actor."""
    bits = (codes[:, None] >> np.arange(n)) & 1
    return np.where(bits == 1, -1.0, 1.0)


def measure_depths(ties: Floats, codes: Codes, lows: Floats, ends: Codes) -> list[float | None]:
    """Return the depth of each minimum (see `landscape.Minimum`), by flooding.

    Water rises from the minima; two basins join at their lowest pass, and the lower of the two
    keeps its name. Whole basins may be joined rather than partitions: a chain of moves changes
    basins only at passes, and a pass is reached from both its minima without going above it.

    Args:
        ties: the ties.
        codes: the minima, the lowest first.
        lows: their energies, in which equal ones are equal numbers.
        ends: what `find_ends` returned.
    """
    if len(codes) == 1:
        return [None]
    parent = list(range(len(codes)))
    depths: list[float | None] = [None] * len(codes)
    energy = lows.tolist()
    wanted = [energy[1], *energy[1:]]
    left = len(codes) - 1
    for one, other, level in _find_passes(ties, codes, ends):
        lower, upper = sorted((_root(parent, one), _root(parent, other)))
        if lower == upper:
            continue
        parent[upper] = lower
        if depths[upper] is None:
            depths[upper] = level - energy[upper]
        if depths[lower] is None and energy[upper] <= wanted[lower]:
            depths[lower] = level - energy[lower]
        left -= 1
        if not left:
            break
    return depths


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _sum_ties(ties: Floats, n_bits: int) -> Floats:
    """Return one actor's ties summed with the signs of each code of the first `n_bits` actors."""
    sums = np.empty(1 << n_bits)
    sums[0] = ties.sum()
    for bit in range(n_bits):
        half = 1 << bit
        np.subtract(sums[:half], 2 * ties[bit], out=sums[half : 2 * half])
    return sums


def _flips(n: int) -> list[int]:
    """Return for each actor the bits that its move turns: the last actor turns all others."""
    return [1 << bit for bit in range(n - 1)] + [(1 << (n - 1)) - 1]


def _follow(ties: Floats, slack: Floats) -> Codes:
    """Return for each code the one that steepest descent goes to next; itself where stable."""
    n_bits = len(ties) - 1
    best = np.zeros(1 << n_bits)
    turned = np.zeros(1 << n_bits, dtype=np.int64)
    for actor, flip in enumerate(_flips(len(ties))):
        change = _sum_ties(2 * ties[actor], n_bits)
        if actor < n_bits:
            change.reshape(-1, 2, flip)[:, 1] *= -1
        better = change < best - slack[actor]
        np.copyto(best, change, where=better)
        np.copyto(turned, flip, where=better)
    return np.arange(1 << n_bits) ^ turned


def _measure_energies(ties: Floats) -> Floats:
    """Return the energy of every code."""
    n_bits = len(ties) - 1
    energies = np.zeros(1 << n_bits)
    for bit in range(n_bits):
        half = 1 << bit
        energies[half : 2 * half] = energies[:half] + 2 * _sum_ties(ties[bit], bit)
    return energies


def _find_passes(ties: Floats, codes: Codes, ends: Codes) -> Iterable[tuple[int, int, float]]:
    """Return the lowest pass between each two basins that touch, the lowest first.

    Basins are numbered as in `codes`. A pass is a move from one to the other; its level is the
    energy of the higher end. Pair and rank of the level are packed into one number, which sorts
    several times faster than two.
    """
    energies = _measure_energies(ties)
    n_codes, k = len(energies), len(codes)
    n_bits = len(ties) - 1
    here = np.arange(n_codes)
    by_energy = np.argsort(energies, kind="stable")
    rank = np.empty_like(here)
    rank[by_energy] = here
    number = np.empty_like(here)
    number[codes] = np.arange(k)
    basin = number[ends]
    packed: list[Codes] = []
    for flip in _flips(len(ties)):
        at = np.flatnonzero(basin < basin[here ^ flip])
        there = at ^ flip
        pair, top = basin[at] * k + basin[there], np.maximum(rank[at], rank[there])
        packed.append(_first_of_each(pair << n_bits | top, n_bits))
    passes = _first_of_each(np.concatenate(packed), n_bits)
    passes = passes[np.argsort(passes & (n_codes - 1), kind="stable")]
    one, other = np.divmod(passes >> n_bits, k)
    levels = energies[by_energy[passes & (n_codes - 1)]]
    return zip(one.tolist(), other.tolist(), levels.tolist(), strict=True)


def _first_of_each(packed: Codes, n_bits: int) -> Codes:
    """Return the lowest of the numbers that are alike above their last `n_bits` bits."""
    ordered = np.sort(packed)
    return ordered[np.flatnonzero(np.diff(ordered >> n_bits, prepend=-1))]

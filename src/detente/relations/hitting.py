"""The least weight of ties that meets every bad cycle of a signed network, by integer programming.

A partition frustrates at least one tie of every *bad* cycle: one with an odd number of hostile ties
where there are two camps (Harary 1959), with exactly one where there may be any number of blocs
(Davis 1967). And ties that meet all bad cycles leave a network that can be parted without
frustration. So the best partition is the cheapest set of ties that meets them all (Demaine et al.
2006):

    minimise    Σ |w|·y     such that   Σ y ≥ 1  over each bad cycle,    y = 0 or 1

Only cycles that a solution misses are added. They are shortest paths in a network of two layers:
friendly ties lead within a layer, hostile ties to the other one; with any number of blocs they lead
from the lower to the upper layer only, so that a path meets one of them at most.
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EQUAL = 1e-6
"""Losses nearer than this count as equal: the tolerance of the solver."""

STEP = 1e-4
"""Length of a tie beside its share in the solution, so that cycles of few ties are found first."""


class HittingSet:
    """The integer program of one connected network; rows once found stay.

    Args:
        ends: the two nodes of each tie, `(m, 2)`.
        weights: the weight of each tie with its sign, `(m,)`.
        k: 2, or None for any number of blocs.
        deadline: reading of `time.monotonic` at which to stop.
    """

    def __init__(self, ends: Ints, weights: Floats, k: int | None, deadline: float) -> None:
        self.ends, self.weights, self.k, self.deadline = ends, weights, k, deadline
        self.n = int(ends.max()) + 1
        self.rows: set[tuple[int, ...]] = set()
        self.bound = 0.0
        self.model = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
            self.model.setOptionValue(option, value)
        for weight in np.abs(weights).tolist():
            self.model.addCol(weight, 0.0, 1.0, 0, [], [])
        self.model.cbMipInterrupt += self._stop_in_time

    def relax(self) -> Floats:
        """Return the best fractions of ties that meet every bad cycle.

        `bound` is then a loss that no partition goes below. Where time runs out, the fractions may
        miss some cycles; the bound holds all the same.
        """
        best = np.zeros(len(self.weights))
        while (shares := self._run()) is not None:
            best = shares
            self._raise_bound(self.model.getInfo().objective_function_value)
            if not self._add_missed(shares):
                break
        return best

    def solve(self) -> Floats | None:
        """Return the cheapest ties (1, else 0) that meet every bad cycle and the cuts.

        None where there are none or time ran out, which `timed_out` tells.
        """
        ties = np.arange(len(self.weights), dtype=np.int32)
        kind = np.full(len(ties), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self.model.changeColsIntegrality(len(ties), ties, kind)
        while (shares := self._run()) is not None:
            shares = np.round(shares)
            self._raise_bound(self.model.getInfo().mip_dual_bound)
            if not self._add_missed(shares):
                break
        return shares

    @property
    def timed_out(self) -> bool:
        """Return whether the deadline has passed."""
        return time.monotonic() >= self.deadline

    def forbid(self, hit: NDArray[np.bool_], *, others: bool) -> None:
        """Forbid this very set of ties, and all that hold it unless `others` may be added."""
        ties = np.arange(len(hit)) if others else np.flatnonzero(hit)
        signs = np.where(hit[ties], 1.0, -1.0)
        self._add_row(-highspy.kHighsInf, float(hit.sum()) - 1.0, ties.tolist(), signs.tolist())

    def cap(self, most: float) -> None:
        """Allow no set of ties that weighs more than `most`."""
        weights = np.abs(self.weights)
        self._add_row(-highspy.kHighsInf, most, list(range(len(weights))), weights.tolist())

    def _add_row(self, low: float, high: float, ties: list[int], signs: list[float]) -> None:
        self.model.addRow(low, high, len(ties), ties, signs)

    def _stop_in_time(self, event: Any) -> None:
        """Stop the branching at the deadline; its own time limit was seen to overrun twofold."""
        if self.timed_out:
            event.interrupt()

    def _run(self) -> Floats | None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            return None
        self.model.setOptionValue("time_limit", self.model.getRunTime() + left)
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        shares: Floats = np.clip(np.array(self.model.getSolution().col_value), 0.0, 1.0)
        return shares

    def _raise_bound(self, bound: float) -> None:
        """Keep the bound, raised to the next whole number where all weights are whole."""
        whole = bool((self.weights == np.round(self.weights)).all())
        self.bound = max(self.bound, float(np.ceil(bound - EQUAL)) if whole else bound)

    def _add_missed(self, shares: Floats) -> bool:
        """Add the bad cycles that a solution misses, at most one through each tie."""
        found = self._missed(shares) - self.rows
        for row in sorted(found):
            self._add_row(1.0, highspy.kHighsInf, list(row), [1.0] * len(row))
        self.rows |= found
        return bool(found)

    def _missed(self, shares: Floats) -> set[tuple[int, ...]]:
        n, friendly = self.n, self.weights > 0
        lengths, before = self._shortest_paths(shares + STEP)
        place = np.zeros((n, n), dtype=np.int64)
        place[self.ends[:, 0], self.ends[:, 1]] = np.arange(len(shares))
        place[self.ends[:, 1], self.ends[:, 0]] = np.arange(len(shares))
        starts, targets = self.ends[:, 0], self.ends[:, 1] + n * friendly
        found = set()
        for tie in np.flatnonzero(lengths[starts, targets] + shares < 1 + n * STEP).tolist():
            cycle, node = {tie}, int(targets[tie])
            while node != starts[tie]:
                last = int(before[starts[tie], node])
                cycle.add(int(place[last % n, node % n]))
                node = last
            if shares[list(cycle)].sum() < 1 - EQUAL:
                found.add(tuple(sorted(cycle)))
        return found

    def _shortest_paths(self, step: Floats) -> tuple[Floats, Ints]:
        """Return the lengths from each node of the lower layer to all of both, and the way back.

        Floyd & Warshall, over both layers.
        """
        n = self.n
        lengths = np.full((2 * n, 2 * n), np.inf)
        np.fill_diagonal(lengths, 0.0)
        for (i, j), length, weight in zip(self.ends.tolist(), step, self.weights, strict=True):
            for a, b in ((i, j), (i + n, j + n)) if weight > 0 else ((i, j + n), (j, i + n)):
                lengths[a, b] = length
                if weight > 0 or self.k == 2:
                    lengths[b, a] = length
        before = np.repeat(np.arange(2 * n)[:, None], 2 * n, axis=1)
        for middle in range(2 * n):
            through = lengths[:, middle, None] + lengths[middle]
            nearer = through < lengths
            np.copyto(lengths, through, where=nearer)
            np.copyto(before, np.broadcast_to(before[middle], before.shape), where=nearer)
        return lengths[:n], before[:n]

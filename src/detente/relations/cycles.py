"""The unbalanced cycles of a signed network, and the linear program that they make.

A network is balanced where every cycle has an even number of negative ties (Cartwright & Harary
1956). So the ties that two camps frustrate meet every unbalanced cycle, and the least weight that
meets them all, in shares of ties, is a lower bound of the frustration index:

    minimise    Σ |w|·f
    such that   Σ f ≥ 1    over each unbalanced cycle,    0 ≤ f ≤ 1

The program starts without cycles; those that its solution violates are found by shortest paths and
added, until there are none. Ties may be counted as frustrated, which turns their sign and makes
their share 1 − f: these are the cycle inequalities of the cut polytope (Barahona & Mahjoub 1986).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import highspy
import numpy as np

from detente.relations.signed import SignedNetwork
from detente.relations.switching import Numbers, matrix_of

VIOLATED = 1e-4
"""By how much a solution must violate a cycle for it to be added."""

TIE_BREAK = 1e-7
"""Length added to every tie: paths have no loops of length 0, and fewer ties are shorter."""

Cycle = tuple[tuple[int, bool], ...]
"""The ties of an unbalanced cycle, each with whether it counts as frustrated."""


class CycleProgram:
    """The linear program of one network; a cycle once found stays."""

    def __init__(self, network: SignedNetwork, deadline: float) -> None:
        """Make the program of a network, without cycles yet.

        Args:
            network: the network; each tie weighs 1 or more.
            deadline: when time is out, in seconds of `time.perf_counter`.
        """
        self._network = network
        self._deadline = deadline
        self._tie_of = matrix_of(network, np.arange(network.m, dtype=float)).astype(int)
        self._fixed: dict[int, float] = {}
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]
        self._model.setOptionValue("output_flag", False)
        self._model.setOptionValue("threads", 1)
        for weight in np.abs(network.weights).tolist():
            self._model.addCol(weight, 0.0, 1.0, 0, [], [])

    def fix(self, fixed: dict[int, float]) -> None:
        """Take these ties as satisfied (0) or frustrated (1), and no others."""
        for tie in self._fixed.keys() - fixed.keys():
            self._model.changeColBounds(tie, 0.0, 1.0)
        for tie, value in fixed.items():
            self._model.changeColBounds(tie, value, value)
        self._fixed = fixed

    def solve(self) -> tuple[float, Numbers] | None:
        """Return the bound and each tie's share; None where time ran out.

        The bound is infinite where no two camps agree with the ties taken.
        """
        left = self._deadline - time.perf_counter()
        if left <= 0:
            return None
        self._model.setOptionValue("time_limit", self._model.getRunTime() + left)
        self._model.run()
        status = self._model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return np.inf, np.zeros(self._network.m)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        shares = np.clip(self._model.getSolution().col_value, 0.0, 1.0)
        return self._model.getInfo().objective_function_value, shares

    def add_violated(self, shares: Numbers) -> bool:
        """Add the cycles that a solution violates most, for each tie one; return whether any."""
        found = dict.fromkeys(self._violated(shares))
        for cycle in found:
            ties = [tie for tie, _ in cycle]
            signs = [-1.0 if turned else 1.0 for _, turned in cycle]
            n_turned = signs.count(-1.0)
            self._model.addRow(1.0 - n_turned, highspy.kHighsInf, len(ties), ties, signs)
        return bool(found)

    def _violated(self, shares: Numbers) -> Iterator[Cycle]:
        """Yield for each tie the shortest unbalanced cycle through it that is violated.

        A tie is as long as its share, or where that is shorter, turned and as long as 1 less its
        share. A shortest unbalanced cycle consists of a tie and the shortest paths that lead to
        its ends from the node opposite.
        """
        network = self._network
        first, second = network.ends.T
        turned = shares > 0.5
        signs = np.sign(network.weights)
        paths = ShortestPaths(
            matrix_of(network, np.where(turned, 1 - shares, shares) + TIE_BREAK, empty=np.inf),
            matrix_of(network, np.where(turned, -signs, signs)),
            self._deadline,
        )
        shortest = np.full(network.m, 1.0 - VIOLATED)
        opposite = np.full(network.m, -1)
        closed = np.zeros(network.m, dtype=bool)
        for root, (length, sign) in enumerate(zip(paths.lengths, paths.signs, strict=True)):
            turn = sign[first] * sign[second] * signs > 0
            total = length[first] + length[second] + np.where(turn, 1 - shares, shares)
            shorter = total < shortest
            shortest[shorter], closed[shorter] = total[shorter], turn[shorter]
            opposite[shorter] = root
        for tie in np.flatnonzero(opposite >= 0).tolist():
            a, b = (paths.steps(int(opposite[tie]), int(end)) for end in network.ends[tie])
            ties = [int(self._tie_of[step]) for step in a ^ b]
            yield tuple(sorted([*((t, bool(turned[t])) for t in ties), (tie, bool(closed[tie]))]))


class ShortestPaths:
    """The shortest paths between all nodes (Floyd 1962), and the product of signs along each.

    Where time runs out they are paths still, but not the shortest.
    """

    def __init__(self, lengths: Numbers, signs: Numbers, deadline: float) -> None:
        n = len(lengths)
        self.lengths = lengths.copy()
        np.fill_diagonal(self.lengths, 0.0)
        self._before = np.repeat(np.arange(n)[:, None], n, axis=1)
        for k in range(n):
            if time.perf_counter() > deadline:
                break
            through = self.lengths[:, k, None] + self.lengths[k]
            shorter = through < self.lengths
            np.copyto(self.lengths, through, where=shorter)
            np.copyto(self._before, np.broadcast_to(self._before[k], (n, n)), where=shorter)
        roots = np.arange(n)
        self.signs = np.ones((n, n))
        for nodes in self.lengths.argsort(axis=1, kind="stable").T[1:]:
            before = self._before[roots, nodes]
            self.signs[roots, nodes] = self.signs[roots, before] * signs[before, nodes]

    def steps(self, root: int, node: int) -> set[tuple[int, int]]:
        """Return the steps of the path from a root to a node."""
        before = self._before[root]
        steps = set()
        while node != root:
            steps.add((int(before[node]), node))
            node = int(before[node])
        return steps

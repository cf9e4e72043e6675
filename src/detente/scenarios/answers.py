"""Questions of a case, and their answers: probabilities with error, interval and ICD 203 words.

In: the monthly values that a question asks about, a number a run. Out: an `Outcome`.

Runs come in groups that share all uncertain inputs and differ by chance alone, so an answer's
uncertainty parts into two. Write p for the probability that the inputs of one group imply, P for
its mean. The variance of p comes from a one-way analysis of variance of the groups (Searle,
Casella & McCulloch 1992), which takes the chance within groups out; p is then taken as Beta with
that mean and variance, as for counts that vary by group (Skellam 1948). The answer is P; its
interval holds the middle `LEVEL` of p: what would be said if the inputs were known. Where it
reaches over three bands the words are "not determined".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from detente.extract.likelihood import load_likelihood
from detente.relations.triangle import BY_GOOD_TIES
from detente.scenarios.state import LOOSENING, Floats, broken_by, loosened_by
from detente.schema import Record

Test = Literal["rises", "falls", "above", "below", "loosens", "breaks", "is", "together", "apart"]
VALUE_TESTS: tuple[Test, ...] = ("rises", "falls", "above", "below")
TIE_TESTS: tuple[Test, ...] = (*VALUE_TESTS, "loosens", "breaks")

LEVEL = 0.8
"""Share of the probabilities that uncertain inputs imply inside an answer's interval: the most
extreme tenth on each side is left out."""

TINY = 1e-12
"""Less than any tie; what is not above 0 by that much is not good."""

Key = tuple[str, ...]
Series = Mapping[Key, Floats]
"""Values by month and run, `(months + 1, runs)`, of each field or finding that was asked for."""

Flags = NDArray[np.bool_]


class Question(Record, frozen=True, kw_only=True):
    """What is asked of a case.

    Attributes:
        id: short name.
        text: the question in words.
        about: a field, gauge or finding; `triangle`; or `blocs`.
        names: whom it is about.
        test: what must hold.
        amount: by how much, or above or below what.
        by: month up to which it is asked.
        when: `ever` up to that month, or at its `end`.
        pattern: of a triangle, the pattern that must hold.
        holder: of a triangle, who must be its pivot or outsider.
    """

    id: str
    text: str
    about: str
    names: tuple[str, ...] = ()
    test: Test
    amount: float = LOOSENING
    by: int
    when: Literal["ever", "end"] = "ever"
    pattern: str | None = None
    holder: str | None = None

    def series_keys(self) -> list[Key]:
        """Return the series that the question needs; for blocs the ties at the end suffice."""
        if self.about == "blocs":
            return []
        if self.about == "triangle":
            x, y, z = self.names
            return [("ties", x, y), ("ties", x, z), ("ties", y, z)]
        return [(self.about, *self.names)]


class Outcome(Record, frozen=True, kw_only=True):
    """The answer to one question of a case.

    Attributes:
        case: name of the case.
        question: id of the question.
        text: the question in words.
        probability: over all runs.
        error: standard error of it from the number of runs (Monte Carlo error).
        low: lower end of the interval over the uncertain inputs.
        high: upper end of it.
        band: ICD 203 words, or `not determined`.
        by_inputs: share of the answer's variance that comes from uncertain inputs; the rest is
            chance.
        baseline: probability without the moves.
        effect: probability less that of the baseline.
        effect_error: standard error of it, runs compared pair by pair.
        drivers: inputs that move the answer most, the first first.
        assumptions: those of the drivers that rest on an assumption.
        ties: sources of the ties that the question is about.
        seed: seed of the run.
    """

    case: str
    question: str
    text: str
    probability: float
    error: float
    low: float
    high: float
    band: str
    by_inputs: float
    baseline: float
    effect: float
    effect_error: float
    drivers: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    seed: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability from runs in groups.

    Attributes:
        probability: mean over all runs.
        error: its standard error; groups count, not runs, as far as their runs are alike.
        low: lower end of the interval over groups.
        high: upper end of it.
        by_inputs: intraclass correlation, the share of the variance between groups.
    """

    probability: float
    error: float
    low: float
    high: float
    by_inputs: float

    @property
    def band(self) -> str:
        """Return the ICD 203 words of it, or that it is not determined."""
        return load_likelihood().words_of(self.probability, self.low, self.high)


def score_question(question: Question, series: Series, camps: NDArray[np.int64]) -> Floats:
    """Return for each run by how much the answer is yes: 0 or more where it is.

    Args:
        question: what is asked.
        series: the values that `question.series_keys()` names.
        camps: two rows, the camp in which each of two actors of a question about blocs ends.
    """
    if question.about == "blocs":
        together = camps[0] == camps[1]
        return np.where(together == (question.test == "together"), 1.0, -1.0)
    paths = [series[key] for key in question.series_keys()]
    months = slice(1, question.by + 1) if question.when == "ever" else slice(question.by, None)
    if question.about == "triangle":
        found = _score_triangle(question, [path[months] for path in paths])
    else:
        found = _score_value(question, paths[0][months], paths[0][0])
    best: Floats = found[: question.by].max(axis=0) if question.when == "ever" else found[0]
    return best


def _score_value(question: Question, path: Floats, start: Floats) -> Floats:
    scores = {
        "rises": lambda: path - start - question.amount,
        "falls": lambda: start - path - question.amount,
        "above": lambda: path - question.amount,
        "below": lambda: question.amount - path,
        "loosens": lambda: loosened_by(path, start),
        "breaks": lambda: broken_by(path, start),
    }
    return np.asarray(scores[question.test]())


def _score_triangle(question: Question, sides: list[Floats]) -> Floats:
    """Return how far the ties are from leaving the pattern, with its holder; below 0 it is not.

    That is the weakest of the three ties in the signs of the pattern, at the best of the sign
    patterns that count. A tie of 0 is no good one.
    """
    n_good = [*map(str, BY_GOOD_TIES)].index(str(question.pattern))
    found = np.full(sides[0].shape, -1.0)
    for good in product((True, False), repeat=3):
        # The third side is the one that the pivot or the outsider has no part in.
        away = 2 - question.names.index(question.holder) if question.holder else None
        if sum(good) != n_good or (away is not None and good.count(good[away]) != 1):
            continue
        margins = [side - TINY if plus else -side for side, plus in zip(sides, good, strict=True)]
        found = np.maximum(found, np.minimum.reduce(margins))
    return found


def groups_of(runs: int, draws: int) -> NDArray[np.int64]:
    """Return the group of each run; runs of one group share all uncertain inputs."""
    return np.arange(runs) % draws


def estimate(hits: Flags, draws: int) -> Estimate:
    """Return the probability of a yes, with its error and interval.

    With no hit at all the error is that of about one hit (Agresti & Coull 1998), for no number of
    runs makes sure of a zero.
    """
    runs = len(hits)
    mean, shared, size = _part_variance(hits.astype(float), draws)
    spread = mean * (1 - mean)
    by_inputs = min(max(shared / spread, 0.0), 1.0) if spread > 0 else 0.0
    near = (hits.sum() + 1) / (runs + 2)
    effective = runs / (1 + (size - 1) * by_inputs)
    low, high = _beta_interval(mean, by_inputs)
    return Estimate(mean, math.sqrt(near * (1 - near) / effective), low, high, by_inputs)


def compare(hits: Flags, others: Flags, draws: int) -> tuple[float, float]:
    """Return the mean difference of two sets of paired runs, and its standard error by groups."""
    gaps = hits.astype(float) - others.astype(float)
    groups = groups_of(len(gaps), draws)
    means = np.bincount(groups, gaps) / np.bincount(groups)
    return float(gaps.mean()), float(means.std(ddof=1) / math.sqrt(draws))


def _part_variance(values: Floats, draws: int) -> tuple[float, float, float]:
    """Return mean, variance between groups, and mean size of a group, by analysis of variance."""
    groups = groups_of(len(values), draws)
    sizes = np.bincount(groups)
    means = np.bincount(groups, values) / sizes
    mean = float(values.mean())
    size = float((len(values) - (sizes**2).sum() / len(values)) / (draws - 1))
    if len(values) == draws:  # groups of one: nothing tells chance from inputs
        return mean, float(values.var()), 1.0
    between = (sizes * (means - mean) ** 2).sum() / (draws - 1)
    within = ((values - means[groups]) ** 2).sum() / (len(values) - draws)
    return mean, float((between - within) / size), size


def _beta_interval(mean: float, correlation: float) -> tuple[float, float]:
    """Return the middle `LEVEL` of the Beta distribution of a mean and intraclass correlation."""
    if correlation < 1e-4 or not 0 < mean < 1:
        return mean, mean
    concentration = 1 / min(correlation, 0.999) - 1
    ends = betaincinv(
        mean * concentration, (1 - mean) * concentration, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    )
    # Where nearly all inputs lead to one answer, both ends lie on one side of the mean.
    return float(min(ends[0], mean)), float(max(ends[1], mean))

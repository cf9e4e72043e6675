"""Which inputs move an answer: first-order and total Sobol indices.

In: a model of numbers between 0 and 1, a row an input. Out: for each factor the share of the
output's variance that it explains alone (first order) and with all that it interacts with (total).

Two independent samples A and B; C_i is A with the rows of factor i from B. First order after
Saltelli et al. (2010, table 2 b), total after Jansen (1999):

    S_i = mean(f_B (f_Ci - f_A)) / V        T_i = mean((f_A - f_Ci)²) / 2 V

Chance inside a run is a factor like the others: A and B have each their own chances, and C_i keeps
those of A. So it neither blurs the indices of the inputs nor is left out. Only the `SCREENED`
inputs that go best with an answer are factors of their own; all others together are one more, so
nothing is assumed away by the screening. Errors are those of the mean over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from detente.scenarios.inputs import Inputs
from detente.scenarios.paths import Sample
from detente.scenarios.state import Floats
from detente.schema import Record

SCREENED = 12
"""Inputs that are factors of their own: those with the highest correlation with any answer."""

THREADS = 2
"""Samples that are run at once; each has its own seed, so that the result is the same."""

OTHERS = "all other inputs"
CHANCE = "chance"

Model = Callable[[Sample], Mapping[str, Floats]]
"""Gives for a sample the score of each question, one a run."""


class Driver(Record, frozen=True, kw_only=True):
    """How much of an answer one input explains.

    Attributes:
        input: name of the input, `all other inputs` or `chance`.
        source: what it rests on; empty for the last two.
        assumed: share of it that rests on assumptions: 0 or 1, or between for all other inputs.
        first: first-order index: its share of the variance, alone.
        first_error: standard error.
        total: total index: with all that it interacts with.
        total_error: standard error.
    """

    input: str
    source: str
    assumed: float
    first: float
    first_error: float
    total: float
    total_error: float


class Sensitivity(Record, frozen=True, kw_only=True):
    """What moves the answer to a question.

    Attributes:
        question: its id.
        rows: rows of each of the samples A and B.
        drivers: by total index, the greatest first; empty where the answer never varies.
    """

    question: str
    rows: int
    drivers: tuple[Driver, ...]


def find_drivers(
    model: Model,
    inputs: Inputs,
    *,
    sample: Sample,
    scores: Mapping[str, Floats],
    rows: int,
) -> list[Sensitivity]:
    """Return what moves the score of each question.

    The score says by how much the answer is yes; it varies also where the yes never does.

    Args:
        model: what is to be explained.
        inputs: the inputs, in the order of the sample's rows.
        sample: a plain random sample, to screen the inputs with.
        scores: the model's scores for it.
        rows: rows of each of the two samples that are drawn.
    """
    names = list(inputs)
    chosen = _screen(inputs, sample.units, scores)
    free = [i for i, one in enumerate(inputs.values()) if one.low < one.high and i not in chosen]
    factors: dict[str, list[int]] = {names[i]: [i] for i in chosen}
    factors |= {OTHERS: free} if free else {}
    rng = np.random.default_rng([sample.seed, 1])
    one, other = (
        Sample(rng.random((len(names), rows)), seed)
        for seed in (int(value) for value in rng.integers(2**31, size=2))
    )
    samples = [one, other, *(_mix(one, other, places) for places in factors.values())]
    samples.append(Sample(one.units, other.seed))
    with ThreadPoolExecutor(THREADS) as pool:
        base, second, *others = pool.map(model, samples)
    mixed = dict(zip([*factors, CHANCE], others, strict=True))
    found = []
    for question in scores:
        changed = {name: result[question] for name, result in mixed.items()}
        indices = sobol_indices(base[question], second[question], changed)
        drivers = [_driver(name, index, inputs, factors) for name, index in indices.items()]
        ranked = tuple(sorted(drivers, key=lambda driver: (-driver.total, driver.input)))
        found.append(Sensitivity(question=question, rows=rows, drivers=ranked))
    return found


def _screen(inputs: Inputs, units: Floats, scores: Mapping[str, Floats]) -> list[int]:
    """Return the places of the inputs that correlate most with any score."""
    free = [i for i, interval in enumerate(inputs.values()) if interval.low < interval.high]
    centred = units[free] - units[free].mean(axis=1, keepdims=True)
    size = np.linalg.norm(centred, axis=1)
    best = np.zeros(len(free))
    for score in scores.values():
        gaps = score - score.mean()
        if (norm := np.linalg.norm(gaps)) > 0:
            best = np.maximum(best, np.abs(centred @ gaps) / (size * norm))
    order = np.argsort(-best, kind="stable")[:SCREENED]
    return [free[place] for place in order]


def _mix(one: Sample, other: Sample, places: Sequence[int]) -> Sample:
    units = one.units.copy()
    units[places] = other.units[places]
    return Sample(units, one.seed)


Index = tuple[Floats, Floats]
"""First-order and total index, each with its standard error."""


def sobol_indices(base: Floats, second: Floats, changed: Mapping[str, Floats]) -> dict[str, Index]:
    """Return the indices of each factor; none where the output does not vary.

    Args:
        base: output on sample A.
        second: output on sample B.
        changed: for each factor the output on A with that factor from B.
    """
    everything = np.concatenate([base, second])
    variance = float(everything.var())
    if variance < 1e-18:
        return {}
    middle = everything.mean()  # centring leaves the index and takes noise from its estimate
    found = {}
    for name, output in changed.items():
        first = (second - middle) * (output - base) / variance
        total = (base - output) ** 2 / (2 * variance)
        found[name] = (_mean_and_error(first), _mean_and_error(total))
    return found


def _mean_and_error(values: Floats) -> Floats:
    return np.array([values.mean(), values.std(ddof=1) / np.sqrt(len(values))])


def _driver(
    name: str, index: Index, inputs: Inputs, factors: Mapping[str, Sequence[int]]
) -> Driver:
    intervals = list(inputs.values())
    part_of = [intervals[place].kind == "assumption" for place in factors.get(name, ())]
    first, total = index
    return Driver(
        input=name,
        source=inputs[name].source if name in inputs else "",
        assumed=sum(part_of) / len(part_of) if part_of else 0.0,
        first=float(first[0]),
        first_error=float(first[1]),
        total=float(total[0]),
        total_error=float(total[1]),
    )


def assumed_share(found: Sequence[Sensitivity]) -> float | None:
    """Return the share of the inputs' total indices that rests on assumptions, over all questions.

    Chance is left out: it is no input. None where no input moves any answer.
    """
    drivers = [driver for one in found for driver in one.drivers if driver.input != CHANCE]
    weights = np.array([driver.total for driver in drivers])
    if not weights.sum() > 0:
        return None
    return float(weights @ np.array([driver.assumed for driver in drivers]) / weights.sum())

"""Simulation of a case: seeded Monte Carlo over its inputs and chances, and what comes of it.

In: a `Case`. Out: a `CaseRun`: answers with their errors, the triangle by month, the blocs at the
end, how ties go, what moved them, the same without the moves, what drives the answers, and every
assumption and source. It holds the case itself, so one file is enough to run it again; the same
seed gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.relations.enumeration import best_partitions
from detente.relations.triangle import BY_GOOD_TIES
from detente.scenarios.answers import (
    Key,
    Outcome,
    Question,
    compare,
    estimate,
    groups_of,
    score_question,
)
from detente.scenarios.case import Case
from detente.scenarios.inputs import Inputs
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.scenarios.paths import Paths, Sample, trace_paths
from detente.scenarios.results import (
    QUANTILES,
    Baseline,
    Basis,
    BlocShare,
    CaseRun,
    TiePath,
    TriangleMonth,
    UsedMechanism,
)
from detente.scenarios.sensitivity import (
    THREADS,
    Driver,
    Sensitivity,
    assumed_share,
    find_drivers,
)
from detente.scenarios.state import Floats

REPEATS = 4
"""Runs that share one draw of the inputs: enough to tell chance from inputs, and a quarter of the
runs is left for the inputs, which are what is least known."""

LEAST_RUNS = 8

MOST_BLOCS = 12
"""Alignments that are listed."""

MOST_ROWS = 512
"""Rows of each sample of the sensitivity; errors of an index are then some 0.03."""

TOP, LEAST_INDEX = 5, 0.02
"""Drivers that an answer names, and the least total index of one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Traced:
    """The runs of a case, the camps at their end, and how each question scores in them."""

    seed: int
    paths: Paths
    camps: NDArray[np.int64]
    scores: Mapping[str, Floats]


def run_case(
    case: Case,
    *,
    runs: int = 2000,
    seed: int = 1,
    mechanisms: Mapping[str, Mechanism] = MECHANISMS,
) -> CaseRun:
    """Return what comes of a case in `runs` runs; the same seed gives the same result.

    Raises:
        InputError: too few runs, or a mechanism fails.
    """
    if runs < LEAST_RUNS:
        raise InputError(f"{runs} runs are too few; take {LEAST_RUNS} or more")
    draws = math.ceil(runs / REPEATS)
    inputs, keys = case.inputs(), _keys(case)
    units = np.random.default_rng(seed).random((len(inputs), draws))
    sample = Sample(units[:, groups_of(runs, draws)], seed)
    found, without = _trace_both(case, sample, keys, mechanisms)
    sensitivity = find_drivers(
        lambda some: _scores_of(case, some, keys, mechanisms),
        inputs,
        sample=sample,
        scores=found.scores,
        rows=min(max(runs // REPEATS, 32), MOST_ROWS),
    )
    answers = [
        _answer(case, question, (found, without), draws, one)
        for question, one in zip(case.questions, sensitivity, strict=True)
    ]
    return CaseRun(
        case=case.name,
        title=case.title,
        seed=seed,
        runs=runs,
        version=version("detente"),
        start=case.start,
        months=case.months,
        answers=answers,
        triangle=_triangle(case, found.paths),
        blocs=_blocs(case, found.camps),
        ties=_tie_paths(case, found.paths, without.paths, keys),
        contributions=list(found.paths.contributions),
        findings={name: _quantiles(row) for name, row in found.paths.findings.items()},
        baseline=Baseline(
            answers={answer.question: answer.baseline for answer in answers},
            triangle=_triangle(case, without.paths),
            blocs=_blocs(case, without.camps),
        ),
        sensitivity=sensitivity,
        assumed=assumed_share(sensitivity),
        assumptions=_bases(inputs, ("assumption",)),
        sources=_bases(inputs, ("table", "record")),
        mechanisms=[_describe(mechanisms[use.mechanism], use.name) for use in case.mechanisms],
        definition=case,
    )


def case_without_moves(case: Case) -> Case:
    """Return the baseline of a case: the same without the moves that are not given."""
    given = tuple(move for move in case.moves if move.given)
    return msgspec.structs.replace(case, moves=given)


def _keys(case: Case) -> list[Key]:
    """Return what is to be kept of the runs: what questions need, and the triangle's ties."""
    sides = [_in_order(case, ("ties", a, b)) for a, b in combinations(case.triangle, 2)]
    asked = [key for question in case.questions for key in question.series_keys()]
    return list(dict.fromkeys([*sides, *(_in_order(case, key) for key in asked)]))


def _in_order(case: Case, key: Key) -> Key:
    """Return the key with the ends of a tie in the case's order of actors."""
    return ("ties", *sorted(key[1:], key=case.actors.index)) if key[0] == "ties" else key


def _trace_both(
    case: Case, sample: Sample, keys: Sequence[Key], mechanisms: Mapping[str, Mechanism]
) -> tuple[_Traced, _Traced]:
    """Return the runs of a case, and of it without its moves on the same draws."""
    bare = case_without_moves(case)
    shared = Sample(sample.units[: len(bare.inputs())], sample.seed)
    with ThreadPoolExecutor(THREADS) as pool:
        found, without = (
            pool.submit(_trace, one, drawn, keys, mechanisms)
            for one, drawn in ((case, sample), (bare, shared))
        )
        return found.result(), without.result()


def _trace(
    case: Case, sample: Sample, keys: Sequence[Key], mechanisms: Mapping[str, Mechanism]
) -> _Traced:
    paths = trace_paths(case, sample, keys, mechanisms, has_account=True)
    camps = _camps(paths, sample)
    return _Traced(sample.seed, paths, camps, _score(case, paths, camps))


def _scores_of(
    case: Case, sample: Sample, keys: Sequence[Key], mechanisms: Mapping[str, Mechanism]
) -> dict[str, Floats]:
    """Return the scores alone; camps are looked for only where a question is about them."""
    paths = trace_paths(case, sample, keys, mechanisms)
    is_about_camps = any(question.about == "blocs" for question in case.questions)
    empty = np.zeros((sample.runs, len(case.actors)), dtype=np.int64)
    return _score(case, paths, _camps(paths, sample) if is_about_camps else empty)


def _camps(paths: Paths, sample: Sample) -> NDArray[np.int64]:
    """Return the camps at the end of each run, `(runs, actors)`."""
    # Beyond the reach of exact camps the search is by chance, from a fixed seed.
    rng = np.random.default_rng([sample.seed, 2])
    return best_partitions(paths.final.ties, k=2, rng=rng)


def _score(case: Case, paths: Paths, camps: NDArray[np.int64]) -> dict[str, Floats]:
    """Return how each question scores in each run."""
    scores = {}
    for question in case.questions:
        pair = [case.actors.index(name) for name in question.names if question.about == "blocs"]
        series = {key: paths.series[_in_order(case, key)] for key in question.series_keys()}
        scores[question.id] = score_question(question, series, camps.T[pair])
    return scores


def _answer(
    case: Case,
    question: Question,
    traced: tuple[_Traced, _Traced],
    draws: int,
    sensitivity: Sensitivity,
) -> Outcome:
    """Return the answer to a question from the runs with and without the moves."""
    inputs = case.inputs()
    hits, others = (one.scores[question.id] >= 0 for one in traced)
    result = estimate(hits, draws)
    effect, effect_error = compare(hits, others, draws)
    drivers = [one for one in sensitivity.drivers if one.source and _matters(one)][:TOP]
    sides = [_in_order(case, key) for key in question.series_keys() if key[0] == "ties"]
    return Outcome(
        case=case.name,
        question=question.id,
        text=question.text,
        probability=result.probability,
        error=result.error,
        low=result.low,
        high=result.high,
        band=result.band,
        by_inputs=result.by_inputs,
        baseline=float(others.mean()),
        effect=effect,
        effect_error=effect_error,
        drivers=tuple(driver.input for driver in drivers),
        assumptions=tuple(driver.source for driver in drivers if driver.assumed),
        ties=tuple(inputs[" ".join(side)].source for side in sides),
        seed=traced[0].seed,
    )


def _matters(driver: Driver) -> bool:
    """Return whether an input's index is neither small nor within its error."""
    return driver.total >= max(LEAST_INDEX, 2 * driver.total_error)


def _triangle(case: Case, paths: Paths) -> list[TriangleMonth]:
    if not case.triangle:
        return []
    sides = [
        paths.series[_in_order(case, ("ties", a, b))] for a, b in combinations(case.triangle, 2)
    ]
    good = np.stack(sides) > 0
    return [
        _triangle_month(case.triangle, month, good[:, month]) for month in range(case.months + 1)
    ]


def _triangle_month(trio: Sequence[str], month: int, good: NDArray[np.bool_]) -> TriangleMonth:
    """Return the patterns of one month; `good` has a row a side: first two, ends, last two."""
    n_good = good.sum(axis=0)
    patterns = {str(name): float((n_good == n).mean()) for n, name in enumerate(BY_GOOD_TIES)}
    roles = {}
    for place, actor in enumerate(trio):
        away = good[2 - place]
        roles[f"romantic triangle, pivot {actor}"] = float(((n_good == 2) & ~away).mean())
        roles[f"stable marriage, outsider {actor}"] = float(((n_good == 1) & away).mean())
    return TriangleMonth(month=month, patterns=patterns, roles=roles)


def _blocs(case: Case, camps: NDArray[np.int64]) -> list[BlocShare]:
    """Return the alignments by share; beyond `MOST_BLOCS` they are left out, so the sum is less."""
    rows, counts = np.unique(camps != camps[:, :1], axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_BLOCS]
    return [
        BlocShare(
            camps=(
                tuple(np.array(case.actors)[~rows[place]].tolist()),
                tuple(np.array(case.actors)[rows[place]].tolist()),
            ),
            share=float(counts[place] / len(camps)),
        )
        for place in order
    ]


def _tie_paths(case: Case, paths: Paths, without: Paths, keys: Sequence[Key]) -> list[TiePath]:
    inputs = case.inputs()
    return [
        TiePath(
            a=key[1],
            b=key[2],
            source=inputs[" ".join(key)].source,
            quantiles=[_quantiles(row) for row in paths.series[key]],
            without=[_quantiles(row) for row in without.series[key]],
        )
        for key in keys
        if key[0] == "ties"
    ]


def _quantiles(row: Floats) -> list[float]:
    found: list[float] = np.quantile(row, QUANTILES).round(6).tolist()
    return found


def _bases(inputs: Inputs, kinds: Sequence[str]) -> list[Basis]:
    """Return what inputs of some kinds rest on, in the order of the inputs."""
    by_source: dict[str, list[str]] = {}
    for name, interval in inputs.items():
        if interval.kind in kinds:
            by_source.setdefault(interval.source, []).append(name)
    return [
        Basis(
            source=source,
            inputs=tuple(names),
            low=min(inputs[name].low for name in names),
            high=max(inputs[name].high for name in names),
            note=inputs[names[0]].note,
        )
        for source, names in by_source.items()
    ]


def _describe(kind: Mechanism, name: str) -> UsedMechanism:
    return UsedMechanism(
        id=kind.id,
        name=name,
        title=kind.title,
        family=kind.family,
        model=kind.model,
        reference=kind.reference,
    )

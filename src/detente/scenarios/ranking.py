"""Where the right answers stand among all candidates: ranks under the time-aware filter.

In: scores of a whole day's queries and their answers. Out: the rank of each answer, the other true
answers of that query and day taken out, ties at their mean; and how sure the top candidate was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.scenarios.counts import Floats, Ints
from detente.scenarios.mixture import Doubles


@dataclass(slots=True, frozen=True)
class Ranking:
    """Of each query the rank of its answer, the top candidate's probability, and whether right.

    Attributes:
        ranks: 1 is best.
        stated: the probability of the top-ranked candidate, the other true answers left out.
        right: 1 where that candidate is the answer, 0 elsewhere.
    """

    ranks: Doubles
    stated: Doubles
    right: Doubles


def rank_answers(scores: Floats, queries: Ints, answers: Ints) -> Ranking:
    """Return where each answer stands.

    Args:
        scores: log-probabilities (queries, entities); for ranks alone any scores will do.
        queries: rows (s, r) of the whole day, both directions.
        answers: the entity that completes each.
    """
    true: dict[tuple[int, int], list[int]] = {}
    keys = [(int(s), int(r)) for s, r in queries]
    for key, answer in zip(keys, answers.tolist(), strict=True):
        true.setdefault(key, []).append(answer)
    result = Ranking(*(np.empty(len(answers)) for _ in range(3)))
    for i, (key, answer) in enumerate(zip(keys, answers.tolist(), strict=True)):
        row = scores[i].astype(np.float64)
        others = [other for other in set(true[key]) if other != answer]
        left = 1 - float(np.exp(row[others]).sum())
        row[others] = -np.inf
        target, top = row[answer], int(row.argmax())
        equal = np.count_nonzero(row == target) - 1
        result.ranks[i] = 1 + np.count_nonzero(row > target) + equal / 2
        result.stated[i] = min(float(np.exp(row[top])) / max(left, 1e-12), 1.0)
        result.right[i] = top == answer
    return result


def join_rankings(rankings: Iterable[Ranking]) -> Ranking:
    """Return the rankings of several days as one."""
    days = list(rankings)
    return Ranking(
        np.concatenate([day.ranks for day in days]),
        np.concatenate([day.stated for day in days]),
        np.concatenate([day.right for day in days]),
    )


def summarise_ranks(ranks: Doubles, hits: Sequence[int] = (1, 3, 10)) -> dict[str, float]:
    """Return the mean reciprocal rank and the share of ranks up to each bound, as fractions."""
    figures = {"mrr": float((1 / ranks).mean())}
    return figures | {f"hits{bound}": float((ranks <= bound).mean()) for bound in hits}

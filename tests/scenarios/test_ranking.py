from __future__ import annotations

import numpy as np
import pytest

from detente.scenarios.ranking import join_rankings, rank_answers, summarise_ranks

SHARES = np.log(np.array([[0.1, 0.5, 0.4], [0.1, 0.5, 0.4], [0.2, 0.4, 0.4]]))


@pytest.mark.parametrize(
    ("answers", "ranks"),
    [
        ([1, 2, 0], [1.0, 1.0, 3.0]),  # the other answer of the same query is left out
        ([0, 0, 1], [3.0, 3.0, 1.5]),  # a tie has its mean
    ],
)
def test_rank_answers(answers: list[int], ranks: list[float]) -> None:
    queries = np.array([[0, 0], [0, 0], [1, 0]])
    assert rank_answers(SHARES, queries, np.array(answers)).ranks.tolist() == ranks


def test_rank_answers_states_the_top_candidates_share_of_what_is_left() -> None:
    queries = np.array([[0, 0], [0, 0], [1, 0]])
    ranking = rank_answers(SHARES, queries, np.array([1, 2, 0]))
    assert ranking.stated == pytest.approx([0.5 / 0.6, 0.4 / 0.5, 0.4])
    assert ranking.right.tolist() == [1, 1, 0]


def test_join_and_summarise() -> None:
    queries = np.array([[0, 0], [1, 0], [2, 0]])
    day = rank_answers(SHARES, queries, np.array([1, 0, 1]))
    joined = join_rankings([day, day])
    assert joined.ranks.tolist() == [1, 3, 1.5] * 2
    assert summarise_ranks(joined.ranks) == pytest.approx(
        {"mrr": (1 + 1 / 3 + 1 / 1.5) / 3, "hits1": 1 / 3, "hits3": 1, "hits10": 1}
    )

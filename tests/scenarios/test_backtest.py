from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.errors import InputError
from detente.scenarios.backtest import (
    Climatology,
    Model,
    Persistence,
    run_backtest,
    score_backtest,
)
from detente.scenarios.logistic import Floats
from detente.scenarios.occurrence import NAME, OccurrenceModel
from detente.scenarios.questions import Question, parse_question
from tests.scenarios.histories import FIRST, busy_world, history

MODELS: list[Model] = [OccurrenceModel(), Climatology(), Persistence()]
QUESTIONS = [
    parse_question(text)
    for text in (
        "USA RUS CONSULT within 7 days",
        "USA CHN ACCUSE within 7 days",
        "IND-JPN MATERIAL_CONFLICT within 14 days",
    )
]


@dataclass
class Witness:
    """A model that notes the newest day that it is shown, and knows the answer by heart."""

    seen: list[date]
    name: str = "witness"

    def fit(self, events: pl.DataFrame, origin: date) -> Witness:
        newest = events["date"].max()
        assert isinstance(newest, date)
        assert newest <= origin
        self.seen.append(newest)
        return self

    def predict(self, questions: Sequence[Question]) -> Floats:
        return np.full(len(questions), 0.5)


def origins(*days: int) -> list[date]:
    return [FIRST + timedelta(days=day) for day in days]


def test_no_model_is_shown_the_future() -> None:
    witness = Witness([])
    run_backtest(history(busy_world(100)), QUESTIONS, origins(60, 80), [witness])
    assert witness.seen == origins(60, 80)


def test_a_changed_future_moves_nothing() -> None:
    past = [row for row in busy_world(120) if row[0] <= 90]
    calm = history([*past, (150, "USA", "RUS", "AID")])
    storm = history([*past, *((day, "USA", "RUS", "CONSULT") for day in range(91, 151))])
    names = [model.name for model in MODELS]
    said = [run_backtest(each, QUESTIONS, origins(90), MODELS)[names] for each in (calm, storm)]
    assert said[0].equals(said[1])


def test_what_happened_is_counted_from_the_day_after_the_origin() -> None:
    rows = [(0, "USA", "RUS", "CONSULT"), (47, "RUS", "USA", "CONSULT"), (90, "USA", "RUS", "AID")]
    table = run_backtest(history(rows), QUESTIONS[:1], origins(39, 40, 46, 47), [Persistence()])
    assert table["happened"].to_list() == [0, 1, 1, 0]
    assert table["persistence"].to_list() == [0, 0, 0, 1]


def test_an_unfinished_horizon_is_not_judged() -> None:
    rows = [(0, "USA", "RUS", "CONSULT"), (60, "USA", "RUS", "CONSULT")]
    table = run_backtest(history(rows), QUESTIONS[:1], origins(40, 53, 54), [Persistence()])
    assert table["origin"].to_list() == origins(40, 53)
    with pytest.raises(InputError, match="no question could be asked"):
        run_backtest(history(rows), QUESTIONS[:1], origins(54), [Persistence()])


def test_climatology_is_the_share_of_earlier_windows() -> None:
    mondays = [(day, "USA", "RUS", "CONSULT") for day in range(0, 140, 7)]
    rest = [(day, "CHN", "IND", "AID") for day in range(0, 140, 20)]
    asked = [parse_question(f"USA RUS CONSULT within {days} days") for days in (1, 7)]
    fitted = Climatology().fit(history([*mondays, *rest]), FIRST + timedelta(days=139))
    day, week = fitted.predict(asked)
    assert day == pytest.approx(1 / 7, abs=0.02)
    assert week > 0.9


def test_climatology_needs_some_windows() -> None:
    with pytest.raises(InputError, match="too short"):
        Climatology().fit(history([(0, "USA", "RUS", "AID")]), FIRST).predict(QUESTIONS)


def test_two_models_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="one name"):
        run_backtest(history(busy_world(60)), QUESTIONS, origins(40), [Persistence()] * 2)


def scored(ours: list[float], theirs: list[float], happened: list[float]) -> pl.DataFrame:
    n = len(ours)
    return pl.DataFrame(
        {
            "origin": [FIRST + timedelta(days=7 * i) for i in range(n)],
            "source": ["USA", "RUS"] * (n // 2),
            "target": ["CHN"] * n,
            "kind": ["ANY"] * n,
            "directed": [False] * n,
            "horizon_days": [7] * n,
            "happened": happened,
            "ours": ours,
            "climatology": theirs,
        }
    )


def test_scores_of_a_better_and_of_an_equal_model() -> None:
    happened = [1.0, 0.0, 1.0, 0.0]
    [better] = score_backtest(scored([0.9, 0.1] * 2, [0.5] * 4, happened), "ours")
    assert better.skill == pytest.approx(1 - 0.01 / 0.25)
    assert better.low == pytest.approx(better.high)
    assert (better.n, better.happened) == (4, 0.5)
    assert [row.observed for row in better.reliability] == [0, 1]
    [equal] = score_backtest(scored([0.5] * 4, [0.5] * 4, happened), "ours")
    assert (equal.skill, equal.low, equal.high) == (0, 0, 0)


def test_the_interval_draws_whole_dyads() -> None:
    # All forecasts of one dyad are better, all of the other worse: more days make that no surer.
    ours, theirs = [0.0, 0.8] * 50, [0.4, 0.4] * 50
    [score] = score_backtest(scored(ours, theirs, [0.0] * 100), "ours")
    assert score.low < 0 < score.high


def test_a_backtest_is_the_same_twice() -> None:
    events = history(busy_world(140))
    tables = [run_backtest(events, QUESTIONS, origins(100, 114), MODELS) for _ in range(2)]
    assert tables[0].equals(tables[1])
    assert score_backtest(tables[0], NAME) == score_backtest(tables[1], NAME)

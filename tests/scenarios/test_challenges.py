from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detente.errors import InputError
from detente.scenarios.challenges import (
    CAPITULATION,
    COMPROMISE,
    CONFRONTATION,
    CONVERGED,
    OPEN,
    OSCILLATING,
    Rounds,
    find_medians,
    moves_of,
    play_rounds,
    settle,
)

GRID = st.integers(0, 16).map(lambda n: n / 16)
SHARES = st.integers(1, 16).map(lambda n: n / 16)
TABLES = st.integers(2, 6).flatmap(
    lambda n: st.tuples(
        arrays(float, (1, n), elements=GRID),
        arrays(float, (1, n), elements=SHARES),
        arrays(float, (1, n), elements=SHARES),
    )
)


def played(means: list[float], *, last_move: float = 1.0) -> Rounds:
    """Return rounds of one player and one run with these means, also as medians."""
    n = len(means)
    positions = np.zeros((n, 1, 1))
    positions[-1] = last_move
    column = np.array(means)[:, None]
    return Rounds(
        positions=positions,
        medians=column,
        means=column,
        risks=np.ones((n - 1, 1, 1)),
        kinds=np.zeros((n - 1, 1, 1), dtype=np.int64),
        others=np.zeros((n - 1, 1, 1), dtype=np.int64),
        span=np.ones(1),
    )


@pytest.mark.parametrize(
    ("means", "last_move", "status", "forecast", "low", "high"),
    [
        ([0.1, 0.2, 0.2], 0.0, CONVERGED, 0.2, 0.2, 0.2),
        ([0.1, 0.2, 0.3], 1.0, OPEN, 0.3, 0.3, 0.3),
        ([0.1, 0.3, 0.2], 1.0, OPEN, 0.2, 0.2, 0.2),
        ([0.1, 0.3, 0.2, 0.4], 1.0, OSCILLATING, 0.3, 0.2, 0.4),
        ([0.1, 0.3, 0.2, 0.4], 0.0, CONVERGED, 0.4, 0.4, 0.4),
        ([0.1, 0.3, 0.3, 0.2, 0.2, 0.4], 1.0, OSCILLATING, 0.8 / 3, 0.2, 0.4),
    ],
)
def test_settle_tells_rest_from_swings_and_from_being_on_the_way(
    means: list[float], last_move: float, status: int, forecast: float, low: float, high: float
) -> None:
    end = settle(played(means, last_move=last_move))
    assert end.status[0] == status
    assert [end.forecast[0], end.low[0], end.high[0]] == pytest.approx([forecast, low, high])


@pytest.mark.parametrize(
    ("positions", "weights", "median"),
    [
        ([1, 2, 3], [1, 1, 1], 2),
        ([3, 1, 2], [1, 1, 5], 2),
        ([0, 10], [1, 1], 5),
        ([0, 4, 10], [0.3, 0, 0.3], 5),
        ([0, 10], [1, 1.1], 10),
        ([7], [0.2], 7),
    ],
)
def test_find_medians(positions: list[float], weights: list[float], median: float) -> None:
    found = find_medians(np.array([positions], dtype=float), np.array([weights], dtype=float))
    assert found.tolist() == [median]


@given(TABLES)
def test_the_median_wins_every_pairwise_vote(
    table: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    positions, capability, salience = table
    weights = capability * salience
    median = find_medians(positions, weights)[0]
    loss = [float((weights * np.abs(positions - x)).sum()) for x in positions[0]]
    assert (weights * np.abs(positions - median)).sum() <= min(loss) + 1e-9


def test_players_who_agree_never_move() -> None:
    found = play_rounds([[3.0, 3.0, 3.0]], [1, 2, 3], [0.5, 0.9, 0.1], rounds=3)
    assert not found.kinds.any()
    assert settle(found).status.tolist() == [CONVERGED]


def test_the_weak_and_indifferent_gives_in_to_the_strong_and_keen() -> None:
    found = play_rounds([[0.0, 10.0]], [1, 100], [0.05, 0.9], rounds=1)
    assert found.positions[1, 0].tolist()[1] == 10.0
    assert [(p, o) for p, o, _ in moves_of(found, 0, 1)] == [(0, 1)]
    assert found.positions[1, 0, 0] > 0


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_positions_stay_between_the_start_positions_and_risks_in_range(
    table: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    found = play_rounds(*table, rounds=4)
    low, high = table[0].min(), table[0].max()
    assert (found.positions >= low - 1e-9).all()
    assert (found.positions <= high + 1e-9).all()
    assert (found.risks >= 0.5 - 1e-9).all()
    assert (found.risks <= 2 + 1e-9).all()
    for values in (found.medians, found.means):
        assert ((values >= low - 1e-9) & (values <= high + 1e-9)).all()


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_the_nearest_reading_does_not_know_which_end_is_high(
    table: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    positions, capability, salience = table
    one = play_rounds(positions, capability, salience, rounds=3, reading="nearest")
    other = play_rounds(-positions, capability, salience, rounds=3, reading="nearest")
    assert one.positions == pytest.approx(-other.positions)
    assert one.medians == pytest.approx(-other.medians)


def test_runs_do_not_depend_on_each_other() -> None:
    rng = np.random.default_rng(1)
    positions, capability, salience = rng.random((3, 40, 6))
    seated = rng.random((40, 6)) < 0.8
    seated[:, 0] = True
    together = play_rounds(positions, capability, salience, rounds=4, seated=seated)
    for run in range(40):
        row = slice(run, run + 1)
        alone = play_rounds(
            positions[row], capability[row], salience[row], rounds=4, seated=seated[row]
        )
        assert alone.positions[:, 0].tolist() == together.positions[:, run].tolist()
        assert alone.medians[:, 0].tolist() == together.medians[:, run].tolist()


def test_all_three_kinds_of_moves_occur_as_their_rules_say() -> None:
    rng = np.random.default_rng(2)
    positions, capability, salience = rng.random((3, 200, 6))
    found = play_rounds(positions, capability, salience, rounds=1)
    assert set(np.unique(found.kinds)) == {0, CONFRONTATION, COMPROMISE, CAPITULATION}
    kinds, others, after = found.kinds[0], found.others[0], found.positions[1]
    offered = np.take_along_axis(positions, others, axis=1)
    whole = (kinds == CONFRONTATION) | (kinds == CAPITULATION)
    assert (after[whole] == offered[whole]).all()
    part = kinds == COMPROMISE
    share = (after[part] - positions[part]) / (offered[part] - positions[part])
    assert ((share > 0) & (share < 1)).all()
    assert (after[kinds == 0] == positions[kinds == 0]).all()


def test_who_has_no_seat_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    positions, capability, salience = rng.random((3, 50, 5))
    positions[:, :2] = [0.0, 1.0]
    seated = [True, True, True, True, False]
    positions[:, 4] = 0.5
    found = play_rounds(positions, capability, salience, rounds=3, seated=seated)
    alone = play_rounds(positions[:, :4], capability[:, :4], salience[:, :4], rounds=3)
    assert found.positions[..., :4] == pytest.approx(alone.positions)
    assert (found.positions[..., 4] == 0.5).all()
    assert (found.risks[..., 4] == 1).all()
    assert found.medians == pytest.approx(alone.medians)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"positions": [1.0, 2.0]}, "runs times players"),
        ({"positions": [[1.0, float("nan")]]}, "not a finite number"),
        ({"positions": [[1e308, -1e308]]}, "not a finite number"),
        ({"capabilities": [1.0, -1.0]}, "capability is negative"),
        ({"capabilities": [1.0, 2.0, 3.0]}, "do not fit 1 runs of 2 players"),
        ({"saliences": [0.5, 50.0]}, "divide percentages by 100"),
        ({"saliences": [0.0, 0.0]}, "nobody with a seat"),
        ({"seated": [False, False]}, "nobody with a seat"),
        ({"rounds": -1}, "give 0 or more"),
        ({"q": 1.5}, "it is a probability"),
        ({"reading": "nerest"}, "did you mean 'nearest'"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_bad_input_is_named(changed: dict[str, object], message: str) -> None:
    given_ = {"positions": [[0.0, 1.0]], "capabilities": [1.0, 1.0], "saliences": [0.5, 0.5]}
    with pytest.raises(InputError, match=message):
        play_rounds(**(given_ | changed))  # type: ignore[arg-type]

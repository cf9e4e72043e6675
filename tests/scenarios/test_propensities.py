from __future__ import annotations

import polars as pl
import pytest

from detente.errors import InputError
from detente.scenarios.propensities import RECIPE, propensities_of

PAIRS = pl.DataFrame(
    {
        "a": ["A", "C", "B", "A"],
        "b": ["B", "A", "C", "D"],
        "war": [-1, 0, 0, 0],
        "religion": [0.5, -0.25, 1.0, 1.0],
        "note": ["x", "y", "z", "z"],
    }
)


def test_a_propensity_is_the_weighted_sum_of_its_components() -> None:
    found = propensities_of(PAIRS, {"war": 1.0, "religion": 2.0}, ["A", "B", "C"])
    assert found.tolist() == [[0.0, 0.0, -0.5], [0.0, 0.0, 2.0], [-0.5, 2.0, 0.0]]


def test_the_order_is_that_of_the_names() -> None:
    found = propensities_of(PAIRS, {"religion": 1.0}, ["C", "B"])
    assert found.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_the_recipe_weighs_each_component_alike() -> None:
    assert set(RECIPE.values()) == {1.0}


@pytest.mark.parametrize(
    ("pairs", "weights", "names", "message"),
    [
        (PAIRS, {"wars": 1.0}, "AB", "no column 'wars'.*did you mean 'war'"),
        (PAIRS.drop("b"), {"war": 1.0}, "AB", "no column 'b'"),
        (PAIRS, {"note": 1.0}, "AB", "'note' of the pairs does not hold numbers"),
        (PAIRS, {"war": 1.0}, "ABCD", "pair B–D is missing"),
        (pl.concat([PAIRS, PAIRS]), {"war": 1.0}, "AB", "pair A–B is there twice"),
        (
            PAIRS.with_columns(war=pl.lit(None, pl.Int64)),
            {"war": 1.0},
            "AB",
            "a component is missi",
        ),
        (PAIRS, {}, "AB", "no component"),
    ],
)
def test_bad_pairs_are_named(
    pairs: pl.DataFrame, weights: dict[str, float], names: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        propensities_of(pairs, weights, list(names))


def test_a_pair_of_a_state_with_itself_is_refused() -> None:
    rows = pl.DataFrame({"a": ["A", "A"], "b": ["A", "B"], "war": [0, 0]})
    with pytest.raises(InputError, match="A–A"):
        propensities_of(rows, {"war": 1.0}, ["A", "B"])

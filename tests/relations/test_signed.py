import pytest

from detente.errors import InputError
from detente.relations.signed import network_of_rows, network_of_ties
from detente.relations.ties import untied
from detente.schema import Tie


def test_rows_are_put_in_order_whatever_order_they_came_in():
    network = network_of_rows([("RUS", "CHN", 1), ("USA", "RUS", -1)], nodes=["IND"])

    assert network.nodes == ("CHN", "IND", "RUS", "USA")
    assert network.rows == [("CHN", "RUS", 1.0), ("RUS", "USA", -1.0)]
    assert network.m == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("USA", "USA", 1)], "with itself"),
        ([("USA", "RUS", 1), ("RUS", "USA", -1)], "twice"),
        ([("USA", "RUS", 0)], "no sign"),
        ([("USA", "RUS", float("nan"))], "no sign"),
        ([("USA", "RUS", float("inf"))], "no sign"),
    ],
)
def test_rows_that_are_no_tie_are_named(rows, said):
    with pytest.raises(InputError, match=said):
        network_of_rows(rows)


def test_an_undetermined_tie_leaves_its_actors_without_one():
    ties = [
        Tie(a="CHN", b="USA", period="2025", s=-0.5, sign="-", low=-0.9, high=-0.1, n=3),
        untied("RUS", "USA", "2025"),
    ]

    assert network_of_ties(ties).rows == [("CHN", "USA", -1.0)]
    assert network_of_ties(ties, weighted=True).rows == [("CHN", "USA", -0.5)]
    assert network_of_ties(ties).nodes == ("CHN", "RUS", "USA")

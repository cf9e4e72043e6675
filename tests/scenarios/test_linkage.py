from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.linkage import (
    Linkage,
    Party,
    Stake,
    find_packages,
    settle_issues,
)
from detente.scenarios.packages import search_packages

EAST, SEA = "east", "sea"
MIDDLE = {EAST: 0.5, SEA: 0.5}
SHARES = st.integers(1, 10).map(lambda n: n / 10)
ENDS = st.integers(0, 10).map(lambda n: n / 10)


def party(name: str, **stakes: tuple[float, ...]) -> Party:
    """Return a party with stakes given as (position, salience[, capability])."""
    fields = ("position", "salience", "capability")
    return Party(
        name=name,
        stakes={
            issue: Stake(**dict(zip(fields, values, strict=False)))
            for issue, values in stakes.items()
        },
    )


SWAP = [
    # One side cares for the east, the other for the sea; a third is not asked about the east.
    party("R", east=(1, 0.9), sea=(1, 0.2)),
    party("A", east=(0, 0.2), sea=(0, 0.9)),
    party("U", east=(0, 1.0)),
]
PARTIES = st.lists(st.tuples(ENDS, SHARES, ENDS, SHARES), min_size=2, max_size=4).map(
    lambda rows: [party(f"P{n}", east=(a, s), sea=(b, t)) for n, (a, s, b, t) in enumerate(rows)]
)


def swap(**options: Any) -> Linkage:
    return find_packages([EAST, SEA], SWAP, needed=["R", "A"], **({"baseline": MIDDLE} | options))


def test_each_gives_what_it_values_less_and_the_absent_pays() -> None:
    best = swap().packages[0]
    assert best.outcomes == {EAST: 1, SEA: 0}
    assert best.gains == pytest.approx({"R": 0.35, "A": 0.35, "U": -0.5})
    assert best.gains_by_issue["R"] == pytest.approx({EAST: 0.45, SEA: -0.1})
    assert (best.winners, best.payers) == (("R", "A"), ("U",))
    assert best.product == pytest.approx(0.35**2)


def test_who_is_needed_and_would_lose_stops_it() -> None:
    found = find_packages([EAST, SEA], SWAP, baseline=MIDDLE)
    assert found.needed == ("R", "A", "U")
    assert found.packages == ()
    assert (found.n_feasible, found.n_examined) == (0, 15**2)


def test_there_is_no_package_where_both_value_the_issues_alike() -> None:
    alike = [party("R", east=(1, 0.6), sea=(1, 0.3)), party("A", east=(0, 0.8), sea=(0, 0.4))]
    assert find_packages([EAST, SEA], alike, baseline=MIDDLE).n_feasible == 0


def test_a_gift_is_a_package_only_when_nobody_has_to_give() -> None:
    friends = [party("R", east=(1, 0.5), sea=(1, 0.5)), party("A", east=(1, 0.5), sea=(0.5, 0.5))]
    assert find_packages([EAST, SEA], friends, baseline=MIDDLE).packages == ()
    free = find_packages([EAST, SEA], friends, baseline=MIDDLE, linked=False)
    assert free.packages[0].outcomes[EAST] == 1


def test_three_issues_can_join_three_who_have_nothing_for_each_other_in_pairs() -> None:
    ring = [
        party("A", x=(1, 0.9), y=(0, 0.1), z=(0.5, 0.5)),
        party("B", y=(1, 0.9), z=(0, 0.1), x=(0.5, 0.5)),
        party("C", z=(1, 0.9), x=(0, 0.1), y=(0.5, 0.5)),
    ]
    start = {"x": 0.5, "y": 0.5, "z": 0.5}
    found = find_packages(["x", "y", "z"], ring, baseline=start, steps=6)
    assert found.packages[0].winners == ("A", "B", "C")
    for name in "ABC":
        assert min(found.packages[0].gains_by_issue[name].values()) < 0


@settings(max_examples=60, deadline=None)
@given(PARTIES)
def test_needed_parties_gain_though_they_give_and_no_package_beats_another(
    parties: list[Party],
) -> None:
    found = find_packages([EAST, SEA], parties, needed=["P0", "P1"], steps=5)
    assert [each.product for each in found.packages] == sorted(
        (each.product for each in found.packages), reverse=True
    )
    for package in found.packages:
        assert min(package.gains["P0"], package.gains["P1"]) > 0
        for name in ("P0", "P1"):
            assert min(package.gains_by_issue[name].values()) < 0
            assert sum(package.gains_by_issue[name].values()) == pytest.approx(package.gains[name])
        for other in found.packages:
            better = [other.gains[name] > package.gains[name] for name in ("P0", "P1")]
            assert other == package or not all(better)


def test_settle_issues_is_one_bargain_an_issue_among_the_seated() -> None:
    assert settle_issues([EAST, SEA], SWAP, seats=["A"]) == {EAST: 0, SEA: 0}
    assert settle_issues([EAST, SEA], SWAP, rounds=0, seats=["R", "U"]) == {EAST: 0, SEA: 1}
    found = find_packages([EAST, SEA], SWAP, seats=["A"])
    assert found.baseline == {EAST: 0, SEA: 0}
    assert found.needed == ("A",)


def test_an_issue_that_nobody_at_the_table_cares_for_is_an_error() -> None:
    with pytest.raises(InputError, match="stake in issue 'sea'; seat one"):
        settle_issues([EAST, SEA], SWAP, seats=["U"])


@pytest.mark.parametrize(
    ("issues", "parties", "options", "message"),
    [
        ([EAST], SWAP, {}, "give two or more"),
        ([EAST, EAST], SWAP, {}, "each once"),
        ([EAST, "see"], SWAP, {}, "no party has a stake in issue 'see'.*did you mean 'sea'"),
        ([EAST, SEA], [*SWAP, SWAP[0]], {}, "'R' is named twice"),
        ([EAST, SEA], [party("R", east=(1, 2), sea=(0, 1))], {}, "R, east: salience 2"),
        ([EAST, SEA], [party("R", east=(np.nan, 1), sea=(0, 1))], {}, "R, east: position nan"),
        ([EAST, SEA], [party("R", east=(1, 1, -1), sea=(0, 1))], {}, "R, east: capability -1"),
        ([EAST, SEA], SWAP, {"needed": ["Q"]}, "unknown player 'Q'"),
        ([EAST, SEA], SWAP, {"baseline": {EAST: 1}}, "no finite outcome for issue 'sea'"),
        ([EAST, SEA], SWAP, {"steps": 1}, "give 2 or more"),
        ([EAST, SEA], SWAP, {"steps": 5000}, "give fewer steps"),
    ],
)
def test_bad_input_is_named(
    issues: list[str], parties: list[Party], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        find_packages(issues, parties, **options)


def test_search_packages_finds_in_every_run_what_find_packages_finds() -> None:
    rng = np.random.default_rng(4)
    ideals, saliences = rng.random((2, 30, 3, 2))
    baseline = rng.random((30, 2))
    found = search_packages(ideals, saliences, baseline, needed=[0, 1], steps=7)
    assert 0 < found.found.sum() < 30
    for run in range(30):
        parties = [
            party(
                str(n),
                east=(ideals[run, n, 0], saliences[run, n, 0]),
                sea=(ideals[run, n, 1], saliences[run, n, 1]),
            )
            for n in range(3)
        ]
        one = find_packages(
            [EAST, SEA],
            parties,
            needed=["0", "1"],
            steps=7,
            baseline=dict(zip([EAST, SEA], baseline[run].tolist(), strict=True)),
        )
        assert bool(one.packages) == found.found[run]
        if one.packages:
            assert list(one.packages[0].outcomes.values()) == pytest.approx(found.outcomes[run])
            assert list(one.packages[0].gains.values()) == pytest.approx(found.gains[run])
        else:
            assert found.outcomes[run].tolist() == baseline[run].tolist()
            assert not found.gains[run].any()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ideals": [[0.0, 1.0]]}, "runs x parties x issues"),
        ({"baseline": [[0.5]]}, "runs x issues"),
        ({"needed": [2]}, "give numbers 0 to 1"),
        ({"needed": []}, "give numbers 0 to 1"),
        ({"saliences": [[[1.0, 1.0], [1.0, -1.0]]]}, "salience below 0"),
        ({"steps": 5000}, "give fewer steps"),
    ],
)
def test_search_packages_names_bad_input(changed: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {
        "ideals": [[[1.0, 1.0], [0.0, 0.0]]],
        "saliences": [[[0.9, 0.2], [0.2, 0.9]]],
        "baseline": [[0.5, 0.5]],
        "needed": [0, 1],
    }
    with pytest.raises(InputError, match=message):
        search_packages(**(good | changed))

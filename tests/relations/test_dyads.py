from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

import polars as pl
import pytest

from detente.errors import InputError
from detente.relations.dyads import history_ties, reference_of, tabulate_ties
from detente.relations.history import read_icews14
from detente.relations.reference import load_reference
from detente.schema import Tie
from tests.relations.events import REFERENCE


def table(*rows: tuple[str, str, str, str, float]) -> pl.DataFrame:
    """Return events from rows of date, source, target, root and score."""
    return pl.DataFrame(
        {
            "id": [f"file:{n}" for n in range(len(rows))],
            "date": [date.fromisoformat(row[0]) for row in rows],
            "source": [row[1] for row in rows],
            "target": [row[2] for row in rows],
            "root": [row[3] for row in rows],
            "score": [row[4] for row in rows],
        }
    )


EVENTS = table(
    ("2014-03-01", "RUS", "USA", "ACCUSE", -2.0),
    ("2014-03-01", "USA", "RUS", "ACCUSE", -3.0),
    ("2014-03-20", "USA", "RUS", "COERCE", -7.0),
    ("2014-04-02", "USA", "RUS", "CONSULT", 2.5),
    ("2014-03-05", "USA", "CHN", "CONSULT", 4.0),
    ("2014-03-05", "DEU", "CHN", "CONSULT", 4.0),
)


def test_history_ties_keep_every_row_as_evidence() -> None:
    found = history_ties(EVENTS, ["USA", "RUS"], reference=REFERENCE, half_life=float("inf"))
    assert [(tie.a, tie.b, tie.period, tie.n) for tie in found] == [
        ("RUS", "USA", "2014-03", 3),
        ("RUS", "USA", "2014-04", 1),
    ]
    assert found[0].events == ("file:0", "file:1", "file:2")


def test_rows_of_one_day_and_root_weigh_one_together() -> None:
    found = history_ties(EVENTS, ["USA", "RUS"], reference=REFERENCE, half_life=float("inf"))
    assert found[0].score == pytest.approx((-2.5 - 7.0) / 2)
    listed = tabulate_ties(EVENTS, reference=REFERENCE).filter(a="RUS", period="2014-03")
    assert listed["score"].item() == pytest.approx(found[0].score)
    assert (listed["n"].item(), listed["weight"].item()) == (3, 2.0)


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("day", "2014-04-02"),
        ("week", "2014-W14"),
        ("month", "2014-04"),
        ("quarter", "2014-Q2"),
        ("year", "2014"),
    ],
)
def test_labels_are_those_of_other_ties(period: str, label: str) -> None:
    listed = tabulate_ties(EVENTS, reference=REFERENCE, period=period)
    assert label in listed["period"].to_list()


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_actors_without_events_have_no_ties(period: str) -> None:
    assert history_ties(EVENTS, ["FRA", "BRA"], reference=REFERENCE, period=period) == []
    assert tabulate_ties(EVENTS.clear(), reference=REFERENCE, period=period).is_empty()


def test_unknown_period_is_named() -> None:
    with pytest.raises(InputError, match="'fortnight' is none of day"):
        tabulate_ties(EVENTS, reference=REFERENCE, period="fortnight")


@pytest.mark.parametrize(
    ("scores", "sign"),
    [([-9.0] * 20, "-"), ([8.0] * 20, "+"), ([-9.0], "undetermined"), ([1.0] * 9, "undetermined")],
)
def test_the_table_and_the_bootstrap_agree(scores: list[float], sign: str) -> None:
    events = table(*((f"2014-03-{n + 1:02}", "RUS", "USA", "X", s) for n, s in enumerate(scores)))
    row = tabulate_ties(events, reference=REFERENCE).row(0, named=True)
    tie = history_ties(events, ["RUS", "USA"], reference=REFERENCE, half_life=float("inf"))[0]
    assert row["sign"] == tie.sign == sign
    assert row["s"] == pytest.approx(tie.s)
    assert row["low"] == pytest.approx(tie.low, abs=0.12)
    assert row["high"] == pytest.approx(tie.high, abs=0.12)


def many_events() -> pl.DataFrame:
    rng = random.Random(2)
    days = [date(2014, 1, 1) + timedelta(days=n) for n in range(90)]
    names = ["CHN", "DEU", "RUS", "USA"]
    rows = []
    for _ in range(3000):
        source, target = rng.sample(names, 2)
        root, score = rng.choice(["ACCUSE", "CONSULT"]), rng.randrange(-20, 20) / 2
        rows.append((rng.choice(days).isoformat(), source, target, root, score))
    return table(*rows)


def test_the_table_is_what_a_slow_count_gives() -> None:
    events = many_events()
    occasions = defaultdict[tuple[str, ...], list[float]](list)
    for row in events.iter_rows(named=True):
        a, b = sorted((row["source"], row["target"]))
        occasions[a, b, row["date"].isoformat(), row["root"]].append(row["score"])
    months = defaultdict[tuple[str, ...], list[list[float]]](list)
    for (a, b, day, _), scores in occasions.items():
        months[a, b, day[:7]].append(scores)
    found = tabulate_ties(events, reference=REFERENCE)
    assert found.select("a", "b", "period").rows() == sorted(months)
    for row in found.iter_rows(named=True):
        days = months[row["a"], row["b"], row["period"]]
        assert (row["n"], row["weight"]) == (sum(map(len, days)), len(days))
        assert row["score"] == pytest.approx(fmean(map(fmean, days)), abs=1e-8)


def test_the_table_is_the_same_in_any_order() -> None:
    events = many_events()
    shuffled = events.sample(fraction=1.0, shuffle=True, seed=3)
    first = tabulate_ties(events, reference=REFERENCE)
    assert first.equals(tabulate_ties(shuffled, reference=REFERENCE))


def test_reference_of_takes_countries_alone() -> None:
    states = [
        (f"2014-03-{n + 1:02}", "USA", other, "X", score + n % 3)
        for other, score in (("RUS", -5.0), ("CHN", 0.0), ("JPN", 5.0))
        for n in range(9)
    ]
    fund = [(f"2014-03-{n + 1:02}", "IMF", "GRC", "X", 9.0) for n in range(9)]
    found = reference_of(table(*states, *fund), name="three dyads")
    assert (found.n_dyads, found.n_events) == (3, 27)
    assert found.mean == pytest.approx(1.0, abs=0.01)
    assert found.spread == pytest.approx(5.0, abs=0.1)


@pytest.fixture(scope="module")
def ties_of_2014(shared: Path) -> dict[tuple[str, str, str], Tie]:
    events = read_icews14(shared / "data/icews14").events
    found = history_ties(events, ["USA", "RUS", "UKR", "CHN"], reference=load_reference())
    return {(tie.a, tie.b, tie.period): tie for tie in found}


@pytest.mark.shared
def test_shipped_reference_is_that_of_icews_2014(shared: Path) -> None:
    events = read_icews14(shared / "data/icews14").events
    found, shipped = reference_of(events, name="again"), load_reference()
    assert (found.n_dyads, found.n_events) == (shipped.n_dyads, shipped.n_events)
    assert found.mean == pytest.approx(shipped.mean, abs=1e-4)
    assert found.spread == pytest.approx(shipped.spread, abs=1e-4)
    assert found.within == pytest.approx(shipped.within, abs=1e-4)


@pytest.mark.shared
def test_russias_ties_fall_from_march_2014(ties_of_2014: dict[tuple[str, str, str], Tie]) -> None:
    months = [ties_of_2014["RUS", "USA", f"2014-{month:02}"].s or 0.0 for month in range(1, 8)]
    assert max(months[2:]) < 0 < min(months[:2])
    assert ties_of_2014["RUS", "USA", "2014-07"].sign == "-"
    assert ties_of_2014["RUS", "UKR", "2014-03"].sign == "-"
    assert ties_of_2014["RUS", "UKR", "2014-06"].sign == "-"


@pytest.mark.shared
def test_russia_and_china_have_too_few_events(
    ties_of_2014: dict[tuple[str, str, str], Tie],
) -> None:
    found = [tie for (a, b, _), tie in ties_of_2014.items() if (a, b) == ("CHN", "RUS")]
    assert 40 <= sum(tie.n for tie in found) <= 60
    assert {tie.sign for tie in found} == {"undetermined"}

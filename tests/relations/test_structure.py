from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError
from detente.relations.structure import structural_ties
from detente.relations.triangle import classify_periods
from detente.schema import Tie
from tests.relations.structural_tables import write_tables


def tie_at(folder: Path, year: int) -> Tie | None:
    found = structural_ties(folder, ["USA", "RUS"], first=year, last=year)
    return found[0] if found else None


def test_repeated_force_makes_a_hostile_tie(tmp_path: Path) -> None:
    write_tables(tmp_path, disputes=[(2, 365, year, 4) for year in range(1960, 1966)])
    tie = tie_at(tmp_path, 1965)
    assert tie is not None
    assert tie.sign == "-"
    assert "mid:0:1960" in tie.events


def test_peace_after_disputes_is_no_friendship(tmp_path: Path) -> None:
    write_tables(tmp_path, disputes=[(2, 365, year, 4) for year in range(1960, 1966)])
    tie = tie_at(tmp_path, 1995)
    assert tie is not None
    assert tie.sign == "undetermined"
    assert tie.s <= 0


def test_a_pact_counts_for_a_tie(tmp_path: Path) -> None:
    write_tables(tmp_path, pacts=[(2, 365, year, 1) for year in range(1950, 1970)])
    tie = tie_at(tmp_path, 1969)
    assert tie is not None
    assert tie.sign == "+"


def test_a_pact_under_fire_is_paper(tmp_path: Path) -> None:
    pacts = [(2, 365, year, 1) for year in range(1950, 1970)]
    write_tables(tmp_path, disputes=[(2, 365, 1966, 4)], pacts=pacts)
    tie = tie_at(tmp_path, 1969)
    assert tie is not None
    assert "atop:2-365:1967" not in tie.events
    assert "atop:2-365:1965" in tie.events


def test_no_evidence_gives_no_tie(tmp_path: Path) -> None:
    write_tables(tmp_path)
    assert tie_at(tmp_path, 1990) is None


def test_years_without_dispute_data_are_left_out(tmp_path: Path) -> None:
    write_tables(tmp_path, pacts=[(2, 365, year, 1) for year in range(1990, 2010)])
    found = structural_ties(tmp_path, ["USA", "RUS"], first=1998, last=2009)
    assert [tie.period for tie in found] == ["1998", "1999", "2000"]


def test_states_are_joined_by_number(tmp_path: Path) -> None:
    write_tables(tmp_path, disputes=[(2, 305, 1990, 5)])
    assert structural_ties(tmp_path, ["USA", "AUS"], first=1990, last=1990) == []
    assert structural_ties(tmp_path, ["USA", "AUT"], first=1990, last=1990)[0].n == 1


def test_a_new_state_does_not_inherit_the_quarrels_of_its_number(tmp_path: Path) -> None:
    write_tables(
        tmp_path,
        disputes=[(365, 710, year, 4) for year in range(1945, 1949)],
        pacts=[(365, 710, year, 1) for year in range(1950, 1960)],
    )
    found = structural_ties(tmp_path, ["RUS", "CHN"], first=1948, last=1958)
    signs = {tie.period: tie.sign for tie in found}
    assert signs["1948"] == signs["1949"] == "-"
    assert signs["1958"] == "+"
    assert not any(event.startswith("mid:") for tie in found[2:] for event in tie.events)


def test_unknown_states_and_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table of disputes"):
        tie_at(tmp_path, 1990)
    write_tables(tmp_path)
    with pytest.raises(InputError, match=r"no state 'RUSS'.*did you mean 'RUS'"):
        structural_ties(tmp_path, ["USA", "RUSS"], first=1990, last=1990)
    (tmp_path / "alliances_atop.parquet").unlink()
    with pytest.raises(InputError, match="no table of"):
        tie_at(tmp_path, 1990)


@pytest.mark.shared
def test_the_opening_to_china_is_no_stable_marriage(shared: Path) -> None:
    trio = ["USA", "RUS", "CHN"]
    ties = structural_ties(shared / "data/cow", trio, first=1949, last=2014)
    patterns = {found.period: found for found in classify_periods(ties, trio)}
    assert patterns["1960"].outsider == "USA"
    assert patterns["1969"].pattern == "unit veto"
    assert patterns["1972"].pattern == patterns["1973"].pattern == "undetermined"

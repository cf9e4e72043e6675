"""Structural ties: what disputes and alliances say of two states, year by year.

In: a folder of Correlates of War and ATOP tables (`cow.py`: states, disputes, alliances). Out: a
`Tie` a year for each pair of states, resting on dispute-years and alliance-years by their ids
(`mid:2968:1979`, `atop:2-365:1972`).

A dispute between original parties counts against a tie by the hostility it reached; an obligation
in force counts for it unless force was used between the two in the ten years before (the
Sino-Soviet pact ran to 1980, through the clashes of 1969). Both lose half their weight in three
years. Peace is no friendship: without evidence there is no sign. States are joined by number,
never by letters: AUS is Austria there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import polars as pl

from detente.errors import InputError, nearest
from detente.relations import cow
from detente.relations.reference import TieReference
from detente.relations.ties import Evidence, build_ties
from detente.schema import Tie

STRUCTURE = TieReference(name="no relation", mean=0.0, spread=5.0, within=3.0)
"""Before any evidence: neither friend nor foe, worth a third of a year of it. An assumption."""

HALF_LIFE_YEARS = 3.0
"""Years after which a dispute or an obligation weighs half; an assumption, to be varied."""

DISPUTE_SCORES = {2: -3.5, 3: -5.5, 4: -9.0, 5: -10.0}
"""Score of a dispute-year by the highest hostility of either side: as THREATEN, MOBILIZE, ASSAULT,
and war as the end of the scale. Hostility 1 means that neither side acted."""

FORCE = DISPUTE_SCORES[4]
"""Score at which a dispute has come to the use of force."""

QUIET_YEARS = 10
"""Years without force that make a pact more than paper; an assumption, to be varied."""

DEFENCE_SCORE = 5.0
"""A duty to defend, as SUPPORT: words, backed by signature."""

CONSULTATION_SCORE = 2.5
"""A duty to consult together with non-aggression, as AGREE. Non-aggression alone counts nothing:
the Helsinki act of 1975 puts the United States and the Soviet Union under it."""

FOUNDED = {"CHN": 1950}
"""First full year of a state that bears the number of another before it: 710 is the Republic of
China to 1949 (since then 713), and its quarrels with Moscow were not those of the People's
Republic. From that year on nothing older counts."""


def structural_ties(
    folder: Path,
    actors: Sequence[str],
    *,
    first: int,
    last: int,
    half_life_years: float = HALF_LIFE_YEARS,
    seed: int = 1,
) -> list[Tie]:
    """Return the structural tie of each pair of states at the end of each year.

    Years after the last one that the disputes cover are left out: a pact without the disputes
    beside it would look like friendship. A pair without any evidence yet has no tie.

    Raises:
        InputError: a table is missing or not of that form, or a state is in no table.
    """
    disputes = cow.read_disputes(folder)
    numbers = _state_numbers(cow.read_states(folder), actors)
    names = {number: actor for actor, found in numbers.items() for number in found}
    fights = list(_dispute_years(disputes, names))
    pacts = _pact_years(cow.read_alliances(folder), names)
    found = fights + [pact for pact in pacts if _holds(pact, fights)]
    years = range(first, min(last, int(str(disputes["year"].max()))) + 1)
    pairs = {(min(pair), max(pair)) for pair in combinations(actors, 2)}
    rows = [
        _place(row, year)
        for row in found
        if (row.a, row.b) in pairs
        for year in years
        if int(row.period) <= year and _same_states(row, year)
    ]
    return build_ties(rows, reference=STRUCTURE, half_life=365.25 * half_life_years, seed=seed)


def _same_states(row: Evidence, year: int) -> bool:
    """Return whether both states of the evidence were still the same ones in a later year."""
    return not any(int(row.period) < FOUNDED.get(state, 0) <= year for state in (row.a, row.b))


def _place(row: Evidence, year: int) -> Evidence:
    """Return the evidence of one year as it stands at the end of a later one."""
    age = (date(year, 12, 31) - date(int(row.period), 12, 31)).days
    return Evidence(row.a, row.b, str(year), row.event, row.score, row.share, float(age))


def _dispute_years(disputes: pl.DataFrame, names: dict[int, str]) -> Iterator[Evidence]:
    """Yield a row for each year of each dispute between two original parties among the states."""
    rows = disputes.filter(
        pl.col("a").is_in(list(names)),
        pl.col("b").is_in(list(names)),
        pl.col("originator_a") == 1,
        pl.col("originator_b") == 1,
    ).select("a", "b", "year", "dispnum", level=pl.max_horizontal("hostlev_a", "hostlev_b"))
    for a, b, year, dispute, level in rows.iter_rows():
        if level in DISPUTE_SCORES:
            yield _evidence(
                names[a], names[b], year, f"mid:{dispute}:{year}", DISPUTE_SCORES[level]
            )


def _pact_years(pacts: pl.DataFrame, names: dict[int, str]) -> Iterator[Evidence]:
    """Yield a row for each year in which a pair of the states owes defence or consultation."""
    rows = pacts.filter(pl.col("a").is_in(list(names)), pl.col("b").is_in(list(names))).select(
        "a", "b", "year", "defense", pl.min_horizontal("consultation", "nonaggression")
    )
    for a, b, year, defence, consultation in rows.iter_rows():
        if defence or consultation:
            score = DEFENCE_SCORE if defence else CONSULTATION_SCORE
            yield _evidence(names[a], names[b], year, f"atop:{a}-{b}:{year}", score)


def _holds(pact: Evidence, disputes: list[Evidence]) -> bool:
    """Return whether the parties of a pact used no force on each other in the `QUIET_YEARS`."""
    return not any(
        0 <= int(pact.period) - int(dispute.period) <= QUIET_YEARS
        for dispute in disputes
        if (dispute.a, dispute.b) == (pact.a, pact.b)
        and dispute.score <= FORCE
        and _same_states(dispute, int(pact.period))
    )


def _evidence(a: str, b: str, year: int, row_id: str, score: float) -> Evidence:
    return Evidence(min(a, b), max(a, b), str(year), row_id, score, 1.0, 0.0)


def _state_numbers(states: pl.DataFrame, actors: Iterable[str]) -> dict[str, list[int]]:
    """Return the state numbers of each ISO 3166-1 alpha-3 code; a state may have had several."""
    numbers: dict[str, list[int]] = {}
    for number, code in states.select("ccode", "iso3").drop_nulls().unique().sort("ccode").rows():
        numbers.setdefault(code, []).append(number)
    for actor in actors:
        if actor not in numbers:
            raise InputError(f"no state {actor!r} among the tables{nearest(actor, numbers)}")
    return {actor: numbers[actor] for actor in actors}

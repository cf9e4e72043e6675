"""Discourse: propositions, who takes which side on them, and who agrees with whom.

In: claims and a codebook, or claims alone; or a Discourse Network Analyzer file. Out: one
`Discourse` that the command line, the brief and the exports show, and its tables as Polars frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import polars as pl

from detente.relations.codebook import Proposition
from detente.relations.congruence import (
    ActorConcept,
    Agreement,
    actor_concepts,
    agreements,
    distinct_positions,
)
from detente.relations.positions import Position, match_claims, positions_by
from detente.relations.proposals import CLUSTERS, LIKENESS, propose_propositions
from detente.schema import Record, Records

_IDS = pl.List(pl.String)
_TYPES: Mapping[str, type[pl.DataType] | pl.List] = {
    **dict.fromkeys(("congruence", "conflict", "agree", "disagree", "neutral"), pl.Int64),
    "balance": pl.Int64,
    "score": pl.Float64,
    **dict.fromkeys(("agreed", "disputed", "claims", "spans"), _IDS),
}
"""Types of the columns that are not text."""


@dataclass(slots=True, frozen=True)
class Discourse:
    """Propositions and the positions on them, an article's repeats counted once in networks."""

    propositions: tuple[Proposition, ...]
    positions: tuple[Position, ...]

    @property
    def is_proposed(self) -> bool:
        """Return whether the propositions are clusters that nobody has looked at."""
        return any(one.proposed for one in self.propositions)

    def table(self) -> list[ActorConcept]:
        """Return the actor-concept table."""
        return actor_concepts(distinct_positions(self.positions))

    def agreements(
        self, period: str = "all", of: Literal["actors", "propositions"] = "actors"
    ) -> list[Agreement]:
        """Return who agrees with whom, or which propositions go together.

        Raises:
            InputError: `period` is no width.
        """
        return agreements(distinct_positions(self.positions), period=period, of=of)

    def by(self, holder: Literal["speaker", "country"]) -> Discourse:
        """Return the same positions as those of speakers, or of the states they speak for."""
        return Discourse(self.propositions, tuple(positions_by(self.positions, holder)))


def match_discourse(
    records: Records, codebook: Sequence[Proposition], *, threshold: float
) -> Discourse:
    """Return the positions that claims take on the propositions of a codebook.

    Raises:
        InputError: the weights are not installed.
    """
    dates = {document.id: document.date for document in records.documents}
    found = match_claims(records.claims, codebook, threshold=threshold, published=dates)
    return Discourse(tuple(codebook), tuple(found))


def propose_discourse(
    records: Records, *, clusters: int = CLUSTERS, likeness: float = LIKENESS
) -> Discourse:
    """Return the propositions that the claims themselves suggest, and the positions on them.

    Raises:
        InputError: the weights are not installed.
    """
    dates = {document.id: document.date for document in records.documents}
    propositions, positions = propose_propositions(
        records.claims, clusters=clusters, likeness=likeness, published=dates
    )
    return Discourse(tuple(propositions), tuple(positions))


def position_frame(positions: Sequence[Position]) -> pl.DataFrame:
    """Return positions as a table; columns as the fields of `Position`, `spans` as their words."""
    rows = [
        {**msgspec.structs.asdict(one), "spans": [span.quote for span in one.spans]}
        for one in positions
    ]
    return _frame(rows, Position)


def actor_concept_frame(cells: Sequence[ActorConcept]) -> pl.DataFrame:
    """Return the actor-concept table, a row a cell; columns as the fields of `ActorConcept`."""
    return _frame([msgspec.structs.asdict(cell) for cell in cells], ActorConcept)


def agreement_frame(found: Sequence[Agreement]) -> pl.DataFrame:
    """Return agreements as a table; columns as the fields of `Agreement`."""
    return _frame([msgspec.structs.asdict(one) for one in found], Agreement)


def _frame(rows: Sequence[Mapping[str, object]], record: type[Record]) -> pl.DataFrame:
    columns = {name: _TYPES.get(name, pl.String) for name in record.__struct_fields__}
    return pl.DataFrame(rows, schema=columns)

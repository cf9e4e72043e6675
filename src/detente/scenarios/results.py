"""What came of a case, as records: answers, triangle, blocs, ties, and what it all rests on.

A `CaseRun` is one JSON object and holds the case itself, so it is enough to run it again.
"""

from __future__ import annotations

from detente.scenarios.answers import Outcome
from detente.scenarios.case import Case
from detente.scenarios.paths import Contribution
from detente.scenarios.sensitivity import Sensitivity
from detente.schema import Record

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""At which the ways of ties and the findings are given."""


class TriangleMonth(Record, frozen=True, kw_only=True):
    """The patterns of the triangle in one month.

    Attributes:
        month: 0 for the start.
        patterns: share of the runs by pattern (Dittmer 1981).
        roles: share of the runs by pattern and who is pivot or outsider in it.
    """

    month: int
    patterns: dict[str, float]
    roles: dict[str, float]


class BlocShare(Record, frozen=True, kw_only=True):
    """An alignment in two camps at the end, and the share of the runs that end in it.

    Attributes:
        camps: the camps, that of the first actor first; the second may be empty.
        share: of the runs.
    """

    camps: tuple[tuple[str, ...], tuple[str, ...]]
    share: float


class TiePath(Record, frozen=True, kw_only=True):
    """How a tie goes.

    Attributes:
        a: one end.
        b: the other.
        source: what its start rests on.
        quantiles: a list a month, at `QUANTILES`.
        without: the same without the moves.
    """

    a: str
    b: str
    source: str
    quantiles: list[list[float]]
    without: list[list[float]]


class Basis(Record, frozen=True, kw_only=True):
    """Something that inputs rest on.

    Attributes:
        source: kind and name.
        inputs: what rests on it.
        low: least value among them.
        high: greatest value among them.
        note: why.
    """

    source: str
    inputs: tuple[str, ...]
    low: float
    high: float
    note: str = ""


class Baseline(Record, frozen=True, kw_only=True):
    """The case without its moves, on the same draws.

    Attributes:
        answers: probability of each question, by its id.
        triangle: patterns by month.
        blocs: alignments at the end.
    """

    answers: dict[str, float]
    triangle: list[TriangleMonth]
    blocs: list[BlocShare]


class UsedMechanism(Record, frozen=True, kw_only=True):
    """A mechanism that took part, with its theory."""

    id: str
    name: str
    title: str
    family: str
    model: str
    reference: str


class CaseRun(Record, frozen=True, kw_only=True):
    """What came of a case.

    Attributes:
        case: its name.
        title: a few words.
        seed: of all draws.
        runs: how many.
        version: of détente.
        start: the first month that was run.
        months: how many were run.
        answers: one a question.
        triangle: patterns by month; empty where there are fewer than three actors.
        blocs: alignments at the end, the likeliest first.
        ties: how the ties go that questions or the triangle are about.
        contributions: what moved each of these ties.
        findings: quantiles of what mechanisms found in the last month, by full name.
        baseline: the same without the moves.
        sensitivity: what moves each answer.
        assumed: share of the inputs' influence on the answers that rests on assumptions; null
            where no input moves any.
        assumptions: each with what rests on it.
        sources: tables and records, each with what rests on it.
        mechanisms: those that took part.
        definition: the case itself.
    """

    case: str
    title: str
    seed: int
    runs: int
    version: str
    start: str
    months: int
    answers: list[Outcome]
    triangle: list[TriangleMonth]
    blocs: list[BlocShare]
    ties: list[TiePath]
    contributions: list[Contribution]
    findings: dict[str, list[float]]
    baseline: Baseline
    sensitivity: list[Sensitivity]
    assumed: float | None
    assumptions: list[Basis]
    sources: list[Basis]
    mechanisms: list[UsedMechanism]
    definition: Case

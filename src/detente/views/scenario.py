"""What if: cases that were simulated, their answers, what drives these and what they rest on.

In: some `CaseRun`. Out: a `WhatIf` for `scenario.html`. A simulation is no record: its numbers are
no `Figure`; but each input opens its source, and one that was measured opens its sentences. All
words of a case are the user's and are shown, never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from detente.extract.likelihood import NOT_DETERMINED, load_likelihood
from detente.scenarios.answers import Outcome
from detente.scenarios.case import Case
from detente.scenarios.hindcast import Hindcast, load_dynamics
from detente.scenarios.results import Basis, BlocShare, CaseRun, TriangleMonth
from detente.scenarios.sensitivity import CHANCE, OTHERS, Driver
from detente.schema import Record
from detente.views.case_words import (
    BasisRow,
    InputRow,
    MoveRow,
    actor_words,
    basis_row,
    describe_skill,
    input_row,
    input_words,
    month_words,
    move_rows,
)
from detente.views.charts import Strip, make_strip
from detente.views.figures import Index
from detente.views.simulated import (
    Fan,
    Stack,
    draw_fan,
    draw_stack,
)
from detente.views.triangles import PATTERNS
from detente.views.wording import count, join_names, percent, plain, signed

ALIGNMENTS = 4
"""Alignments shown of a case, the likeliest."""

DRIVERS, LEAST_INDEX = 6, 0.01
"""Inputs shown as drivers of an answer at most, beside chance and all other inputs, and the least
total index of one."""

SURE = 2
"""Standard errors by which a difference must be from zero to be taken for one."""


class DriverRow(Record, frozen=True, kw_only=True):
    """What moves an answer: its total index and the places of a bar from 0 to 100.

    `row` is the input, none for chance and for all other inputs together.
    """

    words: str
    total: str
    bar: float
    low: float
    high: float
    row: InputRow | None


class AnswerRow(Record, frozen=True, kw_only=True):
    """An answer; `middle` is the word of the probability alone where the answer is open."""

    text: str
    probability: str
    band: str
    middle: str
    interval: str
    error: str
    without: str
    difference: str
    strip: Strip
    drivers: tuple[DriverRow, ...]
    further: str


class BlocRow(Record, frozen=True, kw_only=True):
    """An alignment at the end."""

    camps: tuple[str, ...]
    share: str
    width: float
    without: str


class Pattern(Record, frozen=True, kw_only=True):
    """A pattern of the triangle at the end, with its pivot or outsider."""

    words: str
    meaning: str
    share: str
    without: str


class CaseView(Record, frozen=True, kw_only=True):
    """One case: what is done, what comes of it, what drives that and what it rests on.

    `assumptions` are those of inputs that drive an answer, the strongest first; `further` the rest.
    """

    id: str
    title: str
    summary: str
    basis: str
    moves: tuple[MoveRow, ...]
    has_moves: bool
    answers: tuple[AnswerRow, ...]
    fans: tuple[Fan, ...]
    trio: str
    stacks: tuple[Stack, ...]
    patterns: tuple[Pattern, ...]
    blocs: tuple[BlocRow, ...]
    assumed: str
    assumptions: tuple[BasisRow, ...]
    further: tuple[BasisRow, ...]
    sources: tuple[BasisRow, ...]
    mechanisms: tuple[str, ...]


class WhatIf(Record, frozen=True, kw_only=True):
    """The section: its cases, and whether dynamics of their kind foresaw the past."""

    cases: tuple[CaseView, ...]
    has_skill: bool
    verdict: str
    skill: tuple[str, ...]
    skill_source: str


def build_scenarios(index: Index, runs: Sequence[CaseRun]) -> WhatIf:
    """Return what the brief shows of some cases, in the order given."""
    hindcast = load_dynamics()
    n_better, n = _count_better(hindcast)
    return WhatIf(
        cases=tuple(_case(index, run, f"scenario-{n}") for n, run in enumerate(runs, start=1)),
        has_skill=n_better > 0,
        verdict=f"Measured skill in {n_better} of {n}." if n_better else "No measured skill.",
        skill=tuple(describe_skill(hindcast)),
        skill_source=f"{hindcast.source}; {hindcast.first}–{hindcast.last}",
    )


def _count_better(hindcast: Hindcast, baseline: str = "persistence") -> tuple[int, int]:
    """Return how many forecasts beat a baseline, and how many there are."""
    found = [one.skill.verdict for one in hindcast.skills if one.baseline == baseline]
    return found.count("above zero"), len(found)


def _case(index: Index, run: CaseRun, name: str) -> CaseView:
    case, words = run.definition, input_words(index, run)
    has_moves = any(not move.given for move in case.moves)
    strength = _strength(run)
    ordered = sorted(run.assumptions, key=lambda basis: -strength.get(basis.source, 0.0))
    strong = [basis for basis in ordered if basis.source in strength]

    def rows(bases: Iterable[Basis]) -> tuple[BasisRow, ...]:
        return tuple(basis_row(index, one.source, one.inputs, run, words) for one in bases)

    return CaseView(
        id=name,
        title=run.title,
        summary=" ".join(case.summary.split()),
        basis=_basis(run),
        moves=move_rows(index, run),
        has_moves=has_moves,
        answers=tuple(_answer(index, run, one, words, has_moves) for one in run.answers),
        fans=tuple(
            draw_fan(index, run, tie, f"{name}-tie-{n}", has_moves=has_moves)
            for n, tie in enumerate(run.ties, start=1)
        ),
        trio=plain(join_names([actor_words(index, case, actor) for actor in case.triangle])),
        stacks=_stacks(run, name, has_moves),
        patterns=_patterns(index, run, has_moves),
        blocs=tuple(_bloc(index, run, bloc, has_moves) for bloc in run.blocs[:ALIGNMENTS]),
        assumed="" if run.assumed is None else percent(run.assumed),
        assumptions=rows(strong),
        further=rows(ordered[len(strong) :]),
        sources=rows(run.sources),
        mechanisms=tuple(
            plain(f"{use.name} {use.title}: {use.model} ({use.reference})")
            for use in run.mechanisms
        ),
    )


def _basis(run: CaseRun) -> str:
    """Return how a case was run, so that it can be run again."""
    runs, months = count(run.runs, "run"), count(run.months, "month")
    start = month_words(run.start, 0)
    return (
        f"Case {run.case}: {runs} of {months} from {start}, seed {run.seed}, version {run.version}"
    )


def _answer(
    index: Index, run: CaseRun, answer: Outcome, words: dict[str, str], has_moves: bool
) -> AnswerRow:
    is_open = answer.band == NOT_DETERMINED
    shown, n_left = _drivers(run, answer.question)
    usual = answer.baseline if has_moves else None
    return AnswerRow(
        text=answer.text,
        probability=percent(answer.probability),
        band=answer.band,
        middle=load_likelihood().band_of(answer.probability) if is_open else "",
        interval=f"{percent(answer.low)} to {percent(answer.high)}",
        error=f"{100 * answer.error:.1f}",
        without=percent(answer.baseline) if has_moves else "",
        difference=_difference(answer) if has_moves else "",
        strip=make_strip(answer.probability, answer.low, answer.high, usual),
        drivers=tuple(_driver(index, run, driver, words) for driver in shown),
        further=count(n_left, "further input") if n_left else "",
    )


def _difference(answer: Outcome) -> str:
    said = f"{signed(100 * answer.effect)} points (± {100 * answer.effect_error:.1f})"
    is_sure = abs(answer.effect) > SURE * answer.effect_error
    return f"difference {said}" if is_sure else f"no sure difference: {said}"


def _drivers(run: CaseRun, question: str) -> tuple[list[Driver], int]:
    """Return what is shown of an answer's drivers, and how many inputs are left out."""
    (found,) = (one.drivers for one in run.sensitivity if one.question == question)
    inputs = [driver for driver in found if driver.input not in (CHANCE, OTHERS)]
    kept = [driver for driver in inputs if driver.total >= LEAST_INDEX][:DRIVERS]
    return [one for one in found if one in kept or one not in inputs], len(inputs) - len(kept)


def _driver(index: Index, run: CaseRun, driver: Driver, words: dict[str, str]) -> DriverRow:
    said = words.get(driver.input, driver.input)
    inputs = run.definition.inputs()

    def place(share: float) -> float:
        return round(100 * min(max(share, 0.0), 1.0), 1)

    return DriverRow(
        words=said,
        total=f"{driver.total:.2f} ± {driver.total_error:.2f}",
        bar=place(driver.total),
        low=place(driver.total - driver.total_error),
        high=place(driver.total + driver.total_error),
        row=input_row(index, said, inputs[driver.input]) if driver.source else None,
    )


def _strength(run: CaseRun) -> dict[str, float]:
    """Return the greatest total index of each source whose inputs an answer shows as drivers."""
    found: dict[str, float] = {}
    for one in run.sensitivity:
        for driver in _drivers(run, one.question)[0]:
            if driver.source:
                found[driver.source] = max(found.get(driver.source, 0.0), driver.total)
    return found


def _stacks(run: CaseRun, name: str, has_moves: bool) -> tuple[Stack, ...]:
    """Return the patterns of the triangle with the moves and, beside it, without."""
    if not run.triangle:
        return ()
    if not has_moves:
        return (draw_stack(run, f"{name}-patterns", "All runs"),)
    return (
        draw_stack(run, f"{name}-patterns", "With the moves"),
        draw_stack(run, f"{name}-patterns-without", "Without the moves", bare=True),
    )


def _patterns(index: Index, run: CaseRun, has_moves: bool) -> tuple[Pattern, ...]:
    """Return the patterns at the end by share, each with its pivot or outsider."""
    if not run.triangle:
        return ()
    ends = _roles(run.triangle[-1]), _roles(run.baseline.triangle[-1])
    shown = sorted((role for role in ends[0] if max(end[role] for end in ends) > 0), key=str)
    return tuple(
        Pattern(
            words=_role_words(index, run.definition, role),
            meaning=PATTERNS.get(role.partition(",")[0], ""),
            share=percent(ends[0][role]),
            without=percent(ends[1][role]) if has_moves else "",
        )
        for role in sorted(shown, key=lambda role: -ends[0][role])
    )


def _roles(month: TriangleMonth) -> dict[str, float]:
    """Return the share of each pattern and who is pivot or outsider in it, if anybody."""
    parted = {role.partition(",")[0] for role in month.roles}
    return month.roles | {
        pattern: share for pattern, share in month.patterns.items() if pattern not in parted
    }


def _role_words(index: Index, case: Case, role: str) -> str:
    """Return `romantic triangle, pivot RUS` with the actor's name."""
    match = re.fullmatch(r"(.+, (?:pivot|outsider)) (.+)", role)
    return plain(f"{match[1]}: {actor_words(index, case, match[2])}" if match else role)


def _bloc(index: Index, run: CaseRun, bloc: BlocShare, has_moves: bool) -> BlocRow:
    bare = {one.camps: one.share for one in run.baseline.blocs}
    # Rare alignments are not listed; only where all are is a missing one known to be none.
    is_whole = sum(bare.values()) > 1 - 1e-9
    without = percent(bare[bloc.camps]) if bloc.camps in bare else "0 %" if is_whole else "rare"
    case = run.definition
    return BlocRow(
        camps=tuple(
            plain(join_names([actor_words(index, case, one) for one in camp]))
            for camp in bloc.camps
            if camp
        ),
        share=percent(bloc.share),
        width=round(100 * bloc.share, 1),
        without=without if has_moves else "",
    )

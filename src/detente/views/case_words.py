"""A case in words: its inputs, its moves, and where the source of each is found.

In: a `CaseRun`. Out: rows for `scenario.html`. A source that is records leads to their sentences,
where the brief has them; a table or an assumption is told with its note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from detente.schema import Record
from detente.views.figures import Index
from detente.views.wording import count, date_words, join_names, percent, plain, signed

if TYPE_CHECKING:
    from detente.scenarios.case import Case
    from detente.scenarios.hindcast import Hindcast, Verdict
    from detente.scenarios.inputs import Interval
    from detente.scenarios.moves import Move
    from detente.scenarios.results import CaseRun

FIELDS: dict[str, str] = {
    "ties": "tie of {} and {}",
    "dependence": "dependence of {} on {}",
    "trust": "trust of {} in {}",
    "offers": "offer of {} to {}",
    "exit_costs": "cost to {} of turning from {}",
    "capability": "capability of {}",
    "attention": "attention of {} to {}",
    "positions": "position of {} on {}",
    "salience": "weight for {} of {}",
    "seats": "seat of {} on {}",
    "opposition": "opposition in {}",
}
"""Fields of a state in words, with the names along their axes."""


class Source(Record, frozen=True, kw_only=True):
    """What an input rests on: `anchors` are the records that this brief has, of `n_records`."""

    kind: str
    name: str
    anchors: str = ""
    n_here: int = 0
    n_records: int = 0


class InputRow(Record, frozen=True, kw_only=True):
    """An input in words, what it may be, and what it rests on."""

    words: str
    interval: str
    note: str
    source: Source


class MoveRow(Record, frozen=True, kw_only=True):
    """A move; `terms` says how long and on what condition, `number` is its mark in drawings."""

    number: int
    when: str
    title: str
    effect: str
    probability: str
    terms: str
    inputs: tuple[InputRow, ...]


class InputGroup(Record, frozen=True, kw_only=True):
    """Inputs that share a source, an interval and a note."""

    interval: str
    words: str
    note: str


class BasisRow(Record, frozen=True, kw_only=True):
    """A source with all that rests on it."""

    source: Source
    n: int
    groups: tuple[InputGroup, ...]


def read_source(index: Index, source: str) -> Source:
    """Return a source in words; of `record: IDS` with the places that this brief has."""
    kind, _, name = (part.strip() for part in source.partition(":"))
    if kind != "record":
        return Source(kind=kind, name=name)
    records = list(dict.fromkeys(re.findall(r"[^\s,]+", name)))
    anchors = [index.ref(record).anchor for record in records if index.knows(record)]
    return Source(
        kind=kind,
        name=name,
        anchors=" ".join(dict.fromkeys(anchors)),
        n_here=len(anchors),
        n_records=len(records),
    )


def input_words(index: Index, run: CaseRun) -> dict[str, str]:
    """Return each input of a case in words, by its name."""
    case = run.definition
    titles = {use.name: use.title for use in run.mechanisms}
    words = {
        value.name: value_words(index, case, value.field, value.names) for value in case.values
    }
    words["noise"] = "chance movement of a tie in a month"
    for use in case.mechanisms:
        title = f"{use.name}, {titles[use.name]}" if use.name in titles else use.name
        words |= {f"{use.name}.{key}": f"{key} ({title})" for key in use.parameters}
        words |= {f"{use.name}.{key}": f"{key} at the start ({title})" for key in use.start}
    for move in case.moves:
        words[f"moves.{move.id}.probability"] = f"probability of “{move.title}”"
        words[f"moves.{move.id}.amount"] = f"size of “{move.title}”"
    return {name: plain(said) for name, said in words.items()}


def value_words(index: Index, case: Case, field: str, names: Sequence[str]) -> str:
    """Return a value of the state in words: `trust of Russia in China`, `phase (M17)`."""
    titles = {issue.id: f"“{issue.title}”" for issue in case.issues if issue.title}
    said = [titles.get(one) or actor_words(index, case, one) for one in names]
    if field in FIELDS and len(said) == FIELDS[field].count("{}"):
        return FIELDS[field].format(*said)
    use, _, gauge = field.rpartition(".")
    return " ".join([gauge, *([f"of {join_names(said)}"] if said else []), f"({use})"])


def actor_words(index: Index, case: Case, actor: str) -> str:
    """Return what an actor is called: in the case, else in the articles or the list of actors."""
    return case.names.get(actor) or index.party(actor)


def input_row(index: Index, words: str, interval: Interval) -> InputRow:
    """Return an input with its interval and source."""
    return InputRow(
        words=words,
        interval=interval_words(interval),
        note=interval.note,
        source=read_source(index, interval.source),
    )


def interval_words(interval: Interval) -> str:
    """Return what a value may be: `0.3 to 0.8`, `0 to 1, likeliest 0.4` or `0.5`."""
    if interval.low == interval.high:
        return _number(interval.low)
    ends = f"{_number(interval.low)} to {_number(interval.high)}"
    return ends if interval.mode is None else f"{ends}, likeliest {_number(interval.mode)}"


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def month_words(start: str, months: int) -> str:
    """Return the month some months after a first one, as `Apr 2025`."""
    year, month = divmod(int(start[:4]) * 12 + int(start[5:7]) - 1 + months, 12)
    return date_words(f"{year:04d}-{month + 1:02d}", short=True)


def ordered_moves(case: Case) -> list[Move]:
    """Return the moves of a case in order of time, as they are numbered."""
    return sorted(case.moves, key=lambda move: move.month)


def move_rows(index: Index, run: CaseRun) -> tuple[MoveRow, ...]:
    """Return the moves of a case in order of time, numbered from 1."""
    case = run.definition
    moves = ordered_moves(case)
    numbers = {move.id: number for number, move in enumerate(moves, start=1)}
    return tuple(
        MoveRow(
            number=numbers[move.id],
            when=month_words(case.start, move.month - 1),
            title=move.title,
            effect=_effect(value_words(index, case, move.field, move.names), move),
            probability=_probability(move.probability),
            terms=_terms(move, numbers),
            inputs=(
                input_row(index, "probability", move.probability),
                input_row(index, "size", move.amount),
            ),
        )
        for move in moves
    )


def _effect(value: str, move: Move) -> str:
    amount = interval_words(move.amount)
    if move.how == "to":
        return f"{value} is set to {amount}"
    if move.amount.low >= 0:
        return f"{value} grows by {amount}"
    return f"{value} changes by {amount}"


def _probability(interval: Interval) -> str:
    if interval.low == interval.high:
        return "is made" if interval.low == 1 else f"probability {percent(interval.low)}"
    return f"probability {percent(interval.low)} to {percent(interval.high)}"


def _terms(move: Move, numbers: dict[str, int]) -> str:
    """Return how long a move lasts and on what it depends."""
    said = []
    if move.requires is not None:
        said.append(f"only if move {numbers[move.requires]} is made")
    if move.duration:
        said.append(f"taken back after {count(move.duration, 'month')}")
    if move.given:
        said.append("given: also in what is called “without the moves”")
    return "; ".join(said)


def basis_row(
    index: Index, source: str, names: Iterable[str], run: CaseRun, words: dict[str, str]
) -> BasisRow:
    """Return a source with the inputs of these names, those alike together."""
    inputs = run.definition.inputs()
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        key = interval_words(inputs[name]), inputs[name].note
        groups.setdefault(key, []).append(words.get(name, name))
    return BasisRow(
        source=read_source(index, source),
        n=sum(map(len, groups.values())),
        groups=tuple(
            InputGroup(interval=interval, words="; ".join(said), note=note)
            for (interval, note), said in groups.items()
        ),
    )


def describe_skill(hindcast: Hindcast, baseline: str = "persistence") -> list[str]:
    """Return a sentence for each variable and horizon: the skill, its interval, what it means."""
    words: dict[Verdict, str] = {
        "above zero": "better",
        "below zero": "worse",
        "spans zero": "no skill",
    }
    return [
        f"{each.variable}, {count(each.horizon, 'year')} ahead, against {each.baseline}: "
        f"{signed(each.skill.value, 2)} "
        f"[{signed(each.skill.low, 2)}, {signed(each.skill.high, 2)}], "
        f"{words[each.skill.verdict]}"
        for each in hindcast.skills
        if each.baseline == baseline
    ]

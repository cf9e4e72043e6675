"""Cases as files: those that ship, the user's own, and a case on ties that were measured.

In: a name or path (TOML, or the JSON of an earlier run). Out: a `Case`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

import msgspec

from detente.errors import InputError, nearest
from detente.relations.perceived import PerceivedTie
from detente.scenarios.case import Case
from detente.scenarios.case_reading import case_of_table
from detente.scenarios.case_tables import Table, extend, load_table, refuse_doubles
from detente.scenarios.case_writing import tables_of
from detente.scenarios.inputs import Interval, Value
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.mechanisms.mechanism import Mechanism
from detente.schema import Record, Tie

READ_AS_TRUST = "how the actor's own speakers describe the tie, read as trust"


class CaseEntry(Record, frozen=True, kw_only=True):
    """A shipped case in the list of them.

    Attributes:
        name: what `read_case` takes.
        title: a few words.
        summary: what it is about.
    """

    name: str
    title: str
    summary: str


def list_cases() -> list[CaseEntry]:
    """Return the shipped cases by name."""
    tables = {name: load_table(path) for name, path in sorted(_shipped().items())}
    return [
        CaseEntry(name=name, title=table.text("title"), summary=table.text("summary", "").strip())
        for name, table in tables.items()
    ]


def read_case(
    name_or_path: str | Path, *, mechanisms: Mapping[str, Mechanism] = MECHANISMS
) -> Case:
    """Return a shipped case by name, a case file by path, or the case inside a result (`.json`).

    Raises:
        InputError: there is none of that name, or the file is not as it must be.
    """
    path = _find(name_or_path)
    if path.suffix == ".json":
        return _read_result(path, mechanisms)
    return case_of_table(_load(path, ()), path.stem, mechanisms)


def case_with_ties(case: Case, ties: Iterable[Tie], perceived: Iterable[PerceivedTie] = ()) -> Case:
    """Return the case on measured ties: where a dyad has an interval, that is its tie in month 0.

    What an actor's own speakers say of a tie stands for its trust in the other (valence -1 is
    trust 0, valence 1 is trust 1); no data here measure trust itself. Give the ties of one period
    and context. Sources are the ids of the records.
    """
    measured = {value.name: value for value in (*_measure(ties), *_trust(perceived))}
    return msgspec.structs.replace(
        case, values=tuple(measured.get(value.name, value) for value in case.values)
    )


def _measure(ties: Iterable[Tie]) -> Iterator[Value]:
    for tie in ties:
        if tie.n and tie.low is not None and tie.high is not None:
            interval = _measured(tie.low, tie.s, tie.high, tie.events)
            for names in ((tie.a, tie.b), (tie.b, tie.a)):
                yield Value(field="ties", names=names, interval=interval)


def _trust(perceived: Iterable[PerceivedTie]) -> Iterator[Value]:
    for tie in perceived:
        if tie.holder in (tie.a, tie.b):
            low, valence, high = ((1 + one) / 2 for one in (tie.low, tie.valence, tie.high))
            interval = _measured(low, valence, high, tie.claims, note=READ_AS_TRUST)
            other = tie.b if tie.holder == tie.a else tie.a
            yield Value(field="trust", names=(tie.holder, other), interval=interval)


def _measured(
    low: float, middle: float | None, high: float, records: Iterable[str], *, note: str = ""
) -> Interval:
    # A bootstrap's interval need not hold the estimate; a likeliest value must lie inside.
    mode = None if middle is None or low == high else min(max(middle, low), high)
    return Interval(low=low, high=high, mode=mode, source=f"record: {' '.join(records)}", note=note)


def _shipped() -> dict[str, Path]:
    folder = resources.files("detente") / "scenarios" / "cases"
    return {
        item.name.removesuffix(".toml"): Path(str(item))
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }


def _find(name_or_path: str | Path) -> Path:
    path, shipped = Path(name_or_path), _shipped()
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    if path.is_file():
        return path
    raise InputError(
        f"no case {str(name_or_path)!r}{nearest(str(name_or_path), shipped)}; shipped cases: "
        f"{', '.join(sorted(shipped))}; or give the path of a .toml file"
    )


def _load(path: Path, within: tuple[Path, ...]) -> Table:
    """Return the table of a case with those that it extends under it."""
    table = load_table(path)
    refuse_doubles(table)
    if not table.has("extends"):
        return table
    base = table.text("extends")
    beside = path.parent / f"{base}.toml"
    try:
        found = beside if beside.is_file() else _find(base)
    except InputError as err:
        raise table.error("extends", str(err)) from err
    if found in (*within, path):
        raise table.error("extends", f"{base!r} extends this case in turn")
    return extend(_load(found, (*within, path)), table)


def _read_result(path: Path, mechanisms: Mapping[str, Mechanism]) -> Case:
    """Return the case inside a result, checked as a file would be."""
    try:
        case = msgspec.convert(json.loads(path.read_text("utf-8"))["definition"], Case)
    except (OSError, ValueError, KeyError, TypeError, msgspec.ValidationError) as err:
        raise InputError(f"{path}: is no result of a scenario: {err}") from err
    table = Table(tables_of(case, mechanisms), str(path), "definition")
    refuse_doubles(table)
    return case_of_table(table, case.name, mechanisms)

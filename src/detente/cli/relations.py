"""Commands about how actors stand to each other: `triangle`, `blocs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from detente.cli.histories import Describe, describe_records, describe_rows, load_history
from detente.cli.inputs import load_records
from detente.cli.output import on_terminal, out, write_rows
from detente.errors import InputError
from detente.schema import Record, Tie

if TYPE_CHECKING:
    from detente.relations.blocs import Blocs, Movement
    from detente.relations.periods import Days
    from detente.relations.triangle import TrianglePattern, TurningPoint

FIRST_YEAR, LAST_YEAR = 1816, 2100
"""Years of structural data where no others are asked for."""

DossierOption = Annotated[Path | None, typer.Option("--dossier", help="A .detente file.")]
Cow = Annotated[
    Path | None, typer.Option("--cow", help="A folder of Correlates of War and ATOP tables.")
]
Icews = Annotated[
    Path | None,
    typer.Option(
        "--icews", help="Events: a folder or file of ICEWS, POLECAT, GDELT or PLOVER JSON."
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by", help="day, week, month, quarter or year; of a dossier also all, or up to a date."
    ),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="First period, as 1949 or 2025-02.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Last period, as 2014 or 2025-03.")
]


@dataclass(slots=True, frozen=True)
class _Source:
    """Ties over periods, what they are taken against, and what each event's id stands for."""

    ties: list[Tie]
    against: str
    describe: Describe


def triangle(
    actors: Annotated[
        list[str], typer.Argument(metavar="A B C", help="Three actors, as USA RUS CHN.")
    ],
    dossier: DossierOption = None,
    cow: Cow = None,
    icews: Icews = None,
    by: By = None,
    first: From = None,
    last: To = None,
    context: Annotated[
        str, typer.Option(help="all, or one PLOVER context as economic; of a dossier.")
    ] = "all",
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Print the events behind each side too.")
    ] = False,
) -> None:
    """Show which pattern three actors form in each period, and when it turned.

    [bold]Example:[/bold] detente triangle USA RUS CHN --dossier riyadh.detente --by month
    """
    from detente.relations.triangle import classify_periods, classify_triangle, turning_points

    if len(set(actors)) != 3:
        raise InputError(f"a triangle has three different actors, not {' '.join(actors)}")
    source = _read_source(
        actors, dossier=dossier, cow=cow, icews=icews, by=by, context=context, span=(first, last)
    )
    if not source.ties:
        raise InputError(f"no evidence on any side of {' '.join(actors)} in what was given")
    if _is_whole(source.ties[0].period):
        whole = source.ties[0].period
        patterns = [classify_triangle(source.ties, actors, period=whole, context=context)]
    else:
        patterns = classify_periods(source.ties, actors, context=context)
    turns = turning_points(patterns)
    if on_terminal():
        _print_triangle(patterns, turns, source, evidence=evidence)
        return
    write_rows("triangle", patterns)
    write_rows("turning_point", turns)
    if evidence:
        write_rows("evidence", _evidence(patterns, source))


def blocs(
    dossier: Annotated[
        Path | None, typer.Argument(metavar="[DOSSIER]", help="A .detente file.")
    ] = None,
    cow: Cow = None,
    icews: Icews = None,
    actors: Annotated[
        str | None, typer.Option(help="Only these, as USA,RUS,CHN; needed with --cow and --icews.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Up to a day, as 2025-02-25.")
    ] = None,
    by: By = None,
    first: From = None,
    last: To = None,
    k: Annotated[
        str, typer.Option("--k", help="Number of blocs: 2, or any for as many as fit best.")
    ] = "2",
    weighted: Annotated[
        bool, typer.Option("--weighted", help="Weigh ties by their strength, not 1 each.")
    ] = False,
) -> None:
    """Show the blocs that the signed ties form, how firmly each actor belongs, and who moved.

    [bold]Example:[/bold] detente blocs riyadh.detente --as-of 2025-02-25
    """
    from detente.relations.blocs import blocs_over_time, find_blocs, movements

    if k not in ("2", "any"):
        raise InputError(f"--k {k}: give 2, or any for as many blocs as fit best")
    if as_of and (by or cow or icews):
        raise InputError("--as-of goes with a dossier and without --by")
    names = [name.strip() for name in actors.split(",") if name.strip()] if actors else []
    period = as_of or by or ("all" if dossier else None)
    source = _read_source(
        names, dossier=dossier, cow=cow, icews=icews, by=period, context="all", span=(first, last)
    )
    if not source.ties:
        raise InputError("no tie between these actors in what was given")
    number = 2 if k == "2" else None
    first_period = source.ties[0].period
    if _is_whole(first_period):
        found = [find_blocs(source.ties, period=first_period, k=number, weighted=weighted)]
    else:
        found = blocs_over_time(source.ties, k=number, weighted=weighted)
    moved = movements(found)
    if on_terminal():
        _print_blocs(found, moved, source)
        return
    write_rows("blocs", found)
    write_rows("movement", moved)


def _read_source(
    actors: Sequence[str],
    *,
    dossier: Path | None,
    cow: Path | None,
    icews: Path | None,
    by: str | None,
    context: str,
    span: tuple[str | None, str | None],
) -> _Source:
    """Return the ties over periods from the one source that was given.

    Raises:
        InputError: none or several sources, or options that do not go with it.
    """
    if sum(path is not None for path in (dossier, cow, icews)) != 1:
        raise InputError("give one source: a dossier, --cow DIR or --icews DIR")
    if context != "all" and not dossier:
        raise InputError(f"--context {context}: only events of a dossier have their issues here")
    if not dossier and len(actors) < 2:
        raise InputError("name the actors among all of the data set: --actors USA,RUS,CHN")
    if dossier:
        found = _from_dossier(dossier, actors, by or "month", context)
    elif cow:
        if by not in (None, "year"):
            raise InputError(f"--by {by}: the Correlates of War tables are by year")
        found = _from_cow(cow, actors, span)
    else:
        assert icews
        found = _from_events(icews, actors, by or "month")
    limits = [_days(text) if text else None for text in span]
    ties = [tie for tie in found.ties if _is_within(tie.period, *limits)]
    return _Source(ties, found.against, found.describe)


def _from_dossier(dossier: Path, actors: Sequence[str], by: str, context: str) -> _Source:
    from detente.relations.ties import reference_for, ties_of

    records = load_records(dossier)
    known = {actor.id for actor in records.actors}
    if missing := [actor for actor in actors if actor not in known]:
        raise InputError(
            f"{dossier}: no article names {', '.join(missing)}; see detente show {dossier} actors"
        )
    ties = ties_of(records, period=by, context=context)
    if actors:
        ties = [tie for tie in ties if tie.a in actors and tie.b in actors]
    return _Source(ties, reference_for(records).name, describe_records(records))


def _from_cow(folder: Path, actors: Sequence[str], span: tuple[str | None, str | None]) -> _Source:
    from detente.relations.structure import STRUCTURE, structural_ties

    first, last = (
        _days(text).first.year if text else default
        for text, default in zip(span, (FIRST_YEAR, LAST_YEAR), strict=True)
    )
    ties = structural_ties(folder, actors, first=first, last=last)
    return _Source(ties, STRUCTURE.name, lambda key: key)


def _from_events(path: Path, actors: Sequence[str], by: str) -> _Source:
    from detente.relations.dyads import history_ties, reference_of

    events = load_history(path).events
    reference = reference_of(events, name=f"all dyads of {path.name}", period=by)
    ties = history_ties(events, actors, reference=reference, period=by)
    return _Source(ties, reference.name, describe_rows(events))


def _days(text: str) -> Days:
    """Return the days that a limit given on the command line may mean."""
    from detente.relations.periods import days_of

    days = days_of(text)
    if days is None:
        raise InputError(f"{text!r} is no year or date; write it as 1949 or 2025-02-18")
    return days


def _is_whole(period: str) -> bool:
    """Return whether ties of a period are all there are: over all time, or as of a day."""
    return period == "all" or period.startswith("../")


def _is_within(period: str, first: Days | None, last: Days | None) -> bool:
    """Return whether a period ends between the first day of `first` and the last of `last`."""
    from detente.relations.periods import last_day

    if _is_whole(period):
        return True
    end = last_day(period)
    return (first is None or end >= first.first) and (last is None or end <= last.last)


class Evidence(Record, frozen=True, kw_only=True):
    """One event behind one side of a triangle in one period."""

    period: str
    a: str
    b: str
    event: str
    text: str


def _evidence(patterns: Sequence[TrianglePattern], source: _Source) -> list[Evidence]:
    return [
        Evidence(period=tie.period, a=a, b=b, event=key, text=source.describe(key))
        for pattern in patterns
        for (a, b), tie in zip(combinations(pattern.actors, 2), pattern.ties, strict=True)
        for key in tie.events
    ]


def _print_triangle(
    patterns: Sequence[TrianglePattern],
    turns: Sequence[TurningPoint],
    source: _Source,
    *,
    evidence: bool,
) -> None:
    actors = patterns[0].actors
    sides = [f"{a}–{b}" for a, b in combinations(actors, 2)]
    table = Table("period", "pattern", "likeliest", *sides, title=" ".join(actors))
    for found in patterns:
        table.add_row(found.period, _pattern(found), _likeliest(found), *map(_side, found.ties))
    out.print(table)
    out.print(
        Text(f"s from -1 to 1 with its 95 % interval and events, against {source.against}"),
        style="dim",
    )
    for turn in turns:
        said = f"turned in {turn.period}: from {_pattern(turn.before)} to {_pattern(turn.after)}"
        out.print(Text(said))
    if evidence:
        for row in _evidence(patterns, source):
            out.print(Text(f"{row.period} {row.a}–{row.b}: {row.text}"), soft_wrap=True)


def _pattern(found: TrianglePattern) -> str:
    holder = found.pivot or found.outsider
    role = "pivot" if found.pivot else "outsider"
    return f"{found.pattern} ({role} {holder})" if holder else found.pattern


def _likeliest(found: TrianglePattern) -> str:
    if not found.probabilities:
        return ""
    name = max(found.probabilities, key=lambda key: found.probabilities[key])
    return f"{name} {found.probabilities[name]:.0%}"


def _side(tie: Tie) -> str:
    if tie.s is None or tie.low is None or tie.high is None:
        return "no evidence"
    sign = "?" if tie.sign == "undetermined" else tie.sign
    return f"{sign} {tie.s:+.2f} [{tie.low:+.2f}, {tie.high:+.2f}] {tie.n}"


def _print_blocs(found: Sequence[Blocs], moved: Sequence[Movement], source: _Source) -> None:
    table = Table("period", "blocs (how firmly)", "frustrated", "as good", "no sign")
    for one in found:
        shown = [
            ", ".join(f"{name} {one.membership[name]:.0%}" for name in bloc) for bloc in one.blocs
        ]
        proof = "" if one.proved else f" (at least {one.lower_bound:g})"
        table.add_row(
            one.period,
            Text(" | ".join(shown) or "cannot be told"),
            f"{one.value:g}{proof}",
            f"{one.n_optimal - 1}{'' if one.complete else ' or more'}",
            Text(", ".join(one.unplaced)),
        )
    out.print(table)
    out.print(Text(f"signs against {source.against}"), style="dim")
    for move in moved:
        out.print(Text(_moved(move)))


def _moved(move: Movement) -> str:
    firm = f"{move.firmness_before:.0%} firm before, {move.firmness_after:.0%} after"
    lasting = "lasting" if move.lasts else "not seen to last"
    return f"{move.actor} changed sides in {move.period} ({firm}; {lasting})"

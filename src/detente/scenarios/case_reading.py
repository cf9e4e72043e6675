"""From the tables of a case file to a `Case`, checked.

In: a `Table`. Out: a `Case`. Whatever is wrong is an `InputError` that names file, key, what is
allowed and the nearest name. A value that the file does not state takes the file's own default for
its field, else `UNSTATED`; both are named assumptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product

from detente.errors import nearest
from detente.extract.gazetteer import load_gazetteer
from detente.scenarios.case import CHANCES, MOVES, Case, Issue, MechanismUse
from detente.scenarios.case_tables import Range, Table
from detente.scenarios.inputs import Interval, Value
from detente.scenarios.mechanisms.mechanism import Mechanism, Parameter, Role
from detente.scenarios.moves import ALWAYS, Move, find_contradiction
from detente.scenarios.question_reading import read_names, read_question
from detente.scenarios.state import FIELDS, RANGES, Gauge, World

MOST_MONTHS = 120
"""Ten years of months; nothing here is known to hold for longer."""

MOST_ACTORS = 24
"""Each pair of them has values to state; beyond 16 the camps at the end are searched by chance."""

CHANCE: Range = (0.0, 1.0)

KEYS = (
    *("title", "summary", "start", "months", "actors", "theatres", "issues", "triangle", "noise"),
    *("defaults", "names", "mechanisms", "moves", "questions", "extends"),
    *FIELDS,
)


def _unstated(low: float, high: float, field: str) -> Interval:
    return Interval(low=low, high=high, source=f"assumption: {field} that the case does not state")


UNSTATED: dict[str, Interval] = {
    "ties": _unstated(-0.3, 0.3, "ties"),
    "dependence": _unstated(0.0, 0.1, "dependence"),
    "trust": _unstated(0.2, 0.8, "trust"),
    "offers": _unstated(0.0, 0.0, "offers"),
    "exit_costs": _unstated(0.0, 0.0, "exit costs"),
    "capability": _unstated(0.5, 1.5, "capability"),
    "attention": _unstated(0.0, 0.5, "attention"),
    "positions": _unstated(0.2, 0.8, "positions"),
    "salience": _unstated(0.2, 0.8, "salience"),
    "seats": _unstated(1.0, 1.0, "seats"),
    "opposition": _unstated(0.1, 0.5, "opposition"),
}
"""What is taken where a case says nothing: nobody offers anything, everybody has a seat, and of the
rest not much is known."""

UNSTATED_NOISE = Interval(
    low=0.0, high=0.04, source="assumption: chance movement of a tie in a month"
)
"""Up to 0.14 in a year; no data at hand give it by month."""


def case_of_table(table: Table, name: str, mechanisms: Mapping[str, Mechanism]) -> Case:
    """Return the case that a table tells, with any table that it extends already under it.

    Raises:
        InputError: something is missing, unknown, outside its limits or contradictory.
    """
    _refuse_unknown(table)
    actors, names = _read_actors(table)
    theatres = table.names("theatres", what="theatre") if table.has("theatres") else ()
    issues = tuple(table.each("issues", _read_issue))
    plain = World(actors, theatres, tuple(issue.id for issue in issues))
    uses = tuple(table.each("mechanisms", lambda row: _read_use(row, plain, mechanisms)))
    world = World(actors, theatres, plain.issues, dict(_gauges(uses, mechanisms)))
    months = table.whole("months", limits=(1, MOST_MONTHS))
    start = _read_month(table, "start")
    kinds = {use.name: mechanisms[use.mechanism] for use in uses}
    questions = tuple(table.each("questions", lambda row: read_question(row, world, months, kinds)))
    if not questions:
        raise table.error("questions", "a case asks at least one question; add [[questions]]")
    return Case(
        name=name,
        title=table.text("title"),
        summary=table.text("summary", ""),
        start=start,
        months=months,
        actors=actors,
        names=names,
        theatres=theatres,
        issues=issues,
        triangle=_read_triangle(table, actors),
        values=tuple(_read_values(table, plain)),
        noise=table.table("noise").interval((0.0, 1.0)) if table.has("noise") else UNSTATED_NOISE,
        mechanisms=uses,
        moves=_read_moves(table, world, start, months),
        questions=questions,
    )


def _refuse_unknown(table: Table) -> None:
    for key in KEYS:
        table.has(key)
    table.close()


def _read_actors(table: Table) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the ids of the actors, and what some of them are called in this case."""
    actors = table.names("actors", what="actor")
    if not 2 <= len(actors) <= MOST_ACTORS:
        raise table.error("actors", f"{len(actors)} actors; give 2 to {MOST_ACTORS}")
    given = table.table("names")
    names = {actor: given.text(actor) for actor in actors if given.has(actor)}
    given.close()
    listed = load_gazetteer().actors
    for actor in actors:
        if " " in actor:
            raise table.error("actors", f"{actor!r} has a blank, which parts the names of inputs")
        if actor not in listed and actor not in names:
            raise table.error(
                "actors",
                f"unknown actor {actor!r}{nearest(actor, listed)}; give an id of the list of "
                f"actors, such as 'USA', or say who it is: names = {{ {actor} = \"…\" }}",
            )
    return actors, names


def _read_issue(row: Table) -> Issue:
    return Issue(
        id=row.text("id"),
        title=row.text("title", ""),
        low=row.text("low", ""),
        high=row.text("high", ""),
    )


def _read_month(table: Table, key: str) -> str:
    text = str(table.take(key, (str, date), "a month such as '2025-02'"))
    try:
        if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text):
            raise ValueError
        date.fromisoformat(text if len(text) > len("2025-02") else f"{text}-01")
    except ValueError as err:
        raise table.error(key, f"{text!r} is no month such as '2025-02'") from err
    return text


def _count_months(start: str, end: str) -> int:
    """Return the number of the month of `end`; the month of `start` is 1."""
    years = int(end[:4]) - int(start[:4])
    return 12 * years + int(end[5:7]) - int(start[5:7]) + 1


def _read_triangle(table: Table, actors: tuple[str, ...]) -> tuple[str, ...]:
    if not table.has("triangle"):
        return actors[:3] if len(actors) >= 3 else ()
    trio = table.names("triangle", actors, "actor")
    if len(trio) != 3:
        raise table.error("triangle", f"a triangle has three actors, not {len(trio)}")
    return trio


def _read_values(table: Table, world: World) -> Iterator[Value]:
    """Yield a value for every place of every field, stated or not; a tie once a pair."""
    defaults = table.table("defaults")
    for field in FIELDS:
        stated = dict(table.each(field, lambda row, field=field: _read_value(row, field, world)))  # type: ignore[misc]
        default = UNSTATED[field]
        if defaults.has(field):
            default = _closed_interval(defaults.table(field), RANGES[field])
        if field == "capability" and stated and len(stated) < len(world.actors):
            missing = next(actor for actor in world.actors if (actor,) not in stated)
            raise table.error(field, f"{missing} has none; state it for all actors or for none")
        for names in product(*(world.names(axis) for axis in FIELDS[field])):
            if field == "ties":
                a, b = (world.index("actor", one) for one in names)
                if a < b:
                    interval = stated.get(names) or stated.get(names[::-1]) or default
                    yield Value(field=field, names=names, interval=interval)
            elif len(set(names)) == len(names):
                yield Value(field=field, names=names, interval=stated.get(names, default))
    defaults.close()


def _read_value(row: Table, field: str, world: World) -> tuple[tuple[str, ...], Interval]:
    return read_names(row, world, field), row.interval(RANGES[field])


def _closed_interval(table: Table, limits: Range) -> Interval:
    interval = table.interval(limits)
    table.close()
    return interval


def _read_use(row: Table, world: World, mechanisms: Mapping[str, Mechanism]) -> MechanismUse:
    kind = mechanisms[row.text("id", allowed=mechanisms)]
    name = row.text("name", kind.id)
    if "." in name:
        raise row.error("name", f"{name!r} has a dot, which parts it from its gauges")
    if name in (MOVES, CHANCES):
        raise row.error("name", f"{name!r} is what the account calls its own; take another")
    roles, given, start = row.table("roles"), row.table("parameters"), row.table("start")
    parameters = {one.name: _read_parameter(given, one, kind.id) for one in kind.parameters}
    gauges = {one.name: _read_start(start, one, name) for one in kind.gauges}
    filled = {role.name: _read_role(roles, role, world) for role in kind.roles}
    _refuse_double_parts(roles, kind.roles, filled)
    for part in (roles, given, start):
        part.close()
    return MechanismUse(
        mechanism=kind.id, name=name, roles=filled, parameters=parameters, start=gauges
    )


def _read_role(roles: Table, role: Role, world: World) -> tuple[str, ...]:
    known = world.names(role.axis)
    if not role.many:
        return (roles.text(role.name, allowed=known),)
    return roles.names(role.name, known, role.axis) if roles.has(role.name) else known


def _refuse_double_parts(
    table: Table, roles: tuple[Role, ...], filled: Mapping[str, tuple[str, ...]]
) -> None:
    """Complain of one actor, issue or theatre that plays two parts which need two."""
    single = [role for role in roles if not role.many and not role.shared]
    for one, other in combinations(single, 2):
        if one.axis == other.axis and filled[one.name] == filled[other.name]:
            player = filled[other.name][0]
            raise table.error(other.name, f"{player!r} is the {one.name} already; give another")


def _read_parameter(given: Table, parameter: Parameter, kind: str) -> Interval:
    if given.has(parameter.name):
        return _closed_interval(given.table(parameter.name), (parameter.least, parameter.most))
    return Interval(
        low=parameter.low,
        high=parameter.high,
        source=parameter.source or f"assumption: {kind} {parameter.name}",
        note=f"{parameter.note} ({parameter.unit})",
    )


def _read_start(start: Table, gauge: Gauge, name: str) -> Interval:
    if start.has(gauge.name):
        return _closed_interval(start.table(gauge.name), (gauge.low, gauge.high))
    source = f"assumption: {name} starts with {gauge.name} {gauge.start:g}"
    return Interval(low=gauge.start, high=gauge.start, source=source, note=gauge.note)


def _gauges(
    uses: tuple[MechanismUse, ...], mechanisms: Mapping[str, Mechanism]
) -> Iterator[tuple[str, Gauge]]:
    for use in uses:
        for gauge in mechanisms[use.mechanism].gauges:
            yield f"{use.name}.{gauge.name}", gauge


def _read_moves(table: Table, world: World, start: str, months: int) -> tuple[Move, ...]:
    moves = tuple(table.each("moves", lambda row: _read_move(row, world, start, months)))
    by_id = {move.id: move for move in moves}
    for number, move in enumerate(moves, 1):
        key = f"moves[{number}].requires"
        if move.requires is None:
            continue
        if move.requires not in by_id:
            raise table.error(key, f"no move {move.requires!r}; moves: {', '.join(by_id)}")
        needed = by_id[move.requires]
        if (needed.month, moves.index(needed)) >= (move.month, number - 1):
            raise table.error(key, f"{needed.id!r} comes no earlier; put it before this move")
        if move.given and not needed.given:
            raise table.error(key, f"{needed.id!r} is not given, so the baseline lacks it")
    clash = find_contradiction(moves)
    if clash:
        one, other = clash
        what = " ".join((one.field, *one.names))
        raise table.error(
            "moves",
            f"{one.id!r} and {other.id!r} contradict each other: both change {what} in month "
            f"{one.month}; move one of them, or give intervals that meet",
        )
    return moves


def _read_move(row: Table, world: World, start: str, months: int) -> Move:
    field = row.text("field", allowed=[*FIELDS, *world.gauges])
    low, high = world.range(field)
    how = row.text("how", "by", allowed=("by", "to"))
    probability = ALWAYS
    if row.has("probability"):
        probability = _read_probability(row)
    return Move(
        id=row.text("id"),
        title=row.text("title"),
        month=_read_time(row, start, months),
        probability=probability,
        field=field,
        names=read_names(row, world, field),
        how="to" if how == "to" else "by",
        amount=row.interval((low, high) if how == "to" else (low - high, high - low)),
        duration=row.whole("duration", limits=(1, months)) if row.has("duration") else None,
        requires=row.text("requires") if row.has("requires") else None,
        given=row.flag("given"),
    )


def _read_probability(row: Table) -> Interval:
    """Return the interval of a probability: a number, which is an assumption, or a table."""
    if isinstance(row.values["probability"], dict):
        return _closed_interval(row.table("probability"), CHANCE)
    number = row.number("probability", limits=CHANCE)
    name = row.values.get("id", "the move")
    return Interval(low=number, high=number, source=f"assumption: probability of {name}")


def _read_time(row: Table, start: str, months: int) -> int:
    if not row.has("date"):
        return row.whole("month", limits=(1, months))
    if row.has("month"):
        raise row.error("date", "give either date or month")
    month = _count_months(start, _read_month(row, "date"))
    if not 1 <= month <= months:
        raise row.error("date", f"lies in month {month}; the case runs from month 1 to {months}")
    return month

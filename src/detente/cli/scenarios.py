"""The command that runs moves as scenarios: `scenario list`, `scenario show`, `scenario run`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from detente.cli.inputs import load_records
from detente.cli.output import err, on_terminal, out
from detente.errors import InputError, nearest

if TYPE_CHECKING:
    from detente.scenarios.answers import Outcome
    from detente.scenarios.case import Case
    from detente.scenarios.mechanisms.mechanism import Mechanism
    from detente.scenarios.results import CaseRun, TriangleMonth

ACTIONS = ("list", "show", "run")
LISTED = 5
"""Alignments, drivers and assumptions that a terminal shows of a run."""


def scenario(
    action: Annotated[str, typer.Argument(metavar="list|show|run", help="What to do.")],
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]", help="A shipped case by name, or a .toml file.", show_default=False
        ),
    ] = None,
    dossier: Annotated[
        Path | None, typer.Option("--dossier", help="Take ties and trust from this .detente file.")
    ] = None,
    runs: Annotated[int, typer.Option(min=8, max=100_000, help="Runs of the simulation.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed: the same gives the same result.")] = 1,
    mechanisms: Annotated[
        Path | None, typer.Option(help="A Python file of your own mechanisms; it is executed.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSON file to write the result to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run the moves of a case and show what follows, how sure it is and what it rests on.

    [bold]Example:[/bold] detente scenario run reverse-nixon --runs 2000 --seed 1
    """
    if action not in ACTIONS:
        raise InputError(
            f"unknown action {action!r}; allowed: {', '.join(ACTIONS)}{nearest(action, ACTIONS)}"
        )
    known = _mechanisms(mechanisms)
    if action == "list":
        _list(known, as_json or not on_terminal())
        return
    from detente.scenarios.cases import read_case

    if case is None:
        raise InputError(f"scenario {action} needs a case; see: detente scenario list")
    chosen = read_case(case, mechanisms=known)
    if dossier:
        chosen = _measured(chosen, dossier)
    if action == "show":
        _show(chosen, as_json or not on_terminal())
        return
    _run(chosen, known, runs, seed, output, as_json or not on_terminal())


def _mechanisms(path: Path | None) -> dict[str, Mechanism]:
    from detente.scenarios.mechanisms import MECHANISMS, load_user_mechanisms

    return load_user_mechanisms(path) if path else dict(MECHANISMS)


def _measured(case: Case, dossier: Path) -> Case:
    """Return the case with the ties, and the trust, that a dossier tells of; say how many."""
    from detente.relations.perceived import perceived_ties
    from detente.relations.ties import ties_of
    from detente.scenarios.cases import case_with_ties

    records = load_records(dossier)
    found = case_with_ties(case, ties_of(records), perceived_ties(records.claims))
    for field in ("ties", "trust"):
        values = [value for value in found.values if value.field == field]
        n_measured = sum(value.interval.kind == "record" for value in values)
        said = f"{field}: {n_measured} of {len(values)} rest on records of {dossier}, the others as"
        err.print(Text(f"{said} the case has them"), soft_wrap=True)
    return found


def _list(known: dict[str, Mechanism], as_json: bool) -> None:
    from detente.scenarios.cases import list_cases

    cases = list_cases()
    if as_json:
        named = ("id", "title", "family", "model", "reference")
        rows = [{key: getattr(one, key) for key in named} for one in known.values()]
        _print_json({"cases": cases, "mechanisms": rows})
        return
    table = Table("case", "title", title="cases", title_justify="left")
    for case in cases:
        table.add_row(case.name, case.title)
    out.print(table)
    table = Table("id", "title", "family", "model", title="mechanisms", title_justify="left")
    for one in known.values():
        table.add_row(one.id, one.title, one.family, one.model)
    out.print(table)


def _show(case: Case, as_json: bool) -> None:
    if as_json:
        _print_json(case)
        return
    out.print(Text(f"{case.title}\n{case.summary}"))
    table = Table("input", "low", "high", "source", title="inputs", title_justify="left")
    for name, interval in case.inputs().items():
        table.add_row(name, f"{interval.low:g}", f"{interval.high:g}", Text(interval.source))
    out.print(table)
    table = Table("mechanism", "roles", title="mechanisms", title_justify="left")
    for use in case.mechanisms:
        roles = "; ".join(f"{role}: {', '.join(names)}" for role, names in use.roles.items())
        table.add_row(use.name, roles)
    out.print(table)
    table = Table("move", "month", "changes", "title", title="moves", title_justify="left")
    for move in case.moves:
        changes = " ".join((move.field, *move.names))
        table.add_row(move.id, str(move.month), changes, Text(move.title))
    out.print(table)
    for question in case.questions:
        out.print(Text(f"? {question.text}"))


def _run(
    case: Case,
    mechanisms: dict[str, Mechanism],
    runs: int,
    seed: int,
    output: Path | None,
    as_json: bool,
) -> None:
    from detente.scenarios.hindcast import load_dynamics
    from detente.scenarios.simulate import run_case
    from detente.views.case_words import describe_skill
    from detente.views.exports import write_bytes

    found = run_case(case, runs=runs, seed=seed, mechanisms=mechanisms)
    skill = describe_skill(load_dynamics())
    result = {**msgspec.to_builtins(found), "hindcast": skill}
    if output:
        write_bytes(output, msgspec.json.encode(result) + b"\n")
        err.print(f"Wrote {output}")
    if as_json:
        _print_json(result)
        return
    _print_run(found)
    out.print(Text("hindcast of such dynamics, 1946–2014: " + "; ".join(skill)), style="dim")


def _print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def _print_run(found: CaseRun) -> None:
    title = f"{found.title} ({found.runs} runs of {found.months} months, seed {found.seed})"
    table = Table("question", "probability", "interval", "without the moves", "driven by")
    table.title = title
    for answer in found.answers:
        table.add_row(Text(answer.text), *_answer(answer))
    out.print(table)
    if found.triangle:
        out.print(Text(f"triangle at the start: {_patterns(found.triangle[0])}"))
        out.print(Text(f"triangle at the end:   {_patterns(found.triangle[-1])}"))
    for bloc in found.blocs[:LISTED]:
        camps = " | ".join(", ".join(camp) for camp in bloc.camps if camp)
        out.print(Text(f"camps at the end, {bloc.share:.0%}: {camps}"))
    share = "none" if found.assumed is None else f"{found.assumed:.0%}"
    out.print(Text(f"share of the inputs' influence that rests on assumptions: {share}"))
    for basis in found.assumptions[:LISTED]:
        out.print(Text(f"  {basis.source}: {basis.low:g} to {basis.high:g} {basis.note}".rstrip()))
    more = len(found.assumptions) - LISTED
    if more > 0:
        out.print(
            Text(f"  and {more} more; --json lists them all, and {len(found.sources)} sources")
        )


def _answer(answer: Outcome) -> tuple[str, str, str, str]:
    from detente.views.wording import percent, signed

    difference = f"{signed(100 * answer.effect)} ± {100 * answer.effect_error:.1f} points"
    return (
        f"{percent(answer.probability)} ± {100 * answer.error:.1f} ({answer.band})",
        f"{percent(answer.low)} to {percent(answer.high)}",
        f"{percent(answer.baseline)} (difference {difference})",
        ", ".join(answer.drivers[:3]),
    )


def _patterns(month: TriangleMonth) -> str:
    ordered = sorted(month.patterns.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {share:.0%}" for name, share in ordered if share >= 0.005)

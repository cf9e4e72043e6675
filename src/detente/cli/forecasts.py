"""The command about what comes next: `forecast`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from detente.cli.histories import Describe, describe_records, describe_rows, load_history
from detente.cli.inputs import load_records
from detente.cli.output import on_terminal, out, write_rows
from detente.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from detente.scenarios.outlook import Forecast, Reason
    from detente.scenarios.questions import Question

SHOWN = 4
"""Reasons of a forecast that a terminal shows."""


def forecast(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUESTION]", help='As "USA RUS CONSULT within 14 days".', show_default=False
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history", help="Events: a folder or file of ICEWS, POLECAT, GDELT or PLOVER JSON."
        ),
    ] = None,
    dossier: Annotated[Path | None, typer.Option("--dossier", help="A .detente file.")] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="A TOML file of many questions.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Last day that is known; else the newest."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Print the past events behind each reason too.")
    ] = False,
) -> None:
    """Answer whether two actors will have an event of a kind within so many days.

    With a dossier and a history, and no question, the expectations that its articles voice with a
    horizon are held against the history.

    [bold]Example:[/bold] detente forecast "USA RUS CONSULT within 14 days" --history icews14/
    """
    from detente.scenarios.outlook import forecast_questions

    if dossier and history and question is None and questions is None:
        _score_expectations(dossier, history)
        return
    asked = _questions(question, questions)
    day = _day(as_of)
    events, describe = _events(history, dossier)
    forecasts = forecast_questions(events, asked, day)
    if not on_terminal():
        write_rows("forecast", forecasts)
        return
    for each in forecasts:
        _print_forecast(each, describe, evidence=evidence)


def _score_expectations(dossier: Path, history: Path) -> None:
    from detente.scenarios.expected import score_expectations

    found = score_expectations(load_records(dossier), load_history(history).events)
    if not on_terminal():
        write_rows("expected", found)
        return
    table = Table("as of", "expected", "said", "came true", title="expectations of the articles")
    for each in found:
        answer = {True: "yes", False: "no", None: "not known yet"}[each.happened]
        table.add_row(each.as_of, each.question.text, each.band, answer)
    out.print(table)


def _questions(text: str | None, path: Path | None) -> list[Question]:
    from detente.scenarios.questions import parse_question, read_questions

    if (text is None) == (path is None):
        raise InputError('ask one question, as "USA RUS CONSULT within 14 days", or --questions')
    return [parse_question(text)] if text else read_questions(path or Path())


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of {text!r} is no date; write it as 2014-11-30") from error


def _events(history: Path | None, dossier: Path | None) -> tuple[pl.DataFrame, Describe]:
    from detente.relations.recorded import events_of_records

    if history and not dossier:
        events = load_history(history).events
        return events, describe_rows(events)
    if dossier and not history:
        records = load_records(dossier)
        return events_of_records(records), describe_records(records)
    raise InputError("give one source of events: --history PATH or --dossier FILE")


def _print_forecast(found: Forecast, describe: Describe, *, evidence: bool) -> None:
    from detente.extract.likelihood import load_likelihood

    words = load_likelihood().words_of(found.probability, found.low, found.high)
    title = f"{found.question.text}, known up to {found.as_of}"
    table = Table("probability", "interval", "base rate", "trend", title=title)
    table.add_row(
        f"{found.probability:.0%} ({words})",
        f"{found.low:.0%} to {found.high:.0%}",
        f"{found.base_rate:.0%} since {found.since}",
        found.trend,
    )
    out.print(table)
    for reason in found.reasons[:SHOWN]:
        out.print(Text(_reason(reason)))
        for past in reason.events if evidence else ():
            out.print(Text(f"    {describe(past.id)}"), soft_wrap=True)
    if found.advantage:
        out.print(Text(_record(found)), style="dim")


def _reason(reason: Reason) -> str:
    days = ", ".join(dict.fromkeys(past.date for past in reason.events))
    moved = f"{reason.contribution:+.2f} log-odds: {reason.term}"
    return f"{moved} (newest: {days})" if days else moved


def _record(found: Forecast) -> str:
    record = found.advantage
    if record is None or record.skill is None:
        return f"{found.model}: {record.words if record else 'not measured'}"
    interval = f"{record.low:+.2f} to {record.high:+.2f}"
    return (
        f"{found.model}: {record.words}; skill against the base rate {record.skill:+.2f} "
        f"[{interval}] over {record.n} forecasts from {record.first} to {record.last}"
    )

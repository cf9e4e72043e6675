"""Hindcast of ties and dependence of the powers, 1946 to 2014, by rolling origin.

In: a folder of structural tables (`relations/cow.py`). Out: the coefficients of the dynamics with
their intervals, and their skill against persistence, the means so far, and the plain equation
(`scenarios/hindcast.py`). The shipped `dynamics.toml` is `format_dynamics` of the same run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from detente.scenarios.dynamics import read_panel
from detente.scenarios.hindcast import Hindcast, Interval, run_hindcast
from detente.views.case_words import describe_skill

HEAD_FIELDS = ("source", "first", "last", "n_pairs")

DIGITS = 4
"""Significant digits of what is shown and shipped."""

HEAD = """\
# Dynamics of ties and dependence, fitted and tested on the powers' past: method note `hindcast`.
# Numbers only; no row of a data set is shipped. Coefficients are per year.
# Made by bench.hindcast.format_dynamics(run_hindcast(read_panel(DIR))), which
# `detente bench hindcast --data DIR` prints as JSON; DIR holds the tables of `source`.
"""


def measure_hindcast(data: Path) -> dict[str, Any]:
    """Return coefficients, skills and sign changes of the hindcast, and the skill in words.

    Raises:
        InputError: a table is missing or lacks a column, or covers too few years.
    """
    hindcast = run_hindcast(read_panel(data))
    found: dict[str, Any] = msgspec.to_builtins(_rounded(hindcast))
    return found | {"in_words": describe_skill(hindcast)}


def format_dynamics(hindcast: Hindcast) -> str:
    """Return a hindcast as the TOML that `load_dynamics` reads."""
    shown = _rounded(hindcast)
    lines = [HEAD]
    lines += [f"{name} = {_value(getattr(shown, name))}" for name in HEAD_FIELDS]
    lines += ["", "[coefficients]"]
    lines += [f'"{name}" = {_value(found)}' for name, found in shown.coefficients.items()]
    for table in ("skills", "signs"):
        for row in getattr(shown, table):
            fields = msgspec.structs.asdict(row)
            lines += ["", f"[[{table}]]", *(f"{k} = {_value(v)}" for k, v in fields.items())]
    return "\n".join([*lines, ""])


def _value(value: str | int | float | Interval) -> str:
    """Return a value of TOML; an interval is an inline table."""
    if isinstance(value, Interval):
        parts = msgspec.structs.asdict(value).items()
        return "{ " + ", ".join(f"{name} = {_value(part)}" for name, part in parts) + " }"
    return msgspec.json.encode(value).decode()


def _rounded(hindcast: Hindcast) -> Hindcast:
    replace = msgspec.structs.replace
    return replace(
        hindcast,
        coefficients={name: _round(found) for name, found in hindcast.coefficients.items()},
        skills=tuple(replace(each, skill=_round(each.skill)) for each in hindcast.skills),
    )


def _round(interval: Interval) -> Interval:
    value, low, high = (
        float(f"{number:.{DIGITS}g}") for number in (interval.value, interval.low, interval.high)
    )
    return msgspec.structs.replace(interval, value=value, low=low, high=high)

"""The group decision model on a published issue, round by round.

In: a CSV file with the columns Actor, Capability, Position and Salience, a player a line. Out: the
weighted median and mean, positions, moves and risks of every round, and whether that settles.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import msgspec

from detente.errors import InputError
from detente.scenarios.bargaining import Player, bargain

COLUMNS = ("Actor", "Capability", "Position", "Salience")

DIGITS = 6
"""Digits to which figures are given."""


def measure_bargaining(data: Path, *, rounds: int = 10) -> dict[str, Any]:
    """Return the rounds of the bargain in `data`, its status and forecast.

    Args:
        data: the table of players.
        rounds: rounds to play.

    Raises:
        InputError: the file cannot be read, lacks a column, or holds a value out of range.
    """
    players = read_players(data)
    found = bargain(players, rounds=rounds)
    figures: dict[str, Any] = _rounded(msgspec.to_builtins(found))
    return {
        "n_players": len(players),
        "n_rounds": rounds,
        "converged": found.status == "converged",
        **figures,
    }


def read_players(path: Path) -> list[Player]:
    """Return the players of a table.

    Raises:
        InputError: the file cannot be read or lacks a column, or a value is no number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise InputError(f"{path}: not a readable CSV table ({err})") from err
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise InputError(
            f"{path}: no column {', '.join(missing)}, or no row; needed: {', '.join(COLUMNS)}"
        )
    return [_read_player(path, line, row) for line, row in enumerate(rows, start=2)]


def _read_player(path: Path, line: int, row: dict[str, str]) -> Player:
    numbers = {}
    for name in COLUMNS[1:]:
        try:
            numbers[name.lower()] = float(row[name])
        except (TypeError, ValueError) as err:
            raise InputError(
                f"{path}, line {line}: {name} is {row[name]!r}; give a number"
            ) from err
    return Player(name=row["Actor"], **numbers)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value

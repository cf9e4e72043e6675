"""Rows of predictions, as the independent scorers read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from detente.errors import InputError


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a line of JSON a row.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        path.write_bytes(msgspec.json.Encoder().encode_lines(rows))
    except OSError as err:
        raise InputError(f"cannot write {path}: {err.strerror}; give another place") from err

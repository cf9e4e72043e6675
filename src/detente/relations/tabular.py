"""Tab-separated exports of data sets: their first line, and a lazy scan of their rows.

In: a text file, or a zip file that holds one. Out: fields, or a Polars `LazyFrame` that reads only
the columns that are asked for. One broken line never stops a file of millions: bytes that are no
UTF-8 are replaced, a line with too few fields gets nulls, one with too many loses them, and a value
of the wrong type is null.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl

from detente.errors import InputError

MISSING = ["", "None"]
"""What stands for no value: ICEWS and GDELT leave it empty, POLECAT writes None."""

LONGEST_LINE = 1_000_000
"""Bytes read at most to find the end of the first line."""


def first_fields(path: Path) -> list[str]:
    """Return the fields of the first line.

    Raises:
        InputError: the file is missing, empty, or no text.
    """
    with _open(path) as stream:
        line = stream.readline(LONGEST_LINE)
    if not line.strip() or b"\0" in line:
        raise InputError(f"{path}: empty, or not a tab-separated text")
    return line.decode("utf-8-sig", "replace").rstrip("\r\n").split("\t")


def scan_rows(
    path: Path, *, types: Mapping[str, type[pl.DataType]], has_header: bool = False
) -> pl.LazyFrame:
    """Return the rows of a file.

    Args:
        path: the file.
        types: every column's name and type, in order.
        has_header: the first line holds names, not values.

    Raises:
        InputError: the file is missing, or a zip file that does not hold one file.
    """
    source: Path | bytes = path
    if _is_zip(path):
        with _open(path) as stream:
            source = stream.read()
    return pl.scan_csv(
        source,
        separator="\t",
        has_header=has_header,
        quote_char=None,
        schema=dict(types),
        null_values=MISSING,
        ignore_errors=True,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, or the only file in a zip file, for reading bytes."""
    try:
        if not _is_zip(path):
            with path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            if len(names) != 1:
                raise InputError(f"{path}: holds {len(names)} files, not one; unpack it")
            with archive.open(names[0]) as stream:
                yield stream
    except FileNotFoundError as err:
        raise InputError(f"{path}: no such file") from err
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as err:
        raise InputError(f"{path}: cannot be read ({err})") from err

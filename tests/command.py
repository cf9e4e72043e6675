"""Run a command line in this process, as `detente` would: the language pipeline loads only once."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from detente import cli


@dataclass(slots=True, frozen=True)
class Outcome:
    """What a command printed, and its exit status."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON Lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    def kinds(self) -> set[str]:
        return {row["record"] for row in self.rows}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["record"] == kind]


class _Stream(io.TextIOWrapper):
    """A text stream over bytes in memory that may pose as a terminal."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def text(self) -> str:
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


def run(*args: object, stdin: bytes = b"", terminal: bool = False) -> Outcome:
    """Return what `detente ARGS` does; with `terminal` a person reads its output."""
    out, err = _Stream(terminal=terminal), _Stream()
    with (
        patch.object(sys, "argv", ["detente", *map(str, args)]),
        patch.object(sys, "stdin", _Stream(stdin)),
        patch.dict("os.environ", {"COLUMNS": "200"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return Outcome(code, out.text(), err.text())

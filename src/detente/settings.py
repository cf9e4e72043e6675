"""The settings of a run: one frozen object, made once by the command line or the API."""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that changes a result or its cost, with its default.

    Attributes:
        pipeline: name of the spaCy pipeline, or null for an official `en_core_web_*` when one is
            installed, else the one that détente depends on.
        processes: worker processes for coding; 1 codes in this process.
        max_bytes: files and downloads larger than this are skipped, in bytes.
        timeout: time limit of one download, in seconds.
        weights: whether the trained heads code; without them, or where they are not installed, the
            rules do.
        half_life: days after which an event weighs half in a tie.
        seed: seed of every bootstrap and simulation.
    """

    pipeline: str | None = None
    processes: int = 1
    max_bytes: int = 50_000_000
    timeout: float = 20.0
    weights: bool = True
    half_life: float = 90.0
    seed: int = 1

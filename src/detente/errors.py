"""The errors that a user can meet: one clear sentence each, with the place and the remedy."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process


class DetenteError(Exception):
    """Base of every error that détente raises on purpose; the command line shows its text."""


class InputError(DetenteError):
    """Something that the user gave cannot be used: a path, an option, a name, a file's content."""


class DossierError(DetenteError):
    """A dossier cannot be opened, read or written."""


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the allowed value nearest to `value`, or an empty text.

    Upper and lower case are alike here; the suggestion is spelt as in `allowed`.

    Args:
        value: what the user wrote.
        allowed: the values that would have been right.
    """
    match = process.extractOne(value, list(allowed), processor=str.lower, score_cutoff=60)
    return f"; did you mean {match[0]!r}?" if match else ""

"""The terms of the trained weights: what they were made from, as `weights/terms.toml` says it."""

from __future__ import annotations

import msgspec

from detente.extract.encoder import has_weights, weights_folder


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that the weights were made from.

    Attributes:
        name: what it is called.
        role: what it was for.
        source: who made it, and where it came from.
        licence: the licence that its publisher states, or that there is none.
        note: what else there is to say of the licence.
    """

    name: str
    role: str
    source: str
    licence: str
    note: str = ""


class _Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: tuple[Part, ...]


def read_terms() -> tuple[Part, ...]:
    """Return what the shipped weights were made from; nothing where they are not installed."""
    if not has_weights():
        return ()
    text = (weights_folder() / "terms.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Terms).part


def terms_lines() -> list[str]:
    """Return a line for each part of the terms: role, name, source and licence."""
    return [
        f"{part.role}: {part.name} ({part.source}): {part.licence} {part.note}".strip()
        for part in read_terms()
    ]


def terms_sentence() -> str:
    """Return the terms as one sentence, empty where the weights are not installed."""
    named = [f"{part.name} ({part.licence})" for part in read_terms()]
    if not named:
        return ""
    listed = f"{', '.join(named[:-1])} and {named[-1]}"
    return f"The trained weights of this version were made from {listed}."

"""Read articles about great-power politics; get one auditable model of the system they describe.

Importing `detente` does no work; the language pipeline is loaded when the first text is coded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.errors import DetenteError, DossierError, InputError
from detente.schema import (
    Actor,
    Claim,
    Document,
    Event,
    Expectation,
    Quantity,
    Records,
    Report,
    Skipped,
    Span,
    Tie,
)
from detente.settings import Settings

if TYPE_CHECKING:
    from detente.documents.readers import read
    from detente.pipeline import code
    from detente.store import Dossier

__all__ = [
    "Actor", "Claim", "DetenteError", "Document", "Dossier", "DossierError", "Event",
    "Expectation", "InputError", "Quantity", "Records", "Report", "Settings", "Skipped", "Span",
    "Tie", "code", "read",
]  # fmt: skip

_LAZY = {
    "read": "detente.documents.readers",
    "code": "detente.pipeline",
    "Dossier": "detente.store",
}


def __getattr__(name: str) -> Any:
    """Return `read`, `code` or `Dossier`, importing their modules only when they are used."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'detente' has no attribute {name!r}")

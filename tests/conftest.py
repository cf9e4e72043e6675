from __future__ import annotations

from pathlib import Path

import pytest

from detente.extract.language import Parser

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the project's shared data folder; skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("shared data not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def parser() -> Parser:
    """Return the trained English parser (loading it takes seconds, so once a run)."""
    return Parser()

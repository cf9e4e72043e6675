"""The public Python API: few names, typed, and nothing loaded before it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

import detente
from detente.schema import Document, Records

HEAVY = ("spacy", "duckdb", "polars", "altair", "trafilatura", "pypdfium2", "numpy", "jinja2")


def test_the_names_are_few_and_all_there() -> None:
    assert len(detente.__all__) <= 20
    assert sorted(detente.__all__) == sorted(set(detente.__all__))
    for name in detente.__all__:
        assert getattr(detente, name).__module__.startswith("detente.")


def test_the_functions_of_the_interface_are_public() -> None:
    assert {"read", "code", "Dossier", "Records", "Document", "Settings"} <= set(detente.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'cod'"):
        detente.cod  # noqa: B018


def test_the_package_is_typed() -> None:
    assert resources.files("detente").joinpath("py.typed").is_file()


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, detente; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["spacy", "duckdb", "polars", "altair", "trafilatura"])
def test_the_command_line_starts_without_what_it_may_not_need(module: str) -> None:
    code = f"import sys, detente.cli; print({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.model
def test_read_code_and_keep(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Russia and Ukraine held talks in Geneva on 3 March 2025.")
    documents = detente.read(article)
    records = detente.code(documents)
    assert isinstance(documents[0], Document)
    assert isinstance(records, Records)
    assert [event.root for event in records.events] == ["CONSULT"]
    with detente.Dossier(tmp_path / "a.detente") as dossier:
        assert dossier.add(documents[0], records, coder="test")
        assert dossier.records("event") == records.events

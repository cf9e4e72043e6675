from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from detente.extract import encoder, terms
from detente.extract.terms import read_terms, terms_lines, terms_sentence

TERMS = """
[[part]]
name = "A"
role = "base"
source = "Author 2020"
licence = "Apache-2.0"

[[part]]
name = "B"
role = "events"
source = "Other 2021"
licence = "no licence stated"
note = "by the publisher"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of weights with terms in it; the rest of it is empty."""
    (tmp_path / "terms.toml").write_text(TERMS, encoding="utf-8")
    (tmp_path / "trunk.onnx").touch()
    for module in (encoder, terms):
        monkeypatch.setattr(module, "weights_folder", lambda: tmp_path)
    return tmp_path


def test_a_line_tells_role_name_source_and_licence(folder: Path) -> None:
    assert terms_lines() == [
        "base: A (Author 2020): Apache-2.0",
        "events: B (Other 2021): no licence stated by the publisher",
    ]


def test_the_sentence_names_all_parts(folder: Path) -> None:
    sentence = "made from A (Apache-2.0) and B (no licence stated)."
    assert terms_sentence() == f"The trained weights of this version were {sentence}"


def test_without_weights_there_are_no_terms(folder: Path) -> None:
    (folder / "trunk.onnx").unlink()
    assert read_terms() == ()
    assert terms_lines() == []
    assert terms_sentence() == ""


def test_the_shipped_terms_can_be_read_and_are_those_of_the_notice() -> None:
    shipped = resources.files("detente") / "weights" / "terms.toml"
    notice = (Path(__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    for part in tomllib.loads(shipped.read_text(encoding="utf-8"))["part"]:
        assert part["name"] in notice
        assert part["licence"] in notice

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from detente.extract.encoder import has_weights
from detente.relations.dna import make_dna, read_dna
from detente.schema import Records
from detente.store import Dossier
from tests.command import run
from tests.relations.voices import LINES, article, claims_of
from tests.views.test_sides import RECORDS, TALK

needs_weights = pytest.mark.skipif(not has_weights(), reason="no weights installed")
CODEBOOK = '[[proposition]]\nid = "dam"\nname = "The river dam must be built"\n'


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    doc = article(*LINES)
    path = tmp_path / "a.detente"
    with Dossier(path) as store:
        store.add(doc, Records(documents=[doc], claims=claims_of(doc, *LINES)), coder="hand")
    return path


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.toml"
    path.write_text(CODEBOOK)
    return path


@needs_weights
def test_a_codebook_gives_positions_as_json(dossier: Path, codebook: Path) -> None:
    found = json.loads(run("discourse", dossier, "--codebook", codebook, "--json").out)
    assert not found["proposed"]
    assert [one["stance"] for one in found["positions"]] == ["agree", "disagree", "neutral"]
    assert found["agreements"][0]["disputed"] == ["dam"]


@needs_weights
def test_without_a_codebook_clusters_are_shown_as_proposed(dossier: Path) -> None:
    shown = run("discourse", dossier, "--clusters", 3, "--threshold", 0.4, terminal=True)
    assert shown.code == 0
    assert "proposed by clusters" in shown.out
    assert "who agrees with whom" in shown.out


@needs_weights
def test_exports_of_a_dossier(dossier: Path, codebook: Path, tmp_path: Path) -> None:
    assert run("export", dossier, "--to", "dna", "--codebook", codebook).code == 0
    assert len(read_dna(tmp_path / "a.dna")[1].positions) == 3
    assert run("export", dossier, "--to", "congruence", "--codebook", codebook).code == 0
    assert len(nx.read_graphml(tmp_path / "a.congruence.graphml")) == 2


def test_a_dna_file_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(RECORDS, TALK))
    found = json.loads(run("discourse", path).out)
    assert [(one["a"], one["b"]) for one in found["agreements"]] == [("Ann", "Bob")]
    assert len(found["positions"]) == 3
    shown = run("discourse", path, "--by", "country", terminal=True)
    assert shown.code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--by", "nation"), "neither speaker nor country"),
        (("--codebook", "c.toml", "--clusters", "2"), "leave out one"),
        (("--codebook", "c.toml"), "cannot be read"),
    ],
)
def test_wrong_options_are_told(dossier: Path, options: tuple[str, ...], said: str) -> None:
    shown = run("discourse", dossier, *options)
    assert shown.code == 1
    assert said in shown.err


def test_a_coded_file_takes_no_codebook(tmp_path: Path) -> None:
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(RECORDS, TALK))
    assert "is coded already" in run("discourse", path, "--clusters", "2").err


def test_other_exports_take_no_codebook(dossier: Path) -> None:
    shown = run("export", dossier, "--to", "plover", "--codebook", "c.toml")
    assert "goes with --to congruence or dna" in shown.err

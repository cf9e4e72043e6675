from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detente.errors import InputError
from detente.relations.codebook import Proposition
from detente.relations.congruence import Norm, conflict, congruence, count_positions
from detente.relations.discourse import Discourse
from detente.relations.dna import make_dna, read_dna
from detente.relations.positions import take_position
from detente.schema import Actor, Records
from tests.relations.voices import LINES, article, claims_of

DAM = Proposition(id="dam", name="The dam must be built", description="On the dam.")
STANCES = ("agree", "disagree", "neutral")
TALKERS = (("𝒜nn", *LINES[0][1:]), *LINES[1:3])
"""The first name has a letter that is two units of UTF-16."""


def made() -> tuple[Records, Discourse]:
    doc = article(*TALKERS)
    claims = claims_of(doc, *TALKERS)
    actors = [Actor(id="XXX", name="Xanadu", kind="state")]
    actors += [
        Actor(id=c.speaker.actor, name=c.speaker.name, kind="person") for c in claims if c.speaker
    ]
    positions = tuple(take_position(c, DAM, 0.5, DAM.name, published={}) for c in claims)
    return Records(documents=[doc], claims=claims, actors=actors), Discourse((DAM,), positions)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    records, discourse = made()
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(records, discourse))
    documents, found = read_dna(path)
    assert [doc.text for doc in documents] == [doc.text for doc in records.documents]
    assert documents[0].date == "2025-03-02"
    assert [one.stance for one in found.positions] == list(STANCES)
    assert [one.spans for one in found.positions] == [one.spans for one in discourse.positions]
    assert [one.name for one in found.positions] == [one.name for one in discourse.positions]
    assert {one.country for one in found.positions} == {"Xanadu"}
    assert [one.id for one in found.propositions] == [DAM.name]


def test_the_same_discourse_gives_the_same_file() -> None:
    assert make_dna(*made()) == make_dna(*made())


def test_states_are_organizations_and_matches_can_be_reviewed(tmp_path: Path) -> None:
    records, discourse = made()
    first = msgspec.structs.replace(discourse.positions[0], actor="XXX", name="the kingdom")
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(records, Discourse(discourse.propositions, (first,))))
    assert read_dna(path)[1].positions[0].actor == "Xanadu"
    with sqlite3.connect(path) as connection:
        (said,) = connection.execute("SELECT Value FROM DATALONGTEXT").fetchone()
    connection.close()
    assert said == f"cosine 0.50 to: {DAM.name}"


def test_line_ends_of_windows_keep_the_offsets(tmp_path: Path) -> None:
    records, discourse = made()
    doc = records.documents[0]
    text = doc.text.replace(".\n", "\r\n")
    records.documents = [msgspec.structs.replace(doc, text=text, date=None)]
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(records, discourse))
    (read,), _ = read_dna(path)
    assert len(read.text) == len(text)
    assert "\r" not in read.text
    assert read.date is None


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough for a header"])
def test_other_files_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.dna"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no file of the Discourse Network Analyzer"):
        read_dna(path)


def test_other_versions_and_missing_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(*made()))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE SETTINGS SET Value = '2.0' WHERE Property = 'version'")
    connection.close()
    with pytest.raises(InputError, match="open it in DNA 3"):
        read_dna(path)
    with pytest.raises(InputError, match="no such file"):
        read_dna(tmp_path / "none.dna")


@pytest.mark.shared
def test_networks_are_those_of_dna(shared: Path) -> None:
    folder = shared / "data" / "dna"
    wanted = json.loads((folder / "sample_reference.json").read_text())
    documents, discourse = read_dna(folder / "sample.dna")
    counts = count_positions(discourse.by("country").positions)
    assert len(documents) == 7
    assert counts.actors == tuple(wanted["organizations"])
    assert counts.concepts == tuple(wanted["concepts"])
    assert counts.sides.sum(axis=2).tolist() == wanted["twomode_ignore"]
    assert (counts.sides[:, :, 0] - counts.sides[:, :, 1]).tolist() == wanted["twomode_subtract"]
    assert congruence(counts).tolist() == wanted["onemode_congruence"]
    assert conflict(counts).tolist() == wanted["onemode_conflict"]
    norms: tuple[Norm, ...] = ("average", "jaccard", "cosine")
    for normalise in norms:
        found = congruence(counts, normalise)
        assert np.allclose(found, wanted[f"congruence_{normalise}"], atol=1e-8), normalise
    assert np.allclose(conflict(counts, "average"), wanted["conflict_average"], atol=1e-8)


@pytest.mark.shared
def test_tables_and_columns_are_those_of_dna(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.dna"
    path.write_bytes(make_dna(*made()))

    def columns(file: Path) -> dict[str, list[str]]:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in names
        }
        connection.close()
        return found

    assert columns(path) == columns(shared / "data" / "dna" / "sample.dna")

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError
from detente.relations.codebook import read_codebook

GOOD = """
[[proposition]]
id = "dam"
name = "The dam must be built"
description = "For or against the dam."
examples = ["Build it now.", "Leave the river alone."]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_codebook_keeps_its_order_and_phrasings(tmp_path: Path) -> None:
    more = '[[proposition]]\nid = "cats"\nname = "Cats are good company"\n'
    dam, cats = read_codebook(written(tmp_path, GOOD + more))
    assert (dam.id, cats.id) == ("dam", "cats")
    assert len(dam.phrasings) == 4
    assert cats.phrasings == ("Cats are good company",)
    assert not dam.proposed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "add a [[proposition]]"),
        ("proposition = 3", "add a [[proposition]]"),
        ("proposition = [3]", "is no table"),
        ("x = [", "is no TOML"),
        ("[other]\na = 1", "other: unknown"),
        ('[[proposition]]\nid = "a"', "proposition 1, name: is missing"),
        ('[[proposition]]\nid = 3\nname = "b"', "id: 3 is no text"),
        ('[[proposition]]\nid = "a"\nname = " "', "name: ' ' is no text"),
        ('[[proposition]]\nid = "a"\nname = "b"\nexample = "c"', "did you mean 'examples'"),
        ('[[proposition]]\nid = "a"\nname = "b"\nexamples = "c"', "is no list of texts"),
        (GOOD + GOOD, "proposition 2, id: 'dam' is there already"),
    ],
)
def test_a_wrong_codebook_is_told_with_place_and_remedy(
    tmp_path: Path, text: str, said: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as found:
        read_codebook(path)
    assert said in str(found.value)
    assert str(path) in str(found.value)


def test_a_missing_codebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_codebook(tmp_path / "none.toml")

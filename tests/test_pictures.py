"""Every mechanism has a paragraph and a picture, and the pictures are what the mechanisms do."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest

from detente.errors import InputError
from detente.scenarios.mechanisms import MECHANISMS

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "methods" / "mechanisms"
SECTION = re.compile(r"^## (M\d+ [^\n]+)\n\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
CAPTIONED = re.compile(
    r"^!\[([^\]]{30,})\]\((pictures/m\d\d\.svg)\)\n\n\*([^*]{30,})\*\n", re.MULTILINE
)
WORDS = re.compile(r">([^<\n]+)<")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")

MOST_BYTES = 30_000

PIXELS = 3.0
"""How far a mark may lie off: axes stand by the width of their labels, so by the fonts at hand."""


def load_artist() -> ModuleType:
    """Return docs/pictures.py as a module."""
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module  # records look their module up there
    spec.loader.exec_module(module)
    return module


ARTIST = load_artist()
PICTURES = ARTIST.read_pictures()
SECTIONS = dict(
    match
    for page in sorted(PAGES.glob("*.md"))
    for match in SECTION.findall(page.read_text(encoding="utf-8"))
)


def test_the_pictures_are_of_all_mechanisms() -> None:
    assert sorted(PICTURES) == sorted(MECHANISMS)
    files = sorted(path.name for path in ARTIST.FOLDER.iterdir())
    assert files == sorted(ARTIST.path_of(mechanism).name for mechanism in MECHANISMS)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_has_a_paragraph_with_its_picture(mechanism: str) -> None:
    section = SECTIONS[f"{mechanism} {MECHANISMS[mechanism].title}"]
    [(_, link, _)] = CAPTIONED.findall(section)
    assert PAGES / link == ARTIST.path_of(mechanism)
    assert not section.startswith(("!", "```")), "the paragraph comes first"


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_overview_leads_to_every_mechanism(mechanism: str) -> None:
    overview = (PAGES / "index.md").read_text(encoding="utf-8")
    found = MECHANISMS[mechanism]
    assert f"| {mechanism} | [{found.title}](" in overview
    assert f") | {found.model} |" in overview


@pytest.mark.parametrize("mechanism", PICTURES)
def test_a_picture_is_what_the_mechanism_does(mechanism: str) -> None:
    committed = ARTIST.path_of(mechanism).read_text(encoding="utf-8")
    drawn = ARTIST.draw(mechanism, PICTURES[mechanism])
    assert WORDS.findall(committed) == WORDS.findall(drawn), "run `make pictures`"
    assert NUMBER.sub("", committed) == NUMBER.sub("", drawn), "run `make pictures`"
    ours, new = (np.array(NUMBER.findall(svg), dtype=float) for svg in (committed, drawn))
    assert np.abs(ours - new).max() <= PIXELS, "run `make pictures`"


@pytest.mark.parametrize("mechanism", PICTURES)
def test_a_picture_is_small_and_can_be_read(mechanism: str) -> None:
    path = ARTIST.path_of(mechanism)
    assert path.stat().st_size < MOST_BYTES
    texts = ElementTree.parse(path).getroot().iter("{http://www.w3.org/2000/svg}text")
    assert min(float(text.get("font-size", "0px").removesuffix("px")) for text in texts) >= 12


def test_bands_of_what_has_no_data_reach_to_no_effect() -> None:
    wedge = PICTURES["M1"]
    for curve in wedge.curves:
        points = ARTIST.trace_curve("M1", wedge, curve)
        edge = points.low if points.middle[-1] > 0 else points.high
        assert edge == [0.0] * len(edge)


def test_an_entry_with_an_input_that_its_case_lacks_is_refused() -> None:
    wedge = PICTURES["M1"]
    entry = ARTIST.Picture(
        title=wedge.title, case=wedge.case, y=wedge.y, given={"trust RUS": 1}, curves=wedge.curves
    )
    with pytest.raises(InputError, match="no input 'trust RUS'"):
        ARTIST.draw("M1", entry)

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.extract.language import Parser
from tests.extract.pieces import window

polnear = pytest.importorskip("training.polnear")

TEXT = "Wang Yi said that Iran wins , Kallas denied it ."
Roles = dict[str, list[tuple[int, int]]]


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def roles(source: str, cue: str, *content: str) -> Roles:
    """Return an attribution of `TEXT`; an empty string is a part that it has not."""
    return {
        "source": [place(source)] if source else [],
        "cue": [place(cue)] if cue else [],
        "content": [place(words) for words in content],
    }


def spelled(labels: np.ndarray) -> str:
    return "".join(".SsKkCc"[label] for label in labels.tolist())


def test_labels_of_one_attribution() -> None:
    labels = polnear.label(window(TEXT), roles("Wang Yi", "said", "that Iran", "it"))

    assert spelled(labels) == ".SsKCc....C.."


def test_a_stretch_that_began_in_an_earlier_window_begins_anew() -> None:
    made = window(TEXT)
    for part in ("ids", "features", "starts", "ends"):
        setattr(made, part, np.delete(getattr(made, part), [1, 2, 3], axis=0))

    assert spelled(polnear.label(made, roles("Wang Yi", "said", "said that Iran"))) == ".Cc......."


def test_labels_are_none_where_the_attribution_lies_elsewhere() -> None:
    assert not polnear.label(window("No ."), roles("Kallas", "denied", "it")).any()


def test_each_attribution_has_its_anchor_and_roles() -> None:
    said, denied = roles("Wang Yi", "said", "that Iran wins"), roles("Kallas", "denied", "it")

    (example,) = polnear.examples([window(TEXT)], [denied, said, roles("", "", "wins")])

    assert example.anchors == [9, 3, 6]
    assert [spelled(r) for r in example.roles] == [
        "........SKC..",
        ".SsKCcc......",
        "......C......",
    ]
    assert (example.tags > 0).sum() == 9


@pytest.mark.model
def test_a_folder_is_read_by_one_annotator_or_by_all(tmp_path: Path, parser: Parser) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_text(TEXT, encoding="utf-8")
    for name in ("a_one", "a_two", "a_b_three"):
        (tmp_path / "attributions" / f"{name}.ann").write_text(
            "T1\tCue-span 8 12\tsaid\nE1\tAttribution:T1 Cue:T1\n", encoding="utf-8"
        )

    one = list(polnear.load(tmp_path, parser))
    every = list(polnear.load(tmp_path, parser, every_annotator=True))

    assert (len(one), len(every)) == (1, 2)
    name, doc, windows, attributions = one[0]
    assert (name, doc.text) == ("a", TEXT)
    assert len(windows) == 1
    assert attributions == [{"source": (), "cue": ((8, 12),), "content": ()}]

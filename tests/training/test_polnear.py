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


def test_annotations_are_read_with_their_parts(tmp_path: Path) -> None:
    path = tmp_path / "a_1.ann"
    path.write_text(
        "T1\tSource-span 0 7\tWang Yi\n"
        "T2\tCue-span 8 12\tsaid\n"
        "T3\tContent-span 13 17;18 27\tthat Iran wins\n"
        "T4\tContent-span 44 46\tit\n"
        "A1\tNested E1\n"
        "T5\tAttribution 8 12\tsaid\n"
        "T6\tCue-span 7 8\t \n"
        "E1\tAttribution:T5 Source:T1 Cue:T2 Content:T3 Content2:T4\n"
        "E2\tAttribution-no-source:T5 Cue:T2 Content:T4\n"
        "E3\tOther:T5 Cue:T2 Content:T4\n"
        "E4\tAttribution:T5 Cue:T9\n"
        "E5\tAttribution:T5 Source:T1 Cue:T6\n",
        encoding="utf-8",
    )

    first, second = polnear.read_annotations(path, TEXT + " ")

    assert first["source"] == [(0, 7)]
    assert first["cue"] == [(8, 12)]
    assert first["content"] == [(13, 27), (44, 46)]
    assert second["source"] == []


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([(0, 7)], [(0, 7)]),
        ([(7, 13)], [(8, 12)]),
        ([(8, 12), (0, 7)], [(0, 12)]),
        ([(0, 4), (8, 12)], [(0, 4), (8, 12)]),
        ([(0, 12), (5, 7)], [(0, 12)]),
        ([(7, 8)], []),
        ([], []),
    ],
)
def test_fragments_are_trimmed_and_joined(
    places: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert polnear.joined(TEXT, places) == expected


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
    assert attributions == [{"source": [], "cue": [(8, 12)], "content": []}]

from __future__ import annotations

from pathlib import Path

import pytest

from detente.bench.standoff import join_fragments, read_articles, read_attributions
from detente.errors import InputError

TEXT = '"We agree," Ann Lee said,\n"for now." Nobody laughed.'
STANDOFF = """\
T1\tSource 12 19\tAnn Lee
T2\tCue 20 24\tsaid
T3\tContent 0 11;26 36\t"We agree,"
"for now."
T4\tDiscuss 37 43\tNobody
T5\tSource 37 43\tNobody
T6\tContent 44 51\tlaughed
#1\tAnnotatorNotes T1\tsure
E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3
E2\tAttribution-no-source:T6 Content2:T6
E3\tAttribution:T5 Source:T5
E4\tDiscard:T4 Content:T4
"""


def write(folder: Path, standoff: str = STANDOFF, annotator: str = "ab12") -> Path:
    for part in ("text", "attributions"):
        (folder / part).mkdir(exist_ok=True)
    (folder / "text" / "one_a.txt").write_bytes(TEXT.encode())
    path = folder / "attributions" / f"one_a{annotator and '_'}{annotator}.ann"
    path.write_bytes(standoff.encode())
    return path


def test_attributions_are_read_with_their_fragments(tmp_path: Path) -> None:
    first, second = read_attributions(write(tmp_path), TEXT)
    assert first == {"source": ((12, 19),), "cue": ((20, 24),), "content": ((0, 11), (26, 36))}
    assert second == {"source": (), "cue": (), "content": ((44, 51),)}


@pytest.mark.parametrize("annotator", ["ab12", ""])
def test_the_first_annotator_counts(tmp_path: Path, annotator: str) -> None:
    write(tmp_path, "", "zz99")
    write(tmp_path, STANDOFF, annotator)
    (article,) = read_articles(tmp_path)
    assert (article.name, article.text, len(article.attributions)) == ("one_a", TEXT, 2)


@pytest.mark.parametrize(
    ("standoff", "message"),
    [
        ("T1\tCue 20 24\tsays\n", "T1: 20 24 are other words"),
        ("T1\tCue 20 99\tsaid\n", "other words"),
        ("E1\tAttribution:T1 Cue:T1\n", "'Cue:T1' is no role with a span"),
        ("T1\tCue 20 24\tsaid\nE1\tAttribution:T1 Target:T1\n", "'Target:T1' is no role"),
    ],
)
def test_a_file_that_does_not_fit_its_text_is_an_error(
    tmp_path: Path, standoff: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_attributions(write(tmp_path, standoff), TEXT)


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ([[2, 5], [0, 3]], ((0, 5),)),
        ([[0, 3], [3, 6]], ((0, 5),)),
        ([[0, 2], [3, 5]], ((0, 5),)),
        ([[0, 2], [6, 8]], ((0, 2), (6, 8))),
        ([[2, 3]], ()),
        ([[2, 5]], ((3, 5),)),
        ([], ()),
    ],
)
def test_fragments_are_trimmed_and_joined(
    places: list[list[int]], wanted: tuple[tuple[int, int], ...]
) -> None:
    assert join_fragments(places, "ab cd ef") == wanted


@pytest.mark.parametrize("place", [[-1, 2], [3, 3], [4, 9]])
def test_a_fragment_outside_the_text_is_an_error(place: list[int]) -> None:
    with pytest.raises(InputError, match="in a text of 8 characters"):
        join_fragments([place], "ab cd ef")


def test_a_corpus_needs_texts_and_their_annotations(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text/"):
        read_articles(tmp_path)
    write(tmp_path).unlink()
    with pytest.raises(InputError, match="no annotation"):
        read_articles(tmp_path)


def test_a_text_must_be_utf8(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "text" / "one_a.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match="UTF-8"):
        read_articles(tmp_path)


SAID = "Wang Yi said that Iran wins , Kallas denied it ."


def test_events_of_other_sorts_and_blank_cues_are_left_out(tmp_path: Path) -> None:
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
        "E5\tAttribution:T5 Source:T1 Cue:T6\n",
        encoding="utf-8",
    )

    first, second = read_attributions(path, SAID + " ")

    assert list(first["source"]) == [(0, 7)]
    assert list(first["cue"]) == [(8, 12)]
    assert list(first["content"]) == [(13, 27), (44, 46)]
    assert list(second["source"]) == []


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
def test_fragments_of_words_are_trimmed_and_joined(
    places: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert list(join_fragments(places, SAID)) == expected

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from detente.bench.polnear import (
    NAMES,
    attributions_of,
    compare_attributions,
    figures_of,
    measure_polnear,
    write_predictions,
)
from detente.bench.standoff import Article, Attribution
from detente.errors import InputError
from detente.schema import Claim, Document
from tests.bench.test_standoff import STANDOFF, TEXT, write
from tests.build import document
from tests.command import run

GOLD: Attribution = {"source": ((12, 19),), "cue": ((20, 24),), "content": ((0, 11), (26, 36))}
HALF: Attribution = {"source": ((12, 15),), "cue": ((20, 24),), "content": ((0, 11),)}


def compare(gold: list[Attribution], predicted: list[Attribution]) -> dict[str, dict[str, int]]:
    return compare_attributions(Article("a", Path("a.txt"), TEXT, gold), predicted)


def rights(gold: list[Attribution], predicted: list[Attribution]) -> dict[str, int]:
    return {name: count["right"] for name, count in compare(gold, predicted).items()}


def test_the_gold_standard_is_right_against_itself() -> None:
    counts = compare([GOLD], [GOLD])
    assert counts.keys() == set(NAMES)
    assert all(count["right"] == count["gold"] for count in counts.values())
    assert counts["token content"] == {"right": 10, "predicted": 10, "gold": 10}


def test_half_a_content_is_found_but_not_exact() -> None:
    found = rights([GOLD], [HALF])
    assert found["token content"] == 5
    assert (found["span exact content"], found["fragment exact content"]) == (0, 1)
    assert (found["span exact source"], found["span exact cue"]) == (0, 1)
    assert found["attribution"] == found["direct-quote recall"] == 1


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, (1, 1, 1, 1)),
        ({"source": ()}, (0, 1, 0, 1)),
        ({"source": ((37, 43),)}, (0, 1, 0, 1)),
        ({"cue": ()}, (0, 0, 1, 1)),
        ({"content": ((0, 3),)}, (0, 0, 0, 0)),
    ],
)
def test_what_an_attribution_must_share(change: Attribution, wanted: tuple[int, ...]) -> None:
    found = rights([GOLD], [{**GOLD, **change}])
    assert tuple(found[name] for name in NAMES[-4:]) == wanted


def test_roles_that_both_lack_agree() -> None:
    bare: Attribution = {"source": (), "cue": (), "content": ((44, 51),)}
    found = rights([bare], [bare])
    assert (found["attribution"], found["direct-quote recall"]) == (1, 0)


def test_each_attribution_is_matched_once() -> None:
    assert rights([GOLD], [GOLD, HALF])["attribution"] == 1
    assert rights([GOLD, HALF], [HALF, GOLD])["attribution"] == 2


@pytest.mark.parametrize(("gold", "predicted"), [([], []), ([GOLD], []), ([], [GOLD])])
def test_nothing_to_compare_is_nothing_right(
    gold: list[Attribution], predicted: list[Attribution]
) -> None:
    counts = compare(gold, predicted)
    assert not any(count["right"] for count in counts.values())
    figures = figures_of({name: Counter(count) for name, count in counts.items()})
    assert figures["attribution"]["f1"] == figures["token macro"]["f1"] == 0


def test_figures_are_per_cent_with_their_counts() -> None:
    counts = {name: {"right": 1, "predicted": 2, "gold": 3} for name in NAMES[:-2]}
    counts |= {name: {"right": 1, "gold": 3} for name in NAMES[-2:]}
    figures = figures_of(counts)
    shares = {"recall": 33.33, "precision": 50.0, "f1": 40.0}
    assert figures["attribution"] == {**shares, "right": 1, "predicted": 2, "gold": 3}
    assert figures["span exact macro"] == shares
    assert figures["direct-quote recall"] == {"recall": 33.33, "right": 1, "gold": 3}


def claim(doc: Document, id: str, content: tuple[int, int], outer: str | None = None) -> Claim:
    return Claim(
        id=id, document=doc.id, speaker=None, kind="indirect", source=(doc.span(0, 7),),
        cue=(doc.span(8, 13),), content=(doc.span(*content),), outer=outer,
    )  # fmt: skip


def test_nested_claims_and_second_speakers_are_left_out() -> None:
    doc = document("A and B agree that it rains.")
    claims = [claim(doc, "1", (14, 27)), claim(doc, "2", (14, 27)), claim(doc, "3", (19, 27), "1")]
    row = {"source": [[0, 7]], "cue": [[8, 13]], "content": [[14, 27]]}
    assert attributions_of(claims) == [row]


def test_predictions_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_predictions(tmp_path / "gone" / "out.jsonl", {})


@pytest.mark.model
def test_an_article_is_coded_and_written(tmp_path: Path) -> None:
    write(tmp_path)
    out = tmp_path / "out.jsonl"
    shown = run("bench", "polnear", "--data", tmp_path, "--predictions", out, "--json")
    figures = json.loads(shown.out)
    assert (figures["documents"], figures["documents_coded"]) == (1, 1)
    assert figures["attribution"]["gold"] == 2
    (row,) = map(json.loads, out.read_text().splitlines())
    assert row["doc"] == "one_a"
    assert figures["attribution"]["predicted"] == len(row["attributions"])


@pytest.mark.model
@pytest.mark.shared
def test_the_scorer_of_the_corpus_agrees(tmp_path: Path, shared: Path) -> None:
    write(tmp_path, STANDOFF)
    out, judged = tmp_path / "out.jsonl", tmp_path / "judged.json"
    figures = measure_polnear(tmp_path, predictions=out)
    scorer = [sys.executable, str(shared / "tools" / "score_polnear.py"), "--strict"]
    command = [*scorer, str(tmp_path), str(out), "--json", str(judged)]
    subprocess.run(command, check=True, capture_output=True)
    wanted = json.loads(judged.read_text())["figures"]
    assert {name: figures[name] for name in wanted} == wanted

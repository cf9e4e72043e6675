from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from detente.extract.language import Parser
from detente.extract.triggers import ROOTS

events = pytest.importorskip("training.events")


def test_the_roots_are_those_of_the_heads() -> None:
    assert ["none", *ROOTS] == events.ROOTS


def words(text: str, sentence: object, pieces: tuple[int, ...]) -> str:
    window = sentence.window  # type: ignore[attr-defined]
    return text[window.starts[pieces[0]] : window.ends[pieces[-1]]] if pieces else ""


@pytest.mark.model
def test_plv_rows_have_their_own_pair_beside_the_annotated_ones(
    tmp_path: Path, parser: Parser
) -> None:
    path, annotations = tmp_path / "plv.tsv", tmp_path / "events.jsonl"
    path.write_text(
        "sentence_id\tmarked_sentence\tgold_root\n"
        "1\t<s>Iran</s> met <t>Oman</t>.\tCONSULT\n"
        "2\t<s>Iran</s> protested.\tPROTEST\n"
        "3\tNot annotated.\tREJECT\n",
        encoding="utf-8",
    )
    sides = {"sources": [party(0, 4), party(9, 13)], "targets": []}
    met = {"root": "CONSULT", "trigger": [5, 8], "status": "past", **sides}
    write_rows(annotations, [{"id": "1", "events": [met]}, {"id": "2", "events": []}])

    first, second = events.read_plv(path, parser, annotations)

    (back, own) = first.pairs
    assert (first.id, own.root, own.is_marked, back.is_marked) == ("1", "CONSULT", True, False)
    assert words("Iran met Oman.", first, own.source) == "Iran"
    assert words("Iran met Oman.", first, own.target) == "Oman"
    assert (back.source, back.target) == (own.target, own.source)
    assert [words("Iran met Oman.", first, (t.at,)) for t in first.triggers] == ["met"]
    assert (second.pairs[0].target, second.triggers) == ((), [])


@pytest.mark.model
def test_sentences_of_articles_stand_at_their_offsets(tmp_path: Path, parser: Parser) -> None:
    (tmp_path / "a.txt").write_text("It rained. Iran accused Oman.", encoding="utf-8")
    sides = {"sources": [party(0, 4)], "targets": [party(13, 17)]}
    told = {"root": "ACCUSE", "trigger": [5, 12], "status": "past", **sides}
    row = {"file": "a.txt", "start": 11, "end": 29, "events": [told]}
    write_rows(tmp_path / "events.jsonl", [row])

    (found,) = events.read_news(tmp_path, parser, tmp_path / "events.jsonl")

    text = "Iran accused Oman."
    (pair,) = found.pairs
    assert (words(text, found, pair.source), words(text, found, pair.target)) == ("Iran", "Oman")
    assert found.unrelated


def party(start: int, end: int) -> dict[str, object]:
    return {"start": start, "end": end, "code": "ABC"}


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.mark.model
def test_written_sentences_have_triggers_pairs_and_unrelated_pairs(
    tmp_path: Path, parser: Parser
) -> None:
    text = "Iran met Oman and accused Israel, as Iran said."
    told = [
        {"root": "CONSULT", "trigger": "met", "status": "past", "mode": None,
         "sources": [{"text": "Iran", "code": "IRN"}, {"text": "Oman", "code": "OMN"}]},
        {"root": "ACCUSE", "trigger": "accused", "status": "past",
         "sources": [{"text": "Iran@2", "code": "IRN"}],
         "targets": [{"text": "Israel", "code": "ISR"}]},
    ]  # fmt: skip
    path = tmp_path / "written.jsonl"
    path.write_text(json.dumps({"text": text, "events": told}) + "\n", encoding="utf-8")

    (found,) = events.read_written(parser, path)

    told_pairs = [
        (words(text, found, p.source), words(text, found, p.target), p.root) for p in found.pairs
    ]
    assert told_pairs == [
        ("Iran", "Oman", "CONSULT"),
        ("Oman", "Iran", "CONSULT"),
        ("Iran", "Israel", "ACCUSE"),
    ]
    assert [words(text, found, (t.at,)) for t in found.triggers] == ["met", "accused"]
    assert found.pairs[2].source != found.pairs[0].source
    known = {(p.source, p.target) for p in found.pairs}
    assert found.unrelated
    assert all(p.root == "none" and p.source != p.target for p in found.unrelated)
    assert not known & {(p.source, p.target) for p in found.unrelated}


@pytest.mark.model
def test_found_triggers_make_pairs_whose_roots_are_open(parser: Parser) -> None:
    sentence = events.sentence_of("s", "Iran accused Oman near Qatar.", [], parser)
    assert {pair.root for pair in sentence.unrelated} == {"none"}
    iran, oman = (1,), (3,)
    sentence.triggers = [events.Trigger(2, "ACCUSE", [iran], [oman])]

    events.unlabelled(sentence)

    (pair,) = sentence.pairs
    assert (pair.source, pair.target, pair.trigger) == (iran, oman, 2)
    assert all(other.root == "" for other in [pair, *sentence.unrelated])
    assert (oman, iran) in [(other.source, other.target) for other in sentence.unrelated]


def test_words_that_are_not_in_the_text_are_an_error() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        events._place("Iran met Oman.", "Iran@2")


def test_a_step_takes_one_root_for_each_pair_and_some_unrelated_ones() -> None:
    made = events.Sentence(
        "1",
        None,
        [events.Pair((1,), (2,), "ACCUSE"), events.Pair((1,), (2,), "REJECT")],
        [],
        unrelated=[events.Pair((2,), (n,), "none") for n in range(3, 9)],
    )

    chosen = events.sample_pairs(made, random.Random(1))

    assert [p.root for p in chosen[1:]] == ["none", "none"]
    assert chosen[0].root in {"ACCUSE", "REJECT"}
    assert events.sample_pairs(made, random.Random(1)) == chosen

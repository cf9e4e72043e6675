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


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        ("<s>Iran</s> met <t>Oman</t>.", "Iran met Oman.", {"s": (0, 4), "t": (9, 13)}),
        ("<s>Iran</s> and <s>Oman</s> met.", "Iran and Oman met.", {"s": (0, 4)}),
        ("Iran met.", "Iran met.", {}),
        ("Iran</s> met <t>Oman.", "Iran met Oman.", {}),
        ("", "", {}),
    ],
)
def test_unmark(marked: str, text: str, spans: dict[str, tuple[int, int]]) -> None:
    assert events.unmark(marked) == (text, spans)


def words(text: str, sentence: object, pieces: tuple[int, ...]) -> str:
    window = sentence.window  # type: ignore[attr-defined]
    return text[window.starts[pieces[0]] : window.ends[pieces[-1]]] if pieces else ""


@pytest.mark.model
def test_plv_rows_are_pairs(tmp_path: Path, parser: Parser) -> None:
    path = tmp_path / "plv.tsv"
    path.write_text(
        "sentence_id\tmarked_sentence\tgold_root\n"
        "1\t<s>Iran</s> met <t>Oman</t>.\tCONSULT\n"
        "2\t<s>Iran</s> protested.\tPROTEST\n",
        encoding="utf-8",
    )

    first, second = events.read_plv(path, parser)

    (pair,) = first.pairs
    assert (first.id, pair.root, first.triggers) == ("1", "CONSULT", None)
    assert words("Iran met Oman.", first, pair.source) == "Iran"
    assert words("Iran met Oman.", first, pair.target) == "Oman"
    assert second.pairs[0].target == ()


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
    assert found.triggers is not None
    assert [words(text, found, (t.at,)) for t in found.triggers] == ["met", "accused"]
    assert found.pairs[2].source != found.pairs[0].source
    known = {(p.source, p.target) for p in found.pairs}
    assert found.unrelated
    assert all(p.root == "none" and p.source != p.target for p in found.unrelated)
    assert not known & {(p.source, p.target) for p in found.unrelated}


def test_words_that_are_not_in_the_text_are_an_error() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        events._place("Iran met Oman.", "Iran@2")


def test_a_step_takes_one_root_for_each_pair_and_some_unrelated_ones() -> None:
    made = events.Sentence(
        "1",
        None,
        [events.Pair((1,), (2,), "ACCUSE"), events.Pair((1,), (2,), "REJECT")],
        unrelated=[events.Pair((2,), (n,), "none") for n in range(3, 9)],
    )

    chosen = events.sample_pairs(made, random.Random(1))

    assert [p.root for p in chosen[1:]] == ["none", "none"]
    assert chosen[0].root in {"ACCUSE", "REJECT"}
    assert events.sample_pairs(made, random.Random(1)) == chosen

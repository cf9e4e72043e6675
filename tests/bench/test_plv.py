from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from detente.bench import run_benchmark
from detente.bench.plv import (
    Pair,
    Place,
    calibration_error,
    load_coder,
    measure_plv,
    plv_roots,
    read_marks,
    read_rows,
    read_sentences,
    root_probabilities,
)
from detente.errors import InputError

HEADER = "sentence_id\tsentence\tmarked_sentence\tsource\ttarget\tgold_penta\tgold_root"
ROWS = [
    '1\tIran "slams" Iraq.\t<s>Iran</s> ""slams"" <t>Iraq</t>.\tIran\tIraq\t3\tACCUSE',
    "2\tMali freed him.\t<s>Mali</s> freed <t>him</t>.\tMali\thim\t2\tYIELD",
    "3\tPeru aids Cuba.\t<s>Peru</s> aids <t>Cuba</t>.\tPeru\tCuba\t2\tAID",
    "4\tTeachers struck.\t<s>Teachers</s> struck.\tTeachers\ta recipient\t4\tPROTEST",
]


class FakeCoder:
    """Answers by a word of the sentence, and counts how it was asked."""

    def __init__(self, answers: Mapping[str, Mapping[str, float]]) -> None:
        self.answers = answers
        self.asked: list[int] = []

    def classify(
        self, text: str, source_span: Place | None, target_span: Place | None
    ) -> Mapping[str, float]:
        return next(answer for word, answer in self.answers.items() if word in text)

    def classify_many(self, pairs: Sequence[Pair]) -> list[Mapping[str, float]]:
        self.asked.append(len(pairs))
        return [self.classify(pair.text, pair.source, pair.target) for pair in pairs]


ANSWERS = {
    "Iran": {"ACCUSE": 0.2, "none": 0.8},
    "Mali": {"CONCEDE": 0.3, "RETREAT": 0.3, "AID": 0.4},
    "Peru": {"AGREE": 0.4, "AID": 0.3, "COOPERATE": 0.3},
    "Teachers": {"PROTEST": 1.0},
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "plv.tsv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("marked", "text", "source", "target"),
    [
        ("<s>Iran</s> met <t>Iraq</t>.", "Iran met Iraq.", "Iran", "Iraq"),
        ("<t>Iran</t> was met by <s> Iraq </s>.", "Iran was met by  Iraq .", "Iraq", "Iran"),
        ("<s>Iran</s> left.", "Iran left.", "Iran", None),
        ("<t>Iran</t> was hit in <t>Qom</t>.", "Iran was hit in Qom.", None, "Iran"),
        ("<s></s>He <t>left.", "He left.", None, None),
        ("<s>Iran</s> met <t>Oman</t>.", "Iran met Oman.", "Iran", "Oman"),
        ("<s>Iran</s> and <s>Oman</s> met.", "Iran and Oman met.", "Iran", None),
        ("Iran met.", "Iran met.", None, None),
        ("Iran</s> met <t>Oman.", "Iran met Oman.", None, None),
        ("", "", None, None),
    ],
)
def test_marks_become_places(
    marked: str, text: str, source: str | None, target: str | None
) -> None:
    pair = read_marks(marked)
    assert pair.text == text
    words = [place and text[slice(*place)] for place in (pair.source, pair.target)]
    assert words == [source, target]


def test_measure_plv_joins_yield_and_masks_none(table: Path) -> None:
    coder = FakeCoder(ANSWERS)
    figures = measure_plv(table, coder)
    assert coder.asked == [1, 4]
    assert figures["n"] == 4
    assert figures["root_accuracy"] == 0.75
    assert figures["quad_accuracy"] == 1.0
    assert figures["quad_macro_f1"] == 1.0
    # ACCUSE, PROTEST and YIELD are right, AID is missed, AGREE is found in vain.
    assert figures["root_macro_f1"] == pytest.approx(3 / 5)
    assert figures["per_class"]["YIELD"] == {"precision": 1, "recall": 1, "f1": 1, "n": 1}
    assert figures["per_class"]["AGREE"] == {"precision": 0, "recall": 0, "f1": 0, "n": 0}
    assert figures["ece"] == pytest.approx((0 + 0 + 0.4 + 0.4) / 4)
    assert figures["pairs_per_second"] > 0


def test_plv_has_fifteen_roots_and_yield_is_material() -> None:
    roots = plv_roots()
    assert len(roots) == 15
    assert roots["YIELD"] == "2"
    assert (roots["AGREE"], roots["REQUEST"], roots["ASSAULT"]) == ("1", "3", "4")


def test_a_pair_of_nothing_but_none_is_undecided() -> None:
    assert root_probabilities([{"none": 1.0}]) == pytest.approx(np.full((1, 15), 1 / 15))


def test_calibration_error_weighs_bins_of_equal_width() -> None:
    stated = np.array([0.91, 0.93, 1.0, 0.1])
    right = np.array([True, False, True, False])
    # 0.91 and 0.93 share a bin (gap 0.84 - 0.1 of a sum), 1.0 is in the last.
    assert calibration_error(stated, right) == pytest.approx((0.84 + 0 + 0.1) / 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no row"),
        ("sentence\tgold_root\na\tAID", "without one of marked_sentence"),
        (f"{HEADER}\n1\ta\ta\tb\tc\t5\tAID", "row 2: root 'AID' and quad '5'"),
        (f"{HEADER}\n1\ta\ta\tb\tc\t1\tHELP", "root 'HELP'"),
    ],
)
def test_read_rows_names_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "plv.tsv"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_rows(path)


def test_read_rows_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a readable table"):
        read_rows(tmp_path / "gone.tsv")


def test_sentences_by_id(table: Path) -> None:
    assert read_sentences(table)["4"] == "Teachers struck."


def test_without_a_classifier_nothing_is_measured(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.bench.plv.CLASSIFIER", "detente.extract.no_such_module")
    with pytest.raises(InputError, match="no pair classifier"):
        load_coder()
    with pytest.raises(InputError, match="no pair classifier"):
        run_benchmark("plv", table)


@pytest.mark.shared
def test_all_rows_of_plv_can_be_read(shared: Path) -> None:
    rows = read_rows(shared / "data" / "plv" / "PLV_train.tsv")
    assert len(rows) == 1050
    assert sum(row.pair.target is None for row in rows) == 20
    assert sum(row.pair.source is None for row in rows) == 4

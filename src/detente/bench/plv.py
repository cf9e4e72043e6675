"""Accuracy of pair classification on PLV (Hu et al. 2024): what one marked party did to the other.

In: a table with tabs, a pair a row: `marked_sentence`, in which `<s>…</s>` and `<t>…</t>` mark
source and target (a few rows lack one), `gold_root` and `gold_penta`. Out: accuracy and macro-F1 of
roots and quads, by class, calibration and speed.

PLV has no class for "no event", joins CONCEDE and RETREAT as YIELD, and counts YIELD among material
cooperation: the classifier's probabilities are put on these 15 roots, and a quad's probability is
the sum of its roots'.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.extract.lexicon import load_lexicon
from detente.extract.pairs import NONE, Pair
from detente.extract.triggers import Place

CLASSIFIER = "detente.extract.pairs"
"""The module whose `load_pair_coder` gives the classifier."""

COLUMNS = ("marked_sentence", "gold_root", "gold_penta")
QUADS = ("1", "2", "3", "4")
YIELD = "YIELD"
YIELDED = {"CONCEDE": YIELD, "RETREAT": YIELD}
YIELD_QUAD = 2

BINS = 15
"""Bins of equal width for the calibration error, as PLV's users report it."""

MARK = re.compile(r"</?([st])>")

Labels = NDArray[np.str_]


class PairCoder(Protocol):
    """What classifies a pair: root to probability, `none` for no event between the two."""

    def classify(
        self, text: str, source_span: Place | None, target_span: Place | None
    ) -> Mapping[str, float]:
        """Return the probabilities of one pair."""

    def classify_many(self, pairs: Sequence[Pair]) -> Sequence[Mapping[str, float]]:
        """Return the probabilities of many pairs, in their order."""


@dataclass(slots=True, frozen=True)
class Row:
    """One row of PLV."""

    pair: Pair
    root: str
    quad: str


def measure_plv(data: Path, coder: PairCoder | None = None) -> dict[str, Any]:
    """Return the agreement of the pair classifier with PLV; shares are fractions.

    Args:
        data: the table.
        coder: the classifier; détente's own when left out.

    Raises:
        InputError: the table cannot be read or lacks a column, a row has an unknown root or quad,
            or no classifier is installed.
    """
    rows = read_rows(data)
    coder = coder or load_coder()
    coder.classify_many([rows[0].pair])  # what is loaded at the first use is not timed
    start = time.perf_counter()
    answers = coder.classify_many([row.pair for row in rows])
    seconds = time.perf_counter() - start
    return {
        **score_answers(rows, answers),
        "pairs_per_second": round(len(rows) / seconds, 1),
    }


def load_coder() -> PairCoder:
    """Return détente's pair classifier.

    Raises:
        InputError: this version has none.
    """
    try:
        coder: PairCoder = import_module(CLASSIFIER).load_pair_coder()
    except ModuleNotFoundError as err:
        raise InputError(f"no pair classifier to measure ({err}); reinstall détente") from err
    return coder


def score_answers(rows: Sequence[Row], answers: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return the figures of root probabilities against the rows; macro figures by plain mean.

    Classes that neither the rows nor the answers have do not count.
    """
    roots, table = list(plv_roots()), root_probabilities(answers)
    sums = np.array([[quad == one for one in QUADS] for quad in plv_roots().values()], dtype=float)
    gold, gold_quads = (np.array([getattr(row, name) for row in rows]) for name in ("root", "quad"))
    found = np.array(roots)[table.argmax(1)]
    found_quads = np.array(QUADS)[(table @ sums).argmax(1)]
    per_class, per_quad = _by_class(gold, found), _by_class(gold_quads, found_quads)
    return {
        "n": len(rows),
        "root_accuracy": float((gold == found).mean()),
        "root_macro_f1": _macro(per_class),
        "quad_accuracy": float((gold_quads == found_quads).mean()),
        "quad_macro_f1": _macro(per_quad),
        "ece": calibration_error(table.max(1), gold == found),
        "per_class": per_class,
        "per_quad": per_quad,
    }


def plv_roots() -> dict[str, str]:
    """Return PLV's 15 roots, sorted, each with its quad."""
    quads = {YIELDED.get(root, root): quad for root, quad in load_lexicon().quads.items()}
    return {root: str(quad) for root, quad in sorted((quads | {YIELD: YIELD_QUAD}).items())}


def root_probabilities(answers: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Return a row an answer and a column a root of PLV: `none` left out, YIELD joined, sums 1."""
    place = {root: i for i, root in enumerate(plv_roots())}
    table = np.zeros((len(answers), len(place)))
    for i, answer in enumerate(answers):
        for root, probability in answer.items():
            if root != NONE:
                table[i, place[YIELDED.get(root, root)]] += probability
    sums = table.sum(1, keepdims=True)
    return np.where(sums > 0, table / np.where(sums > 0, sums, 1), 1 / len(place))


def calibration_error(stated: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of stated and observed in `BINS` bins of equal width."""
    bins = np.minimum((stated * BINS).astype(int), BINS - 1)
    gaps = [abs((stated - right)[bins == k].sum()) for k in np.unique(bins)]
    return float(sum(gaps) / len(stated))


def _by_class(gold: Labels, found: Labels) -> dict[str, dict[str, float]]:
    figures = {}
    for label in np.union1d(gold, found):
        both = int(((gold == label) & (found == label)).sum())
        n_gold, n_found = int((gold == label).sum()), int((found == label).sum())
        figures[str(label)] = {
            "precision": both / n_found if n_found else 0.0,
            "recall": both / n_gold if n_gold else 0.0,
            "f1": 2 * both / (n_gold + n_found),
            "n": n_gold,
        }
    return figures


def _macro(per_class: Mapping[str, Mapping[str, float]]) -> float:
    return float(np.mean([figures["f1"] for figures in per_class.values()]))


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a table of PLV.

    Raises:
        InputError: it cannot be read or lacks a column, or a row has an unknown root or quad.
    """
    roots = plv_roots()
    rows = []
    for line, row in enumerate(_table(path, COLUMNS), start=2):
        root, quad = row["gold_root"], row["gold_penta"]
        if root not in roots or quad not in QUADS:
            raise InputError(
                f"{path}, row {line}: root {root!r} and quad {quad!r}; allowed are "
                f"{', '.join(roots)} and {', '.join(QUADS)}"
            )
        rows.append(Row(read_marks(row["marked_sentence"]), root, quad))
    return rows


def read_sentences(path: Path) -> dict[str, str]:
    """Return the sentences of a table of PLV by their `sentence_id`.

    Raises:
        InputError: it cannot be read or lacks a column.
    """
    return {
        row["sentence_id"]: row["sentence"] for row in _table(path, ("sentence_id", "sentence"))
    }


def _table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise InputError(f"{path}: not a readable table with tabs ({err})") from err
    if not rows or any(row.get(name) is None for row in rows for name in columns):
        raise InputError(f"{path}: no row, or a row without one of {', '.join(columns)}")
    return rows


def read_marks(marked: str) -> Pair:
    """Return the sentence without its marks, and the first place marked as each party.

    `<s>Iran</s> met <t>Iraq </t>` is "Iran met Iraq " with the places 0:4 and 9:13.
    """
    places: dict[str, Place] = {}
    for name, start, end in _marked(marked):
        places.setdefault(name, (start, end))
    return Pair(MARK.sub("", marked), places.get("s"), places.get("t"))


def _marked(marked: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and end of each marked place, in the text without marks."""
    opened: dict[str, int] = {}
    plain, behind = "", 0
    for mark in MARK.finditer(marked):
        plain += marked[behind : mark.start()]
        behind = mark.end()
        if not mark[0].startswith("</"):
            opened[mark[1]] = len(plain)
        elif mark[1] in opened:
            start = opened.pop(mark[1])
            words = plain[start:]
            first = start + len(words) - len(words.lstrip())
            if words.strip():
                yield mark[1], first, first + len(words.strip())

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract import triggers
from detente.extract.encoder import Floats, Reading, log_softmax
from detente.extract.triggers import (
    LEAST_PAIR,
    LEAST_TRIGGER,
    NEIGHBOURS,
    ROOTS,
    Found,
    find_triggers,
    marks,
)
from detente.extract.windows import STOP
from tests.extract.pieces import article, reading, sure, window

LABELS = ".SsTt"
"""None, source and target as `sure` spells them; a capital begins."""
TEXT = "Iran and Oman met in Doha ."
ACCUSE, CONSULT, ASSAULT = (1 + ROOTS.index(r) for r in ("ACCUSE", "CONSULT", "ASSAULT"))
SURE = (1 + LEAST_TRIGGER) / 2

Judge = Callable[[Floats, Floats], Sequence[float]]


@dataclass(slots=True)
class Heads:
    """Made-up heads: what they were asked, and what they answer."""

    rows: Sequence[str]
    judge: Judge
    anchors: list[list[int]] = field(default_factory=list)
    read: list[Reading] = field(default_factory=list)

    def read_parties(self, given: Reading, anchors: Sequence[int]) -> Floats:
        self.anchors.append(list(anchors))
        self.read.append(given)
        return sure(self.rows[: len(anchors)], LABELS)

    def read_pairs(self, given: Reading, sources: Floats, targets: Floats) -> Floats:
        assert sources.shape == targets.shape == (len(sources), len(given.window.ids))
        rows = [self.judge(a, b) for a, b in zip(sources, targets, strict=True)]
        return np.log(np.array(rows, dtype=np.float32))


def says(root: int, probability: float = 0.95) -> list[float]:
    """Return the probabilities of none and the roots, one of them likely."""
    rest = (1 - probability) / len(ROOTS)
    return [probability if k == root else rest for k in range(len(ROOTS) + 1)]


def find(
    monkeypatch: pytest.MonkeyPatch,
    named: dict[int, tuple[int, float]],
    *rows: str,
    judge: Judge = lambda a, b: says(CONSULT),
    paragraphs: Sequence[str | Sequence[str]] = (TEXT,),
) -> tuple[list[Found], Heads]:
    """Return the events of a document in one window, read by made-up heads."""
    heads = Heads(rows, judge)
    monkeypatch.setattr(triggers, "read_parties", heads.read_parties)
    monkeypatch.setattr(triggers, "read_pairs", heads.read_pairs)
    doc, sentences = article(*paragraphs)
    given = reading(doc.text, triggers=named, sentences=range(len(sentences)))
    return list(find_triggers(given, sentences)), heads


def quotes(places: tuple[tuple[int, int], ...], text: str = TEXT) -> list[str]:
    return [text[a:b] for a, b in places]


def test_an_event_has_trigger_root_and_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,), _ = find(monkeypatch, {4: (CONSULT, SURE)}, ".S.T.....")

    assert (found.sentence, found.root) == (0, "CONSULT")
    assert quotes((found.trigger,)) == ["met"]
    assert (quotes(found.sources), quotes(found.targets)) == (["Iran"], ["Oman"])
    assert 0 < found.probability < 1


def test_trigger_and_pair_together_choose_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {4: (ACCUSE, 0.6)}

    sure_pair, _ = find(monkeypatch, named, ".S.T.....", judge=lambda a, b: says(ASSAULT, 0.99))
    same_root, _ = find(monkeypatch, named, ".S.T.....", judge=lambda a, b: says(ACCUSE, 0.99))

    assert same_root[0].root == "ACCUSE"
    assert [f.probability < same_root[0].probability for f in sure_pair] == [True] * len(sure_pair)


def test_a_pair_that_does_nothing_makes_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = find(
        monkeypatch,
        {4: (CONSULT, LEAST_TRIGGER + 0.01)},
        ".S.T.....",
        judge=lambda a, b: says(0, 0.9999),
    )

    assert found == []


@pytest.mark.parametrize(("above", "count"), [(0.02, 1), (-0.02, 0)])
def test_a_pair_holds_an_event_from_the_least_probability_on(
    monkeypatch: pytest.MonkeyPatch, above: float, count: int
) -> None:
    probability = LEAST_PAIR + above
    answer = [1 - probability, *([1e-9] * len(ROOTS))]
    answer[CONSULT] = probability

    found, _ = find(
        monkeypatch, {4: (CONSULT, probability)}, ".S.T.....", judge=lambda a, b: answer
    )

    assert len(found) == count


@pytest.mark.parametrize(("above", "count"), [(0.02, 1), (-0.02, 0)])
def test_a_piece_names_an_event_from_the_least_probability_on(
    monkeypatch: pytest.MonkeyPatch, above: float, count: int
) -> None:
    found, heads = find(monkeypatch, {4: (CONSULT, LEAST_TRIGGER + above)}, ".S.T.....")

    assert (len(found), len(heads.anchors)) == (count, count)


def test_without_parties_there_is_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(monkeypatch, {4: (CONSULT, SURE)}, ".........")[0] == []


def test_of_close_pieces_the_likelier_one_names_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {4: (CONSULT, SURE), 4 + NEIGHBOURS: (CONSULT, SURE + 0.1)}

    _, heads = find(monkeypatch, named, ".S.T.....")

    assert heads.anchors == [[4 + NEIGHBOURS]]


def test_two_triggers_make_two_events_in_text_order(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {6: (CONSULT, 0.99), 4 - NEIGHBOURS: (CONSULT, SURE)}

    found, heads = find(monkeypatch, named, ".S.......", ".S.T.....")

    assert heads.anchors == [[4 - NEIGHBOURS, 6]]
    assert [quotes(f.targets) for f in found] == [[], ["Oman"]]


def test_an_event_may_have_one_party_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, bool]] = []

    def judge(source: Floats, target: Floats) -> list[float]:
        asked.append((bool(source.any()), bool(target.any())))
        return says(CONSULT)

    (done,), _ = find(monkeypatch, {4: (CONSULT, SURE)}, ".S.......", judge=judge)
    (suffered,), _ = find(monkeypatch, {4: (CONSULT, SURE)}, "...T.....", judge=judge)

    assert (quotes(done.sources), done.targets) == (["Iran"], ())
    assert (suffered.sources, quotes(suffered.targets)) == ((), ["Oman"])
    assert asked == [(True, False), (False, True)]


def test_parties_that_deal_with_one_another_are_all_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def together(source: Floats, target: Floats) -> list[float]:
        return says(CONSULT if target.any() else 0)

    (found,), _ = find(monkeypatch, {4: (CONSULT, SURE)}, ".S.S.....", judge=together)

    assert (quotes(found.sources), found.targets) == (["Iran", "Oman"], ())


def test_parties_that_do_the_same_make_an_event_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def alone(source: Floats, target: Floats) -> list[float]:
        return says(0 if target.any() else ACCUSE)

    found, _ = find(monkeypatch, {4: (ACCUSE, SURE)}, ".S.S.....", judge=alone)

    assert [(quotes(f.sources), f.targets) for f in found] == [(["Iran"], ()), (["Oman"], ())]


def test_several_sources_and_targets_make_one_event_of_all_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs: list[tuple[int, int]] = []

    def judge(source: Floats, target: Floats) -> list[float]:
        pairs.append((int(source.argmax()), int(target.argmax())))
        return says(CONSULT)

    (found,), _ = find(monkeypatch, {4: (CONSULT, SURE)}, ".S.ST.T..", judge=judge)

    assert pairs == [(1, 4), (1, 6), (3, 4), (3, 6)]
    assert (len(found.sources), len(found.targets)) == (2, 2)


THREE = ("Iran slept .", "Oman met Qatar .", "Doha slept .")
"""Sentences of one paragraph: pieces 1 to 3, 4 to 7 and 8 to 10, between the window's two ends."""


@pytest.mark.parametrize(
    ("trigger", "row", "first", "last"),
    [(2, ".S..", 0, 4), (5, "S.T.", 4, 8), (9, "S...", 8, 12)],
)
def test_a_trigger_sees_its_own_sentence(
    monkeypatch: pytest.MonkeyPatch, trigger: int, row: str, first: int, last: int
) -> None:
    named = {trigger: (CONSULT, SURE)}

    (found,), heads = find(monkeypatch, named, row, paragraphs=[THREE])

    (seen,) = heads.read
    text = " ".join(THREE)
    assert found.sentence == [2, 5, 9].index(trigger)
    assert quotes((found.trigger,), text) == [["slept", "met", "slept"][found.sentence]]
    assert heads.anchors == [[trigger - first]]
    assert seen.window.ids.tolist() == window(text).ids[first:last].tolist()


def test_the_ends_of_a_paragraph_are_seen_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doc, sentences = article(THREE)
    heads = Heads([".S.T.."], lambda a, b: says(CONSULT))
    monkeypatch.setattr(triggers, "read_parties", heads.read_parties)
    monkeypatch.setattr(triggers, "read_pairs", heads.read_pairs)
    given = reading(doc.text, triggers={5: (CONSULT, SURE)}, sentences=range(3))
    for piece in (3, 8):
        given.window.ids[piece] = STOP
        given.window.ends[piece] = given.window.starts[piece]

    (found,) = find_triggers(given, sentences)

    assert heads.read[0].window.ids.tolist() == given.window.ids[3:9].tolist()
    assert heads.anchors == [[2]]
    assert (quotes(found.sources, doc.text), quotes(found.targets, doc.text)) == (
        ["Oman"],
        ["Qatar"],
    )


def test_each_sentence_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {9: (CONSULT, SURE), 2: (CONSULT, SURE)}

    found, heads = find(monkeypatch, named, ".S..", paragraphs=[THREE])

    assert heads.anchors == [[2], [1]]
    assert [len(seen.window.ids) for seen in heads.read] == [4, 4]
    assert [f.sentence for f in found] == [0, 2]


def test_pieces_without_words_name_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(monkeypatch, {0: (CONSULT, 0.99), 8: (CONSULT, 0.99)})[0] == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [(None, []), ((0, 4), [1]), ((5, 13), [2, 3]), ((1, 2), [1]), ((4, 5), []), ((27, 99), [])],
)
def test_marks(place: tuple[int, int] | None, expected: list[int]) -> None:
    made = window(TEXT)

    assert np.flatnonzero(marks(made.starts, made.ends, place)).tolist() == expected


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.integers(0, 8), st.tuples(st.integers(1, 16), st.floats(0.01, 0.99))),
    st.lists(st.text(LABELS, min_size=9, max_size=9), min_size=9, max_size=9),
    st.lists(st.floats(-12, 12, width=32), min_size=17, max_size=17),
)
def test_any_answers_give_sound_events(
    named: dict[int, tuple[int, float]], rows: list[str], logits: list[float]
) -> None:
    probabilities = np.exp(log_softmax(np.array(logits, dtype=np.float32))).tolist()
    with pytest.MonkeyPatch.context() as patch:
        found, _ = find(patch, named, *rows, judge=lambda a, b: probabilities)

    for one in found:
        assert one.root in ROOTS
        assert 0 <= one.probability <= 1
        assert one.sources or one.targets
        for start, end in (one.trigger, *one.sources, *one.targets):
            assert 0 <= start < end <= len(TEXT)


def test_the_least_probabilities_are_probabilities() -> None:
    assert 0 < LEAST_TRIGGER < 1
    assert 0 < LEAST_PAIR < 1

from __future__ import annotations

import pytest

from detente.extract.lexicon import cameo_code, load_lexicon


def test_a_verbs_frames_with_a_condition_come_before_the_bare_one() -> None:
    frames = [frame.frame for frame in load_lexicon().verbs["agree"]]

    assert frames == ["infinitive", ""]


def test_every_verb_keeps_its_bare_frame_last() -> None:
    for frames in load_lexicon().verbs.values():
        assert all(frame.frame for frame in frames[:-1])


@pytest.mark.parametrize(
    ("root", "mode", "expected"),
    [
        ("CONSULT", "visit", 4.0),
        ("CONSULT", None, 1.0),
        ("ASSAULT", "drone", -9.5),
        ("ASSAULT", "unheard-of", -9.0),
    ],
)
def test_score_is_the_modes_else_the_roots(root: str, mode: str | None, expected: float) -> None:
    if root == "CONSULT" and mode is None:
        expected = load_lexicon().scores["CONSULT"]

    assert load_lexicon().score(root, mode) == expected


def test_score_of_an_unknown_root_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_lexicon().score("MEET", None)


def test_quads_count_from_verbal_cooperation_to_material_conflict() -> None:
    quads = load_lexicon().quads

    assert [quads[r] for r in ("CONSULT", "AID", "ACCUSE", "ASSAULT")] == [1, 2, 3, 4]


def test_a_stative_noun_has_a_valence_and_no_root() -> None:
    rift = load_lexicon().nouns["rift"]

    assert (rift.root, rift.kind) == ("", "stative")
    assert rift.valence < 0


def test_cues_are_kept_by_part_of_speech() -> None:
    cues = load_lexicon().cues

    assert cues["verb"]["say"] == "speech"
    assert cues["in-noun"]["view"] == "cognition"
    assert "say" not in cues["noun"]


@pytest.mark.parametrize(
    ("root", "mode", "contexts", "code"),
    [
        ("CONSULT", "phone", (), "041"),
        ("AID", None, ("military",), "072"),
        ("AID", None, ("military", "economic"), None),
        ("AID", None, ("military", "cyber"), "072"),
        ("CONSULT", "visit", (), None),
        ("AGREE", None, ("diplomatic",), None),
    ],
)
def test_cameo_code_only_where_it_is_one_to_one(
    root: str, mode: str | None, contexts: tuple[str, ...], code: str | None
) -> None:
    assert cameo_code(root, mode, contexts) == code

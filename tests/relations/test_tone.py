from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.relations.tone import read_stance, speaks_against


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("They should work together", False),
        ("Talks cannot help", True),
        ("It won’t hold", True),
        ("She warned of it", True),
        ("a grave danger to all", True),
        ("he ruled out a deal", True),
        ("A notable success", False),
        ("The knot was tied", False),
    ],
)
def test_tone_is_read_off_words(text: str, against: bool) -> None:
    assert speaks_against(text) is against


@pytest.mark.parametrize(
    ("cue", "content", "proposition", "stance"),
    [
        ("hopes for", "closer ties", "The two should work together", "agree"),
        ("fears", "closer ties", "The two should work together", "disagree"),
        ("said", "it is not an enemy", "It is a threat", "agree"),
        ("said", "the neighbours are friends", "It is a threat", "disagree"),
        ("blasted", "its raids", "It is a threat", "agree"),
        ("learned", "that talks failed", "The two should work together", "neutral"),
    ],
)
def test_stance_compares_tones(cue: str, content: str, proposition: str, stance: str) -> None:
    # The third row is wrong and known to be: two words against are not parsed into one for.
    assert read_stance(cue, content, proposition) == stance


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_stance(cue: str, content: str, proposition: str) -> None:
    assert read_stance(cue, content, proposition) in ("agree", "disagree", "neutral")

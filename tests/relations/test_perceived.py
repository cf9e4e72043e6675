from __future__ import annotations

import msgspec
import pytest

from detente.relations.perceived import perceived_ties
from detente.schema import About, Claim, Span, SpeakerRef

SPAN = (Span(start=0, end=4, quote="text"),)


def claim(
    number: int, speaker: str | None, valence: float, *, modality: str = "asserted", times: int = 1
) -> Claim:
    """Return a claim about the tie of Russia and the United States."""
    about = About(a="USA", b="RUS.putin-vladimir", valence=valence, modality=modality)
    country = speaker.partition(".")[0] if speaker and "." in speaker else None
    return Claim(
        id=f"claim-{number}",
        document="doc-1",
        speaker=SpeakerRef(actor=speaker, name=speaker, country=country) if speaker else None,
        source=SPAN,
        cue=SPAN,
        content=SPAN,
        kind="indirect",
        about=(about,) * times,
    )


def test_perceived_tie_is_the_mean_of_the_speakers_claims() -> None:
    found = perceived_ties([claim(n, "CHN.wang-yi", 0.8) for n in range(9)], by="speaker")
    assert len(found) == 1
    assert (found[0].holder, found[0].a, found[0].b) == ("CHN.wang-yi", "RUS", "USA")
    assert found[0].valence == pytest.approx(0.72)
    assert found[0].sign == "+"
    assert found[0].n == len(found[0].claims) == 9


def test_one_claim_is_no_certainty() -> None:
    found = perceived_ties([claim(1, "CHN.wang-yi", -0.9)])[0]
    assert found.sign == "undetermined"
    assert found.low < found.valence < 0 < found.high


def test_by_country_sums_speakers() -> None:
    said = [claim(1, "CHN.wang-yi", 0.5), claim(2, "CHN.wu-xinbo", 0.1)]
    assert [tie.n for tie in perceived_ties(said, by="country")] == [2]
    assert [tie.n for tie in perceived_ties(said, by="speaker")] == [1, 1]


@pytest.mark.parametrize("modality", ["possible", "necessary", "hypothetical"])
def test_only_assertions_describe(modality: str) -> None:
    assert perceived_ties([claim(1, "CHN.wang-yi", 0.5, modality=modality)]) == []


def test_what_is_denied_does_not_describe() -> None:
    said = claim(1, "CHN.wang-yi", 0.5)
    (about,) = said.about
    denied = msgspec.structs.replace(about, negated=True)
    assert perceived_ties([msgspec.structs.replace(said, about=(denied,))]) == []


def test_unknown_speakers_are_left_out() -> None:
    assert perceived_ties([claim(1, None, 0.5), claim(2, "stranger", 0.5)]) == []


def test_a_claim_weighs_one_however_often_it_names_the_dyad() -> None:
    once, often = (perceived_ties([claim(1, "CHN.wang-yi", 0.5, times=n)]) for n in (1, 3))
    assert once == often

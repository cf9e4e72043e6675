from __future__ import annotations

from detente.extract.dyads import with_dyads
from detente.schema import About, ActorRef, Claim, Event, Span, Status

HERE = Span(start=0, end=1, quote="x")


def claim(name: str, *about: About, outer: str | None = None) -> Claim:
    return Claim(
        id=name,
        document="doc",
        speaker=None,
        source=(),
        cue=(),
        content=(HERE,),
        kind="indirect",
        about=about,
        outer=outer,
        confidence=1.0,
    )


def event(
    sources: str,
    targets: str = "",
    *,
    within: str | None = "claim",
    score: float = -2.0,
    status: Status = "past",
) -> Event:
    first, second = (
        tuple(
            ActorRef(actor=name, name=name, country=None if "." in name else name)
            for name in names.split()
        )
        for names in (sources, targets)
    )
    return Event(
        id=f"{sources}→{targets}",
        document="doc",
        root="ACCUSE",
        sources=first,
        targets=second,
        status=status,
        score=score,
        confidence=1.0,
        span=HERE,
        trigger=HERE,
        within=within,
    )


def test_an_event_in_a_claim_is_what_the_claim_is_about() -> None:
    (found,) = with_dyads([claim("claim")], [event("USA", "CHN RUS")])

    assert found.about == (
        About(a="USA", b="CHN", valence=-0.2),
        About(a="USA", b="RUS", valence=-0.2),
    )


def test_parties_that_only_meet_are_dyads() -> None:
    (found,) = with_dyads([claim("claim")], [event("USA RUS CHN", score=4.0)])

    assert [(a.a, a.b) for a in found.about] == [("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN")]


def test_what_the_word_lists_say_of_a_dyad_stays() -> None:
    known = About(a="CHN", b="USA", valence=0.5)

    (found,) = with_dyads([claim("claim", known)], [event("USA", "CHN")])

    assert found.about == (known,)


def test_a_claim_is_about_what_the_claims_in_it_are_about() -> None:
    outer, inner, other = claim("a"), claim("claim", outer="a"), claim("b")

    found = with_dyads([outer, inner, other], [event("USA", "CHN")])

    assert [len(one.about) for one in found] == [1, 1, 0]


def test_claims_that_hold_each_other_end() -> None:
    found = with_dyads(
        [claim("a", outer="claim"), claim("claim", outer="a")], [event("USA", "CHN")]
    )

    assert [len(one.about) for one in found] == [1, 1]


def test_status_becomes_modality_and_negation() -> None:
    (denied,) = with_dyads([claim("claim")], [event("USA", "CHN", status="denied")])
    (planned,) = with_dyads([claim("claim")], [event("USA", "CHN", status="scheduled")])

    assert (denied.about[0].modality, denied.about[0].negated) == ("asserted", True)
    assert (planned.about[0].modality, planned.about[0].negated) == ("scheduled", False)


def test_events_outside_groups_and_one_country_alone_give_nothing() -> None:
    told = [
        event("USA", "CHN", within=None),
        event("USA", "CHN", within="gone"),
        event("USA", "unnamed.protesters"),
        event("USA", "USA"),
        event("USA"),
    ]

    assert with_dyads([claim("claim")], told) == [claim("claim")]

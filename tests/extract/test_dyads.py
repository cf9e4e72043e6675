from __future__ import annotations

import msgspec
import pytest

from detente.extract.actors import DocumentActors
from detente.extract.dyads import with_dyads
from detente.extract.mentions import ActorMention
from detente.schema import About, Actor, ActorRef, Claim, Event, Span, SpeakerRef, Status

NOBODY = DocumentActors()
HERE = Span(start=0, end=1, quote="x")


def mention(actor: str, start: int) -> ActorMention:
    return ActorMention(0, 0, 0, 0, actor, "name", start, start + 1, 1.0)


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
    (found,) = with_dyads([claim("claim")], [event("USA", "CHN RUS")], NOBODY)

    assert found.about == (
        About(a="USA", b="CHN", valence=-0.2),
        About(a="USA", b="RUS", valence=-0.2),
    )


def test_parties_that_only_meet_are_dyads() -> None:
    (found,) = with_dyads([claim("claim")], [event("USA RUS CHN", score=4.0)], NOBODY)

    assert [(a.a, a.b) for a in found.about] == [("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN")]


def test_what_the_word_lists_say_of_a_dyad_stays() -> None:
    known = About(a="CHN", b="USA", valence=0.5)

    (found,) = with_dyads([claim("claim", known)], [event("USA", "CHN")], NOBODY)

    assert found.about == (known,)


def test_a_claim_is_about_what_the_claims_in_it_are_about() -> None:
    outer, inner, other = claim("a"), claim("claim", outer="a"), claim("b")

    found = with_dyads([outer, inner, other], [event("USA", "CHN")], NOBODY)

    assert [len(one.about) for one in found] == [1, 1, 0]


def test_claims_that_hold_each_other_end() -> None:
    found = with_dyads(
        [claim("a", outer="claim"), claim("claim", outer="a")], [event("USA", "CHN")], NOBODY
    )

    assert [len(one.about) for one in found] == [1, 1]


def test_status_becomes_modality_and_negation() -> None:
    (denied,) = with_dyads([claim("claim")], [event("USA", "CHN", status="denied")], NOBODY)
    (planned,) = with_dyads([claim("claim")], [event("USA", "CHN", status="scheduled")], NOBODY)

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

    assert with_dyads([claim("claim")], told, NOBODY) == [claim("claim")]


@pytest.mark.parametrize(
    ("names", "speaker", "expected"),
    [
        (["USA", "CHN"], "RUS", ["USA CHN"]),
        (["USA", "CHN", "USA", "RUS"], None, ["USA CHN", "USA RUS", "CHN RUS"]),
        (["USA", "CHN", "RUS", "FRA"], "RUS", []),
        (["USA"], "RUS", ["RUS USA"]),
        (["USA"], "USA", []),
        (["USA", "unnamed.crowd"], None, []),
        ([], "RUS", []),
    ],
)
def test_a_claim_without_a_dyad_takes_the_parties_that_it_names(
    names: list[str], speaker: str | None, expected: list[str]
) -> None:
    text = Span(start=10, end=20, quote="x" * 10)
    said_by = SpeakerRef(actor="x", name="x", country=speaker) if speaker else None
    said = msgspec.structs.replace(claim("claim"), content=(text,), speaker=said_by)
    kinds = {name: "group" if "." in name else "state" for name in [*names, "IRN"]}
    actors = DocumentActors(
        {name: Actor(id=name, name=name, kind=kind) for name, kind in kinds.items()},  # type: ignore[arg-type]
        [
            mention("IRN", 9),
            *(mention(name, 10 + k) for k, name in enumerate(names)),
            mention("IRN", 20),
        ],
    )

    (found,) = with_dyads([said], [], actors)

    assert [f"{about.a} {about.b}" for about in found.about] == expected
    assert not any(about.valence for about in found.about)

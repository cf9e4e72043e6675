"""Positions: who takes which side on which proposition, and where that is written.

In: claims with the propositions of a codebook. Out: a `Position` for each claim and each
proposition that it is about, found by sentence embeddings; the phrasing that it came nearest to and
the cosine are kept, so that each can be reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from detente.relations.codebook import Proposition
from detente.relations.similarity import Floats, encode_texts
from detente.relations.tone import Stance, read_stance
from detente.schema import Claim, Record, Span

THRESHOLD = 0.48
"""Least cosine of a match; chosen, as `MARGIN`, on the development half of the annotated claims."""

MARGIN = 0.05
"""A claim also matches a further proposition whose cosine is at most this far below its best."""


UNNAMED = "unnamed."
"""How the ids of speakers begin whom a text does not name: two "observers" need not be the same."""


class Position(Record, frozen=True, kw_only=True):
    """One side that somebody takes on one proposition, at one place.

    Attributes:
        claim: id of the claim, or of the statement of a Discourse Network Analyzer file.
        document: id of the document.
        actor: who takes it; null where the speaker is not known or not named, which enters no
            network.
        name: the actor's name.
        proposition: id of the proposition.
        stance: `agree`, `disagree` or `neutral`.
        date: when it was said, else when the document was published; ISO 8601, possibly partial.
        score: cosine to the nearest phrasing, -1 to 1; null where a person coded it.
        phrasing: that phrasing.
        spans: the words of the claim.
        country: state that the actor speaks for.
    """

    claim: str
    document: str
    actor: str | None
    name: str
    proposition: str
    stance: Stance
    date: str | None = None
    score: float | None = None
    phrasing: str = ""
    spans: tuple[Span, ...] = ()
    country: str | None = None


def match_claims(
    claims: Sequence[Claim],
    propositions: Sequence[Proposition],
    *,
    threshold: float = THRESHOLD,
    published: Mapping[str, str | None] | None = None,
) -> list[Position]:
    """Return the positions that claims take on propositions, in the order of the claims.

    A claim is about its best proposition, and about those that come within `MARGIN` of it, where
    the cosine to the nearest of a proposition's phrasings reaches `threshold`.

    Args:
        claims: what was said.
        propositions: the codebook.
        threshold: least cosine.
        published: date of each document, for claims without one.

    Raises:
        InputError: the weights are not installed.
    """
    if not claims or not propositions:
        return []
    phrasings = [(k, text) for k, one in enumerate(propositions) for text in one.phrasings]
    owners = np.array([k for k, _ in phrasings])
    cosines = encode_claims(claims) @ encode_texts([text for _, text in phrasings]).T
    positions = []
    for claim, row in zip(claims, cosines, strict=True):
        best = [float(row[owners == k].max()) for k in range(len(propositions))]
        for k, score in enumerate(best):
            if score >= threshold and score >= max(best) - MARGIN:
                near = int(np.where(owners == k, row, -np.inf).argmax())
                about = (propositions[k], score, phrasings[near][1])
                positions.append(take_position(claim, *about, published=published or {}))
    return positions


def encode_claims(claims: Sequence[Claim]) -> Floats:
    """Return a unit vector for each claim: half of what is said, half of who said it and how.

    Raises:
        InputError: the weights are not installed.
    """
    said = encode_texts([content_of(claim) for claim in claims])
    told = encode_texts([_telling(claim) for claim in claims])
    vectors = said + told
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def content_of(claim: Claim) -> str:
    """Return what a claim says, on one line."""
    return " ".join(" ".join(span.quote for span in claim.content).split())


def cue_of(claim: Claim) -> str:
    """Return the words that report a claim, on one line."""
    return " ".join(" ".join(span.quote for span in claim.cue).split())


def take_position(
    claim: Claim,
    proposition: Proposition,
    score: float,
    phrasing: str,
    *,
    published: Mapping[str, str | None],
) -> Position:
    """Return the position of a claim on a proposition that it is about.

    Args:
        claim: what was said.
        proposition: what it is about.
        score: cosine to the phrasing.
        phrasing: what it came nearest to.
        published: date of each document, for claims without one.
    """
    speaker = claim.speaker
    source = " … ".join(span.quote for span in claim.source)
    is_named = speaker is not None and not speaker.actor.startswith(UNNAMED)
    return Position(
        claim=claim.id,
        document=claim.document,
        actor=speaker.actor if speaker and is_named else None,
        name=speaker.name if speaker else source or "unknown",
        proposition=proposition.id,
        stance=read_stance(cue_of(claim), content_of(claim), proposition.name),
        date=claim.date or published.get(claim.document),
        score=round(score, 4),
        phrasing=phrasing,
        spans=claim.content,
        country=speaker.country if speaker else None,
    )


def positions_by(
    positions: Iterable[Position], by: Literal["speaker", "country"]
) -> list[Position]:
    """Return positions as those of the speakers, or of the states that they speak for."""
    if by == "speaker":
        return list(positions)
    return [
        msgspec.structs.replace(one, actor=one.country, name=one.country or one.name)
        for one in positions
    ]


def _telling(claim: Claim) -> str:
    who = claim.speaker.name if claim.speaker else " ".join(span.quote for span in claim.source)
    return " ".join(filter(None, (who, cue_of(claim), content_of(claim))))

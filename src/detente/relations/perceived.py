"""Ties as others see them: what speakers say of a dyad, apart from what the dyad does.

In: claims with their `about`. Out: a `PerceivedTie` for each holder (speaker or country) and dyad,
with the ids of the claims that it rests on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import numpy as np

from detente.relations.reference import TieReference, estimate_mean
from detente.schema import Claim, Record, Sign

OPINION = TieReference(name="no opinion known", mean=0.0, spread=0.5, within=0.5)
"""What is taken to be the case before any claim: a valence around 0, worth one claim.

Two spreads are 1, so `s` is the valence itself.
"""


class PerceivedTie(Record, frozen=True, kw_only=True):
    """How somebody describes the tie of two actors.

    Attributes:
        holder: who describes it: a speaker or a country.
        a: country or organisation.
        b: the other one.
        valence: -1 (tension) to 1 (easing), the mean over the claims, drawn towards 0 where they
            are few.
        low: lower end of its interval.
        high: upper end of it.
        sign: `undetermined` where the interval spans zero.
        n: number of claims.
        claims: ids of the claims.
    """

    holder: str
    a: str
    b: str
    valence: float
    low: float
    high: float
    sign: Sign
    n: int
    claims: tuple[str, ...]


def perceived_ties(
    claims: Iterable[Claim], *, by: Literal["speaker", "country"] = "country", seed: int = 1
) -> list[PerceivedTie]:
    """Return how each speaker, or each speakers' country, describes each dyad, sorted.

    Only what a claim asserts counts: what may, must or would be, or is not, is no description, nor
    is a dyad that is only named (valence 0). A claim weighs one for a dyad however often it names
    it; a claim without a known speaker (or country) is left out. Sign and interval as for ties,
    against `OPINION`.
    """
    heard: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    for claim in claims:
        speaker = claim.speaker
        holder = speaker and (speaker.actor if by == "speaker" else speaker.country)
        if not holder:
            continue
        for about in claim.about:
            a, b = sorted(name.partition(".")[0] for name in (about.a, about.b))
            if about.modality == "asserted" and about.valence and not about.negated and a != b:
                said = heard.setdefault((holder, a, b), {})
                said.setdefault(claim.id, []).append(about.valence)
    return [_perceived(*key, heard[key], seed=seed) for key in sorted(heard)]


def _perceived(
    holder: str, a: str, b: str, said: dict[str, list[float]], *, seed: int
) -> PerceivedTie:
    valences = np.sort([math.fsum(values) / len(values) for values in said.values()])
    raw = estimate_mean(valences, np.ones(len(valences)), OPINION, seed=seed)
    return PerceivedTie(
        holder=holder,
        a=a,
        b=b,
        valence=raw.s,
        low=raw.low,
        high=raw.high,
        sign=raw.sign,
        n=len(said),
        claims=tuple(sorted(said)),
    )

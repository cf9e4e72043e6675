"""Propositions that the tool proposes: clusters of claims that say much the same.

In: claims. Out: at most n propositions, named by the words of their most central claim, with the
positions of their claims. Average linkage on the cosine distance (Sokal & Michener 1958), cut where
the mean cosine between two clusters falls below a threshold. They are a start for a codebook, not a
finding.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from detente.relations.codebook import Proposition
from detente.relations.positions import (
    UNNAMED,
    Position,
    content_of,
    encode_claims,
    take_position,
)
from detente.relations.similarity import Floats
from detente.schema import Claim

LIKENESS = 0.5
"""Least mean cosine between the claims of two parts of a cluster."""

CLUSTERS = 12
"""Propositions proposed at most."""

MOST_CLAIMS = 1000
"""Claims compared at most, evenly spaced: reading one takes some 20 ms of a core."""

FEWEST_WORDS = 4
"""A claim of fewer words ("it was useful") is about nothing that could be named."""

NAME = 110
"""Letters of a proposition's name at most."""


def propose_propositions(
    claims: Sequence[Claim],
    *,
    clusters: int = CLUSTERS,
    likeness: float = LIKENESS,
    published: Mapping[str, str | None] | None = None,
) -> tuple[list[Proposition], list[Position]]:
    """Return proposed propositions, those of most speakers first, and who takes which side on them.

    Only outermost claims of known speakers count, and only clusters of two speakers or more. A
    claim has a position on one proposal at most.

    Args:
        claims: what was said.
        clusters: number of propositions at most.
        likeness: least mean cosine within a cluster, as `LIKENESS`.
        published: date of each document, for claims without one.

    Raises:
        InputError: the weights are not installed.
    """
    usable = _usable(claims)
    if len(usable) < 2:
        return [], []
    vectors = encode_claims(usable)
    labels = cluster_vectors(vectors, likeness)
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    heard = [(len({_speaker(usable[k]) for k in group}), group) for group in groups]
    several = [(n, group) for n, group in heard if n > 1]
    several.sort(key=lambda found: (-found[0], -len(found[1]), found[1][0]))
    propositions, positions = [], []
    for number, (_, group) in enumerate(several[:clusters], start=1):
        cosines = vectors[group] @ vectors[group].T
        centre = int(cosines.mean(axis=1).argmax())
        words = content_of(usable[group[centre]]).removeprefix("that ")
        name = textwrap.shorten(words, NAME, placeholder=" …")
        one = Proposition(id=f"proposed-{number}", name=name, proposed=True)
        propositions.append(one)
        positions += [
            take_position(
                usable[k], one, float(cosines[centre, place]), words, published=published or {}
            )
            for place, k in enumerate(group)
        ]
    return propositions, positions


def cluster_vectors(vectors: Floats, likeness: float) -> np.ndarray:
    """Return a label for each unit vector: average linkage, cut at a mean cosine of `likeness`."""
    if len(vectors) < 2:
        return np.ones(len(vectors), dtype=np.int64)
    cosines = (vectors @ vectors.T).astype(np.float64)
    distances = np.clip(1 - cosines[np.triu_indices(len(vectors), 1)], 0, 2)
    labels: np.ndarray = fcluster(linkage(distances, "average"), 1 - likeness, "distance")
    return labels


def _usable(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that can be compared, evenly thinned where they are too many."""
    known = [
        claim
        for claim in claims
        if _speaker(claim) and not claim.outer and len(content_of(claim).split()) >= FEWEST_WORDS
    ]
    step = max(1.0, len(known) / MOST_CLAIMS)
    return [known[int(k * step)] for k in range(min(len(known), MOST_CLAIMS))]


def _speaker(claim: Claim) -> str:
    """Return the id of a named speaker; nothing for others."""
    actor = claim.speaker.actor if claim.speaker else ""
    return "" if actor.startswith(UNNAMED) else actor

"""Nesting: which claim's content holds a place of the text."""

from __future__ import annotations

from collections import defaultdict

from detente.schema import Claim

BLOCK = 4_096
"""Characters of text whose claims are kept together for `innermost`."""


def claims_by_block(claims: list[Claim]) -> dict[int, list[Claim]]:
    """Return the claims by each block of `BLOCK` characters that their contents touch.

    `innermost` then looks at a few claims, however long the document is.
    """
    blocks: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        touched = {b for s in claim.content for b in range(s.start // BLOCK, s.end // BLOCK + 1)}
        for block in sorted(touched):
            blocks[block].append(claim)
    return blocks


def innermost(claims: list[Claim], start: int, end: int) -> str | None:
    """Return the id of the shortest claim whose content holds the characters `start:end`."""
    holding = [
        (span.end - span.start, claim.id)
        for claim in claims
        for span in claim.content
        if span.start <= start and end <= span.end
    ]
    return min(holding)[1] if holding else None

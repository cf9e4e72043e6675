"""Syntactic paths: how each piece of a window hangs together with an anchor.

From a cue ("said") or a trigger ("attacked") one climbs so many governors to the first that the
piece hangs on, too, and from there descends by some relation: the subject of the cue is 0 up and
`nsubj` down, the subject of the verb that governs it 1 up and `nsubj` down. Gildea & Jurafsky
(2002) label roles by such paths; here they are one number that the heads embed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.extract.windows import FEATURES, Ints, Window

CLIMBS = 4
"""Numbers of governors climbed that are told apart; more count as the last."""
STEPS = FEATURES["relation"]
"""Values of the step down: a relation, or 0 where the piece is itself a governor of the anchor."""
PATHS = 1 + CLIMBS * STEPS
"""Number of paths; 0 is that of a piece of another sentence."""
RELATION = list(FEATURES).index("relation")


def paths_of(window: Window, anchors: Sequence[int]) -> Ints:
    """Return the path from each anchor to each piece, (anchors, pieces), 0 to before `PATHS`."""
    heads, relations = window.heads, window.features[:, RELATION]
    climbs = np.full((len(anchors), len(heads)), -1)
    for row, anchor in zip(climbs, anchors, strict=True):
        at, climbed = anchor, 0
        while row[at] < 0:
            row[at] = min(climbed, CLIMBS - 1)
            at, climbed = int(heads[at]), climbed + 1
    steps = np.zeros_like(climbs)
    reached = np.tile(np.arange(len(heads)), (len(anchors), 1))
    rows = np.arange(len(anchors))[:, None]
    while True:
        is_apart = climbs[rows, reached] < 0
        above = heads[reached]
        is_apart &= above != reached
        if not is_apart.any():
            break
        steps = np.where(is_apart, relations[reached], steps)
        reached = np.where(is_apart, above, reached)
    common = climbs[rows, reached]
    return np.where(common < 0, 0, 1 + common * STEPS + steps)

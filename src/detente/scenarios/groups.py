"""What the names of an event data set say of its entities: country and office.

In: names such as `Police_(Russia)`. Out: a number for the country and one for the office of each,
0 where the name tells none; forecasts count with them where a pair never met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.relations.parties import name_party
from detente.scenarios.counts import Ints

_PLACED = re.compile(r"(?P<office>.*?)[ _]*\((?P<place>[^()]+)\)")


@dataclass(slots=True, frozen=True)
class Groups:
    """The country (`homes`) and office of each entity as numbers, 0 where unknown."""

    homes: Ints
    offices: Ints


def group_entities(names: Sequence[str]) -> Groups:
    """Return the groups of entities by their names, in their order.

    A place in brackets that is no country (a party, a region) is a group of its own.
    """
    homes, offices = [], []
    for name in names:
        placed = _PLACED.fullmatch(name)
        homes.append(name_party(name) or (placed["place"] if placed else None))
        offices.append(placed["office"] if placed else None)
    return Groups(_number(homes), _number(offices))


def unknown_groups(n_entities: int) -> Groups:
    """Return the groups of entities of which no name is known."""
    return Groups(np.zeros(n_entities, np.int64), np.zeros(n_entities, np.int64))


def _number(values: Iterable[str | None]) -> Ints:
    """Return the number of each value, 1 and up in the order of appearance; 0 for none."""
    numbers: dict[str, int] = {}
    return np.array(
        [0 if value is None else numbers.setdefault(value, len(numbers) + 1) for value in values],
        dtype=np.int64,
    )

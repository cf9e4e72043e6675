"""Decayed counts of pairs of numbers, updated day by day and read by compiled code.

In: (key, item) pairs of one day after another. Out: for each pair seen, its count at several
half-lives and its last day; for each key, the list of its items. Memory grows with the number of
different pairs, never with the number of events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

NONE = -1
"""Marks the end of a list and an empty slot."""

_SPREAD = 0x9E3779B97F4A7C1
"""Odd multiplier that scatters codes over the slots (Knuth's multiplicative hashing)."""


class Table(NamedTuple):
    """The arrays behind `Counts`, as compiled code takes them.

    `slots` is an open-addressing index from code (key · n_items + item) to row; `head` and `after`
    chain the rows of a key.
    """

    n_items: int
    slots: NDArray[np.int32]
    codes: Ints
    items: Ints
    head: NDArray[np.int32]
    after: NDArray[np.int32]
    weights: Floats
    last: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _slot_of(slots: Any, codes: Any, code: int) -> int:
    """Return the slot that holds a code, or the empty slot where it belongs."""
    mask = len(slots) - 1
    place = ((code * _SPREAD) >> 20) & mask
    while slots[place] >= 0 and codes[slots[place]] != code:
        place = (place + 1) & mask
    return int(place)


@njit(cache=True, nogil=True)
def find(table: Any, key: int, item: int) -> int:
    """Return the row of a pair, or -1 where it was never seen."""
    code = np.int64(key) * table.n_items + item
    return int(table.slots[_slot_of(table.slots, table.codes, code)])


@njit(cache=True, nogil=True)
def _index(slots: Any, codes: Any, n: int) -> None:
    for row in range(n):
        slots[_slot_of(slots, codes, codes[row])] = row


@njit(cache=True, nogil=True)
def _add(table: Any, keys: Any, items: Any, day: int, n: int, rows: Any) -> int:
    """Count pairs of one day; return the number of rows, and the row of each pair in `rows`."""
    for i in range(len(keys)):
        code = np.int64(keys[i]) * table.n_items + items[i]
        slot = _slot_of(table.slots, table.codes, code)
        row = table.slots[slot]
        if row < 0:
            row = n
            n += 1
            table.slots[slot] = row
            table.codes[row] = code
            table.items[row] = items[i]
            if len(table.head):
                table.after[row] = table.head[keys[i]]
                table.head[keys[i]] = row
        table.weights[row] += np.float32(1)
        table.last[row] = day
        rows[i] = row
    return n


class Counts:
    """Counts of (key, item), each halved again and again at several speeds."""

    def __init__(
        self, n_items: int, half_lives: Sequence[float], *, n_keys: int = 0, listed: bool = False
    ) -> None:
        """Make an empty table.

        Args:
            n_items: items are numbers below this.
            half_lives: days after which an event weighs half; `math.inf` for no decay.
            n_keys: keys are numbers below this; a listed table grows with larger ones.
            listed: whether the items of a key can be listed through `head` and `after`.
        """
        self.n = 0
        self.day: int | None = None
        self.listed = listed
        self.half_lives = np.array(half_lives)
        self.table = Table(
            n_items,
            np.full(2048, NONE, np.int32),
            np.empty(1024, np.int64),
            np.empty(1024, np.int64),
            np.full(max(n_keys, 1) if listed else 0, NONE, np.int32),
            np.full(1024, NONE, np.int32),
            np.zeros((1024, len(half_lives)), np.float32),
            np.zeros(1024, np.int32),
        )

    def advance(self, day: int) -> None:
        """Let the counts decay to a day."""
        if self.day is not None and day > self.day:
            factors = 0.5 ** ((day - self.day) / self.half_lives)
            self.table.weights[: self.n] *= factors.astype(np.float32)
        self.day = day

    def add(self, keys: Ints, items: Ints, day: int) -> Ints:
        """Count the pairs of a day, which must not lie before the last; return their rows."""
        self.advance(day)
        self._reserve(self.n + len(keys), int(keys.max(initial=-1)) + 1)
        rows = np.empty(len(keys), np.int64)
        self.n = _add(self.table, keys, items, day, self.n, rows)
        return rows

    @property
    def keys(self) -> Ints:
        """The key of each row."""
        keys: Ints = self.table.codes[: self.n] // self.table.n_items
        return keys

    @property
    def items(self) -> Ints:
        """The item of each row."""
        return self.table.items[: self.n]

    @property
    def weights(self) -> Floats:
        """The counts of each row, a column a half-life."""
        return self.table.weights[: self.n]

    def _reserve(self, n_rows: int, n_keys: int) -> None:
        """Make room for rows and keys, at least doubling what is too small."""
        table = self.table
        if self.listed and n_keys > len(table.head):
            table = table._replace(head=_grow(table.head, n_keys, NONE))
        if n_rows > len(table.codes):
            table = table._replace(
                codes=_grow(table.codes, n_rows),
                items=_grow(table.items, n_rows),
                after=_grow(table.after, n_rows, NONE),
                weights=_grow(table.weights, n_rows),
                last=_grow(table.last, n_rows),
            )
        if 2 * n_rows > len(table.slots):
            size = 1 << int(2 * n_rows).bit_length()
            table = table._replace(slots=np.full(size, NONE, np.int32))
            _index(table.slots, table.codes, self.n)
        self.table = table


def _grow(array: Any, size: int, fill: int = 0) -> Any:
    """Return a longer copy of an array, filled up."""
    longer = np.full((max(size, 2 * len(array)), *array.shape[1:]), fill, array.dtype)
    longer[: len(array)] = array
    return longer

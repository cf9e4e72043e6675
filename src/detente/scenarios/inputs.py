"""The inputs of a case: intervals with a source, and values drawn from them.

In: intervals, and numbers between 0 and 1, a row an input and a column a run. Out: a value a run.
Every value of a case is such an interval, so nothing enters a run without a source.
"""

from __future__ import annotations

import numpy as np

from detente.scenarios.state import Floats
from detente.schema import Record

SOURCES = ("assumption", "table", "record")
"""What a value may rest on: `assumption: NAME`, `table: NAME YEAR`, `record: IDS`."""


class Interval(Record, frozen=True, kw_only=True):
    """What a value may be, and on what it rests.

    Attributes:
        low: least value.
        high: greatest value.
        mode: likeliest value of a triangular distribution; null for a uniform one.
        source: kind and name: `assumption: …`, `table: …` or `record: …`.
        note: why, in a sentence.
    """

    low: float
    high: float
    mode: float | None = None
    source: str
    note: str = ""

    @property
    def kind(self) -> str:
        """Return `assumption`, `table` or `record`."""
        return self.source.partition(":")[0].strip()

    def draw(self, units: Floats) -> Floats:
        """Return the values at these shares of the distribution, 0 to 1.

        Uniform between the ends, or triangular where there is a mode.
        """
        width = self.high - self.low
        if self.mode is None or width == 0:
            return self.low + width * units
        left = (self.mode - self.low) / width
        rising = self.low + width * np.sqrt(units * left)
        falling = self.high - width * np.sqrt((1 - units) * (1 - left))
        return np.where(units < left, rising, falling)


class Value(Record, frozen=True, kw_only=True):
    """One value of the state in month 0.

    Attributes:
        field: name of the field.
        names: one name an axis (`RUS`, `CHN`).
        interval: what it may be.
    """

    field: str
    names: tuple[str, ...]
    interval: Interval

    @property
    def name(self) -> str:
        """Return the name of the input, as `ties RUS CHN`."""
        return " ".join((self.field, *self.names))


Inputs = dict[str, Interval]
"""All inputs of a case by name, in the order in which they are drawn."""


def draw_inputs(inputs: Inputs, units: Floats) -> dict[str, Floats]:
    """Return the values of each input, one a run; `units` has a row an input."""
    return {
        name: interval.draw(row)
        for (name, interval), row in zip(inputs.items(), units, strict=True)
    }

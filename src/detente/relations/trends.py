"""Where a tie is going: the change of `s` from period to period, with its interval.

In: the ties of a dyad over periods. Out: one `Trend` for each dyad and context.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np

from detente.relations.periods import last_day
from detente.relations.reference import NORMAL_QUANTILE, Estimate
from detente.relations.ties import deviation_of
from detente.schema import Record, Tie


class Trend(Record, frozen=True, kw_only=True):
    """The change of a dyad's `s` a period.

    Attributes:
        a: country or organisation.
        b: the other one.
        context: `all`, or one PLOVER context.
        first: first period.
        last: last period.
        n: number of periods with a tie.
        slope: change of `s` a period.
        low: lower end of its interval.
        high: upper end of it.
        direction: `undetermined` where the interval spans zero.
    """

    a: str
    b: str
    context: str
    first: str
    last: str
    n: int
    slope: float
    low: float
    high: float
    direction: Literal["rising", "falling", "undetermined"]


def trend(ties: Sequence[Tie]) -> list[Trend]:
    """Return the change of `s` a period for each dyad and context with at least three periods.

    A line through `s` by least squares, each period weighed by the precision of its interval; the
    error grows where the periods scatter about the line by more than their intervals say (Birge
    1932). The direction is undetermined where the slope's interval holds zero. Time counts in
    days between the periods' ends, and the slope is given for the usual distance.
    """
    groups: dict[tuple[str, str, str], dict[date, Tie]] = defaultdict(dict)
    for tie in ties:
        if tie.s is not None and tie.period != "all":
            groups[tie.a, tie.b, tie.context][last_day(tie.period)] = tie
    return [
        _fit([tie for _, tie in sorted(groups[key].items(), key=lambda item: item[0])])
        for key in sorted(groups)
        if len(groups[key]) >= 3
    ]


def _fit(ties: list[Tie]) -> Trend:
    days = np.array([last_day(tie.period).toordinal() for tie in ties], dtype=float)
    time = (days - days[0]) / np.min(np.diff(days))
    s = np.array([tie.s for tie in ties], dtype=float)
    deviation = np.array([deviation_of(tie) for tie in ties])
    precision = deviation**-2.0
    offset = time - precision @ time / precision.sum()
    slope = float(precision @ (offset * s) / (precision @ offset**2))
    residual = s - precision @ s / precision.sum() - slope * offset
    scatter = max(1.0, float(precision @ residual**2) / (len(ties) - 2))
    half = NORMAL_QUANTILE * (scatter / float(precision @ offset**2)) ** 0.5
    sign = Estimate(s=slope, low=slope - half, high=slope + half).sign
    return Trend(
        a=ties[0].a,
        b=ties[0].b,
        context=ties[0].context,
        first=ties[0].period,
        last=ties[-1].period,
        n=len(ties),
        slope=slope,
        low=slope - half,
        high=slope + half,
        direction="rising" if sign == "+" else "falling" if sign == "-" else "undetermined",
    )

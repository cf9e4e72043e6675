"""Periods of a timeline: labels such as `2025-03`, their order and their last day.

Labels: a day `2025-03-05`, a week `2025-W10` (ISO 8601), a month `2025-03`, a quarter `2025-Q1`,
a year `2025`, `all`, and `../2025-03-05` for everything up to a day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from detente.errors import InputError, nearest
from detente.schema import Precision

LABELS: dict[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: "{:04}-W{:02}".format(*day.isocalendar()[:2]),
    "month": lambda day: f"{day.year:04}-{day.month:02}",
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year:04}",
}
"""How a day's label of each width is made."""

WIDTHS: dict[str, int] = {"week": 7, "month": 28, "quarter": 90, "year": 365, "decade": 3652}
"""Fewest days that a date of a precision may span; months and years are exact by their text."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(slots=True, frozen=True)
class Days:
    """The first and the last day that a date may mean."""

    first: date
    last: date

    @property
    def middle(self) -> date:
        """Return the day half-way, which stands for the whole where an age is needed."""
        return self.first + (self.last - self.first) / 2


def days_of(text: str | None, precision: Precision | None = None) -> Days | None:
    """Return the days that an ISO date, possibly partial (`2025`, `2025-02`), may mean.

    A date without a year (`--02-18`), of no known form or of no calendar gives None.
    """
    match = _PARTIAL.fullmatch(text or "")
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(first.year, month or 12, day or _last_of_month(first.year, month or 12))
    except ValueError:
        return None
    fewest = timedelta(days=WIDTHS.get(precision or "", 1) - 1)
    return Days(first, max(last, _shift(first, fewest)))


def _shift(day: date, width: timedelta) -> date:
    return day + width if width < date.max - day else date.max


def _last_of_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def label_of(days: Days, width: str) -> str | None:
    """Return the label of the period of this width that holds all the days, or None."""
    first = LABELS[width](days.first)
    return first if first == LABELS[width](days.last) else None


def last_day(label: str) -> date:
    """Return the last day of a calendar period from its label.

    Raises:
        InputError: the label is not that of a day, week, month, quarter or year.
    """
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", label):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return _shift(monday, timedelta(days=6))
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", label):
            month = 3 * int(match[2])
            return date(int(match[1]), month, _last_of_month(int(match[1]), month))
    except ValueError as err:
        raise InputError(f"period {label!r} is in no calendar") from err
    days = days_of(label.removeprefix("../"))
    if days is None:
        raise InputError(
            f"period {label!r} is not a day, week, month, quarter or year such as 2025-03"
        )
    return days.last


def check_period(period: str) -> None:
    """Check that a period is a width, `all`, or a full date.

    Raises:
        InputError: it is none of these; the message names what is allowed.
    """
    allowed = [*LABELS, "all"]
    if period in allowed:
        return
    days = days_of(period)
    if days is None or days.first != days.last:
        raise InputError(
            f"period {period!r} is none of {', '.join(allowed)}, nor a date such as 2025-03-05"
            f"{nearest(period, allowed)}"
        )

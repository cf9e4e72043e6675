"""What a growing offer does where M1, M4 and M6 act together: it warms long before anything breaks.

The values are those of a shipped case, parameters are drawn from their whole intervals, and there
is no chance movement and no other mechanism. Ten years are longer than anything asked elsewhere;
in two hardly a run breaks, whatever is offered.
"""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pytest

from detente.scenarios.cases import read_case
from detente.scenarios.inputs import Interval
from detente.scenarios.mechanisms import MECHANISMS
from detente.scenarios.paths import Sample, trace_paths
from detente.scenarios.state import LOOSENING, Floats, broken_by

OFFERS = (0.0, 0.25, 0.5, 0.75, 1.0)
TOGETHER = ("M1", "M4", "M6")
MONTHS, RUNS, NEVER = 120, 600, 1000


@cache
def trace(offer: float, names: tuple[str, ...] = TOGETHER) -> tuple[Floats, Floats]:
    """Return the tie with the divider and the old tie, by month and run, under a lasting offer."""
    case = read_case("us-russia-alliance")
    fixed = Interval(low=offer, high=offer, source="assumption: offer")
    case = msgspec.structs.replace(
        case,
        months=MONTHS,
        moves=(),
        noise=Interval(low=0.0, high=0.0, source="assumption: no chance"),
        mechanisms=tuple(use for use in case.mechanisms if use.name in names),
        values=tuple(
            msgspec.structs.replace(one, interval=fixed) if one.name == "offers USA RUS" else one
            for one in case.values
        ),
    )
    ties = [("ties", "USA", "RUS"), ("ties", "RUS", "CHN")]
    # By name, so that a mechanism left out does not change what the others draw.
    rows = [np.random.default_rng([1, *name.encode()]).random(RUNS) for name in case.inputs()]
    series = trace_paths(case, Sample(np.array(rows), 1), ties, MECHANISMS).series
    return series[ties[0]], series[ties[1]]


def warm_month(offer: float) -> Floats:
    tie, _ = trace(offer)
    return first_month(tie - tie[0] >= LOOSENING)


def break_month(offer: float, names: tuple[str, ...] = TOGETHER) -> Floats:
    _, old = trace(offer, names)
    return first_month(broken_by(old, old[0]) >= 0)


def first_month(happens: Floats) -> Floats:
    """Return the month in which something first holds in each run, `NEVER` where it never does."""
    return np.where(happens.any(axis=0), happens.argmax(axis=0), NEVER)


def test_each_rise_of_the_offer_warms_more_and_sooner() -> None:
    shares = [(warm_month(offer) < NEVER).mean() for offer in OFFERS]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[1] > 0.5
    assert np.median(warm_month(1.0)) < np.median(warm_month(0.5))


@pytest.mark.parametrize("offer", OFFERS[1:])
def test_warming_is_common_where_a_break_is_rare(offer: float) -> None:
    warm, broken = (warm_month(offer) < NEVER).mean(), (break_month(offer) < NEVER).mean()
    assert warm > 4 * broken
    assert (break_month(offer) <= 24).mean() < 0.01


def test_where_the_old_tie_breaks_the_new_one_was_warm_years_before() -> None:
    warm, broken = warm_month(1.0), break_month(1.0)
    breaks = broken < NEVER
    assert breaks.sum() > 40
    assert (warm < broken)[breaks].mean() > 0.9
    assert np.median((broken - warm)[breaks]) > 24


def test_a_smaller_offer_suffices_to_warm_than_to_break() -> None:
    def least(months: list[Floats]) -> Floats:
        return first_month(np.stack(months) < NEVER)

    to_warm = least([warm_month(offer) for offer in OFFERS])
    to_break = least([break_month(offer) for offer in OFFERS])
    both = to_break < NEVER
    assert (to_warm <= to_break)[both].mean() > 0.9
    assert np.median(to_warm[both]) < np.median(to_break[both])


def test_need_and_distrust_hold_the_old_tie() -> None:
    """M4 sets a price on the turn and M6 keeps trust where the record has it: fewer breaks."""
    together, alone = (break_month(1.0, names) < NEVER for names in (TOGETHER, ("M1",)))
    assert alone.mean() > together.mean()
    without_price = break_month(1.0, ("M1", "M6")) < NEVER
    assert without_price.mean() > together.mean()

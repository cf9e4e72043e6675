"""Linked issues: packages in which every needed party gains, though it gives way somewhere.

In: the stakes of `Party`s in several issues, who has a seat, and whose consent is needed. Out: the
outcome issue by issue, the packages that those who are needed all prefer to it, and who else gains
or pays (Tollison & Willett 1979; Sebenius 1983). With ideal x, salience s, outcome o, o° where the
issues are settled one by one, and R the range of an issue:

    gain of i  =  sum_k s_ik (|x_ik - o°_k| - |x_ik - o_k|) / R_k

Packages are looked for on a grid, so the list is complete for its points; the best is that of the
largest product of the needed parties' gains (Nash 1950), the issue-by-issue outcome being what they
fall back on. `packages.py` does the search, also for many runs at once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from detente.errors import InputError, nearest
from detente.scenarios.bargaining import Player, bargain, seats_of
from detente.scenarios.challenges import Floats, Reading
from detente.scenarios.packages import (
    LEAST_GAIN,
    combine_gains,
    lay_grid,
    pick_undominated,
    scale_gains,
    score_packages,
)
from detente.schema import Record


class Stake(Record, frozen=True, kw_only=True):
    """What an issue is to a party.

    Attributes:
        position: the outcome that it wants.
        salience: how much it cares, 0 to 1, comparable between issues.
        capability: means that it can bring to bear on this issue, 0 or more.
    """

    position: float
    salience: float
    capability: float = 1.0


class Party(Record, frozen=True, kw_only=True):
    """Somebody with stakes in several issues.

    Attributes:
        name: id of the actor.
        stakes: by issue; an issue that is left out does not matter to it, and it has no say in it.
    """

    name: str
    stakes: dict[str, Stake]


class Package(Record, frozen=True, kw_only=True):
    """One outcome of all issues together, against the issue-by-issue outcome.

    Attributes:
        outcomes: by issue.
        gains: net gain of each party.
        gains_by_issue: the same by party and issue.
        winners: parties whose net gain is above 0.
        payers: parties that lose net, the largest loss first; never one that is needed.
        product: the product of the needed parties' gains.
    """

    outcomes: dict[str, float]
    gains: dict[str, float]
    gains_by_issue: dict[str, dict[str, float]]
    winners: tuple[str, ...]
    payers: tuple[str, ...]
    product: float


class Linkage(Record, frozen=True, kw_only=True):
    """What linking issues can bring.

    Attributes:
        issues: the linked issues.
        needed: the parties whose consent a package needs.
        baseline: the issue-by-issue outcome.
        packages: those that no other package on the grid beats for all needed parties, by product
            of gains, the best first.
        n_examined: points of the grid.
        n_feasible: those of them that all needed parties accept.
    """

    issues: tuple[str, ...]
    needed: tuple[str, ...]
    baseline: dict[str, float]
    packages: tuple[Package, ...]
    n_examined: int
    n_feasible: int


def find_packages(
    issues: Sequence[str],
    parties: Sequence[Party],
    *,
    needed: Collection[str] | None = None,
    seats: Collection[str] | None = None,
    baseline: Mapping[str, float] | None = None,
    linked: bool = True,
    steps: int = 11,
    limit: int = 5,
) -> Linkage:
    """Return the packages over `issues` that all needed parties prefer to the single outcomes.

    Args:
        issues: names of the issues to link, at least two.
        parties: everybody with a stake, seated or not.
        needed: whose consent a package needs; everybody with a seat when left out.
        seats: who has a seat where the issues are settled one by one; all when left out.
        baseline: the issue-by-issue outcome; `settle_issues` when left out.
        linked: only packages in which every needed party also loses on some issue; else also those
            in which one gives nothing.
        steps: points of the grid on each issue, besides the baseline and the needed ideals; a
            coarse grid misses packages that leave little room (`consent.py` finds them all).
        limit: packages to return at most.

    Raises:
        InputError: a name is double or unknown, a value out of range, or the grid too large.
    """
    check_parties(issues, parties)
    names = [party.name for party in parties]
    seated = seats_of(names, seats)
    wanted = seats_of(names, seated if needed is None else needed)
    start = dict(baseline) if baseline else settle_issues(issues, parties, seats=seated)
    for issue in issues:
        if not math.isfinite(start.get(issue, math.nan)):
            raise InputError(f"the baseline has no finite outcome for issue {issue!r}; give one")
    before = np.array([[start[issue] for issue in issues]])
    ideals, saliences = _tabulate(issues, parties, start)
    columns = [names.index(name) for name in wanted]
    points = lay_grid(ideals[:, columns], before, steps)
    scaled = scale_gains(ideals, saliences, before, points)
    score = score_packages(scaled[:, columns], linked)[0]
    totals = np.stack([combine_gains(scaled[:, column])[0] for column in columns])
    chosen = pick_undominated(totals, score, limit)
    return Linkage(
        issues=tuple(issues),
        needed=wanted,
        baseline={issue: start[issue] for issue in issues},
        packages=tuple(
            _describe(point, issues, names, points[0], scaled[0], float(score[point]))
            for point in chosen
        ),
        n_examined=score.size,
        n_feasible=int((score > 0).sum()),
    )


def settle_issues(
    issues: Sequence[str],
    parties: Sequence[Party],
    *,
    seats: Collection[str] | None = None,
    rounds: int = 10,
    reading: Reading = "nearest",
) -> dict[str, float]:
    """Return the outcome of each issue where each is bargained over by itself.

    Args:
        issues: names of the issues.
        parties: everybody with a stake, seated or not.
        seats: who has a seat; all when left out.
        rounds: as in `bargain`.
        reading: as in `bargain`; here the one that does not depend on which end is called high.

    Raises:
        InputError: as `bargain`; also where nobody with a seat has a stake in an issue.
    """
    seated = seats_of([party.name for party in parties], seats)
    outcomes = {}
    for issue in issues:
        players = [
            Player(
                name=party.name,
                capability=party.stakes[issue].capability,
                salience=party.stakes[issue].salience,
                position=party.stakes[issue].position,
            )
            for party in parties
            if issue in party.stakes
        ]
        present = [player.name for player in players if player.name in seated]
        if not present:
            raise InputError(f"nobody with a seat has a stake in issue {issue!r}; seat one")
        outcomes[issue] = bargain(players, seats=present, rounds=rounds, reading=reading).forecast
    return outcomes


def check_parties(issues: Sequence[str], parties: Sequence[Party]) -> None:
    """Check that there are issues and parties to link, with values in range.

    Raises:
        InputError: names the party, the issue, the value and what is allowed.
    """
    if len(set(issues)) != len(issues) or len(issues) < 2:
        raise InputError(f"issues {', '.join(issues)}: give two or more, each once")
    names = [party.name for party in parties]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"party {name!r} is named twice; name each once")
    for party in parties:
        for issue, stake in party.stakes.items():
            place = f"{party.name}, {issue}"
            if not math.isfinite(stake.position):
                raise InputError(f"{place}: position {stake.position} is not a finite number")
            if not 0 <= stake.salience <= 1:
                raise InputError(f"{place}: salience {stake.salience} is outside 0..1")
            if not 0 <= stake.capability < math.inf:
                raise InputError(f"{place}: capability {stake.capability} is not 0 or more")
    known = {issue for party in parties for issue in party.stakes}
    for issue in issues:
        if issue not in known:
            raise InputError(
                f"no party has a stake in issue {issue!r}; known: {', '.join(sorted(known))}"
                f"{nearest(issue, known)}"
            )


def _tabulate(
    issues: Sequence[str], parties: Sequence[Party], fill: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """Return ideals and saliences by run (one), party and issue; without a stake `fill` and 0."""
    ideals, saliences = np.zeros((2, 1, len(parties), len(issues)))
    for row, party in enumerate(parties):
        for column, issue in enumerate(issues):
            stake = party.stakes.get(issue)
            ideals[0, row, column] = stake.position if stake else fill[issue]
            saliences[0, row, column] = stake.salience if stake else 0.0
    return ideals, saliences


def _describe(
    point: int,
    issues: Sequence[str],
    names: Sequence[str],
    points: Floats,
    scaled: Floats,
    product: float,
) -> Package:
    """Return one package; `points` by issue and point, `scaled` by party, issue and point."""
    place = np.unravel_index(point, (points.shape[1],) * len(issues))
    each = scaled[:, np.arange(len(issues)), place]
    gains = dict(zip(names, each.sum(axis=1).tolist(), strict=True))
    return Package(
        outcomes={issue: float(points[row, place[row]]) for row, issue in enumerate(issues)},
        gains=gains,
        gains_by_issue={
            name: dict(zip(issues, row, strict=True))
            for name, row in zip(names, each.tolist(), strict=True)
        },
        winners=tuple(name for name in names if gains[name] > LEAST_GAIN),
        payers=tuple(
            sorted((name for name in names if gains[name] < -LEAST_GAIN), key=gains.__getitem__)
        ),
        product=product,
    )

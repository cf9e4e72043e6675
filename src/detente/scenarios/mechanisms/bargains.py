"""How several files are settled: all as one, or one for another.

Mechanisms M7 and M8. They use the bargaining of `consent.py` and `exchange.py`; one file that two
haggle over stands in `haggling.py`, who is left out in `exclusion.py`. M8 is the special case of M7
with two parties and two issues: a case uses one of them for the same files, not both.
"""

from __future__ import annotations

import numpy as np

from detente.scenarios.challenges import Flags, Integers
from detente.scenarios.consent import best_for_least
from detente.scenarios.exchange import TRADED, Trades, trade_issues
from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.mechanisms.stakes import Stakes, gains_of, settle_alone, stakes_of
from detente.scenarios.packages import LEAST_GAIN
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

REDRAFT = 0.02
"""A package is drafted anew at once where an issue by itself would end this far from before."""

ROUND = 6
"""Months of a round of talks, after which a package is drafted anew in any case."""


@mechanism(
    id="M7",
    title="Bundling all deals",
    family="bargains",
    model="issue linkage; egalitarian bargaining over packages",
    reference="Tollison & Willett 1979; Sebenius 1983; Kalai 1977; Putnam 1988",
    roles=(
        Role("broker", note="who ties the files together"),
        Role("needed", many=True, note="whose consent the package needs"),
        Role("parties", many=True, note="who has a stake, asked or not"),
        Role("issues", axis="issue", many=True, note="the files"),
    ),
    parameters=(
        Parameter("pace", 0.0, 0.2, "chance a month", "signing, when all are eager"),
        Parameter("ease", 0.05, 0.3, "gain", "net gain at which a party is eager", least=0.01),
        Parameter("home", 0.0, 1.0, "share", "added weight of a loss at full opposition at home"),
        Parameter("doubt", 0.0, 0.5, "share", "share of a gain that full distrust takes", most=1.0),
        Parameter("warming", 0.0, 0.06, "tie a month", "what a shared gain of 1 adds to a tie"),
        Parameter("resentment", 0.0, 0.06, "tie a month", "what a loss of 1 takes from a tie"),
    ),
    gauges=(
        Gauge("linked", 0.0, 1.0, note="1 once the files are tied together, which a move does"),
        Gauge("alone", -1.0, 1.0, -1.0, ("issue",), "outcome by itself at the draft; -1 no draft"),
        Gauge("package", 0.0, 1.0, 0.0, ("issue",), "outcome in the package; by itself if none"),
        Gauge("room", 0.0, 1.0, note="1 where interests alone leave room for a package"),
        Gauge("signed", 0.0, 1.0, note="1 while the package is in force"),
    ),
    findings=("found", "least gain", "gain {actor}", "net gain {actor}"),
)
def bundle(state: State, use: Use, rng: np.random.Generator) -> Change:
    """All files are settled as one, if every needed party gains by it more than it gives.

    With ideal x, salience w, range R, the outcomes o° of the issues one by one (weighted means of
    the seated) and o of the package:

        gain     G_i = Σ_k w_ik (|x_ik - o°_k| - |x_ik - o_k|) / R_k  = won_i - given_i
        net gain N_i = won_i (1 - doubt (1 - p_i)) - given_i (1 + home · opposition_i)
        package  o   = argmax min_needed N_i (`consent.best_for_least`)
        P(sign)      = pace · linked · clip(min_needed N_i / ease, 0, 1) a month
        Δs_ij = warming max(0, min(G_i, G_j)) (1 - s) / 2, of two needed ones
        Δs_kb = -resentment max(0, -G_k) (1 + s) / 2, of who is not needed and the broker b

    p_i is the mean trust of i in the other needed ones; a package holds each file hostage to the
    others, so distrust counts less than in a tacit swap (M8). A signed package lapses once a
    needed party's net gain is below 0. Who is not asked may pay: `gain` below 0. It is drafted
    anew each round of talks, and at once where the outcomes one by one have moved. `room` is 1
    where interests alone, without doubt and home, allow one. In salience times share of the range.
    Tollison & Willett 1979, Sebenius 1983, International Organization 33(4) and 37(2); all gain
    alike as in Kalai (1977, Econometrica 45(7)); losses at home as in Putnam (1988, International
    Organization 42(3)).
    """
    needed, issues = use.all("needed"), list(use.all("issues"))
    parties = list(dict.fromkeys((*needed, use.one("broker"), *use.all("parties"))))
    stakes = stakes_of(state, parties, issues)
    signed = state.array(use.gauge("signed"))
    now = settle_alone(stakes)
    won, given = _weigh(state, use, parties)
    package, drafts = _draft(state, use, stakes, now, won.T, given.T)
    each = gains_of(stakes, now, package)
    gains = each.sum(axis=2).T
    net = won * np.maximum(each, 0).sum(axis=2).T - given * np.maximum(-each, 0).sum(axis=2).T
    least = net[: len(needed)].min(axis=0)
    chance = use["pace"] * state.array(use.gauge("linked")) * np.clip(least / use["ease"], 0, 1)
    signs = (signed == 0) & (rng.random(state.runs) < chance)
    lapses = (signed > 0) & (least < 0)
    return Change(
        shifts=(
            *drafts,
            Shift(use.gauge("signed"), (), signs - signed * lapses, "all needed gain, or no more"),
            *_feelings(state, use, parties, gains * signed, len(needed)),
        ),
        findings={
            "found": (net[: len(needed)] > LEAST_GAIN).all(axis=0).astype(float),
            "least gain": least,
            **by_actor("gain", use, parties, gains),
            **by_actor("net gain", use, parties, net),
        },
    )


def _draft(
    state: State, use: Use, stakes: Stakes, now: Floats, won: Floats, given: Floats
) -> tuple[Floats, list[Shift]]:
    """Return the outcomes of the package by run and issue, and the shifts that keep the draft."""
    issues = list(use.all("issues"))
    gauges = {name: state.array(use.gauge(name)) for name in ("alone", "package", "room", "signed")}
    alone, package = gauges["alone"][issues].T.copy(), gauges["package"][issues].T.copy()
    room = gauges["room"].copy()
    moved = np.abs(now - alone).max(axis=1) > REDRAFT
    stale = (gauges["signed"] == 0) & (moved | (state.month % ROUND == 0))
    if stale.any():
        board = stakes.positions[stale], stakes.saliences[stale], now[stale]
        needed = range(len(use.all("needed")))
        found = best_for_least(*board, needed=needed, won=won[stale], given=given[stale])
        room[stale] = best_for_least(*board, needed=needed).found
        alone[stale], package[stale] = now[stale], found.outcomes
    shifts = [Shift(use.gauge("room"), (), room - gauges["room"], "what their interests allow")]
    for name, values in (("alone", alone), ("package", package)):
        amount = np.zeros_like(gauges[name])
        amount[issues] = values.T - gauges[name][issues]
        shifts.append(Shift(use.gauge(name), (), amount, "the package is drafted"))
    return package, shifts


def _weigh(state: State, use: Use, parties: list[int]) -> tuple[Floats, Floats]:
    """Return how much each party counts what it wins and what it gives, by party and run."""
    needed = list(use.all("needed"))
    trusted = np.array(
        [
            state.trust[one, [other for other in needed if other != one] or [one]].mean(axis=0)
            for one in parties
        ]
    )
    return 1 - use["doubt"] * (1 - trusted), 1 + use["home"] * state.opposition[parties]


def _feelings(
    state: State, use: Use, parties: list[int], gains: Floats, n_needed: int
) -> list[Shift]:
    """Return what a package in force does to ties: of those who share it, and of who pays."""
    broker, shifts = use.one("broker"), []
    for row, one in enumerate(parties[:n_needed]):
        for column, other in enumerate(parties[:row]):
            shared = np.maximum(np.minimum(gains[row], gains[column]), 0)
            warmer = use["warming"] * shared * (1 - state.ties[one, other]) / 2
            shifts.append(Shift("ties", (one, other), warmer, "both gain by the package"))
    for row, one in enumerate(parties[n_needed:], n_needed):
        if one != broker:
            lost = np.maximum(-gains[row], 0)
            cooler = -use["resentment"] * lost * (1 + state.ties[one, broker]) / 2
            shifts.append(Shift("ties", (one, broker), cooler, "pays for a package of others"))
    return shifts


@mechanism(
    id="M8",
    title="Swap across theatres",
    family="bargains",
    model="exchange of positions with external costs; tacit bargaining",
    reference="Stokman & van Oosten 1994; Riker & Brams 1973; Schelling 1960",
    roles=(
        Role("first", note="who swaps"),
        Role("second", note="with whom"),
        Role("here", axis="issue", note="one file"),
        Role("there", axis="issue", note="the other, in another theatre"),
        Role("parties", many=True, note="who else has a stake"),
    ),
    parameters=(
        Parameter("pace", 0.0, 0.3, "share a month", "how fast each follows the other"),
        Parameter("sharpness", 1.0, 4.0, "exponent", "how surely the better choice is made"),
        Parameter("warming", 0.0, 0.06, "tie a month", "what a gain of 1 adds to the traders' tie"),
        Parameter("resentment", 0.0, 0.15, "tie a month", "what a loss of 1 takes from a tie"),
    ),
    gauges=(
        Gauge("level", 0.0, 1.0, note="how far the swap is carried out"),
        Gauge("shift", -1.0, 1.0, 0.0, ("issue",), "how far it has moved an outcome"),
    ),
    findings=("possible", "rate", "will {actor}", "gain {actor}", "externality"),
)
def swap(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Each gives way where it cares less, tacitly; third parties bear it unasked.

    The trade is that of `exchange.trade_issues`: rate (w_ia + w_ja) / (w_ib + w_jb), in shares of
    the issues' ranges, so that both gain alike. Nothing is signed, so each weighs what it hopes to
    get, b, by its trust, against what it gives, l; the less willing sets the level λ:

        will_i = (p_ij b_i)^n / ((p_ij b_i)^n + l_i^n),   n = sharpness
        Δλ     = pace (min(will_i, will_j) · possible - λ)
        Δs_ij  = warming λ g (1 - s) / 2
        Δs_kg  = -resentment λ loss_k (1 + s) / 2,   g the one who gave way on the file k lost on

    `rate`: how far the file on which the second gives way moves for a move by one range of the
    other; 0 without a trade. `externality` is the summed gain of the others, times λ. Stokman & van
    Oosten 1994; Riker & Brams 1973, APSR 67(4), on costs to third parties; Schelling 1960, The
    Strategy of Conflict, on tacit bargains.
    """
    first, second = use.one("first"), use.one("second")
    issues = [use.one("here"), use.one("there")]
    parties = list(dict.fromkeys((first, second, *use.all("parties"))))
    stakes = stakes_of(state, parties, issues)
    trade, possible = _trade(stakes)
    each = gains_of(stakes, trade.before, trade.after) * possible[:, None, None]
    gains = each.sum(axis=2).T
    wills = np.array(
        [
            _will(use["sharpness"], state.trust[one, other], each[:, row])
            for row, (one, other) in enumerate(((first, second), (second, first)))
        ]
    )
    level = state.array(use.gauge("level"))
    pursued = use["pace"] * (wills.min(axis=0) * possible - level)
    moved = (level + pursued) * (trade.after - trade.before).T * possible
    warmer = use["warming"] * level * np.maximum(gains[:2].min(axis=0), 0)
    kept = state.array(use.gauge("shift"))
    return Change(
        shifts=(
            Shift(use.gauge("level"), (), pursued, "each follows the other as far as it trusts it"),
            *(
                Shift(use.gauge("shift"), (issue,), moved[row] - kept[issue], "swapped")
                for row, issue in enumerate(issues)
            ),
            Shift(
                "ties",
                (first, second),
                warmer * (1 - state.ties[first, second]) / 2,
                "both gain by the swap",
            ),
            *_blame(state, use, parties, each * level[:, None, None], trade.gives),
        ),
        findings={
            "possible": possible.astype(float),
            "rate": np.where(possible, np.nan_to_num(trade.rate), 0.0),
            "externality": level * gains[2:].sum(axis=0),
            **by_actor("will", use, parties[:2], wills),
            **by_actor("gain", use, parties, gains),
        },
    )


def _trade(stakes: Stakes) -> tuple[Trades, Flags]:
    """Return the trade of the first two parties, and where it is possible.

    A run in which nobody at a table has weight has no outcome to trade; equal stand-ins take its
    place in the arrays.
    """
    means = stakes.means * stakes.seats
    held = ((stakes.saliences * means).sum(axis=1) > 0).all(axis=1)
    there = held[:, None, None]
    trade = trade_issues(
        stakes.positions, np.where(there, stakes.saliences, 1.0), np.where(there, means, 1.0)
    )
    return trade, held & (trade.hindrance == TRADED)


def _will(sharpness: Floats, trust: Floats, gains: Floats) -> Floats:
    """Return how willing a trader is, given its gains by run and issue; 0 where it has none."""
    hoped = (trust * np.maximum(gains, 0).sum(axis=1)) ** sharpness
    given = np.maximum(-gains, 0).sum(axis=1) ** sharpness
    return np.asarray(hoped / np.where(hoped + given > 0, hoped + given, 1.0))


def _blame(
    state: State,
    use: Use,
    parties: list[int],
    each: Floats,
    gives: Integers,
) -> list[Shift]:
    """Return what third parties hold against whoever gave way at their cost."""
    shifts = []
    for row, one in enumerate(parties[2:], 2):
        for trader, giver in enumerate(parties[:2]):
            file = gives if trader == 0 else 1 - gives
            lost = np.maximum(-np.take_along_axis(each[:, row], file[:, None], axis=1)[:, 0], 0)
            cooler = -use["resentment"] * lost * (1 + state.ties[one, giver]) / 2
            shifts.append(Shift("ties", (one, giver), cooler, "it gave way at the other's cost"))
    return shifts

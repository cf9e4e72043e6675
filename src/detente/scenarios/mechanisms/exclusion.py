"""Who is left out of the room, what it costs them, and what they do: mechanism M10."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.mechanisms.stakes import Stakes, settle_alone, stakes_of
from detente.scenarios.state import Change, Floats, Gauge, Shift, State


@mechanism(
    id="M10",
    title="Left out of the room",
    family="exclusion",
    model="group decision with and without seats; spoilers",
    reference="Bueno de Mesquita 1997; Sebenius 1983; Stedman 1997",
    roles=(
        Role("convener", note="who decides who sits, and is blamed for it"),
        Role("parties", many=True, note="who has a stake"),
        Role("spoilers", many=True, note="who could undo a settlement on the ground"),
        Role("issues", axis="issue", many=True, note="what is settled at this table"),
    ),
    parameters=(
        Parameter("threshold", 0.0, 0.2, "cost", "cost that is borne in silence"),
        Parameter(
            "protest", 0.0, 0.1, "tie a month", "what a cost of 1 beyond it takes from a tie"
        ),
        Parameter("ranks", 0.0, 0.1, "tie a month", "what one shared by two adds to their tie"),
        Parameter("spoiling", 0.0, 0.3, "chance a month", "of spoiling, a cost of 1 beyond it"),
        Parameter("blame", 0.0, 0.2, "tie", "what an act of spoiling takes from the tie"),
    ),
    gauges=(
        Gauge("outcome", 0.0, 1.0, 0.5, ("issue",), "settlement by who sits; 0.5 before month 1"),
        Gauge(
            "moved", -1.0, 1.0, 0.0, ("actor", "issue"), "how much farther off without the left-out"
        ),
        Gauge("spoiled", 0.0, 1.0, note="1 while a party left out has undone the settlement"),
    ),
    findings=("cost {actor}", "say lost {actor}", "reacts {actor}", "pays most {actor}"),
)
def left_out(state: State, use: Use, rng: np.random.Generator) -> Change:
    """What is settled is the mean of who sits; who does not, and pays, protests or spoils.

    With position x, salience w, capability c, seat q, for each issue m:

        outcome  o_m = Σ q c w x / Σ q c w over who sits,   o*_m the same over all
        moved    μ_im = |x_im - o_m| - |x_im - o*_m|
        cost     C_i = Σ_m (1 - q_im) w_im max(0, μ_im),    excess E_i = max(0, C_i - threshold)
        Δs_i,convener = -protest E_i (1 + s) / 2
        Δs_ij = ranks min(E_i, E_j) (1 - s) / 2, of two who want the outcome on the same side
        P(i spoils) = spoiling E_i a month; then Δs_i,convener = -blame

    The mean stands for the group decision before any offers (`docs/methods/bargaining.md`: rounds
    of offers can move the median towards an absent party, the mean never moves towards the only
    one). `say lost` is what i's own seat alone would bring it, Σ_m (1 - q) w (|x - o| - |x - o+i|),
    never below 0. A spoiled settlement stays so until no spoiler has an excess left. Costs in
    salience times the issue's scale of 0 to 1. Bueno de Mesquita 1997, International Interactions
    23; Sebenius 1983, International Organization 37(2), on removing parties; Stedman 1997,
    International Security 22(2).
    """
    convener, issues = use.one("convener"), list(use.all("issues"))
    parties = list(dict.fromkeys((*use.all("parties"), *use.all("spoilers"))))
    stakes = stakes_of(state, parties, issues)
    outcome, full = settle_alone(stakes), settle_alone(stakes, np.ones_like(stakes.seats))
    away = np.abs(stakes.positions - outcome[:, None])
    moved = away - np.abs(stakes.positions - full[:, None])
    absent = (1 - stakes.seats) * stakes.saliences
    cost = (absent * np.maximum(moved, 0)).sum(axis=2).T
    say = (absent * (away - _distance_if_seated(stakes))).sum(axis=2).T
    most = (cost > 0) & (cost == cost.max(axis=0))
    excess = np.maximum(cost - use["threshold"], 0)
    excess[[row for row, one in enumerate(parties) if one == convener]] = 0.0
    spoils, acts = _spoil(state, use, parties, excess, rng)
    return Change(
        shifts=(
            *_keep(state, use, parties, outcome, moved),
            *_protests(state, use, parties, excess),
            *_ranks(state, use, parties, excess, _sides(stakes, outcome, absent)),
            *spoils,
            *acts,
        ),
        findings={
            **by_actor("cost", use, parties, cost),
            **by_actor("say lost", use, parties, say),
            **by_actor("reacts", use, parties, (excess > 0).astype(float)),
            **by_actor("pays most", use, parties, most.astype(float)),
        },
    )


def _distance_if_seated(stakes: Stakes) -> Floats:
    """Return how far the outcome would be from each party if it had a seat too."""
    distances = np.empty_like(stakes.positions)
    for row in range(stakes.positions.shape[1]):
        seats = stakes.seats.copy()
        seats[:, row] = 1.0
        with_it = settle_alone(stakes, seats)
        distances[:, row] = np.abs(stakes.positions[:, row] - with_it)
    return distances


def _sides(stakes: Stakes, outcome: Floats, absent: Floats) -> Floats:
    """Return to which side of the outcome each absent party wants it, weighted, by issue."""
    return absent * (stakes.positions - outcome[:, None])


def _keep(
    state: State, use: Use, parties: list[int], outcome: Floats, moved: Floats
) -> tuple[Shift, Shift]:
    issues = list(use.all("issues"))
    settled, kept = state.array(use.gauge("outcome")), state.array(use.gauge("moved"))
    change, farther = np.zeros_like(settled), np.zeros_like(kept)
    places = np.ix_(parties, issues)
    change[issues] = outcome.T - settled[issues]
    farther[places] = np.moveaxis(moved, 0, -1) - kept[places]
    return (
        Shift(use.gauge("outcome"), (), change, "settled among those who sit"),
        Shift(use.gauge("moved"), (), farther, "settled without those who do not"),
    )


def _protests(state: State, use: Use, parties: list[int], excess: Floats) -> list[Shift]:
    convener = use.one("convener")
    return [
        Shift(
            "ties",
            (one, convener),
            -use["protest"] * excess[row] * (1 + state.ties[one, convener]) / 2,
            "left out, and pays for it",
        )
        for row, one in enumerate(parties)
        if one != convener and excess[row].any()
    ]


def _ranks(
    state: State, use: Use, parties: list[int], excess: Floats, sides: Floats
) -> list[Shift]:
    shifts = []
    for row, column in combinations(range(len(parties)), 2):
        one, other = parties[row], parties[column]
        agree = (sides[:, row] * sides[:, column]).sum(axis=1) > 0
        shared = np.minimum(excess[row], excess[column]) * agree
        if not shared.any():
            continue
        closer = use["ranks"] * shared * (1 - state.ties[one, other]) / 2
        shifts.append(Shift("ties", (one, other), closer, "left out together"))
    return shifts


def _spoil(
    state: State, use: Use, parties: list[int], excess: Floats, rng: np.random.Generator
) -> tuple[list[Shift], list[Shift]]:
    """Return whether the settlement is undone, or can be made again, and what the acts cost."""
    convener, spoiled = use.one("convener"), state.array(use.gauge("spoiled"))
    rows = [parties.index(one) for one in use.all("spoilers")]
    drawn = rng.random((len(rows), state.runs))
    acts = (drawn < use["spoiling"] * excess[rows]) & (spoiled == 0)
    mends = (spoiled > 0) & (excess[rows].sum(axis=0) == 0)
    change = acts.any(axis=0).astype(float) - spoiled * mends
    return (
        [Shift(use.gauge("spoiled"), (), change, "a party left out undoes what others settle")],
        [
            Shift("ties", (parties[row], convener), -use["blame"] * act, "blamed for spoiling")
            for row, act in zip(rows, acts, strict=True)
            if parties[row] != convener
        ],
    )

"""What a neglected ally does: it turns elsewhere, or it buys back its patron's favour.

Mechanism M12. It moves the ally's two ties; see the package's docstring for units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, mechanism
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

_MANY_STEPS = 1000.0
"""More steps than months; a gauge needs an end."""


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What the ally weighs, and with which chance it then chooses, one number a run.

    Attributes:
        neglect: 0 where the patron is close and slights nobody, 1 where it is lost.
        fear: of abandonment: neglect of one who needs the patron.
        hedging: chance that a step, if one is taken, goes to the suitor.
        favour: chance that it goes to please the patron; the rest is that none is worth it.
    """

    neglect: Floats
    fear: Floats
    hedging: Floats
    favour: Floats


def _weigh(state: State, use: Use) -> _Choice:
    """Return what the ally makes of its place: a logit over hedging, favour and neither."""
    a, p, s = use.one("ally"), use.one("patron"), use.one("suitor")
    need = state.dependence[a, p]
    neglect = 1 - (1 - state.array(use.gauge("slight"))) * (1 + state.ties[a, p]) / 2
    fear = neglect * need
    feud = np.maximum(state.ties[a, s] - state.ties[p, s], 0.0) / 2
    values = np.stack(
        (
            state.trust[a, s] * state.offers[s, a]
            + neglect * (1 - need) * (1 + state.ties[a, s]) / 2
            + use["entrapment"] * (1 - neglect) * feud,
            use["abandonment"] * fear,
            use["inertia"],
        )
    )
    weights = np.exp((values - values.max(axis=0)) / use["softness"])
    hedging, favour, _ = weights / weights.sum(axis=0)
    return _Choice(neglect, fear, hedging, favour)


@mechanism(
    id="M12",
    title="Rift as opening, and a misfire",
    family="alliances",
    model="alliance security dilemma: abandonment and entrapment",
    reference="Snyder 1984; McKelvey & Palfrey 1995",
    roles=(
        Role("ally", note="who is slighted"),
        Role("patron", note="by whom"),
        Role("suitor", note="to whom it could turn instead"),
    ),
    parameters=(
        Parameter("abandonment", 0.0, 3.0, "weight", "weight of losing all that it needs"),
        Parameter("entrapment", 0.0, 1.0, "weight", "weight of being drawn into a feud"),
        Parameter("inertia", 0.0, 0.5, "weight", "what a step must be worth to be taken"),
        Parameter("softness", 0.05, 0.3, "weight", "how loosely choice follows worth", least=0.01),
        Parameter("tempo", 0.0, 0.3, "chance a month", "that the ally decides at all", most=1.0),
        Parameter("warming", 0.0, 0.1, "tie a step", "what a step adds to the tie it is meant for"),
        Parameter("cooling", 0.0, 0.1, "tie a step", "what it takes from the other tie"),
        Parameter("forgetting", 0.0, 0.2, "share a month", "how fast a slight wears off", most=1.0),
    ),
    gauges=(
        Gauge("slight", 0.0, 1.0, note="how slighted the ally is, beyond what the tie says"),
        Gauge("hedges", 0.0, _MANY_STEPS, note="steps to the suitor so far"),
        Gauge("favours", 0.0, _MANY_STEPS, note="steps to please the patron so far"),
    ),
    findings=("neglect", "fear", "chance of hedging", "chance of favour", "misfire"),
)
def rift(state: State, use: Use, rng: np.random.Generator) -> Change:
    """A slighted ally hedges, or courts the patron that it cannot do without.

    With the ally's tie s_ap, need d_ap, slight S, the suitor's offer O_sa trusted by p_as:

        neglect  N = 1 - (1 - S)(1 + s_ap) / 2,   fear  F = N d_ap
        hedging  U_h = p_as O_sa + N (1 - d_ap)(1 + s_as) / 2
                       + entrapment (1 - N) max(s_as - s_ps, 0) / 2
        favour   U_f = abandonment F,             neither  U_0 = inertia
        chance of each ∝ exp(U / softness)

    In a month the ally decides with chance `tempo`. Hedging warms its tie with the suitor and cools
    that with the patron; favour cools the one with the suitor, and warms the patron only by
    warming (1 - N): favour is bought where there is neglect, and neglect is what leaves it unpaid.
    That is the misfire: `misfire` is the chance of favour × N. Ties go up by × (1 - s) / 2, down by
    × (1 + s) / 2, as in M1. Snyder 1984, World Politics 36(4): who fears
    abandonment comes closer, who fears entrapment moves off. Logit choice: McKelvey & Palfrey 1995.
    """
    a, p, s = use.one("ally"), use.one("patron"), use.one("suitor")
    choice = _weigh(state, use)
    drawn = rng.random(state.runs)
    first, second = use["tempo"] * choice.hedging, use["tempo"] * choice.favour
    hedges = (drawn < first).astype(float)
    favours = (drawn < first + second) - hedges
    to_patron, to_suitor = state.ties[a, p], state.ties[a, s]
    paid = favours * (1 - choice.neglect)
    slight = state.array(use.gauge("slight"))
    return Change(
        shifts=(
            Shift("ties", (a, s), hedges * _up(use, to_suitor), "a slighted ally turns elsewhere"),
            Shift("ties", (a, p), -hedges * _down(use, to_patron), "the patron minds the hedging"),
            Shift("ties", (a, p), paid * _up(use, to_patron), "a favour that the patron returns"),
            Shift("ties", (a, s), -favours * _down(use, to_suitor), "the suitor pays for a favour"),
            Shift(use.gauge("slight"), (), -use["forgetting"] * slight, "a slight wears off"),
            Shift(use.gauge("hedges"), (), hedges, "a step to the suitor"),
            Shift(use.gauge("favours"), (), favours, "a step to please the patron"),
        ),
        findings={
            "neglect": choice.neglect,
            "fear": choice.fear,
            "chance of hedging": choice.hedging,
            "chance of favour": choice.favour,
            "misfire": choice.favour * choice.neglect,
        },
    )


def _up(use: Use, tie: Floats) -> Floats:
    step: Floats = use["warming"] * (1 - tie) / 2
    return step


def _down(use: Use, tie: Floats) -> Floats:
    step: Floats = use["cooling"] * (1 + tie) / 2
    return step

"""What happens at home: resentment of a patron inside the client, and the price of a turn.

Mechanism M19. It moves the client's opposition, the political part of its exit cost, and the tie.
"""

from __future__ import annotations

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, mechanism
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

UNLIKENESS = 0.1
"""Spread of opinion inside the elite, and width of the leader's doubt, on the scale of opinion."""


@mechanism(
    id="M19",
    title="Resentment at home of the patron",
    family="domestic",
    model="selectorate and two-level game; bounded confidence",
    reference="Bueno de Mesquita et al. 2003; Putnam 1988; Deffuant et al. 2000",
    roles=(
        Role("country", note="where opposition to the line grows or falls"),
        Role("patron", note="the power that the line leans on"),
    ),
    parameters=(
        Parameter("rise", 0.0, 0.05, "share a month", "of supporters, whom full grievance turns"),
        Parameter("relief", 0.0, 0.1, "share a month", "of opponents, whom full benefit wins back"),
        Parameter("status", 0.0, 1.0, "grievance a share", "what junior standing adds"),
        Parameter("spread", 0.0, 0.1, "share a month", "whom one-voiced criticism turns in reach"),
        Parameter("confidence", 0.3, 0.8, "opinion", "distance over which one listens"),
        Parameter("silent", 5.0, 30.0, "voices", "voices that one does not hear", least=1.0),
        Parameter("loyalty", 0.0, 0.4, "benefit", "what places in the coalition are worth"),
        Parameter("hold", 0.0, 0.3, "offer", "exit cost of a turn against a united coalition"),
        Parameter(
            "distance", 0.0, 0.03, "tie a month", "what a leader who left the line takes off"
        ),
    ),
    gauges=(
        Gauge("grievance", 0.0, 1.0, 0.1, note="drones for the foe, losses, slights; from moves"),
        Gauge("critics", 0.0, 1000.0, note="elite and media voices against the line"),
        Gauge("loyalists", 0.0, 1000.0, note="voices for it"),
        Gauge("counted", 0.0, 1.0, note="exit cost that this has put into the state so far"),
    ),
    findings=("opposition", "warning", "reach", "shift", "switching cost"),
)
def resentment(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Opposition rises with grievance, falls with benefit, and spreads among those who listen.

    For country i with patron j, opposition o, dependence d:

        grievance   G = 1 - (1 - g)(1 - status max(0, d_ij - d_ji))
        benefit     B = d_ij (1 + s_ij) / 2
        warning     v = critics / (critics + loyalists + silent)
        reach       ρ = 1 / (1 + exp(-(o - 1 + confidence) / 0.1))
        Δo          = rise G (1 - o) - relief B o + spread v ρ (1 - o)
        shift       θ = 1 / (1 + exp(-(o G - (1 - o) B - loyalty) / 0.1))
        exit cost   X = hold (1 - o)(1 - θ), of which the part not yet counted is added
        tie         Δs_ij = -distance θ (1 + s_ij) / 2

    A voice moves only those whose opinion is within `confidence` of its own (Deffuant et al. 2000,
    Advances in Complex Systems 3; here 0.1 is how unlike the elite's opinions are), so criticism
    takes hold only after the mood has moved. One voice among the many silent is a weak signal: v is
    what an observer may conclude from the voices alone, shrunk to none. The leader leaves the line
    when what the winning coalition loses by it outweighs what it gains, places included (Bueno de
    Mesquita et al. 2003, The Logic of Political Survival); the smaller its hold, the cheaper an
    agreement with the other side (Putnam 1988, Int. Organization 42(3)). M4 counts the trade that a
    turn would cost, this the politics; M1 loosens the tie by an offer from outside, this by a push
    from inside.
    """
    i, j = use.one("country"), use.one("patron")
    mood, need = state.opposition[i], state.dependence[i, j]
    junior = np.minimum(use["status"] * np.maximum(need - state.dependence[j, i], 0.0), 1.0)
    grievance = 1 - (1 - state.array(use.gauge("grievance"))) * (1 - junior)
    benefit = need * (1 + state.ties[i, j]) / 2
    critics, loyalists = state.array(use.gauge("critics")), state.array(use.gauge("loyalists"))
    warning = critics / (critics + loyalists + use["silent"])
    reach = _logistic(mood - (1 - use["confidence"]))
    shift = _logistic(mood * grievance - (1 - mood) * benefit - use["loyalty"])
    cost = use["hold"] * (1 - mood) * (1 - shift)
    added = cost - state.array(use.gauge("counted"))
    cooling = use["distance"] * shift * (1 + state.ties[i, j]) / 2
    reasons = (
        (use["rise"] * grievance * (1 - mood), "grievances against the patron"),
        (-use["relief"] * benefit * mood, "what the line brings in"),
        (use["spread"] * warning * reach * (1 - mood), "critics are listened to"),
    )
    return Change(
        shifts=(
            *(Shift("opposition", (i,), amount, reason) for amount, reason in reasons),
            Shift("ties", (i, j), -cooling, "the leader leaves the line"),
            Shift("exit_costs", (i, j), added, "the coalition that holds to the line"),
            Shift(use.gauge("counted"), (), added, "the coalition that holds to the line"),
        ),
        findings={
            "opposition": mood,
            "warning": warning,
            "reach": reach,
            "shift": shift,
            "switching cost": cost,
        },
    )


def _logistic(margin: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-margin / UNLIKENESS))
    return found

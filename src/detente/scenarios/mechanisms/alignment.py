"""Who stands with whom: wedge, triangle, camps, and the partner that is too big.

Mechanisms M1, M2, M3 and M5. They move ties and offers; see the package's docstring for units.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


@mechanism(
    id="M1",
    title="Wedge: reward the lesser adversary",
    family="alignment",
    model="selective accommodation",
    reference="Crawford 2011, 2021; Izumikawa 2013",
    roles=(
        Role("divider", note="who wants to part the other two"),
        Role("target", note="who is to be drawn away"),
        Role("rival", note="from whom"),
    ),
    parameters=(
        Parameter("warming", 0.0, 0.15, "tie a month", "what a trusted offer of 1 adds to the tie"),
        Parameter("loosening", 0.0, 0.06, "tie a month", "what a full turn takes from the old tie"),
        Parameter("old tie", 0.3, 1.0, "offer a tie", "offer that a tie of 1 is worth", least=0.01),
        Parameter("softness", 0.05, 0.3, "offer", "how gradually the target turns", least=0.01),
    ),
    findings=("net gain", "turn"),
)
def wedge(state: State, use: Use, rng: np.random.Generator) -> Change:
    """The target leans to the divider by the trusted offer; it turns by its net gain.

    With offer O, trust p, tie s, exit cost X, and the rival's own offer B (binding):

        net gain  g = p_td O_dt - w max(s_tr, 0) - p_tr B_rt - X_tr
        turn      θ = 1 / (1 + exp(-g / softness)), graded
        Δs_td     = warming p_td O_dt (1 - s_td) / 2
        Δs_tr     = -loosening θ p_td O_dt (1 + s_tr) / 2

    So warming needs an offer, a loosening an offer that outweighs the old tie: friends on both
    sides come well before a break. Without an offer nothing moves (Izumikawa: a divider without
    means of reward is left with coercion, which drives the target to the rival; not this rule).
    Crawford 2011, International Security 35(4); 2021, The Power to Divide. Izumikawa 2013, Security
    Studies 22(3).
    """
    d, t, r = use.one("divider"), use.one("target"), use.one("rival")
    offer = state.trust[t, d] * state.offers[d, t]
    bound = use["old tie"] * np.maximum(state.ties[t, r], 0.0)
    bound = bound + state.trust[t, r] * state.offers[r, t] + state.exit_costs[t, r]
    gain = offer - bound
    turn = 1 / (1 + np.exp(-gain / use["softness"]))
    warmer = use["warming"] * offer * (1 - state.ties[t, d]) / 2
    looser = use["loosening"] * turn * offer * (1 + state.ties[t, r]) / 2
    return Change(
        shifts=(
            Shift("ties", (t, d), warmer, "a trusted offer warms the target"),
            Shift("ties", (t, r), -looser, "the offer outweighs part of the old tie"),
        ),
        findings={"net gain": gain, "turn": turn},
    )


PIVOT, FRIEND, PARTNER, SUITOR, RIVAL, OUTSIDER = 5.0, 4.0, 3.0, 2.0, 1.0, 0.0
"""Payoff ranks. Dittmer: everybody would rather be pivot than partner, partner than outsider; where
friend, suitor and rival stand between them is by the number of good ties, then of bad ones."""


@mechanism(
    id="M2",
    title="Triangle and the pull to balance",
    family="alignment",
    model="strategic triangle; structural balance",
    reference="Dittmer 1981; Heider 1946; Cartwright & Harary 1956; Marvel et al. 2011",
    roles=(Role("first"), Role("second"), Role("third")),
    parameters=(
        Parameter("balance", 0.0, 0.04, "tie a month", "pull of two full ties on the third"),
        Parameter("fear", 0.0, 0.03, "tie a month", "what an outsider does to have a tie"),
    ),
    findings=("balanced", "rank {actor}", "pressure {actor}"),
)
def triangle(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Each side is pulled to the sign of the product of the two others; outsiders court.

    For each side ij with third actor k (continuous-time balance, Marvel et al. 2011, PNAS 108(5),
    damped at the ends of the scale):

        Δs_ij = balance s_ik s_kj (1 - s_ij²)

    The outsider of a stable marriage (two bad ties, the others a good one) fears to stay it and
    courts the less hostile partner: Δs = fear (1 - s) / 2. Ranks say what each gets of the pattern
    (Dittmer 1981, World Politics 33). `pressure` of an actor is the pull on the side opposite it.
    """
    trio = (use.one("first"), use.one("second"), use.one("third"))
    names, shifts, findings = use.world.actors, [], {}
    x, y, z = trio
    for i, j, k in ((x, y, z), (x, z, y), (y, z, x)):
        tie = state.ties[i, j]
        pull = use["balance"] * state.ties[i, k] * state.ties[j, k] * (1 - tie**2)
        shifts.append(Shift("ties", (i, j), pull, "pull of the third side to balance"))
        findings[f"pressure {names[k]}"] = pull
        nearer = state.ties[k, i] >= state.ties[k, j]
        outsider = (tie > 0) & (state.ties[k, i] <= 0) & (state.ties[k, j] <= 0)
        for partner, courted in ((i, nearer), (j, ~nearer)):
            effort = use["fear"] * (1 - state.ties[k, partner]) / 2 * (outsider & courted)
            shifts.append(Shift("ties", (k, partner), effort, "the outsider courts a partner"))
        findings[f"rank {names[k]}"] = _rank(state.ties[k, i] > 0, state.ties[k, j] > 0, tie > 0)
    product = state.ties[x, y] * state.ties[x, z] * state.ties[y, z]
    findings["balanced"] = (product > 0).astype(float)
    return Change(shifts=tuple(shifts), findings=findings)


def _rank(one: Flags, other: Flags, across: Flags) -> Floats:
    """Return the payoff rank of an actor from its two ties and the one across, good or not."""
    alone = np.where(across, OUTSIDER, RIVAL)
    single = np.where(across, SUITOR, PARTNER)
    both = np.where(across, FRIEND, PIVOT)
    rank: Floats = np.where(one & other, both, np.where(one | other, single, alone))
    return rank


@mechanism(
    id="M3",
    title="Camp formation",
    family="alignment",
    model="landscape theory of aggregation",
    reference="Axelrod & Bennett 1993; Galam 1996",
    roles=(Role("members", many=True, note="who can stand in a camp"),),
    parameters=(
        Parameter("pull", 0.0, 0.02, "tie a month", "how far ties follow the camps"),
        Parameter(
            "size power", 0.5, 1.0, "exponent", "how size counts: capability to this power", most=5
        ),
    ),
    gauges=(
        Gauge("side", -1.0, 1.0, axes=("actor",), note="camp, -1 or 1; 0 before the first month"),
    ),
    findings=("frustration", "stable", "side {actor}"),
)
def camps(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Each month the actor whose change of camp lowers the energy most changes; ties follow camps.

    Axelrod & Bennett (1993, British Journal of Political Science 23), propensities being the ties
    and sizes c^power as shares, sides σ = ±1:

        energy  E = Σ_ij c_i c_j s_ij [σ_i ≠ σ_j],   ΔE of i changing = 2 c_i σ_i Σ_j c_j s_ij σ_j
        Δs_ij = pull (σ_i σ_j - s_ij) / 2

    `frustration` is the share of all tie strength that stands against the camps; `stable` is 1
    where nobody gains by changing. The first month starts from the two camps of each actor's sign
    of tie with the strongest one, so camps found are local minima, not the deepest (Galam's point
    that the model alone does not tell which is reached). Sides are given relative to the strongest.
    """
    members = np.array(use.all("members"))
    ties = state.ties[np.ix_(members, members)]
    weight = state.capability[members] ** use["size power"]
    weight = weight / np.maximum(weight.sum(axis=0), 1e-12)
    force = weight * ties * weight[:, None]
    before = state.array(use.gauge("side"))[members]
    runs, strongest = np.arange(state.runs), weight.argmax(axis=0)
    sides = np.where(before == 0, _sides_of(ties, strongest), before)
    gain = -sides * np.einsum("ijr,jr->ir", force, sides)
    mover = gain.argmax(axis=0)
    moves = gain[mover, runs] > 1e-12
    sides[mover, runs] *= np.where(moves, -1.0, 1.0)
    together = sides[:, None] * sides
    amounts = np.zeros_like(state.ties)
    amounts[np.ix_(members, members)] = use["pull"] / 2 * (together - ties)
    strength = np.abs(force).sum(axis=(0, 1))
    against = (strength - np.einsum("ir,ir->r", sides, np.einsum("ijr,jr->ir", force, sides))) / 2
    shift = np.zeros_like(state.array(use.gauge("side")))
    shift[members] = sides - before
    return Change(
        shifts=(
            Shift("ties", (), amounts, "ties follow the camps"),
            Shift(use.gauge("side"), (), shift, "who gains by it changes camps"),
        ),
        findings={
            "frustration": against / np.maximum(strength, 1e-12),
            "stable": (~moves).astype(float),
            **by_actor("side", use, members.tolist(), sides * sides[strongest, runs]),
        },
    )


def _sides_of(ties: Floats, strongest: Places) -> Floats:
    """Return the camps by the sign of each actor's tie with the strongest one, in each run."""
    runs = np.arange(len(strongest))
    sides: Floats = np.where(ties[:, strongest, runs] > 0, 1.0, -1.0)
    sides[strongest, runs] = 1.0
    return sides


@mechanism(
    id="M5",
    title="Partner too big",
    family="alignment",
    model="minimum winning coalition with parity payoffs",
    reference="Caplow 1956; Gamson 1961; Riker 1962",
    roles=(
        Role("leader", note="who leads the coalition and decides"),
        Role("candidate", note="who might join"),
        Role("members", many=True, note="who is in already, besides the leader"),
        Role("opponents", many=True, note="against whom"),
    ),
    parameters=(
        Parameter(
            "decisiveness",
            1.0,
            2.0,
            "exponent",
            "how surely the larger side wins",
            least=1,
            most=10,
        ),
        Parameter("tolerance", 0.1, 1.0, "share", "loss of payoff at which nothing is offered"),
        Parameter("restraint", 0.0, 0.5, "share a month", "how fast an offer comes to its cap"),
    ),
    findings=("wish", "lead lost", "cap"),
)
def partner_too_big(state: State, use: Use, rng: np.random.Generator) -> Change:
    """The leader holds back what would make too strong a member: winning more, but leading less.

    With c the candidate's, L the leader's, S the coalition's and R the opponents' capability, the
    leader's payoff is its share by capability (Gamson's parity norm) times the chance of winning:

        U(S) = L/S · S^k / (S^k + R^k),   wish W = ln U(S + c) - ln U(S)
        cap  = clip(1 + W / tolerance, 0, 1);   ΔO_Lc = -restraint max(0, O_Lc - cap)

    So a coalition that wins already loses by every further member, the more the stronger it is
    (Riker's size principle); one that is far behind gains. `wish` is for full alliance over a
    neutral candidate. `lead lost` is c / (L + c). Caplow 1956, ASR 21; Gamson 1961, ASR 26; Riker
    1962, The Theory of Political Coalitions.
    """
    leader, candidate = use.one("leader"), use.one("candidate")
    apart = (leader, candidate)
    members = [leader, *(one for one in use.all("members") if one not in apart)]
    against = [one for one in use.all("opponents") if one not in (*members, candidate)]
    joining = state.capability[candidate]
    coalition = np.maximum(state.capability[members].sum(axis=0), 1e-12)
    opposing = state.capability[against].sum(axis=0)
    power = use["decisiveness"]

    def log_payoff(size: Floats) -> Floats:
        payoff: Floats = (power - 1) * np.log(size) - np.log(size**power + opposing**power)
        return payoff

    wish = log_payoff(coalition + joining) - log_payoff(coalition)
    cap = np.clip(1 + wish / np.maximum(use["tolerance"], 1e-12), 0.0, 1.0)
    excess = np.maximum(state.offers[leader, candidate] - cap, 0.0)
    lost = joining / np.maximum(state.capability[leader] + joining, 1e-12)
    return Change(
        shifts=(
            Shift(
                "offers",
                (leader, candidate),
                -use["restraint"] * excess,
                "so strong a member would contest the lead",
            ),
        ),
        findings={"wish": wish, "lead lost": lost, "cap": cap},
    )

"""What need of another makes: lock-in, arms for minerals, and the price of isolating a power.

Mechanisms M4, M15 and M21. They move dependence, exit costs and capability; where the powers' past
has an interval for a coefficient it is that one (method note `hindcast`, there a year, here a
month). See the package's docstring for units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, mechanism
from detente.scenarios.state import LARGEST, Change, Floats, Gauge, Shift, State

NONE, DRAFT, SIGNED, RUNNING = 0.0, 1.0, 2.0, 3.0
"""Stages of a deal."""

HINDCAST = "table: hindcast"

TINY = 1e-9
"""Less than any share that counts; keeps ratios finite."""


@mechanism(
    id="M4",
    title="Dependence as lock-in",
    family="dependence",
    model="asymmetric interdependence, with feasible swaps",
    reference="Hirschman 1945; Keohane & Nye 1977; Wagner 1988",
    roles=(
        Role("client", note="who would find it dear to turn away"),
        Role("patron", note="from whom"),
        Role("sanctioners", many=True, note="whose sanctions on the client move its trade"),
        Role("files", axis="issue", many=True, note="on which the patron may want a concession"),
    ),
    parameters=(
        Parameter("weight", 0.0, 1.0, "offer a share", "exit cost at full dependence"),
        Parameter(
            "hold",
            -0.009525,
            0.02791,
            "tie a month",
            "what full mutual dependence adds to a full tie; tie.dependence and tie.lock_in "
            "together, at a tie of 0.6, by month",
            source=HINDCAST,
            least=-LARGEST,
        ),
        Parameter("cut", 0.0, 0.1, "share a month", "trade that full sanctions end", most=1.0),
        Parameter("diverted", 0.0, 1.0, "share", "of it, what goes to the patron", most=1.0),
        Parameter("worth", 0.0, 2.0, "salience a share", "what trade is worth in concessions"),
    ),
    gauges=(
        Gauge("sanctions", -1.0, 1.0, note="new ones in force; below 0 is relief"),
        Gauge("counted", 0.0, 1.0, note="exit cost that this has put into the state so far"),
    ),
    findings=("exit cost", "asymmetry", "concession"),
)
def lock_in(state: State, use: Use, rng: np.random.Generator) -> Change:
    """The more the client needs the patron, the dearer a turn away; sanctions add to it.

    With shares d, salience w, and δ the distance of the two on an issue:

        exit cost   X_cp = weight d_cp                            (what M1 sets against an offer)
        tie         Δs_cp = hold √(d_cp d_pc) max(s_cp, 0)
        sanctions   d_ck falls by cut × sanctions × d_ck, of which d_cp gains the share diverted;
                    relief brings cut × relief × diverted × d_cp back. A flow has two ends: d_pc
                    and d_kc change in the proportion of d_cp and d_ck.
        concession  = max over issues of δ min(1, worth d_cp / (w_c δ)) where w_p d_cp > w_c d_pc

    The last is Wagner's point: need alone is no leverage. The patron gets a concession only by
    giving up gain from trade for it, so only where both are better off by that exchange: it must
    care for the issue more, against what trade is to it, than the client does. Then the client goes
    as far as all of the patron's gain would pay. `asymmetry` is d_cp - d_pc. Hirschman 1945,
    National Power; Keohane & Nye 1977, Power and Interdependence; Wagner 1988, Int. Organization
    42(3). Unit of exit costs: offers.
    """
    c, p = use.one("client"), use.one("patron")
    need, other = state.dependence[c, p], state.dependence[p, c]
    cost = use["weight"] * need
    gap = cost - state.array(use.gauge("counted"))
    hold = use["hold"] * np.sqrt(need * other) * np.maximum(state.ties[c, p], 0.0)
    return Change(
        shifts=(
            Shift("exit_costs", (c, p), gap, "trade that a turn away would cost"),
            Shift(use.gauge("counted"), (), gap, "trade that a turn away would cost"),
            Shift("ties", (c, p), hold, "trade between friends"),
            *_divert(state, use),
        ),
        findings={
            "exit cost": cost,
            "asymmetry": need - other,
            "concession": _concession(state, use),
        },
    )


def _divert(state: State, use: Use) -> Iterator[Shift]:
    """Yield what sanctions on the client, or relief from them, do to shares of trade."""
    c, p, d = use.one("client"), use.one("patron"), state.dependence
    others = [k for k in use.all("sanctioners") if k not in (c, p)]
    if not others:
        return
    level = state.array(use.gauge("sanctions"))
    shares = d[c, others]
    lost = use["cut"] * np.maximum(level, 0.0) * shares
    back = use["cut"] * np.maximum(-level, 0.0) * use["diverted"] * d[c, p]
    total = shares.sum(axis=0)
    parts = np.where(total > TINY, shares / np.maximum(total, TINY), 1 / len(others))
    gained = use["diverted"] * lost.sum(axis=0) - back
    moves = [(p, gained), *zip(others, back * parts - lost, strict=True)]
    for k, amount in moves:
        ratio = np.where(d[c, k] > TINY, d[k, c] / np.maximum(d[c, k], TINY), 0.0)
        reason = "sanctions move trade"
        yield Shift("dependence", (c, k), amount, reason)
        yield Shift("dependence", (k, c), amount * ratio, reason)


def _concession(state: State, use: Use) -> Floats:
    """Return how far at most, on some issue, a swap would bring the client to the patron."""
    c, p = use.one("client"), use.one("patron")
    need, other = state.dependence[c, p], state.dependence[p, c]
    best = np.zeros(state.runs)
    for issue in use.all("files"):
        cares, wants = state.salience[c, issue], state.salience[p, issue]
        apart = np.abs(state.positions[c, issue] - state.positions[p, issue])
        price = np.maximum(cares * apart, TINY)
        bought = apart * np.minimum(use["worth"] * need / price, 1.0)
        best = np.maximum(best, np.where(wants * need > cares * other, bought, 0.0))
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Bargain:
    """What a bargain over aid and income would come to now, one number a run.

    Attributes:
        outside: what others' help is worth to the owner.
        surplus: what both gain together over their outside options.
        split: the donor's share of the income.
        possible: whether both gain, and the income can pay what the donor must have.
    """

    outside: Floats
    surplus: Floats
    split: Floats
    possible: Floats


def _bargain(state: State, use: Use, sunk: Floats | float) -> _Bargain:
    """Return the Nash bargain with outside options; `sunk` is the share of the cost already paid.

    The unit is the monthly income of the resource.
    """
    o, d, e = use.one("owner"), use.one("donor"), use.one("enemy")
    friends = [k for k in use.all("friends") if k not in (o, d, e)]
    means = state.capability[friends] * np.maximum(state.ties[o, friends], 0.0)
    replaced = means / np.maximum(state.capability[d] + means.sum(axis=0), TINY)
    helped = (state.trust[o, friends] * (replaced + state.offers[friends, o])).sum(axis=0)
    outside = use["aid worth"] * np.minimum(helped, 1.0)
    reserve = use["aid cost"] * (1 - sunk) + use["donor outside"]
    surplus = use["aid worth"] * state.trust[o, d] - outside - reserve
    haste = use["patience"] + use["war clock"] * np.maximum(-state.ties[o, e], 0.0)
    power = haste / np.maximum(haste + use["patience"], TINY)
    split = np.clip(reserve + power * np.maximum(surplus, 0.0), 0.0, 1.0)
    possible = ((surplus > 0) & (reserve <= 1)).astype(float)
    return _Bargain(outside, surplus, split, possible)


@mechanism(
    id="M15",
    title="Minerals for arms",
    family="dependence",
    model="aid for policy; Nash bargaining; obsolescing bargain",
    reference="Bueno de Mesquita & Smith 2007; Binmore, Rubinstein & Wolinsky 1986; Vernon 1971",
    roles=(
        Role("donor", note="who gives aid and takes income"),
        Role("owner", note="who gives income and takes aid"),
        Role("enemy", note="whose war makes the owner's time short"),
        Role("friends", many=True, note="who else may help the owner"),
    ),
    parameters=(
        Parameter("aid worth", 1.0, 6.0, "income", "full aid to the owner, against the income"),
        Parameter("aid cost", 0.0, 1.0, "income", "full aid to the donor, less its own interest"),
        Parameter("donor outside", 0.0, 0.2, "income", "what the donor has without a deal"),
        Parameter("war clock", 0.0, 0.2, "share a month", "what waiting costs the owner in war"),
        Parameter("patience", 0.005, 0.05, "share a month", "what waiting costs both", least=0.001),
        Parameter("step", 0.0, 0.5, "chance a month", "to come to the next stage", most=1.0),
        Parameter("sinking", 0.0, 0.1, "share a month", "how fast cost is sunk", most=1.0),
        Parameter("lapse", 0.0, 0.5, "chance a month", "of an end, at a full grudge", most=1.0),
        Parameter("unpaid", 0.0, 0.6, "share", "aid that flows without a running deal", most=1.0),
        Parameter("ramp", 0.1, 0.5, "share a month", "how fast aid comes or goes", most=1.0),
        Parameter("binding", 0.0, 0.3, "share", "dependence that full aid makes", most=1.0),
    ),
    gauges=(
        Gauge("stage", NONE, RUNNING, note="0 none, 1 draft, 2 signed, 3 running"),
        Gauge("split", 0.0, 1.0, note="share of the income that the donor was given; 0 if none"),
        Gauge("sunk", 0.0, 1.0, note="share of the donor's cost that is spent for good"),
        Gauge("aid", 0.0, 1.0, start=0.5, note="aid that flows, 1 being all that is needed"),
        Gauge("lapses", 0.0, 1000.0, note="how often a running deal has ended"),
    ),
    findings=("split on offer", "surplus", "owner's outside option", "lapse risk"),
)
def minerals_for_arms(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Aid against a share of income: who can wait and has another way gets the better split.

    In units of the monthly income, with trust p, aid worth A, cost C, sunk share k:

        owner's outside   v = A min(1, Σ_friends p_oj (c_j max(s_oj, 0) / (c_d + Σ c max(s, 0))
                                                     + O_jo))
        donor must have   R = C (1 - k) + donor outside
        surplus           Z = A p_od - v - R;   a deal needs Z > 0 and R <= 1
        donor's power     β = r_o / (r_o + r_d), r_d = patience, r_o = r_d + war clock max(-s_oe, 0)
        donor's split     θ = min(1, R + β Z)

    Nash bargaining with weights by impatience (the limit of Rubinstein 1982: Binmore, Rubinstein &
    Wolinsky 1986). While both gain, the deal goes on a stage with chance `step` a month (draft,
    signed, running); θ holds from the signing. Once it runs, cost is sunk, a new bargain would be
    better for the owner, and that grudge ends the deal with chance lapse × k × (θ signed - θ now):
    Vernon's obsolescing bargain. Aid goes to 1 while it runs, else to `unpaid`; d_od follows aid
    by `binding`. Bueno de Mesquita & Smith 2007, J. of Conflict Resolution 51(2): aid buys policy.
    """
    o, d = use.one("owner"), use.one("donor")
    sunk, split, aid = (state.array(use.gauge(name)) for name in ("sunk", "split", "aid"))
    before = state.array(use.gauge("stage"))
    stage = np.round(before)
    offered = _bargain(state, use, sunk)
    grudge = np.where(split > 0, np.maximum(split - offered.split, 0.0), 0.0)
    risk = np.clip(use["lapse"] * sunk * grudge, 0.0, 1.0) * (stage == RUNNING)
    lapses = rng.random(state.runs) < risk
    climbs = (rng.random(state.runs) < use["step"]) & (offered.possible > 0) & (stage < RUNNING)
    after = np.where(lapses, NONE, stage + climbs)
    signed = np.where(after >= SIGNED, np.where(split > 0, split, offered.split), 0.0)
    runs = after == RUNNING
    spent = np.where(runs, sunk + use["sinking"] * (1 - sunk), 0.0)
    more = use["ramp"] * (np.where(runs, 1.0, use["unpaid"]) - aid)
    return Change(
        shifts=(
            Shift(use.gauge("stage"), (), after - before, "both gain by it, or one no more"),
            Shift(use.gauge("split"), (), signed - split, "the split is agreed at the signing"),
            Shift(use.gauge("sunk"), (), spent - sunk, "what is built cannot be taken away"),
            Shift(use.gauge("lapses"), (), lapses.astype(float), "the old split is a grudge"),
            Shift(use.gauge("aid"), (), more, "aid follows the deal"),
            Shift("dependence", (o, d), use["binding"] * more, "aid follows the deal"),
        ),
        findings={
            "split on offer": offered.split,
            "surplus": offered.surplus,
            "owner's outside option": offered.outside,
            "lapse risk": risk,
        },
    )


@mechanism(
    id="M21",
    title="Order change and containment",
    family="dependence",
    model="power transition; balance of threat",
    reference="Organski 1958; Kugler & Lemke 1996; Kim 1991; Walt 1987; Laakso & Taagepera 1979",
    roles=(
        Role("leader", note="who leads the order"),
        Role("challenger", note="who may contest it"),
        Role("members", many=True, note="who may join in containing it, besides the leader"),
    ),
    parameters=(
        Parameter(
            "parity",
            -0.002774,
            0.001961,
            "tie a month",
            "what being equals does to their tie; tie.parity / 12, spans zero",
            source=HINDCAST,
            least=-LARGEST,
        ),
        Parameter(
            "contest",
            -0.008475,
            0.006969,
            "tie a month",
            "the same for full foes, in addition; tie.contest / 12, spans zero",
            source=HINDCAST,
            least=-LARGEST,
        ),
        Parameter(
            "growth", -0.002, 0.004, "share a month", "challenger over the leader", least=-LARGEST
        ),
        Parameter("sharpness", 1.0, 8.0, "exponent", "how near to parity the risk is", least=0.1),
        Parameter("price", 0.0, 1.0, "threat a share", "what isolating costs those who trade"),
        Parameter("pace", 0.0, 0.2, "share a month", "containment follows pressure", most=1.0),
        Parameter("parting", 0.0, 0.02, "share a month", "trade that full containment ends"),
    ),
    gauges=(Gauge("containment", 0.0, 1.0, note="of the challenger; 1 is all means against it"),),
    findings=(
        "polarity",
        "power ratio",
        "satisfaction",
        "contest risk",
        "containment pressure",
        "isolation cost",
    ),
)
def order_change(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Near parity an unsatisfied challenger contests; whom it threatens contains it, at a price.

    For leader l, challenger c and third actors k, with capabilities C and trade shares d:

        sides          L = C_l + Σ C_k max(s_kl, 0),   R = C_c + Σ C_k max(s_kc, 0)
        satisfaction   S = (1 + s_lc) / 2 × (1 - containment)
        contest risk   = (min(L, R) / max(L, R))^sharpness × (1 - S)       an index, 0 to 1
        willing        w_k = max(0, max(-s_kc, 0) C_c / (C_c + C_k) - price d_kc)
        pressure       K* = Σ C_k w_k / (Σ C_k w_k + R);   Δ containment = pace (K* - containment)
        tie            Δs_lc = P (parity + contest max(-s_lc, 0)),  P = min/max of C_l and C_c

    So who has many partners is dear to isolate, and who loses a friend is contained more. Those
    willing part from the challenger's trade by parting × containment. `polarity` is the number of
    equal powers that would be as concentrated, 1 / Σ share². The tie is as fitted in the hindcast.
    Organski 1958, World Politics; Kugler & Lemke 1996, Parity and War; sides: Kim 1991, AJPS 35(4);
    Walt 1987, The Origins of Alliances; Laakso & Taagepera 1979 (the number).
    """
    leader, rival = use.one("leader"), use.one("challenger")
    tie = state.ties[leader, rival]
    lead, strength = state.capability[leader], state.capability[rival]
    containment = state.array(use.gauge("containment"))
    hosts = [leader, *(k for k in use.all("members") if k not in (leader, rival))]
    willing = _willing(state, use, hosts)
    pressing = (state.capability[hosts] * willing).sum(axis=0)
    ours, theirs = _side(state, leader, rival), _side(state, rival, leader)
    pressure = pressing / np.maximum(pressing + theirs, TINY)
    satisfaction = (1 + tie) / 2 * (1 - containment)
    moved = _parity(lead, strength) * (use["parity"] + use["contest"] * np.maximum(-tie, 0.0))
    rise = use["pace"] * (pressure - containment)
    part = use["parting"] * containment
    shifts = [
        Shift("ties", (leader, rival), moved, "equals contest the order"),
        Shift("capability", (rival,), use["growth"] * strength, "the challenger grows"),
        Shift(use.gauge("containment"), (), rise, "those under threat press on the challenger"),
    ]
    for k, wills in zip(hosts, willing, strict=True):
        for place in ((k, rival), (rival, k)):
            less = -part * state.dependence[place] * (wills > 0)
            shifts.append(Shift("dependence", place, less, "containment parts trade"))
    return Change(
        shifts=tuple(shifts),
        findings={
            "polarity": _polarity(state.capability),
            "power ratio": theirs / np.maximum(ours, TINY),
            "satisfaction": satisfaction,
            "contest risk": _parity(ours, theirs) ** use["sharpness"] * (1 - satisfaction),
            "containment pressure": pressure,
            "isolation cost": use["price"] * _mean_need(state, hosts, rival),
        },
    )


def _willing(state: State, use: Use, hosts: Sequence[int]) -> Floats:
    """Return how far each of the hosts would contain the challenger, a row each."""
    rival = use.one("challenger")
    strength, means = state.capability[rival], state.capability[hosts]
    threat = np.maximum(-state.ties[hosts, rival], 0.0) * strength
    threat = threat / np.maximum(strength + means, TINY)
    willing: Floats = np.maximum(threat - use["price"] * state.dependence[hosts, rival], 0.0)
    return willing


def _side(state: State, head: int, against: int) -> Floats:
    """Return the means of an actor with those of its friends, as far as they are friends."""
    others = [k for k in range(len(state.capability)) if k not in (head, against)]
    friends = np.maximum(state.ties[others, head], 0.0)
    side: Floats = state.capability[head] + (state.capability[others] * friends).sum(axis=0)
    return side


def _parity(one: Floats, other: Floats) -> Floats:
    found: Floats = np.minimum(one, other) / np.maximum(np.maximum(one, other), TINY)
    return found


def _polarity(capability: Floats) -> Floats:
    shares = capability / np.maximum(capability.sum(axis=0), TINY)
    number: Floats = 1 / np.maximum((shares**2).sum(axis=0), TINY)
    return number


def _mean_need(state: State, hosts: Sequence[int], rival: int) -> Floats:
    """Return the hosts' dependence on the rival, weighed by their means."""
    means = state.capability[hosts]
    need = (means * state.dependence[hosts, rival]).sum(axis=0)
    mean: Floats = need / np.maximum(means.sum(axis=0), TINY)
    return mean

"""One file that two haggle over, from an extreme opening down: mechanism M9."""

from __future__ import annotations

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, mechanism
from detente.scenarios.state import Change, Gauge, Shift, State


@mechanism(
    id="M9",
    title="Anchor, then concede",
    family="haggling",
    model="anchored reference point over bargaining with an outside option",
    reference="Tversky & Kahneman 1974; Cialdini et al. 1975; Binmore, Rubinstein & Wolinsky 1986",
    roles=(
        Role("demander", note="who opens, high"),
        Role("target", note="of whom it is demanded"),
        Role("issue", axis="issue", note="the file"),
    ),
    parameters=(
        Parameter(
            "anchoring",
            0.0,
            0.5,
            "share",
            "how far the opening draws the target's reference; door in the face works weakly in "
            "experiments (mean r of 0.10, O'Keefe & Hale 1998), first offers more",
            most=1.0,
        ),
        Parameter("fade", 0.0, 0.5, "share a month", "how fast the anchor wears off", most=1.0),
        Parameter("concession", 0.05, 0.4, "share a month", "of the way to the fallback", most=1.0),
        Parameter("fallback", 0.1, 0.5, "share", "the least that the demander takes", most=1.0),
        Parameter("split", 0.3, 0.7, "share", "of what is to be shared, to the demander", most=1.0),
        Parameter("reliance", 0.0, 2.0, "share", "worth of a deal to one who depends in full"),
        Parameter("offence", 0.0, 0.1, "tie a month", "what an unbearable demand takes from a tie"),
        Parameter("walking", 0.0, 0.3, "chance a month", "leaving over a demand of 1 too much"),
        Parameter("strain", 0.0, 0.3, "opposition", "at home, of giving all one cares for"),
    ),
    gauges=(
        Gauge("demand", 0.0, 1.0, note="share of the way to the demander's ideal; 0 none made"),
        Gauge("anchor", 0.0, 1.0, note="the opening as it is remembered"),
        Gauge("months", 0.0, 600.0, note="months that a demand has stood open"),
        Gauge("accepted", 0.0, 1.0, note="1 once the target has accepted"),
        Gauge("left", 0.0, 1.0, note="1 once it has left the talks"),
    ),
    findings=("reference", "most", "division", "outcome"),
)
def anchor(state: State, use: Use, rng: np.random.Generator) -> Change:
    """An extreme opening shifts what looks bearable; the next demand is accepted by contrast.

    A demand D is a share of the way from the target's position (0) to the demander's (1). What a
    deal is worth to the target bounds what it can give, M; unanchored it expects y° of that:

        M  = min(1, reliance d_td + p_td O_dt),   y° = split · M
        A' = max(D, A - fade (A - D)),            reference r = y° + anchoring max(0, A' - y°)
        accepted if D ≤ min(r, M);  else  D' = D - concession max(0, D - fallback)
        P(leaves) = walking max(0, D - M) a month;   Δs_td = -offence max(0, D - M) (1 + s) / 2

    So the anchor helps as long as it is remembered and only within M: whatever the opening, nobody
    accepts what is worse than no deal. An opening beyond M costs the tie and may end the talks
    (Schweinsberg et al. 2012). Giving way costs the target at home: Δo = strain · D · salience. A
    move opens (`demand`, to a share). `most` is M, `division` D where accepted, `outcome` that as a
    position. Tversky & Kahneman 1974, Science 185; Cialdini et al. 1975, JPSP 31; limits by outside
    options as in Binmore, Rubinstein & Wolinsky 1986, RAND Journal of Economics 17.
    """
    d, t, issue = use.one("demander"), use.one("target"), use.one("issue")
    demand, old = state.array(use.gauge("demand")), state.array(use.gauge("anchor"))
    done, left = state.array(use.gauge("accepted")), state.array(use.gauge("left"))
    worth = use["reliance"] * state.dependence[t, d] + state.trust[t, d] * state.offers[d, t]
    most = np.minimum(worth, 1.0)
    remembered = np.maximum(demand, old - use["fade"] * (old - demand))
    expected = use["split"] * most
    reference = expected + use["anchoring"] * np.maximum(remembered - expected, 0)
    open_ = (demand > 0) & (done == 0) & (left == 0)
    accepts = open_ & (demand <= np.minimum(reference, most))
    too_much = np.maximum(demand - most, 0) * open_
    leaves = open_ & ~accepts & (rng.random(state.runs) < use["walking"] * too_much)
    stays = open_ & ~accepts & ~leaves
    less = use["concession"] * np.maximum(demand - use["fallback"], 0) * stays
    division = demand * np.where(accepts, 1.0, done)
    start, ideal = state.positions[t, issue], state.positions[d, issue]
    cooler = -use["offence"] * too_much * (1 + state.ties[t, d]) / 2
    strain = use["strain"] * demand * state.salience[t, issue] * accepts
    return Change(
        shifts=(
            Shift(
                use.gauge("anchor"), (), remembered - old, "the opening is remembered, and fades"
            ),
            Shift(use.gauge("demand"), (), -less, "the demander concedes"),
            Shift(use.gauge("months"), (), open_.astype(float), "a month of haggling"),
            Shift(use.gauge("accepted"), (), accepts.astype(float), "mild beside the opening"),
            Shift(use.gauge("left"), (), leaves.astype(float), "worse than no deal"),
            Shift("ties", (t, d), cooler, "a demand that cannot be borne"),
            Shift("opposition", (t,), strain, "giving way costs at home"),
        ),
        findings={
            "reference": reference,
            "most": most,
            "division": division,
            "outcome": start + division * (ideal - start),
        },
    )

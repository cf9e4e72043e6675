"""What promises are worth: distrust from past betrayal, and a peace in phases.

Mechanisms M6 and M17. The first moves trust, the second the offers that wait for a step, and the
tie between those who take it; promises that are broken in the second are read by the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.mechanisms.promises import BROKEN, KEPT, count_acts, empty
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

Flags = NDArray[np.bool_]

SUREST = 0.99
"""No trust is surer than this either way: certainty could never be unlearnt (Cromwell's rule)."""

GESTURE = Gauge(
    "gesture", 0.0, 1.0, axes=("actor",), note="cost of a gesture of goodwill just made"
)


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)


def _log_odds(chance: Floats) -> Floats:
    sure = np.clip(chance, 1 - SUREST, SUREST)
    return np.asarray(np.log(sure / (1 - sure)), dtype=np.float64)


@mechanism(
    id="M6",
    title="Distrust from past betrayal",
    family="trust",
    model="Bayesian trust game with costly signals",
    reference="Kydd 2005; Fearon 1997; J. Q. Smith 1979",
    roles=(Role("truster", note="who has to believe"), Role("trustee", note="whose word it is")),
    parameters=(
        Parameter(
            "reliability",
            0.7,
            0.95,
            "share",
            "promises that a good state keeps",
            least=0.7,
            most=0.99,
        ),
        Parameter(
            "opportunism",
            0.3,
            0.7,
            "share",
            "promises that a false one keeps",
            least=0.01,
            most=0.7,
        ),
        Parameter("prior", 0.3, 0.6, "chance", "trust in a state without a record", most=1),
        Parameter("forgetting", 0.0, 0.02, "share a month", "of what was learnt", most=1),
        Parameter(
            "temptation",
            0.3,
            1.0,
            "offer",
            "most that a false state would spend to look good",
            least=0.01,
        ),
        Parameter("exposure", 0.5, 2.0, "ratio", "loss if betrayed to gain if not", least=0.01),
    ),
    gauges=(KEPT, BROKEN, GESTURE),
    findings=("discount", "worth", "price", "cooperates"),
)
def distrust(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Trust is the belief that the other is a state that keeps its word, learnt from its record.

    With l the log-odds of trust p, l* those of the prior, and in this month k promises kept, b
    broken (in any mechanism) and a gesture of cost c (in offers):

        l' = l* + (1 - forgetting)(l - l*) + k ln(r/o) + b ln((1-r)/(1-o)) - ln(1 - c/T)

    r and o being the shares of promises that a good and a false state keep, T the temptation: a
    false state makes a gesture of cost c with chance 1 - c/T (Kydd 2005, Trust and Mistrust in
    International Relations; sunk costs, Fearon 1997, Journal of Conflict Resolution 41(1)). As even
    false states keep many promises, a breach weighs more than a promise kept. What was learnt fades
    as in J. Q. Smith's steady model (1979, JRSS B 41). M1 discounts offers by p; not here.

    `discount` is 1 - p, `worth` p × offer. The truster takes the risk (`cooperates`) when p/(1-p)
    is at least the exposure; `price` is the cost of the gesture that would bring it there.
    """
    truster, trustee = use.one("truster"), use.one("trustee")
    before = _log_odds(state.trust[truster, trustee])
    prior = _log_odds(use["prior"])
    faded = prior + (1 - use["forgetting"]) * (before - prior)
    keeps, cheats, most = use["reliability"], use["opportunism"], use["temptation"]
    gesture = np.minimum(count_acts(state, GESTURE, trustee) / most, SUREST)
    after = (
        faded
        + count_acts(state, KEPT, trustee) * np.log(keeps / cheats)
        + count_acts(state, BROKEN, trustee) * np.log((1 - keeps) / (1 - cheats))
        - np.log1p(-gesture)
    )
    learnt, forgotten = _logistic(after) - _logistic(faded), _logistic(faded) - _logistic(before)
    needed = np.log(use["exposure"])
    trust = _logistic(after)
    return Change(
        shifts=(
            Shift("trust", (truster, trustee), learnt, "the other's record tells what it is"),
            Shift("trust", (truster, trustee), forgotten, "the record fades"),
            *empty(state, use, KEPT, BROKEN, GESTURE),
        ),
        findings={
            "discount": 1 - trust,
            "worth": trust * state.offers[trustee, truster],
            "price": most * np.maximum(1 - np.exp(np.minimum(after - needed, 0.0)), 0.0),
            "cooperates": (after >= needed).astype(float),
        },
    )


STEPS = ("channels", "process", "summit", "ceasefire", "settlement")
"""The phases, each with its step; the first three are those agreed on in Riyadh in 2025."""

JOINT = STEPS.index("ceasefire") + 1
"""From this step on all parties to the war have to keep it, not only the two who talk."""

STALL = 6
"""Months without a step after which the process counts as stalled: half a year."""


@mechanism(
    id="M17",
    title="Phased peace, conditional reward",
    family="trust",
    model="graduated reciprocation in a repeated game with imperfect commitment",
    reference="Osgood 1962; Axelrod 1984; Fearon 1995; Powell 2006; Walter 1997",
    roles=(
        Role("rewarder", note="who holds the reward and releases it"),
        Role("rewarded", note="who is to earn it"),
        Role("others", many=True, note="who else must keep the peace, from the ceasefire on"),
    ),
    parameters=(
        Parameter("patience", 0.5, 0.95, "share", "weight of the rest of the road", most=1),
        Parameter("peace", 0.0, 1.0, "offer", "worth of a peace that is trusted in"),
        Parameter("temptation", 0.0, 0.8, "offer", "gain from breach at the last step"),
        Parameter(
            "verification", 0.0, 0.8, "share", "of that gain that checking takes away", most=1
        ),
        Parameter(
            "softness", 0.05, 0.3, "offer", "how gradually parties keep or break", least=0.01
        ),
        Parameter(
            "pace", 0.05, 0.6, "chance a month", "that a step is done, if all keep it", most=1
        ),
        Parameter("hazard", 0.0, 0.1, "chance a month", "that who would break, does", most=1),
        Parameter("freeze", 3.0, 12.0, "months", "that a breach stops the process"),
        Parameter("rollback", 0.0, 1.0, "chance", "that a breach undoes the last step", most=1),
        Parameter("held back", 0.0, 0.8, "share", "of the reward, till the last step", most=1),
        Parameter("relief", 0.0, 0.05, "tie", "what a step kept adds"),
        Parameter("anger", 0.0, 0.1, "tie", "what a breach takes"),
    ),
    gauges=(
        Gauge("phase", 0.0, float(len(STEPS)), note="steps done: " + ", ".join(STEPS)),
        Gauge("promised", 0.0, 1.0, note="reward that waits for steps, in offers"),
        Gauge("frozen", 0.0, 120.0, note="months until the process goes on"),
        Gauge("idle", 0.0, 120.0, note="months since the last step"),
        KEPT,
        BROKEN,
    ),
    findings=("released", "stalled", "breach chance", "keep {actor}"),
)
def phased_peace(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Step n + 1 opens when step n is kept; the reward comes step by step; a breach freezes all.

    Each party keeps step n of N with chance κ; trust p in the others, R the reward still to come:

        κ = logistic((patience (peace p + p_rewarder R) - gain) / softness)
        gain from breach = temptation n/N (1 - verification)
        step done: chance pace Π κ a month;   breach by a party: chance hazard (1 - κ)

    R counts for the rewarded only. Steps grow dearer, so trust must grow with them (Osgood 1962, An
    Alternative to War or Surrender); the future must outweigh the gain from breach (Axelrod 1984),
    else promises cannot be kept (Fearon 1995, IO 49; Powell 2006, IO 60), unless somebody checks
    (Walter 1997, IO 51). The rewarder's offer is O = share(n) T of the reward T = O + promised:
    (1 - held back) n/N, all at the end, and nothing while the process is frozen. A breach, here or
    in any other mechanism, is seen in the month after. A step kept adds to the tie of the two who
    talk, a breach takes; the reward itself warms it through M1, trust learns of both through M6.
    Where M18 is in use the last step waits for its deal.
    """
    pair = (use.one("rewarder"), use.one("rewarded"))
    parties = tuple(dict.fromkeys((*pair, *use.all("others"))))
    phase, frozen = state.array(use.gauge("phase")), state.array(use.gauge("frozen"))
    chance = rng.random((2 + len(parties), state.runs))
    breached = np.sum([count_acts(state, BROKEN, one) for one in parties], axis=0) > 0
    running = ~breached & (frozen <= 0) & (phase < len(STEPS))
    keeps = _keep_chances(state, use, parties)
    done = running & _ready(state, phase) & (chance[0] < use["pace"] * keeps.prod(axis=0))
    hazards = use["hazard"] * (1 - keeps)
    broke = running & ~done & (chance[2:] < hazards)
    reached = np.maximum(phase + done - (breached & (chance[1] < use["rollback"])), 0.0)
    pause = np.where(breached, use["freeze"], np.maximum(frozen - 1, 0.0))
    share = np.where(pause > 0, 0.0, _released(reached, use["held back"]))
    offer, waiting = state.offers[pair], state.array(use.gauge("promised"))
    release = np.minimum((offer + waiting) * share, 1.0) - offer
    idle = state.array(use.gauge("idle"))
    months = np.where(done, 0.0, idle + 1)
    tie = state.ties[pair]
    return Change(
        shifts=(
            Shift("ties", pair, use["relief"] * done * (1 - tie) / 2, "a step was kept"),
            Shift("ties", pair, -use["anger"] * breached * (1 + tie) / 2, "a step was broken"),
            Shift("offers", pair, release, "the reward follows the phase"),
            Shift(use.gauge("promised"), (), -release, "the rest of the reward waits"),
            Shift(use.gauge("phase"), (), reached - phase, "a step is done or undone"),
            Shift(use.gauge("frozen"), (), pause - frozen, "a breach stops the process"),
            Shift(use.gauge("idle"), (), months - idle, "time since the last step"),
            *empty(state, use, KEPT, BROKEN),
            *_record(use, parties, done & _joins(parties, pair, phase), broke),
        ),
        findings={
            "released": share,
            "stalled": ((reached < len(STEPS)) & (months >= STALL)).astype(float),
            "breach chance": (1 - (1 - hazards).prod(axis=0)) * running,
            **by_actor("keep", use, parties, keeps),
        },
    )


def _keep_chances(state: State, use: Use, parties: Sequence[int]) -> Floats:
    """Return the chance that each party keeps the next step, a row a party; 1 before it joins."""
    rewarder, rewarded = pair = (use.one("rewarder"), use.one("rewarded"))
    phase = state.array(use.gauge("phase"))
    total = state.offers[pair] + state.array(use.gauge("promised"))
    rest = state.trust[rewarded, rewarder] * total * (1 - _released(phase, use["held back"]))
    step = np.minimum(phase + 1, len(STEPS)) / len(STEPS)
    tempted = use["temptation"] * step * (1 - use["verification"])
    rows = []
    for party in parties:
        trust = state.trust[party, [one for one in parties if one != party]].mean(axis=0)
        reward = rest if party == rewarded else 0.0
        future = use["patience"] * (use["peace"] * trust + reward)
        rows.append(_logistic((future - tempted) / use["softness"]))
    return np.where(_joins(parties, pair, phase), np.stack(rows), 1.0)


def _joins(parties: Sequence[int], pair: Sequence[int], phase: Floats) -> Flags:
    """Return who has a part in the next step, a row a party."""
    return np.stack([(phase + 1 >= JOINT) | (party in pair) for party in parties])


def _released(phase: Floats, held_back: Floats) -> Floats:
    """Return the share of the reward that is due after so many steps."""
    return np.where(phase < len(STEPS), (1 - held_back) * phase / len(STEPS), 1.0)


def _ready(state: State, phase: Floats) -> Flags:
    """Return where the next step may be done: the last one only on agreed terms."""
    deal = state.gauges.get("M18.deal", np.ones(state.runs))
    return (phase + 1 < len(STEPS)) | (deal > 0)


def _record(use: Use, parties: Sequence[int], kept: Flags, broke: Flags) -> list[Shift]:
    """Return the shifts that tell other mechanisms who kept and who broke a step."""
    rows = ((KEPT, kept, "kept its part of the step"), (BROKEN, broke, "broke its part"))
    return [
        Shift(use.gauge(kind.name), (party,), flags[row].astype(float), reason)
        for kind, flags, reason in rows
        for row, party in enumerate(parties)
    ]

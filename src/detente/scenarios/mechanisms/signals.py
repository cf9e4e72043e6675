"""What acts and words tell: votes, wording, and rival readings of the same events.

Mechanisms M16, M20 and M22. They move ties by what is learned, not by what is given; votes, texts
and claims enter as gauges or positions that moves change.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

TINY = 1e-12

UNREAD = -1.0
"""What a gauge between 0 and 1 holds before the first month."""

MOST_BIAS = 0.25
"""Conflict of interest from which cheap talk tells nothing (Crawford & Sobel's uniform example)."""

LEAST_DOUBT = 1e-3
"""Least chance that an unresolved speaker would say the same; so no text makes certain."""

HELD = 0.5
"""A vote is held in a run in which its gauge is above this."""


def _damped(tie: Floats, amount: Floats) -> Floats:
    """Return the change of a tie: less of it the nearer the tie is to the end it moves to."""
    room: Floats = np.where(amount > 0, 1 - tie, 1 + tie) / 2
    return room * amount


@mechanism(
    id="M16",
    title="Vote as a sign of line-up",
    family="signals",
    model="dynamic ideal points",
    reference="Bailey, Strezhnev & Voeten 2017; Martin & Quinn 2002",
    roles=(
        Role("sponsor", note="whose text is voted on; it stands at 1 of the line"),
        Role("voters", many=True, note="who vote"),
    ),
    parameters=(
        Parameter("slope", 1.0, 4.0, "log odds a point", "how sharply votes tell points apart"),
        Parameter("middle", -0.3, 0.3, "point", "where for and against are alike", least=-1.0),
        Parameter("walk", 0.01, 0.1, "points a month", "how far points wander unseen"),
        Parameter("surprise", 0.05, 0.2, "chance", "below it a vote breaks with the past"),
        Parameter("weight", 0.0, 0.4, "tie a point", "what a point nearer adds to a tie"),
    ),
    gauges=(
        Gauge("held", 0.0, 1.0, note="1 in a month with a vote; from moves"),
        Gauge("vote", -1.0, 1.0, axes=("actor",), note="1 for, -1 against, 0 abstains"),
        Gauge("known", 0.0, 1.0, note="whether points were read off the ties yet"),
        Gauge("point", -2.0, 2.0, axes=("actor",), note="ideal point"),
        Gauge("spread", 0.0, 1.0, 0.1, axes=("actor",), note="variance of the ideal point"),
    ),
    findings=("point {actor}", "break {actor}", "breaks"),
)
def vote(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Points are learned from votes, the more the less expected; ties follow the points' distance.

    Before the first vote θ_i is i's tie with the sponsor (itself 1). With y = 1 for, ½ abstained, 0
    against, and V_i the variance of θ_i:

        expected   P_i  = 1 / (1 + exp(-slope (θ_i - middle)))
        variance   V_i' = V / (1 + V slope² P (1 - P)),   V = V_i + walk²
        point      θ_i' = θ_i + V_i' slope (y - P_i)
        tie        Δs_ij = weight (|θ_i - θ_j| - |θ_i' - θ_j'|), damped at the ends of the scale

    One step of a dynamic logit for ideal points, filtered forward (Bailey et al. 2017, Journal of
    Conflict Resolution 61(2), smooth over the whole past instead and count an abstention between
    two cut points). A vote as expected says little; a break moves by nearly V slope, more after a
    silence. `break` is 1 in a month where the chance of the vote cast was below `surprise`.
    """
    voters = np.array(use.all("voters"), dtype=np.intp)
    sponsor, held = use.one("sponsor"), state.array(use.gauge("held"))
    points, spread = state.array(use.gauge("point")), state.array(use.gauge("spread"))
    first = state.ties[:, sponsor].copy()
    first[sponsor] = 1.0
    before = np.where(state.array(use.gauge("known")) > 0, points, first)
    cast = (state.array(use.gauge("vote")) + 1) / 2
    expected = 1 / (1 + np.exp(-use["slope"] * (before - use["middle"])))
    prior = np.minimum(spread + use["walk"] ** 2, 1.0)
    took_part = np.zeros((len(points), 1))
    took_part[voters] = 1.0
    counted = held * took_part
    narrowed = prior / (1 + prior * counted * use["slope"] ** 2 * expected * (1 - expected))
    after = np.clip(before + narrowed * use["slope"] * (cast - expected) * counted, -2.0, 2.0)
    # An abstention is half of either, so never a break.
    chance = cast * expected + (1 - cast) * (1 - expected)
    broke = (chance < use["surprise"]) & (counted > HELD)
    names = use.world.actors
    return Change(
        shifts=(
            *_line_up(state, use, voters, before, after),
            *(
                Shift(use.gauge(name), (), value, "votes so far")
                for name, value in (
                    ("point", after - points),
                    ("spread", narrowed - spread),
                    ("known", 1 - state.array(use.gauge("known"))),
                )
            ),
        ),
        findings={
            **{f"point {name}": after[place] for place, name in enumerate(names)},
            **{f"break {name}": broke[place].astype(float) for place, name in enumerate(names)},
            "breaks": broke.sum(axis=0).astype(float),
        },
    )


def _line_up(
    state: State, use: Use, voters: NDArray[np.intp], before: Floats, after: Floats
) -> list[Shift]:
    """Return how ties follow the distance of ideal points."""
    shifts = []
    for i, j in combinations(sorted(voters.tolist()), 2):
        nearer = np.abs(before[i] - before[j]) - np.abs(after[i] - after[j])
        amount = _damped(state.ties[i, j], use["weight"] * nearer)
        shifts.append(Shift("ties", (i, j), amount, "votes show who stands with whom"))
    return shifts


@mechanism(
    id="M20",
    title="Signal by wording",
    family="signals",
    model="cheap talk and costly signals",
    reference="Crawford & Sobel 1982; Fearon 1997",
    roles=(
        Role("speaker", note="who changes a text"),
        Role("hearer", note="who reads it"),
        Role("file", axis="issue", note="what it is about"),
    ),
    parameters=(
        Parameter("cost", 0.0, 0.5, "share", "chance that the cost stops a bluffer", most=1.0),
        Parameter(
            "lasting", 0.0, 1.0, "share", "of the cost, what no reversal brings back", most=1
        ),
        Parameter("nudge", 0.0, 0.3, "tie a belief", "what full belief in resolve does to the tie"),
    ),
    gauges=(
        Gauge("wording", -1.0, 1.0, note="firmness of the text, 0 as it was; from moves"),
        Gauge("heard", -1.0, 1.0, note="wording of last month"),
        Gauge("turns", 0.0, 100.0, note="wording taken back so far"),
        Gauge("resolve", 0.0, 1.0, 0.5, note="the hearer's belief that the speaker is resolved"),
        Gauge("chip", 0.0, 1.0, note="what the hearer would give to have the text back"),
    ),
    findings=("credibility", "resolve", "chip"),
)
def wording(state: State, use: Use, rng: np.random.Generator) -> Change:
    """A firmer text raises belief in resolve by as much as a bluffer would shrink from it.

    Let b be the distance of speaker and hearer on the file. Cheap talk partitions the scale into N
    parts, the greatest N with 2 N (N - 1) b < 1, and so tells (Crawford & Sobel 1982, uniform case)

        κ0 = 1 - 1/N² - 4 b² (N² - 1)     of the variance; nothing from b = 1/4 on

    Cost adds to it as far as it binds: credibility κ = 1 - (1 - κ0)(1 - cost lasting / (1 + turns))
    with turns the wording taken back before. A bluffer says the same with chance 1 - κ, so a change
    of wording Δw moves the belief in resolve by

        logit ρ' = logit ρ - ln(1 - κ) Δw
        Δs       = -nudge (ρ' - ρ) b w_h, damped     (resolve on what the hearer cares about)
        chip     = |w| ρ' w_h                         (of use to a package, as M7 makes)

    with w_h the hearer's salience. So a page that can be changed back tomorrow counts for little
    between rivals, and for less each time. Fearon 1997, Journal of Conflict Resolution 41(1).
    """
    speaker, hearer, file = use.one("speaker"), use.one("hearer"), use.one("file")
    text, heard = state.array(use.gauge("wording")), state.array(use.gauge("heard"))
    turns, belief = state.array(use.gauge("turns")), state.array(use.gauge("resolve"))
    step = text - heard
    apart = np.abs(state.positions[speaker, file] - state.positions[hearer, file])
    care = state.salience[hearer, file]
    bound = np.minimum(use["cost"] * use["lasting"], 1.0) / (1 + turns)
    doubt = np.clip((1 - cheap_talk(apart)) * (1 - bound), LEAST_DOUBT, 1.0)
    odds = belief * doubt**-step
    told = odds / np.maximum(odds + 1 - belief, TINY)
    nudge = -use["nudge"] * (told - belief) * apart * care
    chip = np.abs(text) * told * care
    taken_back = np.where(step * heard < 0, np.minimum(np.abs(step), np.abs(heard)), 0.0)
    learned = (
        ("heard", step),
        ("turns", taken_back),
        ("resolve", told - belief),
        ("chip", chip - state.array(use.gauge("chip"))),
    )
    return Change(
        shifts=(
            Shift(
                "ties",
                (speaker, hearer),
                _damped(state.ties[speaker, hearer], nudge),
                "the text tells of resolve",
            ),
            *(Shift(use.gauge(name), (), by, "the text as it stands") for name, by in learned),
        ),
        findings={"credibility": 1 - doubt, "resolve": told, "chip": chip},
    )


def cheap_talk(bias: Floats) -> Floats:
    """Return the share of variance that talk without cost tells, by the conflict of interest.

    Crawford & Sobel 1982, Econometrica 50(6), uniform and quadratic: their residual variance is
    1 / (12 N²) + b² (N² - 1) / 3.
    """
    # At a hundredth 96 % is told; closer than that two powers do not stand.
    b = np.maximum(np.minimum(bias, MOST_BIAS), 0.01)
    parts = np.ceil(-0.5 + 0.5 * np.sqrt(1 + 2 / b))
    found: Floats = 1 - 1 / parts**2 - 4 * b**2 * (parts**2 - 1)
    return np.maximum(found, 0.0)


@mechanism(
    id="M22",
    title="Rival readings",
    family="signals",
    model="linear opinion pool with learned weights",
    reference="Stone 1961; DeGroot 1974; Clemen & Winkler 1999",
    roles=(
        Role("holder", note="whose policy rests on the reading"),
        Role("voices", many=True, note="schools or actors whose reading is heard"),
        Role("about", note="of whose conduct the proposition speaks"),
        Role("topic", axis="issue", note="the proposition: position 1 is yes, salience how firm"),
    ),
    parameters=(
        Parameter("learning", 0.0, 1.0, "power", "how far an event's likelihood counts", most=1.0),
        Parameter("adoption", 0.0, 0.3, "share a month", "how fast the holder takes the pool over"),
        Parameter("policy", 0.0, 0.4, "tie a belief", "what belief in a threat takes from the tie"),
    ),
    gauges=(
        Gauge("event", -1.0, 1.0, note="evidence this month for (1) or against (-1); from moves"),
        Gauge("record", 0.0, 1.0, 0.5, axes=("actor",), note="of a voice; the best has 1"),
        Gauge("last belief", UNREAD, 1.0, UNREAD, note="pooled; -1 before the first month"),
    ),
    findings=("belief", "dissent", "yes", "open", "no", "weight {actor}", "apart {actor}"),
)
def rival_readings(state: State, use: Use, rng: np.random.Generator) -> Change:
    """Readings are pooled by record, trust and firmness; dissent is kept, and slows policy.

    Voice i gives the proposition x_i (its position); hedged, it counts as z_i = ½ + f_i (x_i - ½)
    with f_i its salience. With p_hi the holder's trust (1 in itself) and record g_i:

        share    ω_i ∝ g_i p_hi                       (linear pool, Stone 1961)
        belief   B = Σ ω_i z_i,   dissent  D² = Σ ω_i (z_i - B)²
        record   g_i ∝ g_i ((1 + e (2 z_i - 1)) / 2)^(learning |e|)   for an event e
        holder   Δx_h = adoption (B - x_h)
        tie      Δs_h,about = -policy ΔB (1 - 2D), damped

    The record is Bayes' rule tempered by `learning`: who had called the event likelier gains. The
    others keep what they say, so disagreement does not vanish by pooling, as it would in DeGroot
    1974. The proposition must be one that speaks of a threat. `yes`, `open` and `no` are the shares
    of weight with z above 2/3, between, and below 1/3; `apart` is a voice's distance from B.
    """
    voices = np.array(use.all("voices"), dtype=np.intp)
    holder, topic = use.one("holder"), use.one("topic")
    record = state.array(use.gauge("record"))
    readings = 0.5 + state.salience[voices, topic] * (state.positions[voices, topic] - 0.5)
    learned = _learn(state, use, record[voices], readings)
    heard = np.where((voices == holder)[:, None], 1.0, state.trust[holder, voices])
    shares = learned * heard + TINY
    shares = shares / shares.sum(axis=0)
    belief = (shares * readings).sum(axis=0)
    dissent = np.sqrt((shares * (readings - belief) ** 2).sum(axis=0))
    before = state.array(use.gauge("last belief"))
    change = np.where(before == UNREAD, 0.0, belief - before)
    about = use.one("about")
    turned = -use["policy"] * change * (1 - 2 * dissent)
    moved = np.zeros_like(record)
    moved[voices] = learned - record[voices]
    return Change(
        shifts=(
            Shift(
                "positions",
                (holder, topic),
                np.minimum(use["adoption"], 1.0) * (belief - state.positions[holder, topic]),
                "the holder takes the pooled reading over",
            ),
            Shift(
                "ties",
                (holder, about),
                _damped(state.ties[holder, about], turned),
                "policy follows the reading, less where it is disputed",
            ),
            Shift(use.gauge("record"), (), moved, "who foresaw the event gains weight"),
            Shift(use.gauge("last belief"), (), belief - before, "readings as they stand"),
        ),
        findings={
            "belief": belief,
            "dissent": dissent,
            "yes": (shares * (readings > 2 / 3)).sum(axis=0),
            "open": (shares * ((readings >= 1 / 3) & (readings <= 2 / 3))).sum(axis=0),
            "no": (shares * (readings < 1 / 3)).sum(axis=0),
            **by_actor("weight", use, voices.tolist(), shares),
            **by_actor("apart", use, voices.tolist(), np.abs(readings - belief)),
        },
    )


def _learn(state: State, use: Use, record: Floats, readings: Floats) -> Floats:
    """Return the records of the voices after the month's event; the best has 1."""
    event = state.array(use.gauge("event"))
    likely = np.maximum((1 + event * (2 * readings - 1)) / 2, 0.01)
    learned = record * likely ** (use["learning"] * np.abs(event))
    return np.where(event == 0, record, learned / np.maximum(learned.max(axis=0), TINY))

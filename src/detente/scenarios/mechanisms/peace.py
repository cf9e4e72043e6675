"""How a war might end: a third party's mediation, and the price of peace.

Mechanisms M11 and M18. The first moves the mediator's ties and its seat, the second the positions
of the two who fight, their tie, and whether there is a deal.
"""

from __future__ import annotations

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.mechanisms.promises import BROKEN, empty
from detente.scenarios.mechanisms.stakes import settle_alone, stakes_of
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

REFUSED, IDLE, OPEN, ACCEPTED = -1.0, 0.0, 1.0, 2.0


@mechanism(
    id="M11",
    title="Mediation opening",
    family="peace",
    model="biased mediation: cheap talk and leverage",
    reference="Kydd 2003; Touval & Zartman 1985",
    roles=(
        Role("mediator"),
        Role("first", note="one side of the war"),
        Role("second", note="the other side"),
        Role("host", shared=True, note="who runs the talks that there are, and may refuse"),
        Role("issue", axis="issue", note="what is talked about"),
    ),
    parameters=(
        Parameter("leverage", 0.0, 1.5, "chance a share", "that dependence on it moves a side"),
        Parameter("eagerness", 0.0, 0.3, "tie", "lean below which its word is not taken"),
        Parameter("prospect", 0.0, 0.6, "chance", "that talks come out well without it", most=1),
        Parameter("status", 0.0, 0.4, "chance", "cost of letting a full enemy mediate"),
        Parameter("pride", 0.0, 0.3, "chance", "what running the talks alone is worth to the host"),
        Parameter(
            "pace", 0.05, 0.5, "chance a month", "that an offer that suits all is taken", most=1
        ),
        Parameter("back channel", 0.0, 0.5, "share", "of the effect without acceptance", most=1),
        Parameter("credit", 0.0, 0.02, "tie a month", "what full mediation adds to its ties"),
        Parameter("slight", 0.0, 0.05, "tie", "what a refusal takes"),
    ),
    gauges=(
        Gauge("effort", 0.0, 1.0, note="how hard the mediator tries; 0 is idle"),
        Gauge("stage", REFUSED, ACCEPTED, note="-1 refused, 0 no offer, 1 open, 2 accepted"),
        Gauge("insight", 0.0, 1.0, note="doubt about resolve that its word and weight take away"),
    ),
    findings=("accepted", "chance", "say", "distance", "gain {actor}", "credible {actor}"),
)
def mediation(state: State, use: Use, rng: np.random.Generator) -> Change:
    """A mediator is let in when all gain by more than it costs their standing; friends believe it.

    Its lean to side i of two is (s_mi - s_mj) / 2. Who only wants peace would always say that the
    other is resolute; so i believes it only where it leans to i (Kydd 2003, AJPS 47(4)). A side may
    also be moved by its dependence d_im (Touval & Zartman 1985). With effort e and salience w:

        belief b_i = p_im [lean_i > eagerness]
        chance q = e (1 - Π_i (1 - b_i)(1 - leverage d_im))
        gain_i = w_i (q (1 - prospect p_i,host) + tilt_i) - status (1 - s_im) / 2 - pride [host]

    over both sides and the host (whose prospect is full); tilt is how much nearer to i the outcome
    comes with the mediator at the table. All gains above 0: accepted with chance `pace` a month,
    and the mediator has a seat. Else refused: a slight to the tie with those who refuse. `insight`
    is q when accepted, a back channel's share of it else: it adds to the mediator's ties with both
    sides, and M18 reads it. Outcomes are means over the seated, by capability × salience; `say` is
    the mediator's weight there, `distance` how far from its position the outcome lies.
    """
    mediator, host = use.one("mediator"), use.one("host")
    first, second = sides = (use.one("first"), use.one("second"))
    effort, stage = state.array(use.gauge("effort")), state.array(use.gauge("stage"))
    belief = {i: _belief(state, use, i, j) for i, j in (sides, sides[::-1])}
    unmoved = np.ones(state.runs)
    for i in sides:
        lever = np.clip(use["leverage"] * state.dependence[i, mediator], 0.0, 1.0)
        unmoved = unmoved * (1 - belief[i]) * (1 - lever)
    chance = effort * (1 - unmoved)
    gains = {i: _gain(state, use, i, chance) for i in dict.fromkeys((first, second, host))}
    agreed = np.min(list(gains.values()), axis=0) > 0
    taken = (stage == ACCEPTED) | (agreed & (rng.random(state.runs) < use["pace"]))
    reply = np.where(taken, ACCEPTED, np.where(agreed, OPEN, REFUSED))
    after = np.where(effort > 0, reply, IDLE)
    accepted = after == ACCEPTED
    before = state.array(use.gauge("insight"))
    insight = chance * np.where(accepted, 1.0, use["back channel"])
    slighted = use["slight"] * ((after == REFUSED) & (stage != REFUSED))
    place = (mediator, use.one("issue"))
    seat = np.where(accepted & (stage != ACCEPTED), 1 - state.seats[place], 0.0)
    outcome = _outcome(state, use.one("issue"))
    return Change(
        shifts=(
            *(_closer(state, mediator, i, use["credit"] * insight) for i in sides),
            *(_cooler(state, mediator, i, slighted * (gain <= 0)) for i, gain in gains.items()),
            Shift("seats", place, seat, "a mediator who is let in has a seat"),
            Shift(use.gauge("stage"), (), after - stage, "the sides answer the offer"),
            Shift(use.gauge("insight"), (), insight - before, "the mediator's word and weight"),
        ),
        findings={
            "accepted": accepted.astype(float),
            "chance": chance,
            "say": _say(state, use.one("issue"), mediator),
            "distance": np.abs(outcome - state.positions[place]),
            **by_actor("gain", use, list(gains), np.stack(list(gains.values()))),
            **by_actor("credible", use, sides, np.stack([belief[i] for i in sides])),
        },
    )


def _belief(state: State, use: Use, side: int, other: int) -> Floats:
    """Return how far a side believes the mediator: its trust, where the mediator leans to it."""
    mediator = use.one("mediator")
    lean = (state.ties[mediator, side] - state.ties[mediator, other]) / 2
    return np.where(lean > use["eagerness"], state.trust[side, mediator], 0.0)


def _gain(state: State, use: Use, actor: int, chance: Floats) -> Floats:
    """Return what an actor gains by letting the mediator in."""
    mediator, host, issue = use.one("mediator"), use.one("host"), use.one("issue")
    without, with_it = (
        _outcome(state, issue, _seated(state, issue, mediator, seat)) for seat in (0.0, 1.0)
    )
    own = state.positions[actor, issue]
    tilt = np.abs(own - without) - np.abs(own - with_it)
    faith = 1.0 if actor == host else state.trust[actor, host]
    gain = state.salience[actor, issue] * (chance * (1 - use["prospect"] * faith) + tilt)
    cost = use["status"] * (1 - state.ties[actor, mediator]) / 2
    return np.asarray(gain - cost - (use["pride"] if actor == host else 0.0))


def _outcome(state: State, issue: int, seats: Floats | None = None) -> Floats:
    """Return the mean position of those at the table, or of those in `seats`, by their weight."""
    stakes = stakes_of(state, range(len(state.world.actors)), [issue])
    sitting = None if seats is None else seats.T[:, :, None]
    return settle_alone(stakes, sitting)[:, 0]


def _seated(state: State, issue: int, actor: int, seat: float) -> Floats:
    """Return the seats on an issue with that of one actor taken or left."""
    seats = state.seats[:, issue].copy()
    seats[actor] = seat
    return seats


def _say(state: State, issue: int, actor: int) -> Floats:
    """Return an actor's share of the weight at the table."""
    weights = state.capability * state.salience[:, issue] * state.seats[:, issue]
    return np.asarray(weights[actor] / np.maximum(weights.sum(axis=0), 1e-12))


def _closer(state: State, a: int, b: int, amount: Floats) -> Shift:
    return Shift("ties", (a, b), amount * (1 - state.ties[a, b]) / 2, "thanks to the mediator")


def _cooler(state: State, a: int, b: int, amount: Floats) -> Shift:
    return Shift("ties", (a, b), -amount * (1 + state.ties[a, b]) / 2, "the offer is refused")


@mechanism(
    id="M18",
    title="Price of peace",
    family="peace",
    model="bargaining range under a commitment problem",
    reference="Fearon 1995; Powell 2006; Walter 1997; Hirshleifer 1989; Bueno de Mesquita 1997",
    roles=(
        Role("claimant", note="who wants position 1 of the line"),
        Role("holder", note="who wants position 0"),
        Role("backers", many=True, note="who may help one of the two, by their ties"),
        Role("line", axis="issue", note="what is fought over"),
        Role("guarantee", axis="issue", note="what is to secure the holder; 1 is most"),
    ),
    parameters=(
        Parameter("decisiveness", 0.0, 1.0, "exponent", "how far means decide the war"),
        Parameter("backing", 0.0, 0.1, "share", "of a full friend's means that it lends", most=1),
        Parameter("claimant cost", 0.05, 0.35, "share of the line", "of fighting on"),
        Parameter("holder cost", 0.05, 0.35, "share of the line", "of fighting on"),
        Parameter("home", 0.0, 0.3, "share of the line", "cost that full opposition at home adds"),
        Parameter("rearming", 0.0, 0.2, "share of the line", "won by who breaks the peace later"),
        Parameter(
            "later", 0.3, 0.8, "share", "weight of the time after a breach could come", most=0.95
        ),
        Parameter(
            "surety", 0.0, 1.0, "chance", "that a full guarantee makes the claimant keep", most=1
        ),
        Parameter(
            "objection", 0.0, 0.3, "share of the line", "asked for a full unwanted guarantee"
        ),
        Parameter("doubt", 0.05, 0.4, "share of the line", "what each does not know of the other"),
        Parameter(
            "pace", 0.0, 0.08, "chance a month", "of a deal, if nothing were in doubt", most=1
        ),
        Parameter(
            "relapse", 0.0, 0.05, "chance a month", "that a peace that none trusts breaks", most=1
        ),
        Parameter("concession", 0.0, 0.05, "share a month", "how fast positions near the line"),
        Parameter("easing", 0.0, 0.05, "tie a month", "what a peace adds to the tie"),
    ),
    gauges=(Gauge("deal", 0.0, 1.0, note="1 while there is a peace"), BROKEN),
    findings=("win share", "low", "high", "width", "line", "risk"),
)
def price_of_peace(state: State, use: Use, rng: np.random.Generator) -> Change:
    """A deal lies between what each side would get by fighting on; it must be kept to be worth it.

    War is a costly lottery with mean F = C^m / (C^m + H^m), C and H being means with what friends
    lend (Hirshleifer 1989, Public Choice 63). A deal x holds with chance h, judged by trust (and,
    for the holder, by surety × guarantee g); else war returns, `rearming` worse. So (Fearon 1995,
    IO 49; Powell 2006, IO 60; Walter 1997, IO 51), with cost k + home × opposition:

        claimant takes x ≥ low  = F - k_c + r(h_c) rearming + objection w |x_c - g|
        holder takes   x ≤ high = F + k_h - r(h_h) rearming
        r(h) = later (1 - h) / (1 - later (1 - h))

    Where low ≤ high there is a price. `line` is what the seated would have (mean by capability ×
    salience, as Bueno de Mesquita 1997), kept within the range; without one it is F. A deal comes
    with chance pace width / (width + doubt (1 - insight)) a month, insight being the mediator's
    (M11). It may break: relapse (1 - h) for each side, and is then a broken promise. Positions near
    the line while there is a range. Lines are shares: 0 the holder's wish, 1 the claimant's.
    `risk` is the chance, as the two see it, that a deal would not be kept.
    """
    claimant, holder = pair = (use.one("claimant"), use.one("holder"))
    at, deal = use.one("line"), state.array(use.gauge("deal"))
    front = _win_share(state, use)
    holds = _promises(state, use)
    low, high = _range(state, use, front, holds)
    width = high - low
    wished = _outcome(state, at)
    line = np.where(width >= 0, np.clip(wished, low, np.maximum(low, high)), front)
    draws = rng.random((3, state.runs))
    made = (deal == 0) & (draws[0] < _deal_chance(state, use, width))
    broke = [(deal > 0) & (draws[1 + n] < use["relapse"] * (1 - holds[n])) for n in (0, 1)]
    ease = use["easing"] * deal * (1 - state.ties[pair]) / 2
    give = use["concession"] * (width >= 0)
    return Change(
        shifts=(
            Shift("ties", pair, ease, "peace eases"),
            *(
                Shift(
                    "positions", (i, at), give * (line - state.positions[i, at]), "nears the line"
                )
                for i in pair
            ),
            Shift(use.gauge("deal"), (), made.astype(float), "the sides agree"),
            Shift(use.gauge("deal"), (), -(broke[0] | broke[1]).astype(float), "the peace breaks"),
            *empty(state, use, BROKEN),
            *(
                Shift(use.gauge("broken"), (i,), broken.astype(float), "broke the peace")
                for i, broken in zip((holder, claimant), broke, strict=True)
            ),
        ),
        findings={
            "win share": front,
            "low": low,
            "high": high,
            "width": width,
            "line": line,
            "risk": 1 - holds[0] * holds[1],
        },
    )


def _deal_chance(state: State, use: Use, width: Floats) -> Floats:
    """Return the chance of a deal this month: the wider the range against what is in doubt."""
    doubt = use["doubt"] * (1 - state.gauges.get("M11.insight", np.zeros(state.runs)))
    room = np.maximum(width, 0.0)
    return np.asarray(use["pace"] * room / np.maximum(room + doubt, 1e-12))


def _win_share(state: State, use: Use) -> Floats:
    """Return the share of the line that the claimant would have by fighting on."""
    means, sides = [], (use.one("claimant"), use.one("holder"))
    for side in sides:
        lent = np.zeros(state.runs)
        for friend in (one for one in use.all("backers") if one not in sides):
            lent = lent + state.capability[friend] * np.maximum(state.ties[friend, side], 0.0)
        means.append(np.maximum(state.capability[side] + use["backing"] * lent, 1e-12))
    return np.asarray(1 / (1 + (means[1] / means[0]) ** use["decisiveness"]))


def _promises(state: State, use: Use) -> tuple[Floats, Floats]:
    """Return the chance that the holder's promise holds, as the claimant sees it; and the other."""
    claimant, holder = use.one("claimant"), use.one("holder")
    secured = use["surety"] * _outcome(state, use.one("guarantee"))
    kept = 1 - (1 - state.trust[holder, claimant]) * (1 - secured)
    return state.trust[claimant, holder], kept


def _range(
    state: State, use: Use, front: Floats, holds: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return the least that the claimant and the most that the holder would agree to."""
    claimant, holder, issue = use.one("claimant"), use.one("holder"), use.one("guarantee")
    guarantee = _outcome(state, issue)
    unwanted = np.abs(state.positions[claimant, issue] - guarantee)
    asked = use["objection"] * state.salience[claimant, issue] * unwanted
    worse = [use["later"] * (1 - hold) for hold in holds]
    fears = [use["rearming"] * part / (1 - part) for part in worse]
    costs = {i: use["home"] * state.opposition[i] for i in (claimant, holder)}
    low = front - use["claimant cost"] - costs[claimant] + fears[0] + asked
    high = front + use["holder cost"] + costs[holder] - fears[1]
    return np.maximum(low, 0.0), np.minimum(high, 1.0)

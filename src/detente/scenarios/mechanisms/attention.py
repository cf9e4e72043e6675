"""Where means and eyes go: the turn to another theatre, and strategic distraction.

Mechanisms M13 and M14. They move attention over theatres, and M13 the ties that follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.scenarios.mechanisms.mechanism import Parameter, Role, Use, by_actor, mechanism
from detente.scenarios.state import Change, Floats, Gauge, Shift, State

TINY = 1e-12

MOST_RATIO = 100.0
"""Force ratios above this are given as this: one side has next to nothing there."""

UNSEEN = -1.0
"""What a gauge of last month's value holds before the first month."""


@dataclass(frozen=True, slots=True, eq=False)
class _Theatre:
    """What stands in a theatre, a number a run.

    Attributes:
        allied: projected means of the leader's friends there.
        opposing: projected means of rival and adversary.
        hostile: the same, each weighted by its enmity to the leader.
    """

    allied: Floats
    opposing: Floats
    hostile: Floats

    def share(self, own: Floats) -> Floats:
        """Return the leader's side as a share of all force there; half where there is none."""
        friendly = own + self.allied
        total = friendly + self.opposing
        found: Floats = np.where(total > TINY, friendly / np.maximum(total, TINY), 0.5)
        return found

    def ratio(self, own: Floats) -> Floats:
        """Return the force ratio of the leader's side to the opposing one."""
        share = self.share(own)
        return np.minimum(share / np.maximum(1 - share, TINY), MOST_RATIO)


@mechanism(
    id="M13",
    title="Turn to another theatre",
    family="attention",
    model="lottery Colonel Blotto with a loss-of-strength gradient; balance of threat",
    reference="Friedman 1958; Roberson 2006; Boulding 1962; Walt 1987",
    roles=(
        Role("leader", note="who divides its means between two theatres, away from home in both"),
        Role("rival", note="who is at home in the theatre turned to"),
        Role("adversary", note="who is at home in the theatre turned from"),
        Role("allies", many=True, note="friends at home in the theatre turned from"),
        Role("courted", many=True, note="who is at home in the theatre turned to and may be won"),
        Role("focus", axis="theatre", note="the theatre turned to"),
        Role("other", axis="theatre", note="the theatre turned from"),
    ),
    parameters=(
        Parameter("pace", 0.0, 0.15, "share a month", "part of the gap to the best division made"),
        Parameter("away", 0.3, 0.9, "share", "strength the leader keeps abroad", least=0.01),
        Parameter("reach", 0.0, 0.4, "share", "strength the others keep in the far theatre"),
        Parameter("stake", 0.5, 2.0, "ratio", "worth of the focus over the other theatre"),
        Parameter("follow", 0.0, 1.0, "share", "of the leader's shift, by a wholly dependent ally"),
        Parameter("strain", 0.0, 0.5, "tie a share of force", "what more pressure costs the tie"),
        Parameter("counterweight", 0.0, 0.5, "tie a share of force", "what it wins the adversary"),
        Parameter("courting", 0.0, 0.02, "tie a month", "what a threatened state adds to the tie"),
    ),
    gauges=(
        Gauge("last pressure", UNSEEN, 1.0, UNSEEN, note="-1 before the first month"),
        Gauge("last share", UNSEEN, 1.0, UNSEEN, note="-1 before the first month"),
    ),
    findings=("pressure", "force ratio focus", "force ratio other", "best share", "share"),
)
def turn_to_theatre(state: State, use: Use, rng: np.random.Generator) -> Change:
    """The leader divides its means so that the last of them does as much good in either theatre.

    Force of i in theatre k is c_i a_ik e_ik (Boulding's gradient in steps): e = 1 at home, `away`
    for the leader in both, `reach` for the others in the one far from them. Let u = c_L away be the
    leader's own, G_k its friends' force (each by the good part of its tie), T_k that of rival and
    adversary, h_j = (1 - s_Lj) / 2 their enmity.
    The loss that the leader expects is, in the lottery form of Colonel Blotto (Friedman 1958; its
    best reply is pure, unlike that of the auction form, Roberson 2006),

        D = Σ_k stake_k H_k / (u a_k + G_k + T_k),   H_k = Σ_j h_j T_jk

    and is least, with b_k = (G_k + T_k) / u and r the share of sqrt(stake_f H_f) in both, at

        a*_f = clip(r (A + b_f + b_o) - b_f, 0, A),   A = a_f + a_o;   Δa_f = pace (a*_f - a_f)

    So calm in the other theatre frees means: less enmity always, less force as long as force there
    is about matched; where one is far outnumbered the last man does little good. Of the change in
    the leader's division z = a_f / A an ally makes the part `follow` d_iL in its own. `pressure` P
    is the friendly share of all force in the focus. The rival answers its rise (Walt 1987): Δs_LR =
    -strain ΔP⁺ (1 + s) / 2, Δs_RA = counterweight ΔP⁺ (1 - s) / 2. A state there that the rival
    threatens is courted the more the leader is turned and outweighed: Δs_Lc = courting z (1 - P)
    (1 - s_cR) / 2 (1 - s_Lc) / 2. Changes are those since last month, whoever made them; moves of
    the first month stand at their start. Attention in shares, ties on their scale.
    """
    leader, rival, focus = use.one("leader"), use.one("rival"), use.one("focus")
    here, there = _theatre(state, use, focus), _theatre(state, use, use.one("other"))
    means = state.attention[leader, focus] + state.attention[leader, use.one("other")]
    now, best = state.attention[leader, focus], _best_division(state, use, here, there)
    own = state.capability[leader] * use["away"]
    pressure, share = here.share(own * now), now / np.maximum(means, TINY)
    before = state.array(use.gauge("last pressure"))
    more = np.where(before == UNSEEN, 0.0, np.maximum(pressure - before, 0.0))
    last = state.array(use.gauge("last share"))
    turned = np.where(last == UNSEEN, 0.0, share - last)
    adversary = use.one("adversary")
    strain = use["strain"] * more * (1 + state.ties[leader, rival]) / 2
    lean = use["counterweight"] * more * (1 - state.ties[rival, adversary]) / 2
    return Change(
        shifts=(
            *_redirect(use, leader, use["pace"] * (best - now), "effort goes where it does most"),
            *_following(state, use, turned),
            Shift("ties", (leader, rival), -strain, "more force stands against the rival"),
            Shift("ties", (rival, adversary), lean, "the rival seeks a counterweight"),
            *_courting(state, use, share * (1 - pressure)),
            Shift(use.gauge("last pressure"), (), pressure - before, "force as it stands"),
            Shift(use.gauge("last share"), (), share - last, "means as they stand"),
        ),
        findings={
            "pressure": pressure,
            "force ratio focus": here.ratio(own * now),
            "force ratio other": there.ratio(own * (means - now)),
            "best share": best / np.maximum(means, TINY),
            "share": share,
        },
    )


def _theatre(state: State, use: Use, theatre: int) -> _Theatre:
    """Return what stands in a theatre beside the leader's own force."""
    leader, rival, adversary = use.one("leader"), use.one("rival"), use.one("adversary")
    in_focus = theatre == use.one("focus")

    def force(actor: int, at_home: bool) -> Floats:
        reach = 1.0 if at_home else use["reach"]
        projected: Floats = state.capability[actor] * state.attention[actor, theatre] * reach
        return projected

    allied = np.zeros(state.runs)
    for role, at_home in (("allies", not in_focus), ("courted", in_focus)):
        for friend in _others(use, role):
            allied = allied + force(friend, at_home) * np.maximum(state.ties[leader, friend], 0.0)
    facing = ((rival, force(rival, in_focus)), (adversary, force(adversary, not in_focus)))
    hostile = sum((mass * (1 - state.ties[leader, one]) / 2 for one, mass in facing), allied * 0)
    return _Theatre(allied, facing[0][1] + facing[1][1], hostile)


def _others(use: Use, role: str) -> tuple[int, ...]:
    """Return who plays a role, without leader, rival and adversary."""
    taken = (use.one("leader"), use.one("rival"), use.one("adversary"))
    return tuple(one for one in use.all(role) if one not in taken)


def _best_division(state: State, use: Use, here: _Theatre, there: _Theatre) -> Floats:
    """Return the leader's attention to the focus at which its expected loss is least."""
    leader = use.one("leader")
    now = state.attention[leader, use.one("focus")]
    means = now + state.attention[leader, use.one("other")]
    unit = np.maximum(state.capability[leader] * use["away"], TINY)
    pull, hold = np.sqrt(use["stake"] * here.hostile), np.sqrt(there.hostile)
    part = pull / np.maximum(pull + hold, TINY)
    held_here = (here.allied + here.opposing) / unit
    held_there = (there.allied + there.opposing) / unit
    best = np.clip(part * (means + held_here + held_there) - held_here, 0.0, means)
    found: Floats = np.where(pull + hold > TINY, best, now)
    return found


def _redirect(use: Use, actor: int, amount: Floats, reason: str) -> tuple[Shift, Shift]:
    """Return the shifts that take an actor's attention from the other theatre to the focus."""
    return (
        Shift("attention", (actor, use.one("focus")), amount, reason),
        Shift("attention", (actor, use.one("other")), -amount, reason),
    )


def _following(state: State, use: Use, turned: Floats) -> list[Shift]:
    """Return how allies shift as the leader has, by their dependence."""
    leader, focus, other = use.one("leader"), use.one("focus"), use.one("other")
    shifts: list[Shift] = []
    for ally in _others(use, "allies"):
        here, there = state.attention[ally, focus], state.attention[ally, other]
        wanted = use["follow"] * state.dependence[ally, leader] * turned * (here + there)
        # What is not there cannot be drawn off.
        shifts.extend(
            _redirect(use, ally, np.clip(wanted, -here, there), "a dependent ally follows")
        )
    return shifts


def _courting(state: State, use: Use, need: Floats) -> list[Shift]:
    """Return how states that the rival threatens come nearer to a leader in need of them."""
    leader, rival = use.one("leader"), use.one("rival")
    shifts = []
    for one in _others(use, "courted"):
        threatened = (1 - state.ties[one, rival]) / 2
        nearer = use["courting"] * need * threatened * (1 - state.ties[leader, one]) / 2
        shifts.append(Shift("ties", (leader, one), nearer, "a threatened state is courted"))
    return shifts


@mechanism(
    id="M14",
    title="Strategic distraction",
    family="attention",
    model="limited attention; inference of a hidden aim from cost",
    reference="Jervis 1970; Spence 1973",
    roles=(
        Role("actor", note="who acts in sight"),
        Role("partner", note="towards whom; what is held out to it is the cost"),
        Role("observers", many=True, note="who watch"),
        Role("shown", axis="theatre", note="where the eyes are drawn"),
        Role("shielded", axis="theatre", note="from where"),
    ),
    parameters=(
        Parameter("capture", 0.0, 0.2, "share a month", "attention that a full show draws off"),
        Parameter("fading", 0.05, 0.5, "share a month", "how fast it comes back without a show"),
        Parameter(
            "acuity", 0.0, 1.0, "log odds a month", "how well cost tells the aims apart", most=20
        ),
    ),
    gauges=(
        Gauge("show", 0.0, 1.0, note="how much of the news the visible track fills; from moves"),
        Gauge("belief", 0.0, 1.0, 0.2, axes=("actor",), note="that the aim is to distract"),
        Gauge("drawn", 0.0, 1.0, axes=("actor",), note="attention drawn off so far"),
    ),
    findings=("cover", "mean belief", "belief {actor}", "drawn {actor}"),
)
def distraction(state: State, use: Use, rng: np.random.Generator) -> Change:
    """A show draws attention off the shielded theatre, until observers see how little it costs.

    With v the show, x = O_ap the offer behind it (its cost, 0 to 1), b_i the belief of observer i
    that the aim is to distract, y_i what has been drawn off. Who means it pays: density of the cost
    exp(k x) under the open aim, exp(-k x) under the hidden one, both on [0, 1], so that

        logit b_i += acuity v (1 - 2x)              (Bayes; half the scale tells nothing)
        grip  h_i  = v (1 - b_i)
        Δy_i       = capture h_i a_i,shielded - fading (1 - h_i) y_i
        Δa_i,shown = Δy_i,   Δa_i,shielded = -Δy_i

    So a costly show is believed and holds the eyes; a cheap one gives itself away (Jervis 1970, The
    Logic of Images: signals and indices). `cover` is the share of the observers' attention to the
    shielded theatre, by capability, that is drawn off; `mean belief` weighs them alike. Where an
    actor's own means go is M13's business; here only the eyes of others move.
    """
    actor, shown, shielded = use.one("actor"), use.one("shown"), use.one("shielded")
    show = state.array(use.gauge("show"))
    cost = state.offers[actor, use.one("partner")]
    beliefs, drawn = state.array(use.gauge("belief")), state.array(use.gauge("drawn"))
    observers = np.array([one for one in use.all("observers") if one != actor], dtype=np.intp)
    told = _update(beliefs[observers], use["acuity"] * show * (1 - 2 * cost))
    grip = show * (1 - told)
    watched = state.attention[observers, shielded]
    moved = use["capture"] * grip * watched
    moved = moved - np.minimum(use["fading"], 1.0) * (1 - grip) * drawn[observers]
    off = drawn[observers] + moved
    shifts = []
    for place, one in enumerate(observers.tolist()):
        learned = told[place] - beliefs[one]
        shifts += [
            Shift("attention", (one, shown), moved[place], "the show draws the eyes"),
            Shift("attention", (one, shielded), -moved[place], "the show draws the eyes"),
            Shift(use.gauge("drawn"), (one,), moved[place], "the show draws the eyes"),
            Shift(use.gauge("belief"), (one,), learned, "its cost tells of its aim"),
        ]
    weight = state.capability[observers]
    full = (weight * (watched + drawn[observers])).sum(axis=0)
    findings = {
        "cover": np.clip((weight * off).sum(axis=0) / np.maximum(full, TINY), 0.0, 1.0),
        "mean belief": told.mean(axis=0) if observers.size else np.zeros(state.runs),
    }
    findings |= by_actor("belief", use, observers.tolist(), told)
    findings |= by_actor("drawn", use, observers.tolist(), off)
    return Change(shifts=tuple(shifts), findings=findings)


def _update(belief: Floats, evidence: Floats) -> Floats:
    """Return a belief after evidence in log odds; certainty stays certain."""
    odds = belief * np.exp(evidence)
    found: Floats = odds / np.maximum(odds + 1 - belief, TINY)
    return found

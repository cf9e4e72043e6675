"""Blocs: which powers stand together against which, how firmly, and who changes sides.

In: ties. Out: the `Blocs` of a period: the partition that frustrates the least (`clustering`) with
its value, bound and rivals, and how firmly each actor belongs (`firmness`); over time with blocs
that keep their label from period to period, and the `Movement`s between them.

Two blocs are what structural balance leads to (Cartwright & Harary 1956), any number what it leads
to where the enemy of an enemy is no friend (Davis 1967).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx
import numpy as np

from detente.errors import InputError
from detente.relations.clustering import Partitions, cut_ties, optimal_partitions
from detente.relations.enumeration import Ints
from detente.relations.firmness import draw_partitions, share_in_place
from detente.relations.periods import last_day
from detente.relations.signed import SignedNetwork, network_of_ties
from detente.relations.triangle import LASTING
from detente.schema import Record, Tie

Firmness = Literal["draws", "optimal"]
Shares = Literal["exact draws", "searched draws", "optimal partitions"]
Labels = dict[str, int]


class Blocs(Record, frozen=True, kw_only=True):
    """The blocs of one period.

    Attributes:
        period: label of the period.
        context: `all`, or one PLOVER context.
        k: 2 where two blocs were asked for, null for any number.
        blocs: actors of each bloc, sorted; by component, then the largest first.
        components: for each bloc the number of its connected component, the largest 0. Blocs of
            different components have no tie between them: nothing says how they stand.
        labels: for each bloc the number that it keeps over time. Of two blocs, `2p` and `2p + 1`
            are the two sides of one opposition.
        unplaced: actors without a tie that has a sign; they belong to no bloc.
        value: weight of the frustrated ties.
        lower_bound: no partition frustrates less.
        proved: whether the value is the least.
        frustrated: dyads that are friendly between blocs or hostile inside one.
        n_optimal: optimal partitions known; all where `complete`. More than one means that the
            blocs shown are a choice among equals.
        complete: whether all of them were listed.
        membership: for each placed actor the share of solutions in which it is where the blocs
            have it, 0 to 1; of two blocs a half is what chance gives.
        shares: what the solutions are: best partitions of draws of the ties, found exactly or by
            local search, or the optimal partitions themselves.
        ties: the ties that took part, with their events; undetermined ones only in the draws.
    """

    period: str
    context: str = "all"
    k: int | None
    blocs: tuple[tuple[str, ...], ...]
    components: tuple[int, ...]
    labels: tuple[int, ...]
    unplaced: tuple[str, ...]
    value: float
    lower_bound: float
    proved: bool
    frustrated: tuple[tuple[str, str], ...]
    n_optimal: int
    complete: bool
    membership: dict[str, float]
    shares: Shares
    ties: tuple[Tie, ...]

    @property
    def label_of(self) -> Labels:
        """Return the label of each placed actor's bloc."""
        return {
            actor: label
            for bloc, label in zip(self.blocs, self.labels, strict=True)
            for actor in bloc
        }


class Movement(Record, frozen=True, kw_only=True):
    """An actor found in another bloc than when it was placed last.

    Attributes:
        actor: who.
        since: the last period in which it was placed before.
        period: the first period in the new bloc.
        before: label of the old bloc.
        after: label of the new bloc.
        firmness_before: how firmly it belonged then, 0 to 1.
        firmness_after: how firmly it belongs now.
        lasts: whether it is found there in `LASTING` of its periods in a row; false also where the
            periods end before that can be seen.
        ties: its ties in the first period of the new bloc.
    """

    actor: str
    since: str
    period: str
    before: int
    after: int
    firmness_before: float
    firmness_after: float
    lasts: bool
    ties: tuple[Tie, ...]


@dataclass(slots=True, frozen=True)
class _Options:
    k: int | None
    context: str
    weighted: bool
    firmness: Firmness
    limit: int
    draws: int
    seed: int
    time_limit: float

    def __post_init__(self) -> None:
        if self.draws < 1:
            raise InputError(f"draws {self.draws}: give at least 1")
        if self.firmness not in ("draws", "optimal"):
            raise InputError(f"firmness {self.firmness!r} is neither 'draws' nor 'optimal'")


def find_blocs(
    ties: Sequence[Tie],
    *,
    period: str,
    context: str = "all",
    k: int | None = 2,
    weighted: bool = False,
    firmness: Firmness = "draws",
    limit: int = 100,
    draws: int = 200,
    seed: int = 1,
    time_limit: float = 60.0,
) -> Blocs:
    """Return the blocs of one period.

    Args:
        ties: ties; those of other periods and contexts are left out.
        period: label of the period.
        context: `all`, or one PLOVER context.
        k: 2, or None for any number of blocs.
        weighted: whether a tie weighs its strength `s` instead of its sign.
        firmness: what membership is a share of: `draws` of the ties from their intervals, or the
            `optimal` partitions of the ties as they are.
        limit: most optimal partitions that are gone through.
        draws: number of draws.
        seed: seed of the draws.
        time_limit: seconds for the search; where they run out, `proved` is false.

    Raises:
        InputError: an option out of range, or a dyad with two ties in the period.
    """
    options = _Options(k, context, weighted, firmness, limit, draws, seed, time_limit)
    return _find(ties, period, options, {})


def blocs_over_time(
    ties: Sequence[Tie],
    *,
    context: str = "all",
    k: int | None = 2,
    weighted: bool = False,
    firmness: Firmness = "draws",
    limit: int = 100,
    draws: int = 200,
    seed: int = 1,
    time_limit: float = 60.0,
) -> list[Blocs]:
    """Return the blocs of each period of the ties, in time order, with labels that last.

    Labels follow the actors: each bloc takes the label under which most of its actors were known
    last. Among partitions that are equally good, the one that moves fewest of them is taken. The
    arguments are those of `find_blocs`; `time_limit` is for each period.

    Raises:
        InputError: as `find_blocs`, or a period that is not of a calendar (`all` is left out).
    """
    options = _Options(k, context, weighted, firmness, limit, draws, seed, time_limit)
    by_period: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.context == context and tie.period != "all":
            by_period[tie.period].append(tie)
    known: Labels = {}
    found = []
    for period in sorted(by_period, key=last_day):
        blocs = _find(by_period[period], period, options, known)
        known = known | blocs.label_of
        found.append(blocs)
    return found


def movements(series: Sequence[Blocs]) -> list[Movement]:
    """Return who changed blocs and when, from blocs in time order (`blocs_over_time`).

    Periods in which an actor has no bloc neither confirm nor end its place. Of two blocs, only a
    change between the two sides of one opposition is a movement; the sides of another one are
    others by name only.

    Raises:
        InputError: blocs of several `k` or contexts together.
    """
    if len({(blocs.k, blocs.context) for blocs in series}) > 1:
        raise InputError("movements need blocs of one k and one context; give one series at a time")
    paths: dict[str, list[tuple[Blocs, int]]] = defaultdict(list)
    for blocs in series:
        for actor, label in blocs.label_of.items():
            paths[actor].append((blocs, label))
    found = [
        _movement(actor, path, step)
        for actor, path in paths.items()
        for step in range(1, len(path))
        if path[step - 1][1] != path[step][1]
    ]
    moved = [step for step in found if step.before // 2 == step.after // 2 or series[0].k is None]
    order = {blocs.period: number for number, blocs in enumerate(series)}
    return sorted(moved, key=lambda step: (order[step.period], step.actor))


def _movement(actor: str, path: list[tuple[Blocs, int]], step: int) -> Movement:
    (old, before), (new, after) = path[step - 1], path[step]
    stay = [label for _, label in path[step : step + LASTING]]
    return Movement(
        actor=actor,
        since=old.period,
        period=new.period,
        before=before,
        after=after,
        firmness_before=old.membership[actor],
        firmness_after=new.membership[actor],
        lasts=stay == [after] * LASTING,
        ties=tuple(tie for tie in new.ties if actor in (tie.a, tie.b)),
    )


def _find(ties: Iterable[Tie], period: str, options: _Options, known: Labels) -> Blocs:
    """Return the blocs of a period, labelled by where actors were known to be."""
    chosen = sorted(
        (tie for tie in ties if tie.period == period and tie.context == options.context),
        key=lambda tie: (tie.a, tie.b),
    )
    network = network_of_ties(chosen, weighted=options.weighted)
    partitions = optimal_partitions(
        network, k=options.k, limit=options.limit, time_limit=options.time_limit
    )
    point = partitions.labels[_nearest(partitions, options.k, known)]
    membership, shares = _membership(chosen, partitions, point, options)
    blocs, components = _list_blocs(partitions, point)
    cuts = cut_ties(network.ends, point[None])[0]
    return Blocs(
        period=period,
        context=options.context,
        k=options.k,
        blocs=blocs,
        components=components,
        labels=_label(blocs, components, options.k, known),
        unplaced=tuple(np.array(network.nodes)[point < 0].tolist()),
        value=partitions.value,
        lower_bound=partitions.lower_bound,
        proved=partitions.proved,
        frustrated=_frustrated(network, cuts.tolist()),
        n_optimal=partitions.n,
        complete=partitions.complete,
        membership=membership,
        shares=shares,
        ties=tuple(tie for tie in chosen if tie.s is not None),
    )


def _nearest(partitions: Partitions, k: int | None, known: Labels) -> int:
    """Return the number of the partition that keeps most pairs of actors as they were known.

    Together or apart, that is; the first partition where nothing is known.
    """
    before = np.array([known.get(node, -1) for node in partitions.nodes], dtype=np.int64)
    compared = (before[:, None] >= 0) & (before >= 0)
    if k == 2:
        compared &= before[:, None] // 2 == before // 2
        compared &= partitions.components[:, None] == partitions.components
    together = before[:, None] == before
    kept = [
        int((((row[:, None] == row) == together) & compared).sum()) for row in partitions.labels
    ]
    return int(np.argmax(kept))


def _membership(
    ties: Sequence[Tie], partitions: Partitions, point: Ints, options: _Options
) -> tuple[dict[str, float], Shares]:
    """Return how firmly each placed actor belongs, and what that is a share of."""
    kind: Shares = "optimal partitions"
    solutions = partitions.labels
    if options.firmness == "draws":
        drawn = draw_partitions(
            ties,
            partitions.nodes,
            k=options.k,
            weighted=options.weighted,
            draws=options.draws,
            seed=options.seed,
        )
        solutions, kind = drawn.labels, "exact draws" if drawn.exact else "searched draws"
    shares = share_in_place(point, solutions, partitions.components, options.k)
    placed = np.flatnonzero(point >= 0).tolist()
    return {partitions.nodes[node]: float(shares[node]) for node in placed}, kind


def _list_blocs(
    partitions: Partitions, point: Ints
) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """Return the blocs in order, and the component of each, renumbered by size."""
    members: dict[tuple[int, int], list[str]] = defaultdict(list)
    sizes: dict[int, int] = defaultdict(int)
    for node, bloc, component in zip(
        partitions.nodes, point.tolist(), partitions.components.tolist(), strict=True
    ):
        if bloc >= 0:
            members[component, bloc].append(node)
            sizes[component] += 1
    # Components are numbered by their first node, so equal sizes go by name.
    rank = {c: n for n, c in enumerate(sorted(sizes, key=lambda c: (-sizes[c], c)))}
    order = sorted(members, key=lambda key: (rank[key[0]], -len(members[key]), members[key]))
    return tuple(tuple(members[key]) for key in order), tuple(rank[key[0]] for key in order)


def _frustrated(network: SignedNetwork, cuts: list[bool]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (a, b)
        for (a, b, weight), cut in zip(network.rows, cuts, strict=True)
        if cut == (weight > 0)
    )


def _label(
    blocs: tuple[tuple[str, ...], ...], components: tuple[int, ...], k: int | None, known: Labels
) -> tuple[int, ...]:
    """Return a label for each bloc that follows its actors."""
    if k is None:
        return _label_blocs(blocs, known)
    labels: list[int] = []
    for component in dict.fromkeys(components):
        sides = [blocs[n] for n, own in enumerate(components) if own == component]
        first = _first_side(sides, known)
        if first is None:
            first = 2 * (max([*known.values(), *labels], default=-1) // 2 + 1)
        labels += [first ^ side for side in range(len(sides))]
    return tuple(labels)


def _first_side(sides: list[tuple[str, ...]], known: Labels) -> int | None:
    """Return the label of a component's first side that most of its actors agree with.

    An actor agrees that was on the same side, or its opponents on the other. None where none of
    them is known.
    """
    votes: dict[int, int] = defaultdict(int)
    for side, actors in enumerate(sides):
        for actor in actors:
            if actor in known:
                votes[known[actor] ^ side] += 1
    return min(votes, key=lambda label: (-votes[label], label), default=None)


def _label_blocs(blocs: tuple[tuple[str, ...], ...], known: Labels) -> tuple[int, ...]:
    """Return labels, each for one bloc, such that as many actors as possible keep theirs."""
    votes = Counter(
        (number, known[actor])
        for number, bloc in enumerate(blocs)
        for actor in bloc
        if actor in known
    )
    graph = nx.Graph()
    for (number, label), n in sorted(votes.items()):
        # Of labels with as many actors, the one that came first.
        graph.add_edge(("bloc", number), ("label", label), weight=n - 1e-6 * label)
    kept = dict(sorted(pair) for pair in nx.max_weight_matching(graph))
    fresh = max(known.values(), default=-1)
    labels = []
    for number in range(len(blocs)):
        if ("bloc", number) in kept:
            labels.append(kept["bloc", number][1])
        else:
            fresh += 1
            labels.append(fresh)
    return tuple(labels)

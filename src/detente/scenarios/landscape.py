"""The landscape of two camps: which alignments are stable, and from where they are reached.

In: the size of each actor and the propensity of each pair to work together (negative: against each
other). Out: a `Landscape` with every stable partition into two camps as a `Minimum`, and the path
of `Move`s from a given partition to the stable one below it.

The model is Axelrod and Bennett's (British Journal of Political Science 23, 1993). With `s` sizes,
`p` propensities, and `d = 1` between actors of different camps, else 0:

    frustration   F_i = Σ_j s_j p_ij d_ij
    energy        E   = Σ_i s_i F_i        (each pair counts twice)

An actor changes camps alone, and only where that lowers its frustration. That lowers the energy
too, by twice its size times the change; so every path ends in a partition that nobody leaves.

Up to `EXACT_LIMIT` actors all partitions are looked at, so the list of minima is complete. Beyond,
descents from random partitions find some of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InputError
from detente.scenarios.basins import Codes, Floats, find_ends, measure_depths, signs_of_codes
from detente.schema import Record

EXACT_LIMIT = 20
"""Actors up to which all partitions are looked at: 20 have 524,288."""

MAX_EXACT = 24
"""Actors up to which a caller may ask for that: 24 have 8 million partitions and take 1 GB."""

SLACK = 1e-9
"""Changes below this share of an actor's summed ties are none: sums of floats differ by order."""

DIGITS = 10
"""Digits, of the largest energy that is possible, to which energies are given and compared."""

Camps = tuple[tuple[str, ...], tuple[str, ...]]


class Minimum(Record, frozen=True, kw_only=True):
    """A partition that no actor leaves by itself.

    Attributes:
        energy: lower is more stable; the lowest of a landscape is its deepest minimum.
        camps: the two camps, the one of the first name first, each in the order of names.
        basin: number of starting partitions whose steepest descent ends here.
        share: `basin` as a share of all starting partitions.
        depth: the least rise in energy, over all chains of single moves, that leads to another
            minimum as low or lower (Hajek 1988); for the one lowest minimum, to the second lowest.
            0 where an actor may change camps at no cost. Null where there is no other minimum or
            the landscape is not exact. The article calls the minimum of lower energy the deeper.
    """

    energy: float
    camps: Camps
    basin: int
    share: float
    depth: float | None = None


class Landscape(Record, frozen=True, kw_only=True):
    """The stable partitions of a set of actors.

    Attributes:
        names: the actors.
        minima: by energy, the lowest first, equal ones by names.
        exact: whether these are all minima, and basins count all partitions.
        n_starts: starting partitions: all of them where exact, else random ones.
        seed: seed of the random ones; null where exact.
    """

    names: tuple[str, ...]
    minima: tuple[Minimum, ...]
    exact: bool
    n_starts: int
    seed: int | None = None


class Move(Record, frozen=True, kw_only=True):
    """One actor changes camps; `before` and `after` are the energies, `camps` those after it.

    Energies have `DIGITS` digits of the largest that is possible, so that the move of an actor that
    is very small beside the others may show no change.
    """

    actor: str
    before: float
    after: float
    camps: Camps


@dataclass(slots=True, frozen=True, eq=False)
class _Model:
    """The names, `ties[i, j]` = s_i s_j p_ij with a zero diagonal, and what they imply.

    A partition is a row of signs, +1 and -1; E = (Σ ties - signs · ties · signs) / 2.
    """

    names: tuple[str, ...]
    ties: Floats

    @property
    def n(self) -> int:
        return len(self.names)

    @property
    def slack(self) -> Floats:
        """Return for each actor the change of energy up to which its move changes nothing."""
        return np.asarray(SLACK * np.abs(self.ties).sum(axis=1))

    @property
    def places(self) -> int:
        # No float has more than some 300 places, and no ties at all have no logarithm.
        total = max(float(np.abs(self.ties).sum()), 1e-290)
        return DIGITS - math.ceil(math.log10(total))

    def measure_energies(self, signs: Floats) -> list[float]:
        agreement = np.einsum("ki,ki->k", signs @ self.ties, signs)
        energies = np.round((self.ties.sum() - agreement) / 2, self.places)
        return [float(energy) for energy in energies + 0.0]  # no -0.0

    def round_depth(self, depth: float | None) -> float | None:
        return None if depth is None else max(0.0, round(depth, self.places))

    def name_camps(self, signs: Floats) -> list[Camps]:
        """Return the camps of each row, the first actor's camp first."""
        with_first = (signs == signs[:, :1]).tolist()
        return [
            (
                tuple(name for name, inside in zip(self.names, row, strict=True) if inside),
                tuple(name for name, inside in zip(self.names, row, strict=True) if not inside),
            )
            for row in with_first
        ]


def find_minima(
    sizes: Mapping[str, float],
    propensities: ArrayLike,
    *,
    seed: int = 1,
    restarts: int = 1000,
    exact_limit: int = EXACT_LIMIT,
) -> Landscape:
    """Return the stable partitions of the actors into two camps.

    Descent is steepest in the energy: of all actors that would gain, the one moves whose move
    lowers the energy most (not its own frustration: a large actor goes first), and of equals the
    first in the order of `sizes`. A move that changes nothing is none, so no path can go round.

    Args:
        sizes: the size of each actor, in any unit.
        propensities: symmetric matrix in the order of `sizes`; its diagonal is not read.
        seed: seed of the random starting partitions.
        restarts: number of them.
        exact_limit: actors up to which all partitions are looked at instead, at most 24.

    Raises:
        InputError: fewer than two actors, a size that is not above 0, or propensities that are
            not finite, not symmetric or not one row an actor.
    """
    model = _check_model(sizes, propensities)
    if restarts < 1 or exact_limit > MAX_EXACT:
        raise InputError(
            f"restarts {restarts} must be at least 1, exact_limit {exact_limit} at most {MAX_EXACT}"
        )
    return _search_all(model) if model.n <= exact_limit else _sample(model, seed, restarts)


def descend(
    sizes: Mapping[str, float], propensities: ArrayLike, start: Sequence[Iterable[str]]
) -> list[Move]:
    """Return the moves of the steepest descent from two camps; none where they are stable.

    Raises:
        InputError: as `find_minima`, or `start` is not two camps that hold each actor once.
    """
    model = _check_model(sizes, propensities)
    signs = _signs_of(model, start)
    moves: list[Move] = []
    energy = model.measure_energies(signs)[0]
    while (actor := int(_pick_movers(model, signs)[0])) >= 0:
        signs[0, actor] *= -1
        after = model.measure_energies(signs)[0]
        camps = model.name_camps(signs)[0]
        moves.append(Move(actor=model.names[actor], before=energy, after=after, camps=camps))
        energy = after
    return moves


def energy_of(
    sizes: Mapping[str, float], propensities: ArrayLike, camps: Sequence[Iterable[str]]
) -> float:
    """Return the energy of two camps.

    Raises:
        InputError: as `descend`.
    """
    model = _check_model(sizes, propensities)
    return model.measure_energies(_signs_of(model, camps))[0]


def misplaced(camps: Camps, sides: Mapping[str, str]) -> tuple[str, ...]:
    """Return the actors on the wrong side, taking the two camps as the two sides that fit better.

    Where both ways fit equally well, the first camp is its first actor's side.

    Raises:
        InputError: there are not two sides, or an actor's side is missing.
    """
    actors = [*camps[0], *camps[1]]
    missing = [actor for actor in actors if actor not in sides]
    if missing:
        raise InputError(f"no side is given for {', '.join(missing)}")
    if len({sides[actor] for actor in actors}) != 2:
        raise InputError("errors are counted against two sides; give each actor one of two")
    ours = sides[actors[0]]
    wrong = [actor for actor in actors if (sides[actor] == ours) != (actor in camps[0])]
    if 2 * len(wrong) > len(actors):
        wrong = [actor for actor in actors if actor not in wrong]
    return tuple(wrong)


def _check_model(sizes: Mapping[str, float], propensities: ArrayLike) -> _Model:
    names = tuple(sizes)
    if len(names) < 2:
        raise InputError(f"a landscape has two or more actors, not {len(names)}")
    for name, size in sizes.items():
        if not 0 < size < math.inf:
            raise InputError(f"size of {name} is {size}; give a number above 0, or leave it out")
    try:
        matrix = np.array(propensities, dtype=np.float64)
    except (TypeError, ValueError) as err:
        raise InputError(f"propensities are not a matrix of numbers: {err}") from err
    if matrix.shape != (len(names), len(names)):
        raise InputError(
            f"propensities are {matrix.shape} for {len(names)} actors; give one row and one "
            "column an actor, in the order of the sizes"
        )
    np.fill_diagonal(matrix, 0.0)
    # NaN differs from itself, so one comparison finds what is missing too.
    wrong = ~np.isfinite(matrix) | ~np.isclose(matrix, matrix.T, rtol=1e-12, atol=0.0)
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        raise InputError(
            f"propensity {names[i]}–{names[j]} is {matrix[i, j]} one way, {matrix[j, i]} the "
            "other; give one finite number a pair"
        )
    scale = np.array(list(sizes.values()), dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        ties = np.outer(scale, scale) * (matrix + matrix.T) / 2
    if not np.isfinite(np.abs(ties).sum()):
        raise InputError("sizes or propensities are too large; give them in a larger unit")
    return _Model(names, ties)


def _signs_of(model: _Model, camps: Sequence[Iterable[str]]) -> Floats:
    """Return two camps as one row of signs."""
    given = [tuple(camp) for camp in camps]
    if len(given) != 2 or sorted(given[0] + given[1]) != sorted(model.names):
        raise InputError(
            f"start with two camps that hold each of {', '.join(model.names)} once; "
            "one of them may be empty"
        )
    return np.array([[1.0 if name in given[0] else -1.0 for name in model.names]])


def _pick_movers(model: _Model, signs: Floats) -> Codes:
    """Return the place of the actor that moves from each partition, -1 where none does."""
    changes = 2 * signs * (signs @ model.ties)
    slack = model.slack
    best = np.zeros(len(signs))
    movers = np.full(len(signs), -1, dtype=np.int64)
    for actor in range(model.n):
        better = changes[:, actor] < best - slack[actor]
        best[better] = changes[better, actor]
        movers[better] = actor
    return movers


def _search_all(model: _Model) -> Landscape:
    """Return all minima, from all partitions."""
    ends = find_ends(model.ties, model.slack)
    codes = np.flatnonzero(ends == np.arange(len(ends)))
    counts = np.bincount(ends, minlength=len(ends))[codes]
    minima = _list_minima(model, signs_of_codes(codes, model.n), counts)
    lows = np.array([minimum.energy for _, minimum in minima])
    depths = measure_depths(model.ties, codes[[place for place, _ in minima]], lows, ends)
    return Landscape(
        names=model.names,
        minima=tuple(
            msgspec.structs.replace(minimum, depth=model.round_depth(depth))
            for (_, minimum), depth in zip(minima, depths, strict=True)
        ),
        exact=True,
        n_starts=len(ends),
    )


def _sample(model: _Model, seed: int, restarts: int) -> Landscape:
    """Return the minima that descents from random partitions find, and how many find each."""
    rng = np.random.default_rng(seed)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(restarts, model.n))
    going = np.arange(restarts)
    while going.size:
        movers = _pick_movers(model, signs[going])
        going, movers = going[movers >= 0], movers[movers >= 0]
        signs[going, movers] *= -1
    found, counts = np.unique(signs * signs[:, :1], axis=0, return_counts=True)
    minima = tuple(minimum for _, minimum in _list_minima(model, found, counts))
    return Landscape(names=model.names, minima=minima, exact=False, n_starts=restarts, seed=seed)


def _list_minima(model: _Model, signs: Floats, counts: Codes) -> list[tuple[int, Minimum]]:
    """Return each row of signs as a minimum with its place among the rows, the lowest first."""
    n_starts = int(counts.sum())
    minima = [
        Minimum(energy=energy, camps=camps, basin=n, share=n / n_starts)
        for energy, camps, n in zip(
            model.measure_energies(signs), model.name_camps(signs), counts.tolist(), strict=True
        )
    ]
    return sorted(enumerate(minima), key=lambda row: (row[1].energy, row[1].camps))

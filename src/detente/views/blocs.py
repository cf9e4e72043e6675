"""Blocs: the actors in boxes, how firmly each belongs, and the ties that the partition breaks.

A tie is frustrated that is negative within a bloc or positive between two. It is drawn where it
breaks the partition, as in the network: solid blue or dashed orange.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from detente.relations.blocs import Blocs
from detente.schema import Figure, Record
from detente.views.figures import Index
from detente.views.ties import TieRow, rests_on, tie_row
from detente.views.wording import count, join_names, period_words, plain, shorten

BOX = 170
"""Width of a bloc's box, in units of the drawing."""

GAP = 96
"""Room between the two columns of boxes, in which frustrated ties run."""

HEAD, ROW, SPACE, DIVIDER = 30, 38, 14, 24
"""Heights of a box's heading, of a member, between two boxes, and of a divider's words."""

BAR = 104
"""Length of the bar of an actor that belongs for certain."""

NAME = 20
"""Letters shown of a name."""

SHARES: dict[str, str] = {
    "exact draws": "the share of draws of the ties from their intervals in which an actor stands "
    "where it is shown",
    "searched draws": "the share of draws of the ties from their intervals, each parted by a "
    "search without proof, in which an actor stands where it is shown",
    "optimal partitions": "the share of the equally good partitions in which an actor stands where "
    "it is shown",
}
"""What the bars are a share of."""


Place = tuple[int, int]
"""Column of an actor's box, and the height of its row's middle."""


class Member(Record, frozen=True, kw_only=True):
    """An actor in a box; `share` is how firmly it belongs, in percent."""

    name: str
    y: int
    share: int
    bar: float


class Box(Record, frozen=True, kw_only=True):
    """A bloc with its place in the drawing."""

    title: str
    x: int
    y: int
    width: int
    height: int
    members: tuple[Member, ...]


class BrokenTie(Record, frozen=True, kw_only=True):
    """A frustrated tie and the path of its line."""

    row: TieRow
    path: str


class BlocsView(Record, frozen=True, kw_only=True):
    """Blocs with the figure that they are, and what is known of them in sentences.

    `dividers` are the heights at which actors begin whom no signed tie joins to those above.
    """

    figure: Figure
    summary: str
    period: str
    shares: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    dividers: tuple[int, ...]
    broken: tuple[BrokenTie, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Layout:
    """Where the boxes go: two columns, each component of the network below the one before."""

    boxes: list[Box] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    dividers: list[int] = field(default_factory=list)
    bottom: list[int] = field(default_factory=lambda: [1, 1])


def draw_blocs(index: Index, blocs: Blocs) -> BlocsView:
    """Return blocs as a drawing and in words; without a signed tie, words that say so."""
    layout = _lay_out(index, blocs)
    known = {frozenset((tie.a, tie.b)): tie for tie in blocs.ties}
    broken = tuple(
        BrokenTie(row=tie_row(index, known[frozenset(pair)]), path=_path(layout.places, pair))
        for pair in blocs.frustrated
    )
    words = SHARES[blocs.shares] + ("; 50 % is what chance gives" if blocs.k == 2 else "")
    return BlocsView(
        figure=Figure(
            id="blocs",
            title=f"Blocs of {count(len(layout.places), 'actor')}" if layout.places else "Blocs",
            chart="blocs",
            records=rests_on(index, blocs.ties),
        ),
        summary=_describe(layout.boxes, broken),
        period=period_words(blocs.period),
        shares=words,
        width=2 * BOX + GAP,
        height=max(layout.bottom) + 1,
        boxes=tuple(layout.boxes),
        dividers=tuple(layout.dividers),
        broken=broken,
        notes=_notes(index, blocs),
    )


def _lay_out(index: Index, blocs: Blocs) -> _Layout:
    """Return the boxes in two columns, the next one of a component in the shorter column."""
    layout = _Layout()
    component = 0
    for number, bloc in enumerate(blocs.blocs):
        if blocs.components[number] != component:
            component = blocs.components[number]
            layout.dividers.append(max(layout.bottom) + DIVIDER)
            layout.bottom = [max(layout.bottom) + DIVIDER + 10] * 2
        column = 0 if layout.bottom[0] <= layout.bottom[1] else 1
        top = layout.bottom[column]
        members = []
        for row, actor in enumerate(sorted(bloc, key=index.name)):
            y = top + HEAD + ROW * row
            layout.places[actor] = (column, y + ROW // 2 - 4)
            members.append(_member(index, actor, blocs.membership[actor], y))
        height = HEAD + ROW * len(members)
        layout.boxes.append(
            Box(
                title=f"Bloc {number + 1}",
                x=1 if column == 0 else BOX + GAP,
                y=top,
                width=BOX - 1,
                height=height,
                members=tuple(members),
            )
        )
        layout.bottom[column] = top + height + SPACE
    return layout


def _member(index: Index, actor: str, share: float, y: int) -> Member:
    return Member(
        name=shorten(plain(index.name(actor)), NAME),
        y=y,
        share=round(100 * share),
        bar=round(BAR * share, 1),
    )


def _path(places: dict[str, Place], pair: tuple[str, str]) -> str:
    """Return a line between two columns, or an arc beside one; it stays in the gap."""
    (column, y1), (other, y2) = sorted(places[actor] for actor in pair)
    x1, x2 = (BOX if side == 0 else BOX + GAP for side in (column, other))
    if column != other:
        return f"M{x1} {y1}L{x2} {y2}"
    bulge = min(GAP - 20, 24 + (y2 - y1) // 2) * (1 if column == 0 else -1)
    return f"M{x1} {y1}Q{x1 + bulge} {(y1 + y2) // 2} {x2} {y2}"


def _notes(index: Index, blocs: Blocs) -> tuple[str, ...]:
    """Return what is known of the partition, and what is not, in sentences."""
    if not blocs.blocs:
        return ("No tie has a sign, so blocs cannot be told.",)
    n = len(blocs.frustrated)
    broken = f"{count(n, 'tie')} {'runs' if n == 1 else 'run'} against this partition"
    loose = _names(index, [actor for actor, share in blocs.membership.items() if share < 0.5])
    apart = _names(index, blocs.unplaced)
    notes = (
        f"{broken if n else 'No tie runs against this partition'}; {_proof(blocs)}.",
        _rivals(blocs),
        f"By their bars elsewhere more often than where they are shown: {loose}." if loose else "",
        f"Without a tie that has a sign, in no bloc: {apart}." if apart else "",
    )
    return tuple(filter(None, notes))


def _names(index: Index, actors: Iterable[str]) -> str:
    return join_names([plain(index.name(actor)) for actor in actors])


def _proof(blocs: Blocs) -> str:
    within = "of two blocs" if blocs.k == 2 else "of any number of blocs"
    if blocs.proved:
        return f"proved: none {within} breaks less"
    return f"not proved: at least {blocs.lower_bound:g} must break in any {within}"


def _rivals(blocs: Blocs) -> str:
    """Return how many other partitions are as good; nothing where there is none."""
    others = blocs.n_optimal - 1
    if not others:
        return "" if blocs.complete else "Whether other partitions are as good is not known."
    said = f"{count(others, 'other partition')} {'is' if others == 1 else 'are'} as good"
    return f"{said if blocs.complete else f'At least {said}'}; the one shown is a choice."


def _describe(boxes: Sequence[Box], broken: Sequence[BrokenTie]) -> str:
    """Return the boxes and the frustrated ties in words, the alternative to seeing them."""
    said = [
        f"{box.title}: " + ", ".join(f"{member.name} {member.share} %" for member in box.members)
        for box in boxes
    ]
    said += [f"against it: {tie.row.words}" for tie in broken]
    return plain("; ".join(said) + ".")

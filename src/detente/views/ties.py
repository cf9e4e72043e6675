"""Ties in words: the rows that tables, drawings and matrices of ties are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.schema import Record, Sign, Tie
from detente.views.figures import Index, Ref, anchor
from detente.views.wording import count, period_words, plain, signed

ACTORS = 12
"""Actors drawn at most, those with most events first; a circle of more cannot be read."""

SIGNS: dict[Sign, str] = {"+": "positive", "-": "negative", "undetermined": "undetermined"}


class TieRow(Record, frozen=True, kw_only=True):
    """One tie in words; `anchors` are its events, none where there is no evidence."""

    a: str
    b: str
    period: str
    context: str
    sign: Sign
    score: str
    s: str
    interval: str
    n: int
    anchors: str
    records: tuple[str, ...]
    ref: Ref | None

    @property
    def sign_words(self) -> str:
        """Return the sign as a word."""
        return SIGNS[self.sign]

    @property
    def words(self) -> str:
        """Return the tie as a line: `A and B: positive, s +0.55 (+0.25 to +0.85), 2 events`."""
        value = "" if self.s == "–" else f", s {self.s} ({self.interval})"
        said = f"{self.a} and {self.b}: {self.sign_words}{value}, {count(self.n, 'event')}"
        return plain(said)


def tie_row(index: Index, tie: Tie) -> TieRow:
    """Return a tie in words."""
    has_interval = tie.low is not None and tie.high is not None
    return TieRow(
        a=index.name(tie.a),
        b=index.name(tie.b),
        period=period_words(tie.period),
        context=tie.context.replace("_", " "),
        sign=tie.sign,
        score=signed(tie.score),
        s=signed(tie.s, 2),
        interval=f"{signed(tie.low, 2)} to {signed(tie.high, 2)}" if has_interval else "–",
        n=tie.n,
        anchors=" ".join(map(anchor, tie.events)),
        records=tie.events,
        ref=index.ref(tie.events[0]) if tie.events else None,
    )


def strength(tie: Tie) -> float:
    """Return how strong a tie is, 0 to 1; 0 where that is not known."""
    return abs(tie.s or 0.0)


def certainty(tie: Tie) -> float:
    """Return how narrow a tie's interval is, 0 (anything is possible) to 1 (a point)."""
    if tie.low is None or tie.high is None:
        return 0.0
    return max(0.0, 1 - (tie.high - tie.low) / 2)


def latest_ties(ties: Iterable[Tie]) -> list[Tie]:
    """Return one tie a dyad, that of its latest period; `all` is later than any."""
    latest: dict[tuple[str, str], Tie] = {}
    for tie in sorted(ties, key=lambda tie: tie.period):
        latest[tie.a, tie.b] = tie
    return list(latest.values())


def main_actors(ties: Iterable[Tie], limit: int = ACTORS) -> list[str]:
    """Return the actors with most events, most first."""
    weight: dict[str, int] = {}
    for tie in ties:
        for actor in (tie.a, tie.b):
            weight[actor] = weight.get(actor, 0) + tie.n
    return sorted(weight, key=lambda actor: (-weight[actor], actor))[:limit]


def among(ties: Iterable[Tie], actors: Sequence[str]) -> list[Tie]:
    """Return the ties whose two ends are among some actors."""
    return [tie for tie in ties if tie.a in actors and tie.b in actors]


def rests_on(index: Index, ties: Iterable[Tie]) -> tuple[str, ...]:
    """Return the events of some ties, each once; all documents searched, where there is none."""
    events = tuple(dict.fromkeys(event for tie in ties for event in tie.events))
    return events or tuple(index.documents)

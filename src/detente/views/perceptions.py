"""How speakers see the ties: what those of each country say of a dyad, apart from what it does."""

from __future__ import annotations

from collections.abc import Sequence

from detente.relations.perceived import PerceivedTie
from detente.schema import Figure, Record, Sign
from detente.views.figures import Index, anchor
from detente.views.wording import count, signed

TONES: dict[Sign, str] = {"+": "easing", "-": "tension", "undetermined": "undetermined"}
"""What a valence says; the words differ from those of ties, for talk is not conduct."""


class PerceptionRow(Record, frozen=True, kw_only=True):
    """How the speakers of one country, or one speaker, describe a dyad."""

    holder: str
    a: str
    b: str
    tone: str
    valence: str
    interval: str
    n: int
    anchors: str


class Perceptions(Record, frozen=True, kw_only=True):
    """Perceived ties, those of the holders with most statements first."""

    figure: Figure
    rows: tuple[PerceptionRow, ...]

    @property
    def anchors(self) -> str:
        """Return the anchors of all statements, separated by blanks."""
        return " ".join(map(anchor, self.figure.records))


def build_perceptions(index: Index, perceived: Sequence[PerceivedTie]) -> Perceptions | None:
    """Return perceived ties as rows, those of one holder together; None where there is none."""
    if not perceived:
        return None
    total: dict[str, int] = {}
    for tie in perceived:
        total[tie.holder] = total.get(tie.holder, 0) + tie.n
    ordered = sorted(perceived, key=lambda t: (-total[t.holder], t.holder, -t.n, t.a, t.b))
    claims = tuple(dict.fromkeys(claim for tie in ordered for claim in tie.claims))
    return Perceptions(
        figure=Figure(
            id="perceived",
            title="How speakers see the ties",
            value=count(len(claims), "statement"),
            records=claims,
        ),
        rows=tuple(
            PerceptionRow(
                holder=index.name(tie.holder),
                a=index.name(tie.a),
                b=index.name(tie.b),
                tone=TONES[tie.sign],
                valence=signed(tie.valence, 2),
                interval=f"{signed(tie.low, 2)} to {signed(tie.high, 2)}",
                n=tie.n,
                anchors=" ".join(map(anchor, tie.claims)),
            )
            for tie in ordered
        ),
    )

from __future__ import annotations

from detente.extract.nesting import innermost
from tests.build import document
from tests.extract.parses import read


def test_innermost_is_the_shortest_claim_that_holds_the_place() -> None:
    reading = read("Antony Blinken said that Wang Yi believed that Russia would lose.")
    outer, inner = reading.claims
    place = reading.doc.text.index("lose")

    assert innermost(reading.claims, place, place + 4) == inner.id
    assert innermost([outer], place, place + 4) == outer.id
    assert innermost([], place, place + 4) is None
    assert innermost(reading.claims, 0, len(document("x").text)) is None

"""Quantities: money, percent and counts, with their year and what they measure.

In come a document, its sentences, its actors and its dates; out go `Quantity` records whose span
covers the figure with currency and unit (the hedge before it is the `qualifier`). Figures that
date, number, name or merely point ("the two sides", "one of the") are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.extract.amounts import Amount, find_amounts
from detente.extract.dates import DateExpression
from detente.extract.language import Sentence, Token
from detente.extract.measures import (
    counted_noun,
    governing_verb,
    measured_by,
    noun_phrase,
    plural_object,
)
from detente.schema import Document, Quantity, record_id

if TYPE_CHECKING:
    from detente.extract.actors import DocumentActors

MEASURE_UNITS = {
    "day", "week", "month", "year", "hour", "minute", "kilometer", "kilometre", "mile", "meter",
    "metre", "foot", "ton", "tonne", "barrel", "acre", "hectare", "pound", "kilogram", "gram",
    "liter", "litre", "gallon", "megawatt", "gigawatt", "decade", "degree", "cent", "point",
}  # fmt: skip
"""Units that measure something else; the thing itself must be found beside them."""
_HYPHEN_UNITS = MEASURE_UNITS - {"point", "cent", "degree", "pound"}
_POINTED_AT = {
    "side", "country", "nation", "leader", "party", "man", "woman", "power", "thing", "way", "time",
    "reason", "hand", "part", "term", "step", "factor", "president", "minister", "government",
    "candidate", "other", "kind", "type", "sort", "question", "point", "word", "thousand", "half",
    "third", "quarter", "person", "guy", "neighbor", "neighbour", "rival", "figure", "option",
    "state", "case", "issue", "number", "example", "lesson", "topic", "page", "o'clock", "p.m.",
    "a.m.", "ally", "superpower", "capital", "front", "chance", "idea", "no", "be", "century",
}  # fmt: skip
"""Nouns that a number up to ten only points at ("the two sides"), which no analyst counts."""
_COLLECTIVES = {"people", "personnel", "staff", "aircraft", "police", "infantry", "crew"}
_DEFINITE = {"the", "these", "those", "their", "its", "his", "her", "both", "our", "all", "my"}
_FEW = 10.0
_NEAR = 3
"""Tokens between a figure and a date that belong together whatever the parse says."""
_PHRASE = 6
"""Tokens from a figure to its noun that a span may cover."""


def find_quantities(
    doc: Document,
    sentences: list[Sentence],
    actors: DocumentActors | None,
    dates: list[list[DateExpression]],
) -> list[Quantity]:
    """Return the quantities of a document in text order.

    Args:
        doc: the document.
        sentences: its parsed sentences.
        actors: its resolved actors; without them no quantity names any.
        dates: the date expressions of each sentence, from `find_dates`.
    """
    found: list[Quantity] = []
    for place, sentence in enumerate(sentences):
        text = doc.text[sentence.start : sentence.end]
        if not any(c.isdigit() for c in text) and not _may_count(text):
            continue
        scene = _Scene(doc, sentence, dates[place])
        for reading in _read(scene, find_amounts(text)):
            found.append(_quantity(scene, reading, _actors_of(actors, place, scene, reading)))
    return found


_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twel",
    "teen", "twenty", "thirty", "forty", "fifty", "dozen", "hundred", "thousand", "illion",
)  # fmt: skip


def _may_count(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _WORDS)


@dataclass(slots=True)
class _Scene:
    """A sentence with its dates, and the way from offsets to tokens."""

    doc: Document
    sentence: Sentence
    dates: list[DateExpression]
    dated: frozenset[int] = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.dated = frozenset(i for d in self.dates for i in range(d.first, d.last + 1))
        self.starts = [token.start for token in self.sentence.tokens]

    def tokens_of(self, amount: Amount) -> tuple[int, int] | None:
        """Return the first and last token of an amount, or null where it has none."""
        start, end = self.sentence.start + amount.start, self.sentence.start + amount.end
        first = bisect_left(self.starts, start)
        if first and self.sentence.tokens[first - 1].end > start:
            first -= 1
        last = bisect_left(self.starts, end) - 1
        return (first, last) if 0 <= first <= last else None


@dataclass(slots=True)
class _Reading:
    """An amount in tokens `first` to `last`, its unit, and the tokens of what it measures.

    `span_last` is the last token of the record's span: the unit, or the noun that is counted.
    """

    amount: Amount
    first: int
    last: int
    unit: str | None
    span_last: int
    measured: tuple[int, int] | None = None


def _read(scene: _Scene, amounts: list[Amount]) -> Iterator[_Reading]:
    """Yield the amounts that are quantities; the bare end of a range waits for the other's noun."""
    waiting: _Reading | None = None
    for amount in amounts:
        place = scene.tokens_of(amount)
        if place is None or scene.dated & set(range(place[0], place[1] + 1)):
            waiting = None
            continue
        reading = _Reading(amount, *place, unit=amount.unit, span_last=place[1])
        if amount.unit is not None:
            reading.measured = measured_by(scene.sentence, *place, scene.dated)
        elif not _count(scene, reading):
            waiting = reading
            continue
        if waiting is not None and _is_range(scene, waiting, reading):
            waiting.unit, waiting.measured = reading.unit, reading.measured
            yield waiting
        waiting = None
        yield reading


def _is_range(scene: _Scene, one: _Reading, two: _Reading) -> bool:
    """Return whether `one` is the lower end of the count `two` ("10 to 15 drones")."""
    between = scene.sentence.tokens[one.last + 1 : two.first]
    return [t.lower for t in between] in (["to"], ["-"], ["–"], ["or"]) and not two.amount.currency


def _count(scene: _Scene, reading: _Reading) -> bool:
    """Find what a figure without a unit counts; return whether it counts anything."""
    sentence, amount = scene.sentence, reading.amount
    if amount.many:
        noun = plural_object(sentence, reading.last)
    elif (unit := _hyphened(sentence, reading)) is not None:
        reading.unit = unit
        noun = counted_noun(sentence, reading.first, reading.span_last)
        reading.measured = noun_phrase(sentence, noun, reading.span_last) if noun else None
        return True
    else:
        noun = counted_noun(sentence, reading.first, reading.last)
    if noun is None or noun in scene.dated or _only_points(sentence, reading, noun):
        return False
    token = sentence.tokens[noun]
    reading.unit = _singular(token)
    reading.span_last = noun if noun - reading.last <= _PHRASE else reading.last
    if token.lemma in MEASURE_UNITS:
        reading.measured = _measured_by_unit(scene, reading, noun)
    else:
        reading.measured = noun_phrase(sentence, noun, reading.last)
    return True


def _measured_by_unit(scene: _Scene, reading: _Reading, noun: int) -> tuple[int, int] | None:
    """Return what a figure in a measuring unit measures ("5 tons of steel")."""
    found = measured_by(scene.sentence, noun, noun, scene.dated)
    return None if found is not None and found[0] <= noun <= found[1] else found


def _hyphened(sentence: Sentence, reading: _Reading) -> str | None:
    """Return the unit of "30-day", and let the reading's span reach over it."""
    tokens = sentence.tokens
    last = reading.last
    if (
        last + 2 < len(tokens)
        and tokens[last + 1].text == "-"
        and (tokens[last + 1].start == tokens[last].end)
    ):
        unit = tokens[last + 2].lower
        older = last + 4 < len(tokens) and tokens[last + 4].lower == "old"
        if unit in _HYPHEN_UNITS and not older:
            reading.span_last = last + 2
            return unit
    return None


def _singular(token: Token) -> str:
    """Return the lemma of a counted noun; unknown plurals lose their "s"."""
    plural = token.tag in {"NNS", "NNPS"} and token.lemma == token.lower
    return token.lemma.removesuffix("s") if plural else token.lemma


def _only_points(sentence: Sentence, reading: _Reading, noun: int) -> bool:
    """Return whether the figure numbers or points instead of counting."""
    tokens, amount = sentence.tokens, reading.amount
    token = tokens[noun]
    if amount.many:
        return False
    if (amount.value <= 1 and not amount.scaled) or token.lemma == "time":
        return True
    if _is_label(tokens, reading, noun):
        return True
    if amount.value <= _FEW and not amount.qualifier:
        definite = any(tokens[c].lower in _DEFINITE for c in token.children if c < noun)
        return definite or _singular(token) in _POINTED_AT
    known = token.lemma in MEASURE_UNITS | _COLLECTIVES
    return token.tag == "NN" and not known and not amount.scaled


def _is_label(tokens: list[Token], reading: _Reading, noun: int) -> bool:
    """Return whether the figure is part of a name, an age or a ratio ("one in four voters")."""
    before = tokens[reading.first - 1] if reading.first else None
    if noun + 1 < len(tokens) and tokens[noun + 1].lower in {"old", "older", "younger"}:
        return True
    if reading.last + 1 < len(tokens) and tokens[reading.last + 1].text == "-":
        return tokens[reading.last + 1].start == tokens[reading.last].end
    if before is None:
        return False
    if before.lower in {"in", "of"} and reading.first > 1 and tokens[reading.first - 2].tag == "CD":
        return True
    named = before.tag.startswith("NNP") and reading.amount.value < 100
    return named or before.text in {"-", "#", "No."}


def _quantity(scene: _Scene, reading: _Reading, actors: tuple[str, ...]) -> Quantity:
    doc, tokens, amount = scene.doc, scene.sentence.tokens, reading.amount
    start = scene.sentence.start + amount.start
    end = max(scene.sentence.start + amount.end, tokens[reading.span_last].end)
    date = _date_of(scene, reading)
    measures = None
    if reading.measured is not None:
        first, last = reading.measured
        measures = doc.text[tokens[first].start : tokens[last].end]
    return Quantity(
        id=record_id("quantity", doc.id, start, end),
        document=doc.id,
        value=amount.value,
        unit=reading.unit or "",
        span=doc.span(start, end),
        currency=amount.currency,
        year=_year(date),
        period=f"{date.date}/{date.date_end}" if date and date.date and date.date_end else None,
        qualifier=None if amount.qualifier == "between" else amount.qualifier,
        measures=measures,
        actors=actors,
    )


def _year(date: DateExpression | None) -> int | None:
    if date is None or date.date is None or date.date_end is not None:
        return None
    return int(date.date[:4]) if date.date[:4].isdigit() else None


def _date_of(scene: _Scene, reading: _Reading) -> DateExpression | None:
    """Return the date that the figure belongs to: right behind it, or in the same clause."""
    sentence = scene.sentence
    known = [d for d in scene.dates if d.date is not None and not d.date.startswith("--")]
    beside = [d for d in known if 0 < d.first - reading.span_last <= _NEAR]
    if beside:
        return beside[0]
    verb = governing_verb(sentence, reading.first)
    same = [d for d in known if verb is not None and governing_verb(sentence, d.first) == verb]
    return min(same, key=lambda d: abs(d.first - reading.first)) if same else None


def _actors_of(
    actors: DocumentActors | None, place: int, scene: _Scene, reading: _Reading
) -> tuple[str, ...]:
    """Return the ids of the actors in what is measured, else in the subject of the clause."""
    if actors is None:
        return ()
    mentions = actors.by_sentence[place]
    areas = [reading.measured, _subject_area(scene.sentence, reading)]
    for area in areas:
        if area is None:
            continue
        inside = [m.actor for m in mentions if area[0] <= m.head <= area[1] and m.kind != "place"]
        if inside:
            return tuple(dict.fromkeys(inside))
    return ()


def _subject_area(sentence: Sentence, reading: _Reading) -> tuple[int, int] | None:
    verb = governing_verb(sentence, reading.first)
    while verb is not None:
        for child in sentence.tokens[verb].children:
            if sentence.tokens[child].dep in {"nsubj", "nsubjpass"}:
                below = sentence.subtree(child)
                return below[0], below[-1]
        above = governing_verb(sentence, verb)
        verb = above if above != verb else None
    return None

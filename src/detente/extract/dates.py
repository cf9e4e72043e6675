"""Date expressions of parsed sentences, resolved to ISO dates.

In come a document and its sentences; out goes one list of `DateExpression` a sentence. An
expression is read against the document's date and the dates that the narrative has told so far
(`calendar.Scene`), never against the clock: what the text does not tell stays null or partial.
The forms and their rules are in `date_forms`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from detente.extract.calendar import Partial, Resolution, Scene, Tense, parse_iso
from detente.extract.date_forms import FORMS, HINT, SCANNER, Form, Kind
from detente.extract.language import Sentence, Token
from detente.schema import Document, Precision

Direction = Literal["at", "since", "until", "before", "after", "for"]


@dataclass(slots=True)
class DateExpression:
    """Words that stand for a time; `date` is ISO 8601, possibly partial, or null.

    `first` and `last` are the token indices (inclusive) in sentence number `sentence`, `start` and
    `end` the offsets in the document. `date_end` is the last day, month or year of a period.
    """

    sentence: int
    first: int
    last: int
    start: int
    end: int
    date: str | None
    date_end: str | None
    precision: Precision | None
    kind: Kind
    direction: Direction


def find_dates(doc: Document, sentences: list[Sentence]) -> list[list[DateExpression]]:
    """Return the date expressions of each sentence, in text order.

    A sentence such as "A week later, on February 25, the deal was signed" yields one expression:
    the narrative step settles the year of the day that it introduces.
    """
    today = parse_iso(doc.date)
    scene = Scene(doc_date=today.iso(), today=today)
    found: list[list[DateExpression]] = []
    paragraph = -1
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            paragraph, scene.frame = sentence.paragraph, None
        text = doc.text[sentence.start : sentence.end]
        found.append(_in_sentence(text, sentence, scene) if HINT.search(text) else [])
    return found


def _in_sentence(text: str, sentence: Sentence, scene: Scene) -> list[DateExpression]:
    """Return the date expressions of one sentence and add their dates to the scene."""
    starts = [token.start for token in sentence.tokens]
    found: list[DateExpression] = []
    for scanned in SCANNER.finditer(text):
        form = FORMS[scanned.lastgroup or ""]
        match = form.pattern.match(text, scanned.start())
        if match is None:
            continue
        first = bisect_left(starts, sentence.start + match.start())
        last = bisect_left(starts, sentence.start + match.end()) - 1
        if first > last or not _is_date(form, match, sentence.tokens, first, last):
            continue
        scene.tense = _tense(sentence, first)
        resolution = form.resolve(match, scene)
        if resolution is None:
            continue
        expression = DateExpression(
            sentence=sentence.index,
            first=first,
            last=last,
            start=sentence.start + match.start(),
            end=sentence.start + match.end(),
            date=resolution.date,
            date_end=resolution.date_end,
            precision=resolution.precision,
            kind=_kind(form, match),
            direction=_direction(form, match, sentence.tokens, first),
        )
        if found and _continues(text, sentence.start, found[-1], expression):
            expression = _merged(found.pop(), expression)
        found.append(expression)
        _tell(expression, resolution, sentence, scene)
    return found


def _kind(form: Form, match: re.Match[str]) -> Kind:
    """Return the form's kind; a day with its year is absolute."""
    groups = match.groupdict()
    return "absolute" if groups.get("day") and groups.get("year") else form.kind


# Words that make a bare "March" or "May" a month rather than a verb, a modal or a name.
_BEFORE_MONTH = frozenset(
    [
        "in",
        "since",
        "until",
        "till",
        "last",
        "this",
        "next",
        "early",
        "late",
        "mid",
        "during",
        "through",
        "throughout",
        "every",
    ]
)
_DOUBTFUL_MONTHS = frozenset({"March", "April", "May", "June", "August"})
_BEFORE_YEAR = frozenset(["the", "its", "his", "her", "their", "this", "that", "'s", "’s", "our"])
_AMOUNT_WORDS = frozenset(
    [
        "about",
        "some",
        "around",
        "over",
        "nearly",
        "than",
        "least",
        "almost",
        "roughly",
        "approximately",
        "only",
        "most",
    ]
)
_NOT_AFTER_YEAR = frozenset(
    ["percent", "gmt", "hours", "hrs", "per", "bc", "million", "billion", "people", "troops"]
)


def _is_date(form: Form, match: re.Match[str], tokens: list[Token], first: int, last: int) -> bool:
    """Return whether the words are a date in their sentence, not an amount, a verb or a name."""
    if form.name == "month" and match["year"] is None:
        return _is_month(tokens, first, last)
    if form.name == "year":
        return _is_year(tokens, first, last)
    if form.name == "vague" and match[0].lower() == "shortly":
        return last + 1 >= len(tokens) or tokens[last + 1].lower not in {"after", "before"}
    if form.name in {"month_day", "day_month"} and match["year"] is None:
        month = next(t for t in tokens[first : last + 1] if t.text[:3] == match["month"][:3])
        return month.tag != "MD" and not month.tag.startswith("VB")
    return True


def _is_month(tokens: list[Token], first: int, last: int) -> bool:
    """Return whether a month's name alone is the month ("in May", not "Theresa May may")."""
    name = tokens[last]
    if name.text not in _DOUBTFUL_MONTHS or first < last:
        return not name.tag.startswith("VB")
    before = tokens[first - 1].lower if first else ""
    return before in _BEFORE_MONTH or (
        name.text == "March" and before in {"by", "before", "after", "from", "to"}
    )


def _is_year(tokens: list[Token], first: int, last: int) -> bool:
    """Return whether a four-digit figure is a year ("in 2014", not "2014 troops")."""
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if after is not None and (after.lower in _NOT_AFTER_YEAR or after.text == "%"):
        return False
    counts = after is not None and after.tag == "NNS"
    if first < last:
        return True
    if before is None:
        return not counts
    if before.lower in _AMOUNT_WORDS:
        return after is None or not after.tag.startswith(("NN", "JJ"))
    if counts:
        return before.lower in _BEFORE_YEAR and not tokens[last].text.endswith("00")
    if before.tag.startswith("NNP") or before.tag in {"$", "#", "CD"}:
        return False
    return int(tokens[last].text[:4]) >= 1800 if tokens[last].text[:4].isdigit() else True


_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo"})
_PLANS = frozenset({"schedule", "slate", "plan", "expect", "due", "set"})


def _tense(sentence: Sentence, i: int) -> Tense:
    """Return the tense of the verb that governs token `i`."""
    tokens = sentence.tokens
    for _ in range(len(tokens)):
        token = tokens[i]
        if token.tag.startswith("VB") or token.tag == "MD" or token.lemma in _PLANS:
            return _verb_tense(sentence, token)
        if token.head == i:
            break
        i = token.head
    return "unknown"


def _verb_tense(sentence: Sentence, verb: Token) -> Tense:
    tokens = sentence.tokens
    helpers = [tokens[c] for c in verb.children if tokens[c].dep in {"aux", "auxpass"}]
    words = {helper.lower for helper in helpers}
    governor = tokens[verb.head]
    if words & _FUTURE or verb.lemma in _PLANS or (governor.lemma in _PLANS and "to" in words):
        return "future"
    if any(helper.tag == "MD" for helper in helpers) and "have" not in words:
        return "conditional" if words & {"would", "'d", "’d"} else "future"
    if verb.tag == "VBD" or any(h.tag == "VBD" or h.lower in {"has", "have"} for h in helpers):
        return "past"
    return "unknown"


_DIRECTIONS: dict[str, Direction] = {
    "since": "since",
    "from": "since",
    "starting": "since",
    "beginning": "since",
    "until": "until",
    "till": "until",
    "through": "until",
    "to": "until",
    "before": "before",
    "by": "before",
    "prior": "before",
    "after": "after",
    "following": "after",
}
_SKIPPED = frozenset(
    ["the", "a", "about", "around", "at", "least", "early", "late", "mid", "mid-", "-", "as", "of"]
)


def _direction(form: Form, match: re.Match[str], tokens: list[Token], first: int) -> Direction:
    """Return how the expression bounds its clause, read from the preposition before it."""
    if form.kind == "duration":
        prep = (match["prep"] or "for").lower()
        return (
            "until" if prep == "within" else "at" if prep == "in" and not match["which"] else "for"
        )
    i = first - 1
    while i >= 0 and tokens[i].lower in _SKIPPED:
        i -= 1
    word = tokens[i].lower if i >= 0 else ""
    if word in {"from", "to"} and i < first - 1:
        return "at"
    return _DIRECTIONS.get(word, "at")


_JOINT = re.compile(r",?\s+(?:on\s+)?")


def _continues(text: str, offset: int, one: DateExpression, two: DateExpression) -> bool:
    """Return whether `two` spells out the day that the narrative step `one` leads to."""
    gap = text[one.end - offset : two.start - offset]
    return (
        one.kind == "narrative"
        and two.kind in {"absolute", "partial"}
        and _JOINT.fullmatch(gap) is not None
    )


def _merged(step: DateExpression, day: DateExpression) -> DateExpression:
    """Return one narrative expression of a step and the day that it names."""
    date = day.date
    if date and step.date and date.startswith("--"):
        date = step.date[:4] + date[1:]
    return DateExpression(
        sentence=day.sentence,
        first=step.first,
        last=day.last,
        start=step.start,
        end=day.end,
        date=date,
        date_end=day.date_end,
        precision=day.precision,
        kind="narrative",
        direction=step.direction,
    )


_BACKGROUND = frozenset({"since", "until", "before"})


def _tell(
    expression: DateExpression, resolution: Resolution, sentence: Sentence, scene: Scene
) -> None:
    """Add the expression's date to the narrative unless it only gives background."""
    told: Partial = parse_iso(expression.date)
    if told.year is None or expression.kind == "duration" or expression.direction != "at":
        return
    if resolution.precision == "decade" or _is_background(sentence, expression.first):
        return
    if scene.tense in {"future", "conditional"}:
        return
    scene.told.append(told)
    if expression.kind == "relative":
        scene.frame = None
    elif expression.first <= 1:
        scene.frame = told.year


def _is_background(sentence: Sentence, i: int) -> bool:
    """Return whether token `i` stands under "since ..." or in a relative clause."""
    tokens = sentence.tokens
    for _ in range(len(tokens)):
        token = tokens[i]
        if token.lower in _BACKGROUND or token.dep == "relcl":
            return True
        if any(tokens[c].lower in _BACKGROUND and tokens[c].dep == "mark" for c in token.children):
            return True
        if token.head == i:
            break
        i = token.head
    return False

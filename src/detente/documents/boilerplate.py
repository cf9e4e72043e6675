"""What pasted and scraped pages carry beside the article: marked with a reason, never cut.

A document's text goes in; spans that are not to be coded come out. Precision comes before recall: a
call that slips through costs one odd sentence, a news sentence that is masked is lost. So a pattern
must hold for a whole line or sentence, and a longer one is never taken by its first words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from detente.documents.bylines import MONTH, find_bio, find_byline, find_dateline
from detente.documents.repeats import find_repeats, normalise
from detente.documents.sentences import split_paragraphs, split_sentences
from detente.schema import Boilerplate

MAX_CALL_CHARS = 240
"""No newsletter call, credit or share line is longer; a longer sentence is the article's own."""
MAX_HEADING_CHARS = 90
MAX_HEADING_WORDS = 12
"""Headings in PolNeAR and the seeds have at most 12 words; longer unstopped lines are lists."""
MAX_QUESTION_WORDS = 5
"""A heading may ask ("A ‘Reverse Nixon’?"); longer questions belong to the text."""
MAX_TITLE_CHARS = 300
_TITLE_LINES = 2
"""Title and subtitle: both may lack a stop at the top of a text."""

_SITES = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|reddit|youtube|e-?mail|threads)"
)
_RULES: tuple[tuple[str, str], ...] = (
    (
        "newsletter",
        r"for (?:the best|more) of our (?:weekly|daily|latest) (?:content|news|stories)"
        r"|you(?:[’']| a)re now signed up\b.*"
        r"|check your (?:e-?mail|inbox)\b.*"
        r"|(?:please )?(?:sign up|subscribe|register)(?: (?:here|now|today|below))?"
        r"(?: (?:for|to) (?:our|the|this|get|receive)\b.*)?"
        r"|(?:please )?enter your e-?mail\b.*"
        r"|(?:get|receive) .{0,80}\b(?:in|to|by) your (?:inbox|e-?mail)\b.*"
        rf"|(?:like|follow|find|join) (?:us|me|our page|the page) on {_SITES}\b.*"
        rf"|follow .{{2,60}}? on {_SITES}\b.*"
        r"|do you support .{2,60}\? like the page:?"
        r"|join (?:our|the) (?:mailing list|newsletter|telegram channel)\b.*",
    ),
    (
        "comment box",
        r"(?:leave|post|add|write|submit) a (?:comment|reply)"
        r"|(?:view|show|read|hide|see|join|load|post|add)(?: all| the| more)?(?: \d+)?"
        r" (?:comments?|conversation|discussion)(?: \(\d+\))?"
        r"|(?:\d+ )?comments?(?: \(?\d+\)?)?|comments are closed|no comments yet"
        r"|(?:please )?log in to (?:leave a )?comment"
        r"|your e-?mail address will not be published\b.*|required fields are marked \W*",
    ),
    (
        "advertisement",
        r"advertisements?(?: - continue reading below)?|advertorial|paid content"
        r"|sponsored(?: content)?"
        r"|(?:story|article) continues (?:below|after)\b.*|continue reading below"
        r"|scroll (?:down )?to continue(?: reading)?|(?:donate|support us) (?:now|today)",
    ),
    (
        "navigation",
        r"(?:see also|related|also read|more on this|further reading|recommended(?: for you)?"
        r"|most (?:read|popular)|trending(?: now)?|previously|don[’']t miss)"
        r"(?: (?:articles?|stories|story|coverage|posts?|topics?|news))?(?:\s*[:|»>].*)?"
        r"|(?:also on|more from) [\w ’']{2,40}:|read (?:more|also|next|full story)\b.{0,160}"
        r"|(?:read|see|view) the full (?:story|article|text|report|transcript)(?: (?:here|below))?"
        rf"|(?:share|tweet|print|pin|copy link|save)(?: (?:this|on|via|to|with)\b.{{0,40}})?"
        rf"|{_SITES}"
        r"|(?:we|this (?:web)?site) uses? cookies\b.*"
        r"|by (?:continuing|clicking|using)\b.{0,60}\byou (?:agree|accept|consent)\b.*"
        r"|(?:accept|reject)(?: all)?(?: cookies)?|cookie (?:policy|settings)|privacy policy"
        r"|terms (?:of (?:use|service)|and conditions)|skip to (?:main )?content|back to top"
        r"|(?:click|tap) here(?: (?:to|for)\b.*)?"
        r"|(?:watch|listen to|see|read)(?: the| a| full| more)*"
        r" (?:video|audio|photos?|clip|tweets?)\b.{0,60}\b(?:below|above|here):?"
        r"|all rights reserved|(?:©|copyright (?:©|\(c\)|\d{4})).*"
        r"|(?:\d+|a few) min(?:ute)?s?(?: read)?",
    ),
    (
        "byline",
        r"(?:additional )?(?:reporting|writing|editing|compiled) by .*"
        r"|(?:[\w.’'-]+,? ){2,12}contributed(?: \w+)? to this (?:report|story|article)"
        rf"|(?:(?:first |originally )?(?:published|posted)|(?:last )?(?:updated|modified))"
        rf"(?: on| at)?:?(?=.{{0,30}}\d{{4}})(?: \w+day,?)?[\d:/., -]+(?:{MONTH}[\d:/., -]+)?"
        r"(?:(?:gmt|utc|[ecp][sd]?t|a\.?m\.?|p\.?m\.?|at)[\d:/., -]*)*",
    ),
    (
        "caption",
        r"(?:file )?(?:photo|image|picture|photograph|illustration)s?"
        r"(?: ?credits?| courtesy(?: of)?| by)?\s*[:/].{0,120}"
        r"|(?:getty images|ap photo|reuters|afp|epa)(?:\s*/.{0,60})?",
    ),
    (
        "markup",
        r"[.#@]?[a-z][\w.#@:, -]*\{|\}|-?[a-z]+(?:-[a-z]+)*: ?[^ ;][^;.?!]{0,60};",
    ),
)
_CALL = re.compile(
    r"[\W_]*?(?:"
    + "|".join(
        f"(?P<{reason.replace(' ', '_')}>{'(?-i:' + p + ')' if reason == 'markup' else p})"
        for reason, p in _RULES
    )
    + r")[\s.!…*»>–—_)\]-]*",
    re.IGNORECASE | re.DOTALL,
)
_CREDITED = re.compile(
    r"[^()]*\((?:(?:file )?(?:photo|image|picture|photograph)s?\b[^()]{0,80}|AP Photo[^()]{0,80}"
    r"|[^()]{0,60}(?:/|via )(?:getty(?: images)?|reuters|ap|afp|epa))\)\s*",
    re.IGNORECASE,
)
_ENDS_AS_PROSE = re.compile(r"[.!…:;,—–-][\"”’')\]]*$")
_QUESTION = re.compile(r"\?[\"”’')\]]*$")
_LIST_ITEM = re.compile(r"(?:[-–—*•·>|]|\(?\w{1,2}[.)]\s|\d)")


@dataclass(slots=True, frozen=True)
class _Piece:
    """A paragraph with its sentences, as offsets."""

    start: int
    end: int
    sentences: list[tuple[int, int]]


def mark_boilerplate(
    text: str,
    *,
    markup: Sequence[Boilerplate] = (),
    title: str | None = None,
    author: str | None = None,
) -> tuple[Boilerplate, ...]:
    """Return the spans of `text` that are kept but not coded, in order and without overlap.

    Args:
        text: the document's text as received.
        markup: spans that the format itself marks (Markdown signs); they count as blanks here.
        title: the title, when known: a line that repeats it is a heading.
        author: the author, when known: tells a bio from a sentence about a professor.
    """
    plain = blank_out(text, markup)
    pieces = [
        _Piece(start, end, split_sentences(text, start, end))
        for start, end in split_paragraphs(text)
    ]
    found = [*markup]
    found += (_mark(text, *span) for span in _signatures(plain, author))
    found += (_mark(text, *span) for piece in pieces for span in _calls(plain, piece))
    taken = blank_out(plain, found)
    prose = [piece for piece in pieces if not _LIST_ITEM.match(text, piece.start)]
    found += (_mark(text, *span) for span in _headings(taken, prose, title))
    found += (
        _mark(text, start, end, "repeated sentence")
        for start, end in find_repeats(plain, [s for piece in pieces for s in piece.sentences])
    )
    return tuple(_without_overlap(found))


def blank_out(text: str, spans: Iterable[Boilerplate]) -> str:
    """Return `text` with the characters of `spans` as blanks, one for one; line breaks stay."""
    parts: list[str] = []
    place = 0
    for span in sorted(spans, key=lambda s: s.start):
        start, end = max(span.start, place), max(span.end, place)
        parts.append(text[place:start])
        parts.append(re.sub(r"[^\n\r]", " ", text[start:end]))
        place = end
    return "".join([*parts, text[place:]])


def _mark(text: str, start: int, end: int, reason: str) -> Boilerplate:
    return Boilerplate(start=start, end=end, quote=text[start:end], reason=reason)


def _signatures(text: str, author: str | None) -> Iterator[tuple[int, int, str]]:
    """Yield the dateline, byline and bio of the text."""
    dateline, byline, bio = find_dateline(text), find_byline(text), find_bio(text, author)
    if dateline:
        yield dateline.start, dateline.end, "byline"
    if byline:
        yield byline.start, byline.end, "byline"
    if bio:
        yield bio.start, bio.end, "bio"


def _calls(text: str, piece: _Piece) -> Iterator[tuple[int, int, str]]:
    """Yield the calls of the page in a paragraph: the whole of it, or sentences of it."""
    reason = _call_reason(text, piece.start, piece.end)
    if reason:
        yield piece.start, piece.end, reason
        return
    for start, end in piece.sentences:
        reason = _call_reason(text, start, end) if len(piece.sentences) > 1 else None
        if reason:
            yield start, end, reason


def _call_reason(text: str, start: int, end: int) -> str | None:
    """Return why `text[start:end]` as a whole is a call of the page, or None."""
    if end - start > MAX_CALL_CHARS:
        return None
    if text[end - 1] == ")" and _CREDITED.fullmatch(text, start, end):
        return "caption"
    match = _CALL.fullmatch(text, start, end)
    return match.lastgroup.replace("_", " ") if match and match.lastgroup else None


def _headings(text: str, pieces: list[_Piece], title: str | None) -> Iterator[tuple[int, int, str]]:
    """Yield the lines without a full stop that stand over a paragraph of prose.

    Of several such lines in a row only the last counts, save at the top of the text: a list of
    headlines is news.
    """
    lines = [(p, line) for p in pieces if (line := text[p.start : p.end].strip())]
    known = normalise(title) if title else None
    below, over_prose = "", False
    marked: list[tuple[int, int, str]] = []
    for number, (piece, line) in reversed(list(enumerate(lines))):
        at_top = number < _TITLE_LINES
        is_title = at_top and len(line) <= MAX_TITLE_CHARS and normalise(line) == known
        is_short = _looks_like_heading(line)
        if over_prose and (is_title or (is_short and (at_top or below == "prose"))):
            marked.append((piece.start, piece.end, "heading"))
        below = "heading" if is_short else "prose"
        over_prose = over_prose or not is_short
    yield from reversed(marked)


def _looks_like_heading(line: str) -> bool:
    """Return whether a line could be a heading: short, unstopped, neither list item nor speech."""
    if len(line) > MAX_HEADING_CHARS or len(line.split()) > MAX_HEADING_WORDS:
        return False
    if not any(c.isalpha() for c in line):
        return False
    if _QUESTION.search(line):
        words = re.findall(r"[\w’'-]+", line)
        in_capitals = all(word[0].isupper() for word in words if len(word) > 3)
        return len(words) <= MAX_QUESTION_WORDS and in_capitals and line[0] not in '"“'
    return not _ENDS_AS_PROSE.search(line)


def _without_overlap(found: Iterable[Boilerplate]) -> Iterator[Boilerplate]:
    """Yield the spans in order; what an earlier, longer one covers is left out or cut short."""
    place = 0
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if span.end <= place:
            continue
        start = max(span.start, place)
        quote = span.quote[start - span.start :]
        yield Boilerplate(start=start, end=span.end, quote=quote, reason=span.reason)
        place = span.end

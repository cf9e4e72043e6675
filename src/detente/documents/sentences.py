"""Paragraphs and sentences of a text as offsets; the text itself is never changed.

A rule-based splitter for English news prose: a full stop ends a sentence unless the word before it
is a title, an initial, an abbreviation or a number that goes on. Abbreviations that can also end a
sentence (`U.S.`, `Inc.`, `Feb.`) do so when a word follows that rarely begins a name. Everything is
one pass over the text, so an endless line costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_SENTENCE_CHARS = 2_000
"""Longer sentences are cut at a blank: no news sentence reaches it, and parsing is superlinear."""

WRAP_WIDTHS = range(45, 101)
"""Line lengths, in characters, at which e-mail and plain-text pages break their paragraphs."""

_FIRST_WORD = re.compile(r"\s*(\S*)")
_OWN_LINE = re.compile(r"\s*(?:[-–—*•·>#|+_=]|\(?\w{1,3}[.)]\s)")
_LINE_ENDS = re.compile(r"[.?!:;…。！？]\W*$")
_STOP = re.compile(r"[.?!…。！？]+(?:[\"”’'»)\]\}]|\[\d{1,3}\])*")
_FULL_WIDTH = "。！？"
_OPENERS = "\"“‘'«([{"
_LOOK_BACK = 24
"""Characters before a full stop that can matter: the longest abbreviation is far shorter."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "Mr Mrs Ms Messrs Mme Dr Prof Gen Sen Sens Rep Reps Gov Govs Lt Col Sgt Cpl Capt Cmdr Adm Maj "
    "Brig Rev Fr Hon Pres Amb Sec Supt St Mt Ft vs v e.g i.e cf viz al approx ca"
)
_NUMBERED = _words("No Nos no nos Art art Arts Ch ch p pp Fig fig Vol vol para")
_MAY_END = _words(
    "Inc Corp Co Cos Ltd LLC Plc Bros Jr Sr Esq Ph.D etc Dept dept Univ Assn Ave Blvd Rd est "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun "
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb "
    "Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wisc Wyo"
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
_STARTERS = _words(
    "a about according additionally after all also although among an analysts and another any "
    "as asked at because before both but by conversely critics despite diplomats during each "
    "earlier even every experts few finally first for former from further furthermore given had "
    "has he her here his how however i if in instead is it its just last later lawmakers like many "
    "meanwhile more moreover most my neither nevertheless no nonetheless nor not now observers of "
    "officials on once one only or other others our over perhaps recently second several she "
    "similarly since so some speaking still such that the their then there these they third this "
    "those though through thus to today together two under until we what when where whether which "
    "while who why with without would yes yet you your"
)


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the paragraphs of `text`, without outer blanks.

    A line is a paragraph. Hard-wrapped lines are joined into one; the line break stays inside it.
    """
    blocks = list(_blocks(text))
    width = _wrap_width(blocks)
    paragraphs: list[tuple[int, int]] = []
    for block in blocks:
        start, end = block[0]
        for line in block[1:]:
            if not _goes_on(text, (start, end), line, width):
                paragraphs.append(_trim(text, start, end))
                start = line[0]
            end = line[1]
        paragraphs.append(_trim(text, start, end))
    return paragraphs


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the sentences of `text[start:end]`.

    They are in order, do not overlap, hold every character that is not blank, and none is longer
    than `MAX_SENTENCE_CHARS`.
    """
    sentences: list[tuple[int, int]] = []
    begin = start
    for match in _STOP.finditer(text, start, end):
        if _ends_sentence(text, match, begin, end):
            sentences.extend(_cut(text, begin, match.end()))
            begin = match.end()
    sentences.extend(_cut(text, begin, end))
    return sentences


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of lines without a blank line between them, as offsets."""
    block: list[tuple[int, int]] = []
    place = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            block.append((place, place + len(line.rstrip())))
        elif block:
            yield block
            block = []
        place += len(line)
    if block:
        yield block


def _wrap_width(blocks: list[list[tuple[int, int]]]) -> int | None:
    """Return the width at which the text was wrapped by hand, or None for one line a paragraph.

    A block of at least three lines is wrapped when most of its lines reach nearly the longest.
    """
    widths = []
    for block in blocks:
        lengths = [end - start for start, end in block]
        longest = max(lengths)
        full = sum(length >= 0.8 * longest for length in lengths[:-1])
        if len(block) >= 3 and longest in WRAP_WIDTHS and full > 0.6 * (len(block) - 1):
            widths.append(longest)
    return max(widths, default=None)


def _goes_on(text: str, before: tuple[int, int], line: tuple[int, int], width: int | None) -> bool:
    """Return whether `line` continues the paragraph whose last line ends at `before[1]`.

    It does when its first word would not have fitted on the line before, or when that line stops
    in mid-sentence and this one goes on in lower case.
    """
    start, end = line
    if _OWN_LINE.match(text, start, end):
        return False
    last = text[max(before[0], before[1] - 200) : before[1]].splitlines()[-1]
    word = _FIRST_WORD.match(text, start, end)
    first = word.group(1) if word else ""
    if first[:1].islower() and not _LINE_ENDS.search(last[-20:]):
        return True
    return (
        width is not None
        and len(last) <= width
        and end - start <= width
        and len(last) + 1 + len(first) > width
    )


def _ends_sentence(text: str, match: re.Match[str], begin: int, end: int) -> bool:
    """Return whether the stop found by `match` ends the sentence that began at `begin`."""
    after = match.end()
    mark = text[match.start()]
    if after >= end or mark in _FULL_WIDTH:
        return True
    if not text[after].isspace():
        return mark != "…" and _is_glued(text, match, end)
    following = _FIRST_WORD.match(text, after, min(end, after + 200))
    word = following.group(1) if following else ""
    if not word:
        return True
    if word[0].islower() or word[0] in ".?!…”’)]}":
        return False
    closers = text[match.start() + 1 : after]
    if mark != "." or not all(c in ")]}" for c in closers):
        return not word.lstrip(_OPENERS)[:1].islower()
    return _full_stop_ends(text, match.start(), begin, word)


def _full_stop_ends(text: str, stop: int, begin: int, word: str) -> bool:
    """Return whether the single full stop at `stop`, followed by `word`, ends a sentence."""
    before = text[max(begin, stop - _LOOK_BACK) : stop].split()
    token = re.split(r"[-–—/]", before[-1].lstrip(_OPENERS))[-1] if before else ""
    if token in _TITLES:
        return False
    if token in _NUMBERED:
        return not word[0].isdigit()
    if token in _MAY_END or _DOTTED.fullmatch(token):
        return _starts_sentence(word)
    is_list_number = len(token) <= 3 and token.isdigit() and stop - len(token) == begin
    return not is_list_number


def _starts_sentence(word: str) -> bool:
    """Return whether `word` is one that rarely begins a name: `The`, `He`, `“We`, `However,`."""
    bare = re.sub(r"\W+$", "", word.lstrip(_OPENERS))
    stem = re.split(r"[’']", bare)[0]
    opened = word[:1] in '“"' and bare[:1].isupper()
    return opened or (bare[:1].isupper() and stem.lower() in _STARTERS)


def _is_glued(text: str, match: re.Match[str], end: int) -> bool:
    """Return whether a stop without a blank after it ends a sentence: `on their own.Read more`."""
    before = text[max(0, match.start() - 3) : match.start()]
    after = text[match.end() : min(end, match.end() + 2)]
    opened = after[:1] in "“"
    return (
        len(match.group()) <= 2
        and before.isalpha()
        and before.islower()
        and (opened or (after[:1].isupper() and after[1:2].isalpha() and after[1:2].islower()))
    )


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield `text[start:end]` without outer blanks, in pieces of bounded length."""
    start, end = _trim(text, start, end)
    while end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        blank = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
        piece = _trim(text, start, blank if blank > start else limit)
        yield piece
        start, end = _trim(text, piece[1], end)
    if start < end:
        yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of `text[start:end]` without blanks at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

"""Markdown: its signs as spans that are not coded, and its front matter as metadata.

The text is kept as received; what a reader of the rendered page would not see is marked, character
for character, so that offsets hold in the user's own file. Lines are read one by one and inline
patterns are bounded, so the cost is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from detente.schema import Boilerplate

MAX_FRONT_LINES = 100
"""Front matter is a handful of fields; a rule at the top of an essay never closes."""

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_FIELD = re.compile(r"(?P<key>[A-Za-z_]+):[ \t]*(?P<value>\S[^\r\n]*)")
_RULE = re.compile(r"[ ]{0,3}(?:=+|-{2,}|(?:[*_-][ \t]?){3,}|[|: \t-]*-{3}[|: \t-]*)\s*$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:={3,}|-{3,})\s*$")
_DEFINITION = re.compile(r"[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]+\S")
_PREFIX = re.compile(
    r"[ \t]{0,20}(?:>[ \t]?){0,9}(?P<bullet>(?:[-*+]|\d{1,3}[.)])(?=[ \t]))?"
    r"(?P<heading>[ \t]{0,9}#{1,6}(?=[ \t]))?"
)
_CLOSING = re.compile(r"[ \t]#{1,6}\s*$")
_INLINE = re.compile(
    r"!\[[^\]\n]{0,200}\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,100}\])"
    r"|(?P<open>\[)(?P<words>[^\[\]\n]{1,300})(?P<target>\](?:\([^()\n]{0,500}\)|\[[^\]\n]{0,100}\]))"
    r"|\[\^[^\]\s]{1,50}\]:?"
    r"|</?[A-Za-z][^<>\n]{0,300}>"
    r"|(?<=\s)\||\|(?=\s)"
    r"|\\(?=[!-/:-@\[-`{-~])"
)
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])[^*\n]{1,400}(?<=[^\s*])(?P<stars_end>(?P=stars))(?![\w*])"
    r"|(?<![\w_])(?P<bars>_{1,3})(?=[^\s_])[^_\n]{1,400}(?<=[^\s_])(?P<bars_end>(?P=bars))(?![\w_])"
    r"|(?P<ticks>`{1,2})[^`\n]{1,400}(?P<ticks_end>(?P=ticks))"
)


def mark_markdown(text: str) -> tuple[Boilerplate, ...]:
    """Return the Markdown signs of `text` as spans, and its headings, in order of their start.

    Signs (`#`, `**`, link targets, images, code, front matter, bullets) have the reason `markup`,
    the words of a heading have `heading`. Spans may overlap.
    """
    front = _front_matter(text)
    found = {(0, front, "markup")} | {(*span, "markup") for span in _comments(text)}
    body: list[tuple[int, int]] = []
    for start, end, in_code in _lines(text, front):
        if in_code:
            found.add((start, end, "markup"))
        else:
            body.append((start, end))
            found |= {(*span, "markup") for span in _signs(text, start, end)}
    found |= {(*span, "heading") for span in _headings(text, body)}
    return tuple(
        Boilerplate(start=start, end=end, quote=text[start:end], reason=reason)
        for start, end, reason in sorted(found)
        if start < end
    )


def read_front_matter(text: str) -> dict[str, str]:
    """Return the plain `key: value` fields of a front matter block, keys in lower case."""
    fields = map(_FIELD.match, text[: _front_matter(text)].splitlines())
    return {field["key"].lower(): field["value"].strip(" \t\"'") for field in fields if field}


def find_heading(text: str) -> str | None:
    """Return the words of the first heading of a Markdown text, or None."""
    body = [
        (start, end) for start, end, in_code in _lines(text, _front_matter(text)) if not in_code
    ]
    first = next(_headings(text, body), None)
    return re.sub(r"[*_`]+", "", text[slice(*first)]) if first else None


def _front_matter(text: str) -> int:
    """Return the end of the front matter at the head of the text, 0 where there is none."""
    for number, match in enumerate(_LINES.finditer(text)):
        line = match.group().strip("\ufeff \t\r\n")
        if (number == 0 and line != "---") or number > MAX_FRONT_LINES:
            return 0
        if number and line in {"---", "..."}:
            return match.end()
    return 0


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield HTML comments; one that never closes is text."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        if end < 0:
            return
        yield start, end + 3
        start = text.find("<!--", end)


def _lines(text: str, place: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the lines from `place` on as offsets, each with whether it is part of a code block."""
    fence = ""
    for match in _LINES.finditer(text, place):
        found = _FENCE.match(match.group())
        mark = found[1] if found else ""
        toggles = bool(mark) and mark.startswith(fence)
        yield match.start(), match.end(), bool(fence) or toggles
        if toggles:
            fence = "" if fence else mark


def _signs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what is markup in one line outside code."""
    if _RULE.match(text, start, end) or _DEFINITION.match(text, start, end):
        yield start, end
        return
    prefix = _PREFIX.match(text, start, end)
    if prefix and prefix.group().strip():
        yield prefix.span()
    closing = _CLOSING.search(text, max(start, end - 12), end)
    if prefix and prefix["heading"] and closing:
        yield closing.span()
    body = prefix.end() if prefix else start
    for match in _INLINE.finditer(text, body, end):
        if match["open"]:
            yield match.span("open")
            yield match.span("target")
        else:
            yield match.span()
    for match in _EMPHASIS.finditer(text, body, end):
        for name in _EMPHASIS.groupindex:
            if match[name]:
                yield match.span(name)


def _headings(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the words of the headings: lines after `#`, and lines underlined with `===`."""
    for (start, end), (below, last) in pairwise([*lines, (len(text), len(text))]):
        prefix = _PREFIX.match(text, start, end)
        words = text[start:end].strip()
        if prefix and prefix["heading"]:
            first = prefix.end()
            closing = _CLOSING.search(text, max(first, end - 12), end)
            yield _trimmed(text, first, closing.start() if closing else end)
        elif words and words[0] not in "|>-*" and _UNDERLINE.match(text, below, last):
            yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without blanks at either end."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

"""Attributions as PolNeAR annotates them, read from brat's standoff files.

In: `text/NAME.txt` and `attributions/NAME_ANNOTATOR.ann`. Out: each article's text and the
attributions of its first annotator in the order of file names. An attribution has the fragments of
source, cue and content; one without cue and content is left out, and so are spans that belong to no
event. Offsets count characters of the file as stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.errors import InputError

Fragment = tuple[int, int]
Fragments = tuple[Fragment, ...]
Attribution = Mapping[str, Fragments]
"""The fragments of each of `ROLES`, sorted; none where a role is not expressed."""

ROLES = ("source", "cue", "content")
EVENTS = ("Attribution", "Attribution-no-source")

_RECORD = re.compile(r"^(?=[A-Z*#]\d*\t)", re.MULTILINE)
_SPAN = re.compile(r"(T\d+)\t\S+ (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)
_EVENT = re.compile(r"E\d+\t(\S+)(.*)")
_ARGUMENT = re.compile(r"(source|cue|content)\d*:(T\d+)", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Article:
    """An annotated article."""

    name: str
    path: Path
    text: str
    attributions: list[Attribution]


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of one part of the corpus, in the order of names.

    Raises:
        InputError: a folder or an article's annotation is missing, a file is no UTF-8, or an
            annotation does not fit its text.
    """
    paths = sorted((folder / "text").glob("*.txt"))
    if not paths:
        raise InputError(f"no text/*.txt in {folder}; give a folder with text/ and attributions/")
    first: dict[str, Path] = {}
    stems = {path.stem for path in paths}
    for path in sorted((folder / "attributions").glob("*.ann")):
        name = path.stem.rpartition("_")[0]
        first.setdefault(name if name in stems else path.stem, path)
    articles = []
    for path in paths:
        if path.stem not in first:
            raise InputError(f"{path}: no annotation in {folder / 'attributions'}")
        text = _read_text(path)
        articles.append(Article(path.stem, path, text, read_attributions(first[path.stem], text)))
    return articles


def read_attributions(path: Path, text: str) -> list[Attribution]:
    """Return the attributions of one annotation file.

    Raises:
        InputError: the file is no UTF-8 or does not fit the text.
    """
    spans: dict[str, Fragments] = {}
    events = []
    for record in _RECORD.split(_read_text(path)):
        if span := _SPAN.match(record):
            spans[span[1]] = _read_span(path, span, text)
        elif (event := _EVENT.match(record)) and event[1].partition(":")[0] in EVENTS:
            events.append(event[2])
    return [one for event in events if (one := _attribution(path, event, spans, text))]


def join_fragments(places: Iterable[Sequence[int]], text: str) -> Fragments:
    """Return fragments without white space at their edges; neighbours with no word between, as one.

    Raises:
        InputError: a fragment is empty or reaches outside the text.
    """
    joined: list[Fragment] = []
    for start, end in sorted(_trim(text, start, end) for start, end in places):
        if start == end:
            continue
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _trim(text: str, start: int, end: int) -> Fragment:
    if not 0 <= start < end <= len(text):
        raise InputError(f"offsets {start}:{end} in a text of {len(text)} characters")
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return first, first + len(words.strip())


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: cannot be read as UTF-8 ({err})") from err


def _read_span(path: Path, span: re.Match[str], text: str) -> Fragments:
    """Return the fragments of a span; its words, which brat repeats, must be those of the text."""
    places = [(int(a), int(b)) for a, b in (part.split() for part in span[2].split(";"))]
    words = " ".join(text[a:b] for a, b in places)
    if "".join(words.split()) != "".join(span[3].split()):
        raise InputError(f"{path}, {span[1]}: {span[2]} are other words in the text")
    return join_fragments(places, text)


def _attribution(
    path: Path, event: str, spans: Mapping[str, Fragments], text: str
) -> Attribution | None:
    roles: dict[str, list[Fragment]] = {role: [] for role in ROLES}
    for argument in event.split():
        found = _ARGUMENT.fullmatch(argument)
        if found is None or found[2] not in spans:
            raise InputError(f"{path}: {argument!r} is no role with a span")
        roles[found[1].lower()] += spans[found[2]]
    joined = {role: join_fragments(places, text) for role, places in roles.items()}
    return joined if joined["cue"] or joined["content"] else None

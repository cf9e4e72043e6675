"""One function a format: the bytes of a source become articles.

`FORMATS` says which function reads which ending; a page or feed from the network goes by its media
type. What cannot be read raises an `InputError` that says why; a broken line or item among good
ones is yielded as `Skipped`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath

import msgspec

from detente.documents.article import Article, Source, keep_stated
from detente.documents.decoding import decode
from detente.documents.feeds import read_feed
from detente.documents.html import read_html
from detente.documents.markup import find_heading, mark_markdown, read_front_matter
from detente.documents.pdf import read_pdf
from detente.errors import InputError
from detente.schema import Skipped

Found = Iterable[Article | Skipped]


class Item(msgspec.Struct):
    """A line of a JSONL file, or an object of a JSON file; only `text` is needed."""

    text: str
    id: str | int | None = None
    title: str | None = None
    date: str | int | None = None
    outlet: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None


def read_source(source: Source) -> Found:
    """Return the articles of a source, by its media type if it has one, else by its name.

    Raises:
        InputError: the source is empty, of no known format, or broken.
    """
    if not source.content.strip():
        raise InputError("empty; give a file with an article's text")
    if source.media_type:
        return _by_media_type(source)
    ending = PurePath(source.path).suffix.lower()
    return FORMATS.get(ending, _read_piped)(source)


def read_text(source: Source) -> Iterator[Article]:
    """Yield the article of a plain text, its characters as received.

    Raises:
        InputError: the bytes are no text, or their encoding cannot be told.
    """
    decoded = decode(source.content)
    yield Article(
        path=source.path,
        text=decoded.text,
        url=source.url,
        warnings=_encoding_warning(decoded.guessed),
    )


def read_markdown(source: Source) -> Iterator[Article]:
    """Yield the article of a Markdown text, its characters as received and its signs marked.

    Raises:
        InputError: the bytes are no text, or their encoding cannot be told.
    """
    decoded = decode(source.content)
    front = read_front_matter(decoded.text)
    yield Article(
        path=source.path,
        text=decoded.text,
        stated=keep_stated(
            title=front.get("title") or find_heading(decoded.text),
            date=front.get("date"),
            author=front.get("author"),
            outlet=front.get("outlet") or front.get("source") or front.get("publisher"),
        ),
        url=front.get("url") or source.url,
        markup=mark_markdown(decoded.text),
        warnings=_encoding_warning(decoded.guessed),
    )


def read_json(source: Source) -> Found:
    """Yield the articles of a JSON file: one object, or a list of them.

    Raises:
        InputError: the file is no JSON, or neither an object nor a list.
    """
    try:
        found = msgspec.json.decode(decode(source.content).text.lstrip("\ufeff"))
    except msgspec.DecodeError as err:
        raise InputError(f"broken JSON ({err}); give an object with the key 'text'") from err
    if not isinstance(found, dict | list):
        raise InputError("neither an object nor a list of objects with the key 'text'")
    for number, value in enumerate(found if isinstance(found, list) else [found], start=1):
        place = f"{source.path}#{number}" if isinstance(found, list) else source.path
        try:
            yield _item_article(msgspec.convert(value, Item), source.path, number)
        except msgspec.ValidationError as err:
            yield _broken(place, f"item {number}", err)


def read_jsonl(source: Source) -> Found:
    """Yield the articles of a JSON Lines file; a broken line is skipped, the others go on.

    Raises:
        InputError: the bytes are no text, or their encoding cannot be told.
    """
    lines = decode(source.content).text.lstrip("\ufeff").split("\n")
    decoder = msgspec.json.Decoder(Item)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _item_article(decoder.decode(line), source.path, number)
        except msgspec.DecodeError as err:
            yield _broken(f"{source.path}#{number}", f"line {number}", err)


FORMATS: dict[str, Callable[[Source], Found]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
"""The endings that are read, and by which function."""


def _read_piped(source: Source) -> Found:
    """Return the articles of standard input: JSON Lines if its first line is an object, or text."""
    first = source.content.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        is_item = first.startswith(b"{") and isinstance(msgspec.json.decode(first), dict)
    except msgspec.DecodeError:
        is_item = False
    return read_jsonl(source) if is_item else read_text(source)


def _by_media_type(source: Source) -> Found:
    """Return the articles of a download."""
    kind = source.media_type or ""
    if "pdf" in kind or source.content.startswith(b"%PDF-"):
        return read_pdf(source)
    if kind in {"application/json", "application/x-ndjson", "application/jsonl"}:
        return read_json(source) if kind == "application/json" else read_jsonl(source)
    if "html" in kind:
        return read_html(source)
    if "xml" in kind or "rss" in kind or "atom" in kind:
        return read_feed(source)
    if kind == "text/markdown":
        return read_markdown(source)
    if kind.startswith("text/"):
        return read_text(source)
    raise InputError(f"a download of type {kind!r} is not read; save the article as a file")


def _item_article(item: Item, path: str, number: int) -> Article:
    """Return the article of a JSON item."""
    return Article(
        path=f"{path}#{item.id if item.id is not None else number}",
        text=item.text,
        stated=keep_stated(
            title=item.title,
            date=str(item.date) if item.date is not None else None,
            author=item.author,
            outlet=item.outlet or item.source,
        ),
        url=item.url,
    )


def _broken(place: str, where: str, err: Exception) -> Skipped:
    reason = f"{where} is broken ({err}); write an object with at least the key 'text'"
    return Skipped(item=place, stage="read", reason=reason)


def _encoding_warning(guessed: str | None) -> tuple[str, ...]:
    if guessed is None:
        return ()
    return (f"not UTF-8; read as {guessed}, which is a guess; save it as UTF-8 to be sure",)

"""RSS and Atom feeds: one article an item, from what the feed itself gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.documents.article import Article, Source, keep_stated
from detente.documents.html import html_text
from detente.errors import InputError


def read_feed(source: Source) -> Iterator[Article]:
    """Yield an article for each item of a feed that has text: its content, else its summary.

    Raises:
        InputError: the bytes are no feed, or no item has text.
    """
    import feedparser

    feed = feedparser.parse(source.content, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise InputError("neither a page nor an RSS or Atom feed; give the article's own address")
    outlet = feed.feed.get("title")
    found = False
    for number, entry in enumerate(feed.entries, start=1):
        text = _entry_text(entry)
        if text:
            found = True
            yield _article(source, number, entry, text, outlet)
    if not found:
        raise InputError("no item of this feed has text; give the addresses of its articles")


def _article(source: Source, number: int, entry: Any, text: str, outlet: str | None) -> Article:
    """Return the article of one feed item."""
    link = entry.get("link")
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return Article(
        path=f"{source.path}#{entry.get('id') or link or number}",
        text=text,
        stated=keep_stated(
            title=html_text(entry.get("title") or "") or None,
            author=entry.get("author"),
            outlet=outlet,
            date="{:04d}-{:02d}-{:02d}".format(*moment[:3]) if moment else None,
        ),
        url=link,
    )


def _entry_text(entry: Any) -> str:
    """Return the longest text that an item gives."""
    given = [part.get("value") or "" for part in entry.get("content", [])]
    given.append(entry.get("summary") or "")
    return max((html_text(part) for part in given), key=len)

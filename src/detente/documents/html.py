"""Web pages: the main text and metadata by trafilatura, or the page's text where it finds none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.documents.article import Article, Source, keep_stated
from detente.documents.decoding import decode
from detente.errors import InputError

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,30})", re.IGNORECASE)
_BLOCKS = frozenset(
    ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "tr", "blockquote", "section")
)
_SILENT = ("script", "style", "noscript", "template", "head", "nav", "footer", "form")
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2200-12-31"}
"""The date that the page states in its markup; never one guessed from its text or the clock."""


def read_html(source: Source) -> Iterator[Article]:
    """Yield the article of a web page; its text is the extracted one, a paragraph a line.

    Raises:
        InputError: the page holds no text.
    """
    from trafilatura import bare_extraction

    page = decode_page(source.content)
    found = bare_extraction(
        page,
        url=source.url,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params=dict(_DATES),
    )
    text = getattr(found, "text", None) or html_text(page)
    if not text.strip():
        raise InputError("no text in this page; save the article itself as .txt or .html")
    stated = {
        "title": getattr(found, "title", None),
        "author": getattr(found, "author", None),
        "date": getattr(found, "date", None),
        "outlet": getattr(found, "sitename", None),
    }
    url = source.url or getattr(found, "url", None)
    yield Article(path=source.path, text=text, stated=keep_stated(**stated), url=url)


def html_text(page: str) -> str:
    """Return the text of an HTML page or fragment, a block a line, without scripts and menus."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.fromstring(_CONTROL.sub(" ", page))
    except (etree.ParserError, ValueError):
        return ""
    etree.strip_elements(root, etree.Comment, *_SILENT, with_tail=False)
    for element in root.iter():
        if element.tag in _BLOCKS:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in str(root.text_content()).splitlines())
    return "\n".join(line for line in lines if line)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|^\s*<\?xml[^>]*\?>")


def decode_page(content: bytes) -> str:
    """Return the text of a page in UTF-8, in the encoding that it declares, or a confident guess.

    Raises:
        InputError: the bytes are no text, or their encoding cannot be told.
    """
    declared = _CHARSET.search(content[:4_096])
    for encoding in ("utf-8", declared[1].decode("ascii", "replace") if declared else "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(content).text

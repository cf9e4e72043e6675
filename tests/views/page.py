"""Reads a rendered page as a strict HTML parser does, for the tests of the brief."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib


@dataclass(slots=True)
class Page:
    """A parsed page."""

    root: Element

    def all(self, tag: str) -> Iterator[Element]:
        """Yield the elements of one tag, of HTML or SVG, in order."""
        return (e for e in self.root.iter() if isinstance(e.tag, str) and name(e) == tag)

    def find(self, anchor: str) -> Element:
        """Return the element with an id."""
        return next(e for e in self.root.iter() if e.get("id") == anchor)

    @property
    def ids(self) -> list[str]:
        """Return all ids, in order."""
        return [e.attrib["id"] for e in self.root.iter() if "id" in e.attrib]


def name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def text(element: Element) -> str:
    """Return the words of an element; cells and blocks stand apart."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    if isinstance(element.tag, str):
        yield element.text or ""
        for child in element:
            yield from _pieces(child)
            yield child.tail or ""
        if name(element) in ("td", "th", "dt", "dd", "p", "li", "h3"):
            yield " "


def parse(html: str) -> Page:
    """Return the page; any parse error of HTML5 raises."""
    return Page(html5lib.HTMLParser(strict=True).parse(html))

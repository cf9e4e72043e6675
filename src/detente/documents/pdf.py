"""PDF files: pdfium's text with its lines put together into paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from detente.documents.article import Article, Source, keep_stated
from detente.errors import InputError

MAX_PAGES = 2_000
EDGE_LINES = 2
"""Lines at the top and bottom of a page that may be a running header or footer."""
FULL_LINE = 0.75
"""Share of the page's usual line length below which a line was not broken by the margin."""

_JOINT = re.compile(r"[\x02\ufffe\u00ad]\s*")
_HYPHENATED = re.compile(r"(?<=\w)-$")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.I
)
_STOPPED = re.compile(r"[.?!:][\"”’')\]]*$")
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def read_pdf(source: Source) -> Iterator[Article]:
    """Yield the text of a PDF, a paragraph a line, with title, author and date of its metadata.

    Running headers, footers and page numbers are left out and hyphenated words joined.

    Raises:
        InputError: the file is broken, locked, or has no text layer.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(source.content) as pdf:
            stated = pdf.get_metadata_dict()
            pages = [_page_lines(pdf[i]) for i in range(min(len(pdf), MAX_PAGES))]
    except pypdfium2.PdfiumError as err:
        locked = "password" in str(err).lower()
        reason = "locked by a password; save an open copy" if locked else "broken; print it anew"
        raise InputError(f"this PDF is {reason}") from err
    text = "\n".join(join_lines(drop_running_lines(pages)))
    if not text.strip():
        raise InputError("this PDF has no text layer; run OCR on it first")
    made = _PDF_DATE.match(stated.get("CreationDate", ""))
    yield Article(
        path=source.path,
        text=text,
        stated=keep_stated(
            title=stated.get("Title"),
            author=stated.get("Author"),
            date="-".join(made.groups()) if made else None,
        ),
    )


def drop_running_lines(pages: list[list[str]]) -> list[str]:
    """Return the lines of all pages without page numbers and what recurs at the pages' edges."""
    edges = [_edge_indices(page) for page in pages]
    counts = Counter(
        key
        for page, indices in zip(pages, edges, strict=True)
        for key in {_shape(page[i]) for i in indices}
    )
    kept: list[str] = []
    for page, indices in zip(pages, edges, strict=True):
        for i, line in enumerate(page):
            recurs = len(pages) > 1 and counts[_shape(line)] > max(1, len(pages) // 3)
            if i in indices and (recurs or _PAGE_NUMBER.fullmatch(line)):
                continue
            kept.append(line)
    return kept


def join_lines(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs: lines that the margin broke are put together, broken words joined."""
    lengths = sorted(len(line) for line in lines)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    paragraph = ""
    last = 0
    for line in lines:
        if paragraph and _ends_paragraph(paragraph, last, line, usual):
            yield paragraph
            paragraph = ""
        if paragraph and _HYPHENATED.search(paragraph):
            joins = line[:1].islower()
            paragraph = (_HYPHENATED.sub("", paragraph) if joins else paragraph) + line
        else:
            paragraph = f"{paragraph} {line}" if paragraph else line
        last = len(line)
    if paragraph:
        yield paragraph


def _page_lines(page: object) -> list[str]:
    """Return the lines of a page that are not blank; pdfium's own joints are undone."""
    text = page.get_textpage().get_text_bounded()  # type: ignore[attr-defined]
    return [line for raw in _JOINT.sub("-\n", text).splitlines() if (line := " ".join(raw.split()))]


def _edge_indices(page: list[str]) -> set[int]:
    n = len(page)
    return {*range(min(EDGE_LINES, n)), *range(max(0, n - EDGE_LINES), n)}


def _shape(line: str) -> str:
    """Return a line with its digits masked, so that `3 | The Review` recurs as `4 | The Review`."""
    return re.sub(r"\d+", "#", line).casefold()


def _ends_paragraph(paragraph: str, last: int, line: str, usual: int) -> bool:
    """Return whether the paragraph ends before `line`, whose forerunner had `last` characters."""
    if _HYPHENATED.search(paragraph) or line[:1].islower():
        return False
    if last >= FULL_LINE * usual:
        return False
    return bool(_STOPPED.search(paragraph)) or last < 0.5 * usual

"""Title, date, author and outlet of a document, each with where it came from.

What the user says comes first, then what the source states, then the file's name and the dateline,
and last what the text lets one infer.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from detente.documents.article import Article
from detente.documents.bylines import Dateline, find_bio, find_byline, find_dateline
from detente.documents.dating import Posting, find_posting, infer_year, read_date
from detente.documents.decoding import decode
from detente.documents.sentences import split_paragraphs
from detente.errors import InputError
from detente.schema import OriginName

FIELDS = ("title", "date", "author", "outlet")
COLUMNS: Mapping[str, str] = {
    "title": "title",
    "date": "date",
    "publication_date": "date",
    "author": "author",
    "outlet": "outlet",
    "publisher": "outlet",
    "source": "outlet",
}
"""Columns of a metadata table and the field that each gives."""
MAX_TITLE_CHARS = 150
MAX_TITLE_WORDS = 22
"""The longest headline in PolNeAR has 21 words."""

_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-.]?)(\d\d)\2(\d\d)(?!\d)")
_OUTLET = re.compile(r"[A-Za-z][\w .&’'-]*")
_UNSTATED = frozenset(("", "none", "null", "nan", "n/a", "unknown", "-"))
_STOPPED = re.compile(r"[.!…:;,][\"”’')\]]*$")


@dataclass(slots=True)
class Metadata:
    """The four fields as far as they are known, and the origin of each."""

    values: dict[str, str] = field(default_factory=dict)
    origin: dict[str, OriginName] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def offer(self, given: Mapping[str, str | None], origin: OriginName) -> None:
        """Take over the values for the fields that are not known yet; warn of impossible dates."""
        for name in FIELDS:
            value = given.get(name)
            if not value or name in self.values:
                continue
            if name == "date":
                try:
                    value = read_date(value)
                except ValueError as err:
                    self.warnings.append(
                        f"the date {value!r} cannot be used ({err}); write it as YYYY-MM-DD"
                    )
                    continue
            self.values[name] = value
            self.origin[name] = origin


def resolve_metadata(
    article: Article, options: Mapping[str, str], row: Mapping[str, str]
) -> Metadata:
    """Return the metadata of an article.

    Args:
        article: the text with what its source states.
        options: what the user says of all articles of this run.
        row: what the user's table of metadata says of this file.
    """
    metadata = Metadata(warnings=list(article.warnings))
    metadata.offer(options, "option")
    metadata.offer(row, "metadata")
    metadata.offer(article.stated, "metadata")
    metadata.offer(read_filename(article.path), "filename")
    dateline = find_dateline(article.text)
    if dateline:
        metadata.offer({"outlet": dateline.outlet}, "dateline")
        if dateline.date and not dateline.date.startswith("-"):
            metadata.offer({"date": dateline.date}, "dateline")
    byline = find_byline(article.text) or find_bio(article.text, metadata.values.get("author"))
    metadata.offer({"author": byline.author if byline else None}, "inferred")
    posting = find_posting(article.text)
    metadata.offer({"date": posting.date if posting else None}, "dateline")
    metadata.offer({"title": _title_above(article.text, posting)}, "inferred")
    metadata.offer({"title": _first_line(article.text)}, "inferred")
    if "date" not in metadata.values:
        _infer_date(article.text, dateline, metadata)
    return metadata


def read_filename(path: str) -> dict[str, str]:
    """Return date and outlet as a file's name gives them.

    `2025-02-18_wire_riyadh.txt` and `breitbart_2015-11-11_slug.txt` name the outlet beside the
    date; other names give at most the date.
    """
    stem = PurePath(path.split("#")[0]).stem
    match = _FILE_DATE.search(stem)
    if match is None:
        return {}
    date = f"{match[1]}-{match[3]}-{match[4]}"
    try:
        found = {"date": read_date(date)}
    except ValueError:
        return {}
    parts = stem.split("_")
    place = next((i for i, part in enumerate(parts) if part == match.group()), None)
    if place is None or len(parts) < 3:
        return found
    outlet = parts[place - 1] if place else parts[1]
    if _OUTLET.fullmatch(outlet):
        found["outlet"] = outlet
    return found


def read_table(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a metadata table (TSV or CSV) by the stem of their `filename`.

    Raises:
        InputError: the table cannot be read or has no `filename` column.
    """
    try:
        text = decode(path.read_bytes()).text.lstrip("\ufeff")
    except OSError as err:
        raise InputError(f"metadata table {path}: {err.strerror}; check the path") from err
    except InputError as err:
        raise InputError(f"metadata table {path}: {err}") from err
    lines = text.splitlines()
    if lines and "\t" in lines[0]:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        rows = csv.DictReader(lines)
    if "filename" not in (rows.fieldnames or ()):
        raise InputError(f"metadata table {path} has no column 'filename'; name the first one so")
    return {file_stem(row["filename"] or ""): _row_fields(row) for row in rows}


def _row_fields(row: Mapping[str, str | None]) -> dict[str, str]:
    """Return the fields that a table's row states."""
    given: dict[str, str] = {}
    for column, name in COLUMNS.items():
        value = (row.get(column) or "").strip()
        if value.casefold() not in _UNSTATED:
            given.setdefault(name, value)
    return given


def file_stem(path: str) -> str:
    """Return a file's name without folder and the ending of a known format."""
    name = PurePath(path.split("#")[0]).name
    return re.sub(r"\.(?:txt|md|html?|pdf|jsonl?)$", "", name, flags=re.IGNORECASE)


def _first_line(text: str) -> str | None:
    """Return the first line as the title, when it is short, has no full stop and heads prose."""
    lines = split_paragraphs(text[:4_000])[:2]
    if len(lines) < 2:
        return None
    return _as_title(text[slice(*lines[0])])


def _title_above(text: str, posting: Posting | None) -> str | None:
    """Return the line above the day of publication, when a page's menu stands first."""
    if posting is None or len(lines := split_paragraphs(text[: posting.start])) < 2:
        return None
    return _as_title(text[slice(*lines[-1])])


def _as_title(line: str) -> str | None:
    """Return a line as a title, if it is short enough and no sentence, dateline or byline."""
    title = line.strip("\ufeff# *_\t")
    if len(title) > MAX_TITLE_CHARS or len(title.split()) > MAX_TITLE_WORDS:
        return None
    if _STOPPED.search(title) or find_dateline(title + " -") or find_byline(title):
        return None
    return title if any(c.isalpha() for c in title) else None


def _infer_date(text: str, dateline: Dateline | None, metadata: Metadata) -> None:
    """Add the date that dateline and text allow: a full one, a year, or a day without year."""
    day = dateline.date if dateline else None
    year = infer_year(text)
    if day and year:
        metadata.offer({"date": f"{year}{day[1:]}"}, "inferred")
    elif day:
        metadata.values["date"], metadata.origin["date"] = day, "dateline"
    elif year:
        metadata.offer({"date": year}, "inferred")

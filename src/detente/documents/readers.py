"""Paths become documents: read, described, marked, and checked for their language.

Paths go in, `Document` records come out one by one, and a `Skipped` for all that could not be used
or was doubtful: one bad file never ends a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from detente.documents.article import Article, Source
from detente.documents.boilerplate import blank_out, mark_boilerplate
from detente.documents.dating import read_date
from detente.documents.formats import read_source
from detente.documents.languages import detect_language
from detente.documents.metadata import FIELDS, file_stem, read_table, resolve_metadata
from detente.documents.sources import find_sources
from detente.errors import InputError
from detente.schema import Document, Skipped, record_id
from detente.settings import Settings


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says about all articles of a run.

    Attributes:
        title: title of each article.
        date: ISO 8601 date, possibly partial.
        author: author of each article.
        outlet: who published them.
        metadata: table (TSV or CSV) with a row a file: `filename`, and `title`, `date` or
            `publication_date`, `author`, `outlet` or `publisher`.
    """

    title: str | None = None
    date: str | None = None
    author: str | None = None
    outlet: str | None = None
    metadata: Path | None = None


def read(path: str | Path, *, options: Options | None = None) -> list[Document]:
    """Return the documents of a file, folder, page or feed (`-` is standard input).

    Raises:
        InputError: nothing in it can be coded, or an option is wrong.
    """
    found = list(read_paths([path], settings=Settings(), options=options))
    documents = [item for item in found if isinstance(item, Document)]
    if not any(document.language == "en" for document in documents):
        skipped = next((item for item in found if isinstance(item, Skipped)), None)
        why = f"{skipped.item}: {skipped.reason}" if skipped else f"{path}: no article in it"
        raise InputError(why)
    return documents


def read_paths(
    paths: Iterable[str | Path], *, settings: Settings, options: Options | None = None
) -> Iterator[Document | Skipped]:
    """Yield the documents of all paths in order, and what was skipped or doubtful.

    A document whose language is not English is yielded with that language and followed by a
    `Skipped` of stage `language`; it is not to be coded. Of documents that are the same in text,
    outlet and date only the first is yielded.

    Raises:
        InputError: an option is wrong; nothing has been read then.
    """
    chosen = options or Options()
    stated = _stated_options(chosen)
    table = read_table(chosen.metadata) if chosen.metadata else {}
    return _read_all(paths, settings, stated, table)


def _stated_options(options: Options) -> dict[str, str]:
    """Return the fields that the options set.

    Raises:
        InputError: the date cannot be one.
    """
    stated = {name: value for name in FIELDS if (value := getattr(options, name))}
    if "date" in stated:
        try:
            stated["date"] = read_date(stated["date"])
        except ValueError as err:
            raise InputError(
                f"option date: {stated['date']!r} cannot be used ({err}); write it as YYYY-MM-DD"
            ) from err
    return stated


def _read_all(
    paths: Iterable[str | Path],
    settings: Settings,
    stated: dict[str, str],
    table: dict[str, dict[str, str]],
) -> Iterator[Document | Skipped]:
    """Yield the documents of all paths and what was skipped."""
    seen: dict[str, str] = {}
    for path in paths:
        for article in _articles(str(path), settings):
            if isinstance(article, Skipped):
                yield article
                continue
            for item in _assemble(article, stated, table.get(file_stem(article.path), {})):
                if isinstance(item, Document):
                    first = seen.setdefault(item.id, item.path)
                    if first != item.path:
                        yield _skip(item.path, "read", f"same article as {first}; read once")
                        break
                yield item


def _articles(path: str, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the articles of one path; what goes wrong in a file becomes its `Skipped`."""
    for source in find_sources(path, settings):
        if isinstance(source, Skipped):
            yield source
            continue
        yield from _read_one(source)


def _read_one(source: Source) -> Iterator[Article | Skipped]:
    """Yield the articles of one source."""
    try:
        yield from read_source(source)
    except InputError as err:
        yield _skip(source.path, "read", str(err))
    except Exception as err:
        # The border of one file: whatever a parser of foreign formats fails with ends only it.
        reason = f"cannot be parsed ({type(err).__name__}: {err}); save the article as plain text"
        yield _skip(source.path, "read", reason)


def _assemble(
    article: Article, stated: dict[str, str], row: dict[str, str]
) -> Iterator[Document | Skipped]:
    """Yield the document of an article, then what is doubtful about it."""
    if not any(c.isalnum() for c in article.text):
        yield _skip(article.path, "read", "no words in it; give the article's text")
        return
    metadata = resolve_metadata(article, stated, row)
    values = metadata.values
    boilerplate = mark_boilerplate(
        article.text,
        markup=article.markup,
        title=values.get("title"),
        author=values.get("author"),
    )
    language = detect_language(blank_out(article.text, boilerplate))
    yield Document(
        id=record_id("doc", article.text, values.get("outlet"), values.get("date")),
        path=article.path,
        text=article.text,
        url=article.url,
        language=language,
        n_chars=len(article.text),
        boilerplate=boilerplate,
        origin=metadata.origin,
        **values,
    )
    for warning in metadata.warnings:
        yield _skip(article.path, "metadata", warning)
    if language != "en":
        reason = f"the text seems to be in language {language!r}; only English is coded"
        yield _skip(article.path, "language", reason)


def _skip(item: str, stage: str, reason: str) -> Skipped:
    return Skipped(item=item, stage=stage, reason=reason)

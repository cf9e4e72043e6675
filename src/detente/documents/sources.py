"""What a path stands for: a file, the files of a folder, standard input, or an address."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from detente.documents.article import Source
from detente.documents.formats import FORMATS
from detente.documents.web import fetch
from detente.errors import InputError, nearest
from detente.schema import Skipped
from detente.settings import Settings

STANDARD_INPUT = "-"
NOT_ARTICLES = ("readme", "license", "licence", "notice")
"""Names of files in a folder that speak about the folder."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def find_sources(path: str, settings: Settings) -> Iterator[Source | Skipped]:
    """Yield the sources that `path` stands for, in a fixed order, and what is left out and why."""
    try:
        if path == STANDARD_INPUT:
            yield _standard_input(settings)
        elif _ADDRESS.match(path):
            page = fetch(path, settings)
            yield Source(path, page.content, url=page.url, media_type=page.media_type)
        elif Path(path).is_dir():
            yield from _folder(Path(path), settings)
        else:
            yield _file(Path(path), settings)
    except InputError as err:
        yield Skipped(item=path, stage="read", reason=str(err))
    except OSError as err:
        reason = f"cannot be opened ({err.strerror}); check the path"
        yield Skipped(item=path, stage="read", reason=reason)


def _standard_input(settings: Settings) -> Source:
    """Return what is piped in.

    Raises:
        InputError: it is larger than allowed.
    """
    content = sys.stdin.buffer.read(settings.max_bytes + 1)
    _check_size(len(content), settings)
    return Source(STANDARD_INPUT, content)


def _folder(folder: Path, settings: Settings) -> Iterator[Source | Skipped]:
    """Yield the files of a folder and its subfolders by name; hidden ones are passed over."""
    found = False
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            found = True
            path = Path(root, name)
            try:
                if path.stem.lower().startswith(NOT_ARTICLES):
                    raise InputError("speaks about the folder; name the file itself to read it")
                yield _file(path, settings)
            except InputError as err:
                yield Skipped(item=str(path), stage="read", reason=str(err))
    if not found:
        raise InputError("no files in this folder; put articles into it")


def _file(path: Path, settings: Settings) -> Source:
    """Return a file's bytes.

    Raises:
        InputError: the file is missing, unreadable, too large or of no known format.
    """
    ending = path.suffix.lower()
    try:
        if not path.is_file():
            kind = "not a regular file" if path.exists() else "no such file or folder"
            raise InputError(f"{kind}; check the path")
        if ending not in FORMATS:
            allowed = " ".join(FORMATS)
            raise InputError(f"ending {ending!r} is not one of {allowed}{nearest(ending, FORMATS)}")
        _check_size(path.stat().st_size, settings)
        return Source(str(path), path.read_bytes())
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise InputError(f"cannot be opened ({reason}); check the path and its rights") from err


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.max_bytes:
        raise InputError(
            f"larger than {settings.max_bytes:,} bytes; split it, or raise the setting max_bytes"
        )

"""What a format's reader makes of a file or page, before metadata and boilerplate are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.schema import Boilerplate


@dataclass(slots=True, frozen=True)
class Source:
    """The bytes of a file, page or standard input, and the name that its documents carry.

    `url` and `media_type` are known for downloads only.
    """

    path: str
    content: bytes
    url: str | None = None
    media_type: str | None = None


@dataclass(slots=True, frozen=True)
class Article:
    """One text with the metadata that its format states.

    `stated` has the keys `title`, `date`, `author` and `outlet`, as far as the source gives them;
    `markup` are the spans that the format itself sets apart; `warnings` say what was doubtful.
    """

    path: str
    text: str
    stated: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    markup: tuple[Boilerplate, ...] = ()
    warnings: tuple[str, ...] = ()


def keep_stated(**values: str | None) -> dict[str, str]:
    """Return the values that say something, without outer blanks."""
    return {key: value.strip() for key, value in values.items() if value and value.strip()}

"""Hand-made inputs for unit tests, so that they do not depend on a trained model's taste."""

from __future__ import annotations

from detente.extract.language import Sentence, Token, link_children
from detente.schema import Document, record_id


def document(text: str, **fields: object) -> Document:
    """Return a document of `text`; `fields` override the other fields."""
    values: dict[str, object] = {"id": record_id("doc", text), "path": "test.txt"}
    return Document(**{**values, "text": text, "n_chars": len(text), **fields})  # type: ignore[arg-type]


def sentence(
    text: str, table: str, *, offset: int = 0, index: int = 0, paragraph: int = 0
) -> Sentence:
    """Return a parsed sentence from a table with a line a token: `word tag dep head [lemma]`.

    `head` is the index of the governor; the root names itself. Words are found in `text` in order.
    """
    tokens: list[Token] = []
    place = 0
    for i, line in enumerate(row.split() for row in table.strip().splitlines()):
        word, tag, dep, head = line[:4]
        start = text.index(word, place)
        place = start + len(word)
        tokens.append(
            Token(
                i=i,
                start=offset + start,
                end=offset + place,
                text=word,
                lower=word.lower(),
                lemma=line[4] if len(line) > 4 else word.lower(),
                tag=tag,
                dep=dep,
                head=int(head),
            )
        )
    link_children(tokens)
    return Sentence(
        index=index,
        paragraph=paragraph,
        start=tokens[0].start,
        end=tokens[-1].end,
        tokens=tokens,
    )

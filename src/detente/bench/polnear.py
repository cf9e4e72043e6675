"""Accuracy of attribution on PolNeAR (Newell, Margolin & Ruths 2018): who says or thinks what.

In: a folder with `text/` and `attributions/` (`standoff.py`). Out: recall, precision and F1 in per
cent, under the names of the corpus's scorer, summed over the documents:

- `token ROLE`: tokens in that role in any attribution; a token is a run of letters and digits, or
  any other printing character by itself.
- `span exact ROLE`: all fragments of a role in one attribution have the same edges;
  `fragment exact ROLE`: each fragment by itself.
- `attribution`: the cues share a token, the contents have a Jaccard index of tokens of at least
  0.5, and the sources share a token; what both lack agrees. Pairs are one to one, as many as can
  be.
- `direct-quote recall`: of the attributions whose content has a double quotation mark, without the
  test of the cue.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from detente.bench.rows import write_rows
from detente.bench.standoff import (
    ROLES,
    Article,
    Attribution,
    Fragments,
    join_fragments,
    read_articles,
)
from detente.documents.readers import read_paths
from detente.pipeline import code_stream
from detente.schema import Claim, Document, Span
from detente.settings import Settings

TOKEN = re.compile(r"\w+|[^\w\s]")
QUOTE = re.compile(r"[\"“”„‟«»″＂]|``|''")
JACCARD = 0.5

KINDS = ("token", "span exact", "fragment exact")
MATCHED = ("attribution", "attribution without source test")
QUOTED = ("direct-quote recall", "direct-quote recall, content only")
SHARES = ("recall", "precision", "f1")
NAMES = (*(f"{kind} {role}" for kind in KINDS for role in ROLES), *MATCHED, *QUOTED)

Prediction = dict[str, list[list[int]]]
"""An attribution as the scorer takes it: the start and end of each fragment, by role."""

Tokens = Mapping[str, frozenset[int]]
"""The tokens of one attribution by role, as their numbers in the text."""


def measure_polnear(data: Path, *, predictions: Path | None = None) -> dict[str, Any]:
    """Return the agreement of the coder with the annotated attributions.

    Args:
        data: a part of the corpus, with `text/` and `attributions/`.
        predictions: file to write the coded claims to, an article a line.

    Raises:
        InputError: the corpus is not as it must be, or the predictions cannot be written.
    """
    articles = read_articles(data)
    coded = code_attributions(article.path for article in articles)
    found = {article.name: coded.get(article.name, []) for article in articles}
    if predictions is not None:
        write_predictions(predictions, found)
    counts: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for article in articles:
        rows = [
            {role: join_fragments(places, article.text) for role, places in row.items()}
            for row in found[article.name]
        ]
        for name, compared in compare_attributions(article, rows).items():
            counts[name].update(compared)
    return {"documents": len(articles), "documents_coded": len(coded), **figures_of(counts)}


def code_attributions(paths: Iterable[Path]) -> dict[str, list[Prediction]]:
    """Return the attributions of text files by stem; a file that cannot be coded is left out."""
    return {
        Path(coded.document.path).stem: attributions_of(coded.records.claims)
        for coded in code_stream(_documents(paths), Settings())
        if not coded.records.skipped
    }


def _documents(paths: Iterable[Path]) -> Iterator[Document]:
    """Yield the documents of the files, each read by itself so that copies are not left out."""
    for path in paths:
        items = read_paths([path], settings=Settings())
        yield from (item for item in items if isinstance(item, Document))


def attributions_of(claims: Iterable[Claim]) -> list[Prediction]:
    """Return the claims as PolNeAR annotates them.

    Claims within claims are not annotated there, and two speakers of one claim are one source.
    """

    def places(spans: Iterable[Span]) -> list[list[int]]:
        return [[span.start, span.end] for span in spans]

    rows = [
        {"source": places(c.source), "cue": places(c.cue), "content": places(c.content)}
        for c in claims
        if c.outer is None and (c.source or c.cue or c.content)
    ]
    return [row for i, row in enumerate(rows) if row not in rows[:i]]


def write_predictions(path: Path, found: Mapping[str, list[Prediction]]) -> None:
    """Write a line an article, `{"doc", "attributions"}`.

    Raises:
        InputError: the file cannot be written.
    """
    rows = [{"doc": name, "attributions": attributions} for name, attributions in found.items()]
    write_rows(path, rows)


class Agreement(NamedTuple):
    """For each gold attribution (row) and predicted one (column), whether a role agrees."""

    source: NDArray[np.bool_]
    cue: NDArray[np.bool_]
    content: NDArray[np.bool_]


def compare_attributions(
    article: Article, predicted: Sequence[Attribution]
) -> dict[str, dict[str, int]]:
    """Return what is `right`, `predicted` and `gold` in one article, for each of `NAMES`."""
    gold = article.attributions
    bounds = [token.span() for token in TOKEN.finditer(article.text)]
    gold_tokens, tokens = (tokens_of(rows, bounds) for rows in (gold, predicted))
    counts = {}
    for role in ROLES:
        inside = (
            frozenset[int]().union(*(t[role] for t in rows)) for rows in (gold_tokens, tokens)
        )
        counts[f"token {role}"] = _overlap(*inside)
        spans = ({row[role] for row in rows if row[role]} for rows in (gold, predicted))
        counts[f"span exact {role}"] = _overlap(*spans)
        pieces = ({part for row in rows for part in row[role]} for rows in (gold, predicted))
        counts[f"fragment exact {role}"] = _overlap(*pieces)
    is_quoted = [_has_quote(row["content"], article.text) for row in gold]
    return counts | _compare_whole(
        agreement_of(gold_tokens, tokens), np.array(is_quoted, dtype=bool)
    )


def _compare_whole(agree: Agreement, is_quoted: NDArray[np.bool_]) -> dict[str, dict[str, int]]:
    """Return the counts of whole attributions; a recall has no `predicted`."""
    n_gold, n_predicted = agree.content.shape
    loose, heard = agree.content & agree.cue, agree.content & agree.source
    tables = dict(zip(MATCHED, (loose & agree.source, loose), strict=True))
    quoted = dict(zip(QUOTED, (heard[is_quoted], agree.content[is_quoted]), strict=True))
    return {
        name: {"right": _match(table), "predicted": n_predicted, "gold": n_gold}
        for name, table in tables.items()
    } | {name: {"right": _match(table), "gold": len(table)} for name, table in quoted.items()}


def tokens_of(rows: Iterable[Attribution], bounds: Sequence[tuple[int, int]]) -> list[Tokens]:
    """Return for each attribution the tokens that share a character with each role."""
    starts, ends = [start for start, _ in bounds], [end for _, end in bounds]
    return [
        {
            role: frozenset(
                number
                for start, end in row[role]
                for number in range(bisect_right(ends, start), bisect_left(starts, end))
            )
            for role in ROLES
        }
        for row in rows
    ]


def _overlap(gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> dict[str, int]:
    a, b = set(gold), set(predicted)
    return {"right": len(a & b), "predicted": len(b), "gold": len(a)}


def agreement_of(gold: Sequence[Tokens], predicted: Sequence[Tokens]) -> Agreement:
    """Return for each gold and each predicted attribution in which roles they agree."""

    def table(role: str, agrees: Callable[[frozenset[int], frozenset[int]], bool]) -> Any:
        rows = [[agrees(g[role], p[role]) for p in predicted] for g in gold]
        return np.array(rows, dtype=bool).reshape(len(gold), len(predicted))

    return Agreement(table("source", _meet), table("cue", _meet), table("content", _cover))


def _meet(a: frozenset[int], b: frozenset[int]) -> bool:
    """Return whether both share a token, or both have none."""
    return bool(a & b) or not (a or b)


def _cover(a: frozenset[int], b: frozenset[int]) -> bool:
    """Return whether both are mostly the same tokens, or both have none."""
    return len(a & b) >= JACCARD * len(a | b)


def _has_quote(fragments: Fragments, text: str) -> bool:
    return any(QUOTE.search(text[start:end]) for start, end in fragments)


def _match(agree: NDArray[np.bool_]) -> int:
    """Return how many pairs can be made of rows and columns that agree, each used once."""
    return len(pairs_of(agree))


def pairs_of(agree: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return as many pairs of a row and a column that agree as can be made, each used once."""
    if not agree.any():
        return []
    columns = maximum_bipartite_matching(csr_array(agree), perm_type="column")
    return [(row, int(column)) for row, column in enumerate(columns) if column >= 0]


def figures_of(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """Return the figures of summed counts, in per cent to two digits, in the scorer's order."""
    shares = {name: _shares(count) for name, count in counts.items()}
    figures: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        names = [f"{kind} {role}" for role in ROLES]
        figures |= {name: _rounded(shares[name]) | dict(counts[name]) for name in names}
        means = {key: sum(shares[name][key] for name in names) / len(names) for key in SHARES}
        figures[f"{kind} macro"] = _rounded(means)
    for name in MATCHED:
        figures[name] = _rounded(shares[name]) | dict(counts[name])
    for name in QUOTED:
        figures[name] = _rounded({"recall": shares[name]["recall"]}) | dict(counts[name])
    return figures


def _shares(count: Mapping[str, int]) -> dict[str, float]:
    """Return recall, precision and F1 in per cent; 0 where there is nothing to divide by."""
    right, found, gold = (count.get(key, 0) for key in ("right", "predicted", "gold"))
    parts = ((right, gold), (right, found), (2 * right, found + gold))
    return {key: 100 * a / b if b else 0.0 for key, (a, b) in zip(SHARES, parts, strict=True)}


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 2) for key, value in shares.items()}

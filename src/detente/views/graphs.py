"""Ties as graph files for network tools: GraphML and GEXF, as Gephi, R and Python read them.

In: ties, the records that name their actors, and blocs. Out: an undirected graph with a node for
each country or organisation and an edge for each dyad. What is not known is left out of the file,
never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from detente.relations.blocs import Blocs
from detente.relations.periods import LABELS, last_day
from detente.schema import Actor, Records, Tie
from detente.views.exports import write_bytes
from detente.views.ties import latest_ties
from detente.views.wording import printable

LEAST_WEIGHT = 1e-3
"""Least weight of an edge: layouts want weights above 0, and a tie is known even where `s` is 0."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def to_graph(records: Records, ties: Sequence[Tie], blocs: Blocs | None = None) -> nx.Graph:
    """Return the ties over all contexts as one graph, of several periods of a dyad the latest.

    Nodes have `label`, `kind`, `country` and `bloc` (from 1), edges `period`, `sign`, `s`, `low`,
    `high`, `score`, `n`, `weight` (the size of `s`, above 0) and `events` (ids parted by blanks),
    each where it is known. Dyads without any event have no edge.
    """
    actors = {actor.id: actor for actor in records.actors}
    bloc_of = {
        name: number
        for number, bloc in enumerate(blocs.blocs if blocs else (), start=1)
        for name in bloc
    }
    graph = nx.Graph()
    known = latest_ties(tie for tie in ties if tie.context == "all" and tie.n)
    for name in sorted({name for tie in known for name in (tie.a, tie.b)}):
        graph.add_node(printable(name), **_node(name, actors.get(name), bloc_of.get(name)))
    for tie in sorted(known, key=lambda tie: (tie.a, tie.b)):
        graph.add_edge(printable(tie.a), printable(tie.b), **_edge(tie))
    return graph


def write_graphml(
    path: Path, records: Records, ties: Sequence[Tie], blocs: Blocs | None = None
) -> None:
    """Write the graph of `to_graph` as GraphML.

    Raises:
        InputError: the file cannot be written.
    """
    lines = nx.generate_graphml(to_graph(records, ties, blocs))
    write_bytes(path, (DECLARATION + "\n".join(lines) + "\n").encode())


def write_gexf(
    path: Path, records: Records, ties: Sequence[Tie], blocs: Blocs | None = None
) -> None:
    """Write the graph of `to_graph` as GEXF 1.2, with the ties of calendar periods as its time.

    An edge has a spell for each such period, and `s_over_time` and `sign_over_time`.

    Raises:
        InputError: the file cannot be written.
    """
    graph = to_graph(records, ties, blocs)
    _add_time(graph, ties)
    writer = GEXFWriter(graph)
    # The writer dates the file by the clock; equal input gives an equal file without that.
    writer.xml.find("meta").attrib.pop("lastmodifieddate")
    write_bytes(path, f"{DECLARATION}{writer}\n".encode())


def _node(name: str, actor: Actor | None, bloc: int | None) -> dict[str, Any]:
    known = {
        "label": actor.name if actor else name,
        "kind": actor.kind if actor else None,
        "country": actor.country if actor else None,
        "bloc": bloc,
    }
    return _given(known)


def _edge(tie: Tie) -> dict[str, Any]:
    known = {
        "period": tie.period,
        "sign": tie.sign,
        "s": tie.s,
        "low": tie.low,
        "high": tie.high,
        "score": tie.score,
        "n": tie.n,
        "weight": max(abs(tie.s), LEAST_WEIGHT) if tie.s is not None else None,
        "events": " ".join(tie.events),
    }
    return _given(known)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that are known, texts without the characters that XML forbids."""
    return {
        key: printable(value) if isinstance(value, str) else value
        for key, value in values.items()
        if value is not None
    }


def _add_time(graph: nx.Graph, ties: Iterable[Tie]) -> None:
    """Give the edges what their ties were in each calendar period, as networkx's GEXF wants it."""
    for tie in sorted(ties, key=lambda tie: tie.period):
        days = _days(tie.period)
        if days is None or tie.context != "all" or not tie.n:
            continue
        start, end = (day.isoformat() for day in days)
        edge = graph.edges[printable(tie.a), printable(tie.b)]
        edge.setdefault("spells", []).append((start, end))
        edge.setdefault("sign_over_time", []).append((tie.sign, start, end))
        if tie.s is not None:
            edge.setdefault("s_over_time", []).append((tie.s, start, end))


def _days(label: str) -> tuple[date, date] | None:
    """Return the first and the last day of a calendar period; None for any other period."""
    if label == "all" or label.startswith("../"):
        return None
    last = first = last_day(label)
    make = next(make for make in LABELS.values() if make(last) == label)
    while first > date.min and make(first - timedelta(days=1)) == label:
        first -= timedelta(days=1)
    return first, last

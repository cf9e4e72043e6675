"""Who agrees with whom as GraphML, as visone, Gephi and R read it.

In: a `Discourse`, the records that name its actors. Out: an undirected graph with a node for each
actor who takes a side and an edge for each two who take sides on the same proposition.
"""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from detente.relations.discourse import Discourse
from detente.schema import Records
from detente.views.exports import write_bytes
from detente.views.graphs import DECLARATION
from detente.views.wording import printable


def to_congruence_graph(records: Records, discourse: Discourse) -> nx.Graph:
    """Return the actors with their agreement as one graph.

    Nodes have `label`, `kind` and `country` where they are known; edges `congruence`, `conflict`,
    `score` (congruence minus conflict, average-normalised), `weight` (`congruence`, for layouts),
    `agreed` and `disputed` (ids of propositions) and `claims`, parted by blanks.
    """
    actors = {actor.id: actor for actor in records.actors}
    graph = nx.Graph()
    sided = {one.actor: one.name for one in discourse.positions if one.stance != "neutral"}
    for name in sorted(filter(None, sided)):
        actor = actors.get(name)
        known = {
            "label": actor.name if actor else sided[name],
            "kind": actor.kind if actor else None,
            "country": actor.country if actor else None,
        }
        given = {key: printable(value) for key, value in known.items() if value}
        graph.add_node(printable(name), **given)
    for row in discourse.agreements():
        graph.add_edge(
            printable(row.a),
            printable(row.b),
            congruence=row.congruence,
            conflict=row.conflict,
            score=row.score,
            weight=row.congruence,
            agreed=printable(" ".join(row.agreed)),
            disputed=printable(" ".join(row.disputed)),
            claims=" ".join(row.claims),
        )
    return graph


def write_congruence(path: Path, records: Records, discourse: Discourse) -> None:
    """Write the graph of `to_congruence_graph` as GraphML.

    Raises:
        InputError: the file cannot be written.
    """
    lines = nx.generate_graphml(to_congruence_graph(records, discourse))
    write_bytes(path, (DECLARATION + "\n".join(lines) + "\n").encode())

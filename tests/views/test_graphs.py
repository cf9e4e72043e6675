from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.schema import Actor, Records, Tie
from detente.views.graphs import to_graph, write_gexf, write_graphml
from tests.views import sample

MONTHS = [
    sample.tie("CHN", "RUS", 0.4, "+", "drills", period="2025-01"),
    sample.tie("CHN", "RUS", -0.2, "undetermined", "drills", period="2025-02"),
    sample.tie("CHN", "EU", -0.6, "-", "listing", period="2025-02"),
]


def test_nodes_are_the_actors_of_known_ties() -> None:
    graph = to_graph(sample.records(), sample.TIES)
    assert sorted(graph) == ["CHN", "EU", "RUS", "UKR", "USA"]
    assert graph.nodes["CHN"] == {"label": "China", "kind": "state", "country": "CHN"}


def test_nodes_bear_the_number_of_their_bloc() -> None:
    graph = to_graph(sample.records(), sample.TIES, sample.blocs())
    numbers = nx.get_node_attributes(graph, "bloc")
    assert numbers["CHN"] == numbers["RUS"] != numbers["EU"]


def test_edges_carry_the_tie_and_its_events() -> None:
    edge = to_graph(sample.records(), sample.TIES).edges["RUS", "USA"]
    assert edge["events"] == "event-talks-wire event-teams"
    assert (edge["sign"], edge["s"], edge["n"]) == ("+", 0.55, 2)


def test_weights_are_above_zero() -> None:
    ties = [*sample.TIES, sample.tie("SAU", "USA", 0.0, "undetermined", "vote")]
    weights = nx.get_edge_attributes(to_graph(sample.records(), ties), "weight")
    assert min(weights.values()) > 0
    assert weights["CHN", "EU"] == 0.6


def test_what_is_unknown_is_left_out() -> None:
    bare = Tie(a="CHN", b="XXX", period="all", score=1.0, n=1, events=("event-drills",))
    graph = to_graph(sample.records(), [bare])
    assert graph.nodes["XXX"] == {"label": "XXX"}
    assert set(graph.edges["CHN", "XXX"]) == {"period", "sign", "score", "n", "events"}


def test_ties_without_events_and_by_issue_are_no_edges() -> None:
    graph = to_graph(sample.records(), sample.TIES)
    assert not graph.has_edge("CHN", "USA")
    assert graph.edges["CHN", "EU"]["s"] == -0.6


def test_graphml_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "ties.graphml"
    write_graphml(path, sample.records(), sample.TIES)
    graph = to_graph(sample.records(), sample.TIES)
    found = nx.read_graphml(path)
    assert dict(found.nodes(data=True)) == dict(graph.nodes(data=True))
    assert all(found.edges[edge] == graph.edges[edge] for edge in graph.edges)


def test_gexf_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "ties.gexf"
    write_gexf(path, sample.records(), sample.TIES)
    found = nx.read_gexf(path)
    assert found.nodes["EU"]["label"] == "European Union"
    assert found.edges["CHN", "EU"]["sign"] == "-"
    assert found.edges["CHN", "EU"]["weight"] == 0.6


def test_gexf_of_periods_has_time(tmp_path: Path) -> None:
    path = tmp_path / "ties.gexf"
    write_gexf(path, sample.records(), MONTHS)
    root = ElementTree.parse(path).getroot()
    space = {"g": root.tag[1:].partition("}")[0]}
    graph = root.find("g:graph", space)
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    spells = [(e.get("start"), e.get("end")) for e in graph.iterfind(".//g:spell", space)]
    assert spells == [
        ("2025-02-01", "2025-02-28"),
        ("2025-01-01", "2025-01-31"),
        ("2025-02-01", "2025-02-28"),
    ]


def test_gexf_without_calendar_periods_is_static(tmp_path: Path) -> None:
    path = tmp_path / "ties.gexf"
    write_gexf(path, sample.records(), sample.TIES)
    assert 'mode="static"' in path.read_text()


def test_files_are_the_same_each_time_and_bear_no_clock(tmp_path: Path) -> None:
    for write in (write_gexf, write_graphml):
        write(tmp_path / "one", sample.records(), MONTHS)
        write(tmp_path / "two", sample.records(), MONTHS)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    write_gexf(tmp_path / "one", sample.records(), MONTHS)
    assert "lastmodifieddate" not in (tmp_path / "one").read_text()


@given(st.text())
def test_no_name_breaks_a_file(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("graph")
    records = Records(actors=[Actor(id="AAA", name=name, kind="state")])
    tie = Tie(a="AAA", b=f"B{name}", period="all", s=0.5, sign="+", n=1, events=(name,))
    write_graphml(folder / "a.graphml", records, [tie])
    write_gexf(folder / "a.gexf", records, [tie])
    for path in folder.iterdir():
        ElementTree.parse(path)


@pytest.mark.parametrize("name", ["\x00\x07", "a\ud800b", "\ufffe", "<b>&\"'", "\r\n", "]]>"])
def test_characters_that_xml_forbids_become_visible_signs(tmp_path: Path, name: str) -> None:
    records = Records(actors=[Actor(id="AAA", name=name, kind="state")])
    tie = Tie(a="AAA", b="BBB", period="all", s=0.5, sign="+", n=1, events=("e",))
    write_graphml(tmp_path / "a.graphml", records, [tie])
    write_gexf(tmp_path / "a.gexf", records, [tie])
    assert nx.read_graphml(tmp_path / "a.graphml").nodes["AAA"]["label"]
    assert nx.read_gexf(tmp_path / "a.gexf").nodes["AAA"]["label"]


def test_no_ties_give_an_empty_graph(tmp_path: Path) -> None:
    write_graphml(tmp_path / "a.graphml", Records(), [])
    assert len(nx.read_graphml(tmp_path / "a.graphml")) == 0


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_gexf(tmp_path / "none" / "a.gexf", Records(), [])

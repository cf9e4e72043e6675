"""The commands about ties, on a dossier of hand-made events and on small history files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.pipeline import CODER
from detente.schema import Actor, ActorRef, Event, Records
from detente.store import Dossier
from tests.command import run
from tests.records import article, span_of
from tests.relations.test_structure import write_tables

TEXT = "Washington and Moscow met. Beijing and Moscow signed. Washington struck Chinese firms."
TOLD = (
    ("USA RUS", "", 2.5, "Washington and Moscow met."),
    ("CHN RUS", "", 9.0, "Beijing and Moscow signed."),
    ("USA", "CHN", -9.0, "Washington struck Chinese firms."),
)


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Events of three dyads, four a month, from January to April 2025."""
    doc = article(TEXT)
    events = [
        Event(
            id=f"event-{month}-{day}-{number}",
            document=doc.id,
            root="CONSULT",
            contexts=("economic",) if number == 2 else (),
            sources=tuple(ActorRef(actor=a, name=a, country=a) for a in sources.split()),
            targets=tuple(ActorRef(actor=a, name=a, country=a) for a in targets.split()),
            score=score,
            status="past",
            date=f"2025-{month:02}-{day:02}",
            date_precision="day",
            span=span_of(doc, quote),
            trigger=span_of(doc, quote),
        )
        for number, (sources, targets, score, quote) in enumerate(TOLD)
        for month in (1, 2, 3, 4)
        for day in (3, 9, 15, 21)
    ]
    actors = [Actor(id=a, name=a, kind="state", country=a) for a in ("USA", "RUS", "CHN")]
    path = tmp_path / "made.detente"
    with Dossier(path) as store:
        store.add(doc, Records(documents=[doc], actors=actors, events=events), coder=CODER)
    return path


@pytest.fixture
def cow(tmp_path: Path) -> Path:
    return write_tables(tmp_path, disputes=[(2, 365, year, 4) for year in range(1950, 1960)])


class TestTriangle:
    def test_piped_it_is_a_line_a_period_with_ties_and_their_events(self, dossier: Path) -> None:
        outcome = run("triangle", "USA", "RUS", "CHN", "--dossier", dossier)
        assert outcome.code == 0
        rows = outcome.of("triangle")
        assert [row["period"] for row in rows] == ["2025-01", "2025-02", "2025-03", "2025-04"]
        assert [len(tie["events"]) for tie in rows[0]["ties"]] == [4, 4, 4]
        assert sum(rows[0]["probabilities"].values()) == pytest.approx(1)

    def test_from_and_to_choose_periods(self, dossier: Path) -> None:
        args = ["--dossier", dossier, "--from", "2025-02", "--to", "2025-03"]
        rows = run("triangle", "USA", "RUS", "CHN", *args).rows
        assert [row["period"] for row in rows] == ["2025-02", "2025-03"]

    def test_evidence_quotes_the_sentence_behind_each_event(self, dossier: Path) -> None:
        args = ["--dossier", dossier, "--by", "year", "--evidence"]
        found = run("triangle", "USA", "RUS", "CHN", *args).of("evidence")
        assert len(found) == 48
        assert "“Washington and Moscow met.”" in found[0]["text"]

    def test_on_a_terminal_it_is_a_table_that_names_the_reference(self, dossier: Path) -> None:
        outcome = run(
            "triangle", "USA", "RUS", "CHN", "--dossier", dossier, "--evidence", terminal=True
        )
        assert outcome.code == 0
        assert "against ICEWS 2014" in outcome.out
        assert "2025-01 USA–RUS: 2025-01-03 USA, RUS CONSULT" in outcome.out

    def test_context_gives_ties_of_one_issue(self, dossier: Path) -> None:
        args = ["--dossier", dossier, "--context", "economic"]
        row = run("triangle", "USA", "RUS", "CHN", *args).rows[0]
        assert [tie["n"] for tie in row["ties"]] == [0, 4, 0]
        assert row["pattern"] == "undetermined"

    @pytest.mark.parametrize(("by", "period"), [("all", "all"), ("2025-02-28", "../2025-02-28")])
    def test_one_triangle_of_all_time_or_up_to_a_day(
        self, dossier: Path, by: str, period: str
    ) -> None:
        rows = run("triangle", "USA", "RUS", "CHN", "--dossier", dossier, "--by", by).rows
        assert [(row["record"], row["period"]) for row in rows] == [("triangle", period)]

    def test_structural_data_come_by_year(self, cow: Path) -> None:
        args = ["--cow", cow, "--from", "1955", "--to", "1957"]
        rows = run("triangle", "USA", "RUS", "AUT", *args).of("triangle")
        assert [row["period"] for row in rows] == ["1955", "1956", "1957"]
        assert rows[0]["ties"][0]["sign"] == "-"
        assert rows[0]["pattern"] == "undetermined"

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["USA", "RUS"], "three different actors"),
            (["USA", "RUS", "CHN"], "give one source"),
            (["USA", "RUS", "CHN", "--cow", "{cow}", "--dossier", "{dossier}"], "give one source"),
            (["USA", "RUS", "CHN", "--cow", "{cow}", "--by", "month"], "by year"),
            (["USA", "RUS", "IND", "--dossier", "{dossier}"], "no article names IND"),
            (["USA", "RUS", "CHN", "--dossier", "{dossier}", "--by", "mnth"], "did you mean"),
            (["USA", "RUS", "CHN", "--dossier", "{dossier}", "--from", "soon"], "'soon' is no"),
            (["USA", "RUS", "CHN", "--dossier", "{dossier}", "--from", "2030"], "no evidence"),
            (["USA", "RUS", "AUT", "--cow", "{cow}", "--context", "economic"], "of a dossier"),
            (["USA", "RUS", "CHN", "--icews", "gone"], "gone"),
        ],
    )
    def test_what_cannot_be_done_is_one_sentence(
        self, dossier: Path, cow: Path, args: list[str], words: str
    ) -> None:
        outcome = run("triangle", *(arg.format(cow=cow, dossier=dossier) for arg in args))
        assert outcome.code == 1
        assert words in outcome.err
        assert len(outcome.err.strip().splitlines()) == 1


class TestBlocs:
    def test_two_blocs_with_firmness_and_the_ties_that_do_not_fit(self, dossier: Path) -> None:
        row = run("blocs", dossier).of("blocs")[0]
        assert sorted(map(sorted, row["blocs"])) == [["CHN", "RUS"], ["USA"]]
        assert all(0 <= share <= 1 for share in row["membership"].values())
        assert row["proved"]

    def test_blocs_by_month_are_in_time_order(self, dossier: Path) -> None:
        rows = run("blocs", dossier, "--by", "month", "--k", "any").of("blocs")
        assert [row["period"] for row in rows] == ["2025-01", "2025-02", "2025-03", "2025-04"]

    def test_as_of_a_day_counts_what_was_known_then(self, dossier: Path) -> None:
        assert run("blocs", dossier, "--as-of", "2025-02-01").rows[0]["period"] == "../2025-02-01"

    def test_on_a_terminal_it_is_a_table(self, dossier: Path) -> None:
        outcome = run("blocs", dossier, terminal=True)
        assert outcome.code == 0
        assert "USA" in outcome.out

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["{dossier}", "--k", "many"], "give 2, or any"),
            (["{dossier}", "--as-of", "2025-02-01", "--by", "month"], "--as-of goes"),
            (["--cow", "{cow}"], "--actors"),
            ([], "give one source"),
        ],
    )
    def test_what_cannot_be_done_is_one_sentence(
        self, dossier: Path, cow: Path, args: list[str], words: str
    ) -> None:
        outcome = run("blocs", *(arg.format(cow=cow, dossier=dossier) for arg in args))
        assert outcome.code == 1
        assert words in outcome.err


class TestShow:
    def test_ties_by_period_and_issue(self, dossier: Path) -> None:
        rows = run("show", dossier, "ties", "--by", "month", "--context", "each").rows
        assert {row["context"] for row in rows} == {"economic"}
        assert len(rows) == 4

    def test_directed_ties_and_trends(self, dossier: Path) -> None:
        ties = run("show", dossier, "ties", "--directed").rows
        assert ("USA", "CHN") in {(row["a"], row["b"]) for row in ties}
        assert ("CHN", "USA") not in {(row["a"], row["b"]) for row in ties}
        trends = run("show", dossier, "trends", "--by", "month").rows
        assert {row["n"] for row in trends} == {4}

    def test_trends_need_periods(self, dossier: Path) -> None:
        assert "add --by" in run("show", dossier, "trends").err

    def test_how_speakers_see_ties_is_empty_without_claims(self, dossier: Path) -> None:
        outcome = run("show", dossier, "perceived")
        assert (outcome.code, outcome.out) == (0, "")


def test_figures_of_a_benchmark_are_tables_on_a_terminal(tmp_path: Path, monkeypatch) -> None:
    found = {"networks": [{"network": "a", "n": 3, "seconds": 0.12345}], "proved": True, "x": [1]}
    monkeypatch.setattr("detente.cli.benchmarks.run_benchmark", lambda *_, **__: found)
    shown = run("bench", "balance", "--data", tmp_path, terminal=True).out
    assert "network" in shown
    assert "0.1235" in shown
    assert json.loads(run("bench", "balance", "--data", tmp_path).out) == found

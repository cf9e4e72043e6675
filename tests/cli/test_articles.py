"""The command line: what each command prints and writes, and with which exit status it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pytest
import typer

from detente import cli, pipeline
from detente.cli import articles
from detente.extract import terms
from detente.extract.terms import terms_lines
from detente.pipeline import Coded, code_stream, coder_of
from detente.schema import PLURALS, Document
from detente.settings import Settings
from tests.command import run

pytestmark = pytest.mark.model

TALKS = """Rivals meet in Geneva

By Mara Quist

GENEVA, 3 March 2025 — Russia and Ukraine held talks in Geneva on Monday. “We will meet again if the
ceasefire holds,” Russian Foreign Minister Sergei Lavrov said.

Trade between Russia and China grew from $140 billion in 2019 to $240 billion in 2024.
"""
VISIT = """China's foreign minister Wang Yi visited Moscow on 12 March 2025.
He said that China is likely to buy more gas from Russia.
"""
COMMANDS = (
    "brief",
    "extract",
    "add",
    "show",
    "export",
    "triangle",
    "blocs",
    "discourse",
    "forecast",
    "scenario",
    "bench",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    (path / "talks.txt").write_text(TALKS, encoding="utf-8")
    (path / "visit.txt").write_text(VISIT, encoding="utf-8")
    return path


@pytest.fixture
def dossier(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "talks.detente"
    assert run("add", path, folder).code == 0
    return path


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_shows_an_example(self, command: str) -> None:
        outcome = run(command, "--help")
        assert outcome.code == 0
        assert f"Example: detente {command}" in outcome.out

    def test_every_command_is_listed_here(self) -> None:
        command = typer.main.get_command(cli.app)
        assert set(command.commands) == set(COMMANDS)  # type: ignore[attr-defined]

    def test_the_version_names_the_coder(self) -> None:
        outcome = run("--version")
        assert outcome.code == 0
        assert outcome.out.startswith(f"detente 0.1.0 (coder {coder_of(Settings())}, trained")
        assert outcome.out.splitlines()[1:] == terms_lines()

    def test_the_version_says_that_weights_are_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (pipeline, terms):
            monkeypatch.setattr(module, "has_weights", lambda: False)
        expected = f"detente 0.1.0 (coder {pipeline.RULES}, trained weights not installed)"
        assert run("--version").out.splitlines() == [expected]

    @pytest.mark.parametrize(
        "args", [["xtract"], ["extract"], ["extract", "a.txt", "--kinds", "x"]]
    )
    def test_wrong_usage_ends_with_2_and_without_traceback(self, args: list[str]) -> None:
        outcome = run(*args)
        assert outcome.code == 2
        assert "Traceback" not in outcome.err
        assert "Usage:" in outcome.err


class TestExtract:
    def test_piped_output_is_json_lines_document_first(self, folder: Path) -> None:
        outcome = run("extract", folder)
        assert outcome.code == 0
        assert outcome.rows[0]["record"] == "document"
        assert {"document", "event", "claim", "expectation", "quantity", "actor"} <= outcome.kinds()
        assert outcome.kinds() <= set(PLURALS)

    def test_every_record_but_actors_and_skipped_names_its_document(self, folder: Path) -> None:
        (folder / "empty.txt").touch()
        outcome = run("extract", folder)
        documents = {row["id"] for row in outcome.of("document")}
        assert len(documents) == 2
        for row in outcome.rows:
            if row["record"] in {"actor", "skipped"}:
                assert "document" not in row
            elif row["record"] != "document":
                assert row["document"] in documents

    def test_the_records_of_a_document_follow_it(self, folder: Path) -> None:
        current = None
        for row in run("extract", folder, "--kind", "event,claim,quantity").rows:
            if row["record"] == "document":
                current = row["id"]
            else:
                assert row["document"] == current

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("event", {"document", "event"}),
            ("event,claim", {"document", "event", "claim"}),
            ("quantities", {"document", "quantity"}),
            ("Claims, actor", {"document", "claim", "actor"}),
        ],
    )
    def test_kind_chooses_records(self, folder: Path, kind: str, expected: set[str]) -> None:
        assert run("extract", folder, "--kind", kind).kinds() == expected

    def test_standard_input_is_read(self) -> None:
        outcome = run("extract", "-", "--kind", "event", stdin=TALKS.encode())
        assert outcome.of("document")[0]["path"] == "-"
        assert outcome.of("event")[0]["root"] == "CONSULT"

    def test_json_lines_on_standard_input_are_articles(self) -> None:
        item = {"id": "a1", "text": VISIT, "date": "2025-03-13", "source": "The Courier"}
        outcome = run("extract", "-", stdin=json.dumps(item).encode())
        (doc,) = outcome.of("document")
        assert (doc["outlet"], doc["date"]) == ("The Courier", "2025-03-13")

    def test_options_describe_the_articles(self, folder: Path) -> None:
        args = ["--date", "2025-03-14", "--outlet", "The Courier", "--kind", "document"]
        for doc in run("extract", folder, *args).rows:
            assert (doc["date"], doc["outlet"]) == ("2025-03-14", "The Courier")
            assert doc["origin"]["date"] == doc["origin"]["outlet"] == "option"

    def test_metadata_comes_from_a_table(self, folder: Path, tmp_path: Path) -> None:
        table = tmp_path / "metadata.tsv"
        table.write_text("filename\toutlet\tdate\nvisit.txt\tThe Courier\t2025-03-13\n")
        rows = run("extract", folder, "--metadata", table, "--kind", "document").rows
        assert [row["outlet"] for row in rows] == [None, "The Courier"]

    def test_the_same_article_twice_is_coded_once(self, folder: Path) -> None:
        (folder / "again.txt").write_text(TALKS, encoding="utf-8")
        outcome = run("extract", folder, "--kind", "document,skipped")
        assert len(outcome.of("document")) == 2
        assert "same article" in outcome.of("skipped")[-1]["reason"]

    def test_output_of_two_processes_is_that_of_one(self, folder: Path) -> None:
        one = run("extract", folder, "--processes", "1")
        two = run("extract", folder, "--processes", "2")
        assert two.out == one.out

    @pytest.mark.parametrize("name", ["records.jsonl", "records"])
    def test_json_lines_go_to_a_file(self, folder: Path, tmp_path: Path, name: str) -> None:
        target = tmp_path / name
        outcome = run("extract", folder, "-o", target, "--kind", "event")
        assert (outcome.code, outcome.out) == (0, "")
        rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        assert {row["record"] for row in rows} == {"document", "event"}

    @pytest.mark.parametrize("form", ["csv", "parquet"])
    def test_tables_go_to_a_folder(self, folder: Path, tmp_path: Path, form: str) -> None:
        target = tmp_path / "tables"
        assert run("extract", folder, "--format", form, "-o", target).code == 0
        read = {"csv": pl.read_csv, "parquet": pl.read_parquet}[form]
        assert "CONSULT" in set(read(target / f"events.{form}")["root"])
        assert read(target / f"documents.{form}").height == 2

    def test_the_file_name_tells_the_format(self, folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "events.csv"
        assert run("extract", folder, "--kind", "event", "-o", target).code == 0
        assert "CONSULT" in set(pl.read_csv(target)["root"])

    def test_a_terminal_gets_tables(self, folder: Path) -> None:
        outcome = run("extract", folder, terminal=True)
        assert "events" in outcome.out
        assert "CONSULT" in outcome.out
        assert '"record"' not in outcome.out

    def test_forced_colour_leaves_piped_output_json(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert run("extract", folder, "--kind", "event").rows


class TestDossier:
    def test_adding_again_adds_nothing(self, dossier: Path, folder: Path) -> None:
        before = run("show", dossier, "events").out
        outcome = run("add", dossier, folder)
        assert outcome.code == 0
        assert "Added 0 articles" in outcome.err
        assert "2 already there" in outcome.err
        assert run("show", dossier, "events").out == before

    def test_only_new_articles_are_added(self, dossier: Path, folder: Path) -> None:
        (folder / "third.txt").write_text("Japan warned North Korea on 1 March 2025.")
        assert "Added 1 article to" in run("add", dossier, folder).err
        assert len(run("show", dossier, "documents").rows) == 3

    @pytest.mark.parametrize(
        ("kind", "record"),
        [
            ("events", "event"),
            ("claims", "claim"),
            ("expectations", "expectation"),
            ("quantities", "quantity"),
            ("actors", "actor"),
            ("reports", "report"),
            ("ties", "tie"),
            ("documents", "document"),
        ],
    )
    def test_show_prints_one_kind(self, dossier: Path, kind: str, record: str) -> None:
        outcome = run("show", dossier, kind)
        assert outcome.kinds() == {record}
        assert run("show", dossier, kind, terminal=True).out.strip()

    def test_show_lists_events_by_date_and_once_however_many_tell_them(
        self, dossier: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other.txt"
        other.write_text(
            "Kyiv and Moscow\n\nRussia and Ukraine held talks in Geneva on 3 March 2025."
        )
        run("add", dossier, other)
        rows = run("show", dossier, "events").rows
        dates = [row["date"] or "9999" for row in rows]
        assert dates == sorted(dates)
        assert [row["root"] for row in rows if row["date"] == "2025-03-03"] == ["CONSULT"]
        assert len(run("show", dossier, "reports").rows) > len(rows)

    def test_every_warning_is_kept(self, dossier: Path, tmp_path: Path) -> None:
        broken = tmp_path / "broken.jsonl"
        broken.write_text(f'{{"text": {json.dumps(VISIT * 2)}}}\n{{"text"\n[]\n')
        assert run("add", dossier, broken, tmp_path / "gone.txt").code == 0
        reasons = [row["reason"] for row in run("show", dossier, "skipped").rows]
        for words in ("line 2", "line 3", "no such file"):
            assert any(words in reason for reason in reasons)

    def test_wire_copies_of_two_runs_are_grouped(self, dossier: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy.txt"
        copy.write_text(TALKS.replace("Mara Quist", "Staff"), encoding="utf-8")
        run("add", dossier, copy)
        rows = run("show", dossier, "documents").rows
        assert sum(row["duplicate_of"] is not None for row in rows) == 1

    def test_plover_export_is_json(self, dossier: Path, tmp_path: Path) -> None:
        printed = json.loads(run("export", dossier, "--to", "plover").out)
        target = tmp_path / "events.json"
        assert run("export", dossier, "--to", "plover", "-o", target).code == 0
        assert json.loads(target.read_text("utf-8")) == printed
        assert "CONSULT" in {root for event in printed for root in event["event"]}

    def test_parquet_export_goes_beside_the_dossier(self, dossier: Path) -> None:
        assert run("export", dossier).code == 0
        frame = pl.read_parquet(dossier.with_suffix("") / "events.parquet")
        assert frame.height == len(json.loads(run("export", dossier, "--to", "plover").out))

    @pytest.mark.parametrize("command", ["show", "export", "brief"])
    def test_a_missing_dossier_is_an_error(self, tmp_path: Path, command: str) -> None:
        outcome = run(command, tmp_path / "new.detente")
        assert outcome.code == 1
        assert "does not exist" in outcome.err


class TestBrief:
    def test_the_brief_is_one_page_with_the_articles(self, folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "brief.html"
        outcome = run("brief", folder, "-o", target, "--title", "Geneva")
        assert (outcome.code, outcome.out) == (0, "")
        assert f"Brief of 2 articles: {target}" in outcome.err
        page = target.read_text("utf-8")
        assert page.lower().startswith("<!doctype html>")
        assert "<title>Geneva" in page
        assert "Mara Quist" in page

    def test_a_brief_of_a_dossier_is_that_of_its_articles(
        self, dossier: Path, folder: Path, tmp_path: Path
    ) -> None:
        pages = []
        for source in (dossier, folder):
            run("brief", source, "-o", tmp_path / "brief.html", "--title", "Same")
            pages.append((tmp_path / "brief.html").read_text("utf-8"))
        assert pages[0] == pages[1]

    def test_since_a_date_marks_what_is_new(self, folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "brief.html"
        assert run("brief", folder, "-o", target, "--since", "2025-03-10").code == 0
        assert 'id="fresh"' in target.read_text("utf-8")
        assert run("brief", folder, "-o", target).code == 0
        assert 'id="fresh"' not in target.read_text("utf-8")

    def test_since_a_dossier_marks_what_it_does_not_hold(
        self, dossier: Path, folder: Path, tmp_path: Path
    ) -> None:
        (folder / "third.txt").write_text("Japan warned North Korea on 1 March 2025.")
        target = tmp_path / "brief.html"
        assert run("brief", folder, "-o", target, "--since", dossier).code == 0
        fresh = target.read_text("utf-8").partition('id="fresh"')[2].partition("<section")[0]
        assert "Japan" in fresh
        assert "Geneva" not in fresh

    @pytest.mark.parametrize(
        ("since", "words"), [("soon", "is no date"), ("old.detente", "does not exist")]
    )
    def test_since_what_is_neither_is_an_error(
        self, folder: Path, tmp_path: Path, since: str, words: str
    ) -> None:
        outcome = run("brief", folder, "-o", tmp_path / "b.html", "--since", since)
        assert outcome.code == 1
        assert words in outcome.err
        assert not (tmp_path / "b.html").exists()

    @pytest.mark.parametrize(
        ("paths", "title"),
        [
            (["a/riyadh_talks-2025"], "Brief: Riyadh talks 2025"),
            (["a.txt", "b.txt"], "Brief"),
            (["-"], "Brief"),
            (["https://example.org/feed"], "Brief"),
        ],
    )
    def test_a_brief_is_named_after_its_folder(self, paths: list[str], title: str) -> None:
        assert articles.title_of(paths) == title

    def test_a_place_that_cannot_be_written_is_an_error(self, folder: Path, tmp_path: Path) -> None:
        outcome = run("brief", folder, "-o", tmp_path / "no" / "brief.html")
        assert outcome.code == 1
        assert "give another place with -o" in outcome.err


class TestUnknownNames:
    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["extract", "{folder}", "--kind", "evnt"], "did you mean 'event'?"),
            (["extract", "{folder}", "--format", "parket"], "did you mean 'parquet'?"),
            (["extract", "{folder}", "--format", "csv"], "add -o FOLDER"),
            (["extract", "{folder}", "--date", "2025-02-31"], "'2025-02-31'"),
            (["extract", "{folder}", "--metadata", "gone.tsv"], "gone.tsv"),
            (["show", "{dossier}", "evnts"], "did you mean 'events'?"),
            (["export", "{dossier}", "--to", "plver"], "did you mean 'plover'?"),
            (["bench", "sped", "--data", "{folder}"], "did you mean 'speed'?"),
            (["bench", "speed", "--data", "gone"], "no such data"),
        ],
    )
    def test_the_nearest_name_or_the_remedy_is_said(
        self, folder: Path, dossier: Path, args: list[str], words: str
    ) -> None:
        filled = [arg.format(folder=folder, dossier=dossier) for arg in args]
        outcome = run(*filled)
        assert outcome.code == 1
        assert outcome.out == ""
        assert words in outcome.err
        assert len(outcome.err.strip().splitlines()) == 1


class TestRules:
    @pytest.fixture
    def used(self, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        """Return whether each run of the coder may use the weights, as they are started."""
        found: list[bool] = []

        def noted(documents: Iterable[Document], settings: Settings) -> Iterator[Coded]:
            found.append(settings.weights)
            return code_stream(documents, settings)

        monkeypatch.setattr(pipeline, "code_stream", noted)
        return found

    @pytest.mark.parametrize("command", ["extract", "brief", "add"])
    @pytest.mark.parametrize("rules", [False, True])
    def test_rules_leaves_the_weights_unused(
        self, command: str, rules: bool, folder: Path, tmp_path: Path, used: list[bool]
    ) -> None:
        given = {
            "extract": ["extract", folder],
            "brief": ["brief", folder, "-o", tmp_path / "brief.html"],
            "add": ["add", tmp_path / "new.detente", folder],
        }[command]
        assert run(*given, *(["--rules"] if rules else [])).code == 0
        assert used == [not rules]

    def test_rules_hold_for_files_too(self, folder: Path, tmp_path: Path, used: list[bool]) -> None:
        assert run("extract", folder, "--rules", "-o", tmp_path / "r.jsonl").code == 0
        assert used == [False]

    def test_the_brief_names_the_coder(self, folder: Path, tmp_path: Path) -> None:
        page = tmp_path / "brief.html"
        assert run("brief", folder, "-o", page, "--rules").code == 0
        assert f"(coder {pipeline.RULES})" in page.read_text(encoding="utf-8")
        assert "trained weights" not in page.read_text(encoding="utf-8")

    def test_a_dossier_codes_again_by_the_other_coder(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "both.detente"
        assert "Added 2 articles" in run("add", path, folder, "--rules").err
        assert "Added 0 articles" in run("add", path, folder, "--rules").err
        monkeypatch.setattr(pipeline, "RULES", "rules-0")
        assert "Added 2 articles" in run("add", path, folder, "--rules").err


class TestProcess:
    """What only a process of its own shows."""

    def test_a_closed_pipe_ends_quietly(self, folder: Path) -> None:
        command = [sys.executable, "-m", "detente", "extract", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert b"Traceback" not in process.stderr.read()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_is_one_sentence(self, folder: Path) -> None:
        command = [sys.executable, "-m", "detente", "extract", str(folder)]
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert b"No space left" in done.stderr
        assert b"Traceback" not in done.stderr

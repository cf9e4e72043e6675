from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import DossierError, InputError
from detente.schema import Actor, Mention, Office, Records, Report, Skipped
from detente.settings import Settings
from detente.store import SCHEMA_VERSION, Dossier
from tests.build import document
from tests.records import TEXT, article, code_short, full_records, span_of

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.detente"


class TestAdd:
    def test_every_kind_comes_back_as_it_was(self, path: Path) -> None:
        doc = article(title="Talks", origin={"date": "metadata"})
        records = full_records(doc)
        with Dossier(path) as dossier:
            assert dossier.add(doc, records, coder="rules-1")
        with Dossier(path, read_only=True) as dossier:
            assert dossier.load() == records

    def test_a_document_coded_by_the_same_version_is_left_as_it_is(self, path: Path) -> None:
        doc = article()
        with Dossier(path) as dossier:
            dossier.add(doc, full_records(doc), coder="rules-1")
            assert not dossier.add(doc, Records(), coder="rules-1")
            assert len(dossier.records("event")) == 1

    def test_another_version_replaces_the_records_and_keeps_the_order(self, path: Path) -> None:
        with Dossier(path) as dossier:
            for n in (1, 2, 3):
                dossier.add(*code_short(n), coder="rules-1")
            before = [doc.id for doc in dossier.documents()]
            doc, records = code_short(1, "rules-2")
            assert dossier.add(doc, records, coder="rules-2")
            assert [doc.id for doc in dossier.documents()] == before
            assert dossier.records("quantity")[:3] == records.quantities
            assert len(dossier.records("quantity")) == 9
            assert dossier.document_ids() == set(before)
            assert dossier.document_ids(coder="rules-2") == {before[0]}

    def test_a_record_of_another_document_is_refused(self, path: Path) -> None:
        doc, _ = code_short(1)
        _, records = code_short(2)
        with Dossier(path) as dossier, pytest.raises(ValueError, match="given with"):
            dossier.add(doc, records, coder="rules-1")

    @pytest.mark.parametrize("value", [float("inf"), float("nan")])
    def test_a_number_that_json_cannot_hold_is_refused_whole(
        self, path: Path, value: float
    ) -> None:
        doc, records = code_short(1)
        records.quantities.append(msgspec.structs.replace(records.quantities[0], value=value))
        with Dossier(path) as dossier:
            with pytest.raises(InputError, match=r"1\.txt: this quantity holds a value"):
                dossier.add(doc, records, coder="rules-1")
            assert dossier.document_ids() == set()

    def test_a_lone_surrogate_is_refused_with_its_place(self, path: Path) -> None:
        doc = document("Tr\ud800ade fell.", path="bad.txt")
        with Dossier(path) as dossier:
            with pytest.raises(InputError, match=r"bad\.txt: character 2 is half of a surrogate"):
                dossier.add(doc, Records(), coder="rules-1")
            assert dossier.document_ids() == set()

    def test_a_failure_between_two_tables_leaves_nothing(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        doc = article()
        with Dossier(path) as dossier:
            dossier.add(*code_short(1), coder="rules-1")

            def fail(actors: object) -> None:
                raise KeyboardInterrupt

            monkeypatch.setattr(dossier, "_merge_actors", fail)
            with pytest.raises(KeyboardInterrupt):
                dossier.add(doc, full_records(doc), coder="rules-1")
            monkeypatch.undo()
            assert len(dossier.documents()) == 1
            assert dossier.records("event") == []
            assert dossier.add(doc, full_records(doc), coder="rules-1")

    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    def test_any_text_comes_back(self, tmp_path: Path, text: str) -> None:
        doc = document(text, title=text, path=text)
        mention = Mention(document=doc.id, actor=text, span=doc.span(0, len(text)))
        actor = Actor(id=text, name=text, kind="group")
        records = Records(documents=[doc], actors=[actor], mentions=[mention])
        with Dossier(tmp_path / "any.detente") as dossier:
            dossier.add(doc, records, coder="rules-1")
            assert dossier.document(doc.id) == doc
            assert mention in dossier.records("mention")
            assert actor in dossier.actors()

    def test_control_characters_and_nul_come_back(self, path: Path) -> None:
        doc = document("a\x00b\r\n\x1f\u202e\ufeff😀\u2028")
        with Dossier(path) as dossier:
            dossier.add(doc, Records(), coder="rules-1")
            assert dossier.document(doc.id) == doc


class TestActors:
    def test_offices_of_two_documents_are_both_kept(self, path: Path) -> None:
        envoy = Office(title="Envoy", start="2020", end="2022")
        minister = Office(title="Minister", start="2022")
        with Dossier(path) as dossier:
            for n, office in enumerate((minister, envoy)):
                doc, records = code_short(n)
                records.actors = [Actor(id="P", name="P", kind="person", offices=(office,))]
                dossier.add(doc, records, coder="rules-1")
            (actor,) = dossier.actors()
        assert actor.offices == (envoy, minister)

    def test_the_gazetteer_goes_before_the_text_and_gaps_are_filled(self, path: Path) -> None:
        listed = Actor(
            id="P", name="Paul", kind="person", offices=(Office(title="Envoy", start="2020"),)
        )
        told = Actor(
            id="P",
            name="P. Paul",
            kind="person",
            affiliation="Institute",
            offices=(Office(title="Envoy", start="2020", end="2022"),),
            origin="text",
        )
        doc, records = code_short(1)
        records.actors = [listed, told]
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            (actor,) = dossier.actors()
        assert (actor.name, actor.affiliation, actor.origin) == ("Paul", "Institute", "gazetteer")
        assert actor.offices == (Office(title="Envoy", start="2020", end="2022"),)


class TestRunRows:
    def test_skipped_items_are_kept_once_an_item_and_stage(self, path: Path) -> None:
        old = Skipped(item="a.pdf", stage="read", reason="broken")
        new = Skipped(item="a.pdf", stage="read", reason="empty")
        other = Skipped(item="a.pdf", stage="code", reason="not English")
        with Dossier(path) as dossier:
            dossier.skip(old, other)
            dossier.skip(new)
            dossier.skip()
            assert dossier.load().skipped == [other, new]

    def test_reports_are_replaced_and_stale_ones_left_out(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        (event,) = records.events
        good = Report(event=event.id, document=doc.id, telling=event.id, span=event.span)
        stale = Report(event="event-gone", document=doc.id, telling=event.id, span=event.span)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            dossier.put_reports([good, stale])
            assert dossier.records("report") == [good]

    def test_settings_and_versions_are_kept(self, path: Path) -> None:
        with Dossier(path) as dossier:
            assert dossier.settings is None
            dossier.put_settings(Settings(half_life=30.0))
            dossier.put_settings(Settings(half_life=60.0, pipeline="en_core_web_sm"))
        with Dossier(path, read_only=True) as dossier:
            assert dossier.settings == Settings(half_life=60.0, pipeline="en_core_web_sm")
            assert dossier.versions["schema"] == str(SCHEMA_VERSION)


class TestRead:
    @pytest.mark.parametrize(
        ("since", "expected"),
        [
            (None, ["2025", "2025-01-31", "2025-02", "2025-02-20", None]),
            ("2025-02-01", ["2025", "2025-02", "2025-02-20"]),
            ("2025-02-20", ["2025", "2025-02", "2025-02-20"]),
            ("2025-03-01", ["2025"]),
            ("2026-01-01", []),
        ],
    )
    def test_since_keeps_what_may_be_that_new(
        self, path: Path, since: str | None, expected: list[str | None]
    ) -> None:
        with Dossier(path) as dossier:
            for date in ("2025", "2025-01-31", "2025-02", "2025-02-20", None):
                doc = article(f"{TEXT} {date}", date=date, path=f"{date}.txt")
                dossier.add(doc, full_records(doc), coder="rules-1")
            assert [doc.date for doc in dossier.documents(since)] == expected
            loaded = dossier.load(since)
            assert len(loaded.events) == len(loaded.skipped) == len(expected)

    def test_since_must_be_a_date(self, path: Path) -> None:
        with Dossier(path) as dossier, pytest.raises(InputError, match="'yesterday' is not a date"):
            dossier.load(since="yesterday")

    def test_an_unknown_document_is_an_error(self, path: Path) -> None:
        with Dossier(path) as dossier, pytest.raises(DossierError, match="no document 'doc-x'"):
            dossier.document("doc-x")

    def test_the_tables_open_in_duckdb_alone(self, path: Path) -> None:
        doc = article()
        with Dossier(path) as dossier:
            dossier.add(doc, full_records(doc), coder="rules-1")
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(
                "SELECT date, root, source_actors, host, score, quote FROM events"
            ).fetchone()
        assert row == ("2025-02-18", "CONSULT", "ARC; BOR", "SAU", 4.0, doc.text[:60])


class TestReviews:
    AT = "2025-03-01T12:00:00"

    def test_an_accepted_record_is_certain(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            dossier.review(records.events[0], "accept", at=self.AT)
            assert dossier.records("event")[0].confidence == 1.0

    def test_a_rejected_claim_is_listed_as_skipped_and_nothing_refers_to_it(
        self, path: Path
    ) -> None:
        doc = article()
        records = full_records(doc)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            dossier.review(records.claims[0], "reject", at=self.AT, reviewer="ana", note="no")
            loaded = dossier.load()
        assert loaded.claims == []
        assert loaded.expectations[0].within is None
        assert (
            Skipped(item=records.claims[0].id, stage="review", reason="rejected by ana: no")
            in loaded.skipped
        )

    def test_a_rejected_event_takes_its_report_with_it(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            dossier.review(records.events[0], "reject", at=self.AT)
            assert dossier.load().reports == []

    def test_a_review_survives_coding_again_with_shifted_spans(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            correction = {"root": "AGREE", "date": "2025-02-17"}
            dossier.review(records.events[0], "correct", at=self.AT, correction=correction)
            shifted = full_records(doc)
            shifted.events = [
                msgspec.structs.replace(
                    records.events[0], id="event-new", trigger=span_of(doc, "met in"), place=None
                )
            ]
            dossier.add(doc, shifted, coder="rules-2")
            (event,) = dossier.records("event")
            assert len(dossier.reviews()) == 1
        assert (event.id, event.root, event.date) == ("event-new", "AGREE", "2025-02-17")
        assert event.place is None
        assert event.confidence == 1.0

    def test_a_correction_must_quote_the_article(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        span = {"start": 0, "end": 6, "quote": "Envoy!"}
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            with pytest.raises(InputError, match="'Envoy!' at 0:6, where the article has 'Envoys'"):
                dossier.review(
                    records.events[0], "correct", at=self.AT, correction={"trigger": span}
                )
            assert dossier.reviews() == []

    def test_reviews_come_back_as_given(self, path: Path) -> None:
        doc = article()
        records = full_records(doc)
        with Dossier(path) as dossier:
            dossier.add(doc, records, coder="rules-1")
            given = [
                dossier.review(records.events[0], "accept", at=self.AT, reviewer="ana"),
                dossier.review(
                    records.quantities[0], "correct", at=self.AT, correction={"year": 2023}
                ),
            ]
        with Dossier(path, read_only=True) as dossier:
            assert dossier.reviews() == given


class TestClearErrors:
    def test_a_missing_file_when_reading(self, path: Path) -> None:
        with pytest.raises(DossierError, match="does not exist; `detente add"):
            Dossier(path, read_only=True)

    def test_a_missing_folder(self, path: Path) -> None:
        with pytest.raises(DossierError, match="make that folder first"):
            Dossier(path / "sub" / "x.detente")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(DossierError, match="is a folder"):
            Dossier(tmp_path)

    @pytest.mark.parametrize("content", [b"", b"abc", b"hello " * 9999])
    def test_a_file_that_is_no_database(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with pytest.raises(DossierError, match="is not a dossier"):
            Dossier(path)
        assert path.read_bytes() == content

    def test_a_database_that_is_no_dossier(self, path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE documents (id VARCHAR)")
        with pytest.raises(DossierError, match="a DuckDB file but not a dossier"):
            Dossier(path)

    def test_a_newer_version(self, path: Path) -> None:
        Dossier(path).close()
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE versions SET value = '99' WHERE name = 'schema'")
        with pytest.raises(DossierError, match=r"newer than this one .* install that version"):
            Dossier(path)

    def test_another_détente_that_writes_leaves_its_version(self, path: Path) -> None:
        Dossier(path).close()
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE versions SET value = '0.0.1' WHERE name = 'detente'")
        with Dossier(path) as dossier:
            assert dossier.versions["detente"] != "0.0.1"

    def test_an_older_dossier_gets_the_columns_added_since(self, path: Path) -> None:
        Dossier(path).close()
        with duckdb.connect(str(path)) as connection:
            connection.execute("ALTER TABLE claims DROP COLUMN speaker_kind")
            connection.execute("UPDATE versions SET value = '1' WHERE name = 'schema'")
        doc = article()
        with Dossier(path) as dossier:
            dossier.add(doc, full_records(doc), coder="test-1")
            assert dossier.versions["schema"] == str(SCHEMA_VERSION)
        with duckdb.connect(str(path)) as connection:
            rows = connection.execute("SELECT speaker_kind FROM claims").fetchall()
        assert rows == [("person",)]

    def test_writing_to_a_dossier_opened_for_reading(self, path: Path) -> None:
        Dossier(path).close()
        with (
            Dossier(path, read_only=True) as dossier,
            pytest.raises(DossierError, match="open for reading only"),
        ):
            dossier.skip(Skipped(item="a", stage="read", reason="empty"))

    def test_two_modes_in_one_program(self, path: Path) -> None:
        with Dossier(path), pytest.raises(DossierError, match="another mode; close it first"):
            Dossier(path, read_only=True)

    def test_a_dossier_in_use_names_the_process(self, path: Path) -> None:
        Dossier(path).close()
        code = (
            "import sys, time; from detente.store import Dossier; d = Dossier(sys.argv[1]);"
            "print('open', flush=True); time.sleep(60)"
        )
        with run_python(code, path) as other:
            try:
                assert other.stdout is not None
                assert other.stdout.readline() == b"open\n"
                with pytest.raises(DossierError, match=rf"another process \(PID {other.pid}\)"):
                    Dossier(path, read_only=True)
            finally:
                other.kill()

    def test_a_full_disk_keeps_what_was_there(self, path: Path) -> None:
        with Dossier(path) as dossier:
            dossier.add(*code_short(1), coder="rules-1")
        code = (
            "import os, resource, sys\n"
            "from detente.errors import DossierError\n"
            "from detente.schema import Records\n"
            "from detente.store import Dossier\n"
            "from tests.build import document\n"
            "dossier = Dossier(sys.argv[1])\n"
            # A limit on the size of a file fails a write as a full disk does.
            "size = os.path.getsize(sys.argv[1])\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
            "try:\n"
            "    for n in range(9):\n"
            "        text = os.urandom(200_000).hex()\n"
            "        dossier.add(document(text), Records(), coder='rules-1')\n"
            "except DossierError as error:\n"
            "    print(error)\n"
        )
        with run_python(code, path) as other:
            said, _ = other.communicate(timeout=60)
        assert b"the disk is full; free some space" in said
        with Dossier(path) as dossier:
            assert code_short(1)[0] in dossier.documents()
            assert dossier.records("quantity") == code_short(1)[1].quantities
            assert dossier.add(*code_short(2), coder="rules-1")

    def test_too_little_memory_keeps_what_was_there(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts = [f"{n} " + random.Random(n).randbytes(1_000_000).hex() for n in range(20)]
        monkeypatch.setattr("detente.database.WRITING_MEMORY", "20MB")
        with Dossier(path) as dossier, pytest.raises(DossierError, match="needs more memory"):
            add_texts(dossier, texts)
        monkeypatch.undo()
        with Dossier(path, read_only=True) as dossier:
            found = [doc.text for doc in dossier.documents()]
        assert found
        assert found == texts[: len(found)]


def add_texts(dossier: Dossier, texts: list[str]) -> None:
    for text in texts:
        dossier.add(document(text), Records(), coder="rules-1")


N_DOCUMENTS = 60
N_KILLS = 6
ADD_IN_A_LOOP = """
import sys
from detente.store import SCHEMA_VERSION, Dossier
from tests.records import code_short

print("ready", flush=True)
with Dossier(sys.argv[1]) as dossier:
    known = dossier.document_ids(coder="rules-1")
    for n in range(int(sys.argv[2])):
        doc, records = code_short(n)
        if doc.id not in known:
            dossier.add(doc, records, coder="rules-1")
"""


def run_python(code: str, *args: object) -> subprocess.Popen[bytes]:
    """Start Python with our test helpers at hand."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_killed_runs_leave_whole_documents_and_resume(path: Path) -> None:
    """Kill a process that makes a dossier and adds to it at random moments; then let it finish."""
    moments = random.Random(1)
    n_before = 0
    for n_kills in range(N_KILLS + 1):
        with run_python(ADD_IN_A_LOOP, path, N_DOCUMENTS) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            if n_kills < N_KILLS:
                time.sleep(moments.uniform(0, 0.5))
                process.send_signal(signal.SIGKILL)
        if path.exists():
            n_after = check_whole(path)
            assert n_before <= n_after
            n_before = n_after
    assert process.returncode == 0
    assert n_before == N_DOCUMENTS


def check_whole(path: Path) -> int:
    """Check that each document has all its records; return the number of documents."""
    with Dossier(path) as dossier:
        loaded = dossier.load()
    expected = Records()
    for n in range(len(loaded.documents)):
        expected.extend(code_short(n)[1])
    assert loaded == expected
    return len(loaded.documents)

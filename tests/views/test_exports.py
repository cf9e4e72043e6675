from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import msgspec
import polars as pl
import pytest

from detente.errors import InputError
from detente.schema import PLURALS, TYPES, Mention, Records, Report, Skipped, Span
from detente.views.exports import (
    to_frame,
    to_jsonl,
    to_plover,
    write_bytes,
    write_csv,
    write_jsonl,
    write_parquet,
)
from tests.records import article, full_records


@pytest.fixture
def records() -> Records:
    return full_records(article(title="Talks", url="https://wire.example/1"))


class TestTables:
    @pytest.mark.parametrize("kind", TYPES)
    def test_an_empty_kind_has_its_columns(self, kind: str) -> None:
        frame = to_frame([], kind)
        assert frame.is_empty()
        assert frame.columns[-1] == "json"

    @pytest.mark.parametrize("kind", set(TYPES) - {"document"})
    def test_the_json_column_holds_the_whole_record(self, records: Records, kind: str) -> None:
        (text,) = to_frame(records.of_kind(kind), kind)["json"]
        assert [msgspec.json.decode(text, type=TYPES[kind])] == records.of_kind(kind)

    def test_a_documents_text_is_not_exported(self, records: Records) -> None:
        frame = to_frame(records.documents, "document")
        assert "text" not in frame.columns
        assert not any("Envoys" in str(cell) for cell in frame.row(0))

    def test_parquet_files_read_back(self, records: Records, tmp_path: Path) -> None:
        paths = write_parquet(records, tmp_path / "out")
        assert [path.name for path in paths] == [f"{plural}.parquet" for plural in PLURALS.values()]
        for kind, path in zip(PLURALS, paths, strict=True):
            assert pl.read_parquet(path).equals(to_frame(records.of_kind(kind), kind))

    def test_kinds_without_records_get_no_file(self, records: Records, tmp_path: Path) -> None:
        only = Records(events=records.events)
        assert write_csv(only, tmp_path) == [tmp_path / "events.csv"]

    def test_one_kind_goes_into_a_named_file(self, records: Records, tmp_path: Path) -> None:
        target = tmp_path / "mine.csv"
        assert write_csv(Records(events=records.events), target) == [target]
        assert target.read_text().startswith("id,document,date,")

    def test_several_kinds_do_not_go_into_one_file(self, records: Records, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is one file, but there are 9 tables"):
            write_csv(records, tmp_path / "all.csv")

    @pytest.mark.parametrize(
        "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]
    )
    def test_a_cell_that_is_a_formula_is_disarmed(self, cell: str, tmp_path: Path) -> None:
        quote = Span(start=0, end=len(cell), quote=cell)
        mention = Mention(document="doc-1", actor="ARC", span=quote)
        (path,) = write_csv(Records(mentions=[mention]), tmp_path)
        (row,) = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
        assert row["quote"] == "'" + cell

    @pytest.mark.parametrize("cell", ["1=1", "a-b", "", "“=1”", "two\nlines", 'quo"ted, and'])
    def test_other_cells_stay_as_they_are(self, cell: str, tmp_path: Path) -> None:
        row = Skipped(item=cell, stage="read", reason="x")
        (path,) = write_csv(Records(skipped=[row]), tmp_path)
        (found,) = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
        assert found["item"] == cell

    def test_negative_numbers_stay_numbers(self, records: Records, tmp_path: Path) -> None:
        event = msgspec.structs.replace(records.events[0], score=-4.5)
        (path,) = write_csv(Records(events=[event]), tmp_path)
        assert pl.read_csv(path)["score"].to_list() == [-4.5]


class TestJsonLines:
    def test_each_document_is_followed_by_its_records(self) -> None:
        one, two = article(), article("Envoys met. " + article().text)
        records = full_records(one)
        records.extend(full_records(two))
        rows = [json.loads(line) for line in to_jsonl(records)]
        kinds = ["document", "mention", "event", "report", "claim", "expectation", "quantity"]
        assert [row["record"] for row in rows] == [
            *kinds, *kinds, "actor", "actor", "skipped", "skipped",
        ]  # fmt: skip
        assert [row["id"] for row in rows if row["record"] == "document"] == [one.id, two.id]
        assert {row["document"] for row in rows[1:7]} == {one.id}

    def test_records_of_documents_that_are_not_there_are_kept(self, records: Records) -> None:
        rows = [json.loads(line) for line in to_jsonl(Records(events=records.events))]
        assert [row["record"] for row in rows] == ["event"]

    def test_the_file_holds_the_lines(self, records: Records, tmp_path: Path) -> None:
        write_jsonl(records, tmp_path / "records.jsonl")
        assert (tmp_path / "records.jsonl").read_bytes() == b"".join(to_jsonl(records))


class TestPlover:
    def test_an_event_has_the_codebooks_fields(self, records: Records) -> None:
        (row,) = to_plover(records)
        (event,), (doc,) = records.events, records.documents
        assert {key: row[key] for key in ("id", "date", "event", "mode", "context")} == {
            "id": event.id,
            "date": "2025-02-18",
            "event": ["CONSULT"],
            "mode": ["multilateral"],
            "context": ["diplomatic", "economic"],
        }
        assert (row["quad_code"], row["event_scale"], row["status"]) == (1, 4.0, "past")
        assert row["source"][0] == {
            "code": "ARC",
            "sector": None,
            "actor_text": "Envoys of Arcadia",
            "identifier_id": "ARC",
            "identifier_text": "Arcadia",
        }
        assert row["recipient"] == []
        assert (row["host"]["code"], row["event_loc"]) == ("SAU", {"name": "Riyadh"})
        assert row["text"] == doc.text[row["text_info"]["start"] : row["text_info"]["end"]]
        assert row["cite_info"]["citation"] == doc.id
        assert row["cite_info"]["publication"] == "Wire"

    def test_an_organisation_has_its_own_code(self, records: Records) -> None:
        union = msgspec.structs.replace(
            records.events[0].sources[0], actor="EU.council", country=None
        )
        event = msgspec.structs.replace(records.events[0], sources=(union,))
        assert to_plover(Records(events=[event]))[0]["source"][0]["code"] == "EU"

    def test_an_event_told_twice_is_one_record_with_two_reports(self) -> None:
        one, two = article(), article("Envoys met. " + article().text)
        records = full_records(one)
        records.extend(full_records(two))
        first, second = records.events
        records.reports = [
            Report(event=first.id, document=one.id, telling=first.id, span=first.span),
            Report(
                event=first.id,
                document=two.id,
                telling=second.id,
                span=second.span,
                conflicts=("date",),
            ),
        ]
        (row,) = to_plover(records)
        assert [report["id"] for report in row["reports"]] == [first.id, second.id]
        assert row["reports"][1]["conflicts"] == ["date"]
        assert row["reports"][1]["cite_info"]["citation"] == two.id

    def test_events_without_reports_stand_for_themselves(self, records: Records) -> None:
        records.reports = []
        assert [row["reports"] for row in to_plover(records)] == [[]]


class TestWriteBytes:
    def test_a_failed_write_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "out.json"
        write_bytes(path, b"old")

        def fail() -> object:
            yield b"new"
            raise OSError(28, "No space left on device")

        with pytest.raises(InputError, match=r"cannot write .*: No space left on device"):
            write_bytes(path, fail())  # type: ignore[arg-type]
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("name", ["missing/out.json", "file/out.json", "folder"])
    def test_an_impossible_place_is_an_input_error(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_text("x")
        (tmp_path / "folder").mkdir()
        with pytest.raises(InputError, match="give another place with -o"):
            write_bytes(tmp_path / name, b"x")

    def test_a_device_is_written_to_in_place(self) -> None:
        write_bytes(Path(os.devnull), b"x")
        assert not Path(os.devnull).is_file()

    def test_a_folder_that_cannot_be_made_is_an_input_error(
        self, records: Records, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(InputError, match="cannot make the folder"):
            write_parquet(records, tmp_path / "file" / "out")

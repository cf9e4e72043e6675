from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from detente.errors import InputError
from detente.relations.tabular import first_fields, scan_rows


def test_first_fields_leave_out_the_mark_and_the_line_end(tmp_path: Path) -> None:
    path = tmp_path / "events.tab"
    path.write_bytes("\ufeffEvent ID\tPlace\r\n1\tKyiv\r\n".encode())
    assert first_fields(path) == ["Event ID", "Place"]


@pytest.mark.parametrize("content", [b"", b"\n", b"PK\0\0\tno text"])
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.tab"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"events\.tab: empty, or not"):
        first_fields(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tab: no such file"):
        first_fields(tmp_path / "none.tab")


@pytest.mark.parametrize("names", [[], ["a.tab", "b.tab"]])
def test_a_zip_file_holds_one_file(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "events.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "1\t2\n")
    with pytest.raises(InputError, match=f"holds {len(names)} files, not one"):
        scan_rows(path, types={"a": pl.Int32, "b": pl.Int32})


def test_a_broken_zip_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "events.zip"
    path.write_text("no zip", "utf-8")
    with pytest.raises(InputError, match=r"events\.zip: cannot be read"):
        first_fields(path)
    with pytest.raises(InputError, match="cannot be read"):
        first_fields(tmp_path)


def test_lines_are_cut_or_filled_to_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "rows.tab"
    path.write_text("1\t2\n3\n4\tfive\n6\t7\t8\n", "utf-8")
    rows = scan_rows(path, types={"a": pl.Int32, "b": pl.Int32}).collect()
    assert rows.rows() == [(1, 2), (3, None), (4, None), (6, 7)]

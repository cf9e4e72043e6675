from __future__ import annotations

from pathlib import Path

import pytest

from detente.documents.article import Article
from detente.documents.metadata import Metadata, read_filename, read_table, resolve_metadata
from detente.errors import InputError

BODY = "The envoys of the two countries met in the capital and talked for four hours."


def resolve(text: str, path: str = "a.txt", **given: dict[str, str]) -> Metadata:
    article = Article(path, text, given.get("stated", {}))
    return resolve_metadata(article, given.get("options", {}), given.get("row", {}))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2025-02-18_wire_riyadh.txt", {"date": "2025-02-18", "outlet": "wire"}),
        ("breitbart_2015-11-11_slug_more", {"date": "2015-11-11", "outlet": "breitbart"}),
        ("folder/wash-post_20151111_slug.txt", {"date": "2015-11-11", "outlet": "wash-post"}),
        ("2025-02-18_riyadh.txt", {"date": "2025-02-18"}),
        ("riyadh-2025-02-18.txt", {"date": "2025-02-18"}),
        ("2025-02-18_17_riyadh.txt", {"date": "2025-02-18"}),
        ("2025-13-45_wire_riyadh.txt", {}),
        ("000_6fbed20250218999.txt", {}),
        ("riyadh.txt", {}),
    ],
)
def test_read_filename(name: str, expected: dict[str, str]) -> None:
    assert read_filename(name) == expected


def test_resolve_metadata_prefers_the_user_then_the_source_then_the_name() -> None:
    found = resolve(
        f"RIYADH, Jan. 3, 2025 (AP) — {BODY}",
        path="2025-02-18_wire_riyadh.txt",
        options={"date": "2025-03-01"},
        row={"author": "Jane Doe"},
        stated={"author": "Other", "title": "Talks"},
    )
    assert found.values == {
        "date": "2025-03-01",
        "author": "Jane Doe",
        "title": "Talks",
        "outlet": "wire",
    }
    assert found.origin == {
        "date": "option",
        "author": "metadata",
        "title": "metadata",
        "outlet": "filename",
    }


def test_resolve_metadata_reads_the_dateline() -> None:
    found = resolve(f"RIYADH, Jan. 3, 2025 (AP) — {BODY}")
    assert (found.values["date"], found.values["outlet"]) == ("2025-01-03", "AP")
    assert set(found.origin.values()) == {"dateline"}


def test_resolve_metadata_completes_a_yearless_dateline() -> None:
    found = resolve(f"RIYADH, Feb. 19 — They met on Feb. 18 (Tuesday). It began in 2024. {BODY}")
    assert (found.values["date"], found.origin["date"]) == ("2025-02-19", "inferred")


def test_resolve_metadata_keeps_a_day_without_year() -> None:
    found = resolve(f"RIYADH, Feb. 18 (Reuters) — {BODY}")
    assert (found.values["date"], found.origin["date"]) == ("--02-18", "dateline")


def test_resolve_metadata_infers_title_and_author() -> None:
    found = resolve(f"Talks in Riyadh\nBy Jane Doe\n{BODY}")
    assert found.values == {"title": "Talks in Riyadh", "author": "Jane Doe"}
    assert set(found.origin.values()) == {"inferred"}


@pytest.mark.parametrize(
    "text", [BODY, f"{BODY}\n{BODY}", f"RIYADH — \n{BODY}", f"By Jane Doe\n{BODY}", f"***\n{BODY}"]
)
def test_resolve_metadata_takes_no_title_from(text: str) -> None:
    assert "title" not in resolve(text).values


def test_resolve_metadata_warns_of_an_impossible_date() -> None:
    found = resolve(BODY, stated={"date": "2025-02-30"})
    assert "date" not in found.values
    (warning,) = found.warnings
    assert "2025-02-30" in warning
    assert "YYYY-MM-DD" in warning


def test_read_table_reads_tsv_and_csv(tmp_path: Path) -> None:
    tsv = tmp_path / "m.tsv"
    tsv.write_text(
        'filename\tpublisher\tpublication_date\ttitle\tauthor\nx_1\tnyt\t2016-01-02\tA "b\tNone\n',
        encoding="utf-8",
    )
    assert read_table(tsv) == {"x_1": {"outlet": "nyt", "date": "2016-01-02", "title": 'A "b'}}
    table = tmp_path / "m.csv"
    table.write_text('filename,outlet,title\nsub/x.2.txt,AP,"A, b"\n', encoding="utf-8")
    assert read_table(table) == {"x.2": {"outlet": "AP", "title": "A, b"}}


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "check the path"), (b"a,b\n1,2", "filename"), (b"\0", "binary")]
)
def test_read_table_refuses(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "m.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        read_table(path)

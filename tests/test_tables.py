from __future__ import annotations

from pathlib import Path

import pytest

from detente.schema import PLURALS, TYPES, Claim, Expectation, SpeakerRef
from detente.tables import TABLES, extent, to_rows
from tests.records import article, full_records

RECORDS = full_records(article())


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_has_a_table_with_distinct_columns(kind: str) -> None:
    names = [column.name for column in TABLES[kind]]
    assert len(set(names)) == len(names)
    assert "json" not in names


@pytest.mark.parametrize("kind", TYPES)
def test_a_row_holds_values_of_its_columns_types(kind: str) -> None:
    python_types = {"text": str, "integer": int, "number": float}
    (row,) = to_rows(RECORDS.of_kind(kind), kind)
    for column, value in zip(TABLES[kind], row[:-1], strict=True):
        assert value is None or isinstance(value, python_types[column.type]), column.name


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("event", "source_actors", "ARC; BOR"),
        ("event", "source_countries", "ARC; BOR"),
        ("event", "target_actors", ""),
        ("event", "host", "SAU"),
        ("event", "date_quote", "on 18 February"),
        ("claim", "speaker", "BOR.ruiz-ana"),
        ("claim", "speaker_affiliation", "Government"),
        ("claim", "speaker_kind", "person"),
        ("claim", "content", "We will trade again; if the sanctions end"),
        ("claim", "about", "ARC BOR +0.5"),
        ("claim", "start", 62),
        ("expectation", "holder_office", "Minister of Trade"),
        ("expectation", "phrase", "is likely"),
        ("quantity", "actors", "ARC; BOR"),
        ("quantity", "quote", "US$40 billion"),
        ("actor", "offices", "Minister of Trade"),
        ("report", "conflicts", "date"),
    ],
)
def test_a_column_reads_its_field(kind: str, column: str, value: object) -> None:
    (row,) = to_rows(RECORDS.of_kind(kind), kind)
    names = [c.name for c in TABLES[kind]]
    assert row[names.index(column)] == value


def test_records_without_speaker_or_spans_have_empty_cells() -> None:
    claim = Claim(
        id="c", document="d", speaker=None, source=(), cue=(), content=(), kind="indirect"
    )
    (row,) = to_rows([claim], "claim")
    cells = dict(zip([c.name for c in TABLES["claim"]], row[:-1], strict=True))
    assert cells["speaker_name"] is cells["start"] is cells["end"] is None
    bare = Expectation(
        id="e", document="d", holder=SpeakerRef(actor="author", name="author"), outcome=()
    )
    assert extent(bare) is None


@pytest.mark.parametrize("kind", TYPES)
def test_the_reference_lists_every_column(kind: str) -> None:
    reference = Path(__file__).parents[1] / "docs" / "reference" / "dossier.md"
    lines = reference.read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{PLURALS[kind]}` |")]
    assert [c.name for c in TABLES[kind] if f"`{c.name}`" not in row] == []

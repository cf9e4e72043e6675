from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.relations.history import COLUMNS, NOBODY, History, read_history, read_plover
from detente.relations.recorded import events_of_records
from detente.schema import ActorRef, Event, Records
from detente.views.exports import to_plover
from tests.records import article, full_records
from tests.relations.events import event

GOLD_LIKE: list[dict[str, Any]] = [
    {
        "id": "GSR-1",
        "date": "2000-01-01",
        "source": [{"code": "ITA", "sector": "GOV", "actorText": "Italy's cabinet"}],
        "target": [{"code": "GRC", "sector": "GOV", "actorText": "Athens"}],
        "event": "DISAPPROVE",
        "eventText": "criticised",
        "mode": "",
        "context": "",
        "text": "Italy's cabinet criticised Athens.",
        "textInfo": {"markup": "[SRC Italy's cabinet] [EVT criticised] [TAR Athens]."},
        "dateCoded": "2016-11-01",
    },
    {
        "id": "GSR-2",
        "date": "2000-01-01",
        "source": [{"code": "KOR"}, {"code": "JPN"}, {"code": "CHN"}],
        "target": "",
        "event": "CONSULT",
    },
    {
        "id": "GSR-3",
        "date": "2000-01-01",
        "source": [{"code": "COL", "sector": "REB", "actorText": "guerrillas"}],
        "target": [{"code": "VEN"}],
        "event": "FIGHT",
    },
]
"""Records of our own in the form of the codebook of 2016."""


def write(path: Path, records: object) -> Path:
    path.write_text(json.dumps(records, indent=1, ensure_ascii=False), "utf-8")
    return path


def record(**fields: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": "r",
        "date": "2024-05-06",
        "source": [{"code": "USA"}],
        "recipient": [{"code": "CHN"}],
        "event": ["ACCUSE"],
    }
    return usual | fields


def read(folder: Path, *records: dict[str, object]) -> History:
    return read_history(write(folder / "events.json", list(records)))


def dyads(found: History) -> list[tuple[str, ...]]:
    return found.events.select("source", "target").rows()


def test_our_own_export_comes_back(tmp_path: Path) -> None:
    records = full_records(article())
    found = read_history(write(tmp_path / "events.json", to_plover(records)))
    assert found.events.equals(events_of_records(records))
    assert dyads(found) == [("ARC", "BOR")]


def dated(number: int, sources: str, targets: str = "", **fields: object) -> Event:
    usual = {"date_precision": "day", "root": "ACCUSE", "score": -3.0}
    return event(number, sources, targets, **(usual | fields))  # type: ignore[arg-type]


def dossier() -> Records:
    scholar = ActorRef(actor="USA.scholar", name="A scholar", country="USA", sector="EDU")
    return Records(
        events=[
            dated(1, "USA EU", "RUS RUS.navy XKX", contexts=("economic", "legal")),
            dated(2, "RUS USA.rubio CHN", root="CONSULT", score=2.5),
            dated(3, "USA RUS", root="CONSULT", score=2.5),  # a second meeting of that day
            dated(4, "USA", "CHN", status="scheduled"),
            dated(5, "USA", "CHN", date="2025-02", date_precision="month"),
            dated(6, "USA", "CHN", date="2025-02-17", date_precision="week"),
            msgspec.structs.replace(dated(7, "USA", "CHN"), sources=(scholar,)),
            dated(8, "USA", "protesters"),
        ]
    )


def test_a_dossier_and_its_export_give_the_same_events(tmp_path: Path) -> None:
    wanted = events_of_records(dossier())
    found = read_history(write(tmp_path / "events.json", to_plover(dossier())))
    assert found.events.equals(wanted)
    assert wanted.height == 8
    assert (found.n_statements, found.n_unmapped, found.n_mirrored) == (3, 2, 0)
    assert found.unmapped.rows() == [("A scholar", 1), ("protesters", 1)]


def test_gold_standard_records_are_read(tmp_path: Path) -> None:
    found = read_history(write(tmp_path / "gold.txt", GOLD_LIKE))
    assert found.events.columns == list(COLUMNS)
    day = date(2000, 1, 1)
    assert found.events.rows() == [
        ("GSR-1", day, "ITA", "GRC", "ACCUSE", "disapprove", None, 3, -2.0),
        ("GSR-2", day, "CHN", "JPN", "CONSULT", None, None, 1, 2.5),
        ("GSR-2", day, "CHN", "KOR", "CONSULT", None, None, 1, 2.5),
        ("GSR-2", day, "JPN", "KOR", "CONSULT", None, None, 1, 2.5),
    ]
    assert found.unmapped.rows() == [("guerrillas", 1)]
    assert found.n_rows == 5


def test_records_may_stand_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = [json.dumps(record(id=None)), "", json.dumps(record(id=7, text="a\u2028b"))]
    path.write_text("\ufeff" + "\r\n".join(lines) + "\n", "utf-8")
    assert read_history(path).events["id"].to_list() == ["7", "events.jsonl:1"]


@pytest.mark.parametrize(
    ("fields", "root", "mode", "score"),
    [
        ({"event": "accuse"}, "ACCUSE", None, -3.0),
        ({"event": "DEMAND", "mode": ["Change"]}, "REQUEST", "change", -1.0),
        ({"event": ["INVESTIGATE"]}, "ACCUSE", "investigate", -3.5),
        ({"event": ["ASSAULT"], "mode": ["no-such-mode", "aerial"]}, "ASSAULT", "aerial", -9.5),
        ({"event": ["SUPPORT"], "mode": "aerial", "event_scale": 99}, "SUPPORT", None, 5.0),
    ],
)
def test_codes_are_those_of_the_codebook_of_today(
    tmp_path: Path, fields: dict[str, object], root: str, mode: str | None, score: float
) -> None:
    found = read(tmp_path, record(**fields)).events
    assert found.select("root", "mode", "score").row(0) == (root, mode, score)


def test_several_roots_are_several_events_of_one_record(tmp_path: Path) -> None:
    found = read(tmp_path, record(event=["AGREE", "CONSULT", "CRIME"], mode=["visit"]))
    assert found.events.select("id", "root", "mode").rows() == [
        ("r", "AGREE", None),
        ("r", "CONSULT", "visit"),
    ]
    assert (found.n_rows, found.n_statements) == (3, 1)


def test_contexts_are_a_list_or_a_text(tmp_path: Path) -> None:
    texts = (["military", " territory"], "military;territory", "military, territory", 7)
    found = read(tmp_path, *(record(context=value) for value in texts))
    assert found.events["contexts"].to_list() == [*["military;territory"] * 3, None]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "scheduled"},
        {"status": "denied"},
        {"status": "no such status"},
        {"has_event": False},
        {"context": ["hypothetical"]},
        {"context": "historical"},
        {"event": "DOCUMENT"},
        {"event": []},
        {"date": "2024-05"},
        {"date": "2024-W19"},
        {"date": "2024-02-30"},
        {"date": 20240506},
        {"date": None},
        {"date_precision": "month"},
    ],
)
def test_what_did_not_happen_or_has_no_day_is_counted(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    found = read(tmp_path, record(**fields), record(status="ongoing", date_precision="day"))
    assert dyads(found) == [("USA", "CHN")]
    assert (found.n_rows, found.n_statements) == (2, 1)


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ({"code": "FRA", "sector": "MIL"}, "FRA"),
        ({"code": "FRA", "sector": None}, "FRA"),
        ("FRA", "FRA"),
        ({"code": "FRA", "sector": "REB"}, None),
        ({"code": "FRA", "sector": "MILCRM"}, None),
        ({"code": "FRA", "sector": "JRN"}, None),
        ({"code": "IGO", "identifier": "European Union"}, "EU"),
        ({"code": "IGO", "identifier_text": "a club", "actor_text": "European Union"}, "EU"),
        ({"code": "IGO"}, None),
        ({"code": "NGO", "actorText": "France"}, None),
        ({"actor_text": "France"}, "FRA"),
        ({"code": "EU", "identifier_id": "EU"}, "EU"),
        ({"code": "EU", "identifier_id": "Q458"}, None),
        ({"code": "XXX"}, None),
        ({}, None),
    ],
)
def test_an_actor_stands_for_its_country(
    tmp_path: Path, actor: object, expected: str | None
) -> None:
    found = read(tmp_path, record(source=[actor]))
    assert dyads(found) == ([(expected, "CHN")] if expected else [])
    assert found.n_unmapped == (expected is None)


@pytest.mark.parametrize(
    ("sources", "recipients", "pairs", "left_out"),
    [
        ("USA FRA", "CHN RUS", "USA CHN,USA RUS,FRA CHN,FRA RUS", (0, 0)),
        ("USA USA", "CHN", "USA CHN", (0, 0)),
        ("USA CHN USA", "", "CHN USA", (0, 0)),
        ("USA", "USA", "", (1, 0)),
        ("USA USA", "", "", (1, 0)),
        ("USA", "", "", (0, 1)),
        ("", "CHN", "", (0, 1)),
        ("", "", "", (0, 1)),
    ],
)
def test_each_pair_of_parties_is_one_row(
    tmp_path: Path, sources: str, recipients: str, pairs: str, left_out: tuple[int, int]
) -> None:
    source, recipient = (
        [{"code": code} for code in side.split()] for side in (sources, recipients)
    )
    found = read(tmp_path, record(source=source, recipient=recipient))
    assert [" ".join(pair) for pair in dyads(found)] == list(filter(None, pairs.split(",")))
    assert (found.n_domestic, found.n_unmapped) == left_out


def test_a_side_that_names_nobody_is_counted(tmp_path: Path) -> None:
    found = read(tmp_path, record(recipient="diplomatic"))
    assert found.unmapped.rows() == [(NOBODY, 1)]


def test_files_of_a_folder_are_added_and_other_json_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.json", [record()])
    (tmp_path / "b.jsonl").write_text(json.dumps(record()) + "\n", "utf-8")
    write(tmp_path / "about.json", {"title": "about these events"})
    assert read_history(tmp_path).n_rows == 2


def test_no_records_make_an_empty_history(tmp_path: Path) -> None:
    found = read_plover([write(tmp_path / "events.json", [])])
    assert found.events.schema == events_of_records(Records()).schema
    assert (found.n_rows, found.unmapped.height) == (0, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"event": "AID"},\n{"event": }]', r"events\.json: line 2 is no JSON \(.*column 11\)"),
        ('{"event": "AID"}\n\n{"event": "AID"', r"events\.json: line 3 is no JSON"),
        ('{\n"event": "AID"}', r"events\.json: line 1 is no JSON.*one record a line"),
        ('{"events": [{"event": "AID"}]}', r"events\.json: line 1 is no record with an `event`"),
        ('[{"event": "AID"}, ["event"]]', r"events\.json: record 2 is no record with an `event`"),
        ('{"event": "AID"}\n7', r"events\.json: line 2 is no record with an `event`"),
        ('[{"event": "AID", "date": "2024-05-06", "source": ["\\ud800"]}]', r"half a character"),
        ('["event", ' + "[" * 100_000, r"events\.json: lists are nested too deeply"),
    ],
)
def test_what_is_no_list_of_records_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        read_history(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: cannot be read"):
        read_plover([tmp_path / "none.json"])
    with pytest.raises(InputError, match=r"none\.json: no such file"):
        read_history(tmp_path / "none.json")
    (tmp_path / "bad.json").write_bytes(b'[{"event": "\xff"}]')
    with pytest.raises(InputError, match=r"bad\.json: cannot be read as UTF-8"):
        read_history(tmp_path / "bad.json")


def test_json_without_events_is_not_taken_for_records(tmp_path: Path) -> None:
    path = write(tmp_path / "about.json", {"title": "events"})
    with pytest.raises(InputError, match=r"about\.json: no event data that is known"):
        read_history(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("USA"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "sector", "identifier"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = ("id", "date", "source", "recipient", "target", "mode", "context", "event", "status")


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6), max_size=3))
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, odd: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    found = read(folder, *(record(**fields) for fields in odd), record())
    left_out = (found.n_statements, found.n_unmapped, found.n_domestic, found.n_mirrored)
    assert found.n_rows == sum(left_out) + found.events.height
    assert found.events.filter(pl.col("id") == "r").height >= 1

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.bench import run_benchmark
from detente.bench.gsr import (
    Sentence,
    actor_code,
    clean,
    measure_sentences,
    predictions_of,
    read_records,
)
from detente.bench.items import gold_items
from detente.errors import InputError
from detente.schema import ActorRef, Event
from tests.build import document
from tests.command import run


def record(id: str, text: str, event: str, source: Any, target: Any, **more: Any) -> dict[str, Any]:
    def actors(codes: Any) -> Any:
        return [{"code": code} for code in codes] if isinstance(codes, list) else codes

    row = {"id": id, "text": text, "date": "2016-03-01", "event": event}
    return {**row, "source": actors(source), "target": actors(target), **more}


RECORDS: list[dict[str, Any]] = [
    {"DOCUMENT": "Invented records"},
    record("G-01-AID-1", "France sent {food} to Mali.", "AID", ["FRA"], ["MLI"]),
    record("G-01-AID-2", "{France sent {food}  to Mali.}", "SUPPORT", ["FRA"], [None]),
    record("G-01-TALK-1", "Japan and Italy held talks.", "CONSULT", ["JAP", "ITL"], ""),
    record("G-01-TALK-1", "Peru accused Chile.", "DISAPPROVE", ["PER"], ["CHL"], date="20160302"),
    record("PLOVER-GSR01-SANCTION-0010", "Kenya shut its border.", "FIGHT", ["KEN"], "road"),
    record("G-01-SAY-1", "Cuba spoke.", "010", ["CUB"], [], date="soon"),
]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.json"
    path.write_text(json.dumps(RECORDS), encoding="utf-8")
    return path


def test_records_of_one_text_are_one_sentence(records: Path) -> None:
    gold = read_records(records)
    assert [one.id for one in gold.sentences] == [
        "G-01-AID-1", "G-01-TALK-1", "G-01-TALK-1#2", "PLOVER-GSR01-SANCTION-0010", "G-01-SAY-1",
    ]  # fmt: skip
    assert gold.sentences[0].text == "France sent {food} to Mali."
    assert [one.date for one in gold.sentences[1:3]] == ["2016-03-01", "2016-03-02"]
    assert gold.items["G-01-AID-1"] == gold_items("AID", ["FRA"], ["MLI"]) | gold_items(
        "SUPPORT", ["FRA"], []
    )
    assert gold.items["G-01-TALK-1"] == gold_items("CONSULT", ["JPN", "ITA"], [])


def test_a_misfiled_record_is_read_by_its_id(records: Path) -> None:
    found = read_records(records).items["PLOVER-GSR01-SANCTION-0010"]
    assert found == gold_items("SANCTION", ["KEN"], [])


def test_a_dropped_code_leaves_the_sentence_without_items(records: Path) -> None:
    gold = read_records(records)
    assert gold.items["G-01-SAY-1"] == set()
    assert gold.sentences[-1].date is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" {It cost \\$5 or 3\\%.} ", "It cost $5 or 3%."),
        ("the~King\n said", "the King said"),
        ("plain", "plain"),
    ],
)
def test_clean_takes_away_what_latex_left(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read as JSON"),
        ('{"id": 1}', "no list of records"),
        ("[1]", "no list of records"),
        ('[{"id": "X-1", "text": "a", "event": "ACUSE"}]', "record X-1: unknown root 'ACUSE'"),
    ],
)
def test_read_records_names_what_it_cannot_read(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "records.json"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_records(path)


@pytest.mark.parametrize(
    ("actor", "country", "sector", "code"),
    [
        ("RUS", "RUS", "GOV", "RUSGOV"),
        ("RUS", "RUS", None, "RUS"),
        ("EU", None, "IGO", "IGO"),
        ("UN.somebody", None, "IGO", "IGO"),
        ("EU.parliament", None, "LEG", "IGOLEG"),
        ("ISIS", None, "REB", "NGOREB"),
        ("ICRC", None, "NGO", "NGO"),
        ("SWIFT", None, "BUS", "MNCBUS"),
        ("person.roe-jane", None, None, None),
        ("person.roe-jane", None, "EDU", "EDU"),
    ],
)
def test_actor_code_is_country_or_class_with_sector(
    actor: str, country: str | None, sector: str | None, code: str | None
) -> None:
    assert actor_code(ActorRef(actor=actor, name=actor, country=country, sector=sector)) == code


def made_event(root: str, sources: str, targets: str = "", status: str = "past") -> Event:
    doc = document("made")

    def refs(codes: str) -> tuple[ActorRef, ...]:
        return tuple(ActorRef(actor=code, name=code, country=code) for code in codes.split())

    span = doc.span(0, 4)
    return Event(
        id="e", document=doc.id, root=root, sources=refs(sources), targets=refs(targets),
        status=status, span=span, trigger=span,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (made_event("AID", "FRA", "MLI TCD"), ["FRA AID MLI", "FRA AID TCD"]),
        (
            made_event("CONSULT", "USA RUS CHN"),
            ["USA CONSULT RUS", "USA CONSULT CHN", "RUS CONSULT CHN"],
        ),
        (made_event("PROTEST", "FRA"), ["FRA PROTEST None"]),
        (made_event("COERCE", "", "FRA"), ["None COERCE FRA"]),
        (made_event("CONSULT", "USA", "RUS", "scheduled"), ["USA AGREE RUS"]),
        (made_event("ASSAULT", "USA", "RUS", "denied"), []),
    ],
)
def test_predictions_cross_the_parties(event: Event, wanted: list[str]) -> None:
    found = predictions_of([event, event])
    assert [f"{one['source']} {one['root']} {one['target']}" for one in found] == wanted


@pytest.mark.model
def test_sentences_are_coded_one_by_one() -> None:
    sentences = [Sentence("a", "Iran condemned Israel."), Sentence("b", "He met the king.")]
    gold = {"a": gold_items("ACCUSE", ["IRN"], ["ISR"]), "b": set(), "c": set()}
    figures = measure_sentences(sentences, gold)
    assert (figures["n"], figures["n_coded"]) == (3, 2)
    assert figures["triple"]["f1"] == 1


@pytest.mark.model
def test_the_command_writes_predictions_and_one_object(records: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    shown = run("bench", "gsr", "--data", records, "--predictions", out, "--json")
    assert json.loads(shown.out)["n"] == 5
    rows = {row["id"]: row["events"] for row in map(json.loads, out.read_text().splitlines())}
    assert list(rows) == [one.id for one in read_records(records).sentences]
    assert rows["G-01-TALK-1#2"] == [{"source": "PERGOV", "root": "ACCUSE", "target": "CHLGOV"}]


@pytest.mark.model
@pytest.mark.shared
def test_the_scorer_of_the_records_agrees(records: Path, tmp_path: Path, shared: Path) -> None:
    out = tmp_path / "out.jsonl"
    # The scorer knows no gold record of a code that PLOVER dropped.
    records.write_text(json.dumps(RECORDS[:-1]), encoding="utf-8")
    figures = run_benchmark("gsr", records, predictions=out)
    scorer = [sys.executable, str(shared / "tools" / "score_gsr.py"), "--json"]
    command = [*scorer, "--gold", str(records), "--pred", str(out)]
    done = subprocess.run(command, check=True, capture_output=True)
    for level in ("root", "quad", "pair", "triple"):
        judged = json.loads(done.stdout)["levels"][level]
        assert [figures[level][name] for name in ("precision", "recall", "f1")] == [
            judged[name] for name in ("p", "r", "f1")
        ]


@pytest.mark.model
def test_predictions_that_cannot_be_written_are_an_error(records: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        run_benchmark("gsr", records, predictions=tmp_path / "gone" / "out.jsonl")

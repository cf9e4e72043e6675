"""The command about what comes next, on a dossier of hand-made events."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from detente.pipeline import CODER
from detente.schema import Actor, ActorRef, Event, Records
from detente.store import Dossier
from tests.command import run
from tests.records import article, span_of

QUESTION = "USA RUS CONSULT within 14 days"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Talks of Washington and Moscow each Monday of a year, and now and then with Beijing."""
    doc = article("Washington and Moscow met.")
    span = span_of(doc, "Washington and Moscow met.")
    events = [
        Event(
            id=f"event-{week:02}",
            document=doc.id,
            root="CONSULT",
            sources=tuple(ActorRef(actor=a, name=a, country=a) for a in ("USA", other)),
            score=2.5,
            status="past",
            date=(date(2024, 1, 1) + timedelta(weeks=week)).isoformat(),
            date_precision="day",
            span=span,
            trigger=span,
        )
        for week in range(60)
        for other in [("RUS", "RUS", "CHN")[week % 3]]
    ]
    actors = [Actor(id=a, name=a, kind="state", country=a) for a in ("USA", "RUS", "CHN")]
    path = tmp_path / "made.detente"
    with Dossier(path) as store:
        store.add(doc, Records(documents=[doc], actors=actors, events=events), coder=CODER)
    return path


def test_piped_it_is_a_line_a_question_with_its_base_rate(dossier: Path) -> None:
    outcome = run("forecast", QUESTION, "--dossier", dossier)
    assert outcome.code == 0
    (row,) = outcome.of("forecast")
    assert row["question"]["text"] == QUESTION
    assert row["low"] <= row["probability"] <= row["high"]
    assert row["base_rate"] > 0.8
    assert row["as_of"] == "2025-02-17"


def test_a_terminal_shows_reasons_with_the_sentences_behind_them(dossier: Path) -> None:
    outcome = run("forecast", QUESTION, "--dossier", dossier, "--evidence", terminal=True)
    assert outcome.code == 0
    assert "log-odds:" in outcome.out
    assert "“Washington and Moscow met.”" in outcome.out


def test_only_what_was_known_on_a_day_counts(dossier: Path) -> None:
    rows = run("forecast", QUESTION, "--dossier", dossier, "--as-of", "2024-12-01").rows
    assert rows[0]["as_of"] == "2024-12-01"


def test_many_questions_come_from_a_file(dossier: Path, tmp_path: Path) -> None:
    path = tmp_path / "asked.toml"
    path.write_text(
        f'[[question]]\ntext = "{QUESTION}"\n[[question]]\ntext = "USA CHN CONSULT within 7 days"\n'
    )
    rows = run("forecast", "--questions", path, "--dossier", dossier).rows
    assert [row["horizon_days"] for row in rows] == [14, 7]


def test_expectations_of_a_dossier_are_held_against_a_history(
    dossier: Path, tmp_path: Path
) -> None:
    told = [{"id": "x", "date": "2025-03-01", "event": ["CONSULT"]}]
    told[0] |= {"source": [{"code": "USA"}], "recipient": [{"code": "RUS"}]}  # type: ignore[dict-item]
    path = tmp_path / "history.json"
    path.write_text(json.dumps(told))
    outcome = run("forecast", "--dossier", dossier, "--history", path)
    assert (outcome.code, outcome.out) == (0, "")
    shown = run("forecast", "--dossier", dossier, "--history", path, terminal=True)
    assert "expectations of the articles" in shown.out


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "ask one question"),
        ([QUESTION], "give one source of events"),
        ([QUESTION, "--dossier", "{dossier}", "--as-of", "soon"], "'soon' is no date"),
        ([QUESTION, "--dossier", "{dossier}", "--as-of", "2030-01-01"], "ends on 2025-02-17"),
        (["USA RUS CONSLT within 14 days", "--dossier", "{dossier}"], "did you mean"),
        (["USA RUS CONSULT", "--dossier", "{dossier}"], "within"),
        ([QUESTION, "--history", "gone"], "gone"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    dossier: Path, args: list[str], words: str
) -> None:
    outcome = run("forecast", *(arg.format(dossier=dossier) for arg in args))
    assert outcome.code == 1
    assert words in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1

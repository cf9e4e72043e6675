from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.bench import run_benchmark
from detente.bench.speed import STAGES, spans_of
from detente.errors import InputError
from detente.schema import ActorRef, Boilerplate, Claim, Event, Records, SpeakerRef
from tests.build import document

ARTICLE = "Russia and Ukraine held talks in Geneva on {} March 2025, Sergei Lavrov said. " * 5


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the figures of four short articles; measuring starts three processes."""
    folder = tmp_path_factory.mktemp("articles")
    for day in range(1, 6):
        (folder / f"{day}.txt").write_text(ARTICLE.format(*[day] * 5))
    return run_benchmark("speed", folder, limit=4)


@pytest.mark.model
class TestMeasureSpeed:
    def test_no_more_articles_are_coded_than_asked_for(self, figures: dict[str, Any]) -> None:
        assert figures["articles"] == 4
        assert figures["words"] == 4 * len(ARTICLE.split())
        assert figures["processes"] == 2

    def test_speed_is_words_by_seconds(self, figures: dict[str, Any]) -> None:
        rate = figures["words"] / figures["seconds"]
        assert figures["words_per_second"] == pytest.approx(rate, rel=0.2)

    def test_every_span_is_checked(self, figures: dict[str, Any]) -> None:
        assert figures["spans"] > 20
        assert figures["spans_valid"] == 1.0
        assert figures["crashes"] == 0

    def test_the_profile_shares_out_the_time(self, figures: dict[str, Any]) -> None:
        assert set(figures["profile"]) == set(STAGES)
        assert sum(figures["profile"].values()) == pytest.approx(1, abs=0.01)

    def test_memory_and_start_are_measured(self, figures: dict[str, Any]) -> None:
        assert 50 < figures["peak_memory_mb"] < 4_000
        assert figures["startup_seconds"] > 0


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no articles in"):
        run_benchmark("speed", tmp_path)


def test_spans_of_finds_them_wherever_they_are() -> None:
    doc = document("Putin met Xi in Astana, Lavrov said.")
    marks = {"boilerplate": (Boilerplate(start=35, end=36, quote=".", reason="markup"),)}
    doc = document(doc.text, **marks)
    at = {word: doc.span(doc.text.index(word), doc.text.index(word) + len(word)) for word in
          ("Putin", "met", "Xi", "Astana", "Lavrov", "said")}  # fmt: skip

    def ref(name: str) -> ActorRef:
        return ActorRef(actor=name, name=name, span=at[name])

    event = Event(
        id="e", document=doc.id, root="CONSULT", sources=(ref("Putin"),), targets=(ref("Xi"),),
        host=ref("Astana"), span=at["met"], trigger=at["met"],
    )  # fmt: skip
    claim = Claim(
        id="c", document=doc.id, source=(), cue=(at["said"],), content=(), kind="indirect",
        speaker=SpeakerRef(actor="x", name="x", span=at["Lavrov"]),
    )  # fmt: skip
    found = {
        span.quote for span in spans_of(Records(documents=[doc], events=[event], claims=[claim]))
    }
    assert found == {"Putin", "met", "Xi", "Astana", "Lavrov", "said", "."}

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from detente.bench import run_benchmark
from detente.bench.mentions import Annotation, is_right, measure_mentions
from detente.errors import InputError
from detente.extract.actors import ActorMention, DocumentActors
from detente.schema import Actor

TEXT = "Putin met Xi in Moscow, he said."


def actor(id: str, kind: str = "person") -> Actor:
    country = id.partition(".")[0]
    return Actor(id=id, name=id, kind=kind, country=country)  # type: ignore[arg-type]


def found(*mentions: tuple[str, int, int], kind: str = "name") -> DocumentActors:
    """Return actors with these (actor, start, end) as their mentions, in one sentence."""
    rows = [
        ActorMention(
            sentence=0,
            first=0,
            last=0,
            head=0,
            actor=id,
            kind=kind,
            start=start,
            end=end,
            confidence=1.0,
        )
        for id, start, end in mentions
    ]
    actors = {id: actor(id, "state" if "." not in id else "person") for id, _, _ in mentions}
    return DocumentActors(actors=actors, mentions=rows, by_sentence=[rows])


def annotation(start: int, end: int, who: str | None, **fields: str) -> Annotation:
    return Annotation(
        file="a.txt", start=start, end=end, **{"kind": "name", "actor": who, **fields}
    )


class TestIsRight:
    @pytest.mark.parametrize(
        ("wanted", "mention", "right"),
        [
            (annotation(0, 5, "RUS.putin-vladimir"), ("RUS.putin-vladimir", 0, 5), True),
            (annotation(0, 5, "RUS.putin-vladimir"), ("CHN.xi-jinping", 0, 5), False),
            (annotation(0, 5, "RUS.putin-vladimir"), ("RUS.putin-v", 0, 5), True),
            (annotation(0, 5, "RUS.putin-vladimir"), ("USA.putin-vladimir", 0, 5), False),
            (annotation(0, 5, "RUS.putin-vladimir"), ("RUS.putin-vladimir", 10, 12), False),
            (annotation(0, 5, "RUS"), ("RUS.putin-vladimir", 0, 5), False),
            (annotation(0, 5, "RUS.x", country="RUS"), ("RUS.putin-vladimir", 0, 5), True),
            (annotation(0, 5, "RUS.x", country="CHN"), ("RUS.putin-vladimir", 0, 5), False),
            (annotation(6, 9, None), ("RUS.putin-vladimir", 0, 5), True),
            (annotation(0, 5, None), ("RUS.putin-vladimir", 0, 5), False),
        ],
    )
    def test_the_rules_of_the_annotations(
        self, wanted: Annotation, mention: tuple[str, int, int], right: bool
    ) -> None:
        assert is_right(wanted, found(mention)) is right

    def test_the_narrowest_mention_counts(self) -> None:
        wanted = annotation(10, 12, "CHN.xi-jinping")
        both = found(("RUS.putin-vladimir", 0, 12), ("CHN.xi-jinping", 10, 12))
        assert is_right(wanted, both)

    def test_a_people_may_be_found_by_any_of_its_words(self) -> None:
        wanted = annotation(0, 12, "RUS", kind="demonym")
        assert is_right(wanted, found(("RUS", 0, 5)))

    def test_a_place_is_no_mention(self) -> None:
        assert is_right(annotation(16, 22, None), found(("RUS", 16, 22), kind="place"))


ROWS = [
    annotation(0, 14, "RUS.putin-vladimir"),
    annotation(19, 29, "CHN.xi-jinping"),
    annotation(19, 29, "USA", kind="acronym"),
    annotation(33, 38, None, kind="negative"),
]


def write_annotations(folder: Path, *files: str) -> Path:
    """Write the same article and annotations under several names; return the annotations."""
    rows = []
    for file in files:
        (folder / file).write_text("Vladimir Putin met Xi Jinping on 3 March 2025. He left early.")
        rows += [msgspec.structs.replace(row, file=file) for row in ROWS]
    path = folder / "mentions.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    return path


@pytest.mark.model
def test_accuracy_is_counted_by_kind_on_every_second_file(tmp_path: Path) -> None:
    annotations = write_annotations(tmp_path, "a.txt", "b.txt", "c.txt")
    figures = measure_mentions(tmp_path, annotations)
    assert figures["n"] == 4
    assert figures["n_dev"] == 8
    assert figures["accuracy"] == figures["accuracy_dev"] == 0.75
    assert figures["by_kind"] == {"acronym": 0, "name": 1, "negative": 1}
    assert figures["n_by_kind"] == {"acronym": 1, "name": 2, "negative": 1}


def test_one_file_has_no_test_part(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fewer than two files"):
        measure_mentions(tmp_path, write_annotations(tmp_path, "a.txt"))


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.slow
def test_the_shipped_annotations_fit_their_texts(shared: Path) -> None:
    home = Path(__file__).parents[2]
    figures = measure_mentions(shared / "data", home / "eval" / "annotations" / "mentions.jsonl")
    assert figures["n"] + figures["n_dev"] == 452
    assert figures["accuracy"] > 0.5


def test_missing_annotations_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no annotations at"):
        run_benchmark("mentions", tmp_path)

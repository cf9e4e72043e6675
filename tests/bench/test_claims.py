from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from detente.bench import run_benchmark
from detente.bench.claims import (
    AnnotatedClaim,
    compare_claims,
    figures_of,
    is_alike,
    is_speaker,
    measure_claims,
)
from detente.errors import InputError
from detente.schema import About, Claim, Document, SpeakerRef
from tests.build import document

TEXT = "Wang Yi said on Monday that Russia fears Japan. It was denied that France left."
WANG = SpeakerRef(
    actor="CHN.wang-yi", name="Wang Yi", country="CHN", affiliation="Fudan University",
    kind="person",
)  # fmt: skip


def places(*words: str) -> tuple[tuple[int, int], ...]:
    return tuple((TEXT.index(w), TEXT.index(w) + len(w)) for w in words)


def gold(source: str | None, cue: str, content: str, **fields: object) -> AnnotatedClaim:
    base = AnnotatedClaim(
        file="a.txt",
        source=places(source) if source else (),
        cue=places(cue),
        content=places(content),
        nested=False,
        speaker="Wang Yi",
        speaker_kind="person",
        kind="indirect",
        country="CHN",
    )
    return msgspec.structs.replace(base, **fields)


def claim(source: str | None, cue: str, content: str, **fields: object) -> Claim:
    doc: Document = document(TEXT)
    base = Claim(
        id=f"{source}{cue}",
        document=doc.id,
        speaker=WANG,
        source=tuple(doc.span(*p) for p in places(source)) if source else (),
        cue=tuple(doc.span(*p) for p in places(cue)),
        content=tuple(doc.span(*p) for p in places(content)),
        kind="indirect",
    )
    return msgspec.structs.replace(base, **fields)


SAID = ("Wang Yi", "said on Monday", "that Russia fears Japan")
FEARS = ("Russia", "fears", "Japan")
DENIED = (None, "was denied", "that France left")


def test_matched_claims_are_checked() -> None:
    rows = [
        gold(*SAID, affiliation="Fudan University", about=(("RUS", "JPN"), ("USA", "JPN"))),
        gold(*FEARS, nested=True, speaker="Russia", speaker_kind="state", country="RUS"),
        gold(*DENIED, speaker="unnamed", speaker_kind="unnamed", country=None),
    ]
    claims = [
        claim(*SAID, about=(About(a="JPN", b="RUS", valence=-0.5),)),
        claim("It", "denied", "that France left", speaker=None, kind="mixed"),
    ]
    figures = figures_of(compare_claims(TEXT, rows, claims))
    strict, loose = figures["outermost"].values()
    assert (strict["precision"], strict["recall"], strict["f1"]) == (0.5, 0.5, 0.5)
    assert (loose["right"], loose["gold"]) == (2, 2)
    assert figures["all"]["attribution"]["gold"] == 3
    assert figures["speaker"] == {"accuracy": 1, "n": 1}
    assert figures["affiliation"] == {"accuracy": 1, "n": 1}
    assert figures["speaker_kind"] == {"accuracy": 1, "n": 1}
    assert figures["claim_kind"] == {"accuracy": 1, "n": 1}
    assert figures["about"] == {"accuracy": 0.5, "n": 2}
    assert figures["about_recall"] == 0.5


def test_joint_speakers_are_one_attribution() -> None:
    other = msgspec.structs.replace(WANG, actor="RUS.lavrov-sergei", name="Sergei Lavrov")
    figures = figures_of(
        compare_claims(TEXT, [gold(*SAID)], [claim(*SAID), claim(*SAID, speaker=other)])
    )
    assert figures["all"]["attribution"]["predicted"] == 1


def test_without_pairs_there_is_no_accuracy() -> None:
    figures = figures_of(compare_claims(TEXT, [gold(*SAID)], []))
    assert figures["speaker"] == {"accuracy": None, "n": 0}
    assert figures["all"]["attribution"]["precision"] is None


@pytest.mark.parametrize(
    ("name", "kind", "country", "speaker", "right"),
    [
        ("Wang Yi", "person", "CHN", {}, True),
        ("Wang Yi", "person", "USA", {}, False),
        ("Li Yi", "person", "CHN", {}, False),
        ("Wang Yi", "person", None, {}, True),
        ("China", "state", "CHN", {}, False),
        ("China", "state", "CHN", {"actor": "CHN", "kind": "state"}, True),
        ("the Foreign Ministry", "organisation", "CHN",
         {"name": "Ministry of Foreign Affairs", "kind": "organisation"}, True),
        ("the Treasury", "organisation", "CHN",
         {"name": "Ministry of Foreign Affairs", "kind": "organisation"}, False),
        ("unnamed", "unnamed", None, {"kind": "unnamed"}, True),
        ("unnamed", "unnamed", None, {}, False),
    ],
)  # fmt: skip
def test_is_speaker(
    name: str, kind: str, country: str | None, speaker: dict[str, str], right: bool
) -> None:
    row = gold(*SAID, speaker=name, speaker_kind=kind, country=country)
    affiliation = {"affiliation": None} if speaker else {}
    assert is_speaker(row, [msgspec.structs.replace(WANG, **speaker, **affiliation)]) is right


def test_all_of_several_speakers_must_be_named() -> None:
    other = SpeakerRef(actor="RUS.lavrov-sergei", name="Lavrov", country="RUS", kind="person")
    row = gold(*SAID, speaker="Wang Yi and Sergei Lavrov")
    assert is_speaker(row, [WANG, other])
    assert not is_speaker(row, [other])


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("Fudan University", "Institute of World Affairs, Fudan University", True),
        ("the Fudan University", "Warsaw University", True),
        ("the bank", "the court", False),
        ("the bank", None, False),
    ],
)
def test_is_alike(a: str, b: str | None, alike: bool) -> None:
    assert is_alike(a, b) is alike


def test_missing_annotations_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no annotations at"):
        run_benchmark("claims", tmp_path)


@pytest.mark.model
def test_articles_are_coded_and_compared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    path = tmp_path / "claims.jsonl"
    path.write_bytes(msgspec.json.encode(gold(*SAID)) + b"\n")
    figures = measure_claims(tmp_path, path)
    assert figures["documents"] == 1
    assert figures["all"]["attribution"]["gold"] == 1

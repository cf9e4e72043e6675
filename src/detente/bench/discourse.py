"""Stances on propositions: how well claims are matched, beside how well two passes agree.

In: the annotated claims of `eval/annotations` (two passes over 100 claims and eight propositions)
and the folder of shared data with their texts. Out: Krippendorff's alpha between the passes, and
precision, recall and F1 of the matcher against each pass, of (claim, proposition) pairs and of
pairs with the right stance.

The claims on even lines are the development half, on which threshold, margin and tone were chosen;
those on odd lines are the test half, whose errors nobody read. The figures are the test half's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from detente.bench.standoff import read_attributions
from detente.errors import InputError
from detente.relations.codebook import Proposition, read_codebook
from detente.relations.positions import match_claims
from detente.schema import Claim, Document, Span, SpeakerRef

ANNOTATIONS = Path("eval/annotations")
FILES = ("propositions.toml", "stances_1.jsonl", "stances_2.jsonl", "claims_seeds.jsonl")

Pair = tuple[int, str]
Stances = dict[Pair, str]
"""The stance of each claim, by its place, on each proposition that it is about."""

Key = tuple[str, tuple[tuple[int, int], ...]]


class Sided(msgspec.Struct, frozen=True):
    """A stance on one proposition."""

    proposition: str
    stance: str


class Annotation(msgspec.Struct, frozen=True):
    """One claim with the stances that it takes."""

    file: str
    content: tuple[tuple[int, int], ...]
    speaker: str
    stances: tuple[Sided, ...]


class SeedClaim(msgspec.Struct, frozen=True):
    """The spans of a claim in a seed article."""

    file: str
    content: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]


def measure_discourse(data: Path, annotations: Path | None = None) -> dict[str, Any]:
    """Return agreement between the passes and the matcher's accuracy on the test half.

    Args:
        data: the folder to which the annotations' file names are relative.
        annotations: the folder of the annotations; `eval/annotations` when left out.

    Raises:
        InputError: annotations, texts or weights are missing, or the passes do not match.
    """
    folder = annotations or ANNOTATIONS
    for name in FILES:
        if not (folder / name).is_file():
            raise InputError(f"no annotations at {folder / name}; run this in the project's folder")
    codebook = read_codebook(folder / FILES[0])
    first, second = (
        msgspec.json.Decoder(Annotation).decode_lines((folder / name).read_bytes())
        for name in FILES[1:3]
    )
    if [(a.file, a.content) for a in first] != [(b.file, b.content) for b in second]:
        raise InputError(f"{folder}: the two passes are not over the same claims in the same order")
    cues = _seed_cues(folder / FILES[3])
    claims = [_claim(row, k, data, cues) for k, row in enumerate(first)]
    matched = match_claims(claims, codebook)
    found = {(int(one.claim), one.proposition): str(one.stance) for one in matched}
    passes = _stances(first), _stances(second)
    # Places count from 0, lines from 1: an odd line has an even place.
    test, dev = range(0, len(first), 2), range(1, len(first), 2)
    return {
        "n_claims": len(test),
        "n_propositions": len(codebook),
        "alpha": round(nominal_alpha(cells(passes, range(len(first)), codebook)), 4),
        "alpha_test": round(nominal_alpha(cells(passes, test, codebook)), 4),
        **_figures("second_pass", passes[1], passes[0], test),
        **_figures("matcher", found, passes[0], test),
        **_figures("matcher_against_second", found, passes[1], test),
        **_figures("all_agree", dict.fromkeys(found, "agree"), passes[0], test, only="with_stance"),
        **_figures("matcher_dev", found, passes[0], dev),
    }


def _stances(rows: Sequence[Annotation]) -> Stances:
    return {(k, one.proposition): one.stance for k, row in enumerate(rows) for one in row.stances}


def _seed_cues(path: Path) -> dict[Key, tuple[tuple[int, int], ...]]:
    rows = msgspec.json.Decoder(SeedClaim).decode_lines(path.read_bytes())
    return {(row.file, row.content): row.cue for row in rows}


def _claim(
    row: Annotation, place: int, data: Path, cues: dict[Key, tuple[tuple[int, int], ...]]
) -> Claim:
    """Return the annotated claim as a record; its cue is that of the attribution there."""
    path = data / row.file
    if not path.is_file():
        raise InputError(f"no such text: {path}; give the folder of shared data with --data")
    text = path.read_bytes().decode()
    doc = Document(id=row.file, path=row.file, text=text)
    cue = cues.get((row.file, row.content)) or _corpus_cue(path, text, row.content)
    return Claim(
        id=str(place),
        document=row.file,
        speaker=SpeakerRef(actor=row.speaker, name=row.speaker),
        source=(),
        cue=_spans(doc, cue),
        content=_spans(doc, row.content),
        kind="indirect",
    )


def _spans(doc: Document, places: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(doc.span(start, end) for start, end in places)


def _corpus_cue(
    path: Path, text: str, content: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Return the cue of the corpus's attribution whose content holds this one, if there is any."""
    folder = path.parent.parent / "attributions"
    for file in sorted(folder.glob(f"{path.stem}*.ann"))[:1]:
        for known in read_attributions(file, text):
            held = known["content"]
            if held and held[0][0] <= content[0][0] + 1 and content[-1][1] - 1 <= held[-1][1]:
                return known["cue"]
    return ()


def cells(
    passes: Sequence[Stances], places: Iterable[int], codebook: Sequence[Proposition]
) -> list[tuple[str, ...]]:
    """Return what each pass says of each claim and proposition, `none` where it says nothing."""
    return [
        tuple(one.get((place, proposition.id), "none") for one in passes)
        for place in places
        for proposition in codebook
    ]


def nominal_alpha(units: Sequence[Sequence[str]]) -> float:
    """Return Krippendorff's alpha (2004) of nominal values: units, each with its coders' values.

    1 where all agree, 0 where they agree as chance would. Units with fewer than two values do not
    count; where only one value occurs, alpha is 1.
    """
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in units for value in unit)
    n = sum(totals.values())
    if len(totals) < 2:
        return 1.0
    observed = sum(sum(a != b for a in unit for b in unit) / (len(unit) - 1) for unit in units)
    expected = (n * n - sum(count * count for count in totals.values())) / (n - 1)
    return 1 - observed / expected


def _figures(
    name: str, found: Stances, wanted: Stances, places: Iterable[int], *, only: str = ""
) -> dict[str, float]:
    """Return precision, recall and F1 of pairs, and of pairs with the right stance."""
    part = set(places)
    n_found = sum(place in part for place, _ in found)
    n_wanted = sum(place in part for place, _ in wanted)
    shared = [pair for pair in found if pair[0] in part and pair in wanted]
    hits = {
        "pairs": len(shared),
        "with_stance": sum(found[pair] == wanted[pair] for pair in shared),
    }
    figures = {}
    for kind, hit in hits.items():
        if only in ("", kind):
            figures[f"{name}_{kind}_precision"] = round(hit / max(1, n_found), 4)
            figures[f"{name}_{kind}_recall"] = round(hit / max(1, n_wanted), 4)
            figures[f"{name}_{kind}_f1"] = round(2 * hit / max(1, n_found + n_wanted), 4)
    return figures

"""Accuracy of claims on the seed articles, as `eval/annotations/README.md` annotates them.

In: the folder of the articles and `claims_seeds.jsonl`. Out: recall, precision and F1 of the
attributions, matched as `polnear` matches them, for the outermost and for all; and of the matched
pairs, as fractions, how many have the right speaker, affiliation, sort of speaker, kind of claim,
and dyads that they are about. It is a test set: no rule was written by its errors.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from detente.bench.polnear import TOKEN, Agreement, agreement_of, pairs_of, tokens_of
from detente.bench.standoff import Attribution, join_fragments
from detente.documents.readers import read
from detente.errors import InputError
from detente.extract.gazetteer import normalise, surname_of
from detente.pipeline import code_stream
from detente.schema import Claim, Document, Span, SpeakerRef
from detente.settings import Settings

FILLERS = {"the", "of", "and", "for", "a", "an", "in", "at", "on", "s", "some", "many"}
"""Words that two names may share without being alike."""
ALIKE = 0.5
"""Least share of the shorter name's words that two names of one institution have in common."""
MATCHES = ("attribution", "attribution without source test")
CHECKS = ("speaker", "affiliation", "speaker_kind", "claim_kind", "about")
WORD = re.compile(r"\w+")

Places = tuple[tuple[int, int], ...]


class AnnotatedClaim(msgspec.Struct, frozen=True):
    """One annotated attribution; `about` holds its dyads, the main one first."""

    file: str
    source: Places
    cue: Places
    content: Places
    nested: bool
    speaker: str
    speaker_kind: str
    kind: str
    affiliation: str | None = None
    country: str | None = None
    about: tuple[tuple[str, str], ...] = ()


class FoundClaim(msgspec.Struct, frozen=True):
    """The claims of one attribution: one for each who makes it jointly."""

    claims: tuple[Claim, ...]

    @property
    def speakers(self) -> list[SpeakerRef]:
        """Return those who speak, as far as they are known."""
        return [claim.speaker for claim in self.claims if claim.speaker]

    @property
    def dyads(self) -> set[frozenset[str]]:
        """Return the dyads that the attribution is about."""
        return {frozenset((about.a, about.b)) for about in self.claims[0].about}


def measure_claims(data: Path, annotations: Path | None = None) -> dict[str, Any]:
    """Return the agreement of the coder with the annotated claims of the seed articles.

    Args:
        data: the folder to which the annotations' file names are relative.
        annotations: the annotated claims; `eval/annotations/claims_seeds.jsonl` when left out.

    Raises:
        InputError: the annotations or an annotated article are missing, or cannot be coded.
    """
    path = annotations or Path("eval/annotations/claims_seeds.jsonl")
    if not path.is_file():
        raise InputError(f"no annotations at {path}; run this in the project's folder")
    gold: dict[str, list[AnnotatedClaim]] = defaultdict(list)
    for row in msgspec.json.Decoder(AnnotatedClaim).decode_lines(path.read_bytes()):
        gold[row.file].append(row)
    counts: Counter[str] = Counter()
    for file, rows in sorted(gold.items()):
        doc, claims = _code(data / file)
        counts.update(compare_claims(doc.text, rows, claims))
    return figures_of(counts) | {"documents": len(gold)}


def _code(path: Path) -> tuple[Document, list[Claim]]:
    (coded,) = code_stream(read(path)[:1], Settings())
    if coded.records.skipped:
        raise InputError(f"{path}: {coded.records.skipped[0].reason}")
    return coded.document, coded.records.claims


def compare_claims(
    text: str, gold: Sequence[AnnotatedClaim], claims: Sequence[Claim]
) -> Counter[str]:
    """Return the counts of one article: `PART MATCH right`, and `right` and `n` of each check.

    The checks look at the pairs of the stricter match, over all claims.
    """
    counts: Counter[str] = Counter()
    found = joint_claims(claims)
    for part in ("outermost", "all"):
        is_in = part == "all"
        rows = [row for row in gold if is_in or not row.nested]
        coded = [one for one in found if is_in or one.claims[0].outer is None]
        agree = _agreement(text, rows, coded)
        loose = agree.content & agree.cue
        for name, table in zip(MATCHES, (loose & agree.source, loose), strict=True):
            counts[f"{part} {name} right"] = len(pairs_of(table))
            counts[f"{part} {name} predicted"] = len(coded)
            counts[f"{part} {name} gold"] = len(rows)
    counts["about gold"] = sum(len(set(map(frozenset, row.about))) for row in gold)
    for i, j in pairs_of(loose & agree.source):
        for check, outcomes in _check(rows[i], coded[j]).items():
            counts[f"{check} right"] += sum(outcomes)
            counts[f"{check} n"] += len(outcomes)
    return counts


def joint_claims(claims: Iterable[Claim]) -> list[FoundClaim]:
    """Return the claims by attribution; those with the same words are of joint speakers."""
    groups: dict[tuple[tuple[Span, ...], ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.source, claim.cue, claim.content].append(claim)
    return [FoundClaim(tuple(group)) for group in groups.values()]


def _agreement(text: str, gold: Sequence[AnnotatedClaim], found: Sequence[FoundClaim]) -> Agreement:
    bounds = [token.span() for token in TOKEN.finditer(text)]
    wanted = [_roles(text, row.source, row.cue, row.content) for row in gold]
    coded = [
        _roles(text, *(_places(spans) for spans in (c.source, c.cue, c.content)))
        for c in (one.claims[0] for one in found)
    ]
    return agreement_of(tokens_of(wanted, bounds), tokens_of(coded, bounds))


def _places(spans: Iterable[Span]) -> Places:
    return tuple((span.start, span.end) for span in spans)


def _roles(text: str, source: Places, cue: Places, content: Places) -> Attribution:
    roles = {"source": source, "cue": cue, "content": content}
    return {role: join_fragments(places, text) for role, places in roles.items()}


def _check(gold: AnnotatedClaim, found: FoundClaim) -> dict[str, list[bool]]:
    """Return what is right of a matched pair: a truth value for each thing that there is to find.

    An affiliation and dyads are looked for only where the annotation gives one.
    """
    speakers = found.speakers
    affiliation = gold.affiliation
    return {
        "speaker": [is_speaker(gold, speakers)],
        "affiliation": [any(is_alike(affiliation, s.affiliation) for s in speakers)]
        if affiliation
        else [],
        "speaker_kind": [any(s.kind == gold.speaker_kind for s in speakers)],
        "claim_kind": [found.claims[0].kind == gold.kind],
        "about": [pair in found.dyads for pair in set(map(frozenset, gold.about))],
    }


def is_speaker(gold: AnnotatedClaim, speakers: Sequence[SpeakerRef]) -> bool:
    """Return whether the coder names the annotated speaker, or all of several joined by "and"."""
    parts = gold.speaker.split(" and ")
    if gold.speaker == "unnamed":
        return all(speaker.kind == "unnamed" for speaker in speakers)
    return any(_is_same(gold, gold.speaker, s) for s in speakers) or (
        len(parts) > 1
        and all(
            any(_is_same(gold, part, s, check_country=not i) for s in speakers)
            for i, part in enumerate(parts)
        )
    )


def _is_same(
    gold: AnnotatedClaim, name: str, speaker: SpeakerRef, *, check_country: bool = True
) -> bool:
    """Return whether a speaker is the one of a name.

    A person has a family name that is part of the name, and the country; a state has the country;
    all others have a name that is alike. A null country is not compared.
    """
    is_there = not check_country or gold.country in {None, speaker.country or speaker.actor}
    if gold.speaker_kind == "person":
        family = surname_of(speaker.name, speaker.actor, speaker.country)
        return is_there and speaker.kind == "person" and family in _words(name)
    if gold.speaker_kind == "state":
        is_state = speaker.kind in {"state", "organisation", "group"}
        return is_state and is_there and (gold.country is not None or is_alike(name, speaker.name))
    return is_there and any(is_alike(name, n) for n in (speaker.name, speaker.affiliation))


def is_alike(a: str | None, b: str | None) -> bool:
    """Return whether two names share half of the words of the shorter one."""
    first, second = ({w for w in _words(name or "") if w not in FILLERS} for name in (a, b))
    return bool(first and second) and len(first & second) >= ALIKE * min(len(first), len(second))


def _words(name: str) -> Iterator[str]:
    return (normalise(word) for word in WORD.findall(name))


def figures_of(counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the figures of summed counts; null where there is nothing to divide by.

    `about_recall` is over all annotated dyads, those of claims that were not found included.
    """
    figures: dict[str, Any] = {}
    for part in ("outermost", "all"):
        figures[part] = {}
        for name in MATCHES:
            right, predicted, gold = (
                counts[f"{part} {name} {what}"] for what in ("right", "predicted", "gold")
            )
            figures[part][name] = {
                "precision": _share(right, predicted),
                "recall": _share(right, gold),
                "f1": _share(2 * right, predicted + gold),
                "right": right,
                "predicted": predicted,
                "gold": gold,
            }
    for check in CHECKS:
        figures[check] = {
            "accuracy": _share(counts[f"{check} right"], counts[f"{check} n"]),
            "n": counts[f"{check} n"],
        }
    return figures | {"about_recall": _share(counts["about right"], counts["about gold"])}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

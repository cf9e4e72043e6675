"""The word lists that the rule coders read: verbs, nouns, groups, contexts, cues, PLOVER scores.

The lists are CSV and TOML files in `detente/data`, so that an analyst edits them without Python;
their columns are described in `docs/reference/data.md`.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class VerbFrame:
    """One row of `verbs.csv`: the verb `lemma` in `frame` is the PLOVER `root` and `mode`.

    `frame` is empty, or `prep:a|b`, `particle:x`, `object:noun|noun`, `list:noun` or `infinitive`.
    `targets` are the places of the target: prepositions, `obj`, `dative`, `inside` (an actor within
    the object's noun phrase) or `embedded` (the event of the infinitive); empty means object and
    the common prepositions. `kind` is `reciprocal` (all are sources), `mutual` (so when there is no
    target), `reverse` (the object comes to the subject) or empty.
    """

    lemma: str
    frame: str
    root: str
    mode: str | None
    targets: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class NounFrame:
    """One row of `nouns.csv`: an event told by a noun, or a `stative` relation with a valence."""

    lemma: str
    root: str
    mode: str | None
    targets: tuple[str, ...]
    kind: str
    valence: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists, keyed by lemma; `cues` is keyed by part of speech, then lemma."""

    verbs: dict[str, tuple[VerbFrame, ...]]
    nouns: dict[str, NounFrame]
    groups: dict[str, str]
    contexts: dict[str, str]
    cues: dict[str, dict[str, str]]
    scores: dict[str, float]
    mode_scores: dict[tuple[str, str], float]
    quads: dict[str, int]

    def score(self, root: str, mode: str | None) -> float:
        """Return the PLOVER score of a root and mode, -10 (conflict) to 10 (cooperation)."""
        return self.mode_scores.get((root, mode or ""), self.scores[root])


FUTURE_ROOTS = {
    "CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE",
    "RETREAT": "CONCEDE", "CONCEDE": "CONCEDE",
}  # fmt: skip
"""What the codebook calls an act that is only announced."""


def codebook_root(root: str, status: str) -> str:
    """Return the root under which the codebook files an event of this status.

    A record keeps the act itself ("a visit, scheduled"); PLOVER calls a future visit an agreement.
    """
    return FUTURE_ROOTS.get(root, root) if status == "scheduled" else root


def cameo_code(root: str, mode: str | None, contexts: Sequence[str]) -> str | None:
    """Return the CAMEO code of an event, None where the conversion is not one to one.

    The codes are those that the conversion table of 2021 gives to one root, mode and context alone;
    an event of several contexts has a code where only one of these has.
    """
    codes = {_cameo_codes().get((root, mode or "", c)) for c in (contexts or ("",))} - {None}
    return codes.pop() if len(codes) == 1 else None


@cache
def _cameo_codes() -> dict[tuple[str, str, str], str]:
    rows = _rows("cameo_codes.csv")
    return {(row["root"], row["mode"], row["context"]): row["code"] for row in rows}


@cache
def load_lexicon() -> Lexicon:
    """Return the word lists shipped with the package."""
    plover = tomllib.loads(_read("plover.toml"))
    verbs: dict[str, list[VerbFrame]] = {}
    for row in _rows("verbs.csv"):
        frame = VerbFrame(
            lemma=row["lemma"],
            frame=row["frame"],
            root=row["root"],
            mode=row["mode"] or None,
            targets=_split(row["targets"]),
            kind=row["kind"],
        )
        verbs.setdefault(frame.lemma, []).append(frame)
    cues: dict[str, dict[str, str]] = {}
    for row in _rows("cues.csv"):
        cues.setdefault(row["pos"], {})[row["lemma"]] = row["type"]
    return Lexicon(
        verbs={lemma: _narrowest_first(frames) for lemma, frames in verbs.items()},
        nouns={
            row["lemma"]: NounFrame(
                lemma=row["lemma"],
                root=row["root"],
                mode=row["mode"] or None,
                targets=_split(row["targets"]),
                kind=row["kind"],
                valence=float(row["valence"] or 0),
            )
            for row in _rows("nouns.csv")
        },
        groups={row["lemma"]: row["sector"] for row in _rows("groups.csv")},
        contexts={row["lemma"]: row["context"] for row in _rows("contexts.csv")},
        cues=cues,
        scores={root: float(entry["score"]) for root, entry in plover["root"].items()},
        mode_scores={
            (root, mode): float(score)
            for root, entry in plover["root"].items()
            for mode, score in entry.get("modes", {}).items()
        },
        quads={root: plover["quads"][entry["quad"]] for root, entry in plover["root"].items()},
    )


def _narrowest_first(frames: list[VerbFrame]) -> tuple[VerbFrame, ...]:
    """Return a verb's frames with those that ask for something before the bare one."""
    return tuple(sorted(frames, key=lambda f: f.frame == ""))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _read(name: str) -> str:
    return (resources.files("detente") / "data" / name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_read(name).splitlines()))

"""Coded events as comparable items, and the agreement of two sets of them.

An item is a PLOVER root with the directions (source, target) in which it may be read; actors count
by country alone. The rules are those of the scorer of the PLOVER gold-standard records: old names
of roots and codes of CAMEO become the 16 roots of today (conversion table of 2021), whatever
belongs to no single country is one class, and a mutual event predicted in both directions is one
item, right in either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

from detente.errors import InputError, nearest
from detente.extract.lexicon import load_lexicon

Direction = tuple[str, str]
Reading = frozenset[Any]
"""What is compared at one level: an item is right when it shares an element with another."""

NOBODY, INTERNATIONAL = "NONE", "INT"
"""Classes of an actor without a country: nobody is named, or no single country has it."""

RENAMED = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "FIGHT": "ASSAULT",
    "INVESTIGATE": "ACCUSE",
    "YIELD": "CONCEDE",
}
"""Roots of the codebook of 2016, and PLV's joint label, under a root of today."""

CAMEO_ROOTS = {
    "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID",
    "08": "CONCEDE", "081": "CONCEDE", "0813": "RETREAT", "0814": "RETREAT", "084": "RETREAT",
    "085": "RETREAT", "086": "RETREAT", "087": "RETREAT", "09": "ACCUSE", "10": "REQUEST",
    "11": "ACCUSE", "12": "REJECT", "13": "THREATEN", "14": "PROTEST", "15": "MOBILIZE",
    "16": "SANCTION", "163": "COERCE", "17": "COERCE", "1712": "ASSAULT", "175": "ASSAULT",
    "18": "ASSAULT", "19": "ASSAULT", "191": "COERCE", "192": "COERCE", "20": "ASSAULT",
}  # fmt: skip
"""Root by the longest known beginning of a CAMEO code (conversion table of 2021)."""

NO_EVENT = ("01", "02")
"""Beginnings of the CAMEO codes that PLOVER dropped: statements and appeals."""

MUTUAL = {"AGREE", "CONSULT", "SUPPORT", "COOPERATE"}

ISO3 = {
    "BUR": "MMR", "CSK": "CZE", "DDR": "DEU", "GER": "DEU", "IRE": "IRL", "ITL": "ITA",
    "JAP": "JPN", "KOS": "XKX", "KSV": "XKX", "PAL": "PSE", "PRC": "CHN", "PSX": "PSE",
    "ROC": "TWN", "ROM": "ROU", "SCG": "SRB", "SUN": "RUS", "TMP": "TLS", "UKG": "GBR",
    "UNK": "XKX", "VTN": "VNM", "YUG": "SRB", "ZAR": "COD",
}  # fmt: skip
"""Misspelt and superseded codes of countries, and the code of ISO 3166-1."""

NO_SINGLE_COUNTRY = set(
    "IGO NGO NGM INT IMG MNC ISM UIS UNO EEC NON "
    "AFR AMR ASA BAL BLK CAF CAM CAS CAU CRB EAF EAS EEU EUR HIA LAM MEA NAF NMR PGS SAF SAM SAS "
    "SCN SEA WAF WEU WST".split()
)
"""International actors and CAMEO's regions and blocs."""

ROLES = set(
    "AGR BUD BUS CHR CIV COP CRM CVL DEV EDU ELI ENV EXI GOV HIN HLH HRI INS JEW JRN JUD LAB LEG "
    "MED MIL MOD MOS OPP PPL PTY RAD REB REF REL SEP SET SHI SOC SPY UAF".split()
)
"""Roles and religions that, without a country before them, name nobody."""


class Item(NamedTuple):
    """A root with the directions in which it may be read: one, or both of a mutual event."""

    root: str
    directions: frozenset[Direction]


NO_PARTIES = frozenset([(NOBODY, NOBODY)])


def current_root(name: str) -> str | None:
    """Return the PLOVER root of today for a root or CAMEO code; None for what PLOVER dropped.

    Raises:
        InputError: there is no such root or code.
    """
    plain = name.strip().upper()
    if plain.isdigit():
        if plain.startswith(NO_EVENT):
            return None
        known = (plain[:k] for k in range(len(plain), 1, -1) if plain[:k] in CAMEO_ROOTS)
        if code := next(known, None):
            return CAMEO_ROOTS[code]
        raise InputError(f"CAMEO code {name!r} has no PLOVER root")
    root, roots = RENAMED.get(plain, plain), load_lexicon().quads
    if root not in roots:
        raise InputError(f"unknown root {name!r}{nearest(plain, roots)}")
    return root


def actor_class(code: str | None) -> str:
    """Return the country (ISO 3166-1 alpha-3) of an actor code, `INTERNATIONAL` or `NOBODY`."""
    plain = (code or "").strip().upper()
    if plain in ("", NOBODY) or plain.startswith("---"):
        return NOBODY
    country = ISO3.get(plain[:3], plain[:3])
    if country in NO_SINGLE_COUNTRY:
        return INTERNATIONAL
    return NOBODY if country in ROLES else country


def gold_items(
    root: str, sources: Sequence[str | None], targets: Sequence[str | None]
) -> set[Item]:
    """Return the items of a record: each source with each target, or each pair of sources alone."""
    a, b = [actor_class(code) for code in sources], [actor_class(code) for code in targets]
    if len(a) > 1 and not b:
        return {Item(root, frozenset([(x, y), (y, x)])) for x, y in combinations(a, 2)}
    return {Item(root, frozenset([pair])) for pair in product(a or [NOBODY], b or [NOBODY])}


def predicted_items(events: Iterable[Mapping[str, str | None]]) -> set[Item]:
    """Return the items of predicted events, each with `source`, `root` and `target`."""
    flat = {
        (root, actor_class(event["source"]), actor_class(event["target"]))
        for event in events
        if (root := current_root(event["root"] or ""))
    }
    items = set()
    for root, a, b in flat:
        is_mutual = root in MUTUAL and (root, b, a) in flat
        items.add(Item(root, frozenset([(a, b), (b, a)] if is_mutual else [(a, b)])))
    return items


def score_items(
    gold: Mapping[str, set[Item]], predicted: Mapping[str, set[Item]]
) -> dict[str, Any]:
    """Return how far predictions agree with the gold standard, summed over its sentences.

    Precision is the share of predicted items that are right, recall the share of gold items that
    are found, F1 their harmonic mean; `coverage` is the share of sentences with any prediction.
    `quad` and `undirected_pair` are for information.
    """
    levels = {
        level: Counter[str]() for level in ("root", "quad", "pair", "undirected_pair", "triple")
    }
    roots = {root: Counter[str]() for root in load_lexicon().quads}
    for name, wanted in gold.items():
        found = predicted.get(name, set())
        a, b = _readings(wanted), _readings(found)
        for level, counts in levels.items():
            counts.update(_compare(a[level], b[level]))
        for root, counts in roots.items():
            one = {frozenset([root])}
            counts.update(_compare(a["root"] & one, b["root"] & one))
    return {
        "n": len(gold),
        "coverage": _share(sum(bool(predicted.get(name)) for name in gold), len(gold)),
        **{level: _figures(counts) for level, counts in levels.items()},
        "by_root": [{"root": root, **_figures(counts)} for root, counts in roots.items()],
    }


def _readings(items: set[Item]) -> dict[str, set[Reading]]:
    """Return the items of a sentence at each level; who names nobody counts for root and quad."""
    quads = load_lexicon().quads
    acted = [item for item in items if item.directions != NO_PARTIES]
    pairs = {item.directions for item in acted}
    return {
        "root": {frozenset([item.root]) for item in items},
        "quad": {frozenset([quads[item.root]]) for item in items},
        "pair": {pair for pair in pairs if not any(pair < other for other in pairs)},
        "undirected_pair": {frozenset([frozenset(next(iter(pair)))]) for pair in pairs},
        "triple": {frozenset((item.root, *way) for way in item.directions) for item in acted},
    }


def _compare(gold: set[Reading], predicted: set[Reading]) -> dict[str, int]:
    return {
        "right": sum(any(one & other for other in gold) for one in predicted),
        "predicted": len(predicted),
        "found": sum(any(one & other for other in predicted) for one in gold),
        "gold": len(gold),
    }


def _figures(counts: Counter[str]) -> dict[str, float]:
    precision = _share(counts["right"], counts["predicted"])
    recall = _share(counts["found"], counts["gold"])
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
        **{name: counts[name] for name in ("right", "predicted", "found", "gold")},
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

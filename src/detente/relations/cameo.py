"""CAMEO and PLOVER codes of event data sets, with their quad classes and scores.

In: `icews_relations.csv` (each CAMEO relation with its PLOVER root, mode and contexts) and
`plover.toml`. Out: tables that the readers of `history` join to their rows.

The relations follow the conversion table of the PLOVER manual (2021) in the modes of the codebook
of 2024. CAMEO 01 (statements) is no event, CAMEO 02 (appeals) is REQUEST.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

import polars as pl


@lru_cache(maxsize=1)
def load_relations() -> pl.DataFrame:
    """Return CAMEO's relations in PLOVER.

    Columns: `relation` (ICEWS' name), `cameo` (code), `root`, `mode`, `contexts`, `quad`, `score`;
    the last five are null for statements.
    """
    path = resources.files("detente") / "data" / "icews_relations.csv"
    table = pl.read_csv(path.read_bytes(), infer_schema=False)
    table = table.with_columns(pl.col("root", "mode", "contexts").replace("", None))
    return table.join(
        load_scores(), on=["root", "mode"], how="left", nulls_equal=True, maintain_order="left"
    )


@lru_cache(maxsize=1)
def load_scores() -> pl.DataFrame:
    """Return `quad` and `score` of each root and mode of PLOVER; mode null stands for the root."""
    path = resources.files("detente") / "data" / "plover.toml"
    plover = tomllib.loads(path.read_text("utf-8"))
    rows = [
        {"root": root, "mode": mode, "quad": plover["quads"][coded["quad"]], "score": score}
        for root, coded in plover["root"].items()
        for mode, score in [(None, coded["score"]), *coded.get("modes", {}).items()]
    ]
    types = {"root": pl.String, "mode": pl.String, "quad": pl.UInt8, "score": pl.Float64}
    return pl.DataFrame(rows, schema=types)

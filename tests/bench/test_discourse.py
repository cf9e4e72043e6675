from __future__ import annotations

from pathlib import Path

import pytest

from detente.bench.discourse import measure_discourse, nominal_alpha
from detente.errors import InputError
from detente.extract.encoder import has_weights

ANNOTATIONS = Path(__file__).parents[2] / "eval" / "annotations"


@pytest.mark.parametrize(
    ("units", "alpha"),
    [
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "a")], 1.0),
        ([], 1.0),
        ([("a", "b"), ("b", "a")], -0.5),
        ([("a",), ("a", "a"), ("b", "b")], 1.0),
    ],
)
def test_alpha_of_small_tables(units: list[tuple[str, ...]], alpha: float) -> None:
    assert nominal_alpha(units) == pytest.approx(alpha)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section B: two observers,
    # ten articles, values 0 and 1; alpha is 0.095.
    one, other = "0100000010", "1110010000"
    assert nominal_alpha(list(zip(one, other, strict=True))) == pytest.approx(0.095, abs=5e-4)


def test_missing_annotations_and_texts_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no annotations"):
        measure_discourse(tmp_path, tmp_path)
    with pytest.raises(InputError, match="no such text"):
        measure_discourse(tmp_path, ANNOTATIONS)


def test_passes_over_different_claims_are_told(tmp_path: Path) -> None:
    for path in ANNOTATIONS.glob("*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (ANNOTATIONS / "stances_2.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "stances_2.jsonl").write_bytes(b"".join(lines[::-1]))
    with pytest.raises(InputError, match="not over the same claims"):
        measure_discourse(tmp_path, tmp_path)


@pytest.mark.shared
@pytest.mark.skipif(not has_weights(), reason="no weights installed")
def test_figures_of_the_annotated_claims(shared: Path) -> None:
    found = measure_discourse(shared / "data", ANNOTATIONS)
    assert found["n_claims"] == 50
    assert found["alpha"] > 0.9
    assert found["matcher_pairs_f1"] > 0.6
    assert found["matcher_with_stance_f1"] <= found["matcher_pairs_f1"]
    assert found["second_pass_with_stance_f1"] > found["matcher_with_stance_f1"]

from __future__ import annotations

import pytest

from detente.errors import InputError
from detente.extract import pairs
from detente.extract.encoder import has_weights
from detente.extract.pairs import Pair, PairCoder, load_pair_coder
from detente.extract.triggers import ROOTS

TEXT = "Wang Yi visited Moscow on Monday."
SOURCE, TARGET = (0, 7), (16, 22)


@pytest.fixture(scope="module")
def coder() -> PairCoder:
    if not has_weights():
        pytest.skip("the trained weights are not installed")
    return load_pair_coder()


@pytest.mark.model
def test_a_pair_has_a_probability_for_each_root_and_for_none(coder: PairCoder) -> None:
    found = coder.classify(TEXT, SOURCE, TARGET)

    assert list(found) == ["none", *ROOTS]
    assert all(0 <= p <= 1 for p in found.values())
    assert sum(found.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
@pytest.mark.parametrize(("source", "target"), [(None, TARGET), (SOURCE, None), (None, None)])
def test_a_party_may_be_nobody(
    coder: PairCoder, source: tuple[int, int] | None, target: tuple[int, int] | None
) -> None:
    assert sum(coder.classify(TEXT, source, target).values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_who_is_source_and_who_target_counts(coder: PairCoder) -> None:
    assert coder.classify(TEXT, SOURCE, TARGET) != coder.classify(TEXT, TARGET, SOURCE)


@pytest.mark.model
def test_many_pairs_keep_their_order(coder: PairCoder) -> None:
    given = [Pair(TEXT, SOURCE, TARGET), Pair(TEXT, TARGET, SOURCE), Pair(TEXT, SOURCE, TARGET)]

    first, turned, again = coder.classify_many(given)

    assert first == pytest.approx(again)
    assert first != turned
    assert coder.classify_many([]) == []


def test_without_weights_there_is_no_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "has_weights", lambda: False)

    with pytest.raises(InputError, match="weights are not installed"):
        load_pair_coder()

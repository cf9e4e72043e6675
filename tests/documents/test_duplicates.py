from __future__ import annotations

from detente.documents.boilerplate import mark_boilerplate
from detente.documents.duplicates import group_duplicates
from detente.schema import Document
from tests.build import document

NAMES = ("envoy", "minister", "Moscow", "Kyiv", "Riyadh", "treaty", "gas", "border", "summit")


def article(seed: int, n: int = 120) -> str:
    return " ".join(f"{NAMES[(i * i + seed * i) % 9]}{(i * seed) % 17}" for i in range(n))


def grouped(*documents: Document) -> list[str | None]:
    return [doc.duplicate_of for doc in group_duplicates(list(documents))]


def test_group_duplicates_names_the_earliest() -> None:
    late = document(article(3) + " more.", id="late", date="2025-02-19", outlet="a")
    early = document(article(3), id="early", date="2025-02-18", outlet="b")
    undated = document(article(3) + " x", id="undated")
    other = document(article(5), id="other")
    assert grouped(late, early, undated, other) == ["early", None, "early", None]


def test_group_duplicates_takes_the_first_of_one_day() -> None:
    first, second = document(article(3), id="first"), document(article(3), id="second")
    assert grouped(first, second) == [None, "first"]


def test_group_duplicates_keeps_partly_new_articles_apart() -> None:
    old = document(article(3), id="old")
    updated = document(article(3, 60) + " " + article(7, 90), id="updated")
    assert grouped(old, updated) == [None, None]


def test_group_duplicates_does_not_count_boilerplate() -> None:
    note = "\nFor the best of our weekly content!" * 40
    text = article(3, 40) + ".\n"
    plain = document(text, id="plain")
    padded = document(text + note, id="padded", boilerplate=mark_boilerplate(text + note))
    assert grouped(plain, padded) == [None, "plain"]


def test_group_duplicates_reads_short_and_empty_texts() -> None:
    texts = ["", "Envoys met.", "Envoys met.", "!!", "Others left."]
    documents = [document(text, id=str(i)) for i, text in enumerate(texts)]
    assert grouped(*documents) == [None, None, "1", None, None]


def test_group_duplicates_of_nothing() -> None:
    assert group_duplicates([]) == []


def test_group_duplicates_never_names_a_document_itself() -> None:
    same = document(article(3), id="same")
    assert grouped(same, same) == [None, None]

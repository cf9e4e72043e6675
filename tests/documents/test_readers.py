from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from detente.documents import sources
from detente.documents.readers import Options, read, read_paths
from detente.documents.web import Page
from detente.errors import InputError
from detente.schema import Document, Skipped
from detente.settings import Settings

BODY = "The envoys of the two countries met in the capital and talked for four hours."
FRENCH = (
    "La France et l'Allemagne ont présenté une résolution à l'Assemblée générale, rejetée par les "
    "États-Unis. Le ministre russe des Affaires étrangères a salué cette décision à Moscou."
)


def read_all(
    *paths: str | Path, options: Options | None = None, max_bytes: int = 10_000
) -> tuple[list[Document], list[Skipped]]:
    found = list(read_paths(paths, settings=Settings(max_bytes=max_bytes), options=options))
    documents = [item for item in found if isinstance(item, Document)]
    return documents, [item for item in found if isinstance(item, Skipped)]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_read_returns_documents_with_valid_spans(tmp_path: Path) -> None:
    text = f"Talks in Riyadh\nBy Jane Doe\n{BODY}\nLeave a Comment\n"
    (doc,) = read(write(tmp_path, "2025-02-18_wire_talks.txt", text))
    assert (doc.text, doc.n_chars, doc.language) == (text, len(text), "en")
    assert (doc.title, doc.author, doc.outlet) == ("Talks in Riyadh", "Jane Doe", "wire")
    assert (doc.date, doc.origin["date"]) == ("2025-02-18", "filename")
    assert [b.reason for b in doc.boilerplate] == ["heading", "byline", "comment box"]
    assert all(text[b.start : b.end] == b.quote for b in doc.boilerplate)


def test_read_keeps_bytes_of_a_text_file(tmp_path: Path) -> None:
    text = f"\ufeff{BODY}\r\n\r\n{BODY}"
    assert read(write(tmp_path, "a.txt", text))[0].text == text


def test_read_raises_where_nothing_is_usable(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: no such file"):
        read(tmp_path / "gone.txt")
    with pytest.raises(InputError, match=r"f\.txt.*only English"):
        read(write(tmp_path, "f.txt", FRENCH))
    with pytest.raises(InputError, match="no article"):
        read(write(tmp_path, "e.json", "[]"))


def test_read_paths_reads_folders_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden.txt", ".git/d.txt"):
        write(tmp_path, name, f"{BODY} {name}")
    for name in ("README.md", "LICENSE", "NOTICE.txt", "x.docx"):
        write(tmp_path, name, BODY)
    documents, skipped = read_all(tmp_path)
    assert [Path(d.path).name for d in documents] == ["a.md", "b.txt", "c.txt"]
    assert [Path(s.item).name for s in skipped] == ["LICENSE", "NOTICE.txt", "README.md", "x.docx"]
    assert all(s.stage == "read" and s.reason for s in skipped)


def test_read_paths_reads_a_named_readme(tmp_path: Path) -> None:
    documents, _ = read_all(write(tmp_path, "README.md", BODY))
    assert len(documents) == 1


def test_read_paths_goes_on_after_bad_files(tmp_path: Path) -> None:
    bad = {
        "missing.txt": None,
        "empty.txt": b"",
        "blank.txt": b"\n \n",
        "binary.txt": b"\x00\x01\x02",
        "large.txt": b"x" * 20_000,
        "broken.pdf": b"%PDF-1.7 nonsense",
        "broken.json": b"{",
        "encoding.txt": b"Sh\xf0rt \xe9 \x81",
        "signs.txt": b"*** !!!",
        "page.html": b"<html></html>",
        "feed.xml": b"<feed/>",
    }
    paths = [
        tmp_path / name if content is None else write(tmp_path, name, content)
        for name, content in bad.items()
    ]
    documents, skipped = read_all(*paths, write(tmp_path, "good.txt", BODY), tmp_path / "void")
    assert [Path(d.path).name for d in documents] == ["good.txt"]
    assert [Path(s.item).name for s in skipped] == [*bad, "void"]
    assert all("; " in s.reason and "\n" not in s.reason for s in skipped)


def test_read_paths_names_unknown_endings(tmp_path: Path) -> None:
    _, (skipped,) = read_all(write(tmp_path, "a.htlm", BODY))
    assert "did you mean '.htm'?" in skipped.reason


def test_read_paths_reports_unreadable_path() -> None:
    documents, skipped = read_all("x" * 5_000, "a\0b.txt")
    assert not documents
    assert len(skipped) == 2


def test_read_paths_reports_an_empty_folder(tmp_path: Path) -> None:
    _, (skipped,) = read_all(tmp_path)
    assert "no files" in skipped.reason


def test_read_paths_survives_a_parser_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setitem(sources.FORMATS, ".txt", fail)
    _, (skipped,) = read_all(write(tmp_path, "a.txt", BODY))
    assert "RecursionError" in skipped.reason


def test_read_paths_yields_foreign_documents_and_says_so(tmp_path: Path) -> None:
    (doc,), (skipped,) = read_all(write(tmp_path, "a.txt", FRENCH))
    assert doc.language == "fr"
    assert (skipped.item, skipped.stage) == (doc.path, "language")


def test_read_paths_keeps_text_with_an_impossible_date(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", json.dumps({"text": BODY, "date": "2025-02-30"}))
    (doc,), (skipped,) = read_all(path)
    assert doc.date is None
    assert (skipped.item, skipped.stage) == (f"{path}#1", "metadata")


def test_read_paths_reads_one_article_once_but_wire_copies_apart(tmp_path: Path) -> None:
    write(tmp_path, "2025-02-18_ap_talks.txt", BODY)
    write(tmp_path, "2025-02-18_ap_talks-again.txt", BODY)
    write(tmp_path, "2025-02-18_post_talks.txt", BODY)
    documents, (skipped,) = read_all(tmp_path)
    assert [d.outlet for d in documents] == ["ap", "post"]
    assert len({d.id for d in documents}) == 2
    assert "same article" in skipped.reason


def test_read_paths_takes_options_and_a_table(tmp_path: Path) -> None:
    table = write(tmp_path, "m.tsv", "filename\tpublisher\tauthor\na\tnyt\tJane Doe\n")
    path = write(tmp_path, "a.txt", BODY)
    (doc,), _ = read_all(path, options=Options(date="2025-02", outlet="AP", metadata=table))
    assert (doc.date, doc.outlet, doc.author) == ("2025-02", "AP", "Jane Doe")
    assert doc.origin == {"date": "option", "outlet": "option", "author": "metadata"}


def test_read_paths_refuses_wrong_options_before_reading(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="option date: '2025-02-30'"):
        read_paths([], settings=Settings(), options=Options(date="2025-02-30"))
    with pytest.raises(InputError, match="metadata table"):
        read_paths([], settings=Settings(), options=Options(metadata=tmp_path / "gone.tsv"))


def test_read_paths_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = SimpleNamespace(buffer=io.BytesIO(BODY.encode()))
    monkeypatch.setattr(sources.sys, "stdin", piped)
    (doc,), _ = read_all("-")
    assert (doc.path, doc.text) == ("-", BODY)


def test_read_paths_bounds_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 200)))
    _, (skipped,) = read_all("-", max_bytes=100)
    assert "larger than 100 bytes" in skipped.reason


def test_read_paths_fetches_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(url: str, settings: Settings) -> Page:
        if "gone" in url:
            raise InputError("the server answered 404")
        return Page(url=f"{url}?final", media_type="text/plain", content=BODY.encode())

    monkeypatch.setattr(sources, "fetch", fetch)
    (doc,), (skipped,) = read_all("https://x.org/2025-02-18-talks", "https://x.org/gone")
    assert doc.url == "https://x.org/2025-02-18-talks?final"
    assert doc.date == "2025-02-18"
    assert skipped.item == "https://x.org/gone"


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ending=st.sampled_from([".txt", ".md", ".jsonl"]),
    text=st.text(alphabet=st.sampled_from("Ab. \n\r*#[]()\u202e😀“”By{}:,\x07"), max_size=200),
)
def test_read_paths_spans_are_valid_on_any_text(tmp_path: Path, ending: str, text: str) -> None:
    content = json.dumps({"text": text}) if ending == ".jsonl" else text
    documents, skipped = read_all(write(tmp_path, f"a{ending}", content))
    assert documents or skipped
    for doc in documents:
        assert all(doc.text[b.start : b.end] == b.quote != "" for b in doc.boilerplate)


@pytest.mark.shared
def test_read_the_seeds(shared: Path) -> None:
    first, second = sorted((shared / "data" / "seeds").glob("*.txt"))
    (doc,) = read(first)
    assert (doc.date, doc.origin) == ("2025", {"date": "inferred"})
    (doc,) = read(second)
    assert (doc.date, doc.author) == ("2025", "B.R. Deepak")

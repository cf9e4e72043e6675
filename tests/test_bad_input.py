"""What bad input gets: one sentence that names it, the rest goes on, and never a traceback."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.bench.speed import spans_of
from detente.documents.readers import read_paths
from detente.extract.language import Parser
from detente.pipeline import code_document
from detente.schema import Document, Records
from detente.settings import Settings
from tests.build import document
from tests.command import run

pytestmark = pytest.mark.model

GOOD = "Russia and Ukraine held talks in Geneva on 3 March 2025."
FRENCH = """Le ministre des affaires étrangères a déclaré mardi que les négociations
se poursuivaient et que la France soutiendrait toute solution durable. Il a ajouté que le président
rencontrerait son homologue la semaine prochaine pour en discuter avec les dirigeants européens."""
RUSSIAN = """Министр иностранных дел заявил во вторник, что переговоры продолжаются и что стороны
договорились о новой встрече на следующей неделе в Женеве, чтобы обсудить условия перемирия."""

UNUSABLE: list[tuple[str, bytes, str]] = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\n\t", "empty"),
    ("signs.txt", b"*** --- ***", "no words in it"),
    ("binary.txt", bytes(range(256)) * 8, "binary data, not text"),
    ("encoding.txt", bytes(range(128, 256)) * 8, "unknown encoding"),
    ("half.txt", "Пере".encode() * 50 + b"\xff\xfe" + "говоры ".encode() * 50, "line 1"),
    ("utf16.txt", b"\xff\xfeR\x00u", "broken utf-16-le text at byte 4"),
    ("broken.pdf", b"%PDF-1.7\nnothing follows", "PDF is broken"),
    ("broken.html", b"<html><body><p", "no text in this page"),
    ("broken.json", b'{"text": ', "broken JSON"),
    ("list.json", b"[1]", "item 1 is broken"),
    ("broken.jsonl", b'{"text":\n', "line 1 is broken"),
    ("surrogate.jsonl", b'{"text": "a \\ud800 b"}\n', "line 1 is broken"),
    ("article.docx", b"PK", "ending '.docx' is not one of"),
    ("french.txt", FRENCH.encode(), "language 'fr'"),
    ("russian.txt", RUSSIAN.encode(), "language 'ru'"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one good article."""
    path = tmp_path / "articles"
    path.mkdir()
    (path / "good.txt").write_text(GOOD)
    return path


def coded(text: str, **fields: object) -> tuple[Document, Records]:
    """Return a document of a text, described as the readers would, with its records."""
    doc = document(text, **fields)
    return doc, detente.code([doc])


def long_line(n_chars: int) -> str:
    """Return one line of news of about so many characters, on all pairs of ten countries."""
    names = "Russia Ukraine China India Japan Iran Israel Turkey Germany France".split()
    pairs = [(a, b) for a in names for b in names if a != b]
    sentences = []
    for i in range(n_chars // 58):
        a, b = pairs[i % len(pairs)]
        day, month = i // len(pairs) % 28 + 1, i // len(pairs) // 28 % 12 + 1
        sentences.append(f"{a} threatened {b} on 2025-{month:02}-{day:02}, Sergei Lavrov said.")
    return " ".join(sentences)


def check_spans(doc: Document, records: Records) -> None:
    for span in spans_of(records):
        assert doc.text[span.start : span.end] == span.quote


class TestFiles:
    @pytest.mark.parametrize(("name", "content", "reason"), UNUSABLE, ids=lambda v: str(v)[:16])
    def test_a_file_that_cannot_be_used_ends_with_1(
        self, tmp_path: Path, name: str, content: bytes, reason: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        outcome = run("extract", tmp_path / name)
        assert outcome.code == 1
        assert outcome.out == ""
        assert name in outcome.err
        assert reason in outcome.err
        assert len(outcome.err.strip().splitlines()) == 1

    def test_the_rest_goes_on_with_a_count_of_warnings(self, folder: Path) -> None:
        for name, content, _ in UNUSABLE:
            (folder / name).write_bytes(content)
        outcome = run("extract", folder)
        assert outcome.code == 0
        assert f"{len(UNUSABLE)} warnings" in outcome.err
        skipped = {Path(row["item"].partition("#")[0]).name: row for row in outcome.of("skipped")}
        for name, _, reason in UNUSABLE:
            assert reason in skipped[name]["reason"]
        assert [row["root"] for row in outcome.of("event")] == ["CONSULT"]

    def test_a_foreign_text_is_never_coded_as_english(self, folder: Path) -> None:
        (folder / "russian.txt").write_text(RUSSIAN + " Lavrov said that Russia attacked Ukraine.")
        outcome = run("extract", folder)
        foreign = next(row["id"] for row in outcome.of("document") if row["language"] == "ru")
        assert foreign not in {row.get("document") for row in outcome.rows}
        assert [row["stage"] for row in outcome.of("skipped")] == ["language"]

    def test_a_broken_line_is_named_and_the_others_are_read(self, folder: Path) -> None:
        lines = [json.dumps({"text": GOOD}), "", '{"text": "half', '{"title": "none"}', "[1]"]
        (folder / "good.txt").unlink()
        (folder / "items.jsonl").write_text("\n".join(lines))
        outcome = run("extract", folder)
        assert outcome.code == 0
        assert len(outcome.of("document")) == 1
        reasons = [row["reason"] for row in outcome.of("skipped")]
        assert [reason.split(" is")[0] for reason in reasons] == ["line 3", "line 4", "line 5"]

    def test_a_missing_file(self, tmp_path: Path) -> None:
        outcome = run("brief", tmp_path / "gone.txt", "-o", tmp_path / "brief.html")
        assert outcome.code == 1
        assert "gone.txt: no such file or folder" in outcome.err
        assert not (tmp_path / "brief.html").exists()

    def test_a_missing_file_among_good_ones(self, folder: Path) -> None:
        outcome = run("extract", folder, folder / "gone.txt")
        assert outcome.code == 0
        assert "1 warning" in outcome.err

    def test_an_unreadable_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
        outcome = run("extract", folder / "good.txt")
        assert outcome.code == 1
        assert "good.txt: cannot be opened (Permission denied)" in outcome.err

    def test_a_file_over_the_limit_is_not_opened(self, folder: Path) -> None:
        with (folder / "huge.txt").open("wb") as file:
            file.truncate(Settings().max_bytes + 1)
        outcome = run("extract", folder)
        assert outcome.code == 0
        (row,) = outcome.of("skipped")
        assert "larger than 50,000,000 bytes" in row["reason"]

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        outcome = run("extract", tmp_path)
        assert outcome.code == 1
        assert "no files in this folder" in outcome.err

    def test_a_file_name_that_is_not_utf_8(self, folder: Path) -> None:
        try:
            Path(str(folder), b"caf\xe9.txt".decode("utf-8", "surrogateescape")).write_text(GOOD)
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        outcome = run("extract", folder)
        assert outcome.code == 0
        assert any("caf" in row["path"] for row in outcome.of("document"))
        assert run("add", folder.parent / "d.detente", folder).code == 0

    def test_nothing_on_standard_input(self) -> None:
        outcome = run("extract", "-")
        assert outcome.code == 1
        assert "empty" in outcome.err

    @pytest.mark.parametrize("kind", ["folder", "text", "database"])
    def test_what_is_no_dossier(self, tmp_path: Path, kind: str) -> None:
        path = tmp_path / "x.detente"
        if kind == "folder":
            path.mkdir()
        else:
            path.write_bytes(b"text" if kind == "text" else b"\0" * 4096)
        outcome = run("show", path)
        assert outcome.code == 1
        assert "x.detente" in outcome.err
        assert "Traceback" not in outcome.err


class TestDates:
    def test_without_a_date_nothing_is_invented(self) -> None:
        _, records = coded(
            "Russia and Ukraine held talks on Tuesday. Japan warned China yesterday."
        )
        assert len(records.events) == 2
        assert {event.date for event in records.events} == {None}

    def test_a_day_without_a_year_stays_partial(self) -> None:
        _, records = coded("Russia and Ukraine held talks on 18 February.")
        assert [event.date for event in records.events] == ["--02-18"]

    def test_the_brief_says_that_no_date_is_known(self, tmp_path: Path) -> None:
        article = tmp_path / "undated.txt"
        article.write_text("Russia and Ukraine held talks on Tuesday.")
        assert run("brief", article, "-o", tmp_path / "b.html").code == 0
        page = (tmp_path / "b.html").read_text("utf-8")
        assert "1 article without a date" in page or "no date" in page

    @pytest.mark.parametrize("value", ["2025-02-31", "yesterday", "2025-13", "31.02.2025"])
    def test_an_impossible_date_is_refused_before_anything_is_read(
        self, folder: Path, value: str
    ) -> None:
        outcome = run("extract", folder, "--date", value)
        assert outcome.code == 1
        assert value in outcome.err


ODD: dict[str, str] = {
    "opened and never closed": "Lavrov said: “We will come. Putin met Xi in Moscow.\n\n“Never.",
    "closed and never opened": "We will come,” Lavrov said. It is over.” Putin met Xi.",
    "quotes of three sorts": "\"We “will «come», Lavrov ‘said.\" Putin' met' Xi”.",
    "control characters": "Russia\x00 and\x07 Ukraine\x1b held\x0c talks\x7f on\x85 Monday.",
    "right-to-left marks": "‮Russia‬ and ‏Ukraine‎ held ⁦talks⁩ in Geneva on 3 March 2025.",
    "emoji": "Russia 🇷🇺 and Ukraine 🇺🇦 held talks 👨‍👩‍👧‍👦 in Geneva. “Good 👍🏽,” Lavrov said.",
    "combining marks": "Zel\u0301enskyý́́́ met Putin. U\u0308ber Russia.",
    "wide and astral letters": "𝐑𝐮𝐬𝐬𝐢𝐚 and Ｕｋｒａｉｎｅ held talks. \U0001f9ff",
    "markup": "<script>alert('Russia met Ukraine')</script> Russia &amp; Ukraine <b>met</b>.",
    "no letters": "123 — 456 … !!! ??? ()",
    "a byte-order mark inside": "Russia \ufeffand Ukraine \ufeffheld talks.\ufeff",
    "line ends of all sorts": "Russia met\r\nUkraine.\rChina\u2028met\u2029India.\x0bIran.",
    "brackets": "(((Russia [met {Ukraine]} (in) Geneva" * 20,
    "one word": "Russia" * 5000,
    "conditions without end": "If Russia, if China, if Ukraine, if it were to, unless if should it",
}


class TestText:
    @pytest.mark.parametrize("text", ODD.values(), ids=ODD)
    def test_odd_text_is_coded_with_valid_spans(self, text: str) -> None:
        doc, records = coded(text, date="2025-03-04")
        assert not [row for row in records.skipped if row.stage == "code"]
        check_spans(doc, records)

    @pytest.mark.parametrize(
        "text", [ODD["control characters"], ODD["right-to-left marks"], ODD["emoji"]]
    )
    def test_odd_signs_do_not_hide_the_event(self, text: str) -> None:
        _, records = coded(text)
        (event,) = [e for e in records.events if e.root == "CONSULT"]
        assert {ref.actor for ref in event.sources} == {"RUS", "UKR"}

    def test_quotes_that_never_close_do_not_swallow_the_article(self) -> None:
        text = "Lavrov said: “We will come.\n\n" + "Putin met Xi Jinping in Moscow.\n\n" * 5
        _, records = coded(text)
        assert max(len(s.quote) for claim in records.claims for s in claim.content) < 100

    def test_markup_in_text_is_shown_escaped(self, tmp_path: Path) -> None:
        article = tmp_path / "article.txt"
        article.write_text(
            "<script>alert(1)</script> & <img src=x onerror=alert(2)>\n\n"
            "“<b>We will meet</b>,” Sergei Lavrov said. Russia and Ukraine held <i>talks</i>."
        )
        args = ["--title", "<u>Title</u>", "--outlet", "<s>Outlet</s>"]
        assert run("brief", article, "-o", tmp_path / "brief.html", *args).code == 0
        page = (tmp_path / "brief.html").read_text("utf-8")
        for tag in ("<script>alert", "<img src=x", "<b>We will", "<i>talks", "<u>Title", "<s>Out"):
            assert tag not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_control_characters_reach_no_terminal(self, tmp_path: Path) -> None:
        article = tmp_path / "article.txt"
        article.write_text("“We \x1b]0;title\x07will meet,” Sergei Lavrov said of Ukraine.")
        outcome = run("extract", article, terminal=True)
        assert "We" in outcome.out
        assert "\x1b]" not in outcome.out
        assert "\x07" not in outcome.out

    def test_one_long_line_is_coded_whole(self) -> None:
        text = long_line(300_000)
        doc, records = coded(text)
        assert not records.skipped
        assert len(records.events) > 3_000
        assert len(records.claims) > 3_000
        assert records.events[-1].span.end > len(text) - 200
        check_spans(doc, records)

    def test_a_long_line_without_sentence_ends_is_coded(self) -> None:
        text = "Russia and Ukraine held talks in Geneva on Monday and " * 300
        doc, records = coded(text)
        assert not records.skipped
        assert max(event.span.end for event in records.events) > len(text) - 2_500
        check_spans(doc, records)

    def test_a_lone_surrogate_is_coded_or_left_out_with_a_reason(self) -> None:
        _, records = coded("Russia met \ud800 Ukraine in Geneva.")
        assert records.events or [row.stage for row in records.skipped] == ["code"]

    @given(text=st.text(max_size=300))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text_is_coded(self, text: str) -> None:
        doc = document(text)
        result = code_document(doc, Settings())
        assert not result.records.skipped
        check_spans(doc, result.records)

    @given(
        text=st.lists(
            st.sampled_from(
                ["Russia", "Putin", "he", "the US", "said", "met", "“", "”", '"', ",", ".", "if",
                 "would", "not", "according to", "$5 billion", "in 2019", "on Tuesday", "that",
                 "\n\n", "unlikely", "(", "—", "a week later", "Lu Yan,", "professor at", "%"]
            ),
            max_size=60,
        ).map(" ".join)
    )  # fmt: skip
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_order_of_telling_words_is_coded(self, text: str) -> None:
        doc = document(text, date="2025-03-04")
        result = code_document(doc, Settings())
        assert not result.records.skipped
        check_spans(doc, result.records)

    def test_a_failing_coder_ends_one_document_only(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "odd.txt").write_text("China and India held talks.")
        parse = Parser.parse

        def fail(self: Parser, doc: Document) -> object:
            if "India" in doc.text:
                raise RecursionError("too deep")
            return parse(self, doc)

        monkeypatch.setattr(Parser, "parse", fail)
        outcome = run("extract", folder)
        assert outcome.code == 0
        assert len(outcome.of("event")) == 1
        (row,) = outcome.of("skipped")
        assert "RecursionError: too deep" in row["reason"]


@pytest.mark.slow
def test_a_line_of_5_mb_is_coded_in_bounded_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if "slow" not in request.config.option.markexpr:
        pytest.skip("takes two minutes; ask for it with -m slow")
    article = tmp_path / "line.txt"
    article.write_text(long_line(5_000_000))
    command = [sys.executable, "-m", "detente", "extract", str(article), "-o", str(tmp_path / "o")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o").stat().st_size > 5_000_000
    # The largest of all processes that this one waited for, so also of this one.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_200_000


def test_every_path_is_read_or_skipped_with_a_reason(folder: Path) -> None:
    for name, content, _ in UNUSABLE:
        (folder / name).write_bytes(content)
    found = list(read_paths([folder], settings=Settings()))
    named = {Path(getattr(f, "path", None) or f.item).name.partition("#")[0] for f in found}  # type: ignore[union-attr]
    assert named == {path.name for path in folder.iterdir()}

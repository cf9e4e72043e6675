from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import msgspec
import pytest

from detente.errors import InputError
from detente.schema import Claim, Document, Records
from detente.views.brief import Brief, build_brief, render_brief
from tests.build import document
from tests.views import sample
from tests.views.page import Page, name, parse, text

HOSTILE = (
    "</mark></article><script>alert(1)</script> “quotes” \"double\" 'single' & &amp; <b>\n"
    "\u202ereversed\u202c \u0007bell \u0000nul \ud800lone \ufffe " + "w" * 3000 + " {{ 7 * 7 }}"
)


def make(records: Records | None = None, **options: object) -> Brief:
    """Return the brief of the sample, or of `records` without ties."""
    values: dict[str, object] = {"title": "Riyadh and after", "version": "0.1.0", **options}
    if records is not None:
        return build_brief(records, **values)  # type: ignore[arg-type]
    pictures = {"history": sample.history(), "blocs": sample.blocs(), "perceived": sample.PERCEIVED}
    values = {**pictures, **values}
    ties, triangles = sample.TIES, [sample.triangle()]
    return build_brief(sample.records(), ties, triangles, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def html() -> str:
    return render_brief(make(since="2025-02-25"))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return parse(html)


def test_page_has_unique_ids_and_every_link_arrives(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    places = set(page.ids)
    for link in page.all("a"):
        if link.attrib["href"].startswith("#"):
            assert link.attrib["href"][1:] in places
        assert set(link.get("data-ids", "").split()) <= places


def test_page_asks_nothing_of_the_network(html: str, page: Page) -> None:
    assert not [e for e in page.root.iter() if "src" in e.attrib or name(e) in ("link", "iframe")]
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    external = [a for a in page.all("a") if a.attrib["href"].startswith("http")]
    assert [a.attrib["href"] for a in external] == ["https://example.org/view-from-beijing"]
    assert external[0].attrib["rel"] == "noopener noreferrer"


def test_notes_stand_at_the_foot_of_the_page() -> None:
    (foot,) = parse(render_brief(make(notes=["Made from <b>texts</b>."]))).all("footer")
    assert text(foot).endswith("of the network. Made from <b>texts</b>.")


def test_policy_allows_the_page_s_own_script_only(page: Page) -> None:
    policy = next(m.attrib["content"] for m in page.all("meta") if "http-equiv" in m.attrib)
    (script,) = page.all("script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_headings_descend_by_one_from_a_single_h1(page: Page) -> None:
    levels = [int(name(e)[1]) for e in page.root.iter() if re.fullmatch("h[1-6]", name(e))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_drawing_has_a_name_and_a_description(page: Page) -> None:
    for svg in page.all("svg"):
        if svg.get("aria-hidden") != "true":
            title = page.find(svg.attrib["aria-labelledby"].split()[0])
            assert text(title)
            assert [e for e in svg if name(e) == "desc" and text(e)]


def test_every_tie_drawn_opens_its_events(page: Page) -> None:
    drawings = {svg.attrib["class"]: svg for svg in page.all("svg") if svg.get("role") == "group"}
    opened = {
        kind: {link.attrib["data-ids"] for link in svg.iter() if name(link) == "a"}
        for kind, svg in drawings.items()
    }
    assert opened["history"] >= {"event-vote", "event-drills", "event-talks-wire event-teams"}
    assert opened["matrix"] >= {"event-listing event-condemned", "event-drills", "event-vote"}
    for link in (e for svg in drawings.values() for e in svg.iter() if name(e) == "a"):
        assert link.attrib["href"] == "#" + link.attrib["data-ids"].split()[0]
        assert link.attrib["aria-label"]


def test_tables_have_captions_and_headed_columns(page: Page) -> None:
    for table in page.all("table"):
        assert [name(child) for child in table][:2] == ["caption", "thead"]
        assert all(th.get("scope") for th in table.iter() if name(th) == "th")


def test_event_opens_its_words_in_the_article(page: Page) -> None:
    mark = page.find("event-listing")
    article = page.find("doc-column")
    assert text(mark) == "On February 24 the EU listed"  # the rest is marked as a quantity, too
    assert mark in list(article.iter())
    marked = [e for e in page.all("mark") if "event-listing" in e.attrib["data-r"].split()]
    assert "".join("".join(e.itertext()) for e in marked) == (
        "On February 24 the EU listed 25 Chinese firms over support for Russia’s war."
    )


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("glance", "Russia and United States: talks, hosted by Saudi Arabia, in Riyadh"),
        ("glance", "3 reports"),
        ("events", "European Union → towards China: sanction or break"),
        ("events", "Ukraine → towards United States: talks (visit) scheduled"),
        ("events", "week of 24 Feb 2025 China and Russia: cooperation in deed"),
        ("events", "Russia → towards Poland: threat denied"),
        ("events", "Recalled from the past 1"),
        ("voices", "Director of the Centre for Eurasian Affairs · Lingnan Institute · China"),
        ("voices", "original: 行不通"),
        ("voices", "Sergey Lavrov as told by a senior diplomat"),
        ("voices", "Russia and United States: tension −0.4 (hypothetical, negated)"),
        ("voices", "Source not resolved 1 statement officials"),
        ("outlook", "Condition If sanctions were lifted within a year Then Moscow would probably"),
        ("outlook", "wording: “almost certain”"),
        ("outlook", "by 31 March 2025"),
        ("quantities", "2019 around US$140 billion new around US$140 billion in 2019"),
        ("standing", "Undetermined at least one side has too little evidence for a sign"),
        ("standing", "China – European Union negative −0.60 −0.90 to −0.30 −4.8 2"),
        ("standing", "China – United States undetermined – – – 0"),
        ("standing", "10 pairs of actors: 2 positive, 3 negative, 2 undetermined"),
        ("standing", "January 2025 undetermined – −0.50 (1) no event +0.70 (1)"),
        ("standing", "No turning point"),
        ("standing", "proved: none of two blocs breaks less"),
        ("standing", "How speakers see the ties What is said of a tie, not what the two do"),
        ("standing", "Russia Russia – United States easing +0.50 +0.10 to +0.90 2"),
        ("differ", "United States and Russia → Ukraine: refusal when 24 February 2025"),
        ("corpus", "date inferred, title inferred"),
        ("corpus", "a folder of articles is no sample".capitalize()),
        ("skipped", "newsletter 1 6"),
        ("skipped", "notes/texte.txt read language fr has no pipeline"),
        ("method", "détente 0.1.0 seed 1"),
    ],
)
def test_section_says(page: Page, section: str, words: str) -> None:
    assert words in text(page.find(section))


def test_bands_go_from_likely_to_unlikely_and_unquantified_last() -> None:
    assert [band.title for band in make().bands] == [
        "almost certain",
        "likely",
        "very unlikely",
        "unquantified",
    ]


def test_present_events_are_apart_from_hypothetical_and_historical_ones() -> None:
    timeline = make().timeline
    present = {row.status for group in timeline.groups for row in group.rows}
    assert present == {"past", "scheduled", "denied"}
    assert [group.title for group in timeline.apart] == [
        "Spoken of as possible",
        "Recalled from the past",
    ]


def test_unsafe_address_is_text(page: Page) -> None:
    assert not [a for a in page.all("a") if "javascript:" in a.attrib["href"]]
    assert "readout.html" in text(page.find("doc-readout"))


def test_hostile_text_is_shown_and_never_run() -> None:
    doc = document(
        HOSTILE, id="doc <x>'\"", title=HOSTILE, outlet="<i>Outlet\u202e", url="http://a b/"
    )
    found = doc.span(0, len(HOSTILE))
    claim = Claim(
        id="claim \"'><script>",
        document=doc.id,
        speaker=None,
        source=(),
        cue=(),
        content=(found,),
        kind="direct",
    )
    html = render_brief(make(Records(documents=[doc], claims=[claim]), title=HOSTILE))
    page = parse(html)
    assert len(list(page.all("script"))) == 1
    assert "alert(1)" not in (next(page.all("script")).text or "")
    assert "{{ 7 * 7 }}" in html
    assert "␇bell ␀nul" in text(page.find("articles"))
    html.encode("utf-8")


def test_title_bears_no_marks_that_reorder_text() -> None:
    page = parse(render_brief(make(Records(), title="\u202eevil\u202c <b>")))
    assert text(next(page.all("title"))) == "evil <b>"


def test_brief_of_nothing_says_so() -> None:
    brief = make(Records())
    page = parse(render_brief(brief))
    assert brief.figures == ()
    assert "No article could be read" in text(next(page.all("header")))
    assert "events" not in page.ids


def test_article_without_records_or_date_says_so() -> None:
    brief = make(Records(documents=[document("Nothing much happened.")]))
    page = parse(render_brief(brief))
    head = text(next(page.all("header")))
    assert "1 article from no outlet that is known, none of which bears a date, tell" in head
    assert "No event has a date that is known" in head
    assert "No event was found" in text(page.find("events"))
    assert "Nothing was skipped." in text(page.find("skipped"))


def test_empty_document_is_printed_as_empty() -> None:
    page = parse(render_brief(make(Records(documents=[document("", id="doc-empty")]))))
    assert "This article has no text." in text(page.find("doc-empty"))


def test_quote_of_ten_thousand_characters_is_cut_in_its_row() -> None:
    doc = document("word " * 2000)
    found = doc.span(0, len(doc.text))
    claim = Claim(
        id="c", document=doc.id, speaker=None, source=(), cue=(), content=(found,), kind="indirect"
    )
    (speaker,) = make(Records(documents=[doc], claims=[claim])).voices
    assert len(speaker.rows[0].words) < 710
    assert speaker.rows[0].words.endswith(" …")


def test_long_list_is_folded_and_leads_with_the_most_reported() -> None:
    base = sample.records()
    extra = [
        msgspec.structs.replace(sample.EVENTS[5], id=f"extra-{n}", confidence=0.1)
        for n in range(100)
    ]
    base.events.extend(extra)
    brief = make(base)
    assert (brief.timeline.n_shown, brief.timeline.n_rest) == (60, 50)
    assert brief.glance[0].id == "event-talks-wire"
    assert "50 further events" in text(parse(render_brief(brief)).find("events"))


def test_copies_are_counted_apart() -> None:
    base = sample.records()
    base.documents[2] = msgspec.structs.replace(base.documents[2], duplicate_of="doc-wire")
    brief = make(base)
    assert brief.glance[0].n_copies == 1
    page = parse(render_brief(brief))
    assert "3 reports in 3 outlets, 1 copy among them" in text(page.find("events"))
    assert "near copy of A1" in text(page.find("doc-readout"))
    assert len(brief.corpus.copies) == 1


@pytest.mark.parametrize(
    ("options", "fresh"),
    [
        ({"since": "2025-02-25"}, {"condemned", "listing", "vote", "visit", "drills", "threat"}),
        ({"since": "2025-03"}, set()),
        (
            {"known": {"doc-wire", "doc-readout", "doc-column"}},
            {"vote", "visit", "drills", "threat"},
        ),
        ({"known": {doc.id for doc in sample.DOCUMENTS}}, set()),
    ],
)
def test_new_is_what_is_dated_so_or_told_by_new_articles_only(
    options: dict[str, object], fresh: set[str]
) -> None:
    found = make(**options).fresh
    assert found is not None
    assert {row.id.removeprefix("event-") for row in found.events} == fresh


def test_nothing_is_new_without_a_date_to_compare() -> None:
    assert make().fresh is None
    page = parse(render_brief(make(since="2026")))
    assert "Nothing in these articles is new" in text(page.find("fresh"))


def test_since_that_is_no_date_names_the_value() -> None:
    with pytest.raises(InputError, match="'yesterday' is no date"):
        make(since="yesterday")


def test_brief_is_the_same_each_time() -> None:
    assert render_brief(make()) == render_brief(make())


def test_documents_of_one_outlet_are_counted_together() -> None:
    documents = [
        Document(id=f"doc-{n}", path=f"{n}.txt", text="One line.", outlet="The Courier")
        for n in range(3)
    ]
    (row,) = make(Records(documents=documents)).corpus.outlets
    assert (row.name, row.articles.figure.value, row.share) == ("The Courier", "3", 100.0)

"""What an analyst must find in the two seed articles, whatever else the coder makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import detente
from detente.relations.ties import ties_of
from detente.schema import Claim, Document, Event, Expectation, Quantity, Records, Span

pytestmark = [pytest.mark.shared, pytest.mark.model]

NEWS = "000_6fbedc94c47a880c.txt"
"""On the talks and a 'reverse Nixon'; without title, date or year."""
ANALYSIS = "002_11520ecbaaa29db7.txt"
"""On what Chinese scholars make of it."""


@dataclass(slots=True, frozen=True)
class Seed:
    """A seed article with its records."""

    doc: Document
    records: Records

    def events(self, root: str, *parties: str) -> list[Event]:
        """Return the events of a root in which all of these countries take part."""
        return [
            event
            for event in self.records.events
            if event.root == root and countries(event).issuperset(parties)
        ]

    def claims(self, speaker: str) -> list[Claim]:
        return [c for c in self.records.claims if c.speaker and c.speaker.actor == speaker]


@pytest.fixture(scope="module")
def both(shared: Path) -> Records:
    """Return the records of both seeds, coded together."""
    return detente.code(
        [doc for name in (NEWS, ANALYSIS) for doc in detente.read(shared / "data/seeds" / name)]
    )


@pytest.fixture(scope="module")
def news(both: Records) -> Seed:
    return seed(both, NEWS)


@pytest.fixture(scope="module")
def analysis(both: Records) -> Seed:
    return seed(both, ANALYSIS)


def seed(records: Records, name: str) -> Seed:
    """Return the part of the records that belongs to one seed."""
    doc = next(doc for doc in records.documents if doc.path.endswith(name))
    kept = Records(
        documents=[doc],
        **{
            plural: [r for r in getattr(records, plural) if r.document == doc.id]
            for plural in ("events", "claims", "expectations", "quantities")
        },
    )
    return Seed(doc, kept)


def countries(event: Event) -> set[str]:
    return {ref.country or ref.actor for ref in (*event.sources, *event.targets)}


def words(spans: tuple[Span, ...] | None) -> str:
    return " ".join(span.quote for span in spans or ())


class TestDocuments:
    def test_the_year_is_inferred_and_said_to_be(self, news: Seed) -> None:
        assert (news.doc.date or "").startswith("2025")
        assert news.doc.origin["date"] == "inferred"

    def test_newsletter_and_comment_box_are_not_coded(self, news: Seed) -> None:
        marked = {(piece.reason, piece.quote.split()[0]) for piece in news.doc.boilerplate}
        assert {("newsletter", "For"), ("newsletter", "Check"), ("comment box", "Leave")} <= marked

    def test_repeated_sentences_are_marked_and_the_new_one_kept(self, analysis: Seed) -> None:
        text = analysis.doc.text
        pieces = analysis.doc.boilerplate
        repeated = [piece for piece in pieces if piece.reason == "repeated sentence"]
        assert [p.quote.split()[:2] for p in repeated] == [["The", "US-Russia"], ["If", "the"]]
        new = text.index("They perceive")
        assert not any(piece.start <= new < piece.end for piece in pieces)
        assert any("tacitly" in words(c.content) for c in analysis.records.claims)

    def test_the_author_is_known_from_the_bio(self, analysis: Seed) -> None:
        assert analysis.doc.author == "B.R. Deepak"
        assert "bio" in {piece.reason for piece in analysis.doc.boilerplate}


class TestEvents:
    @pytest.mark.parametrize("name", ["news", "analysis"])
    def test_the_talks_in_riyadh(self, name: str, request: pytest.FixtureRequest) -> None:
        found = request.getfixturevalue(name).events("CONSULT", "USA", "RUS")
        (talks,) = [event for event in found if event.date == "2025-02-18"]
        assert countries(talks) == {"USA", "RUS"}
        assert talks.targets == ()
        assert talks.host
        assert talks.host.actor == "SAU"
        assert talks.status == "past"

    def test_both_articles_tell_of_one_meeting(self, both: Records) -> None:
        days = {event.id: event.date for event in both.events}
        told = [report for report in both.reports if days[report.telling] == "2025-02-18"]
        assert len({report.document for report in told}) == 2
        assert len({report.event for report in told}) == 1

    def test_the_draft_minerals_deal(self, analysis: Seed) -> None:
        (deal,) = analysis.events("AGREE", "USA", "UKR")
        assert (deal.date, deal.status) == ("2025-02-25", "past")
        assert deal.within in {claim.id for claim in analysis.claims("USA.trump-donald")}

    def test_the_visit_to_come(self, analysis: Seed) -> None:
        (visit,) = [e for e in analysis.events("CONSULT", "UKR", "USA") if e.date == "2025-02-28"]
        assert visit.status == "scheduled"
        assert visit.sources[0].actor == "UKR.zelenskyy-volodymyr"

    def test_the_vote_against_the_resolution(self, analysis: Seed) -> None:
        (vote,) = [e for e in analysis.events("REJECT", "USA", "UKR") if "voting" in e.span.quote]
        assert (vote.date, vote.status) == ("2025-02-25", "past")

    def test_the_listing_of_chinese_entities(self, analysis: Seed) -> None:
        (listing,) = analysis.events("SANCTION", "EU", "CHN")
        assert (listing.date, listing.status) == ("2025-02-24", "past")
        assert listing.score < 0

    def test_the_opening_to_china_is_history(self, news: Seed) -> None:
        found = [e for e in news.records.events if "Nixon" in words((e.span,))]
        assert {event.status for event in found} == {"historical"}

    def test_a_meeting_being_arranged_has_not_happened(self, news: Seed) -> None:
        (meeting,) = [
            e for e in news.records.events if e.span.quote.startswith("meeting between U.S.")
        ]
        assert meeting.status in {"hypothetical", "scheduled"}

    def test_what_did_not_happen_enters_no_tie(self, both: Records) -> None:
        status = {event.id: event.status for event in both.events}
        assert {"hypothetical", "historical", "scheduled"} <= set(status.values())
        assert {status[i] for tie in ties_of(both) for i in tie.events} <= {"past", "ongoing"}

    def test_a_possible_alliance_is_no_event_of_today(self, both: Records) -> None:
        for event in both.events:
            if "alliance" in event.trigger.quote:
                assert event.status in {"hypothetical", "historical", "denied"}


class TestClaims:
    def test_the_post_about_putin(self, news: Seed) -> None:
        (post,) = [c for c in news.claims("USA.trump-donald") if "Putin" in words(c.content)]
        assert post.kind == "mixed"
        assert "the great benefit" in words(post.content)

    @pytest.mark.parametrize(
        ("name", "speaker", "affiliation", "words_of"),
        [
            (
                "news",
                "Alexander Losev",
                "Russian Foreign and Defense Policy Council",
                "infatuation",
            ),
            ("analysis", "Ye Tianle", "China Institute of Contemporary", "unilaterally shape"),
            ("analysis", "Zhang Ye", "China Institute of Contemporary", "unilaterally shape"),
            ("analysis", "Zheng Yongnian", "Chinese University of Hong Kong", "Indo-Pacific"),
            ("analysis", "Wu Xinbo", "Fudan University", "post-Cold War era"),
            ("analysis", "Ding Xiaoxing", "CICIR", "domestic issues"),
            ("analysis", "Lu Yan", "Huayu Think Tank", "strategic distraction"),
            ("analysis", "Kong Fan", "Observer", "economic dependence"),
            pytest.param(
                "analysis",
                "Ai Wen",
                "Huayu Think Tank",
                "astonishingly unwise",
                marks=pytest.mark.xfail(reason="the tagger takes 'the EU in' into the source"),
            ),
        ],
    )
    def test_each_scholar_has_an_affiliation_and_an_argument(
        self,
        name: str,
        speaker: str,
        affiliation: str,
        words_of: str,
        request: pytest.FixtureRequest,
    ) -> None:
        claims = request.getfixturevalue(name).records.claims
        own = [c for c in claims if c.speaker and c.speaker.name == speaker]
        assert any(words_of in words(claim.content) for claim in own)
        for claim in own:
            assert affiliation in (claim.speaker.affiliation or "")

    def test_a_speaker_is_carried_over_to_the_next_sentence(self, analysis: Seed) -> None:
        own = [c for c in analysis.claims("CHN.wu-xinbo") if words(c.source) == "He"]
        assert "biggest loser" in words(own[0].content)

    @pytest.mark.parametrize(
        ("speaker", "content", "kind"),
        [
            ("USA.rubio-marco", "enduring end", "direct"),
            ("RUS.lavrov-sergei", "we heard each other", "direct"),
            ("USA.vance-jd", "little brother", "direct"),
        ],
    )
    def test_quotes_have_their_speakers(
        self, news: Seed, speaker: str, content: str, kind: str
    ) -> None:
        (claim,) = [c for c in news.claims(speaker) if content in words(c.content)]
        assert claim.kind == kind

    def test_a_gloss_is_kept_as_the_original(self, analysis: Seed) -> None:
        glosses = [c.original.quote for c in analysis.records.claims if c.original]
        assert any("围魏救赵" in gloss for gloss in glosses)


class TestOutlook:
    def reverse_nixon(self, news: Seed) -> list[Expectation]:
        found = [e for e in news.records.expectations if "reverse Nixon" in words(e.outcome)]
        return found or pytest.fail("nobody expects a 'reverse Nixon'")

    def test_the_reverse_nixon_has_its_condition_and_holder(self, news: Seed) -> None:
        for hope in self.reverse_nixon(news):
            assert "Putin" in words(hope.condition)
            assert "sinoinsider" in hope.holder.actor

    def test_not_implausible_is_no_band(self, news: Seed) -> None:
        (hope,) = [e for e in self.reverse_nixon(news) if "implausible" in words(e.phrase)]
        assert hope.band == "unquantified"
        assert "his terms" in words(hope.condition)

    def test_unlikely_is_a_band(self, news: Seed) -> None:
        (hope,) = [e for e in news.records.expectations if "completely forgo" in words(e.outcome)]
        assert hope.band == "unlikely"
        assert "even if" in words(hope.condition)


class TestQuantities:
    def test_trade_is_two_figures_with_their_years(self, news: Seed) -> None:
        trade = [q for q in news.records.quantities if "trade" in (q.measures or "").lower()]
        found = {(quantity.value, quantity.currency, quantity.year) for quantity in trade}
        assert found == {(140e9, "USD", 2019), (240e9, "USD", 2024)}
        for quantity in trade:
            assert set(quantity.actors) == {"RUS", "CHN"}

    def test_each_trade_figure_is_hedged_as_the_text_hedges_it(self, news: Seed) -> None:
        hedges: dict[int | None, Quantity] = {q.year: q for q in news.records.quantities}
        assert hedges[2019].qualifier
        assert hedges[2024].qualifier
        assert hedges[2019].qualifier != hedges[2024].qualifier

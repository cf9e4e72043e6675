"""What sort of source speaks: a person, a state, a document, a poll, an outlet, unnamed people.

In: the actor that a source names, or the noun that a source without a name is built on. Out: its
`SpeakerKind`. A noun on no list is taken for unnamed people, which most sources are.
"""

from __future__ import annotations

from detente.extract.language import Token
from detente.extract.mentions import ActorMention
from detente.schema import Actor, ActorKind, SpeakerKind

POLLS = {"poll", "polling", "survey", "return", "census", "ballot"}
DOCUMENTS = {
    "report", "study", "document", "statement", "readout", "communique", "communiqué", "account",
    "figure", "data", "datum", "statistic", "statistics", "record", "analysis", "estimate",
    "transcript", "letter", "memo", "memorandum", "filing", "review", "release", "summary", "paper",
    "book", "article", "text", "assessment", "finding", "research", "evidence", "law", "rule",
    "agreement", "treaty", "constitution", "resolution", "declaration", "charter", "bill",
    "legislation", "email", "e-mail", "message", "tweet", "post", "ad", "advertisement",
    "editorial", "op-ed", "column", "essay", "commentary", "speech", "address", "testimony",
    "remark", "comment", "proposal", "plan", "strategy", "doctrine", "concept", "note", "file",
    "dispatch", "cable", "briefing", "petition", "lawsuit", "complaint", "indictment", "ruling",
    "verdict", "order", "memoir", "biography", "manifesto", "draft", "version", "index", "forecast",
    "projection", "model", "video", "footage", "recording", "headline", "story", "piece", "chapter",
    "protocol", "decree", "affidavit", "disclosure", "newsletter", "documentary", "film", "deal",
    "pact", "guideline", "sign", "banner", "caption", "map", "chart", "calculation", "answer",
}  # fmt: skip
OUTLETS = {
    "newspaper", "magazine", "outlet", "network", "broadcaster", "channel", "newswire", "website",
    "site", "blog", "station", "press", "media", "medium", "journal", "tabloid", "daily", "weekly",
    "newsroom",
}  # fmt: skip
STATES = {
    "government", "administration", "state", "country", "nation", "regime", "superpower", "kingdom",
    "republic", "power", "capital",
}  # fmt: skip
ORGANISATIONS = {
    "campaign", "party", "company", "firm", "agency", "ministry", "department", "committee",
    "court", "group", "council", "organisation", "organization", "bank", "institute", "university",
    "union", "board", "commission", "panel", "consultancy", "tank", "association", "foundation",
    "corporation", "bureau", "office", "embassy", "consulate", "parliament", "congress", "senate",
    "legislature", "chamber", "tribunal", "alliance", "bloc", "institution", "charity", "regulator",
    "watchdog", "federation", "league", "society", "club", "centre", "center", "church", "army",
    "military", "navy", "police", "business", "manufacturer", "publisher", "lobby", "body",
    "secretariat", "delegation", "nonprofit", "startup",
}  # fmt: skip
GROUPS = {
    "people", "public", "voter", "electorate", "population", "citizen", "citizenry", "populace",
    "world", "community", "majority", "minority", "crowd", "society",
}  # fmt: skip

ACTORS: dict[ActorKind, SpeakerKind] = {
    "person": "person", "state": "state", "organisation": "organisation",
    "alliance": "organisation", "group": "group", "media": "media",
}  # fmt: skip


def kind_of_mention(actor: Actor, mention: ActorMention, text: str) -> SpeakerKind:
    """Return the sort of a named source.

    A people by its name is a group ("Russians fear", "Republicans"), but a state behind an article
    ("the Russians want"); one of a party's people has no name ("a Republican").

    Args:
        actor: whom the source names.
        mention: where it does.
        text: the document's text.
    """
    words = text[mention.start : mention.end]
    has_article = text[
        max(0, mention.start - 4) : mention.start
    ].lower() == "the " or words.startswith("the ")
    if mention.kind != "demonym":
        return ACTORS[actor.kind]
    if actor.kind == "state":
        return "group" if words.endswith("s") and not has_article else "state"
    return "group" if words.endswith("s") else "unnamed"


def kind_of_noun(head: Token) -> SpeakerKind:
    """Return the sort of a source without a name by the noun that it is built on."""
    noun = head.lemma
    if noun in POLLS:
        return "poll"
    if noun in DOCUMENTS:
        return "document"
    if noun in OUTLETS:
        return "media"
    if noun in STATES:
        return "group" if head.tag == "NNS" else "state"
    if noun in GROUPS:
        return "group"
    return "organisation" if noun in ORGANISATIONS else "unnamed"

"""A small hand-made corpus for the views: four documents whose records are set, not coded."""

from __future__ import annotations

from detente.relations.blocs import Blocs, find_blocs
from detente.relations.perceived import PerceivedTie
from detente.relations.triangle import TrianglePattern, classify_periods, classify_triangle
from detente.schema import (
    About,
    Actor,
    ActorRef,
    Boilerplate,
    Claim,
    Document,
    Event,
    Expectation,
    Quantity,
    Records,
    Report,
    Skipped,
    Span,
    SpeakerRef,
    Tie,
)

WIRE = """RIYADH, Feb. 18 - Russian and American officials met in the Saudi capital on Tuesday \
for their first formal talks in three years.
Foreign Minister Sergey Lavrov said the meeting was “useful” and that “we did not merely \
listen, we heard each other.”
Kyiv was not invited. The European Union criticised the format. European governments called an \
emergency summit in Paris.
A senior diplomat said that Lavrov had told partners Moscow would reject any Western troops in \
Ukraine.
Sign up for our morning newsletter."""

COLUMN = """The view from Beijing
The talks of February 18 in Riyadh have unsettled China’s strategists. Li Wen, director of the \
Centre for Eurasian Affairs at Lingnan Institute, argues that Washington hopes to pull Russia \
away from China.
“A reverse opening will not work (行不通),” she wrote, “because the border of 4,200 kilometres \
does not move.” If sanctions were lifted within a year, she adds, Moscow would probably hedge \
between the two.
Trade between China and Russia rose from around US$140 billion in 2019 to over US$240 billion \
in 2024. In the 1970s the United States had opened to China against the Soviet Union.
On February 24 the EU listed 25 Chinese firms over support for Russia’s war. Beijing condemned \
the listing the next day.
Chen Bo, a retired colonel, thinks an alliance between the United States and Russia is very \
unlikely."""

READOUT = """Readout of 19 February 2025
The Ministry of Foreign Affairs of Saudi Arabia hosted delegations of the United States and the \
Russian Federation on 18 February 2025.
The sides agreed to appoint negotiating teams and to restore the staff of their embassies.
The Kingdom expects a further round of talks before the end of March."""

LATE = """Kyiv and Washington near minerals deal
The United States voted with Russia against a resolution on Ukraine at the United Nations on \
February 24, officials said.
President Volodymyr Zelenskyy will travel to Washington on February 28 to sign a minerals agreement.
China and Russia held joint naval drills this week. Moscow denied that it had threatened Poland.
President Donald Trump said Ukraine “should have made a deal” and that a ceasefire is almost \
certain by Easter. The other resolution fell on February 25, its sponsors wrote, when the \
United States refused to back it."""

DOCUMENTS = (
    Document(
        id="doc-wire",
        path="wire.txt",
        text=WIRE,
        title="Russia and US hold first formal talks in three years",
        outlet="Meridian Wire",
        date="2025-02-18",
        n_chars=len(WIRE),
        origin={"date": "dateline", "outlet": "metadata", "title": "metadata"},
        boilerplate=(
            Boilerplate(
                start=WIRE.index("Sign up"),
                end=len(WIRE),
                quote=WIRE[WIRE.index("Sign up") :],
                reason="newsletter",
            ),
        ),
    ),
    Document(
        id="doc-column",
        path="column.md",
        text=COLUMN,
        title="The view from Beijing",
        outlet="Lingnan Review",
        author="Mara Ilves",
        url="https://example.org/view-from-beijing",
        date="2025-02-26",
        n_chars=len(COLUMN),
        origin={"date": "inferred", "title": "inferred", "author": "metadata"},
    ),
    Document(
        id="doc-readout",
        path="readout.html",
        text=READOUT,
        title="Readout of 19 February 2025",
        outlet="Saudi Ministry of Foreign Affairs",
        url="javascript:alert(1)",
        date="2025-02-19",
        n_chars=len(READOUT),
        origin={"date": "metadata", "outlet": "option"},
    ),
    Document(
        id="doc-late",
        path="late.jsonl#1",
        text=LATE,
        title="Kyiv and Washington near minerals deal",
        outlet="The Courier",
        date="2025-02-27",
        n_chars=len(LATE),
        origin={"date": "metadata", "outlet": "metadata"},
    ),
)

BY_ID = {doc.id: doc for doc in DOCUMENTS}
NAMES = {
    "RUS": "Russia",
    "USA": "United States",
    "CHN": "China",
    "UKR": "Ukraine",
    "SAU": "Saudi Arabia",
    "EU": "European Union",
    "POL": "Poland",
}


def span(doc: str, quote: str) -> Span:
    """Return the span of the first place of `quote` in a document."""
    start = BY_ID[doc].text.index(quote)
    return BY_ID[doc].span(start, start + len(quote))


def actor(code: str) -> ActorRef:
    return ActorRef(actor=code, name=code.title(), country=code if len(code) == 3 else None)


def event(key: str, doc: str, root: str, sources: str, quote: str, **fields: object) -> Event:
    """Return an event of actors given as `USA RUS`; `targets` likewise."""
    targets = str(fields.pop("targets", ""))
    found = span(doc, quote)
    values: dict[str, object] = {
        "id": f"event-{key}",
        "document": doc,
        "root": root,
        "sources": tuple(map(actor, sources.split())),
        "targets": tuple(map(actor, targets.split())),
        "span": found,
        "trigger": found,
        "confidence": 0.8,
        "date_precision": "day" if fields.get("date") else None,
    }
    return Event(**{**values, **fields})  # type: ignore[arg-type]


def speaker(code: str, name: str, country: str | None = None, **fields: str) -> SpeakerRef:
    return SpeakerRef(actor=code, name=name, country=country, **fields)  # type: ignore[arg-type]


LAVROV = speaker("RUS.lavrov-sergei", "Lavrov", "RUS", office="Foreign Minister")
LI = speaker(
    "CHN.li-wen",
    "Li Wen",
    "CHN",
    office="Director of the Centre for Eurasian Affairs",
    affiliation="Lingnan Institute",
)
CHEN = speaker("CHN.chen-bo", "Chen Bo", "CHN", office="retired colonel")
TRUMP = speaker("USA.trump-donald", "Trump", "USA", office="President")
RIYADH = speaker("SAU", "The Kingdom", "SAU")
DIPLOMAT = speaker("unnamed-diplomat", "a senior diplomat")

EVENTS = (
    event(
        "talks-wire",
        "doc-wire",
        "CONSULT",
        "RUS USA",
        "Russian and American officials met in the Saudi capital on Tuesday",
        host=actor("SAU"),
        place="Riyadh",
        date="2025-02-18",
        score=2.5,
        confidence=0.93,
    ),
    event(
        "eu-format",
        "doc-wire",
        "ACCUSE",
        "EU",
        "The European Union criticised the format.",
        targets="USA RUS",
        date="2025-02-18",
        score=-2.0,
        mode="disapprove",
    ),
    event(
        "troops",
        "doc-wire",
        "REJECT",
        "RUS",
        "Moscow would reject any Western troops in Ukraine",
        targets="USA",
        status="hypothetical",
        score=-2.0,
        confidence=0.55,
        within="claim-diplomat",
    ),
    event(
        "talks-column",
        "doc-column",
        "CONSULT",
        "USA RUS",
        "The talks of February 18 in Riyadh",
        date="2025-02-18",
        score=2.5,
    ),
    event(
        "opening",
        "doc-column",
        "CONSULT",
        "USA",
        "In the 1970s the United States had opened to China against the Soviet Union.",
        targets="CHN",
        status="historical",
        date="1970",
        date_precision="decade",
        score=4.0,
    ),
    event(
        "listing",
        "doc-column",
        "SANCTION",
        "EU",
        "On February 24 the EU listed 25 Chinese firms over support for Russia’s war.",
        targets="CHN",
        date="2025-02-24",
        score=-6.0,
        confidence=0.9,
    ),
    event(
        "condemned",
        "doc-column",
        "ACCUSE",
        "CHN",
        "Beijing condemned the listing the next day.",
        targets="EU",
        date="2025-02-25",
        score=-2.0,
    ),
    event(
        "alliance",
        "doc-column",
        "AGREE",
        "USA RUS",
        "an alliance between the United States and Russia is very unlikely",
        status="hypothetical",
        score=2.5,
        confidence=0.4,
    ),
    event(
        "talks-readout",
        "doc-readout",
        "CONSULT",
        "USA RUS",
        "hosted delegations of the United States and the Russian Federation on 18 February 2025",
        host=actor("SAU"),
        date="2025-02-18",
        score=2.5,
    ),
    event(
        "teams",
        "doc-readout",
        "AGREE",
        "USA RUS",
        "The sides agreed to appoint negotiating teams and to restore the staff",
        date="2025-02-18",
        score=2.5,
    ),
    event(
        "round",
        "doc-readout",
        "CONSULT",
        "USA RUS",
        "a further round of talks before the end of March",
        status="scheduled",
        date="2025-03",
        date_precision="month",
        score=2.5,
    ),
    event(
        "vote",
        "doc-late",
        "REJECT",
        "USA RUS",
        "The United States voted with Russia against a resolution on Ukraine at the United Nations "
        "on February 24",
        targets="UKR",
        date="2025-02-24",
        score=-2.0,
        confidence=0.88,
    ),
    event(
        "vote-later",
        "doc-late",
        "REJECT",
        "USA",
        "The other resolution fell on February 25, its sponsors wrote, when the United States "
        "refused to back it.",
        targets="UKR",
        date="2025-02-25",
        score=-2.0,
    ),
    event(
        "visit",
        "doc-late",
        "CONSULT",
        "UKR",
        "President Volodymyr Zelenskyy will travel to Washington on February 28",
        targets="USA",
        mode="visit",
        status="scheduled",
        date="2025-02-28",
        score=4.0,
    ),
    event(
        "drills",
        "doc-late",
        "COOPERATE",
        "CHN RUS",
        "China and Russia held joint naval drills this week.",
        date="2025-02-24",
        date_precision="week",
        score=9.5,
    ),
    event(
        "threat",
        "doc-late",
        "THREATEN",
        "RUS",
        "Moscow denied that it had threatened Poland.",
        targets="POL",
        status="denied",
        score=-3.5,
        confidence=0.6,
    ),
)

TELLINGS = {
    "event-talks-column": ("event-talks-wire", ()),
    "event-talks-readout": ("event-talks-wire", ()),
    "event-vote-later": ("event-vote", ("date",)),
}

REPORTS = tuple(
    Report(
        event=TELLINGS.get(e.id, (e.id, ()))[0],
        document=e.document,
        telling=e.id,
        span=e.span,
        conflicts=TELLINGS.get(e.id, (e.id, ()))[1],
    )
    for e in EVENTS
)


def claim(
    key: str, doc: str, who: SpeakerRef | None, parts: tuple[str, ...], **fields: object
) -> Claim:
    """Return a claim; `parts` are source, cue, then content pieces, an empty one for none."""
    spans = [(span(doc, part),) if part else () for part in parts[:2]]
    values: dict[str, object] = {
        "id": f"claim-{key}",
        "document": doc,
        "speaker": who,
        "source": spans[0],
        "cue": spans[1],
        "content": tuple(span(doc, part) for part in parts[2:]),
        "kind": "indirect",
        "confidence": 0.9,
    }
    return Claim(**{**values, **fields})  # type: ignore[arg-type]


CLAIMS = (
    claim(
        "useful",
        "doc-wire",
        LAVROV,
        (
            "Foreign Minister Sergey Lavrov",
            "said",
            "the meeting was “useful” and that “we did not merely listen, we heard each other.”",
        ),
        kind="mixed",
        about=(About(a="RUS", b="USA", valence=0.6),),
        date="2025-02-18",
    ),
    claim(
        "diplomat",
        "doc-wire",
        DIPLOMAT,
        (
            "A senior diplomat",
            "said",
            "Lavrov had told partners Moscow would reject any Western troops in Ukraine",
        ),
    ),
    claim(
        "troops",
        "doc-wire",
        LAVROV,
        ("Lavrov", "told", "Moscow would reject any Western troops in Ukraine"),
        outer="claim-diplomat",
        about=(About(a="RUS", b="USA", valence=-0.4, modality="hypothetical", negated=True),),
    ),
    claim(
        "pull",
        "doc-column",
        LI,
        ("Li Wen", "argues", "Washington hopes to pull Russia away from China"),
        about=(About(a="CHN", b="RUS", valence=-0.2, modality="possible"),),
    ),
    claim(
        "reverse",
        "doc-column",
        LI,
        (
            "she",
            "wrote",
            "A reverse opening will not work (行不通),",
            "because the border of 4,200 kilometres does not move.",
        ),
        kind="direct",
        original=span("doc-column", "行不通"),
    ),
    claim(
        "alliance",
        "doc-column",
        CHEN,
        (
            "Chen Bo",
            "thinks",
            "an alliance between the United States and Russia is very unlikely",
        ),
    ),
    claim(
        "deal",
        "doc-late",
        TRUMP,
        ("President Donald Trump", "said", "Ukraine “should have made a deal”"),
        kind="mixed",
        about=(About(a="UKR", b="USA", valence=-0.5),),
    ),
    claim(
        "vote",
        "doc-late",
        None,
        (
            "officials",
            "said",
            "The United States voted with Russia against a resolution on Ukraine",
        ),
    ),
)

EXPECTATIONS = (
    Expectation(
        id="expectation-hedge",
        document="doc-column",
        holder=LI,
        condition=(span("doc-column", "If sanctions were lifted within a year"),),
        outcome=(span("doc-column", "Moscow would probably hedge between the two"),),
        phrase=(span("doc-column", "probably"),),
        band="likely",
    ),
    Expectation(
        id="expectation-alliance",
        document="doc-column",
        holder=CHEN,
        outcome=(span("doc-column", "an alliance between the United States and Russia"),),
        phrase=(span("doc-column", "very unlikely"),),
        band="very unlikely",
    ),
    Expectation(
        id="expectation-round",
        document="doc-readout",
        holder=RIYADH,
        outcome=(span("doc-readout", "a further round of talks before the end of March"),),
        horizon="2025-03-31",
    ),
    Expectation(
        id="expectation-easter",
        document="doc-late",
        holder=TRUMP,
        outcome=(span("doc-late", "a ceasefire is almost certain by Easter"),),
        phrase=(span("doc-late", "almost certain"),),
        band="almost certain",
    ),
)

QUANTITIES = (
    Quantity(
        id="quantity-2019",
        document="doc-column",
        value=140e9,
        unit="USD",
        currency="USD",
        year=2019,
        qualifier="around",
        measures="trade between China and Russia",
        actors=("CHN", "RUS"),
        span=span("doc-column", "around US$140 billion in 2019"),
    ),
    Quantity(
        id="quantity-2024",
        document="doc-column",
        value=240e9,
        unit="USD",
        currency="USD",
        year=2024,
        qualifier="over",
        measures="Trade between China and Russia",
        actors=("CHN", "RUS"),
        span=span("doc-column", "over US$240 billion in 2024"),
    ),
    Quantity(
        id="quantity-border",
        document="doc-column",
        value=4200,
        unit="kilometres",
        measures="the border",
        span=span("doc-column", "4,200 kilometres"),
    ),
    Quantity(
        id="quantity-firms",
        document="doc-column",
        value=25,
        unit="Chinese firms",
        span=span("doc-column", "25 Chinese firms"),
    ),
)

SKIPPED = (
    Skipped(item="notes/empty.txt", stage="read", reason="the file is empty"),
    Skipped(item="notes/texte.txt", stage="read", reason="language fr has no pipeline"),
)


def tie(a: str, b: str, s: float | None, sign: str, events: str, **fields: object) -> Tie:
    ids = tuple(f"event-{key}" for key in events.split())
    values: dict[str, object] = {
        "a": a,
        "b": b,
        "period": "../2025-02-27",
        "s": s,
        "sign": sign,
        "score": None if s is None else 8 * s,
        "low": None if s is None else s - 0.3,
        "high": None if s is None else s + 0.3,
        "n": len(ids),
        "events": ids,
    }
    return Tie(**{**values, **fields})  # type: ignore[arg-type]


TIES = (
    tie("RUS", "USA", 0.55, "+", "talks-wire teams"),
    tie("CHN", "RUS", 0.7, "+", "drills"),
    tie("CHN", "EU", -0.6, "-", "listing condemned"),
    tie("EU", "USA", -0.1, "undetermined", "eu-format"),
    tie("EU", "RUS", -0.4, "-", "eu-format"),
    tie("UKR", "USA", -0.15, "undetermined", "vote"),
    tie("RUS", "UKR", -0.5, "-", "vote"),
    tie("CHN", "USA", None, "undetermined", ""),
    tie("CHN", "EU", -0.7, "-", "listing", context="economic"),
)


MONTHS = (
    tie("RUS", "USA", -0.5, "-", "vote", period="2025-01"),
    tie("CHN", "RUS", 0.7, "+", "drills", period="2025-01"),
    tie("RUS", "USA", 0.55, "+", "talks-wire teams", period="2025-02"),
    tie("CHN", "RUS", 0.2, "undetermined", "drills", period="2025-02"),
)


def perceived(holder: str, a: str, b: str, valence: float, sign: str, claims: str) -> PerceivedTie:
    ids = tuple(f"claim-{key}" for key in claims.split())
    values = {"low": valence - 0.4, "high": valence + 0.4, "sign": sign}
    return PerceivedTie(holder=holder, a=a, b=b, valence=valence, n=len(ids), claims=ids, **values)  # type: ignore[arg-type]


PERCEIVED = (
    perceived("RUS", "CHN", "RUS", -0.2, "undetermined", "pull"),
    perceived("RUS", "RUS", "USA", 0.5, "+", "useful troops"),
    perceived("USA", "UKR", "USA", -0.5, "-", "deal"),
)


def history() -> list[TrianglePattern]:
    """Return the triangle of the United States, Russia and China in two months of `MONTHS`."""
    return classify_periods(MONTHS, ("USA", "RUS", "CHN"))


def blocs() -> Blocs:
    """Return the two blocs that `TIES` make."""
    return find_blocs(TIES, period="../2025-02-27", draws=20)


def triangle() -> TrianglePattern:
    """Return the triangle of the United States, Russia and China from `TIES`."""
    return classify_triangle(TIES, ("USA", "RUS", "CHN"), period="../2025-02-27")


def records() -> Records:
    """Return all records of the sample."""
    states = [Actor(id=code, name=name, kind="state", country=code) for code, name in NAMES.items()]
    people = [
        Actor(id="RUS.lavrov-sergei", name="Sergey Lavrov", kind="person", country="RUS"),
        Actor(id="USA.trump-donald", name="Donald Trump", kind="person", country="USA"),
    ]
    return Records(
        documents=list(DOCUMENTS),
        actors=states + people,
        events=list(EVENTS),
        reports=list(REPORTS),
        claims=list(CLAIMS),
        expectations=list(EXPECTATIONS),
        quantities=list(QUANTITIES),
        skipped=list(SKIPPED),
    )

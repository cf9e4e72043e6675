"""One record of every kind about one short article, for tests of what stores and shows records."""

from __future__ import annotations

from detente.schema import (
    About,
    Actor,
    ActorRef,
    Claim,
    Document,
    Event,
    Expectation,
    Mention,
    Office,
    Quantity,
    Records,
    Report,
    Skipped,
    Span,
    SpeakerRef,
)
from tests.build import document

TEXT = (
    "Envoys of Arcadia and Borduria met in Riyadh on 18 February. "
    "“We will trade again,” said Ana Ruiz, “if the sanctions end.” "
    "Trade fell to US$40 billion in 2024, she said. An accord is likely by May."
)


def span_of(doc: Document, quote: str) -> Span:
    """Return the span of the first place of `quote` in the document."""
    start = doc.text.index(quote)
    return doc.span(start, start + len(quote))


def article(text: str = TEXT, **fields: object) -> Document:
    """Return a dated document of an outlet."""
    return document(text, **{"outlet": "Wire", "date": "2025-02-19", **fields})


def full_records(doc: Document) -> Records:
    """Return a record of every kind, with every optional field of most of them filled."""
    ruiz = SpeakerRef(
        actor="BOR.ruiz-ana",
        name="Ana Ruiz",
        country="BOR",
        sector="GOV",
        office="Minister of Trade",
        affiliation="Government",
        kind="person",
        span=span_of(doc, "Ana Ruiz"),
    )
    arcadia = ActorRef(
        actor="ARC", name="Arcadia", country="ARC", span=span_of(doc, "Envoys of Arcadia")
    )
    borduria = ActorRef(actor="BOR", name="Borduria", country="BOR", span=span_of(doc, "Borduria"))
    claim = Claim(
        id=f"claim-{doc.id}",
        document=doc.id,
        speaker=ruiz,
        source=(span_of(doc, "Ana Ruiz"),),
        cue=(span_of(doc, "said"),),
        content=(span_of(doc, "We will trade again"), span_of(doc, "if the sanctions end")),
        kind="direct",
        about=(About(a="ARC", b="BOR", valence=0.5, modality="possible"),),
        original=span_of(doc, "Riyadh"),
        date="2025-02-18",
        confidence=0.75,
    )
    met = span_of(doc, "Envoys of Arcadia and Borduria met in Riyadh on 18 February.")
    event = Event(
        id=f"event-{doc.id}",
        document=doc.id,
        root="CONSULT",
        mode="multilateral",
        contexts=("diplomatic", "economic"),
        sources=(arcadia, borduria),
        host=ActorRef(actor="SAU", name="Saudi Arabia", country="SAU"),
        place="Riyadh",
        score=4.0,
        confidence=0.6,
        date="2025-02-18",
        date_precision="day",
        date_text=span_of(doc, "on 18 February"),
        span=met,
        trigger=span_of(doc, "met in Riyadh"),
    )
    return Records(
        documents=[doc],
        actors=[
            Actor(
                id="BOR.ruiz-ana",
                name="Ana Ruiz",
                kind="person",
                country="BOR",
                offices=(Office(title="Minister of Trade", country="BOR", start="2024"),),
                origin="text",
            )
        ],
        mentions=[Mention(document=doc.id, actor="ARC", span=span_of(doc, "Arcadia"))],
        events=[event],
        reports=[
            Report(
                event=event.id,
                document=doc.id,
                telling=event.id,
                span=event.span,
                conflicts=("date",),
            )
        ],
        claims=[claim],
        expectations=[
            Expectation(
                id=f"expectation-{doc.id}",
                document=doc.id,
                holder=ruiz,
                outcome=(span_of(doc, "We will trade again"),),
                condition=(span_of(doc, "if the sanctions end"),),
                phrase=(span_of(doc, "is likely"),),
                band="likely",
                horizon="2025-05",
                within=claim.id,
            )
        ],
        quantities=[
            Quantity(
                id=f"quantity-{doc.id}",
                document=doc.id,
                value=40e9,
                unit="USD",
                currency="USD",
                year=2024,
                measures="trade",
                actors=("ARC", "BOR"),
                span=span_of(doc, "US$40 billion"),
            )
        ],
        skipped=[Skipped(item=doc.path, stage="code", reason="one sentence has no verb")],
    )


def code_short(n: int, coder: str = "rules-1") -> tuple[Document, Records]:
    """Return a document with three quantities, all made from its number."""
    doc = document(f"Item {n}: trade of 1 2 3 billion dollars.", path=f"{n}.txt")
    quantities = [
        Quantity(
            id=f"quantity-{n}-{i}-{coder}",
            document=doc.id,
            value=float(i),
            unit="USD",
            span=span_of(doc, f" {i} "),
        )
        for i in (1, 2, 3)
    ]
    return doc, Records(documents=[doc], quantities=quantities)

from __future__ import annotations

import pytest

from detente.extract.claims import code_claims
from detente.extract.tagger import Tagged
from detente.schema import Claim
from tests.extract.parses import read

Coded = tuple[str | None, list[str], list[str], list[str]]


def claims(*paragraphs: str | tuple[str, ...]) -> list[Claim]:
    return read(*paragraphs).claims


def spans(claim: Claim) -> Coded:
    return (
        claim.speaker.actor if claim.speaker else None,
        [s.quote for s in claim.source],
        [s.quote for s in claim.cue],
        [s.quote for s in claim.content],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # before
            "Sergei Lavrov said that Poland had insulted Russia.",
            ("RUS.lavrov-sergei", ["Sergei Lavrov"], ["said"], ["that Poland had insulted Russia"]),
        ),
        (
            "Wang Yi said on Monday that China opposes the tariffs.",
            ("CHN.wang-yi", ["Wang Yi"], ["said"], ["that China opposes the tariffs"]),
        ),
        (  # in between
            "The sanctions, Wang Yi said, harm both sides.",
            ("CHN.wang-yi", ["Wang Yi"], ["said"], ["The sanctions", "harm both sides"]),
        ),
        (
            '"I trust Xi Jinping," said Donald Trump, "and he trusts me."',
            (
                "USA.trump-donald",
                ["Donald Trump"],
                ["said"],
                ['"I trust Xi Jinping,"', '"and he trusts me."'],
            ),
        ),
        (  # after
            '"Poland has insulted Russia," Sergei Lavrov said.',
            ("RUS.lavrov-sergei", ["Sergei Lavrov"], ["said"], ['"Poland has insulted Russia,"']),
        ),
        (
            "Poland has insulted Russia, Sergei Lavrov said.",
            ("RUS.lavrov-sergei", ["Sergei Lavrov"], ["said"], ["Poland has insulted Russia"]),
        ),
        (  # set phrases
            "According to Kaja Kallas, Russia is weaker than China.",
            ("EU.kallas-kaja", ["Kaja Kallas"], ["According to"], ["Russia is weaker than China"]),
        ),
        (
            "Russia is weaker than China, according to Kaja Kallas.",
            ("EU.kallas-kaja", ["Kaja Kallas"], ["according to"], ["Russia is weaker than China"]),
        ),
        (
            "In Wang Yi's view, the sanctions harm both sides.",
            ("CHN.wang-yi", ["Wang Yi"], ["view"], ["the sanctions harm both sides"]),
        ),
        (
            "Poland, as reported by Reuters, closed its border.",
            ("GBR.reuters", ["Reuters"], ["reported"], ["Poland", "closed its border"]),
        ),
        (
            "Narendra Modi expressed hopes for a quick peace.",
            ("IND.modi-narendra", ["Narendra Modi"], ["expressed hopes"], ["for a quick peace"]),
        ),
        (
            "Wang Yi made the claim that Japan threatens China.",
            ("CHN.wang-yi", ["Wang Yi"], ["claim"], ["that Japan threatens China"]),
        ),
        (
            "Wang Yi's claim that Japan threatens China surprised Japan.",
            ("CHN.wang-yi", ["Wang Yi's"], ["claim"], ["that Japan threatens China"]),
        ),
        (  # noun phrases, wishes
            "Wang Yi called the tariffs unwise.",
            ("CHN.wang-yi", ["Wang Yi"], ["called"], ["the tariffs unwise"]),
        ),
        (
            "Japan agreed to withdraw its troops from Poland.",
            ("JPN", ["Japan"], ["agreed"], ["to withdraw its troops from Poland"]),
        ),
        (  # cue with its helpers
            "Wang Yi has not said that China opposes the tariffs.",
            ("CHN.wang-yi", ["Wang Yi"], ["has not said"], ["that China opposes the tariffs"]),
        ),
        (  # nobody named
            "It was reported that Russia had attacked Poland.",
            (None, [], ["was reported"], ["that Russia had attacked Poland"]),
        ),
        (
            "He criticized Poland.",
            (None, ["He"], ["criticized"], ["Poland"]),
        ),
    ],
)
def test_source_cue_and_content(text: str, expected: Coded) -> None:
    assert expected in [spans(claim) for claim in claims(text)]


@pytest.mark.parametrize(
    "text",
    [
        "France invaded Libya.",
        "Wang Yi visited Moscow on Monday.",
        "The tariffs will add to the costs of Japan.",
        "Wang Yi came to say that China opposes the tariffs.",
        "The road wants repair.",
        'The so-called "peace plan" was dismissed by Ukraine.',
    ],
)
def test_no_claim(text: str) -> None:
    assert claims(text) == []


def test_joint_speakers_make_a_claim_each() -> None:
    first, second = claims("Marco Rubio and Sergei Lavrov said that the talks were useful.")

    assert first.speaker is not None
    assert second.speaker is not None
    assert [first.speaker.actor, second.speaker.actor] == ["USA.rubio-marco", "RUS.lavrov-sergei"]
    assert first.id != second.id
    assert first.content == second.content


def test_a_speaker_has_office_and_affiliation() -> None:
    (claim,) = claims("Lin Xue, a professor at Fudan University, argues that Russia needs China.")

    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker.country) == ("Lin Xue", "CHN")
    assert (claim.speaker.office, claim.speaker.affiliation) == ("professor", "Fudan University")


def test_a_listed_speaker_has_the_office_of_the_date() -> None:
    (claim,) = claims("Sergei Lavrov said that Poland had insulted Russia.")

    assert claim.speaker is not None
    assert claim.speaker.office == "Foreign Minister"


def test_people_of_an_institution_speak_for_it() -> None:
    (claim,) = claims("Analysts at the Brookings Institution argue that Russia is weak.")

    assert claim.speaker is not None
    assert claim.speaker.actor == "USA.brookings"
    assert claim.speaker.name == "Analysts at the Brookings Institution"
    assert claim.speaker.affiliation == "Brookings Institution"


@pytest.mark.parametrize(
    ("text", "actor", "country", "sector"),
    [
        ("Russian officials said the talks were useful.", "RUS.officials", "RUS", "GOV"),
        ("Many observers said the talks were useful.", "unnamed.observers", None, "EDU"),
    ],
)
def test_a_group_without_a_name_speaks_under_its_country(
    text: str, actor: str, country: str | None, sector: str
) -> None:
    (claim,) = claims(text)

    assert claim.speaker is not None
    assert (claim.speaker.actor, claim.speaker.country) == (actor, country)
    assert claim.speaker.sector == sector


def test_a_pronoun_speaks_for_the_person_before() -> None:
    found = claims(
        (
            "Lin Xue, a professor at Fudan University, argues that Russia needs China.",
            "She further warns that Europe is divided.",
        )
    )

    assert [c.speaker.actor for c in found if c.speaker] == ["CHN.lin-xue", "CHN.lin-xue"]
    assert found[1].cue[0].quote == "further warns"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sergei Lavrov said that Poland had insulted Russia.", "indirect"),
        ('"Poland has insulted Russia," Sergei Lavrov said.', "direct"),
        ('Wang Yi called the tariffs "economic bullying".', "mixed"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert [c.kind for c in claims(text)] == [kind]


def test_a_nested_claim_names_the_outer_one() -> None:
    outer, inner = claims("Antony Blinken said that Wang Yi believed that Russia would lose.")

    assert inner.outer == outer.id
    assert outer.outer is None


def test_a_quotation_that_runs_on_in_its_paragraph_extends_the_claim() -> None:
    (claim,) = claims(
        ('"We will not retreat," Volodymyr Zelensky said.', '"We have no other home."')
    )

    assert [s.quote for s in claim.content] == [
        '"We will not retreat,"',
        '"We have no other home."',
    ]


def test_a_quoted_paragraph_keeps_the_speaker_of_the_one_before() -> None:
    first, carried = claims(
        '"We will not retreat," Volodymyr Zelensky said.', '"We have no other home."'
    )

    assert carried.speaker == first.speaker
    assert carried.cue == ()
    assert carried.source == ()
    assert carried.kind == "direct"
    assert carried.confidence < first.confidence


def test_a_sentence_without_quotation_marks_ends_the_claim() -> None:
    (claim,) = claims(('"We will not retreat," Volodymyr Zelensky said.', "France invaded Libya."))

    assert [s.quote for s in claim.content] == ['"We will not retreat,"']


def test_a_label_names_the_speaker_of_its_paragraph() -> None:
    found = claims(("Lavrov: Russia will wait.", "Poland will not."), "France invaded Libya.")

    assert spans(found[0]) == (
        "RUS.lavrov-sergei",
        ["Lavrov"],
        [":"],
        ["Russia will wait. Poland will not."],
    )


def test_a_gloss_in_brackets_is_the_original() -> None:
    found = claims("Wang Yi called the tariffs bullying (霸凌) on Monday.")

    assert [c.original.quote for c in found if c.original] == ["霸凌"]


def test_the_date_of_a_claim_is_that_of_its_cue() -> None:
    said, planned = (
        claims("Wang Yi said on Monday that China opposes the tariffs.")[0],
        claims("Wang Yi said he would visit France on March 3.")[0],
    )

    assert said.date == "2025-02-24"
    assert planned.date is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sergei Lavrov said that Poland had insulted Russia.",
         [("POL", "RUS", -0.2, "asserted", False)]),
        ("Wang Yi said that Russia could attack Poland.",
         [("RUS", "POL", -0.9, "hypothetical", False)]),
        ("Wang Yi said that China did not invade Vietnam.",
         [("CHN", "VNM", -0.9, "asserted", True)]),
        ("Wang Yi said that Russia would lose.", []),
    ],
)  # fmt: skip
def test_about(text: str, expected: list[tuple[str, str, float, str, bool]]) -> None:
    (claim,) = claims(text)

    assert [(a.a, a.b, a.valence, a.modality, a.negated) for a in claim.about] == expected


def test_a_stray_quotation_mark_inside_a_sentence_loses_nothing() -> None:
    found = claims(
        ('Wang Yi said the "tariffs harm both sides.',
         "Sergei Lavrov said that Poland had insulted Russia."),
    )  # fmt: skip

    assert [c.speaker.actor for c in found if c.speaker] == ["CHN.wang-yi", "RUS.lavrov-sergei"]


def test_claims_stand_in_text_order_and_hold_their_words() -> None:
    reading = read(
        "Antony Blinken said that Wang Yi believed that Russia would lose.",
        '"I trust Xi Jinping," said Donald Trump, "and he trusts me."',
    )

    places = [c.cue[0].start for c in reading.claims]
    assert places == sorted(places)
    for claim in reading.claims:
        for span in (*claim.source, *claim.cue, *claim.content):
            assert reading.doc.text[span.start : span.end] == span.quote


def by_tagger(
    *paragraphs: str | tuple[str, ...],
    told: list[tuple[list[str], list[str], list[str]]],
) -> list[Claim]:
    """Return what is coded where the tagger finds (source, cue, content), each a list of words."""
    reading = read(*paragraphs)
    tagged = [
        Tagged(
            *(tuple(_place(reading.doc.text, words) for words in part) for part in parts), 0.8765
        )
        for parts in told
    ]
    return code_claims(reading.doc, reading.sentences, reading.actors, reading.dates, tagged)


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_the_tagger_finds_what_speakers_are_resolved_to() -> None:
    (claim,) = by_tagger(
        "Sergei Lavrov said that Poland had insulted Russia.",
        told=[(["Sergei Lavrov"], ["said"], ["that Poland had insulted Russia"])],
    )

    assert spans(claim) == (
        "RUS.lavrov-sergei",
        ["Sergei Lavrov"],
        ["said"],
        ["that Poland had insulted Russia"],
    )
    assert claim.confidence == 0.876
    assert [(a.a, a.b) for a in claim.about] == [("POL", "RUS")]


def test_where_the_tagger_is_silent_nothing_is_claimed() -> None:
    text = "Wang Yi called the tariffs unwise."

    assert by_tagger(text, told=[]) == []
    assert claims(text) != []


def test_the_tagger_decides_over_the_words_that_it_tags() -> None:
    text = "Wang Yi called the tariffs unwise."

    (claim,) = by_tagger(text, told=[([], ["called"], ["unwise"])])
    assert spans(claim) == (None, [], ["called"], ["unwise"])


def test_the_speaker_may_stand_in_another_sentence() -> None:
    (claim,) = by_tagger(
        ("Russia slept.", "Sergei Lavrov said that Poland had insulted Russia.", "Poland left."),
        told=[(["Sergei Lavrov"], ["left"], ["Poland had insulted Russia"])],
    )

    assert claim.speaker is not None
    assert claim.speaker.actor == "RUS.lavrov-sergei"
    assert [s.quote for s in claim.cue] == ["left"]


def test_joint_sources_of_the_tagger_make_a_claim_each() -> None:
    first, second = by_tagger(
        "Marco Rubio and Sergei Lavrov said that the talks were useful.",
        told=[(["Marco Rubio and Sergei Lavrov"], ["said"], ["that the talks were useful"])],
    )

    assert [c.speaker.actor for c in (first, second) if c.speaker] == [
        "USA.rubio-marco",
        "RUS.lavrov-sergei",
    ]
    assert first.id != second.id


def test_a_source_without_a_name_is_named_by_its_words() -> None:
    (claim,) = by_tagger(
        "Many observers said the talks were useful.",
        told=[(["Many observers"], ["said"], ["the talks were useful"])],
    )

    assert claim.speaker is not None
    assert (claim.speaker.actor, claim.speaker.name) == ("unnamed.observers", "Many observers")


def test_inside_a_tagged_content_the_rules_find_the_nested_claims() -> None:
    outer, inner = by_tagger(
        "Antony Blinken said that Wang Yi believed that Russia would lose.",
        told=[(["Antony Blinken"], ["said"], ["that Wang Yi believed that Russia would lose"])],
    )

    assert spans(inner) == ("CHN.wang-yi", ["Wang Yi"], ["believed"], ["that Russia would lose"])
    assert (outer.outer, inner.outer) == (None, outer.id)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "kind"),
    [
        ("Sergei Lavrov said that Poland had insulted Russia.", "Sergei Lavrov", "said",
         "that Poland had insulted Russia", "indirect"),
        ('"Poland has insulted Russia," Sergei Lavrov said.', "Sergei Lavrov", "said",
         '"Poland has insulted Russia,"', "direct"),
        ('Wang Yi called the tariffs "economic bullying".', "Wang Yi", "called",
         'the tariffs "economic bullying"', "mixed"),
    ],
)  # fmt: skip
def test_kind_of_tagged_claims(text: str, source: str, cue: str, content: str, kind: str) -> None:
    assert [c.kind for c in by_tagger(text, told=[([source], [cue], [content])])] == [kind]


def test_tagged_content_may_be_discontinuous_and_dated() -> None:
    (harm,) = by_tagger(
        "The sanctions, Wang Yi said, harm both sides.",
        told=[(["Wang Yi"], ["said"], ["The sanctions", "harm both sides"])],
    )
    (said,) = by_tagger(
        "Wang Yi said on Monday that China opposes the tariffs.",
        told=[(["Wang Yi"], ["said"], ["that China opposes the tariffs"])],
    )

    assert [s.quote for s in harm.content] == ["The sanctions", "harm both sides"]
    assert said.date == "2025-02-24"


def test_a_quotation_that_runs_on_extends_a_tagged_claim() -> None:
    (claim,) = by_tagger(
        ('"We will not retreat," Volodymyr Zelensky said.', '"We have no other home."'),
        told=[(["Volodymyr Zelensky"], ["said"], ['"We will not retreat,"'])],
    )

    assert [s.quote for s in claim.content] == [
        '"We will not retreat,"',
        '"We have no other home."',
    ]

from __future__ import annotations

import msgspec
import pytest

from detente.extract.actors import find_actors
from detente.extract.attributions import Attribution
from detente.extract.gazetteer import load_gazetteer
from detente.extract.language import Sentence
from detente.extract.speakers import SpeakerFinder, author_of, head_of_source, with_first_persons
from detente.schema import Claim, Document, SpeakerRef
from tests.build import document, sentence

DATE = "2025-02-26"


def says(*source: str) -> tuple[str, str, int]:
    """Return the parse of "SOURCE nodded that way." and the index of the source's head.

    A word is `word/TAG` or `word/TAG/lemma`; `^` before it makes it the head, else the last is.
    Words before the head hang on it; those after are a name in apposition, of which the last word
    is the head.
    """
    bare = [word.lstrip("^").split("/") for word in source]
    head = next((i for i, word in enumerate(source) if word[0] == "^"), len(source) - 1)
    last, verb = len(source) - 1, len(source)
    rows = []
    for i, (word, tag, *lemma) in enumerate(bare):
        dep, governor = ("nsubj", verb) if i == head else ("compound", head)
        if i > head:
            dep, governor = ("appos", head) if i == last else ("compound", last)
            if word == ",":
                dep, governor = "punct", head
        elif tag in {"DT", "PRP$"} and i != head:
            dep = "det"
        rows.append(" ".join([word, tag, dep, str(governor), *lemma]))
    rows += [f"nodded VBD ROOT {verb} nod", f"that DT det {verb + 2}", f"way NN dobj {verb}"]
    rows.append(f". . punct {verb}")
    text = " ".join(word[0] for word in bare).replace(" ,", ",") + " nodded that way."
    return text, "\n".join(rows), head


def speakers(*parses: tuple[str, str, int]) -> list[list[SpeakerRef | None]]:
    """Return who speaks in each sentence; the source is all before "nodded"."""
    doc = document(" ".join(text for text, _, _ in parses), date=DATE)
    read: list[Sentence] = []
    for text, table, _ in parses:
        offset = read[-1].end + 1 if read else 0
        read.append(sentence(text, table, offset=offset, index=len(read)))
    finder = SpeakerFinder(doc, read, find_actors(doc, read, load_gazetteer()))
    return [
        finder.find(_attribution(one, head)) for one, (_, _, head) in zip(read, parses, strict=True)
    ]


def _attribution(one: Sentence, head: int) -> Attribution:
    verb = next(t for t in one.tokens if t.text == "nodded")
    source = (one.start, one.tokens[verb.i - 1].end)
    way = one.tokens[verb.i + 2]
    return Attribution(
        one, head, [source], [(verb.start, verb.end)], [(way.start, way.end)], verb.i, 0.9
    )


def last(*parses: tuple[str, str, int]) -> SpeakerRef:
    """Return the one speaker of the last sentence."""
    (found,) = speakers(*parses)[-1]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("source", "actor", "name", "kind"),
    [
        (("The/DT", "joint/JJ", "statement/NN"), "unnamed.statement", "The joint statement",
         "document"),
        (("A/DT", "Gallup/NNP", "poll/NN"), "USA.gallup", "A Gallup poll", "poll"),
        (("Fox/NNP", "News/NNP"), "USA.fox-news", "Fox News", "media"),
        (("A/DT", "senior/JJ", "official/NN"), "unnamed.official", "A senior official", "unnamed"),
        (("The/DT", "Russian/JJ", "government/NN"), "RUS", "Russia", "state"),
        (("Russian/JJ", "critics/NNS/critic"), "RUS.critics", "Russian critics", "unnamed"),
        (("The/DT", "Alder/NNP", "Group/NNP/group"), "organisation.alder-group", "Alder Group",
         "organisation"),
        (("Vera/NNP", "Holt/NNP"), "person.holt-vera", "Vera Holt", "person"),
        (("Sergei/NNP", "Lavrov/NNP"), "RUS.lavrov-sergei", "Sergei Lavrov", "person"),
    ],
)  # fmt: skip
def test_the_sort_of_a_source(source: tuple[str, ...], actor: str, name: str, kind: str) -> None:
    found = last(says(*source))
    assert (found.actor, found.kind) == (actor, kind)
    if kind != "state":
        assert found.name == name


def test_a_name_in_apposition_speaks_for_its_description() -> None:
    found = last(says("The/DT", "^envoy/NN", ",/,", "Sergei/NNP", "Lavrov/NNP"))
    assert found.actor == "RUS.lavrov-sergei"


def test_an_unlisted_name_takes_the_institution_beside_it() -> None:
    found = last(
        says("Fox/NNP", "News/NNP", "^reporter/NN", ",/,", "Vera/NNP", "Holt/NNP"),
        says("Holt/NNP"),
    )
    assert (found.name, found.affiliation, found.country) == ("Vera Holt", "Fox News", "USA")


def test_a_surname_means_the_full_name_of_the_document() -> None:
    assert last(says("Vera/NNP", "Holt/NNP"), says("Holt/NNP")).actor == "person.holt-vera"


@pytest.mark.parametrize(
    ("before", "again", "actor"),
    [
        (("Outside/JJ", "experts/NNS"), ("The/DT", "experts/NNS"), "unnamed.experts"),
        (("Outside/JJ", "experts/NNS"), ("They/PRP",), "unnamed.experts"),
        (("A/DT", "survey/NN"), ("It/PRP",), "unnamed.survey"),
        (("Vera/NNP", "Holt/NNP"), ("She/PRP",), "person.holt-vera"),
        (("The/DT", "Alder/NNP", "Group/NNP/group"), ("The/DT", "group/NN"),
         "organisation.alder-group"),
        (("Outside/JJ", "experts/NNS"), ("The/DT", "firm/NN"), "unnamed.firm"),
        (("Outside/JJ", "experts/NNS"), ("Experts/NNS",), "unnamed.experts"),
    ],
)  # fmt: skip
def test_later_words_mean_the_speaker_before(
    before: tuple[str, ...], again: tuple[str, ...], actor: str
) -> None:
    assert last(says(*before), says(*again)).actor == actor


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (("Outside/JJ", "experts/NNS"), "She/PRP"),
        (("Vera/NNP", "Holt/NNP"), "They/PRP"),
        (("Vera/NNP", "Holt/NNP"), "This/DT"),
    ],
)
def test_a_pronoun_that_fits_nobody_is_left(before: tuple[str, ...], again: str) -> None:
    assert speakers(says(*before), says(again))[-1] == [None]


def test_a_person_once_called_he_is_not_she() -> None:
    found = speakers(says("Robin/NNP", "Holt/NNP"), says("He/PRP"), says("She/PRP"))
    assert [one.actor if one else None for (one,) in found] == [
        "person.holt-robin",
        "person.holt-robin",
        None,
    ]


def test_a_relative_pronoun_stands_for_its_noun() -> None:
    table = """
        Sergei NNP compound 1
        Lavrov NNP nsubj 5
        , , punct 1
        who WP nsubj 4
        nodded VBD relcl 1 nod
        left VBD ROOT 5 leave
        today NN npadvmod 5
        """
    (one,) = speakers(("Sergei Lavrov, who nodded left today", table, 3))[0]
    assert one is not None
    assert one.actor == "RUS.lavrov-sergei"


def test_a_noun_takes_the_country_that_it_is_of() -> None:
    table = """
        Critics NNS nsubj 3 critic
        of IN prep 0
        Poland NNP pobj 1
        nodded VBD ROOT 3 nod
        that DT det 5
        way NN dobj 3
        """
    (one,) = speakers(("Critics of Poland nodded that way", table, 0))[0]
    assert one is not None
    assert (one.actor, one.name, one.country) == ("POL.critics", "Critics of Poland", "POL")


def test_an_agent_speaks_without_its_preposition() -> None:
    table = """
        by IN prep 3
        many JJ amod 2
        critics NNS pobj 0 critic
        nodded VBD ROOT 3 nod
        that DT det 5
        way NN dobj 3
        """
    (one,) = speakers(("by many critics nodded that way", table, 0))[0]
    assert one is not None
    assert (one.actor, one.name) == ("unnamed.critics", "many critics")


def test_the_head_of_a_source_is_its_subject_and_no_time_that_hangs_elsewhere() -> None:
    table = """
        A DT det 1
        poll NN nsubj 4
        this DT det 3
        month NN npadvmod 4
        rose VBD ROOT 4
        """
    assert head_of_source(sentence("A poll this month rose", table), 0, 3) == 1


def test_a_source_that_is_not_expressed_has_no_speaker() -> None:
    text, table, _ = says("Experts/NNS")
    doc = document(text)
    parsed = sentence(text, table)
    finder = SpeakerFinder(doc, [parsed], find_actors(doc, [parsed], load_gazetteer()))
    found = Attribution(parsed, None, [], [(0, 7)], [(8, 14)], 0, 0.9)
    assert finder.find(found) == [None]


class TestFirstPersons:
    TEXT = 'Ann said: "I hope we win." I doubt it.'

    def claim(self, doc: Document, source: str, content: str, **fields: object) -> Claim:
        start, said = doc.text.index(source), doc.text.index(content)
        base = Claim(
            id=content,
            document=doc.id,
            speaker=None,
            source=(doc.span(start, start + len(source)),),
            cue=(),
            content=(doc.span(said, said + len(content)),),
            kind="indirect",
        )
        return msgspec.structs.replace(base, **fields)

    def test_within_a_claim_it_is_that_speaker_and_elsewhere_the_author(self) -> None:
        doc = document(self.TEXT, author="B. Reed", outlet="The Fjord")
        ann = SpeakerRef(actor="person.ann", name="Ann", kind="person")
        outer = self.claim(doc, "Ann", '"I hope we win."', speaker=ann)
        inner = self.claim(doc, "I", "we win", outer=outer.id)
        start = doc.text.index("I doubt")
        mine = (doc.span(start, start + 1),)
        own = msgspec.structs.replace(self.claim(doc, "I", "doubt it"), source=mine)
        found = with_first_persons(doc, [outer, inner, own], [(10, 26)])
        assert [claim.speaker for claim in found] == [ann, ann, author_of(doc)]

    def test_within_a_quotation_without_a_speaker_it_is_nobody(self) -> None:
        doc = document(self.TEXT)
        inner = self.claim(doc, "I", "we win")
        assert with_first_persons(doc, [inner], [(10, 26)]) == [inner]


def test_the_author_has_the_outlet_as_affiliation() -> None:
    doc = document("x", author="B. Reed", outlet="The Fjord")
    author = author_of(doc)
    assert (author.kind, author.name, author.affiliation) == ("author", "B. Reed", "The Fjord")
    assert author_of(document("x")).name == "the author"

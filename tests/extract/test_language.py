from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.extract.language import CHUNK_CHARS, Parser, load_pipeline
from detente.schema import Boilerplate, Document
from tests.build import document
from tests.extract.parses import index, parse


def words(doc: Document, parser: Parser) -> list[list[str]]:
    return [[t.text for t in s.tokens] for s in parser.parse(doc)]


def test_root_is_the_token_that_governs_itself() -> None:
    parsed = parse("Russia was condemned by the European Union.")

    assert parsed.tokens[parsed.root].text == "condemned"


def test_subtree_holds_the_token_and_all_below_in_text_order() -> None:
    parsed = parse("Russia was condemned by the European Union.")

    below = parsed.subtree(index(parsed, "by"))

    assert [parsed.tokens[i].text for i in below] == ["by", "the", "European", "Union"]


def test_extent_runs_from_the_first_to_the_last_token() -> None:
    parsed = parse("Russia was condemned by the European Union.")

    assert parsed.extent([6, 4]) == (24, 42)


def test_load_pipeline_names_a_missing_pipeline_and_the_remedy() -> None:
    with pytest.raises(InputError, match=r"en_core_web_none.*pip install"):
        load_pipeline("en_core_web_none")


def test_load_pipeline_refuses_what_is_no_package_name() -> None:
    with pytest.raises(InputError, match="no English pipeline"):
        load_pipeline("../en core")


@pytest.mark.model
class TestParser:
    def test_tokens_lie_where_the_text_has_them(self, parser: Parser) -> None:
        doc = document("The EU’s envoy said: “No.”\n\nPoland’s 2,500 troops left at 4 p.m.")

        for sent in parser.parse(doc):
            assert sent.start == sent.tokens[0].start
            assert sent.end == sent.tokens[-1].end
            for token in sent.tokens:
                assert doc.text[token.start : token.end] == token.text

    def test_children_mirror_heads(self, parser: Parser) -> None:
        (sent,) = parser.parse(document("Poland sent forty old tanks to Ukraine in March."))

        for token in sent.tokens:
            assert all(sent.tokens[child].head == token.i for child in token.children)
            assert token.head == token.i or token.i in sent.tokens[token.head].children

    def test_sentences_and_paragraphs_are_numbered(self, parser: Parser) -> None:
        sentences = parser.parse(document("Poland left. Spain stayed.\n\nItaly voted."))

        assert [(s.index, s.paragraph) for s in sentences] == [(0, 0), (1, 0), (2, 1)]

    @pytest.mark.parametrize(
        ("text", "word", "lemma"),
        [
            ("The troops withdrew.", "withdrew", "withdraw"),
            ("The talks ended.", "talks", "talk"),
            ("Countries met.", "Countries", "country"),
            ("It worsened quickly.", "worsened", "worsen"),
            ("He visited Paris.", "Paris", "paris"),
            ("They can leave.", "can", "can"),
        ],
    )
    def test_lemmas(self, parser: Parser, text: str, word: str, lemma: str) -> None:
        (sent,) = parser.parse(document(text))

        assert next(t.lemma for t in sent.tokens if t.text == word) == lemma

    def test_boilerplate_between_sentences_is_left_out(self, parser: Parser) -> None:
        text = "Poland left. Subscribe to our letter. Spain stayed."
        start, end = text.index("Subscribe"), text.index(" Spain")
        piece = Boilerplate(start=start, end=end, quote=text[start:end], reason="newsletter")

        found = words(document(text, boilerplate=(piece,)), parser)

        assert found == [["Poland", "left", "."], ["Spain", "stayed", "."]]

    def test_boilerplate_inside_a_sentence_is_blank_and_offsets_hold(self, parser: Parser) -> None:
        text = "Poland <b>left</b> the talks."
        pieces = tuple(
            Boilerplate(start=s, end=s + len(m), quote=m, reason="markup")
            for m in ("<b>", "</b>")
            for s in [text.index(m)]
        )

        (sent,) = parser.parse(document(text, boilerplate=pieces))

        assert [t.text for t in sent.tokens] == ["Poland", "left", "the", "talks", "."]
        assert text[sent.tokens[1].start : sent.tokens[1].end] == "left"

    def test_control_characters_count_as_blanks(self, parser: Parser) -> None:
        assert words(document("Poland\x07left\u200ethe\ufefftalks."), parser) == [
            ["Poland", "left", "the", "talks", "."]
        ]

    @pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\ufeff"])
    def test_a_text_without_words_has_no_sentences(self, parser: Parser, text: str) -> None:
        assert parser.parse(document(text)) == []

    def test_a_paragraph_longer_than_a_chunk_keeps_all_sentences(self, parser: Parser) -> None:
        one = "Poland sent forty old tanks to Ukraine. "
        count = 3 * CHUNK_CHARS // len(one)

        sentences = parser.parse(document((one * count).strip()))

        assert len(sentences) == count
        assert [s.index for s in sentences] == list(range(count))
        assert {s.paragraph for s in sentences} == {0}

    def test_parse_many_keeps_documents_apart_and_in_order(self, parser: Parser) -> None:
        found = list(parser.parse_many([document("Poland left."), document("Spain stayed.")]))

        assert [s[0].tokens[0].text for s in found] == ["Poland", "Spain"]
        assert [s[0].index for s in found] == [0, 0]

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(text=st.text(max_size=300))
    def test_any_text_parses_with_offsets_that_hold(self, parser: Parser, text: str) -> None:
        doc = document(text)
        place = 0
        for sent in parser.parse(doc):
            for token in sent.tokens:
                assert token.start >= place
                place = token.end
                assert doc.text[token.start : token.end].replace("‘", "’") == token.text.replace(
                    "‘", "’"
                )

    def test_a_long_line_parses_in_bounded_time(self, parser: Parser) -> None:
        started = time.monotonic()

        sentences = parser.parse(document("Poland and Spain " * 12_000))

        assert sentences
        assert time.monotonic() - started < 60

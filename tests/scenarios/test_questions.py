from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenarios.questions import Question, ask, parse_question, read_questions
from tests.scenarios.histories import history


def short(question: Question) -> tuple[str, str, str, int, bool]:
    return (
        question.source,
        question.target,
        question.kind,
        question.horizon_days,
        question.directed,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("USA RUS CONSULT within 14 days", ("USA", "RUS", "CONSULT", 14, False)),
        ("USA RUS ACCUSE within 14 days", ("USA", "RUS", "ACCUSE", 14, True)),
        ("USA-RUS ACCUSE within 2 weeks", ("USA", "RUS", "ACCUSE", 14, False)),
        ("usa and rus any within 1 day", ("USA", "RUS", "ANY", 1, False)),
        ("Russia to Ukraine assault in 1 month", ("RUS", "UKR", "ASSAULT", 30, True)),
        ("RUS -> UKR ASSAULT within 7 days?", ("RUS", "UKR", "ASSAULT", 7, True)),
        ("South Korea Japan REJECT within 3 days", ("KOR", "JPN", "REJECT", 3, True)),
        ("NATO RUS VERBAL_CONFLICT within 7 days", ("NATO", "RUS", "VERBAL_CONFLICT", 7, True)),
    ],
)
def test_text_becomes_a_question(text: str, expected: tuple[str, str, str, int, bool]) -> None:
    assert short(parse_question(text)) == expected


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("will they meet?", "write it as"),
        ("USA CONSULT within 14 days", "two parties"),
        ("USA RUS CONSLT within 14 days", "did you mean 'CONSULT'"),
        ("USA Rusia CONSULT within 14 days", "did you mean 'Russia'"),
        ("USA USA CONSULT within 14 days", "itself"),
        ("USA RUS CONSULT within 0 days", "1 to 180"),
        ("USA RUS CONSULT within 7 months", "1 to 180"),
        ("USA-RUS-CHN ANY within 3 days", "two parties"),
    ],
)
def test_what_cannot_be_answered_says_why(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        parse_question(text)


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert parse_question(text).horizon_days >= 1


@given(
    st.permutations(["USA", "RUS", "CHN"]),
    st.sampled_from(["CONSULT", "AID", "ANY", "MATERIAL_CONFLICT"]),
    st.integers(1, 180),
    st.booleans(),
)
def test_the_words_of_a_question_ask_it_again(
    parties: list[str], kind: str, days: int, directed: bool
) -> None:
    question = ask(parties[0], parties[1], kind, days, directed=directed)
    assert parse_question(question.text) == question


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("USA RUS ACCUSE within 7 days", ["e0"]),
        ("RUS USA ACCUSE within 7 days", ["e1"]),
        ("USA-RUS ACCUSE within 7 days", ["e0", "e1"]),
        ("USA RUS CONSULT within 7 days", ["e2"]),
        ("USA RUS VERBAL_COOPERATION within 7 days", ["e2"]),
        ("USA RUS ANY within 7 days", ["e0", "e2"]),
    ],
)
def test_what_answers_a_question(text: str, ids: list[str]) -> None:
    rows = [
        (0, "USA", "RUS", "ACCUSE"),
        (1, "RUS", "USA", "ACCUSE"),
        (2, "RUS", "USA", "CONSULT"),
        (3, "CHN", "USA", "ACCUSE"),
    ]
    assert history(rows).filter(parse_question(text).matches())["id"].to_list() == ids


def test_the_other_way_round() -> None:
    question = parse_question("USA RUS AID within 7 days")
    assert question.reversed() == parse_question("RUS USA AID within 7 days")
    assert parse_question("USA-RUS AID within 7 days").dyad == ("RUS", "USA")


def test_a_file_of_questions(tmp_path: Path) -> None:
    path = tmp_path / "questions.toml"
    path.write_text(
        '[[question]]\ntext = "USA RUS CONSULT within 14 days"\n'
        '[[question]]\nsource = "USA"\ntarget = "CHN"\nkind = "SANCTION"\nhorizon_days = 30\n'
        "directed = true\n"
    )
    assert [short(question) for question in read_questions(path)] == [
        ("USA", "RUS", "CONSULT", 14, False),
        ("USA", "CHN", "SANCTION", 30, True),
    ]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("question = 3", "no question"),
        ("", "no question"),
        ("x = [", "TOML"),
        ("[[questions]]\ntext = 'a'", "unknown key 'questions'"),
        ("[[question]]\ntxt = 'USA RUS AID within 3 days'", "did you mean 'text'"),
        ("[[question]]\ntext = 3", "text must be given, as str"),
        ("[[question]]\ntext = 'USA RUS AID within 3 days'\nkind = 'AID'", "either text or"),
        ("[[question]]\nsource = 'USA'\ntarget = 'RUS'\nkind = 'AID'", "horizon_days"),
        (
            "[[question]]\ntext = 'USA RUS AID within 3 days'\n[[question]]\ntext = 'USA?'",
            "question 2",
        ),
    ],
)
def test_a_wrong_file_names_file_and_place(tmp_path: Path, content: str, match: str) -> None:
    path = tmp_path / "questions.toml"
    path.write_text(content)
    with pytest.raises(InputError, match=match) as error:
        read_questions(path)
    assert str(path) in str(error.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_questions(tmp_path / "none.toml")

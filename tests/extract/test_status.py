from __future__ import annotations

import pytest

from detente.extract.status import is_of_earlier_era, read_status
from tests.extract.parses import index, parse


def status(text: str, trigger: str, *, has_future_date: bool = False) -> str:
    parsed = parse(text)
    return read_status(parsed, index(parsed, trigger), date=None, has_future_date=has_future_date)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        # tense
        ("Wang Yi visited Moscow on Monday.", "visited", "past"),
        ("Ukraine has rejected the American proposal.", "rejected", "past"),
        ("China is supplying drones to Russia.", "supplying", "ongoing"),
        ("Japan threatens China.", "threatens", "ongoing"),
        ("Poland will send tanks to Ukraine.", "send", "scheduled"),
        ("Iran continues to arm Hezbollah.", "arm", "ongoing"),
        # modals
        ("Russia could attack Poland.", "attack", "hypothetical"),
        ("The United States may have attacked Iran.", "attacked", "hypothetical"),
        ("Russia would attack Poland.", "attack", "hypothetical"),
        # negation
        ("China did not invade Vietnam.", "invade", "denied"),
        ("China never attacked Vietnam.", "attacked", "denied"),
        ("China has not supplied weapons to Russia.", "supplied", "denied"),
        ("Poland left without criticizing Hungary.", "criticizing", "denied"),
        ("Poland should not trade with Russia.", "trade", "denied"),
        ("There was no attack on Poland.", "attack", "denied"),
        ("Neither Russia nor China attacked Poland.", "attacked", "denied"),
        ("No Russian troops attacked Poland.", "attacked", "denied"),
        ("Ukraine was not invited to the talks between Russia and the United States.", "talks",
         "past"),
        # governors
        ("Hungary refused to condemn Russia.", "condemn", "denied"),
        ("Hungary rejected talks with Russia.", "talks", "denied"),
        ("Moscow denied that Russia had attacked Poland.", "attacked", "denied"),
        ("Japan agreed to withdraw its troops from Poland.", "withdraw", "hypothetical"),
        ("The United States threatened to impose sanctions on Iran.", "impose", "hypothetical"),
        ("Iran has begun to withdraw troops from Syria.", "withdraw", "past"),
        ("Xi Jinping plans to visit France.", "visit", "scheduled"),
        ("The EU made a decision to provoke China by listing Chinese firms.", "provoke", "past"),
        ("The EU made a decision to provoke China by listing Chinese firms.", "listing", "past"),
        ("Poland considered attacking Russia.", "attacking", "hypothetical"),
        # conditions
        ("If Russia attacks Poland, NATO will respond.", "attacks", "hypothetical"),
        ("If Russia attacks Poland, NATO will respond.", "respond", "scheduled"),
        ("Unless Iran disarms, Israel will attack Iran.", "disarms", "hypothetical"),
        # nouns
        ("Russia's possible attack on Poland worries NATO.", "attack", "hypothetical"),
        ("Russia's attack on Ukraine shocked Europe.", "attack", "past"),
        ("France and Britain launched an attack on Libya.", "attack", "past"),
        ("China wants talks with Russia.", "talks", "hypothetical"),
        ("The US-Russia talks will resume in Riyadh.", "talks", "scheduled"),
        ("China may hold talks with Russia.", "talks", "hypothetical"),
        ("Experts could welcome a treaty with Russia.", "treaty", "hypothetical"),
        ("Experts doubted reports of an attack on Poland.", "attack", "past"),
    ],
)  # fmt: skip
def test_read_status(text: str, trigger: str, expected: str) -> None:
    assert status(text, trigger) == expected


@pytest.mark.parametrize(
    ("text", "trigger", "has_future_date", "expected"),
    [
        ("Wang Yi said he would visit France on March 3.", "visit", True, "scheduled"),
        ("Wang Yi said he would visit France on March 3.", "visit", False, "scheduled"),
        ("Wang Yi said he would visit France.", "visit", False, "hypothetical"),
        ("Russia would attack Poland.", "attack", True, "hypothetical"),
        ("Wang Yi visited Moscow on Monday.", "visited", True, "scheduled"),
        ("China did not invade Vietnam.", "invade", True, "denied"),
    ],
)
def test_a_future_date_makes_a_plan(
    text: str, trigger: str, has_future_date: bool, expected: str
) -> None:
    assert status(text, trigger, has_future_date=has_future_date) == expected


def test_a_coordinated_verb_shares_the_auxiliary_of_the_first() -> None:
    assert status("Russia will attack Poland and occupy Latvia.", "occupy") == "scheduled"


@pytest.mark.parametrize(
    ("text", "date", "document_date", "expected"),
    [
        ("Nixon visited China", "1972", "2025-02-26", True),
        ("China invaded Vietnam", "1979-02-17", "2025", True),
        ("Russia annexed Crimea", "2014-03-18", "2025-02-26", False),
        ("China invaded Vietnam", "1979-02-17", None, False),
        ("Nixon visited China", None, "2025-02-26", True),
        ("the Soviet Union armed Egypt", None, None, True),
        ("China armed Albania in the 1960s", None, None, True),
        ("a post-Cold War alliance with Poland", None, None, False),
        ("a reverse Nixon with Russia", None, None, False),
        ("Russia annexed Crimea", None, "2025-02-26", False),
        ("Russia met China", "--02-18", "2025-02-26", False),
    ],
)
def test_is_of_earlier_era(
    text: str, date: str | None, document_date: str | None, expected: bool
) -> None:
    assert is_of_earlier_era(text, date, document_date) is expected

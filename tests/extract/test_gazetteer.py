from __future__ import annotations

import pytest

from detente.extract.gazetteer import (
    Gazetteer,
    Person,
    family_name,
    load_gazetteer,
    normalise,
    plain_name,
    serves,
    slug,
    surname_of,
    tokenise,
)
from detente.schema import Office


def office(start: str | None, end: str | None, *, checked: bool = True) -> Office:
    return Office(title="President", country="XYZ", start=start, end=end, checked=checked)


def gazetteer(*tenures: tuple[str, str | None, str | None]) -> Gazetteer:
    made = Gazetteer()
    for person, start, end in tenures:
        held = office(start, end)
        made.holders.setdefault(("XYZ", "president"), []).append((person, held))
        made.persons[person] = Person(person, "", (held,), (("president", held),))
    return made


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Russia", "russia"),
        ("Erdoğan", "erdogan"),
        ("Türkiye’s", "turkiye's"),
        ("Côte", "cote"),
        ("中国", "中国"),
    ],
)
def test_normalise(word: str, expected: str) -> None:
    assert normalise(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jean-Noël Barrot", "jean-noel-barrot"),
        ("O’Neill", "oneill"),
        ("王毅", ""),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Sergei Lavrov", "RUS", "Lavrov"),
        ("Wang Yi", "CHN", "Wang"),
        ("Ursula von der Leyen", "DEU", "von der Leyen"),
        ("Mohammed bin Salman", "SAU", "bin Salman"),
        ("Robert Kennedy Jr.", "USA", "Kennedy"),
        ("Lula", "BRA", "Lula"),
        ("Jr.", "USA", "Jr."),
    ],
)
def test_family_name(name: str, country: str, expected: str) -> None:
    assert family_name(name, country) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("European Union", ["European", "Union"]),
        ("People's Republic", ["People", "'s", "Republic"]),
        ("Guinea-Bissau", ["Guinea", "-", "Bissau"]),
        ("U.S.", ["U.S."]),
        ("N’Djamena", ["N'Djamena"]),
    ],
)
def test_tokenise(written: str, expected: list[str]) -> None:
    assert tokenise(written) == expected


@pytest.mark.parametrize(
    ("start", "end", "date", "expected"),
    [
        ("2020-01-20", "2024-06-30", "2022-05-05", True),
        ("2020-01-20", "2024-06-30", "2024-06-30", True),
        ("2020-01-20", "2024-06-30", "2024-07-01", False),
        ("2020-01-20", "2024-06-30", "2019-12-31", False),
        ("2020-01-20", None, "2031-01-01", True),
        (None, "2024-06-30", "1999-01-01", True),
        ("2020-01-20", "2024-06-30", "2024", True),
        ("2020-01-20", "2024-06-30", "2020-01", True),
        ("2020-01-20", "2024-06-30", "2019", False),
        ("2020-01-20", "2024", "2024-11-11", True),
        ("2020-01-20", None, None, True),
        ("2020-01-20", "2024-06-30", None, False),
        ("2020-01-20", None, "--02-18", True),
    ],
)
def test_serves(start: str | None, end: str | None, date: str | None, expected: bool) -> None:
    assert serves(office(start, end), date) is expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2019-01-01", "first"),
        ("2021-01-01", "second"),
        ("2030-01-01", "second"),
        (None, "second"),
    ],
)
def test_holder_is_who_served_at_the_date_or_last(date: str | None, expected: str) -> None:
    listed = gazetteer(
        ("second", "2020-01-01", "2024-01-01"), ("first", "2016-01-01", "2020-01-01")
    )

    assert listed.holder("XYZ", "president", date) == expected


def test_holder_at_a_change_of_office_is_the_newer() -> None:
    listed = gazetteer(("new", "2020-01-01", None), ("old", "2016-01-01", "2020-01-01"))

    assert listed.holder("XYZ", "president", "2020-01-01") == "new"


def test_holder_of_an_unknown_office_is_nobody() -> None:
    assert Gazetteer().holder("XYZ", "president", "2020-01-01") is None


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2030-01-01", "second"), ("2021-01-01", "first"), (None, "second"), ("2010-01-01", None)],
)
def test_former_holder_is_the_last_to_leave(date: str | None, expected: str | None) -> None:
    listed = gazetteer(
        ("second", "2020-01-01", "2024-01-01"), ("first", "2016-01-01", "2020-01-01")
    )

    assert listed.former_holder("XYZ", "president", date) == expected


@pytest.mark.parametrize(
    ("date", "expected"), [("2018-01-01", False), ("2022-01-01", True), (None, True)]
)
def test_bore_a_title_that_is_held_no_longer(date: str | None, expected: bool) -> None:
    person = gazetteer(("old", "2016-01-01", "2020-01-01")).persons["old"]

    assert person.bore("president", date) is expected
    assert not person.bore("minister", date)


def test_is_serving_reads_every_office() -> None:
    listed = gazetteer(("old", "2016-01-01", "2020-01-01"))

    assert listed.is_serving("old", "2018-01-01")
    assert not listed.is_serving("old", "2022-01-01")


@pytest.mark.parametrize(
    ("first", "tokens", "actor", "kind"),
    [
        ("russia", ("russia",), "RUS", "name"),
        ("russian", ("russian",), "RUS", "demonym"),
        ("kremlin", ("kremlin",), "RUS", "metonym"),
        ("nato", ("nato",), "NATO", "name"),
        ("u.s", ("u.s",), "USA", "acronym"),
        ("turkiye", ("turkiye",), "TUR", "name"),
    ],
)
def test_listed_names_are_found_by_their_first_token(
    first: str, tokens: tuple[str, ...], actor: str, kind: str
) -> None:
    names = [n for n in load_gazetteer().names[first] if n.tokens == tokens]

    assert {(n.actor, n.kind) for n in names} == {(actor, kind)}


def test_longer_names_come_before_shorter_ones() -> None:
    for names in load_gazetteer().names.values():
        sizes = [len(n.tokens) for n in names]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("country", "title", "date", "expected"),
    [
        ("USA", "president", "2025-02-26", "USA.trump-donald"),
        ("USA", "president", "2022-02-26", "USA.biden-joe"),
        ("RUS", "foreign minister", "2025-02-26", "RUS.lavrov-sergei"),
        ("UKR", "president", "2025-02-26", "UKR.zelenskyy-volodymyr"),
    ],
)
def test_offices_of_great_powers(country: str, title: str, date: str, expected: str) -> None:
    assert load_gazetteer().holder(country, title, date) == expected


def test_persons_are_actors_with_dated_offices() -> None:
    lavrov = load_gazetteer().actors["RUS.lavrov-sergei"]

    assert (lavrov.kind, lavrov.country, lavrov.sector) == ("person", "RUS", "GOV")
    assert lavrov.offices[0].title == "Foreign Minister"


def test_persons_are_found_by_surname_and_title() -> None:
    listed = load_gazetteer()

    assert listed.surnames["lavrov"] == ("RUS.lavrov-sergei",)
    assert listed.full_names[plain_name("Sergey V. Lavrov")] == "RUS.lavrov-sergei"
    assert "president" in listed.titles


@pytest.mark.parametrize(
    ("title", "date", "expected"),
    [
        ("president", "2018-01-01", True),
        ("president", "2022-01-01", False),
        ("minister", "2018-01-01", False),
    ],
)
def test_bears_a_title_only_while_in_office(title: str, date: str, expected: bool) -> None:
    person = gazetteer(("old", "2016-01-01", "2020-01-01")).persons["old"]

    assert person.bears(title, date) is expected


def test_bears_the_last_word_of_a_longer_title() -> None:
    held = office("2016-01-01", None)
    person = Person("old", "", (held,), (("foreign minister", held),))

    assert person.bears("minister", "2018-01-01")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Donald J. Trump", "donald trump"),
        ("Robert F. Kennedy Jr.", "robert kennedy"),
        ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
        ("A", ""),
    ],
)
def test_plain_name_drops_initials_and_suffixes(name: str, expected: str) -> None:
    assert plain_name(name) == expected


@pytest.mark.parametrize(
    ("name", "person", "country", "expected"),
    [
        ("Wang Yi", "CHN.wang-yi", "CHN", "wang"),
        ("Ursula von der Leyen", "EU.vonderleyen-ursula", "DEU", "leyen"),
        ("Mohammed bin Salman", "SAU.binsalman-mohammed", "SAU", "salman"),
        ("Joko Widodo", "IDN.joko-widodo", "IDN", "joko"),
        ("Jan Wilk", "person.kowal-jan", "POL", "wilk"),
    ],
)
def test_surname_of_follows_the_id(name: str, person: str, country: str, expected: str) -> None:
    assert surname_of(name, person, country) == expected

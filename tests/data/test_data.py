"""The word lists and gazetteers that an analyst edits: a slip in a row is caught here."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from detente.extract.gazetteer import normalise

SECTORS = {
    "GOV", "MIL", "EXE", "LEG", "JUD", "MED", "EDU", "BUS", "CVL", "REB", "IGO", "NGO", "PTY",
    "COP", "SPY", "CRM", "LAB", "REL", "JRN", "UIS", "HLH", "AGR", "OPP", "RAD", "REF", "SET",
}  # fmt: skip
KINDS = {"state", "organisation", "alliance", "person", "group", "media"}
COLUMNS = {
    "actors.csv": "id name kind country sector aliases demonyms metonyms ambiguous",
    "persons.csv": "id name aliases gender country office office_aliases sector start end checked",
    "verbs.csv": "lemma frame root mode targets kind",
    "nouns.csv": "lemma root mode targets kind valence",
    "groups.csv": "lemma sector",
    "roles.csv": "lemma sector",
    "contexts.csv": "lemma context",
    "cues.csv": "lemma pos type",
    "phrases.csv": "phrase",
    "places.csv": "place country",
    "cities.csv": "place country",
}
FRAMES = re.compile(r"|(prep|particle|object|list):[a-z-]+(\|[a-z-]+)*|infinitive")
PREPOSITIONS = {
    "about", "against", "among", "along", "around", "as", "at", "behind", "between", "by", "for",
    "from", "in", "inside", "into", "near", "of", "on", "over", "to", "toward", "towards", "under",
    "upon", "with", "and", "across", "alongside", "through", "within",
}  # fmt: skip
PLACES = PREPOSITIONS | {"obj", "dative", "inside", "embedded"}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def text_of(name: str) -> str:
    return (resources.files("detente") / "data" / name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text_of(name).splitlines()))


def repeated(values: list[str]) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]


PLOVER = tomllib.loads(text_of("plover.toml"))
MODES = {root: set(entry.get("modes", {})) for root, entry in PLOVER["root"].items()}


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_tables_have_their_columns_and_whole_rows(name: str, columns: str) -> None:
    found = rows(name)

    assert found
    assert list(found[0])[: len(columns.split())] == columns.split()
    ragged = [r for r in found if None in r or None in r.values()]
    assert ragged == []


@pytest.mark.parametrize("name", COLUMNS)
def test_no_row_stands_twice(name: str) -> None:
    assert repeated(text_of(name).splitlines()) == []


@pytest.mark.parametrize("name", COLUMNS)
def test_cells_have_no_blanks_at_their_edges(name: str) -> None:
    bad = [
        (key, cell)
        for row in rows(name)
        for key, cell in row.items()
        if any(part != part.strip() or (not part and cell) for part in cell.split("|"))
    ]

    assert bad == []


class TestActors:
    def test_ids_are_unique_and_well_formed(self) -> None:
        ids = [row["id"] for row in rows("actors.csv")]

        assert repeated(ids) == []
        assert [i for i in ids if not re.fullmatch(r"[A-Z][A-Z0-9-]*(\.[a-z0-9-]+)*", i)] == []

    def test_kinds_and_sectors_are_allowed(self) -> None:
        bad = [
            row["id"]
            for row in rows("actors.csv")
            if row["kind"] not in KINDS - {"person"} or row["sector"] not in SECTORS
        ]

        assert bad == []

    def test_a_state_is_its_own_country_and_a_former_one_its_successor(self) -> None:
        states = [row for row in rows("actors.csv") if row["kind"] == "state"]

        assert len(states) > 190
        assert {r["id"] for r in states if r["country"] != r["id"]} == {"CSK", "DDR", "SUN", "YUG"}

    def test_an_id_begins_with_its_country_or_an_organisation(self) -> None:
        known = {row["id"] for row in rows("actors.csv")}
        bad = [
            row["id"]
            for row in rows("actors.csv")
            if "." in row["id"] and not {row["id"].partition(".")[0]} & {*known, row["country"]}
        ]

        assert bad == []

    def test_countries_are_states_of_the_list(self) -> None:
        table = rows("actors.csv")
        states = {row["id"] for row in table if row["kind"] == "state"}

        assert {row["country"] for row in table if row["country"]} - states == set()

    def test_no_listed_name_belongs_to_two_states(self) -> None:
        names = [
            (row["id"], normalise(name))
            for row in rows("actors.csv")
            if row["kind"] == "state"
            for key in ("name", "aliases", "demonyms", "metonyms")
            for name in row[key].split("|")
            if name
        ]
        owners: dict[str, set[str]] = {}
        for actor, name in names:
            owners.setdefault(name, set()).add(actor)

        shared = {name for name, ids in owners.items() if len(ids) > 1}
        assert shared <= {
            "congo",
            "congolese",
            "korea",
            "korean",
            "koreans",
            "dominican",
            "dominicans",
        }

    def test_guarded_names_are_names_of_their_row(self) -> None:
        bad = [
            (row["id"], name)
            for row in rows("actors.csv")
            for name in row["ambiguous"].split("|")
            if name
            and name
            not in {
                n for k in ("name", "aliases", "demonyms", "metonyms") for n in row[k].split("|")
            }
        ]

        assert bad == []

    def test_there_are_sixty_international_organisations(self) -> None:
        found = [r for r in rows("actors.csv") if r["sector"] == "IGO" or r["kind"] == "alliance"]

        assert len(found) >= 60


class TestPersons:
    def test_ids_join_country_and_name(self) -> None:
        bad = [
            row["id"]
            for row in rows("persons.csv")
            if not re.fullmatch(r"[A-Z]+(\.[a-z0-9-]+)+", row["id"])
        ]

        assert bad == []

    def test_an_id_is_one_person(self) -> None:
        seen: dict[str, set[tuple[str, str]]] = {}
        for row in rows("persons.csv"):
            seen.setdefault(row["id"], set()).add((row["name"], row["gender"]))

        assert [i for i, facts in seen.items() if len(facts) > 1] == []

    def test_no_person_is_an_actor_of_the_other_list(self) -> None:
        listed = {row["id"] for row in rows("actors.csv")}

        assert {row["id"] for row in rows("persons.csv")} & listed == set()

    def test_countries_are_listed_actors(self) -> None:
        listed = {row["id"] for row in rows("actors.csv")}

        assert {row["country"] for row in rows("persons.csv")} - listed == set()

    def test_codes_are_allowed(self) -> None:
        bad = [
            row
            for row in rows("persons.csv")
            if row["gender"] not in {"m", "f", ""}
            or row["checked"] not in {"true", "false"}
            or row["sector"] not in SECTORS
            or not row["office"]
        ]

        assert bad == []

    def test_dates_are_iso_and_tenures_run_forward(self) -> None:
        bad: list[tuple[str, ...]] = []
        for row in rows("persons.csv"):
            held = [row["start"], row["end"]]
            for value in filter(None, held):
                if not DATE.fullmatch(value):
                    bad.append((row["id"], value))
                elif len(value) == 10:
                    date.fromisoformat(value)
            if all(held) and held[0][: len(held[1])] > held[1]:
                bad.append((row["id"], *held))

        assert bad == []

    def test_an_office_is_held_once_at_a_time_by_a_person(self) -> None:
        held = [f"{r['id']}|{r['country']}|{r['office']}|{r['start']}" for r in rows("persons.csv")]

        assert repeated(held) == []

    @pytest.mark.parametrize(
        "country",
        ["USA", "RUS", "CHN", "GBR", "FRA", "DEU", "JPN", "IND", "UKR", "IRN", "ISR", "PRK", "TWN"],
    )
    def test_leading_states_have_persons_in_office_now(self, country: str) -> None:
        serving = [r for r in rows("persons.csv") if r["country"] == country and not r["end"]]

        assert serving


class TestPlaces:
    def test_a_place_lies_in_one_listed_state(self) -> None:
        table = [*rows("places.csv"), *rows("cities.csv")]
        states = {row["id"] for row in rows("actors.csv") if row["kind"] == "state"}

        assert {row["country"] for row in table} - states == set()
        assert repeated([row["place"] for row in table]) == []

    def test_a_city_is_no_listed_actor(self) -> None:
        named = {
            name
            for row in rows("actors.csv")
            for key in ("name", "aliases", "demonyms", "metonyms")
            for name in row[key].split("|")
        }

        assert {row["place"] for row in rows("cities.csv")} & named == set()


class TestLexicon:
    @pytest.mark.parametrize("name", ["verbs.csv", "nouns.csv"])
    def test_roots_and_modes_are_of_plover(self, name: str) -> None:
        bad = [
            row
            for row in rows(name)
            if (row["root"] or name == "verbs.csv")
            and (row["root"] not in MODES or row["mode"] not in {"", *MODES[row["root"]]})
        ]

        assert bad == []

    def test_verbs_are_words_once_a_frame(self) -> None:
        table = rows("verbs.csv")

        assert [r["lemma"] for r in table if not re.fullmatch(r"[a-z][a-z-]+", r["lemma"])] == []
        assert repeated([f"{row['lemma']} {row['frame']}" for row in table]) == []

    def test_verb_frames_and_kinds_are_known(self) -> None:
        bad = [
            row
            for row in rows("verbs.csv")
            if not FRAMES.fullmatch(row["frame"])
            or row["kind"] not in {"", "reciprocal", "mutual", "reverse"}
        ]

        assert bad == []

    @pytest.mark.parametrize("name", ["verbs.csv", "nouns.csv"])
    def test_targets_are_places_of_a_clause(self, name: str) -> None:
        found = {place for row in rows(name) for place in row["targets"].split("|") if place}

        assert found - PLACES == set()

    @pytest.mark.parametrize("frame", ["infinitive"])
    @pytest.mark.parametrize("lemma", ["agree", "refuse", "decline", "threaten", "promise"])
    def test_verbs_that_govern_an_infinitive_are_listed(self, lemma: str, frame: str) -> None:
        assert frame in {row["frame"] for row in rows("verbs.csv") if row["lemma"] == lemma}

    def test_nouns_stand_once(self) -> None:
        assert repeated([row["lemma"] for row in rows("nouns.csv")]) == []

    def test_a_noun_tells_an_event_or_a_relation_with_a_valence(self) -> None:
        bad = [
            row
            for row in rows("nouns.csv")
            if row["kind"] not in {"", "reciprocal", "stative"}
            or (row["kind"] == "stative") != (row["root"] == "")
            or (not row["root"] and not -1 <= float(row["valence"]) <= 1)
            or (not row["root"] and float(row["valence"]) == 0)
        ]

        assert bad == []

    @pytest.mark.parametrize("name", ["groups.csv", "roles.csv"])
    def test_group_and_role_nouns_have_a_sector(self, name: str) -> None:
        table = rows(name)

        assert repeated([row["lemma"] for row in table]) == []
        assert {row["sector"] for row in table} - SECTORS == set()

    def test_contexts_are_of_plover_and_stand_once(self) -> None:
        table = rows("contexts.csv")

        assert repeated([row["lemma"] for row in table]) == []
        assert {row["context"] for row in table} - set(PLOVER["contexts"]["names"]) == set()

    def test_cues_have_a_known_kind_once_a_part_of_speech(self) -> None:
        table = rows("cues.csv")

        assert repeated([f"{row['lemma']} {row['pos']}" for row in table]) == []
        assert {row["pos"] for row in table} == {"verb", "noun", "in-noun", "prep"}
        assert {r["type"] for r in table} == {"speech", "cognition", "emotion", "intention"}

    def test_phrases_that_name_nobody_stand_once(self) -> None:
        assert repeated([row["phrase"] for row in rows("phrases.csv")]) == []


class TestPlover:
    def test_sixteen_roots_with_score_quad_and_meaning(self) -> None:
        assert len(PLOVER["root"]) == 16
        for entry in PLOVER["root"].values():
            assert -10 <= entry["score"] <= 10
            assert entry["quad"] in PLOVER["quads"]
            assert entry["means"]

    def test_a_mode_is_on_its_roots_side_of_the_scale(self) -> None:
        bad = [
            (root, mode)
            for root, entry in PLOVER["root"].items()
            for mode, score in entry.get("modes", {}).items()
            if score * entry["score"] < 0 or not -10 <= score <= 10
        ]

        assert bad == []

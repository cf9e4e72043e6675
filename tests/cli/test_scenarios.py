"""The command that runs moves as scenarios."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.scenarios.mechanisms import MECHANISMS
from detente.store import Dossier
from tests.command import run
from tests.scenarios.stage import CASE

OWN = '''
from detente.scenarios.mechanisms.mechanism import mechanism
from detente.scenarios.state import Change


@mechanism(id="own", title="Nothing", family="own", model="none", reference="none")
def nothing(state, use, rng):
    """Return no change."""
    return Change()
'''


def test_the_list_names_every_case_and_mechanism() -> None:
    found = json.loads(run("scenario", "list", "--json").out)
    assert [row["id"] for row in found["mechanisms"]] == list(MECHANISMS)
    assert {"title", "family", "model", "reference"} <= found["mechanisms"][0].keys()
    assert "reverse-nixon" in {case["name"] for case in found["cases"]}
    assert "reverse-nixon" in run("scenario", "list", terminal=True).out


def test_the_same_seed_gives_the_same_bytes() -> None:
    args = ("scenario", "run", "reverse-nixon", "--runs", "64", "--seed", "3", "--json")
    first, again = run(*args), run(*args)
    assert first.code == 0
    assert first.out == again.out
    found = json.loads(first.out)
    assert {"answers", "triangle", "blocs", "baseline", "sensitivity", "assumptions"} <= set(found)
    assert all("persistence" in line for line in found["hindcast"])


def test_a_result_is_enough_to_run_it_again(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    args = ("--runs", "64", "--json")
    first = run("scenario", "run", "reverse-nixon", *args, "-o", path)
    again = run("scenario", "run", path, *args)
    assert json.loads(first.out)["answers"] == json.loads(again.out)["answers"]


def test_a_terminal_shows_answers_and_what_they_rest_on() -> None:
    outcome = run("scenario", "run", "reverse-nixon", "--runs", "64", terminal=True)
    assert outcome.code == 0
    assert "without the moves" in outcome.out
    assert "rests on assumptions" in outcome.out
    assert "hindcast" in outcome.out


def test_show_lists_inputs_with_their_sources() -> None:
    shown = run("scenario", "show", "reverse-nixon", terminal=True).out
    assert "assumption" in shown
    assert "divider: USA; target: RUS; rival: CHN" in shown
    assert "offers USA RUS" in shown
    assert json.loads(run("scenario", "show", "reverse-nixon").out)["name"] == "reverse-nixon"


def test_own_mechanisms_run_only_when_their_file_is_given(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN)
    args = ("scenario", "run", "reverse-nixon", "--runs", "16", "--json", "--mechanisms", path)
    assert run(*args).code == 0
    listed = json.loads(run("scenario", "list", "--mechanisms", path, "--json").out)
    assert listed["mechanisms"][-1]["id"] == "own"


def test_a_result_with_own_mechanisms_asks_for_their_file(tmp_path: Path) -> None:
    own, case, result = tmp_path / "own.py", tmp_path / "case.toml", tmp_path / "result.json"
    own.write_text(OWN)
    case.write_text(CASE + '[[mechanisms]]\nid = "own"\n')
    args = ("--runs", "16", "--json")
    assert run("scenario", "run", case, "--mechanisms", own, *args, "-o", result).code == 0
    without = run("scenario", "run", result, *args)
    assert without.code == 1
    assert "unknown 'own'" in without.err
    assert run("scenario", "run", result, "--mechanisms", own, *args).code == 0


def test_a_dossier_says_how_much_of_the_case_it_measures(tmp_path: Path) -> None:
    path = tmp_path / "empty.detente"
    Dossier(path).close()
    outcome = run("scenario", "run", "reverse-nixon", "--runs", "16", "--dossier", path, "--json")
    assert outcome.code == 0
    assert f"ties: 0 of 21 rest on records of {path}" in outcome.err
    assert "trust: 0 of 42" in outcome.err


def test_figures_on_a_terminal_have_a_true_minus() -> None:
    shown = run("scenario", "run", "reverse-nixon", "--runs", "16", terminal=True).out
    assert "−0.02 [−0.07, +0.01]" in shown


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["rn"], "did you mean 'run'?"),
        (["run"], "needs a case"),
        (["run", "reverse-nixn"], "did you mean 'reverse-nixon'?"),
        (["run", "reverse-nixon", "--mechanisms", "gone.py"], "gone.py"),
        (["run", "reverse-nixon", "--dossier", "gone.detente"], "gone.detente"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(args: list[str], words: str) -> None:
    outcome = run("scenario", *args)
    assert outcome.code == 1
    assert words in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1

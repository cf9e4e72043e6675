"""The documentation is true: generated pages are fresh, links lead somewhere, examples run."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from detente import cli
from detente.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")],
)
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def load_generator() -> ModuleType:
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


GENERATOR = load_generator()
STRUCTS = [*GENERATOR.schema.TYPES.values(), *GENERATOR.PARTS.values(),
           *GENERATOR.DERIVED.values(), Settings]  # fmt: skip
COMMANDS = dict(map(GENERATOR.command_of, cli.app.registered_commands))


def options_of(command: str) -> set[str]:
    """Return the spellings of a command's options."""
    names = [p.names for p in GENERATOR.parameters_of(COMMANDS[command]) if p.is_option]
    return {word for name in names for word in re.findall(r"--?[\w-]+", name)} | {"--help"}


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\s-]", "", title.lower()) for title in titles)
    return {re.sub(r"\s+", "-", title.strip()) for title in plain}


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of `detente` in a page's shell examples."""
    for block in SHELL.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"[|>]|&&", line):
                words = shlex.split(part, comments=True)
                if words[:1] == ["detente"]:
                    yield words[1:]


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_generated_page_is_what_the_generator_writes(name: str) -> None:
    committed = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert committed == GENERATOR.PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_is_described_and_nothing_else(struct: type[msgspec.Struct]) -> None:
    fields = [field.name for field in msgspec.structs.fields(struct)]
    assert sorted(GENERATOR.attributes(struct)) == sorted(fields)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_of_its_command(name: str) -> None:
    _, example = GENERATOR.help_of(COMMANDS[name])
    words = shlex.split(example)
    assert words[:2] == ["detente", name]
    assert {w for w in words if w.startswith("-")} <= options_of(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    assert all(p.help for p in GENERATOR.parameters_of(COMMANDS[name]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"\w+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_shell_examples_call_commands_and_options_that_exist(page: Path) -> None:
    for words in commands_in(page.read_text(encoding="utf-8")):
        if words[0] in {"--help", "--version"}:
            continue
        assert words[0] in COMMANDS, words
        given = {w.partition("=")[0] for w in words[1:] if w.startswith("-") and w != "-"}
        assert given <= options_of(words[0]), words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_examples_compile(page: Path) -> None:
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        compile(block, str(page), "exec")


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    docs = ROOT / "docs"
    assert sorted(listed) == sorted(str(p.relative_to(docs)) for p in docs.glob("**/*.md"))


def test_method_notes_tell_their_limits() -> None:
    for page in (ROOT / "docs" / "methods").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert "## Limits" in text or "cannot show" in text, page.name


@pytest.mark.model
def test_readme_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    [example] = PYTHON.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {})
    assert "Russia" in printed.getvalue()

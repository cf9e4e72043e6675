"""Write the generated pages of docs/reference from the code: `make docs`.

Records and settings come from their structs and docstrings, commands from the declarations that
`detente --help` is made of. `tests/test_docs.py` compares the pages with what this writes, so they
cannot go stale.
"""

from __future__ import annotations

import inspect
import re
import tomllib
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from typer.models import ArgumentInfo, CommandInfo, OptionInfo

from detente import cli, schema
from detente.relations.blocs import Blocs, Movement
from detente.relations.perceived import PerceivedTie
from detente.relations.trends import Trend
from detente.relations.triangle import TrianglePattern, TurningPoint
from detente.scenarios.advantage import Advantage
from detente.scenarios.outlook import Forecast, PastEvent, Reason
from detente.scenarios.questions import Question
from detente.settings import Settings

REFERENCE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py (`make docs`); do not edit. -->\n"

PARTS: dict[str, type[schema.Record]] = {
    "span": schema.Span,
    "boilerplate": schema.Boilerplate,
    "actor reference": schema.ActorRef,
    "speaker reference": schema.SpeakerRef,
    "office": schema.Office,
    "about": schema.About,
}
DERIVED: dict[str, type[schema.Record]] = {
    "tie": schema.Tie,
    "trend": Trend,
    "perceived tie": PerceivedTie,
    "triangle": TrianglePattern,
    "turning point": TurningPoint,
    "blocs": Blocs,
    "movement": Movement,
    "forecast": Forecast,
    "reason": Reason,
    "question": Question,
    "advantage": Advantage,
    "past event": PastEvent,
    "figure": schema.Figure,
}
JSON_WORDS: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    Path: "path",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or option of a command, as its help shows it."""

    names: str
    default: str
    help: str
    is_option: bool


def attributes(struct: type) -> dict[str, str]:
    """Return what the docstrings of a struct and its bases say of each attribute."""
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        _, _, section = (inspect.cleandoc(base.__doc__ or "")).partition("Attributes:\n")
        for match in re.finditer(r"^    (\w+): (.+(?:\n {8,}.+)*)", section, re.MULTILINE):
            found[match[1]] = " ".join(match[2].split())
    return found


def body(described: object) -> str:
    """Return a docstring without its sections."""
    text = inspect.getdoc(described) or ""
    return re.split(r"\n\n(?:Attributes|Args|Raises):\n", text)[0].replace("Attributes:\n", "")


def type_words(annotation: Any) -> str:
    """Return a type as the JSON value that it becomes, linked where it is a part of a record."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        return " or ".join(type_words(part) for part in inner)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin is tuple:
        return f"list of {type_words(inner[0])}"
    if origin is dict:
        return "object"
    for name, struct in {**PARTS, **DERIVED}.items():
        if annotation is struct:
            return f"[{name}](#{name.replace(' ', '-')})"
    return JSON_WORDS[annotation]


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
                     for row in lines)  # fmt: skip


def struct_section(name: str, struct: type[msgspec.Struct]) -> str:
    """Return heading, description and table of fields of a struct."""
    said = attributes(struct)
    hints = get_type_hints(struct)
    rows = [(f"`{f.name}`", type_words(hints[f.name]), said[f.name])
            for f in msgspec.structs.fields(struct)]  # fmt: skip
    return f"### {name}\n\n{body(struct)}\n\n{table(('field', 'value', 'meaning'), rows)}\n"


def records_page() -> str:
    """Return the page on every record and field."""
    groups = {
        "Records": ("Each is a line of its own in JSON Lines, led by its kind: "
                    '`{"record": "event", …}`.', schema.TYPES),
        "Parts of records": ("They stand inside records.", PARTS),
        "What is derived": ("They carry the ids of the records that they rest on.", DERIVED),
    }  # fmt: skip
    parts = [f"{NOTE}# Records\n\n{inspect.getdoc(schema)}\n"]
    for title, (lead, structs) in groups.items():
        parts.append(f"## {title}\n\n{lead}\n")
        parts += [struct_section(name, struct) for name, struct in structs.items()]
    return "\n".join([*parts, plover_section(), bands_section()])


def plover_section() -> str:
    """Return the table of PLOVER roots, with their scores and modes."""
    roots = _toml("plover.toml")["root"]
    rows = [
        (
            f"`{root}`",
            entry["quad"].replace("_", " ").lower(),
            f"{entry['score']:g}",
            entry["means"],
            ", ".join(f"`{mode}` {score:g}" for mode, score in entry.get("modes", {}).items()),
        )
        for root, entry in roots.items()
    ]
    head = ("root", "kind", "score", "meaning", "modes with their scores")
    lead = "From `data/plover.toml` (PLOVER codebook, Open Event Data Alliance, February 2024)."
    return f"## Kinds of event\n\n{lead}\n\n{table(head, rows)}\n"


def bands_section() -> str:
    """Return the table of probability bands."""
    rows = [
        (band["name"], f"{band['low']:.0%} to {band['high']:.0%}")
        for band in _toml("probability.toml")["band"]
    ]
    lead = (
        "From `data/probability.toml` (Intelligence Community Directive 203, 2015). Words that "
        "name no probability are `unquantified`."
    )
    return f"## Bands\n\n{lead}\n\n{table(('band', 'probability'), rows)}\n"


def settings_page() -> str:
    """Return the page on every setting."""
    said, hints = attributes(Settings), get_type_hints(Settings)
    rows = [
        (f"`{f.name}`", type_words(hints[f.name]), f"`{_plain(f.default)}`", said[f.name])
        for f in msgspec.structs.fields(Settings)
    ]
    shown = table(("setting", "value", "default", "meaning"), rows)
    return f"{NOTE}# Settings\n\n{body(Settings)}\n\n{shown}\n\n{HOW_TO_SET}"


HOW_TO_SET = """\
In Python: `detente.code(documents, Settings(processes=2))`. An unknown name is an error. On the
command line `--processes` sets the worker processes and `--rules` switches the weights off; the
other settings keep their defaults. There is no settings file and no environment variable.
"""


def commands_page() -> str:
    """Return the page on every command, its arguments and options."""
    lead = "`detente --version` shows the version, `detente COMMAND --help` the help of a command."
    parts = [f"{NOTE}# Commands\n", f"{cli.app.info.help} {lead}\n"]
    for command in cli.app.registered_commands:
        name, callback = command_of(command)
        parameters = list(parameters_of(callback))
        said, example = help_of(callback)
        usage = " ".join(p.names for p in parameters if not p.is_option)
        rows = [(f"`{p.names}`", p.default, p.help) for p in parameters]
        parts.append(
            f"## {name}\n\n{said}\n\n```sh\n{example}\n```\n\n"
            f"Usage: `detente {name} {usage} [OPTIONS]`\n\n"
            f"{table(('argument or option', 'default', 'meaning'), rows)}\n"
        )
    return "\n".join([*parts, EXIT])


EXIT = """\
## What is printed, and exit status

On a terminal records are tables with colour, and long work shows a bar. Piped, they are JSON Lines:
one object a line under the names of the [records](records.md). Messages go to standard error.

| status | when |
| --- | --- |
| 0 | done; what had to be left out is named and counted on standard error |
| 1 | nothing could be used, or an option is wrong: one sentence says what and what helps |
| 2 | the command line itself is wrong (an unknown option, a missing argument) |
| 130 | stopped with Ctrl-C; what was stored in a dossier is kept |
"""


def command_of(command: CommandInfo) -> tuple[str, Callable[..., Any]]:
    """Return a command's name and the function behind it.

    Raises:
        ValueError: the command has no function.
    """
    if command.callback is None:
        raise ValueError("a command without a function cannot be documented")
    return command.name or command.callback.__name__, command.callback


def help_of(callback: Callable[..., Any]) -> tuple[str, str]:
    """Return a command's help without its example, and the example."""
    said, _, example = (inspect.getdoc(callback) or "").partition("[bold]Example:[/bold]")
    return said.strip(), example.strip()


def parameters_of(callback: Callable[..., Any]) -> Iterator[Parameter]:
    """Yield the arguments and options of a command, arguments first."""
    hints = get_type_hints(callback, include_extras=True)
    declared = inspect.signature(callback).parameters
    found = []
    for name, parameter in declared.items():
        annotation, info = get_args(hints[name])
        if not isinstance(info, ArgumentInfo | OptionInfo):
            raise ValueError(f"parameter {name!r} of {callback.__name__} says nothing in its help")
        is_option = isinstance(info, OptionInfo)
        words = _option_names(name, info) if is_option else info.metavar
        if is_option and annotation is not bool:
            words = f"{words} {info.metavar or _metavar(annotation)}"
        default = "" if parameter.default is inspect.Parameter.empty else parameter.default
        shown = f"`{_plain(default)}`" if default not in ("", None, False) else ""
        found.append(Parameter(words or name.upper(), shown, info.help or "", is_option))
    yield from sorted(found, key=lambda p: p.is_option)


def _option_names(name: str, info: ArgumentInfo | OptionInfo) -> str:
    """Return the spellings of an option; typer keeps the first that is declared as a default."""
    declared = [d for d in (info.default, *(info.param_decls or ())) if isinstance(d, str)]
    return ", ".join(declared) or f"--{name.replace('_', '-')}"


def _metavar(annotation: Any) -> str:
    """Return what stands for the value of an option: TEXT, INTEGER or PATH."""
    kinds = [part for part in (get_args(annotation) or (annotation,)) if part is not type(None)]
    return JSON_WORDS[kinds[0]].upper()


def _plain(value: Any) -> str:
    return "null" if value is None else f"{value:_}" if isinstance(value, int) else str(value)


def _toml(name: str) -> dict[str, Any]:
    text = (resources.files("detente") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


PAGES: dict[str, Callable[[], str]] = {
    "records.md": records_page,
    "commands.md": commands_page,
    "settings.md": settings_page,
}
"""The generated pages, and what writes each."""


def main() -> None:
    """Write all generated pages."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

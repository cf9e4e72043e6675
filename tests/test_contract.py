"""The house rules that a reader may rely on: imports run one way, each library has one door.

Each test looks at all modules and lists those that break its rule.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "detente"
STAGES = ("documents", "extract", "relations", "scenarios", "views")
"""In the order in which the data moves; `data` holds no code."""
COMMON = {"schema", "errors", "settings"}
"""Modules that every stage may import."""
TABLES_FOR = "views/exports.py"
"""The one stage module that writes the store's tables to other files."""
SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b|\bCREATE TABLE\b|\bUPDATE \w+ SET\b",
    re.S,
)
CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "hash"}
"""What would make the same input give another output."""
STREAMS = {"sys.stdout", "sys.stderr"}

MODULES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
}


def offenders(breaks: Callable[[str, ast.Module], object]) -> dict[str, object]:
    """Return what breaks a rule, by module."""
    return {name: found for name, tree in MODULES.items() if (found := breaks(name, tree))}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names of the modules that a module imports, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "detente":
                yield from (f"detente.{alias.name}" for alias in node.names)


def own_parts(tree: ast.AST) -> set[str]:
    """Return the parts of our own package that a module imports: `extract`, `schema`, ..."""
    names = (module.split(".") for module in imported(tree))
    return {module[1] for module in names if module[0] == "detente" and len(module) > 1}


def calls(tree: ast.AST) -> set[str]:
    """Return the names of all that a module calls, as written."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def public_definitions(
    holder: ast.Module | ast.ClassDef,
) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the public functions, classes and methods of a module."""
    for node in holder.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def test_a_stage_imports_only_itself_and_earlier_ones() -> None:
    def later(name: str, tree: ast.Module) -> object:
        stage = name.partition("/")[0]
        if stage not in STAGES:
            return None
        allowed = COMMON | set(STAGES[: STAGES.index(stage) + 1])
        return own_parts(tree) - allowed - ({"tables"} if name == TABLES_FOR else set())

    assert not offenders(later)


def test_every_folder_is_a_stage_the_benchmarks_or_the_command_line() -> None:
    assert {name.partition("/")[0] for name in MODULES if "/" in name} <= {*STAGES, "bench", "cli"}


def test_the_common_modules_import_nothing_of_ours() -> None:
    assert not offenders(
        lambda name, tree: own_parts(tree) if name.removesuffix(".py") in COMMON else None
    )


def test_only_the_package_start_imports_the_command_line() -> None:
    outside = offenders(lambda name, tree: "cli" in own_parts(tree) and not name.startswith("cli/"))
    assert list(outside) == ["__main__.py"]


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("spacy", {"extract/language.py"}),
        ("duckdb", {"database.py", "store.py"}),
        ("onnxruntime", {"extract/encoder.py"}),
        ("typer", {"cli/*.py"}),
        ("rich", {"cli/*.py"}),
    ],
)
def test_a_library_has_one_door(library: str, doors: set[str]) -> None:
    users = offenders(lambda _, tree: library in {m.partition(".")[0] for m in imported(tree)})
    assert all(any(fnmatch(user, door) for door in doors) for user in users)


def test_only_the_store_holds_sql() -> None:
    def statements(_: str, tree: ast.Module) -> list[str]:
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        return [text for text in constants if isinstance(text, str) and SQL.search(text)]

    assert list(offenders(statements)) == ["relations/dna.py", "store.py"]


def test_only_the_command_line_prints() -> None:
    def prints(_: str, tree: ast.Module) -> set[str]:
        streams = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        return calls(tree) & {"print"} | streams & STREAMS

    assert all(name.startswith("cli/") for name in offenders(prints))


def test_nothing_reads_the_clock_or_hashes_by_process() -> None:
    assert not offenders(lambda _, tree: calls(tree) & CLOCKS)


def test_every_public_name_has_a_docstring() -> None:
    def bare(_: str, tree: ast.Module) -> list[str]:
        module = ["the module"] if tree.body and not ast.get_docstring(tree) else []
        return module + [n.name for n in public_definitions(tree) if not ast.get_docstring(n)]

    assert not offenders(bare)

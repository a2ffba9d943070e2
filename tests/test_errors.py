"""Every problem that pulje can find: the smallest input that provokes it, and what is then shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

import pytest

from docs.errors import ERRORS, PAGE, codes, page, shown
from toolkit.core.problems import declare

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    path.relative_to(ROOT).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", "."): ast.parse(
        path.read_text(encoding="utf-8")
    )
    for path in sorted((ROOT / "toolkit").rglob("*.py"))
}
FOLDERS = sorted(folder.name for folder in ERRORS.iterdir())


@pytest.mark.parametrize("code", FOLDERS)
def test_the_problem_is_found_and_shown(code: str) -> None:
    """`python -m docs.errors` writes expected.txt anew; read the difference before you commit it."""
    expected = ERRORS / code / "expected.txt"

    assert shown(code) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", FOLDERS)
def test_the_smallest_input_provokes_nothing_else(code: str) -> None:
    first_lines = [text.splitlines()[0] for text in shown(code).split("\n\n")]

    assert first_lines
    assert all(code in line for line in first_lines)


def test_every_code_has_its_folder_and_every_folder_its_code() -> None:
    assert sorted(codes()) == FOLDERS


def test_the_page_of_errors_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_code_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="project-missing"):
        declare("project-missing", "note", "", "")


def test_a_code_is_raised_and_only_where_its_declaration_has_been_imported() -> None:
    declared = {code: module for module in MODULES for code in _declared(module)}
    raised = [(module, code) for module in MODULES for code in _raised(module, declared.keys())]

    assert {code for _module, code in raised} == set(declared)
    assert [(module, code) for module, code in raised if declared[code] not in _imported(module)] == []


def _calls(module: str, name: str) -> Iterator[ast.Constant]:
    """The first argument of each call of a function, where it is written there as it is."""
    for node in ast.walk(MODULES[module]):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[ast.Constant() as code, *_]) if called == name:
                yield code


def _declared(module: str) -> list[str]:
    return [str(code.value) for code in _calls(module, "declare")]


def _raised(module: str, known: Set[str]) -> set[str]:
    """The codes that a module gives to `problem`, and the known ones that it names in other ways."""
    declared = set(_calls(module, "declare"))
    constants = (node for node in ast.walk(MODULES[module]) if isinstance(node, ast.Constant) and node not in declared)
    named = {str(node.value) for node in constants}
    return {str(code.value) for code in _calls(module, "problem")} | (named & known)


@cache
def _imported(module: str) -> frozenset[str]:
    """A module and all that is imported with it."""
    seen, ahead = {module}, [module]
    while ahead:
        for node in MODULES[ahead.pop()].body:
            names: list[str] = []
            match node:
                case ast.Import():
                    names = [alias.name for alias in node.names]
                case ast.ImportFrom(module=str(base)):
                    names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            new = {name for name in names if name in MODULES} - seen
            seen |= new
            ahead += new
    return frozenset(seen)

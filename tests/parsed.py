"""The project's own code as the tests of it read it: each text is parsed once, however many tests look."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


def parsed(path: Path) -> ast.Module:
    """A file of code as a tree."""
    return parsed_text(path.read_text(encoding="utf-8"))


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in a tree, the tree itself first."""
    return tuple(ast.walk(tree))


@cache
def parsed_text(text: str) -> ast.Module:
    """The same of what may be in no file."""
    return ast.parse(text)

"""What can be wrong in files that are each well written: RULES, functions from a dossier to Problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from toolkit.core.checks import books, budgets, days, promise, references, terms, wages
from toolkit.core.dossier import Dossier
from toolkit.core.problems import Problem

Rule = Callable[[Dossier], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *days.RULES,
    *budgets.RULES,
    *references.RULES,
    *promise.RULES,
    *books.RULES,
    *wages.RULES,
    *terms.RULES,
)


def check(dossier: Dossier) -> list[Problem]:
    """Everything that the rules find, in the order of files and lines."""
    found = [problem for rule in RULES for problem in rule(dossier)]
    return sorted(found, key=lambda problem: (problem.at.file, problem.at.line, problem.at.column, problem.code))

"""What can be wrong in files that are each well written: RULES, functions from a dossier and its state to Problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from toolkit.core.checks import (
    attachments,
    books,
    budgets,
    costs,
    days,
    instalments,
    promise,
    references,
    terms,
    wages,
)
from toolkit.core.dossier import Dossier
from toolkit.core.problems import Problem
from toolkit.core.state import State, state_at

Rule = Callable[[Dossier, State], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *days.RULES,
    *budgets.RULES,
    *references.RULES,
    *attachments.RULES,
    *promise.RULES,
    *books.RULES,
    *instalments.RULES,
    *wages.RULES,
    *terms.RULES,
    *costs.RULES,
)


def check(dossier: Dossier) -> list[Problem]:
    """Everything that the rules find, in the order of files and lines.

    `latest` is the state of all that is known, whenever it happened: most rules about money look there.
    """
    latest = state_at(dossier.plan, dossier.events, dossier.postings, date.max, date.max)
    found = [problem for rule in RULES for problem in rule(dossier, latest)]
    return sorted(found, key=lambda problem: (problem.at.file, problem.at.line, problem.at.column, problem.code))

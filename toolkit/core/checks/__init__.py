"""What can be wrong in files that are each well written: RULES, functions from a dossier and its state to Problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from toolkit.core.checks import (
    amounts,
    attachments,
    books,
    budgets,
    calls,
    carry_overs,
    changed_period,
    changes,
    conditions,
    costs,
    days,
    decisions,
    duties,
    estimates,
    history,
    instalments,
    promise,
    references,
    rules,
    terms,
    wages,
)
from toolkit.core.dossier import Dossier
from toolkit.core.problems import Problem
from toolkit.core.state import State, state_at

Rule = Callable[[Dossier, State], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *days.RULES,
    *amounts.RULES,
    *duties.RULES,
    *references.RULES,
    *history.RULES,
    *decisions.RULES,
    *calls.RULES,
)

# These hold the log, the budgets, the rules and the postings against each other: without one of them whole, whatever
# they found would be its consequence.
JOINED_RULES: tuple[Rule, ...] = (
    *attachments.RULES,
    *promise.RULES,
    *changes.RULES,
    *budgets.RULES,
    *books.RULES,
    *rules.RULES,
    *instalments.RULES,
    *wages.RULES,
    *terms.RULES,
    *calls.JOINED_RULES,
    *costs.RULES,
    *carry_overs.RULES,
    *estimates.RULES,
    *amounts.JOINED_RULES,
    *duties.JOINED_RULES,
    *history.JOINED_RULES,
    *changed_period.JOINED_RULES,
    *conditions.JOINED_RULES,
)
# What these tell is for the agency to answer, or is about what is still to come: of a grant that was refused or closed
# there is neither.
ASKING: frozenset[Rule] = frozenset(
    {
        *changed_period.JOINED_RULES,
        *calls.JOINED_RULES,
        budgets.changed_budgets_are_approved,
        duties.duties_are_of_the_period_as_it_is,
        promise.what_is_the_agencys_is_answered_by_the_agency,
        terms.changed_lines_are_the_agencys,
        terms.money_stays_in_its_year,
    }
)
_JOINED = {"project.yaml", "events.yaml", "budgets", "allocation.yaml", "postings"}


def check(dossier: Dossier) -> list[Problem]:
    """Everything that the rules find, in the order of files and lines.

    `latest` is the state of all that is known, whenever it happened: most rules about money look there. What cannot be
    read comes before what it would lead to, so those wait for it.
    """
    latest = state_at(dossier.plan, dossier.events, dossier.postings, date.max, date.max)
    rules = RULES if dossier.unread & _JOINED else (*RULES, *JOINED_RULES)
    asked = [rule for rule in rules if not (latest.is_ended and rule in ASKING)]
    found = [problem for rule in asked for problem in rule(dossier, latest)]
    return sorted(found, key=lambda problem: (problem.at.file, problem.at.line, problem.at.column, problem.code))

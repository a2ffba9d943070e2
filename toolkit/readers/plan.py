"""project.yaml, budgets/ and a fund: what was promised, as it is written."""

from __future__ import annotations

from msgspec import structs

from toolkit.core.fund import Fund
from toolkit.core.money import Money
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import Problem, problem
from toolkit.readers import model


def read_plan(text: str, file: str, problems: list[Problem]) -> Plan | None:
    """project.yaml, without its budgets and its fund's terms: they are files of their own."""
    return model.read(Plan, text, file, problems)


def with_fund(plan: Plan, fund: Fund | None, problems: list[Problem]) -> Plan:
    """The plan with its fund's terms, as they are in its round; a grant that is applied for must say how much."""
    joined = structs.replace(plan, terms=fund.in_round(plan.round) if fund else None)
    grant = plan.grant
    if grant is None or grant.applied is not None or not joined.is_applied_for:
        return joined
    if "applied" not in grant.at.keys:  # MANGLER is told already
        example = model.example_of(Money)
        problems.append(problem("key-missing", grant.at.span, key="applied", example=example))
    return structs.replace(joined, grant=None)


def read_budget(text: str, file: str, id: str, problems: list[Problem]) -> Budget | None:
    """One version of the budget; its id is the file's name without the ending."""
    return model.read(Budget, text, file, problems, id=id)


def read_fund(text: str, file: str, id: str, problems: list[Problem]) -> Fund | None:
    """A fund of templates/funds/; its id is the file's name without the ending."""
    return model.read(Fund, text, file, problems, id=id)

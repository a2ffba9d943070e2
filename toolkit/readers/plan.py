"""project.yaml, budgets/ and a fund: what was promised, as it is written."""

from __future__ import annotations

from toolkit.core.fund import Fund
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import Problem
from toolkit.readers import model


def read_plan(text: str, file: str, problems: list[Problem]) -> Plan | None:
    """project.yaml, without its budgets and its fund's terms: they are files of their own."""
    return model.read(Plan, text, file, problems)


def read_budget(text: str, file: str, id: str, problems: list[Problem]) -> Budget | None:
    """One version of the budget; its id is the file's name without the ending."""
    return model.read(Budget, text, file, problems, id=id)


def read_fund(text: str, file: str, id: str, problems: list[Problem]) -> Fund | None:
    """A fund of templates/funds/; its id is the file's name without the ending."""
    return model.read(Fund, text, file, problems, id=id)

"""What the rules find in the small pilot, its budget changed as a test says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, MARCH, RULES, event, plan
from toolkit.core.cases import Case
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, Term
from toolkit.core.money import Money, kr
from toolkit.core.payroll import Hours, Payroll
from toolkit.core.plan import Budget, BudgetLine, Plan
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.problems import Problem
from toolkit.core.records import Id, Share

AGENCY = "Socialstyrelsen"
TRIPS = BudgetLine(id=Id("ture"), title="Ture", amount=kr(30_000))
TO_TRIPS = Rule(account="4700", line=Id("ture"))


def term(id: str, **keys: object) -> Term:
    return Term(id=Id(id), text=f"Reglen om {id}.", standing="sibling", reference="håndbogen", **keys)  # type: ignore[arg-type]


FUND = Fund(
    id=Id("faste-teams"),
    title="Faste teams",
    agency=AGENCY,
    purpose="Stabilitet",
    terms=(
        term("forbidden-lines", words=("overhead", "diverse")),
        term("budget-change-approval", share=Share(Fraction(1, 10)), amount=kr(100_000)),
        term("project-change"),
        term("carry-over"),
        term("extension"),
        term("costs-in-period"),
        term("vat", words=("købsmoms",)),
    ),
)


def with_fund(*budgets: Budget, fund: Fund = FUND, **changed: object) -> Plan:
    return plan(budgets=budgets or (AWARD,), terms=fund, **changed)


def found(
    of: Plan,
    code: str,
    *,
    events: Iterable[AnyEvent] = (),
    postings: Iterable[Posting] = (),
    rules: tuple[Rule, ...] = (*RULES, TO_TRIPS),
    hours: Iterable[Hours] = (),
    wage_accounts: tuple[str, ...] = ("*",),
    cases: tuple[Case, ...] = (),
) -> list[Problem]:
    """What the rules find under one code."""
    dossier = Dossier(
        plan=of,
        events=(AWARDED, *events),
        postings=Postings(tuple(postings), rules),
        payroll=Payroll(accounts=wage_accounts, hours=tuple(hours)),
        cases=cases,
    )
    return [problem for problem in check(dossier) if problem.code == code]


CHANGE = "2022-03-01-change"
ENDS = "project_period.ends"


def version(id: str, *lines: BudgetLine) -> Budget:
    *_day, stage = id.split("-")
    return Budget(id=Id(id), stage=stage, lines=lines)  # type: ignore[arg-type]


def named(line: BudgetLine, title: str) -> BudgetLine:
    return structs.replace(line, title=title)


def with_amount(line: BudgetLine, amount: Money) -> BudgetLine:
    return structs.replace(line, amount=amount)


def by_year(line: BudgetLine, *amounts: Money) -> BudgetLine:
    return structs.replace(line, by_year=dict(enumerate(amounts, start=2022)))


def approval(by: str, day: date = MARCH) -> AnyEvent:
    return event("change-approved", day, change="budget", by=by, budget=CHANGE, called=f"approved by {by}")


def request(day: date) -> AnyEvent:
    return event("change-requested", day, change="extension", values={ENDS: date(2024, 12, 31)})

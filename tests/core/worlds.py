"""A small pilot to build tests with: the same people, phases and lines everywhere, changed where a test says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import structs

from toolkit.core.events import KINDS, AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.municipality import Municipality
from toolkit.core.plan import Budget, BudgetLine, Goal, Grant, Milestone, Period, Person, Phase, Plan, Risk
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.state import State, last_known, state_at

JANUARY = date(2022, 1, 31)
MARCH = date(2022, 3, 31)
JUNE = date(2022, 6, 30)
OCTOBER = date(2022, 10, 4)
DECEMBER = date(2023, 12, 31)

PAY = BudgetLine(id="loen", title="Løn", amount=kr(400_000))
COURSES = BudgetLine(id="kurser", title="Kurser", amount=kr(100_000))
APPLICATION = Budget(id="2021-11-01-application", stage="application", lines=(PAY, COURSES))
AWARD = Budget(id="2021-12-16-award", stage="award", lines=(PAY, COURSES))

PLAN = Plan(
    title="Faste teams",
    municipality="Thisted",
    project_period=Period(starts=date(2022, 1, 1), ends=DECEMBER),
    grant=Grant(applied=kr(500_000), awarded=kr(500_000)),
    goals=(Goal(id="livskvalitet", title="Øget livskvalitet"),),
    phases=(
        Phase(id="fase-1", title="Etablering", starts=date(2022, 1, 1), ends=JUNE),
        Phase(id="fase-2", title="Drift", starts=date(2022, 7, 1), ends=DECEMBER),
    ),
    milestones=(Milestone(id="teams-klar", title="Teams er klar", due=date(2022, 6, 15), phase="fase-1"),),
    people=(Person(role="project_manager", name="Den første", since=date(2022, 1, 1)),),
    risks=(Risk(id="data", title="Data mangler", likelihood="medium", impact="high", action="Tæl selv"),),
    budgets=(APPLICATION, AWARD),
    home=Municipality("0787", "Thisted", "Thisted Kommune", "Region Nordjylland"),
)

RULES = (
    Rule(account="86*", grant_income=True),
    Rule(account="4001", line="loen"),
    Rule(account="4600", line="kurser"),
    Rule(account="2900", not_eligible=True),
)


def plan(**changed: Any) -> Plan:
    return structs.replace(PLAN, **changed)


def event(kind: str, happened: date, recorded: date | None = None, **keys: Any) -> AnyEvent:
    """Something that happened, and was recorded the same day unless the test says when."""
    keys.setdefault("called", keys.get("id") or f"{happened}-{kind}")
    return KINDS[kind](happened=happened, recorded=recorded or happened, **keys)


AWARDED = event("awarded", date(2021, 12, 16), amount=kr(500_000), budget=AWARD.id)


def posting(amount: Money, posted: date = MARCH, imported: date | None = None, **keys: Any) -> Posting:
    return Posting(
        **{
            "posted": posted,
            "voucher": "1",
            "account": "4001",
            "cost_centre": "",
            "wbs_element": "",
            "text": "",
            "amount": amount,
            "imported": imported or posted,
            **keys,
        }
    )


def state(
    as_of: date = DECEMBER,
    known_by: date | None = None,
    *,
    of: Plan = PLAN,
    events: Iterable[AnyEvent] = (),
    postings: Iterable[Posting] = (),
    rules: tuple[Rule, ...] = RULES,
) -> State:
    """The state of the small pilot, of everything recorded unless `known_by` says until when."""
    events, books = tuple(events), Postings(tuple(postings), rules)
    return state_at(of, events, books, as_of, known_by or last_known(events, books, as_of))

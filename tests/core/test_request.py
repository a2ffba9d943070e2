from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, JUNE, MARCH, RULES, event, plan, posting, state
from tests.documents.papers import dossier
from toolkit.core import events as log
from toolkit.core.economy import economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.occasion import occasions
from toolkit.core.plan import Budget, BudgetLine, Period
from toolkit.core.postings import Postings
from toolkit.core.report import report_of
from toolkit.core.request import BudgetRequest, Request, request_of, value_at
from toolkit.core.state import State

PAY = BudgetLine(
    id="loen",  # type: ignore[arg-type]
    title="Løn",
    amount=kr(300_000),
    by_year=dict.fromkeys((2022, 2023, 2024), kr(100_000)),
)
COURSES = BudgetLine(id="kurser", title="Kurser", amount=kr(50_000))  # type: ignore[arg-type]
OF = plan(
    budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY, COURSES)),),
    project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31)),
)
CARRIED = event("change-approved", date(2023, 2, 1), change="carry-over", year=2022)
ASKED = event("change-requested", date(2024, 1, 20), change="carry-over", year=2023)
PAID = (
    posting(kr(60_000)),
    posting(kr(10_000), posted=date(2023, 5, 1)),
    posting(kr(7_000), posted=date(2023, 5, 2), account="4600"),
)


def asked(at: State) -> Request:
    assert isinstance(ASKED, log.ChangeRequested)
    return request_of(ASKED, at, economy_of(at))


def rows(found: Request) -> list[tuple[str | int | None, Money, Money, Money]]:
    return [
        (each.line.id if each.line else each.carried_from, each.budget, each.spent, each.unspent)
        for each in found.unspent
    ]


def test_what_is_asked_to_be_carried_over_is_what_the_settlement_has_left_of_the_year() -> None:
    at = state(date(2024, 1, 20), of=OF, events=[AWARDED, CARRIED, ASKED], postings=PAID)
    found, economy = asked(at), economy_of(at)

    assert rows(found) == [
        ("loen", kr(100_000), kr(10_000), kr(90_000)),
        (2022, kr(40_000), kr(0), kr(40_000)),
    ]
    assert found.unspent_total is not None
    assert economy is not None
    assert found.unspent_total.unspent == economy.settlement.years[1].left == kr(130_000)


def test_a_request_that_was_corrected_asks_of_the_same_year() -> None:
    asks = event("change-requested", date(2023, 1, 20), change="carry-over", id="anmodning")
    corrected = event("corrected", date(2023, 1, 21), event="anmodning", values={"reason": "Ubesatte stillinger"})
    of = dossier(OF, (AWARDED, asks, corrected), postings=Postings(PAID, RULES))
    (occasion,) = occasions(of, "change-request")

    request = report_of(of, occasion).request
    assert request
    assert (request.year, request.event.reason) == (2022, "Ubesatte stillinger")


def test_a_year_that_no_line_has_money_for_has_nothing_to_carry_over() -> None:
    without = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(COURSES,)),), project_period=OF.project_period)

    assert asked(state(date(2024, 1, 20), of=without, events=[AWARDED, ASKED], postings=PAID)).unspent == ()


def test_a_budget_that_is_asked_for_is_held_against_what_the_agency_approved_last() -> None:
    def version(id: str, pay: int) -> Budget:
        lines = (structs.replace(PAY, amount=kr(pay)), structs.replace(COURSES, amount=kr(350_000 - pay)))
        return Budget(id=id, stage="award" if id == AWARD.id else "change", lines=lines)  # type: ignore[arg-type]

    ids = (AWARD.id, "2022-03-01-change", "2022-06-01-change")
    moved = plan(budgets=tuple(map(version, ids, (300_000, 290_000, 280_000))), project_period=OF.project_period)
    councils, agencys = (
        event("change-approved", MARCH, change="budget", by=by, budget=ids[1]) for by in ("KB", "tilskudsyder")
    )
    asks = event("change-requested", JUNE, change="budget", budget=ids[2])
    assert isinstance(asks, log.ChangeRequested)

    def of(approved: AnyEvent) -> BudgetRequest | None:
        return request_of(asks, state(JUNE, of=moved, events=[AWARDED, approved, asks]), None).budget

    by_council, by_agency = of(councils), of(agencys)
    assert by_council is not None and by_agency is not None
    assert [each.difference for each in by_council.lines] == [kr(-20_000), kr(20_000)]
    assert [each.difference for each in by_agency.lines] == [kr(-10_000), kr(10_000)]
    assert (by_council.council, by_agency.council) == (councils, None)


def test_of_several_changes_that_only_the_council_approved_the_last_is_told() -> None:
    ids = (AWARD.id, "2022-03-01-change", "2022-04-01-change", "2022-06-01-change")
    versions = tuple(structs.replace(OF.budgets[0], id=id, stage="award" if id == AWARD.id else "change") for id in ids)
    first, second = (
        event("change-approved", day, change="budget", by="KB", budget=id)
        for day, id in ((MARCH, ids[1]), (date(2022, 4, 20), ids[2]))
    )
    asks = event("change-requested", JUNE, change="budget", budget=ids[3])
    assert isinstance(asks, log.ChangeRequested)
    at = state(JUNE, of=plan(budgets=versions, project_period=OF.project_period), events=[AWARDED, first, second, asks])

    found = request_of(asks, at, None).budget

    assert found is not None
    assert found.council == second


@pytest.mark.parametrize(
    ("path", "value"),
    [("phases.fase-1.title", "Etablering"), ("phases.fase-2.title", "Drift"), ("phases.fase-3.title", None)],
)
def test_a_promised_value_is_found_by_the_items_own_id(path: str, value: str | None) -> None:
    assert value_at(OF, path) == value

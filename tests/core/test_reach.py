"""Months that no import covers: what was spent then is not known, and is no figure anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, DECEMBER, event, plan, posting, state
from toolkit.core.economy import Economy, economy_of
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kr
from toolkit.core.plan import Budget, BudgetLine, Period
from toolkit.core.postings import Posting, Rule
from toolkit.core.reach import Months, spans
from toolkit.core.state import State
from toolkit.core.status import status_of, to_carry_over

FEBRUARY = date(2024, 2, 1)
PAY = BudgetLine(id="loen", title="Løn", amount=kr(500_000), by_year={2022: kr(250_000), 2023: kr(250_000)})
OF = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(PAY,)),))
LAST_YEAR = event(
    *("imported", date(2024, 1, 15)),
    file="postings/b.csv",
    digest="b",
    starts=date(2023, 1, 1),
    ends=date(2024, 1, 10),
)
PAID = posting(kr(1_000), date(2023, 3, 15), date(2024, 1, 15), file="postings/b.csv")
TWENTY_TWO = tuple(f"2022-{month:02}" for month in range(1, 13))


def covering(starts: date, ends: date, name: str = "a") -> AnyEvent:
    return event("imported", date(2024, 1, 15), file=f"postings/{name}.csv", digest=name, starts=starts, ends=ends)


def known(
    as_of: date = FEBRUARY,
    *,
    imports: Iterable[AnyEvent] = (LAST_YEAR,),
    paid: Iterable[Posting] = (PAID,),
    events: Iterable[AnyEvent] = (),
    rules: tuple[Rule, ...] | None = None,
) -> State:
    books = {} if rules is None else {"rules": rules}
    return state(as_of, of=OF, events=[AWARDED, *events, *imports], postings=paid, **books)


def economy(found: State) -> Economy:
    told = economy_of(found)
    assert told is not None
    return told


def by_year(found: Economy) -> dict[int, tuple[bool, Money]]:
    return {year.year: (year.known, year.spent) for year in found.years}


def test_a_year_that_no_import_covers_is_not_known_and_leaves_nothing_to_carry_over() -> None:
    found = known()
    told = economy(found)

    assert found.reach.months_missing(FEBRUARY) == TWENTY_TWO
    assert by_year(told) == {2022: (False, kr(0)), 2023: (True, kr(1_000))}
    assert [each.year for each in told.settlement.years] == [2023]
    assert list(to_carry_over(found, told)) == []
    assert [(each.year, each.used) for each in told.year_ends] == [(2022, None), (2023, kr(1_000))]
    assert told.settlement.outcome is not None
    assert not told.settlement.is_final


def test_a_year_that_is_covered_in_part_has_the_sum_of_what_is_known() -> None:
    first = covering(date(2022, 1, 1), date(2022, 3, 31))
    spent = posting(kr(70), date(2022, 2, 1), date(2024, 1, 15), file="postings/a.csv")
    found = known(imports=[first, LAST_YEAR], paid=[spent, PAID])

    assert found.reach.months_missing(FEBRUARY) == TWENTY_TWO[3:]
    assert by_year(economy(found))[2022] == (True, kr(70))
    assert [each.year for each in economy(found).settlement.years] == [2022, 2023]
    assert not economy(found).settlement.is_final


def test_until_a_day_before_all_that_is_covered_nothing_is_known() -> None:
    found = known(date(2022, 12, 31))
    told = economy(found)
    status = status_of("p", found, [], []).budget

    assert found.knows_nothing
    assert not told.is_known
    assert told.settlement.years == ()
    assert told.balance.cost is None
    assert status is not None
    assert (status.is_unknown, status.spent_known_until, status.spent_gaps) == (True, None, TWENTY_TWO)


def test_only_months_that_begin_by_the_day_are_told_as_missing() -> None:
    assert known(date(2022, 3, 15)).reach.months_missing(date(2022, 3, 15)) == TWENTY_TWO[:3]
    assert [(gap.starts, gap.ends) for gap in known().reach.gaps_until(date(2022, 3, 15))] == [
        (date(2022, 1, 1), date(2022, 3, 31))
    ]


def test_a_cost_of_a_year_that_no_import_covers_is_shown_and_nothing_rests_on_it() -> None:
    early = structs.replace(PAID, performed=date(2022, 12, 20), posted=date(2023, 1, 5))
    found = known(imports=[covering(date(2023, 1, 1), date(2024, 1, 10), "b")], paid=[early, PAID])
    told = economy(found)

    assert by_year(told)[2022] == (False, kr(1_000))
    assert [each.year for each in told.settlement.years] == [2023]
    assert list(to_carry_over(found, told)) == []


def test_what_a_year_left_is_not_carried_past_one_that_is_not_known() -> None:
    years = dict.fromkeys((2022, 2023, 2024), kr(100))
    line = BudgetLine(id="loen", title="Løn", amount=kr(300), by_year=years)
    of = plan(
        project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31)),
        budgets=(Budget(id=AWARD.id, stage="award", lines=(line,)),),
    )
    imports = [
        covering(date(2022, 1, 1), date(2022, 12, 31)),
        covering(date(2024, 1, 1), date(2024, 12, 31), "b"),
    ]
    leave = event("change-approved", date(2023, 2, 1), change="carry-over", year=2022)
    paid = [
        posting(kr(10), date(year, 3, 1), date(2025, 1, 15), file=f"postings/{name}.csv")
        for year, name in ((2022, "a"), (2024, "b"))
    ]
    found = economy_of(state(date(2025, 2, 1), of=of, events=[AWARDED, leave, *imports], postings=paid))

    assert found is not None
    assert [(each.year, each.left) for each in found.settlement.years] == [(2022, kr(90)), (2024, kr(90))]


def test_months_of_an_extension_are_missing_too() -> None:
    longer = event(
        "change-approved", date(2023, 6, 1), change="extension", values={"project_period.ends": date(2024, 6, 30)}
    )
    imports = [
        covering(date(2022, 1, 1), date(2023, 12, 31)),
        covering(date(2024, 5, 1), date(2024, 6, 30), "b"),
    ]
    paid = [
        posting(kr(1), date(2022, 1, 1), date(2024, 1, 15), file="postings/a.csv"),
        posting(kr(1), date(2024, 5, 2), date(2024, 7, 1), file="postings/b.csv"),
    ]
    found = known(date(2024, 6, 30), imports=imports, paid=paid, events=[longer])

    assert found.reach.months_missing(date(2024, 6, 30)) == ("2024-01", "2024-02", "2024-03", "2024-04")


def test_the_months_of_a_status_are_runs_again() -> None:
    told = ["2022-01", "2021-12", "2022-03", "2022-01"]

    assert spans(told) == [Months(date(2021, 12, 1), date(2022, 1, 1)), Months(date(2022, 3, 1), date(2022, 3, 1))]


# ── a period that was extended later ─────────────────────────────────────────────────────────

YEAR = Period(starts=date(2022, 1, 1), ends=date(2022, 12, 31))
LONGER = event(
    "change-approved", date(2023, 1, 15), change="extension", values={"project_period.ends": date(2023, 6, 30)}
)
ALL = event("imported", date(2023, 1, 8), file="postings/a.csv", digest="a", ends=date(2023, 1, 7))
IN_JANUARY = posting(kr(7_000), date(2023, 1, 5), date(2023, 1, 8))


def of_one_year(as_of: date, known_by: date) -> State:
    return state(as_of, known_by, of=plan(project_period=YEAR), events=[AWARDED, ALL, LONGER], postings=[IN_JANUARY])


@pytest.mark.parametrize("as_of", [date(2022, 12, 31), date(2023, 1, 10)])
def test_nothing_is_settled_at_an_old_end_once_the_extension_is_known(as_of: date) -> None:
    before, after = (of_one_year(as_of, known_by) for known_by in (date(2023, 1, 10), date(2023, 2, 1)))

    assert economy(before).settlement.outcomes
    assert economy(before).extended_to is None
    assert economy(before).settlement.waits == ("after-period",)
    assert economy(after).extended_to == date(2023, 6, 30)
    assert economy(after).settlement.outcomes == ()
    assert not economy(after).settlement.is_final


def test_no_cost_vanishes_between_the_old_end_and_the_extension() -> None:
    seen = {
        day: sum(int(cost.amount) for cost in of_one_year(day, date(2023, 2, 1)).costs)
        for day in (date(2023, 1, 5), date(2023, 1, 15), date(2023, 6, 30))
    }

    assert set(seen.values()) == {700_000}


def test_a_period_that_a_later_change_shortens_hides_no_later_cost_and_shows_none_before_its_day() -> None:
    shorter = event(
        "change-approved", date(2023, 8, 1), change="extension", values={"project_period.ends": date(2023, 6, 30)}
    )
    late = posting(kr(90), date(2023, 9, 1), date(2023, 10, 1))

    def costs(as_of: date) -> list[Money]:
        return [cost.amount for cost in state(as_of, of=OF, events=[AWARDED, shorter], postings=[late]).costs]

    assert costs(date(2023, 7, 15)) == []
    assert costs(date(2023, 8, 1)) == costs(DECEMBER) == [kr(90)]

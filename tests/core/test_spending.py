from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import AWARD, AWARDED, COURSES, DECEMBER, JUNE, RULES, plan, posting, state
from toolkit.core.economy import Economy, economy_of
from toolkit.core.money import NOTHING, Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Period, Phase
from toolkit.core.postings import Posting
from toolkit.core.state import State

ONGOING = Phase(id="projektledelse", title="Projektledelse", ongoing=True)
EVALUATION = Phase(id="evaluering", title="Evaluering", starts=date(2022, 6, 1), ends=date(2022, 12, 31))

days = st.dates(date(2021, 11, 1), date(2024, 2, 28))
accounts = st.sampled_from(["4001", "4600", "2900", "8610", "5555"])
books = st.lists(
    st.builds(
        lambda oere, day, account: posting(Money(oere), posted=day, account=account),
        st.integers(-5_000_000, 5_000_000),
        days,
        accounts,
    ),
    max_size=30,
)


def economy(at: State) -> Economy:
    found = economy_of(at)
    assert found is not None
    return found


def by_phase(found: Economy) -> dict[str | None, Money]:
    return {each.phase.id if each.phase else None: each.spent for each in found.phases}


def test_a_posting_belongs_to_the_year_it_was_posted_in() -> None:
    late = posting(kr(9_000), posted=date(2022, 12, 31), imported=date(2023, 2, 1))
    found = economy(state(events=[AWARDED], postings=[late]))

    assert [(year.year, year.spent) for year in found.years] == [(2022, kr(9_000)), (2023, kr(0))]
    assert found.years[0].lines[0].by_month[11] == kr(9_000)


def test_a_year_has_the_part_of_the_budget_that_its_lines_say() -> None:
    pay = BudgetLine(id="loen", title="Løn", amount=kr(400_000), by_year={2022: kr(100_000), 2023: kr(300_000)})
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(pay, COURSES)),))
    found = economy(state(of=of, events=[AWARDED], postings=[posting(kr(40_000))]))

    assert [(year.budget, year.remaining) for year in found.years] == [
        (kr(100_000), kr(60_000)),
        (kr(300_000), kr(300_000)),
    ]
    assert found.undistributed == COURSES.amount
    assert (found.is_distributed, found.spent_beside_years, found.undistributed_remaining) == (
        *(True, kr(0), COURSES.amount),
    )


def test_what_is_spent_on_a_line_without_years_takes_nothing_from_any_year() -> None:
    pay = BudgetLine(id="loen", title="Løn", amount=kr(400_000), by_year={2022: kr(100_000), 2023: kr(300_000)})
    of = plan(budgets=(Budget(id=AWARD.id, stage="award", lines=(pay, COURSES)),))
    rules = (*RULES[:1], structs.replace(RULES[1], line=COURSES.id))
    found = economy(state(of=of, events=[AWARDED], postings=[posting(kr(40_000))], rules=rules))

    assert [(year.spent, year.spent_beside, year.remaining) for year in found.years] == [
        (kr(40_000), kr(40_000), kr(100_000)),
        (kr(0), kr(0), kr(300_000)),
    ]
    assert (found.spent_beside_years, found.undistributed_remaining) == (kr(40_000), COURSES.amount - kr(40_000))
    assert total(year.remaining or kr(0) for year in found.years) + found.undistributed_remaining == (
        found.budget.remaining
    )


def test_a_year_of_which_no_line_says_anything_has_no_budget_rather_than_none_at_all() -> None:
    found = economy(state(events=[AWARDED]))

    assert {(year.budget, year.remaining) for year in found.years} == {(None, None)}
    assert found.undistributed == kr(500_000)
    assert not found.is_distributed


def test_what_was_allowed_before_the_period_has_a_year_of_its_own() -> None:
    early = posting(kr(500), posted=date(2021, 12, 30))
    allowed = structs.replace(RULES[1], allowed="Styrelsen")
    waits, counts = (economy(state(events=[AWARDED], postings=[early], rules=(rule,))) for rule in (RULES[1], allowed))

    assert [(year.year, year.spent) for year in waits.years] == [(2022, kr(0)), (2023, kr(0))]
    assert [(year.year, year.spent) for year in counts.years] == [(2021, kr(500)), (2022, kr(0)), (2023, kr(0))]


def test_of_two_phases_that_run_the_last_begun_has_the_posting_and_says_that_it_was_shared() -> None:
    of = plan(phases=(*plan().phases, EVALUATION))
    found = economy(state(of=of, events=[AWARDED], postings=[posting(kr(100), posted=JUNE)]))

    assert by_phase(found) == {"fase-1": kr(0), "fase-2": kr(0), "evaluering": kr(100)}
    assert [each.shared for each in found.phases] == [kr(0), kr(0), kr(100)]


def test_an_ongoing_phase_has_only_what_no_phase_with_dates_has() -> None:
    of = plan(phases=(ONGOING, EVALUATION))
    paid = [posting(kr(100), posted=date(2022, 2, 1)), posting(kr(30), posted=JUNE)]
    found = economy(state(of=of, events=[AWARDED], postings=paid))

    assert by_phase(found) == {"projektledelse": kr(100), "evaluering": kr(30)}
    assert total(each.shared for each in found.phases) == kr(0)


def test_what_lies_outside_every_phase_is_said_last() -> None:
    of = plan(phases=plan().phases[:1])
    found = economy(state(of=of, events=[AWARDED], postings=[posting(kr(100), posted=date(2022, 12, 1))]))

    assert by_phase(found) == {"fase-1": kr(0), None: kr(100)}


@given(books)
def test_years_and_phases_each_sum_to_what_is_spent(paid: list[Posting]) -> None:
    of = plan(phases=(*plan().phases, EVALUATION, ONGOING))
    found = economy(state(date(2024, 12, 31), of=of, events=[AWARDED], postings=paid))

    assert total(year.spent for year in found.years) == found.budget.spent
    assert total(phase.spent for phase in found.phases) == found.budget.spent


@given(days, st.booleans())
def test_a_posting_lies_in_the_phase_that_the_state_of_its_day_calls_the_projects(day: date, ongoing: bool) -> None:
    of = plan(phases=(*plan().phases, EVALUATION, *([ONGOING] if ongoing else [])))
    paid = posting(kr(1), posted=day)
    phase = state(day, of=of, events=[AWARDED], postings=[paid]).phase
    found = economy(state(date(2024, 12, 31), of=of, events=[AWARDED], postings=[paid]))

    expected = [phase] if day in of.project_period else []  # what falls outside the period waits for an answer
    assert [each.phase for each in found.phases if each.spent != NOTHING] == expected


def test_a_project_that_ends_later_by_an_approved_change_has_more_years() -> None:
    longer = plan(project_period=Period(starts=date(2022, 1, 1), ends=date(2024, 6, 30)))

    assert [year.year for year in economy(state(DECEMBER, of=longer, events=[AWARDED])).years] == [2022, 2023, 2024]

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

from msgspec import UNSET, structs

from tests.core.worlds import AWARDED, JUNE, MARCH, PLAN, event, plan, posting, state
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.municipality import Municipality
from toolkit.core.plan import Days, Report
from toolkit.core.portfolio import Amounts, Holding, alphabetical, chosen, grouped, sums, told_once
from toolkit.core.status import Status, status_of

THISTED = Municipality(code="0787", place="Thisted", name="Thisted Kommune", region="Region Nordjylland")
VARDE = Municipality(code="0573", place="Varde", name="Varde Kommune", region="Region Syddanmark")


def status(as_of: date = JUNE, spent: int = 50_000, **changed: Any) -> Status:
    told = status_of("faste-teams", state(as_of, events=[AWARDED], postings=[posting(kr(spent))]), [], [])
    return structs.replace(told, **changed)


def silent(**changed: Any) -> Status:
    """The status of a project that has imported nothing."""
    return structs.replace(status_of("faste-teams", state(JUNE, events=[AWARDED]), [], []), **changed)


def waiting(*amounts: int) -> Status:
    """The status of a project with costs from before its period."""
    early = [posting(kr(amount), date(2021, 12, 1)) for amount in amounts]
    return status_of("faste-teams", state(JUNE, events=[AWARDED], postings=[posting(kr(1)), *early]), [], [])


def unplaced(amount: int) -> Status:
    """The status of a project with a cost that no rule puts on a line."""
    placed = [posting(kr(1)), posting(kr(amount), account="9999")]
    return status_of("faste-teams", state(JUNE, events=[AWARDED], postings=placed), [], [])


def from_earlier(spent: int) -> Status:
    """A status as a version wrote it that could not say how far spending is known."""
    told = status(spent=spent)
    assert told.budget is not None
    return structs.replace(told, budget=structs.replace(told.budget, spent_known_until=None))


def holding(file: str = "a", home: Municipality = THISTED, **changed: Any) -> Holding:
    return Holding(**{"file": file, "name": "faste-teams", "status": status(), "home": home, **changed})


def test_the_status_of_a_project_says_what_its_state_does() -> None:
    told = status(MARCH)

    assert told.phase == "fase-1"
    assert told.grant is not None
    assert told.grant.awarded == kr(500_000)
    assert told.budget is not None
    assert (told.budget.spent, told.budget.remaining) == (kr(50_000), kr(450_000))
    assert [(line.id, line.spent) for line in told.budget.lines] == [("loen", kr(50_000)), ("kurser", kr(0))]
    assert [(due.what, due.late) for due in told.deadlines] == [("milestone", False), ("period-ends", False)]


def test_a_report_whose_period_has_ended_is_not_sent_until_it_is_submitted() -> None:
    report = Report(kind="status-report", period_ends=JUNE, due=date(2022, 9, 1))
    of = plan(reports=(report,))
    sent = event("submitted", date(2022, 8, 20), issued="2022-06-30-status-report-v1", to="Styrelsen")

    def missing(as_of: date, *events: Any) -> int:
        return len(status_of("p", state(as_of, of=of, events=[AWARDED, *events]), [], []).reports_not_sent)

    assert missing(date(2022, 6, 29)) == 0
    assert missing(date(2022, 8, 31), sent) == 0
    assert missing(JUNE, sent) == 1


def test_who_owes_whom_of_a_closed_grant_is_told_once_it_is_settled_for_good() -> None:
    def closed(day: date, received: int, *kinds: str) -> tuple[Any, Any, Any]:
        rate = event("instalment-received", date(2022, 1, 3), amount=kr(received))
        events = [AWARDED, rate, *(event(kind, day) for kind in (*kinds, "closed"))]
        grant = status_of("p", state(day, events=events, postings=[posting(kr(50_000))]), [], []).grant
        assert grant is not None
        return grant.owed, grant.to_receive, grant.unsettled

    assert closed(MARCH, 125_000) == (kr(75_000), UNSET, UNSET)
    assert closed(MARCH, 20_000) == (None, kr(30_000), UNSET)
    assert closed(MARCH, 50_000) == (None, UNSET, UNSET)
    assert closed(JUNE, 125_000) == (None, UNSET, True)  # the books reach March
    assert closed(JUNE, 125_000, "rejected") == (kr(125_000), UNSET, UNSET)


def test_what_is_to_be_repaid_of_a_closed_grant_is_in_the_sum() -> None:
    told = status()
    assert told.grant is not None
    owes = structs.replace(told, grant=structs.replace(told.grant, closed=JUNE, owed=kr(40_000)))

    assert sums([holding("a"), holding("b", status=owes)]).owed == kr(40_000)


def test_the_sums_are_those_of_the_projects() -> None:
    both = sums([holding("a"), holding("b", status=status(spent=70_000))])

    assert (both.projects, both.amounts.granted, both.amounts.spent) == (2, kr(1_000_000), kr(120_000))
    assert both.amounts.remaining == kr(880_000)
    assert both.milestones_late == 2


def test_a_broken_project_is_counted_and_its_money_is_not() -> None:
    broken = holding("b", errors=1)
    of = sums([holding("a"), broken, Holding(file="c", name="c", status=None, errors=2)])

    assert (of.projects, of.broken) == (3, 2)
    assert of.amounts == sums([holding("a")]).amounts
    assert broken.amounts.spent is None


def test_a_status_without_a_forecast_leaves_the_total_to_the_others() -> None:
    told = status()
    assert told.budget is not None
    silent = holding("b", status=structs.replace(told, budget=structs.replace(told.budget, forecast=None)))
    of = sums([holding("a"), silent])

    assert (of.without_forecast, of.amounts.forecast) == (1, holding("a").amounts.forecast)


def test_a_grant_without_a_budget_is_counted_and_makes_no_sum_of_nothing() -> None:
    early = holding("b", status=status_of("b", state(JUNE, of=plan(budgets=()), events=[AWARDED]), [], []))
    of, alone = sums([holding("a"), early]), sums([early])

    assert alone.amounts == early.amounts == Amounts(granted=kr(500_000))
    assert (of.without_budget, of.without_spending, of.without_forecast) == (1, 1, 1)
    assert (of.amounts.budget, of.amounts.spent) == (kr(500_000), kr(50_000))
    assert sums([holding("c", status=status_of("c", state(JUNE), [], []))]).without_budget == 0


def test_of_projects_that_have_no_money_to_sum_no_total_is_said() -> None:
    no = status_of("b", state(JUNE, events=[AWARDED, event("rejected", date(2022, 3, 1))]), [], [])

    assert sums([holding("b", status=no), holding("c", status=None)]).amounts == Amounts()


def test_what_was_spent_is_no_figure_while_nothing_is_known_of_it() -> None:
    unknown = holding("b", status=silent())
    of, alone = sums([holding("a"), unknown]), sums([unknown])

    assert (unknown.amounts.budget, unknown.amounts.committed) == (kr(500_000), kr(0))
    assert [unknown.amounts.spent, unknown.amounts.unallocated, unknown.amounts.remaining] == [None] * 3
    assert unknown.amounts.forecast is None
    assert (of.without_spending, of.amounts.spent, of.amounts.budget) == (1, kr(50_000), kr(1_000_000))
    assert of.amounts.remaining == holding("a").amounts.remaining
    assert (alone.amounts.spent, alone.amounts.remaining, alone.amounts.granted) == (None, None, kr(500_000))


def test_costs_that_wait_are_counted_by_their_project_and_are_in_none_of_the_other_sums() -> None:
    of = sums([holding("a", status=waiting(300)), holding("b", status=waiting(20)), holding("c")])

    assert (of.waiting, of.amounts.waiting, of.amounts.spent) == (2, kr(320), kr(50_002))


def test_a_bill_and_its_credit_note_wait_though_they_come_to_nothing() -> None:
    of = sums([holding("a", status=waiting(300, -300))])

    assert (of.waiting, of.amounts.waiting) == (1, kr(0))


def test_nothing_spent_is_a_figure_where_the_books_are_known() -> None:
    back_again = status_of("p", state(JUNE, events=[AWARDED], postings=[posting(kr(5)), posting(kr(-5))]), [], [])

    assert holding(status=back_again).amounts.spent == kr(0)


def test_the_sums_are_known_as_far_as_the_project_that_is_known_the_shortest() -> None:
    march, later = holding("a"), holding("b", status=status(spent=1, budget=known_until(date(2022, 5, 31))))

    assert march.spent_known_until == MARCH
    assert sums([later, march, holding("c", status=silent())]).spent_known_until == MARCH
    assert sums([later, holding("d", errors=1)]).spent_known_until == date(2022, 5, 31)


def known_until(day: date) -> Any:
    budget = status().budget
    assert budget is not None
    return structs.replace(budget, spent_known_until=day)


def test_a_status_of_an_earlier_version_has_spent_what_it_says_but_not_until_when() -> None:
    spent, nothing = holding("a", status=from_earlier(50_000)), holding("b", status=from_earlier(0))
    of = sums([spent, nothing])

    assert (spent.amounts.spent, spent.spent_known_until) == (kr(50_000), None)
    assert nothing.amounts.spent is None
    assert (of.without_spending, of.without_until, of.spent_known_until) == (1, 1, None)


def test_groups_hold_each_project_once_and_those_that_do_not_say_come_last() -> None:
    east = holding("a", status=status(cohort="Øst"))
    south = holding("b", VARDE, status=status(cohort="Ærø"))
    silent = holding("c")
    groups = grouped([silent, east, south], "cohort")

    assert [group.name for group in groups] == ["Ærø", "Øst", None]
    assert sorted(each.file for group in groups for each in group.holdings) == ["a", "b", "c"]
    assert sum(int(group.sums.amounts.spent or kr(0)) for group in groups) == kr(150_000)


def test_projects_are_chosen_by_every_facet_that_is_asked_for() -> None:
    east, south = holding("a", status=status(cohort="Øst")), holding("b", VARDE, status=status(cohort="Øst"))
    unreadable = Holding(file="c", name="c", status=None, errors=1)
    every = [east, south, unreadable]

    assert chosen(every, {"cohort": ["øst"], "region": []}) == every
    assert chosen(every, {"cohort": ["øst"], "region": ["nordjylland"]}) == [east, unreadable]
    assert chosen(every, {"region": ["Region Syddanmark", "nordjylland"]}) == every
    assert chosen(every, {"phase": ["fase-1"]}) == chosen(every, {"phase": ["Etablering"]}) == every
    assert chosen(every, {"phase": ["finished"]}) == [unreadable]


def test_before_and_after_its_phases_a_project_is_in_none() -> None:
    before, after = holding(status=status(date(2021, 12, 20))), holding(status=status(date(2024, 1, 31)))

    assert [before.group("phase"), after.group("phase")] == ["upcoming", "finished"]
    assert holding(status=structs.replace(status(), phases=(), phase=None)).group("phase") is None


def test_a_project_of_several_statuses_is_told_by_the_latest_of_the_day_in_any_order() -> None:
    march = holding("march.json", handed_over=True, status=status(MARCH))
    june = holding("june.json", handed_over=True, status=status(JUNE))
    later = holding("later.json", handed_over=True, status=status(date(2022, 9, 30)))

    for order in permutations([march, june, later]):
        told = told_once(order, JUNE, None)

        assert told.holdings == (june,)
        assert told.later == (later,)
        assert told.doubled == ((march, june),)


def test_the_projects_own_files_go_before_a_status_and_another_municipality_is_another_project() -> None:
    own, handed = holding("a"), holding("a.json", handed_over=True)
    other = holding("b.json", VARDE, handed_over=True)
    told = told_once([handed, other, own], JUNE, None)

    assert told.holdings == (own, other)
    assert told.doubled == ((handed, own),)


def test_two_folders_of_the_same_name_are_two_projects() -> None:
    other = holding("vest/a", status=status(title="Et andet"))
    assert len(told_once([holding("øst/a"), other], JUNE, None).holdings) == 2


def test_a_folder_that_was_copied_counts_once_as_the_copy_that_was_written_in_last() -> None:
    old, copy = holding("a"), holding("kopi af a", status=status(known_by=date(2022, 9, 1)))
    renamed = holding("b", status=status(title="Nyt navn"))
    record = "a thisted-a Thisted"
    made, again = (structs.replace(each, made_from=record) for each in (old, renamed))
    broken = holding("c", status=None, errors=1, made_from=record)

    for order in permutations([old, copy]):
        assert told_once(order, JUNE, None).holdings == (copy,)
        assert told_once(order, JUNE, None).doubled == ((old, copy),)
    assert told_once([made, again, broken], JUNE, None).doubled == ((again, made), (broken, made))
    assert len(told_once([old, renamed], JUNE, None).holdings) == 2


def test_projects_of_two_funds_are_two_also_where_their_statuses_have_one_name() -> None:
    one, other = (holding(f"{fund}/a.json", handed_over=True, status=status(fund=fund)) for fund in ("a", "b"))
    own = holding("a", status=status(fund="a"))

    assert len(told_once([one, other], JUNE, None).holdings) == 2
    assert told_once([one, other, own], JUNE, None).doubled == ((one, own),)


def test_the_years_of_a_project_that_comes_again_are_told_apart() -> None:
    def of(year: int, file: str, **changed: Any) -> Holding:
        period = Days(date(year, 1, 1), date(year, 12, 31))
        return holding(file, status=status(project_period=period, **changed))

    first, second, other = of(2022, "2022/a"), of(2023, "2023/a"), of(2022, "b", title="Et andet")
    called = [each.called for each in told_once([first, second, other], JUNE, None).holdings]
    assert called == ["Faste teams (2022)", "Faste teams (2023)", "Et andet"]

    alike = of(2022, "øst/a", fund="anden-pulje")
    called = [each.called for each in told_once([first, second, alike], JUNE, None).holdings]
    assert called == ["Faste teams (2022, 2022/a)", "Faste teams (2023)", "Faste teams (2022, øst/a)"]


def test_what_was_only_applied_for_is_in_no_total_but_its_own() -> None:
    told = status()
    assert told.grant is not None
    asked = holding("b", status=structs.replace(told, grant=structs.replace(told.grant, awarded=None)))
    found = sums([holding(), asked])

    assert asked.amounts == Amounts()
    assert found.amounts == holding().amounts
    assert (found.unanswered, found.applied, found.refused) == (1, asked.applied, 0)
    assert asked.applied == told.grant.applied


def test_what_was_not_known_then_is_not_shown() -> None:
    handed = holding("a.json", handed_over=True, status=status(MARCH, known_by=date(2022, 10, 4)))

    assert told_once([handed], JUNE, date(2022, 6, 30)).later == (handed,)
    assert told_once([handed], JUNE, date(2022, 10, 4)).holdings == (handed,)


def test_danish_letters_stand_last_in_the_alphabet() -> None:
    places = ["Ærø", "Århus", "Øst", "Varde", "brøndby", "Billund"]

    assert sorted(places, key=alphabetical) == ["Billund", "brøndby", "Varde", "Ærø", "Øst", "Århus"]


def test_a_plan_says_which_cohort_it_is_in() -> None:
    assert status_of("p", state(of=structs.replace(PLAN, cohort="Øst")), [], []).cohort == "Øst"


def test_a_refused_project_is_counted_and_nothing_of_it_is_in_the_sums() -> None:
    no = event("rejected", date(2022, 1, 5), id="nej")
    plan_with_report = plan(reports=(Report(kind="status-report", period_ends=MARCH, due=MARCH),))
    told = status_of("p", state(JUNE, of=plan_with_report, events=[no], postings=[posting(kr(9))]), [], [])
    refused = holding("b", status=told)
    of = sums([holding("a"), refused])

    assert (of.projects, of.refused) == (2, 1)
    assert of.amounts == sums([holding("a")]).amounts
    assert (of.milestones_late, of.reports_not_sent) == (sums([holding("a")]).milestones_late, 0)
    assert (told.deadlines, refused.next) == ((), None)
    assert refused.budget is None


def test_what_refused_projects_are_to_pay_back_is_summed_beside_the_money_of_the_others() -> None:
    def refused(*repaid: AnyEvent) -> Holding:
        no = event("rejected", date(2022, 3, 1))
        rate = event("instalment-received", date(2022, 1, 5), amount=kr(100_000))
        return holding("b", status=status_of("b", state(JUNE, events=[AWARDED, rate, no, *repaid]), [], []))

    back = event("repaid", date(2022, 4, 1), amount=kr(30_000))
    all_back = event("repaid", date(2022, 4, 1), amount=kr(100_000))
    assert refused().owed == kr(100_000)
    assert refused(all_back).owed is None
    assert sums([holding("a"), refused(), refused(back), refused(all_back)]).owed == kr(170_000)


def test_of_many_projects_those_are_counted_that_do_not_say_until_when() -> None:
    of = sums([holding("a"), holding("b"), holding("c", status=from_earlier(70_000))])

    assert of.without_until == 1

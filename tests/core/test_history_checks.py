"""What the log says, against the plan as the changes that stand had made it by each event's day."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from tests.core.findings import AGENCY, found
from tests.core.worlds import AWARD, AWARDED, COURSES, DECEMBER, JUNE, PAY, PLAN, event, plan, state
from toolkit.core.cases import Case, Step
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.money import kr
from toolkit.core.plan import Budget, Condition, Grant, Milestone, Period, Report
from toolkit.core.records import Id

MAY, JULY, LATER = date(2022, 5, 1), date(2022, 7, 1), date(2022, 8, 1)
EXTRA = Milestone(id=Id("ekstra"), title="En mere", due=date(2022, 12, 1))
APPLIED = event("applied", date(2021, 11, 1), amount=kr(500_000))
BROUGHT = event("change-approved", MAY, change="project", values={"milestones.ekstra": EXTRA}, by=AGENCY)
DROPPED = event("change-approved", MAY, change="project", values={"milestones.teams-klar": None}, by=AGENCY)


def refused(of: str, value: object = None) -> object:
    return event("change-refused", JUNE, change="project", values={of: value}, by=AGENCY)


@pytest.mark.parametrize(
    ("id", "changes", "why"),
    [
        ("teams-klar", [], None),
        ("teams-klar", [DROPPED], "it was taken out on {day}."),
        ("teams-klar", [DROPPED, refused("milestones.teams-klar")], None),
        ("ekstra", [BROUGHT], None),
        ("ekstra", [BROUGHT, refused("milestones.ekstra", EXTRA)], "the change of {day} that brought it was refused."),
    ],
)
def test_what_an_event_is_about_is_there_by_the_changes_that_nobody_refused(id, changes, why):
    reached = event("milestone-reached", LATER, milestone=id)

    told = found(PLAN, "target-absent", events=[AWARDED, *changes, reached])

    assert [each.phrases["why"].text for each in told] == ([why] if why else [])


def test_what_a_later_change_brings_is_not_there_before_it():
    told = found(
        plan(), "target-absent", events=[event("milestone-reached", date(2022, 4, 1), milestone="ekstra"), BROUGHT]
    )

    assert [each.phrases["why"].text for each in told] == ["it comes with the change of {day}."]


def test_a_condition_that_the_agency_took_back_is_not_met():
    letter = plan(conditions=(Condition(id=Id("logo"), text="Puljen nævnes"),))
    taken_back = event("change-approved", MAY, change="project", values={"conditions.logo": None}, by=AGENCY)
    met = event("condition-met", LATER, condition="logo")

    assert found(letter, "target-absent", events=[AWARDED, met]) == []
    assert len(found(letter, "target-absent", events=[AWARDED, taken_back, met])) == 1


def test_what_a_change_says_is_awarded_before_the_award_changes_nothing_and_is_told():
    early = event("change-approved", date(2021, 12, 1), change="project", values={"grant.awarded": kr(450_000)})
    later = event("change-approved", MAY, change="project", values={"grant.awarded": kr(450_000)})

    assert len(found(plan(), "change-before-award", events=[APPLIED, early])) == 1
    assert len(found(plan(), "change-before-award", events=[early, AWARDED])) == 1
    assert found(plan(), "change-before-award", events=[AWARDED, later]) == []
    assert state(date(2021, 12, 2), events=[early, AWARDED]).grant.awarded is None
    assert state(JUNE, events=[early, AWARDED]).grant.awarded == AWARDED.amount
    assert state(JUNE, events=[early, AWARDED, later]).grant.awarded == kr(450_000)


def test_what_the_files_alone_award_is_what_a_change_is_of_and_what_it_was_at_first():
    change = event("change-approved", MAY, change="project", values={"grant.awarded": kr(450_000)})
    said, silent = Grant(applied=kr(600_000), awarded=kr(600_000)), Grant(applied=kr(600_000))

    def told(grant):
        dossier = Dossier(plan=plan(grant=grant), events=(change,))
        now = dossier.state(JUNE).grant
        return now.awarded, now.first_awarded, "change-before-award" in [each.code for each in check(dossier)]

    assert told(said) == (kr(450_000), kr(600_000), False)
    assert told(silent) == (None, None, True)


def test_where_the_award_came_later_it_is_its_day_that_may_be_wrong():
    early = event("change-approved", date(2021, 12, 1), change="project", values={"grant.awarded": kr(450_000)})

    def answer(*events):
        return found(plan(), "change-before-award", events=events)[0].phrases["award"].text

    assert "that of the award" in answer(early)
    assert "log the award" in answer(event("rejected", MAY), structs.replace(early, happened=JUNE))


def test_a_change_after_the_agencys_no_awards_nothing():
    no = event("rejected", MAY)
    change = event("change-approved", JUNE, change="project", values={"grant.awarded": kr(450_000)})

    assert len(found(plan(), "change-before-award", events=[AWARDED, no, change])) == 1
    assert state(JULY, events=[AWARDED, no, change]).grant.awarded is None


LONGER = {"project_period.ends": date(2024, 6, 30)}
MOVED = {"milestones.teams-klar.due": date(2024, 5, 31), "phases.fase-2.ends": date(2024, 6, 30)}


@pytest.mark.parametrize(
    "back",
    [
        event("change-refused", LATER, change="extension", by=AGENCY, values=LONGER),
        event("change-approved", LATER, change="extension", by=AGENCY, values={"project_period.ends": DECEMBER}),
    ],
)
def test_what_an_extension_moved_with_it_is_told_once_the_period_is_what_it_was(back):
    longer = event("change-approved", MAY, change="extension", by=AGENCY, values={**LONGER, **MOVED})
    events = [AWARDED, longer, back]

    assert found(PLAN, "outside-changed-period", events=events[:2]) == []
    told = [(each.words["typed"], each.words["since"]) for each in found(PLAN, "outside-changed-period", events=events)]
    assert told == [(f"values.{path}=…", str(LATER)) for path in ("phases.fase-2.ends", "milestones.teams-klar.due")]


@pytest.mark.parametrize(
    ("period", "days", "typed", "may_be_moved"),
    [
        ({"project_period.ends": JUNE}, "2022-07-01, 2023-12-31", "values.phases.fase-2=null", True),
        ({"project_period.starts": JULY}, "2022-01-01, 2022-06-30", "values.phases.fase-1=null", True),
        ({"project_period.ends": JULY}, "2023-12-31", "values.phases.fase-2.ends=…", False),
        (
            {"project_period": Period(starts=LATER, ends=LATER), "phases.fase-1": None},
            "2022-07-01, 2023-12-31",
            "values.phases.fase-2.starts=… values.phases.fase-2.ends=…",
            False,
        ),
    ],
)
def test_a_phase_is_told_once_and_one_none_of_whose_days_is_left_as_left_out(period, days, typed, may_be_moved):
    changed = event("change-approved", MAY, change="project", by=AGENCY, values=period)

    (told,) = found(plan(milestones=()), "outside-changed-period", events=[changed])

    assert (told.words["day"], told.words["typed"]) == (days, typed)
    assert bool(told.phrases["also"].text) == may_be_moved
    if may_be_moved:
        left_out = event("change-approved", MAY, change="project", by=AGENCY, values={typed[7:-5]: None})
        assert found(plan(milestones=()), "outside-changed-period", events=[changed, left_out]) == []


def test_a_milestone_outside_the_period_may_be_given_up_and_is_then_told_of_no_more():
    changed = event("change-approved", MAY, change="project", by=AGENCY, values={"project_period.ends": MAY})
    dropped = event("milestone-dropped", MAY, milestone="teams-klar", cause="Afkortet")

    def told(*events: object) -> list[str]:
        return [
            each.words["id"] for each in found(plan(phases=()), "outside-changed-period", events=[changed, *events])
        ]

    assert told() == ["teams-klar"]
    assert told(dropped) == []


def test_a_milestone_that_is_moved_within_an_extension_is_told_once_that_is_refused():
    longer = event("change-approved", MAY, change="extension", by=AGENCY, values=LONGER)
    moved = event("milestone-moved", JUNE, milestone="teams-klar", due=date(2024, 5, 31), cause="Ubesat")
    no = event("change-refused", JULY, change="extension", by=AGENCY, values=LONGER)
    reached = event("milestone-reached", LATER, milestone="teams-klar")

    assert found(PLAN, "expected-outside-period", events=[AWARDED, longer, moved]) == []
    assert len(found(PLAN, "expected-outside-period", events=[AWARDED, longer, moved, no])) == 1
    assert found(PLAN, "expected-outside-period", events=[AWARDED, longer, moved, no, reached]) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"outcome": "rejected", "text": "Nej"}, 1),
        ({"outcome": "approved", "text": "Ja, men senere"}, 1),
        ({"outcome": "approved", "text": "Ja"}, 0),
        ({"outcome": "rejected", "text": "Nej", "step": "kb"}, 0),
    ],
)
def test_two_decisions_of_a_step_on_one_day_are_told_where_they_differ(other, told):
    first = event("decided", MAY, case="sag", step="ssu", outcome="approved", text="Ja")
    second = event("decided", MAY, **{"case": "sag", "step": "ssu", **other})
    another_day = event("decided", JUNE, case="sag", step="ssu", outcome="rejected", text="Nej")

    assert len(found(plan(), "decided-otherwise", events=[AWARDED, first, second, another_day])) == told


SSU = Step(id=Id("ssu"), body="Udvalget", date=date(2022, 1, 18), case_type="for-decision")
FOLLOWS = Step(id=Id("raad"), body="Rådet", date="to-follow", case_type="for-decision")
SAG = Case(id=Id("sag"), title="Tilsagn", layout=Id("standard"), steps=(SSU, FOLLOWS))
TO_FEBRUARY = {"case": "sag", "step": "ssu", "date": date(2022, 2, 8)}


def decided(day, recorded=None, step="ssu", outcome="postponed"):
    return event("decided", day, recorded, id="u", case="sag", step=step, outcome=outcome, text="Ord.")


def between(*events):
    told = found(PLAN, "decided-between-meetings", events=[AWARDED, *events], cases=(SAG,))
    return [(each.words["days"], each.words["meeting"]) for each in told]


def test_a_decision_on_a_day_without_a_meeting_is_told_with_the_meeting_that_it_is_likely_of():
    to_february = event("meeting-set", date(2022, 1, 20), **TO_FEBRUARY)

    assert between(decided(date(2022, 1, 18)), to_february) == []
    assert between(decided(date(2022, 1, 20)), to_february) == [("2022-01-18, 2022-02-08", "2022-01-18")]
    assert between(decided(date(2022, 2, 7), date(2022, 2, 9)), to_february)[0][1] == "2022-02-08"
    assert between(decided(date(2022, 2, 7)), to_february)[0][1] == "2022-01-18"  # the other was not held by then
    assert between(decided(date(2022, 1, 18)), decided(date(2022, 1, 20)))[0][1] == "…"  # it has its own decision


def test_a_decision_on_a_day_that_the_meeting_was_moved_from_is_told():
    moved = event("meeting-set", date(2022, 1, 10), **TO_FEBRUARY)

    assert between(decided(date(2022, 1, 18)), moved) == [("2022-02-08", "…")]
    assert between(decided(date(2022, 1, 18), date(2022, 2, 9)), moved) == [("2022-02-08", "2022-02-08")]
    assert between(decided(date(2022, 2, 8)), moved) == []


def test_a_decision_of_a_step_without_a_known_meeting_and_one_recorded_late_are_not_told():
    assert between(decided(date(2022, 3, 1), step="raad")) == []
    assert between(decided(date(2022, 1, 18), date(2022, 6, 1))) == []


@pytest.mark.parametrize(
    "repair",
    [
        event("corrected", date(2022, 3, 1), event="u", values={"happened": date(2022, 1, 18)}),
        event("meeting-set", date(2022, 3, 1), case="sag", step="ssu", date=date(2022, 1, 20)),
    ],
)
@pytest.mark.parametrize("outcome", ["postponed", "approved"])
def test_what_is_proposed_for_a_decision_between_meetings_is_enough(repair, outcome):
    to_february = event("meeting-set", date(2022, 1, 20), **TO_FEBRUARY)
    wrong = structs.replace(decided(date(2022, 1, 20), outcome=outcome), called="u")

    assert len(between(wrong, to_february)) == 1
    assert between(wrong, to_february, repair) == []


@pytest.mark.parametrize(("day", "told"), [(date(2019, 1, 1), 0), (date(2018, 12, 31), 1)])
def test_what_happened_more_than_three_years_before_the_period_is_told(day, told):
    assert len(found(PLAN, "happened-before-period", events=[event("noted", day, text="Et møde")])) == told


@pytest.mark.parametrize("ends", [date(2023, 6, 30), date(2024, 6, 30)])
def test_a_duty_at_the_projects_end_is_told_whether_that_comes_earlier_or_later(ends):
    duty = plan(reports=(Report(kind="final-report", period_ends=PLAN.project_period.ends),))
    moved = event("change-approved", MAY, change="extension", values={"project_period.ends": ends}, by=AGENCY)

    (told,) = found(duty, "duty-moved", events=[AWARDED, moved])

    assert (told.words["was"], told.words["ends"]) == ("2023-12-31", ends.isoformat())


CLOSED = event("closed", JUNE, by=AGENCY)
CHANGED = Budget(id=Id("2022-05-01-change"), stage="change", lines=(PAY, COURSES))


@pytest.mark.parametrize("ended", [CLOSED, event("rejected", JUNE)])
def test_after_the_end_no_work_is_logged_and_of_money_only_what_is_settled(ended) -> None:
    settled = (
        event("instalment-received", LATER, amount=kr(10_000)),
        event("instalment-released", LATER, amount=kr(10_000)),
        event("repaid", LATER, amount=kr(10_000)),
        event("condition-met", LATER, condition="logo"),
        event("audited", LATER, by="BDO", statement="Påtegning", protocol="Protokol"),
        event("order-cancelled", LATER, line="ture", amount=kr(10_000)),
    )
    work = (
        event("milestone-reached", LATER, milestone="teams-klar"),
        event("ordered", LATER, line="ture", amount=kr(10_000)),
    )

    told = found(PLAN, "logged-after-end", events=[AWARDED, ended, *settled, *work])

    assert [each.words["event"] for each in told] == [each.called for each in work]


@pytest.mark.parametrize(("kind", "ended"), [("applied", event("rejected", JUNE)), ("awarded", CLOSED)])
def test_a_grant_that_goes_on_does_so_for_all_of_that_day_however_the_lines_stand(kind, ended) -> None:
    work = event("milestone-reached", LATER, milestone="teams-klar")
    again, before = event(kind, LATER, amount=kr(500_000)), event(kind, JULY, amount=kr(500_000))
    too_late = event(kind, date(2022, 8, 2), amount=kr(500_000))

    def told(*events: object) -> int:
        return len(found(PLAN, "logged-after-end", events=[AWARDED, ended, *events]))

    assert told(again, work) == told(work, again) == told(before, work) == 0
    assert told(work) == told(work, too_late) == 1


@pytest.mark.parametrize(("end", "by"), [(CLOSED, CHANGED), (event("rejected", JUNE), None)])
def test_a_closed_grant_that_goes_on_has_the_budget_that_a_change_brought_it(end, by) -> None:
    moved = event("change-approved", MAY, change="budget", budget=CHANGED.id, by=AGENCY)
    work = event("milestone-reached", LATER, milestone="teams-klar")

    (told,) = found(plan(budgets=(AWARD, CHANGED)), "logged-after-end", events=[AWARDED, moved, end, work])

    assert told.phrases["again"].words == {"day": "2022-08-01"} | ({"budget": by.id} if by else {})

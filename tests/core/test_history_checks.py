"""What the log says, against the plan as the changes that stand had made it by each event's day."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.findings import AGENCY, found
from tests.core.worlds import AWARDED, JUNE, PLAN, event, plan
from toolkit.core.plan import Condition, Milestone, Report
from toolkit.core.records import Id

MAY, JULY, LATER = date(2022, 5, 1), date(2022, 7, 1), date(2022, 8, 1)
EXTRA = Milestone(id=Id("ekstra"), title="En mere", due=date(2022, 12, 1))
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


@pytest.mark.parametrize(("day", "told"), [(date(2019, 1, 1), 0), (date(2018, 12, 31), 1)])
def test_what_happened_more_than_three_years_before_the_period_is_told(day, told):
    assert len(found(PLAN, "happened-before-period", events=[event("noted", day, text="Et møde")])) == told


@pytest.mark.parametrize("ends", [date(2023, 6, 30), date(2024, 6, 30)])
def test_a_duty_at_the_projects_end_is_told_whether_that_comes_earlier_or_later(ends):
    duty = plan(reports=(Report(kind="final-report", period_ends=PLAN.project_period.ends),))
    moved = event("change-approved", MAY, change="extension", values={"project_period.ends": ends}, by=AGENCY)

    (told,) = found(duty, "duty-moved", events=[AWARDED, moved])

    assert (told.words["was"], told.words["ends"]) == ("2023-12-31", ends.isoformat())

from __future__ import annotations

from datetime import date

import pytest

from tests.core.worlds import AWARDED, DECEMBER, JUNE, OCTOBER, PLAN, event, plan
from tests.documents.papers import dossier
from toolkit.core.cases import Case, Step
from toolkit.core.fund import Fund
from toolkit.core.money import kr
from toolkit.core.occasion import Occasion, occasions, on_day
from toolkit.core.plan import Grant, Plan, Report

HALF_YEARS = (date(2022, 6, 30), date(2022, 12, 31), date(2023, 6, 30))
REPORTS = tuple(Report(kind="status-report", period_ends=ends) for ends in HALF_YEARS)
REPORTING = dossier(plan(reports=REPORTS[::-1]))


def periods(found: list[Occasion]) -> list[tuple[date, date]]:
    return [(each.starts, each.ends) for each in found]


# ── status reports ───────────────────────────────────────────────────────────────────────────


def test_each_period_begins_the_day_after_the_one_before() -> None:
    found = occasions(REPORTING, "status-report")

    assert periods(found) == [
        (date(2022, 1, 1), date(2022, 6, 30)),
        (date(2022, 7, 1), date(2022, 12, 31)),
        (date(2023, 1, 1), date(2023, 6, 30)),
    ]
    assert [each.as_of for each in found] == list(HALF_YEARS)
    assert found[1].prose == "texts/status-report/2022-12-31.md"


def test_a_period_begins_where_the_duty_says_when_it_says_so() -> None:
    duty = Report(kind="status-report", period_starts=date(2022, 3, 1), period_ends=JUNE)

    assert periods(occasions(dossier(plan(reports=(duty,))), "status-report")) == [(date(2022, 3, 1), JUNE)]


def test_a_report_of_another_day_covers_the_days_since_the_last_one() -> None:
    first, second, _third = occasions(REPORTING, "status-report")
    ad_hoc = on_day(second, REPORTING, OCTOBER)
    before_any = on_day(first, REPORTING, date(2022, 3, 31))
    on_its_own, the_day_after = (on_day(second, REPORTING, day) for day in (HALF_YEARS[1], date(2023, 1, 1)))

    assert (ad_hoc.starts, ad_hoc.ends, ad_hoc.as_of) == (date(2022, 7, 1), OCTOBER, OCTOBER)
    assert ad_hoc.prose == "texts/status-report/2022-10-04.md"
    assert (before_any.starts, before_any.ends) == (date(2022, 1, 1), date(2022, 3, 31))
    assert on_its_own == second
    assert (the_day_after.starts, the_day_after.ends) == (date(2023, 1, 1), date(2023, 1, 1))


def test_a_project_that_need_not_report_has_no_report_to_make() -> None:
    assert occasions(dossier(), "status-report") == []


def test_a_kind_that_is_like_another_is_for_the_same_periods_until_project_yaml_names_its_own() -> None:
    own = dossier(plan(reports=(*REPORTS, Report(kind="nyhedsbrev", period_ends=OCTOBER))))
    like = occasions(REPORTING, "nyhedsbrev", "status-report")

    assert periods(like) == periods(occasions(REPORTING, "status-report"))
    assert [(each.kind, each.days, each.prose) for each in like[:1]] == [
        ("nyhedsbrev", "status-report", "texts/nyhedsbrev/2022-06-30.md")
    ]
    assert periods(occasions(own, "nyhedsbrev", "status-report")) == [(date(2022, 1, 1), OCTOBER)]
    assert len(occasions(own, "status-report")) == len(REPORTS)


# ── the others ───────────────────────────────────────────────────────────────────────────────


def test_an_application_is_as_of_the_day_it_was_sent() -> None:
    def day(of: Plan, *events: object) -> list[date]:
        return [each.as_of for each in occasions(dossier(of, events), "application")]

    fund = Fund(id="f", title="F", agency="A", purpose="P", call_closes=date(2021, 11, 1))
    applied_on = Grant(applied=kr(1), applied_on=date(2021, 10, 20))

    assert day(PLAN, event("applied", date(2021, 10, 28), amount=kr(1))) == [date(2021, 10, 28)]
    assert day(plan(grant=applied_on, terms=fund)) == [date(2021, 10, 20)]
    assert day(plan(terms=fund)) == [date(2021, 11, 1)]
    assert day(PLAN) == [date(2022, 1, 1)]
    assert day(plan(grant=None)) == []


def test_a_final_report_covers_the_whole_period_as_it_was_extended() -> None:
    longer = event("change-approved", OCTOBER, change="extension", values={"project_period.ends": date(2024, 6, 30)})

    assert periods(occasions(dossier(), "final-report")) == [(date(2022, 1, 1), DECEMBER)]
    assert periods(occasions(dossier(events=(AWARDED, longer)), "final-report")) == [
        (date(2022, 1, 1), date(2024, 6, 30))
    ]


@pytest.mark.parametrize("kind", ["final-report", "accounts"])
def test_what_tells_of_a_period_that_was_shortened_afterwards_is_of_the_day_of_that_approval(kind: str) -> None:
    ends, told = date(2022, 9, 30), date(2022, 10, 15)
    keys = {"change": "extension", "values": {"project_period.ends": ends}}
    duty = Report(kind=kind, period_ends=ends)  # type: ignore[arg-type]

    for day, as_of in ((told, told), (ends, ends), (JUNE, ends)):
        events = (
            AWARDED,
            event("change-approved", day, **keys),
            event("change-approved", DECEMBER, change="carry-over"),
        )
        (found,) = occasions(dossier(plan(reports=(duty,)), events=events), kind)
        assert (found.as_of, found.ends) == (as_of, ends)


@pytest.mark.parametrize("moved", [date(2023, 3, 31), date(2024, 6, 30)], ids=["shorter", "longer"])
def test_a_final_report_covers_what_its_duty_says_until_a_change_moves_the_projects_end(moved: date) -> None:
    duty = Report(kind="final-report", period_starts=date(2022, 3, 1), period_ends=OCTOBER)
    change = event("change-approved", date(2022, 6, 1), change="extension", values={"project_period.ends": moved})
    promised = plan(reports=(duty,))

    assert periods(occasions(dossier(promised), "final-report")) == [(date(2022, 3, 1), OCTOBER)]
    assert periods(occasions(dossier(promised, events=(AWARDED, change)), "final-report")) == [
        (date(2022, 3, 1), moved)
    ]


def test_a_step_is_an_agenda_item_once_its_day_is_known() -> None:
    case = Case(
        id="orientering",
        title="Faste teams",
        layout="thisted",
        steps=(
            Step(id="raad", body="Ældrerådet", date="to-follow", case_type="for-information"),
            Step(id="ssu", body="Udvalget", date=date(2022, 1, 11), case_type="for-information"),
        ),
    )
    day_set = event("meeting-set", date(2022, 1, 5), case="orientering", step="raad", date=date(2022, 1, 4))

    def items(*events: object) -> list[tuple[str, date]]:
        found = occasions(dossier(events=events, cases=(case,)), "agenda-item")
        return [(each.step.body, each.as_of) for each in found if each.step]

    assert items() == [("Udvalget", date(2022, 1, 11))]
    assert items(day_set) == [("Ældrerådet", date(2022, 1, 4)), ("Udvalget", date(2022, 1, 11))]


def test_an_agenda_item_of_another_meeting_tells_of_the_days_until_that() -> None:
    step = Step(id="ssu", body="Udvalget", date=date(2022, 1, 11), case_type="for-information")
    of = dossier(cases=(Case(id="sag", title="Faste teams", layout="standard", steps=(step,)),))
    (item,) = occasions(of, "agenda-item")
    other = on_day(item, of, JUNE)

    assert (other.starts, other.ends, other.as_of) == (item.starts, JUNE, JUNE)


def test_documents_of_a_kind_stand_in_the_order_of_their_days() -> None:
    duties = tuple(Report(kind="accounts", period_ends=ends) for ends in HALF_YEARS[::-1])
    asked = [event("change-requested", day, OCTOBER, change="budget") for day in (JUNE, OCTOBER, date(2022, 3, 31))]

    assert [each.ends for each in occasions(dossier(plan(reports=duties)), "accounts")] == list(HALF_YEARS)
    assert [each.as_of for each in occasions(dossier(events=asked), "change-request")] == [
        *(date(2022, 3, 31), JUNE, OCTOBER)
    ]


def test_a_document_knows_all_that_was_recorded_unless_it_is_told_otherwise() -> None:
    late = event("noted", JUNE, date(2024, 6, 26), text="Sent")

    assert [each.known_by for each in occasions(dossier(events=(AWARDED, late)), "final-report")] == [date(2024, 6, 26)]


def test_what_tells_of_the_whole_grant_ends_with_it_where_the_agency_closed_it_before_its_end() -> None:
    closed, late = (event("closed", day, by="tilskudsyder") for day in (date(2023, 5, 31), date(2024, 6, 12)))
    duties = (Report(kind="accounts", period_ends=DECEMBER), Report(kind="final-report", period_ends=DECEMBER))
    of = plan(reports=duties)

    for kind in ("accounts", "final-report"):
        (early,), (after,) = (occasions(dossier(of, [AWARDED, each]), kind) for each in (closed, late))
        assert (early.ends, early.as_of) == (closed.happened, closed.happened)
        assert (after.ends, after.as_of) == (DECEMBER, DECEMBER)

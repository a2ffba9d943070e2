from __future__ import annotations

from datetime import date, timedelta

from tests.core.worlds import AWARDED, DECEMBER, JUNE, PLAN, event, plan, state
from toolkit.core.cases import Case, Step
from toolkit.core.deadlines import Due, due, meetings_without_day, not_sent, without_day
from toolkit.core.plan import Report

MEETING = date(2022, 8, 16)
REPORT = Report(kind="status-report", period_ends=JUNE, due=date(2022, 9, 1))
CASE = Case(
    id="orientering",
    title="Faste teams",
    layout="thisted",
    steps=(
        Step(id="ssu", body="Udvalget", date=MEETING, case_type="for-information"),
        Step(id="raad", body="Ældrerådet", date="to-follow", case_type="for-information"),
    ),
)


def told(found: list[Due]) -> list[tuple[date, str, str, bool]]:
    return [(each.day, each.what, each.title, each.late) for each in found]


def test_what_is_late_comes_first_and_then_what_comes() -> None:
    found = due(state(JUNE, of=plan(reports=(REPORT,))), [CASE])

    assert told(found) == [
        (date(2022, 6, 15), "milestone", "Teams er klar", True),
        (MEETING, "meeting", "Udvalget: Faste teams", False),
        (date(2022, 9, 1), "report", "status-report", False),
        (DECEMBER, "period-ends", "", False),
    ]


def test_a_milestone_is_due_when_expected_late_by_its_promised_day_and_not_due_when_reached() -> None:
    def reports(issued: str) -> list[str]:
        sent = event("submitted", date(2022, 8, 30), issued=issued, to="Socialstyrelsen")
        found = due(state(date(2022, 9, 2), of=plan(reports=(REPORT,)), events=[sent]), [])
        return [each.title for each in found if each.what == "report"]

    assert reports("2022-06-30-status-report-v1") == []
    assert reports("2022-12-31-status-report-v1") == ["status-report"]
    assert reports("2022-06-30-accounts-v1") == ["status-report"]


def test_a_report_is_late_from_the_day_after_its_deadline() -> None:
    def late(as_of: date) -> list[bool]:
        return [each.late for each in due(state(as_of, of=plan(reports=(REPORT,))), []) if each.what == "report"]

    assert late(date(2022, 9, 1)) == [False]
    assert late(date(2022, 9, 2)) == [True]


def test_a_final_report_of_the_old_end_is_not_the_extended_projects_and_its_day_is_not_known() -> None:
    final = Report(kind="final-report", period_ends=DECEMBER, due=date(2024, 3, 31))
    end = date(2024, 6, 30)
    extended = event("change-approved", date(2023, 10, 1), change="extension", values={"project_period.ends": end})
    sent = {day: f"{day}-final-report-v1" for day in (DECEMBER, end)}

    def open_with(*issued: str) -> list[tuple[date, date | None]]:
        reports = (event("submitted", date(2024, 9, 1), issued=each, to="Socialstyrelsen") for each in issued)
        now = state(date(2024, 10, 1), of=plan(reports=(final,)), events=[AWARDED, extended, *reports])
        assert [each.what for each in due(now, []) if each.what == "report"] == []
        return [(each.period_ends, each.due) for each in without_day(now)]

    assert open_with() == [(end, None)]
    assert open_with(sent[DECEMBER]) == [(end, None)]
    assert open_with(sent[end]) == []


def test_a_meeting_that_is_over_is_not_due() -> None:
    def meetings(as_of: date) -> list[date]:
        return [each.day for each in due(state(as_of), [CASE]) if each.what == "meeting"]

    assert meetings(MEETING) == [MEETING]
    assert meetings(MEETING + timedelta(days=1)) == []


def test_a_report_without_a_deadline_is_never_due() -> None:
    no_deadline = plan(reports=(Report(kind="final-report", period_ends=DECEMBER),))

    assert [each.what for each in due(state(DECEMBER, of=no_deadline), [])] == ["milestone", "period-ends"]


def test_only_reports_are_due_once_the_agency_has_closed_the_grant_and_nothing_once_it_refused_it() -> None:
    day = date(2022, 8, 1)

    def left(as_of: date, *kinds: str) -> list[str]:
        ends = [event(kind, day) for kind in kinds]
        return [each.what for each in due(state(as_of, of=plan(reports=(REPORT,)), events=[AWARDED, *ends]), [])]

    assert left(date(2022, 7, 31), "closed") == ["milestone", "report", "period-ends"]
    assert left(day, "closed") == ["report"]
    assert left(day, "rejected") == left(day, "rejected", "closed") == []


def test_a_closing_before_the_end_leaves_what_was_to_be_told_then_and_the_whole_until_that_day() -> None:
    of = plan(
        reports=(
            REPORT,
            Report(kind="status-report", period_ends=DECEMBER, due=date(2024, 3, 1)),
            Report(kind="vores-status", period_ends=DECEMBER),
            Report(kind="accounts", period_ends=date(2022, 12, 31), due=date(2023, 3, 31)),
            Report(kind="accounts", period_ends=DECEMBER, due=date(2024, 3, 31)),
            Report(kind="final-report", period_ends=DECEMBER, due=date(2022, 7, 1)),
        ),
        likes={"vores-status": "status-report"},
    )
    day = date(2022, 8, 1)

    def left(on: date) -> list[tuple[str, date, date | None]]:
        now = state(on, of=of, events=[AWARDED, event("closed", on)])
        return [(each.kind, each.period_ends, each.due) for each in not_sent(now)]

    assert left(day) == [
        ("status-report", JUNE, date(2022, 9, 1)),
        ("accounts", day, None),
        ("final-report", day, date(2022, 7, 1)),
    ]
    assert left(DECEMBER) == [(each.kind, each.period_ends, each.due) for each in of.reports]
    assert [each[:2] for each in left(date(2021, 12, 20))] == [("accounts", DECEMBER), ("final-report", DECEMBER)]


def test_what_is_sent_of_the_days_until_a_closing_is_sent() -> None:
    of, day = plan(reports=(Report(kind="accounts", period_ends=DECEMBER),)), date(2022, 8, 1)

    def left(issued: date) -> list[date]:
        sent = event("submitted", date(2022, 9, 1), issued=f"{issued}-accounts-v1", to="Socialstyrelsen")
        now = state(date(2022, 10, 1), of=of, events=[AWARDED, event("closed", day), sent])
        return [each.period_ends for each in not_sent(now)]

    assert left(day) == []
    assert left(DECEMBER) == [day]


def test_the_period_ends_on_its_last_day_and_not_after() -> None:
    assert "period-ends" in [each.what for each in due(state(DECEMBER), [])]
    assert "period-ends" not in [each.what for each in due(state(date(2024, 1, 1)), [])]


def test_a_meeting_that_got_its_day_is_due_then() -> None:
    set_for = event("meeting-set", date(2022, 6, 1), case="orientering", step="raad", date=date(2022, 9, 6))
    found = told(due(state(JUNE, events=[set_for]), [CASE]))

    assert (date(2022, 9, 6), "meeting", "Ældrerådet: Faste teams", False) in found
    assert all("Ældrerådet" not in title for _, _, title, _ in told(due(state(JUNE), [CASE])))


def test_a_meeting_without_a_day_is_told_until_it_has_one() -> None:
    put_off = event("decided", MEETING, case="orientering", step="ssu", outcome="postponed", text="Udsat.")
    another = event("meeting-set", date(2022, 8, 20), case="orientering", step="ssu", date=date(2022, 9, 6))

    def waiting(as_of: date) -> list[str]:
        found = meetings_without_day(state(as_of, events=[AWARDED, put_off, another]), [CASE])
        return [step.id for _case, step in found]

    assert waiting(JUNE) == ["raad"]
    assert waiting(date(2022, 8, 19)) == ["ssu", "raad"]
    assert waiting(date(2022, 8, 20)) == ["raad"]


def test_every_deadline_knows_where_it_is_written() -> None:
    assert due(state(JUNE), [])[0].at == PLAN.milestones[0].at.of("due")

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from msgspec import structs

from tests.core.worlds import (
    AWARD,
    AWARDED,
    DECEMBER,
    JANUARY,
    JUNE,
    MARCH,
    OCTOBER,
    PLAN,
    RULES,
    event,
    plan,
    posting,
)
from tests.documents.papers import dossier, occasion
from toolkit.core.cases import Case, Step
from toolkit.core.events import AnyEvent
from toolkit.core.money import kr
from toolkit.core.plan import Budget, Indicator, Phase, Report
from toolkit.core.postings import Posting, Postings
from toolkit.documents.facts import Facts, IndicatorFacts, StepFacts
from toolkit.documents.from_state import facts_of

MEETING = date(2022, 1, 11)
LATER = date(2022, 2, 8)
CASE = Case(
    id="orientering",
    title="Faste teams",
    layout="thisted",
    steps=(
        Step(id="ssu", body="Udvalget", date=MEETING, item=14, case_type="for-information", proposal=("tager det",)),
        Step(id="raad", body="Ældrerådet", date="to-follow", case_type="for-information", consultation=True),
    ),
)
DECIDED = event("decided", MEETING, date(2022, 1, 13), case="orientering", step="ssu", outcome="noted", text="Taget.")
SET = event("meeting-set", date(2022, 1, 20), case="orientering", step="raad", date=LATER, item=3)
ANSWERED = event("consultation-answered", LATER, case="orientering", step="raad", text="Rådet er glad.")


def facts(*events: AnyEvent, as_of: date = JUNE, postings: tuple[Posting, ...] = (), **changed: object) -> Facts:
    told = dossier(plan(**changed), (AWARDED, *events), postings=Postings(postings, RULES))
    return facts_of(told, occasion(as_of))


# ── a case never tells the future ────────────────────────────────────────────────────────────


def item(step: str, as_of: date, *, decided: bool = False, known_by: date = DECEMBER) -> Facts:
    """The agenda item of one step, made from a log that knows how it all ended."""
    told = dossier(events=(AWARDED, DECIDED, SET, ANSWERED), cases=(CASE,))
    on = occasion(as_of, case=CASE, step=CASE.step(step), decided=decided, known_by=known_by)
    return facts_of(told, on)


def steps(found: Facts) -> dict[str, StepFacts]:
    return {step.body: step for step in found.steps}


def test_before_its_meeting_an_item_knows_no_decision_and_no_later_meeting() -> None:
    found = item("ssu", MEETING)

    assert found.decision is None
    assert (steps(found)["Udvalget"].decision, steps(found)["Udvalget"].day) == (None, MEETING)
    assert (steps(found)["Ældrerådet"].day, steps(found)["Ældrerådet"].answer) == (None, None)


def test_a_later_item_knows_what_earlier_bodies_decided() -> None:
    found = item("raad", LATER)

    assert steps(found)["Udvalget"].decision == "Taget."
    assert (steps(found)["Ældrerådet"].day, steps(found)["Ældrerådet"].item) == (LATER, 3)
    assert steps(found)["Ældrerådet"].answer is None
    assert [step.body for step in found.steps if step.current] == ["Ældrerådet"]


def test_the_minutes_hold_the_decision_in_its_own_words() -> None:
    found = item("ssu", MEETING, decided=True).decision

    assert found is not None
    assert found.text == "Taget."
    assert item("raad", LATER, decided=True).decision is None


def test_a_decision_that_was_not_yet_recorded_is_not_known() -> None:
    assert item("ssu", MEETING, decided=True, known_by=date(2022, 1, 12)).decision is None
    assert steps(item("raad", LATER, known_by=date(2022, 1, 12)))["Udvalget"].decision is None


def test_a_constructed_decision_makes_the_step_that_tells_it_constructed() -> None:
    constructed = structs.replace(DECIDED, synthetic=True)
    on = occasion(LATER, case=CASE, step=CASE.step("raad"))
    found = facts_of(dossier(events=(constructed,), cases=(CASE,)), on)

    assert [(step.body, step.origin.synthetic) for step in found.steps] == [("Udvalget", True), ("Ældrerådet", False)]


# ── the period ───────────────────────────────────────────────────────────────────────────────


def test_a_report_tells_what_happened_in_its_period_and_what_stands_at_its_end() -> None:
    held = [
        event("activity-held", day, title=title)
        for day, title in ((date(2021, 12, 30), "Før"), (JANUARY, "I perioden"), (OCTOBER, "Efter"))
    ]
    rows = (posting(kr(100), date(2021, 12, 30)), posting(kr(200), MARCH), posting(kr(400), OCTOBER))
    found = facts(*held, postings=rows)

    assert [each.title for each in found.held] == ["I perioden"]
    assert found.budget is not None
    assert (found.budget.in_period, found.budget.spent, found.budget.waiting) == (kr(200), kr(200), kr(100))
    assert (found.budget.lines[0].in_period, found.budget.lines[0].spent) == (kr(200), kr(200))
    assert [(row.id, row.spent, row.before) for row in found.budget.waiting_rows] == [
        ("before-period", kr(100), kr(100))
    ]


def test_the_next_period_ends_with_the_next_report_or_with_the_project() -> None:
    duty = Report(kind="status-report", period_ends=date(2022, 12, 31))

    def following(as_of: date) -> tuple[date, date] | None:
        period = facts(as_of=as_of, reports=(duty,)).following
        return period and (period.starts, period.ends)

    assert following(JUNE) == (date(2022, 7, 1), date(2022, 12, 31))
    assert following(date(2022, 12, 31)) == (date(2023, 1, 1), DECEMBER)
    assert following(DECEMBER) is None


def test_milestones_ahead_are_those_still_to_reach_in_the_next_period() -> None:
    found = facts(event("milestone-moved", MARCH, milestone="teams-klar", due=OCTOBER, cause="Ubesat"))
    (moved,) = found.milestones_moved

    assert (moved.promised, moved.due, moved.cause) == (date(2022, 6, 15), OCTOBER, "Ubesat")
    assert found.milestones_ahead == (moved,)
    assert facts(event("milestone-reached", MARCH, milestone="teams-klar")).milestones_ahead == ()
    assert facts(event("closed", JUNE, by="Styrelsen")).milestones_ahead == ()
    assert [each.late for each in facts().milestones_late] == [True]


def test_an_ongoing_phase_has_no_dates_to_write() -> None:
    found = facts(phases=(Phase(id="l", title="Løbende", ongoing=True),))

    assert [(phase.when, phase.status.text) for phase in found.phases] == [("løbende", "I gang")]
    assert found.phase == found.phases[0]


# ── money ────────────────────────────────────────────────────────────────────────────────────


def test_unspent_is_known_only_when_the_project_has_ended() -> None:
    rows = (posting(kr(480_000)),)

    def unspent(as_of: date) -> object:
        budget = facts(as_of=as_of, postings=rows).budget
        return budget and budget.unspent

    assert (unspent(date(2023, 12, 30)), unspent(DECEMBER)) == (None, kr(20_000))


def test_each_year_has_its_column_whether_or_not_the_budget_says_its_share() -> None:
    found = facts(as_of=DECEMBER, postings=(posting(kr(1)), posting(kr(2), date(2023, 5, 1)))).budget

    assert found is not None
    assert [(year.year, year.budget, year.spent) for year in found.years] == [
        ("2022", None, kr(1)),
        ("2023", None, kr(2)),
    ]


def test_a_project_without_a_grant_has_facts_too() -> None:
    found = facts(grant=None, budgets=(), fund=None)

    assert (found.grant, found.budget, found.fund, found.title) == (None, None, None, "Faste teams")


def test_money_on_a_line_that_a_change_took_away_is_told_apart() -> None:
    change = Budget(
        id="2022-05-01-change", stage="change", lines=(structs.replace(AWARD.lines[0], amount=kr(500_000)),)
    )
    approved = event("change-approved", date(2022, 5, 1), change="budget", budget=change.id)
    found = facts(approved, postings=(posting(kr(7), account="4600"),), budgets=(*PLAN.budgets, change)).budget

    assert found is not None
    assert (found.elsewhere, found.spent, [line.spent for line in found.lines]) == (kr(7), kr(0), [kr(0)])
    assert [(row.id, row.spent) for row in found.waiting_rows] == [("dropped-line", kr(7))]


# ── indicators ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("baseline", "target", "measured", "reached"),
    [
        (62, 72, 73, True),
        (62, 72, 71, False),
        (16, 9, 9, True),
        (16, 9, 10, False),
        (None, 380, 389, True),
        (5, 0, 0, True),
        (62, None, 70, None),
        (62, 72, None, None),
    ],
)
def test_an_indicator_is_reached_on_the_side_where_its_target_is(
    baseline: int | None, target: int | None, measured: int | None, reached: bool | None
) -> None:
    indicator = Indicator(
        id="x",
        title="X",
        baseline=None if baseline is None else Fraction(baseline),
        target=None if target is None else Fraction(target),
    )
    events = [] if measured is None else [event("measured", MARCH, indicator="x", value=Fraction(measured))]
    (found,) = facts(*events, indicators=(indicator,)).indicators

    assert isinstance(found, IndicatorFacts)
    assert (found.reached, found.measured) == (reached, measured)


def test_the_latest_measurement_is_the_one_that_is_told() -> None:
    measured = [
        event("measured", day, indicator="x", value=Fraction(value)) for day, value in ((MARCH, 64), (JANUARY, 61))
    ]
    (found,) = facts(*measured, indicators=(Indicator(id="x", title="X"),)).indicators

    assert (found.measured, found.measured_on) == (64, MARCH)


def test_every_fact_knows_where_it_was_written() -> None:
    assert facts().milestones[0].origin.spans == (PLAN.milestones[0].at.span,)
    assert len(facts(event("repaid", MARCH, amount=kr(1))).grant.origins["repaid"].spans) == 1  # type: ignore[union-attr]

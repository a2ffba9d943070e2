from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.worlds import (
    APPLICATION,
    AWARD,
    AWARDED,
    DECEMBER,
    JANUARY,
    JUNE,
    MARCH,
    OCTOBER,
    PAY,
    PLAN,
    RULES,
    event,
    plan,
    posting,
    state,
)
from toolkit.core.events import AnyEvent, Noted
from toolkit.core.money import Money, kr, total
from toolkit.core.plan import Budget, BudgetLine, Grant, Indicator, Period, Person, Phase, Plan
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.records import Id
from toolkit.core.state import BudgetState, MilestoneState, State, corrected, last_known
from toolkit.core.status import status_of

# ── two dates ────────────────────────────────────────────────────────────────────────────────


def test_a_late_voucher_does_not_change_what_march_said() -> None:
    late = posting(kr(9_000), posted=date(2022, 3, 30), imported=OCTOBER)

    said = state(MARCH, known_by=date(2022, 4, 15), postings=[late])
    said_again = state(MARCH, known_by=OCTOBER, postings=[late])

    assert said.budget is not None
    assert said_again.budget is not None
    assert (said.budget.spent, said.budget.remaining) == (kr(0), kr(500_000))
    assert (said_again.budget.spent, said_again.budget.remaining) == (kr(9_000), kr(491_000))


def test_a_posting_counts_from_its_own_day_however_early_it_was_imported() -> None:
    early = posting(kr(9_000), posted=date(2022, 4, 1), imported=MARCH)

    assert state(MARCH, known_by=OCTOBER, postings=[early]).allocated == ()


def test_an_event_counts_once_it_is_recorded() -> None:
    reached = event("milestone-reached", date(2022, 3, 30), date(2022, 4, 4), milestone="teams-klar")

    assert milestone(reached, as_of=MARCH, known_by=MARCH).status == "upcoming"
    assert milestone(reached, as_of=MARCH, known_by=date(2022, 4, 4)).status == "reached"
    assert milestone(reached, as_of=date(2022, 3, 29), known_by=date(2022, 4, 4)).status == "upcoming"


def test_a_correction_changes_a_state_as_soon_as_it_is_recorded() -> None:
    measured = event("measured", JUNE, indicator="trivsel", value=Fraction(62), id="maaling")
    correction = event("corrected", OCTOBER, event="maaling", values={"value": Fraction(61)})
    with_indicator = plan(indicators=(Indicator(id="trivsel", title="Trivsel"),))

    def value(known_by: date) -> Fraction:
        (found,) = state(JUNE, known_by, of=with_indicator, events=[measured, correction]).indicators
        return found.measured[-1].value

    assert value(JUNE) == 62
    assert value(OCTOBER) == 61


def test_what_was_withdrawn_never_happened() -> None:
    reached = event("milestone-reached", JUNE, milestone="teams-klar", id="naaet")
    withdrawn = event("corrected", OCTOBER, event="naaet", withdrawn=True)

    assert milestone(reached, withdrawn, as_of=JUNE, known_by=JUNE).status == "reached"
    assert milestone(reached, withdrawn, as_of=JUNE, known_by=OCTOBER).status == "late"


def test_a_correction_may_give_an_event_another_day() -> None:
    reached = event("milestone-reached", date(2022, 7, 1), milestone="teams-klar", id="naaet")
    correction = event("corrected", OCTOBER, event="naaet", values={"happened": date(2022, 6, 14)})

    assert milestone(reached, correction, as_of=JUNE).reached == date(2022, 6, 14)


def test_the_last_of_two_corrections_stands() -> None:
    noted = event("noted", MARCH, text="Først", id="n")
    corrections = [event("corrected", OCTOBER, event="n", values={"text": text}) for text in ("Så", "Til sidst")]
    first, *_ = corrected([noted, *corrections])

    assert structs.asdict(first)["text"] == "Til sidst"


def test_a_correction_that_is_withdrawn_or_corrected_itself_has_changed_nothing_else() -> None:
    noted = event("noted", MARCH, text="Først", id="n")
    other = event("noted", MARCH, text="En anden", id="m")
    wrong = event("corrected", JUNE, event="n", values={"text": "Forkert"}, id="rettelse")
    withdrawn = event("corrected", OCTOBER, event="rettelse", withdrawn=True, id="fortrudt")
    moved = event("corrected", OCTOBER, event="rettelse", values={"event": "m"})
    again = event("corrected", OCTOBER, event="fortrudt", withdrawn=True)

    def texts(*corrections: AnyEvent) -> list[str]:
        return [each.text for each in corrected([noted, other, *corrections]) if isinstance(each, Noted)]

    assert texts(wrong) == ["Forkert", "En anden"]
    assert texts(wrong, withdrawn) == ["Først", "En anden"]
    assert texts(wrong, moved) == ["Først", "Forkert"]
    assert texts(wrong, withdrawn, again) == ["Forkert", "En anden"]


def test_what_was_recorded_on_another_day_than_it_says_is_known_from_the_day_that_is_right() -> None:
    noted = event("noted", MARCH, date(2032, 3, 31), text="I fremtiden", id="n")
    right = event("corrected", OCTOBER, event="n", values={"recorded": date(2022, 4, 1)}, id="rettelse")
    too_early = event("corrected", OCTOBER, event="n", values={"recorded": DECEMBER})

    def known(*events: AnyEvent, by: date) -> list[str]:
        return [each.text for each in corrected(events, by) if isinstance(each, Noted)]

    assert known(noted, right, by=JUNE) == []
    assert known(noted, right, by=OCTOBER) == ["I fremtiden"]
    assert known(noted, right, too_early, by=OCTOBER) == []
    assert last_known([noted, right], Postings(), MARCH) == OCTOBER


def test_an_award_that_is_withdrawn_still_says_what_it_said_of_before() -> None:
    logged = event("awarded", date(2021, 12, 16), amount=kr(300_000), id="tilsagn")
    withdrawn = event("corrected", OCTOBER, event="tilsagn", withdrawn=True)

    for as_of in (date(2021, 12, 15), JUNE):
        assert state(as_of, JUNE, events=[logged, withdrawn]).grant == state(as_of, JUNE, events=[logged]).grant
    assert state(JUNE, OCTOBER, events=[logged, withdrawn]).grant == state(JUNE, OCTOBER).grant


def test_of_two_events_on_a_day_the_later_in_the_log_has_the_last_word() -> None:
    twice = [
        event("milestone-moved", MARCH, milestone="teams-klar", due=day, cause="Ubesat")
        for day in (date(2022, 8, 15), date(2022, 9, 1))
    ]

    assert milestone(*twice, as_of=MARCH).due == date(2022, 9, 1)
    assert milestone(*twice[::-1], as_of=MARCH).due == date(2022, 8, 15)


def test_from_the_last_day_on_what_is_taken_back_is_seen_whatever_its_day() -> None:
    late = posting(kr(5), DECEMBER + timedelta(days=10), account="2901")
    rules = (Rule(account="2901", taken_back=True),)

    def taken_back(as_of: date) -> list[str]:
        return [part.place for part in state(as_of, late.imported, postings=[late], rules=rules).allocated]

    assert taken_back(DECEMBER - timedelta(days=1)) == []
    assert taken_back(DECEMBER) == ["taken-back"]


def test_an_event_logged_late_is_told_on_its_own_day() -> None:
    later = event("milestone-moved", JUNE, milestone="teams-klar", due=date(2022, 9, 1), cause="Ferie")
    earlier = event("milestone-moved", MARCH, OCTOBER, milestone="teams-klar", due=date(2022, 8, 1), cause="Ubesat")

    assert milestone(later, earlier, as_of=JUNE).due == date(2022, 9, 1)


# ── milestones and phases ────────────────────────────────────────────────────────────────────


def milestone(*events: AnyEvent, as_of: date, known_by: date | None = None) -> MilestoneState:
    (found,) = state(as_of, known_by, events=events).milestones
    return found


def test_a_milestone_is_late_from_the_day_after_it_was_due() -> None:
    assert milestone(as_of=date(2022, 6, 15)).status == "upcoming"
    assert milestone(as_of=date(2022, 6, 16)).status == "late"
    assert milestone(as_of=date(2022, 6, 16)).days_late(JUNE) == 15


def test_a_milestone_reached_after_it_was_due_is_reached() -> None:
    reached = event("milestone-reached", OCTOBER, milestone="teams-klar")

    assert (milestone(reached, as_of=OCTOBER).status, milestone(reached, as_of=JUNE).status) == ("reached", "late")


def test_a_dropped_milestone_is_never_late() -> None:
    dropped = event("milestone-dropped", MARCH, milestone="teams-klar", cause="Ikke brug for den")
    found = milestone(dropped, as_of=DECEMBER)

    assert (found.status, found.dropped) == ("dropped", dropped)


def test_how_far_a_phase_is_counts_both_its_days() -> None:
    short = plan(phases=(Phase(id="f", title="F", starts=date(2022, 3, 1), ends=date(2022, 3, 10)),))

    def done(day: int) -> tuple[str, Fraction | None]:
        (found,) = state(date(2022, 3, 1).replace(day=day), of=short).phases
        return found.status, found.done

    assert done(1) == ("running", Fraction(1, 10))
    assert done(10) == ("running", Fraction(1))
    assert done(11) == ("finished", Fraction(1))
    assert [each.done for each in state(date(2022, 2, 28), of=short).phases] == [Fraction(0)]


def test_an_ongoing_phase_runs_all_the_way_and_is_never_so_and_so_far() -> None:
    always = plan(phases=(Phase(id="loebende", title="Løbende", ongoing=True),))

    (running,) = state(JUNE, of=always).phases
    (finished,) = state(date(2024, 1, 1), of=always).phases

    assert (running.status, running.done) == ("running", None)
    assert finished.status == "finished"


@pytest.mark.parametrize("kind", ["rejected", "closed"])
def test_a_phase_that_was_not_over_when_the_grant_was_has_lapsed_whatever_the_calendar_says(kind: str) -> None:
    over = event(kind, JUNE, **({"by": "Styrelsen"} if kind == "closed" else {}))
    first, second = state(OCTOBER, events=[AWARDED, over]).phases

    assert (first.standing, second.standing, second.status) == ("finished", "lapsed", "running")
    assert state(OCTOBER, events=[AWARDED, over]).phase is None


def test_a_status_keeps_its_words_and_says_beside_them_what_has_lapsed() -> None:
    over = event("closed", MARCH, by="Styrelsen")
    told, open_ = (status_of("p", state(OCTOBER, events=[AWARDED, *more]), (), ()) for more in ([over], []))

    assert [(each.status, each.standing) for each in told.milestones] == [("dropped", "lapsed")]
    assert [(each.status, each.standing) for each in told.phases] == [("finished", "lapsed"), ("running", "lapsed")]
    assert [(each.status, each.standing) for each in open_.milestones] == [("late", "late")]
    assert [each.standing for each in open_.phases] == ["finished", "running"]


def test_of_overlapping_phases_the_last_begun_is_the_one_that_runs() -> None:
    overlapping = plan(
        phases=(
            Phase(id="b", title="B", starts=date(2022, 3, 1), ends=DECEMBER),
            Phase(id="a", title="A", starts=date(2022, 1, 1), ends=DECEMBER),
            Phase(id="c", title="C", ongoing=True),
        )
    )

    def running(as_of: date) -> str | None:
        phase = state(as_of, of=overlapping).phase
        return phase and phase.id

    assert (running(JANUARY), running(MARCH), running(DECEMBER)) == ("a", "b", "b")


def test_only_an_ongoing_phase_runs_where_none_with_dates_does() -> None:
    gap = plan(phases=(*PLAN.phases[:1], Phase(id="loebende", title="Løbende", ongoing=True)))
    found = state(OCTOBER, of=gap).phase

    assert found is not None
    assert found.id == "loebende"
    assert state(date(2024, 1, 1)).phase is None


# ── the grant ────────────────────────────────────────────────────────────────────────────────


def test_a_project_without_a_grant_is_a_project_too() -> None:
    found = state(JUNE, of=plan(grant=None, budgets=()), postings=[posting(kr(100))])

    assert (found.grant, found.budget) == (None, None)
    assert [phase.status for phase in found.phases] == ["running", "upcoming"]
    assert total(part.amount for part in found.allocated) == kr(100)


def test_until_the_answer_is_known_nothing_is_awarded() -> None:
    applied = event("applied", date(2021, 11, 1), amount=kr(500_000))
    answered = structs.replace(AWARDED, recorded=date(2022, 1, 3))

    def grant(as_of: date, known_by: date) -> tuple[str, Money | None]:
        found = state(as_of, known_by, events=[applied, answered]).grant
        assert found is not None
        return found.status, found.awarded

    assert grant(date(2021, 12, 1), OCTOBER) == ("applied", None)
    assert grant(date(2021, 12, 16), OCTOBER) == ("awarded", kr(500_000))


def test_a_rejected_grant_is_not_awarded() -> None:
    found = state(JUNE, events=[event("rejected", date(2021, 12, 16))]).grant

    assert found is not None
    assert (found.status, found.awarded) == ("rejected", None)


def test_a_grant_that_was_awarded_and_then_refused_is_awarded_no_more() -> None:
    events = [event("awarded", date(2021, 12, 16), amount=kr(500_000)), event("rejected", MARCH)]
    before, after = (state(day, events=events).grant for day in (date(2021, 12, 31), JUNE))

    assert before is not None
    assert after is not None
    assert (before.status, before.awarded) == ("awarded", kr(500_000))
    assert (after.status, after.awarded, after.awarded_on) == ("rejected", None, None)


def test_a_grant_that_was_refused_is_so_after_it_is_closed_and_until_it_is_applied_for_or_awarded_again() -> None:
    refused, closed = event("rejected", MARCH), event("closed", date(2022, 4, 1), by="Styrelsen")
    more = event("change-approved", date(2022, 4, 2), change="project", by="S", values={"grant.awarded": kr(9)})
    again = event("applied", date(2022, 5, 1), amount=kr(400_000))

    def told(*events: AnyEvent) -> tuple[date | None, Money | None]:
        found = state(JUNE, events=events).grant
        assert found is not None
        return found.refused_on, found.awarded

    assert told(refused, closed) == told(refused, more) == (MARCH, None)
    assert told(refused, closed, again) == (None, None)
    assert told(refused, closed, again, event("awarded", JUNE, amount=kr(7))) == (None, kr(7))


def test_a_grant_is_awarded_in_full_where_it_is_neither_less_nor_more_than_was_applied_for() -> None:
    def in_full(awarded: Money | None) -> bool:
        found = state(JUNE, of=plan(grant=Grant(applied=kr(500_000), awarded=awarded))).grant
        assert found is not None
        return found.in_full

    assert [in_full(each) for each in (None, kr(499_999), kr(500_000), kr(500_001))] == [False, False, True, False]


def test_a_grant_that_was_awarded_may_be_closed_and_one_that_was_not_is_planned() -> None:
    closed = state(OCTOBER, events=[AWARDED, event("closed", JUNE)]).grant
    neither = state(OCTOBER, of=plan(grant=Grant(applied=kr(500_000)))).grant

    assert closed is not None
    assert neither is not None
    assert (closed.status, closed.awarded) == ("closed", kr(500_000))
    assert (neither.status, neither.awarded) == ("planned", None)


def test_where_nobody_has_logged_an_answer_project_yaml_is_all_there_is_to_go_by() -> None:
    found = state(JUNE).grant

    assert found is not None
    assert (found.status, found.awarded) == ("awarded", kr(500_000))


def test_what_was_received_is_what_the_books_say_as_far_as_they_reach_and_else_the_log() -> None:
    booked = posting(kr(-60_000), account="8600")
    instalments = [event("instalment-received", day, amount=kr(62_500)) for day in (JANUARY, MARCH)]

    def received(*events: AnyEvent, books: Iterable[Posting] = (booked,)) -> Money:
        found = state(JUNE, events=events, postings=books).grant
        assert found is not None
        return found.received

    assert received() == kr(60_000)
    assert received(*instalments) == kr(60_000)  # the two are held against each other by a rule, never added up
    assert received(*instalments, event("instalment-received", date(2022, 4, 1), amount=kr(1))) == kr(60_001)
    assert received(*instalments, books=()) == kr(125_000)


# ── indicators ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("baseline", "target", "reached"),
    [
        (50, 60, [False, True, True]),
        (None, 60, [False, True, True]),
        (60, 60, [False, True, True]),
        (70, 60, [True, True, False]),
        (50, None, [None, None, None]),
    ],
)
def test_a_target_is_reached_at_it_and_past_it_as_seen_from_the_baseline(
    baseline: int | None, target: int | None, reached: list[bool | None]
) -> None:
    goes = (None if each is None else Fraction(each) for each in (baseline, target))
    indicator = Indicator(id="trivsel", title="Trivsel", **dict(zip(("baseline", "target"), goes, strict=True)))

    def is_reached(value: int) -> bool | None:
        before = event("measured", MARCH, indicator="trivsel", value=Fraction(120 - value))
        latest = event("measured", JUNE, indicator="trivsel", value=Fraction(value))
        (found,) = state(JUNE, of=plan(indicators=(indicator,)), events=[before, latest]).indicators
        return found.reached

    assert [is_reached(value) for value in (59, 60, 61)] == reached
    assert [each.reached for each in state(JUNE, of=plan(indicators=(indicator,))).indicators] == [None]


# ── the budget ───────────────────────────────────────────────────────────────────────────────

CHANGED = Budget(
    id="2022-09-01-change",
    stage="change",
    lines=(structs.replace(PAY, amount=kr(420_000)), BudgetLine(id="vikar", title="Vikar", amount=kr(80_000))),
)
WITH_CHANGE = plan(budgets=(*PLAN.budgets, CHANGED))
APPROVED = event("change-approved", date(2022, 9, 1), change="budget", budget=CHANGED.id)


def test_the_budget_in_force_follows_the_log() -> None:
    applied = event("applied", date(2021, 11, 1), amount=kr(500_000), budget=APPLICATION.id)

    def version(as_of: date) -> str | None:
        found = state(as_of, of=WITH_CHANGE, events=[applied, AWARDED, APPROVED]).budget
        return found and found.budget.id

    assert version(date(2021, 12, 15)) == APPLICATION.id
    assert version(date(2021, 12, 16)) == AWARD.id
    assert version(date(2022, 8, 31)) == AWARD.id
    assert version(date(2022, 9, 1)) == CHANGED.id


def test_what_the_log_names_no_budget_for_is_of_its_own_stage() -> None:
    applied = event("applied", date(2021, 11, 1), amount=kr(500_000))
    awarded = event("awarded", date(2021, 12, 16), amount=kr(500_000))
    changed = event("change-approved", JUNE, change="extension", values={})

    def version(as_of: date, *budgets: Budget, of: tuple[AnyEvent, ...] = (applied, awarded, changed)) -> str | None:
        found = state(as_of, of=plan(budgets=budgets), events=of).budget
        return found and found.budget.id

    both = (AWARD, APPLICATION)
    assert [version(day, *both) for day in (date(2021, 12, 15), MARCH, JUNE)] == [APPLICATION.id, AWARD.id, AWARD.id]
    assert [version(day, APPLICATION) for day in (MARCH, JUNE)] == [APPLICATION.id] * 2
    assert version(MARCH, APPLICATION, of=(awarded,)) == APPLICATION.id
    assert version(MARCH) is None


def test_of_two_versions_of_a_stage_the_newest_is_in_force_until_the_log_names_one() -> None:
    newer = structs.replace(AWARD, id="2022-01-20-award")

    for budgets in ((AWARD, newer), (newer, AWARD)):
        found = state(MARCH, of=plan(budgets=budgets)).budget
        assert found is not None
        assert found.budget.id == newer.id


def test_a_change_that_nobody_approved_does_not_count() -> None:
    asked = event("change-requested", MARCH, change="budget", budget=CHANGED.id)
    refused = event("change-refused", JUNE, change="budget", budget=CHANGED.id)
    found = state(OCTOBER, of=WITH_CHANGE, events=[AWARDED, asked, refused]).budget

    assert found is not None
    assert found.budget.id == AWARD.id


def spent_on_courses(of: Plan, *, allowed: str | None = None) -> BudgetState:
    rules = [structs.replace(rule, allowed=allowed) if rule.line == "kurser" else rule for rule in RULES]
    paid = [posting(kr(30_000), account="4600")]
    found = state(OCTOBER, of=of, events=[AWARDED, APPROVED], postings=paid, rules=tuple(rules)).budget
    assert found is not None
    return found


def test_what_was_spent_on_a_line_that_a_change_took_away_waits_for_an_answer() -> None:
    found = spent_on_courses(WITH_CHANGE)

    assert (found.waiting("dropped-line"), found.spent, found.remaining) == (kr(30_000), kr(0), kr(500_000))


def test_what_somebody_allowed_on_a_line_that_is_gone_counts_on_it_without_a_budget() -> None:
    found = spent_on_courses(WITH_CHANGE, allowed="Styrelsen")
    gone = found.lines[-1]

    assert (gone.line.id, gone.gone, gone.line.amount, gone.spent) == ("kurser", True, kr(0), kr(30_000))
    assert (found.waiting(), found.spent, found.remaining) == (kr(0), kr(30_000), kr(470_000))


def test_what_an_id_allows_that_no_term_has_waits_all_the_same() -> None:
    found = spent_on_courses(WITH_CHANGE, allowed="late-courses")

    assert (found.waiting("dropped-line"), found.spent) == (kr(30_000), kr(0))


def test_a_line_that_is_gone_has_the_name_that_the_last_version_with_it_gave_it() -> None:
    renamed = structs.replace(
        AWARD, id="2022-05-01-change", lines=(PAY, structs.replace(AWARD.lines[1], title="Kurser 2"))
    )
    in_between = event("change-approved", date(2022, 5, 1), change="budget", budget=renamed.id)
    ordered = event("ordered", MARCH, line="kurser", amount=kr(7))
    of = plan(budgets=(CHANGED, renamed, *PLAN.budgets))
    found = state(OCTOBER, of=of, events=[AWARDED, in_between, APPROVED, ordered]).budget

    assert found is not None
    assert [line.line.title for line in found.lines if line.gone] == ["Kurser 2"]


@pytest.mark.parametrize(("line", "title"), [("vikar", "Vikar"), ("findes-ikke", "findes-ikke")])
def test_what_somebody_allowed_on_a_line_that_no_budget_had_yet_counts_under_the_name_that_there_is(
    line: str, title: str
) -> None:
    rules = (Rule(account="4001", line=line, allowed="Styrelsen"),)  # type: ignore[arg-type]
    found = state(JUNE, of=WITH_CHANGE, events=[AWARDED], postings=[posting(kr(5))], rules=rules).budget

    assert found is not None
    assert [(each.line.title, each.spent) for each in found.lines if each.gone] == [(title, kr(5))]


@pytest.mark.parametrize(
    ("was", "kept"),
    [({"kurser": 1}, 0), ({"kurser": Fraction(60, 100)}, 12_000), ({}, 30_000)],
)
def test_costs_follow_the_line_that_carries_theirs_on_and_the_rest_waits(was: Mapping[Id, Fraction], kept: int) -> None:
    lines = (CHANGED.lines[0], structs.replace(CHANGED.lines[1], was=was))
    found = spent_on_courses(plan(budgets=(*PLAN.budgets, structs.replace(CHANGED, lines=lines))))

    assert (found.waiting("dropped-line"), found.spent) == (kr(kept), kr(30_000 - kept))
    assert found.lines[1].spent == found.spent


@given(st.lists(st.integers(-100_000, 100_000), max_size=8), st.integers(0, 100))
def test_a_line_that_is_split_leaves_no_oere_behind(amounts: list[int], percent: int) -> None:
    lines = (
        structs.replace(CHANGED.lines[0], was={"kurser": Fraction(percent, 100)}),
        structs.replace(CHANGED.lines[1], was={"kurser": Fraction(100 - percent, 100)}),
    )
    of = plan(budgets=(*PLAN.budgets, structs.replace(CHANGED, lines=lines)))
    paid = [posting(Money(amount), account="4600", voucher=str(n)) for n, amount in enumerate(amounts)]
    found = state(OCTOBER, of=of, events=[AWARDED, APPROVED], postings=paid).budget

    assert found is not None
    assert (found.spent, found.apart) == (total(map(Money, amounts)), ())


# ── how far the books are known ──────────────────────────────────────────────────────────────


def how_far(found: State) -> tuple[date | None, bool]:
    return found.reach.until, found.reach.told


def test_what_was_spent_is_known_as_far_as_an_import_says_that_it_reaches() -> None:
    told = event("imported", date(2022, 4, 5), file="postings/x.csv", digest="x", ends=MARCH)
    paid = [posting(kr(1), posted=date(2022, 3, 4), imported=date(2022, 4, 5))]

    assert how_far(state(JUNE, events=[told], postings=paid)) == (MARCH, True)
    assert how_far(state(JUNE, date(2022, 4, 4), events=[told], postings=paid)) == (None, True)


def test_where_no_import_says_how_far_it_reaches_its_last_posting_does() -> None:
    silent = event("imported", date(2022, 4, 5), file="postings/x.csv", digest="x")
    paid = [posting(kr(1), posted=date(2022, 3, 4), imported=date(2022, 4, 5))]

    assert how_far(state(JUNE, events=[silent], postings=paid)) == (date(2022, 3, 4), False)
    assert state(JUNE).reach.is_short_of(JANUARY)


def test_what_is_booked_after_the_end_is_seen_at_the_end_once_it_is_known() -> None:
    late = posting(kr(9_000), posted=date(2024, 1, 20), imported=date(2024, 2, 1))
    performed = structs.replace(late, performed=date(2023, 12, 20))

    def at_the_end(row: Posting, known_by: date) -> tuple[Money, Money]:
        found = state(DECEMBER, known_by, events=[AWARDED], postings=[row]).budget
        assert found is not None
        return found.spent, found.waiting("after-period")

    assert at_the_end(late, date(2024, 1, 31)) == (kr(0), kr(0))
    assert at_the_end(late, date(2024, 2, 1)) == (kr(0), kr(9_000))
    assert at_the_end(performed, date(2024, 2, 1)) == (kr(9_000), kr(0))


# ── orders ───────────────────────────────────────────────────────────────────────────────────


def test_what_is_ordered_is_committed_until_it_is_cancelled() -> None:
    ordered = event("ordered", MARCH, line="kurser", amount=kr(74_000))
    cancelled = event("order-cancelled", JUNE, line="kurser", amount=kr(70_000))

    def committed(as_of: date) -> list[tuple[Money, Money]]:
        found = state(as_of, events=[ordered, cancelled]).budget
        assert found is not None
        return [(line.committed, line.remaining) for line in found.lines]

    assert committed(MARCH) == [(kr(0), kr(400_000)), (kr(74_000), kr(26_000))]
    assert committed(JUNE) == [(kr(0), kr(400_000)), (kr(4_000), kr(96_000))]


def ordered_on_courses(as_of: date, *orders: AnyEvent, of: Plan | None = None) -> BudgetState:
    first = event("ordered", MARCH, line="kurser", amount=kr(40_000))
    found = state(as_of, of=of or WITH_CHANGE, events=[AWARDED, APPROVED, first, *orders]).budget
    assert found is not None
    return found


def test_what_is_ordered_on_a_line_that_a_change_took_away_is_still_committed() -> None:
    found = ordered_on_courses(OCTOBER)
    gone = found.lines[-1]

    assert (gone.line.id, gone.gone, gone.line.amount) == ("kurser", True, kr(0))
    assert (gone.spent, gone.committed, gone.remaining) == (kr(0), kr(40_000), kr(-40_000))
    assert (found.committed, found.remaining) == (kr(40_000), kr(460_000))


def test_a_line_that_a_change_took_away_has_no_row_once_its_orders_are_cancelled() -> None:
    cancelled = event("order-cancelled", JUNE, line="kurser", amount=kr(40_000))
    found = ordered_on_courses(OCTOBER, cancelled)

    assert [line.line.id for line in found.lines] == ["loen", "vikar"]
    assert (found.committed, found.remaining) == (kr(0), kr(500_000))


def test_what_is_ordered_on_a_line_of_a_change_that_nobody_has_approved_yet_is_committed_too() -> None:
    early = event("ordered", MARCH, line="vikar", amount=kr(7))
    found = state(JUNE, of=WITH_CHANGE, events=[AWARDED, early]).budget

    assert found is not None
    assert [(line.line.title, line.committed) for line in found.lines if line.gone] == [("Vikar", kr(7))]


def test_an_order_follows_the_lines_that_carry_its_own_on_and_leaves_no_oere_behind() -> None:
    lines = (
        structs.replace(CHANGED.lines[0], was={"kurser": Fraction(1, 3)}),
        structs.replace(CHANGED.lines[1], was={"kurser": Fraction(2, 3)}),
    )
    of = plan(budgets=(*PLAN.budgets, structs.replace(CHANGED, lines=lines)))
    found = ordered_on_courses(OCTOBER, of=of)

    assert [line.committed for line in found.lines] == [kr(13_333, 33), kr(26_666, 67)]


def test_an_overspent_line_has_less_than_nothing_left() -> None:
    found = state(JUNE, postings=[posting(kr(120_000), account="4600")]).budget

    assert found is not None
    assert [line.remaining for line in found.lines] == [kr(400_000), kr(-20_000)]


def test_money_on_no_line_is_missing_from_what_remains_and_from_no_line() -> None:
    found = state(JUNE, postings=[posting(kr(5_000), account="9999"), posting(kr(300), account="2900")]).budget

    assert found is not None
    assert (found.spent, found.unallocated, found.not_eligible) == (kr(0), kr(5_000), kr(300))
    assert found.remaining == kr(495_000)


def test_what_a_line_spent_is_known_by_year() -> None:
    found = state(DECEMBER, postings=[posting(kr(2), date(2023, 1, 1)), posting(kr(1), MARCH), posting(kr(4), JUNE)])

    assert found.budget is not None
    assert list(found.budget.lines[0].by_year.items()) == [(2022, kr(5)), (2023, kr(2))]


POSTINGS = st.lists(
    st.builds(
        posting,
        st.integers(-(10**9), 10**9).map(Money),
        posted=st.dates(date(2021, 12, 1), date(2024, 2, 1)),
        imported=st.dates(date(2021, 12, 1), date(2024, 2, 1)),
        account=st.sampled_from(["4001", "4600", "8600", "2900", "9999"]),
    ),
    max_size=12,
)
ORDERS = st.lists(
    st.builds(
        event,
        st.sampled_from(["ordered", "order-cancelled"]),
        st.dates(date(2022, 1, 1), DECEMBER),
        line=st.sampled_from(["loen", "kurser", "vikar"]),
        amount=st.integers(0, 10**8).map(Money),
    ),
    max_size=4,
)
DAYS = st.dates(AWARDED.happened, date(2024, 2, 1))


def _is_late(row: Posting, as_of: date) -> bool:
    """Costs after the end are seen with it."""
    return as_of >= DECEMBER and row.account != "8600"


def gaps(*imports: tuple[date | None, date], booked: Iterable[date] = ()) -> list[tuple[date, date]]:
    """The months that imports of those days leave out, each a file of its own."""
    events = [
        event("imported", ends, id=f"i{number}", file=f"f{number}", digest="", starts=starts, ends=ends)
        for number, (starts, ends) in enumerate(imports)
    ]
    rows = [posting(kr(1), posted=day, imported=day, file="f0") for day in booked]
    return [(gap.starts, gap.ends) for gap in state(DECEMBER, events=[AWARDED, *events], postings=rows).reach.gaps]


def test_whole_months_that_no_import_covers_are_gaps() -> None:
    spring, autumn = (date(2022, 1, 1), MARCH), (date(2022, 7, 10), date(2022, 12, 31))

    assert gaps(spring, autumn) == [(date(2022, 4, 1), date(2022, 6, 30))]
    assert gaps(spring, (date(2022, 4, 20), date(2022, 12, 31))) == []
    assert gaps(spring, (None, date(2022, 12, 31))) == []
    assert gaps(spring, autumn, booked=[date(2022, 5, 2)]) == [
        (date(2022, 4, 1), date(2022, 4, 30)),
        (date(2022, 6, 1), date(2022, 6, 30)),
    ]


def test_the_first_import_covers_what_is_before_its_first_posting_and_not_what_it_says_it_left_out() -> None:
    assert gaps((date(2022, 3, 4), MARCH), booked=[date(2022, 3, 4)]) == []
    assert gaps((date(2022, 3, 1), MARCH), booked=[date(2022, 3, 4)]) == [(date(2022, 1, 1), date(2022, 2, 28))]


@given(POSTINGS, ORDERS, DAYS, DAYS)
def test_no_krone_is_dropped(rows: list[Posting], orders: list[AnyEvent], as_of: date, known_by: date) -> None:
    found = state(as_of, known_by, of=WITH_CHANGE, events=[AWARDED, APPROVED, *orders], postings=rows)
    counted = [row for row in rows if row.imported <= known_by and (row.posted <= as_of or _is_late(row, as_of))]

    assert found.budget is not None
    assert found.budget.spent + found.budget.committed + found.budget.unallocated + found.budget.remaining == (
        found.budget.amount
    )
    assert total(part.amount for part in found.allocated) == total(row.amount for row in counted)
    income = total(part.amount for part in found.allocated if part.place == "grant-income")
    beside = found.budget.unallocated + found.budget.not_eligible + found.budget.waiting()
    assert found.budget.spent + beside + income == total(row.amount for row in counted)


@given(st.data())
def test_the_order_of_the_books_is_free(data: st.DataObject) -> None:
    rows = data.draw(POSTINGS)
    before, after = state(postings=rows).budget, state(postings=data.draw(st.permutations(rows))).budget

    assert before is not None
    assert after is not None
    assert [(line.spent, line.by_year) for line in before.lines] == [(line.spent, line.by_year) for line in after.lines]
    assert before.remaining == after.remaining


# ── changes, people, risks ───────────────────────────────────────────────────────────────────


def test_an_approved_extension_takes_effect_from_its_day_only() -> None:
    longer = event("change-approved", OCTOBER, change="extension", values={"project_period.ends": date(2024, 6, 30)})

    assert state(date(2022, 10, 3), events=[longer]).plan.project_period.ends == DECEMBER
    assert state(OCTOBER, events=[longer]).plan.project_period.ends == date(2024, 6, 30)
    assert state(OCTOBER, date(2022, 10, 3), events=[longer]).plan.project_period == Period(
        starts=date(2022, 1, 1), ends=DECEMBER
    )


def test_an_approved_change_of_the_grant_is_the_amount_from_then_on() -> None:
    smaller = event("change-approved", OCTOBER, change="budget", values={"grant.awarded": kr(450_000)})

    def awarded(as_of: date) -> Money | None:
        found = state(as_of, events=[AWARDED, smaller]).grant
        return found and found.awarded

    assert (awarded(JUNE), awarded(OCTOBER)) == (kr(500_000), kr(450_000))


def test_a_whole_grant_that_names_no_award_leaves_it_as_it_was() -> None:
    named = event("change-approved", MARCH, change="project", values={"grant": Grant(applied=kr(1), awarded=kr(7))})
    silent = event("change-approved", JUNE, change="project", values={"grant": Grant(applied=kr(2))})
    found = state(OCTOBER, events=[AWARDED, named, silent]).grant

    assert found is not None
    assert found.awarded == kr(7)


def test_a_role_is_the_latests_who_took_it_over() -> None:
    changed = event("person-changed", OCTOBER, role="project_manager", name="Den næste")

    assert [person.name for person in state(JUNE, events=[changed]).people] == ["Den første"]
    assert [person.name for person in state(OCTOBER, events=[changed]).people] == ["Den næste"]


def test_who_took_a_role_over_has_it_from_that_day_though_it_was_noted_later() -> None:
    late = event("person-changed", MARCH, OCTOBER, role="project_manager", name="Den næste", synthetic=True)

    def people(as_of: date, known_by: date) -> list[tuple[str, date, bool]]:
        return [(each.name, each.since, each.synthetic) for each in state(as_of, known_by, events=[late]).people]

    assert people(MARCH, OCTOBER) == [("Den næste", MARCH, True)]
    assert (
        people(MARCH, JUNE) == people(MARCH - timedelta(days=1), OCTOBER) == [("Den første", date(2022, 1, 1), False)]
    )


def test_a_role_is_a_persons_from_the_first_day_to_the_last_and_of_two_on_a_day_the_laters() -> None:
    first = Person(role="team_coach", name="Coach", since=MARCH, until=JUNE)
    other = Person(role="team_coach", name="En anden", since=MARCH)

    def names(as_of: date, *people: Person) -> list[str]:
        return [person.name for person in state(as_of, of=plan(people=people)).people]

    around = [MARCH - timedelta(days=1), MARCH, JUNE, JUNE + timedelta(days=1)]
    assert [names(day, first) for day in around] == [[], ["Coach"], ["Coach"], []]
    assert names(MARCH, first, other) == ["En anden"]
    assert names(MARCH, other, first) == ["Coach"]


def test_who_has_left_or_not_yet_come_has_no_role() -> None:
    people = (
        Person(role="team_coach", name="Coach", since=date(2022, 4, 1), until=date(2022, 9, 30)),
        Person(role="evaluator", name="Evaluator", since=date(2023, 8, 1)),
    )

    def names(as_of: date) -> list[str]:
        return [person.name for person in state(as_of, of=plan(people=people)).people]

    assert (names(MARCH), names(JUNE), names(OCTOBER), names(DECEMBER)) == ([], ["Coach"], [], ["Evaluator"])


def test_a_risk_changes_only_in_what_the_event_says() -> None:
    grew = event("risk-changed", MARCH, risk="data", likelihood="high")
    ended = event("risk-changed", OCTOBER, risk="data", action="Systemet tæller nu", ended=True)

    (in_june,) = state(JUNE, events=[grew, ended]).risks
    (in_october,) = state(OCTOBER, events=[grew, ended]).risks

    assert (in_june.risk.likelihood, in_june.risk.impact, in_june.risk.action, in_june.ended) == (
        "high",
        "high",
        "Tæl selv",
        False,
    )
    assert (in_october.risk.action, in_october.ended) == ("Systemet tæller nu", True)


# ── the law ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("as_of", [JANUARY, JUNE, DECEMBER])
def test_the_same_files_give_the_same_state(as_of: date) -> None:
    rows = [posting(kr(100)), posting(kr(200), account="4600")]

    assert state(as_of, events=[AWARDED], postings=rows) == state(as_of, events=[AWARDED], postings=rows)


@given(POSTINGS, DAYS, DAYS)
def test_what_was_known_then_is_not_changed_by_what_is_learned_later(
    rows: list[Posting], as_of: date, known_by: date
) -> None:
    then = state(as_of, known_by, postings=[row for row in rows if row.imported <= known_by])
    now = state(as_of, known_by, postings=rows)

    assert (now.grant, now.budget, now.allocated) == (then.grant, then.budget, then.allocated)

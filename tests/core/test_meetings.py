"""A step's meetings in turn: the day, the item and the decision of each, and what later ones leave alone."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from msgspec import structs

from tests.core.worlds import AWARDED, event
from tests.documents.papers import dossier
from toolkit.core.cases import Case, Step
from toolkit.core.events import AnyEvent, Decided
from toolkit.core.meetings import Meeting, StepLog, step_log
from toolkit.core.occasion import Occasion, occasions
from toolkit.core.proceedings import Proceedings, decision_of, proceedings_of
from toolkit.core.state import corrected
from toolkit.documents.from_state import facts_of

FIRST, NEXT, LAST = date(2022, 1, 18), date(2022, 2, 8), date(2022, 2, 22)
THURSDAY = date(2022, 1, 20)  # between the first two
SSU = Step(id="ssu", body="Udvalget", date=FIRST, item=4, case_type="for-decision")
BR = Step(id="br", body="Byrådet", date=date(2022, 1, 25), item=9, case_type="for-decision")
FOLLOWS = Step(id="raad", body="Rådet", date="to-follow", item=2, case_type="for-information", consultation=True)
CASE = Case(id="sag", title="Tilsagn", layout="standard", steps=(SSU, BR, FOLLOWS))
STEPS = {step.id: step for step in CASE.steps}


def decided(day: date, outcome: str = "approved", step: str = "ssu", text: str = "") -> AnyEvent:
    return event("decided", day, case="sag", step=step, outcome=outcome, text=text or f"{outcome} {day}")


def meeting_set(happened: date, day: date, item: int | None = None, step: str = "ssu") -> AnyEvent:
    return event("meeting-set", happened, case="sag", step=step, date=day, item=item)


def answered(day: date, step: str = "raad") -> AnyEvent:
    return event("consultation-answered", day, case="sag", step=step, text=f"Svar {day}")


def told(*events: AnyEvent, step: str = "ssu", before: date = date.max) -> StepLog:
    return step_log(CASE, STEPS[step], events, before)


def days(found: StepLog) -> list[tuple[date, int | None, bool]]:
    return [(each.day, each.item, each.decision is not None) for each in found.meetings]


def items(*events: AnyEvent) -> list[Occasion]:
    return occasions(dossier(events=(AWARDED, *events), cases=(CASE,)), "agenda-item")


def minutes(step: str, day: date, *events: AnyEvent) -> Proceedings:
    (item,) = (each for each in items(*events) if each.step is STEPS[step] and each.as_of == day)
    found = proceedings_of(structs.replace(item, decided=True), events)
    assert found
    return found


# ── meetings ─────────────────────────────────────────────────────────────────────────────────


def test_a_postponed_item_has_the_meeting_that_postponed_it_and_the_one_that_is_to_come() -> None:
    found = told(decided(FIRST, "postponed"), meeting_set(THURSDAY, NEXT, 3))

    assert days(found) == [(FIRST, 4, True), (NEXT, 3, False)]


def test_a_meeting_that_was_moved_before_it_came_is_no_meeting_and_its_item_is_not_the_next_ones() -> None:
    assert days(told(meeting_set(THURSDAY, LAST, step="br"), step="br")) == [(LAST, None, False)]


def test_the_same_day_without_an_item_keeps_its_item() -> None:
    sets = (meeting_set(THURSDAY, NEXT, 3), meeting_set(THURSDAY + timedelta(days=1), NEXT))

    assert days(told(*sets)) == [(NEXT, 3, False)]
    assert days(told(meeting_set(THURSDAY, FIRST))) == [(FIRST, 4, False)]


def test_the_item_of_a_case_whose_day_follows_is_of_the_first_day_that_the_log_sets() -> None:
    assert days(told(step="raad")) == []
    assert days(told(meeting_set(THURSDAY, NEXT, step="raad"), step="raad")) == [(NEXT, 2, False)]
    both = (meeting_set(THURSDAY, NEXT, step="raad"), meeting_set(THURSDAY, LAST, step="raad"))
    assert days(told(*both, step="raad")) == [(LAST, None, False)]


def test_a_day_that_is_logged_after_it_had_come_is_the_meeting_unless_it_put_the_case_off() -> None:
    """A meeting was brought forward and logged late: what was set before is not to come. Put off, it still is."""
    late = meeting_set(date(2022, 3, 1), THURSDAY)
    coming = meeting_set(date(2022, 1, 5), NEXT, 3)

    assert days(told(coming, late, decided(THURSDAY))) == [(THURSDAY, None, True)]
    assert days(told(coming, late, decided(THURSDAY, "postponed"))) == [(THURSDAY, None, True), (NEXT, 3, False)]
    assert days(told(meeting_set(THURSDAY, NEXT, 3), late, decided(THURSDAY))) == [
        (THURSDAY, None, True),
        (NEXT, 3, False),
    ]


def test_a_meeting_that_answered_stays_when_another_is_set() -> None:
    sets = (meeting_set(date(2022, 1, 5), FIRST, step="raad"), meeting_set(THURSDAY, NEXT, step="raad"))

    assert [each.day for each in told(*sets, answered(FIRST), step="raad").meetings] == [FIRST, NEXT]
    assert [each.day for each in told(*sets, answered(THURSDAY), step="raad").meetings] == [NEXT]


@pytest.mark.parametrize(
    ("events", "waits"),
    [
        ([], False),
        ([decided(FIRST, "postponed")], True),
        ([decided(FIRST, "postponed"), meeting_set(THURSDAY, NEXT)], False),
        ([decided(FIRST, "postponed"), meeting_set(THURSDAY, NEXT), decided(NEXT, "postponed")], True),
        ([decided(FIRST, "returned")], False),
        ([decided(FIRST)], False),
    ],
)
def test_a_postponed_item_waits_for_a_day_until_another_is_set(events: list[AnyEvent], waits: bool) -> None:
    assert told(*events).waits_for_a_day is waits


def test_a_step_that_follows_waits_for_a_day_until_it_is_set_or_answered() -> None:
    assert told(step="raad").waits_for_a_day
    assert not told(meeting_set(THURSDAY, NEXT, step="raad"), step="raad").waits_for_a_day
    assert not told(answered(THURSDAY), step="raad").waits_for_a_day


# ── documents ────────────────────────────────────────────────────────────────────────────────


def test_there_is_an_agenda_item_for_each_meeting() -> None:
    found = items(decided(FIRST, "postponed"), meeting_set(THURSDAY, NEXT, 3))

    assert [(each.step and each.step.id, each.as_of) for each in found] == [
        ("ssu", FIRST),
        ("br", date(2022, 1, 25)),
        ("ssu", NEXT),
    ]


def test_minutes_have_the_decision_the_day_and_the_item_of_their_own_meeting() -> None:
    events = (decided(FIRST, "postponed", text="Udsat."), meeting_set(THURSDAY, NEXT, 3), decided(NEXT, text="Ja."))
    of = dossier(events=(AWARDED, *events), cases=(CASE,))
    found = [
        (facts.step.day, facts.step.item, facts.decision.text)
        for each in occasions(of, "agenda-item")
        if decision_of(of, each)
        for facts in [facts_of(of, structs.replace(each, decided=True))]
        if facts.step and facts.decision
    ]

    assert found == [(FIRST, 4, "Udsat."), (NEXT, 3, "Ja.")]


def test_the_next_body_and_the_next_meeting_are_told_of_every_meeting_with_what_it_decided() -> None:
    events = (
        decided(FIRST, "postponed", text="Udsat."),
        meeting_set(THURSDAY, NEXT, 3),
        meeting_set(THURSDAY, LAST, step="br"),
    )
    course = [("ssu", FIRST, "Udsat."), ("ssu", NEXT, None), ("br", LAST, None), ("raad", None, None)]

    for step, day in (("br", LAST), ("ssu", NEXT)):
        steps = minutes(step, day, *events).steps
        assert [(each.step.id, each.day, each.decision and each.decision.text) for each in steps] == course
        assert [each.day for each in steps if each.is_current] == [day]


def test_meetings_of_all_bodies_stand_in_the_order_of_their_days_and_the_case_says_who_decides() -> None:
    events = (
        decided(FIRST, "postponed"),
        answered(THURSDAY),
        decided(date(2022, 1, 25), "returned", "br"),
        meeting_set(date(2022, 1, 26), NEXT),
    )
    found = minutes("ssu", NEXT, *events)

    assert [(each.step.id, each.day) for each in found.steps] == [
        ("ssu", FIRST),
        ("raad", None),
        ("br", date(2022, 1, 25)),
        ("ssu", NEXT),
    ]
    assert found.decides is BR


def test_a_body_that_is_only_informed_does_not_decide_the_case() -> None:
    told = structs.replace(BR, case_type="for-information")
    case = structs.replace(CASE, steps=(SSU, told, FOLLOWS))
    (item,) = (each for each in occasions(dossier(cases=(case,)), "agenda-item") if each.step is SSU)
    found = proceedings_of(item, ())

    assert found
    assert found.decides is SSU


def test_a_meeting_that_is_to_follow_comes_after_those_that_the_case_has_before_it() -> None:
    case = structs.replace(CASE, steps=(SSU, FOLLOWS, structs.replace(BR, date=LAST)))
    (item,) = (each for each in occasions(dossier(cases=(case,)), "agenda-item") if each.step is SSU)
    found = proceedings_of(item, ())

    assert found
    assert [each.step.id for each in found.steps] == ["ssu", "raad", "br"]


def test_a_day_that_was_set_and_passed_without_a_decision_is_not_told_of_beside_the_steps_own() -> None:
    steps = minutes("ssu", NEXT, meeting_set(THURSDAY, NEXT)).steps

    assert [each.day for each in steps if each.step is SSU] == [NEXT]


def test_an_answer_is_given_to_the_last_meeting_before_it() -> None:
    events = (
        meeting_set(date(2022, 1, 5), FIRST, step="raad"),
        answered(FIRST),
        meeting_set(THURSDAY, NEXT, step="raad"),
        answered(date(2022, 2, 10)),
        meeting_set(THURSDAY, LAST, step="br"),
    )
    steps = [each for each in minutes("br", LAST, *events).steps if each.step is FOLLOWS]

    assert [(each.day, each.answer and each.answer.happened) for each in steps] == [
        (FIRST, FIRST),
        (NEXT, date(2022, 2, 10)),
    ]


# ── any log ──────────────────────────────────────────────────────────────────────────────────

DAYS = [date(2022, 1, 3) + timedelta(days=7 * week) for week in range(12)]


def some_event(chance: Random, since: date = DAYS[0]) -> AnyEvent:
    """A meeting set, a decision or an answer, on a day or after it."""
    step = chance.choice(list(STEPS))
    happened = max(since, chance.choice((*DAYS, FIRST, NEXT)))
    match chance.randrange(4):
        case 0:
            return decided(happened, chance.choice(("postponed", "returned", "approved")), step, chance.choice("abc"))
        case 1:
            return answered(happened, step)
    return meeting_set(happened, chance.choice(DAYS), chance.choice((None, 1, 2, 3)), step)


def some_log(chance: Random) -> tuple[AnyEvent, ...]:
    return tuple(some_event(chance) for _ in range(chance.randrange(1, 12)))


@pytest.mark.parametrize("seed", range(300))
def test_day_item_and_decision_of_a_meeting_belong_together(seed: int) -> None:
    events = some_log(Random(seed))
    for step in CASE.steps:
        found = step_log(CASE, step, events)
        all_days = [each.day for each in found.meetings]
        assert all_days == sorted(set(all_days))
        assert {event.happened for event in found.decided} <= set(all_days)
        for each in found.meetings:
            assert each.decision is None or each.decision.happened == each.day
            assert each.item in (None, step.item if step.date in (each.day, "to-follow") else None, *_said(found, each))


def _said(found: StepLog, meeting: Meeting) -> list[int | None]:
    return [event.item for event in found.sets if event.date == meeting.day]


@pytest.mark.parametrize("seed", range(300))
def test_what_is_set_and_decided_later_leaves_the_minutes_of_a_meeting_as_they_were(seed: int) -> None:
    chance = Random(seed)
    events = some_log(chance)
    for each in (told for told in events if isinstance(told, Decided)):
        later = (some_event(chance, since=each.happened + timedelta(days=1)) for _ in range(4))
        set_later = [told for told in later if getattr(told, "date", told.happened) >= told.happened]

        assert minutes(each.step, each.happened, *events) == minutes(each.step, each.happened, *events, *set_later)


@pytest.mark.parametrize("seed", range(300))
def test_a_document_tells_of_each_meeting_once_and_of_one_as_its_own(seed: int) -> None:
    events = some_log(Random(seed))
    for each in items(*events):
        found = proceedings_of(each, corrected(events))
        assert found
        assert found.current
        assert (found.current.step, found.current.day, found.current.decision) == (each.step, each.as_of, None)
        told_of = [(state.step.id, state.day) for state in found.steps]
        assert len(told_of) == len(set(told_of))
        assert {id for id, _day in told_of} == set(STEPS)
        in_turn = [state.day for state in found.steps if state.day]
        assert in_turn == sorted(in_turn)
        for state in found.steps:
            assert state.decision is None or state.decision.happened == state.day
            assert state.decision is None or state.decision.happened < each.as_of


def test_a_meeting_that_is_told_of_afterwards_was_on_its_own_day_alone():
    told_of = told(meeting_set(THURSDAY + timedelta(days=2), THURSDAY))

    assert [told_of.is_meeting(THURSDAY + timedelta(days=after)) for after in (-1, 0, 1, 2)] == [
        False,
        True,
        False,
        False,
    ]


def test_a_decision_is_of_the_meeting_of_its_day_whatever_day_says_so() -> None:
    assert told(decided(FIRST)).meeting(date(2022, 1, 18)).decision is not None


def test_a_day_that_the_meeting_was_moved_away_from_is_none_of_those_that_are_known() -> None:
    moved = told(meeting_set(date(2022, 1, 10), LAST), meeting_set(date(2022, 1, 11), NEXT))

    assert moved.known_days == [NEXT]

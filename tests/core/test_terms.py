"""What the terms say: moves that add up, who approved them, equipment, start, VAT, and how certain each term is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.findings import AGENCY, FUND, TRIPS, by_year, found, named, term, version, with_amount, with_fund
from tests.core.worlds import AWARD, COURSES, DECEMBER, JUNE, MARCH, OCTOBER, PAY, RULES, event, plan, posting
from toolkit.core.checks import check
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.fund import Fund, LetterTerm, Term
from toolkit.core.money import kr
from toolkit.core.plan import Budget, Erp, Grant, Period, Plan
from toolkit.core.postings import Rule
from toolkit.core.problems import At, Problem, Span
from toolkit.core.records import Entry, Id, Month, Share

COUNCIL = "Kommunalbestyrelsen"
FIRST, SECOND, THIRD = "2022-02-01-change", "2022-05-01-change", "2022-08-01-change"
MOVES = ("line-new", "line-gone", "move-over-limit", "moves-over-limit", "money-between-years")


def answer(budget: str, by: str | None = COUNCIL, kind: str = "change-approved", day: date | None = None) -> AnyEvent:
    happened = day or date.fromisoformat(budget[:10])
    return event(kind, happened, change="budget", by=by, budget=budget, called=f"{kind} {budget} {by}")


def courses(id: str, thousands: int) -> Budget:
    """A version in which the courses, first 100.000 kr., have so many thousands, which others pay."""
    return version(id, PAY, with_amount(COURSES, kr(thousands * 1000)))


def told(of: Plan, *events: AnyEvent, codes: Iterable[str] = MOVES) -> list[tuple[str, str]]:
    """What is told of moves: each code with its line, or its budget."""
    return [
        (code, problem.words.get("line", problem.words["budget"]))
        for code in codes
        for problem in found(of, code, events=events)
    ]


def reckoned(problem: Problem) -> dict[str, str]:
    """What a move is a share of, as its sentence says."""
    return {name: word for name, word in problem.phrases["rule"].words.items() if isinstance(word, str)}


# ── moves add up from what the agency last approved ──────────────────────────────────────────


def test_two_moves_of_nine_per_cent_by_the_council_alone_are_eighteen():
    of = with_fund(AWARD, courses(FIRST, 109), courses(SECOND, 118))
    (problem,) = found(of, "move-over-limit", events=[answer(FIRST), answer(SECOND)])

    assert problem.words == {
        "also": "",
        "line": "Kurser",
        "moved": "18.000",
        "budget": SECOND,
        "base": AWARD.id,
        "agency": AGENCY,
    }
    assert reckoned(problem) == {"line": "18", "budget": "3,6"}
    assert "has not been stated" in problem.phrases["rule"].text


def test_what_the_agency_approved_in_between_is_where_counting_begins_anew():
    of = with_fund(AWARD, courses(FIRST, 109), courses(SECOND, 118), courses(THIRD, 127))

    assert told(of, answer(FIRST), answer(SECOND, AGENCY), answer(THIRD)) == []
    assert told(of, answer(FIRST, AGENCY), answer(SECOND), answer(THIRD)) == [("move-over-limit", "Kurser")]
    assert told(of, answer(FIRST), answer(SECOND), answer(THIRD, AGENCY)) == []


def test_the_agency_may_be_called_by_any_of_its_names_and_an_answer_by_nobody_is_not_its():
    of = with_fund(AWARD, courses(FIRST, 150), fund=structs.replace(FUND, agency_names=("SBST",)))

    assert [told(of, answer(FIRST, name)) for name in ("SBST", "sbst", "tilskudsyder", "SOCIAL STYRELSEN")] == [[]] * 4
    assert told(of, answer(FIRST, by=None)) == [("move-over-limit", "Kurser")]


def test_a_later_approval_of_the_same_version_settles_it():
    of = with_fund(AWARD, courses(FIRST, 150))

    assert told(of, answer(FIRST), answer(FIRST, AGENCY, day=DECEMBER)) == []


def test_what_the_council_approves_before_or_after_the_agencys_no_is_not_in_force_and_breaks_no_term():
    of = with_fund(AWARD, courses(FIRST, 150))
    refused = answer(FIRST, AGENCY, "change-refused")

    assert told(of, refused, answer(FIRST)) == []
    assert told(of, answer(FIRST), refused) == []
    assert told(of, answer(FIRST, AGENCY), refused) == []
    assert told(of, refused) == []


def test_the_agencys_last_answer_by_its_day_is_the_one_that_counts():
    of = with_fund(AWARD, courses(FIRST, 150))
    refused = answer(FIRST, AGENCY, "change-refused", day=MARCH)

    assert told(of, answer(FIRST, AGENCY, day=JUNE), refused) == []
    assert told(of, refused, answer(FIRST, AGENCY, day=JUNE)) == []


def test_a_refused_version_counts_for_nothing_in_the_next():
    of = with_fund(AWARD, courses(FIRST, 109), courses(SECOND, 109))

    assert told(of, answer(FIRST, AGENCY, "change-refused"), answer(SECOND)) == []


def test_a_version_that_nobody_answered_is_held_against_what_the_agency_approved():
    of = with_fund(AWARD, courses(FIRST, 109), courses(SECOND, 118))

    assert told(of, answer(FIRST)) == [("move-over-limit", "Kurser")]
    assert told(with_fund(AWARD, courses(FIRST, 109))) == []


def test_a_move_is_told_where_it_was_made_and_not_again():
    of = with_fund(AWARD, courses(FIRST, 150), courses(SECOND, 150))

    answers = [answer(FIRST), answer(SECOND)]

    assert [problem.words["budget"] for problem in found(of, "move-over-limit", events=answers)] == [FIRST]


def test_a_move_that_is_taken_back_is_no_move():
    of = with_fund(AWARD, courses(FIRST, 109), courses(SECOND, 100))

    assert told(of, answer(FIRST), answer(SECOND)) == []


@given(st.lists(st.integers(-20, 20).filter(bool), min_size=1, max_size=4))
def test_a_move_in_steps_is_told_as_the_same_move_at_once(steps):
    amounts = list(accumulate(steps, initial=100))[1:]
    ids = [f"2022-0{month}-01-change" for month in range(2, 2 + len(steps))]
    in_steps = found(
        with_fund(AWARD, *(courses(id, amount) for id, amount in zip(ids, amounts, strict=True))),
        "move-over-limit",
        events=[answer(id) for id in ids],
    )
    at_once = found(with_fund(AWARD, courses(ids[-1], amounts[-1])), "move-over-limit", events=[answer(ids[-1])])

    assert [each for each in in_steps if each.words["budget"] == ids[-1]] == at_once


# ── the limits ───────────────────────────────────────────────────────────────────────────────


def limited(**keys: object) -> Fund:
    return structs.replace(FUND, terms=(term("budget-change-approval", **keys),))


@pytest.mark.parametrize(
    ("keys", "over"),
    [
        ({"share": Fraction(1, 10)}, [False, False, True]),
        ({"share": Fraction(1, 10), "inclusive": True}, [False, True, True]),
        ({"amount": kr(10_000)}, [False, False, True]),
        ({"amount": kr(10_000), "inclusive": True}, [False, True, True]),
        ({"share": Fraction(1, 10), "share_of": "line"}, [False, False, True]),
        ({"share": Fraction(2, 100), "share_of": "budget"}, [False, False, True]),
        ({"share": Fraction(2, 100), "share_of": "budget", "inclusive": True}, [False, True, True]),
        ({}, [False, False, False]),
    ],
)
def test_a_limit_is_passed_as_its_text_says_below_at_and_above_it(keys, over):
    def passes(oere: int) -> bool:
        moved = kr(10_000, oere) if oere >= 0 else kr(9_999, 99)
        after = version(FIRST, with_amount(PAY, PAY.amount - moved), with_amount(COURSES, COURSES.amount + moved))
        return found(with_fund(AWARD, after, fund=limited(**keys)), "move-over-limit") != []

    assert [passes(oere) for oere in (-1, 0, 1)] == over


def test_a_line_that_had_nothing_and_has_nothing_again_has_not_moved_whatever_the_limit():
    nothing, something = with_amount(COURSES, kr(0)), with_amount(COURSES, kr(5))
    of = with_fund(
        version(AWARD.id, PAY, nothing),
        version(FIRST, PAY, something),
        version(SECOND, PAY, nothing),
        fund=limited(share=Fraction(1, 10), share_of="line", inclusive=True),
    )
    problems = found(of, "move-over-limit", events=[answer(FIRST), answer(SECOND)])

    assert [problem.words["budget"] for problem in problems] == [FIRST]


def test_a_share_does_not_look_like_the_limit_that_it_is_above():
    after = version(FIRST, PAY, with_amount(COURSES, kr(110_000, 1)))
    (problem,) = found(with_fund(AWARD, after), "move-over-limit")

    assert reckoned(problem)["line"] == "10,00001"


def test_what_a_letter_says_the_share_is_of_is_all_that_is_said():
    letter = LetterTerm(id=Id("budget-change-approval"), text="5 pct. af budgettet", share=Share(Fraction(5, 100)))
    of_budget = structs.replace(letter, share_of="budget")
    of_line = structs.replace(letter, share_of="line")

    def said(term: LetterTerm) -> list[dict[str, str]]:
        of = with_fund(AWARD, courses(FIRST, 130), letter_terms=(term,))
        return [reckoned(problem) for problem in found(of, "move-over-limit")]

    assert said(letter) == [{"line": "30", "budget": "6"}]
    assert said(of_line) == [{"line": "30", "budget": "6"}]
    assert said(of_budget) == [{"budget": "6"}]


def test_what_is_limited_by_an_amount_alone_is_a_share_of_nothing():
    of = with_fund(AWARD, courses(FIRST, 130), fund=limited(amount=kr(20_000)))
    two = version(FIRST, with_amount(PAY, kr(412_000)), with_amount(COURSES, kr(112_000)))
    (line,) = found(of, "move-over-limit")
    (whole,) = found(structs.replace(of, budgets=(AWARD, two)), "moves-over-limit")

    assert reckoned(line) == {"text": "Reglen om budget-change-approval.", "reference": "håndbogen"}
    assert whole.phrases["rule"].text == (
        "Whether the limit is each line's or that of all moves together has not been stated. {rule}"
    )


def test_a_share_of_the_whole_budget_is_no_question_of_each_line():
    two = version(FIRST, with_amount(PAY, kr(412_000)), with_amount(COURSES, kr(112_000)))
    of = with_fund(AWARD, two, fund=limited(share=Fraction(4, 100), share_of="budget"))
    (whole,) = found(of, "moves-over-limit")

    assert (whole.phrases["rule"].text, reckoned(whole)) == (
        "That is {budget} pct. of the whole budget. {rule}",
        {"budget": "4,8"},
    )


def test_the_order_in_which_versions_are_read_makes_no_difference():
    of = with_fund(courses(SECOND, 118), courses(FIRST, 109), AWARD)

    assert told(of, answer(FIRST), answer(SECOND)) == [("move-over-limit", "Kurser")]


def test_all_moves_together_are_told_where_no_single_line_is_over_the_limit():
    lines = [structs.replace(COURSES, id=Id(f"post-{n}"), amount=kr(1_000_000)) for n in range(4)]
    after = [with_amount(line, kr(1_000_000 + change)) for line, change in zip(lines, (60, -60, 60, -60), strict=True)]
    thousands = [with_amount(line, kr(1_000_000) + (line.amount - kr(1_000_000)) * 1000) for line in after]
    of = with_fund(version(AWARD.id, *lines), version(FIRST, *thousands))
    each_lines = limited(share=Fraction(1, 10), amount=kr(100_000), share_of="line")
    (problem,) = found(of, "moves-over-limit")

    assert (problem.words["moved"], reckoned(problem)) == ("120.000", {"budget": "3"})
    assert found(structs.replace(of, terms=each_lines), "moves-over-limit") == []


@pytest.mark.parametrize(
    ("changes", "moved"), [((70, 70, 0), "140.000"), ((-70, -70, 20), "140.000"), ((50, 50, -40), "")]
)
def test_all_moves_together_are_what_is_gained_or_what_is_given_up_whichever_is_more(changes, moved):
    lines = [structs.replace(COURSES, id=Id(f"post-{n}"), amount=kr(1_000_000)) for n in range(len(changes))]
    after = [with_amount(line, kr(1_000_000 + change * 1000)) for line, change in zip(lines, changes, strict=True)]
    of = with_fund(version(AWARD.id, *lines), version(FIRST, *after))

    assert "".join(problem.words["moved"] for problem in found(of, "moves-over-limit")) == moved


# ── lines that are new, gone or called otherwise ─────────────────────────────────────────────


def test_a_new_line_that_grows_is_told_each_time_since_the_agency_has_approved_none_of_it():
    of = with_fund(AWARD, version(FIRST, PAY, COURSES, TRIPS), version(SECOND, PAY, COURSES, with_amount(TRIPS, kr(9))))
    same = version(THIRD, PAY, COURSES, with_amount(TRIPS, kr(9)))

    answers = [answer(FIRST), answer(SECOND)]

    assert [problem.words["amount"] for problem in found(of, "line-new", events=answers)] == ["30.000", "9"]
    assert len(found(structs.replace(of, budgets=(*of.budgets, same)), "line-new", events=answers)) == 2


def test_a_line_that_the_council_dropped_and_took_up_again_has_not_moved():
    of = with_fund(AWARD, version(FIRST, PAY), version(SECOND, PAY, COURSES))

    assert told(of, answer(FIRST), answer(SECOND)) == [("line-gone", "Kurser")]


def test_without_a_rule_for_new_lines_they_are_moves_like_others():
    of = with_fund(AWARD, version(FIRST, PAY, COURSES, TRIPS), fund=limited(share=Fraction(1, 10)))
    of_line = with_fund(AWARD, version(FIRST, PAY, TRIPS), fund=limited(share=Fraction(1, 10), share_of="line"))
    (new,) = found(of, "move-over-limit")

    assert reckoned(new) == {"budget": "6"}
    assert "the line had nothing before" in new.phrases["rule"].text
    assert told(of_line) == [("move-over-limit", "Ture"), ("move-over-limit", "Kurser")]
    assert [each.phrases["rule"].text for each in found(of_line, "move-over-limit")] == [
        "The line had nothing before. {rule}",
        "That is {line} pct. of the line. {rule}",
    ]


BOTH = ("payment-in-advance", "payment-in-arrears")


@pytest.mark.parametrize(
    ("days", "told"), [((None, MARCH), 0), ((MARCH, None), 0), ((MARCH, JUNE), 0), ((MARCH, MARCH), 1)]
)
def test_a_letter_that_pays_in_one_way_until_a_day_and_in_another_from_it_says_no_two_things(days, told):
    letter = tuple(LetterTerm(id=Id(id), text="…", since=day) for id, day in zip(BOTH, days, strict=True))

    assert len(found(with_fund(letter_terms=letter), "payment-terms-differ")) == told


@pytest.mark.parametrize(("fund", "letter", "told"), [((), BOTH, 1), (BOTH[:1], BOTH[1:], 0), ((), BOTH[:1], 0)])
def test_a_letter_that_pays_in_advance_and_in_arrears_is_told_and_the_funds_own_way_is_overruled(fund, letter, told):
    terms = structs.replace(FUND, terms=tuple(map(term, fund)))
    of = with_fund(fund=terms, letter_terms=tuple(LetterTerm(id=Id(id), text="…") for id in letter))

    assert len(found(of, "payment-terms-differ")) == told


def carrying(id: str, amount: int, **was: int) -> object:
    shares = {Id(name): Share(Fraction(part, 100)) for name, part in was.items()}
    return structs.replace(TRIPS, id=Id(id), title=id, amount=kr(amount), was=shares)


def test_a_line_that_is_called_otherwise_is_neither_new_nor_gone_and_its_moves_add_up():
    renamed = version(FIRST, PAY, carrying("undervisning", 109_000, kurser=100))
    again = version(SECOND, PAY, carrying("laering", 118_000, undervisning=100))
    (problem,) = found(with_fund(AWARD, renamed, again), "move-over-limit", events=[answer(FIRST), answer(SECOND)])

    assert told(with_fund(AWARD, renamed), answer(FIRST)) == []
    assert (problem.words["line"], problem.words["moved"]) == ("laering", "18.000")


def test_a_line_that_is_split_takes_its_shares_with_it():
    split = version(FIRST, PAY, carrying("a", 60_000, kurser=60), carrying("b", 40_000, kurser=40))
    moved = version(FIRST, PAY, carrying("a", 60_000, kurser=50), carrying("b", 40_000, kurser=50))
    half = version(FIRST, PAY, with_amount(COURSES, kr(50_000)), carrying("a", 50_000, kurser=50))

    assert told(with_fund(AWARD, split)) == []
    assert told(with_fund(AWARD, moved)) == [("move-over-limit", "a"), ("move-over-limit", "b")]
    assert told(with_fund(AWARD, half)) == []


def test_what_a_version_does_not_carry_on_is_gone():
    of = with_fund(AWARD, version(FIRST, PAY, carrying("a", 60_000, kurser=60)))

    assert told(of) == [("line-gone", "Kurser")]


LAST, DAY_TOO_LATE, FAR_TOO_LATE = date(2024, 6, 30), date(2024, 1, 1), date(2024, 7, 1)

# ── years ────────────────────────────────────────────────────────────────────────────────────


def years(id: str, *thousands: int) -> Budget:
    return version(id, by_year(COURSES, *(kr(each * 1000) for each in thousands)))


def test_money_between_years_adds_up_from_what_the_agency_approved():
    of = with_fund(years(AWARD.id, 60, 40), years(FIRST, 55, 45), years(SECOND, 50, 50))
    problems = found(of, "money-between-years", events=[answer(FIRST), answer(SECOND)])

    assert [problem.words["moved"] for problem in problems] == ["5.000", "10.000"]
    assert found(of, "money-between-years", events=[answer(FIRST), answer(SECOND, AGENCY)]) == []


def test_money_that_came_back_to_its_year_has_not_moved():
    of = with_fund(years(AWARD.id, 60, 40), years(FIRST, 55, 45), years(SECOND, 60, 40))

    assert [problem.words["budget"] for problem in found(of, "money-between-years")] == [FIRST]


@pytest.mark.parametrize(
    ("after", "moved"),
    [((55, 45, 0), "5.000"), ((55, 40, 15), "5.000"), ((45, 45, 0), "5.000"), ((60, 45, 0), ""), ((55, 40, 0), "")],
)
def test_what_moves_between_years_is_what_one_gains_of_what_another_gives_up(after, moved):
    three_years = Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31))
    of = with_fund(years(AWARD.id, 60, 40, 0), years(FIRST, *after), project_period=three_years)
    problems = found(of, "money-between-years")

    assert "".join(problem.words["moved"] for problem in problems) == moved


@pytest.mark.parametrize("year", [2021, 2024])
def test_money_of_a_year_that_is_none_of_the_periods_is_an_error_of_its_own_and_no_move(year):
    def strange(id: str, *thousands: int) -> Budget:
        line = years(id, *thousands).lines[0]
        return version(id, structs.replace(line, by_year={**line.by_year, year: kr(5_000)}))

    def told(*changes: Budget) -> list[str]:
        of = with_fund(years(AWARD.id, 60, 40), *changes)
        return [problem.words["budget"] for problem in found(of, "money-between-years", events=[answer(FIRST)])]

    assert told(strange(FIRST, 55, 40)) == []
    assert told(years(FIRST, 55, 45), strange(SECOND, 55, 45)) == [FIRST]


def test_an_extension_is_in_time_on_the_last_day_of_the_period_as_the_agency_extended_it():
    longer = event("change-approved", JUNE, change="extension", by=AGENCY, values={"project_period.ends": LAST})
    asked = [event("change-requested", day, change="extension") for day in (DECEMBER, DAY_TOO_LATE, LAST, FAR_TOO_LATE)]

    def told(*events: AnyEvent) -> list[str]:
        return [each.words["day"] for each in found(with_fund(), "extension-late", events=[*events, *asked])]

    assert told() == [str(each.happened) for each in asked[1:]]
    assert told(longer) == [str(FAR_TOO_LATE)]
    refused = event("change-refused", date(2022, 8, 1), change="extension", by=AGENCY, values=longer.values)
    assert told(longer, refused) == told()


def test_the_council_alone_extends_nothing():
    ends = {"project_period.ends": date(2024, 6, 30)}
    late = event("change-requested", date(2024, 1, 1), change="extension")

    def by(name: str | None) -> int:
        approved = event("change-approved", JUNE, change="extension", by=name, values=ends)
        return len(found(with_fund(), "extension-late", events=[approved, late]))

    assert (by(COUNCIL), by(AGENCY), by(None)) == (1, 0, 0)


def test_an_extension_is_late_by_the_period_that_it_is_about():
    of = structs.replace(with_fund(), grant_period=Period(starts=date(2022, 1, 1), ends=OCTOBER))

    def late(**values: date) -> int:
        by_path = {path.replace("_ends", ".ends"): day for path, day in values.items()}
        asked = event("change-requested", date(2022, 11, 1), change="extension", values=by_path)
        return len(found(of, "extension-late", events=[asked]))

    later = date(2024, 6, 30)
    assert (late(), late(grant_period_ends=later), late(project_period_ends=later)) == (1, 1, 0)


# ── the project begins in time ───────────────────────────────────────────────────────────────

START = structs.replace(FUND, terms=(term("start-within-six-months", months=6),))
LAST_DAY = date(2022, 7, 1)
DAY_AFTER = date(2022, 7, 2)


def noted(day: date) -> AnyEvent:
    return event("noted", day, text="Endnu ingen leder")


def test_a_project_that_nothing_shows_has_begun_is_told_once_the_day_has_passed():
    of = with_fund(fund=START)
    (problem,) = found(of, "start-late", events=[noted(DAY_AFTER)])

    assert found(of, "start-late", events=[noted(LAST_DAY)]) == []
    assert problem.phrases["told"].words["day"] == "2022-07-01"
    assert problem.phrases["rule"].words["text"] == "Reglen om start-within-six-months."


@pytest.mark.parametrize(
    "sign",
    [
        {"events": [event("activity-held", LAST_DAY, title="Opstart")]},
        {"events": [event("milestone-reached", LAST_DAY, milestone="teams-klar")]},
        {"events": [event("ordered", LAST_DAY, line="kurser", amount=kr(1))]},
        {"postings": [posting(kr(1), posted=LAST_DAY)]},
        {"postings": [posting(kr(1), posted=DAY_AFTER, performed=LAST_DAY)]},
    ],
)
def test_work_on_the_last_day_is_in_time(sign):
    of = with_fund(fund=START)
    later = [event("activity-held", DECEMBER, title="Afslutning")]

    assert found(of, "start-late", **{**sign, "events": [*sign.get("events", []), *later]}) == []


def test_work_on_the_day_after_is_late_and_the_grants_own_money_is_no_work():
    of = with_fund(fund=START)
    income = posting(kr(-1), posted=MARCH, account="8600")

    assert len(found(of, "start-late", events=[event("activity-held", DAY_AFTER, title="Opstart")])) == 1
    assert len(found(of, "start-late", postings=[income], events=[noted(DAY_AFTER)])) == 1


def test_the_months_count_from_the_grants_own_period_and_end_with_the_month():
    period = Period(starts=date(2021, 8, 31), ends=DECEMBER)
    of = with_fund(fund=START, grant_period=period)
    (problem,) = found(of, "start-late", events=[noted(date(2022, 3, 1))])

    assert problem.phrases["told"].words["day"] == "2022-02-28"
    assert found(of, "start-late", events=[event("activity-held", date(2022, 2, 28), title="Opstart")]) == []


def test_a_project_period_that_begins_too_late_is_told_before_anything_has_happened():
    late = Period(starts=date(2022, 1, 2), ends=DECEMBER)
    of = with_fund(fund=START, project_period=late, grant_period=Period(starts=date(2021, 7, 1), ends=DECEMBER))
    (problem,) = found(of, "start-late")

    assert problem.phrases["told"].words["planned"] == "2022-01-02"
    assert found(structs.replace(of, grant_period=Period(starts=date(2021, 7, 2), ends=DECEMBER)), "start-late") == []


def test_a_grant_that_nobody_has_awarded_cannot_lapse():
    applied = Grant(applied=kr(500_000))
    of = with_fund(fund=START, grant=applied)

    def told(of: Plan) -> list[Problem]:
        dossier = Dossier(plan=of, events=(noted(DECEMBER),))
        return [problem for problem in check(dossier) if problem.code == "start-late"]

    assert told(of) == told(structs.replace(of, grant=None)) == []
    assert len(told(structs.replace(of, grant=structs.replace(applied, awarded=kr(500_000))))) == 1


def test_money_that_came_back_shows_no_work():
    came_back = [posting(kr(-1), posted=MARCH), posting(kr(1), posted=MARCH, account="8600")]
    undone = [posting(kr(1), posted=MARCH), posting(kr(-1), posted=MARCH)]

    for postings in (came_back, undone):
        assert len(found(with_fund(fund=START), "start-late", postings=postings, events=[noted(DAY_AFTER)])) == 1


def test_a_period_known_by_its_year_alone_and_a_fund_without_the_rule_say_nothing():
    year = Period(starts=date(2022, 1, 1), ends=DECEMBER, precision="year")

    assert found(with_fund(fund=START, project_period=year), "start-late", events=[noted(DECEMBER)]) == []
    assert found(with_fund(), "start-late", events=[noted(DECEMBER)]) == []


# ── equipment ────────────────────────────────────────────────────────────────────────────────

EQUIPMENT = structs.replace(FUND, terms=(term("equipment-a-year", amount=kr(50_000)),))
TABLETS = structs.replace(COURSES, title="Tablets", equipment=True)
BOUGHT = Rule(account="2900", line=COURSES.id)


def bought(kroner: int, day: date = MARCH, **keys: object) -> object:
    return posting(kr(kroner), posted=day, account="2900", **keys)


@pytest.mark.parametrize(("kroner", "years"), [(49_999, []), (50_000, []), (50_001, ["2022"])])
def test_equipment_is_added_up_for_each_year(kroner, years):
    of = with_fund(version(AWARD.id, PAY, TABLETS), fund=EQUIPMENT)
    postings = [bought(kroner - 1), bought(1), bought(50_000, date(2023, 1, 1))]

    assert [each.words["year"] for each in found(of, "equipment-over-limit", postings=postings, rules=(BOUGHT,))] == (
        years
    )


def test_an_account_may_be_equipment_on_any_line_and_what_the_municipality_pays_is_none_of_it():
    erp = Erp(account_kinds={"46*": "cost", "2*": "equipment"})
    of = with_fund(version(AWARD.id, PAY, COURSES), fund=EQUIPMENT, erp=erp)
    own = Rule(account="2900", not_eligible=True)

    assert len(found(of, "equipment-over-limit", postings=[bought(50_001)], rules=(BOUGHT,))) == 1
    assert found(of, "equipment-over-limit", postings=[bought(50_001)], rules=(own,)) == []
    assert found(with_fund(fund=EQUIPMENT), "equipment-over-limit", postings=[bought(50_001)], rules=(BOUGHT,)) == []


def test_equipment_counts_in_the_year_that_it_was_bought():
    of = with_fund(version(AWARD.id, PAY, TABLETS), fund=EQUIPMENT)
    late = [bought(30_000), bought(30_000, date(2023, 1, 15), performed=date(2022, 12, 20))]

    assert [each.words["amount"] for each in found(of, "equipment-over-limit", postings=late, rules=(BOUGHT,))] == [
        "60.000"
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (50_000, 0, []),
        (50_001, 0, ["50.001"]),
        (0, 20_001, ["20.001"]),
        (30_000, 20_000, []),
        (30_001, 20_000, ["50.001"]),
    ],
)
def test_the_funds_limit_of_equipment_holds_until_the_letters_does(before, after, told):
    letter = LetterTerm(id=Id("equipment-a-year"), text="…", amount=kr(20_000), since=JUNE)
    of = with_fund(version(AWARD.id, PAY, TABLETS), fund=EQUIPMENT, letter_terms=(letter,))
    postings = [bought(kroner, day) for kroner, day in ((before, MARCH), (after, JUNE)) if kroner]

    problems = found(of, "equipment-over-limit", postings=postings, rules=(BOUGHT,))
    assert [each.words["amount"] for each in problems] == told


def test_equipment_of_a_year_is_budgeted_by_the_limit_that_holds_as_it_begins():
    tablets = structs.replace(TABLETS, by_year={2022: kr(30_000), 2023: kr(30_000)}, amount=kr(60_000))
    letter = LetterTerm(id=Id("equipment-a-year"), text="…", amount=kr(20_000), since=date(2023, 1, 1))
    of = with_fund(version(AWARD.id, PAY, tablets), fund=EQUIPMENT, letter_terms=(letter,))

    assert [each.words["year"] for each in found(of, "equipment-budgeted")] == ["2023"]


@pytest.mark.parametrize(("since", "told"), [(None, 1), (date(2021, 12, 16), 1), (date(2021, 12, 17), 0)])
def test_a_budget_is_held_against_the_terms_of_the_day_that_it_was_decided(since, told):
    letter = LetterTerm(id=Id("forbidden-lines"), text="…", words=("ture",), since=since)
    of = with_fund(
        version("2021-12-16-award", PAY, TRIPS), fund=structs.replace(FUND, terms=()), letter_terms=(letter,)
    )

    assert len(found(of, "forbidden-line")) == told


def test_the_newest_version_says_whether_a_line_is_equipment():
    of = with_fund(version(FIRST, PAY, COURSES), version(AWARD.id, PAY, TABLETS), fund=EQUIPMENT)

    assert found(of, "equipment-over-limit", postings=[bought(60_000)], rules=(BOUGHT,)) == []


def test_a_budget_with_too_much_equipment_in_a_year_is_told_before_it_is_bought():
    def planned(*amounts: int) -> list[str]:
        of = with_fund(version(AWARD.id, by_year(TABLETS, *map(kr, amounts))), fund=EQUIPMENT)
        return [each.words["year"] for each in found(of, "equipment-budgeted")]

    monthly = structs.replace(TABLETS, by_month={Month("2022-02"): kr(30_000), Month("2022-11"): kr(30_000)})
    in_months = found(with_fund(version(AWARD.id, monthly), fund=EQUIPMENT), "equipment-budgeted")

    assert [each.words["amount"] for each in in_months] == ["60.000"]
    assert planned(50_000, 50_000) == []
    assert planned(50_000, 50_001) == ["2023"]
    assert found(plan(budgets=(), terms=EQUIPMENT), "equipment-budgeted") == []
    assert found(with_fund(version(AWARD.id, TABLETS), fund=EQUIPMENT), "equipment-budgeted") == []


def test_equipment_is_told_year_by_year_in_the_order_of_the_years():
    period = Period(starts=date(2022, 1, 1), ends=date(2024, 12, 31))
    of = with_fund(version(AWARD.id, PAY, by_year(TABLETS, *3 * [kr(60_000)])), fund=EQUIPMENT, project_period=period)
    postings = [bought(60_000, date(year, 3, 1)) for year in (2024, 2022, 2023)]
    codes = ("equipment-budgeted", "equipment-over-limit")
    told = [[each.words["year"] for each in found(of, code, postings=postings, rules=(BOUGHT,))] for code in codes]

    assert told == [["2022", "2023", "2024"]] * 2


# ── VAT ──────────────────────────────────────────────────────────────────────────────────────

VAT = structs.replace(FUND, terms=(term("vat", words=("moms",)),))


def test_each_account_whose_texts_mention_vat_is_asked_for_once():
    of = with_fund(fund=VAT)
    texts = [
        posting(kr(25), text="Kursus inkl. moms", account="4600"),
        posting(kr(25), text="Moms 25 %", account="4600"),
        posting(kr(25), text="Kursus ekskl. moms", account="4600"),
        posting(kr(25), text="MOMS", account="4001"),
    ]
    problems = found(of, "vat-mentioned", postings=texts)

    assert [(each.words["account"], each.words["count"], each.severity) for each in problems] == [
        ("4600", "2", "note"),
        ("4001", "1", "note"),
    ]


def test_once_the_accounts_kind_is_said_its_texts_are_not_asked_of():
    mentions = [posting(kr(25), text="Moms", account="4600")]

    def of(kind: str) -> Plan:
        return with_fund(fund=VAT, erp=Erp(account_kinds={"46*": kind}))  # type: ignore[dict-item]

    kinds = ("cost", "equipment", "vat")

    assert [found(of(kind), "vat-mentioned", postings=mentions) for kind in kinds] == [[], [], []]
    assert [len(found(of(kind), "vat-on-line", postings=mentions)) for kind in kinds] == [0, 0, 1]


def test_an_account_of_vat_is_vat_whatever_its_texts_say_and_only_on_a_line():
    of = with_fund(fund=VAT, erp=Erp(account_kinds={"9*": "vat"}))
    postings = [posting(kr(25), text="Kursus", account="9100")]

    assert len(found(of, "vat-on-line", postings=postings, rules=(Rule(account="9100", line=PAY.id),))) == 1
    assert found(of, "vat-on-line", postings=postings, rules=(Rule(account="9100", not_eligible=True),)) == []
    assert found(with_fund(erp=of.erp, fund=limited()), "vat-on-line", postings=postings, rules=RULES) == []


# ── forbidden lines ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "told"), [("Overhead 5 pct.", 1), ("Overheadprojektor", 0), ("Projektoverhead", 1), ("Uden overhead", 0)]
)
def test_a_forbidden_word_is_a_whole_word_or_a_compounds_last_part(title, told):
    assert len(found(with_fund(version(AWARD.id, named(COURSES, title))), "forbidden-line")) == told


def test_a_refused_version_is_not_looked_at_unless_somebody_approved_it():
    of = with_fund(AWARD, version(FIRST, PAY, named(COURSES, "Overhead")))

    assert len(found(of, "forbidden-line")) == 1
    assert found(of, "forbidden-line", events=[answer(FIRST, AGENCY, "change-refused")]) == []
    assert len(found(of, "forbidden-line", events=[answer(FIRST, AGENCY, "change-refused"), answer(FIRST)])) == 1
    assert len(found(of, "forbidden-line", events=[answer(FIRST)])) == 1


# ── where it stands ──────────────────────────────────────────────────────────────────────────

Written = TypeVar("Written", bound=Entry)


def on_line(number: int, record: Written) -> Written:
    """A record that is written on one line, with each of its keys in a column of its own."""
    keys = {key: Span("fil.yaml", number, column) for column, key in enumerate(record.__struct_fields__, start=2)}
    return structs.replace(record, at=At(Span("fil.yaml", number, 1), keys))


def test_a_finding_stands_at_the_very_key_that_it_is_of():
    pay, tablets, first = on_line(4, PAY), on_line(5, TABLETS), on_line(6, courses(FIRST, 150))
    overhead, grown = on_line(7, named(COURSES, "Overhead")), on_line(8, with_amount(COURSES, kr(150_000)))
    trips, period = on_line(9, TRIPS), on_line(10, Period(starts=date(2022, 1, 1), ends=DECEMBER))
    yearly, monthly = (
        on_line(11, by_year(TABLETS, kr(60_000))),
        on_line(12, structs.replace(TABLETS, by_month={Month("2022-02"): kr(60_000)})),
    )
    late = on_line(13, event("change-requested", FAR_TOO_LATE, change="extension"))
    moved = on_line(14, version(FIRST, by_year(COURSES, kr(1), kr(2))))

    def at(code: str, *budgets: Budget, events: Iterable[AnyEvent] = (), fund: Fund = FUND, **keys: object) -> Span:
        return found(with_fund(*budgets, fund=fund, **keys), code, events=events)[0].at

    assert at("forbidden-line", version(AWARD.id, pay, overhead)) == overhead.at.of("title")
    assert at("line-new", AWARD, version(FIRST, PAY, COURSES, trips)) == trips.at.of("id")
    assert at("line-gone", AWARD, on_line(6, version(FIRST, PAY))) == first.at.of("stage")
    assert at("move-over-limit", AWARD, version(FIRST, PAY, grown)) == grown.at.of("amount")
    assert at("money-between-years", version(AWARD.id, by_year(COURSES, kr(2), kr(1))), moved) == moved.at.of("stage")
    assert at("extension-late", AWARD, events=[late]) == late.at.of("happened")
    assert at("start-late", fund=START, project_period=period, events=[noted(DECEMBER)]) == period.at.of("starts")
    for planned, key in ((yearly, "by_year"), (monthly, "by_month")):
        of = version(AWARD.id, tablets, planned, on_line(15, by_year(TABLETS, kr(1))))
        assert at("equipment-budgeted", of, fund=EQUIPMENT) == planned.at.of(key)


def test_what_somebody_approved_stands_at_who_did():
    approved = on_line(3, answer(FIRST))
    two = version(FIRST, with_amount(PAY, kr(412_000)), with_amount(COURSES, kr(112_000)))
    limited_share = limited(share=Fraction(4, 100), share_of="budget")

    def at(code: str, after: Budget, fund: Fund = FUND) -> Span:
        (problem,) = found(with_fund(AWARD, after, fund=fund), code, events=[approved])
        return problem.at

    assert {
        at("line-new", version(FIRST, PAY, COURSES, TRIPS)),
        at("line-gone", version(FIRST, PAY)),
        at("move-over-limit", courses(FIRST, 150)),
        at("moves-over-limit", two, limited_share),
    } == {approved.at.of("by")}


def test_what_was_booked_is_told_at_its_first_posting_with_the_count_and_the_sum_of_all():
    of = with_fund(version(AWARD.id, PAY, TABLETS), fund=structs.replace(FUND, terms=(*EQUIPMENT.terms, *VAT.terms)))
    of = structs.replace(of, erp=Erp(account_kinds={"2900": "equipment", "46*": "vat"}))
    rules = (BOUGHT, Rule(account="*", line=PAY.id))
    postings = [
        *(bought(30_000, file="a.csv", row=7), bought(30_000, JUNE, file="a.csv", row=8)),
        *(posting(kr(2), account="4600", file="a.csv", row=9), posting(kr(3), JUNE, account="4600", file="a.csv")),
        *(
            posting(kr(4), account="9", text="Moms", file="b.csv", row=3),
            posting(kr(5), JUNE, account="9", text="moms"),
        ),
    ]

    def told(code: str) -> tuple[str, int, str, str]:
        (problem,) = found(of, code, postings=postings, rules=rules)
        return problem.at.file, problem.at.line, problem.words["amount"], problem.words["count"]

    assert told("equipment-over-limit") == ("a.csv", 7, "60.000", "2")
    assert told("vat-on-line") == ("a.csv", 9, "5", "2")
    assert told("vat-mentioned") == ("b.csv", 3, "9", "2")


# ── whose term, and how certain ──────────────────────────────────────────────────────────────


def said_of(of: Plan) -> str:
    (problem,) = found(of, "forbidden-line")
    return problem.phrases["rule"].text


def test_each_finding_says_whose_word_the_term_is_and_how_well_it_is_known():
    def of(term: Term, **keys: object) -> Plan:
        fund = structs.replace(FUND, terms=(term,))
        return with_fund(version(AWARD.id, named(COURSES, "Overhead")), fund=fund, **keys)

    rule = term("forbidden-lines", words=("overhead",))
    own = structs.replace(rule, standing="verified")
    letter = LetterTerm(id=rule.id, text="Ingen overhead.", words=("overhead",))
    known = structs.replace(rule, standing="background")
    of_something_else = structs.replace(letter, id=Id("andet"))
    said = [
        said_of(of(rule, letter_terms=(letter,))),
        said_of(of(own)),
        said_of(of(rule)),
        said_of(of(known)),
        said_of(of(known, letter_terms=(of_something_else,))),
    ]

    assert said[0].startswith("The award letter says: ")
    assert said[1].startswith("The fund's own text says, ")
    assert said[2].startswith("Known only from a sibling fund or the agency's handbook, ")
    assert said[3] == said[4]
    assert said[3].startswith("General knowledge without a source, ")
    assert all("award letter goes before" in each for each in said[1:])


def test_where_nobody_gives_a_grant_no_letter_goes_before():
    fund = structs.replace(FUND, gives_grants=False, terms=(term("forbidden-lines", words=("overhead",)),))
    of = with_fund(version(AWARD.id, named(COURSES, "Overhead")), fund=fund)

    assert "letter" not in said_of(of)


def test_a_term_holds_from_its_day_on_and_the_funds_until_then():
    letter = LetterTerm(
        id=Id("budget-change-approval"), text="Alt godkendes.", share=Share(Fraction(0)), since=date(2022, 4, 1)
    )
    of = with_fund(AWARD, courses(FIRST, 105), courses(SECOND, 106), letter_terms=(letter,))
    problems = found(of, "move-over-limit", events=[answer(FIRST), answer(SECOND)])

    assert {problem.words["budget"] for problem in problems} == {SECOND}


def test_a_term_of_costs_holds_for_what_was_spent_from_its_day_on():
    letter = LetterTerm(id=Id("vat"), text="Uden moms.", words=("moms",), since=MARCH)
    of = with_fund(letter_terms=(letter,))

    def asked(day: date) -> int:
        return len(found(of, "vat-mentioned", postings=[posting(kr(1), posted=day, text="Moms")]))

    assert [asked(day) for day in (date(2022, 3, 30), MARCH, JUNE)] == [0, 1, 1]


def test_until_the_letters_term_of_costs_holds_the_funds_does():
    letter = LetterTerm(id=Id("vat"), text="Uden moms.", words=("afgift",), since=JUNE)
    of = with_fund(fund=structs.replace(FUND, terms=(term("vat", words=("moms",)),)), letter_terms=(letter,))

    def asked(text: str, day: date) -> list[str]:
        told = found(of, "vat-mentioned", postings=[posting(kr(1), posted=day, text=text)])
        return [each.phrases["rule"].words["text"] for each in told]

    assert [asked("Moms", day) for day in (MARCH, JUNE)] == [["Reglen om vat."], []]
    assert [asked("Afgift", day) for day in (MARCH, JUNE)] == [[], ["Uden moms."]]


def test_a_letters_terms_bind_a_project_whose_fund_nobody_has_written():
    letter = LetterTerm(id=Id("project-change"), text="Nye poster godkendes.")
    (problem,) = found(plan(budgets=(AWARD, version(FIRST, PAY, COURSES, TRIPS)), letter_terms=(letter,)), "line-new")

    assert problem.phrases["agency"].text == "agency"

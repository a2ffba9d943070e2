from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.conftest import ROOT
from tests.core.worlds import AWARD, AWARDED, COURSES, DECEMBER, JUNE, MARCH, OCTOBER, PAY, event, plan, posting
from toolkit.core.cases import Case, Step
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.explain import Explanation, View, explanation_of
from toolkit.core.money import Money, kr, total
from toolkit.core.occasion import Occasion
from toolkit.core.occasion import occasions as occasions_for
from toolkit.core.plan import Budget, BudgetLine, Indicator, Plan
from toolkit.core.postings import Posting, Postings, Rule
from toolkit.core.problems import At, Span
from toolkit.core.proceedings import decision_of
from toolkit.core.report import report_of
from toolkit.documents.facts import Leaf, leaves
from toolkit.documents.from_state import facts_from
from toolkit.project import open_project
from toolkit.render import every_occasion

SPLIT = Rule(voucher="S", split={"loen": Fraction(60), "kurser": Fraction(40)}, reason="Tre af fem dele var løn")
HALF = Rule(voucher="H", line="kurser", eligible=Fraction(1, 3), reason="En tredjedel er projektets")
RULES = (
    SPLIT,
    HALF,
    Rule(account="86*", grant_income=True),
    Rule(account="87*", other_income=True),
    Rule(account="4001", line="loen"),
    Rule(account="4600", line="kurser"),
    Rule(account="4700", line="nedlagt"),
    Rule(account="2900", not_eligible=True),
)


def explained(
    path: str,
    as_of: date = JUNE,
    *,
    of: Plan = plan(),  # noqa: B008 (a frozen record)
    events: Iterable[AnyEvent] = (AWARDED,),
    postings: Iterable[Posting] = (),
    known_by: date | None = None,
) -> Explanation:
    dossier = Dossier(plan=of, events=tuple(events), postings=Postings(tuple(postings), RULES))
    found = explanation_of(View(report_of(dossier, report_on(dossier, as_of, known_by))), path)
    assert found is not None
    return found


def report_on(dossier: Dossier, as_of: date, known_by: date | None = None) -> Occasion:
    return Occasion(
        kind="final-report",
        as_of=as_of,
        known_by=known_by or max(as_of, dossier.last_known),
        starts=dossier.plan.project_period.starts,
        ends=as_of,
        prose="",
    )


def every_part(of: Explanation) -> Iterator[Explanation]:
    yield of
    for part in (*of.plus, *of.minus, *of.because):
        yield from every_part(part)


def adds_up(of: Explanation) -> bool:
    return all(part.amount == _sum(part.plus) - _sum(part.minus) for part in every_part(of) if part.plus or part.minus)


def _sum(parts: Iterable[Explanation]) -> Money:
    return total(part.amount for part in parts if part.amount is not None)


def postings_in(of: Explanation) -> list[tuple[str, Money | None]]:
    return [(part.voucher, part.amount) for part in every_part(of) if part.what == "posting"]


# ── every fact of the example ────────────────────────────────────────────────────────────────

# Facts that a document says in its own words; the explanation has the word of the project's files.
OWN_WORDS = {
    "role",
    "kind",
    "members",
    "likelihood",
    "impact",
    "case_type",
    "change",
    "answer",
    "outcome",
    "own",
    "letter",
    "municipality_name",
}


def in_own_words(leaf: Leaf, said: object) -> bool:
    """Whether the fact has no value in the files that it could be equal to."""
    name = leaf.path.rpartition(".")[2]
    if name == "title" and str(leaf.value) == f"{said} (ikke i budgettet)":
        return True
    return leaf.unit != "Money" and (said is None or name in OWN_WORDS or said == "to-follow")


@cache
def example() -> Dossier:
    dossier = open_project(ROOT / "projects" / "thisted-nordthy").dossier
    assert dossier is not None
    return dossier


def occasions() -> list[Occasion]:
    """Every document, and final reports of days on which something else holds."""
    days = [date(2021, 9, 1), date(2021, 11, 15), date(2022, 2, 27), date(2022, 9, 30), date(2023, 3, 1)]
    made = every_occasion(example())
    return made + [
        Occasion(
            kind="final-report",
            as_of=day,
            known_by=known_by,
            starts=example().plan.project_period.starts,
            ends=day,
            prose="",
        )
        for day, known_by in (*((day, day) for day in days), (date(2024, 6, 30), example().last_known))
    ]


def looked_at(occasion: Occasion) -> tuple[View, list[Leaf]]:
    report = report_of(example(), occasion)
    return View(report), list(leaves(facts_from(report)))


def explained_otherwise(view: View, facts: Iterable[Leaf]) -> list[tuple[str, object, object]]:
    """The facts whose explanation comes to another value; every amount has one, and it adds up."""
    different: list[tuple[str, object, object]] = []
    for leaf in facts:
        found = explanation_of(view, leaf.path)
        if leaf.unit == "Money" and leaf.value is not None:
            assert found is not None, leaf.path
            assert adds_up(found), leaf.path
        said = None if found is None else found.amount if leaf.unit == "Money" else found.value
        if said != leaf.value and not in_own_words(leaf, said):
            different.append((leaf.path, leaf.value, said))
    return different


@pytest.mark.parametrize("occasion", occasions(), ids=lambda each: f"{each.kind}-{each.as_of}-{each.known_by}")
def test_every_fact_of_every_document_is_explained_to_the_oere(occasion: Occasion) -> None:
    view, facts = looked_at(occasion)

    assert len(facts) > 100
    assert explained_otherwise(view, facts) == []


def test_every_fact_that_anybody_gave_leads_to_a_file() -> None:
    """Apart from the fund's rules, which lead there by their own origin, and a step of the settlement that is 0."""
    occasion = next(each for each in every_occasion(example()) if each.kind == "final-report")
    view, facts = looked_at(occasion)
    by_origin = {leaf.path for leaf in facts if explanation_of(view, leaf.path) is None and leaf.value is not None}
    nowhere = {
        leaf.path
        for leaf in facts
        if (found := explanation_of(view, leaf.path)) is not None
        and leaf.value not in (None, 0, False)
        and not any(part.at for part in every_part(found))
    }

    assert {path.rpartition(".")[0] for path in by_origin} == {"accounts.audit.1", "accounts.audit.2"}
    own_words = {path for path in nowhere if path.rpartition(".")[2] in ("title", "year", "id")}  # of a table's rows
    assert nowhere - own_words == {"as_of"}


def test_a_posting_is_led_to_its_row_and_a_rule_to_its_line() -> None:
    view, _facts = looked_at(next(each for each in every_occasion(example()) if each.kind == "final-report"))
    found = explanation_of(view, "budget.lines.hr-forloeb.spent")
    assert found is not None
    rule = next(part for part in every_part(found) if part.what == "rule" and "230151733" in part.name)
    (part,) = rule.plus
    files = {
        name: (ROOT / "projects" / "thisted-nordthy" / name).read_text(encoding="utf-8").splitlines()
        for name in {each.at.file for each in (rule, part) if each.at}
    }

    assert part.at is not None
    assert rule.at is not None
    assert "230151733" in files[part.at.file][part.at.line - 1]
    assert "230151733" in files[rule.at.file][rule.at.line - 1]
    assert (part.amount, part.whole) == (kr(18_500), kr(46_250))
    assert rule.reason.startswith("Tre af seminarets fem dele")
    assert part.synthetic


# ── sums ─────────────────────────────────────────────────────────────────────────────────────

AMOUNTS = st.integers(-10_000_000, 10_000_000).map(Money)
SOME_POSTINGS = st.lists(
    st.builds(
        posting,
        AMOUNTS,
        posted=st.dates(date(2022, 1, 1), date(2023, 12, 31)),
        account=st.sampled_from(["4001", "4600", "4700", "2900", "8600", "8700", "9999"]),
        voucher=st.sampled_from(["1", "2", "S", "H"]),
    ),
    max_size=12,
)
SOME_ORDERS = st.lists(
    st.builds(
        event,
        st.sampled_from(["ordered", "order-cancelled"]),
        st.dates(date(2022, 1, 1), date(2023, 12, 31)),
        line=st.sampled_from(["loen", "kurser"]),
        amount=AMOUNTS,
    ),
    max_size=4,
)
FIGURES = ("spent", "committed", "unallocated", "remaining", "not_eligible")


@given(SOME_POSTINGS, SOME_ORDERS)
def test_whatever_was_booked_and_ordered_an_explanation_sums_to_the_figure(
    postings: list[Posting], orders: list[AnyEvent]
) -> None:
    given = {"postings": postings, "events": [AWARDED, *orders]}
    dossier = Dossier(plan=plan(), events=(AWARDED, *orders), postings=Postings(tuple(postings), RULES))
    money = dossier.state(DECEMBER, DECEMBER).budget
    assert money is not None

    assert explained("budget.waiting", DECEMBER, **given).amount == money.waiting()  # type: ignore[arg-type]
    for name in FIGURES if postings else ():
        found = explained(f"budget.{name}", DECEMBER, **given)  # type: ignore[arg-type]
        assert adds_up(found)
        assert found.amount == getattr(money, name)
    for line in money.lines if postings else ():
        assert explained(f"budget.lines.{line.line.id}.remaining", DECEMBER, **given).amount == line.remaining  # type: ignore[arg-type]


def test_what_remains_is_the_budget_less_what_is_spent_and_ordered() -> None:
    order = event("ordered", MARCH, line="kurser", amount=kr(20_000), reason="Fire kurser")
    found = explained(
        "budget.lines.kurser.remaining", events=[AWARDED, order], postings=[posting(kr(5_000), account="4600")]
    )

    assert [(part.what, part.amount) for part in found.plus] == [("budget", kr(100_000))]
    assert [(part.what, part.amount) for part in found.minus] == [("spent", kr(5_000)), ("committed", kr(20_000))]
    assert found.minus[1].plus[0].reason == "Fire kurser"


def test_an_order_is_explained_on_the_line_that_carries_its_own_on() -> None:
    heir = BudgetLine(id="moeder", title="Møder", amount=kr(50_000), was={"kurser": Fraction(1, 4)})
    renamed = Budget(id="2022-05-01-change", stage="change", lines=(PAY, heir))
    approved = event("change-approved", date(2022, 5, 1), change="budget", budget=renamed.id)
    order = event("ordered", MARCH, line="kurser", amount=kr(20_000))
    given = {"of": plan(budgets=(AWARD, renamed)), "events": [AWARDED, approved, order]}

    part = explained("budget.lines.moeder.committed", **given).plus[0]  # type: ignore[arg-type]
    rest = explained("budget.lines.kurser.committed", **given)  # type: ignore[arg-type]

    assert (part.amount, part.whole) == (kr(5_000), kr(20_000))
    assert rest.amount == kr(15_000)


def test_a_part_of_a_posting_says_how_large_the_whole_was() -> None:
    split = explained("budget.lines.kurser.spent", postings=[posting(kr(1_000), voucher="S")])
    (part,) = split.plus[0].plus

    assert (part.amount, part.whole, split.plus[0].reason) == (kr(400), kr(1_000), "Tre af fem dele var løn")


def test_what_is_eligible_only_in_part_is_explained_on_both_sides() -> None:
    bill = [posting(kr(900), voucher="H")]

    assert postings_in(explained("budget.lines.kurser.spent", postings=bill)) == [("H", kr(300))]
    assert postings_in(explained("budget.not_eligible", postings=bill)) == [("H", kr(600))]


def test_what_no_rule_places_is_shown_as_placed_by_none() -> None:
    found = explained("budget.unallocated", postings=[posting(kr(70), account="9999", voucher="9")])

    assert [part.what for part in found.plus] == ["no-rule"]
    assert postings_in(found) == [("9", kr(70))]


def test_a_late_voucher_is_no_part_of_what_was_known_in_march() -> None:
    late = [posting(kr(9_000), posted=date(2022, 3, 30), imported=OCTOBER)]

    assert postings_in(explained("budget.spent", MARCH, postings=late, known_by=MARCH)) == []
    assert postings_in(explained("budget.spent", MARCH, postings=late, known_by=OCTOBER)) == [("1", kr(9_000))]


def test_many_postings_stand_under_their_months_with_a_sum_for_each() -> None:
    rows = [posting(kr(10), posted=date(2022, month, day)) for month in (1, 2) for day in (3, 4, 5)]
    months = explained("budget.lines.loen.spent", postings=rows).plus[0].plus

    assert [(each.what, each.day, each.amount) for each in months] == [
        ("month", date(2022, 1, 1), kr(30)),
        ("month", date(2022, 2, 1), kr(30)),
    ]


def test_a_few_postings_stand_by_themselves_in_the_order_of_their_days() -> None:
    rows = [posting(kr(20), posted=date(2022, 2, 3)), posting(kr(10), posted=date(2022, 1, 3))]

    assert [each.amount for each in explained("budget.lines.loen.spent", postings=rows).plus[0].plus] == [
        kr(10),
        kr(20),
    ]


def test_an_income_that_only_the_books_know_is_told_by_its_postings() -> None:
    income = [posting(-kr(100_000), account="8600", voucher="R1")]
    logged = event("instalment-received", MARCH, amount=kr(90_000))

    assert postings_in(explained("grant.received", postings=income)) == [("R1", -kr(100_000))]
    assert explained("grant.received", postings=income).amount == kr(100_000)
    assert explained("grant.received", postings=income, events=[AWARDED, logged]).amount == kr(100_000)
    assert explained("grant.received", events=[AWARDED, logged]).amount == kr(90_000)


def test_a_repayment_that_is_taken_from_the_log_is_no_part_of_what_the_books_received() -> None:
    books = [posting(-kr(100), account="8600", voucher="R1"), posting(kr(30), account="8600", voucher="R2")]
    back = event("repaid", MARCH, amount=kr(30))
    found = explained("grant.received", postings=books, events=[AWARDED, back])

    assert (found.amount, postings_in(found)) == (kr(100), [("R1", -kr(100))])


# ── how a value changed ──────────────────────────────────────────────────────────────────────

CHANGED = Budget(
    id="2022-05-01-change",
    stage="change",
    lines=(
        BudgetLine(id="loen", title="Løn", amount=kr(450_000)),
        BudgetLine(id="kurser", title="Kurser", amount=kr(50_000)),
    ),
)
MOVED_MONEY = event("change-approved", date(2022, 5, 1), change="budget", budget=CHANGED.id, by="Styrelsen")


def test_a_line_that_an_approved_change_altered_shows_each_version_and_its_event() -> None:
    found = explained("budget.lines.kurser.budget", of=plan(budgets=(AWARD, CHANGED)), events=[AWARDED, MOVED_MONEY])

    assert found.amount == kr(50_000)
    assert [(each.name, each.amount, each.because[0].day) for each in found.because] == [
        (AWARD.id, COURSES.amount, date(2021, 12, 16)),
        (CHANGED.id, kr(50_000), date(2022, 5, 1)),
    ]


def test_a_line_shows_what_it_carries_on_of_each_version_whatever_it_was_called_there() -> None:
    heir = BudgetLine(
        id="moeder", title="Møder", amount=kr(50_000), was={"kurser": Fraction(1, 4), "loen": Fraction(1)}
    )
    changed = Budget(id="2022-05-01-change", stage="change", lines=(heir, COURSES))
    approved = event("change-approved", date(2022, 5, 1), change="budget", budget=changed.id)
    of = plan(budgets=(AWARD, changed))
    found = explained("budget.lines.moeder.budget", of=of, events=[AWARDED, approved])
    first, last = found.because

    assert first.amount == PAY.amount + Money(COURSES.amount // 4)
    assert [(part.name, part.amount) for part in first.plus] == [
        (PAY.title, PAY.amount),
        (COURSES.title, Money(COURSES.amount // 4)),
    ]
    assert (last.amount, last.plus) == (kr(50_000), ())


def test_a_line_that_no_version_changed_shows_none() -> None:
    same = Budget(id=CHANGED.id, stage="change", lines=(PAY, COURSES))

    assert (
        explained("budget.lines.loen.budget", of=plan(budgets=(AWARD, same)), events=[AWARDED, MOVED_MONEY]).because
        == ()
    )


def test_a_promised_day_shows_what_was_written_and_the_change_that_moved_it() -> None:
    longer = event(
        "change-approved",
        date(2022, 5, 1),
        change="extension",
        by="Styrelsen",
        reason="Forlænget",
        values={"project_period.ends": date(2024, 3, 31)},
    )
    found = explained("project_period.ends", events=[AWARDED, longer])

    assert found.value == date(2024, 3, 31)
    assert [(each.what, each.value, each.reason) for each in found.because] == [
        ("written", DECEMBER, ""),
        ("changed", date(2024, 3, 31), "Forlænget"),
    ]
    assert explained("project_period.ends", MARCH, events=[AWARDED, longer]).what == "written"


def test_a_moved_milestone_shows_every_move_with_its_cause() -> None:
    moves = [
        event("milestone-moved", date(2022, 5, 1), milestone="teams-klar", due=date(2022, 7, 1), cause="Sygdom"),
        event("milestone-moved", date(2022, 6, 1), milestone="teams-klar", due=date(2022, 8, 15), cause="Ferie"),
    ]
    found = explained("milestones.teams-klar.due", events=[AWARDED, *moves])

    assert [(each.value, each.reason) for each in found.because] == [
        (date(2022, 6, 15), ""),
        (date(2022, 7, 1), "Sygdom"),
        (date(2022, 8, 15), "Ferie"),
    ]
    assert found.value == date(2022, 8, 15)


def test_a_corrected_measurement_shows_what_the_log_said_first() -> None:
    counted = plan(indicators=(Indicator(id="trivsel", title="Trivsel"),))
    measured = event("measured", MARCH, indicator="trivsel", value=Fraction(79, 10), id="marts")
    corrected = event("corrected", date(2022, 4, 5), event="marts", values={"value": Fraction(74, 10)}, note="Talt med")
    found = explained("indicators.trivsel.measured", of=counted, events=[measured, corrected])
    before = explained("indicators.trivsel.measured", MARCH, of=counted, events=[measured, corrected], known_by=MARCH)

    assert found.value == Fraction(74, 10)
    assert [(each.what, each.value, each.reason) for each in found.because] == [
        ("written", Fraction(79, 10), ""),
        ("corrected", Fraction(74, 10), "Talt med"),
    ]
    assert (before.value, before.because) == (Fraction(79, 10), ())


def test_a_correction_that_was_withdrawn_is_no_longer_one() -> None:
    counted = plan(indicators=(Indicator(id="trivsel", title="Trivsel"),))
    measured = event("measured", MARCH, indicator="trivsel", value=Fraction(8), id="marts")
    corrected = event("corrected", date(2022, 4, 5), event="marts", values={"value": Fraction(7)}, id="rettet")
    withdrawn = event("corrected", date(2022, 4, 6), event="rettet", withdrawn=True)
    found = explained("indicators.trivsel.measured", of=counted, events=[measured, corrected, withdrawn])

    assert (found.value, found.because) == (Fraction(8), ())


def test_a_risk_that_was_judged_anew_keeps_its_own_id() -> None:
    judged = event("risk-changed", MARCH, risk="data", likelihood="low", id="vurderet")

    assert explained("risks.data.id", events=[judged]).value == "data"
    assert explained("risks.data.likelihood", events=[judged]).because[-1].kind == "risk-changed"


def test_a_grant_that_was_refused_in_the_end_has_no_day_of_its_award() -> None:
    refused = event("rejected", JUNE)

    assert explained("grant.awarded_on", MARCH, events=[AWARDED, refused]).value == date(2021, 12, 16)
    assert explained("grant.awarded_on", events=[AWARDED, refused]).what == "unsaid"


def test_what_is_owed_of_a_refused_grant_is_explained_by_what_came_and_by_the_refusal() -> None:
    rate = event("instalment-received", JUNE, amount=kr(125_000))
    events = [AWARDED, rate, event("rejected", JUNE), event("closed", JUNE, by="Styrelsen")]
    back = explained("accounts.to_repay", events=events)

    assert back.amount == kr(125_000)
    assert [each.kind or each.what for each in back.because] == ["balance", "rejected"]
    assert all(adds_up(explained(f"accounts.{path}", events=events)) for path in ("to_repay", "settlement.3.amount"))
    for fact in ("accounts.outcomes.grant-first.covered", "budget.unspent"):
        assert (explained(fact, events=events).amount, explained(fact, events=events).because[0].kind) == (
            0,
            "rejected",
        )
    assert explained("grant.rejected_on", events=events).value == explained("grant.closed_on", events=events).value


def test_a_decision_is_explained_by_the_meeting_that_the_minutes_are_of() -> None:
    step = Step(id="ssu", body="Udvalget", date=date(2022, 1, 11), case_type="for-decision")
    case = Case(id="sag", title="Faste teams", layout="standard", steps=(step,))
    made = {"case": "sag", "step": "ssu", "outcome": "approved"}
    decided = [event("decided", day, text=str(day), **made) for day in (date(2022, 1, 25), date(2022, 1, 11))]
    dossier = Dossier(plan=plan(), events=(AWARDED, *decided), cases=(case,))
    meetings = occasions_for(dossier, "agenda-item")

    assert [each.as_of for each in meetings] == [date(2022, 1, 11), date(2022, 1, 25)]
    for each in meetings:
        minutes = structs.replace(each, decided=True)
        found = explanation_of(View(report_of(dossier, minutes)), "decision.text")
        assert found
        assert found.value == str(each.as_of)


def test_every_fact_of_a_step_with_several_meetings_is_explained() -> None:
    steps = (
        Step(id="ssu", body="Udvalget", date=date(2022, 1, 18), item=4, case_type="for-decision"),
        Step(id="br", body="Byrådet", date=date(2022, 1, 25), item=9, case_type="for-decision"),
        Step(id="raad", body="Rådet", date="to-follow", case_type="for-information", consultation=True),
        Step(id="kb", body="Borgerne", date="to-follow", item=2, case_type="for-information"),
    )
    case = Case(id="sag", title="Faste teams", layout="standard", steps=steps)

    def about(kind: str, happened: date, step: str, **said: object) -> AnyEvent:
        return event(kind, happened, case="sag", step=step, **said)

    events = (
        about("decided", date(2022, 1, 18), "ssu", outcome="postponed", text="Udsat."),
        about("meeting-set", date(2022, 1, 20), "ssu", date=date(2022, 2, 8), item=3),
        about("meeting-set", date(2022, 1, 20), "br", date=date(2022, 2, 22)),
        about("decided", date(2022, 2, 9), "ssu", outcome="approved", text="Dagen efter."),
        about("consultation-answered", date(2022, 2, 1), "raad", text="Godt."),
        about("decided", date(2022, 2, 2), "kb", outcome="noted", text="Uden dag."),
        about("meeting-set", date(2022, 2, 23), "br", date=date(2022, 2, 22), item=7),
    )
    dossier = Dossier(plan=plan(), events=(AWARDED, *events), cases=(case,))
    meetings = occasions_for(dossier, "agenda-item")

    assert len(meetings) == 5
    for each in meetings:
        for decided in (False, decision_of(dossier, each) is not None):
            report = report_of(dossier, structs.replace(each, decided=decided))
            of_steps = [leaf for leaf in leaves(facts_from(report)) if leaf.path.partition(".")[0] in ("step", "steps")]
            assert explained_otherwise(View(report), of_steps) == []


def test_somebody_who_took_over_a_role_is_found_in_the_log() -> None:
    new = event("person-changed", MARCH, role="project_manager", name="Den anden")

    assert explained("project_manager.name", events=[new]).kind == "person-changed"
    assert explained("project_manager.name", date(2022, 1, 2), events=[new]).what == "written"


def test_a_value_leads_to_the_very_line_of_its_key() -> None:
    at = At(Span("budgets/2021-12-16-award.yaml", 7, 5), {"amount": Span("budgets/2021-12-16-award.yaml", 9, 13)})
    line = BudgetLine(id="loen", title="Løn", amount=kr(1), at=at)
    budget = Budget(id=AWARD.id, stage="award", lines=(line,))

    assert explained("budget.lines.loen.budget", of=plan(budgets=(budget,))).at == at.keys["amount"]


def test_that_a_milestone_lapsed_is_explained_by_the_refusal() -> None:
    told = explained("milestones.teams-klar.status", events=[AWARDED, event("rejected", JUNE)])

    assert [each.kind for each in told.because if each.kind] == ["rejected"]


def test_a_phase_is_explained_by_its_days_and_by_what_ended_the_grant_before_them() -> None:
    days, over = ["written", "written"], event("closed", JUNE, by="Styrelsen")
    told = explained("phases.fase-2.status", date(2022, 8, 1))
    lapsed = explained("phases.fase-2.running", date(2022, 8, 1), events=[AWARDED, over])

    assert [each.what for each in told.because] == [*days, "asked"]
    assert [each.kind or each.what for each in lapsed.because] == [*days, "closed"]
    assert [each.what for each in explained("phases.fase-2.when", date(2022, 8, 1)).because] == days


def test_a_milestone_that_was_dropped_is_explained_by_that_alone_whatever_ended_the_grant() -> None:
    out = event("milestone-dropped", date(2022, 5, 1), milestone="teams-klar", cause="Udgået")
    told = explained("milestones.teams-klar.status", events=[AWARDED, out, event("closed", JUNE, by="Styrelsen")])

    assert [each.kind for each in told.because if each.kind] == ["milestone-dropped"]


def test_what_somebody_allowed_is_explained_by_the_postings_that_would_have_waited() -> None:
    early, within = posting(kr(7), date(2021, 12, 30)), posting(kr(5))
    rules = tuple(structs.replace(rule, allowed="Styrelsen") for rule in RULES)
    dossier = Dossier(plan=plan(), events=(AWARDED,), postings=Postings((early, within), rules))
    told = explanation_of(View(report_of(dossier, report_on(dossier, JUNE))), "accounts.allowed.1.amount")

    assert told is not None
    assert (told.amount, postings_in(told)) == (kr(7), [("1", kr(7))])


def test_a_vacancy_that_the_log_says_is_explained_by_its_line() -> None:
    until = date(2022, 5, 31)
    leaves = event("person-changed", date(2022, 5, 1), role="project_manager", name="Den første", until=until)

    assert [each.kind for each in explained("vacancies.1.since", events=[leaves]).because] == ["person-changed"]


def test_a_later_end_of_the_period_is_explained_by_what_moved_it_also_a_refusal_of_what_had_made_it_shorter() -> None:
    def ends(year: int) -> dict[str, object]:
        return {"change": "project", "values": {"project_period.ends": date(year, 6, 30)}}

    shorter, no = event("change-approved", MARCH, **ends(2022)), event("change-refused", date(2022, 8, 1), **ends(2022))
    longer = event("change-approved", date(2022, 9, 1), **ends(2024))
    other = event("change-approved", date(2022, 8, 2), change="project", values={"purpose": "Andet"})

    def why(*events: AnyEvent) -> list[str]:
        told = explained("accounts.extended_to", date(2022, 7, 31), events=[AWARDED, *events], known_by=DECEMBER)
        return [each.kind for each in told.because]

    assert why(shorter, no, other) == ["change-refused"]
    assert why(shorter, no, longer) == ["change-refused", "change-approved"]


@pytest.mark.parametrize("path", ["findes.ikke", "budget.lines.nix.spent", "budget", "request.lines"])
def test_a_path_that_is_no_fact_here_is_not_explained(path: str) -> None:
    dossier = Dossier(plan=plan(), events=(AWARDED,))

    assert explanation_of(View(report_of(dossier, report_on(dossier, JUNE))), path) is None


def test_what_was_asked_for_anew_and_answered_is_explained_by_its_own_lines() -> None:
    more, no = event("applied", MARCH, amount=kr(600_000)), event("rejected", JUNE, reason="Puljen er brugt")
    again = event("awarded", OCTOBER, amount=kr(550_000))
    events = (AWARDED, more, no)

    assert explained("changes.1.amount", events=events).amount == kr(600_000)
    assert explained("changes.2.amount", events=events).day == MARCH
    assert [each.kind for each in explained("changes.2.answer", events=events).because] == ["rejected"]
    assert explained("changes.2.reason", events=events).value == "Puljen er brugt"
    assert explained("grant.first_awarded", OCTOBER, events=(AWARDED, again)).amount == AWARDED.amount  # type: ignore[union-attr]


def test_what_was_first_awarded_by_project_yaml_alone_is_explained_by_that() -> None:
    changed = event("change-approved", MARCH, change="project", values={"grant.awarded": kr(450_000)})

    assert explained("grant.first_awarded", events=(changed,)).amount == kr(500_000)


def test_the_end_of_a_report_of_a_closed_grant_is_explained_by_the_closing() -> None:
    said = explained("period.ends", MARCH, events=(AWARDED, event("closed", MARCH)))

    assert (said.kind, said.value) == ("closed", MARCH)

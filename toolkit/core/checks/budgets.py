"""Budgets that do not add up, or that nobody approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from toolkit.core import events as log
from toolkit.core.answers import course_of, day_of, unnamed_in
from toolkit.core.budget_change import last_request, unsaid_refusals, versions
from toolkit.core.checks.grounds import GROUNDS, asked_values, decided_on, quoted, term_of
from toolkit.core.checks.history import in_order, period_without_closing, with_the_plan
from toolkit.core.dossier import Dossier
from toolkit.core.money import NOTHING, Money, kroner, times, total
from toolkit.core.plan import Budget, BudgetLine, Period, Plan
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.promise import awarded_by, with_values, without_refused
from toolkit.core.state import State, corrected

declare(
    "line-product-differs",
    "error",
    N_("{line}: quantity × unit price is {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct the quantity, the unit price or the amount: {computed}"),
)
declare(
    "was-over-whole",
    "error",
    N_("{share} pct. of {line} is carried on by the lines of {budget}: there is no more than 100 pct. of it."),
    N_("let the shares of {line} be at most 100 pct. together: was: {{{line}: {rest} pct.}}"),
)
declare(
    "line-years-differ",
    "error",
    N_("{line}: the years sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct one of the years, or the amount: {computed}"),
)
declare(
    "line-months-differ",
    "error",
    N_("{line}: the months sum to {computed} kr., not {amount} kr. ({difference} kr. apart)."),
    N_("correct one of the months, or the amount: {computed}"),
)
declare(
    "year-outside-period",
    "error",
    N_("{line} has money in {year}, outside the project period, {starts} to {ends}."),
    N_("move the money to a year of the period"),
)
declare(
    "money-outside-grant-period",
    "warning",
    N_(
        "{line} has {amount} kr. in {when}, outside the grant's period, {starts} to {ends}: costs of then count only "
        "where somebody has allowed them."
    ),
    N_("move the money into the period, or speak to the agency"),
)
declare(
    "budget-not-funded",
    "error",
    N_(
        "The budget {budget} sums to {sum} kr.; grant and other funding are {funded} kr. ({difference} kr. apart). "
        "{rule}"
    ),
    N_("{answer}"),
)
declare(
    "budget-of-no-event",
    "note",
    N_("No “{kind}” of the log is about the budget {budget}: it is never in force."),
    N_("if one is, say so: pulje log … corrected event={event} values.budget={budget}; {otherwise}"),
    N_("name the one that it is about: budget=…"),
)
_LOG_APPLIED = N_("or log the one that is missing: pulje log … applied amount=… budget={budget}")
_LOG_AWARDED = N_("or log the one that is missing: pulje log … awarded amount=… budget={budget}")
declare(
    "application-without-own-budget",
    "warning",
    N_(
        "On {day} {applied} kr. were applied for, and the budget of that application, {budget}, is of {sum} kr. with "
        "what others pay, as the one of {other} asks: figures that do not belong together."
    ),
    N_("{answer}"),
)
_OWN_FILE = N_("write the budget that it was sent with: budgets/{day}-application.yaml")
_NAMES_ANOTHER = N_(
    "write the budget that it was sent with: budgets/{day}-application.yaml, and: "
    "pulje log … corrected event={event} values.budget={day}-application"
)
_GIVE_BACK = N_(
    "give {budget} the lines back that it had on {day}, and write those of {other} in budgets/{other}-application.yaml"
)
_NAME_WHO_PAYS = N_("correct the lines, or name who pays the rest under funding:")
_PAY_LESS = N_("correct the lines, or write under funding: in this budget what others pay: {needed} kr. in all")
_SPEND_MORE = N_("correct the lines, which come to less than the grant alone, or the amount of the grant")
declare(
    "budget-behind-grant",
    "warning",
    N_(
        "The grant is now {awarded} kr. and other funding {funding} kr., but the budget in force, {budget}, sums "
        "to {sum} kr. {rule}"
    ),
    N_("write the new budget, and log it when it is approved: pulje log … change-approved change=budget budget=…"),
)
declare(
    "budget-before-grant",
    "note",
    N_(
        "The budget {budget}, {sum} kr., was approved on {approved}, and the grant became the {awarded} kr. that it is "
        "of on {day}: what is made of the days between shows both figures."
    ),
    N_("if both came the same day: pulje log … corrected event={event} values.happened={day}"),
    N_("if both came the same day: happened={day}"),
)
declare(
    "budget-not-approved",
    "warning",
    N_("The budget {budget} is a change that nobody has approved: it does not count yet."),
    N_("when it is approved: pulje log … change-approved change=budget budget={budget}{also} by=…"),
)
GROUNDS.update({"budget-not-funded": "financing-equals-cost", "budget-behind-grant": "financing-equals-cost"})


def budget_lines_add_up(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Quantity × unit price is the amount, and so is the sum of the years, and of the months."""
    for line in dossier.plan.budget_lines:
        if line.quantity is not None and line.unit_price is not None:
            product = times(line.quantity, line.unit_price)
            if product != line.amount:
                yield problem("line-product-differs", line.at.of("amount"), **_difference(line, product))
        for key, parts in (("by_year", line.by_year), ("by_month", line.by_month)):
            if parts and (summed := total(parts.values())) != line.amount:
                code = "line-years-differ" if key == "by_year" else "line-months-differ"
                yield problem(code, line.at.of(key), **_difference(line, summed))


def budgets_lie_in_their_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A version has money in years of the period that it was made for: extended, or before that was made shorter."""
    history = list(with_the_plan(dossier))
    for budget in dossier.plan.budgets:
        periods = _periods(budget, history, latest)
        for line in budget.lines:
            for year in sorted({*line.by_year, *(int(month[:4]) for month in line.by_month)}):
                if not any(period.starts.year <= year <= period.ends.year for period in periods):
                    key = "by_year" if line.by_year else "by_month"
                    days = {"starts": periods[-1].starts, "ends": periods[-1].ends}
                    yield problem("year-outside-period", line.at.of(key), line=line.id, year=year, **days)


def _periods(budget: Budget, history: Sequence[tuple[log.AnyEvent, Plan]], latest: State) -> list[Period]:
    """The project's periods that a version may have money in, the one in force now last.

    They are those in force from the day that it was approved; of a version that no change brought into force, every one
    that there has been, and those that were asked for.
    """
    approved = [
        event.happened
        for event, _plan in history
        if isinstance(event, log.ChangeApproved) and event.budget == budget.id
    ]
    since = min(approved, default=date.min)
    asked = [
        with_values(plan, event.values).project_period
        for event, plan in history
        if isinstance(event, log.ChangeRequested) and not approved
    ]
    had = [plan.project_period for event, plan in history if event.happened > since]
    return [*asked, *had, latest.plan.project_period]


def money_lies_in_the_grants_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The budget in force has money where costs count: what lies outside takes no part in the settlement.

    What lies in a year outside the project's period too is an error of its own. Where the grant was closed before its
    time, what was to be spent afterwards is nobody's to move.
    """
    if latest.budget is None or latest.grant is None or latest.is_refused:
        return
    period, project = period_without_closing(dossier, latest), latest.plan.project_period
    years = range(project.starts.year, project.ends.year + 1)
    for line in latest.budget.budget.lines:
        parts = {str(when): amount for when, amount in (line.by_year or line.by_month).items()}
        outside = {
            when: amount
            for when, amount in parts.items()
            if amount != NOTHING and int(when[:4]) in years and not _meets(when, period)
        }
        if outside:
            yield problem(
                "money-outside-grant-period",
                line.at.of("by_year" if line.by_year else "by_month"),
                line=line.id,
                amount=kroner(total(outside.values())),
                when=", ".join(outside),
                starts=period.starts,
                ends=period.ends,
            )


def _meets(when: str, period: Period) -> bool:
    """Whether any of a year or a month, 2022 or 2022-06, lies in a period."""
    return f"{period.starts}"[: len(when)] <= when <= f"{period.ends}"[: len(when)]


def lines_carry_on_no_more_than_there_was(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The lines of one version carry on at most the whole of an earlier line; told where that is passed."""
    for budget in dossier.plan.budgets:
        carried: dict[str, Fraction] = defaultdict(Fraction)
        for line in budget.lines:
            for was, share in line.was.items():
                before, carried[was] = carried[was], carried[was] + share
                if before <= 1 < carried[was]:
                    yield problem(
                        "was-over-whole",
                        line.at.of("was"),
                        budget=budget.id,
                        line=was,
                        share=_per_cent(carried[was]),
                        rest=_per_cent(1 - before),
                    )


def budgets_are_of_an_event(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A version that no application, or no award, of those that are logged is about is never in force."""
    plan, events = dossier.plan, in_order(dossier)
    used = {budget.id for budget in course_of(plan, events).budgets.values()}
    for budget in unnamed_in(plan, events):
        kind = log.Applied if budget.stage == "application" else log.Awarded
        others = [event.called for event in events if isinstance(event, kind)]
        if others and budget.id not in used:
            otherwise = phrase(_LOG_APPLIED if kind is log.Applied else _LOG_AWARDED, budget=budget.id)
            words = {"budget": budget.id, "event": others[-1], "kind": kind.kind}
            yield problem("budget-of-no-event", budget.at.of("stage"), otherwise=otherwise, **words)


def budgets_equal_their_funding(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """The lines sum to the grant and what others pay: neither over- nor under-budgeted.

    Each version is held against the grant in force on the day that it came into force; one that is refused, against
    none.
    Source: Håndbog om tilskudsregler, finansiering af projekter (financing must equal budgeted cost).
    """
    plan, events = dossier.plan, _events(dossier)
    refused = {each.budget.id for each in versions(plan, in_order(dossier)) if each.is_refused}
    for budget in plan.budgets:
        grants = list(_grants(plan, events, budget))
        if not grants or not budget.lines or budget.id in refused:
            continue
        funding = total(each.amount for each in plan.funding_of(budget))
        if budget.amount - funding not in grants:
            financed, needed = grants[-1] + funding, budget.amount - grants[-1]
            if financed < budget.amount:
                answer = phrase(_NAME_WHO_PAYS)
            else:
                answer = (
                    phrase(_SPEND_MORE) if needed < NOTHING or not funding else phrase(_PAY_LESS, needed=kroner(needed))
                )
            yield problem(
                "budget-not-funded",
                budget.at.of("stage"),
                budget=budget.id,
                sum=kroner(budget.amount),
                funded=kroner(financed),
                difference=kroner(abs(budget.amount - financed)),
                rule=quoted(plan, term_of(plan, "budget-not-funded", decided_on(events, budget))),
                answer=answer,
            )


def applications_have_budgets_of_their_own(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Two applications of different amounts are of one budget only by mistake; where it fits none, that is told."""
    plan, events = dossier.plan, in_order(dossier)
    course = course_of(plan, events)
    for budget in plan.budgets:
        about = [each for each in events if isinstance(each, log.Applied) and course.budgets.get(each.called) is budget]
        asked = _of_the_grant(plan, budget)
        fitting = [each for each in about if each.amount == asked]
        for event in about if budget.lines and fitting else ():
            if event.amount != asked:
                yield problem(
                    "application-without-own-budget",
                    event.at.of("amount"),
                    day=event.happened,
                    applied=kroner(event.amount),
                    budget=budget.id,
                    sum=kroner(budget.amount),
                    other=fitting[-1].happened,
                    answer=_own_budget(event, budget, fitting[-1]),
                )


def budget_in_force_follows_the_grant(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A grant that was reduced or raised asks for a new budget: the one in force is of the grant as it was.

    One that never summed to its grant is an error of its own.
    """
    plan, events = dossier.plan, _events(dossier)
    awarded = latest.grant.awarded if latest.grant else None
    if latest.budget is None or not latest.budget.budget.lines or awarded is None:
        return
    budget = latest.budget.budget
    funding = total(each.amount for each in plan.funding_of(budget))
    if budget.amount - funding != awarded and budget.amount - funding in _grants(plan, events, budget):
        yield problem(
            "budget-behind-grant",
            budget.at.of("stage"),
            budget=budget.id,
            sum=kroner(budget.amount),
            awarded=kroner(awarded),
            funding=kroner(funding),
            rule=quoted(plan, term_of(plan, "budget-behind-grant", min(latest.as_of, latest.closes))),
        )


def budgets_come_with_their_grant(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A version that was approved before the grant became what it is of shows, in between, two figures that differ."""
    plan, events = dossier.plan, _events(dossier)
    awarded = list(_awarded(plan, events))
    for event in events:
        budget = plan.budget(event.budget) if isinstance(event, log.ChangeApproved) else None
        if budget is None or not budget.lines or budget.stage != "change":
            continue
        asked = _of_the_grant(plan, budget)
        then = [amount for day, amount in awarded if day <= event.happened][-1:]
        later = [day for day, amount in awarded if day > event.happened and amount == asked]
        if later and asked not in then:
            days = {"approved": event.happened, "day": later[0]}
            amounts = {"sum": kroner(budget.amount), "awarded": kroner(asked)}
            said = {"budget": budget.id, "event": event.called}
            yield problem("budget-before-grant", event.at.of("happened"), **said, **days, **amounts)


def _of_the_grant(plan: Plan, budget: Budget) -> Money:
    """What of a version's money nobody else pays."""
    return budget.amount - total(each.amount for each in plan.funding_of(budget))


def _events(dossier: Dossier) -> tuple[log.AnyEvent, ...]:
    """The log in the order of the days, the approvals without what was refused since."""
    return without_refused(dossier.plan, in_order(dossier))


def _own_budget(event: log.Applied, budget: Budget, other: log.Applied) -> Phrase:
    """Where the version is of the application's own day, its lines are what has changed since; else it lacks one."""
    if day_of(budget) == event.happened:
        return phrase(_GIVE_BACK, budget=budget.id, day=event.happened, other=other.happened)
    if event.budget is None:
        return phrase(_OWN_FILE, day=event.happened)
    return phrase(_NAMES_ANOTHER, day=event.happened, event=event.called)


def _grants(plan: Plan, events: Sequence[log.AnyEvent], budget: Budget) -> Iterator[Money]:
    """What the grant was when a version came into force, once for each event that brought it: mostly one.

    An application is about what was applied for, an award about what was awarded, a change about the grant at the end
    of the day that it was approved, with that event's own values, or as it became later: that is told. A version that
    never came into force may be about any grant that there has been, or about the one that was asked for with it.
    Nothing where none is known. An application that names no budget is about the one that it brings into force: a
    first and a revised one are each about their own.
    """
    if plan.grant is None:
        return
    about = [event for event in events if getattr(event, "budget", None) == budget.id]
    awarded = list(_awarded(plan, events))
    approvals = [event.happened for event in about if isinstance(event, log.ChangeApproved)]
    of = course_of(plan, events).budgets
    if budget.stage == "application":
        applications = [event for event in events if isinstance(event, log.Applied)]
        applied = [event.amount for event in applications if of.get(event.called) is budget]
        written = [plan.grant.applied] if plan.grant.applied is not None and not applications else []
        yield from applied or written
    elif budget.stage == "award":
        named = [event.amount for event in about if isinstance(event, log.Awarded)]
        answers = [event for event in events if isinstance(event, log.Awarded)]
        own = [event for event in answers if of.get(event.called) is budget]
        yield from named or [event.amount for event in own[-1:]] or [amount for _day, amount in awarded[: not answers]]
    elif approvals:
        for approved in approvals:
            yield from (amount for day, amount in awarded if day > approved)
            yield from [amount for day, amount in awarded if day <= approved][-1:]
    else:
        asked = [event.values for event in about if isinstance(event, log.ChangeRequested)]
        for _day, amount in awarded:
            yield from (each for values in ({}, *asked) if (each := awarded_by(values, amount)) is not None)


def _awarded(plan: Plan, events: Iterable[log.AnyEvent]) -> Iterator[tuple[date, Money]]:
    """What was awarded by project.yaml, and then by the events, in order, with each change of it; and its day."""
    amount = plan.grant.awarded if plan.grant else None
    if amount is not None:
        yield date.min, amount
    for event in events:
        match event:
            case log.Awarded():
                amount = event.amount
            case log.ChangeApproved():
                amount = awarded_by(event.values, amount)
            case _:
                continue
        if amount is not None:
            yield event.happened, amount


def changed_budgets_are_approved(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A budget of stage change counts only when a change-approved event names it; a refused one never will."""
    answers = log.ChangeApproved | log.ChangeRefused
    answered = {event.budget for event in corrected(dossier.events) if isinstance(event, answers)}
    unsaid = unsaid_refusals(in_order(dossier))  # told where it is refused
    answered |= {request.budget for _refusal, requests in unsaid for request in requests}
    for budget in dossier.plan.budgets:
        if budget.stage == "change" and budget.id not in answered:
            also = asked_values(last_request(corrected(dossier.events), budget))
            yield problem("budget-not-approved", budget.at.of("stage"), budget=budget.id, also=also)


def _per_cent(share: Fraction) -> str:
    """As it may be typed back: 60 or 12,5; what has more decimals is rounded down."""
    whole, decimals = divmod(int(share * 10_000), 100)
    return f"{whole}" + (f",{decimals:02}".rstrip("0") if decimals else "")


def _difference(line: BudgetLine, computed: Money) -> dict[str, object]:
    return {
        "line": line.id,
        "amount": kroner(line.amount),
        "computed": kroner(computed),
        "difference": kroner(abs(computed - line.amount)),
    }


RULES = (
    budget_lines_add_up,
    budgets_lie_in_their_period,
    money_lies_in_the_grants_period,
    lines_carry_on_no_more_than_there_was,
    budgets_are_of_an_event,
    budgets_equal_their_funding,
    budgets_come_with_their_grant,
    applications_have_budgets_of_their_own,
    budget_in_force_follows_the_grant,
    changed_budgets_are_approved,
)

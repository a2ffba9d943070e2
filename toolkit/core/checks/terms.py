"""What the fund's own terms say of budgets, changes and costs.

The limits are the fund's data (templates/funds/), never constants here: a fund that does not have a rule is not held to
it. Each finding says the rule, where it stands, and that the award letter goes before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from toolkit.core import events as log
from toolkit.core.budget_change import changes, year_totals
from toolkit.core.dossier import Dossier
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money, kroner, total
from toolkit.core.plan import Budget, Period
from toolkit.core.postings import Booked
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.promise import with_values
from toolkit.core.state import State, corrected

declare(
    "forbidden-line",
    "warning",
    N_('The budget has the line "{line}". {rule}'),
    N_("say in lines of their own what the money is for; the award letter goes before"),
)
declare(
    "line-new",
    "warning",
    N_('"{line}" is a new line in the budget {budget}, and {agency} has not approved it. {rule}'),
    N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
)
declare(
    "line-gone",
    "warning",
    N_('"{line}" is gone from the budget {budget}, and {agency} has not approved that. {rule}'),
    N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
)
declare(
    "move-over-limit",
    "warning",
    N_('"{line}" changes by {moved} kr. in the budget {budget}, and {agency} has not approved it. {rule}'),
    N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
)
declare(
    "money-between-years",
    "warning",
    N_("The budget {budget} moves {moved} kr. between years, and {agency} has not approved it. {rule}"),
    N_("ask {agency} first, and log its approval with by: {agency}; the award letter goes before"),
)
declare(
    "extension-late",
    "warning",
    N_("The extension was asked for on {day}, after the period ended on {ends}. {rule}"),
    N_("speak to {agency} at once; the award letter goes before"),
)
declare(
    "cost-outside-period",
    "warning",
    N_("{amount} kr. on {line} lie outside the grant's period, {starts} to {ends} (postings: {count}). {rule}"),
    N_("place the postings with not_eligible: true in allocation.yaml, unless the award letter allows them"),
)
declare(
    "cost-before-approval",
    "warning",
    N_("{amount} kr. on {line} were posted before the line was approved on {day} (postings: {count}). {rule}"),
    N_("place the postings with not_eligible: true in allocation.yaml, unless the award letter allows them"),
)
declare(
    "line-overspent",
    "warning",
    N_('"{line}" is overspent by {over} kr. {rule}'),
    N_("pulje log … deviation line={id} cause=… action=…, or ask for a change; the award letter goes before"),
)
declare(
    "grant-overspent",
    "warning",
    N_("{over} kr. more have been spent than the grant and other funding cover. {rule}"),
    N_("let the municipality pay the rest: not_eligible: true in allocation.yaml; the award letter goes before"),
)
declare(
    "vat-on-line",
    "warning",
    N_("{amount} kr. on {line} seem to be VAT, or to include it (postings: {count}). {rule}"),
    N_("if the municipality gets the VAT back, place it with not_eligible: true; the award letter goes before"),
)


def budget_has_no_forbidden_lines(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No line for what the fund does not pay: overhead, diverse, uforudsete udgifter.

    Only the newest version is looked at: an older one is never edited, so nothing could be done about it.
    """
    term = _term(dossier, "forbidden-lines")
    newest = max(dossier.plan.budgets, key=lambda budget: budget.id, default=None)
    if term is None or newest is None:
        return
    for line in newest.lines:
        if any(word.casefold() in line.title.casefold() for word in term.words):
            yield problem("forbidden-line", line.at.of("title"), line=line.title, rule=_rule(term))


def changed_lines_are_the_agencys(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A line that is new or gone, or changes by more than the fund's limits, needs the agency, not only the council.

    The limit is a share of what the line had before, or an amount; the handbook does not say what its 10 pct. are of.
    Source: Håndbog om tilskudsregler, projekt- og budgetændringer (a significant new cost changes the project).
    """
    project, limits = _term(dossier, "project-change"), _term(dossier, "budget-change-approval")
    for before, after, approval in _not_by_the_agency(dossier):
        words = {"budget": after.id, "agency": _agency(dossier)}
        for change in changes(before, after):
            title = change.line.title
            if change.before is None and project:
                at = approval or change.line.at.of("id")
                yield problem("line-new", at, line=title, rule=_rule(project), **words)
            elif change.after is None and project:
                at = approval or after.at.of("stage")
                yield problem("line-gone", at, line=title, rule=_rule(project), **words)
            elif change.before and change.after and limits and _over(limits, change.difference, change.before.amount):
                at = approval or change.line.at.of("amount")
                moved = kroner(abs(change.difference))
                yield problem("move-over-limit", at, line=title, moved=moved, rule=_rule(limits), **words)


def money_stays_in_its_year(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Money that moves from one year to another is a change in itself, however little it is.

    Source: Håndbog om tilskudsregler, overførsel af uforbrugte midler.
    """
    term = _term(dossier, "carry-over")
    if term is None:
        return
    for before, after, approval in _not_by_the_agency(dossier):
        moved = _between_years(before, after, latest.plan.project_period)
        if moved > NOTHING:
            yield problem(
                "money-between-years",
                approval or after.at.of("stage"),
                budget=after.id,
                moved=kroner(moved),
                agency=_agency(dossier),
                rule=_rule(term),
            )


def extension_is_asked_in_time(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An extension is asked for before the period ends, at the latest on its last day."""
    term = _term(dossier, "extension")
    if term is None:
        return
    plan = dossier.plan
    for event in corrected(dossier.events):
        match event:
            case log.ChangeApproved():
                plan = with_values(plan, event.values)
            case log.ChangeRequested(change="extension") if event.happened > plan.project_period.ends:
                words = {"day": event.happened, "ends": plan.project_period.ends, "agency": _agency(dossier)}
                yield problem("extension-late", event.at.of("happened"), rule=_rule(term), **words)
            case _:
                pass


def costs_lie_in_the_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost on a budget line falls within the grant's period, which is the project's unless the grant has its own."""
    period = latest.plan.grant_period or latest.plan.project_period
    term = _term(dossier, "costs-in-period")
    for line, parts in _by_line(latest.booked):
        outside = [part for part in parts if part.posted not in period]
        if outside:
            words = {"starts": period.starts, "ends": period.ends, "rule": _rule(term)}
            yield problem("cost-outside-period", _place(outside[0]), line=line, **_sum(outside), **words)


def costs_wait_for_their_line(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost on a line that a change brought is not older than the change's approval."""
    term = _term(dossier, "project-change")
    for line, parts in _by_line(latest.booked) if term else ():
        approved = _approved_on(dossier, line)
        early = [part for part in parts if approved and part.posted < approved]
        if early:
            words = {"day": approved, "rule": _rule(term)}
            yield problem("cost-before-approval", _place(early[0]), line=line, **_sum(early), **words)


def grant_is_not_overspent(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No more is spent on a line than it has, nor on all of them than the grant and what others pay.

    A line whose overspending the log explains (a deviation with `line`) has been seen, and is not told again.
    """
    if latest.budget is None:
        return
    explained = {event.line for event in latest.history if isinstance(event, log.Deviation)}
    for each in latest.budget.lines:
        if each.spent > each.line.amount and each.line.id not in explained:
            yield problem(
                "line-overspent",
                each.line.at.of("amount"),
                line=each.line.title,
                id=each.line.id,
                over=kroner(each.spent - each.line.amount),
                rule=_rule(_term(dossier, "budget-change-approval")),
            )
    if latest.grant and latest.grant.awarded is not None:
        funding = latest.budget.budget.funding or latest.plan.funding
        financed = latest.grant.awarded + total(each.amount for each in funding)
        if latest.budget.spent > financed:
            over, rule = kroner(latest.budget.spent - financed), _rule(_term(dossier, "financing-equals-cost"))
            yield problem("grant-overspent", latest.grant.grant.at.of("awarded"), over=over, rule=rule)


def refunded_vat_is_left_out(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """VAT that the municipality gets back is no cost of the project."""
    term = _term(dossier, "vat")
    if term is None or not term.words:
        return
    words = [word.casefold() for word in term.words]
    vat = latest.postings.with_text(lambda text: any(word in text.casefold() for word in words))
    for line, parts in _by_line(vat.booked):
        yield problem("vat-on-line", _place(parts[0]), line=line, rule=_rule(term), **_sum(parts))


RULES = (
    budget_has_no_forbidden_lines,
    changed_lines_are_the_agencys,
    money_stays_in_its_year,
    extension_is_asked_in_time,
    costs_lie_in_the_period,
    costs_wait_for_their_line,
    grant_is_not_overspent,
    refunded_vat_is_left_out,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _term(dossier: Dossier, id: str) -> Term | None:
    return dossier.plan.term(id)


def _rule(term: Term | None) -> str:
    """The rule and where it stands; nothing where the fund does not have it."""
    return f"{term.text} ({term.reference})" if term else ""


def _agency(dossier: Dossier) -> str:
    return dossier.plan.terms.agency if dossier.plan.terms else ""


def _over(term: Term, moved: Money, base: Money) -> bool:
    if term.amount is not None and abs(moved) > term.amount:
        return True
    return term.share is not None and abs(int(moved)) > term.share * int(base)


def _not_by_the_agency(dossier: Dossier) -> Iterator[tuple[Budget, Budget, Span | None]]:
    """Each later version that the agency has not approved, the version it changes, and where another approved it.

    A refused change is over, and the next one is held against the last version that somebody approved.
    """
    events = [event for event in corrected(dossier.events) if isinstance(event, log.ChangeApproved | log.ChangeRefused)]
    in_force: Budget | None = None
    for budget in sorted(dossier.plan.budgets, key=lambda budget: budget.id):
        answers = [event for event in events if event.budget == budget.id]
        approvals = [event for event in answers if isinstance(event, log.ChangeApproved)]
        by_agency = any(dossier.plan.is_agency(event.by) for event in approvals)
        if in_force and budget.stage == "change" and not by_agency and len(approvals) == len(answers):
            yield in_force, budget, approvals[-1].at.of("by") if approvals else None
        if budget.stage != "change" or approvals:
            in_force = budget


def _between_years(before: Budget, after: Budget, period: Period) -> Money:
    """How much moves from one year to another, in øre; a year that not both versions give money says nothing."""
    years = range(period.starts.year, period.ends.year + 1)
    had, gets = year_totals(before, years), year_totals(after, years)
    differences = [new - old for year in years if (old := had[year]) is not None and (new := gets[year]) is not None]
    gained = total(each for each in differences if each > NOTHING)
    lost = total(-each for each in differences if each < NOTHING)
    return min(gained, lost)


def _approved_on(dossier: Dossier, line: str) -> date | None:
    """The day on which a line that the first version lacks was approved; None for a line from the beginning."""
    versions = sorted(dossier.plan.budgets, key=lambda budget: budget.id)
    first = next((budget for budget in versions if budget.line(line)), None)
    if first is None or first.stage != "change":
        return None
    approvals = (event for event in corrected(dossier.events) if isinstance(event, log.ChangeApproved))
    return min((event.happened for event in approvals if event.budget == first.id), default=None)


def _by_line(booked: Iterable[Booked]) -> Iterator[tuple[str, list[Booked]]]:
    by_line: dict[str, list[Booked]] = {}
    for part in booked:
        if part.line is not None:
            by_line.setdefault(part.line, []).append(part)
    yield from by_line.items()


def _place(part: Booked) -> Span:
    return Span(part.first.file, part.first.row, 1)


def _sum(parts: list[Booked]) -> dict[str, object]:
    return {"count": sum(part.count for part in parts), "amount": kroner(total(part.amount for part in parts))}

"""What the fund's own terms say of budgets, changes and costs.

The limits are the fund's data (templates/funds/), never constants here: a fund that does not have a rule is not held to
it. Each finding names the rule's reference, and that the award letter goes before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from toolkit.core import events as log
from toolkit.core.budget_change import changes, year_totals
from toolkit.core.dossier import Dossier
from toolkit.core.fund import Term
from toolkit.core.money import Money, kroner, total
from toolkit.core.plan import Budget
from toolkit.core.postings import Booked
from toolkit.core.problems import Problem, Span, problem
from toolkit.core.state import State, corrected


def budget_has_no_forbidden_lines(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No line for what the fund does not pay: overhead, diverse, uforudsete udgifter."""
    term = _term(dossier, "forbidden-lines")
    for line in dossier.plan.budget_lines if term else ():
        for word in term.words if term else ():
            if word.casefold() in line.title.casefold():
                yield problem("forbidden-line", line.at.of("title"), line=line.title, **_by(term))


def changes_over_the_limit_are_the_agencys(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A new line, money between years or a move over the fund's limits needs the agency, not only the council.

    The limit is a share of what the line had before, or an amount; the handbook does not say what its 10 pct. are of.
    """
    term = _term(dossier, "budget-change-approval")
    if term is None:
        return
    for before, after, approval in _approved_versions(dossier):
        if approval and _is_agency(approval.by, dossier):
            continue
        by = approval.by if approval and approval.by else "–"
        at = approval.at.of("by") if approval else after.at.of("stage")
        for change in changes(before, after):
            if change.before is None or change.after is None:
                yield problem("line-new-or-gone", at, line=change.line.title, approved=by, **_by(term))
            elif _over(term, change.difference, change.before.amount):
                moved = kroner(abs(change.difference))
                yield problem("move-over-limit", at, line=change.line.title, moved=moved, approved=by, **_by(term))
        years = range(dossier.plan.project_period.starts.year, dossier.plan.project_period.ends.year + 1)
        if year_totals(before, years) != year_totals(after, years):
            yield problem("money-between-years", at, budget=after.id, approved=by, **_by(term))


def extension_is_asked_in_time(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An extension is asked for before the period ends."""
    term = _term(dossier, "extension")
    ends = dossier.plan.project_period.ends
    for event in corrected(dossier.events) if term else ():
        match event:
            case log.ChangeApproved(change="extension") if "project_period.ends" in event.values:
                ends = event.values["project_period.ends"]
            case log.ChangeRequested(change="extension") if event.happened > ends:
                yield problem("extension-late", event.at.of("happened"), day=event.happened, ends=ends, **_by(term))
            case _:
                pass


def costs_lie_in_the_period(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A cost on a budget line falls within the project period, and not before its line was approved."""
    period = latest.plan.project_period
    for line, parts in _by_line(latest.booked):
        outside = [part for part in parts if part.posted not in period]
        if outside:
            words = {"starts": period.starts, "ends": period.ends}
            yield problem("cost-outside-period", _place(outside[0]), line=line, **_sum(outside), **words)
        approved = _approved_on(dossier, line)
        early = [part for part in parts if approved and part.posted < approved]
        if early:
            yield problem("cost-before-approval", _place(early[0]), line=line, day=approved, **_sum(early))


def grant_is_not_overspent(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """No more is spent on a line than it has, nor on all of them than the grant and what others pay.

    A line whose overspending the log explains (a deviation with `line`) has been seen, and is not told again.
    """
    if latest.budget is None:
        return
    explained = {event.line for event in latest.history if isinstance(event, log.Deviation)}
    for each in latest.budget.lines:
        if each.spent > each.line.amount and each.line.id not in explained:
            over = kroner(each.spent - each.line.amount)
            yield problem("line-overspent", each.line.at.of("amount"), line=each.line.title, over=over)
    if latest.grant and latest.grant.awarded is not None:
        funding = latest.budget.budget.funding or latest.plan.funding
        financed = latest.grant.awarded + total(each.amount for each in funding)
        if latest.budget.spent > financed:
            over = kroner(latest.budget.spent - financed)
            yield problem("grant-overspent", latest.grant.grant.at.of("awarded"), over=over)


def refunded_vat_is_left_out(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """VAT that the municipality gets back is no cost of the project."""
    term = _term(dossier, "vat")
    if term is None or not term.words:
        return
    words = [word.casefold() for word in term.words]
    vat = latest.postings.where(lambda posting: any(word in posting.text.casefold() for word in words))
    for line, parts in _by_line(vat.booked):
        yield problem("vat-on-line", _place(parts[0]), line=line, **_sum(parts), **_by(term))


RULES = (
    budget_has_no_forbidden_lines,
    changes_over_the_limit_are_the_agencys,
    extension_is_asked_in_time,
    costs_lie_in_the_period,
    grant_is_not_overspent,
    refunded_vat_is_left_out,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _term(dossier: Dossier, id: str) -> Term | None:
    return dossier.plan.terms.term(id) if dossier.plan.terms else None


def _by(term: Term | None) -> dict[str, str]:
    """The words that say which rule it is."""
    return {"rule": term.text if term else "", "reference": term.reference if term else ""}


def _over(term: Term, moved: Money, base: Money) -> bool:
    if term.amount is not None and abs(moved) > term.amount:
        return True
    return term.share is not None and abs(int(moved)) > term.share * int(base)


def _is_agency(by: str | None, dossier: Dossier) -> bool:
    agency = dossier.plan.terms.agency if dossier.plan.terms else ""
    return by is not None and by.casefold() in (agency.casefold(), "agency", "tilskudsyder")


def _approved_versions(dossier: Dossier) -> Iterator[tuple[Budget, Budget, log.ChangeApproved | None]]:
    """Each later version with the one before it, and who approved it if somebody has."""
    versions = sorted((budget for budget in dossier.plan.budgets if budget.stage != "application"), key=lambda b: b.id)
    approvals = {event.budget: event for event in corrected(dossier.events) if isinstance(event, log.ChangeApproved)}
    for before, after in pairwise(versions):
        yield before, after, approvals.get(after.id)


def _approved_on(dossier: Dossier, line: str) -> date | None:
    """The day on which a line that the first version lacks was approved; None for a line from the beginning."""
    versions = sorted(dossier.plan.budgets, key=lambda budget: budget.id)
    first = next((budget for budget in versions if budget.line(line)), None)
    if first is None or first.stage != "change":
        return None
    approvals = (event for event in corrected(dossier.events) if isinstance(event, log.ChangeApproved))
    return next((event.happened for event in approvals if event.budget == first.id), None)


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

"""The grant and the budget, as facts."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import NOTHING, Money, share, total
from toolkit.core.plan import (
    Budget,
)
from toolkit.core.records import Share
from toolkit.core.state import (
    BudgetState,
    GrantState,
    LineState,
    State,
)
from toolkit.core.words import word
from toolkit.documents.facts import (
    BudgetFacts,
    FundingFacts,
    GrantFacts,
    LineFacts,
    Origin,
    YearFacts,
)
from toolkit.documents.from_economy import explanation
from toolkit.documents.occasion import Occasion

_GRANT_TOLD: dict[type[AnyEvent], str] = {
    log.Applied: "applied_on",
    log.Awarded: "awarded_on",
    log.InstalmentReceived: "received",
    log.Repaid: "repaid",
}


def grant_facts(state: GrantState, history: Iterable[AnyEvent]) -> GrantFacts:
    """What project.yaml says of it, and what the log says: each said by its own, for one may be constructed."""
    told = {kind: [event for event in history if isinstance(event, kind)] for kind in _GRANT_TOLD}
    return GrantFacts(
        origin=Origin.of(state.grant),
        origins={field: Origin.of(*told[kind]) for kind, field in _GRANT_TOLD.items() if told[kind]},
        applied=state.applied,
        awarded=state.awarded,
        received=state.received,
        repaid=state.repaid,
        applied_on=state.applied_on,
        awarded_on=state.awarded_on,
        file_number=state.grant.grantor_file_number,
        in_full=state.awarded == state.applied,
    )


def budget_facts(state: State, money: BudgetState, dossier: Dossier, occasion: Occasion) -> BudgetFacts:
    """The budget in force with what became of it, up to the occasion's day and within its period."""
    budget, period = money.budget, state.plan.project_period
    years = range(period.starts.year, period.ends.year + 1)
    in_period: dict[str, Money] = {}
    for each in state.booked:
        if each.line is not None and occasion.starts <= each.posted:
            in_period[each.line] = in_period.get(each.line, NOTHING) + each.amount
    causes = _causes(state)
    approval = next((event for event in reversed(state.history) if _approves(event, budget)), None)
    lines = tuple(
        _line(line, budget, years, in_period.get(line.line.id, NOTHING), causes.get(line.line.id, []))
        for line in money.lines
    )
    by_year = tuple(
        YearFacts(
            origin=Origin.of(budget),
            year=str(year),
            budget=_sum_or_none(line.years[index].budget for line in lines),
            spent=total(line.years[index].spent for line in lines),
        )
        for index, year in enumerate(years)
    )
    ended = occasion.as_of >= period.ends and state.grant is not None and state.grant.awarded is not None
    awarded = state.grant.awarded if state.grant and state.grant.awarded is not None else NOTHING
    return BudgetFacts(
        origin=Origin.of(budget, *budget.lines, *dossier.postings.rules),
        version=budget.id,
        approved_on=approval.happened if approval else None,
        approved_by=approval.by if isinstance(approval, log.ChangeApproved) else None,
        lines=lines,
        years=by_year,
        funding=tuple(
            FundingFacts(
                origin=Origin.of(funding),
                kind=word(words.FUNDING, funding.kind),
                title=funding.title,
                amount=funding.amount,
            )
            for funding in budget.funding or state.plan.funding
        ),
        total=money.amount,
        spent=money.spent,
        in_period=total(in_period.values()),
        committed=money.committed,
        remaining=money.remaining,
        variance=money.spent - money.amount,
        unallocated=money.unallocated,
        not_eligible=money.not_eligible,
        elsewhere=money.elsewhere,
        used=_share(money.spent, money.amount),
        unspent=awarded - money.spent if ended else None,
        price_level=budget.price_level,
    )


def _approves(event: AnyEvent, budget: Budget) -> bool:
    return isinstance(event, log.Awarded | log.ChangeApproved) and event.budget == budget.id


def _causes(state: State) -> dict[str, list[str]]:
    """What the log says of why each line's spending is not as budgeted."""
    causes: dict[str, list[str]] = {}
    for event in state.history:
        if isinstance(event, log.Deviation) and event.line:
            causes.setdefault(event.line, []).append(event.cause)
    return causes


def _line(state: LineState, budget: Budget, years: range, in_period: Money, causes: list[str]) -> LineFacts:
    line = state.line
    return LineFacts(
        origin=Origin.of(line, synthetic=budget.synthetic),
        id=line.id,
        title=line.title,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        budget=line.amount,
        spent=state.spent,
        in_period=in_period,
        committed=state.committed,
        remaining=state.remaining,
        used=_share(state.spent, line.amount),
        variance=state.spent - line.amount,
        years=tuple(
            YearFacts(
                origin=Origin.of(line, synthetic=budget.synthetic),
                year=str(year),
                budget=line.in_year(year),
                spent=state.by_year.get(year, NOTHING),
            )
            for year in years
        ),
        note=line.note,
        explanation=explanation(causes),
    )


def _share(part: Money, whole: Money) -> Share | None:
    exact = share(part, whole)
    return None if exact is None else Share(exact)


def _sum_or_none(amounts: Iterable[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None

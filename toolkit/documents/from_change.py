"""What a change request asks for: before, after and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.budget_change import changes, year_totals
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money, total
from toolkit.core.plan import Budget, Plan
from toolkit.core.settlement import year_about
from toolkit.core.state import BudgetState, State
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import (
    ChangedLineFacts,
    ChangedValueFacts,
    ChangedYearFacts,
    Origin,
    RequestFacts,
    TermFacts,
    UnspentFacts,
)

# The rule that each change falls under (templates/funds/).
_RULES: dict[log.Change, str] = {
    "budget": "budget-change-approval",
    "carry-over": "carry-over",
    "extension": "extension",
    "project": "project-change",
}

_NAMES = {
    "project_period": "Projektperioden",
    "grant": "Tilskuddet",
    "purpose": "Formål",
    "target_group": "Målgruppe",
    "phases": "Fase",
    "milestones": "Milepæl",
    "goals": "Mål",
}
_KEYS = {
    "starts": "begynder",
    "ends": "slutter",
    "due": "frist",
    "title": "titel",
    "text": "tekst",
    "awarded": "bevilget",
    "applied": "ansøgt",
    "count": "antal",
    "phase": "fase",
    "shown_by": "kan ses ved",
}


def request_of(event: log.ChangeRequested, state: State) -> RequestFacts:
    """The request as it was made: against the plan and the budget that were in force on its day."""
    before = state.budget.budget if state.budget else None
    after = state.plan.budget(event.budget)
    period = state.plan.project_period
    year = year_about(event.happened) if event.change == "carry-over" else None
    unspent = tuple(_unspent(state.budget, year)) if state.budget and year else ()
    return RequestFacts(
        origin=Origin((event.at.span,), event.synthetic or bool(after and after.synthetic)),
        change=word(words.CHANGES, event.change),
        day=event.happened,
        by=event.by,
        reason=event.reason,
        lines=tuple(_lines(before, after)) if before and after else (),
        years=tuple(_years(before, after, range(period.starts.year, period.ends.year + 1))) if before and after else (),
        total_before=before.amount if before and after else None,
        total_after=after.amount if before and after else None,
        total_difference=after.amount - before.amount if before and after else None,
        year=str(year) if year else None,
        unspent=unspent,
        unspent_total=_all_unspent(unspent) if unspent else None,
        values=tuple(_values(event, state.plan)),
        rule=_rule(state.plan, event.change),
    )


def term_facts(term: Term) -> TermFacts:
    """One rule of the fund, with how it is known."""
    return TermFacts(
        origin=Origin((term.at.span,)),
        text=term.text,
        reference=term.reference,
        own=term.standing not in ("sibling", "background"),
    )


def _rule(plan: Plan, change: log.Change) -> TermFacts | None:
    term = plan.term(_RULES[change])
    return term_facts(term) if term else None


def _lines(before: Budget, after: Budget) -> Iterator[ChangedLineFacts]:
    for change in changes(before, after):
        yield ChangedLineFacts(
            origin=Origin((change.line.at.span,), before.synthetic or after.synthetic or change.line.synthetic),
            id=change.line.id,
            title=change.line.title,
            before=change.before.amount if change.before else NOTHING,
            after=change.after.amount if change.after else NOTHING,
            difference=change.difference,
            note=change.line.note,
        )


def _years(before: Budget, after: Budget, years: range) -> Iterator[ChangedYearFacts]:
    had, gets = year_totals(before, years), year_totals(after, years)
    for year in years:
        old, new = had[year], gets[year]
        if old is not None and new is not None:
            yield ChangedYearFacts(
                origin=Origin((after.at.span,), after.synthetic),
                year=str(year),
                before=old,
                after=new,
                difference=new - old,
            )


def _unspent(state: BudgetState, year: int) -> Iterator[UnspentFacts]:
    for each in state.lines:
        budget, spent = each.line.in_year(year), each.by_year.get(year, NOTHING)
        if budget is not None:
            yield UnspentFacts(
                origin=Origin((each.line.at.span,), state.budget.synthetic or each.line.synthetic),
                title=each.line.title,
                budget=budget,
                spent=spent,
                unspent=budget - spent,
            )


def _all_unspent(lines: tuple[UnspentFacts, ...]) -> UnspentFacts:
    return UnspentFacts(
        origin=lines[0].origin,
        title="I alt",
        budget=total(line.budget for line in lines),
        spent=total(line.spent for line in lines),
        unspent=total(line.unspent for line in lines),
    )


def _values(event: log.ChangeRequested, plan: Plan) -> Iterator[ChangedValueFacts]:
    for path, value in event.values.items():
        yield ChangedValueFacts(
            origin=Origin((event.at.of("values"),), event.synthetic),
            what=_what(path, plan),
            before=_said(_current(plan, path)),
            after=_said(value),
        )


def _what(path: str, plan: Plan) -> str:
    """Milepæl "Teams er sat og oplært", frist."""
    name, *rest = path.split(".")
    words = _NAMES.get(name, name)
    if isinstance(getattr(plan, name), tuple) and rest:
        item = next((item for item in getattr(plan, name) if item.id == rest[0]), None)
        words += f" “{item.title if item else rest[0]}”"
        rest = rest[1:]
    return ", ".join([words, *(_KEYS.get(key, key) for key in rest)])


def _current(plan: Plan, path: str) -> Any:
    value: Any = plan
    for key in path.split("."):
        if value is None:
            return None
        if isinstance(value, tuple):
            value = next((item for item in value if item.id == key), None)
        else:
            value = getattr(value, key)
    return value


def _said(value: Any) -> str:
    """A value in words; an item of a list by its title, a text as it is, nothing as a dash."""
    match value:
        case None:
            return danish.EN_DASH
        case date():
            return danish.long_date(value)
        case int():
            return danish.kr(Money(value))
        case str():
            return value
        case _:
            return str(getattr(value, "title", None) or getattr(value, "text", value))

"""What a change request asks for: before, after and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from toolkit.core import events as log
from toolkit.core import words
from toolkit.core.fund import Term
from toolkit.core.money import NOTHING, Money
from toolkit.core.plan import Grant, Period, Plan, Precision
from toolkit.core.request import BudgetRequest, Request, UnspentLine
from toolkit.core.words import word
from toolkit.documents import danish
from toolkit.documents.facts import (
    ChangedFundingFacts,
    ChangedLineFacts,
    ChangedValueFacts,
    ChangedYearFacts,
    Origin,
    RequestFacts,
    TermFacts,
    UncountedFacts,
    UnspentFacts,
)

_NAMES = {
    "project_period": "Projektperioden",
    "grant_period": "Tilskudsperioden",
    "grant": "Tilskuddet",
    "purpose": "Formål",
    "target_group": "Målgruppe",
    "phases": "Fase",
    "milestones": "Milepæl",
    "goals": "Mål",
    "conditions": "Vilkår",
}
_VERBS = {"starts": "begynder", "ends": "slutter"}  # of what has them: Projektperioden slutter
_KEYS = {
    "due": "frist",
    "title": "titel",
    "text": "tekst",
    "awarded": "bevilget",
    "applied": "ansøgt",
    "count": "antal",
    "phase": "fase",
    "shown_by": "kan ses ved",
}


def request_facts(request: Request, plan: Plan) -> RequestFacts:
    """The request as it was made."""
    event, budget = request.event, request.budget
    synthetic = event.synthetic or bool(budget and budget.after.synthetic)
    return RequestFacts(
        origin=Origin((event.at.span,), synthetic),
        change=word(words.CHANGES, event.change),
        day=event.happened,
        by=event.by,
        reason=event.reason,
        lines=tuple(_lines(budget)) if budget else (),
        years=tuple(_years(budget)) if budget else (),
        funding=tuple(
            ChangedFundingFacts(
                origin=Origin.of(each.funding, synthetic=budget.after.synthetic),
                title=each.funding.title,
                before=each.had,
                after=each.gets,
                difference=each.difference,
            )
            for each in budget.funding
        )
        if budget
        else (),
        total_before=budget.before.amount if budget else None,
        total_after=budget.after.amount if budget else None,
        total_difference=budget.difference if budget else None,
        council_day=budget.council.happened if budget and budget.council else None,
        council_by=budget.council.by if budget and budget.council else None,
        year=str(request.year) if request.year else None,
        amount=event.amount if request.year else None,
        unspent=tuple(_unspent(each, event, request.is_unknown) for each in request.unspent),
        unspent_total=_unspent(request.unspent_total, event, request.is_unknown) if request.unspent_total else None,
        without_years=tuple(each.title for each in request.without_years),
        uncounted=tuple(
            UncountedFacts(
                origin=Origin((event.at.span,), event.synthetic),
                title=word(words.ROWS, each.what).text,
                amount=each.amount,
            )
            for each in request.uncounted
        ),
        told_until=request.told_until,
        known_until=request.known_until,
        gaps=danish.months(request.gaps),
        values=tuple(
            ChangedValueFacts(
                origin=Origin((event.at.of("values"),), event.synthetic),
                what=_what(each.path, plan),
                before=_said(each.before, _precision(each.path, plan)),
                after=_said(each.after, _precision(each.path, plan)),
            )
            for each in request.values
        ),
        rule=term_facts(request.term) if request.term else None,
    )


def change_said(event: log.ChangeEvent, plan: Plan, year: int | None) -> str | None:
    """What a change changes: the new values by their names, or the year whose money is carried over."""
    told = [f"fra {year}"] if year else []
    for path, value in event.values.items():
        is_verb = isinstance(value, date) and path.rpartition(".")[2] in _VERBS
        told.append(f"{_what(path, plan)}{'' if is_verb else ':'} {_said(value, _precision(path, plan))}")
    return "; ".join(danish.uncapitalised(each) for each in told) or None


def term_facts(term: Term) -> TermFacts:
    """One rule of the fund, with how it is known."""
    return TermFacts(
        origin=Origin((term.at.span,)),
        text=term.text,
        reference=term.reference,
        own=term.standing not in ("sibling", "background"),
        letter=term.is_letters,
    )


def _lines(budget: BudgetRequest) -> Iterator[ChangedLineFacts]:
    made_up = budget.before.synthetic or budget.after.synthetic
    for change in budget.lines:
        yield ChangedLineFacts(
            origin=Origin((change.line.at.span,), made_up or change.line.synthetic),
            id=change.line.id,
            title=change.line.title,
            was=tuple(
                part.line.title if part.is_whole else f"en del af {part.line.title}" for part in change.carried_on
            ),
            before=change.had,
            after=change.gets,
            difference=change.difference,
            note=change.line.note,
        )


def _years(budget: BudgetRequest) -> Iterator[ChangedYearFacts]:
    for each in budget.years:
        yield ChangedYearFacts(
            origin=Origin((budget.after.at.span,), budget.after.synthetic),
            year=str(each.year),
            before=each.before,
            after=each.after,
            difference=each.difference,
        )


def _unspent(line: UnspentLine, event: log.ChangeRequested, is_unknown: bool) -> UnspentFacts:
    return UnspentFacts(
        origin=Origin.of(line.line) if line.line else Origin((event.at.span,), event.synthetic),
        title=line.line.title if line.line else _from_before(line) if line.carried_from else "I alt",
        budget=None if is_unknown and line.line is None else line.budget,  # what the year before left is in it
        spent=None if is_unknown else line.spent,
        unspent=None if is_unknown else line.unspent,
    )


def _from_before(line: UnspentLine) -> str:
    return f"{'Overført fra' if line.budget > NOTHING else 'Merforbrug i'} {line.carried_from}"


def _what(path: str, plan: Plan) -> str:
    """Milepæl "Teams er sat og oplært", frist; Projektperioden slutter."""
    name, *rest = path.split(".")
    words = _NAMES.get(name, name)
    if isinstance(getattr(plan, name), tuple) and rest:
        item = next((item for item in getattr(plan, name) if item.id == rest[0]), None)
        words = f"{words} “{_said(item) if item else rest[0]}”"
        rest = rest[1:]
    return "".join([words, *(f" {_VERBS[key]}" if key in _VERBS else f", {_KEYS.get(key, key)}" for key in rest)])


def _precision(path: str, plan: Plan) -> Precision:
    """How precise the days of what a path names are, where it is of a day."""
    name, *rest = path.split(".")
    record = getattr(plan, name)
    if isinstance(record, tuple):
        record = next((item for item in record if item.id == rest[0]), None)
    return getattr(record, "precision", "day") if rest[-1:] in (["starts"], ["ends"]) else "day"


def _said(value: Any, precision: Precision = "day") -> str:
    """A value in words; an item of a list by its title, a text as it is, nothing as a dash."""
    match value:
        case None:
            return danish.EN_DASH
        case date():
            return danish.day_month_or_year(value, precision)
        case int():
            return danish.kr(Money(value))
        case str():
            return value
        case Period():
            return danish.period(value.starts, value.ends, value.precision)
        case Grant():
            amount = value.applied if value.awarded is None else value.awarded
            return danish.EN_DASH if amount is None else danish.kr(amount)
        case _:
            return str(getattr(value, "title", None) or getattr(value, "text", value))

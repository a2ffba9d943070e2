"""Which term each finding rests on, and how certain that is: the terms are the fund's or the letter's, never ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from toolkit.core import events as log
from toolkit.core.answers import day_of
from toolkit.core.budget_change import VersionEvent
from toolkit.core.fund import Round, Term
from toolkit.core.money import Money, kroner
from toolkit.core.plan import Budget, Plan
from toolkit.core.problems import N_, Phrase, phrase

GROUNDS: dict[str, str] = {}  # the term that a code is about, by their names: each module adds its own codes

_CERTAINTY: Mapping[str, str] = {
    "letter": N_("The award letter says: {text} ({reference})"),
    "verified": N_("The fund's own text says, and the award letter goes before it: {text} ({reference})"),
    "sibling": N_(
        "Known only from a sibling fund or the agency's handbook, and the award letter goes before it: "
        "{text} ({reference})"
    ),
    "background": N_("General knowledge without a source, and the award letter goes before it: {text} ({reference})"),
}
# Where nobody gives a grant there is neither a fund's own text nor a letter that goes before it.
_WITHOUT_GRANT: Mapping[str, str] = {
    "verified": N_("The source says: {text} ({reference})"),
    "sibling": N_("Known only from a similar case: {text} ({reference})"),
    "background": N_("General knowledge without a source: {text} ({reference})"),
}
_KNOWN: Mapping[str, str] = {
    "verified": N_("That stands in the fund's own text ({reference})."),
    "sibling": N_("That is known only from a sibling fund or the agency's handbook ({reference})."),
    "background": N_("That is general knowledge without a source ({reference})."),
}


def known_as(its: Round) -> Phrase:
    """Whose word a round of a fund is, how well it is known, and where it stands."""
    return phrase(_KNOWN[its.standing], reference=its.reference)


def term_of(plan: Plan, code: str, on: date) -> Term | None:
    """The term that a finding rests on, as it holds on the day of what is held against it; None where there is none."""
    return plan.term(GROUNDS[code], on)


def decided_on(events: Iterable[log.AnyEvent], budget: Budget) -> date:
    """The day whose terms a version is held against: of the last answer to it, else the request, else of its name."""
    about = [event for event in events if isinstance(event, VersionEvent) and event.budget == budget.id]
    answers = [event for event in about if isinstance(event, log.Awarded | log.ChangeApproved)]
    return max((event.happened for event in answers or about), default=made_on(budget))


def made_on(budget: Budget) -> date:
    """The day of a version's name; where it says none, the terms that hold at last are asked."""
    day = day_of(budget)
    return date.max if day == date.min else day


def quoted(plan: Plan, term: Term | None) -> Phrase:
    """A term in a sentence: whose word it is and how well that is known, what it says, and where it stands."""
    if term is None:
        return Phrase("")
    granted = plan.terms is None or plan.terms.gives_grants
    certainty = _CERTAINTY if granted else {**_CERTAINTY, **_WITHOUT_GRANT}
    return phrase(certainty[term.standing], text=term.text, reference=term.reference)


def agency(plan: Plan) -> str | Phrase:
    """Who gives the grant, as it may be typed in the log: a project without a fund has only a common word for it."""
    return plan.terms.agency if plan.terms else Phrase(N_("agency"))


def asked_values(request: log.ChangeEvent | None) -> str:
    """The new values that were asked for with a budget, as they are typed for its approval; "" where there are none."""
    typed = {path: as_typed(value) for path, value in (request.values if request else {}).items()}
    return "".join(f' "values.{path}={value}"' for path, value in typed.items())


def as_typed(value: object) -> str:
    """A new value as it may be typed; a mark where it is too long for that."""
    match value:
        case None:
            return "null"
        case date():
            return value.isoformat()
        case int():
            return f"{kroner(Money(value))} kr."
        case _:
            return "…"

"""Which term each finding rests on, and how certain that is: the terms are the fund's or the letter's, never ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from toolkit.core.fund import Term
from toolkit.core.plan import Plan
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


def term_of(plan: Plan, code: str, on: date | None = None) -> Term | None:
    """The term that a finding rests on, as it was in force on a day; None where nobody has set it."""
    return plan.term(GROUNDS[code], on)


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

"""How any fact of a document came to be: from its path to the sum, the events and the files behind it."""

from __future__ import annotations

from toolkit.core.explain import told
from toolkit.core.explain.explanation import Explanation, View, What, written
from toolkit.core.explain.money import explain_budget, explain_grant
from toolkit.core.explain.promised import promised
from toolkit.core.explain.settled import explain_accounts, explain_request
from toolkit.core.fund import OF_A_CALL

__all__ = ["Explanation", "View", "What", "explanation_of"]

# A fact's name, and where project.yaml has it.
_IN_THE_PLAN: dict[str, tuple[str, ...]] = {
    "department": ("applicant", "department"),
    "cvr": ("applicant", "cvr"),
    "address": ("applicant", "address"),
    "municipality_name": ("municipality",),
}


def explanation_of(view: View, path: str) -> Explanation | None:
    """How the fact of a path, as a template writes it, came to be; None for a path that is nobody's here.

    The path is one that the document's facts have: its ids and numbers exist.
    """
    match path.split("."):
        case ["budget", "unspent"]:
            return explain_accounts(view, ["unspent"]) or Explanation(what="unsaid")
        case ["budget", *rest]:
            return explain_budget(view, rest)
        case ["grant", *rest]:
            return explain_grant(view, rest)
        case ["accounts", *rest]:
            return explain_accounts(view, rest)
        case ["request", *rest]:
            return explain_request(view, rest)
        case ["milestones" | "milestones_ahead" | "milestones_late" | "milestones_moved", id, name]:
            return told.milestone(view, id, name)
        case ["conditions", id, name]:
            return told.condition(view, id, name)
        case ["indicators", id, name] | ["goals", _, "indicators", id, name]:
            return told.indicator(view, id, name)
        case ["phases", id, name]:
            return told.phase(view, id, name)
        case ["phase", name]:
            return told.phase(view, view.state.phase.id, name) if view.state.phase else None
        case ["risks", id, name]:
            return told.risk(view, id, name)
        case ["people", number, name]:
            return told.person(view, int(number) - 1, name)
        case ["vacancies", number, name]:
            return told.vacancy(view, int(number) - 1, name)
        case ["project_manager", name]:
            roles = [person.role for person in view.state.people]
            return told.person(view, roles.index("project_manager"), name)
        case ["fund", *rest]:
            return _fund(view, rest)
        case [("project_period" | "grant_period") as period, "text"]:
            days = (promised(view, (period, key)) for key in ("starts", "ends"))
            return Explanation(what="worked-out", because=tuple(filter(None, days)))
        case ["milestones_reached"]:
            return told.reached(view)
        case ["period", name]:
            return told.period(view, name)
        case ["following", name]:
            return told.following(view, name)
        case [group, number, name] if group in told.HAPPENINGS:
            return told.happening(view, group, int(number) - 1, name)
        case ["changes", number, name]:
            return told.change(view, int(number) - 1, name)
        case ["as_of"]:
            return told.as_of(view)
        case ["case_title"]:
            return told.of_case(view, "title")
        case ["case_officer"]:
            return told.of_case(view, "case_officer")
        case ["appropriation", number, name]:
            return told.appropriation_line(view, int(number) - 1, name)
        case ["appropriation_total"]:
            return told.appropriation(view)
        case ["competence"]:
            return told.competence(view)
        case ["decided"]:
            return Explanation(what="asked")
        case ["unwritten"]:
            return Explanation(what="worked-out")
        case ["case_number"]:
            return told.case_number(view)
        case ["step", name]:
            return told.step(view, None, name)
        case ["steps", number, name]:
            return told.step(view, int(number) - 1, name)
        case ["decision", name]:
            return told.decision(view, name)
        case ["attachments", number, name]:
            return told.attachment(view, int(number) - 1, name)
        case [name] if name in _IN_THE_PLAN:
            return promised(view, _IN_THE_PLAN[name])
        case names:
            return promised(view, names)


def _fund(view: View, path: list[str]) -> Explanation | None:
    """What the fund's file says; where sources disagree, what each of them says."""
    terms = view.state.plan.terms
    if terms is None:
        return None
    match path:
        case [("frame" | "starts") as name, number, "value"]:
            said = getattr(terms, name)
            others = (written(view, each, "value", "source") for each in said if each is not said[int(number) - 1])
            return written(view, said[int(number) - 1], "value", "source", because=tuple(others))
        case [("frame" | "starts") as name, number, key]:
            return written(view, getattr(terms, name)[int(number) - 1], key)
        case ["portal" | "portal_address" as name]:
            key, its = ("text" if name == "portal" else "address"), terms.term("portal")
            return written(view, its, key) if its else Explanation(what="unsaid")
        case [key] if key in OF_A_CALL and (call := terms.round_of(view.state.plan.round)):
            return written(view, call, key)
        case [key]:
            return written(view, terms, key)
    return None

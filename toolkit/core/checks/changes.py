"""What the log says of changes and corrections: each says something, and what is refused is what was approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from toolkit.core import events as log
from toolkit.core.budget_change import open_requests, unsaid_refusals
from toolkit.core.carry_over import carry_over_of, carry_overs
from toolkit.core.checks.days import backwards
from toolkit.core.checks.grounds import agency, as_typed, asked_values
from toolkit.core.checks.history import in_order, with_the_plan
from toolkit.core.dossier import Dossier
from toolkit.core.problems import N_, Problem, declare, phrase, problem
from toolkit.core.promise import answered, left_of, outranks, values_by_path, with_values, without_refused
from toolkit.core.state import State, corrected

declare(
    "change-says-nothing",
    "warning",
    N_("An approved change that says neither values nor a budget changes nothing."),
    N_(
        'pulje log … corrected event={event} "values.values={{project_period.ends: …}}", or values.budget=… for a '
        "budget, or withdrawn=true"
    ),
    N_("write what was approved: values.project_period.ends=… or another value, or budget=…"),
)
declare(
    "refusal-says-nothing",
    "warning",
    N_("It is not said what is refused, and {approved}, approved on {day}, stands."),
    N_(
        'if that is what is refused: pulje log … corrected event={event} "values.values={{…}}" or values.budget=…, '
        "with what was approved"
    ),
    N_("write what is refused as it was approved: values.project_period.ends=… or another value, or budget=…"),
)
declare(
    "refusal-of-which",
    "warning",
    N_("It is not said what is refused: what was asked for on {day}, {asked}, is without an answer by the log."),
    N_("if that is it: pulje log … corrected event={event} {typed}"),
    N_("if that is it, write it too: {anew}"),
)
declare(
    "request-unanswered",
    "note",
    N_("What was asked for on {day}, {asked}, had no answer by the log when the grant was closed on {closed}."),
    N_(
        "if it was refused: pulje log … change-refused change={change} {anew} by=… happened=…; if it was approved: "
        "change-approved in its place; if it was taken back: pulje log … corrected event={event} withdrawn=true"
    ),
    N_("if it was answered, log that too; if it was not, nothing is to be done"),
)
declare(
    "refusal-of-another-value",
    "warning",
    N_("What is refused of {path} is another value than the one approved on {day}, which stands; nobody asked for it."),
    N_(
        "if it is the approved value that is refused: pulje log … corrected event={event} "
        '"values.values={{{path}: …}}"; if another was asked for, log that: pulje log … change-requested '
        "change={change} values.{path}=…"
    ),
    N_(
        "write the value that was approved, or log first that another was asked for: "
        "pulje log … change-requested change={change} values.{path}=…"
    ),
)
declare(
    "budget-not-refused",
    "note",
    N_("All values that were approved with {budget} on {day} are refused, and the budget is not: it stands."),
    N_("if the budget is refused too: pulje log … corrected event={event} values.budget={budget}"),
    N_("if the budget is refused too: write budget={budget}"),
)
declare(
    "correction-says-nothing",
    "warning",
    N_("A correction with neither values nor withdrawn: true corrects nothing."),
    N_(
        "write what is right in a new one: pulje log … corrected event={of} values.KEY=…, or withdrawn=true; to take a "
        "correction back, withdraw that: event=… withdrawn=true"
    ),
)
declare(
    "change-of-application",
    "warning",
    N_("What was applied for is what the application says: that {path} is changed to {value} changes nothing."),
    N_(
        "if another application was sent, log it, pulje log … applied amount=…, and take this out: pulje log … "
        "corrected event={event} {left}"
    ),
    N_("leave it out; if another application was sent, log that: pulje log … applied amount=…"),
)
_THE_REST = N_('"values.values={{…}}", with the other values alone, like grant.awarded: …')
_NOTHING_ELSE = N_("withdrawn=true")
declare(
    "changed-days-backwards",
    "error",
    N_("By this change {path} ends on {ends}, before it starts on {starts}."),
    N_('correct the day that is wrong: pulje log … corrected event={event} "values.values={{…}}"'),
    N_("correct the day that is wrong"),
)


declare(
    "approved-after-refusal",
    "warning",
    N_(
        "By the log {by} has approved what {agency} refused on {day}: {what}. It does not count before {agency} has "
        "approved it."
    ),
    N_(
        'if {agency} has approved it since: pulje log … change-approved change={change} {anew} by="{agency}"; if not, '
        "take this back: pulje log … corrected event={event} withdrawn=true"
    ),
    N_('if {agency} has approved it since, write by="{agency}"; if not, do not log this'),
)
declare(
    "refused-after-approval",
    "warning",
    N_("By the log {by} has refused what {agency} approved on {day}: {what}. It stands until {agency} has refused it."),
    N_(
        'if {agency} has refused it since: pulje log … change-refused change={change} {anew} by="{agency}"; if not, '
        "take this back: pulje log … corrected event={event} withdrawn=true"
    ),
    N_('if {agency} has refused it since, write by="{agency}"; if not, do not log this'),
)


def changes_say_something(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An approval has what it approves; carrying over needs no more than its year."""
    for event in corrected(dossier.events):
        if isinstance(event, log.ChangeApproved) and event.change != "carry-over" and not _says(event):
            yield problem("change-says-nothing", event.at.of("change"), event=event.called)


def refusals_are_of_what_there_is(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A refusal of what stands says which, and the value that it has; else what was approved stands, unseen.

    What was asked for and never approved is refused without touching anything.
    """
    plan, before = dossier.plan, list[log.AnyEvent]()
    for event in in_order(dossier):
        if isinstance(event, log.ChangeRefused):
            approved = [each for each in without_refused(plan, before) if isinstance(each, log.ChangeApproved)]
            standing = [each for each in approved if not outranks(plan, each, event) and _says(each)]
            alike = [each for each in standing if each.change == event.change]
            if alike and not _says(event) and not _is_asked(event, before, alike[-1]):
                last = alike[-1]
                what = last.budget or ", ".join(last.values)
                yield problem(
                    "refusal-says-nothing",
                    event.at.of("change"),
                    event=event.called,
                    approved=what,
                    day=last.happened,
                )
            yield from _other_values(event, standing, before)
            yield from _budgets_left(event, standing)
        before.append(event)


def refusals_say_which_request(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A refusal of what was asked for names it; else the request stays open on every screen."""
    for refusal, requests in unsaid_refusals(in_order(dossier)):
        words = {"day": requests[-1].happened, "event": refusal.called}
        yield problem("refusal-of-which", refusal.at.of("change"), **_named(requests), **words)


def requests_are_answered_before_the_closing(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What was asked for, and had no answer when the agency closed the grant; a budget is told of as such.

    Without an answer to a carry-over the grant is never settled for good.
    """
    closed = latest.grant.closed_on if latest.grant else None
    if closed is None:
        return
    for request in open_requests(in_order(dossier)):
        if not request.budget and request.change != "carry-over" and request.happened <= closed:
            named = _named([request])
            said = {"asked": named["asked"], "anew": named["anew"], "change": request.change, "event": request.called}
            yield problem("request-unanswered", request.at.of("change"), day=request.happened, closed=closed, **said)
    for each in carry_overs(latest.history, latest.plan):
        event, last = each.event, carry_over_of(latest, each.year)
        is_last = last.event is not None and last.event.called == event.called
        if isinstance(event, log.ChangeRequested) and last.status == "requested" and is_last:
            asked = phrase(N_("carrying over from {year}"), year=each.year)
            words = {"asked": asked, "anew": f"year={each.year}", "change": event.change, "event": event.called}
            yield problem("request-unanswered", event.at.of("change"), day=event.happened, closed=closed, **words)


def _named(requests: Sequence[log.ChangeRequested]) -> dict[str, str]:
    """What was asked for, by name, and as it is typed of a line in the log, and of one that is to be."""
    last = structs.replace(
        requests[-1], values={path: value for each in requests for path, value in each.values.items()}
    )
    values = ", ".join(f"{path}: {as_typed(value)}" for path, value in last.values.items())
    return {
        "asked": last.budget or ", ".join(last.values),
        "typed": f"values.budget={last.budget}" if last.budget else f'"values.values={{{values}}}"',
        "anew": f"budget={last.budget}" if last.budget else asked_values(last).strip(),
    }


def what_the_agency_has_answered_waits_for_the_agency(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Another's approval of what the agency has refused changes nothing, nor does a refusal of what it has approved.

    That is told until the agency itself answers otherwise.
    """
    events = in_order(dossier)
    left, refusals = answered(dossier.plan, events)
    approved = [(at, each) for at, each in enumerate(left) if isinstance(each, log.ChangeApproved)]
    places = [at for at, each in enumerate(events) if isinstance(each, log.ChangeRefused)]
    refused = list(zip(places, refusals, strict=True))
    for number, event in enumerate(events):
        pairs: list[tuple[int, log.ChangeApproved | log.ChangeRefused, log.ChangeApproved]]  # the last: what is of both
        match event:
            case log.ChangeApproved():
                code = "approved-after-refusal"
                pairs = [(at, no, _refused_of(event, no)) for at, no in refused]
            case log.ChangeRefused():
                code = "refused-after-approval"
                pairs = [(at, yes, _refused_of(yes, event)) for at, yes in approved]
            case _:
                continue
        above = [each for each in pairs if each[0] < number and outranks(dossier.plan, each[1], event)]
        for _at, answer, both in [each for each in above if _says(each[2])][-1:]:
            budget = (both.budget,) if both.budget else ()
            yield problem(
                code,
                event.at.of("by"),
                by=event.by,
                agency=agency(latest.plan),
                day=answer.happened,
                what=", ".join((*budget, *both.values)),
                change=event.change,
                anew=" ".join((*(f"budget={each}" for each in budget), asked_values(both).strip())).strip(),
                event=event.called,
            )


def _refused_of(approval: log.ChangeApproved, refusal: log.ChangeRefused) -> log.ChangeApproved:
    """What of an approval a refusal is of."""
    left = left_of(approval, refusal)
    kept = values_by_path(left.values)
    values = {path: value for path, value in values_by_path(approval.values).items() if path not in kept}
    return structs.replace(approval, values=values, budget=None if left.budget else approval.budget)


def _budgets_left(refusal: log.ChangeRefused, standing: list[log.ChangeApproved]) -> Iterator[Problem]:
    """Budgets that stand though all else that was approved with them is refused."""
    refused = values_by_path(refusal.values)
    for approval in standing if refusal.budget is None and refused else ():
        values = values_by_path(approval.values)
        if approval.budget and values and all(refused.get(path) == value for path, value in values.items()):
            words = {"budget": approval.budget, "day": approval.happened, "event": refusal.called}
            yield problem("budget-not-refused", refusal.at.of("values"), **words)


def _other_values(
    refusal: log.ChangeRefused, standing: list[log.ChangeApproved], before: list[log.AnyEvent]
) -> Iterator[Problem]:
    """Refused values that nobody asked for, while another of the same path was approved."""
    asked = [values_by_path(each.values) for each in before if isinstance(each, log.ChangeEvent)]
    for path, value in values_by_path(refusal.values).items():
        others = [each for each in standing if path in values_by_path(each.values)]
        if others and not any(path in each and each[path] == value for each in asked):
            at, day = refusal.at.of("values"), others[-1].happened
            words = {"path": path, "day": day, "change": refusal.change, "event": refusal.called}
            yield problem("refusal-of-another-value", at, **words)


def _is_asked(refusal: log.ChangeRefused, before: list[log.AnyEvent], approval: log.ChangeApproved) -> bool:
    """Whether something of the sort was asked for after what stands was approved: then that is what is refused."""
    return any(
        isinstance(each, log.ChangeRequested)
        and each.change == refusal.change
        and each.happened >= approval.happened
        and values_by_path(each.values) != values_by_path(approval.values)
        for each in before
    )


def _says(event: log.ChangeEvent) -> bool:
    return bool(event.values or event.budget)


def corrections_say_something(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A correction brings right values, or withdraws."""
    for event in dossier.events:
        if isinstance(event, log.Corrected) and not event.values and not event.withdrawn:
            yield problem("correction-says-nothing", event.at.of("event"), of=event.event)


def changes_leave_the_application(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """An approval is of what is awarded; what was applied for, and when, is as it was sent."""
    grant = dossier.plan.grant
    said: dict[str, object] = {"grant.applied": grant.applied, "grant.applied_on": grant.applied_on} if grant else {}
    for event in in_order(dossier):
        if isinstance(event, log.Applied):
            said = {"grant.applied": event.amount, "grant.applied_on": event.happened}
        if not isinstance(event, log.ChangeApproved):
            continue
        values = values_by_path(event.values)
        is_all = said.keys() >= values.keys() and not event.budget
        for path in [path for path in said if path in values and values[path] != said[path]]:
            at = event.at.of(f"values.{path}" if path in event.values else "values.grant")
            words = {"path": path, "value": as_typed(values[path]), "event": event.called}
            left = phrase(_NOTHING_ELSE if is_all else _THE_REST)
            yield problem("change-of-application", at, left=left, **words)


declare(
    "extension-shortens",
    "warning",
    N_("What is called an extension makes {path} earlier: from {before} to {after}. Documents call it an extension."),
    N_("if it is made shorter: pulje log … corrected event={event} values.change=project; else correct the day"),
    N_("write change=project, if it is made shorter; else correct the day"),
)
declare(
    "grant-period-left",
    "note",
    N_(
        "The project's period now ends on {after}, and the grant's own still on {ends}: later costs are not the "
        "grant's."
    ),
    N_(
        "if the agency moved that too: pulje log … change-approved change={change} values.grant_period.ends={after} "
        "by=…"
    ),
)


def extensions_make_longer(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is called an extension ends later, and moves the grant's own period too, where the two ended together."""
    for event, plan in with_the_plan(dossier):
        if not isinstance(event, log.ChangeRequested | log.ChangeApproved):
            continue
        then = with_values(plan, event.values)
        for path in ("project_period", "grant_period"):
            was, now = getattr(plan, path), getattr(then, path)
            if event.change == "extension" and was and now and now.ends < was.ends:
                words = {"path": f"{path}.ends", "before": was.ends, "after": now.ends, "event": event.called}
                yield problem("extension-shortens", event.at.of("change"), **words)
    was, now, own = dossier.plan, latest.plan, dossier.plan.grant_period
    moved = [event for event in in_order(dossier) if isinstance(event, log.ChangeApproved)]
    moved = [event for event in moved if "project_period.ends" in values_by_path(event.values)]
    own = was.grant_period
    if (
        moved
        and own
        and own.ends == was.project_period.ends
        and now.project_period.ends > own.ends == now.cost_period.ends
    ):
        said = {"after": now.project_period.ends, "ends": own.ends, "change": moved[-1].change}
        yield problem("grant-period-left", moved[-1].at.of("values"), **said)


def changed_days_run_forward(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """What is asked for or approved ends no earlier than it begins."""
    for event, plan in with_the_plan(dossier):
        if isinstance(event, log.ChangeRequested | log.ChangeApproved) and event.values:
            already = {path for path, *_days in backwards(plan)}
            for path, starts, ends, _at in backwards(with_values(plan, event.values)):
                if path not in already:
                    days = {"starts": starts, "ends": ends}
                    yield problem(
                        "changed-days-backwards", event.at.of("values"), path=path, event=event.called, **days
                    )


RULES = (
    changes_say_something,
    refusals_are_of_what_there_is,
    refusals_say_which_request,
    requests_are_answered_before_the_closing,
    what_the_agency_has_answered_waits_for_the_agency,
    corrections_say_something,
    changes_leave_the_application,
    changed_days_run_forward,
    extensions_make_longer,
)

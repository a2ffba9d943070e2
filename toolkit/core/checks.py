"""What can be wrong in files that are each well written: RULES, a tuple of functions from a dossier to Problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from difflib import get_close_matches

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.events import AnyEvent
from toolkit.core.money import Money, kroner, times, total
from toolkit.core.plan import Budget, BudgetLine, Plan
from toolkit.core.problems import Problem, Span, problem
from toolkit.core.promise import promised
from toolkit.core.records import Entry
from toolkit.core.state import corrected

Rule = Callable[[Dossier], Iterator[Problem]]


def check(dossier: Dossier) -> list[Problem]:
    """Everything that the rules find, in the order of files and lines."""
    found = [problem for rule in RULES for problem in rule(dossier)]
    return sorted(found, key=lambda problem: (problem.at.file, problem.at.line, problem.at.column, problem.code))


# ── days ─────────────────────────────────────────────────────────────────────────────────────


def period_runs_forward(dossier: Dossier) -> Iterator[Problem]:
    """The project period, the grant period and every phase end no earlier than they begin."""
    plan = dossier.plan
    for period in (plan.project_period, plan.grant_period):
        if period and period.ends < period.starts:
            yield problem("ends-before-start", period.at.of("ends"), starts=period.starts, ends=period.ends)
    for phase in plan.phases:
        if phase.starts and phase.ends and phase.ends < phase.starts:
            yield problem("ends-before-start", phase.at.of("ends"), starts=phase.starts, ends=phase.ends)


def phases_lie_in_the_period(dossier: Dossier) -> Iterator[Problem]:
    """A phase has both its days inside the project period, or is ongoing and needs none."""
    period = dossier.plan.project_period
    for phase in dossier.plan.phases:
        if not phase.ongoing and not (phase.starts and phase.ends):
            yield problem("phase-without-days", phase.at.of("id"), phase=phase.id)
        for key, day in (("starts", phase.starts), ("ends", phase.ends)):
            if day and day not in period:
                yield problem(
                    "phase-outside-period",
                    phase.at.of(key),
                    phase=phase.id,
                    day=day,
                    starts=period.starts,
                    ends=period.ends,
                )


def milestones_lie_in_their_phase(dossier: Dossier) -> Iterator[Problem]:
    """A milestone is due inside the project period; outside its own phase is worth a warning."""
    plan = dossier.plan
    phases = {phase.id: phase for phase in plan.phases}
    for milestone in plan.milestones:
        period, phase = plan.project_period, milestone.phase and phases.get(milestone.phase)
        words = {"milestone": milestone.id, "day": milestone.due}
        if milestone.due not in period:
            yield problem(
                "milestone-outside-period",
                milestone.at.of("due"),
                starts=period.starts,
                ends=period.ends,
                **words,
            )
        elif phase and phase.starts and phase.ends and not phase.starts <= milestone.due <= phase.ends:
            yield problem("milestone-outside-phase", milestone.at.of("due"), phase=phase.id, **words)


def log_runs_forward(dossier: Dossier) -> Iterator[Problem]:
    """Nothing is recorded before it happened, and the newest record stands last."""
    newest = date.min
    for event in dossier.events:
        if event.recorded < event.happened:
            yield problem(
                "recorded-before-happened", event.at.of("recorded"), recorded=event.recorded, happened=event.happened
            )
        if event.recorded < newest:
            yield problem("log-out-of-order", event.at.of("recorded"), recorded=event.recorded, newest=newest)
        newest = max(newest, event.recorded)


# ── budgets ──────────────────────────────────────────────────────────────────────────────────


def budget_lines_add_up(dossier: Dossier) -> Iterator[Problem]:
    """Quantity × unit price is the amount, and so is the sum of the years, and of the months."""
    period = dossier.plan.project_period
    for _, line in _lines(dossier.plan.budgets):
        if line.quantity is not None and line.unit_price is not None:
            product = times(line.quantity, line.unit_price)
            if product != line.amount:
                yield problem("line-product-differs", line.at.of("amount"), **_difference(line, product))
        for key, parts in (("by_year", line.by_year), ("by_month", line.by_month)):
            if parts and (summed := total(parts.values())) != line.amount:
                code = "line-years-differ" if key == "by_year" else "line-months-differ"
                yield problem(code, line.at.of(key), **_difference(line, summed))
        years = {*line.by_year, *(int(month[:4]) for month in line.by_month)}
        for year in sorted(years):
            if not period.starts.year <= year <= period.ends.year:
                key = "by_year" if line.by_year else "by_month"
                yield problem(
                    "year-outside-period",
                    line.at.of(key),
                    line=line.id,
                    year=year,
                    starts=period.starts,
                    ends=period.ends,
                )


def budgets_equal_their_funding(dossier: Dossier) -> Iterator[Problem]:
    """The lines sum to the grant and what others pay: neither over- nor under-budgeted.

    An application is held against what was applied for; a later version against what was awarded.
    Source: Håndbog om tilskudsregler, finansiering af projekter (financing must equal budgeted cost).
    """
    plan = dossier.plan
    if plan.grant is None:
        return
    for budget in plan.budgets:
        grant = plan.grant.applied if budget.stage == "application" else plan.grant.awarded
        if grant is None or not budget.lines:
            continue
        financed = grant + total(funding.amount for funding in budget.funding or plan.funding)
        if budget.amount != financed:
            yield problem(
                "budget-not-funded",
                budget.at.of("stage"),
                budget=budget.id,
                sum=kroner(budget.amount),
                funded=kroner(financed),
                difference=kroner(abs(budget.amount - financed)),
            )


def changed_budgets_are_approved(dossier: Dossier) -> Iterator[Problem]:
    """A budget of stage change counts only when a change-approved event names it."""
    named = {event.budget for event in dossier.events if isinstance(event, log.ChangeApproved)}
    for budget in dossier.plan.budgets:
        if budget.stage == "change" and budget.id not in named:
            yield problem("budget-not-approved", budget.at.of("stage"), budget=budget.id)


# ── what points at something else ────────────────────────────────────────────────────────────


def every_id_is_known(dossier: Dossier) -> Iterator[Problem]:
    """Whatever names a phase, goal, milestone, budget line, source … names one that exists."""
    plan = dossier.plan
    phases, goals, tracks = _ids(plan.phases), _ids(plan.goals), _ids(plan.tracks)
    for milestone in plan.milestones:
        yield from _known(milestone, "phase", phases)
    for activity in plan.activities:
        yield from _known(activity, "phase", phases)
        yield from _known(activity, "track", tracks)
    for indicator in plan.indicators:
        yield from _known(indicator, "goal", goals)
    for rule in dossier.postings.rules:
        lines = {line.id for _, line in _lines(plan.budgets)}
        yield from _known(rule, "line", lines)
        for id in rule.split:
            if id not in lines:
                yield _unknown(rule.at.of("split"), "line", id, lines)
    for event in dossier.events:
        yield from _known_in_event(event, dossier)


def every_source_is_known(dossier: Dossier) -> Iterator[Problem]:
    """A `source` is the id of one of project.yaml's sources."""
    plan = dossier.plan
    sources = _ids(plan.sources)
    for entry in _entries(dossier):
        yield from _known(entry, "source", sources)
    for case in dossier.cases:
        for step in case.steps:
            yield from _known(step, "source", sources)


def _known_in_event(event: AnyEvent, dossier: Dossier) -> Iterator[Problem]:
    plan = dossier.plan
    added = {path.split(".")[1] for path in _changed_paths(dossier) if path.startswith(("milestones.", "phases."))}
    targets: dict[str, set[str]] = {
        "milestone": _ids(plan.milestones) | added,
        "indicator": _ids(plan.indicators),
        "risk": _ids(plan.risks),
        "activity": _ids(plan.activities),
        "phase": _ids(plan.phases) | added,
        "budget": {budget.id for budget in plan.budgets},
        "line": {line.id for _, line in _lines(plan.budgets)},
        "case": {case.id for case in dossier.cases},
    }
    for key, known in targets.items():
        yield from _known(event, key, known)
    if isinstance(event, log.Decided | log.MeetingSet | log.ConsultationAnswered):
        case = dossier.case(event.case)
        if case:
            yield from _known(event, "step", {step.id for step in case.steps})


# ── the promise ──────────────────────────────────────────────────────────────────────────────


def award_is_what_was_logged(dossier: Dossier) -> Iterator[Problem]:
    """project.yaml's grant is the one in the log: two figures for one award would both be used."""
    grant = dossier.plan.grant
    for event in corrected(dossier.events):
        match event:
            case log.Awarded() if grant and grant.awarded is not None and grant.awarded != event.amount:
                written, key = grant.awarded, "awarded"
            case log.Applied() if grant and grant.applied != event.amount:
                written, key = grant.applied, "applied"
            case _:
                continue
        yield problem(
            "grant-differs-from-log",
            grant.at.of(key),
            written=kroner(written),
            logged=kroner(event.amount),
            place=event.at.span,
        )


def promise_is_kept(dossier: Dossier) -> Iterator[Problem]:
    """After the award project.yaml's promised values are what they were; a change lives in the log.

    The awarded event carries a digest of each value (`pulje log` writes them). Without them nothing can be compared,
    which is said once.
    """
    award = next((event for event in dossier.events if isinstance(event, log.Awarded)), None)
    if award is None:
        return
    now = promised(dossier.plan)
    if not award.promise:
        digests = ", ".join(f"{path}: {digest}" for path, digest in now.items())
        yield problem("promise-not-recorded", award.at.span, promise=f"promise: {{{digests}}}")
        return
    for path in sorted({*award.promise, *now}):
        if path not in now:
            yield problem("promise-removed", _promise_place(dossier.plan, path), path=path)
        elif path not in award.promise:
            yield problem("promise-added", _promise_place(dossier.plan, path), path=path)
        elif now[path] != award.promise[path]:
            yield problem("promise-changed", _promise_place(dossier.plan, path), path=path)


# ── sources and books ────────────────────────────────────────────────────────────────────────


def sources_that_disagree_are_named(dossier: Dossier) -> Iterator[Problem]:
    """Two sources with different figures stay two values; whoever reads the project should know."""
    terms = dossier.plan.terms
    if terms is None:
        return
    for name, sourced in (("frame", terms.frame), ("starts", terms.starts), ("ends", terms.ends)):
        if len({entry.value for entry in sourced}) > 1:
            values = ", ".join(
                f"{entry.value.isoformat() if isinstance(entry.value, date) else kroner(entry.value)} ({entry.source})"
                for entry in sourced
            )
            yield problem("sources-disagree", sourced[0].at.span, fund=terms.id, name=name, values=values)


def posting_files_are_as_imported(dossier: Dossier) -> Iterator[Problem]:
    """What lies in postings/ was imported, and has not been edited since."""
    digests = {event.file: event for event in dossier.events if isinstance(event, log.Imported)}
    for file in dossier.posting_files:
        event = digests.pop(file.file, None)
        if event is None:
            yield problem("import-not-logged", Span(file.file, 1, 1), file=file.file, digest=file.digest)
        elif event.digest != file.digest:
            yield problem("postings-edited", Span(file.file, 1, 1), file=file.file, place=event.at.span)
    for event in digests.values():
        yield problem("postings-gone", event.at.of("file"), file=event.file)


def postings_are_allocated(dossier: Dossier) -> Iterator[Problem]:
    """Every posting has a place; those without are counted, and named by account."""
    state = dossier.state(date.max)
    unplaced = [part for part in state.allocated if part.place == "unallocated"]
    for account in sorted({part.posting.account for part in unplaced}):
        parts = [part for part in unplaced if part.posting.account == account]
        first = parts[0].posting
        yield problem(
            "posting-unallocated",
            Span(first.file, first.row, 1),
            account=account,
            count=len(parts),
            amount=kroner(total(part.amount for part in parts)),
        )


RULES: tuple[Rule, ...] = (
    period_runs_forward,
    phases_lie_in_the_period,
    milestones_lie_in_their_phase,
    log_runs_forward,
    budget_lines_add_up,
    budgets_equal_their_funding,
    changed_budgets_are_approved,
    every_id_is_known,
    every_source_is_known,
    award_is_what_was_logged,
    promise_is_kept,
    sources_that_disagree_are_named,
    posting_files_are_as_imported,
    postings_are_allocated,
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _difference(line: BudgetLine, computed: Money) -> dict[str, object]:
    return {
        "line": line.id,
        "amount": kroner(line.amount),
        "computed": kroner(computed),
        "difference": kroner(abs(computed - line.amount)),
    }


def _lines(budgets: Iterable[Budget]) -> Iterator[tuple[Budget, BudgetLine]]:
    for budget in budgets:
        for line in budget.lines:
            yield budget, line


def _ids(records: Iterable[object]) -> set[str]:
    return {record.id for record in records}  # type: ignore[attr-defined]


def _known(entry: Entry, key: str, known: Collection[str]) -> Iterator[Problem]:
    value = getattr(entry, key, None)
    if value is not None and value not in known:
        yield _unknown(entry.at.of(key), key, value, known)


def _unknown(at: Span, kind: str, id: str, known: Iterable[str]) -> Problem:
    choices = sorted(known)
    return problem("unknown-id", at, kind=kind, id=id, known=", ".join(get_close_matches(id, choices, 1) or choices))


def _entries(dossier: Dossier) -> Iterator[Entry]:
    plan = dossier.plan
    for value in (plan.project_period, plan.grant_period, plan.grant, plan.purpose, plan.target_group, plan.summary):
        if value is not None:
            yield value
    for entries in (plan.goals, plan.indicators, plan.tracks, plan.teams, plan.phases, plan.milestones):
        yield from entries
    for others in (plan.activities, plan.people, plan.groups, plan.risks, plan.reports, plan.funding, plan.budgets):
        yield from others
    yield from (line for _, line in _lines(plan.budgets))
    yield from dossier.events
    yield from dossier.cases
    yield from dossier.postings.rules


def _changed_paths(dossier: Dossier) -> Iterator[str]:
    for event in dossier.events:
        if isinstance(event, log.ChangeEvent):
            yield from event.values


def _promise_place(plan: Plan, path: str) -> Span:
    name, _, id = path.partition(".")
    value = getattr(plan, name)
    if id:
        found = next((item for item in value if item.id == id), None)
        return found.at.span if found else plan.at.of(name)
    return value.at.span if value is not None else plan.at.span

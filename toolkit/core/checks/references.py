"""What points at something that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from toolkit.core import events as log
from toolkit.core.dossier import Dossier
from toolkit.core.names import Names
from toolkit.core.plan import Plan
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, problem
from toolkit.core.records import Entry, Record
from toolkit.core.state import State, corrected

declare(
    "unknown-id",
    "error",
    N_("{id} is not the name of any of the project's {kind}."),
    N_("use {known}"),
)


Thing = Literal[
    "phase",
    "goal",
    "track",
    "milestone",
    "condition",
    "activity",
    "indicator",
    "risk",
    "source",
    "line",
    "earlier-line",
    "budget",
    "funding",
    "file",
    "case",
    "step",
]
# What each key may name, as a phrase to be translated.
THINGS: Mapping[Thing, str] = {
    "phase": N_("phases"),
    "goal": N_("goals"),
    "track": N_("tracks"),
    "line": N_("budget lines"),
    "earlier-line": N_("budget lines in earlier versions"),
    "funding": N_("own and other funding"),
    "file": N_("files of postings"),
    "source": N_("sources"),
    "milestone": N_("milestones"),
    "condition": N_("conditions"),
    "indicator": N_("indicators"),
    "risk": N_("risks"),
    "activity": N_("activities"),
    "budget": N_("budget versions"),
    "case": N_("cases"),
    "step": N_("cases' steps"),
}


def every_id_is_known(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """Whatever names a phase, goal, milestone, budget line, source … names one that exists.

    What a file that could not be read would name is not unknown: that file is what is wrong.
    """
    plan = dossier.plan
    phases, goals, tracks = (_ids_of(plan, key) for key in ("phases", "goals", "tracks"))
    for milestone in plan.milestones:
        yield from _known(milestone, "phase", phases)
    for activity in plan.activities:
        yield from _known(activity, "phase", phases)
        yield from _known(activity, "track", tracks)
    for indicator in plan.indicators:
        yield from _known(indicator, "goal", goals)
    yield from _known_in_budgets(dossier)
    lines = _ids(plan.budget_lines, whole="budgets" not in dossier.unread)
    files = Names(sorted(each.file for each in dossier.posting_files), whole="postings" not in dossier.unread)
    funding = (*plan.funding, *(each for budget in plan.budgets for each in budget.funding))
    named = (*(each.id for each in funding if each.id), *plan.at.lost.get("funding", ()))
    payers = Names(named, whole="budgets" not in dossier.unread)
    for rule in dossier.postings.rules:
        yield from _known(rule, "line", lines)
        for id in rule.split:
            if id not in lines:
                yield _unknown(rule.at.of("split"), "line", id, lines)
        if isinstance(rule.other_income, str) and rule.other_income not in payers:
            may_be = Names(sorted({*(each.id for each in funding if each.id), "true"}))
            yield _unknown(rule.at.of("other_income"), "funding", rule.other_income, may_be)
        if (
            rule.file is not None
            and "*" not in rule.file
            and not any(name in files for name in (rule.file, f"postings/{rule.file}"))
        ):
            yield _unknown(rule.at.of("file"), "file", rule.file, files)
    for hours in dossier.payroll.hours:
        yield from _known(hours, "line", lines)
    yield from _known_in_log(dossier)


def every_source_is_known(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A `source` is the id of one of project.yaml's sources."""
    steps = (step for case in dossier.cases for step in case.steps)
    yield from unknown_sources(dossier.plan, (*_entries(dossier), *steps))


def unknown_sources(plan: Plan, entries: Iterable[Record]) -> Iterator[Problem]:
    """What is wrong with the sources that some entries name."""
    sources = _ids_of(plan, "sources")
    for entry in entries:
        yield from _known(entry, "source", sources)


def _known_in_budgets(dossier: Dossier) -> Iterator[Problem]:
    """A line carries on lines of earlier versions."""
    earlier: set[str] = set()
    for budget in sorted(dossier.plan.budgets, key=lambda budget: budget.id):
        known = Names(sorted(earlier), whole="budgets" not in dossier.unread)
        for line in budget.lines:
            for id in line.was:
                if id not in known:
                    yield _unknown(line.at.of("was"), "earlier-line", id, known)
        earlier |= {line.id for line in budget.lines}


def names_in_log(dossier: Dossier) -> Mapping[Thing, Names]:
    """What the events of a log may name, by the key that names it."""
    plan = dossier.plan
    brings = ("milestones.", "phases.", "conditions.")
    added = {path.split(".")[1] for path in _changed_paths(dossier) if path.startswith(brings)}
    return {
        "milestone": _ids_of(plan, "milestones", added),
        "condition": _ids_of(plan, "conditions", added),
        "indicator": _ids_of(plan, "indicators"),
        "risk": _ids_of(plan, "risks"),
        "activity": _ids_of(plan, "activities"),
        "phase": _ids_of(plan, "phases", added),
        "budget": _ids(plan.budgets, whole="budgets" not in dossier.unread),
        "line": _ids(plan.budget_lines, whole="budgets" not in dossier.unread),
        "case": _ids(dossier.cases, whole="cases" not in dossier.unread),
        "step": _ids(step for case in dossier.cases for step in case.steps),
    }


def _known_in_log(dossier: Dossier) -> Iterator[Problem]:
    targets = {key: known for key, known in names_in_log(dossier).items() if key != "step"}  # held below, by its case
    steps = {case.id: _ids(case.steps) for case in dossier.cases}
    for event in corrected(dossier.events):
        for key, known in targets.items():
            yield from _known(event, key, known)
        if isinstance(event, log.Decided | log.MeetingSet | log.ConsultationAnswered) and event.case in steps:
            yield from _known(event, "step", steps[event.case])


def _ids(records: Iterable[object], more: Iterable[str] = (), *, whole: bool = True) -> Names:
    return Names(sorted([*(record.id for record in records), *more]), whole=whole)  # type: ignore[attr-defined]


def _ids_of(plan: Plan, key: str, more: Iterable[str] = ()) -> Names:
    """The ids of one of the plan's lists, those of what could not be read among them: they are what is wrong."""
    return _ids(getattr(plan, key), {*more, *plan.at.lost.get(key, ())})


def _known(entry: Record, key: Thing, known: Names) -> Iterator[Problem]:
    value = getattr(entry, key, None)
    if value is not None and value not in known:
        yield _unknown(entry.at.of(key), key, value, known)


def _unknown(at: Span, kind: Thing, id: str, known: Names) -> Problem:
    return problem("unknown-id", at, kind=Phrase(THINGS[kind]), id=id, known=", ".join(known.near(id)) or "–")


def _entries(dossier: Dossier) -> Iterator[Entry]:
    plan = dossier.plan
    for value in (plan.project_period, plan.grant_period, plan.grant, plan.purpose, plan.target_group, plan.summary):
        if value is not None:
            yield value
    for entries in (plan.goals, plan.indicators, plan.tracks, plan.teams, plan.phases, plan.milestones):
        yield from entries
    beside = (plan.activities, plan.people, plan.groups, plan.risks, plan.reports, plan.conditions, plan.funding)
    for others in (*beside, plan.letter_terms, plan.budgets):
        yield from others
    yield from plan.budget_lines
    yield from corrected(dossier.events)
    yield from dossier.cases
    yield from dossier.postings.rules


def _changed_paths(dossier: Dossier) -> Iterator[str]:
    for event in corrected(dossier.events):
        if isinstance(event, log.ChangeEvent):
            yield from event.values


RULES = (every_id_is_known, every_source_is_known)

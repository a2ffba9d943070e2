"""The command that shows where a figure comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import click
from msgspec import structs

from toolkit.cli import Command, screen_explain
from toolkit.cli import as_json as answers
from toolkit.cli.documents import Kind, chosen
from toolkit.cli.options import Day, json_option, known_by_option, today
from toolkit.cli.project_folder import ProjectFolder, readable, show
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.dossier import Dossier
from toolkit.core.explain import Explanation, View, explanation_of
from toolkit.core.occasion import Occasion
from toolkit.core.problems import N_, declare, has_errors, phrase, problem
from toolkit.core.report import Report, report_of
from toolkit.core.words import Word
from toolkit.documents.facts import Fact, Facts, Leaf, Origin, leaves
from toolkit.documents.from_state import facts_from
from toolkit.language import _
from toolkit.project import Project
from toolkit.readers import shelf

_NEAREST = 5  # how many paths to suggest for one that is unknown

declare(
    "option-without-kind",
    "error",
    N_("{option} says which of several documents is meant, and no document is named."),
    N_("name its kind too: --kind agenda-item or --kind change-request; or leave {option} out"),
)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder(), is_eager=True)
@click.argument("fact", required=False, metavar=_("[FACT]"))
@click.option("--kind", type=Kind(), help=_("As a document of this kind says it, on its own day."))
@click.option("--case", help=_("Which case of cases/, for an agenda item."))
@click.option("--step", help=_("Which of the case's steps."))
@click.option("--change", help=_("Which change-requested of the log, by its name, for a change request."))
@click.option("--as-of", type=Day(), help=_("The day to describe; otherwise the document's own, or today."))
@known_by_option
@json_option
def explain(
    project: Project,
    fact: str | None,
    kind: str | None,
    case: str | None,
    step: str | None,
    change: str | None,
    as_of: date | None,
    known_by: date | None,
    as_json: bool,
) -> None:
    """Show where a figure comes from: the sum, the postings, file and line.

    FACT is the path that a template writes: budget.projektleder.remaining, grant.received, milestones.teams-klar.due.
    The beginning of a path lists all that it holds, and no FACT at all lists every one.
    """
    dossier = readable(project, as_json=as_json)
    given = {"--case": case, "--step": step, "--change": change}
    if not kind and (option := next((name for name, value in given.items() if value), None)):
        raise WrongUse(problem("option-without-kind", at(option), option=option))
    if kind:
        occasion = chosen(project, kind, case, step, change, as_of, known_by=known_by)
    else:
        day = _of_day(dossier, as_of or today())
        occasion = structs.replace(day, known_by=known_by or day.known_by)
    report = report_of(dossier, occasion)
    facts = facts_from(report)
    every = list(leaves(facts))
    found = _meant(fact, every, facts, project) if fact else every
    if as_json:
        answer = {**_asked(project, occasion, kind), **_answer(report, found)}
        click.echo(answers.as_text(answer))
    else:
        folder = str(project.folder) if project.folder.parts else ""
        document = shelf.kind(kind, [], places=project.places) if kind else None
        click.echo(screen_explain.looked_at(occasion, document) + "\n")
        click.echo(_text(report, found, folder))
    if has_errors(project.problems):
        show(project, (problem for problem in project.problems if problem.severity == "error"))
        raise click.exceptions.Exit(1)


# ── which fact ───────────────────────────────────────────────────────────────────────────────


def _of_day(dossier: Dossier, as_of: date) -> Occasion:
    """The facts of any day are those of a final report of that day: its period begins with the project."""
    return Occasion(
        kind="final-report",
        as_of=as_of,
        known_by=dossier.last_known,
        starts=dossier.plan.project_period.starts,
        ends=as_of,
        prose="",
    )


def _meant(typed: str, every: Sequence[Leaf], facts: Facts, project: Project) -> Leaf | list[Leaf]:
    """The fact of that path, or all that a part of a path holds; an unknown one is wrong use."""
    for leaf in every:
        if typed == leaf.path:
            return leaf
    wanted = _short(typed)
    for leaf in every:
        short = _short(leaf.path)
        if short == wanted or (leaf.value is None and wanted.startswith(f"{short}.")):  # a group that nobody has given
            return leaf
    if below := [leaf for leaf in every if _short(leaf.path).startswith(f"{wanted}.")]:
        return below
    if _is_empty(facts, typed):
        return Leaf(typed, None, "", Origin())
    near = get_close_matches(wanted, dict.fromkeys(_short(leaf.path) for leaf in every), _NEAREST, cutoff=0.5)
    every_one = phrase(N_("one of those that {command} shows"), command=f"pulje explain {project.folder}")
    raise WrongUse(problem("fact-unknown", at(), fact=typed, near=", ".join(near) or every_one))


def _is_empty(facts: Facts, path: str) -> bool:
    """Whether it is a list that has nothing in it on the day: there is such a fact, and it says nothing."""
    value: object = facts
    for name in path.split("."):
        value = getattr(value, name, None) if isinstance(value, Fact) else None
    return value == ()


def _short(path: str) -> str:
    """A path as people say it: budget.projektleder.spent, budget.2022.spent, and budget.total.spent for the whole."""
    names = [name for name in path.split(".") if name not in ("lines", "years")]
    if names[:2] == ["budget", "total"] and len(names) > 2:
        del names[1]
    return ".".join(names)


def _explained(report: Report, leaf: Leaf) -> Explanation:
    """How the fact came to be; where the core knows no more, the places that it was written at."""
    return explanation_of(View(report), leaf.path) or _by_origin(leaf)


def _by_origin(leaf: Leaf) -> Explanation:
    if leaf.value is None:
        return Explanation(what="unsaid")
    spans = [Explanation(what="written", at=span) for span in leaf.origin.spans]
    return spans[0] if len(spans) == 1 else Explanation(what="worked-out", because=tuple(spans))


def _text(report: Report, found: Leaf | list[Leaf], folder: str) -> str:
    if isinstance(found, Leaf):
        return screen_explain.fact(found, _explained(report, found), folder)
    return screen_explain.listing(found)


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────


def _asked(project: Project, occasion: Occasion, kind: str | None) -> dict[str, Any]:
    return {
        "project": project.folder.resolve().name,
        "as_of": occasion.as_of.isoformat(),
        "known_by": occasion.known_by.isoformat(),
        "kind": kind,
    }


def _answer(report: Report, found: Leaf | list[Leaf]) -> dict[str, Any]:
    if isinstance(found, Leaf):
        return {**_fact(found), "explanation": _as_json(_explained(report, found))}
    return {"facts": [_fact(leaf) for leaf in found]}


def _fact(leaf: Leaf) -> dict[str, Any]:
    value = {"amount_oere": leaf.value} if leaf.unit == "Money" else {"value": _plain(leaf.value)}
    return {"fact": leaf.path, **value}


def _as_json(each: Explanation) -> dict[str, Any]:
    """One part of an explanation with its own parts; what there is none of is left out."""
    told: dict[str, Any] = {
        "what": each.what,
        "amount_oere": None if each.amount is None else int(each.amount),
        "value": _plain(each.value),
        "name": each.name,
        "day": each.day and each.day.isoformat(),
        "kind": each.kind,
        "posted": each.posted and each.posted.isoformat(),
        "voucher": each.voucher,
        "whole_oere": None if each.whole is None else int(each.whole),
        "reason": each.reason,
        "source": each.source,
        "synthetic": each.synthetic or None,
        "at": each.at and f"{each.at.file}:{each.at.line}",
        "plus": _parts(each.plus),
        "minus": _parts(each.minus),
        "because": _parts(each.because),
    }
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def _parts(parts: Iterable[Explanation]) -> list[dict[str, Any]]:
    return [_as_json(part) for part in parts]


def _plain(value: object) -> object:
    """A value as JSON has it. A share or a measurement that is not whole is a number with a fraction: no amount is."""
    match value:
        case date():
            return value.isoformat()
        case Fraction():
            return int(value) if value.denominator == 1 else float(value)
        case tuple():
            return list(value)
        case Word():
            return value.text
        case _:
            return value

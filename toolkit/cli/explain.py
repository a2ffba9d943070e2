"""The command that shows where a figure comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import click
from msgspec import Struct, structs

from toolkit.cli import Command, screen_explain
from toolkit.cli.documents import Kind, chosen
from toolkit.cli.options import Day, json_option, known_by_option, today
from toolkit.cli.project_folder import ProjectFolder, readable, show
from toolkit.core import explain as core
from toolkit.core.dossier import Dossier
from toolkit.core.explain import Explanation, View
from toolkit.core.plan import DocumentName
from toolkit.core.problems import has_errors
from toolkit.core.state import State
from toolkit.documents.facts import Leaf, leaves
from toolkit.documents.from_state import facts_of
from toolkit.documents.occasion import Occasion
from toolkit.language import _
from toolkit.project import Project

_NEAREST = 5  # how many paths to suggest for one that is unknown


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@click.argument("fact", required=False, metavar=_("[FACT]"))
@click.option("--kind", type=Kind(), help=_("As a document of this kind says it, of its own day and period."))
@click.option("--case", help=_("Which case of cases/, for an agenda item."))
@click.option("--step", help=_("Which of the case's steps."))
@click.option("--change", help=_("Which change-requested of the log, by its name, for a change request."))
@click.option("--as-of", type=Day(), help=_("The day to describe; otherwise the document's own, or today."))
@known_by_option
@json_option
def explain(
    project: Project,
    fact: str | None,
    kind: DocumentName | None,
    case: str | None,
    step: str | None,
    change: str | None,
    as_of: date | None,
    known_by: date | None,
    as_json: bool,
) -> None:
    """Show where a figure comes from: the sum, the postings, file and line.

    FACT is the path that a template writes: budget.projektleder.remaining, grant.received, milestones.teams-klar.due.
    Without one, all of them are listed with their values; a part of a path lists those under it.
    """
    dossier = readable(project)
    occasion = chosen(dossier, kind, case, step, change, as_of) if kind else _of_day(dossier, as_of or today())
    occasion = structs.replace(occasion, known_by=known_by or occasion.known_by)
    state = dossier.state(occasion.as_of, occasion.known_by)
    found = _meant(fact, list(leaves(facts_of(dossier, occasion))))
    if isinstance(found, Leaf):
        view = View(
            dossier=dossier,
            state=state,
            starts=occasion.starts,
            ends=occasion.ends,
            case=occasion.case,
            step=occasion.step,
            change=occasion.change,
        )
        explained = core.explain(view, found.path) or _by_origin(found)
        folder = str(project.folder) if project.folder.parts else ""
        shown = _one_as_json(found, explained) if as_json else screen_explain.fact(found, explained, folder)
    else:
        shown = _all_as_json(found) if as_json else screen_explain.listing(found)
    _echo(project, state, kind, shown)
    if has_errors(project.problems):
        show(project, (problem for problem in project.problems if problem.severity == "error"))
        raise click.exceptions.Exit(1)

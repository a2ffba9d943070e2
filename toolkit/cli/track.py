"""The commands that follow a project: check and status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from toolkit.cli import Command, screen
from toolkit.cli import as_json as answers
from toolkit.cli.options import as_of_option, json_option, known_by_option
from toolkit.cli.project_folder import ProjectFolder, readable, show
from toolkit.core.deadlines import due
from toolkit.core.problems import has_errors
from toolkit.language import _
from toolkit.project import PLAN, Project, open_project


@click.command(cls=Command)
@click.argument("projects", nargs=-1, type=ProjectFolder(), metavar=_("[PROJECT]…"))
@json_option
def check(projects: Sequence[Project], as_json: bool) -> None:
    """Show every problem in a project's files and figures.

    Without a project it is the one in this folder, or all those below it. The exit code is 1 when there is an error.
    """
    projects = projects or [open_project(folder) for folder in _here()]
    if not projects:
        raise click.UsageError(_("There is no project here: name a folder that holds a project.yaml."))
    if as_json:
        found = {str(project.folder): [answers.problem(each) for each in project.problems] for project in projects}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for project in projects:
        if not as_json:
            show(project, project.problems)
            click.echo(f"{project.folder}: {screen.problem_count(project.problems)}")
    if any(has_errors(project.problems) for project in projects):
        raise click.exceptions.Exit(1)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@as_of_option
@known_by_option
@json_option
def status(project: Project, as_of: date, known_by: date | None, as_json: bool) -> None:
    """Show phases, milestones and money as of a date.

    Errors in the project's files are shown too, and the exit code is then 1.
    """
    dossier = readable(project)
    state = dossier.state(as_of, known_by)
    if as_json:
        answer = answers.status(project.folder.resolve().name, state, project.problems)
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(screen.status(state, due(state, dossier.cases), project.problems))
    if has_errors(project.problems):
        show(project, (found for found in project.problems if found.severity == "error"))
        raise click.exceptions.Exit(1)


def _here() -> list[Path]:
    """The project in this folder, or those in the folders below it."""
    if Path(PLAN).is_file():
        return [Path()]
    return sorted(path.parent for path in Path().glob(f"*/{PLAN}")) or sorted(
        path.parent for path in Path().glob(f"projects/*/{PLAN}")
    )

"""The commands that follow a project: check and status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli import Command, screen
from toolkit.cli import as_json as answers
from toolkit.cli.options import as_of_option, json_option, known_by_option, today
from toolkit.cli.project_folder import ProjectFolder, UnopenedFolder, no_project, projects_of, readable, show, show_in
from toolkit.core.doubts import doubtful
from toolkit.core.problems import N_, has_errors, phrase
from toolkit.language import _, ngettext
from toolkit.project import PLAN, Project, open_project

if TYPE_CHECKING:
    from toolkit.documents.forms import Checked


@click.command(cls=Command)
@click.argument("folders", nargs=-1, type=UnopenedFolder(), metavar=_("[PROJECT]…"))
@click.option(
    "--form",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("An agency's own Word form: every name in it that is no fact of ours."),
)
@json_option
def check(folders: Sequence[Path], form: Path | None, as_json: bool) -> None:
    """Show every problem in a project's files and figures.

    Without a project it is the one in this folder, or all those below it; with --form it is then the form alone. A
    folder that is no project is all projects below it. The exit code is 1 when there is an error.
    """
    checked = _checked(form) if form else None
    named = [each for folder in folders for each in projects_of(folder)]
    projects = [open_project(folder) for folder in named or ([] if checked else _here())]
    if not projects and checked is None:
        no_project(phrase(N_("here, nor in the folders here or in projects/")))
    projects = [project.on(today()) for project in projects]
    if as_json:
        found = {str(project.folder): [answers.problem(each) for each in project.problems] for project in projects}
        if checked:
            found[str(form)] = [answers.problem(each) for each in checked.problems]
        click.echo(answers.as_text(found))
    for project in projects:
        if not as_json:
            show(project, project.problems)
            click.echo(f"{project.folder}: {screen.problem_count(project.problems)}")
    if checked and not as_json:
        show_in(Path(), checked.problems)
        click.echo(_form_line(str(form), checked))
    found_in = [*(project.problems for project in projects), *([checked.problems] if checked else [])]
    if any(has_errors(problems) for problems in found_in):
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
    dossier = readable(project, as_json=as_json)
    state = dossier.state(as_of, known_by)
    doubted = doubtful(dossier.doubts(known_by), state)
    if as_json:
        answer = answers.status(project.folder.resolve().name, state, dossier.cases, project.problems, doubted)
        click.echo(answers.as_text(answer))
    else:
        click.echo(screen.status(state, dossier.cases, project.problems, doubted))
    if has_errors(project.problems):
        show(project, (found for found in project.problems if found.severity == "error"))
        raise click.exceptions.Exit(1)


def _checked(form: Path) -> Checked:
    from toolkit.forms import check_form  # docxtpl takes 90 ms to import: only who has a form pays

    return check_form(form)


def _form_line(form: str, checked: Checked) -> str:
    """skema.docx: 1 error (12 tags, mended: 2)."""
    tags = ngettext("{n} tag", "{n} tags", checked.tags).format(n=checked.tags)
    mended = _("mended: {n}").format(n=checked.mended)
    return f"{form}: {screen.problem_count(checked.problems)} ({tags}, {mended})"


def _here() -> list[Path]:
    """The project in this folder, or those in the folders below it."""
    if Path(PLAN).is_file():
        return [Path()]
    return sorted(path.parent for path in Path().glob(f"*/{PLAN}")) or sorted(
        path.parent for path in Path().glob(f"projects/*/{PLAN}")
    )

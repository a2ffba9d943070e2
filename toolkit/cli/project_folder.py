"""The argument PROJECT: a folder that is opened, and what is wrong in it shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from toolkit.cli import as_json as answers
from toolkit.cli import screen
from toolkit.cli.wrong_use import WrongUse, at, no_folder
from toolkit.core.dossier import Dossier
from toolkit.core.problems import N_, Phrase, Problem, declare, problem
from toolkit.language import _
from toolkit.project import PLAN, Project, open_project

declare(
    "no-project",
    "error",
    N_("There is no project {where}."),
    N_("write the path of a folder with a project.yaml in it"),
)


def no_project(where: Phrase) -> NoReturn:
    """End a command that was to be about every project somewhere, and there is none."""
    raise WrongUse(problem("no-project", at(), where=where))


class UnopenedFolder(click.ParamType[Path]):
    """A project's folder, or its project.yaml, that is not opened yet: for whoever reads it again before writing."""

    name = "project"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder; one that is not there is wrong use."""
        folder = Path(value)
        if folder.name == PLAN:
            folder = folder.parent
        if not folder.is_dir():
            no_folder(value, param)
        return folder

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _("PROJECT")


def projects_of(folder: Path) -> list[Path]:
    """The projects that a folder names: itself, or all below it where it is none; itself too where there are none."""
    from toolkit.portfolio import projects_in  # what reads many projects: whoever names one does not wait for it

    return [folder] if (folder / PLAN).is_file() else projects_in(folder)


class ProjectFolder(click.ParamType[Project]):
    """A project's folder, or its project.yaml, opened."""

    name = "project"

    def convert(self, value: str | Project, param: click.Parameter | None, ctx: click.Context | None) -> Project:
        """The opened project; a folder that is not there is wrong use."""
        return value if isinstance(value, Project) else open_project(_FOLDER.convert(value, param, ctx))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _FOLDER.get_metavar(param, ctx)


_FOLDER = UnopenedFolder()


def readable(project: Project, *, as_json: bool = False) -> Dossier:
    """The project's dossier; with no readable plan, every problem is shown and the command ends with exit code 1.

    Who asked for JSON gets a value all the same: the project's name and the problems.
    """
    if project.dossier is None:
        if as_json:
            problems = [answers.problem(found) for found in project.problems]
            answer = {"project": project.folder.resolve().name, "problems": problems}
            click.echo(answers.as_text(answer))
        stop(project, project.problems)
    return project.dossier


def sound(project: Project) -> Dossier:
    """The dossier of a project without errors: a document or an event is never made from files that have any."""
    if not project.sound or project.dossier is None:
        stop(project, [found for found in project.problems if found.severity == "error"])
    return project.dossier


def show(project: Project, problems: Iterable[Problem]) -> None:
    """The problems on standard error, each with the place as the user would type it."""
    show_in(project.folder, problems)


def show_in(folder: Path, problems: Iterable[Problem]) -> None:
    """The problems of a folder that nobody keeps open, on standard error."""
    named = "" if folder == Path() else str(folder)
    for found in problems:
        click.echo(screen.problem(found, named) + "\n", err=True)


def stop(project: Project, problems: Iterable[Problem]) -> NoReturn:
    """Show the problems and end with exit code 1: the input is wrong."""
    show(project, problems)
    raise click.exceptions.Exit(1)

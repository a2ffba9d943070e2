"""The command that starts the user's own text of a document."""

from __future__ import annotations

from datetime import date

import click

from toolkit.cli import Command
from toolkit.cli.documents import Kind, chosen, none_that_day
from toolkit.cli.options import Day
from toolkit.cli.project_folder import ProjectFolder, sound
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.occasion import Occasion
from toolkit.core.problems import N_, declare, problem
from toolkit.language import _, ngettext
from toolkit.project import Project
from toolkit.prose import next_to_write, start
from toolkit.readers import shelf
from toolkit.render import occasions_of

declare(
    "text-in-case",
    "error",
    N_("An agenda item has its text in its case."),
    N_("write it in the case's own file in cases/, below the headings of its layout"),
)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder(), is_eager=True)
@click.argument("kind", type=Kind())
@click.argument("day", type=Day(), required=False)
@click.option("--change", help=_("Which change-requested of the log, by its name, for a change request."))
def text(project: Project, kind: str, day: date | None, change: str | None) -> None:
    """Start the text of a document: its headings, a question below each, and what was written last time.

    Without a date it is the next one that nobody has begun. What stands in the file already is left as it is: only the
    headings that it lacks are added, at its end.
    """
    manifest = shelf.kind(kind, [], places=project.places)
    if manifest and manifest.days == "agenda-item":
        raise WrongUse(problem("text-in-case", at()))
    dossier = sound(project)
    occasion = _meant(project, kind, day, change)
    if occasion is None:
        click.echo(_("There is nothing to begin: every document of this kind has its text."))
        return
    started = start(project.folder, dossier, occasion)
    path = project.folder / started.file
    if not started.headings:
        click.echo(_("{file} has all its headings: write below them.").format(file=path))
        return
    count = ngettext("{file}: {n} heading added.", "{file}: {n} headings added.", len(started.headings))
    click.echo(count.format(file=path, n=len(started.headings)))
    command = f"pulje render {project.folder} {kind} --as-of {occasion.as_of}"
    that_day = [each for each in occasions_of(dossier, kind, project.places) if each.as_of == occasion.as_of]
    if occasion.change and len(that_day) > 1:
        command += f" --change {occasion.change.called}"
    click.echo(_("Answer the questions below the headings, then: {command}").format(command=command))


def _meant(project: Project, kind: str, day: date | None, change: str | None) -> Occasion | None:
    """The document of a day or a change, else the next that nobody has begun; None when all are."""
    dossier = sound(project)
    found = occasions_of(dossier, kind, project.places)
    if found and day is None and change is None:
        return next_to_write(dossier, kind, project.places)
    occasion = chosen(project, kind, None, None, change, day)
    if occasion.days != "status-report" and occasion.as_of not in [each.as_of for each in found]:
        none_that_day(occasion.as_of, found)
    return occasion

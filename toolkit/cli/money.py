"""The commands about money: budget."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from toolkit.cli import Command, screen_budget, screen_versions
from toolkit.cli import as_json as answers
from toolkit.cli.options import NewFile, as_of_option, json_option, known_by_option
from toolkit.cli.project_folder import ProjectFolder, readable, show, sound, stop
from toolkit.core.budget_change import versions as versions_of
from toolkit.core.dossier import Dossier
from toolkit.core.doubts import doubtful
from toolkit.core.economy import Economy, economy_of
from toolkit.core.plan import Budget
from toolkit.core.problems import FileName, has_errors
from toolkit.core.state import State
from toolkit.files import held, write_whole
from toolkit.language import _
from toolkit.project import Project


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@as_of_option
@known_by_option
@json_option
@click.option("--xlsx", type=NewFile(), help=_("Write it as a workbook too, in Danish."))
@click.option("--versions", is_flag=True, help=_("Show the budget's versions, who approved each, and the last change."))
@click.option(
    "--compare",
    nargs=2,
    metavar=_("VERSION VERSION"),
    help=_("Show what differs between two of the budget's versions."),
)
def budget(
    project: Project,
    as_of: date,
    known_by: date | None,
    as_json: bool,
    xlsx: Path | None,
    versions: bool,
    compare: tuple[str, str] | None,
) -> None:
    """Show the money by line, year and phase, and what goes back.

    Granted, approved budget, spent, committed, remaining, forecast; instalments, carry-over and repayment, step by
    step. Errors in the project's files are shown too, and the exit code is then 1.
    """
    dossier = sound(project) if xlsx else readable(project, as_json=as_json)
    state = dossier.state(as_of, known_by)
    if versions or compare:
        click.echo(_versions(dossier, state, compare))
        return
    economy = economy_of(state)
    if xlsx is not None:
        _write(xlsx, state, economy, project)
    if as_json:
        answer = answers.budget(project.folder.resolve().name, state, economy, project.problems)
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(screen_budget.budget(state, economy, doubtful(dossier.doubts(known_by), state)))
        if xlsx is not None:
            click.echo("\n" + _("Written: {file}").format(file=xlsx))
    if has_errors(project.problems):
        show(project, (found for found in project.problems if found.severity == "error"))
        raise click.exceptions.Exit(1)


def _versions(dossier: Dossier, state: State, compare: tuple[str, str] | None) -> str:
    """The versions and the change between two of them: those that were named, else the last two."""
    found = versions_of(dossier.plan, state.history)
    known: dict[str, Budget] = {version.budget.id: version.budget for version in found}
    for id in compare or ():
        if id not in known:
            raise click.UsageError(
                _("There is no budget version {id}. There is: {known}").format(id=id, known=", ".join(known))
            )
    pair = tuple(known[id] for id in compare) if compare else tuple(known.values())[-2:]
    return screen_versions.versions(found, pair if len(pair) == 2 else None)


def _write(path: Path, state: State, economy: Economy | None, project: Project) -> None:
    """The workbook, whole or not at all."""
    from toolkit.render import unsupported
    from toolkit.workbook import workbook  # its words need Babel: only who asks for a workbook pays
    from toolkit.writers import Unsupported, sheet

    if economy is None:
        raise click.UsageError(_("There is no budget to make a workbook of."))
    try:
        write_whole(path, sheet.write(workbook(state, economy)))
    except Unsupported as refusal:
        stop(project, [unsupported(FileName(str(path), "here"), refusal)])
    except PermissionError:
        stop(project, [held(path)])

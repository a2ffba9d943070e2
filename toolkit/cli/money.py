"""The commands about money: budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from toolkit.cli import Command, screen_budget, screen_versions
from toolkit.cli import as_json as answers
from toolkit.cli.options import NewFile, as_of_option, json_option, known_by_option
from toolkit.cli.project_folder import ProjectFolder, readable, show, sound, stop
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.budget_change import Version, before_the_last
from toolkit.core.budget_change import versions as versions_of
from toolkit.core.doubts import Doubtful, doubtful
from toolkit.core.economy import Economy, economy_of
from toolkit.core.plan import Budget
from toolkit.core.problems import N_, FileName, declare, has_errors, phrase, problem
from toolkit.core.state import State
from toolkit.files import held, write_whole
from toolkit.language import _
from toolkit.project import Project

declare(
    "workbook-of-versions",
    "error",
    N_("--xlsx writes the money, and not the versions."),
    N_("leave --xlsx out, or {option}"),
)
declare(
    "unknown-version",
    "error",
    N_("There is no budget version {id}."),
    N_("use {known}"),
)
declare(
    "no-budget",
    "error",
    N_("There is no budget {what}."),
    N_("write one in budgets/, or choose a later day: --as-of or --known-by"),
)


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
    if xlsx and (versions or compare):
        option = "--versions" if versions else "--compare"
        raise WrongUse(problem("workbook-of-versions", at("--xlsx"), option=option))
    dossier = sound(project) if xlsx else readable(project, as_json=as_json)
    state = dossier.state(as_of, known_by)
    name = project.folder.resolve().name
    if versions or compare:
        found = versions_of(dossier.plan, state.history)
        pair = _pair(found, compare)
        told = answers.as_text(answers.versions(name, dossier.plan, found, pair, project.problems)) if as_json else None
        click.echo(told or screen_versions.versions(dossier.plan, found, pair))
        return
    economy, doubted = economy_of(state), doubtful(dossier.doubts(known_by), state)
    if xlsx is not None:
        _write(xlsx, state, economy, doubted, project)
    if as_json:
        answer = answers.budget(name, state, economy, project.problems, doubted)
        click.echo(answers.as_text(answer))
    else:
        click.echo(screen_budget.budget(state, economy, doubted, project.problems))
        if xlsx is not None:
            click.echo("\n" + _("Written: {file}").format(file=xlsx))
    if has_errors(project.problems):
        show(project, (found for found in project.problems if found.severity == "error"))
        raise click.exceptions.Exit(1)


def _pair(found: Sequence[Version], compare: tuple[str, str] | None) -> tuple[Budget, Budget] | None:
    """The two versions that were named, the earlier one first; else the last, and what was in force before it."""
    known: dict[str, Budget] = {version.budget.id: version.budget for version in found}
    for id in compare or ():
        if not known:
            raise WrongUse(problem("no-budget", at("--compare"), what=phrase(N_("to compare"))))
        if id not in known:
            raise WrongUse(problem("unknown-version", at("--compare"), id=id, known=", ".join(known)))
    if compare:
        first, second = sorted(compare)
        return known[first], known[second]
    return before_the_last(found)


def _write(path: Path, state: State, economy: Economy | None, doubted: Doubtful | None, project: Project) -> None:
    """The workbook, whole or not at all."""
    from toolkit.render import unsupported
    from toolkit.workbook import workbook  # its words need Babel: only who asks for a workbook pays
    from toolkit.writers import Unsupported, sheet

    if economy is None:
        raise WrongUse(problem("no-budget", at("--xlsx"), what=phrase(N_("to make a workbook of"))))
    try:
        write_whole(path, sheet.write(workbook(state, economy, doubted)))
    except Unsupported as refusal:
        stop(project, [unsupported(FileName(str(path), "here"), refusal)])
    except PermissionError:
        stop(project, [held(path)])

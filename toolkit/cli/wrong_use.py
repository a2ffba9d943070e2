"""What is wrong in how a command was typed: a problem like those of files, but with exit code 2.

Only who types something wrong imports this module: `pulje --help` does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NoReturn

import click
from click.core import ParameterSource
from msgspec import structs

from toolkit.cli import screen
from toolkit.core.problems import N_, FileName, Phrase, Problem, Span, declare, phrase, problem

_CLICKS = N_("{sentence}")  # click's own, which the catalogue has in Danish
_INSTEAD = N_("{instead}")

declare("option-unknown", "error", _CLICKS, _INSTEAD)
declare("command-unknown", "error", _CLICKS, _INSTEAD)
declare("argument-missing", "error", _CLICKS, _INSTEAD)
declare("value-wrong", "error", _CLICKS, _INSTEAD)
declare("used-wrongly", "error", _CLICKS, _INSTEAD)
declare(
    "option-idle",
    "error",
    N_("{option} changes nothing here."),
    _INSTEAD,
)
declare(
    "folder-missing",
    "error",
    N_("There is no folder {folder}."),
    N_("write the path of a folder that is there, or make this one first"),
)


class WrongUse(click.UsageError):
    """A command was used wrongly; `found` says how, and what to type."""

    def __init__(self, found: Problem) -> None:
        super().__init__(screen.sentence(found))
        self.found = found

    def show(self, file: IO[Any] | None = None) -> None:
        """As any other problem, on standard error."""
        click.echo(screen.problem(self.found), file=file or sys.stderr)


def at(option: str = "") -> Span:
    """Where a problem of the command line is: at an option as it is typed; "" where it is no option's value."""
    return Span(FileName(option, "here"), 0, 0)


def at_value_of(param: click.Parameter | None) -> Span:
    """Where the value of a parameter was typed: at the option's longest name; an argument has no name that is typed."""
    return at(max(param.opts, key=len) if isinstance(param, click.Option) else "")


def refuse_idle(context: click.Context, options: Iterable[str], instead: str) -> None:
    """End a command for the first of some options that was typed where it changes nothing, and say what to do."""
    typed = (each for each in context.command.params if context.get_parameter_source(each.name or "") in _TYPED)
    for option in (name for each in typed for name in each.opts if name in options):
        raise WrongUse(problem("option-idle", at(option), option=option, instead=phrase(instead, option=option)))


_TYPED = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def refuse(found: Problem, param: click.Parameter | None) -> NoReturn:
    """End a command for what the reader of a parameter's value has found in it."""
    raise WrongUse(structs.replace(found, at=at_value_of(param)))


def no_folder(folder: str | Path, param: click.Parameter | None) -> NoReturn:
    """End a command for a folder that is not there."""
    raise WrongUse(problem("folder-missing", at_value_of(param), folder=folder))


# ── what click itself refuses ────────────────────────────────────────────────────────────────


def show(refusal: click.ClickException) -> int:
    """Show on standard error what ended the command, and answer with its exit code."""
    if isinstance(refusal, WrongUse | click.exceptions.NoArgsIsHelpError):
        refusal.show()
        return refusal.exit_code
    if isinstance(refusal, click.UsageError) and refusal.ctx:
        click.echo(f"{refusal.ctx.get_usage()}\n", err=True)
    click.echo(screen.problem(_of_click(refusal)), err=True)
    return refusal.exit_code


def _of_click(refusal: click.ClickException) -> Problem:
    """Click's own sentence under a code of ours."""
    place, sentence = at(), refusal.format_message()
    match refusal:
        case click.NoSuchOption():
            code, place, sentence = "option-unknown", at(refusal.option_name), refusal.message
        case click.NoSuchCommand():
            code, sentence = "command-unknown", refusal.message
        case click.MissingParameter():
            code = "argument-missing"
        case click.BadParameter(param=click.Option() as option):
            code, place, sentence = "value-wrong", at_value_of(option), refusal.message
        case click.BadParameter():
            code = "value-wrong"
        case _:
            code = "used-wrongly"
    return problem(code, place, sentence=sentence, instead=_instead(refusal))


def _instead(refusal: click.ClickException) -> Phrase:
    """What was most likely meant, where click knows; otherwise where to read what can be typed."""
    if isinstance(refusal, click.NoSuchOption | click.NoSuchCommand) and refusal.possibilities:
        return phrase(N_("did you mean {near}?"), near=" / ".join(refusal.possibilities))
    context = refusal.ctx if isinstance(refusal, click.UsageError) else None
    command = context.command_path if context else "pulje"
    return phrase(N_("{command} --help says what can be written"), command=command)

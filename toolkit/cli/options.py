"""The options that commands share, and the only clock of the program."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from toolkit.language import LANGUAGES, _


def today() -> date:
    """The day it is, here. Nothing else in pulje asks a clock: what needs a day is handed one."""
    return date.today()


class Day(click.ParamType[date]):
    """A day as people type it, here as in a file: 2022-06-30 or 30-06-2022."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that `value` says; a refusal is wrong use (exit code 2), in the words that it has in a file."""
        if isinstance(value, date):
            return value
        from toolkit.core.problems import Problem  # `pulje --help` imports nothing of ours
        from toolkit.readers.values import Value, day

        found = day(Value.typed(value.strip() or '""'))
        if isinstance(found, Problem):
            from toolkit.cli.wrong_use import refuse

            refuse(found, param)
        return found

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _("DATE")


class NewFile(click.Path):
    """A file to write, in a folder that is there: a misspelt one is not made."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            from toolkit.cli.wrong_use import no_folder  # `pulje --help` imports nothing of ours

            no_folder(path.parent, param)
        return path


as_of_option = click.option(
    "--as-of",
    type=Day(),
    default=today,
    show_default=_("today"),
    help=_("The day to describe, as 2022-06-30 or 30-06-2022."),
)

document_day_option = click.option(
    "--as-of",
    type=Day(),
    help=_("The day that the document describes; otherwise the project says which, never the clock."),
)

known_by_option = click.option(
    "--known-by",
    type=Day(),
    help=_("Only what had been recorded or imported by this day; otherwise all of it."),
)

json_option = click.option("--json", "as_json", is_flag=True, help=_("One JSON value, amounts in whole øre."))

take_option = click.option(
    "--take",
    "taken",
    multiple=True,
    nargs=2,
    type=(click.Choice(["theirs", "ours"]), str),
    metavar="theirs|ours PATH",
    help=_("Whose value is in force where both changed it: a path as --dry-run shows it, or a file. May be repeated."),
)

result_option = click.option(
    "--result", type=NewFile(), help=_("Write what became of each project into a JSON file too.")
)

# Taken from the command line before click starts (toolkit/__main__.py): here it is only shown, and refused when wrong.
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help=_("The language of messages: Danish or English."),
)

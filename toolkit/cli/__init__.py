"""The commands, each imported when it is asked for: `pulje --help` imports none."""

from __future__ import annotations

from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from toolkit import __version__
from toolkit.cli.options import lang_option
from toolkit.language import N_, _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Where a command stands, and the first line of its docstring again, for the list of commands.
COMMANDS = {
    "new": ("toolkit.cli.scaffold:new", N_("Make a new project's folder, or those of a whole list.")),
    "update": (
        "toolkit.cli.update:update",
        N_("Bring a newer template and a changed seed into projects; a folder that is none is all projects below it."),
    ),
    "link": (
        "toolkit.cli.update:link",
        N_("Bind a project that pulje new did not make to its seed or rollout."),
    ),
    "check": ("toolkit.cli.track:check", N_("Show every problem in a project's files and figures.")),
    "status": ("toolkit.cli.track:status", N_("Show phases, milestones and money as of a date.")),
    "budget": ("toolkit.cli.money:budget", N_("Show the money by line, year and phase, and what goes back.")),
    "portfolio": (
        "toolkit.cli.portfolio:portfolio",
        N_("Show all projects below a folder at once: phase, deadlines, money and problems, with totals."),
    ),
    "explain": (
        "toolkit.cli.explain:explain",
        N_("Show where a figure comes from: the sum, the postings, file and line."),
    ),
    "log": ("toolkit.cli.log:log", N_("Append an event to a project's log.")),
    "import": ("toolkit.cli.importing:import_", N_("Read an ERP export into a project's postings.")),
    "render": ("toolkit.cli.documents:render", N_("Write one document of a project.")),
    "text": (
        "toolkit.cli.text:text",
        N_("Start the text of a document: its headings, a question below each, and what was written last time."),
    ),
    "issue": ("toolkit.cli.issue:issue", N_("Keep a document as it is sent, with its inputs and a receipt.")),
    "verify": ("toolkit.cli.issue:verify", N_("Make each issued document again from its kept inputs, and compare.")),
    "bundle": (
        "toolkit.cli.issue:bundle",
        N_("Pack the auditor's dossier: what was issued, budgets, log, postings and receipts, in one zip."),
    ),
    "build": ("toolkit.cli.documents:build", N_("Write every document that a project's files allow.")),
    "schema": (
        "toolkit.cli.scaffold:schema",
        N_("Write the JSON Schema of a file, for an editor to complete, check and explain."),
    ),
}


class Command(click.Command):
    """A command of ours, by `@click.command(cls=Command)`: its docstring, translated, is its help; it knows --lang."""

    def __init__(self, name: str | None, *, help: str | None = None, **attributes: Any) -> None:
        attributes.setdefault("options_metavar", _("[OPTIONS]"))
        super().__init__(name, help=_(cleandoc(help or "")), **attributes)
        lang_option(self)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, and its parser's refusals too say in which command: how that is used is shown with them."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as refusal:
            refusal.ctx = refusal.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; what it cannot do is shown as any other problem."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from toolkit.core.problems import Refused  # `pulje --help` imports nothing of ours

            if not isinstance(error, Refused):
                raise
            from toolkit.cli import screen

            click.echo(screen.problem(error.problem), err=True)
            ctx.exit(1)


class Commands(click.Group):
    """The group of all commands, which knows them by COMMANDS and imports none before it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a project's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion for an unknown command out of COMMANDS."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, out of COMMANDS."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(summary)) for name, (_place, summary) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the word may become, out of COMMANDS."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=_(summary))
            for name, (_place, summary) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


main = Commands(
    name="pulje",
    help=_("Scaffold and track Danish municipal state-grant pilots (puljeprojekter), and write their documents."),
    epilog=_("pulje COMMAND --help says more about each."),
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGUMENTS]…"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(__version__, message="pulje %(version)s")(main)
lang_option(main)

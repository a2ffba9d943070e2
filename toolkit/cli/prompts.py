"""Questions on a terminal: numbered choices, texts that are valid before they are taken, yes and no."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from textwrap import shorten
from typing import Any, NoReturn, TypeVar, get_origin

import click

from toolkit.cli import as_json as answers
from toolkit.cli import screen
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.problems import N_, Phrase, Problem, declare, problem
from toolkit.core.words import Row
from toolkit.language import _
from toolkit.readers import model, source
from toolkit.readers.values import COMMAND_LINE, Value

T = TypeVar("T")

_LATEST = 15  # how many answers to show; there may be more events than a screen holds


declare(
    "terminal-needed",
    "error",
    N_("Only a terminal can be asked, and this is none."),
    N_("{instead}"),
)


def no_terminal(instead: Phrase) -> NoReturn:
    """End a command that would have to ask, where there is nobody to answer."""
    raise WrongUse(problem("terminal-needed", at(), instead=instead))


def on_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def yes(question: str, *, otherwise: bool) -> bool:
    """Yes or no, in either language: click's own question knows no Danish ja."""

    def read(text: str) -> bool:
        if text.casefold() in ("j", "ja", "y", "yes"):
            return True
        if text.casefold() in ("n", "nej", "no"):
            return False
        if text:
            raise click.BadParameter(_("answer yes or no."))
        return otherwise

    return prompt(f"\n{bold(question)} {_('[Y/n]') if otherwise else _('[y/N]')}", read)


def chosen(question: str, options: Mapping[str, str], required: bool, also: Mapping[str, Row] = {}) -> str:
    """One of a few, by its number, its name or what it may `also` be called; "" where an optional one is skipped."""
    only = next(iter(options)) if required and len(options) == 1 else None
    heading(question, _("Enter: {answer}").format(answer=only) if only else "" if required else _("Enter: skip"))
    numbered = list(enumerate(options.items(), start=1))
    shown = numbered[:_LATEST]
    rows = [(f"{number:>4}", shorten(words, 48, placeholder=" …"), name) for number, (name, words) in shown]
    click.echo(screen.table(rows))
    if len(numbered) > len(shown):
        click.echo("      " + _("and {n} more, by name").format(n=len(numbered) - len(shown)))
    return prompt("", one_of(options, len(shown), also, otherwise=only if required else ""))


def one_of(
    options: Mapping[str, str], shown: int, also: Mapping[str, Row] = {}, otherwise: str | None = None
) -> Callable[[str], str]:
    """Reads a number of those shown, or the name or words of any, if they are of one alone.

    `otherwise` is what Enter says.
    """

    def read(text: str) -> str:
        if text.isdecimal() and 1 <= int(text) <= shown:
            return list(options)[int(text) - 1]
        typed = text.casefold()
        exact = [name for name, words in options.items() if typed in (name, words.casefold())]
        named = exact[:1] or [name for name in options if typed in also.get(name, ())]
        if len(named) == 1:
            return named[0]
        if text or otherwise is None:
            raise click.BadParameter(_("write a number from 1 to {n}.").format(n=shown))
        return otherwise

    return read


def text(
    question: str,
    hint: Any,
    example: str,
    required: bool,
    otherwise: str = "",
    wrong: Callable[[str], Problem | None] = lambda _text: None,
) -> str:
    """What was typed, which a file can hold as the kind of value that it wants, and which is not `wrong` otherwise.

    Enter alone says `otherwise`.
    """

    def read(text: str) -> str:
        text = text or otherwise
        if not text and required:
            raise click.BadParameter(_("this cannot be left out."))
        if text and (refused := _refused(hint, text) or wrong(text)):
            raise click.BadParameter(sentence(refused))
        return text

    skip = _("Enter: {answer}").format(answer=otherwise) if otherwise else "" if required else _("Enter: skip")
    heading(question, "" if otherwise else _("for example: {example}").format(example=example), skip)
    return prompt("", read)


def _refused(hint: Any, text: str) -> Problem | None:
    """Why a file could not hold it; the items of a list are texts, whatever they say."""
    found: list[Problem] = []
    if source.visible(source.Lines(text, COMMAND_LINE), found) and get_origin(hint) is not tuple:
        model.convert(hint, Value.typed(text), COMMAND_LINE, found)
    return found[0] if found else None


def heading(question: str, *help: str) -> None:
    """The question, with what helps to answer it."""
    shown = ", ".join(filter(None, help))
    click.echo(f"\n{bold(question)}" + (f" ({shown})" if shown else ""))


def prompt(words: str, read: Callable[[str], T]) -> T:
    """Ask until the answer can be read; Enter is an answer too."""
    suffix = " " if words else "> "
    return click.prompt(
        words, prompt_suffix=suffix, default="", show_default=False, value_proc=lambda text: read(text.strip())
    )


def bold(text: str) -> str:
    """A text that stands out."""
    return click.style(text, bold=True)


def sentence(found: Problem) -> str:
    """What is wrong with an answer, and what can be typed instead."""
    said = answers.problem(found)
    return f"{said['message']}\n{_('try:')} {said['hint']}"

"""The command that appends to a project's log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from toolkit import journal
from toolkit.cli import Command, ask, prompts
from toolkit.cli.options import Day, today
from toolkit.cli.progress import progress
from toolkit.cli.project_folder import UnopenedFolder, projects_of, show_in
from toolkit.cli.wrong_use import WrongUse, at, at_value_of
from toolkit.core.events import KINDS
from toolkit.core.problems import N_, Refused, declare, phrase, problem
from toolkit.core.words import EVENTS
from toolkit.documents import guard
from toolkit.journal import Appended
from toolkit.language import _, ngettext
from toolkit.project import LOG, Project, open_project
from toolkit.readers import words as spelled
from toolkit.readers.events import Written

# The kinds that a Danish word may name.
_DANISH = {word: [kind for kind in EVENTS if word in EVENTS[kind]] for row in EVENTS.values() for word in row}

declare(
    "unknown-event-kind",
    "error",
    N_("{value} is no kind of event."),
    N_("{instead}"),
)
declare(
    "key-not-said",
    "error",
    N_("{value} says no key."),
    N_('write key=value, in quotes if it has spaces: "text=Two words"'),
)
declare(
    "key-given-twice",
    "error",
    N_("{key} is given twice."),
    N_("keep one of them"),
)


class EventKind(click.ParamType[str]):
    """A kind of event, by its name in the log or its Danish one."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind that was meant; an unknown one, or a word for two of them, is wrong use."""
        danish = _as_danish(value)
        named = [value] if value in KINDS else _DANISH.get(danish, [])
        if len(named) != 1:
            almost = spelled.meant(value, KINDS, {}) or spelled.meant(danish, _DANISH, {})
            near = " / ".join(named or _DANISH.get(almost or "", [almost or ""]))
            meant = phrase(N_("did you mean {near}?"), near=near)
            instead = meant if near else phrase(N_("use one of these: {known}"), known=", ".join(KINDS))
            raise WrongUse(problem("unknown-event-kind", at_value_of(param), value=value, instead=instead))
        return named[0]


class KeyAndValue(click.ParamType[tuple[str, str]]):
    """What an event says, a key at a time: milestone=teams-klar."""

    name = "key=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The key and its value; a word without an equals sign is wrong use."""
        if isinstance(value, tuple):
            return value
        key, equals, text = value.partition("=")
        if not equals or not key.strip():
            raise WrongUse(problem("key-not-said", at_value_of(param), value=value))
        return key.strip(), text


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True, metavar=_("PROJECT… [EVENT] [KEY=VALUE]…"))
@click.option("--on", type=Day(), help=_("The day it happened, as 2022-06-30 or 30-06-2022; otherwise today."))
@click.option("--dry-run", is_flag=True, help=_("Show the line and what is wrong with it, and write nothing."))
def log(words: Sequence[str], on: date | None, dry_run: bool) -> None:
    """Append an event to a project's log.

    Several projects can be named; a folder that is none is all projects below it, and nothing is written before the
    event fits all of them. Without an event it asks. In a list, write ; between the items: absent="A; B". A new value
    has its path: values.project_period.ends=2024-03-31; several that belong together stand in braces:
    "values.project_period={starts: 2022-01-01, ends: 2024-03-31}". Nothing is written if the line would bring an error.
    """
    folders, kind, typed = _read(words)
    recorded = today()
    asked = kind is None
    folder, *others = folders
    if kind is None:
        if others or not prompts.on_terminal():
            typed_so_far = " ".join(map(str, folders[:3])) + (" …" if len(folders) > 3 else "")
            instead = N_('say what happened: pulje log {project} noted "text=…"')
            prompts.no_terminal(phrase(instead, project=typed_so_far))
        kind, said = ask.event(open_project(folder), on, recorded)
    else:
        said = _keys(typed, on)
    days = {"happened": (on or recorded).isoformat(), "recorded": recorded.isoformat()}
    keys = journal.as_written(kind, {**days, **said})

    if others:
        _log_in_each(folders, kind, keys, dry_run=dry_run)
        return
    if dry_run or asked:
        _tell(folder, journal.rehearse(folder, kind, keys, _opened_today), N_("This line would be written: {place}"))
        if dry_run:
            return
        if not prompts.yes(_("Write it?"), otherwise=True):
            click.echo(_("Nothing was written."))
            return
    event = journal.append(folder, kind, keys, _opened_today)
    if asked and event.fits:
        click.echo(_("Written."))  # the line has been shown
    else:
        _tell(folder, event, N_("This line was written: {place}"))


def _log_in_each(folders: Sequence[Path], kind: str, keys: Mapping[str, Written], *, dry_run: bool) -> None:
    """One event in each project: rehearsed in all, and written once it fits all; each is told when it is done."""
    with progress(folders, _("Reading projects")) as each:
        rehearsed = [(folder, journal.rehearse(folder, kind, keys, _opened_today)) for folder in each]
    unfit = [(folder, event) for folder, event in rehearsed if not event.fits]
    for folder, event in unfit:
        show_in(folder, event.problems)
        click.echo(_("This line was not written:") + f"\n{guard.masked(event.line)}\n", err=True)
    if unfit:
        words = ngettext("It does not fit {n} of {all} projects: nothing was written.",
                         "It does not fit {n} of {all} projects: nothing was written.", len(unfit))  # fmt: skip
        click.echo(words.format(n=len(unfit), all=len(folders)), err=True)
        raise click.exceptions.Exit(1)
    is_left = False
    for folder, event in rehearsed:
        try:
            done = event if dry_run else journal.append(folder, kind, keys, _opened_today)
        except Refused as refusal:  # somebody else is writing there: the others have it all the same
            show_in(folder, [refusal.problem])
            is_left = True
            continue
        show_in(folder, done.problems)
        is_left = is_left or not done.fits
        where = N_("This line would be written: {place}") if dry_run else N_("This line was written: {place}")
        if done.fits:
            click.echo(_(where).format(place=f"{folder / LOG}:{done.number}") + f"\n{done.line}")
    if is_left:
        raise click.exceptions.Exit(1)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _read(words: Sequence[str]) -> tuple[list[Path], str | None, list[tuple[str, str]]]:
    """The projects, the kind of event and its keys: what comes first is a project, and so is each folder after it."""
    first, *rest = words
    named = [UnopenedFolder().convert(first, None, None)]
    while rest and not _is_kind(rest[0]) and Path(rest[0]).exists():
        named.append(UnopenedFolder().convert(rest.pop(0), None, None))
    folders = list(dict.fromkeys(each for folder in named for each in projects_of(folder)))
    kind = EventKind().convert(rest.pop(0), None, None) if rest else None
    return folders, kind, [KeyAndValue().convert(each, None, None) for each in rest]


def _is_kind(word: str) -> bool:
    return word in KINDS or _as_danish(word) in _DANISH


def _as_danish(word: str) -> str:
    return word.casefold().replace("_", " ").replace("-", " ")


def _opened_today(folder: Path, instead: Mapping[str, str]) -> Project:
    """The project with what the calendar says of it: a line may be of a day that has not come."""
    return open_project(folder, instead).on(today())


def _keys(typed: Sequence[tuple[str, str]], on: date | None) -> dict[str, str]:
    """The keys by name; one that is said twice, or in two ways, is wrong use."""
    keys: dict[str, str] = {}
    for key, text in typed:
        if key in keys or key == "kind" or (key == "happened" and on):
            raise WrongUse(problem("key-given-twice", at(), key=key))
        keys[key] = text
    return keys


def _tell(folder: Path, event: Appended, where: str) -> None:
    """What there is to say about the line, its place and the line itself; exit code 1 if it cannot be written."""
    show_in(folder, event.problems)
    if not event.fits:
        click.echo(_("This line was not written:") + f"\n{guard.masked(event.line)}", err=True)
        raise click.exceptions.Exit(1)
    click.echo(_(where).format(place=f"{folder / LOG}:{event.number}") + f"\n{event.line}")

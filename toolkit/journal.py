"""Appends an event to a project's log: one whole line, held against the whole project before it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, get_origin

from filelock import FileLock, Timeout
from msgspec import Struct, structs

from toolkit.core.checks.references import names_in_log
from toolkit.core.dossier import Dossier
from toolkit.core.events import KINDS, Awarded, Corrected
from toolkit.core.money import Money, kroner
from toolkit.core.problems import N_, FileName, Problem, Refused, Span, declare, has_errors, of_unwritten, problem
from toolkit.core.promise import promised
from toolkit.files import write_whole
from toolkit.project import LOG, Project, lost_log, open_project
from toolkit.readers import source, values
from toolkit.readers.events import Written, event_line, names_in
from toolkit.readers.model import fields_of, present
from toolkit.readers.source import Lines, Listing, Node, Table, decoded
from toolkit.readers.values import COMMAND_LINE, Value

_LOCK = ".pulje.lock"
_PATIENCE = 10  # seconds: an append takes a tenth of one, so ten are a queue of a hundred, or a lock that is stuck

# What a log begins with, for whoever opens it.
_HEAD = "# Loggen: hvad der er sket, nyeste nederst. Der rettes aldrig i den; en fejl rettes med en ny hændelse.\n"


declare(
    "project-busy",
    "error",
    N_("Somebody else is writing in {folder} right now."),
    N_("wait a moment, and run the same command again: nothing was written"),
)

# Opens a folder, with texts to read in the place of its files.
Opening = Callable[[Path, Mapping[str, str]], Project]


declare(
    "log-in-brackets",
    "error",
    N_("The log is a list in brackets: no line can be added to it."),
    N_("give each event a line of its own that begins with a hyphen: - {{kind: noted, …}}"),
)


class LogBusy(Refused):
    """Somebody else has held the project's lock for longer than anybody should have to wait."""


class Appended(Struct, frozen=True):
    """What became of an event: its line, where in the log that stands, what is wrong with it, whether it is written."""

    line: str
    number: int
    problems: tuple[Problem, ...]
    fits: bool  # it can be read back, and brings no error that was not there before
    written: bool = False
    called: str = ""  # what the log calls it; "" where it cannot be read back

    @property
    def unwritten(self) -> Appended:
        """The same with hints for whoever can still type the line otherwise."""
        problems = (of_unwritten(found) if self._is_about(found) else found for found in self.problems)
        return structs.replace(self, problems=tuple(problems))

    def _is_about(self, found: Problem) -> bool:
        """Whether it is told of this event: by its name, or at its line, where no name is told."""
        event = found.words.get("event")
        return found.at.file == LOG and found.at.line == self.number if event is None else event == self.called


def append(folder: Path, kind: str, keys: Mapping[str, Written], open: Opening = open_project) -> Appended:
    """Write the event as the log's last line, or write nothing and say why.

    What the log already holds stays as it is, byte for byte. Errors that the project had before do not stop the event.
    `open` says how much of the project is read again, and what is found in it. Raises LogBusy when somebody else is
    writing in the project's files and does not finish.
    """
    with locked(folder):
        return append_locked(folder, kind, keys, open)


def append_locked(folder: Path, kind: str, keys: Mapping[str, Written], open: Opening = open_project) -> Appended:
    """As append, for whoever holds the project's lock already."""
    event, log = _rehearsed(folder, _log(folder), kind, keys, open)
    if not event.fits:
        return event.unwritten
    write_whole(folder / LOG, log)
    return structs.replace(event, written=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The project's files are this process's alone to write in. Raises LogBusy when somebody else has them too long."""
    lock = FileLock(folder / _LOCK, timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        at = Span(FileName(str(folder), "here"), 0, 0)
        raise LogBusy(problem("project-busy", at, folder=folder)) from None
    try:
        yield
    finally:
        lock.release()


def rehearse(folder: Path, kind: str, keys: Mapping[str, Written], open: Opening = open_project) -> Appended:
    """What would come of appending the event; nothing is written."""
    event, _ = _rehearsed(folder, _log(folder), kind, keys, open)
    return event.unwritten


def as_written(kind: str, typed: Mapping[str, str]) -> dict[str, Written]:
    """An event's keys as they are typed on a command line, in the log's own notation.

    A list has semicolons between its items. A new value is typed under its path, `values.project_period.ends`, one with
    keys of its own in braces, as in a file; `null` drops what the path leads to. What cannot be read stays as it was
    typed, to be shown when the line is refused.
    """
    fields = fields_of(KINDS[kind])
    keys: dict[str, Written] = {}
    mappings: dict[str, dict[str, Written | None]] = {}
    for name, text in typed.items():
        key, dot, path = name.partition(".")
        hint = present(fields[key].kind) if key in fields else str
        if get_origin(hint) is Mapping and dot and key not in typed:
            keys[key] = mappings.setdefault(key, {})
            if kind == Corrected.kind and path in _LISTS:
                mappings[key][path] = _items(text)
            else:
                mappings[key][path] = None if text == "null" else _section(text) or _in_the_logs_notation(date, text)
        elif get_origin(hint) is Mapping:
            keys[name] = _section(text) or text
        elif get_origin(hint) is tuple:
            keys[name] = _items(text)
        else:
            keys[name] = _in_the_logs_notation(hint, text)
    return keys


def _section(text: str) -> dict[str, Written | None] | None:
    """Keys and values that are typed in braces; None for any other text, one that only begins with a brace too."""
    node = source.load(text, COMMAND_LINE, []) if text.lstrip().startswith("{") else None
    if not isinstance(node, Table) or any(isinstance(each, Value) and not each for each in node.entries.values()):
        return None
    return {str(key): _as_typed(value) for key, value in node.entries.items()}


def _as_typed(node: Node) -> Written | None:
    if isinstance(node, Table):
        return {str(key): _as_typed(value) for key, value in node.entries.items()}
    if isinstance(node, Listing):
        return [_as_typed(item) or "" for item in node.items]
    return None if node.empty else _in_the_logs_notation(date, node)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


# The keys of events that have several values, which a correction gives as they were given first.
_LISTS = {key for cls in KINDS.values() for key, field in fields_of(cls).items() if get_origin(field.kind) is tuple}


def _in_the_logs_notation(hint: Any, text: str) -> str:
    """A day as 2022-06-30 and an amount as 250.000 kr., however they were typed; any other text as it is."""
    if hint is date and not isinstance(day := values.day(Value.typed(text.strip())), Problem):
        return day.isoformat()
    if hint is Money and not isinstance(amount := values.money(Value.typed(text.strip())), Problem):
        return f"{kroner(amount)} kr."
    return text


# ── the line, and what it does to the project ────────────────────────────────────────────────


def _rehearsed(
    folder: Path, before: bytes, kind: str, keys: Mapping[str, Written], open: Opening
) -> tuple[Appended, bytes]:
    """The event, and the log with it."""
    keys = _with_promise(folder, keys) if kind == Awarded.kind else keys
    unreadable: list[Problem] = []
    text = decoded(before, LOG, unreadable)
    line = event_line(kind, _with_id(text or "", kind, keys)).rstrip("\n")
    if lost := lost_log(folder):  # another log would hide that
        return Appended(line, 1, (lost,), fits=False), before
    if text is None:
        return Appended(line, 1, tuple(unreadable), fits=False), before

    if (emptied := _without_empty_list(text)) != text:
        text, before = emptied, emptied.encode()
    if bracket := _in_brackets(text):
        return Appended(line, bracket.at.line, (bracket,), fits=False), before
    added = _added(text, line)
    number = len(Lines(text + added, LOG)) - 1  # the last one is what follows the last line break: nothing
    project = open(folder, {LOG: text + added})
    problems = tuple(_with_names(found, project.dossier) for found in _brought(project, number, open))
    last = project.dossier.events[-1:] if project.dossier else ()
    called = next((event.called for event in last if event.at.span.line == number), "")
    is_read = bool(called)
    if not is_read and not has_errors(problems):  # what was wrong before keeps the log, or the plan, from being read
        problems += tuple(found for found in project.problems if found.severity == "error")
    fits = is_read and not has_errors(problems)
    return Appended(line, number, problems, fits, called=called), before + added.encode() if fits else before


def _log(folder: Path) -> bytes:
    log = folder / LOG
    return log.read_bytes() if log.is_file() else b""


def _with_id(log: str, kind: str, keys: Mapping[str, Written]) -> Mapping[str, Written]:
    """The event with an id that no other has: its day and kind, and a number where those are taken."""
    happened = keys.get("happened")
    day = values.day(Value.typed(happened)) if isinstance(happened, str) else None
    if "id" in keys or day is None or isinstance(day, Problem):
        return keys
    wanted, taken = f"{day}-{kind}", names_in(log, LOG)
    numbered = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    id = next(name for name in numbered if name not in taken)
    return {**keys, "id": id}


def _with_promise(folder: Path, keys: Mapping[str, Written]) -> Mapping[str, Written]:
    """An award keeps a digest of what was promised that day, so that a later edit of it is seen."""
    dossier = open_project(folder).dossier
    if dossier is None or "promise" in keys:
        return keys
    return {**keys, "promise": promised(dossier.plan)}


def _added(text: str, line: str) -> str:
    """The line as it goes after what is there: the same indentation, the same line breaks, from a line of its own."""
    if not text:
        return f"{_HEAD}{line}\n"
    line_break = "\r\n" if "\r\n" in text else "\n"
    indentation = first[1] if (first := _FIRST_ITEM.search(text)) else ""
    start = "" if text.endswith(("\n", "\r")) else line_break
    return f"{start}{indentation}{line}{line_break}"


_FIRST_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_NO_ITEMS = re.compile(r"\[\s*\](?:\s*#.*)?|null|~")


def _without_empty_list(text: str) -> str:
    """The log without the [] that says that it has no events, as allocation.yaml begins with one; its comments stay."""
    lines = text.splitlines(keepends=True)
    written = [number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    if not _NO_ITEMS.fullmatch("".join(lines[number] for number in written).strip()):
        return text
    return "".join(line for number, line in enumerate(lines) if number not in written)


def _in_brackets(text: str) -> Problem | None:
    """Events in one list in brackets, to which no line can be added."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            is_one = line.lstrip().startswith("[")
            return problem("log-in-brackets", Span(LOG, number, 1, len(line), line)) if is_one else None
    return None


def _with_names(found: Problem, dossier: Dossier | None) -> Problem:
    """A key that is missing, with the names that the project has for it in the place of an example of a name."""
    if found.code != "key-missing" or found.at.file != LOG or dossier is None:
        return found
    names = next((names for key, names in names_in_log(dossier).items() if key == found.words["key"]), None)
    if names is None:
        return found
    example = " / ".join(names.near("")) or "…"
    return structs.replace(found, words={**found.words, "example": example})


def _brought(project: Project, number: int, open: Opening) -> Iterator[Problem]:
    """What is wrong in the new line, and the errors elsewhere that were not there without it."""
    elsewhere = []
    for found in project.problems:
        if (found.at.file, found.at.line) == (LOG, number):
            yield found
        elif found.severity == "error":
            elsewhere.append(found)
    if not elsewhere:
        return
    # The words of an old error may have changed, since some of them count or list what the log holds.
    before = Counter((found.code, found.at) for found in open(project.folder, {}).problems)
    for found in elsewhere:
        before[found.code, found.at] -= 1
        if before[found.code, found.at] < 0:
            yield found

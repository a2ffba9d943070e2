"""What is wrong, where it is written, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct, structs

Severity = Literal["error", "warning", "note"]


def N_(english: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a text for translation: it is translated where it is shown."""
    return english


Root = Literal["project", "templates", "here", "document"]


class FileName(str):
    """A file's name that does not begin at the project's folder, and the `root` that it is named from.

    That is templates/, or where one stands, or it is no file but the document that was to be made.
    """

    root: Root

    def __new__(cls, name: str, root: Root) -> FileName:
        file = super().__new__(cls, name)
        file.root = root
        return file

    def __truediv__(self, name: str) -> FileName:
        """A file below a folder."""
        return FileName(f"{self}/{name}", self.root)

    def __reduce__(self) -> tuple[object, ...]:
        return FileName, (str(self), self.root)  # what another process makes the same name from


class Span(Struct, frozen=True):
    """A stretch of one line in one file, as an editor counts: lines and columns from 1."""

    file: str  # from the project's folder, "budgets/2021-12-16-award.yaml", unless it is a FileName
    line: int
    column: int
    length: int = 1
    text: str = ""  # the whole line, to show it

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def root(self) -> Root:
        """What the file is named from."""
        return self.file.root if isinstance(self.file, FileName) else "project"


class At(Struct, frozen=True):
    """Where a record is written, and where each of its keys' values is.

    New values that an event gives are keys too, by their paths: values.amount.
    `lost` are the ids of a list's items that could not be read, by the list's key: they are names all the same.
    `unread` are keys whose value is wrong, all or in part: they are there, whatever the record holds of them. Of those
    that are `unwritten` somebody has yet to write something that the record cannot do without.
    """

    span: Span
    keys: Mapping[str, Span] = {}
    lost: Mapping[str, frozenset[str]] = {}
    unread: frozenset[str] = frozenset()
    unwritten: frozenset[str] = frozenset()

    def of(self, key: str) -> Span:
        """Where the value of `key` is written; the record itself where the key was left out."""
        return self.keys.get(key, self.span)


NOWHERE = At(Span("", 0, 0))


class Code(Struct, frozen=True):
    """What one code says: how bad it is, its sentence and its hint, with {words} to fill in.

    `unwritten` is the hint where the event that it is about is a line that is typed, and is not in the log: no
    correction finds that, and its keys are written key=value.
    """

    severity: Severity
    message: str
    hint: str
    unwritten: str = ""


CODES: dict[str, Code] = {}  # each module adds its own: all there are stand here once all have been imported


def declare(code: str, severity: Severity, message: str, hint: str, unwritten: str = "") -> None:
    """What a code says, told once and where it is raised."""
    if code in CODES:
        raise ValueError(code)
    CODES[code] = Code(severity, message, hint, unwritten)


class Phrase(Struct, frozen=True):
    """A part of a sentence that is translated with it, filled with words and phrases of its own; "" says nothing.

    `danish` is what it is called there, where that is told elsewhere than among the translations.
    """

    text: str
    words: Mapping[str, str | Phrase] = {}
    danish: str = ""


class Problem(Struct, frozen=True):
    """Something to tell the user: a code that never changes, a place, and the words that fill its sentence."""

    code: str
    at: Span
    words: Mapping[str, str]
    says: Code  # goes with it: what one process finds, another shows without having imported the rule
    phrases: Mapping[str, Phrase] = {}

    def __hash__(self) -> int:
        return hash((self.code, self.at))  # a mapping has no hash of its own

    @property
    def severity(self) -> Severity:
        return self.says.severity


def problem(code: str, at: Span, **words: object) -> Problem:
    """A Problem; every word or phrase that its sentence needs is given by name."""
    phrases = {name: word for name, word in words.items() if isinstance(word, Phrase)}
    plain = {name: str(word) for name, word in words.items() if name not in phrases}
    return Problem(code, at, plain, CODES[code], phrases)


def phrase(text: str, /, **words: object) -> Phrase:
    """A Phrase; its text is marked for translation, and what it needs is given by name."""
    return Phrase(text, {name: word if isinstance(word, Phrase) else str(word) for name, word in words.items()})


def listed(phrases: Iterable[Phrase], between: str = ", ") -> Phrase:
    """Phrases one after another, with commas or another sign between."""
    named = {f"each{number}": each for number, each in enumerate(phrases)}
    return Phrase(between.join(f"{{{name}}}" for name in named), named)


def of_unwritten(found: Problem) -> Problem:
    """The problem as it is told of a line that is not in the log: then there is a line to type, and none to correct."""
    if not found.says.unwritten:
        return found
    return structs.replace(found, says=structs.replace(found.says, hint=found.says.unwritten))


class Refused(Exception):
    """What a command was asked cannot be done, and nothing of it was; `problem` says why, as it would of a file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, *problem.words.values())
        self.problem = problem


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error: warnings and notes stop nothing."""
    return any(found.severity == "error" for found in problems)

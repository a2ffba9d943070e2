"""postings/*.csv and allocation.yaml: what was paid, as an import wrote it, and the rules that place it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import count, islice, repeat
from pathlib import Path
from sys import intern
from typing import cast

from toolkit.core.money import NOTHING, Money, kr
from toolkit.core.personal import without_numbers, without_personal_numbers
from toolkit.core.postings import Posting, Rule, fits
from toolkit.core.problems import N_, Problem, Span, declare, has_errors, problem
from toolkit.core.records import Record
from toolkit.readers import model
from toolkit.readers.source import decoded
from toolkit.readers.values import YEARS

POSTINGS = "postings"
COLUMNS = ("posted", "voucher", "line", "account", "cost_centre", "wbs_element", "text", "amount")
PERFORMED = "performed"  # a ninth column, where an export says when its costs were performed

_NAME = re.compile(r"(?:.*/)?([0-9]{4}-[0-9]{2}-[0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)-[0-9a-f]{8}\.csv")
_FILE = "2022-04-01-opus-0a1b2c3d.csv"
_QUOTE = '"'
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,14}),[0-9]{2}")
_THOUSANDS = re.compile(r"\.(?=[0-9]{3}(?:[.,]|$))")
_NEARLY = re.compile(r"(-?(?:0|[1-9][0-9]{0,14}))(?:[,.]([0-9]{0,2}))?")
_EXAMPLES = {"posted": "2022-03-15", "performed": "2022-03-15", "line": "1", "amount": "-1250,00"}
_oere = cast("Callable[[str], Money]", int)  # when the program runs, Money is an int: no call of ours for each
_BLOCK = 500  # rows: fewer than make the garbage collector look for cycles among them

declare(
    "posting-file-name",
    "error",
    N_("{file} is not named as an import names its file, so its import day is not known."),
    N_("a name is like {example}: import the export again, rather than write the file by hand"),
)
declare(
    "posting-header",
    "error",
    N_("The first line does not name the columns of a file of postings."),
    N_("write {example}"),
)
declare(
    "posting-columns",
    "error",
    N_("The line has {count} columns, not {wanted}."),
    N_("look for a semicolon that is missing, or is too many"),
)
declare(
    "posting-value",
    "error",
    N_("{text} cannot stand in the column {column}."),
    N_("write it like this: {example}"),
)
declare(
    "posting-quotes",
    "error",
    N_("The quotes in this line do not fit; nothing after it can be read."),
    N_("put the imported file back, or import the export again"),
)
declare(
    "rule-target",
    "error",
    N_("A rule has one of line, split, grant_income, other_income, not_eligible, taken_back; this has {count}."),
    N_("write one of them, for example line: {example}"),
)
declare(
    "rule-split",
    "error",
    N_("These parts cannot divide an amount."),
    N_("write parts above zero, like split: {example}"),
)
declare(
    "rule-eligible",
    "error",
    N_("A part of a posting is eligible as one share or one amount, from nothing up, and on budget lines."),
    N_("write one of them beside line or split, like {example}"),
)
declare(
    "rule-rows",
    "error",
    N_("Rows are those of one file, and this rule names none."),
    N_("write file: {example}"),
)
declare(
    "rule-cost",
    "error",
    N_("{key} says something of a cost, and this rule puts the postings on no budget line."),
    N_("delete {key}, or say which line: line: projektleder"),
)
declare(
    "rule-reason",
    "warning",
    N_("The rule keeps money outside the grant without saying why."),
    N_("write reason: …"),
)


def read_postings(path: Path, file: str, problems: list[Problem]) -> tuple[Posting, ...]:
    """One import, whose day its name gives. All bad lines are reported, and the good ones given.

    Written by the tool and strict for that: one way to write a day and an amount, so that a file that an editor or a
    spreadsheet has saved anew is noticed. There may be a million lines: what is wrong is looked at closely afterwards.
    """
    if (imported := import_day(file)) is None:
        problems.append(problem("posting-file-name", Span(file, 1, 1), file=file, example=f"{POSTINGS}/{_FILE}"))
        return ()
    reading = _Reading(file, imported)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reading.read(lines)
        if reading.wrong:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                problems += reading.explain(lines)
    except UnicodeDecodeError:
        decoded(path.read_bytes(), file, problems)
    return tuple(reading.found)


def posting_file(imported: date, system: str, digest: str, there: Container[str] = ()) -> str:
    """What a file of postings is called: its import day, its system, and so much of its digest as tells it apart.

    Of one that holds to the byte what another of its day does, whose name is in `there`, the digest's own digest does.
    """
    name = f"{POSTINGS}/{imported}-{system}-{digest[:8]}.csv"
    return posting_file(imported, system, sha256(digest.encode()).hexdigest(), there) if name in there else name


def import_day(file: str) -> date | None:
    """The day on which a file of postings was imported, as its name says; None for any other name."""
    try:
        return _day(match[1]) if (match := _NAME.fullmatch(file)) else None
    except ValueError:
        return None


def import_system(file: str) -> str | None:
    """The system that a file of postings came from, as its name says: the dialect's name."""
    return match[2] if (match := _NAME.fullmatch(file)) else None


def _day(text: str) -> date:
    """A day of the years that people write of: the calendar's ends have no day before, or after."""
    if len(text) != 10:  # fromisoformat also reads 20220315
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


class _Days(dict[str, date]):
    """Each day that was written, read once."""

    def __missing__(self, text: str) -> date:
        day = self[text] = _day(text)
        return day


class _Reading:
    """One file's postings, and the numbers of the lines that could not be read."""

    def __init__(self, file: str, imported: date) -> None:
        self.file = file
        self.imported = imported
        self.found: list[Posting] = []
        self.wrong: list[int] = []
        self.columns: tuple[str, ...] = COLUMNS
        self.unclosed = 0  # the line whose quotes do not fit: nothing after it is read
        self._days = _Days()

    def read(self, lines: Iterable[str]) -> None:
        rows = csv.reader(lines, delimiter=";", strict=True)
        block: list[list[str]] = []
        number = 1
        try:
            self.columns = tuple(next(rows, ()))
            if self.columns not in (COLUMNS, (*COLUMNS, PERFORMED)):
                self.wrong.append(number)
                return
            while not self.unclosed:
                block.extend(islice(rows, _BLOCK))
                if not block:
                    return
                self._take(block, number + 1, swallowed=rows.line_num != number + len(block))
                number += len(block)
                block.clear()
        except csv.Error:
            self._take(block, number + 1, swallowed=False)
            self.unclosed = number + len(block) + 1
            self.wrong.append(self.unclosed)

    def _take(self, rows: list[list[str]], first: int, *, swallowed: bool) -> None:
        """Some thousand rows column by column, which Python does in half the time; one by one where any is wrong."""
        try:
            if swallowed:
                raise ValueError
            columns = list(zip(*rows, strict=True))
            posted, vouchers, numbers, accounts, cost_centres, wbs_elements, texts, amounts, *more = columns
            if len(columns) != len(self.columns):
                raise ValueError
            days = list(map(self._days.__getitem__, posted))
            performed = [self._days[text] if text else None for text in more[0]] if more else repeat(None)
            if not all(map(_AMOUNT.fullmatch, amounts)) or not all(map(_is_line, set(numbers))):
                raise ValueError
        except ValueError:
            self._take_each(rows, first)
            return
        same: dict[str, str] = {}  # texts repeat from line to line: one of each is kept
        self.found += map(
            Posting,
            days,
            vouchers,
            map(intern, accounts),
            map(intern, cost_centres),
            map(intern, wbs_elements),
            map(same.setdefault, texts, texts),
            map(_oere, [amount.replace(",", "") for amount in amounts]),
            repeat(self.imported),
            repeat(self.file),
            count(first),
            performed,
        )

    def _take_each(self, rows: list[list[str]], first: int) -> None:
        for number, row in enumerate(rows, start=first):
            if any("\n" in cell or "\r" in cell for cell in row):  # an open quote has swallowed the line after it
                self.unclosed = number
                self.wrong.append(number)
                return
            if len(row) != len(self.columns) or not all(map(_fits, self.columns, row)):
                self.wrong.append(number)
                continue
            self._take([row], number, swallowed=False)

    def explain(self, lines: Iterable[str]) -> Iterator[Problem]:
        """Everything that is wrong with the lines: the slow way, and seldom gone."""
        before = 0
        for number in self.wrong:
            text = next(islice(lines, number - before - 1, None), "").rstrip("\r\n")
            before = number
            shown = without_numbers(text)
            whole = Span(self.file, number, 1, max(1, len(shown)), shown)
            if number == self.unclosed:
                yield problem("posting-quotes", whole)
            elif number == 1:
                yield problem("posting-header", whole, example=";".join(COLUMNS))
            else:
                yield from _wrong(self.columns, next(csv.reader([text], delimiter=";", strict=True), []), whole)


def _wrong(columns: Sequence[str], row: list[str], whole: Span) -> Iterator[Problem]:
    if len(row) != len(columns):
        yield problem("posting-columns", whole, count=len(row), wanted=len(columns))
        return
    for index, (column, text) in enumerate(zip(columns, row, strict=True)):
        if not _fits(column, text):
            at = Span(whole.file, whole.line, _start(whole.text, index), max(1, len(text)), whole.text)
            yield problem("posting-value", at, text=text or '""', column=column, example=_likely(column, text))


def _likely(column: str, text: str) -> str:
    """The value as it is written here, where it can be seen which it is; else one like it."""
    found = _NEARLY.fullmatch(_THOUSANDS.sub("", "".join(text.split()))) if column == "amount" else None
    return f"{found[1]},{(found[2] or '').ljust(2, '0')}" if found else _EXAMPLES[column]


def _fits(column: str, text: str) -> bool:
    if column in ("posted", PERFORMED):
        if not text:
            return column == PERFORMED
        try:
            return bool(_day(text))
        except ValueError:
            return False
    if column == "line":
        return _is_line(text)
    return column != "amount" or _AMOUNT.fullmatch(text) is not None


def _is_line(text: str) -> bool:
    return not text or text.isdecimal()


def _start(line: str, index: int) -> int:
    """The column where field number `index` begins, past the semicolons that stand in quotes."""
    quoted = False
    for position, character in enumerate(line):
        if index == 0:
            return position + 1 + (character == '"')
        if character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            index -= 1
    return len(line.rstrip("\r\n")) + 1


# ── writing ──────────────────────────────────────────────────────────────────────────────────


def cell(text: str) -> str:
    """A text as a cell of such a file."""
    return f'"{text.replace(_QUOTE, _QUOTE * 2)}"' if ";" in text or _QUOTE in text else text


def amount_cells(oere: Sequence[Money]) -> list[str]:
    """Amounts as cells: 1250,00."""
    digits = list(map(str, oere))
    if min(map(abs, oere), default=NOTHING) < kr(1):
        digits = [f"{'-' if amount < NOTHING else ''}{abs(int(amount)):03}" for amount in oere]
    return [f"{each[:-2]},{each[-2:]}" for each in digits]


def amount_of(text: str) -> Money:
    """The amount that a cell of such a file has."""
    return _oere(text.replace(",", ""))


def cells(line: str) -> list[str]:
    """A line's texts, in the order of COLUMNS."""
    line = line.rstrip("\r\n")
    return next(csv.reader([line], delimiter=";")) if _QUOTE in line else line.split(";")


def covered_file(content: bytes, without_text: Iterable[str]) -> bytes:
    """A file of postings without persons' numbers, and without texts on the accounts that are named, to be shown.

    What an import of today writes stays byte for byte; so does a file that cannot be read.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
        shown = [lines[0], *(_covered(line, without_text) for line in lines[1:])] if lines else []
    except (UnicodeDecodeError, csv.Error):
        return content
    return content if shown == lines else "".join(shown).encode()


def _covered(line: str, without_text: Iterable[str]) -> str:
    row = cells(line)
    if len(row) < len(COLUMNS):
        return without_numbers(line)
    voucher, account, text = row[1], row[3], row[6]
    silent = any(fits(pattern, account) for pattern in without_text)
    shown = [*row]
    shown[1], shown[6] = without_personal_numbers(voucher), "" if silent else without_numbers(text)
    return line if shown == row else ";".join(map(cell, shown)) + line[len(line.rstrip("\r\n")) :]


# ── allocation.yaml ──────────────────────────────────────────────────────────────────────────


class _Allocation(Record, frozen=True, kw_only=True):
    """All of allocation.yaml."""

    rules: tuple[Rule, ...]


def read_allocation(text: str, file: str, problems: list[Problem]) -> tuple[Rule, ...]:
    """The rules in their order: the first that matches a posting places it. A wrong one is left out."""
    allocation = model.read(_Allocation, text, file, problems)
    sound = []
    for rule in allocation.rules if allocation else ():
        wrong = list(_rule_problems(rule))
        problems.extend(wrong)
        if not rule.at.unread and not has_errors(wrong):
            sound.append(rule)
    return tuple(sound)


# The keys that say where a rule's postings go, of which it has one.
_TARGETS = ("line", "split", "grant_income", "other_income", "not_eligible", "taken_back")


def _rule_problems(rule: Rule) -> Iterator[Problem]:
    def is_given(*keys: str) -> bool:
        """Whether one of them is there, also where what it says is wrong: that is told, and nothing else of it."""
        return any(getattr(rule, key) or key in rule.at.unread for key in keys)

    count = sum(map(is_given, _TARGETS))
    if count != 1:
        yield problem("rule-target", rule.at.span, count=count, example="projektleder")
    parts = rule.split.values()
    if rule.split and "split" not in rule.at.unread and (any(part < 0 for part in parts) or not any(parts)):
        yield problem("rule-split", rule.at.of("split"), example="{projektleder: 60, evaluering: 40}")
    partly = [key for key in ("eligible", "eligible_amount") if getattr(rule, key) is not None]
    below_zero = rule.eligible_amount is not None and rule.eligible_amount < NOTHING
    if partly and (len(partly) > 1 or below_zero or not is_given("line", "split")):
        yield problem("rule-eligible", rule.at.of(partly[-1]), example="eligible_amount: 9.900 kr.")
    if rule.rows and not is_given("file"):
        yield problem("rule-rows", rule.at.of("rows"), example=_FILE)
    for key in ("performed", "allowed"):
        if getattr(rule, key) is not None and not is_given("line", "split"):
            yield problem("rule-cost", rule.at.of(key), key=key)
    if (rule.not_eligible or rule.taken_back or partly) and not is_given("reason"):
        yield problem("rule-reason", rule.at.span)

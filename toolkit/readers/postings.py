"""postings/*.csv and allocation.yaml: what was paid, as an import wrote it, and the rules that place it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO

from toolkit.core.money import Money
from toolkit.core.postings import Posting, Rule
from toolkit.core.problems import Problem, Span, problem
from toolkit.core.records import Record
from toolkit.readers import model

COLUMNS = ("posted", "voucher", "line", "account", "cost_centre", "wbs_element", "text", "amount")

_NAME = re.compile(r"(?:.*/)?([0-9]{4}-[0-9]{2}-[0-9]{2})-[a-z0-9]+(?:-[a-z0-9]+)*-[0-9a-f]{8}\.csv")
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,14}),[0-9]{2}")
_EXAMPLES = {"posted": "2022-03-15", "line": "1", "amount": "-1250,00"}


def read_postings(content: str, file: str, problems: list[Problem]) -> tuple[Posting, ...]:
    """One import, whose day its name gives. All bad lines are reported, and the good ones given.

    Written by the tool and strict for that: one way to write a day and an amount, so that a file that an editor or a
    spreadsheet has saved anew is noticed.
    """
    imported = _import_day(file)
    if imported is None:
        example = "postings/2022-04-01-opus-0a1b2c3d.csv"
        problems.append(problem("posting-file-name", Span(file, 1, 1), file=file, example=example))
        return ()
    reading = _Reading(StringIO(content, newline=""), file)
    rows = csv.reader(reading, delimiter=";", strict=True)
    found: list[Posting] = []
    days: dict[str, date] = {}
    try:
        if tuple(next(rows, ())) != COLUMNS:
            problems.append(problem("posting-header", reading.span(), example=";".join(COLUMNS)))
            return ()
        for row in rows:
            try:
                posted, voucher, line, account, cost_centre, wbs_element, text, amount = row
                day = days.get(posted) or days.setdefault(posted, _day(posted))
            except ValueError:
                problems.extend(_wrong(row, reading))
                continue
            if not _AMOUNT.fullmatch(amount) or (line and not line.isdecimal()):
                problems.extend(_wrong(row, reading))
                continue
            oere = Money(int(amount[:-3] + amount[-2:]))
            found.append(
                Posting(day, voucher, account, cost_centre, wbs_element, text, oere, imported, file, reading.number)
            )
    except csv.Error:
        problems.append(problem("posting-quotes", reading.span()))
    return tuple(found)


def _import_day(file: str) -> date | None:
    try:
        return _day(match[1]) if (match := _NAME.fullmatch(file)) else None
    except ValueError:
        return None


def _day(text: str) -> date:
    if len(text) != 10:  # fromisoformat also reads 20220315
        raise ValueError(text)
    return date.fromisoformat(text)


class _Reading:
    """The lines as they pass by, remembering the last one, to show it when it is wrong."""

    def __init__(self, lines: Iterable[str], file: str) -> None:
        self._lines = iter(lines)
        self._file = file
        self.last = ""
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = next(self._lines)
        self.number += 1
        if self.last.count('"') % 2:  # a quote that is still open would swallow every line down to the next one
            raise csv.Error
        return self.last

    def span(self, column: int = 1, length: int | None = None) -> Span:
        text = self.last.rstrip("\r\n")
        return Span(self._file, max(1, self.number), column, max(1, len(text) if length is None else length), text)


def _wrong(row: list[str], reading: _Reading) -> Iterator[Problem]:
    """Everything that is wrong with a row: the slow way, and seldom gone."""
    if len(row) != len(COLUMNS):
        yield problem("posting-columns", reading.span(), count=len(row), wanted=len(COLUMNS))
        return
    for index, (column, text) in enumerate(zip(COLUMNS, row, strict=True)):
        if not _fits(column, text):
            at = reading.span(_start(reading.last, index), len(text))
            yield problem("posting-value", at, text=text or '""', column=column, example=_EXAMPLES[column])


def _fits(column: str, text: str) -> bool:
    if column == "posted":
        try:
            return bool(_day(text))
        except ValueError:
            return False
    if column == "line":
        return not text or text.isdecimal()
    return column != "amount" or _AMOUNT.fullmatch(text) is not None


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


# ── allocation.yaml ──────────────────────────────────────────────────────────────────────────


class _Allocation(Record, frozen=True, kw_only=True):
    """All of allocation.yaml."""

    rules: tuple[Rule, ...]


def read_allocation(text: str, file: str, problems: list[Problem]) -> tuple[Rule, ...]:
    """The rules in their order: the first that matches a posting places it."""
    allocation = model.read(_Allocation, text, file, problems)
    rules = allocation.rules if allocation else ()
    for rule in rules:
        problems.extend(_rule_problems(rule))
    return rules


def _rule_problems(rule: Rule) -> Iterator[Problem]:
    targets = [rule.line, rule.split, rule.grant_income, rule.other_income, rule.not_eligible]
    if (count := sum(map(bool, targets))) != 1:
        yield problem("rule-target", rule.at.span, count=count, example="projektleder")
    parts = rule.split.values()
    if rule.split and (any(part < 0 for part in parts) or not any(parts)):
        yield problem("rule-split", rule.at.of("split"), example="{projektleder: 60, evaluering: 40}")
    limited = rule.not_eligible or rule.eligible is not None or rule.eligible_amount is not None
    if limited and not rule.reason:
        yield problem("rule-reason", rule.at.span)

"""Rules that name a file of postings, or rows of it, and fit nothing there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from toolkit.core.dossier import Dossier
from toolkit.core.postings import Posting, Rule
from toolkit.core.problems import N_, Phrase, Problem, declare, phrase, problem
from toolkit.core.records import Rows
from toolkit.core.rows import ranges, span
from toolkit.core.state import State

declare(
    "rule-fits-nothing",
    "warning",
    N_("The rule fits no line of {file}{rows}, so it places nothing there."),
    N_("{instead}, or delete the rule"),
)
_NAMED = 5  # rows, or ranges of them, in one sentence

_IN_ROWS = N_(" in rows {rows}")
_OTHER_ROWS = N_("correct rows: (but for them it fits {rows})")
_NO_ROWS = N_("correct what it looks at")


class _Lines(Struct, frozen=True):
    """A file's lines as they stand, and those of each voucher."""

    all: list[Posting]
    of_voucher: defaultdict[str, list[Posting]]

    def fitting(self, rule: Rule) -> Iterator[Posting]:
        """Those that the rule fits, whatever its rows."""
        anywhere = structs.replace(rule, rows=())
        yield from filter(anywhere.matches, self._possible(rule))

    def any_in(self, rule: Rule, rows: Rows) -> bool:
        """Whether the rule fits one of some rows."""
        first, last = span(rows)
        possible = self._possible(rule)
        begin, end = bisect_left(possible, first, key=_row), bisect_right(possible, last, key=_row)
        return any(rule.matches(posting) for posting in possible[begin:end])

    def _possible(self, rule: Rule) -> Sequence[Posting]:
        is_one = rule.voucher is not None and "*" not in rule.voucher
        return self.of_voucher.get(rule.voucher or "", []) if is_one else self.all


def rules_fit_what_they_name(dossier: Dossier, latest: State) -> Iterator[Problem]:
    """A rule for one file fits something there, each of its rows too: an import's file never gets more lines."""
    named = [
        (rule, file.file)
        for file in dossier.posting_files
        for rule in dossier.postings.rules
        if _is_of(rule, file.file)
    ]
    files = _lines_of(dossier, {file for _rule, file in named})
    for rule, file in named:
        lines = files[file]
        missed = [rows for rows in rule.rows if not lines.any_in(rule, rows)]
        if missed:
            others = _some(ranges(posting.row for posting in lines.fitting(rule)))
            words = {
                "rows": phrase(_IN_ROWS, rows=_some(missed)),
                "instead": phrase(_OTHER_ROWS, rows=others) if others else Phrase(_NO_ROWS),
            }
            yield problem("rule-fits-nothing", rule.at.of("rows"), file=file, **words)
        elif not rule.rows and not any(lines.fitting(rule)):
            words = {"rows": Phrase(""), "instead": Phrase(_NO_ROWS)}
            yield problem("rule-fits-nothing", rule.at.of("file"), file=file, **words)


RULES = (rules_fit_what_they_name,)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _is_of(rule: Rule, file: str) -> bool:
    """Whether the rule names this very file, with its folder or without; * may stand for more files to come."""
    return rule.file in (file, file.rpartition("/")[2])


def _lines_of(dossier: Dossier, files: set[str]) -> dict[str, _Lines]:
    lines = {file: _Lines([], defaultdict(list)) for file in files}
    for posting in dossier.postings.rows if files else ():
        if its := lines.get(posting.file):
            its.all.append(posting)
            its.of_voucher[posting.voucher].append(posting)
    return lines


def _some(rows: Sequence[Rows]) -> str:
    """The first of them, and a mark where there are more."""
    return ", ".join(rows[:_NAMED]) + (" …" if len(rows) > _NAMED else "")


def _row(posting: Posting) -> int:
    return posting.row

"""Known lines whose day of performance an export says otherwise: they stay as they are until a rule says when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from toolkit.core.doubles import vouchers
from toolkit.core.performed import Said, otherwise
from toolkit.core.plan import Plan
from toolkit.core.problems import N_, Problem, Span, declare, problem
from toolkit.core.rows import PostingRow
from toolkit.intake.answered import Answered
from toolkit.intake.known_lines import KnownLine, KnownLines
from toolkit.intake.result import Import

declare(
    "import-performed-differs",
    "warning",
    N_(
        "By the export voucher {vouchers} would count in another year, or on the other side of where a period begins "
        "or ends, than the lines that are here do: the first on {day}. They stay as they are (lines: {count}, of "
        "{total} that differ)."
    ),
    N_(
        "if the export is right, write at the top of rules: in allocation.yaml: - {rules}; if it is not, pulje check "
        "says what to write in the log"
    ),
)


def otherwise_performed(
    known: Mapping[str, Sequence[str]],
    before: KnownLines,
    answered: Answered,
    plan: Plan,
    result: Import,
    whole: Span,
) -> Iterator[Problem]:
    """Costs that the export has on another day than they count on, until a rule or the log says which is right.

    What it says otherwise than the log has it is for the log, also where it says again what was known first.
    """
    said = answered.days
    days = {each.place: (each, day) for each, day in _days_in_export(known, before, answered)}
    new = {row: day for row, (_each, day) in days.items() if day != said.answered.get(row)}
    anew = [(days[row][0].performed_posting, day) for row, day in new.items()]
    found = otherwise(anew, answered.placing, plan)
    told = {(posting.file, posting.row) for posting in found.postings}
    result.performed |= {
        row: day for row, day in new.items() if (row in told or row in said.open) and day != _last_said(said, row)
    }
    if found.moved:
        yield problem(
            "import-performed-differs",
            whole,
            vouchers=vouchers(posting for posting, _day in found.moved),
            day=found.moved[0][1],
            count=len(found.moved),
            total=len(told),
            rules=found.rules,
        )


def _last_said(said: Said, row: PostingRow) -> date | None:
    return said.open[row][0] if row in said.open else None


def _days_in_export(
    known: Mapping[str, Sequence[str]], before: KnownLines, answered: Answered
) -> Iterator[tuple[KnownLine, date]]:
    """Known lines with the day that the export has for them; one that it has without a day is of when it was posted.

    Of lines that are alike each has the day that the log has for it, else that of its rule, else its own, if any of the
    export's is that.
    """
    rows: defaultdict[str, list[KnownLine]] = defaultdict(list)
    for file in before.files if known else ():
        for each in before.lines(file):
            if each.line in known:
                rows[each.line].append(each)
    for line, days in known.items():
        left = Counter(day or line[:10] for day in days)
        rest = sorted(rows[line], key=lambda each: not each.performed)
        for day_of in (answered.day_in_the_log, answered.day_by_rule, lambda each: each.performed or each.line[:10]):
            unmatched = []
            for each in rest:
                day = day_of(each)
                if day and left[day]:
                    left[day] -= 1
                    yield each, date.fromisoformat(day)
                else:
                    unmatched.append(each)
            rest = unmatched
        yield from ((each, date.fromisoformat(day)) for each, day in zip(rest, left.elements(), strict=False))

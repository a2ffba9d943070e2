"""How a state, its problems and what was made look on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import TypeVar

import click
from msgspec import Struct

from toolkit.cli import sentences
from toolkit.core.budget_table import TableRow, budget_table
from toolkit.core.cases import Case
from toolkit.core.conditions import ConditionState, conditions_of
from toolkit.core.costs import Apart
from toolkit.core.days_off import day_off
from toolkit.core.deadlines import Due, DueKind, due, meetings_without_day, recipient, without_day
from toolkit.core.doubts import Doubtful
from toolkit.core.economy import economy_of
from toolkit.core.milestones import MilestoneState
from toolkit.core.money import NOTHING, Money, kroner, percentage
from toolkit.core.plan import Attainment, Precision
from toolkit.core.problems import N_, Problem, Severity, Span, has_errors
from toolkit.core.reach import Months
from toolkit.core.spending import spent_figure
from toolkit.core.state import BudgetState, GrantState, LineState, PhaseState, State
from toolkit.core.status import GrantStatus, grant_of, to_carry_over
from toolkit.core.words import ATTAINMENT, DAYS_OFF, DUE, FULFILMENT, PROGRESS, ROLES, Row
from toolkit.documents import guard
from toolkit.documents.danish import capitalised, uncapitalised
from toolkit.language import _, ngettext, spoken

K = TypeVar("K", bound=str)

WIDTH = 80
_BAR = 20
_AHEAD = 6  # how many deadlines to show
_LATE = 3  # how many of them may be late, while there are others

_SEVERITY_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "cyan"}

# ── problems ─────────────────────────────────────────────────────────────────────────────────


def problem(found: Problem, folder: str = "") -> str:
    """A problem as the user sees it: where, the line itself, what is wrong, and what to do about it.

    `folder` is the project's folder as the user typed it, so that the place can be clicked or copied.
    """
    at = found.at
    place = file_of(at, folder)
    head = "" if place in ("", ".") else f"{place}:{at.line}:{at.column}: " if at.line else f"{place}: "
    severity = click.style(f"({_severity(found.severity)})", fg=_SEVERITY_COLOURS[found.severity])
    lines = [f"{head}{found.code} {severity}"]
    if at.text:
        lines += _excerpt(at.text, at.line, at.column, at.length)
    lines.append(sentence(found))
    if found.says.hint:
        lines.append(click.style(_("try:"), bold=True) + " " + sentences.hint(found))
    return guard.masked("\n".join(lines))


def sentence(found: Problem) -> str:
    """What is wrong, without its place and what to do about it."""
    return guard.masked(sentences.message(found))


def plain(found: Problem) -> str:
    """The same without colours, for where click is not asked."""
    return click.unstyle(problem(found))


def file_of(at: Span, folder: str) -> str:
    """The file as the user would type it, where `folder` is the project's."""
    return str(Path(folder, at.file)) if folder and at.root == "project" else at.file


def problem_count(problems: Sequence[Problem]) -> str:
    """1 error, 2 warnings, 3 notes: only what there is."""
    errors, warnings, notes = (
        sum(found.severity == severity for found in problems) for severity in ("error", "warning", "note")
    )
    return counted(errors, warnings, notes)


def counted(errors: int, warnings: int, notes: int) -> str:
    """The same of problems that somebody else has counted."""
    counts = [
        (errors, ngettext("{n} error", "{n} errors", errors)),
        (warnings, ngettext("{n} warning", "{n} warnings", warnings)),
        (notes, ngettext("{n} note", "{n} notes", notes)),
    ]
    return ", ".join(words.format(n=count) for count, words in counts if count) or _("no problems")


def _severity(severity: Severity) -> str:
    return _({"error": N_("error"), "warning": N_("warning"), "note": N_("note")}[severity])


def _excerpt(text: str, line: int, column: int, length: int) -> Iterator[str]:
    """The line, cut to the screen around what is wrong, and a mark below it."""
    number = f"{line or '':>5} | "  # a place in a Word file has no line, but its words
    room = WIDTH - len(number)
    start = max(0, column - 1 - room // 2) if len(text) > room else 0
    shown = text[start : start + room].replace("\t", " ")
    yield number + shown
    marks = max(1, min(length, len(shown) - (column - 1 - start)))
    yield " " * (len(number) - 2) + "| " + " " * (column - 1 - start) + click.style("^" * marks, fg="red")


# ── a state ──────────────────────────────────────────────────────────────────────────────────


def status(state: State, cases: Iterable[Case], problems: Sequence[Problem], doubted: Doubtful | None = None) -> str:
    """Phases, milestones, money, and what comes next, on 80 columns."""
    plan = state.plan
    parts = [
        [click.style(f"{plan.title} · {plan.municipality}", bold=True), as_of_line(state), *reserve(problems)],
        _phases(state),
        _milestones(state.milestones, state.asked_until),
        _money(state, doubted),
        _vacant(state),
        _conditions(conditions_of(state)),
        _ahead(state, tuple(cases)),
        [_("Problems: {count}").format(count=problem_count(problems))],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def as_of_line(state: State) -> str:
    """Which day is shown, and what was known."""
    return _("As of {day}, as known on {known}").format(day=day(state.as_of), known=day(state.known_by))


def reserve(problems: Iterable[Problem]) -> list[str]:
    """That figures from files with errors may be wrong: what cannot be read is in none of them."""
    if not has_errors(problems):
        return []
    return [click.style(_("There are errors in the files: what they are about may lack in the figures."), fg="yellow")]


def _phases(state: State) -> list[str]:
    lines = []
    for each in state.phases:
        phase = each.phase
        of = phase.precision
        when = f"{day(phase.starts, of)} – {day(phase.ends, of)}" if phase.starts and phase.ends else _("ongoing")
        lines.append(f"  {fit(phase.title, 34)}  {when:<23}  {_phase_progress(each)}")
    return [heading(_("Phases")), *lines] if lines else []


def _phase_progress(each: PhaseState) -> str:
    if each.lapsed or each.status == "upcoming":
        return wording(PROGRESS, each.standing)
    if each.status == "finished":
        return click.style(wording(PROGRESS, each.status), fg="green")
    if each.done is None:
        return wording(PROGRESS, each.status)
    filled = int(each.done * 10)
    return click.style("#" * filled + "." * (10 - filled), fg="blue") + f" {percentage(each.done)} %"


def _milestones(milestones: Sequence[MilestoneState], as_of: date) -> list[str]:
    if not milestones:
        return []
    return [
        heading(_("Milestones")),
        *(line for each in sorted(milestones, key=lambda each: each.promised) for line in _milestone(each, as_of)),
    ]


def _milestone(each: MilestoneState, as_of: date) -> Iterator[str]:
    """The day that was promised, and below it the one that is expected where that is another."""
    title, word = fit(each.milestone.title, 39), _milestone_word(each, as_of)
    yield f"  {_milestone_mark(each)}  {day(each.promised)}  {title}  {word}".rstrip()
    if each.is_open and each.due != each.promised:
        yield f"{'':<15}  " + _("expected {day}").format(day=day(each.due))


def _milestone_mark(each: MilestoneState) -> str:
    mark, colour = _MARKS[each.status]
    return click.style(mark, fg=colour, bold=each.status == "late")


_MARKS: Mapping[Attainment, tuple[str, str | None]] = {
    "reached": ("+", "green"),
    "late": ("!", "red"),
    "dropped": ("x", None),
    "lapsed": ("x", None),
    "upcoming": (" ", None),
}


def _milestone_word(each: MilestoneState, as_of: date) -> str:
    match each.status:
        case "reached":
            return f"{wording(ATTAINMENT, each.status)} {day(each.reached or each.due)}"
        case "late":
            days = each.days_late(as_of)
            words = ngettext("{n} day late", "{n} days late", days).format(n=days)
            return click.style(words, fg="red")
        case "dropped" | "lapsed":
            return wording(ATTAINMENT, each.status)
        case "upcoming":
            return ""


def _money(state: State, doubted: Doubtful | None) -> list[str]:
    budget = _budget(state, state.budget, doubted) if state.budget else []
    return [*(_grant(state.grant, state) if state.grant else []), *budget]


def _grant(grant: GrantState, state: State) -> list[str]:
    is_applied = grant.applied_on <= state.as_of if grant.applied_on else grant.status != "planned"
    asked = _("applied {amount}") if is_applied else _("to be applied for: {amount}")
    told = [] if grant.applied is None else [asked.format(amount=kroner(grant.applied))]
    if grant.awarded is not None:
        told.append(_("granted {amount}").format(amount=kroner(grant.awarded)))
    told.append(_("received {amount}").format(amount=kroner(grant.received)))
    lines = [heading(_("Grant (kr.)")), "  " + " · ".join(told)]
    if grant.by_files and grant.awarded is not None:
        first = "" if grant.first_awarded is None else f"{kroner(grant.first_awarded)} "
        lines.append("  " + first + _("according to project.yaml; no answer is logged"))
    return [*lines, *(f"  {words}" for words in ending(grant_of(grant, economy_of(state))))]


def ending(grant: GrantStatus) -> Iterator[str]:
    """That a grant was refused or closed, and who owes whom then."""
    owed = []
    if grant.owed is not None:
        owed.append(_("to repay {amount}").format(amount=kroner(grant.owed)))
    if grant.to_receive:
        owed.append(_("to receive {amount}").format(amount=kroner(grant.to_receive)))
    if grant.unsettled:
        owed.append(_("not settled for good; see pulje budget"))
    if grant.closed and grant.awarded is not None and not owed:
        owed.append(_("settled: nothing is owed"))
    if grant.refused:
        yield " · ".join([_("refused {day}").format(day=day(grant.refused)), *owed])
        owed = []
    if grant.closed:
        yield " · ".join([_("closed {day}").format(day=day(grant.closed)), *owed])


def _budget(state: State, budget: BudgetState, doubted: Doubtful | None) -> list[str]:
    head = heading(_("Budget {version} (kr.)").format(version=budget.budget.id))
    is_known = not state.knows_nothing
    used = budget_table(state, budget).total.used if is_known else None
    return [
        "",
        head + (f"  {bar(used)}" if used is not None else ""),
        *money_table((_("Budget"), _("Spent"), _("Committed"), _("Remaining")), list(budget_rows(state, budget))),
        *beside(state, budget, doubted),
    ]


def budget_rows(
    state: State, budget: BudgetState, tail: Callable[[Fraction | None], str] = lambda used: ""
) -> Iterator[MoneyRow]:
    """The budget's table as it adds up: the lines, what no rule places, and the sum. Unknown spending is no figure."""
    table, is_known = budget_table(state, budget), not state.knows_nothing

    def row(title: str, each: TableRow) -> MoneyRow:
        spent, remaining = spent_figure(each.spent, known=is_known), each.remaining if is_known else None
        return MoneyRow(title, (each.budget, spent, each.committed, remaining), tail(each.used if is_known else None))

    for each in table.lines:
        if each.line:
            yield row(line_title(each.line), each)
    if table.unallocated:
        yield row(_("Not on any budget line"), table.unallocated)
    yield row(_("Total"), table.total)


def line_title(line: LineState) -> str:
    """A line's title, and whether the budget in force has it."""
    return _("{line} (not in the budget)").format(line=line.line.title) if line.gone else line.line.title


def beside(state: State, budget: BudgetState, doubted: Doubtful | None = None) -> list[str]:
    """What was paid and counts in no line, where anything does, what is doubted, and how far the books are known."""
    waits: dict[Apart, str] = {
        "before-period": _("Before the grant's period, waits for an answer: {amount} kr. (postings: {count})"),
        "after-period": _("After the grant's period, waits for an answer: {amount} kr. (postings: {count})"),
        "dropped-line": _("On lines that the budget lacks, waits for an answer: {amount} kr. (postings: {count})"),
    }
    lines = [
        "  " + waits[each].format(amount=kroner(budget.waiting(each)), count=budget.count_waiting(each))
        for each in budget.waits
    ]
    told = (
        (_("Not eligible, paid outside the grant: {amount} kr."), budget.not_eligible),
        (_("Taken back in the books: {amount} kr."), budget.taken_back),
    )
    lines += ["  " + words.format(amount=kroner(amount)) for words, amount in told if amount != NOTHING]
    if doubted:
        words = _("Gone from the books, or there twice: costs {costs} kr., income {income} kr.; see pulje check")
        lines.append("  " + words.format(costs=kroner(doubted.costs), income=kroner(doubted.income)))
    gaps = months(state.reach.gaps_until(state.as_of))
    if gaps:
        lines += indented(_("No import covers {months}: what was spent then is not known.").format(months=gaps))
    return [*lines, *(f"  {words}" for words in [known_until(state)] if words)]


def known_until(state: State) -> str:
    """How far the books are known, where that is not as far as the day that is shown."""
    until = state.reach.until
    if state.reach.is_of_nothing:
        return ""
    if until is None:
        return _("Nothing has been imported: what was spent is not known.")
    if not state.is_short:
        return ""
    return _("What was spent is known until {day}.").format(day=day(until))


class MoneyRow(Struct):
    """A row of a table of money; None is an amount that nobody has said, and `tail` what stands after the amounts."""

    title: str
    amounts: tuple[Money | None, ...]
    tail: str = ""


def money_table(names: Sequence[str], rows: Sequence[MoneyRow]) -> list[str]:
    """The names over their columns, and the rows, the last of them as a sum; a name more than amounts is the tail's."""
    columns = [amount_column([row.amounts[i] for row in rows]) for i in range(len(rows[0].amounts))]
    widths = [max(len(name), *map(len, column)) for name, column in zip(names, columns, strict=False)]
    tail_name = names[len(columns)] if len(names) > len(columns) else ""
    tail = max(len(tail_name), *(len(row.tail) for row in rows))
    room = WIDTH - 2 - sum(width + 2 for width in widths) - (tail + 2 if tail else 0)
    head = "  " + " " * room + "".join(f"  {name:>{width}}" for name, width in zip(names, widths, strict=False))
    lines = [
        head + (f"  {tail_name}" if tail_name else ""),
        *(_money_row(row, cells, room, widths) for row, cells in zip(rows, zip(*columns, strict=True), strict=True)),
    ]
    lines[-1] = click.style(lines[-1], bold=True)
    return lines


def _money_row(row: MoneyRow, cells: Sequence[str], room: int, widths: Sequence[int]) -> str:
    written = (
        click.style(f"{cell:>{width}}", fg="red" if amount is not None and amount < NOTHING else None)
        for amount, cell, width in zip(row.amounts, cells, widths, strict=True)
    )
    return f"  {fit(row.title, room)}  " + "  ".join(written) + (f"  {row.tail}" if row.tail else "")


def amount_column(amounts: Sequence[Money | None]) -> list[str]:
    """A column of amounts with the kroner below each other: room is left for øre where any of them has some."""
    written = ["–" if amount is None else kroner(amount) for amount in amounts]
    has_oere = any("," in cell for cell in written)
    return [cell if "," in cell or not has_oere else f"{cell}   " for cell in written]


def bar(part: Fraction) -> str:
    """A share as a bar and a figure."""
    filled = max(0, min(_BAR, int(part * _BAR)))
    return "#" * filled + "." * (_BAR - filled) + " " + _("{n} % used").format(n=percentage(part))


def _ahead(state: State, cases: Sequence[Case]) -> list[str]:
    """What is late, though never so much of it that nothing is seen of what comes, and then what comes."""
    ahead = due(state, cases)
    late, coming = [each for each in ahead if each.late], [each for each in ahead if not each.late]
    shown = late[: max(_LATE, _AHEAD - len(coming))]
    lines = [line for each in shown for line in _coming(each)]
    if more := len(late) - len(shown):
        lines.append(f"  {'':<10}  " + ngettext("… and {n} more late", "… and {n} more late", more).format(n=more))
    room = _AHEAD - len(shown)
    lines += (line for each in coming[:room] for line in _coming(each))
    if more := len(coming[room:]):
        lines.append(f"  {'':<10}  " + ngettext("… and {n} more", "… and {n} more", more).format(n=more))
    lines += (f"  {'':<10}  {words}" for words in (*_without_day(state, cases), *_to_ask_for(state)))
    return [heading(_("What is due")), *lines] if lines else []


def _coming(each: Due) -> Iterator[str]:
    """What is due on its day, and that nobody works then: beside it where there is room, else below."""
    what, off, late = _due(each), day_off_words(each.day), f" ({_('late')})" if each.late else ""
    room = WIDTH - 14 - len(late)
    beside = f" ({off})" if off and len(what) + len(off) + 3 <= room else ""
    told = fit(what, room - len(beside) if beside or late else 58) + beside
    yield f"  {day(each.day)}  {told}{click.style(late, fg='red') if late else ''}".rstrip()
    if off and not beside:
        yield f"  {'':<10}  {off}"


def _vacant(state: State) -> list[str]:
    """The roles that nobody has, and since when."""
    lines = [
        "  " + _("{role}: nobody since {day}").format(role=capitalised(wording(ROLES, each.role)), day=day(each.since))
        for each in state.vacancies
    ]
    return [heading(_("Roles without anybody")), *lines] if lines else []


def _conditions(conditions: Sequence[ConditionState]) -> list[str]:
    """How many of the award letter's conditions are met, and those that are not."""
    if not conditions:
        return []
    met = sum(each.status == "met" for each in conditions)
    lines = [
        "  " + fit(each.condition.text, 46) + "  " + (click.style(words, fg="red") if each.is_late else words)
        for each in conditions
        if each.status != "met"
        for words in [wording(FULFILMENT, each.status)]
    ]
    head = _("The award letter's conditions: {met} of {all} met").format(met=met, all=len(conditions))
    return [heading(head), *lines]


def _to_ask_for(state: State) -> Iterator[str]:
    words = _("Carry-over from {year} is to be asked for: {amount} kr.")
    return (words.format(year=each.year, amount=kroner(each.left)) for each in to_carry_over(state, economy_of(state)))


def _without_day(state: State, cases: Iterable[Case]) -> Iterator[str]:
    """The meetings that are to be held and the reports that are to be sent, and nobody has said when."""
    for case, step in meetings_without_day(state, cases):
        yield _undated(_due_words("meeting", f"{step.body}: {case.title}", ""), _("(no day is set)"))
    for report in without_day(state):
        name = state.plan.kinds.get(report.kind, report.kind)
        words = _due_words("report", kind_wording(report.kind, name), recipient(report, state.plan))
        yield _undated(words, _("(its day is not known)"))


def _undated(words: str, unknown: str) -> str:
    return fit(words, WIDTH - 15 - len(unknown)).rstrip() + f" {unknown}"


def _due(each: Due) -> str:
    title = kind_wording(each.title, each.name) if each.what == "report" else each.title
    return _due_words(each.what, title, each.to, each.hour)


def _due_words(what: DueKind, title: str, to: str, hour: str = "") -> str:
    told = _("To {who}").format(who=to) if to else capitalised(wording(DUE, what))
    told += " " + _("at {hour}").format(hour=hour) if hour else ""
    return f"{told}: {title}" if title else told


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def wording(table: Mapping[K, Row], id: K, **places: object) -> str:
    """What one of a closed set is called within a sentence: in Danish the word of documents, in English its own id."""
    if spoken() == "da":
        return table[id][0].format(**places)
    return " ".join([id.replace("_", "-").replace("-", " "), *(str(each) for each in places.values() if each)])


def day(value: date, known_to: Precision = "day") -> str:
    """A day as the user's language writes it: 30-06-2022 in Danish, 2022-06-30 in English; 06-2022 of a month."""
    return value.strftime({"day": _("%Y-%m-%d"), "month": _("%Y-%m"), "year": "%Y"}[known_to])


def months(spans: Iterable[Months]) -> str:
    """Months from the first to the last: 01-2022 – 03-2022, 06-2022."""
    ends = ((day(each.starts, "month"), day(each.ends, "month")) for each in spans)
    return ", ".join(" – ".join(dict.fromkeys(each)) for each in ends)


def indented(words: str, by: int = 2) -> list[str]:
    """A sentence on as many lines as it needs."""
    return wrap(words, WIDTH, initial_indent=" " * by, subsequent_indent=" " * by)


def day_off_words(value: date) -> str:
    """Why nobody works on a day: Sunday, Whit Sunday; empty on a working day."""
    names = (wording(DAYS_OFF, each) for each in day_off(value))
    return ", ".join(name if spoken() == "da" else name.title() for name in names)


def kind_wording(name: str, title: str) -> str:
    """What a kind of document is called within a sentence: in Danish as its manifest says, in English by its name."""
    return uncapitalised(title) if spoken() == "da" else name.replace("-", " ")


def heading(text: str) -> str:
    """The first line of a part of the screen."""
    return click.style(text, bold=True)


def fit(text: str, width: int) -> str:
    """The text in exactly that many columns, cut with a sign where it is too long."""
    return f"{text:<{width}}" if len(text) <= width else text[: width - 1] + "…"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows of words as columns, each as wide as its widest; a row may be shorter than the longest."""
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows), default=0))]
    padded = ((f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)) for row in rows)
    return "\n".join("  ".join(cells).rstrip() for cells in padded)

"""How an explanation looks on a terminal: a tree of 80 columns, amounts below each other, each part with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from textwrap import wrap

import click
from msgspec import Struct

from toolkit.cli.screen import WIDTH, amount_column, day, file_of, fit, heading, kind_wording, wording
from toolkit.core.explain import Explanation, What
from toolkit.core.money import Money, kroner
from toolkit.core.occasion import Occasion
from toolkit.core.problems import N_, Span
from toolkit.core.words import EVENTS
from toolkit.documents import danish
from toolkit.documents.facts import Leaf
from toolkit.documents.kind import DocumentKind
from toolkit.language import _

_MARK = 2  # columns for the sign of what is made up
_CELL = 24  # a value that is longer stands in lines of its own
_STEP = 2

WORDS: Mapping[What, str] = {
    "written": N_("Written"),
    "written-month": N_("Written, known by month"),
    "written-year": N_("Written, known by year"),
    "unsaid": N_("Not given"),
    "promised": N_("In force now"),
    "changed": N_("Changed"),
    "event": N_("Event"),
    "corrected": N_("Corrected"),
    "latest": N_("Latest"),
    "source": N_("Source"),
    "version": N_("Budget version"),
    "worked-out": N_("Follows from this"),
    "asked": N_("What was asked for"),
    "awarded": N_("Awarded"),
    "received": N_("Received"),
    "repaid": N_("Repaid"),
    "budget": N_("Budget"),
    "spent": N_("Spent"),
    "spent-in-period": N_("Spent in the period"),
    "spent-in-year": N_("Spent in the year"),
    "committed": N_("Committed"),
    "remaining": N_("Remaining"),
    "variance": N_("Spent less budget"),
    "used": N_("Share used"),
    "unspent": N_("Unspent of the grant"),
    "unallocated": N_("On no budget line"),
    "not-eligible": N_("Not eligible"),
    "bound": N_("Spent and committed"),
    "before": N_("Spent before the period"),
    "after": N_("Spent after the period"),
    "late": N_("Came in late"),
    "before-period": N_("Before the grant's period"),
    "after-period": N_("After the grant's period"),
    "dropped-line": N_("On lines that the budget lacks"),
    "waiting": N_("Waits for an answer"),
    "booked": N_("Booked in all"),
    "other-income": N_("Other income"),
    "difference": N_("Difference"),
    "appropriation": N_("Supplementary appropriation"),
    "not-carried-over": N_("Not carried over"),
    "available": N_("Available"),
    "spent-on-lines": N_("Spent on the budget's lines"),
    "not-yet-carried-over": N_("Not carried over yet"),
    "income-left": N_("Income above what was spent"),
    "others-pay": N_("Paid by others and by the municipality"),
    "own-payment": N_("Paid by the municipality itself"),
    "used-of-grant": N_("Used of the grant"),
    "not-covered": N_("Not covered by the grant"),
    "covered": N_("Covered by the grant"),
    "balance": N_("Balance with the agency"),
    "to-repay": N_("To repay"),
    "to-receive": N_("To receive"),
    "line": N_("Budget line"),
    "budget-of-month": N_("Month"),
    "rule": N_("Rule"),
    "no-rule": N_("No rule matches"),
    "month": N_("Month"),
    "posting": N_("Posting"),
}

_NAMED_ALONE = ("line", "posting")  # whose name says what they are


def looked_at(occasion: Occasion, kind: DocumentKind | None) -> str:
    """Which day is shown, what was known, and of which document."""
    days = {"day": day(occasion.as_of), "known": day(occasion.known_by)}
    if kind is None:
        return _("As of {day}, as known on {known}").format(**days)
    document = kind_wording(kind.name, kind.title)
    return _("As of {day}, as known on {known}, for the document: {document}").format(**days, document=document)


def fact(leaf: Leaf, explained: Explanation, folder: str) -> str:
    """One fact and the tree of what it came from. `folder` is the project's as the user typed it."""
    rows = list(_rows(explained, _said(leaf.value, leaf.unit), folder))
    cells = _cells(rows)
    lines = [
        heading(leaf.path),
        "",
        *(line for row, cell in zip(rows, cells, strict=True) for line in _lines(row, cell)),
    ]
    if any(row.synthetic for row in rows):
        lines += ["", _("* constructed for the example: not the municipality's own")]
    return "\n".join(lines)


def listing(every: Sequence[Leaf]) -> str:
    """Facts with their values, group by group."""
    groups = []
    for name, its in groupby(every, key=lambda leaf: leaf.path.partition(".")[0]):
        members = list(its)
        amounts = iter(amount_column([Money(int(str(leaf.value))) for leaf in members if _is_amount(leaf)]))
        rows = [
            _listed(leaf.path, next(amounts) if _is_amount(leaf) else _said(leaf.value, leaf.unit)) for leaf in members
        ]
        groups.append("\n".join([heading(name), *rows]))
    return "\n\n".join(groups)


def _listed(path: str, value: str) -> str:
    room = WIDTH - 4 - len(path)
    return f"  {path}  " + (f"{value:>{room}}".rstrip() if len(value) <= room else fit(value, room))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


class _Row(Struct):
    """One part of the tree: its words, its amount or its value, and what stands below it."""

    indent: int
    label: str
    amount: Money | None
    value: str
    below: list[str]
    place: str
    synthetic: bool
    strong: bool


def _rows(root: Explanation, value: str, folder: str) -> Iterator[_Row]:
    """The tree from its root, which has the value that the document says."""
    yield _row(root, 0, "", "", folder, "" if root.amount is not None else value)
    yield from _below(root, _STEP, folder)


def _below(part: Explanation, indent: int, folder: str) -> Iterator[_Row]:
    plus, minus = ("+ ", "– ") if part.minus else ("", "")
    for sign, parts in ((plus, part.plus), (minus, part.minus), ("", part.because)):
        for each in parts:
            yield _row(each, indent, sign, part.name, folder, _own_value(each))
            yield from _below(each, indent + _STEP, folder)


def _own_value(each: Explanation) -> str:
    """A part's value; what has none, and is not the very answer that nobody gave one, shows nothing."""
    if each.value is None and each.what != "unsaid":
        return ""
    return _said(each.value, "Share" if each.what == "used" else "")


def _row(each: Explanation, indent: int, sign: str, around: str, folder: str, value: str) -> _Row:
    below = [_("Posted on {day}").format(day=day(each.posted))] if each.posted else []
    below += [each.reason] if each.reason else []
    if each.source and each.what != "source":
        below.append(_("Source: {title}").format(title=each.source))
    if len(value) > _CELL:
        below, value = [value, *below], ""
    return _Row(
        indent=indent,
        label=sign + _label(each, around),
        amount=each.amount,
        value=value,
        below=below,
        place=_place(each.at, folder),
        synthetic=each.synthetic,
        strong=indent == 0,
    )


def _label(each: Explanation, around: str) -> str:
    """What a part is; a name that stands above it already is not said again."""
    word, name = _(WORDS[each.what]), "" if each.name == around else each.name
    part = _("(of {amount})").format(amount=kroner(each.whole)) if each.whole is not None else ""
    match each.what:
        case "posting":
            return "  ".join(filter(None, (_day(each.day), each.voucher, name, part)))
        case "month" | "budget-of-month" if each.day:
            return day(each.day, "month")
        case "source":
            return each.source or word
        case _ if each.kind:
            word = wording(EVENTS, each.kind)
        case _ if name and each.what in _NAMED_ALONE:
            word, name = name, ""
    return "  ".join(filter(None, (_day(each.day), f"{word}: {name}" if name else word, part)))


def _day(value: date | None) -> str:
    return day(value) if value else ""


def _place(at: Span | None, folder: str) -> str:
    """file:line as the user would type it, to be clicked or copied; a template's is no project's."""
    if at is None:
        return ""
    file = file_of(at, folder)
    return f"{file}:{at.line}" if at.line else file


# ── lines ────────────────────────────────────────────────────────────────────────────────────


def _cells(rows: Sequence[_Row]) -> list[str]:
    """The right-hand column: amounts with the kroner below each other, and other values."""
    amounts = iter(amount_column([row.amount for row in rows if row.amount is not None]))
    return [row.value if row.amount is None else next(amounts) for row in rows]


def _lines(row: _Row, cell: str) -> Iterator[str]:
    """A row with its value at the right edge, and below it what else there is to say, last its place."""
    room = WIDTH - _MARK - row.indent - (len(cell) + 2 if cell else 0)
    first, *rest = wrap(row.label, room, subsequent_indent="  ") or [""]
    line = " " * row.indent + (f"{first:<{room}}  {cell}" if cell else first)
    line = f"{line:<{WIDTH - _MARK}} *" if row.synthetic else line.rstrip()
    yield click.style(line, bold=True) if row.strong else line
    yield from (" " * row.indent + more for more in rest)
    inner = " " * (row.indent + 2 * _STEP)
    for text in row.below:
        yield from wrap(text, WIDTH - _MARK, initial_indent=inner, subsequent_indent=inner)
    if row.place:
        yield inner + click.style(row.place, dim=True)


# ── values ───────────────────────────────────────────────────────────────────────────────────


def _is_amount(leaf: Leaf) -> bool:
    return leaf.unit == "Money" and leaf.value is not None


def _said(value: object, unit: str = "") -> str:
    """A value in the user's language; figures are written the Danish way in both."""
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case date():
            return day(value)
        case Fraction() if unit == "Share":
            return danish.pct(value).replace(danish.MINUS, "-").replace(danish.NBSP, " ")
        case int() if unit == "Money":
            return kroner(Money(value))
        case Fraction() | int():
            return danish.number(value).replace(danish.MINUS, "-")
        case tuple():
            return "; ".join(map(str, value))
        case _:
            return " ".join(str(value).split())

"""How the versions of a budget look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from toolkit.cli.screen import MoneyRow, day, heading, money_table, table, wording
from toolkit.core.budget_change import (
    LineChange,
    Version,
    VersionEvent,
    approved_between,
    changes,
    difference,
    funding_changes,
)
from toolkit.core.money import NOTHING, kroner
from toolkit.core.plan import Budget, Plan
from toolkit.core.words import EVENTS, STAGES
from toolkit.language import _


def versions(plan: Plan, found: Sequence[Version], pair: tuple[Budget, Budget] | None) -> str:
    """Each version with its sum and what the log says of it, then what differs between two of them."""
    if not found:
        return _("There is no budget yet.")
    rows = table([(each.budget.id, wording(STAGES, each.budget.stage), kroner(each.budget.amount)) for each in found])
    lines = [heading(_("Budget versions (kr.)"))]
    for each, row in zip(found, rows.splitlines(), strict=True):
        lines += [f"  {row}", *(f"    {words}" for words in _said(each.events))]
    return "\n".join([*lines, *(_change(plan, *pair, approved_between(found, *pair)) if pair else ())])


def _said(events: Iterable[VersionEvent]) -> Iterator[str]:
    """What the log says of a version, a line for each."""
    for event in events:
        by = getattr(event, "by", None)
        said = f"{wording(EVENTS, event.kind)} {day(event.happened)}"
        yield f"{said} ({by})" if by else said


def _change(plan: Plan, before: Budget, after: Budget, between: Iterable[Budget]) -> Iterator[str]:
    title = _("From {before} to {after} (kr.)").format(before=before.id, after=after.id)
    rows = [
        MoneyRow(
            _titled(change),
            (
                None if change.is_new else change.had,
                None if change.is_gone else change.gets,
                change.difference,
            ),
        )
        for change in changes(before, after, between)
        if change.difference != NOTHING or change.is_new or change.is_gone or change.carried_on
    ]
    total = MoneyRow(_("Total"), (before.amount, after.amount, difference(before, after)))
    yield from ("", heading(title))
    yield from money_table((_("Before"), _("After"), _("Difference")), [*rows, total])
    for each in funding_changes(plan, before, after):
        words = _("{payer}: {before} kr. before, {after} kr. after")
        yield "  " + words.format(payer=each.funding.title, before=kroner(each.had), after=kroner(each.gets))


def _titled(change: LineChange) -> str:
    """A line's title, and those of the lines that it carries on."""
    if not change.carried_on:
        return change.line.title
    was = (
        part.line.title if part.is_whole else _("a part of {line}").format(line=part.line.title)
        for part in change.carried_on
    )
    return _("{line} (before: {was})").format(line=change.line.title, was=", ".join(was))

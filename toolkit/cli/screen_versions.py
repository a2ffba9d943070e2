"""How the versions of a budget look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from toolkit.cli.screen import MoneyRow, day, heading, money_table, table, wording
from toolkit.core.budget_change import Version, VersionEvent, changes
from toolkit.core.money import NOTHING, kroner
from toolkit.core.plan import Budget
from toolkit.core.words import EVENTS, STAGES
from toolkit.language import _


def versions(found: Sequence[Version], pair: tuple[Budget, Budget] | None) -> str:
    """Each version with its sum and what the log says of it, then what differs between two of them."""
    if not found:
        return _("There is no budget yet.")
    rows = table([(each.budget.id, wording(STAGES, each.budget.stage), kroner(each.budget.amount)) for each in found])
    lines = [heading(_("Budget versions (kr.)"))]
    for each, row in zip(found, rows.splitlines(), strict=True):
        lines += [f"  {row}", *(f"    {words}" for words in _said(each.events))]
    return "\n".join([*lines, *(_change(*pair) if pair else ())])


def _said(events: Iterable[VersionEvent]) -> Iterator[str]:
    """What the log says of a version, a line for each."""
    for event in events:
        by = getattr(event, "by", None)
        said = f"{wording(EVENTS, event.kind)} {day(event.happened)}"
        yield f"{said} ({by})" if by else said


def _change(before: Budget, after: Budget) -> Iterator[str]:
    title = _("From {before} to {after} (kr.)").format(before=before.id, after=after.id)
    rows = [
        MoneyRow(
            change.line.title,
            (
                change.before.amount if change.before else None,
                change.after.amount if change.after else None,
                change.difference,
            ),
        )
        for change in changes(before, after)
        if change.difference != NOTHING or change.before is None or change.after is None
    ]
    total = MoneyRow(_("Total"), (before.amount, after.amount, after.amount - before.amount))
    yield from ("", heading(title))
    yield from money_table((_("Before"), _("After"), _("Difference")), [*rows, total])

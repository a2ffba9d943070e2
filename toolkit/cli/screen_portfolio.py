"""How many projects at once look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from toolkit.cli.screen import (
    MoneyRow,
    counted,
    day,
    ending,
    fit,
    heading,
    indented,
    money_table,
    months,
    table,
    wording,
)
from toolkit.core.money import NOTHING, Money, kroner, whole_kroner
from toolkit.core.portfolio import Amounts, Facet, Group, Holding, Sums, grouped, sums
from toolkit.core.records import MISSING
from toolkit.core.words import FACETS, PROGRESS
from toolkit.language import N_, _, ngettext

if TYPE_CHECKING:
    from toolkit.portfolio import Opened
    from toolkit.upkeep import SeedState, TemplateState, Upkeep

_NAME, _PHASE, _LATE, _UNSENT = 28, 16, 5, 10


def portfolio(holdings: Sequence[Holding], as_of: date, group_by: Facet | None) -> str:
    """Where the projects are, their money, and both by group if that is asked for, on 80 columns."""
    groups = grouped(holdings, group_by) if group_by else []
    count = ngettext("{n} project", "{n} projects", len(holdings)).format(n=len(holdings))
    parts = [
        [click.style(count, bold=True), _("As of {day}").format(day=day(as_of))],
        _progress(groups or [Group(name=None, holdings=tuple(holdings))], group_by),
        _money(holdings),
        _by_group(groups, group_by) if group_by else [],
        _left_out(sums(holdings), as_of),
        [_("Problems: {count}").format(count=_problems(holdings))],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


# ── where they are ───────────────────────────────────────────────────────────────────────────


def _progress(groups: Sequence[Group], group_by: Facet | None) -> list[str]:
    names = (_("Phase"), _("Late"), _("Next"), _("Not sent"))
    lines = [
        heading(f"{'':<{_NAME + 2}}  {names[0]:<{_PHASE}}  {names[1]:>{_LATE}}  {names[2]:<10}  {names[3]:>{_UNSENT}}")
    ]
    for group in groups:
        if group_by:
            lines.append(heading(group_name(group.name, group_by)))
        lines += [line for each in group.holdings for line in _holding(each)]
    return lines


def _holding(each: Holding) -> list[str]:
    if each.broken or each.status is None:
        count = counted(each.errors, each.warnings, each.notes)
        return [f"! {fit(_name(each), _NAME)}  " + click.style(_("broken: {count}").format(count=count), fg="red")]
    late, unsent = len(each.late), len(each.status.reports_not_sent)
    line = "  ".join(
        (
            f"  {fit(_name(each), _NAME)}",
            fit(_phase(each), _PHASE),
            click.style(f"{late or '–':>{_LATE}}", fg="red" if late else None),
            f"{day(each.next.day) if each.next else '–':<10}",
            click.style(f"{unsent or '–':>{_UNSENT}}", fg="yellow" if unsent else None),
        )
    )
    lines = [line]
    if each.status.grant:
        lines += (f"    {words}" for words in ending(each.status.grant))
    if each.gaps:
        lines += indented(_("no import covers {months}").format(months=months(each.gaps)), by=4)
    if each.conditions_late:
        words = ngettext(
            "{n} condition of the award letter is late",
            "{n} conditions of the award letter are late",
            each.conditions_late,
        )
        lines.append("    " + click.style(words.format(n=each.conditions_late), fg="red"))
    if each.handed_over:
        lines.append("    " + _("handed over as a status of {day}").format(day=day(each.status.as_of)))
    return lines


def _name(each: Holding) -> str:
    return f"{each.place} · {each.called}" if each.place else each.called


def _phase(each: Holding) -> str:
    if each.phase:
        return each.phase.title
    return wording(PROGRESS, each.stage) if each.stage else "–"


# ── what needs care ──────────────────────────────────────────────────────────────────────────

_TEMPLATES: dict[TemplateState | None, str] = {"same": N_("as it is now"), "another": N_("another"), None: "–"}
_SEEDS: dict[SeedState | None, str] = {
    "same": N_("as it is now"),
    "changed": N_("changed"),
    "off-the-list": N_("off the list"),
    "not-there": N_("not there"),
    "unread": N_("cannot be read"),
    None: "–",
}


def upkeep(shown: Sequence[Opened]) -> str:
    """A line for each project: how it stands to what it was made from, and what somebody has yet to do in it."""
    names = (_("Project"), _("Template"), _("Seed"), _("Conflicts"), MISSING, _("Last event"))
    rows = [(fit(_name(each.holding), _NAME), *_cared_for(each.upkeep)) for each in shown]
    found = [each.upkeep for each in shown if each.upkeep]
    behind = sum(each.needs_update for each in found)
    lines = table([names, *rows]).splitlines()
    count = ngettext("{n} project", "{n} projects", len(shown)).format(n=len(shown))
    words = ngettext("pulje update has something to bring to {n} project.",
                     "pulje update has something to bring to {n} projects.", behind)  # fmt: skip
    return "\n".join([click.style(count, bold=True), "", heading(lines[0]), *lines[1:], "", words.format(n=behind)])


def _cared_for(of: Upkeep | None) -> tuple[str, ...]:
    if of is None:
        return ("–",) * 5
    last = day(of.last_event) if of.last_event else "–"
    said = (_TEMPLATES[of.template], _SEEDS[of.seed])
    return (*(_(words) if words != "–" else words for words in said), str(of.conflicts), str(of.missing), last)


# ── their money ──────────────────────────────────────────────────────────────────────────────


def _money(holdings: Sequence[Holding]) -> list[str]:
    sound = [each for each in holdings if not each.broken]
    if not sound:
        return []
    rows = [*(MoneyRow(_name(each), _shown(each.amounts)) for each in sound)]
    total = MoneyRow(_("Total"), _shown(sums(sound).amounts))
    return [heading(_("Money (whole kr.)")), *money_table(_names(), [*rows, total])]


def _by_group(groups: Sequence[Group], group_by: Facet) -> list[str]:
    every = [(group_name(group.name, group_by), group.sums) for group in groups]
    every.append((_("Total"), sums(each for group in groups for each in group.holdings)))
    rows = [MoneyRow(name, _shown(of.amounts), f"{of.projects:>{len(_('Projects'))}}") for name, of in every]
    head = heading(_("By {facet} (whole kr.)").format(facet=wording(FACETS, group_by)))
    return [head, *money_table((*_names(), _("Projects")), rows)]


def _names() -> tuple[str, ...]:
    return _("Grant"), _("Budget"), _("Spent"), _("Remaining"), _("Forecast")


def _shown(of: Amounts) -> tuple[Money | None, ...]:
    amounts = (of.granted, of.budget, of.spent, of.remaining, of.forecast)
    return tuple(None if amount is None else whole_kroner(amount) for amount in amounts)


# ── what the totals do not hold ──────────────────────────────────────────────────────────────


def _left_out(of: Sums, as_of: date) -> list[str]:
    is_short = of.spent_known_until is not None and of.spent_known_until < as_of
    until = (
        _("Otherwise what was spent is known at least until {day}.")
        if of.with_gaps
        else _("What was spent is known at least until {day}.")
    )
    told: list[tuple[int, str, Money | None]] = [
        (
            of.broken,
            ngettext(
                "{n} project has errors: its money is in no total.",
                "{n} projects have errors: their money is in no total.",
                of.broken,
            ),
            None,
        ),
        (
            of.refused,
            ngettext(
                "{n} project was refused its grant: its money is in no total.",
                "{n} projects were refused their grant: their money is in no total.",
                of.refused,
            ),
            None,
        ),
        (
            of.unanswered,
            ngettext(
                "{n} project has no answer to what it applied for, {amount} kr.: that is in no total.",
                "{n} projects have no answer to what they applied for, {amount} kr.: that is in no total.",
                of.unanswered,
            ),
            of.applied,
        ),
        (
            of.owed != NOTHING,
            _("To be repaid of grants that were refused or closed: {amount} kr."),
            of.owed,
        ),
        (
            of.without_budget,
            ngettext(
                "{n} project with a grant has no budget: such totals are of the others.",
                "{n} projects with a grant have no budget: such totals are of the others.",
                of.without_budget,
            ),
            None,
        ),
        (
            of.without_spending,
            ngettext(
                "{n} project does not say what was spent: such totals are of the others.",
                "{n} projects do not say what was spent: such totals are of the others.",
                of.without_spending,
            ),
            None,
        ),
        (
            of.with_gaps,
            ngettext(
                "{n} project has months that no import covers: what was spent then is not known.",
                "{n} projects have months that no import covers: what was spent then is not known.",
                of.with_gaps,
            ),
            None,
        ),
        (
            is_short,
            until.replace("{day}", day(of.spent_known_until or as_of)),
            None,
        ),
        (
            of.without_until,
            ngettext(
                "{n} project does not say until when its spending is known.",
                "{n} projects do not say until when their spending is known.",
                of.without_until,
            ),
            None,
        ),
        (
            of.unplaced,
            _("{amount} kr. are on no budget line: not in what was spent, and taken off what remains."),
            of.amounts.unallocated,
        ),
        (
            of.waiting,
            ngettext(
                "{n} project has costs that wait for an answer and do not count: {amount} kr.",
                "{n} projects have costs that wait for an answer and do not count: {amount} kr.",
                of.waiting,
            ),
            of.amounts.waiting,
        ),
        (
            of.doubted,
            ngettext(
                "{n} project rests on postings that are gone or double; see pulje check.",
                "{n} projects rest on postings that are gone or double; see pulje check.",
                of.doubted,
            ),
            None,
        ),
        (
            of.without_forecast,
            ngettext(
                "{n} project gives no forecast: the total is of the others.",
                "{n} projects give no forecast: the total is of the others.",
                of.without_forecast,
            ),
            None,
        ),
    ]
    return [words.format(n=n, amount=kroner(amount or NOTHING)) for n, words, amount in told if n]


def _problems(holdings: Sequence[Holding]) -> str:
    return counted(
        sum(each.errors for each in holdings),
        sum(each.warnings for each in holdings),
        sum(each.notes for each in holdings),
    )


def group_name(name: str | None, facet: Facet) -> str:
    """What a group is called on the screen."""
    if name is None:
        return _("(not said)")
    stage = next((id for id in PROGRESS if id == name), None) if facet == "phase" else None
    return wording(PROGRESS, stage) if stage else name

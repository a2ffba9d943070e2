"""The command that reads an ERP's export into a project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from toolkit.cli import Command
from toolkit.cli import as_json as answers
from toolkit.cli.options import Day, json_option, today
from toolkit.cli.progress import byte_progress
from toolkit.cli.project_folder import UnopenedFolder, show_in
from toolkit.cli.screen import day
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.money import NOTHING, Money, kroner
from toolkit.core.problems import N_, declare, problem
from toolkit.core.proposals import Proposal
from toolkit.intake.importing import import_export
from toolkit.intake.result import Import, Said
from toolkit.language import _, ngettext
from toolkit.project import ALLOCATION, LOG
from toolkit.readers.export import Request

declare(
    "posted-outside-years",
    "error",
    N_("{day} cannot be a posting date: it lies before {first} or after {last}."),
    N_("write a day from {first}-01-01 to {last}-12-31"),
)


@click.command("import", cls=Command)
@click.argument("folder", type=UnopenedFolder())
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar=_("FILE"))
@click.option("--dialect", help=_("How the file is written, as templates/erp/ has it; otherwise its headings say."))
@click.option("--posted", type=Day(), help=_("The posting date of lines that have none of their own."))
@click.option("--starts", type=Day(), help=_("The first day of the period that was chosen in the ERP."))
@click.option("--ends", type=Day(), help=_("The last day of that period."))
@click.option("--dry-run", is_flag=True, help=_("Say what would come of it, and write nothing."))
@json_option
def import_(
    folder: Path,
    file: Path,
    dialect: str | None,
    posted: date | None,
    starts: date | None,
    ends: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read an ERP export into a project's postings.

    Only what is new is written. Lines of other projects are left out, and every krone of the file is accounted for.
    One bad line, and nothing is written.
    """
    years = Request(today()).years
    if posted and posted.year not in years:
        words = {"day": posted, "first": years.start, "last": years.stop - 1}
        raise WrongUse(problem("posted-outside-years", at("--posted"), **words))
    if starts and ends and ends < starts:
        raise WrongUse(problem("ends-before-start", at("--ends"), starts=starts, ends=ends))
    with byte_progress(file.stat().st_size, _("Reading")) as advance:
        result = import_export(
            folder,
            file,
            today(),
            dialect=dialect,
            said=Said(posted=posted, starts=starts, ends=ends),
            dry_run=dry_run,
            advance=advance,
        )
    show_in(folder, result.problems)
    if as_json:
        click.echo(answers.as_text(_as_json(result, folder)))
    elif not result.failed:
        click.echo("\n".join(_lines(result, folder, dry_run=dry_run)))
    if result.failed:
        click.echo(_("Nothing was written."), err=True)
        raise click.exceptions.Exit(1)


# ── the answer ───────────────────────────────────────────────────────────────────────────────


def _lines(result: Import, folder: Path, *, dry_run: bool) -> Iterator[str]:
    assert result.export is not None
    dialect = result.export.dialect
    text = result.export.text
    yield f"{dialect.name}: {dialect.title}" + (f" ({text.encoding})" if text else "")
    if dialect.caution:
        yield dialect.caution
    yield ""
    yield from _control_total(result)
    yield from _beside(result)
    yield ""
    if result.file is None:
        yield _("Nothing is new: nothing was written.")
    elif result.found and result.withdrawn:
        yield _("Found, from an import that was withdrawn: {file}").format(file=folder / result.file)
        if not dry_run:
            yield _("Logged: {place}").format(place=f"{folder / LOG}:{result.logged}")
    elif result.found:
        yield _("Found, where an earlier import had been stopped: {file}").format(file=folder / result.file)
        if not dry_run:
            yield _("Logged: {place}").format(place=f"{folder / LOG}:{result.logged}")
    elif dry_run:
        yield _("Would be written: {file}").format(file=folder / result.file)
    else:
        yield _("Written: {file}").format(file=folder / result.file)
        yield _("Logged: {place}").format(place=f"{folder / LOG}:{result.logged}")
    if result.proposals:
        yield ""
        yield _("No rule places these accounts. Choose a budget line and paste into {file}, under rules:").format(
            file=folder / ALLOCATION
        )
        for proposal in result.proposals:
            yield from rule_as_told(proposal)


def _control_total(result: Import) -> Iterator[str]:
    """Read = new + known + others', each with its lines and its sum to the øre."""
    rows = [
        (_("New"), result.new),
        (_("Known from earlier imports"), result.known),
        (_("Other projects'"), result.others),
        (_("Read"), result.read),
    ]
    cells = [(name, f"{count.lines:,}".replace(",", "."), _with_oere(count.amount)) for name, count in rows]
    name, lines, amount = (max(len(cell) for cell in column) for column in zip(*cells, strict=True))
    heading = (_("lines"), "kr.")
    lines, amount = max(lines, len(heading[0])), max(amount, len(heading[1]))
    yield f"  {'':<{name}}  {heading[0]:>{lines}}  {heading[1]:>{amount}}"
    for said, count, sum in cells:
        yield f"  {said:<{name}}  {count:>{lines}}  {sum:>{amount}}"


def _beside(result: Import) -> Iterator[str]:
    """The period, and what the file holds that is no posting, or is not kept."""
    sums = result.beside.sums
    if (result.starts and result.ends) or sums.lines or result.texts_left_out:
        yield ""
    if result.starts and result.ends:
        words = {"starts": day(result.starts), "ends": day(result.ends)}
        if result.period_said:
            yield _("Period: {starts} to {ends}").format(**words)
        else:
            yield _("Period: {starts} to {ends}, as its first and last line say").format(**words)
    if sums.lines:
        count = ngettext("{n} row of sums", "{n} rows of sums", sums.lines).format(n=sums.lines)
        if sums.amount == NOTHING:
            yield _("Not read as postings: {count}").format(count=count)
        else:
            yield _("Not read as postings: {count}, {amount} kr.").format(count=count, amount=_with_oere(sums.amount))
    if result.texts_left_out:
        yield ngettext(
            "Left out: the text of {n} line on an account of wages",
            "Left out: the texts of {n} lines on accounts of wages",
            result.texts_left_out,
        ).format(n=result.texts_left_out)


def _with_oere(amount: Money) -> str:
    written = kroner(amount)
    return written if "," in written else f"{written},00"


def rule_as_told(proposal: Proposal) -> Iterator[str]:
    """A comment that says what it is about, and the rule as it may be pasted into allocation.yaml."""
    each = proposal.unplaced
    where = "grant_income: true" if proposal.grant_income else f"line: {proposal.line or '…'}"
    count = ngettext("{n} posting", "{n} postings", each.count).format(n=each.count)
    reason = f", reason: {json.dumps(each.title, ensure_ascii=False)}" if each.title and not each.names_people else ""
    text = f": {each.text}" if each.text else ""
    yield f"  # {count}, {_with_oere(each.amount)} kr.{text}"
    yield f'  - {{account: "{each.account}", {where}{reason}}}'


def _as_json(result: Import, folder: Path) -> dict[str, object]:
    export = result.export
    return {
        "project": folder.resolve().name,
        "dialect": export.dialect.name if export else None,
        "encoding": export.text.encoding if export and export.text else None,
        **{
            name: {"lines": count.lines, "amount_oere": int(count.amount)}
            for name, count in (
                ("read", result.read),
                ("new", result.new),
                ("known", result.known),
                ("others", result.others),
            )
        },
        "sums": {"lines": result.beside.sums.lines, "amount_oere": int(result.beside.sums.amount)},
        "hidden": {"lines": result.beside.hidden.lines, "amount_oere": int(result.beside.hidden.amount)},
        "texts_left_out": result.texts_left_out,
        "starts": result.starts.isoformat() if result.starts else None,
        "ends": result.ends.isoformat() if result.ends else None,
        "period_said": result.period_said,
        "file": result.file,
        "proposals": [
            {
                "account": each.unplaced.account,
                "lines": each.unplaced.count,
                "amount_oere": int(each.unplaced.amount),
                "line": each.line,
                "grant_income": each.grant_income,
            }
            for each in result.proposals
        ],
        "problems": [answers.problem(found) for found in result.problems],
    }

"""The commands about what leaves the municipality: issue, verify and bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from msgspec import structs

from toolkit import __version__
from toolkit.bundle import bundle as pack_bundle
from toolkit.cli import Command
from toolkit.cli.documents import Kind, chosen, document_options, format_option
from toolkit.cli.options import today
from toolkit.cli.project_folder import ProjectFolder, busy, show, sound, stop
from toolkit.files import write_whole
from toolkit.issuing import Sending, Verified, project_files, unfit_names
from toolkit.issuing import issue as issue_document
from toolkit.issuing import verify as verify_project
from toolkit.journal import LogBusy
from toolkit.language import _, ngettext
from toolkit.project import BUILT, Project


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@click.argument("kind", type=Kind())
@document_options
@format_option
@click.option("--to", help=_("To whom it is sent; otherwise the fund's agency, or the body of the step."))
@click.option("--via", help=_("Which way it is sent: the agency's portal, Digital Post …"))
@click.option("--case-number", help=_("The number it is filed under."))
@click.option(
    "--attach",
    "attachments",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A paper that goes with it: the signed scan, the portal's receipt."),
)
def issue(
    project: Project,
    kind: str,
    case: str | None,
    step: str | None,
    change: str | None,
    decided: bool,
    layout: str | None,
    formats: Sequence[str],
    to: str | None,
    via: str | None,
    case_number: str | None,
    attachments: Sequence[Path],
    as_of: date | None,
    known_by: date | None,
) -> None:
    """Keep a document as it is sent, with its inputs and a receipt.

    It is written to a folder of its own under issued/, and the log says that it was submitted.
    """
    dossier = sound(project)
    occasion = chosen(dossier, kind, case, step, change, as_of)
    occasion = structs.replace(occasion, known_by=known_by or occasion.known_by, decided=decided)
    agency = dossier.plan.terms.agency if dossier.plan.terms else None
    receiver = (to or "").strip() or (occasion.step.body if occasion.step else agency)
    if not receiver:
        raise click.UsageError(_("Say to whom it is sent: --to."))
    names = Counter(path.name.casefold() for path in attachments)
    for path in attachments:
        if names[path.name.casefold()] > 1:  # they are kept in one folder
            raise click.UsageError(_("Two attachments are called {name}: rename one of them.").format(name=path.name))
    sending = Sending(receiver, today(), via, case_number, tuple(attachments))
    try:
        issued = issue_document(project, occasion, formats, layout, sending)
    except LogBusy:
        raise busy(project.folder) from None
    if issued.folder is None:
        stop(project, issued.problems)
    show(project, issued.problems)
    click.echo(_("Kept in {folder}, and logged as submitted.").format(folder=issued.folder))


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
def verify(project: Project) -> None:
    """Make each issued document again from its kept inputs, and compare.

    What has changed in the project's files since is told apart: that is nothing wrong.
    """
    verified = verify_project(project)
    show(project, (found for found in project.problems if found.code in ("issued-gone", "issued-not-logged")))
    for each in verified:
        show(project, each.problems)
        for line in _told(each):
            click.echo(line)
    if not verified:
        click.echo(_("Nothing has been issued yet."))
    if not all(each.sound for each in verified):
        raise click.exceptions.Exit(1)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_("The zip file to write."))
def bundle(project: Project, out: Path | None) -> None:
    """Pack the auditor's dossier: what was issued, budgets, log, postings and receipts, in one zip.

    The same files give the same zip, byte for byte.
    """
    dossier = sound(project)
    if unfit := list(unfit_names(project_files(project.folder))):
        stop(project, unfit)
    path = out or Path(BUILT, f"{project.folder.resolve().name}-revision.zip")
    packed = pack_bundle(project.folder, dossier)
    write_whole(path, packed.content)
    count = ngettext("{n} file in {path}", "{n} files in {path}", packed.count)
    click.echo(count.format(n=packed.count, path=path))
    for file in packed.covered:
        click.echo(_("Covered in it: numbers of persons and texts of wages in {file}").format(file=file))


def _told(each: Verified) -> list[str]:
    """What became of one document, in a line or a few."""
    lines = [f"{each.issued}: {_verdict(each)}"]
    lines += ["  " + _("damaged: {file}").format(file=file) for file in each.damaged]
    lines += ["  " + _("comes out otherwise: {file}").format(file=file) for file in each.differing]
    lines += ["  " + _("reads otherwise: {fact}").format(fact=fact) for fact in each.figures]
    if each.changed:
        lines.append("  " + _("changed since in the project's files: {files}").format(files=", ".join(each.changed)))
    return lines


def _verdict(each: Verified) -> str:
    if each.identical:
        return _("identical")
    if each.sound:
        words = _("made by version {then}, this is {now}: other looks, every figure the same")
        return words.format(then=each.version, now=__version__)
    return _("NOT the same")

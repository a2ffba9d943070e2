"""The commands about what leaves the municipality: issue, verify and bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from toolkit import __version__
from toolkit.bundle import bundle as pack_bundle
from toolkit.cli import Command, screen
from toolkit.cli import as_json as answers
from toolkit.cli.documents import Kind, chosen, document_options, format_option
from toolkit.cli.options import NewFile, json_option, today
from toolkit.cli.project_folder import ProjectFolder, show, sound, stop
from toolkit.cli.wrong_use import WrongUse, at
from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.problems import N_, Problem, declare, has_errors, problem
from toolkit.files import write_whole
from toolkit.issuing import Sending, project_files, unfit_names
from toolkit.issuing import issue as issue_document
from toolkit.language import _, ngettext
from toolkit.project import BUILT, Project
from toolkit.verifying import Verified
from toolkit.verifying import verify as verify_project

declare(
    "receiver-not-said",
    "error",
    N_("Nothing says to whom it is sent."),
    N_('write --to "…"'),
)
declare(
    "attachments-alike",
    "error",
    N_("Two attachments are called {name}, and they are kept in one folder."),
    N_("rename one of them"),
)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder(), is_eager=True)
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
@click.option(
    "--incomplete",
    is_flag=True,
    help=_("Send it although the books do not reach the end of its days, or hold what is doubted."),
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
    incomplete: bool,
    as_of: date | None,
    known_by: date | None,
) -> None:
    """Keep a document as it is sent, with its inputs and a receipt.

    It is written to a folder of its own under issued/, and the log says that it was submitted.
    """
    dossier = sound(project)
    occasion = chosen(project, kind, case, step, change, as_of, known_by=known_by, decided=decided)
    agency = dossier.plan.terms.agency if dossier.plan.terms else None
    receiver = (to or "").strip() or (occasion.step.body if occasion.step else _duty_to(dossier, occasion) or agency)
    if not receiver:
        raise WrongUse(problem("receiver-not-said", at("--to")))
    names = Counter(path.name.casefold() for path in attachments)
    for path in attachments:
        if names[path.name.casefold()] > 1:  # they are kept in one folder
            raise WrongUse(problem("attachments-alike", at("--attach"), name=path.name))
    sending = Sending(receiver, today(), via, case_number, tuple(attachments))
    issued = issue_document(project, occasion, formats, layout, sending, incomplete=incomplete)
    if issued.folder is None:
        stop(project, issued.problems)
    show(project, issued.problems)
    click.echo(_("Kept in {folder}, and logged as submitted.").format(folder=issued.folder))


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@json_option
def verify(project: Project, as_json: bool) -> None:
    """Make each issued document again from its kept inputs, and compare.

    What comes out otherwise because a newer version of pulje figures or writes it otherwise is told apart from what
    somebody has edited, and so is what has changed in the project's files since: neither is an error.
    """
    verified = verify_project(project)
    folders = {each.issued for each in verified}
    problems = [found for found in project.problems if project.dossier is None or _tells_of_issued(found, folders)]
    if as_json:
        name = project.folder.resolve().name
        click.echo(answers.as_text(answers.verified(name, verified, problems)))
    else:
        show(project, problems)
        for each in verified:
            show(project, each.problems)
            for line in _told(each):
                click.echo(line)
        for line in _changes(verified):
            click.echo(line)
        if not verified and project.dossier is not None:
            click.echo(_("Nothing has been issued yet."))
    if has_errors(problems) or not all(each.sound for each in verified):
        raise click.exceptions.Exit(1)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@click.option("--out", type=NewFile(), help=_("The zip file to write."))
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


def _tells_of_issued(found: Problem, kept: Collection[str]) -> bool:
    """Whether a problem of the project is about what was issued; a folder without its receipt is not gone."""
    return found.code == "issued-not-logged" or (found.code == "issued-gone" and found.words["issued"] not in kept)


def _told(each: Verified) -> list[str]:
    """What became of one document, in a line or a few."""
    lines = [f"{each.issued}: {_verdict(each)}"]
    lines += ["  " + _("damaged: {file}").format(file=file) for file in each.damaged]
    lines += ["  " + _("comes out otherwise: {file}").format(file=file) for file in each.differing]
    for fact in each.facts:
        words = _("{fact}: then {then}, today {now}")
        lines.append("  " + words.format(fact=fact.path, then=fact.then or "–", now=fact.now or "–"))
    if each.verdict != "not-the-same":  # else they are errors, and shown as such
        words = _("not made again: {reason}")
        lines += ["  " + words.format(reason=screen.sentence(found)) for found in each.refusals]
    lines += ["  " + _("beside it, and not in its receipt: {file}").format(file=file) for file in each.beside]
    if each.changed:
        lines.append("  " + _("changed since in the project's files: {files}").format(files=", ".join(each.changed)))
    return lines


def _changes(verified: Iterable[Verified]) -> Iterator[str]:
    """What newer versions than those that made the documents figure or write otherwise, once for all of them."""
    found = dict.fromkeys(change for each in verified for change in each.changes)
    if found:
        yield "\n" + _("What newer versions of pulje figure or write otherwise:")
    for change in found:
        yield f"  {change.version}: {_(change.what)}"


def _verdict(each: Verified) -> str:
    words = {
        "identical": N_("identical"),
        "looks-otherwise": N_(
            "other looks since version {then}, which made it (this is {now}); every fact of its receipt is the same"
        ),
        "figured-otherwise": N_("figured otherwise since version {then}, which made it (this is {now})"),
        "not-made-again": N_("cannot be made again since version {then}, which made it (this is {now})"),
        "newer": N_("made by version {then}, and this is {now}: only a version as new can tell whether it is the same"),
        "not-the-same": N_("NOT the same"),
        "unreadable": N_("cannot be made again"),
    }
    return _(words[each.verdict]).format(then=each.version, now=__version__)


def _duty_to(dossier: Dossier, occasion: Occasion) -> str | None:
    """Whom the duty that a document fulfils says it goes to."""
    reports = dossier.state(occasion.as_of, occasion.known_by).plan.reports
    about = (each for each in reports if each.kind == occasion.kind and each.period_ends == occasion.ends)
    return next((each.to for each in about if each.to), None)

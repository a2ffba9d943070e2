"""The commands that make documents: render and build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import structs

from toolkit.cli import Command, screen
from toolkit.cli.options import document_day_option, known_by_option
from toolkit.cli.progress import progress
from toolkit.cli.project_folder import ProjectFolder, readable, show, sound
from toolkit.core.occasion import FINDERS, Occasion, on_day
from toolkit.core.proceedings import decision_of
from toolkit.language import _, ngettext, spoken
from toolkit.project import BUILT, Project
from toolkit.readers import shelf
from toolkit.render import Rendered, allowed, every_occasion, kinds, occasions_of, render_document
from toolkit.writers import USUAL, WRITERS

F = TypeVar("F", bound=Callable[..., Any])


class Kind(click.ParamType[str]):
    """A kind of document, by its English name or a Danish one."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind that was meant, the project's own too; click shows an unknown one as wrong use."""
        project = ctx.params.get("project") if ctx else None  # an eager argument: it is there before the kind is read
        places = project.places if isinstance(project, Project) else (shelf.TEMPLATES,)
        if (meant := shelf.kind_meant(value, places)) in kinds(places):
            return meant
        near = shelf.kinds_near(value, places)
        use = " / ".join(shelf.danish_name(each, places) if spoken() == "da" else each for each in near)
        return self.fail(_("{value} is no kind of document: use {kinds}.").format(value=value, kinds=use), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _("KIND")


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more formats with commas between: docx,html."""

    name = "formats"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The formats; click shows an unknown one as wrong use."""
        formats = value if isinstance(value, tuple) else tuple(word.strip().lower() for word in value.split(","))
        for format in formats:
            if format not in WRITERS:
                known = ", ".join(WRITERS)
                self.fail(_("{value} is no format: choose among {formats}.").format(value=format, formats=known))
        return formats

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _("FORMATS")


format_option = click.option(
    "--format", "formats", type=Formats(), default=",".join(USUAL), show_default=True, help=_("Which files to write.")
)
draft_option = click.option("--draft", is_flag=True, help=_("Show [MANGLER: …] where a fact is missing."))
form_option = click.option(
    "--form",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("An agency's own Word form with our facts' names in it, instead of our own document."),
)
out_option = click.option("--out", type=click.Path(path_type=Path, file_okay=False), help=_("The folder to write to."))


def document_options(command: F) -> F:
    """The options that say which document is meant, and as of which days."""
    for option in reversed(_WHICH):
        command = option(command)
    return command


_WHICH = (
    click.option("--case", "case", help=_("Which case of cases/, for an agenda item.")),
    click.option("--step", "step", help=_("Which of the case's steps.")),
    click.option("--change", help=_("Which change-requested of the log, by its name, for a change request.")),
    click.option("--decided", is_flag=True, help=_("With the decision from the log: the minutes of the item.")),
    click.option("--layout", help=_("Another layout than the case's or the standard one.")),
    document_day_option,
    known_by_option,
)


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder(), is_eager=True)
@click.argument("kind", type=Kind())
@document_options
@format_option
@form_option
@draft_option
@out_option
def render(
    project: Project,
    kind: str,
    case: str | None,
    step: str | None,
    change: str | None,
    decided: bool,
    layout: str | None,
    formats: Sequence[str],
    form: Path | None,
    draft: bool,
    out: Path | None,
    as_of: date | None,
    known_by: date | None,
) -> None:
    """Write one document of a project.

    Without a selector it is the only one of its kind, or the latest, and the answer says which.
    """
    if days_of(project, kind) != "agenda-item" and (case or step or decided):
        raise click.UsageError(_("--case, --step and --decided are for an agenda item."))
    dossier = sound(project)
    occasion = chosen(project, kind, case, step, change, as_of, known_by=known_by, decided=decided)
    folder = out or Path(BUILT, _name(project))
    if form:
        _tell(project, [_filled(project, occasion, form, folder, layout=layout, draft=draft)])
    else:
        _tell(
            project,
            [render_document(dossier, occasion, formats, folder, layout=layout, draft=draft, own=project.folder)],
        )


@click.command(cls=Command)
@click.argument("project", type=ProjectFolder())
@format_option
@draft_option
@out_option
@known_by_option
def build(project: Project, formats: Sequence[str], draft: bool, out: Path | None, known_by: date | None) -> None:
    """Write every document that a project's files allow.

    A document whose prose nobody has begun is left out; with --draft it is written too.
    """
    dossier = sound(project)
    folder = out or Path(BUILT, _name(project))
    wanted = (every_occasion if draft else allowed)(dossier, project.places, known_by)
    made = []
    with progress(wanted, _("Writing documents")) as steps:
        for occasion in steps:
            made.append(
                render_document(dossier, occasion, formats, folder, draft=draft, own=project.folder, pictures=True)
            )
    _tell(project, made)


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def chosen(
    project: Project,
    kind: str,
    case: str | None,
    step: str | None,
    change: str | None,
    as_of: date | None,
    *,
    known_by: date | None = None,
    decided: bool = False,
) -> Occasion:
    """The document that the selectors mean; without any the only one of its kind, or the latest.

    What was not known by a day is not there to be chosen. Minutes are of the meeting that decided.
    """
    dossier = readable(project)
    found = every = occasions_of(dossier, kind, project.places, known_by)
    if case:
        found = [occasion for occasion in found if occasion.case and occasion.case.id == case]
    if step:
        found = [occasion for occasion in found if occasion.step and occasion.step.id == step]
    if change:
        found = [occasion for occasion in found if occasion.change and occasion.change.is_called(change)]
    if not found:
        raise click.UsageError(_nothing_to_make(kind, days_of(project, kind), every, asked=bool(case or step)))
    if decided:
        found = [structs.replace(each, decided=True) for each in found if decision_of(dossier, each)]
        _one_meeting(found, as_of)
    if as_of is None:
        return found[-1]
    exact = [occasion for occasion in found if occasion.as_of == as_of]
    if exact:
        return exact[-1]
    if found[-1].days in ("agenda-item", "change-request"):
        days = ", ".join(str(occasion.as_of) for occasion in found)
        raise click.UsageError(_("There is none on {day}. There is: {days}").format(day=as_of, days=days))
    return on_day(found[-1], dossier, as_of)


def _one_meeting(minutes: Sequence[Occasion], as_of: date | None) -> None:
    """Minutes are of one meeting that decided: the day that was asked for, or the only one of its step."""
    if not minutes:
        raise click.UsageError(_("The log holds no decision of this step: log it first, with the kind decided."))
    last = minutes[-1]
    days = [each.as_of for each in minutes if (each.case, each.step) == (last.case, last.step)]
    if as_of is None and len(days) > 1:
        told = ", ".join(map(str, days))
        raise click.UsageError(
            _("Several meetings decided this step. Say which, --as-of DAY: {days}").format(days=told)
        )


def days_of(project: Project, kind: str) -> str:
    """The kind whose days and periods a kind has."""
    manifest = shelf.kind(kind, [], places=project.places)
    return manifest.days if manifest else kind


def _nothing_to_make(kind: str, days: str, every: Sequence[Occasion], *, asked: bool) -> str:
    """Why there is no such document, and what there is."""
    match days:
        case "agenda-item" if asked:
            steps = [f"--case {each.case.id} --step {each.step.id}" for each in every if each.case and each.step]
            return _("No step of a case with a day fits. There is: {steps}").format(steps="; ".join(steps) or "–")
        case "agenda-item":
            return _("There is no case with a day in cases/.")
        case "status-report":
            return _("project.yaml names no status report under reports:, so there is no period to report.")
        case "accounts":
            return _("project.yaml names no accounts under reports:, so there is no period to account for.")
        case "change-request":
            return _("The log has no change-requested: nobody has asked for a change.")
        case "application":
            return _("The project has no grant, so there is nothing to apply for.")
    words = _("The manifest of {kind} does not say whose days it has. Write like: and one of {kinds}.")
    return words.format(kind=kind, kinds=", ".join(FINDERS))


def _filled(
    project: Project, occasion: Occasion, form: Path, out: Path, *, layout: str | None, draft: bool
) -> Rendered:
    """The form, filled."""
    from toolkit.forms import render_form  # docxtpl takes 90 ms to import: only who has a form pays

    return render_form(sound(project), occasion, form, out, layout=layout, draft=draft, own=project.folder)


def _name(project: Project) -> str:
    return project.folder.resolve().name


def _tell(project: Project, made: Sequence[Rendered]) -> None:
    """The problems of what could not be made, then a short list of what was; exit code 1 if anything was not."""
    for each in made:
        show(project, each.problems)
    written = [each for each in made if each.files]
    rows = [
        (each.name, " ".join(path.name.removeprefix(f"{each.name}.") for path in each.files), *each.notices)
        for each in written
    ]
    if rows:
        click.echo(screen.table(rows))
        folder = written[0].files[0].parent
        count = ngettext("{n} document in {folder}", "{n} documents in {folder}", len(written))
        click.echo("\n" + count.format(n=len(written), folder=folder))
        if pictures := sorted({path.name for each in written for path in each.pictures}):
            click.echo(_("Pictures: {files}").format(files=", ".join(pictures)))
    unwritten = len(made) - len(written)
    if unwritten:
        words = ngettext("{n} document could not be made.", "{n} documents could not be made.", unwritten)
        click.echo(words.format(n=unwritten), err=True)
        raise click.exceptions.Exit(1)
    if not made:
        click.echo(_("There is nothing to write yet: begin with texts/ or cases/, or use --draft."))

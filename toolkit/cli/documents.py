"""The commands that make documents: render and build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from msgspec import structs

from toolkit.cli import Command, screen
from toolkit.cli.options import document_day_option, known_by_option
from toolkit.cli.progress import progress
from toolkit.cli.project_folder import ProjectFolder, UnopenedFolder, projects_of, readable, show, sound
from toolkit.cli.wrong_use import WrongUse, at, at_value_of, refuse_idle
from toolkit.core.occasion import FINDERS, Occasion, on_day
from toolkit.core.problems import N_, Phrase, Problem, declare, listed, phrase, problem
from toolkit.core.proceedings import decision_of
from toolkit.language import _, ngettext
from toolkit.project import BUILT, Project, open_project
from toolkit.readers import shelf
from toolkit.render import Rendered, allowed, every_occasion, kinds, occasions_of, render_document
from toolkit.writers import USUAL, WRITERS

F = TypeVar("F", bound=Callable[..., Any])

declare(
    "unknown-format",
    "error",
    N_("{value} is no format."),
    N_("use one of these: {known}"),
)
declare(
    "option-of-another-kind",
    "error",
    N_("{option} is for {whose}, and not for {kind}."),
    N_("leave {option} out, or write {other} in the place of {kind}"),
)
declare(
    "unknown-step",
    "error",
    N_("No step with a day in a case fits."),
    N_("write {steps}"),
)
declare(
    "no-case",
    "error",
    N_("There is no case with a day in cases/."),
    N_("write a case in cases/, and the day of a step of it: date: 2022-01-11"),
)
declare(
    "no-period",
    "error",
    N_("project.yaml names nothing of the kind {kind} under reports:, so the document has no period."),
    N_("write in project.yaml: reports: [{{kind: {kind}, period_ends: {ends}}}]"),
)
declare(
    "unknown-request",
    "error",
    N_("No change-requested of the log is named {name}."),
    N_("write {changes}"),
)
declare(
    "no-request",
    "error",
    N_("The log has no change-requested: nobody has asked for a change."),
    N_("log it first: pulje log … change-requested change=project values.project_period.ends=…"),
)
declare(
    "no-grant",
    "error",
    N_("The project has no grant, so there is nothing to apply for."),
    N_("write in project.yaml what is applied for: grant: {{applied: 500.000 kr.}}"),
)
declare(
    "no-call",
    "error",
    N_("{fund} is distributed by a key and nobody applies for it, so there is no application."),
    N_("describe the project instead: pulje render … project-description"),
)
declare(
    "kind-without-days",
    "error",
    N_("The manifest of {kind} does not say whose days it has."),
    N_("write in the manifest: like: and one of these: {known}"),
)
declare(
    "document-not-that-day",
    "error",
    N_("There is no such document of {day}."),
    N_("write {days}"),
)
declare(
    "no-decision",
    "error",
    N_("The log holds no decision of this step, so there are no minutes of it."),
    N_("log it first: pulje log … decided case={case} step={step} outcome=… text=…"),
)
declare(
    "several-decisions",
    "error",
    N_("Several meetings decided this step: say whose minutes are meant."),
    N_("write {days}"),
)


class Kind(click.ParamType[str]):
    """A kind of document, by its English name or a Danish one."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind that was meant, the project's own too; an unknown one is wrong use."""
        project = ctx.params.get("project") if ctx else None  # an eager argument: it is there before the kind is read
        places = project.places if isinstance(project, Project) else (shelf.TEMPLATES,)
        if (meant := shelf.kind_meant(value, places)) in kinds(places):
            return meant
        near = listed((_named(each, places) for each in shelf.kinds_near(value, places)), " / ")
        raise WrongUse(problem("unknown-kind", at_value_of(param), name=value, near=near))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help calls it."""
        return _("KIND")


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more formats with commas between: docx,html."""

    name = "formats"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The formats; an unknown one is wrong use."""
        formats = value if isinstance(value, tuple) else tuple(word.strip().lower() for word in value.split(","))
        for format in formats:
            if format not in WRITERS:
                known = ", ".join(WRITERS)
                raise WrongUse(problem("unknown-format", at_value_of(param), value=format, known=known))
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
    dossier = sound(project)
    occasion = chosen(project, kind, case, step, change, as_of, known_by=known_by, decided=decided)
    folder = out or Path(BUILT, _name(project))
    if form:
        refuse_idle(click.get_current_context(), ["--format"], N_("leave it out: a form is filled in as Word"))
        _tell(project, [_filled(project, occasion, form, folder, layout=layout, draft=draft)])
    else:
        _tell(
            project,
            [render_document(dossier, occasion, formats, folder, layout=layout, draft=draft, own=project.folder)],
        )


@click.command(cls=Command)
@click.argument("folders", nargs=-1, required=True, type=UnopenedFolder(), metavar=_("PROJECT…"))
@format_option
@draft_option
@out_option
@known_by_option
def build(
    folders: Sequence[Path], formats: Sequence[str], draft: bool, out: Path | None, known_by: date | None
) -> None:
    """Write every document that a project's files allow.

    Several projects can be named; a folder that is none is all projects below it. A document whose prose nobody has
    begun is left out; with --draft it is written too. What stops one project stops no other.
    """
    named = list(dict.fromkeys(each for folder in folders for each in projects_of(folder)))
    names = Counter(each.resolve().name for each in named)
    is_stopped = False
    for each in named:
        project = open_project(each)
        name = _name(project)
        whole = name if names[name] == 1 else f"{each.resolve().parent.name}-{name}"
        place = (out or Path(BUILT)) / whole if out is None or named[1:] else out
        try:
            _build(project, formats, draft, place, known_by)
        except click.exceptions.Exit:  # it has been told
            is_stopped = True
    if is_stopped:
        raise click.exceptions.Exit(1)


def _build(project: Project, formats: Sequence[str], draft: bool, folder: Path, known_by: date | None) -> None:
    dossier = sound(project)
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
    days = days_of(project, kind)
    _only_its_own(project, kind, days, {"--case": case, "--step": step, "--decided": decided, "--change": change})
    dossier = readable(project)
    found = every = occasions_of(dossier, kind, project.places, known_by)
    if case:
        found = [occasion for occasion in found if occasion.case and occasion.case.id == case]
    if step:
        found = [occasion for occasion in found if occasion.step and occasion.step.id == step]
    if change:
        found = [occasion for occasion in found if occasion.change and occasion.change.is_called(change)]
    if not found:
        raise WrongUse(_unknown(every, case, step, change) if every else _nothing_to_make(project, kind, days))
    if decided:
        minutes = [structs.replace(each, decided=True) for each in found if decision_of(dossier, each)]
        _one_meeting(found[-1], minutes, as_of)
        found = minutes
    if as_of is None:
        return found[-1]
    exact = [occasion for occasion in found if occasion.as_of == as_of]
    if exact:
        return exact[-1]
    if found[-1].days in ("agenda-item", "change-request"):
        none_that_day(as_of, found, "--as-of")
    return on_day(found[-1], dossier, as_of)


def none_that_day(day: date, found: Sequence[Occasion], option: str = "") -> NoReturn:
    """End the command: none of those there are is of that day, which was typed as the value of an option or alone."""
    days = _days_to_type((each.as_of for each in found), option)
    raise WrongUse(problem("document-not-that-day", at(option), day=day, days=days))


def _days_to_type(days: Iterable[date], option: str) -> str:
    return " / ".join(dict.fromkeys(f"{option} {day}".strip() for day in days))


def _only_its_own(project: Project, kind: str, days: str, given: Mapping[str, object]) -> None:
    """An option that tells documents of one kind apart says nothing of another kind."""
    for option, value in given.items():
        other = "change-request" if option == "--change" else "agenda-item"
        if value and other != days:
            words = {"kind": _named(kind, project.places), "other": _named(other, project.places)}
            raise WrongUse(problem("option-of-another-kind", at(option), option=option, whose=_WHOSE[other], **words))


_WHOSE = {"change-request": phrase(N_("a change request")), "agenda-item": phrase(N_("an agenda item"))}


def _named(kind: str, places: shelf.Places) -> Phrase:
    """A kind of document as it is typed in the user's language."""
    return Phrase(kind, danish=shelf.danish_name(kind, places))


def _one_meeting(last: Occasion, minutes: Sequence[Occasion], as_of: date | None) -> None:
    """Minutes are of one meeting that decided: the day that was asked for, or the only one of its step."""
    if not minutes:
        case, step = last.case and last.case.id, last.step and last.step.id
        raise WrongUse(problem("no-decision", at("--decided"), case=case, step=step))
    last = minutes[-1]
    days = [each.as_of for each in minutes if (each.case, each.step) == (last.case, last.step)]
    if as_of is None and len(days) > 1:
        raise WrongUse(problem("several-decisions", at("--decided"), days=_days_to_type(days, "--as-of")))


def days_of(project: Project, kind: str) -> str:
    """The kind whose days and periods a kind has."""
    manifest = shelf.kind(kind, [], places=project.places)
    return manifest.days if manifest else kind


def _unknown(every: Sequence[Occasion], case: str | None, step: str | None, change: str | None) -> Problem:
    """Why none of the documents there are is the one that was asked for."""
    if change:
        changes = " / ".join(f"--change {each.change.called}" for each in every if each.change)
        return problem("unknown-request", at("--change"), name=change, changes=changes)
    steps = (f"--case {each.case.id} --step {each.step.id}" for each in every if each.case and each.step)
    return problem("unknown-step", at("--case" if case else "--step"), steps=" / ".join(dict.fromkeys(steps)))


def _nothing_to_make(project: Project, kind: str, days: str) -> Problem:
    """Why there is no document of a kind at all."""
    match days:
        case "agenda-item":
            return problem("no-case", at())
        case "status-report" | "accounts":
            return problem("no-period", at(), kind=kind, ends=readable(project).plan.project_period.ends)
        case "change-request":
            return problem("no-request", at())
        case "application":
            plan = project.dossier.plan if project.dossier else None
            if plan and plan.terms and not plan.is_applied_for:
                return problem("no-call", at(), fund=plan.terms.title)
            return problem("no-grant", at())
    return problem("kind-without-days", at(), kind=kind, known=", ".join(FINDERS))


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

"""The command that keeps scaffolded projects up with their template and their seed: update."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import click

from toolkit.cli import Command
from toolkit.cli.as_json import as_text
from toolkit.cli.options import result_option, take_option
from toolkit.cli.project_folder import UnopenedFolder, show_in
from toolkit.core.item_merge import Difference, Side, Taken, shown
from toolkit.core.problems import N_, FileName, Problem, Refused, Span, declare, problem
from toolkit.core.seed import Typed
from toolkit.files import write_whole
from toolkit.language import _, ngettext
from toolkit.portfolio import projects_in
from toolkit.readers.events import flow
from toolkit.scaffold import Scaffold
from toolkit.scaffold import link as bound
from toolkit.updating import Update, look, write
from toolkit.updating_files import FileUpdate, Outcome

declare(
    "take-of-nothing",
    "warning",
    N_("No conflict is at {path}, so --take decided nothing there."),
    N_("write the path as --dry-run shows it where both changed it; one that is marked is decided in the file"),
)

declare(
    "moved-of-nothing",
    "warning",
    N_("{file} is no file of the template, or nothing stands at {place}: --moved decided nothing there."),
    N_("write first the template's name of the file, and then where it stands, both from the project's folder"),
)

_OUTCOMES: dict[Outcome, str] = {
    "updated": N_("updated"),
    "added": N_("added"),
    "conflict": N_("conflict, marked in the file"),
    "unlike": N_("left as it is: the template has one of that name too"),
    "kept": N_("left as it is, as --take says"),
    "left-out": N_("left as it is: no longer part of the template"),
    "held": N_("left as it is: what the seed has changed is promised"),
    "sent": N_("left as it is: it has been sent, and a budget is never rewritten"),
    "found": N_("as it was, in another place"),
    "renamed": N_("renamed"),
    "named": N_("keeps its name"),
    "unsure": N_("nothing done: it is not there, and something else may be it"),
    "deleted": N_("stays deleted, though the template has changed it"),
}


@click.command(cls=Command)
@click.argument(
    "projects",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=_("PROJECT…"),
)
@click.option(
    "--seed",
    "seed_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The seed or rollout as it is now; otherwise the file that the project was made from."),
)
@click.option("--template-only", is_flag=True, help=_("Bring the template in, and look at no seed."))
@take_option
@click.option(
    "--moved",
    multiple=True,
    nargs=2,
    type=str,
    metavar=_("FILE PATH"),
    help=_("Where a file of the template stands in the project; the same twice if nowhere. May be repeated."),
)
@click.option("--dry-run", is_flag=True, help=_("Show by value what would be done, and write nothing."))
@result_option
def update(
    projects: Sequence[Path],
    seed_file: Path | None,
    template_only: bool,
    taken: Sequence[tuple[Side, str]],
    moved: Sequence[tuple[str, str]],
    dry_run: bool,
    result: Path | None,
) -> None:
    """Bring a newer template and a changed seed into projects; a folder that is none is all projects below it.

    What somebody wrote stays. Where both changed the same value, the conflict is marked in the file and listed here,
    and the exit code is 1. What stops one project stops no other, and each is told when it is done.
    """
    scaffold, sides = Scaffold(), {path: side for side, path in taken}
    places = {_from_folder(name): _from_folder(at) for name, at in moved}
    done: list[Update] = []
    try:
        for folder in (each for place in projects for each in projects_in(place)):
            found = look(folder, scaffold, seed_file, template_only=template_only, taken=sides, moved=places)
            found = found if dry_run else _written(found)
            _tell(found, sides, by_value=dry_run)
            done.append(found)
    finally:  # also of those that were done before somebody broke it off
        if result:
            write_whole(result, f"{as_text({'projects': [_as_json(each) for each in done]})}\n".encode())
    _offer(done, projects)
    used = {path for each in done for file in each.files if file.taken for path in (*file.taken, *file.names)}
    show_in(Path(), unused(sides, used))
    said = {*places} if any(each.stopped for each in done) else {name for each in done for name in each.said}
    unknown = [(file, place) for file, place in places.items() if file not in said]
    wrong = [problem("moved-of-nothing", _at("--moved"), file=file, place=place) for file, place in unknown]
    show_in(Path(), wrong)
    if any(each.conflicts or each.stopped for each in done):
        raise click.exceptions.Exit(1)


def unused(sides: Taken, used: Collection[str]) -> list[Problem]:
    """What --take was to decide, and did not."""
    return [problem("take-of-nothing", _at("--take"), path=path) for path in sides if path not in used]


def _from_folder(name: str) -> str:
    """A file's name from the project's folder, as it is written everywhere."""
    return Path(name).as_posix()


def _at(option: str) -> Span:
    return Span(FileName(option, "here"), 0, 0)


def _written(found: Update) -> Update:
    """The update once it is written, or why it was not."""
    if found.stopped or not found.contents:
        return found
    try:
        write(found)
    except Refused as refusal:  # somebody else is writing there: its change is offered again next time
        return Update(folder=found.folder, problems=(refusal.problem,))
    return found


def _as_json(update: Update) -> dict[str, object]:
    """What became of one project, for a program: its files, the values that changed, and the problems' codes."""
    return {
        "project": str(update.folder),
        "stopped": update.stopped,
        "seed_found": update.seed_found,
        "problems": [found.code for found in update.problems],
        "files": [
            {
                "file": each.file,
                "outcome": each.outcome,
                "lines": list(each.lines),
                "taken": list(each.taken),
                "renamed_from": each.renamed_from or None,
                "known_as": each.known_as or None,
                "named_in": list(each.named_in),
                "alike": list(each.alike),
                "values": values_as_json(each.differences),
            }
            for each in update.files
        ],
    }


def values_as_json(differences: Sequence[Difference]) -> list[dict[str, object]]:
    """The values that changed in a file, or would have: each as it is here, and as the other side has it."""
    return [
        {"path": ".".join(each.path), "before": each.ours, "after": each.theirs, "outcome": each.outcome}
        for each in differences
    ]


@click.command(cls=Command)
@click.argument("project", type=UnopenedFolder())
@click.argument("seed", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def link(project: Path, seed: Path) -> None:
    """Bind a project that pulje new did not make to its seed or rollout.

    What the seed makes today is what pulje update holds the project against from then on. Nothing that stands in the
    project is changed.
    """
    found = bound(project, seed, Scaffold())
    click.echo(_("{project} is bound to {entry} in {seed}.").format(project=project, entry=found.entry, seed=seed))


def _tell(update: Update, sides: Taken, *, by_value: bool) -> None:
    """What became of one project, a line for it and one for each file; with each value that it changes, if wanted."""
    show_in(update.folder, update.problems)
    click.echo(f"{update.folder}: {_verdict(update)}")
    if update.stopped:
        return
    if not update.seed_found:
        click.echo("  " + _("its seed is not where it was: only the template was looked at (name it with --seed)"))
    for each in update.files:
        click.echo(f"  {_place(update, each)}: {_(_OUTCOMES[each.outcome])}")
        for words in _names(each):
            click.echo(f"    {words}")
        for path in each.taken:
            words = _TAKEN[next((sides[name] for name in (path, *each.names) if name in sides), "ours")]
            click.echo("    " + _(words).format(path=path))
        for difference in each.differences:
            if by_value or difference.outcome == "held":
                click.echo(f"    {_change(difference)}")


def _offer(done: Sequence[Update], typed: Sequence[Path]) -> None:
    """One event for all the projects in which the same promised values were left as they are."""
    alike: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for each in done:
        held = [
            difference
            for file in each.files
            for difference in file.differences
            if difference.outcome == "held" and not _is_applied_for(difference)
        ]
        if held:
            values = tuple((".".join(difference.path), _as_value(difference.theirs)) for difference in held)
            alike.setdefault(values, []).append(each.folder)
    for values, folders in alike.items():
        whole = [str(place) for place in typed if projects_in(place) == folders]
        named = whole or [_as_typed(str(each)) for each in folders]
        is_period = all(path.split(".")[0] in ("project_period", "grant_period") for path, _value in values)
        keys = " ".join(f'"values.{path}={value}"' for path, value in values)
        words = ngettext(
            "What is promised stays in {n} project until a change of it is approved:",
            "What is promised stays in {n} projects until a change of it is approved, in one event for all of them:",
            len(folders),
        )
        click.echo(words.format(n=len(folders)))
        change = "extension" if is_period else "project"
        click.echo(f"  pulje log {' '.join(named)} change-requested change={change} reason=… {keys}")
        click.echo("  " + _("or change-approved, with by=…, where it has been approved"))


def _as_value(value: Typed | None) -> str:
    """A new value as it is typed, its id in the path; … where it has quotes in it, which no command line takes."""
    if isinstance(value, Mapping):
        value = {key: each for key, each in value.items() if key != "id"}
    text = "null" if value is None else value if isinstance(value, str) else flow(value)
    return "…" if '"' in text else text


def _verdict(update: Update) -> str:
    if update.stopped:
        return _("left as it is")
    if not update.files:
        return _("up to date")
    changed = sum(each.outcome in ("updated", "added", "conflict", "renamed") for each in update.files)
    words = ngettext("{n} file", "{n} files", changed).format(n=changed)
    if update.conflicts:
        words += ", " + ngettext("{n} conflict", "{n} conflicts", update.conflicts).format(n=update.conflicts)
    return words


def _names(each: FileUpdate) -> Iterator[str]:
    """What a file was called, and what the template calls it, where that is another name; or which it may be."""
    if each.outcome == "unsure":
        file = _as_typed(each.file)
        for other in map(_as_typed, each.alike):
            yield _("it may be {other}: --moved {file} {other}").format(file=file, other=other)
        yield _("it is none of them: --take ours {file}, or --take theirs {file} to make it").format(file=file)
        return
    if each.renamed_from:
        yield _("it was called {file}").format(file=each.renamed_from)
    if each.named_in:
        yield _("{files} names it; the template calls it {file} now").format(
            files=", ".join(each.named_in), file=each.known_as
        )
    elif each.known_as:
        yield _("the template calls it {file}").format(file=each.known_as)


def _as_typed(name: str) -> str:
    return f'"{name}"' if " " in name else name


_TAKEN: dict[Side, str] = {
    "ours": N_("{path}: yours stays, and the template's is not taken"),
    "theirs": N_("{path}: the template's is taken, instead of yours"),
}

_CHANGES = {
    "brought": N_("{path}: {before} → {after}"),
    "conflict": N_("{path}: {before} stays, the template says {after}"),
    "held": N_("{path}: {before} is promised and stays; the seed says {after}: log what is asked for or approved"),
}


_APPLIED_FOR = N_("{path}: {before} has been applied for, and stays; the seed says {after}")


def _is_applied_for(difference: Difference) -> bool:
    """Whether it is what an application said, which no later seed changes."""
    return difference.outcome == "held" and difference.path[:2] in (("grant", "applied"), ("grant", "applied_on"))


def _change(difference: Difference) -> str:
    """One value as it is, and as the update makes it, or would have made it."""
    words = _APPLIED_FOR if _is_applied_for(difference) else _CHANGES[difference.outcome]
    before, after = shown(difference.ours), shown(difference.theirs)
    return _(words).format(path=".".join(difference.path), before=before, after=after)


def _place(update: Update, each: FileUpdate) -> str:
    """The file, with the lines where conflicts are marked."""
    path = str(update.folder / each.file)
    return f"{path}:{','.join(map(str, each.lines))}" if each.lines else path

"""The commands that begin projects: new and schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from toolkit.cli import Command, prompts, screen
from toolkit.cli.progress import progress
from toolkit.cli.project_folder import UnopenedFolder, show_in
from toolkit.cli.seed_questions import answered
from toolkit.core.problems import N_, Problem, Span, has_errors, phrase
from toolkit.core.seed import Seed
from toolkit.files import write_whole
from toolkit.language import _, ngettext
from toolkit.project import KEPT
from toolkit.readers import schema as schemas
from toolkit.readers.meanings import meanings
from toolkit.readers.seed import is_rollout
from toolkit.readers.source import Table
from toolkit.scaffold import SCHEMAS, Place, Scaffold, made_from, make, place, projects, seed_node, seen_from

_SHOWN = 3  # of so many projects a dry run shows every file, of more only the first one's


@click.command(cls=Command)
@click.argument("seed", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help=_("The folder that gets the new projects' folders; otherwise this one."),
)
@click.option("--dry-run", is_flag=True, help=_("Show which folders and files would be made, and make none."))
def new(seed: Path | None, into: Path, dry_run: bool) -> None:
    """Make a new project's folder, or those of a whole list.

    SEED is a YAML file. "municipality: Thisted" and "fund: faste-teams-2021" are enough for one project; any key of
    project.yaml may stand there too. A list has what is common to all under common:, and names under municipalities:.
    On a terminal the rest is asked for; without a SEED everything is.

    A folder that is there already is left as it is.
    """
    seeds = _seeds(seed)
    scaffold = Scaffold()
    made_before = made_from(seed, into) if seed else {}
    if dry_run:
        _show_tree([place(each, into, scaffold, made_before) for each in seeds], into, scaffold)
        return
    places: list[tuple[Place, int]] = []
    with progress(seeds, _("Making projects")) as steps:
        for each in steps:
            found = place(each, into, scaffold, made_before)
            places.append((found, make(found, scaffold, seen_from(found.folder, seed) if seed else "")))
    _tell(places, into)


@click.command(cls=Command)
@click.argument("name", required=False, type=click.Choice(list(schemas.SCHEMAS)), metavar=_("[NAME]"))
@click.option("--into", "project", type=UnopenedFolder(), help=_("Write the schemas of this project's files into it."))
def schema(name: str | None, project: Path | None) -> None:
    """Write the JSON Schema of a file, for an editor to complete, check and explain.

    Without a name it lists the names. An editor that knows the YAML language server finds the schema by a file's first
    line: # yaml-language-server: $schema=.pulje/schema/project.json
    """
    said = meanings()
    if project:
        for each in schemas.OF_A_PROJECT:
            write_whole(project / SCHEMAS / f"{each}.json", schemas.text(each, said).encode())
        click.echo(_("Written: {place}").format(place=project / SCHEMAS))
    elif name:
        click.echo(schemas.text(name, said, indent=2), nl=False)
    else:
        click.echo(screen.table([(each, title) for each, (title, _make) in schemas.SCHEMAS.items()]))


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def _seeds(path: Path | None) -> Sequence[Seed]:
    """The projects to make: read, asked for where somebody is there to answer, and without an error."""
    asking = prompts.on_terminal()
    if path is None and not asking:
        prompts.no_terminal(phrase(N_("write municipality: and fund: in a file, and name it: pulje new seed.yaml")))
    problems: list[Problem] = []
    node = seed_node(path, problems) if path else Table(Span("", 0, 0), {})
    if has_errors(problems):
        _stop(problems)
    if asking and isinstance(node, Table) and not is_rollout(node):
        node = answered(node)
    seeds = projects(node, problems) if node is not None else ()
    if has_errors(problems):
        _stop(problems)
    return seeds


def _stop(problems: Sequence[Problem]) -> NoReturn:
    show_in(Path(), problems)
    raise click.exceptions.Exit(1)


def _show_tree(places: Sequence[Place], into: Path, scaffold: Scaffold) -> None:
    """What would be made, as a tree; of a long list each folder, and the files of the first."""
    new = [each for each in places if each.standing == "new"]
    in_full = new if len(new) <= _SHOWN else new[:1]
    click.echo(f"{into}/")
    for each in places:
        click.echo(f"  {each.folder.name}/" + ("" if each.standing == "new" else f"  {_standing(each)}"))
        if each in in_full:
            click.echo("".join(f"    {name}\n" for name in (*scaffold.generated(each.seed), f"{KEPT}/")), nl=False)
    count = ngettext("{n} project would be made.", "{n} projects would be made.", len(new))
    click.echo("\n" + count.format(n=len(new)))


def _tell(places: Sequence[tuple[Place, int]], into: Path) -> None:
    """What became of each project; exit code 1 where something else is in a project's place."""
    click.echo(screen.table([(each.folder.name, _standing(each, missing)) for each, missing in places]))
    made = [each for each, _missing in places if each.standing == "new"]
    if made:
        count = ngettext("{n} project made in {folder}", "{n} projects made in {folder}", len(made))
        click.echo("\n" + count.format(n=len(made), folder=into))
        click.echo(_("See what has yet to be filled in: {command}").format(command=f"pulje check {made[0].folder}"))
    show_in(Path(), [found for each, _missing in places for found in each.problems])
    if any(each.standing in ("taken", "another", "renamed") for each, _missing in places):
        raise click.exceptions.Exit(1)


def _standing(place: Place, missing: int = 0) -> str:
    if place.standing == "taken":
        return _("not made: the folder holds something else")
    if place.standing == "another":
        return _("not made: the folder holds another project")
    if place.standing == "renamed":
        words = _(
            "not made: it is there already as {there}; write folder: {there} in the seed, or another for a new one"
        )
        return words.format(there=place.there)
    if place.standing == "new":
        words = ngettext("made, {n} value to fill in", "made, {n} values to fill in", missing)
        return words.format(n=missing) if missing else _("made")
    said = [_("there already")]
    if place.edited:
        said.append(_("left as it was written since: {files}").format(files=", ".join(place.edited)))
    if place.otherwise:
        command = f"pulje update {place.folder}"
        said.append(_("the seed or the template has changed: {command}").format(command=command))
    return "; ".join(said)

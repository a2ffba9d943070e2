"""The command about many projects: portfolio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from toolkit.cli import Command, screen_portfolio
from toolkit.cli import as_json as answers
from toolkit.cli.documents import format_option, out_option
from toolkit.cli.options import NewFile, as_of_option, json_option, known_by_option, result_option, take_option
from toolkit.cli.progress import progress
from toolkit.cli.project_folder import no_project, show_in
from toolkit.cli.wrong_use import WrongUse, at, refuse_idle
from toolkit.core.item_merge import Side
from toolkit.core.portfolio import FACETS, Facet, Holding, Told, chosen, grouped, told_once
from toolkit.core.problems import Problem, Span, declare, has_errors, phrase, problem
from toolkit.core.status import Status
from toolkit.files import held, write_whole
from toolkit.language import N_, _, ngettext
from toolkit.portfolio import Opened, Wanted, found_in, opened

_PICKED = {
    "cohort": N_("Only projects of this cohort."),
    "fund": N_("Only projects of this fund."),
    "region": N_("Only projects in this region."),
    "phase": N_("Only projects in this phase now, by its title or id; or upcoming, finished."),
}

_SHOWS = ("as-of", "known-by", "group-by", "json", "xlsx", "parquet", "hand-out", "learnings", "format", "out")

declare(
    "status-later",
    "note",
    N_("The status of {project} {why}: it is left out."),
    N_("{options} shows it"),
)
_FROM = N_("is from {day}, after the day that is shown")
_KNOWN = N_("knows of what was recorded until {day}, after what --known-by says")
_BOTH = N_("{one} and {other}")
declare(
    "status-doubled",
    "warning",
    N_("{project} is already told by {other}: this status is left out."),
    N_("keep one of the two, or another name for the other project"),
)
declare(
    "project-doubled",
    "warning",
    N_("{project} is the same project as {other}: it counts once, as {other} has it."),
    N_("delete the copy that is not in use; if it is another project, give it a title of its own"),
)
declare(
    "unknown-group",
    "error",
    N_("No project is in {name}."),
    N_("{instead}"),
)


def _facet_options(command: Any) -> Any:
    for facet in reversed(FACETS):
        command = click.option(f"--{facet}", multiple=True, help=_(_PICKED[facet]))(command)
    return command


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar=_("FOLDER"))
@as_of_option
@known_by_option
@_facet_options
@click.option("--group-by", type=click.Choice(FACETS), help=_("Sums by cohort, fund, region or phase too."))
@json_option
@click.option("--xlsx", type=NewFile(), help=_("Write it as a workbook too, in Danish."))
@click.option(
    "--parquet",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Write tables for other programs there, postings by municipality and year."),
)
@click.option("--upkeep", is_flag=True, help=_("Show what needs care: template, seed, conflicts, MANGLER, last event."))
@click.option(
    "--hand-out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="OUT",
    help=_("Write a zip for each municipality there, with its projects, to be worked on elsewhere."),
)
@click.option(
    "--hand-in",
    type=click.Path(path_type=Path, exists=True),
    metavar="BACK",
    help=_("Merge the projects that came back, in zips or folders there, into those that were handed out."),
)
@click.option("--dry-run", is_flag=True, help=_("With --hand-in: show by value what would be done, and write nothing."))
@take_option
@result_option
@click.option("--learnings", is_flag=True, help=_("Write the catalogue of experiences, advice and measurements."))
@format_option
@out_option
def portfolio(
    folder: Path,
    as_of: date,
    known_by: date | None,
    group_by: Facet | None,
    as_json: bool,
    xlsx: Path | None,
    parquet: Path | None,
    upkeep: bool,
    hand_out: Path | None,
    hand_in: Path | None,
    dry_run: bool,
    taken: Sequence[tuple[Side, str]],
    result: Path | None,
    learnings: bool,
    formats: Sequence[str],
    out: Path | None,
    **picked: Sequence[str],
) -> None:
    """Show all projects below a folder at once: phase, deadlines, money and problems, with totals.

    A status that a municipality has handed over (pulje status --json > name.json) counts as a project too. A project
    with errors is shown as broken, its money is in no total, and the exit code is then 1.

    What is handed out takes along what it was, so that what comes back is merged with what has been done here since:
    where both changed the same value, the conflict is marked in the file and listed, and the exit code is 1.
    """
    if hand_in is not None:
        shows = [f"--{name}" for name in (*FACETS, *_SHOWS)]
        refuse_idle(click.get_current_context(), shows, N_("leave {option} out: --hand-in shows what it does"))
        from toolkit.cli.handing_over import hand_in_all  # what merges files: who looks does not wait for it

        hand_in_all(folder, hand_in, {path: side for side, path in taken}, result, dry_run=dry_run)
        return
    without_return = N_("add --hand-in, which it belongs to, or leave {option} out")
    refuse_idle(click.get_current_context(), ["--dry-run", "--take", "--result"], without_return)
    if not learnings:
        without = N_("add --learnings, which it belongs to, or leave {option} out")
        refuse_idle(click.get_current_context(), ["--format", "--out"], without)
    wanted: dict[Facet, Sequence[str]] = {facet: picked[facet] for facet in FACETS}
    every = _open(folder, Wanted(as_of, known_by, postings=parquet is not None, upkeep=upkeep))
    told = told_once([each.holding for each in every.values()], as_of, known_by)
    holdings = _grouped(_chosen(told.holdings, wanted), group_by)
    shown = [every[each.file] for each in holdings]
    files: list[Path] = []
    if xlsx is not None:
        files.append(_write_workbook(xlsx, holdings, as_of))
    if parquet is not None:
        files += _write_tables(parquet, shown)
    if learnings:
        files += _write_catalogue(out or Path("build"), shown, as_of, formats, wanted)
    unsent: list[Problem] = []
    if hand_out is not None:
        written, unsent = _hand_out(folder, hand_out, shown)
        files += written
    if as_json:
        answer = {
            "as_of": as_of.isoformat(),
            "known_by": known_by and known_by.isoformat(),
            **_as_json(shown, group_by),
        }
        if learnings:
            answer["learnings"] = _lessons_as_json(shown)
        click.echo(answers.as_text(answer))
    else:
        told_of = screen_portfolio.upkeep(shown) if upkeep else screen_portfolio.portfolio(holdings, as_of, group_by)
        click.echo(told_of)
        _tell(files)
    show_in(folder, [*_left_out(told, as_of, known_by), *unsent])
    if unsent or any(each.broken for each in holdings):
        _show_errors(folder, shown)
        raise click.exceptions.Exit(1)


# ── which projects ───────────────────────────────────────────────────────────────────────────


def _open(folder: Path, wanted: Wanted) -> dict[str, Opened]:
    """Every project and status below the folder, by file."""
    found = found_in(folder)
    if not found:
        where = N_("in {folder} or below it") if folder.parts else N_("in this folder or below it")
        no_project(phrase(where, folder=folder))
    each = opened(folder, found, wanted)
    with progress(found, _("Reading projects")) as files:
        return dict(zip(files, each, strict=True))


def _chosen(holdings: Sequence[Holding], wanted: Mapping[Facet, Sequence[str]]) -> list[Holding]:
    """The projects that were asked for; a group that none is in is wrong use, for it is most often misspelt."""
    for facet, names in wanted.items():
        for name in names:
            if not any(each.is_in(facet, name) for each in holdings):
                known = [each.name for each in grouped(holdings, facet) if each.name]
                use = ", ".join(screen_portfolio.group_name(each, facet) for each in known)
                instead = phrase(N_("use one of these: {known}"), known=use)
                if not known:
                    instead = phrase(N_("leave {option} out: no project says it"), option=f"--{facet}")
                raise WrongUse(problem("unknown-group", at(f"--{facet}"), name=name, instead=instead))
    return chosen(holdings, wanted)


def _grouped(holdings: Sequence[Holding], group_by: Facet | None) -> list[Holding]:
    """The projects of a group beside each other."""
    if group_by is None:
        return list(holdings)
    return [each for group in grouped(holdings, group_by) for each in group.holdings]


# ── what is written ──────────────────────────────────────────────────────────────────────────


def _write_workbook(path: Path, holdings: Sequence[Holding], as_of: date) -> Path:
    from toolkit.portfolio_workbook import workbook  # its words need Babel: only who asks for a workbook pays
    from toolkit.writers import sheet

    return _whole(path, sheet.write(workbook(holdings, as_of)))


def _write_tables(folder: Path, shown: Sequence[Opened]) -> list[Path]:
    """The tables, in the place of those that an earlier portfolio left there; other files stay."""
    from toolkit.portfolio_tables import OURS, tables

    files = tables([(each.holding, each.postings) for each in shown])
    written = [_whole(folder / name, content) for name, content in files.items()]
    for old in [path for pattern in OURS for path in folder.glob(pattern) if path not in written]:
        old.unlink()
    return [folder]


def _write_catalogue(
    out: Path, shown: Sequence[Opened], as_of: date, formats: Sequence[str], wanted: Mapping[Facet, Sequence[str]]
) -> list[Path]:
    from toolkit.documents import guard
    from toolkit.documents.learnings import TITLE, catalogue
    from toolkit.readers import shelf
    from toolkit.render import in_file_name
    from toolkit.writers import WRITERS, file_of

    problems: list[Problem] = []
    layout = shelf.layout("standard", problems)
    lessons = [each.lessons for each in shown if each.lessons]
    document = catalogue(
        lessons,
        as_of,
        without=sum(each.holding.handed_over for each in shown),
        about=[name for names in wanted.values() for name in names],
    )
    name = f"{in_file_name(TITLE)}-{as_of}"
    problems += guard.in_document(document, name)
    if layout is None or has_errors(problems):
        show_in(out, problems)
        raise click.exceptions.Exit(1)
    return [_whole(out / file_of(name, format), WRITERS[format](document, layout)) for format in formats]


# What names people, and would leave with the files.
_PERSONAL = ("postings-with-numbers", "postings-with-wage-texts")


def _hand_out(folder: Path, out: Path, shown: Sequence[Opened]) -> tuple[list[Path], list[Problem]]:
    """The projects that are shown, also those with errors, in a zip for each municipality."""
    from toolkit.cli.handing_over import hand_out

    for each in shown:
        show_in(folder / each.holding.file, [found for found in each.problems if found.code in _PERSONAL])
    zips, problems = hand_out(folder, [each.holding for each in shown])
    return [_whole(out / name, content) for name, content in zips.items()], problems


def _whole(path: Path, content: bytes) -> Path:
    try:
        write_whole(path, content)
    except PermissionError:
        show_in(Path(), [held(path)])
        raise click.exceptions.Exit(1) from None
    return path


def _tell(files: Sequence[Path]) -> None:
    if files:
        click.echo("")
    for file in files:
        click.echo(_("Written: {file}").format(file=file))


# ── what is said ─────────────────────────────────────────────────────────────────────────────


def _as_json(shown: Sequence[Opened], group_by: Facet | None) -> dict[str, Any]:
    from toolkit.cli import json_portfolio

    return json_portfolio.portfolio(shown, group_by)


def _lessons_as_json(shown: Sequence[Opened]) -> list[dict[str, Any]]:
    from toolkit.cli import json_portfolio

    return json_portfolio.learnings([each.lessons for each in shown if each.lessons])


def _left_out(told: Told, as_of: date, known_by: date | None) -> list[Problem]:
    """What is not shown, so that nobody looks for it in vain."""
    found = [_later(each, each.status, as_of, known_by) for each in told.later if each.status]
    return [
        *found,
        *(
            problem("status-doubled", Span(each.file, 1, 1), project=each.name, other=other.file)
            if each.handed_over
            else problem("project-doubled", Span(each.file, 0, 0), project=each.file, other=other.file)
            for each, other in told.doubled
        ),
    ]


def _later(holding: Holding, status: Status, as_of: date, known_by: date | None) -> Problem:
    """Which of its two days is after what was asked for, and what to ask for instead."""
    days = {}
    if status.as_of > as_of:
        days["--as-of"] = (_FROM, status.as_of)
    if known_by and status.known_by > known_by:
        days["--known-by"] = (_KNOWN, status.known_by)
    whys = [phrase(why, day=day) for why, day in days.values()]
    why = whys[0] if len(whys) == 1 else phrase(_BOTH, one=whys[0], other=whys[1])
    options = " ".join(f"{option} {day}" for option, (_why, day) in days.items())
    return problem("status-later", Span(holding.file, 1, 1), project=holding.name, why=why, options=options)


def _show_errors(folder: Path, shown: Sequence[Opened]) -> None:
    """Every error, in the place that the user would type."""
    for each in shown:
        below = folder if each.holding.handed_over else folder / each.holding.file
        show_in(below, (found for found in each.problems if found.severity == "error"))
        if each.holding.handed_over and each.holding.status and each.holding.broken:
            words = ngettext("{file}: the status tells of {n} error", "{file}: the status tells of {n} errors",
                             each.holding.errors)  # fmt: skip
            click.echo(words.format(file=below / each.holding.file, n=each.holding.errors) + "\n", err=True)

"""Brings a newer template, and a changed seed, into a project that somebody has written in since it was made.

Three versions of each file are merged: as it was made, as it is, and as it would be made now. What the user wrote
stays. Where both changed the same lines, the user's stand and the template's are put beside them as a comment, marked,
so that the project can still be read; nothing is said to be done that is not.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from toolkit.core.events import Applied, Awarded
from toolkit.core.item_merge import Difference, Side, Taken
from toolkit.core.merge import CONFLICT, Both, Conflict, merge
from toolkit.core.plan import PROMISED, Plan
from toolkit.core.problems import N_, FileName, Problem, Span, declare, has_errors, problem
from toolkit.core.promise import with_changes
from toolkit.core.seed import Seed
from toolkit.core.state import corrected
from toolkit.files import write_whole
from toolkit.journal import locked
from toolkit.project import PLAN, open_project
from toolkit.readers import shelf, yaml_merge
from toolkit.readers.source import decoded
from toolkit.readers.yaml_merge import Merged
from toolkit.scaffold import Origin, Scaffold, disagreements, origin, read_seeds, seen_from
from toolkit.scaffold_engine import as_bytes, as_text, is_binary

_ENDS = f"{CONFLICT} SLUT"
_SAYS = f"{CONFLICT}: skabelonen siger nu dette; jeres egne linjer står nedenfor. Vælg, og slet disse linjer."

declare(
    "not-scaffolded",
    "error",
    N_("{folder} was not made by pulje new: there is nothing to hold the template of today against."),
    N_("edit its files yourself; pulje update is for projects that pulje new has made from a seed or a rollout"),
)

declare(
    "seed-without-entry",
    "error",
    N_("{seed} does not name {entry} any more: what the project was made from has been taken off the list."),
    N_("put it back, name the file that has it with --seed, or take the template alone: --template-only"),
)

NOTHING_TAKEN: Taken = {}
_GONE = f"{CONFLICT}: skabelonen har ikke længere det, som I har udfyldt nedenfor. Vælg, og slet disse linjer."

Outcome = Literal["updated", "added", "conflict", "unlike", "kept", "left-out", "deleted", "sent", "held"]


class FileUpdate(Struct, frozen=True):
    """What became of one file.

    `unlike` is one that both sides added otherwise, or changed and that is no text, and is left as the user has it;
    `kept` is so because somebody has said it. `left-out` is no longer part of the template, and `deleted` is gone from
    the project: both stay so. What was `sent` is never rewritten, and of a file that is `held` only what is promised
    would change.
    """

    file: str
    outcome: Outcome
    lines: tuple[int, ...] = ()  # where conflicts are marked
    differences: tuple[Difference, ...] = ()  # the values that the template changed, where the file has values
    taken: tuple[str, ...] = ()  # the conflicts that somebody has decided, by their paths, else the file


class Update(Struct, frozen=True, kw_only=True):
    """What an update does to a project, or why it does nothing.

    `problems` with an error stop it: the project would not hold together with the update, and is left as it is.
    """

    folder: Path
    seed_found: bool = True  # else the seed is the recorded one
    files: tuple[FileUpdate, ...] = ()
    problems: tuple[Problem, ...] = ()
    contents: Mapping[str, bytes] = {}

    @property
    def stopped(self) -> bool:
        return has_errors(self.problems)

    @property
    def conflicts(self) -> int:
        return sum(max(len(each.lines), each.outcome == "unlike") for each in self.files)


def look(
    folder: Path,
    scaffold: Scaffold,
    seed_file: Path | None,
    places: shelf.Places = (shelf.TEMPLATES,),
    *,
    template_only: bool = False,
    taken: Taken = NOTHING_TAKEN,
) -> Update:
    """What an update would do. Nothing is written. What is `taken` is no conflict."""
    problems: list[Problem] = []
    was = origin(folder, problems, places)
    if was is None:
        unmade = problem("not-scaffolded", Span(FileName(str(folder), "here"), 0, 0), folder=folder)
        return Update(folder=folder, problems=tuple(problems) or (unmade,))
    path = None if template_only else seed_file or _recorded(folder, was)
    seed = _seed(path, was, problems, places) if path else None
    if has_errors(problems):
        return Update(folder=folder, problems=tuple(found for found in problems if found.severity == "error"))
    where = seen_from(folder, path) if path else was.seed_file
    now = scaffold.generated(seed or was.seed)
    texts: dict[str, str] = {}
    sent = _sent(folder, seed or was.seed, places)
    files = tuple(_files(folder, was.pristine, now, texts, problems, sent, taken))
    if has_errors(problems):
        return Update(folder=folder, problems=tuple(found for found in problems if found.severity == "error"))
    held = {each.file for each in files if any(value.outcome == "held" for value in each.differences)}
    # What is held back is offered again: it is still held against what the file was made as.
    base = {name: was.pristine[name] if name in held else text for name, text in now.items()}
    kept = scaffold.kept(seed or was.seed, base, where)
    brought = tuple(_brought(folder, texts, places)) if texts else ()
    return Update(
        folder=folder,
        seed_found=seed is not None or template_only,
        files=files,
        problems=brought,
        contents={
            **{name: as_bytes(text) for name, text in texts.items()},
            **{name: content for name, content in kept.items() if _is_other(folder / name, content)},
        },
    )


def write(update: Update) -> None:
    """Write what `look` found, unless it stops. Each file whole; what it was made from comes last.

    Raises LogBusy when somebody else is writing in the project.
    """
    with locked(update.folder):
        for name, content in sorted(update.contents.items(), key=lambda item: (item[0].startswith("."), item[0])):
            write_whole(update.folder / name, content)


def _is_other(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


# ── the seed of today ────────────────────────────────────────────────────────────────────────


def _recorded(folder: Path, was: Origin) -> Path | None:
    """The seed file that the project was made from, wherever one stands; None where it is not there."""
    path = Path(os.path.normpath((folder if was.entry else folder.parent) / was.seed_file))
    return path if was.seed_file and path.is_file() else None


@lru_cache(maxsize=1)
def _seeds_of(
    path: Path, changed: tuple[int, int], places: shelf.Places
) -> tuple[tuple[Seed, ...], tuple[Problem, ...]]:
    """What a file holds, read once for all the projects of a list, until it is `changed`."""
    problems: list[Problem] = []
    return read_seeds(path, problems, places), tuple(problems)


def _seed(path: Path, was: Origin, problems: list[Problem], places: shelf.Places) -> Seed | None:
    """The project's own seed in a file that may hold many; one that is not there, or is another's, is an error."""
    there = path.stat()
    found, told = _seeds_of(path, (there.st_mtime_ns, there.st_size), places)
    problems += told
    if has_errors(problems):
        return None
    own = [seed for seed in found if (seed.entry == was.entry if was.entry else seed.folder == was.seed.folder)]
    if len(own) != 1:
        here, entry = Span(FileName(str(path), "here"), 0, 0), was.entry or was.seed.folder
        problems.append(problem("seed-without-entry", here, seed=path.name, entry=entry))
        return None
    problems += disagreements(was.seed.plan, own[0])
    return own[0]


class Sent(Struct, frozen=True):
    """What of a project others have had: the files of budgets that are sent, and the keys that are promised."""

    files: frozenset[str] = frozenset()
    promised: tuple[str, ...] = ()
    plans: tuple[Plan, Plan] | None = None  # as approved changes have made it, and as the seed has it now

    def is_in_force(self, difference: Difference) -> bool:
        """Whether what the seed has changed is what an approved change has brought already."""
        if difference.outcome != "held" or self.plans is None:
            return False
        now, seeded = (_value(plan, difference.path) for plan in self.plans)
        return now is not None and now == seeded


def _value(plan: Plan, path: Sequence[str]) -> object:
    """What a plan has under a path; None where there is no such thing."""
    found: object = plan
    for name in path:
        if isinstance(found, tuple):
            found = next((each for each in found if getattr(each, "id", None) == name), None)
        else:
            found = getattr(found, name, None)
    return found


def _sent(folder: Path, seed: Seed, places: shelf.Places) -> Sent:
    """From the log: an application sends its budget, whatever it says, and the award makes a promise of the plan."""
    dossier = open_project(folder, places=places).dossier
    events = corrected(dossier.events) if dossier else []
    if dossier is None or not any(isinstance(event, Applied | Awarded) for event in events):
        return Sent()
    named = {getattr(event, "budget", None) for event in events}
    budgets = (each for each in dossier.plan.budgets if each.id in named or each.stage == "application")
    files = frozenset(f"budgets/{each.id}.yaml" for each in budgets)
    if not any(isinstance(event, Awarded) for event in events):
        return Sent(files)
    return Sent(
        files, PROMISED, (with_changes(dossier.plan, sorted(events, key=lambda event: event.happened)), seed.plan)
    )


# ── the files ────────────────────────────────────────────────────────────────────────────────


def _files(
    folder: Path,
    pristine: Mapping[str, str],
    now: Mapping[str, str],
    texts: dict[str, str],
    problems: list[Problem],
    sent: Sent,
    taken: Taken,
) -> Iterator[FileUpdate]:
    """What becomes of each file; the new texts are put in `texts`. One that cannot be read is an error."""
    for file in sorted({*pristine, *now}):
        was, new = pristine.get(file), now.get(file)
        if was == new:
            continue
        as_it_is = any(each is not None and is_binary(each) for each in (was, new))
        own = _text(folder, file, problems, as_it_is=as_it_is)
        mine = own if own is None or as_it_is else own.replace("\r\n", "\n")
        if new == mine:
            continue
        if file in sent.files:
            yield FileUpdate(file, "sent")
        elif new is None:
            yield FileUpdate(file, "left-out")
        elif mine is None and was is not None:
            yield FileUpdate(file, "deleted")
        elif mine is None:
            texts[file] = new
            yield FileUpdate(file, "added")
        elif as_it_is and mine == was:
            texts[file] = new
            yield FileUpdate(file, "updated")
        elif (was is None or as_it_is) and file not in taken:
            yield FileUpdate(file, "unlike")
        elif was is None or as_it_is:
            texts |= {file: new} if taken[file] == "theirs" else {}
            yield FileUpdate(file, "updated" if file in texts else "kept", taken=(file,))
        else:
            found = _merged(was, mine, new, file, sent.promised if file == PLAN else (), taken)
            line_end = "\n" if own == mine else "\r\n"
            text = "".join(line + line_end for line in found.lines)
            told = tuple(each for each in found.differences if not sent.is_in_force(each))
            if text != own:
                texts[file] = text
            elif not told and not found.taken:
                continue
            held: Outcome = "kept" if found.taken else "held"
            outcome: Outcome = "conflict" if found.marks else "updated" if text != own else held
            yield FileUpdate(file, outcome, found.marks, told, found.taken)


def _text(folder: Path, file: str, problems: list[Problem], *, as_it_is: bool) -> str | None:
    """A file's text; None where there is none, or, with a problem, where it cannot be read. A picture is `as_it_is`."""
    path = folder / file
    try:
        if as_it_is and path.is_file():
            return as_text(path.read_bytes())
        return decoded(path.read_bytes(), file, problems) if path.is_file() else None
    except OSError as error:
        problems.append(problem("file-unreadable", Span(file, 0, 0), file=error.filename or file))
        return None


def _merged(was: str, mine: str, new: str, file: str, hold: Collection[str], taken: Taken) -> Merged:
    """The merged lines: item by item, or line by line what is prose or cannot be read."""
    if not file.endswith(".yaml"):
        return _by_line(was, mine, new, file, taken.get(file))
    if found := yaml_merge.merged(was, mine, new, _as_comment, hold, lambda path: taken.get(path, taken.get(file))):
        return found
    found = _by_line(was, mine, new, file, taken.get(file))
    if yaml_merge.is_sound(was, mine, new, "\n".join(found.lines)):
        return found
    return Merged((*yaml_merge.conflict(_as_comment, tuple(new.splitlines())), *mine.splitlines()))


def _by_line(was: str, mine: str, new: str, file: str, side: Side | None) -> Merged:
    lines: list[str] = []
    taken: tuple[str, ...] = ()
    for part in merge(*(text.splitlines() for text in (was, mine, new))):
        match part:
            case Both(lines=both):
                lines += both
            case Conflict(ours=ours, theirs=theirs) if side:
                taken = (file,)
                lines += ours if side == "ours" else theirs
            case Conflict(ours=ours, theirs=theirs):
                is_markdown = file.endswith(".md") and not _in_front_matter(lines)
                lines += [*yaml_merge.conflict(_as_remark if is_markdown else _as_comment, theirs), *ours]
    return Merged(tuple(lines), taken=taken)


def _as_remark(theirs: tuple[str, ...]) -> Iterator[str]:
    """The template's lines of Markdown as a comment: nothing of theirs is in force."""
    yield f"<!-- {_SAYS}"
    yield from (line.replace("-->", "-- >") for line in theirs)
    yield f"{_ENDS} -->"


def _as_comment(theirs: tuple[str, ...]) -> Iterator[str]:
    """The template's lines of YAML as a comment: the file can be read as before, and nothing of theirs is in force."""
    yield f"# {_SAYS if theirs else _GONE}"
    yield from (f"# {line.rstrip()}".rstrip() for line in theirs)
    yield f"# {_ENDS}"


def _in_front_matter(lines: list[str]) -> bool:
    return sum(line.rstrip() == "---" for line in lines) == 1


def _brought(folder: Path, texts: Mapping[str, str], places: shelf.Places) -> Iterator[Problem]:
    """The errors that the project would have with the update, and has not now."""
    before = {(found.code, found.at.file, found.at.text) for found in open_project(folder, places=places).problems}
    for found in open_project(folder, instead=texts, places=places).problems:
        if found.severity == "error" and (found.code, found.at.file, found.at.text) not in before:
            yield found

"""What an update does to each file of a project: merged where it stands, or given the name that the template gives it.

A file is the same file whatever its user, or the template, calls it (moved_files.py). Nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec import Struct, structs

from toolkit.core.item_merge import Difference, Side, Taken
from toolkit.core.merge import CONFLICT, Both, Conflict, merge
from toolkit.core.plan import Plan
from toolkit.core.problems import Problem, Span, problem
from toolkit.moved_files import Pair
from toolkit.project import ALLOCATION, LOG, PLAN
from toolkit.readers import yaml_merge
from toolkit.readers.source import decoded
from toolkit.readers.yaml_merge import Merged
from toolkit.scaffold_engine import as_text, is_binary

_ENDS = f"{CONFLICT} SLUT"


class Marks(Struct, frozen=True):
    """What a conflict says in the file: above the other side's lines, and where that side has nothing any more."""

    says: str
    gone: str

    def remark(self, theirs: tuple[str, ...]) -> Iterator[str]:
        """The other side's lines of Markdown as a comment: nothing of theirs is in force."""
        yield f"<!-- {CONFLICT}: {self.says if theirs else self.gone}"
        yield from (line.replace("-->", "-- >") for line in theirs)
        yield f"{_ENDS} -->"

    def comment(self, theirs: tuple[str, ...]) -> Iterator[str]:
        """The other side's lines of YAML as a comment: the file reads as before, and nothing of theirs is in force."""
        yield f"# {CONFLICT}: {self.says if theirs else self.gone}"
        yield from (f"# {line.rstrip()}".rstrip() for line in theirs)
        yield f"# {_ENDS}"


_TEMPLATES = Marks(
    "skabelonen siger nu dette; jeres egne linjer står nedenfor. Vælg, og slet disse linjer.",
    "skabelonen har ikke længere det, som I har udfyldt nedenfor. Vælg, og slet disse linjer.",
)

Outcome = Literal[
    "updated",
    "added",
    "conflict",
    "unlike",
    "kept",
    "left-out",
    "deleted",
    "sent",
    "held",
    "found",
    "renamed",
    "named",
    "unsure",
]


class FileUpdate(Struct, frozen=True):
    """What became of one file.

    `unlike` is one that both sides added otherwise, or changed and that is no text, and is left as the user has it;
    `kept` is so because somebody has said it. `left-out` is no longer part of the template, and `deleted` is gone from
    the project: both stay so. What was `sent` is never rewritten, and of a file that is `held` only what is promised
    would change. One that is `found` has been moved by the user and is the same but for that, as one is that is
    `renamed`, or keeps its name because it is `named`. Of one that is missed and may be another, nothing is done while
    that is `unsure`.
    """

    file: str
    outcome: Outcome
    lines: tuple[int, ...] = ()  # where conflicts are marked
    differences: tuple[Difference, ...] = ()  # the values that the template changed, where the file has values
    taken: tuple[str, ...] = ()  # the conflicts that somebody has decided, by their paths, else the file
    renamed_from: str = ""  # what it was called before the update
    known_as: str = ""  # what the template calls it, where it stays under another name
    named_in: tuple[str, ...] = ()  # the files that name it, so that it keeps its name
    alike: tuple[str, ...] = ()  # those that it may be

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called: a conflict in it may be decided by any of these."""
        return tuple(name for name in (self.file, self.renamed_from, self.known_as) if name)


class Sent(Struct, frozen=True):
    """What of a project others have had: the files of budgets that are sent, and the keys that are sent or promised.

    Where that cannot be known, `unread` says why. `plan_errors` is what is wrong in project.yaml.
    """

    files: frozenset[str] = frozenset()
    promised: tuple[str, ...] = ()
    plans: tuple[Plan, Plan] | None = None  # as approved changes have made it, and as the seed has it now
    unread: tuple[Problem, ...] = ()
    plan_errors: tuple[Problem, ...] = ()

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


class Files:
    """The files of one project on their way through an update.

    `texts` are the new texts and `renames` the new names, by the old ones. `base` is what the next update holds the
    files against, and `moved` where those stand that the template calls otherwise.
    """

    def __init__(
        self,
        folder: Path,
        pristine: Mapping[str, str],
        now: Mapping[str, str],
        sent: Callable[[], Sent],
        taken: Taken,
    ) -> None:
        self.texts: dict[str, str] = {}
        self.renames: dict[str, str] = {}
        self.base = dict(now)
        self.moved: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._folder = folder
        self._pristine = pristine
        self._now = now
        self._sent = sent
        self._taken = taken

    def updated(self, pair: Pair) -> FileUpdate | None:
        """What becomes of a file; None where there is nothing to tell. One that cannot be read is an error."""
        if not pair.at:
            return self._missing(pair)
        was, new = self._pristine.get(pair.was), self._now.get(pair.now)
        is_moved = pair.at not in (pair.was, pair.now)
        self._stands(pair, pair.at)
        if was == new and not pair.is_renamed:
            return FileUpdate(pair.at, "found", known_as=pair.now) if is_moved and not pair.is_known else None
        own = self._text(pair.at, as_it_is=_is_picture(was, new))
        is_alike = new == (own if own is None or _is_picture(was, new) else own.replace("\r\n", "\n"))
        is_to_rename = pair.is_renamed and pair.at == pair.was
        if is_alike and not is_to_rename and not is_moved:
            return None
        known_as = pair.now if pair.at != pair.now else ""
        if self._sent().unread:
            self.problems += self._sent().unread
            return None
        if pair.at in self._sent().files:
            is_told = is_alike and not pair.is_renamed
            return None if is_told else FileUpdate(pair.at, "sent", known_as=known_as)
        if new is None or own is None:
            return FileUpdate(pair.at, "left-out")
        named_in = tuple(self._naming(pair.at)) if is_to_rename else ()
        to = pair.now if is_to_rename and not named_in else pair.at
        if to != pair.at:
            self.renames[pair.at] = to
            self._stands(pair, to)
        found = None if is_alike else self._merge(pair, to, was, own, new)
        if found is None:
            is_news = is_moved and (pair.is_renamed or not pair.is_known)
            outcome: Outcome | None = (
                "renamed" if to != pair.at else "named" if named_in else "found" if is_news else None
            )
            found = FileUpdate(to, outcome) if outcome else None
        renamed_from = pair.at if to != pair.at else ""
        known_as = pair.now if to != pair.now else ""
        return found and structs.replace(found, renamed_from=renamed_from, known_as=known_as, named_in=named_in)

    def _stands(self, pair: Pair, at: str) -> None:
        """Note where a file stands, where that is not where the template has it."""
        self.moved.pop(pair.now, None)
        if pair.now and at != pair.now:
            self.moved[pair.now] = at

    def _missing(self, pair: Pair) -> FileUpdate | None:
        """What becomes of a file that is not there: added, or deleted by the user, or perhaps under another name."""
        was, new = self._pristine.get(pair.was), self._now.get(pair.now)
        if new is None:
            return None
        if was == new and not pair.is_renamed:
            self._gone(pair, is_said=pair.is_known)
            return None
        side = self._side(pair.was, pair.now)
        if pair.alike and side is None:
            del self.base[pair.now]
            self.base |= {pair.was: was} if was is not None else {}
            return FileUpdate(pair.now, "unsure", known_as=pair.was if pair.is_renamed else "", alike=pair.alike)
        if pair.alike and side == "ours":
            self._gone(pair, is_said=True)
            return FileUpdate(pair.now, "kept", taken=(pair.now,))
        if was is None or pair.alike:
            self.texts[pair.now] = new
            return FileUpdate(pair.now, "added", taken=(pair.now,) if pair.alike else ())
        self._gone(pair, is_said=pair.is_known)
        return FileUpdate(pair.now, "deleted")

    def _gone(self, pair: Pair, *, is_said: bool) -> None:
        """Note that a file is looked for nowhere else, where somebody has said so."""
        if is_said:
            self.moved[pair.now] = pair.now

    def _side(self, *names: str) -> Side | None:
        return next((self._taken[name] for name in names if name in self._taken), None)

    def _merge(self, pair: Pair, to: str, was: str | None, own: str, new: str) -> FileUpdate | None:
        """A file's three versions as one, put in `texts` where that is another text than it has."""
        side = self._side(to, pair.at, pair.now)
        if _is_picture(was, new) and own == was:
            self.texts[to] = new
            return FileUpdate(to, "updated")
        if was is None or _is_picture(was, new):
            if side is None:
                return FileUpdate(to, "unlike")
            self.texts |= {to: new} if side == "theirs" else {}
            return FileUpdate(to, "updated" if side == "theirs" else "kept", taken=(to,))
        sent = self._sent()
        mine = own.replace("\r\n", "\n")
        taken = {**self._taken, to: side} if side else self._taken
        held = sent.promised if pair.at == PLAN else ()
        by_item = partial(_by_item, was, mine, new, to, taken, _TEMPLATES)
        found = by_item(held) if held else merged_text(was, mine, new, to, taken, _TEMPLATES)
        if found is None:  # what is held can be told from the rest by its items alone
            self.problems += sent.plan_errors
            self.base[pair.now] = was
            return FileUpdate(to, "held")
        text = "".join(line + ("\n" if own == mine else "\r\n") for line in found.lines)
        told = tuple(each for each in found.differences if not sent.is_in_force(each))
        if text != own:
            self.texts[to] = text
        elif not told and not found.taken:
            return None
        if any(each.outcome == "held" for each in told):  # it is offered again, held against what the file was made as
            self.base[pair.now] = was
        stays: Outcome = "kept" if found.taken else "held"
        outcome: Outcome = "conflict" if found.marks else "updated" if text != own else stays
        return FileUpdate(to, outcome, found.marks, told, found.taken)

    def _naming(self, file: str) -> Iterator[str]:
        """The files that name one: the log a budget, for that is named by its day, and any a path."""
        name = PurePosixPath(file).stem if file.startswith("budgets/") else file
        written = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        for other in (LOG, ALLOCATION, PLAN):
            text = self._text(other, as_it_is=False) or ""
            if written.search(_COMMENT.sub("", text)):
                yield other

    def _text(self, file: str, *, as_it_is: bool) -> str | None:
        """A file's text; None where there is none, or, with a problem, where it cannot be read."""
        path = self._folder / file
        try:
            if as_it_is and path.is_file():
                return as_text(path.read_bytes())
            return decoded(path.read_bytes(), file, self.problems) if path.is_file() else None
        except OSError as error:
            self.problems.append(problem("file-unreadable", Span(file, 0, 0), file=error.filename or file))
            return None


_COMMENT = re.compile(r"(?:^|[ \t])#.*", re.MULTILINE)


def _is_picture(was: str | None, new: str | None) -> bool:
    return any(each is not None and is_binary(each) for each in (was, new))


def merged_text(was: str, mine: str, new: str, file: str, taken: Taken, marks: Marks) -> Merged:
    """The merged lines: item by item, or line by line what is prose or cannot be read."""
    if not file.endswith(".yaml"):
        return _by_line(was, mine, new, file, taken.get(file), marks)
    if found := _by_item(was, mine, new, file, taken, marks):
        return found
    found = _by_line(was, mine, new, file, taken.get(file), marks)
    if yaml_merge.is_sound(was, mine, new, "\n".join(found.lines)):
        return found
    return Merged((*yaml_merge.conflict(marks.comment, tuple(new.splitlines())), *mine.splitlines()))


def _by_item(
    was: str, mine: str, new: str, file: str, taken: Taken, marks: Marks, hold: Collection[str] = ()
) -> Merged | None:
    """The same item by item; None where no item can be told from another, and so nothing can be held."""
    return yaml_merge.merged(was, mine, new, marks.comment, hold, partial(_side_of, file, taken))


def _side_of(file: str, taken: Taken, path: str) -> Side | None:
    return taken.get(path, taken.get(file))


def _by_line(was: str, mine: str, new: str, file: str, side: Side | None, marks: Marks) -> Merged:
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
                lines += [*yaml_merge.conflict(marks.remark if is_markdown else marks.comment, theirs), *ours]
    return Merged(tuple(lines), taken=taken)


def _in_front_matter(lines: list[str]) -> bool:
    return sum(line.rstrip() == "---" for line in lines) == 1

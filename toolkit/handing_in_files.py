"""What becomes of each file of a project that came back: three versions of it to one, and nothing of either lost.

What is held against is what was handed out. What has been handed in is remembered, so that the same again changes
nothing, and a choice that somebody has made is not asked for twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec
from msgspec import Struct, structs

from toolkit.core.events import Imported
from toolkit.core.item_merge import Difference, Taken
from toolkit.core.item_merge import merged as item_merged
from toolkit.core.log_merge import Entry, with_common
from toolkit.core.log_merge import merged as log_merged
from toolkit.core.merge import CONFLICT, Both, common, merge
from toolkit.core.problems import N_, Phrase, Problem, Span, declare, phrase, problem
from toolkit.handing_out import HANDED_IN, HANDED_OUT, Base, files_of, text_of, version_of
from toolkit.issuing import digest
from toolkit.project import ISSUED, KEPT, LOG
from toolkit.readers.events import names_in
from toolkit.readers.log_entries import indented, read_log, settled, written
from toolkit.readers.postings import POSTINGS
from toolkit.readers.seed import plain
from toolkit.readers.source import load
from toolkit.readers.yaml_merge import Merged, conflict
from toolkit.updating_files import Marks, merged_text

declare(
    "returned-name-taken",
    "note",
    N_("Another event is named {name} here, so the one that came back is named {now}."),
    N_("if both are the same event, take one of them back: pulje log … corrected event={now} withdrawn=true"),
)
declare(
    "returned-postings-twice",
    "warning",
    N_(
        "{count} of {of} lines in {file} are in {others} here too: what came back is not taken into the books, nor is "
        "its import."
    ),
    N_("import the export that it was made from here too: pulje import takes what is new of it, and nothing twice"),
)
declare(
    "returned-as-before",
    "warning",
    N_("{what} is as it was handed out, where an earlier version that came back had changed it: that stays."),
    N_("if it was changed back, change it back here too"),
)

RETURNED = Marks(
    "det, der er kommet tilbage, siger dette; jeres egne linjer står nedenfor. Vælg, og slet disse linjer.",
    "det, der er kommet tilbage, har ikke længere det, som I har ændret nedenfor. Vælg, og slet disse linjer.",
)
_NOTES = Marks(
    "disse bemærkninger stod ved noget, som den anden har rettet. Behold dem, der skal bruges; slet resten.", ""
)

Outcome = Literal["updated", "added", "restored", "conflict", "beside", "kept", "stays", "chosen"]


class FileReturn(Struct, frozen=True, kw_only=True):
    """What became of one file.

    One that cannot be merged has what came back `beside` it. One is `kept` that is gone there and changed here, and
    `restored` the other way round; one `stays` that is only gone there.
    """

    file: str
    outcome: Outcome
    lines: tuple[int, ...] = ()  # where conflicts are marked
    differences: tuple[Difference, ...] = ()
    taken: tuple[str, ...] = ()  # the conflicts that somebody has decided
    beside: str = ""

    @property
    def conflicts(self) -> int:
        """How many choices it leaves to somebody."""
        return len(self.lines) or self.outcome in ("conflict", "beside", "kept", "restored")


class _Had(Struct, kw_only=True):
    """What has come back of one hand-out: every version that was handed in, and the last texts."""

    seen: list[str] = []
    texts: dict[str, str] = {}


class Merging:
    """One project and what came back of it, on the way to one."""

    def __init__(self, folder: Path, base: Base, back: Mapping[str, bytes], taken: Taken) -> None:
        self.ours = files_of(folder)
        self.contents: dict[str, bytes] = {}
        self.problems: list[Problem] = []
        self.is_new = False
        self._last: dict[str, str] = {}
        self._twice: dict[str, bool] = {}  # postings that are here too, by their files: whether all of them are
        self._base = base
        self._theirs = {name: content for name, content in back.items() if name != HANDED_OUT}
        self._taken = taken
        self._out = digest(back[HANDED_OUT])
        self._record = _record(folder)
        self._had = self._record.setdefault(self._out, _Had())

    def record(self) -> dict[str, bytes]:
        """What has been handed in, for the next time."""
        return {HANDED_IN: msgspec.json.format(msgspec.json.encode(self._record), indent=1) + b"\n"}

    def files(self) -> list[FileReturn]:
        """What becomes of every file that came back, and of those that did not."""
        names = sorted({*self._base.versions, *self._theirs})
        ours = [name for name in names if not name.startswith(f"{KEPT}/")]
        self._twice = dict(self._imported_twice())
        found = [*self._kept([name for name in names if name not in ours]), *map(self._file, ours)]
        return [each for each in found if each]

    def _file(self, name: str) -> FileReturn | None:
        was = self._base.versions.get(name)
        new = version_of(name, self._theirs[name]) if name in self._theirs else None
        mine = version_of(name, self.ours[name]) if name in self.ours else None
        if new == was or self._is_seen(name, new):
            return None
        base = self._since(name, was, new)
        self._last |= {name: last} if (last := self._had.texts.get(name)) is not None else {}
        if new is not None and text_of(name, self._theirs[name]) is not None:
            self._had.texts[name] = new
        return None if new in (mine, base) else self._changed(name, base, mine, new)

    def _is_seen(self, name: str, version: str | None) -> bool:
        """Whether this version has been handed in before; it is noted that it now has."""
        seen = digest(f"{name}\n{version}".encode()) if version is not None else f"{name}: -"
        if seen in self._had.seen:
            return True
        self._had.seen.append(seen)
        self.is_new = True
        return False

    def _since(self, name: str, was: str | None, new: str | None) -> str | None:
        """What a version is held against: as the file was handed out, with what has been handed in since and stands.

        That something is again as it was handed out, which an earlier version had changed, is told: nobody can see
        whether it was changed back, or never changed there.
        """
        last = self._had.texts.get(name)
        if was is None or new is None or last is None or name not in self._base.texts:
            return was
        versions = [text.splitlines() for text in (was, last, new)]
        since = "".join(f"{line}\n" for line in common(*versions))
        if what := _back(name, was, last, new):
            self.problems.append(problem("returned-as-before", Span(name, 0, 0), what=what))
        if name == LOG:  # it is merged by its events, and so are those that both versions have
            return was
        return since if not name.endswith(".yaml") or load(since, "", []) is not None else was

    def _changed(self, name: str, was: str | None, mine: str | None, new: str | None) -> FileReturn | None:
        """What becomes of a file that came back otherwise than it was handed out, and than it is here."""
        side = self._taken.get(name)
        if new is None:
            return FileReturn(file=name, outcome="stays" if mine in (was, None) else "kept")
        content = self._theirs[name]
        if self._twice.get(name):
            return FileReturn(file=name, outcome="chosen")
        if mine is None and name not in self._twice and not self._is_sealed(name):
            self.contents[name] = content
            return FileReturn(file=name, outcome="added" if was is None else "restored")
        if name == LOG and mine is not None and was is not None and (log := self._log(was, mine, new)):
            return log
        if mine == was and not _only_grows(name):
            self.contents[name] = content
            return FileReturn(file=name, outcome="updated", differences=self._told(name, was, new))
        if was is not None and mine is not None and self._are_texts(name):
            return self._merged(name, was, mine, new)
        if side and not _only_grows(name):
            self.contents |= {name: content} if side == "theirs" else {}
            return FileReturn(file=name, outcome="updated" if side == "theirs" else "chosen", taken=(name,))
        beside = _beside(name, {*self.ours, *self.contents})
        self.contents[beside] = content
        return FileReturn(file=name, outcome="beside", beside=beside)

    def _imported_twice(self) -> Iterator[tuple[str, bool]]:
        """Their new postings that an import of our own has brought too, since neither could know of the other's."""
        new = {name: {*_rows(content)} for name, content in self.ours.items() if self._is_own(name, self._theirs)}
        for name, content in self._theirs.items():
            rows = _rows(content) if self._is_own(name, self.ours) else []
            others = [other for other, its in new.items() if its.intersection(rows)]
            if not others:
                continue
            count = sum(any(row in new[other] for other in others) for row in rows)
            if digest(f"{name}\n{digest(content)}".encode()) not in self._had.seen:
                words = {"file": name, "others": ", ".join(others), "count": count, "of": len(rows)}
                self.problems.append(problem("returned-postings-twice", Span(name, 0, 0), **words))
            yield name, count == len(rows)

    def _is_own(self, name: str, others: Mapping[str, bytes]) -> bool:
        """Whether it is a file of postings that came since the hand-out, and that the other side has not."""
        return name.startswith(f"{POSTINGS}/") and name.endswith(".csv") and name not in {**self._base.files, **others}

    def _told(self, name: str, was: str | None, new: str) -> tuple[Difference, ...]:
        """The values that only they have changed in a file."""
        if was is None or not self._are_texts(name):
            return ()
        return merged_text(was, was, new, name, {}, RETURNED).differences

    def _are_texts(self, name: str) -> bool:
        return name in self._base.texts and all(
            text_of(name, files[name]) is not None for files in (self.ours, self._theirs)
        )

    def _is_sealed(self, name: str) -> bool:
        """Whether it would come into a document's folder that was issued here under the same name."""
        first, folder, *_rest = (*PurePosixPath(name).parts, "")
        issued = f"{first}/{folder}/"
        known = any(each.startswith(issued) for each in self._base.versions)
        return first == ISSUED and not known and any(each.startswith(issued) for each in self.ours)

    def _merged(self, name: str, was: str, mine: str, new: str) -> FileReturn | None:
        found = merged_text(was, mine, new, name, self._taken, RETURNED)
        if name not in self._taken:
            found = _with_notes(found, was, mine, new, name)
        text = "".join(f"{line}\n" for line in found.lines)
        self._put(name, mine, text)
        outcome: Outcome = "conflict" if found.marks else "updated" if text != mine else "chosen"
        if text == mine and not found.taken:
            return None
        return FileReturn(
            file=name, outcome=outcome, lines=found.marks, differences=found.differences, taken=found.taken
        )

    def _put(self, name: str, mine: str, text: str) -> None:
        """A text in the place of ours, with the line ends that ours has."""
        if text != mine:
            self.contents[name] = (text.replace("\n", "\r\n") if b"\r\n" in self.ours[name] else text).encode()

    def _log(self, was: str, mine: str, new: str) -> FileReturn | None:
        """The log, by its events; None where it is written otherwise, or would not read as it is meant."""
        logs = [read_log(text) for text in (was, mine, new)]
        if any(log is None for log in logs):
            return None
        before, ours, theirs = (log for log in logs if log)
        names = names_in(mine, LOG)
        last = read_log(self._last.get(LOG, was))
        since = with_common(before.entries, last.entries, theirs.entries) if last else before.entries
        twice = [
            at for at, each in enumerate(theirs.entries) if each.kind == Imported.kind and each.file in self._twice
        ]
        found = log_merged(since, ours.entries, theirs.entries, names, (ours.corrects, theirs.corrects), twice)
        known = frozenset(line.strip() for line in mine.splitlines())
        head = theirs.head if ours.head == before.head else ours.head
        tail = theirs.tail if ours.tail == before.tail else ours.tail
        entries, told, taken = list(found.entries), list[Difference](), list[str]()
        for at in (*found.added, *(edit.at for edit in found.brought)):
            entries[at] = indented(
                entries[at], ours.indent - theirs.indent, known if at in found.added else frozenset()
            )
        wanted = [(each.id, each.says) for each in entries]
        for edit in found.edited:
            both = self._edited(edit.was, entries[edit.at], edit.theirs)
            entries[edit.at] = structs.replace(entries[edit.at], lines=both.lines)
            told += both.differences
            taken += both.taken
        text = written(head, entries, tail)
        for _turn in entries:  # what a correction says is part of its own name, where it has no id
            again = settled(text, entries, found.corrects)
            if again is None:
                break
            entries, text = again, written(head, again, tail)
        read = read_log("\n".join(text))
        open = {edit.at for edit in found.edited}
        said = [(each.id, each.says) for each in read.entries] if read else []
        if len(said) != len(wanted) or any(said[at] != each for at, each in enumerate(wanted) if at not in open):
            return None
        merged = _with_notes(Merged(text), was, mine, new, LOG)
        after = "".join(f"{line}\n" for line in merged.lines)
        self._put(LOG, mine, after)
        for name, now in found.called:
            place = _at(entries, found.added, now, merged.lines)
            self.problems.append(problem("returned-name-taken", place, name=name, now=now))
        told += [Difference(_path(entries[at]), None, None, _line(entries[at]), "brought") for at in found.added]
        told += [
            Difference(_path(edit.was), None, _line(edit.was), _line(entries[edit.at]), "brought")
            for edit in found.brought
        ]
        told += [Difference(_path(entries[at]), None, _line(entries[at]), None, "held") for at in found.gone]
        outcome: Outcome = "conflict" if merged.marks else "updated" if after != mine else "stays"
        return FileReturn(file=LOG, outcome=outcome, lines=merged.marks, differences=tuple(told), taken=tuple(taken))

    def _edited(self, was: Entry, ours: Entry, theirs: Entry) -> Merged:
        """An old event that both have changed, as any item of a file is merged."""
        before, mine, new = ("\n".join(each.lines) + "\n" for each in (was, ours, theirs))
        return merged_text(before, mine, new, LOG, self._taken, RETURNED)

    def _kept(self, names: Iterable[str]) -> list[FileReturn | None]:
        """What the project was made from is one thing: theirs where they alone have changed it, else ours."""
        names = list(names)
        was = {name: self._base.versions.get(name) for name in names}
        ours = {name: version_of(name, self.ours[name]) if name in self.ours else None for name in names}
        new = {name: version_of(name, self._theirs[name]) if name in self._theirs else None for name in names}
        changed = [name for name in names if new[name] not in (was[name], ours[name], None)]
        unseen = [name for name in changed if not self._is_seen(name, new[name])]
        if not unseen:
            return []
        if ours == was:
            self.contents |= {name: self._theirs[name] for name in changed}
            return [FileReturn(file=name, outcome="updated") for name in changed]
        return [FileReturn(file=name, outcome="chosen") for name in changed]


def _rows(content: bytes) -> list[bytes]:
    """The lines of a file of postings, without its headings."""
    return [row for row in content.splitlines()[1:] if row.strip()]


def _path(entry: Entry) -> tuple[str]:
    return (entry.id or f"{entry.happened}-{entry.kind}",)


def _line(entry: Entry) -> str:
    return " ".join(line.strip() for line in entry.lines)


def _at(entries: list[Entry], added: Iterable[int], id: str, lines: tuple[str, ...]) -> Span:
    """Where an event that came back stands."""
    entry = next(entries[at] for at in added if entries[at].id == id)
    number = next((at for at, line in enumerate(lines, start=1) if line == entry.lines[0]), 1)
    return Span(LOG, number, 1, len(entry.lines[0]), entry.lines[0])


def _record(folder: Path) -> dict[str, _Had]:
    """What has been handed in; one that is damaged is begun anew, and then conflicts are told once more."""
    try:
        return msgspec.json.decode((folder / HANDED_IN).read_bytes(), type=dict[str, _Had])
    except (OSError, msgspec.DecodeError):
        return {}


def _only_grows(name: str) -> bool:
    return name.startswith((f"{POSTINGS}/", f"{ISSUED}/"))


def _beside(name: str, taken: Iterable[str]) -> str:
    """Where what cannot be merged is laid: nothing reads a file that ends so."""
    beside, there, number = f"{name}.{CONFLICT}", {*taken}, 2
    while beside in there:
        beside, number = f"{name}.{CONFLICT}-{number}", number + 1
    return beside


def _back(name: str, was: str, last: str, new: str) -> str | Phrase:
    """What the last version had changed and is as it was before it: values by their paths; "" where nothing is."""
    nodes = [load(text, "", []) for text in (was, new, last)] if name.endswith(".yaml") else [None]
    if all(node is not None for node in nodes):
        _value, differences = item_merged(*(plain(node) for node in nodes if node is not None))
        return ", ".join(".".join(each.path) for each in differences if each.outcome == "brought")
    parts = merge(was.splitlines(), new.splitlines(), last.splitlines())
    kept = [line for part in parts for line in (part.lines if isinstance(part, Both) else part.ours)]
    return phrase(N_("Some of it")) if kept != new.splitlines() else ""


_NOTE = re.compile(r"(?:^|\s)#\s*(.*\S)", re.MULTILINE)


def _with_notes(found: Merged, was: str, mine: str, new: str, file: str) -> Merged:
    """The merged text with what either side has noted beside values that the other has changed: no comment is lost."""
    if not file.endswith(".yaml"):
        return found
    text, before = "\n".join(found.lines), {*_NOTE.findall(was)}
    noted = dict.fromkeys((*_NOTE.findall(mine), *_NOTE.findall(new)))
    lost = tuple(note for note in noted if note not in before and note not in text)
    return structs.replace(found, lines=(*found.lines, *conflict(_NOTES.comment, lost))) if lost else found

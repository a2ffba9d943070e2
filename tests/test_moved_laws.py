"""Laws of an update in which both sides rename, move and edit files, some of them alike on purpose.

Nothing that the user wrote is ever lost, no file comes to stand twice, whatever becomes of a file's name is told, and
an update that is broken off goes on to the same end.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.test_updating import seed, thisted
from toolkit import updating
from toolkit.core.seed import Seed
from toolkit.scaffold import Scaffold, origin
from toolkit.updating import Update, look, write

__all__ = ["seed"]  # the fixture

FOLDERS = ("noter", "noter/gamle")
HEAD = ("# Det står i dem alle", "# og dette også")

Tree = dict[str, str]


class Fixed(Scaffold):
    """A template that makes the texts that it is given."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def generated(self, seed: Seed) -> dict[str, str]:
        return dict(self._texts)


class World:
    """What a template makes, makes now, and what a user has made of the first. `alike` is how alike its files are."""

    def __init__(self, chance: Random, made: Tree) -> None:
        self.chance = chance
        self.count = 0
        self.fixed = made
        alike = chance.choice((0, 2, 12))
        self.common = [f"title-{number}: fælles" for number in range(alike)]
        self.made_of: dict[str, str] = {}  # what each file goes back to, by its name: no name is given twice
        self.is_plain = chance.random() < 0.5  # several files, and each with lines enough of its own
        self.was = {self.name(): self.file() for _file in range(chance.randrange(1 + self.is_plain, 5))}
        self.now = self.edited(self.was, "skabelon")
        self.ours = self.edited(self.was, "bruger")
        for name in chance.sample(sorted(self.ours), min(len(self.ours), chance.choice((0, 0, 1, 2)))):
            copy = self.name().rpartition(".")[0] + name[name.rindex(".") :]
            self.ours[copy] = self.lines(self.ours[name], "bruger")  # somebody goes on with it
            self.made_of[copy] = self.made_of.get(name, name)

    def token(self, by: str) -> str:
        self.count += 1
        return f"k{self.count}: {by}-{self.count}-{self.chance.randrange(10**6)}"

    def name(self) -> str:
        self.count += 1
        return f"{self.chance.choice(FOLDERS)}/n{self.count}{self.chance.choice(('.yaml', '.md'))}"

    def file(self) -> str:
        own = [self.token("fil") for _line in range(self.chance.randrange(1 + 3 * self.is_plain, 9))]
        return "".join(f"{line}\n" for line in (*HEAD, *self.common, *own))

    def edited(self, tree: Tree, by: str) -> Tree:
        """The files after somebody has renamed some, deleted some, written in some and made some."""
        found: Tree = {}
        for name, text in tree.items():
            if self.chance.random() < 0.2:
                continue
            to = self.name().rpartition(".")[0] + name[name.rindex(".") :] if self.chance.random() < 0.4 else name
            self.made_of[to] = self.made_of.get(name, name)
            found[to] = self.lines(text, by) if self.chance.random() < 0.6 else text
        for _new in range(self.chance.choice((0, 1))):
            found[self.name()] = self.file()
        return found

    def lines(self, text: str, by: str) -> str:
        """A text with some lines taken out, and others put in."""
        lines = [line for line in text.splitlines() if self.chance.random() < 0.9]
        for _new in range(self.chance.randrange(0, 4)):
            lines.insert(self.chance.randrange(len(lines) + 1), self.token(by))
        return "".join(f"{line}\n" for line in lines)


def written(folder: Path, world: World, scaffold: Scaffold) -> None:
    """Make a project's folder what the world says that it is."""
    was = origin(folder, [])
    assert was is not None
    for name, content in scaffold.kept(was.seed, world.fixed | world.was, was.seed_file).items():
        (folder / name).write_bytes(content)
    for name, text in world.ours.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def files(folder: Path) -> Tree:
    found = (
        path for path in folder.rglob("*") if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    )
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def tokens(tree: Tree, by: str) -> Counter[str]:
    """What somebody wrote, by how many files have it."""
    return Counter(
        line.removeprefix("# ").strip()
        for text in tree.values()
        for line in {each.strip().removeprefix("# ") for each in text.splitlines()}
        if f": {by}-" in line
    )


def broken(before: Tree, after: Tree, update: Update, world: World) -> Iterator[str]:
    """What is wrong with an update."""
    if lost := tokens(before, "bruger") - tokens(after, "bruger"):
        yield f"lost: {lost}"
    told = {name for each in update.files for name in each.names}
    if silent := (before.keys() ^ after.keys()) - told:
        yield f"not told: {silent}"
    if silent := {name for name in before.keys() & after.keys() if before[name] != after[name]} - told:
        yield f"changed and not told: {silent}"
    added = {each.file for each in update.files if each.outcome == "added"}
    others = {name: text for name, text in after.items() if name not in added}
    if len(others) != len(before):
        yield "a file more, or less"
    had, has = tokens(before, "fil"), tokens(others, "fil")  # what a file was made with stands in no more than before
    if twice := {line for line in tokens(world.was, "fil") if has[line] > had[line] > 0}:
        yield f"twice: {twice}"
    for each in update.files:
        at, known = each.renamed_from or each.file, each.known_as or each.file
        if world.is_plain and at in world.ours and world.made_of.get(at, at) != world.made_of.get(known, known):
            yield f"taken for another: {at} for {known}"
    there = {world.made_of.get(name, name) for name in world.ours}
    for each in update.files:
        if world.is_plain and each.outcome in ("added", "deleted") and world.made_of.get(each.file, each.file) in there:
            yield f"{each.outcome}, though it is there: {each.file}"
    for name in added & {*world.was}:
        yield f"made again: {name}"


@pytest.mark.parametrize("number", range(36))
def test_nothing_is_lost_and_nothing_comes_twice_whatever_both_rename(seed: Path, number: int):
    folder, chance = thisted(seed), Random(number)
    made = origin(folder, [])
    assert made is not None
    world = World(chance, dict(made.pristine))
    scaffold = Fixed(world.fixed | world.now)
    written(folder, world, scaffold)
    before = files(folder)
    update = look(folder, scaffold, None)
    assert not update.stopped
    copy = folder.with_name("afbrudt")
    shutil.copytree(folder, copy)
    write(update)
    after = files(folder)

    assert list(broken(before, after, update, world)) == []
    again = look(folder, scaffold, None)
    asked = {name for each in update.files if each.outcome == "unsure" for name in each.names}
    assert all(asked & {*each.names} for each in again.files) or not world.is_plain

    if not any(each.lines for each in update.files):  # what is marked once is marked again
        assert gone_on(copy, scaffold, chance) == after


def gone_on(folder: Path, scaffold: Scaffold, chance: Random) -> Tree:
    """What becomes of a project whose update is broken off somewhere, and made again."""
    update = look(folder, scaffold, None)
    left = iter(range(chance.randrange(len(update.renames) + len(update.contents) + 1)))

    def until_broken_off(do: object) -> object:
        def done(*arguments: object) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            assert callable(do)
            do(*arguments)

        return done

    with pytest.MonkeyPatch.context() as patch:
        for name in ("rename", "write_whole"):
            patch.setattr(updating, name, until_broken_off(getattr(updating, name)))
        with suppress(KeyboardInterrupt):
            write(update)
    write(look(folder, scaffold, None))
    return files(folder)

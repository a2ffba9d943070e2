"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from toolkit.core.problems import N_, FileName, Phrase, Problem, Span, declare, problem

# What a disk may refuse, in words of our own: the system's are in its language, or in English.
_REFUSALS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("you may not read or write here, or the file is open in another program"),
    errno.EPERM: N_("you may not read or write here, or the file is open in another program"),
    errno.EROFS: N_("nothing can be written here"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EEXIST: N_("there already is something of this name"),
    errno.ENOTEMPTY: N_("there already is something of this name"),
    errno.ENOTDIR: N_("a file stands where a folder should"),
    errno.EISDIR: N_("a folder stands where a file should"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}
_TRIES = 6  # Word, a virus scanner or a sync client may hold the old file for a moment

declare(
    "file-held",
    "error",
    N_("{file} could not be replaced: another program holds it, or it is write-protected."),
    N_("close it in Word and run the same command again"),
)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever sees half of it: the old file stands until the new one is ready.

    Raises PermissionError, with the path, when somebody keeps the old file open.
    """
    with unfinished(path.parent) as file:
        file.write(data)
        file.finish(path)


def rename(path: Path, to: Path) -> None:
    """Give a file another name, perhaps in another folder, at once: it is never there twice, and never away.

    Raises FileExistsError where there is one of that name, PermissionError when somebody keeps the file open.
    """
    if to.exists() and not to.samefile(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(to))
    to.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, to)


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a new folder with its files, complete from the moment it has its name.

    Raises OSError when there already is such a folder with something in it.
    """
    with new_folder(folder) as made:
        files = {made / name: content for name, content in contents.items()}
        for parent in {made: None, **{file.parent: None for file in files}}:
            parent.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            file.write_bytes(content)


declare(
    "disk-refused",
    "error",
    N_("This cannot be read or written: {reason}."),
    N_("put that right, and run the same command again"),
)


def refused_by_disk(error: OSError) -> Problem | None:
    """That the disk would not do it, and why; None where the error is about no file and nothing a disk would say."""
    if error.errno not in _REFUSALS and not error.filename:
        return None
    reason = Phrase(_REFUSALS[error.errno]) if error.errno in _REFUSALS else error.strerror
    return problem("disk-refused", Span(FileName(str(error.filename or ""), "here"), 0, 0), reason=reason)


def held(path: Path) -> Problem:
    """That a file could not be replaced, for whoever meets the PermissionError."""
    return problem("file-held", Span(FileName(str(path), "here"), 0, 0), file=path.name)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to make and to fill under another name: it gets its own when it is complete, or is never seen.

    Raises OSError when there already is such a folder with something in it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder.parent) as place:
        made = Path(place) / folder.name
        yield made
        made.rename(folder)


@contextmanager
def unfinished(folder: Path) -> Iterator[Unfinished]:
    """A new file in a folder, to be written bit by bit: it gets its name when it is finished, or is never seen."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".unfinished-", suffix=".tmp", dir=folder)
    file = Unfinished(handle, Path(temporary))
    try:
        yield file
    finally:
        file.discard()


class Unfinished:
    """A file that has no name yet."""

    def __init__(self, handle: int, temporary: Path) -> None:
        self._file = os.fdopen(handle, "wb")
        self._temporary = temporary

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self, path: Path) -> None:
        """Give the file its name, in the place of the one that has it now."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.chmod(_mode_of(path))  # mkstemp's own 0600 would shut out those who share the folder
        _replace(self._temporary, path)

    def discard(self) -> None:
        """Leave nothing of it, unless it was finished."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def _replace(temporary: Path, path: Path) -> None:
    for attempt in range(_TRIES):
        try:
            temporary.replace(path)
        except PermissionError:
            if attempt == _TRIES - 1:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None
            time.sleep(0.05 * 2**attempt)
        else:
            return


def _mode_of(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask

"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

_TRIES = 6  # Word, a virus scanner or a sync client may hold the old file for a moment


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever sees half of it: the old file stands until the new one is ready.

    Raises PermissionError, with the path, when somebody keeps the old file open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode_of(path))  # mkstemp's own 0600 would shut out those who share the folder
        _replace(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _replace(temporary: Path, path: Path) -> None:
    for attempt in range(_TRIES):
        try:
            temporary.replace(path)
        except PermissionError:
            if attempt == _TRIES - 1:
                raise PermissionError(None, None, str(path)) from None
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
